//! The small form of 管理: which fields a kind of row has, and how what is typed becomes a row. What cannot be read is
//! said at its field; nothing typed is ever thrown away by it.
use super::admin::Kind;
use super::field::TextField;
use crate::api::settings::PutRow;
use crate::domain::tables::TableName;
use serde_json::{Map, Value, json};

/// How a field reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Words.
    Text,
    /// Words, or nothing.
    Maybe,
    /// Several words, with spaces or commas between.
    List,
    /// A number.
    Number,
    /// `yes` or `no`.
    Truth,
    /// An amount and a unit, `2 working_days`, or nothing.
    Span,
    /// Hours to orange and to red, `24 48`, with `every` for every ticket; or nothing.
    Colour,
    /// Words nobody else may read.
    Hidden,
}

use Shape::{Colour, Hidden, List, Maybe, Number, Span, Text, Truth};

const UNIT: &[(&str, Shape)] = &[("code", Text), ("name", Text), ("name_en", Text), ("kind", Text), ("level", Text), ("duty_phone", Maybe), ("office_close", Maybe)];
const CLASS: &[(&str, Shape)] = &[("code", Text), ("parent", Text), ("name", Text), ("units", List), ("keywords", List)];
const URGENT: &[(&str, Shape)] = &[("code", Text), ("name", Text), ("name_en", Text)];
const ENTERPRISE: &[(&str, Shape)] = &[("code", Text), ("name", Text)];
const REASON: &[(&str, Shape)] = &[("table", Text), ("code", Text), ("name", Text), ("name_en", Text)];
const PHRASE: &[(&str, Shape)] = &[("code", Text), ("name", Text), ("text", Text), ("unit", Maybe)];
const ROLE: &[(&str, Shape)] = &[("code", Text), ("name", Text), ("name_en", Text), ("scope", Text), ("capabilities", List)];
const LIMIT: &[(&str, Shape)] = &[
    ("code", Text),
    ("source", Text),
    ("line", Maybe),
    ("kind", Maybe),
    ("class", Maybe),
    ("tag", Maybe),
    ("level", Maybe),
    ("amount", Number),
    ("unit", Text),
    ("count_from", Text),
    ("day_end", Text),
    ("sign_limit", Span),
    ("first_contact_limit", Span),
    ("extensions_allowed", Number),
    ("extension_cap", Span),
    ("warning_share", Number),
    ("colour", Colour),
    ("retired", Truth),
];

/// What a form is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// A row of a table: a new one, or the one of this code.
    Row(TableName, Option<String>),
    /// 新增用户.
    NewUser,
    /// 调整角色与单位 of this login.
    Role(String),
    /// 重设密码 of this login.
    Password(String),
    /// 停用 or 重新启用 of this login.
    Switch(String, bool),
    /// What narrows the audit.
    Audit,
}

/// A field of a form.
#[derive(Debug)]
pub struct Line {
    /// Its name, as the log and a refusal name it.
    pub name: &'static str,
    /// How it reads.
    pub shape: Shape,
    /// What is typed.
    pub text: TextField,
    /// It says which row this is and does not change.
    pub fixed: bool,
}

/// The form.
#[derive(Debug)]
pub struct Form {
    /// What for.
    pub of: Of,
    /// Its fields.
    pub lines: Vec<Line>,
    /// The one being typed into.
    pub focus: usize,
    /// What is wrong: at a field, or with the whole.
    pub fault: Option<(Option<usize>, String)>,
    /// What would move, once it is known; the next confirmation puts it.
    pub preview: Option<Vec<String>>,
    /// Asked for.
    pub sending: bool,
    /// The key it is put under: the same until it is known what became of it.
    pub key: Option<String>,
}

fn fields(of: &Of) -> &'static [(&'static str, Shape)] {
    match of {
        Of::Row(TableName::Unit, _) => UNIT,
        Of::Row(TableName::Class, _) => CLASS,
        Of::Row(TableName::Urgent, _) => URGENT,
        Of::Row(TableName::Enterprise, _) => ENTERPRISE,
        Of::Row(TableName::Reason, _) => REASON,
        Of::Row(TableName::Phrase, _) => PHRASE,
        Of::Row(TableName::Role, _) => ROLE,
        Of::Row(TableName::Limit, _) => LIMIT,
        Of::Row(TableName::Year, _) | Of::Switch(..) => &[],
        Of::NewUser => &[("login", Text), ("name", Text), ("roles", List), ("unit", Maybe), ("password", Hidden)],
        Of::Role(_) => &[("roles", List), ("unit", Maybe)],
        Of::Password(_) => &[("password", Hidden)],
        Of::Audit => &[("person", Maybe), ("kind", Maybe), ("ticket", Maybe), ("from", Maybe), ("to", Maybe)],
    }
}

