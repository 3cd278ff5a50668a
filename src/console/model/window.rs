//! 工单窗口 (window): the stretch of a long list that is on or near the screen. Pages are fetched as the selection comes
//! near an edge and dropped far from it, so that a hundred thousand tickets behind it cost nothing here.
use crate::api::tickets::{Counts, TicketPage, TicketQuery, TicketRow};
use crate::domain::Timestamp;
use crate::domain::clocks::Flag;
use crate::domain::ids::TicketId;
use std::cmp::Ordering;
use std::collections::HashSet;
use uuid::Uuid;

/// Rows of a page.
pub const PAGE: u32 = 200;
/// Rows kept at most.
const KEPT: usize = 1000;
/// How near to an edge the selection comes before the next page is asked for.
const NEAR: usize = 60;

/// A row and the moment it was sorted by when it came: order changes only when the server says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The row; boxed, so that one coming in front of thousands moves little.
    pub row: Box<TicketRow>,
    sort: Option<Timestamp>,
}

/// Which page to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// The first one, in place of all.
    First,
    /// The one after the last row.
    After(String),
    /// One that was dropped in front; its cursor.
    Before(Option<String>),
}

/// The window.
#[derive(Debug, Clone, Default)]
pub struct Window {
    /// What the list is narrowed to.
    pub query: TicketQuery,
    /// The rows, in the list's order.
    pub rows: Vec<Listed>,
    /// The selected row, or where it stood.
    pub selected: usize,
    /// The selected row has left: nothing is selected until a key says what.
    pub adrift: bool,
    /// The list was told to begin again at its top.
    turning: bool,
    /// The first row on the screen.
    pub top: usize,
    /// How many rows were dropped in front.
    pub dropped: usize,
    /// Counts over everything one may see.
    pub counts: Counts,
    /// A first page has come.
    pub loaded: bool,
    /// Which page is under way.
    pub asked: Option<Want>,
    /// Bumped with each new query: an answer to an older one is not taken.
    pub generation: u64,
    ids: HashSet<Uuid>,
    next: Option<String>,
    /// Cursors of the dropped pages, nearest last, and how many rows each had.
    before: Vec<(Option<String>, usize)>,
    /// Cursors and lengths of the pages held, in order.
    held: Vec<(Option<String>, usize)>,
}

impl Window {
    /// An empty window on this list.
    pub fn on(query: TicketQuery) -> Window {
        Window { query, ..Window::default() }
    }

    /// Narrows anew; the old rows stay until the answer comes.
    pub fn narrow(&mut self, query: TicketQuery) {
        self.query = query;
        self.generation += 1;
        self.asked = None;
        self.from_top();
    }

    /// The first page that comes next is looked at from its top; until then nothing is selected.
    pub fn from_top(&mut self) {
        (self.selected, self.top) = (0, 0);
        (self.adrift, self.turning) = (true, true);
    }

    /// The selected row has left, and nobody asked for that.
    pub fn is_lost(&self) -> bool {
        self.adrift && !self.turning
    }

    /// The query for a page.
    pub fn page_query(&self, want: &Want) -> TicketQuery {
        let cursor = match want {
            Want::First => None,
            Want::After(cursor) => Some(cursor.clone()),
            Want::Before(cursor) => cursor.clone(),
        };
        TicketQuery { cursor, limit: Some(PAGE), ..self.query.clone() }
    }

    /// The selected row.
    pub fn current(&self) -> Option<&TicketRow> {
        self.rows.get(self.selected).filter(|_| !self.adrift).map(|listed| &*listed.row)
    }

    /// The row of a ticket, where it is in the window.
    pub fn find(&self, id: TicketId) -> Option<&TicketRow> {
        self.ids.contains(&id.0).then(|| self.rows.iter().find(|listed| listed.row.id == id)).flatten().map(|listed| &*listed.row)
    }

