//! The invariants of the house that can be read off the source: who may name whom, what the pure rooms do without, where
//! SQL stands, how a file opens and how long it is. A module of the suite.
use crate::support::source::{self, Source};
use std::collections::BTreeSet;
use std::path::Path;

/// All of a kind of fault at once, each with its place.
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn faults(files: &[Source], of: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    files.iter().flat_map(of).collect()
}

/// A room, and what it may name; or what it may not.
enum May {
    Only(&'static [&'static str]),
    Not(&'static [&'static str]),
}

/// The table of directions. A path stands for everything below it.
const DIRECTIONS: &[(&str, May)] = &[
    ("domain", May::Only(&["domain"])),
    ("text", May::Only(&["text"])),
    ("search", May::Only(&["search", "text"])),
    ("api", May::Only(&["api", "domain"])),
    ("client", May::Not(&["server", "console", "telephony", "embedded", "run", "cli"])),
    ("server", May::Not(&["console", "client", "run", "cli", "embedded", "telephony"])),
    ("console", May::Not(&["server", "embedded", "run", "cli"])),
    ("console/model", May::Not(&["server", "client", "embedded", "run", "cli"])),
    ("sample", May::Not(&["server", "console", "client", "run", "cli", "embedded"])),
    ("words", May::Not(&["server", "console", "client", "run", "cli", "embedded"])),
];

fn below(path: &str, room: &str) -> bool {
    path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
}

fn wrong_ways(files: &[Source]) -> Vec<String> {
    faults(files, |file| {
        let rules: Vec<&May> = DIRECTIONS.iter().filter(|(room, _)| below(&file.path, room)).map(|(_, may)| may).collect();
        file.names()
            .into_iter()
            .filter(|(_, name)| {
                rules.iter().any(|may| match may {
                    // A lowercase name is a room; `crate::SOMETHING` is not.
                    May::Only(rooms) => name.starts_with(char::is_lowercase) && !rooms.contains(&name.as_str()),
                    May::Not(rooms) => rooms.contains(&name.as_str()),
                })
            })
            .map(|(line, name)| format!("src/{}:{line}: names crate::{name}", file.path))
            .collect()
    })
}

#[test]
fn every_room_names_only_those_it_may() {
    none(wrong_ways(&source::all()));
}

#[test]
fn only_the_run_and_main_join_console_and_server() {
    none(faults(&source::all(), |file| {
        let names: BTreeSet<String> = file.names().into_iter().map(|(_, name)| name).collect();
        let joins = names.contains("console") && names.contains("server");
        if joins && !matches!(file.room(), "run" | "main" | "lib") { vec![format!("src/{}: names both console and server", file.path)] } else { vec![] }
    }));
}

/// What the pure rooms do without, as it stands in code.
const IMPURE: &[&str] = &[
    "std::fs", "std::net", "std::process", "std::thread", "std::env", "std::io", "Instant", "SystemTime", "Utc::now", "Local::now", "now_v7", "new_v4",
    "tokio", "reqwest", "axum", "rusqlite", "sqlx", "async fn", "async move", ".await", "SystemRandom", "ring::rand", "thread_rng", "tracing::",
    "ratatui", "crossterm",
];

#[test]
fn the_pure_rooms_do_no_io_and_know_no_clock_and_no_chance() {
    none(faults(&source::all(), |file| {
        if file.is_test() || !["domain", "text", "search"].contains(&file.room()) {
            return vec![];
        }
        held(file, IMPURE)
    }));
}

#[test]
fn the_consoles_model_knows_no_screen_and_no_network() {
    none(faults(&source::all(), |file| match below(&file.path, "console/model") && !file.is_test() {
        true => held(file, &["ratatui", "crossterm", "reqwest", "tokio", "std::net", "std::fs", ".await"]),
        false => vec![],
    }));
}

/// Where any of these stands in the code of a file, as a word.
fn held(file: &Source, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in file.code.lines().enumerate() {
        for word in words {
            let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let hit = line.match_indices(word).any(|(at, _)| {
                !part(line[..at].chars().next_back().filter(|_| !word.starts_with('.'))) && !part(line[at + word.len()..].chars().next())
            });
            if hit {
                found.push(format!("src/{}:{}: {word}", file.path, index + 1));
            }
        }
    }
    found
}

