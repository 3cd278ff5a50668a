//! 管理 and 审计 by keys: what is edited says what it moves before it is put, nothing typed is lost by a refusal, a password is
//! never on the screen; the audit is scrolled as one, shows nobody's words, and its chain is walked and can be stopped.
use super::fixtures::*;
use crate::api::Page;
use crate::api::audit::{AuditRow, ChainHead, ChainStretch};
use crate::api::session::UserRow;
use crate::api::settings::{HistoryRow, PutRow, RowPreview, TablesPreview, Tally};
use crate::console::asks::{Ask, Told};
use crate::console::effect::Effect;
use crate::console::model::ScreenName;
use crate::console::model::admin::Kind;
use crate::console::msg::Answer;
use crate::domain::ids::{EventId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::tables::{FieldChange, TableName};
use crate::words::Language;
use chrono::TimeDelta;
use serde_json::json;

fn asked(desk: &mut Desk) -> Vec<Ask> {
    desk.taken(|effect| if let Effect::Admin(ask) = effect { Some((**ask).clone()) } else { None })
}

fn told(desk: &mut Desk, told: Told) {
    desk.answer(Answer::Told(Box::new(told)));
}

fn users() -> Vec<UserRow> {
    let user = |number: u128, login: &str, role: &str, active: bool| UserRow { id: UserId(id(number)), login: login.into(), roles: vec![role.into()], unit: None, active };
    vec![user(1, "admin01", "admin", true), user(2, "op01", "operator", true), user(3, "op02", "operator", false)]
}

fn change(field: &str, from: &str, to: &str) -> FieldChange {
    FieldChange { field: field.into(), from: Some(json!(from)), to: Some(json!(to)) }
}

fn opened(size: (u16, u16)) -> Desk {
    let mut desk = Desk::new("admin", None, size);
    desk.keys("f9");
    told(&mut desk, Told::Users(Ok(users())));
    answer_history(&mut desk);
    desk
}

/// The history that is asked for comes, and the one that is asked for then.
fn answer_history(desk: &mut Desk) {
    while let Some(Ask::History(of, code)) = asked(desk).pop() {
        let changed = HistoryRow { at: now() - TimeDelta::hours(3), by: "admin01".into(), kind: "table.unit_put".into(), changes: vec![change("name", "市市监局", "市市场监管局")] };
        told(desk, Told::History(of, code, Ok(Page { items: vec![changed], next: None })));
    }
}

/// On the rows of a kind.
fn on(kind: Kind, size: (u16, u16)) -> Desk {
    let mut desk = opened(size);
    let steps = desk.app.kinds().iter().position(|one| *one == kind).unwrap();
    desk.keys(&"j ".repeat(steps)).keys("enter");
    answer_history(&mut desk);
    desk
}

fn entry(position: i64, by: &str, kind: &str) -> AuditRow {
    AuditRow {
        position,
        event: EventId(id(position as u128)),
        at: now() - TimeDelta::minutes(200 - position.min(200)),
        occurred_at: now() - TimeDelta::minutes(200 - position.min(200)),
        by: by.into(),
        kind: kind.into(),
        id: id(900),
        number: Some("20261120-0163".into()),
        note: Some("王示例家的电话".into()),
        fields: json!({ "reason": "verify", "of": { "ticket": id(900) } }),
    }
}

/// 承办单位, one of them marked.
pub fn units(size: (u16, u16)) -> Desk {
    on(Kind::Table(TableName::Unit), size)
}

/// A limit in the form.
pub fn limit_form(size: (u16, u16)) -> Desk {
    let mut desk = on(Kind::Table(TableName::Limit), size);
    desk.keys("enter");
    desk
}

/// 审计.
pub fn audited(size: (u16, u16)) -> Desk {
    let mut desk = Desk::new("auditor", None, size);
    desk.keys("g u");
    let rows = (0..100).map(|at| entry(200 - at, if at % 3 == 0 { "sup01" } else { "op01" }, if at % 5 == 0 { "access.revealed" } else { "ticket.urged" })).collect();
    let generation = desk.app.model.admin.audit.generation;
    told(&mut desk, Told::Entries(generation, Ok(Page { items: rows, next: Some("101".into()) })));
    told(&mut desk, Told::Head(Ok(ChainHead { position: 184_202, recorded_at: now(), hash: "9f86d081884c7d65".repeat(4) })));
    desk.asked.clear();
    desk
}

#[test]
fn who_may_not_administer_neither_sees_the_screen_nor_gets_there() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    assert!(!desk.shows("F9"));
    desk.keys("f9");
    assert!(desk.app.model.screen == ScreenName::Desk && desk.shows("没有维护配置表的权限"), "{}", desk.text());
    // An auditor has the audit and nothing else; a supervisor as well.
    for role in ["auditor", "supervisor"] {
        let mut desk = Desk::new(role, None, (160, 45));
        desk.keys("f9");
        assert_eq!(desk.app.kinds(), [Kind::Audit], "{role}");
    }
    let kinds = opened((160, 45)).app.kinds();
    assert!(kinds.len() == 11 && kinds[0] == Kind::Users && kinds[10] == Kind::Audit);
}

