//! Values and rules. No IO, no async, no clock, no randomness: `now`, ids and tables come in as arguments.
pub mod calendar;
pub mod clocks;
pub mod limits;
