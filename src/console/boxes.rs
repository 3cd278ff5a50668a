//! Words written in a box for an act (反馈, 备注, 联系 …) are kept on this machine as an intake is: sealed, from half a second
//! after they were typed until the server has them, and they stand in the box again when the act is begun once more.
use super::app::App;
use super::model::draft::{BoxWords, KeptDraft};
use super::model::prompt::{Prompt, Purpose};
use crate::domain::ids::TicketId;
use crate::domain::ticket::Act;
use crate::text::scrub::scrub_multiline;
use std::collections::HashMap;
use uuid::Uuid;

impl App {
    /// Is anything written for an act that the server has not taken?
    pub(super) fn has_box_words(&self) -> bool {
        !self.model.remembered.is_empty() || self.open_box().is_some()
    }

    /// What stands in the box that is open.
    fn open_box(&self) -> Option<((TicketId, Act), &str)> {
        match &self.model.prompt {
            Some(Prompt { purpose: Purpose::Text, ticket: Some((ticket, _)), act: Some(act), field, .. }) if !field.is_blank() => Some(((*ticket, *act), field.text())),
            _ => None,
        }
    }

    /// All of them as they are to be kept, each under an id that stays for as long as there are words.
    pub(super) fn box_words(&mut self) -> Vec<KeptDraft> {
        let mut live: HashMap<(TicketId, Act), String> = self.model.remembered.clone();
        live.extend(self.open_box().map(|(about, text)| (about, text.to_owned())));
        let ids = &mut self.keeping.boxes;
        ids.retain(|about, _| live.contains_key(about));
        let kept = |((ticket, act), text)| {
            let id = *ids.entry((ticket, act)).or_insert_with(Uuid::now_v7);
            KeptDraft { id, in_box: Some(BoxWords { ticket, act, text }), ..KeptDraft::default() }
        };
        live.into_iter().map(kept).collect()
    }

    /// Words an earlier console left behind.
    pub(super) fn box_words_found(&mut self, id: Uuid, words: &BoxWords) {
        let about = (words.ticket, words.act);
        self.keeping.boxes.insert(about, id);
        self.model.remembered.entry(about).or_insert_with(|| scrub_multiline(&words.text).into_owned());
    }
}
