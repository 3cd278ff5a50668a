//! 后端 (backend): `serve(settings, listener, shutdown)` is the whole of it, for a city's node, the embedded server of one
//! desk and every test. routes (thin) → work (transactions) → store (all SQL).
mod auth;
mod clock;
mod drain;
mod export;
mod fault;
mod feed;
mod keys;
mod knowledge;
pub mod node;
mod routes;
mod seed;
mod start;
mod store;
mod sweep;
mod tls;
mod views;
mod work;

pub use seed::{Sample, SampleSize};
pub use start::{Running, ServeError, Settings, serve};
pub use store::Database;