    /// Takes a page in.
    pub fn take(&mut self, want: &Want, page: TicketPage, now: Timestamp) {
        self.counts = page.counts;
        self.asked = None;
        let kept_id = self.current().map(|row| row.id);
        if *want == Want::First {
            self.rows.clear();
            self.ids.clear();
            self.before.clear();
            self.held.clear();
            self.dropped = 0;
            self.loaded = true;
        }
        let ids = &mut self.ids;
        let fresh: Vec<Listed> =
            page.items.into_iter().filter(|row| ids.insert(row.id.0)).map(|row| Listed { sort: row.clocks.sort_at(now), row: Box::new(row) }).collect();
        let count = fresh.len();
        match want {
            Want::First => {
                self.rows = fresh;
                self.held.push((None, count));
                self.next = page.next;
            }
            Want::After(cursor) => {
                self.rows.extend(fresh);
                self.held.push((Some(cursor.clone()), count));
                self.next = page.next;
                self.shed_front();
            }
            Want::Before(cursor) => {
                self.before.pop();
                self.dropped = self.dropped.saturating_sub(count);
                self.held.insert(0, (cursor.clone(), count));
                self.rows.splice(0..0, fresh);
                self.selected += count;
                self.top += count;
                self.shed_back();
            }
        }
        if *want == Want::First {
            let found = kept_id.and_then(|id| self.rows.iter().position(|listed| listed.row.id == id));
            // Another ticket at the same place is not the one that was chosen.
            self.adrift = if std::mem::take(&mut self.turning) { false } else { self.adrift || (kept_id.is_some() && found.is_none()) };
            self.selected = found.unwrap_or(self.selected);
        }
        self.clamp();
    }

    fn shed_front(&mut self) {
        while self.rows.len() > KEPT && self.held.len() > 1 {
            let length = self.held[0].1.min(self.rows.len());
            if self.top.min(self.selected) < length + NEAR {
                return;
            }
            for listed in self.rows.drain(..length) {
                self.ids.remove(&listed.row.id.0);
            }
            self.before.push(self.held.remove(0));
            self.dropped += length;
            self.selected -= length;
            self.top -= length;
        }
    }

    fn shed_back(&mut self) {
        while self.rows.len() > KEPT && self.held.len() > 1 {
            let Some((cursor, length)) = self.held.pop() else { return };
            let from = self.rows.len().saturating_sub(length);
            for listed in self.rows.drain(from..) {
                self.ids.remove(&listed.row.id.0);
            }
            self.next = cursor;
        }
    }

    /// The page to fetch now, if the selection has come near an edge. Asking marks it as under way.
    pub fn want(&mut self) -> Option<Want> {
        if self.asked.is_some() {
            return None;
        }
        let want = if !self.loaded {
            Want::First
        } else if self.selected + NEAR >= self.rows.len() && self.next.is_some() {
            Want::After(self.next.clone()?)
        } else if self.selected < NEAR && !self.before.is_empty() {
            Want::Before(self.before.last()?.0.clone())
        } else {
            return None;
        };
        self.asked = Some(want.clone());
        Some(want)
    }

    /// Asks for the first page again, keeping what is shown until it comes.
    pub fn reload(&mut self) -> Want {
        self.generation += 1;
        self.asked = Some(Want::First);
        Want::First
    }

