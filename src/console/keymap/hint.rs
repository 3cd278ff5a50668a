//! The nearest known name for a wrong one, as keymaps and themes say it. Not here: how near is near (`config::located`).
use crate::config::located::nearest;
use crate::words;

/// `（是不是 "x"？）` for the nearest known name, or nothing when none is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wrong, known).map(|name| words!("fault-did-you-mean", name = name)).unwrap_or_default()
}
