//! Bad input: each file in `bad/` is given to `hotline check`, and what is said in both languages stands beside it in
//! `NAME.expected`: Chinese, a line of dashes, English. A file without its words, or words without their file, fails.
use crate::support::terminal::{PROGRAM, environment};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/bad")
}

/// What `check` says of a file in a language; it must refuse it.
fn said(name: &str, language: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM)
        .args(["--lang", language, "check", name])
        .current_dir(folder())
        .env_clear()
        .envs(environment(home.path()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{name}: {text}");
    assert!(output.stdout.is_empty(), "{name}");
    text
}

#[test]
fn each_bad_file_gives_exactly_its_words() {
    let entries = std::fs::read_dir(folder()).unwrap();
    let names: BTreeSet<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let (words, files): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.ends_with(".expected"));
    assert!(files.len() >= 12, "{files:?}");
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