/// The order in which the fields of a kind stand.
pub fn order(kind: Kind) -> Vec<&'static str> {
    let of = match kind {
        Kind::Users => Of::NewUser,
        Kind::Table(table) => Of::Row(table, None),
        Kind::Audit => Of::Audit,
    };
    fields(&of).iter().map(|(name, _)| *name).collect()
}

/// A value as one types it.
pub fn shown(value: &Value, shape: Shape) -> String {
    match (value, shape) {
        (Value::Null, _) => String::new(),
        (Value::String(text), _) => text.clone(),
        (Value::Bool(truth), _) => if *truth { "yes" } else { "no" }.to_owned(),
        (Value::Array(items), _) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        (Value::Object(fields), Colour) => {
            let every = if fields.get("every_ticket").and_then(Value::as_bool) == Some(true) { " every" } else { "" };
            format!("{} {}{every}", fields["orange_hours"], fields["red_hours"])
        }
        (Value::Object(fields), _) => fields.values().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect::<Vec<_>>().join(" "),
        (other, _) => other.to_string(),
    }
}

/// What is typed as a value; none where it cannot be read.
fn read(text: &str, shape: Shape) -> Option<Value> {
    let text = text.trim();
    let mut words = text.split([' ', ',', '，', '、']).filter(|word| !word.is_empty());
    Some(match shape {
        Text | Hidden => json!(text),
        Maybe if text.is_empty() => Value::Null,
        Maybe => json!(text),
        List => json!(words.collect::<Vec<_>>()),
        Number => json!(text.parse::<u32>().ok()?),
        Truth => match text {
            "yes" | "是" => json!(true),
            "no" | "否" | "" => json!(false),
            _ => return None,
        },
        Span | Colour if text.is_empty() => Value::Null,
        Span => {
            let (amount, unit) = (words.next()?.parse::<u32>().ok()?, words.next()?);
            json!({ "amount": amount, "unit": unit })
        }
        Colour => {
            let (orange, red) = (words.next()?.parse::<u32>().ok()?, words.next()?.parse::<u32>().ok()?);
            json!({ "orange_hours": orange, "red_hours": red, "every_ticket": words.next() == Some("every") })
        }
    })
}

impl Form {
    /// A form with the fields of what it is for, filled from a row where there is one.
    pub fn new(of: Of, row: Option<&Value>) -> Form {
        let edits = matches!(&of, Of::Row(_, Some(_)));
        let line = |(name, shape): &(&'static str, Shape)| {
            let mut text = TextField::line();
            if let Some(value) = row.and_then(|row| row.get(*name)) {
                text.load(&shown(value, *shape));
            }
            let key = *name == "code" || (*name == "table" && matches!(&of, Of::Row(TableName::Reason, _)));
            Line { name, shape: *shape, text, fixed: edits && key }
        };
        let lines: Vec<Line> = fields(&of).iter().map(line).collect();
        let focus = lines.iter().position(|line| !line.fixed).unwrap_or(0);
        Form { of, lines, focus, fault: None, preview: None, sending: false, key: None }
    }

    /// Goes to another field that can be typed into.
    pub fn go(&mut self, by: isize) {
        let count = self.lines.len() as isize;
        for step in 1..=count {
            let at = (self.focus as isize + by * step).rem_euclid(count) as usize;
            if !self.lines[at].fixed {
                self.focus = at;
                return;
            }
        }
    }

    /// What is typed has changed: what was said about it holds no longer.
    pub fn typed(&mut self) {
        (self.fault, self.preview, self.key) = (None, None, None);
    }

    /// What stands in a field, without spaces around.
    pub fn text(&self, name: &str) -> &str {
        self.lines.iter().find(|line| line.name == name).map_or("", |line| line.text.text().trim())
    }

