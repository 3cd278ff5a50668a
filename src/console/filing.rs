//! The small form of 管理 by keys. Nothing typed is given up before the server has said yes; what is confirmed first says
//! what it moves, and is put by the next confirmation.
use super::app::App;
use super::asks::{Ask, NewName};
use super::effect::Secret;
use super::model::admin::Kind;
use super::model::admin_form::{Form, Of, Shape};
use super::model::{Pane, clean};
use super::msg::Outcome;
use super::panes::terms;
use crate::api::settings::TablesPreview;
use crate::client::ClientError;
use crate::domain::refusal::Refusal;
use crate::domain::tables::TableName;
use crate::text::scrub::scrub;
use crate::words;

/// That a field is needed, by the name the form gives it.
fn required(field: &str) -> String {
    words!("refusal-field-required", field = terms::row_field(field))
}

impl App {
    /// Opens a form; one of the same thing that was left is found again as it was.
    pub(super) fn open_form(&mut self, form: Form) {
        let admin = &mut self.model.admin;
        admin.form = Some(match admin.left.take() {
            Some(left) if left.of == form.of => left,
            _ => form,
        });
        admin.scroll = 0;
        self.focus_on(Pane::Fields);
    }

    pub(super) fn leave_form(&mut self) {
        let admin = &mut self.model.admin;
        let Some(form) = admin.form.take() else { return };
        if form.sending {
            admin.form = Some(form);
            return self.warn(words!("refusal-form-sending"));
        }
        // A password is not kept anywhere longer than it is typed.
        let hidden = form.lines.iter().any(|line| line.shape == Shape::Hidden);
        admin.left = (!hidden && !form.lines.is_empty()).then_some(form);
        self.focus_on(Pane::Rows);
    }

    pub(super) fn new_row(&mut self) {
        match self.kind() {
            Some(Kind::Users) => self.open_form(Form::new(Of::NewUser, None)),
            Some(Kind::Table(TableName::Year)) => self.say(words!("admin-year-by-file")),
            Some(Kind::Table(table)) => self.open_form(Form::new(Of::Row(table, None), None)),
            _ => {}
        }
    }

    fn marked_user(&self) -> Option<(String, bool)> {
        let code = &self.model.admin.current().filter(|_| self.kind() == Some(Kind::Users))?.code;
        let users = self.model.admin.users.as_deref().unwrap_or_default();
        users.iter().find(|user| user.login == *code).map(|user| (user.login.clone(), user.active))
    }

    pub(super) fn switch_user(&mut self) {
        let Some((login, active)) = self.marked_user() else { return self.warn(words!("admin-not-here")) };
        let mut form = Form::new(Of::Switch(login, !active), None);
        form.preview = Some(vec![if active { words!("admin-disable-moves") } else { words!("admin-enable-moves") }]);
        self.open_form(form);
    }

    pub(super) fn set_password(&mut self) {
        match self.marked_user() {
            Some((login, _)) => self.open_form(Form::new(Of::Password(login), None)),
            None => self.warn(words!("admin-not-here")),
        }
    }

