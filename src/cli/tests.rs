//! The command line as a person types it, without a backend.
use super::calendar::due;
use super::*;
use crate::api::settings::DueQuery;
use crate::domain::calendar::Calendar;
use clap::CommandFactory;
use std::io::Write;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Exit, standard output, standard error.
fn typed(arguments: &[&str]) -> (Exit, String, String) {
    let (stdout, stderr) = (Written::default(), Written::default());
    let arguments = std::iter::once("hotline").chain(arguments.iter().copied()).map(OsString::from);
    let exit = started(arguments, |json| Out::to(json, stdout.clone(), stderr.clone()));
    (exit, stdout.text(), stderr.text())
}

#[test]
fn the_tree_of_verbs_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_line_of_the_flow_is_understood() {
    for line in [
        "ticket list --json --limit 5 --flag overdue --open",
        "ticket show 1122-0188",
        "ticket create --title x --kind complaint --dispatch east.zj",
        "ticket take 1122-0188",
        "ticket dispatch 1122-0188 east.zj",
        "ticket sign 1122-0188",
        "ticket contact 1122-0188 words --not-reached",
        "ticket reply 1122-0188 words",
        "ticket review 1122-0188",
        "ticket close 1122-0188 --solved yes --rating 5",
        "ticket act 1122-0188 urge --text -",
        "call list --json --limit 3",
        "call take 0190a5b0-0000-7000-8000-000000000000",
        "call wrap-up 0190a5b0-0000-7000-8000-000000000000",
        "kb search wgfh --json",
        "kb search --stdin",
        "kb publish a.json",
        "user add east-1 --name x --role handler --unit east.zj --password-stdin",
        "calendar due --from 2026-10-01 --working-days 3",
        "calendar due --stdin --json",
        "import tickets a.csv --map b.toml --dry-run --data-dir d",
        "import articles a.jsonl --map b.toml --server http://h",
        "import calendar 2026.json",
        "check --config c.toml a.toml b.toml",
        "admin rebuild --check",
        "admin clock advance 3600",
        "serve --listen 127.0.0.1:1 --database sqlite:x --tls-cert a --tls-key b --key-file k --test-clock --config c",
        "serve --embedded --data-dir d --sample-seed 1 --traffic",
        "demo --seed 7 --speed 2.5 --data-dir d --as handler_clerk --tickets 10 --articles 4 --no-traffic --lang en",
        "demo --server https://h",
    ] {
        let arguments = std::iter::once("hotline").chain(line.split(' '));
        assert!(Cli::try_parse_from(arguments).is_ok(), "{line}");
    }
}

#[test]
fn what_is_not_understood_exits_two_and_drives_no_terminal() {
    let hostile = "\u{1b}]0;x\u{7}";
    for line in [&["ticket", "lsit"][..], &["ticket", "list", "--flag", hostile], &["demo", "--speed", "0"], &["calendar", "due", "--from", "x"], &["import", "tickets", hostile]] {
        let (exit, stdout, stderr) = typed(line);
        assert_eq!((exit, stdout.as_str()), (Exit::Usage, ""), "{line:?}");
        assert!(!stderr.is_empty() && !stderr.contains(['\u{1b}', '\u{7}']), "{stderr:?}");
    }
}

/// The language is the whole process's: one test, one after the other, and back to what it was.
#[test]
fn what_is_wrong_with_a_command_line_is_said_in_the_language_asked_for() {
    use crate::words::Language;
    let read = |line: &[&str]| {
        let arguments: Vec<OsString> = std::iter::once("hotline").chain(line.iter().copied()).map(OsString::from).collect();
        (usage::language(&arguments), Cli::try_parse_from(&arguments).unwrap_err())
    };
    for (line, first) in [
        (&["ticket", "lsit"][..], "没有「lsit」这个命令"),
        (&["ticket", "list", "--opne"], "没有「--opne」这个参数"),
        (&["ticket", "create", "--kind", "x"], "不能是「x」：consultation"),
        (&["ticket", "create", "--kind", "投诉"], "缺少："),
        (&["ticket", "list", "--open", "--closed"], "不能一起用"),
        (&["ticket", "list", "--limit"], "--limit <LIMIT> 后面要有值"),
        (&["ticket", "list", "--limit", "0"], "不能是「0」"),
        (&["table", "list", "x"], "不能是「x」"),
    ] {
        let text = usage::told(&read(line).1);
        assert!(text.lines().next().unwrap().contains(first), "{text}");
        assert!(!text.contains("error:"), "{text}");
    }
    assert_eq!(read(&["--lang", "en", "lsit"]).0, Language::English);
    assert_eq!(read(&["lsit", "--lang=zh-CN"]).0, Language::Chinese);
    assert_eq!(read(&["--lang=en", "lsit", "--lang"]).0, Language::choose_here(None, None).unwrap());
}

#[test]
fn help_goes_to_standard_output_and_is_no_error() {
    let (exit, stdout, stderr) = typed(&["ticket", "--help"]);
    assert_eq!((exit, stderr.as_str()), (Exit::Ok, ""));
    assert!(stdout.contains("dispatch"));
}

#[test]
fn a_due_date_needs_no_server() {
    let (exit, stdout, _) = typed(&["calendar", "due", "--from", "2026-09-30", "--working-days", "1", "--json"]);
    assert_eq!((exit, stdout.as_str()), (Exit::Ok, "{\"due\":\"2026-10-08\",\"provisional\":false}\n"));
}