    /// A row has changed or come into sight. True when what is shown may have changed.
    pub fn apply(&mut self, row: &TicketRow, now: Timestamp) -> bool {
        if !self.loaded {
            return false;
        }
        let known = self.ids.contains(&row.id.0);
        let old = if known { self.rows.iter().position(|listed| listed.row.id == row.id) } else { None };
        if let Some(at) = old
            && self.rows[at].row.version >= row.version
        {
            return false;
        }
        let belongs = self.belongs(row, now);
        if old.is_none() && !belongs {
            return false;
        }
        // Where the selected row goes is followed, not searched for: in a storm this runs thousands of times a second.
        let mut selected = if self.rows.is_empty() { None } else { Some(self.selected) };
        if let Some(at) = old {
            self.rows.remove(at);
            selected = selected.and_then(|selected| match at.cmp(&selected) {
                Ordering::Less => Some(selected - 1),
                Ordering::Equal => None,
                Ordering::Greater => Some(selected),
            });
        }
        let listed = Listed { sort: row.clocks.sort_at(now), row: Box::new(row.clone()) };
        let key = |listed: &Listed| (listed.sort.is_none(), listed.sort, listed.row.id.0);
        let newest_first = self.query.sort == Some(crate::api::tickets::Sort::Accepted);
        let place = if newest_first {
            self.rows.partition_point(|other| (other.row.accepted_at, other.row.id.0) > (row.accepted_at, row.id.0))
        } else {
            self.rows.partition_point(|other| key(other) < key(&listed))
        };
        let inside = (place > 0 || self.before.is_empty()) && (place < self.rows.len() || self.next.is_none());
        if belongs && inside {
            self.rows.insert(place, listed);
            self.ids.insert(row.id.0);
            selected = match selected {
                Some(selected) => Some(selected + usize::from(place <= selected)),
                // The selected row itself has moved, or it is the first of all.
                None => Some(place),
            };
        } else {
            self.ids.remove(&row.id.0);
        }
        self.reselect(selected);
        true
    }

    /// A row has left one's sight.
    pub fn leave(&mut self, id: Uuid) -> bool {
        if !self.ids.remove(&id) {
            return false;
        }
        let selected = self.current().map(|row| row.id);
        self.rows.retain(|listed| listed.row.id.0 != id);
        let at = selected.and_then(|id| self.rows.iter().position(|listed| listed.row.id == id));
        self.reselect(at);
        true
    }

    fn belongs(&self, row: &TicketRow, now: Timestamp) -> bool {
        let query = &self.query;
        query.open.is_none_or(|open| row.step.is_open() == open)
            && query.step.is_none_or(|step| row.step == step)
            && query.flag.is_none_or(|flag| row.clocks.flag(now) == flag)
            && query.number.as_ref().is_none_or(|number| &row.number == number)
            && query.unit.as_ref().is_none_or(|unit| row.unit.as_deref().is_some_and(|own| crate::domain::rights::within(own, unit)))
    }

    /// `at`: where the selected row stands now; none where it has gone.
    fn reselect(&mut self, at: Option<usize>) {
        if let Some(at) = at {
            // What one looks at stays where it is on the screen.
            if self.top > 0 {
                self.top = (self.top + at).saturating_sub(self.selected);
            }
            self.selected = at;
        }
        self.adrift |= at.is_none();
        self.clamp();
    }

    /// Selects this ticket's row, where it is in the window.
    pub fn select(&mut self, id: TicketId) {
        if let Some(at) = self.rows.iter().position(|listed| listed.row.id == id) {
            (self.selected, self.adrift) = (at, false);
        }
    }

    /// Selects a row again where none is: the one at that place.
    pub fn settle(&mut self) {
        self.adrift = self.turning;
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        // What stands where the row that left stood is the next one down.
        let by = if std::mem::take(&mut self.adrift) && by == 1 { 0 } else { by };
        self.turning = false;
        self.selected = self.selected.saturating_add_signed(by);
        self.clamp();
    }

    fn clamp(&mut self) {
        self.adrift &= !self.rows.is_empty() || self.turning;
        self.selected = self.selected.min(self.rows.len().saturating_sub(1));
        self.top = self.top.min(self.rows.len().saturating_sub(1));
    }

    /// Scrolls so that the selection is among `height` rows.
    pub fn show(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self.top.min(self.rows.len().saturating_sub(height)).min(self.selected).max((self.selected + 1).saturating_sub(height));
    }

    /// Is anything among `height` rows within the hour, so that its seconds are shown?
    pub fn within_the_hour(&self, height: usize, now: Timestamp) -> bool {
        self.rows.iter().skip(self.top).take(height).any(|listed| {
            let at = match listed.row.clocks.flag(now) {
                _ if listed.row.clocks.closed_at.is_some() => None,
                Flag::Overdue => listed.row.clocks.due,
                _ => listed.row.clocks.next(now).map(|next| next.at),
            };
            at.is_some_and(|at| (at - now).num_seconds().abs() < 3600)
        })
    }
}

#[cfg(test)]
mod tests;
