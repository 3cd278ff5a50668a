//! 来电人标注 (what is noted of a caller): which language, and for a while how they were on the line. Events of the caller, codes
//! and dates only: whose they are is known to the vault alone. Not here: names and numbers, and what they came with.
use super::Timestamp;
use super::event::{AggregateKind, Payload};
use super::refusal::Refusal;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$top:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$top])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// All, in the order a screen offers them in.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The stable code.
            pub const fn code(self) -> &'static str { match self { $($name::$variant => $code),* } }
            /// What a code names.
            pub fn from_code(code: &str) -> Option<$name> { $name::ALL.iter().copied().find(|one| one.code() == code) }
        }
    };
}

codes! {
    /// 语言 (language) a caller is best spoken to in.
    CallerLanguage {
        /// 普通话.
        Mandarin = "mandarin",
        /// 本地方言.
        Dialect = "dialect",
        /// 藏语.
        Tibetan = "tibetan",
        /// 彝语.
        Yi = "yi",
        /// 英语.
        English = "english",
        /// 其他语言.
        Other = "other",
    }
}

codes! {
    /// 来电情形 (tone): what whoever takes the next call should know before the greeting.
    Tone {
        /// 情绪激动.
        Agitated = "agitated",
        /// 骚扰.
        Harassing = "harassing",
        /// 言语威胁.
        Threatening = "threatening",
        /// 轻生倾向: to be met with care.
        AtRisk = "at_risk",
    }
}

/// 标注有效期: how long a tone stands where nothing else is said, days. A bad day is not held against anybody for longer.
pub const TONE_DAYS: u32 = 30;
/// The longest it may stand, days.
pub const LONGEST_TONE_DAYS: u32 = 180;

/// A tone and when it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ToneMark {
    /// What.
    pub tone: Tone,
    /// Until when it stands; from then on nobody is shown it.
    pub until: Timestamp,
}

/// 来电人事件 (caller event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum CallerEvent {
    /// 语言已标注.
    LanguageNoted {
        /// None: taken away.
        language: Option<CallerLanguage>,
    },
    /// 来电情形已标注.
    ToneNoted {
        /// None: taken away.
        mark: Option<ToneMark>,
    },
}

impl Payload for CallerEvent {
    const AGGREGATE: AggregateKind = AggregateKind::Caller;
}

/// What is noted of a caller: the fold of their events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallerNotes {
    /// How many events there are.
    pub version: i64,
    /// 语言.
    pub language: Option<CallerLanguage>,
    /// 来电情形, whether it still stands or not.
    tone: Option<ToneMark>,
}

impl CallerNotes {
    /// The tone that stands at this moment; an expired one is gone.
    pub fn tone(&self, now: Timestamp) -> Option<ToneMark> {
        self.tone.filter(|mark| now < mark.until)
    }
}

/// The notes after one more event.
pub fn fold(notes: Option<CallerNotes>, event: &CallerEvent, version: i64) -> Option<CallerNotes> {
    let mut notes = notes.unwrap_or_default();
    notes.version = version;
    match event {
        CallerEvent::LanguageNoted { language } => notes.language = *language,
        CallerEvent::ToneNoted { mark } => notes.tone = *mark,
    }
    Some(notes)
}

/// 标注 (note): what an operator says of the caller; a field that is absent stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallerNote {
    /// 语言; the inner none takes it away.
    pub language: Option<Option<CallerLanguage>>,
    /// 来电情形; the inner none takes it away.
    pub tone: Option<Option<Tone>>,
    /// For how many days; [`TONE_DAYS`] where nothing is said.
    pub days: Option<u32>,
}

/// The events a note causes; what stands already causes none, but a tone that is noted again begins anew.
///
/// # Errors
/// Where nothing is said, or for too many days.
pub fn decide(notes: &CallerNotes, note: &CallerNote, now: Timestamp) -> Result<Vec<CallerEvent>, Refusal> {
    if note.language.is_none() && note.tone.is_none() {
        return Err(Refusal::Missing { field: "note".into() });
    }
    let days = note.days.unwrap_or(TONE_DAYS);
    if !(1..=LONGEST_TONE_DAYS).contains(&days) {
        return Err(Refusal::Unknown { field: "days".into(), value: format!("{days} > {LONGEST_TONE_DAYS}") });
    }
    let mut events = Vec::new();
    if let Some(language) = note.language.filter(|language| *language != notes.language) {
        events.push(CallerEvent::LanguageNoted { language });
    }
    match note.tone {
        Some(Some(tone)) => events.push(CallerEvent::ToneNoted { mark: Some(ToneMark { tone, until: now + TimeDelta::days(i64::from(days)) }) }),
        Some(None) if notes.tone(now).is_some() => events.push(CallerEvent::ToneNoted { mark: None }),
        _ => {}
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_gone_at_its_end_and_a_language_stays() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let note = CallerNote { language: Some(Some(CallerLanguage::Yi)), tone: Some(Some(Tone::Agitated)), days: None };
        let mut notes = None;
        for (at, event) in decide(&CallerNotes::default(), &note, now).unwrap().iter().enumerate() {
            notes = fold(notes, event, at as i64 + 1);
        }
        let notes = notes.unwrap();
        let end = now + TimeDelta::days(i64::from(TONE_DAYS));
        assert_eq!(notes.tone(end - TimeDelta::seconds(1)).map(|mark| mark.tone), Some(Tone::Agitated));
        assert_eq!((notes.tone(end), notes.language, notes.version), (None, Some(CallerLanguage::Yi), 2));
        let away = CallerNote { tone: Some(None), language: Some(Some(CallerLanguage::Yi)), days: None };
        assert_eq!(decide(&notes, &away, end).unwrap(), Vec::new(), "what is gone is not taken away, what stands not noted again");
        assert!(decide(&notes, &CallerNote::default(), now).is_err());
        assert!(decide(&notes, &CallerNote { days: Some(181), ..note }, now).is_err());
    }
}
