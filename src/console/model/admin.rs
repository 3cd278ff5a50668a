//! 管理 (administration) as the console holds it: the kinds of things one may see, the rows of the chosen kind, the history
//! of the chosen row, and the small form an edit is typed into.
use super::admin_form::Form;
use super::audit::Audit;
use super::choices::{Choices, Item, named};
use super::field::TextField;
use crate::api::session::{Me, UserRow};
use crate::api::settings::{HistoryRow, TablesView};
use crate::domain::rights::Capability;
use crate::domain::tables::TableName;
use serde_json::Value;

/// A kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 用户.
    Users,
    /// A table.
    Table(TableName),
    /// 审计.
    Audit,
}

impl Kind {
    /// The id of its words.
    pub fn words_id(self) -> String {
        match self {
            Kind::Users => "admin-users".to_owned(),
            Kind::Table(table) => format!("admin-{}", table.code()),
            Kind::Audit => "admin-audit".to_owned(),
        }
    }

    /// What this person may see: users to whoever manages them, tables to whoever manages those, the audit to whoever reads it.
    pub fn of(me: &Me) -> Vec<Kind> {
        let can = |capability: Capability| me.grants.iter().any(|(held, _)| *held == capability);
        let users = can(Capability::UserManage).then_some(Kind::Users);
        let tables = TableName::ALL.into_iter().filter(|_| can(Capability::TableManage)).map(Kind::Table);
        users.into_iter().chain(tables).chain(can(Capability::AuditRead).then_some(Kind::Audit)).collect()
    }
}

/// The history of a row.
#[derive(Debug)]
pub struct History {
    /// Whose: the kind and the row's code.
    pub of: (Kind, String),
    /// Its changes, newest first, once they have come.
    pub rows: Option<Vec<HistoryRow>>,
    /// Why they have not.
    pub fault: Option<String>,
}

/// Everything of the screen.
#[derive(Debug, Default)]
pub struct Admin {
    /// Which of the kinds; the list is [`Kind::of`].
    pub kind: usize,
    /// 用户, once they have come.
    pub users: Option<Vec<UserRow>>,
    /// Why the users have not come.
    pub fault: Option<String>,
    /// The rows of the chosen kind.
    pub rows: Choices,
    /// The places of those that fit the filter.
    pub found: Vec<usize>,
    /// What narrows the rows.
    pub filter: TextField,
    /// It is being typed.
    pub filtering: bool,
    /// The marked one.
    pub selected: usize,
    /// The first one on the screen.
    pub top: usize,
    /// Lines of the right pane scrolled away.
    pub scroll: usize,
    /// The history of the marked row.
    pub history: Option<History>,
    /// What is being typed.
    pub form: Option<Form>,
    /// A form that was left; it is found again by the same key on the same row.
    pub left: Option<Form>,
    /// 审计.
    pub audit: Audit,
}

impl Admin {
    /// Narrows the rows by what is typed.
    pub fn narrow(&mut self) {
        self.found = self.rows.find(self.filter.text(), 2_000);
        self.selected = self.selected.min(self.found.len().saturating_sub(1));
    }

    /// The marked row.
    pub fn current(&self) -> Option<&Item> {
        self.found.get(self.selected).map(|at| &self.rows.items[*at])
    }

    /// Takes the rows of a kind in; the mark stays on the row it was on.
    pub fn fill(&mut self, kind: Kind, view: &TablesView) {
        let code = self.current().map(|item| item.code.clone());
        self.rows = Choices::new(rows_of(kind, view, self.users.as_deref().unwrap_or_default()));
        self.narrow();
        if let Some(at) = code.and_then(|code| self.found.iter().position(|at| self.rows.items[*at].code == code)) {
            self.selected = at;
        }
    }

    /// Moves the mark; whether it is on another row now.
    pub fn step(&mut self, by: isize) -> bool {
        let before = self.selected;
        self.selected = self.selected.saturating_add_signed(by).min(self.found.len().saturating_sub(1));
        self.scroll = 0;
        self.selected != before
    }