/// Is this text SQL? By its words in capitals, which no sentence for people has.
pub fn is_sql(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| matches!(word, "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "BEGIN" | "PRAGMA" | "SAVEPOINT"))
}

#[test]
fn sql_stands_in_the_store_alone() {
    none(faults(&source::all(), |file| {
        if below(&file.path, "server/store") || file.is_test() {
            return vec![];
        }
        let sql = file.literals.iter().filter(|literal| is_sql(&literal.text));
        sql.map(|literal| format!("src/{}:{}: {:?}", file.path, literal.line, literal.text.chars().take(40).collect::<String>())).collect()
    }));
}

/// Longest file, lines before its tests.
const LONGEST: usize = 400;

#[test]
fn every_file_says_what_lives_in_it_and_has_one_idea() {
    none(faults(&source::all(), |file| {
        let mut found = Vec::new();
        if !file.text.starts_with("//!") {
            found.push(format!("src/{}: does not open with //!", file.path));
        }
        let lines = file.code.lines().count();
        if lines > LONGEST && !file.is_test() {
            found.push(format!("src/{}: {lines} lines", file.path));
        }
        found
    }));
}

#[test]
fn only_the_command_line_prints() {
    none(faults(&source::all(), |file| {
        if file.is_test() || matches!(file.room(), "cli" | "main") {
            return vec![];
        }
        held(file, &["println!(", "eprintln!(", "print!(", "eprint!(", "dbg!("])
            .into_iter()
            .chain(["println!(\"", "eprintln!(\"", "print!(\"", "eprint!(\""].iter().filter(|word| file.code.contains(**word)).map(|word| format!("src/{}: {word}", file.path)))
            .collect()
    }));
}

#[test]
fn what_could_panic_says_why_it_cannot() {
    none(faults(&source::all(), |file| {
        if file.is_test() {
            return vec![];
        }
        let lines: Vec<&str> = file.text.lines().collect();
        let code: Vec<&str> = file.code.lines().collect();
        (0..code.len())
            .filter(|index| code[*index].contains(".unwrap()") || code[*index].contains(".expect(\"") || code[*index].contains(".expect(&"))
            .filter(|index| !lines[index.saturating_sub(6)..=*index].iter().any(|line| line.contains("invariant:")))
            .map(|index| format!("src/{}:{}: {}", file.path, index + 1, lines[index].trim()))
            .collect()
    }));
}

/// What may stand at the top of the project.
const TOP: &[&str] = &[
    "Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "src", "keymaps", "themes", "tests", "benches", "fuzz", ".cargo", ".ci", ".gitignore", ".gitattributes",
    "clippy.toml", "rustfmt.toml", "i18n.toml", "deny.toml", "rust-toolchain.toml", ".config",
];
/// What tools leave there and nobody keeps.
const LEFT: &[&str] = &[".git", "target", "proptest-regressions"];

#[test]
fn nothing_stands_at_the_top_that_has_a_room() {
    let entries = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let names = entries.flatten().map(|entry| entry.file_name().into_string().unwrap());
    none(names.filter(|name| !TOP.contains(&name.as_str()) && !LEFT.contains(&name.as_str())).collect());
}

#[test]
fn a_wrong_way_is_seen_however_it_is_written() {
    let wrong = |path: &str, text: &str| wrong_ways(&[source::read(path, text)]).len();
    assert_eq!(wrong("domain/ticket/decide.rs", "use crate::server::Node;"), 1);
    assert_eq!(wrong("domain/ticket/decide.rs", "use crate::{\n    domain::event, api::{Page, Problem},\n};"), 1);
    assert_eq!(wrong("domain/ticket/decide.rs", "use super::super::super::client::Client;"), 1);
    assert_eq!(wrong("domain/ticket/mod.rs", "use super::super::client::Client;"), 1);
    assert_eq!(wrong("domain/ticket/decide.rs", "// use crate::server::Node;\nuse super::super::event;\nlet a = \"crate::server\";"), 0);
    assert_eq!(wrong("console/model/queue.rs", "fn a() { crate::client::live() }"), 1);
    assert!(is_sql("SELECT 1") && !is_sql("please select a unit"));
    let file = source::read("domain/x.rs", "fn f() { let a = std::time::Instant::now(); let b = 'x'; let c: &'static str = r#\"Utc::now\"#; }");
    assert_eq!(held(&file, IMPURE).len(), 1);
}