    pub(super) fn submit_form(&mut self) {
        let key = self.fresh_key();
        let Some(form) = &mut self.model.admin.form else { return };
        if form.sending {
            return;
        }
        let blank = |form: &Form, names: &[&str]| names.iter().find(|name| form.text(name).is_empty()).map(|name| (*name).to_owned());
        let key = form.key.clone().unwrap_or(key);
        let unit = Some(form.text("unit").to_owned()).filter(|unit| !unit.is_empty());
        let password = Some(form.text("password").to_owned()).filter(|password| !password.is_empty()).map(Secret);
        let confirmed = form.preview.is_some();
        let wanted = match &form.of {
            Of::Audit => return self.submit_audit_filter(),
            Of::Row(..) => match form.row() {
                Ok(row) if confirmed => Ask::Put(Box::new(row), key.clone()),
                Ok(row) => {
                    form.sending = true;
                    return self.ask(Ask::Preview(Box::new(row)));
                }
                Err(field) => {
                    let text = words!("admin-cannot-read", field = terms::row_field(&field));
                    return form.refuse(&field, text);
                }
            },
            Of::NewUser => {
                if let Some(name) = blank(form, &["login", "name", "roles"]) {
                    return form.refuse(&name, required(&name));
                }
                let user = NewName { login: form.text("login").to_owned(), name: form.text("name").to_owned(), roles: form.words("roles"), unit };
                if !confirmed {
                    let roles = user.roles.join(" ");
                    form.preview = Some(vec![words!("admin-add-moves", user = user.login.as_str(), roles = roles)]);
                    return;
                }
                Ask::AddUser { user: Box::new(user), password, key: key.clone() }
            }
            Of::Role(login) => {
                if let Some(name) = blank(form, &["roles"]) {
                    return form.refuse(&name, required(&name));
                }
                let (login, roles) = (login.clone(), form.words("roles"));
                if !confirmed {
                    let now = self.model.admin.users.as_deref().unwrap_or_default().iter().find(|user| user.login == login);
                    let (had, at) = now.map(|user| (user.roles.join(" "), user.unit.clone().unwrap_or_default())).unwrap_or_default();
                    let to = (roles.join(" "), unit.clone().unwrap_or_default());
                    let lines = [("roles", had, to.0), ("unit", at, to.1)];
                    let lines: Vec<String> = lines.into_iter().filter(|(_, from, to)| from != to).map(|(field, from, to)| terms::moved(field, &from, &to)).collect();
                    if lines.is_empty() {
                        form.fault = Some((None, words!("admin-nothing-moves")));
                    } else {
                        form.preview = Some(lines);
                    }
                    return;
                }
                Ask::ChangeUser { login, act: "role", roles: Some(roles), unit, password: None, key: key.clone() }
            }
            Of::Password(login) => {
                let login = login.clone();
                let Some(password) = password else { return form.refuse("password", required("password")) };
                if !confirmed {
                    form.preview = Some(vec![words!("admin-password-moves")]);
                    return;
                }
                Ask::ChangeUser { login, act: "password", roles: None, unit: None, password: Some(password), key: key.clone() }
            }
            Of::Switch(login, on) => Ask::ChangeUser { login: login.clone(), act: if *on { "enable" } else { "disable" }, roles: None, unit: None, password: None, key: key.clone() },
        };
        (form.sending, form.key) = (true, Some(key));
        self.ask(wanted);
    }

    pub(super) fn previewed(&mut self, result: Outcome<TablesPreview>) {
        if let Err(error) = &result {
            return self.form_refused(error);
        }
        let Some(form) = self.model.admin.form.as_mut().filter(|form| form.sending && matches!(form.of, Of::Row(..))) else { return };
        form.sending = false;
        let Some(mut row) = result.ok().and_then(|preview| preview.rows.into_iter().next()) else { return };
        row.changes.iter_mut().for_each(clean::change);
        if row.changes.is_empty() {
            form.fault = Some((None, words!("admin-nothing-moves")));
            return;
        }
        let mut lines: Vec<String> = row.changes.iter().map(terms::change).collect();
        if let Some(keep) = row.keep {
            lines.push(words!("preview-keep", tickets = format!("{}/{}{}", keep.count, keep.of, if keep.more { "+" } else { "" })));
        }
        form.preview = Some(lines);
    }

    pub(super) fn row_put(&mut self, key: &str, result: Outcome<()>) {
        if self.model.admin.form.as_ref().is_none_or(|form| form.key.as_deref() != Some(key)) {
            return;
        }
        match result {
            Ok(()) => {
                self.model.admin.form = None;
                self.focus_on(Pane::Rows);
                self.say(words!("admin-done"));
                self.load_again(false);
            }
            Err(error) => {
                self.form_refused(&error);
                // What may have been put is put again under its own key; a plain no ends it.
                if let Some(form) = self.model.admin.form.as_mut().filter(|_| !error.is_unknown() && !error.is_unauthorized()) {
                    form.key = None;
                }
            }
        }
    }

    fn form_refused(&mut self, error: &ClientError) {
        let text = self.words_of(error);
        self.quietly(error);
        let Some(form) = &mut self.model.admin.form else { return };
        let (field, text) = match error {
            ClientError::Problem(problem) => match &problem.refusal {
                Some(Refusal::Missing { field }) => (field.clone(), required(field)),
                Some(Refusal::Unknown { field, value }) => (field.clone(), words!("refusal-field-unknown", field = terms::row_field(field), value = value.as_str())),
                Some(Refusal::Exists { .. }) => ("login".to_owned(), text),
                _ => (String::new(), text),
            },
            // Not known whether it was done: what was confirmed stays confirmed.
            _ => {
                form.sending = false;
                form.fault = Some((None, text));
                return;
            }
        };
        form.refuse(&field, scrub(&text).into_owned());
    }
}
