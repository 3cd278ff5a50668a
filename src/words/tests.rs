//! The words are complete in every language, and name what the product has.
use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::ticket::{Act, Step};

/// id or `id.attribute` → the argument names used in it.
fn keys_and_arguments(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let file = Locales::get(&format!("{}/hotline.ftl", language.tag())).unwrap();
    let text = String::from_utf8(file.data.into_owned()).unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut key) = (String::new(), String::new());
    for line in text.lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let body = if line.starts_with(char::is_alphabetic) {
            let (id, body) = line.split_once('=').expect("id = words");
            message = id.trim().to_owned();
            key = message.clone();
            assert!(
                found.insert(key.clone(), BTreeSet::new()).is_none(),
                "{key} twice in {}",
                language.tag()
            );
            body
        } else if let Some((attribute, body)) = line
            .trim()
            .strip_prefix('.')
            .and_then(|rest| rest.split_once('='))
        {
            key = format!("{message}.{}", attribute.trim());
            assert!(
                found.insert(key.clone(), BTreeSet::new()).is_none(),
                "{key} twice in {}",
                language.tag()
            );
            body
        } else {
            line
        };
        for part in body.split('$').skip(1) {
            let name = part
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.get_mut(&key).unwrap().insert(name);
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_and_arguments() {
    let chinese = keys_and_arguments(Language::Chinese);
    let english = keys_and_arguments(Language::English);
    assert!(chinese.len() > 200, "the scanner reads the file");
    let missing: Vec<_> = chinese
        .keys()
        .filter(|key| !english.contains_key(*key))
        .collect();
    let extra: Vec<_> = english
        .keys()
        .filter(|key| !chinese.contains_key(*key))
        .collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "not in English: {missing:?}; only in English: {extra:?}"
    );
    for (key, arguments) in &chinese {
        assert_eq!(arguments, &english[key], "arguments of {key}");
    }
}

#[test]
fn every_message_loads_in_both_languages() {
    for language in Language::ALL {
        for key in keys_and_arguments(language).keys() {
            let there = match key.split_once('.') {
                Some((id, attribute)) => loader_of(language).has_attr(id, attribute),
                None => loader_of(language).has(key),
            };
            assert!(there, "{key} in {}", language.tag());
        }
    }
}

#[test]
fn arguments_are_set_without_isolation_marks() {
    for language in Language::ALL {
        let text = fluent_text!(loader_of(language), "refusal-already-claimed", who = "0417");
        assert!(text.contains("0417"), "{text}");
        assert!(!text.contains(['\u{2068}', '\u{2069}']), "{text:?}");
    }
}

#[test]
fn the_flag_comes_before_the_setting_before_the_locale() {
    let choose = |flag, setting, locale| Language::choose(flag, setting, locale).unwrap();
    assert_eq!(
        choose(Some("en"), Some("zh-CN"), Some("zh_CN.UTF-8")),
        Language::English
    );
    assert_eq!(choose(None, Some("zh"), Some("en_GB")), Language::Chinese);
    assert_eq!(choose(None, None, Some("en-GB")), Language::English);
}

#[test]
fn chinese_where_none_says() {
    for locale in [None, Some("C"), Some("POSIX"), Some("de_DE.UTF-8")] {
        assert_eq!(Language::choose(None, None, locale), Ok(Language::Chinese));
    }
}

#[test]
fn an_unknown_language_is_refused_by_name() {
    let error = Language::choose(Some("klingon"), None, None).unwrap_err();
    assert_eq!(error, UnknownLanguage("klingon".into()));
    assert!(error.to_string().contains("klingon"));
}

#[test]
fn an_unknown_id_gives_nothing() {
    assert_eq!(find("no-such-words"), None);
}

/// Ids that are put together at run time: `step-` and a step's code.
const MADE: &[&str] = &[
    "action-", "context-", "event-", "capability-", "named-", "rating-", "kind-", "strip-line-", "weekday-", "prompt-", "tag-",
    "call-", "cli-call-", "toml-", "limit-", "promise-", "look-", "reveal-", "row-", "admin-", "level-",
];

#[test]
fn no_words_are_kept_that_nobody_reads() {
    let mut source = String::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("words/tests.rs") {
                source.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let codes: Vec<String> = (Step::ALL.iter().map(|step| format!("step-{}", step.code())))
        .chain(Act::ALL.iter().map(|act| format!("act-{}", act.code())))
        .map(|id| id.replace('_', "-"))
        .collect();
    let coded = |id: &str| if id.starts_with("step-") || id.starts_with("act-") { codes.iter().any(|code| code == id) } else { MADE.iter().any(|made| id.starts_with(made)) };
    let keys = keys_and_arguments(Language::Chinese);
    let unread: Vec<&String> = keys.keys().filter(|id| !id.contains('.') && !coded(id) && !source.contains(&format!("\"{id}\""))).collect();
    assert!(unread.is_empty(), "{unread:?}");
}
