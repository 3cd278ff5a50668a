//! The fields of the intake form, and which of them a line has.
use crate::domain::limits::Line;

/// A field of the form, in the order of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the labels are")]
pub enum Field {
    Kind,
    Title,
    Matter,
    Place,
    Body,
    Unit,
    CreditCode,
    Industry,
    Park,
}

impl Field {
    const ALL: [Field; 9] =
        [Field::Kind, Field::Title, Field::Matter, Field::Place, Field::Body, Field::Unit, Field::CreditCode, Field::Industry, Field::Park];

    /// Those of a line, in order: 企业档案 stands on the enterprise line only.
    pub fn of(line: Line) -> &'static [Field] {
        if line == Line::Enterprise { &Field::ALL } else { &Field::ALL[..6] }
    }
}
