//! The rules by themselves: no store, no clock, no network.
mod life;
mod life_words;
