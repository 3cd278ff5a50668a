//! What takes a ticket in, which limit row it runs under, and what a calendar year that arrives does to its due.
use super::{no, on_both};
use crate::api::matrix::new_ticket;
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use hotline::api::tickets::{ActRequest, EditRequest, TicketQuery};
use hotline::client::{Client, new_key};
use hotline::domain::city_offset;
use hotline::domain::clocks::Flag;
use hotline::domain::ids::TicketId;
use hotline::domain::limits::{Tag, TicketKind};
use hotline::domain::ticket::{Act, Step};
use hotline::server::Running;
use serde_json::json;

async fn ticket(admin: &Client) -> TicketId {
    admin.create_ticket(&new_ticket(Some("city.dc.zjj")), &new_key()).await.unwrap().id
}

fn words() -> ActRequest {
    ActRequest { text: Some("示例说明".into()), reason: Some("withdrawn".into()), ..ActRequest::default() }
}

async fn only_an_open_ticket_takes_another_in(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let merge = |one: TicketId, into: TicketId| async move { admin.act(one, Act::Merge, &ActRequest { target: Some(into), ..ActRequest::default() }, &new_key()).await };
    let (a, b, c, d) = (ticket(admin).await, ticket(admin).await, ticket(admin).await, ticket(admin).await);
    assert_eq!(merge(a, b).await.unwrap().step, Step::Merged);
    let back = merge(b, a).await;
    assert!(back.as_ref().unwrap_err().to_string().contains("并单"), "it says where the target stands: {back:?}");
    assert_eq!(no(back), (409, "target_closed".into()));
    admin.act(d, Act::Cancel, &words(), &new_key()).await.unwrap();
    assert_eq!(no(merge(c, d).await), (409, "target_closed".into()));
    assert_eq!(merge(b, c).await.unwrap().step, Step::Merged, "a chain of merges ends at an open ticket");
    // At once, each into the other: one of the two stays open, however often.
    for _ in 0..10 {
        let (one, other) = (ticket(admin).await, ticket(admin).await);
        let (there, back) = tokio::join!(merge(one, other), merge(other, one));
        assert_eq!(i32::from(there.is_ok()) + i32::from(back.is_ok()), 1, "{there:?} {back:?}");
    }
    // And a target that is cancelled meanwhile: the cancelling stands, the merge was before it or is told.
    for _ in 0..10 {
        let (one, target) = (ticket(admin).await, ticket(admin).await);
        let (merged, cancelled) = (merge(one, target), async { admin.act(target, Act::Cancel, &words(), &new_key()).await });
        let (merged, cancelled) = tokio::join!(merged, cancelled);
        cancelled.unwrap();
        assert!(merged.is_ok() || no(merged) == (409, "target_closed".into()));
    }
}

async fn the_limit_follows_what_the_ticket_is(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let limit = |id: TicketId| async move { admin.ticket(id).await.unwrap().limit.unwrap() };
    let of_kind = |kind| async move {
        let wanted = hotline::api::tickets::NewTicket { kind, ..new_ticket(Some("city.dc.zjj")) };
        admin.create_ticket(&wanted, &new_key()).await.unwrap()
    };
    let slow = of_kind(TicketKind::HelpRequest).await;
    assert_eq!(limit(slow.id).await, "help_request/1");
    let tag = |tag| ActRequest { tag, ..ActRequest::default() };
    let fast = admin.act(slow.id, Act::Prioritise, &tag(Some(Tag::SpeedUp)), &new_key()).await.unwrap();
    assert_eq!(limit(slow.id).await, "speed_up/1");
    assert!(fast.clocks.due < slow.clocks.due, "{:?} {:?}", fast.clocks, slow.clocks);
    let again = admin.act(slow.id, Act::Prioritise, &tag(None), &new_key()).await.unwrap();
    assert_eq!((limit(slow.id).await.as_str(), again.clocks.due), ("help_request/1", slow.clocks.due));
    let complaint = of_kind(TicketKind::Complaint).await;
    let edit = EditRequest { kind: Some(TicketKind::Consultation), ..EditRequest::default() };
    let asked = admin.edit(complaint.id, &edit, complaint.version, &new_key()).await.unwrap();
    assert_eq!(limit(complaint.id).await, "consultation/1");
    assert!(asked.clocks.due < complaint.clocks.due);
    // Under the new row it warns again at its own time, and a rebuild agrees.
    admin.advance_clock(40 * 86_400).await.unwrap();
    assert_eq!(admin.ticket(complaint.id).await.unwrap().row.flag, Flag::Overdue);
    assert_eq!(Running::beside(&backend.settings).await.unwrap().rebuild_check().await.unwrap(), Vec::<serde_json::Value>::new());
}