#[test]
fn an_edit_says_what_it_moves_and_a_refusal_stands_at_its_field_with_what_was_typed() {
    let _words = speak(Language::Chinese);
    let mut desk = on(Kind::Table(TableName::Unit), (160, 45));
    assert!(desk.shows("市场监管局") && desk.shows("admin01") && desk.shows("市市监局 → 市市场监管局"), "{}", desk.text());
    // Found by initials, then edited.
    desk.keys("/").types("rsj");
    assert_eq!(desk.app.model.admin.current().map(|item| item.code.as_str()), Some("city.rsj"));
    desk.keys("enter enter ctrl-u").types("市人力资源局").keys("enter");
    let preview = asked(&mut desk).into_iter().find_map(|ask| if let Ask::Preview(row) = ask { Some(*row) } else { None });
    let Some(PutRow::Unit(row)) = preview else { panic!("{preview:?}") };
    assert_eq!((row.code.as_str(), row.name.as_str()), ("city.rsj", "市人力资源局"));
    let moves = || TablesPreview { put: 1, rows: vec![RowPreview { table: "unit".into(), code: "city.rsj".into(), new: false, changes: vec![change("name", "市人社局", "市人力资源局")], keep: Some(Tally { count: 7, of: 640, more: false }) }] };
    told(&mut desk, Told::Preview(Ok(moves())));
    assert!(desk.shows("将会改动") && desk.shows("市人社局 → 市人力资源局") && desk.shows("7/640"), "{}", desk.text());
    assert!(asked(&mut desk).is_empty(), "nothing is put before it is confirmed");
    // Back, and what was typed is there; forward again.
    desk.keys("esc");
    assert!(desk.shows("市人力资源局") && desk.app.model.admin.form.is_some());
    desk.keys("enter");
    told(&mut desk, Told::Preview(Ok(moves())));
    desk.asked.clear();
    desk.keys("enter");
    let Some(Ask::Put(_, key)) = asked(&mut desk).pop() else { panic!() };
    // The server says no: at the field, and the words stay.
    told(&mut desk, Told::Put(key.clone(), Err(refused(Refusal::Unknown { field: "office_close".into(), value: "25:00".into() }))));
    let form = desk.app.model.admin.form.as_ref().unwrap();
    assert_eq!(form.lines[form.focus].name, "office_close");
    assert!(desk.shows("下班时间") && desk.shows("25:00") && desk.shows("市人力资源局"), "{}", desk.text());
    // Left and found again as it was.
    desk.keys("esc");
    assert!(desk.app.model.admin.form.is_none());
    desk.keys("enter");
    assert!(desk.shows("市人力资源局"));
    desk.keys("enter");
    told(&mut desk, Told::Preview(Ok(moves())));
    desk.asked.clear();
    desk.keys("enter");
    let Some(Ask::Put(_, second)) = asked(&mut desk).pop() else { panic!() };
    assert_ne!(key, second, "a plain no ended the first");
    // Nobody knows what became of it: the same act goes out under the same key.
    told(&mut desk, Told::Put(second.clone(), Err(crate::client::ClientError::Unreachable("gone".into()))));
    assert!(desk.app.model.admin.form.as_ref().unwrap().preview.is_some());
    desk.keys("enter");
    let Some(Ask::Put(_, again)) = asked(&mut desk).pop() else { panic!() };
    assert_eq!(again, second);
    told(&mut desk, Told::Put(again, Ok(())));
    assert!(desk.app.model.admin.form.is_none() && desk.shows("已写入"));
    assert_eq!(desk.taken(|effect| matches!(effect, Effect::LoadTables).then_some(())).len(), 1);
}