    /// Keeps the mark on the screen.
    pub fn show(&mut self, height: usize) {
        self.top = self.top.min(self.selected).max((self.selected + 1).saturating_sub(height.max(1)));
    }
}

/// The rows of a kind: code, name, and at the right what one looks for first.
fn rows_of(kind: Kind, view: &TablesView, users: &[UserRow]) -> Vec<(Item, String)> {
    let item = |code: &str, label: &str, hint: String| Item { code: code.to_owned(), label: label.to_owned(), hint };
    let level = |level: crate::domain::limits::HandlerLevel| crate::words::find(&format!("level-{}", level.code())).unwrap_or_else(|| level.code().to_owned());
    match kind {
        Kind::Users => users.iter().map(|user| (item(&user.login, &user.roles.join(" "), if user.active { user.unit.clone().unwrap_or_default() } else { crate::words!("user-disabled") }), String::new())).collect(),
        Kind::Table(TableName::Unit) => view.units.iter().map(|row| (item(&row.code, named(&row.name, &row.name_en), level(row.level)), row.name_en.clone())).collect(),
        Kind::Table(TableName::Class) => view.classes.iter().map(|row| (item(&row.code, &row.name, row.parent.clone()), row.keywords.join(" "))).collect(),
        Kind::Table(TableName::Urgent) => view.urgent.iter().map(|row| (item(&row.code, named(&row.name, &row.name_en), String::new()), row.name_en.clone())).collect(),
        Kind::Table(TableName::Enterprise) => view.enterprise.iter().map(|row| (item(&row.code, &row.name, String::new()), String::new())).collect(),
        Kind::Table(TableName::Reason) => view.reasons.iter().map(|row| (item(&format!("{}/{}", row.table, row.code), named(&row.name, &row.name_en), String::new()), row.name_en.clone())).collect(),
        Kind::Table(TableName::Phrase) => view.phrases.iter().map(|row| (item(&row.code, &row.name, row.unit.clone().unwrap_or_default()), row.text.clone())).collect(),
        Kind::Table(TableName::Role) => view.roles.iter().map(|row| (item(&row.code, named(&row.name, &row.name_en), row.capabilities.len().to_string()), row.name_en.clone())).collect(),
        Kind::Table(TableName::Limit) => {
            let label = |row: &crate::domain::limits::LimitRow| format!("{} {}", row.amount, crate::words::find(&format!("limit-{}", row.unit.code().replace('_', "-"))).unwrap_or_else(|| row.unit.code().to_owned()));
            view.limits.iter().map(|row| (item(&row.code, &label(row), format!("v{}", row.version)), row.source.clone())).collect()
        }
        Kind::Table(TableName::Year) => view.years.iter().map(|row| (item(&row.year.to_string(), &row.source, row.days.len().to_string()), String::new())).collect(),
        Kind::Audit => Vec::new(),
    }
}

/// The fields of a row, as they are named in the log.
pub fn fields_of(kind: Kind, code: &str, view: &TablesView, users: &[UserRow]) -> Option<Value> {
    let value = match kind {
        Kind::Users => {
            let user = users.iter().find(|user| user.login == code)?;
            Ok(serde_json::json!({ "login": user.login, "roles": user.roles, "unit": user.unit, "active": user.active }))
        }
        Kind::Table(TableName::Unit) => serde_json::to_value(view.units.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Class) => serde_json::to_value(view.classes.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Urgent) => serde_json::to_value(view.urgent.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Enterprise) => serde_json::to_value(view.enterprise.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Reason) => serde_json::to_value(view.reasons.iter().find(|row| format!("{}/{}", row.table, row.code) == code)?),
        Kind::Table(TableName::Phrase) => serde_json::to_value(view.phrases.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Role) => serde_json::to_value(view.roles.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Limit) => serde_json::to_value(view.limits.iter().find(|row| row.code == code)?),
        Kind::Table(TableName::Year) => serde_json::to_value(view.years.iter().find(|row| row.year.to_string() == code)?),
        Kind::Audit => return None,
    };
    value.ok()
}
