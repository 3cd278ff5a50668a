//! `hotline login` and what stands around it as a person at a shell meets them: a kept login, profiles, closed pipes.
use crate::support::served::{hotline, serve_city, sqlite, token};
use crate::support::terminal::{PROGRAM, environment};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// `hotline` with the password of the sample city on standard input: exit code, standard output, standard error.
pub fn with_password(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env_clear().envs(environment(home)).current_dir(home);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"demo\n").unwrap();
    let told = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (told.status.code().unwrap(), text(told.stdout), text(told.stderr))
}

/// The files of kept logins.
fn kept(home: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(home.join("state/hotline/logins")).into_iter().flatten();
    files.map(|entry| entry.unwrap().path()).collect()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn give(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_kept_for_its_owner_and_its_server_until_the_logout() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let list = ["ticket", "list", "--server", &url];
    let (code, out, errors) = hotline(home, &list, &[]);
    assert_eq!((code, out.as_str()), (4, ""), "{errors}");
    assert!(errors.contains("重新登录") && errors.contains(&format!("hotline login NAME --server {url}")), "{errors}");
    // Printed: nothing is kept.
    let (code, printed, errors) = with_password(home, &["login", "sup01", "--print", "--server", &url]);
    assert_eq!((code, errors.as_str(), kept(home).len()), (0, "", 0));
    let printed = printed.trim();
    assert_eq!(hotline(home, &list, &[("HOTLINE_TOKEN", printed)]).0, 0);
    // Kept: never shown, for its owner alone, for this server alone.
    let (code, out, errors) = with_password(home, &["login", "sup01", "--server", &url]);
    assert_eq!((code, errors.as_str()), (0, ""), "{out}");
    let [file] = kept(home).try_into().unwrap();
    let token = std::fs::read_to_string(&file).unwrap().lines().next().unwrap().to_owned();
    assert!(out.contains("sup01") && !out.contains(&token) && token != printed, "{out}");
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    assert_eq!(hotline(home, &list, &[]).0, 0);
    assert_eq!(hotline(home, &["ticket", "list", "--server", &url.replace("127.0.0.1", "localhost")], &[]).0, 4);
    assert_eq!(hotline(home, &list, &[("HOTLINE_TOKEN", "other")]).0, 4, "a given one comes first");
    // The logout ends it at the server too.
    let (code, _, errors) = hotline(home, &["logout", "--server", &url], &[]);
    assert_eq!((code, kept(home).len()), (0, 0), "{errors}");
    assert_eq!(hotline(home, &list, &[("HOTLINE_TOKEN", &token)]).0, 4);
    assert_eq!(hotline(home, &list, &[("HOTLINE_TOKEN", printed)]).0, 0, "another login goes on");
    assert_eq!(hotline(home, &["logout", "--server", &url], &[]).0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_others_may_open_is_not_used() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let (login, list) = (["login", "sup01", "--server", &url], ["ticket", "list", "--server", &url]);
    assert_eq!(with_password(home, &login).0, 0);
    let [file] = kept(home).try_into().unwrap();
    let below = file.parent().unwrap();
    for (path, wide, narrow) in [(file.as_path(), 0o640, 0o600), (below, 0o755, 0o700)] {
        give(path, wide);
        let (code, out, errors) = hotline(home, &list, &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{errors}");
        assert!(errors.contains(&path.display().to_string()) && errors.contains(&format!("chmod {narrow:o}")), "{errors}");
        let (code, _, errors) = with_password(home, &login);
        assert_eq!((code, mode(path)), (0, narrow), "{errors}");
        assert_eq!(errors.contains("仅本人可进入"), path == below, "{errors}");
        assert_eq!(hotline(home, &list, &[]).0, 0);
    }
    assert_eq!(kept(home).len(), 1, "no half of one is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_names_a_server_and_a_wrong_one_is_told_with_all_else() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let token = token(&url, None, "sup01").await;
    let file = home.join("hotline.toml");
    std::fs::write(&file, format!("server = 'http://127.0.0.1:9'\n[profiles.centre]\nserver = '{url}'\n")).unwrap();
    let name = file.display().to_string();
    let (list, own) = (["ticket", "list", "--config", &name], [("HOTLINE_TOKEN", token.as_str())]);
    assert_eq!(hotline(home, &list, &own).0, 3, "the server of the file");
    assert_eq!(hotline(home, &list, &[own[0], ("HOTLINE_PROFILE", "centre")]).0, 0);
    let (code, _, errors) = hotline(home, &[&list[..], &["--profile", "centre"]].concat(), &[own[0], ("HOTLINE_PROFILE", "nowhere")]);
    assert_eq!(code, 0, "a flag comes before the environment: {errors}");
    std::fs::write(&file, "listen = 'x'\n[profiles.centre]\nserver = 'ftp://x'\n[profiles.east]\nserver = 'http://h'\nport = 1\n").unwrap();
    let (code, _, errors) = hotline(home, &[&list[..], &["--profile", "esat"]].concat(), &own);
    assert_eq!((code, errors.lines().count()), (2, 5), "{errors}");
    for place in [":1: ", ":3: ", ":6: "] {
        assert!(errors.contains(&format!("{name}{place}")), "{errors}");
    }
    assert!(errors.contains("[profiles.esat]") && errors.contains("east"), "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_gone_ends_a_list_quietly_and_a_pipe_sees_no_colour() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let token = token(&url, None, "admin01").await;
    let started = |arguments: &[&str], stdout: Stdio| {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).env_clear().envs(environment(home)).current_dir(home).env("CLICOLOR_FORCE", "1");
        command.env("HOTLINE_TOKEN", &token).env("HOTLINE_SERVER", &url).stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap()
    };
    let lists = ["table list unit", "table list unit --json", "table list class", "table list reason", "audit list", "audit list --json", "man", "man ticket list", "completions zsh", "--help"];
    for line in lists {
        let arguments: Vec<&str> = line.split(' ').collect();
        let whole = started(&arguments, Stdio::piped()).wait_with_output().unwrap();
        assert!(whole.status.success() && !whole.stdout.is_empty() && !whole.stdout.contains(&0x1b), "{line}: {}", String::from_utf8_lossy(&whole.stderr));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let gone = started(&arguments, writer.into()).wait_with_output().unwrap();
        assert_eq!((gone.status.code(), String::from_utf8_lossy(&gone.stderr).as_ref()), (Some(0), ""), "{line}");
    }
    // One that is longer than a pipe holds, left after its first line.
    let mut long = started(&["completions", "bash"], Stdio::piped());
    let mut first = String::new();
    BufReader::with_capacity(16, long.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ended = long.wait_with_output().unwrap();
    assert_eq!((first.as_str(), ended.status.code(), ended.stderr.len()), ("_hotline() {\n", Some(0), 0));
}
