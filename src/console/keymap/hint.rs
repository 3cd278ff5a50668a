//! The nearest known name for a wrong one, as keymaps and themes say it. Not here: how near is near (`config::located`).
use crate::config::located::nearest;

/// ` (did you mean "x"?)` for the nearest known name, or nothing when none is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wrong, known).map(|name| format!(" (did you mean \"{name}\"?)")).unwrap_or_default()
}