#[test]
fn what_cannot_be_read_is_said_before_anything_is_asked() {
    let _words = speak(Language::Chinese);
    let mut desk = on(Kind::Table(TableName::Limit), (160, 45));
    desk.keys("enter");
    let at = desk.app.model.admin.form.as_ref().unwrap().lines.iter().position(|line| line.name == "amount").unwrap();
    while desk.app.model.admin.form.as_ref().unwrap().focus != at {
        desk.keys("tab");
    }
    desk.keys("ctrl-u").types("三").keys("enter");
    assert!(asked(&mut desk).is_empty());
    assert!(desk.shows("办结时限 无法识别"), "{}", desk.text());
}

#[test]
fn a_user_is_added_with_a_password_nobody_sees_and_switched_off_with_a_word_of_warning() {
    let _words = speak(Language::Chinese);
    let mut desk = opened((160, 45));
    desk.keys("enter n").keys("enter");
    assert!(desk.shows("登录名") && asked(&mut desk).iter().all(|ask| !matches!(ask, Ask::AddUser { .. })), "what is missing is said first");
    desk.types("li01").keys("tab").types("李示例").keys("tab").types("handler_clerk").keys("tab").types("city.rsj").keys("tab").types("s3cret-示例");
    assert!(!desk.text().contains("s3cret"), "{}", desk.text());
    desk.keys("enter");
    assert!(desk.shows("新增用户 li01") && asked(&mut desk).is_empty());
    desk.keys("enter");
    let Some(Ask::AddUser { user, password, key }) = asked(&mut desk).pop() else { panic!() };
    assert_eq!((user.login.as_str(), user.roles.as_slice(), user.unit.as_deref()), ("li01", &["handler_clerk".to_owned()][..], Some("city.rsj")));
    assert_eq!(password.as_ref().map(|password| password.0.as_str()), Some("s3cret-示例"));
    assert!(!format!("{password:?}").contains("s3cret"));
    told(&mut desk, Told::Put(key, Err(refused(Refusal::Exists { what: "li01".into() }))));
    assert!(desk.shows("li01") && desk.app.model.admin.form.as_ref().unwrap().focus == 0);
    // A form with a password in it is not kept when it is left.
    desk.keys("esc");
    assert!(desk.app.model.admin.left.is_none());
    // 停用: what it does is said, the next confirmation does it.
    desk.keys("j d");
    assert!(desk.shows("停用 op01") && desk.shows("立即失效"), "{}", desk.text());
    desk.keys("enter");
    let acts: Vec<_> = asked(&mut desk).into_iter().filter_map(|ask| if let Ask::ChangeUser { login, act, .. } = ask { Some((login, act)) } else { None }).collect();
    assert_eq!(acts, [("op01".to_owned(), "disable")]);
}

