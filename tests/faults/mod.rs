//! What is promised when things go wrong: nothing acknowledged is lost, nothing happens twice, nobody overwrites anybody
//! silently, every event reaches every reader once and in order, a dead line is noticed. Gates run by default;
//! `HOTLINE_SOAK=1` runs the longer ones. The checks work from what clients were told and from the tables, nothing else.
mod chain;
mod claims;
mod consoles;
mod durable;
mod edits;
mod heartbeat;
mod keys;
mod kills;
mod logins;
mod looks;
pub mod node;
mod order;
