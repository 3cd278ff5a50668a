//! The rules by themselves: no store, no clock, no network.
mod life;
pub mod life_words;
