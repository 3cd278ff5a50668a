//! Where untrusted text enters the console: every answer and frame passes here once, and is safe to draw afterwards.
use crate::api::articles::{ArticleHead, ArticleRow};
use crate::api::audit::{AuditRow, Look, Revealed};
use crate::api::calls::{CallRow, CallerCard};
use crate::api::session::{Me, UserRow};
use crate::api::settings::{HistoryRow, TablesView};
use crate::api::tickets::{TicketDetail, TicketRow};
use crate::domain::tables::FieldChange;
use crate::text::scrub::{scrub, scrub_multiline};
use std::borrow::Cow;

/// One line.
pub fn line(text: &mut String) {
    if let Cow::Owned(safe) = scrub(text) {
        *text = safe;
    }
}

/// Several lines.
pub fn lines(text: &mut String) {
    if let Cow::Owned(safe) = scrub_multiline(text) {
        *text = safe;
    }
}

fn maybe(text: &mut Option<String>) {
    if let Some(text) = text {
        line(text);
    }
}

/// Every text within a value.
pub fn value(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => line(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(self::value),
        serde_json::Value::Object(fields) => {
            let safe = std::mem::take(fields).into_iter().map(|(mut name, mut one)| {
                line(&mut name);
                self::value(&mut one);
                (name, one)
            });
            *fields = safe.collect();
        }
        _ => {}
    }
}

/// A user of 管理.
pub fn user(user: &mut UserRow) {
    line(&mut user.login);
    user.roles.iter_mut().for_each(line);
    maybe(&mut user.unit);
}

/// A field that has changed.
pub fn change(change: &mut FieldChange) {
    line(&mut change.field);
    [&mut change.from, &mut change.to].into_iter().flatten().for_each(value);
}

/// A change in a history.
pub fn history(row: &mut HistoryRow) {
    line(&mut row.by);
    line(&mut row.kind);
    row.changes.iter_mut().for_each(change);
}

/// An entry of the audit. Words of a reveal are not kept here: what a person wrote may name somebody.
pub fn entry(row: &mut AuditRow) {
    line(&mut row.by);
    line(&mut row.kind);
    maybe(&mut row.number);
    row.note = None;
    value(&mut row.fields);
}

/// A row of a ticket list.
pub fn ticket(row: &mut TicketRow) {
    line(&mut row.number);
    line(&mut row.title);
    maybe(&mut row.unit);
    maybe(&mut row.unit_name);
    maybe(&mut row.assignee);
    maybe(&mut row.class);
    maybe(&mut row.urgent_class);
}

/// A ticket whole.
pub fn detail(detail: &mut TicketDetail) {
    ticket(&mut detail.row);
    lines(&mut detail.body);
    maybe(&mut detail.place);
    maybe(&mut detail.caller);
    maybe(&mut detail.limit);
    if let Some(profile) = &mut detail.enterprise {
        for one in [&mut profile.credit_code, &mut profile.industry, &mut profile.park] {
            maybe(one);
        }
    }
    for promise in &mut detail.promises {
        maybe(&mut promise.text);
    }
    for entry in &mut detail.timeline {
        line(&mut entry.kind);
        line(&mut entry.actor);
        if let Some(note) = &mut entry.note {
            lines(note);
        }
        values(&mut entry.fields);
    }
}

/// Texts anywhere within a JSON value.
fn values(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::String(text) => line(text),
        serde_json::Value::Array(items) => items.iter_mut().for_each(values),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(values),
        _ => {}
    }
}

/// A call.
pub fn call(row: &mut CallRow) {
    line(&mut row.number);
    line(&mut row.name);
    maybe(&mut row.district);
    maybe(&mut row.taken_by);
}

/// A caller card.
pub fn card(card: &mut CallerCard) {
    line(&mut card.name);
    line(&mut card.number);
    for matter in &mut card.last {
        line(&mut matter.number);
        line(&mut matter.title);
    }
    for open in &mut card.promises {
        line(&mut open.number);
        maybe(&mut open.unit_name);
        maybe(&mut open.promise.text);
    }
}

/// An article head.
pub fn head(head: &mut ArticleHead) {
    line(&mut head.code);
    line(&mut head.title);
    line(&mut head.document_number);
    head.keywords.iter_mut().for_each(line);
}

/// An article whole.
pub fn article(row: &mut ArticleRow) {
    line(&mut row.code);
    maybe(&mut row.owner);
    maybe(&mut row.successor);
    let text = &mut row.text;
    for one in [&mut text.title, &mut text.document_number, &mut text.issuer] {
        line(one);
    }
    text.keywords.iter_mut().for_each(line);
    lines(&mut text.plain_answer);
    lines(&mut text.clause);
    for step in &mut text.steps {
        for one in [&mut step.what, &mut step.who, &mut step.materials, &mut step.fee, &mut step.time] {
            line(one);
        }
    }
}

/// The tables.
pub fn tables(view: &mut TablesView) {
    for row in &mut view.units {
        line(&mut row.code);
        maybe(&mut row.duty_phone);
        maybe(&mut row.office_close);
        line(&mut row.name);
        line(&mut row.name_en);
    }
    for row in &mut view.classes {
        line(&mut row.code);
        line(&mut row.name);
        line(&mut row.parent);
    }
    for row in &mut view.urgent {
        line(&mut row.code);
        line(&mut row.name);
        line(&mut row.name_en);
    }
    for row in &mut view.enterprise {
        line(&mut row.code);
        line(&mut row.name);
    }
    for row in &mut view.reasons {
        line(&mut row.code);
        line(&mut row.name);
        line(&mut row.name_en);
    }
    for row in &mut view.phrases {
        line(&mut row.code);
        line(&mut row.name);
        lines(&mut row.text);
        maybe(&mut row.unit);
    }
    for row in &mut view.classes {
        row.units.iter_mut().chain(&mut row.keywords).for_each(line);
    }
    for row in &mut view.units {
        line(&mut row.kind);
    }
    for row in &mut view.reasons {
        line(&mut row.table);
    }
    for row in &mut view.roles {
        line(&mut row.code);
        line(&mut row.name);
        line(&mut row.name_en);
    }
    for row in &mut view.limits {
        line(&mut row.code);
        line(&mut row.source);
        maybe(&mut row.class);
    }
    for year in &mut view.years {
        line(&mut year.source);
        year.days.values_mut().for_each(|day| line(&mut day.name));
    }
}

/// Who one is.
pub fn me(me: &mut Me) {
    line(&mut me.login);
    line(&mut me.name);
    line(&mut me.centre);
}

/// A caller in clear.
pub fn revealed(revealed: &mut Revealed) {
    line(&mut revealed.by);
    maybe(&mut revealed.number);
    maybe(&mut revealed.name);
}

/// Who saw a ticket.
pub fn look(look: &mut Look) {
    line(&mut look.by);
    line(&mut look.name);
    line(&mut look.kind);
    maybe(&mut look.note);
}
