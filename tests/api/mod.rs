//! The API through the typed client, over both databases.
mod flow;
mod real;
