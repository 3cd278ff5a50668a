//! Bad input: each file in `bad/` is given to `hotline check`, or, where it holds rows, to a dry run through the map `rows`,
//! and what is said in both languages stands beside it in `NAME.expected`: Chinese, a line of dashes, English. A file
//! without its words, or words without their file, fails.
use crate::support::terminal::{PROGRAM, environment};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/bad")
}

/// The arguments a file is given with, and the exit code it must end with.
fn given(name: &str) -> (Vec<&str>, i32) {
    let map = match name.rsplit_once('.') {
        Some((_, "csv")) => "../rows.toml",
        Some((_, "jsonl")) => "../rows_jsonl.toml",
        _ => return (vec!["check", name], 2),
    };
    // A row is refused; a file that cannot be what the map says is faulty.
    (vec!["import", "tickets", name, "--map", map, "--dry-run"], if name.contains("refused") { 1 } else { 2 })
}

/// What is said of a file in a language; it must be refused.
fn said(name: &str, language: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let (arguments, code) = given(name);
    let output = Command::new(PROGRAM)
        .args(["--lang", language])
        .args(&arguments)
        .current_dir(folder())
        .env_clear()
        .envs(environment(home.path()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{name}: {text}");
    assert!(code == 1 || output.stdout.is_empty(), "{name}");
    text
}

#[test]
fn each_bad_file_gives_exactly_its_words() {
    let entries = std::fs::read_dir(folder()).unwrap();
    let names: BTreeSet<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let (words, files): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.ends_with(".expected"));
    assert!(files.len() >= 20, "{files:?}");
    for one in words {
        assert!(names.contains(one.trim_end_matches(".expected")), "{one} has no file");
    }
    let mut wrong = Vec::new();
    for name in files {
        let expected = std::fs::read_to_string(folder().join(format!("{name}.expected"))).unwrap_or_default();
        let found = format!("{}---\n{}", said(name, "zh-CN"), said(name, "en"));
        if found != expected {
            wrong.push(format!("{name} gives:\n{found}but should give:\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
