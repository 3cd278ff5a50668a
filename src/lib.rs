//! Hotline: a keyboard-driven terminal console for the 12345 government service hotline, and its backend.
//!
//! # The one idea
//! Everything that happens is an event in one append-only log. A pure function decides which events a command causes; a
//! pure function folds events into state; the server runs both in one transaction per command. The live stream and its
//! resumption, the audit chain, the clocks and the rebuild come from that log, with no second mechanism.
//!
//! # Rooms
//! - [`text`], [`search`], [`domain`]: pure. [`api`]: the wire contract. [`client`]: speaks it.
//! - [`server`]: routes (thin) → work (transactions) → store (all SQL). [`embedded`]: the same as a process of its own.
//! - [`console`]: the terminal. [`words`]: both languages, for console and command line.
//! - [`cli`], [`config`], [`import`]: what was typed. [`run`]: the only file that may name both console and server.
//! - [`private`]: sealed records and files only their owner may read, for server and console.
//! - [`sample`]: the sample city, pure data and seeded generators. [`telephony`]: where calls come from.
//!
//! # Invariants (`tests/architecture.rs` checks the directions)
//! 1. `domain`, `text`, `search` do no IO and read no clock.
//! 2. `api` knows only `domain`.
//! 3. `client` knows neither server nor console.
//! 4. SQL only in `server/store`; rules only in `domain`; handlers neither.
//! 5. `console/model` knows no ratatui and no network; drawing takes `&self` and `&Model`; `update` never awaits; every effect
//!    ends in exactly one message.
//! 6. `console` never names `server`, nor `server` `console`. The console always speaks HTTP.
//! 7. Every command is all or nothing and appends its events with its effects.
//! 8. What an operator typed survives every error.
//! 9. No information by colour alone.
//! 10. Untrusted text is scrubbed once, where it enters the console or leaves the command line.
//! 11. Personal data and free text never enter an event; names and numbers leave the vault masked.
//! 12. The features `console` and `server` each build alone.
//!
//! # Where this differs from the first plan, and why
//! - **PostgreSQL commits are not grouped by us.** A command is a transaction on a pooled connection and is run again where
//!   another was first; the server itself flushes the log for many at once, while one connection would pay every round trip
//!   of every command in a row. SQLite's single writer does group.
//! - **A command has no savepoint of its own at first.** Hardly any has to take back what it wrote, and a savepoint copies
//!   every page that changes; where one has, its batch (on PostgreSQL: its transaction) is run again with real savepoints.
//! - **Checkpoints of SQLite have a thread**, and the writer brings in only the little that is left when the log is long: a
//!   checkpoint within a commit was the longest wait there was. Every commit is still flushed in the log before its answer.
//! - **An idempotency key is ordered by its own first bytes** before its digest, so that new keys lie side by side.
//! - **An offline act's age is a header, not a field**: the body is the same at every try, so that one key stays one act; and
//!   it reaches back to the lease of the number it goes under at the most.
//! - **State is folded from the log for every command** instead of being read from a projection: a ticket has some twenty
//!   events, reading them is one indexed query, and a projection can then never be wrong about what is decided.
//! - **Statements are written with `?1`** and rewritten to `$1` for PostgreSQL once each: the hot path of the embedded store
//!   does nothing.
//! - **The sweep is a command** (`Turn`) like any other, so that a flag's event, its row and its uniqueness are one
//!   transaction; a ticket's row carries the next deadline whose flag is still to be raised.
pub mod api;
pub mod cli;
pub mod client;
pub mod config;
#[cfg(feature = "console")]
pub mod console;
pub mod domain;
#[cfg(feature = "server")]
pub mod embedded;
pub mod import;
pub mod private;
pub mod run;
pub mod sample;
pub mod search;
#[cfg(feature = "server")]
pub mod server;
pub mod telephony;
pub mod text;
pub mod words;
