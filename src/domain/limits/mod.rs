//! 时限表 (limit table): which limit a ticket runs under, as versioned rows of data.
//!
//! Not here: what the days are (`calendar`) and what a ticket's own log does to its limit (`clocks`). No limit is a
//! constant in code: every figure is a row of a table, and rows say where they come from.
mod codes;
mod read;
mod row;
mod table;
#[cfg(test)]
mod tests;

pub use super::calendar::{Fault, Problem};
pub use codes::{CountFrom, HandlerLevel, LimitUnit, Line, Tag, TicketKind};
pub use row::{ColourLimit, DayEnd, LimitRef, LimitRow, MOST_DAYS, MOST_HOURS, Span};
pub use table::{LimitKey, LimitTable};
