//! The API over both databases: through the typed client, and as bytes where those are what is proven.
mod admin;
mod document;
mod flow;
mod real;
mod manners;
pub mod matrix;
mod offline;
pub mod people;
mod privacy;
mod promises;
mod scope;
mod sentinels;