    /// The words of a list.
    pub fn words(&self, name: &str) -> Vec<String> {
        read(self.text(name), List).and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
    }

    /// Says what is wrong, at its field where the form has one of that name.
    pub fn refuse(&mut self, field: &str, text: String) {
        let at = self.lines.iter().position(|line| line.name == field || (field == "role" && line.name == "roles"));
        if let Some(at) = at.filter(|at| !self.lines[*at].fixed) {
            self.focus = at;
        }
        self.fault = Some((at, text));
        (self.preview, self.sending) = (None, false);
    }

    /// The row as it is put.
    ///
    /// # Errors
    /// The field that cannot be read; empty where it is the whole.
    pub fn row(&self) -> Result<PutRow, String> {
        let Of::Row(table, _) = &self.of else { return Err(String::new()) };
        let mut row = Map::new();
        for line in &self.lines {
            row.insert(line.name.to_owned(), read(line.text.text(), line.shape).ok_or_else(|| line.name.to_owned())?);
        }
        if *table == TableName::Limit {
            row.insert("version".to_owned(), json!(1));
        }
        // A name in English is the Chinese one where nobody gave another.
        if row.get("name_en").is_some_and(|name| name == "") {
            row.insert("name_en".to_owned(), row["name"].clone());
        }
        let put = |row: &Map<String, Value>| serde_json::from_value::<PutRow>(json!({ table.code(): row }));
        put(&row).map_err(|_| {
            // Which one it is: the one without which the rest can be read, or else it is the whole.
            let wrong = self.lines.iter().find(|line| {
                let mut without = row.clone();
                without.insert(line.name.to_owned(), stand_in(line.name, line.shape));
                put(&without).is_ok()
            });
            wrong.map(|line| line.name.to_owned()).unwrap_or_default()
        })
    }
}

/// A value that every row of the kind takes in this field.
fn stand_in(name: &str, shape: Shape) -> Value {
    match (name, shape) {
        ("level", Text) => json!("city"),
        ("scope", _) => json!("centre"),
        ("unit", Text) => json!("working_days"),
        ("count_from", _) => json!("dispatch"),
        ("day_end", _) => json!("24:00"),
        (_, List) => json!([]),
        (_, Maybe | Span | Colour) => Value::Null,
        (_, Number) => json!(1),
        (_, Truth) => json!(false),
        (_, Text | Hidden) => json!(""),
    }
}

/// The form for editing a row of a kind; none where that is done elsewhere.
pub fn editing(kind: Kind, code: &str, row: &Value) -> Option<Form> {
    match kind {
        Kind::Users => Some(Form::new(Of::Role(code.to_owned()), Some(row))),
        Kind::Table(TableName::Year) | Kind::Audit => None,
        Kind::Table(table) => Some(Form::new(Of::Row(table, Some(code.to_owned())), Some(row))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::limits::LimitTable;

    #[test]
    fn a_row_comes_out_of_the_form_as_it_went_in() {
        for limit in LimitTable::shipped("sichuan").unwrap().current() {
            let value = serde_json::to_value(limit).unwrap();
            let form = editing(Kind::Table(TableName::Limit), &limit.code, &value).unwrap();
            let Ok(PutRow::Limit(row)) = form.row() else { panic!("{:?}", form.row()) };
            assert_eq!(row.as_ref(), limit, "{}", limit.code);
        }
        for role in crate::domain::rights::shipped_roles() {
            let form = editing(Kind::Table(TableName::Role), &role.code, &serde_json::to_value(&role).unwrap()).unwrap();
            assert_eq!(form.row(), Ok(PutRow::Role(role)));
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field() {
        let limit = LimitTable::shipped("sichuan").unwrap().current().next().unwrap().clone();
        let value = serde_json::to_value(&limit).unwrap();
        for (field, wrong) in [("amount", "three"), ("unit", "weeks"), ("day_end", "25:00"), ("sign_limit", "2"), ("colour", "48"), ("retired", "perhaps")] {
            let mut form = editing(Kind::Table(TableName::Limit), &limit.code, &value).unwrap();
            let line = form.lines.iter_mut().find(|line| line.name == field).unwrap();
            line.text.set(wrong);
            assert_eq!(form.row(), Err(field.to_owned()), "{wrong}");
        }
    }
}
