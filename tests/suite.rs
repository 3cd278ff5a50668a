//! The whole product, exercised through its public face: one binary, so that it links once.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used)]
mod api;
mod architecture;
mod console;
mod domain;
mod faults;
mod files;
mod rules;
mod serve;
mod store;
mod support;
