//! The terminal console.
pub mod keymap;
pub mod look;
pub mod terminal;
