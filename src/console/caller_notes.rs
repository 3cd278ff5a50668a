//! 来电人标注: the language and the tone of the caller on the line, chosen from the caller's pane. Names and numbers have no part
//! in it.
use super::app::App;
use super::effect::Effect;
use super::model::choices::{Choices, Item};
use super::model::prompt::{Prompt, Purpose};
use super::msg::Outcome;
use super::panes::terms;
use crate::api::calls::{CallerNotesView, NoteRequest};
use crate::domain::caller::{CallerLanguage, TONE_DAYS, Tone};
use crate::domain::ids::CallId;
use crate::words;

impl App {
    /// The box of the languages, or of the tones.
    pub(super) fn ask_note(&mut self, tone: bool) {
        if self.model.current_call().is_none() {
            return self.warn(words!("refusal-not-on-a-call"));
        }
        let item = |code: &str, label: String, hint: String| (Item { code: code.to_owned(), label, hint }, code.replace('_', " "));
        let mut items = if tone {
            Tone::ALL.iter().map(|one| item(one.code(), terms::tone(*one), words!("tone-days", days = TONE_DAYS))).collect()
        } else {
            CallerLanguage::ALL.iter().map(|one| item(one.code(), terms::language(*one), String::new())).collect::<Vec<_>>()
        };
        items.push(item("", words!("note-none"), String::new()));
        let purpose = if tone { Purpose::Tone } else { Purpose::Language };
        self.model.prompt = Some(Prompt::new(purpose, Choices::new(items)));
    }

    /// One was chosen.
    pub(super) fn note_chosen(&mut self, tone: bool, code: &str) {
        self.model.prompt = None;
        let Some(call) = self.model.current_call().map(|call| call.id) else { return self.warn(words!("refusal-not-on-a-call")) };
        let none = code.is_empty();
        let request = match tone {
            true => NoteRequest { tone: Tone::from_code(code), no_tone: none, ..NoteRequest::default() },
            false => NoteRequest { language: CallerLanguage::from_code(code), no_language: none, ..NoteRequest::default() },
        };
        let key = self.fresh_key();
        self.effects.push(Effect::NoteCaller { call, request, key });
    }

    pub(super) fn noted(&mut self, call: CallId, result: Outcome<CallerNotesView>) {
        match result {
            Ok(notes) => {
                if let Some((_, card)) = self.model.card.as_mut().filter(|(of, _)| *of == call) {
                    (card.language, card.tone) = (notes.language, notes.tone);
                }
                self.say(words!("note-done"));
            }
            Err(error) => {
                let text = self.words_of(&error);
                self.refused(&error, text);
            }
        }
    }
}
