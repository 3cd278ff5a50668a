//! 答复依据: what is pinned to the call by a key and taken off by the same, and the answer that is given from it.
use super::app::App;
use super::effect::Effect;
use crate::api::tickets::PinRequest;
use crate::words;

impl App {
    /// 直接解答; with the same pins once more only where another matter is named.
    pub(super) fn answer_directly(&mut self) {
        let pinned = self.model.current_call().map(|call| (call.id, call.pins.len()));
        // Neither title nor words: it is the same matter once more.
        let draft = &self.model.draft;
        if draft.title.is_blank() && draft.body.is_blank() && draft.key.is_none() && pinned.is_some() && pinned == self.model.answered {
            return self.warn(words!("refusal-answered-already"));
        }
        self.send_draft(true);
    }

    /// Pins the hit at this place of the list, or takes it off again.
    pub(super) fn pin(&mut self, place: usize) {
        let Some(call) = self.model.current_call().map(|call| call.id) else { return self.warn(words!("refusal-not-on-a-call")) };
        let on_it: Vec<_> = self.model.current_call().map(|call| call.pins.iter().map(|pin| pin.article).collect()).unwrap_or_default();
        let knowledge = &mut self.model.knowledge;
        let Some(hit) = knowledge.hits.get(knowledge.top + place) else { return self.warn(words!("refusal-nothing-selected")) };
        let head = hit.head.clone();
        let pinned = on_it.contains(&head.id);
        let pin = PinRequest { article: head.id, revision: head.revision };
        let code = head.code.clone();
        knowledge.pinned.retain(|known| known.id != head.id);
        if pinned {
            let key = self.fresh_key();
            return self.effects.push(Effect::Unpin { call, pin, code, key });
        }
        knowledge.pinned.push(head);
        let key = self.fresh_key();
        self.effects.push(Effect::Pin { call, pin, code, key });
    }
}
