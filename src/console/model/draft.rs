//! 受理登记 (intake) while it is being written. It survives everything but being sent: the end of the call, a lost link,
//! a refused send, an ended login.
use super::choices::Names;
use super::edit::{EditOf, FIELDS, Registered};
use super::field::TextField;
pub use super::form_field::Field;
pub use super::kept_draft::{BoxWords, KeptDraft};
use super::outbox::Outgoing;
use crate::api::tickets::{EnterpriseProfile, NewPromise, NewTicket, Then};
use crate::domain::credit_code;
use crate::domain::ids::CallId;
use crate::domain::limits::{Line, Tag, TicketKind};
use crate::domain::ticket::Pin;
use uuid::Uuid;

/// Why a draft cannot be sent yet: the field, named by its words id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacking(pub Field);

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is kept under on this machine; none while there is nothing to keep.
    pub id: Option<Uuid>,
    /// The call it belongs to.
    pub call: Option<CallId>,
    /// 线路 of that call.
    pub line: Line,
    /// 类型.
    pub kind: Option<TicketKind>,
    /// 标题.
    pub title: TextField,
    /// 事项: what was typed, and the code chosen.
    pub matter: TextField,
    /// The matter's code.
    pub matter_code: Option<String>,
    /// 地点.
    pub place: TextField,
    /// 诉求.
    pub body: TextField,
    /// 承办: what was typed.
    pub unit: TextField,
    /// The unit's code.
    pub unit_code: Option<String>,
    /// The unit is the catalogue's own: it goes with the matter.
    pub unit_by_matter: bool,
    /// 急难愁盼 code.
    pub urgent: Option<String>,
    /// 优先.
    pub tag: Option<Tag>,
    /// 绿色通道.
    pub green: bool,
    /// 承诺 made on the call.
    pub promise: Option<NewPromise>,
    /// 统一社会信用代码.
    pub credit_code: TextField,
    /// 行业.
    pub industry: TextField,
    /// 园区.
    pub park: TextField,
    /// Where the caret is.
    pub focus: Field,
    /// Which proposal is marked.
    pub proposal: usize,
    /// What went wrong, in words, where it did.
    pub fault: Option<(Option<Field>, String)>,
    /// The key it was sent under, kept until the server has said yes or no: sent again, it is still the same act.
    pub key: Option<String>,
    /// The number leased for it, once it was sent.
    pub number: Option<String>,
    /// The request, from the first try on.
    pub outgoing: Option<Outgoing>,
    /// The ticket it corrects, where it is no new intake.
    pub edits: Option<EditOf>,
    /// On its way.
    pub sending: bool,
    /// What is on its way is the first try once more, and the words here have been changed since: first it is asked
    /// whether that one stands.
    pub asking: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Draft {
            id: None,
            call: None,
            line: Line::Citizen,
            kind: None,
            title: TextField::line(),
            matter: TextField::line(),
            matter_code: None,
            place: TextField::line(),
            body: TextField::lines_of(),
            unit: TextField::line(),
            unit_code: None,
            unit_by_matter: false,
            urgent: None,
            tag: None,
            green: false,
            promise: None,
            credit_code: TextField::line(),
            industry: TextField::line(),
            park: TextField::line(),
            focus: Field::Kind,
            proposal: 0,
            fault: None,
            key: None,
            number: None,
            outgoing: None,
            edits: None,
            sending: false,
            asking: false,
        }
    }
}

impl Draft {
    /// Has anything been written?
    pub fn is_blank(&self) -> bool {
        let texts = [&self.title, &self.matter, &self.place, &self.body, &self.unit, &self.credit_code, &self.industry, &self.park];
        let marked = self.urgent.is_some() || self.tag.is_some() || self.green || self.promise.is_some();
        self.kind.is_none() && !marked && texts.iter().all(|field| field.is_blank())
    }

    /// Whether something was written since it was sent.
    pub fn changed_since_sent(&self) -> bool {
        self.outgoing.as_ref().is_some_and(|outgoing| {
            let (sent, title) = (&outgoing.ticket, self.title.text().trim());
            let written = (title.is_empty() || title == sent.title) && self.body.text().trim() == sent.body && self.place.text().trim() == sent.place.as_deref().unwrap_or_default();
            !written || self.kind.is_some_and(|kind| kind != sent.kind)
        })
    }