#[test]
fn the_audit_is_one_list_without_anybodys_words() {
    let _words = speak(Language::Chinese);
    let mut desk = audited((160, 45));
    assert!(desk.shows("查看明文") && desk.shows("sup01") && desk.shows("1120-0163") && desk.shows("184 202"), "{}", desk.text());
    desk.keys("tab");
    assert!(!desk.text().contains("王示例"), "what a person wrote may name somebody");
    desk.keys("shift-tab");
    // Down to where the next page is wanted; it is asked for once.
    desk.keys(&"pgdn ".repeat(2));
    let pages: Vec<_> = asked(&mut desk).into_iter().filter_map(|ask| if let Ask::Entries { query, .. } = ask { query.cursor } else { None }).collect();
    assert_eq!(pages, ["101"]);
    let generation = desk.app.model.admin.audit.generation;
    let more = (0..100).map(|at| entry(100 - at, "op02", "call.taken")).collect();
    told(&mut desk, Told::Entries(generation, Ok(Page { items: more, next: None })));
    assert_eq!(desk.app.model.admin.audit.rows.len(), 200);
    // Narrowed: by the small form, with a day that is none refused at its field.
    desk.keys("f").types("sup01").keys("tab").types("access.revealed").keys("tab").types("1120-0163").keys("tab").types("gestern").keys("enter");
    assert!(desk.shows("gestern") && desk.app.model.admin.form.is_some());
    desk.keys("ctrl-u").types("2026-11-22").keys("enter");
    let queries: Vec<_> = asked(&mut desk).into_iter().filter_map(|ask| if let Ask::Entries { query, generation } = ask { Some((query, generation)) } else { None }).collect();
    let (query, newer) = &queries[0];
    assert_eq!((query.person.as_deref(), query.kind.as_deref(), query.ticket.as_deref()), (Some("sup01"), Some("access.revealed"), Some("20261120-0163")));
    assert_eq!(query.from, Some(at("2026-11-21T16:00:00Z")));
    // An answer to the question before is nobody's any more.
    told(&mut desk, Told::Entries(generation, Ok(Page { items: vec![entry(1, "late", "ticket.urged")], next: None })));
    assert!(desk.app.model.admin.audit.rows.is_empty() && *newer != generation);
}

#[test]
fn the_chain_is_walked_with_its_pace_stopped_by_a_key_and_its_first_break_named() {
    let _words = speak(Language::Chinese);
    let mut desk = audited((160, 45));
    let stretch = |position: i64, broken_at: Option<i64>, ended: bool| ChainStretch { head: ChainHead { position, recorded_at: now(), hash: "00".into() }, broken_at, ended };
    desk.keys("c");
    assert_eq!(asked(&mut desk), [Ask::Walk(0)]);
    desk.wait(2);
    told(&mut desk, Told::Walk(Ok(stretch(2_000, None, false))));
    assert_eq!(asked(&mut desk), [Ask::Walk(2_000)]);
    assert!(desk.shows("核验 2 000/184 202 · 每秒 1 000 条 · 剩"), "{}", desk.text());
    desk.keys("c");
    told(&mut desk, Told::Walk(Ok(stretch(4_000, None, false))));
    assert!(asked(&mut desk).is_empty(), "stopped");
    assert!(desk.shows("已停下"), "{}", desk.text());
    desk.keys("c");
    assert_eq!(asked(&mut desk), [Ask::Walk(0)]);
    told(&mut desk, Told::Walk(Ok(stretch(2_000, Some(1_234), false))));
    assert!(asked(&mut desk).is_empty());
    assert!(desk.shows("审计链在第 1 234 条处断开"), "{}", desk.text());
    desk.keys("c");
    desk.wait(1);
    told(&mut desk, Told::Walk(Ok(stretch(184_202, None, true))));
    assert!(desk.shows("审计链完整，共 184 202 条"), "{}", desk.text());
}

#[test]
fn what_one_person_administers_is_not_the_next_ones_and_the_same_one_finds_it_again() {
    let _words = speak(Language::Chinese);
    let mut desk = on(Kind::Table(TableName::Unit), (160, 45));
    desk.keys("enter").types("半个名称");
    let session = |role: &str, login: &str| {
        let me = crate::api::session::Me { login: login.into(), ..me(role, None) };
        Answer::LoggedIn(Ok(crate::api::session::Session { token: "t".into(), expires_at: now(), me }))
    };
    // The login ends in mid-form; the same person goes on where they were.
    let login = desk.app.model.me.as_ref().unwrap().login.clone();
    desk.answer(session("admin", &login));
    assert!(desk.shows("半个名称"), "{}", desk.text());
    desk.answer(session("operator", "op07"));
    assert!(desk.app.model.screen == ScreenName::Desk && desk.app.model.admin.form.is_none() && desk.app.model.admin.users.is_none());
}