#[test]
fn due_dates_count_city_days_and_refuse_what_is_none() {
    let calendar = Calendar::shipped();
    let ask = |from: &str, working_days| due(&calendar, &DueQuery { from: from.into(), working_days });
    let date = |from, days| ask(from, days).unwrap().due.to_string();
    assert_eq!(date("2026-03-02", 0), "2026-03-02");
    assert_eq!(date("2026-03-02T23:59:59+08:00", 1), "2026-03-03");
    assert_eq!(date("2026-03-02T16:30:00Z", 1), "2026-03-04", "already the third in the city");
    assert_eq!(date("2026-03-02 09:00", 5), "2026-03-09", "over a weekend");
    assert!(ask("2026-12-30", 20).unwrap().provisional, "the next year is not published");
    for bad in ["", "2026-02-30", "tomorrow", "-999999-01-01", "262143-12-31", "2026-03-02T25:00"] {
        assert!(ask(bad, 1).is_err(), "{bad}");
    }
    assert!(ask("2026-03-02", u32::MAX).is_err());
}

#[test]
fn nobody_at_the_address_is_exit_three_in_words_and_in_json() {
    // Port 9 of this machine: nothing listens there.
    let (exit, stdout, stderr) = typed(&["ticket", "list", "--server", "http://127.0.0.1:9", "--json"]);
    assert_eq!((exit, stdout.as_str()), (Exit::Unreachable, ""));
    let error: serde_json::Value = serde_json::from_str(&stderr).unwrap();
    assert_eq!((&error["error"]["code"], &error["error"]["exit"]), (&"unreachable".into(), &3.into()));
    assert_eq!(typed(&["ticket", "list", "--server", "127.0.0.1:9"]).0, Exit::Usage);
}

#[test]
fn a_token_may_begin_with_a_hyphen() {
    // One in sixty-four does.
    let (exit, _, said) = typed(&["--server", "http://127.0.0.1:9", "--token", "-b7", "ticket", "list"]);
    assert_eq!(exit, Exit::Unreachable, "{said}");
}

#[test]
fn check_tells_every_fault_of_every_file_and_exits_two() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let settings = write("hotline.toml", "listen = 'x'\nthme = 'dark'\n");
    let map = write("map.toml", "target = 'tickets'\nformat = 'cvs'\n[fields]\ntitel = 'x'\n");
    let (exit, _, stderr) = typed(&["check", "--config", &settings, &map]);
    assert_eq!(exit, Exit::Usage);
    for place in [format!("{settings}:1:"), format!("{settings}:2:"), format!("{map}:2:"), format!("{map}:4:")] {
        assert!(stderr.contains(&place), "{place} in {stderr}");
    }
    let (exit, _, stderr) = typed(&["check", "--config", &write("good.toml", "theme = 'mono'\n")]);
    assert_eq!(exit, Exit::Ok, "{stderr}");
}

#[cfg(feature = "console")]
#[test]
fn check_tells_keymaps_and_themes_apart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("s.toml");
    std::fs::write(&settings, "").unwrap();
    let theme = folder.path().join("a.toml");
    std::fs::write(&theme, "inherits = 'dark'\n[roles]\nno_such_role = { bold = true }\n").unwrap();
    let keys = folder.path().join("keymap.toml");
    std::fs::write(&keys, "inherits = 'default'\n[nowhere]\nkeys = []\n").unwrap();
    let name = |path: &std::path::Path| path.display().to_string();
    let (exit, _, stderr) = typed(&["check", "--config", &name(&settings), &name(&theme), &name(&keys)]);
    assert_eq!(exit, Exit::Usage);
    assert!(stderr.contains("a.toml:3:") && stderr.contains("keymap.toml:2:"), "{stderr}");
    let shipped = |file: &str| format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let (exit, _, stderr) = typed(&["check", "--config", &name(&settings), &shipped("keymaps/default.toml"), &shipped("themes/dark.toml"), &shipped("tests/support/maps/matters.toml")]);
    assert_eq!(exit, Exit::Ok, "{stderr}");
}

#[test]
fn a_dry_run_reads_everything_and_needs_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let map = format!("{}/tests/support/maps/messages.toml", env!("CARGO_MANIFEST_DIR"));
    let data = folder.path().join("m.csv");
    std::fs::write(&data, "\u{feff}留言编号,留言主题,留言时间,留言详情\n1,咨询示例事项,2024-01-02 03:04:05,内容\n2,,2024-01-02 03:04:05,内容\n3,示例,昨天,\u{1b}[2J\n").unwrap();
    let (exit, stdout, stderr) = typed(&["import", "tickets", &data.display().to_string(), "--map", &map, "--dry-run", "--json", "--data-dir", &folder.path().display().to_string()]);
    let total: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(exit, Exit::Refused, "{stderr}");
    assert_eq!((&total["good"], &total["dry_run"]), (&1.into(), &true.into()));
    let lines: Vec<_> = total["refused"].as_array().unwrap().iter().map(|refused| refused["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [3, 4]);
    assert!(stderr.contains("m.csv:3:") && stderr.contains("m.csv:4:"));
    assert!(stderr.contains("只检查了文件"), "{stderr}");
    let (exit, ..) = typed(&["import", "articles", &data.display().to_string(), "--map", &map, "--dry-run"]);
    assert_eq!(exit, Exit::Usage, "a map of tickets is none of articles");
}
