//! 导入 (import): files of other systems, read through a map that says which column becomes which field.
//!
//! Here: maps (`tests/support/maps` has six), rows with their line numbers, and what becomes of a row. Not here: sending
//! (`cli`), and what the backend makes of a row it is sent (`server::work::import`).
//!
//! To add a transform: a variant of [`map::Rule`], its key in `read_map`, its line in `source`.
mod build;
mod fields;
mod items;
pub mod map;
mod read_map;
mod rows;
mod source;
#[cfg(test)]
mod tests;

/// How a map is written, for `--help`: every source, rule and field, and an example that is one.
pub const MAPS: &str = include_str!("maps.txt");

pub use build::Mapped;
pub use items::{Item, Items, Survey, survey};
pub use map::{Format, Map, Target};
pub use rows::Refused;
