//! Values and rules. No IO, no async, no clock, no randomness: `now`, ids and tables come in as arguments.
pub mod access;
pub mod article;
pub mod by_when;
pub mod calendar;
pub mod call;
pub mod caller;
pub mod clocks;
pub mod credit_code;
pub mod event;
pub mod ids;
pub mod limits;
pub mod refusal;
pub mod rights;
pub mod tables;
pub mod ticket;
pub mod user;

/// A point in time, always UTC; shown at [`city_offset`]. 时间点.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// City time, +08:00 whatever the host's zone says (domain rule: the hotline's clocks are Beijing time all year).
pub const fn city_offset() -> chrono::FixedOffset {
    // invariant: eight hours is within FixedOffset's one-day range.
    match chrono::FixedOffset::east_opt(8 * 3600) {
        Some(offset) => offset,
        None => unreachable!(),
    }
}
