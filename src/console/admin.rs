//! 管理 by keys: which kind, which row, what narrows them; and what came of what was asked. Not here: the small form
//! (`filing`) and the audit (`auditing`).
use super::app::App;
use super::asks::{Ask, Told};
use super::effect::Effect;
use super::keymap::{Action, Chord, Key, Named};
use super::model::admin::{History, Kind, fields_of};
use super::model::admin_form::editing;
use super::model::{Pane, ScreenName, clean};
use super::panes::terms;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::domain::tables::TableName;
use crate::words;

impl App {
    /// The kinds of things this person may see.
    pub fn kinds(&self) -> Vec<Kind> {
        self.model.me.as_ref().map(Kind::of).unwrap_or_default()
    }

    /// The chosen one.
    pub fn kind(&self) -> Option<Kind> {
        self.kinds().get(self.model.admin.kind).copied()
    }

    pub(super) fn ask(&mut self, ask: Ask) {
        self.effects.push(Effect::Admin(Box::new(ask)));
    }

    /// To the screen; to its audit where that is asked for.
    pub(super) fn go_admin(&mut self, audit: bool) {
        let kinds = self.kinds();
        let audit_at = kinds.iter().position(|kind| *kind == Kind::Audit);
        if kinds.is_empty() || (audit && audit_at.is_none()) {
            let needed = if audit { Capability::AuditRead } else { Capability::TableManage };
            return self.warn(terms::refusal(&Refusal::Forbidden { capability: needed }));
        }
        self.model.screen = ScreenName::Admin;
        (self.model.help, self.model.zoom) = (None, false);
        if let Some(at) = audit_at.filter(|_| audit) {
            self.model.focuses[ScreenName::Admin as usize] = Pane::Rows;
            self.choose_kind(at);
        } else {
            self.choose_kind(self.model.admin.kind.min(kinds.len() - 1));
        }
    }

    fn choose_kind(&mut self, at: usize) {
        let changed = self.model.admin.kind != at;
        let admin = &mut self.model.admin;
        admin.kind = at;
        if changed {
            admin.filter.set("");
            (admin.filtering, admin.selected, admin.top, admin.scroll) = (false, 0, 0, 0);
        }
        self.fill_rows();
        match self.kind() {
            Some(Kind::Users) if self.model.admin.users.is_none() => self.ask(Ask::Users),
            Some(Kind::Audit) if self.model.admin.audit.generation == 0 => self.ask_entries(Default::default()),
            _ => {}
        }
        self.settle_history();
    }

    /// The rows again: what they are made of has changed.
    pub(super) fn fill_rows(&mut self) {
        if let Some(kind) = self.kind() {
            self.model.admin.fill(kind, &self.model.names.view);
        }
    }

    /// The history of the marked row, one question at a time: whoever runs down the list asks for the last one only.
    fn settle_history(&mut self) {
        let Some(kind) = self.kind().filter(|kind| *kind != Kind::Audit) else { return };
        let Some(code) = self.model.admin.current().map(|item| item.code.clone()) else { return };
        let of = (kind, code);
        match &self.model.admin.history {
            Some(history) if history.of == of || (history.rows.is_none() && history.fault.is_none()) => {}
            _ => {
                self.model.admin.history = Some(History { of: of.clone(), rows: None, fault: None });
                self.ask(Ask::History(of.0, of.1));
            }
        }
    }

    /// An action on this screen; false where it is none of its own.
    pub(super) fn admin_runs(&mut self, action: Action) -> bool {
        use Action as A;
        if self.model.screen != ScreenName::Admin || self.model.help.is_some() || self.model.prompt.is_some() || self.model.login.is_some() {
            return false;
        }
        if let Some(form) = &mut self.model.admin.form {
            match action {
                A::PaneNext => form.go(1),
                A::PanePrevious => form.go(-1),
                A::Submit => self.submit_form(),
                A::Cancel if form.preview.is_some() && !form.lines.is_empty() && !form.sending => form.preview = None,
                A::Cancel => self.leave_form(),
                _ => return false,
            }
            return true;
        }
        if self.model.admin.filtering {
            match action {
                A::Submit => self.model.admin.filtering = false,
                A::Cancel => self.clear_filter(),
                _ => return false,
            }
            self.settle_history();
            return true;
        }
        let audit = self.kind() == Some(Kind::Audit);
        match action {
            A::Open => self.open_row(),
            A::AdminNew if !audit => self.new_row(),
            A::AdminSwitch if !audit => self.switch_user(),
            A::AdminPassword if !audit => self.set_password(),
            A::AuditVerify => self.walk(),
            A::ListFilter | A::SearchStart if audit => self.narrow_audit(),
            A::ListFilter | A::SearchStart => {
                self.model.admin.filtering = true;
                self.focus_on(Pane::Rows);
            }
            A::ListRefresh => self.load_again(audit),
            A::Back => return self.step_back(),
            A::AdminNew | A::AdminSwitch | A::AdminPassword => self.warn(words!("admin-not-here")),
            _ => return false,
        }
        true
    }

    pub(super) fn load_again(&mut self, audit: bool) {
        self.model.admin.history = None;
        match self.kind() {
            _ if audit => self.ask_entries(self.model.admin.audit.query.clone()),
            Some(Kind::Users) => self.ask(Ask::Users),
            _ => self.effects.push(Effect::LoadTables),
        }
        self.settle_history();
    }

