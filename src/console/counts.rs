//! 数字 (counts): digits before a motion or an open, `5 j`, `12 G`, where digits are not picks of their own.
use super::app::App;
use super::effect::Ask;
use super::keymap::{Action, Chord, Context, Fed, Key, Named};
use super::model::Pane;
use crate::words;

/// The most that can be counted: more rows than one walks by hand.
const MOST: u32 = 99_999;

impl App {
    /// Takes a digit, or the escape that drops what was counted; false where the press is something else.
    pub(super) fn counts(&mut self, chord: Chord, contexts: &[Context]) -> bool {
        if !self.chords.is_empty() {
            return false;
        }
        if self.count.is_some() && chord.key == Key::Named(Named::Esc) {
            self.count = None;
            return true;
        }
        let Key::Char(digit) = chord.key else { return false };
        let place = matches!(contexts.last(), Some(Context::Queue | Context::Tickets | Context::TicketDetail | Context::Help));
        let Some(digit) = digit.to_digit(10).filter(|_| place && !chord.alt && !chord.ctrl) else { return false };
        // A keymap may give digits to something else; and nothing is counted from nought.
        if (digit == 0 && self.count.is_none()) || self.keymap.feed(contexts, &[], chord) != Fed::Nothing {
            return false;
        }
        self.count = Some((self.count.unwrap_or(0) * 10 + digit).min(MOST));
        true
    }

    /// Runs an action as often as was counted, or at the row that was.
    pub(super) fn run_counted(&mut self, action: Action, count: u32) {
        let by = isize::try_from(count).unwrap_or(isize::MAX);
        match action {
            Action::SelectUp => self.step(-by),
            Action::SelectDown => self.step(by),
            Action::SelectPageUp => self.step(-by.saturating_mul(self.page())),
            Action::SelectPageDown => self.step(by.saturating_mul(self.page())),
            Action::SelectFirst | Action::SelectLast => self.go_to(count),
            Action::Open => {
                self.go_to(count);
                self.run(action);
            }
            // A number before an act might be meant as so many tickets: nothing is done rather than that.
            action if Self::act_of(action).is_some() => self.warn(words!("count-moves-only")),
            action => self.run(action),
        }
    }

    /// To the row of this number, from one, or to the last there is.
    fn go_to(&mut self, row: u32) {
        let at = usize::try_from(row).unwrap_or(1).saturating_sub(1);
        let (window, ask) = match self.model.focus() {
            _ if self.model.help.is_some() || self.model.own.shown.is_some() || self.model.looks.is_some() => return self.go_down_to(at),
            Pane::Board => (&mut self.model.board, Ask::Board),
            Pane::List => (&mut self.model.list, Ask::List),
            _ => return self.go_down_to(at),
        };
        let here = window.dropped + window.selected;
        let by = isize::try_from(at).unwrap_or(isize::MAX).saturating_sub(isize::try_from(here).unwrap_or(0));
        if at == 0 && window.dropped > 0 {
            window.from_top();
            let want = window.reload();
            let effect = self.page_of(ask, want);
            self.effects.push(effect);
        } else {
            // A row that has just left does not count as one.
            window.settle();
            window.step(by);
        }
    }

    fn go_down_to(&mut self, at: usize) {
        self.step(isize::MIN / 2);
        self.step(isize::try_from(at).unwrap_or(0));
    }
}
