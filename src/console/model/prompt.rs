//! The small box at the bottom that asks for words, or for one of a few things. What was typed is remembered when it is
//! left or refused.
use super::choices::{Choices, Item};
use super::edit::Conflict;
use super::field::TextField;
use super::many::Plan;
use crate::api::tickets::ActRequest;
use crate::console::keymap::{Chord, Key, Named};
use crate::domain::access::Subject;
use crate::domain::ids::TicketId;
use crate::domain::ticket::Act;

/// What an act must bring besides its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Words.
    Text,
    /// Working days.
    Days,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// Words for an act.
    Text,
    /// A unit.
    Unit,
    /// A reason, and what is asked for after it.
    Reason {
        /// What comes next, where something does.
        then: Option<Next>,
    },
    /// 急难愁盼 class.
    Urgent,
    /// 优先 tag.
    Tag,
    /// 110/119/120/122.
    Service,
    /// 回访: whether it was solved, and 满意度 (rating). Both are kept in the request of the box.
    CallBack,
    /// 延期 (extension): how many working days.
    Days,
    /// One of the acts that are legal now.
    Acts,
    /// Any action of the console.
    Palette,
    /// A ticket by its number.
    Number,
    /// 承诺: what, by when; of an intake where no ticket is named. `visit`: an appointment and nothing else.
    Promise {
        /// 预约上门.
        visit: bool,
    },
    /// 冲突: what two have changed, field by field.
    Conflict(Box<Conflict>),
    /// 上门地点.
    VisitPlace,
    /// Who comes.
    VisitUnit,
    /// A word about the visit.
    VisitNote,
    /// Which promise was kept.
    Kept,
    /// 语言 of the caller.
    Language,
    /// 来电情形 of the caller.
    Tone,
    /// 常用语.
    Phrase,
    /// 预览: what an act on the marked tickets will change, to be confirmed.
    Preview,
    /// A theme.
    Theme,
    /// 明文查看: why.
    Reveal {
        /// Of what.
        of: Subject,
        /// As it is shown: a ticket's number, or a masked caller.
        about: String,
    },
    /// The same, in words of one's own.
    RevealNote {
        /// Of what.
        of: Subject,
        /// As it is shown.
        about: String,
    },
}

impl Purpose {
    /// Is one of several things chosen, rather than words written?
    pub fn is_choice(&self) -> bool {
        !matches!(
            self,
            Purpose::Text | Purpose::Number | Purpose::Days | Purpose::CallBack | Purpose::Preview | Purpose::Conflict(_) | Purpose::RevealNote { .. } | Purpose::VisitPlace | Purpose::VisitNote
        )
    }
}

/// The box.
#[derive(Debug)]
pub struct Prompt {
    /// What is asked for.
    pub purpose: Purpose,
    /// The ticket and its number, where it is about one.
    pub ticket: Option<(TicketId, String)>,
    /// The act it completes.
    pub act: Option<Act>,
    /// It is for all the marked tickets.
    pub many: bool,
    /// What the act on them will change, and the rows of it scrolled away.
    pub plan: Option<(Box<Plan>, usize)>,
    /// What the act has already.
    pub request: ActRequest,
    /// What is typed.
    pub field: TextField,
    /// What can be chosen.
    pub choices: Choices,
    /// The places of those that fit what is typed.
    pub found: Vec<usize>,
    /// The marked one.
    pub selected: usize,
    /// What is wrong with it, in words.
    pub fault: Option<String>,
}

impl Prompt {
    /// A box.
    pub fn new(purpose: Purpose, choices: Choices) -> Prompt {
        let field = if purpose == Purpose::Text { TextField::lines_of() } else { TextField::line() };
        let mut prompt = Prompt { purpose, ticket: None, act: None, many: false, plan: None, request: ActRequest::default(), field, choices, found: Vec::new(), selected: 0, fault: None };
        prompt.typed();
        prompt
    }

    /// For an act on a ticket.
    #[must_use]
    pub fn about(mut self, ticket: (TicketId, String), act: Act) -> Prompt {
        self.ticket = Some(ticket);
        self.act = Some(act);
        self
    }

    /// For an act on all the marked tickets.
    #[must_use]
    pub fn for_many(mut self, act: Act) -> Prompt {
        (self.act, self.many) = (Some(act), true);
        self
    }

    /// What is typed has changed.
    pub fn typed(&mut self) {
        self.found = self.choices.find(self.field.text(), 200);
        self.selected = 0;
        self.fault = None;
    }

    /// A key of the call-back's box: `y` 已解决, `n` 未解决, 1–5 the rating, 0 none. False where it is none of them.
    pub fn press_call_back(&mut self, key: char) -> bool {
        match key {
            'y' | 'Y' => self.request.solved = Some(true),
            'n' | 'N' => self.request.solved = Some(false),
            '0' => self.request.rating = None,
            '1'..='5' => self.request.rating = key.to_digit(10).map(i64::from),
            _ => return false,
        }
        self.fault = None;
        true
    }

    /// A key of the preview: it scrolls, and nothing else.
    pub fn scroll_plan(&mut self, chord: Chord) {
        let by = match chord.key {
            Key::Named(Named::Up) => -1,
            Key::Named(Named::Down) => 1,
            Key::Named(Named::PageUp) => -8,
            Key::Named(Named::PageDown) => 8,
            _ => return,
        };
        if let Some((plan, scroll)) = &mut self.plan {
            *scroll = scroll.saturating_add_signed(by).min(plan.planned.len() + plan.left.len());
        }
    }

    /// Moves the mark.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.found.len().saturating_sub(1));
    }

    /// What is marked.
    pub fn chosen(&self) -> Option<&Item> {
        self.found.get(self.selected).map(|at| &self.choices.items[*at])
    }
}
