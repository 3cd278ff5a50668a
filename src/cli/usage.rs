//! 用法错误 (usage errors): what clap says of a command line, its first line in the language that was asked for. Clap keeps
//! its own words for the rest; help is in both languages anyway.
use crate::words;
use crate::words::Language;
use clap::error::{ContextKind as C, ContextValue, ErrorKind as E};
use std::ffi::OsString;

/// The language of a command line that could not be read: its `--lang`, else that of the place.
pub(super) fn language(arguments: &[OsString]) -> Language {
    let mut words = arguments.iter().filter_map(|argument| argument.to_str());
    let mut asked = None;
    while let Some(word) = words.next() {
        asked = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(value) => value.strip_prefix('='),
            None => asked,
        };
    }
    Language::choose_here(asked, None).or_else(|_| Language::choose_here(None, None)).unwrap_or_default()
}

/// The whole text, for a person.
pub(super) fn told(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let named = |kind: C| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let first = match error.kind() {
        E::InvalidSubcommand => words!("usage-no-verb", value = named(C::InvalidSubcommand)),
        E::UnknownArgument => words!("usage-no-argument", value = named(C::InvalidArg)),
        E::InvalidValue | E::ValueValidation if named(C::InvalidValue).is_empty() => words!("usage-value-needed", argument = named(C::InvalidArg)),
        E::InvalidValue => words!("usage-bad-value", value = named(C::InvalidValue), argument = named(C::InvalidArg)),
        E::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{}{why}", words!("usage-bad-value-why", value = named(C::InvalidValue), argument = named(C::InvalidArg)))
        }
        E::MissingRequiredArgument => words!("usage-missing"),
        E::ArgumentConflict => words!("usage-conflict", one = named(C::InvalidArg), other = named(C::PriorArg)),
        _ => return text,
    };
    match text.split_once('\n') {
        Some((_, rest)) => format!("hotline: {first}\n{rest}"),
        None => format!("hotline: {first}"),
    }
}
