//! What the TOML reader says is wrong, in the language of the person: it speaks English alone. What it might say some day
//! and the locales have no words for is told as it says it.
use crate::words;
use crate::words::Language;

/// `unclosed array` → `toml-unclosed-array`.
fn id_of(what: &str) -> String {
    let words = what.replace("`=`", "equals");
    let parts: Vec<&str> = words.split(|c: char| !c.is_ascii_lowercase()).filter(|part| !part.is_empty()).collect();
    format!("toml-{}", parts.join("-"))
}

/// One message of its, on one line.
pub(super) fn of(message: &str) -> String {
    let message = message.replace('\n', ", ");
    if words::current() == Language::English {
        return message;
    }
    let (what, expected) = match message.split_once(", expected ") {
        Some((what, expected)) => (what, Some(expected)),
        None => (message.as_str(), None),
    };
    match (words::find(&id_of(what)), expected) {
        (None, _) => words!("fault-toml", why = message.as_str()),
        // What it would have taken: a sign reads the same in both languages, words of its own help little.
        (Some(what), Some(expected)) if expected.starts_with('`') => words!("fault-toml-expected", what = what, expected = expected.trim_matches('`').to_owned()),
        (Some(what), _) => what,
    }
}
