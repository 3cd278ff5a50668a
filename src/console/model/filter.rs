//! Which tickets the list shows.
use crate::api::tickets::{Sort, TicketQuery};
use crate::domain::clocks::Flag;

/// How the list of tickets is narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the words are")]
pub enum Filter {
    Open,
    Overdue,
    Red,
    Orange,
    Yellow,
    Mine,
    Closed,
}

impl Filter {
    /// All, in the order in which a key goes round.
    pub const ALL: [Filter; 7] = [Filter::Open, Filter::Overdue, Filter::Red, Filter::Orange, Filter::Yellow, Filter::Mine, Filter::Closed];

    /// Its words.
    pub fn words_id(self) -> &'static str {
        match self {
            Filter::Open => "filter-open",
            Filter::Overdue => "flag-overdue",
            Filter::Red => "flag-red",
            Filter::Orange => "flag-orange",
            Filter::Yellow => "flag-yellow",
            Filter::Mine => "filter-unit",
            Filter::Closed => "filter-closed",
        }
    }

    /// The query.
    pub fn query(self, unit: Option<&str>) -> TicketQuery {
        let flag = match self {
            Filter::Overdue => Some(Flag::Overdue),
            Filter::Red => Some(Flag::Red),
            Filter::Orange => Some(Flag::Orange),
            Filter::Yellow => Some(Flag::Yellow),
            _ => None,
        };
        let unit = unit.filter(|_| self == Filter::Mine).map(str::to_owned);
        TicketQuery { open: Some(self != Filter::Closed), flag, unit, sort: (self == Filter::Closed).then_some(Sort::Accepted), ..TicketQuery::default() }
    }
}
