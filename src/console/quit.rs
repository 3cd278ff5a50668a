//! Leaving the console: at once where nothing hangs on it, else when the key is pressed again.
use super::ExitReason;
use super::app::App;
use crate::words;

impl App {
    pub(super) fn quit(&mut self) {
        let unsent = !self.model.draft.is_blank() || self.model.parked.iter().any(|draft| !draft.is_blank()) || !self.model.outbox.is_empty();
        let (call, boxes) = (self.model.in_hand().is_some(), self.has_box_words());
        if (unsent || call || boxes || self.by_letter) && self.quit_asked.is_none() {
            self.quit_asked = Some(self.at);
            self.warn(match (call, unsent, boxes) {
                (true, ..) => words!("prompt-quit-call"),
                (_, true, _) => words!("prompt-quit"),
                (.., true) => words!("prompt-quit-words"),
                _ => words!("prompt-quit-letter"),
            });
        } else {
            self.exit = Some(ExitReason::Quit);
        }
    }
}
