//! Faults in a file a person gave us: what is wrong and where. Collected, never stopped at the first.
//! Not here: the words for a person (locale files, by [`Problem::code`]).
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most characters of an offending value that a fault repeats.
const FOUND_CHARS: usize = 80;

/// What is wrong with a place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Not readable as its format at all.
    Syntax,
    /// Readable, but not the kind of value expected there.
    Shape,
    /// A field that must be there is not.
    Missing,
    /// A field or table nobody knows: most often a slip of the pen.
    Unknown,
    /// Not a date of the form 2026-02-14, or a day that does not exist.
    BadDate,
    /// A date outside the file's year and the month on either side of it.
    WrongYear,
    /// Said twice.
    Duplicate,
    /// The file names no day: an arrangement that is not published yet.
    Empty,
    /// A number or time outside what makes sense.
    OutOfRange,
    /// Not one of the known codes.
    BadCode,
    /// Two rows answer for exactly the same tickets.
    SameKey,
    /// No row answers for the tickets that no other row names.
    NoFallback,
}

impl Problem {
    /// The stable code, the same as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Shape => "shape",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::BadDate => "bad_date",
            Self::WrongYear => "wrong_year",
            Self::Duplicate => "duplicate",
            Self::Empty => "empty",
            Self::OutOfRange => "out_of_range",
            Self::BadCode => "bad_code",
            Self::SameKey => "same_key",
            Self::NoFallback => "no_fallback",
        }
    }
}

/// One thing wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Where: `days[3].date` in JSON, `table.toml:12` in TOML.
    pub place: String,
    /// What.
    pub problem: Problem,
    /// The offending value, cut short; untrusted text, scrub it before it reaches a terminal.
    pub found: String,
}

impl Fault {
    /// A fault at a place; `found` is cut to a length that fits a line.
    pub fn new(place: impl Into<String>, problem: Problem, found: impl AsRef<str>) -> Self {
        Self { place: place.into(), problem, found: found.as_ref().chars().take(FOUND_CHARS).collect() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.problem.code())?;
        if self.found.is_empty() { Ok(()) } else { write!(f, ": {}", self.found) }
    }
}

impl std::error::Error for Fault {}
