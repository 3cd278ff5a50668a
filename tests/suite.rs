//! The whole product, exercised through its public face: one binary, so that it links once.
#![allow(missing_docs, clippy::print_stdout, clippy::print_stderr)]
mod api;
mod console;
mod support;
