//! 修改登记内容 (edit): what was registered, and what becomes of it where two have changed it: a field one alone has changed goes
//! together by itself, a field both have changed is somebody's to decide. Pure; nothing typed is thrown away here.
use super::draft::Field;
use crate::api::tickets::{EditRequest, TicketDetail};
use crate::domain::ids::TicketId;
use crate::domain::limits::TicketKind;
use serde::{Deserialize, Serialize};

/// The fields an edit may change.
pub const FIELDS: [Field; 5] = [Field::Kind, Field::Title, Field::Matter, Field::Place, Field::Body];

/// What is registered of a ticket, or typed in its place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registered {
    /// 类型.
    pub kind: Option<TicketKind>,
    /// 标题.
    pub title: String,
    /// 事项 code.
    pub class: Option<String>,
    /// 地点.
    pub place: String,
    /// 诉求.
    pub body: String,
}

/// The ticket a form corrects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditOf {
    /// Which.
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// The version it was opened at.
    pub version: i64,
    /// As it stood then.
    pub base: Registered,
    /// What was sent last and not answered, under the draft's key.
    pub sent: Option<(EditRequest, i64)>,
}

impl Registered {
    /// Of a ticket as it stands.
    pub fn of(detail: &TicketDetail) -> Registered {
        Registered {
            kind: Some(detail.row.kind),
            title: detail.row.title.trim().to_owned(),
            class: detail.row.class.clone(),
            place: detail.place.as_deref().unwrap_or_default().trim().to_owned(),
            body: detail.body.trim().to_owned(),
        }
    }

    /// One field, as it is compared and shown where no better word is known.
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Kind => self.kind.map(TicketKind::code).unwrap_or_default(),
            Field::Title => &self.title,
            Field::Matter => self.class.as_deref().unwrap_or_default(),
            Field::Place => &self.place,
            Field::Body => &self.body,
            _ => "",
        }
    }

    /// Takes one field of another.
    pub fn take(&mut self, field: Field, from: &Registered) {
        match field {
            Field::Kind => self.kind = from.kind,
            Field::Title => self.title.clone_from(&from.title),
            Field::Matter => self.class.clone_from(&from.class),
            Field::Place => self.place.clone_from(&from.place),
            Field::Body => self.body.clone_from(&from.body),
            _ => {}
        }
    }

    /// The first field that stood and was emptied: an edit replaces, it does not take away.
    pub fn emptied(&self, base: &Registered) -> Option<Field> {
        FIELDS.into_iter().find(|field| self.text(*field).is_empty() && !base.text(*field).is_empty())
    }

    /// What is sent: the fields that are another than they stood.
    pub fn changes(&self, base: &Registered) -> EditRequest {
        let changed = |field: Field| self.text(field) != base.text(field) && !self.text(field).is_empty();
        let text = |field: Field| changed(field).then(|| self.text(field).to_owned());
        EditRequest {
            kind: self.kind.filter(|_| changed(Field::Kind)),
            class: text(Field::Matter),
            title: text(Field::Title),
            body: text(Field::Body),
            place: text(Field::Place),
        }
    }
}

/// What came of two changes: mine with what only the other has changed, and the fields both have changed.
pub fn merged(base: &Registered, theirs: &Registered, mine: &Registered) -> (Registered, Vec<Field>) {
    let (mut whole, mut both) = (mine.clone(), Vec::new());
    for field in FIELDS {
        let (was, their, my) = (base.text(field), theirs.text(field), mine.text(field));
        if my == was {
            whole.take(field, theirs);
        } else if their != was && their != my {
            both.push(field);
        }
    }
    (whole, both)
}

/// 冲突 (conflict): a field both have changed, and whose is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Clash {
    /// Which.
    pub field: Field,
    /// Mine, or theirs; none while nobody has said.
    pub mine: Option<bool>,
}

/// The screen of the conflicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// As it stood when the form was opened.
    pub was: Registered,
    /// As the other has left it.
    pub theirs: Registered,
    /// As it stands in the form, with what only the other has changed.
    pub mine: Registered,
    /// The version the other left.
    pub version: i64,
    /// Field by field.
    pub clashes: Vec<Clash>,
    /// The marked one.
    pub selected: usize,
}

impl Conflict {
    /// A key: `1` theirs, `2` mine. False where it is none of them.
    pub fn press(&mut self, key: char) -> bool {
        let mine = match key {
            '1' => false,
            '2' => true,
            _ => return false,
        };
        if let Some(clash) = self.clashes.get_mut(self.selected) {
            clash.mine = Some(mine);
        }
        // On to the next that nobody has decided.
        if let Some(next) = self.clashes.iter().position(|clash| clash.mine.is_none()) {
            self.selected = next;
        }
        true
    }

    /// Moves the mark.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.clashes.len().saturating_sub(1));
    }

    /// Everything as it was decided; none while a field is open.
    pub fn settled(&self) -> Option<Registered> {
        let mut whole = self.mine.clone();
        for clash in &self.clashes {
            if !clash.mine? {
                whole.take(clash.field, &self.theirs);
            }
        }
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered(title: &str, place: &str, body: &str) -> Registered {
        Registered { kind: Some(TicketKind::Complaint), title: title.into(), class: None, place: place.into(), body: body.into() }
    }

    #[test]
    fn fields_one_alone_changed_go_together_and_fields_both_changed_are_asked_for() {
        let base = registered("原题", "原地", "原文");
        let theirs = registered("别人的题", "别人的地", "原文");
        let mine = Registered { kind: Some(TicketKind::Report), ..registered("我的题", "原地", "我的文") };
        let (whole, both) = merged(&base, &theirs, &mine);
        assert_eq!(both, [Field::Title]);
        assert_eq!((whole.title.as_str(), whole.place.as_str(), whole.body.as_str(), whole.kind), ("我的题", "别人的地", "我的文", Some(TicketKind::Report)));
        // The same words from both are no conflict.
        assert_eq!(merged(&base, &theirs, &registered("别人的题", "原地", "原文")).1, []);
        let mut conflict = Conflict { was: base, theirs: theirs.clone(), mine: whole, version: 7, clashes: vec![Clash { field: Field::Title, mine: None }], selected: 0 };
        assert!(conflict.settled().is_none() && !conflict.press('3'));
        conflict.press('1');
        let settled = conflict.settled().unwrap();
        assert_eq!(settled.title, "别人的题");
        let sent = settled.changes(&theirs);
        assert_eq!((sent.title, sent.place, sent.body.as_deref(), sent.kind), (None, None, Some("我的文"), Some(TicketKind::Report)), "only what differs from what stands");
    }

    #[test]
    fn what_was_emptied_is_named_and_not_sent() {
        let (base, mine) = (registered("题", "地", "文"), registered("题", "", "文"));
        assert_eq!((mine.emptied(&base), mine.changes(&base)), (Some(Field::Place), EditRequest::default()));
    }
}
