//! 标记与批量 (marks and bulk): the tickets marked in the lists, what an act would change on each, and those that are on
//! their way. Not here: judging and sending (`console::many`).
use crate::api::tickets::{ActRequest, TicketRow};
use crate::domain::ids::TicketId;
use crate::domain::ticket::Act;
use std::collections::{HashMap, HashSet, VecDeque};
use uuid::Uuid;

/// What a person works on at once.
#[derive(Debug, Default)]
pub struct Many {
    /// The marked tickets as they were seen last, in the order in which they were marked.
    marked: Vec<TicketRow>,
    /// Words left behind in a box that was for all of them.
    pub words: HashMap<Act, String>,
    /// Acts on several tickets under way.
    pub batch: Option<Batch>,
}

impl Many {
    /// Is this one marked?
    pub fn has(&self, id: TicketId) -> bool {
        self.marked.iter().any(|row| row.id == id)
    }

    /// How many are marked.
    pub fn count(&self) -> usize {
        self.marked.len()
    }

    /// The marked ones.
    pub fn rows(&self) -> impl Iterator<Item = &TicketRow> {
        self.marked.iter()
    }

    /// Marks a ticket.
    pub fn mark(&mut self, row: &TicketRow) {
        if !self.has(row.id) {
            self.marked.push(row.clone());
        }
    }

    /// Takes a mark away; true where there was one.
    pub fn unmark(&mut self, id: Uuid) -> bool {
        let before = self.marked.len();
        self.marked.retain(|row| row.id.0 != id);
        self.marked.len() < before
    }

    /// Takes every mark away.
    pub fn unmark_all(&mut self) {
        self.marked.clear();
    }

    /// A marked ticket has changed.
    pub fn update(&mut self, row: &TicketRow) {
        if let Some(old) = self.marked.iter_mut().find(|old| old.id == row.id && old.version <= row.version) {
            *old = row.clone();
        }
    }
}

/// What would change on one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// 标题.
    pub title: String,
    /// The act on this one: 派单 may be a 改派.
    pub act: Act,
    /// What stands now.
    pub now: String,
    /// What will stand then.
    pub then: String,
}

/// One that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number.
    pub number: String,
    /// 标题.
    pub title: String,
    /// Why.
    pub why: String,
}

/// 预览 (preview): exactly what an act on the marked tickets will change.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The act as it was asked for.
    pub act: Act,
    /// What it brings to each.
    pub request: ActRequest,
    /// Those it goes to.
    pub planned: Vec<Planned>,
    /// Those it does not.
    pub left: Vec<LeftOut>,
}

/// Acts on several tickets, each under its own key.
#[derive(Debug)]
pub struct Batch {
    /// The act.
    pub act: Act,
    /// What it brings.
    pub request: ActRequest,
    /// Those still to be sent.
    pub waiting: VecDeque<Planned>,
    /// Keys on their way.
    pub flying: HashSet<String>,
    /// Keys of those whose outcome is not known; they go out again by themselves.
    pub unsure: HashSet<String>,
    /// Done: number and act.
    pub done: Vec<(String, Act)>,
    /// Not done: number and why.
    pub failed: Vec<(String, String)>,
}

impl Batch {
    /// Is this key one of its own?
    pub fn has(&self, key: &str) -> bool {
        self.flying.contains(key) || self.unsure.contains(key)
    }

    /// Nothing of it is on its way any more.
    pub fn rests(&self) -> bool {
        self.waiting.is_empty() && self.flying.is_empty()
    }
}
