//! Codes as words: steps, kinds, acts, flags, refusals. The words themselves are in the locale files.
use crate::api::tickets::TicketRow;
use crate::console::model::choices::Names;
use crate::console::model::draft::{Draft, Field};
use crate::console::times;
use crate::domain::Timestamp;
use crate::domain::credit_code;
use crate::domain::access::RevealReason;
use crate::domain::article::PolicyLevel;
use crate::domain::calendar::Reason;
use crate::domain::clocks::{Flag, Turn};
use crate::domain::limits::{Line, Tag, TicketKind};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::domain::ticket::{Act, PromiseKind, Step};
use crate::words;

fn coded(prefix: &str, code: &str) -> String {
    words::find(&format!("{prefix}-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned())
}

/// 环节.
pub fn step(step: Step) -> String {
    coded("step", step.code())
}

/// What is done to a call.
pub fn call(act: &str) -> String {
    coded("call", act)
}

/// 动作.
pub fn act(act: Act) -> String {
    coded("act", act.code())
}

/// 权限项.
pub fn capability(capability: Capability) -> String {
    coded("capability", &capability.code().replace('.', "-"))
}

/// 类型.
pub fn kind(kind: TicketKind) -> String {
    match kind {
        TicketKind::HelpRequest => words!("kind-help"),
        kind => coded("kind", kind.code()),
    }
}

/// 类型, short enough for a column.
pub fn kind_short(one: TicketKind) -> String {
    let id = if one == TicketKind::HelpRequest { "kind-help".to_owned() } else { format!("kind-{}", one.code()) };
    words::find_short(&id).unwrap_or_else(|| kind(one))
}

/// 优先.
pub fn tag(tag: Tag) -> String {
    coded("tag", tag.code())
}

/// 线路.
pub fn line(line: Line) -> String {
    coded("strip-line", line.code())
}

/// 层级.
pub fn level(level: PolicyLevel) -> String {
    match level {
        PolicyLevel::National => words!("level-national"),
        PolicyLevel::Province => words!("level-province"),
        PolicyLevel::City => words!("level-city"),
        PolicyLevel::District => words!("level-district"),
    }
}

/// Why a day counts or not.
pub fn calendar_reason(reason: Reason) -> String {
    match reason {
        Reason::Weekday => words!("day-weekday"),
        Reason::Weekend => words!("day-weekend"),
        Reason::Holiday => words!("day-holiday"),
        Reason::MakeUp => words!("day-make-up"),
        Reason::Statutory => words!("day-statutory"),
    }
}

/// The name of a field of a table's row or of a user.
pub fn row_field(name: &str) -> String {
    let (of, rest) = name.split_once('.').map_or((name, None), |(of, rest)| (of, Some(rest)));
    let said = words::find(&format!("row-{}", of.replace('_', "-"))).unwrap_or_else(|| of.to_owned());
    rest.map_or(said.clone(), |rest| format!("{said} {rest}"))
}

/// `名称：甲 → 乙`.
pub fn moved(field: &str, from: &str, to: &str) -> String {
    let to = if to.is_empty() { "—" } else { to };
    if from.is_empty() { format!("{} {to}", row_field(field)) } else { format!("{} {from} → {to}", row_field(field)) }
}

/// A field that has changed, from what to what.
pub fn change(change: &crate::domain::tables::FieldChange) -> String {
    let text = |value: &Option<serde_json::Value>| match value {
        None => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Array(items)) => items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect::<Vec<_>>().join(" "),
        Some(other) => other.to_string(),
    };
    moved(&change.field, &text(&change.from), &text(&change.to))
}

/// What an event of the log is called; one of a later version as it is.
pub fn event(kind: &str) -> String {
    let name = kind.split_once('.').map_or(kind, |(_, name)| name);
    words::find(&format!("event-{}", name.replace('_', "-"))).unwrap_or_else(|| kind.to_owned())
}

/// 标识.
pub fn flag(flag: Flag) -> String {
    match flag {
        Flag::None => String::new(),
        Flag::Yellow => words!("flag-yellow"),
        Flag::Orange => words!("flag-orange"),
        Flag::Red => words!("flag-red"),
        Flag::Overdue => words!("flag-overdue"),
    }
}

/// The flag a turn leads to.
pub fn flag_of(turn: Turn) -> Flag {
    match turn {
        Turn::ToYellow => Flag::Yellow,
        Turn::ToOrange => Flag::Orange,
        Turn::ToRed => Flag::Red,
        Turn::Due => Flag::Overdue,
    }
}

/// A field of the form.
pub fn field(field: Field) -> String {
    match field {
        Field::Kind => words!("field-kind"),
        Field::Title => words!("field-title"),
        Field::Matter => words!("field-matter"),
        Field::Place => words!("field-place"),
        Field::Body => words!("field-demand"),
        Field::Unit => words!("field-unit"),
        Field::CreditCode => words!("field-credit-code"),
        Field::Industry => words!("field-industry"),
        Field::Park => words!("field-park"),
    }
}

/// What keeps a draft from being sent at this field.
pub fn lacking(draft: &Draft, names: &Names, field: Field) -> String {
    match field {
        Field::CreditCode => credit_code::check(draft.credit_code.text()).err().map(words::credit_code::wrong).unwrap_or_default(),
        Field::Matter if draft.uncoded_matter() => words!("refusal-matter-uncoded", typed = draft.matter.text().trim()),
        Field::Unit if !draft.unit.is_blank() => {
            let typed = draft.unit.text().trim();
            match names.nearest_units(typed).join("、") {
                near if near.is_empty() => words!("refusal-unit-unknown", typed = typed),
                near => words!("refusal-unit-near", near = near),
            }
        }
        other => words!("refusal-field-required", field = self::field(other)),
    }
}

/// 已派单: to whom, and by when it is due.
pub fn dispatched(row: &TicketRow, now: Timestamp) -> String {
    let unit = row.unit_name.as_ref().or(row.unit.as_ref()).cloned().unwrap_or_default();
    match row.clocks.due {
        // A day's end is said as that day's.
        Some(due) => {
            let day = times::city(due - chrono::TimeDelta::microseconds(1)).date_naive();
            words!("done-dispatched-to", number = row.number.as_str(), unit = unit, due = format!("{} {}", times::day(day, now), times::weekday(day)))
        }
        None => words!("done-dispatched", number = row.number.as_str()),
    }
}

/// 承诺: by when, and what.
pub fn promise(kind: PromiseKind, due: Timestamp, now: Timestamp) -> String {
    // A day that ends at midnight is said as that day's 24:00.
    let whole = times::city(due).format("%H:%M").to_string() == "00:00";
    let at = if whole { due - chrono::TimeDelta::minutes(1) } else { due };
    let (day, today) = (times::city(at).date_naive(), times::city(now).date_naive());
    let time = if whole { "24:00".to_owned() } else { times::city(due).format("%H:%M").to_string() };
    let date = if day == today { words!("today") } else { format!("{} {}", times::weekday(day), times::day(day, now)) };
    words!("promise-by", when = format!("{date} {time}"), what = coded("promise", kind.code()))
}

/// What was done, for the status line.
pub fn done(one: Act, number: &str) -> String {
    let id = match one {
        Act::Claim => "done-claimed",
        Act::Sign => "done-signed",
        Act::Contact => "done-contacted",
        Act::Reply => "done-replied",
        Act::Review => "done-reviewed",
        Act::SendBack => "done-sent-back",
        Act::CallBack => "done-called-back",
        Act::Rework => "done-reworked",
        Act::Archive => "done-archived",
        Act::Urge => "done-urged",
        Act::Note => "done-noted",
        Act::Dispatch | Act::Redispatch => "done-dispatched",
        _ => return words!("done-act", number = number, act = act(one)),
    };
    let mut arguments = std::collections::HashMap::new();
    arguments.insert("number", number.to_owned());
    words::loader().get_args(id, arguments)
}

/// A refusal as people read it; what it repeats is the server's and not yet scrubbed.
pub fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::IllegalStep { act: asked, step: at, legal } if legal.is_empty() => words!("refusal-no-legal-step", act = act(*asked), step = step(*at)),
        Refusal::IllegalStep { act: asked, step: at, legal } => {
            let legal: Vec<String> = legal.iter().filter(|one| !matches!(one, Act::Edit | Act::Note)).map(|one| act(*one)).collect();
            words!("refusal-illegal-step", act = act(*asked), step = step(*at), legal = legal.join("、"))
        }
        Refusal::Forbidden { capability } => words!("refusal-forbidden", act = self::capability(*capability)),
        Refusal::AlreadyClaimed { by } => words!("refusal-already-claimed", who = by.as_str()),
        Refusal::IllegalCall { act, state } => words!("refusal-illegal-call", act = coded("call", act), state = coded("call-state", state)),
        Refusal::NotYours { by } => words!("refusal-call-not-yours", who = by.as_str()),
        Refusal::CallInHand { number } => words!("refusal-on-a-call-with", number = number.as_str()),
        Refusal::NotInHand => words!("refusal-not-in-hand"),
        Refusal::NotOneself => words!("refusal-not-oneself"),
        Refusal::TargetClosed { number, step: at } => words!("refusal-target-closed", number = number.as_str(), step = step(*at)),
        Refusal::Missing { field } => words!("refusal-field-required", field = coded("named", field)),
        Refusal::Unknown { field, value } => words!("refusal-field-unknown", field = coded("named", field), value = value.as_str()),
        Refusal::Exists { what } => words!("refusal-exists", what = what.as_str()),
        Refusal::NotFound => words!("refusal-gone"),
        Refusal::Stale { .. } | Refusal::MatchRequired => words!("refusal-stale"),
    }
}

/// 查看事由, in words.
pub fn reveal_reason(reason: RevealReason) -> String {
    coded("reveal", reason.code())
}

/// 查阅 of this kind, in words: `access.revealed`.
pub fn look(kind: &str) -> String {
    coded("look", kind.split_once('.').map_or(kind, |(_, name)| name))
}