    /// As it is kept.
    pub fn kept(&self, id: Uuid) -> KeptDraft {
        let text = |field: &TextField| field.text().to_owned();
        KeptDraft {
            id,
            call: self.call,
            line: self.line,
            kind: self.kind,
            title: text(&self.title),
            matter: text(&self.matter),
            matter_code: self.matter_code.clone(),
            place: text(&self.place),
            body: text(&self.body),
            unit: text(&self.unit),
            unit_code: self.unit_code.clone(),
            urgent: self.urgent.clone(),
            tag: self.tag,
            green: self.green,
            promise: self.promise.clone(),
            credit_code: text(&self.credit_code),
            industry: text(&self.industry),
            park: text(&self.park),
            key: self.key.clone(),
            number: self.number.clone(),
            outgoing: self.outgoing.clone(),
            edits: self.edits.clone(),
            in_box: None,
        }
    }

    /// Words in 事项 that stand for nothing in the catalogue: they would not be sent.
    pub fn uncoded_matter(&self) -> bool {
        self.matter_code.is_none() && !self.matter.is_blank()
    }

    /// The fields of the form: an edit has those that can be corrected.
    pub fn fields(&self) -> &'static [Field] {
        if self.edits.is_some() { &FIELDS } else { Field::of(self.line) }
    }

    /// What can be corrected, as it stands in the form.
    pub fn registered(&self) -> Registered {
        let text = |field: &TextField| field.text().trim().to_owned();
        Registered { kind: self.kind, title: text(&self.title), class: self.matter_code.clone(), place: text(&self.place), body: text(&self.body) }
    }

    /// How many items the form has: its fields, and 急难愁盼.
    pub fn items(&self) -> usize {
        self.fields().len() + usize::from(self.edits.is_none())
    }

    /// How many of them are filled, as they would be sent.
    pub fn filled(&self) -> usize {
        let filled = |field: &Field| match field {
            Field::Kind => self.kind.is_some(),
            Field::Matter => self.matter_code.is_some(),
            Field::Unit => self.unit_code.is_some(),
            field => self.field(*field).is_some_and(|text| !text.is_blank()),
        };
        self.fields().iter().filter(|field| filled(field)).count() + usize::from(self.urgent.is_some())
    }

    /// The field that is typed into; none for the kind, which is chosen by digit.
    pub fn field_mut(&mut self, field: Field) -> Option<&mut TextField> {
        Some(match field {
            Field::Kind => return None,
            Field::Title => &mut self.title,
            Field::Matter => &mut self.matter,
            Field::Place => &mut self.place,
            Field::Body => &mut self.body,
            Field::Unit => &mut self.unit,
            Field::CreditCode => &mut self.credit_code,
            Field::Industry => &mut self.industry,
            Field::Park => &mut self.park,
        })
    }

    /// The same, to look at.
    pub fn field(&self, field: Field) -> Option<&TextField> {
        Some(match field {
            Field::Kind => return None,
            Field::Title => &self.title,
            Field::Matter => &self.matter,
            Field::Place => &self.place,
            Field::Body => &self.body,
            Field::Unit => &self.unit,
            Field::CreditCode => &self.credit_code,
            Field::Industry => &self.industry,
            Field::Park => &self.park,
        })
    }

    /// Proposals for the field that has the caret: places in the choices it draws from.
    pub fn proposals(&self, names: &Names, limit: usize) -> Vec<usize> {
        match self.focus {
            Field::Matter if self.matter_code.is_none() && !self.matter.is_blank() => names.matters.find(self.matter.text(), limit),
            Field::Unit if self.unit_code.is_none() && !self.unit.is_blank() => names.units.find(self.unit.text(), limit),
            _ => Vec::new(),
        }
    }

    /// Takes the marked proposal, if there is one.
    pub fn adopt(&mut self, names: &Names) -> bool {
        let found = self.proposals(names, 8);
        let Some(at) = found.get(self.proposal).or(found.first()).copied() else { return false };
        if self.focus == Field::Matter {
            let item = &names.matters.items[at];
            self.matter.set(&item.label);
            self.matter_code = Some(item.code.clone());
            if let (None, true, Some(unit)) = (&self.unit_code, self.unit.is_blank(), names.unit_of_matter(&item.code)) {
                self.unit.set(&unit.label);
                self.unit_code = Some(unit.code.clone());
                self.unit_by_matter = true;
            }
        } else {
            let item = &names.units.items[at];
            self.unit.set(&item.label);
            self.unit_code = Some(item.code.clone());
            self.unit_by_matter = false;
        }
        self.proposal = 0;
        true
    }

    /// What was typed has changed: a choice made before no longer stands.
    pub fn edited(&mut self) {
        self.proposal = 0;
        self.fault = None;
        match self.focus {
            Field::Matter => {
                self.matter_code = None;
                // What the catalogue put there for the other matter is not sent with this one.
                if std::mem::take(&mut self.unit_by_matter) {
                    self.unit.set("");
                    self.unit_code = None;
                }
            }
            Field::Unit => (self.unit_code, self.unit_by_matter) = (None, false),
            _ => {}
        }
    }

    /// To the next or the previous field.
    pub fn go(&mut self, by: isize) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        self.focus = fields[at.saturating_add_signed(by).min(fields.len() - 1)];
        self.proposal = 0;
    }

    /// The next urgent class, and after the last none.
    pub fn cycle_urgent(&mut self, names: &Names) {
        let rows = &names.view.urgent;
        let at = self.urgent.as_ref().and_then(|code| rows.iter().position(|row| &row.code == code));
        self.urgent = rows.get(at.map_or(0, |at| at + 1)).map(|row| row.code.clone());
    }

    /// The next 优先 tag, and after the last none.
    pub fn cycle_tag(&mut self) {
        let at = self.tag.and_then(|tag| Tag::ALL.iter().position(|one| *one == tag));
        self.tag = Tag::ALL.get(at.map_or(0, |at| at + 1)).copied();
    }

    /// The same form once more, as it was before it went out: to be sent it takes a key and a number of its own.
    #[must_use]
    pub fn again(&self) -> Draft {
        Draft { id: None, key: None, number: None, outgoing: None, sending: false, fault: None, ..self.clone() }
    }

    /// 企业档案, as it is sent from the enterprise line.
    fn enterprise(&self) -> Result<Option<EnterpriseProfile>, Lacking> {
        if self.line != Line::Enterprise {
            return Ok(None);
        }
        let text = |field: &TextField| Some(field.text().trim().to_owned()).filter(|text| !text.is_empty());
        let mut profile = EnterpriseProfile { credit_code: text(&self.credit_code), industry: text(&self.industry), park: text(&self.park) };
        if let Some(code) = &mut profile.credit_code {
            *code = credit_code::check(code).map_err(|_| Lacking(Field::CreditCode))?;
        }
        Ok(Some(profile).filter(|profile| *profile != EnterpriseProfile::default()))
    }

    /// What is sent; `answered`: 直接解答 with these pins, else 派单 to the chosen unit.
    ///
    /// # Errors
    /// The first field that is still needed.
    pub fn request(&self, answered: Option<(&[Pin], &str)>) -> Result<NewTicket, Lacking> {
        let kind = self.kind.or(answered.map(|_| TicketKind::Consultation)).ok_or(Lacking(Field::Kind))?;
        let title = match (self.title.text().trim(), self.body.text().trim(), answered) {
            ("", "", Some((_, article))) if !article.is_empty() => article.to_owned(),
            ("", "", _) => return Err(Lacking(Field::Body)),
            // The first words of the matter stand for a title nobody wrote.
            ("", body, _) => body.lines().next().unwrap_or_default().chars().take(40).collect(),
            (title, _, _) => title.to_owned(),
        };
        let then = match (answered, &self.unit_code) {
            (Some(_), _) => Then::Answer,
            (None, Some(unit)) => Then::Dispatch { unit: unit.clone() },
            (None, None) => return Err(Lacking(Field::Unit)),
        };
        if self.uncoded_matter() {
            return Err(Lacking(Field::Matter));
        }
        let place = self.place.text().trim();
        Ok(NewTicket {
            kind,
            class: self.matter_code.clone(),
            urgent_class: self.urgent.clone(),
            tag: self.tag,
            green: self.green,
            line: self.line,
            title,
            body: self.body.text().trim().to_owned(),
            place: (!place.is_empty()).then(|| place.to_owned()),
            call: self.call,
            pins: answered.map(|(pins, _)| pins.to_vec()).unwrap_or_default(),
            then,
            number: self.number.clone(),
            enterprise: self.enterprise()?,
            promise: self.promise.clone(),
        })
    }
}
