//! 管理 over the API: what a change would move is told before it is made and changes nothing; what was changed stands in a
//! history, from what to what and by whom; a refusal names its field; nobody takes their own administration away.
use super::matrix::new_ticket;
use super::people::OWN;
use crate::rules::{no, on_both};
use crate::support::backend::{Backend, Kind};
use hotline::api::audit::AuditQuery;
use hotline::api::session::{UserChange, UserQuery};
use hotline::api::settings::{HistoryQuery, PutRow};
use hotline::client::{Client, ClientError, new_key};
use hotline::domain::refusal::Refusal;
use serde_json::json;

async fn limit_of(admin: &Client, code: &str) -> hotline::domain::limits::LimitRow {
    admin.tables().await.unwrap().limits.into_iter().find(|row| row.code == code).unwrap()
}

/// The field a refusal names.
fn field<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> String {
    match answer {
        Err(ClientError::Problem(problem)) => match problem.refusal {
            Some(Refusal::Unknown { field, .. } | Refusal::Missing { field }) => field,
            other => format!("{other:?}"),
        },
        other => panic!("not refused: {other:?}"),
    }
}

async fn a_limit_is_previewed_put_and_remembered(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    for _ in 0..3 {
        admin.create_ticket(&new_ticket(Some(OWN)), &new_key()).await.unwrap();
    }
    let one = admin.create_ticket(&new_ticket(Some(OWN)), &new_key()).await.unwrap();
    let detail = admin.ticket(one.id).await.unwrap();
    let (code, version) = detail.limit.as_deref().unwrap().split_once('/').unwrap();
    let mut row = limit_of(admin, code).await;
    assert_eq!(row.version.to_string(), version);
    let before = admin.audit_head().await.unwrap().position;
    // The same again moves nothing.
    let same = admin.preview_tables(&[PutRow::Limit(Box::new(row.clone()))]).await.unwrap();
    assert!(same.put == 0 && same.rows[0].changes.is_empty() && same.rows[0].keep.is_none(), "{same:?}");
    row.amount += 2;
    let preview = admin.preview_tables(&[PutRow::Limit(Box::new(row.clone()))]).await.unwrap();
    let fields: Vec<&str> = preview.rows[0].changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((preview.put, preview.rows[0].new, fields), (1, false, vec!["amount", "version"]));
    let keep = preview.rows[0].keep.unwrap();
    assert_eq!((keep.count, keep.of, keep.more), (4, 4, false), "those that run under it keep it");
    assert_eq!(limit_of(admin, code).await.amount, row.amount - 2, "a preview puts nothing");
    assert_eq!(admin.audit_head().await.unwrap().position, before, "nor does it write");
    // Put: a new version for new tickets, the old one for those that have it.
    admin.put_tables(&[PutRow::Limit(Box::new(row.clone()))], &new_key()).await.unwrap();
    assert_eq!(admin.ticket(one.id).await.unwrap().row.clocks, detail.row.clocks);
    let newer = admin.create_ticket(&new_ticket(Some(OWN)), &new_key()).await.unwrap();
    assert_eq!(admin.ticket(newer.id).await.unwrap().limit.unwrap(), format!("{code}/{}", row.version + 1));
    let keep = { let mut again = row.clone(); again.amount += 1; admin.preview_tables(&[PutRow::Limit(Box::new(again))]).await.unwrap().rows[0].keep.unwrap() };
    assert_eq!((keep.count, keep.of), (1, 5), "only the one under the version that stands");
    let history = admin.table_history(&HistoryQuery { table: "limit".into(), code: code.into() }).await.unwrap().items;
    assert_eq!((history.len(), history[0].by.as_str(), history[0].kind.as_str()), (1, "admin01", "table.limit_put"));
    let amount = history[0].changes.iter().find(|change| change.field == "amount").unwrap();
    assert_eq!((amount.from.clone(), amount.to.clone()), (Some(json!(row.amount - 2)), Some(json!(row.amount))), "from what shipped to what was put");
}

async fn a_refusal_names_its_field_and_nobody_locks_themselves_out(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let tables = admin.tables().await.unwrap();
    let unit = tables.units.iter().find(|unit| unit.code == OWN).unwrap().clone();
    let wrong = [
        ("code", PutRow::Unit(hotline::domain::tables::UnitRow { code: "nowhere.at.all".into(), ..unit.clone() })),
        ("name", PutRow::Unit(hotline::domain::tables::UnitRow { name: " ".into(), ..unit.clone() })),
        ("office_close", PutRow::Unit(hotline::domain::tables::UnitRow { office_close: Some("25:00".into()), ..unit.clone() })),
    ];
    for (name, row) in wrong {
        assert_eq!(field(admin.preview_tables(std::slice::from_ref(&row)).await), name);
        assert_eq!(field(admin.put_tables(&[row], &new_key()).await), name);
    }
    let mut role = tables.roles.iter().find(|role| role.code == "admin").unwrap().clone();
    role.capabilities.retain(|one| *one != hotline::domain::rights::Capability::UserManage);
    assert_eq!(no(admin.put_tables(&[PutRow::Role(role)], &new_key()).await), (409, "not_oneself".into()));
    // Rights are given by whoever manages users; a role that gains one gives it at once.
    let operator = backend.with_roles("t.one", &["panel_member"], None).await;
    assert_eq!(no(operator.audit_head().await).0, 403);
    let mut role = tables.roles.iter().find(|role| role.code == "panel_member").unwrap().clone();
    role.capabilities.push(hotline::domain::rights::Capability::AuditRead);
    admin.put_tables(&[PutRow::Role(role)], &new_key()).await.unwrap();
    operator.audit_head().await.unwrap();
}

