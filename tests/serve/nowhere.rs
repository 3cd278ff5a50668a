//! A path where there is no store: only what begins one makes one; whatever reads says in words that there is none, and
//! leaves nothing behind.
use crate::support::served::{Launch, hotline};
use std::path::Path;
use tempfile::TempDir;

fn made(home: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "serve.log");
    names.sort();
    names
}

#[test]
fn a_mistyped_folder_is_told_and_not_filled() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let units = "units.toml";
    std::fs::write(home.join(units), "[[unit]]\ncode = \"city\"\nname = \"示例市\"\nlevel = \"city\"\n").unwrap();
    for verb in [
        &["ticket", "list"][..],
        &["ticket", "show", "1122-0001"],
        &["ticket", "create", "--title", "x", "--kind", "complaint"],
        &["call", "list"],
        &["kb", "search", "wgfh"],
        &["table", "list"],
        &["table", "put", units, "--dry-run"],
        &["user", "disable", "li01"],
        &["admin", "rebuild", "--check"],
    ] {
        for (language, wanted) in [("zh-CN", "没有库"), ("en", "no store")] {
            let mut line = verb.to_vec();
            line.extend(["--data-dir", "typo", "--lang", language]);
            let (code, out, errors) = hotline(home, &line, &[]);
            assert_eq!((code, out.as_str()), (2, ""), "{line:?}: {errors}");
            assert!(errors.contains("typo") && errors.contains(wanted), "{line:?}: {errors}");
            assert_eq!(made(home), [units], "{line:?}");
        }
    }
    // Nor in this user's own folder, and without naming one.
    let (code, _, errors) = hotline(home, &["ticket", "list"], &[]);
    assert!(code == 2 && errors.contains("没有库"), "{errors}");
    assert_eq!(made(home), [units]);
}

#[test]
fn a_check_of_a_database_that_is_not_there_says_so_and_makes_none() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    std::fs::write(home.join("empty.db"), "").unwrap();
    for name in ["nothere.db", "no/folder/x.db", "empty.db"] {
        let (code, out, errors) = hotline(home, &["admin", "rebuild", "--check", "--database", &format!("sqlite:{name}")], &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {errors}");
        assert!(errors.contains(name) && errors.contains("没有库") && errors.contains("no store"), "{errors}");
    }
    assert_eq!(made(home), ["empty.db"]);
    assert_eq!(std::fs::metadata(home.join("empty.db")).unwrap().len(), 0);
}

#[test]
fn what_begins_a_store_makes_its_folders() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    // As on a clean machine: nothing is named, and nothing is there.
    let bare = Launch { arguments: &["serve", "--listen", "127.0.0.1:0"], ..Launch::default() }.below(home);
    bare.url();
    assert!(home.join("data/hotline/hotline.db").is_file() && home.join("data/hotline/vault.key").is_file(), "{:?}", made(home));
    let deep = Launch { arguments: &["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:no/dir/x.db"], ..Launch::default() }.below(home);
    deep.url();
    deep.signal("TERM");
    assert_eq!(deep.ended(), 0);
    // The check finds the key beside the database, as the server did.
    let (code, out, errors) = hotline(home, &["admin", "rebuild", "--check", "--database", "sqlite:no/dir/x.db"], &[]);
    assert_eq!(code, 0, "{out}{errors}");
    let (code, _, errors) = hotline(home, &["user", "add", "li01", "--name", "李示例", "--role", "operator", "--data-dir", "new"], &[]);
    assert_eq!(code, 0, "{errors}");
    // Where no folder can be, it is the folder that is named.
    std::fs::write(home.join("file"), "").unwrap();
    let (code, _, errors) = hotline(home, &["serve", "--listen", "127.0.0.1:0", "--database", "sqlite:file/dir/x.db"], &[]);
    assert!(code == 6 && errors.contains("file/dir 建不了") && errors.contains("cannot be made"), "{code}: {errors}");
}

#[test]
fn what_was_typed_wrongly_exits_two_before_a_server_is_started() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    for (line, wanted) in [(&["demo", "--as", "boss"][..], "handler_clerk"), (&["demo"], "不是终端"), (&[], "不是终端"), (&["--data-dir", "x"], "不是终端")] {
        let (code, out, errors) = hotline(home, line, &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{line:?}: {errors}");
        assert!(errors.contains(wanted), "{line:?}: {errors}");
        assert_eq!(made(home), Vec::<String>::new(), "{line:?}");
    }
}

#[test]
fn listening_to_the_network_in_the_clear_is_warned_of() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    for (language, wanted) in [("zh-CN", "不加密监听"), ("en", "without TLS")] {
        for (listen, warned) in [("0.0.0.0:0", 1), ("127.0.0.1:0", 0)] {
            let database = format!("sqlite:{language}-{warned}.db");
            let below = home.join(format!("{language}-{warned}"));
            std::fs::create_dir(&below).unwrap();
            let served = Launch { arguments: &["serve", "--listen", listen, "--database", &database, "--lang", language], ..Launch::default() }.below(&below);
            let url = served.url();
            assert_eq!(served.log().matches(wanted).count(), warned, "{}", served.log());
            if warned == 0 {
                // And a client that expects TLS there is told what is wrong.
                let (code, _, errors) = hotline(&below, &["ticket", "list", "--server", &url.replace("http:", "https:"), "--token", "x", "--lang", language], &[]);
                assert!(code == 3 && errors.contains("http://") && !errors.contains("InvalidContentType"), "{code}: {errors}");
            }
        }
    }
}