/// A year's file with three days off from `first` on.
fn year(year: i32, first: chrono::NaiveDate) -> serde_json::Value {
    let days: Vec<_> = (0..3).map(|day| json!({ "name": "示例节", "date": (first + chrono::TimeDelta::days(day)).to_string(), "isOffDay": true })).collect();
    json!({ "year": year, "papers": ["示例"], "days": days })
}

async fn a_year_that_arrives_moves_what_is_due_in_it(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    // From somewhere in the first year that nobody has published.
    let next: chrono::NaiveDate = "2027-03-01".parse().unwrap();
    let now = admin.advance_clock(0).await.unwrap().now.with_timezone(&city_offset()).date_naive();
    let days = (next - now).num_days();
    if days > 0 {
        admin.advance_clock(u64::try_from(days).unwrap() * 86_400).await.unwrap();
    }
    let today = admin.advance_clock(0).await.unwrap().now.with_timezone(&city_offset()).date_naive();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(ticket(admin).await);
    }
    let paused = ticket(admin).await;
    for (act, request) in [(Act::Sign, ActRequest::default()), (Act::Suspend, ActRequest { reason: Some("court".into()), ..ActRequest::default() })] {
        admin.act(paused, act, &request, &new_key()).await.unwrap();
    }
    let before = admin.ticket(made[0]).await.unwrap().row;
    assert!(before.clocks.provisional, "{:?}", before.clocks);
    let file = year(chrono::Datelike::year(&today), today + chrono::TimeDelta::days(4));
    admin.import_calendar(&file, &new_key()).await.unwrap();
    for id in &made {
        let row = until("the due is reckoned anew", 20, || async {
            let detail = admin.ticket(*id).await.unwrap();
            (!detail.row.clocks.provisional).then_some(detail)
        })
        .await;
        assert!(row.row.clocks.due > before.clocks.due, "three days are off: {:?} {:?}", row.row.clocks.due, before.clocks.due);
        assert_eq!(row.timeline.iter().filter(|entry| entry.kind == "ticket.reckoned").count(), 1);
        assert!(row.row.version > before.version, "listeners hear of it");
    }
    // Days of a pause go by, flags turn: what is stored is what the log says all the while, also to a node whose clock is behind.
    for _ in 0..3 {
        let behind = Running::beside(&backend.settings).await.unwrap();
        admin.advance_clock(6 * 86_400).await.unwrap();
        let turned = admin.advance_clock(0).await.unwrap().now;
        until("the sweep has been", 20, || async {
            let page = admin.tickets(&TicketQuery { open: Some(true), ..TicketQuery::default() }).await.unwrap();
            let flagged = |flag| page.items.iter().filter(|row| row.clocks.flag(turned) == flag).count() as i64;
            (page.counts.overdue == flagged(Flag::Overdue) && page.counts.yellow == flagged(Flag::Yellow)).then_some(())
        })
        .await;
        assert_eq!(behind.rebuild_check().await.unwrap(), Vec::<serde_json::Value>::new());
        assert_eq!(Running::beside(&backend.settings).await.unwrap().rebuild_check().await.unwrap(), Vec::<serde_json::Value>::new());
    }
}

async fn an_extension_has_its_days(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let id = ticket(admin).await;
    admin.act(id, Act::Sign, &ActRequest::default(), &new_key()).await.unwrap();
    let ask = |days| ActRequest { reason: Some("complex".into()), days, ..ActRequest::default() };
    for (days, code) in [(None, "missing"), (Some(0), "unknown"), (Some(61), "unknown"), (Some(4_000_000_000), "unknown")] {
        assert_eq!(no(admin.act(id, Act::RequestExtension, &ask(days), &new_key()).await), (422, code.into()), "{days:?}");
    }
    let asked = admin.act(id, Act::RequestExtension, &ask(Some(4)), &new_key()).await.unwrap();
    let granted = admin.act(id, Act::GrantExtension, &ActRequest::default(), &new_key()).await.unwrap();
    assert!(granted.clocks.extended && granted.clocks.due > asked.clocks.due);
    let entry = admin.ticket(id).await.unwrap().timeline.pop().unwrap();
    assert_eq!(entry.fields["days"], 4, "what was asked for is what is granted");
}

on_both! {
    only_an_open_ticket_takes_another_in => only_an_open_ticket_takes_another_in_on_sqlite, only_an_open_ticket_takes_another_in_on_postgres;
    the_limit_follows_what_the_ticket_is => the_limit_follows_what_the_ticket_is_on_sqlite, the_limit_follows_what_the_ticket_is_on_postgres;
    a_year_that_arrives_moves_what_is_due_in_it => a_year_that_arrives_moves_what_is_due_in_it_on_sqlite, a_year_that_arrives_moves_what_is_due_in_it_on_postgres;
    an_extension_has_its_days => an_extension_has_its_days_on_sqlite, an_extension_has_its_days_on_postgres;
}