async fn what_was_done_to_a_user_and_about_a_ticket_is_found(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    backend.with_roles("t.two", &["operator"], None).await;
    let change = UserChange { roles: Some(vec!["handler_clerk".into()]), unit: Some(OWN.into()), password: None };
    admin.change_user("t.two", "role", &change, &new_key()).await.unwrap();
    admin.change_user("t.two", "disable", &UserChange::default(), &new_key()).await.unwrap();
    let history = admin.user_history("t.two").await.unwrap().items;
    let kinds: Vec<&str> = history.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["user.disabled", "user.changed", "user.added"], "newest first");
    let fields: Vec<&str> = history[1].changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["roles", "unit"]);
    assert!(!serde_json::to_string(&history).unwrap().contains("示例"), "no name stands in it");
    assert_eq!(no(admin.user_history("nobody").await), (404, "not_found".into()));
    assert!(admin.users(&UserQuery::default()).await.unwrap().items.iter().any(|user| !user.active || user.login == "admin01"));
    // The audit of one ticket: what was done to it, and who looked.
    let ticket = admin.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    let other = admin.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    let operator = backend.with_roles("t.three", &["operator"], None).await;
    operator.ticket(ticket.id).await.unwrap();
    let of = async |name: String| admin.audit(&AuditQuery { ticket: Some(name), ..Default::default() }).await.unwrap().items;
    let rows = crate::support::until("the look is on record", 30, || async { Some(of(ticket.number.clone()).await).filter(|rows| rows.len() == 2) }).await;
    let told: Vec<(&str, &str)> = rows.iter().map(|row| (row.by.as_str(), row.kind.as_str())).collect();
    assert_eq!(told, [("t.three", "access.viewed"), ("admin01", "ticket.accepted")]);
    assert_eq!(of(other.id.0.to_string()).await.len(), 1);
    assert_eq!(field(admin.audit(&AuditQuery { ticket: Some("20200101-0001".into()), ..Default::default() }).await), "ticket");
}

async fn a_calendar_says_what_it_moves_before_it_is_taken_in(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    // From the first spring that nobody has published: no festival lies within the limit.
    let day = |at: hotline::domain::Timestamp| at.with_timezone(&hotline::domain::city_offset()).date_naive();
    let spring: chrono::NaiveDate = "2027-03-01".parse().unwrap();
    let days = (spring - day(admin.advance_clock(0).await.unwrap().now)).num_days();
    if days > 0 {
        admin.advance_clock(u64::try_from(days).unwrap() * 86_400).await.unwrap();
    }
    let ticket = admin.create_ticket(&new_ticket(Some(OWN)), &new_key()).await.unwrap();
    let due = admin.ticket(ticket.id).await.unwrap().row.clocks.due.unwrap();
    let last = day(due - chrono::TimeDelta::minutes(1));
    // The last day of its limit is given off: the limit ends later.
    let year = last.format("%Y").to_string().parse::<i32>().unwrap();
    let file = json!({ "year": year, "papers": ["http://www.gov.cn/zhengce/content/example.htm"], "days": [{ "name": "示例", "date": last.to_string(), "isOffDay": true }] });
    let preview = admin.preview_calendar(&file).await.unwrap();
    assert!(preview.changed && preview.year == year, "{preview:?}");
    assert_eq!((preview.moves.count, preview.first.len()), (1, 1), "{preview:?}");
    let moved = &preview.first[0];
    assert_eq!((moved.number.as_str(), moved.from), (ticket.number.as_str(), Some(due)));
    assert!(moved.to > moved.from);
    assert_eq!(admin.ticket(ticket.id).await.unwrap().row.clocks.due, Some(due), "a preview moves nothing");
    admin.import_calendar(&file, &new_key()).await.unwrap();
    let wanted = moved.to;
    crate::support::until("the due date has moved", 30, || async { (admin.ticket(ticket.id).await.unwrap().row.clocks.due == wanted).then_some(()) }).await;
    assert!(!admin.preview_calendar(&file).await.unwrap().changed);
}

on_both! {
    a_limit_is_previewed_put_and_remembered => a_limit_is_previewed_put_and_remembered_on_sqlite, a_limit_is_previewed_put_and_remembered_on_postgres;
    a_refusal_names_its_field_and_nobody_locks_themselves_out => a_refusal_names_its_field_on_sqlite, a_refusal_names_its_field_on_postgres;
    what_was_done_to_a_user_and_about_a_ticket_is_found => what_was_done_to_a_user_is_found_on_sqlite, what_was_done_to_a_user_is_found_on_postgres;
    a_calendar_says_what_it_moves_before_it_is_taken_in => a_calendar_says_what_it_moves_on_sqlite, a_calendar_says_what_it_moves_on_postgres;
}
