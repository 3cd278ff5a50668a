//! The two languages and how one is chosen. Not here: the words, and reading the settings.

use std::fmt;

/// A language of the console and the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// 简体中文, the first-class one.
    #[default]
    Chinese,
    /// English.
    English,
}

/// A language was asked for by name that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLanguage(pub String);

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asked = self.0.as_str();
        out.write_str(&crate::words!("unknown-language", asked = asked))
    }
}

impl std::error::Error for UnknownLanguage {}

impl Language {
    /// Both, in the order in which a switch goes round.
    pub const ALL: [Language; 2] = [Language::Chinese, Language::English];

    /// The BCP 47 tag, as `--lang` and the settings write it.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// The other one.
    pub const fn other(self) -> Language {
        match self {
            Language::Chinese => Language::English,
            Language::English => Language::Chinese,
        }
    }

    /// Reads a name as people write it: `zh-CN`, `zh`, `zh_CN.UTF-8`, `en`, `en-GB`; case does not matter.
    pub fn from_name(name: &str) -> Result<Language, UnknownLanguage> {
        let primary = name
            .split(['-', '_', '.', '@'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        match primary.as_str() {
            "zh" | "cn" => Ok(Language::Chinese),
            "en" => Ok(Language::English),
            _ => Err(UnknownLanguage(name.to_owned())),
        }
    }

    /// The flag before the setting before the locale; Chinese where none says.
    /// A flag or setting we do not have is an error; a locale we do not have is merely silent.
    pub fn choose(
        flag: Option<&str>,
        setting: Option<&str>,
        locale: Option<&str>,
    ) -> Result<Language, UnknownLanguage> {
        if let Some(asked) = flag.or(setting) {
            return Language::from_name(asked);
        }
        Ok(locale
            .and_then(|name| Language::from_name(name).ok())
            .unwrap_or_default())
    }

    /// [`Language::choose`] with the locale of this machine.
    pub fn choose_here(
        flag: Option<&str>,
        setting: Option<&str>,
    ) -> Result<Language, UnknownLanguage> {
        Language::choose(flag, setting, sys_locale::get_locale().as_deref())
    }
}
