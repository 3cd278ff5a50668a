//! P20 through the real program: whatever is damaged of what it keeps on this machine, it opens, says which file it moved
//! aside, and loses nothing that is whole. The readers alone meet a hundred thousand damages in their own tests.
use super::login::with_password;
use crate::support::dice::Dice;
use crate::support::served::{hotline, serve_city, sqlite};
use crate::support::terminal::{Start, Terminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What opening may take longer over a damaged file than over a whole one.
const LONGER: Duration = Duration::from_secs(1);

/// Cut somewhere, flipped somewhere, or no text at all.
fn spoilt(whole: &[u8], dice: &Dice) -> Vec<u8> {
    let at = dice.below(whole.len() as u64) as usize;
    let mut bytes = whole.to_vec();
    match dice.below(4) {
        0 => bytes.truncate(at),
        1 => bytes[at..].fill(0),
        2 => bytes[at] = 0xff,
        _ => bytes[at] ^= 1 << dice.below(5),
    }
    bytes
}

/// The files below a folder whose names begin or end like this.
fn below(folder: &Path, like: impl Fn(&str) -> bool + Copy) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { below(&path, like) } else { vec![path].into_iter().filter(|path| like(&path.file_name().unwrap().to_string_lossy())).collect() }).collect()
}

fn aside(folder: &Path) -> Vec<PathBuf> {
    below(folder, |name| name.starts_with("damaged-"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_login_is_moved_aside_and_named_and_asked_for_again() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let dice = Dice::of_the_run("a damaged login");
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let (login, list) = (["login", "sup01", "--server", &url], ["ticket", "list", "--server", &url]);
    let logins = home.join("state/hotline/logins");
    for _ in 0..12 {
        assert_eq!(with_password(home, &login).0, 0);
        assert_eq!(hotline(home, &list, &[]).0, 0);
        let [file] = below(&logins, |name| !name.starts_with("damaged-")).try_into().unwrap();
        let wrong = spoilt(&std::fs::read(&file).unwrap(), &dice);
        std::fs::write(&file, &wrong).unwrap();
        let (code, out, errors) = hotline(home, &list, &[]);
        assert_eq!((code, out.as_str()), (4, ""), "{errors}");
        let [moved] = aside(&logins).try_into().unwrap();
        assert!(errors.contains(&moved.display().to_string()) && errors.contains("已损坏") && errors.contains("hotline login"), "{errors}");
        assert_eq!((std::fs::read(&moved).unwrap(), file.exists()), (wrong, false));
        let (code, _, errors) = hotline(home, &list, &[]);
        assert!(code == 4 && !errors.contains("已损坏"), "told once: {errors}");
        std::fs::remove_file(moved).unwrap();
    }
    // A console opens its login screen over it, and says so there.
    assert_eq!(with_password(home, &login).0, 0);
    let [file] = below(&logins, |_| true).try_into().unwrap();
    std::fs::write(file, b"").unwrap();
    let console = Terminal::open(home, &["--server", &url], &Start::default());
    console.wait_for("登录");
    console.wait_for("文件已损坏");
}

/// Opens a console on the embedded server of `data`; how long it took to stand there.
fn opened(home: &Path, data: &str) -> (Terminal, Duration) {
    let start = Instant::now();
    let console = Terminal::open(home, &["--data-dir", data], &Start::default());
    console.wait_for("受理登记");
    (console, start.elapsed())
}

fn quit(mut console: Terminal, unsent: bool) {
    // What is unsent is asked about once, and stays on the disk.
    (0..=usize::from(unsent)).for_each(|_| console.press("ctrl-q"));
    assert_eq!(console.wait_for_end(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_opens_over_damaged_files_and_loses_no_draft_that_is_whole() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let dice = Dice::of_the_run("damaged files");
    let city = home.join("city");
    let data = city.display().to_string();
    // The server is there from now on: its lock file can be damaged under it.
    let (first, _) = opened(home, &data);
    let (console, whole) = opened(home, &data);
    quit(console, false);
    let mut longest = Duration::ZERO;
    let lock = city.join("server.json");
    for _ in 0..12 {
        let bytes = spoilt(&std::fs::read(&lock).unwrap(), &dice);
        std::fs::write(&lock, &bytes).unwrap();
        let (console, took) = opened(home, &data);
        longest = longest.max(took);
        console.wait_for("文件已损坏");
        let [moved] = aside(&city).try_into().unwrap();
        assert!(moved.display().to_string().ends_with("-server.json") && std::fs::read(&moved).unwrap() == bytes);
        std::fs::remove_file(moved).unwrap();
        quit(console, false);
    }
    println!("opened in {whole:?}; over a damaged lock file in {longest:?} at the most");
    assert!(longest <= whole * 3 + LONGER, "{longest:?}, and {whole:?} over whole files");
    // Two drafts of two consoles that died; one of them is damaged, or one of the keys.
    let drafts = city.join("drafts");
    let titles = ["示例甲路积水", "示例乙路停电"];
    let mut died: Vec<Terminal> = titles.iter().map(|_| opened(home, &data).0).collect();
    for (console, title) in died.iter_mut().zip(titles) {
        console.press("3");
        console.press("tab");
        console.type_text(title);
        console.wait_for_row(&["标题", title]);
    }
    crate::support::until("both are on the disk", 60, || async { (below(&drafts, |name| name.ends_with(".draft")).len() == 2).then_some(()) }).await;
    for mut console in died {
        console.signal("KILL");
        console.wait_for_end();
    }
    let saved = home.join("saved");
    assert!(std::process::Command::new("cp").arg("-a").args([&drafts, &saved]).status().unwrap().success());
    for round in 0..9 {
        std::fs::remove_dir_all(&drafts).unwrap();
        assert!(std::process::Command::new("cp").arg("-a").args([&saved, &drafts]).status().unwrap().success());
        let key = round % 3 == 2;
        let files = below(&drafts, |name| if key { name.starts_with("key") } else { name.ends_with(".draft") });
        assert_eq!(files.len(), 2);
        let file = &files[round % 2];
        std::fs::write(file, spoilt(&std::fs::read(file).unwrap(), &dice)).unwrap();
        let (console, took) = opened(home, &data);
        console.wait_for("1 个草稿文件已损坏");
        // The whole ones are there: one in the form, any other behind it.
        console.wait_for_row(&["标题", "示例", "路"]);
        let found = below(&drafts, |name| name.ends_with(".draft") && !name.starts_with("damaged-")).len();
        assert_eq!((found, aside(&drafts).len()), (if key { 2 } else { 1 }, 1), "round {round}");
        assert!(took <= whole * 3 + LONGER, "{took:?}");
        quit(console, true);
    }
    quit(first, false);
}
