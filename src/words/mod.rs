//! Every word people read, in 简体中文 and English, from the Fluent files in `locales/`.
//!
//! Here: the two languages, which one is current, and the [`words!`](crate::words!) macro.
//! Not here: the words themselves (`locales/{zh-CN,en}/hotline.ftl`), dates and numbers (they are
//! written by the code that knows their width), and text that came from people or the server.
//!
//! Both languages are loaded once; switching at run time is one atomic store, so a frame can never
//! be half in one language because a file was being read.

pub mod credit_code;
mod language;

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use i18n_embed::LanguageLoader;
use i18n_embed::fluent::FluentLanguageLoader;
use rust_embed::RustEmbed;

pub use language::{Language, UnknownLanguage};

#[derive(RustEmbed)]
#[folder = "src/words/locales"]
struct Locales;

/// Used by [`words!`](crate::words!), so that callers need not name the crate behind it.
#[doc(hidden)]
pub use i18n_embed_fl::fl as fluent_text;

static ENGLISH_IS_CURRENT: AtomicBool = AtomicBool::new(false);
static CHINESE: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Language::Chinese));
static ENGLISH: LazyLock<FluentLanguageLoader> = LazyLock::new(|| load(Language::English));

fn load(language: Language) -> FluentLanguageLoader {
    // invariant: both tags are constants of ours, and a test loads both.
    #[allow(clippy::expect_used)]
    let tag: i18n_embed::unic_langid::LanguageIdentifier =
        language.tag().parse().expect("a constant tag");
    let loader = FluentLanguageLoader::new("hotline", tag.clone());
    // A failure here leaves an empty loader: ids are shown instead of words, and nothing stops.
    let _ = loader.load_languages(&Locales, &[tag]);
    // Isolation marks (U+2068 …) take no cell in some terminals and one in others.
    loader.set_use_isolating(false);
    loader
}

/// The language in which words are given now; Chinese until [`switch_to`] says otherwise.
pub fn current() -> Language {
    if ENGLISH_IS_CURRENT.load(Ordering::Relaxed) {
        Language::English
    } else {
        Language::Chinese
    }
}

/// Gives all words in this language from now on, in the whole process.
pub fn switch_to(language: Language) {
    ENGLISH_IS_CURRENT.store(language == Language::English, Ordering::Relaxed);
}

/// The Fluent loader of one language, whichever is current.
pub fn loader_of(language: Language) -> &'static FluentLanguageLoader {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}

/// The Fluent loader of the current language.
pub fn loader() -> &'static FluentLanguageLoader {
    loader_of(current())
}

/// The words for an id made at run time, such as `step-accepted` from a step's name.
/// `None` when no language file has it, so that the caller can show the bare name instead.
pub fn find(id: &str) -> Option<String> {
    loader().has(id).then(|| loader().get(id))
}

/// The short form (`.short`) of an id made at run time; the long form where none is given.
pub fn find_short(id: &str) -> Option<String> {
    if loader().has_attr(id, "short") {
        Some(loader().get_attr(id, "short"))
    } else {
        find(id)
    }
}

/// The words for an id known when the program is built: `words!("claimed", number = number)`.
/// An unknown id or a forgotten argument does not compile. Gives a `String`.
#[macro_export]
macro_rules! words {
    ($($parts:tt)+) => {
        $crate::words::fluent_text!($crate::words::loader(), $($parts)+)
    };
}

#[cfg(test)]
mod tests;
