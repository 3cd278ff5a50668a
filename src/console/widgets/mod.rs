//! Small things panes are drawn with: a painter that knows roles and widths, headings, fields.
mod field;
mod painter;

pub use field::{Well, draw_field};
pub use painter::Painter;