    fn step_back(&mut self) -> bool {
        if self.model.zoom {
            return false;
        }
        match self.model.focus() {
            Pane::Fields => self.focus_on(Pane::Rows),
            Pane::Rows if !self.model.admin.filter.is_blank() => self.clear_filter(),
            Pane::Rows => self.focus_on(Pane::Kinds),
            _ => return false,
        }
        true
    }

    fn clear_filter(&mut self) {
        self.model.admin.filter.set("");
        self.model.admin.filtering = false;
        self.model.admin.narrow();
        self.settle_history();
    }

    /// Moves in the focused pane.
    pub(super) fn admin_step(&mut self, by: isize) {
        let audit = self.kind() == Some(Kind::Audit);
        match self.model.focus() {
            Pane::Kinds => {
                let last = self.kinds().len().saturating_sub(1);
                self.choose_kind(self.model.admin.kind.saturating_add_signed(by).min(last));
            }
            Pane::Fields => self.model.admin.scroll = self.model.admin.scroll.saturating_add_signed(by).min(2_000),
            _ if audit => {
                if self.model.admin.audit.step(by) {
                    self.ask_more();
                }
                self.model.admin.scroll = 0;
            }
            _ => {
                self.model.admin.step(by);
                self.settle_history();
            }
        }
    }

    /// The row as the log names its fields.
    pub fn admin_row(&self) -> Option<serde_json::Value> {
        let code = &self.model.admin.current()?.code;
        fields_of(self.kind()?, code, &self.model.names.view, self.model.admin.users.as_deref().unwrap_or_default())
    }

    fn open_row(&mut self) {
        if self.model.focus() == Pane::Kinds {
            return self.focus_on(Pane::Rows);
        }
        let (Some(kind), Some(code)) = (self.kind(), self.model.admin.current().map(|item| item.code.clone())) else {
            return self.focus_on(Pane::Fields);
        };
        if kind == Kind::Table(TableName::Year) {
            self.focus_on(Pane::Fields);
            return self.say(words!("admin-year-by-file"));
        }
        if kind == Kind::Table(TableName::Role) && !self.model.can(Capability::UserManage) {
            return self.warn(terms::refusal(&Refusal::Forbidden { capability: Capability::UserManage }));
        }
        if let Some(form) = self.admin_row().and_then(|row| editing(kind, &code, &row)) {
            self.open_form(form);
        }
    }

    /// A key that is typed into the form or the filter; false where it means nothing there.
    pub(super) fn type_admin(&mut self, chord: Chord) -> bool {
        let admin = &mut self.model.admin;
        if let Some(form) = &mut admin.form {
            let focus = form.focus;
            return match chord.key {
                Key::Named(Named::Up) => {
                    form.go(-1);
                    true
                }
                Key::Named(Named::Down) => {
                    form.go(1);
                    true
                }
                _ if form.sending => true,
                _ => {
                    let Some(line) = form.lines.get_mut(focus) else { return false };
                    let before = line.text.text().to_owned();
                    let pressed = line.text.press(chord);
                    if line.text.text() != before {
                        form.typed();
                    }
                    pressed
                }
            };
        }
        if admin.filtering {
            match chord.key {
                Key::Named(Named::Up) => self.admin_step(-1),
                Key::Named(Named::Down) => self.admin_step(1),
                _ if !admin.filter.press(chord) => return false,
                _ => {
                    admin.selected = 0;
                    admin.narrow();
                }
            }
            return true;
        }
        false
    }

    /// Text that is pasted; false where nothing is being typed.
    pub(super) fn paste_admin(&mut self, text: &str) -> bool {
        let admin = &mut self.model.admin;
        if let Some(form) = admin.form.as_mut().filter(|form| !form.sending) {
            if let Some(line) = form.lines.get_mut(form.focus) {
                line.text.insert(text.trim_end_matches(['\n', '\r']));
            }
            form.typed();
            return true;
        }
        if admin.filtering {
            admin.filter.insert(text);
            admin.narrow();
        }
        admin.filtering
    }

    /// What was asked for has come.
    pub(super) fn told(&mut self, told: Told) {
        match told {
            Told::Users(Ok(mut users)) => {
                users.iter_mut().for_each(clean::user);
                (self.model.admin.users, self.model.admin.fault) = (Some(users), None);
                self.fill_rows();
            }
            Told::Users(Err(error)) => {
                self.model.admin.fault = Some(self.words_of(&error));
                self.quietly(&error);
            }
            Told::History(kind, code, result) => {
                let fault = result.as_ref().err().map(|error| self.words_of(error));
                if let Some(history) = self.model.admin.history.as_mut().filter(|history| history.of == (kind, code)) {
                    history.fault = fault;
                    history.rows = result.ok().map(|mut page| {
                        page.items.iter_mut().for_each(clean::history);
                        page.items
                    });
                }
            }
            Told::Preview(result) => self.previewed(result),
            Told::Put(key, result) => self.row_put(&key, result),
            Told::Entries(generation, result) => self.entries_came(generation, result),
            Told::Head(result) => self.head_came(result),
            Told::Walk(result) => self.walked(result),
        }
        if self.model.screen == ScreenName::Admin {
            self.settle_history();
        }
    }
}
