//! The store under its own eyes: its catalogues, its statements, its log and what can be made again from it.
mod catalogue;
pub mod raw;
mod rebuild;
mod writer;
