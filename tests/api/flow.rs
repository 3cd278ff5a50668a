//! A call becomes a ticket, end to end: rung, taken, answered or dispatched, signed, replied, reviewed, called back.
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use hotline::api::calls::{CallQuery, Ring};
use hotline::api::events::Change;
use hotline::api::tickets::{ActRequest, NewTicket, Then, TicketQuery};
use hotline::client::{Live, live, new_key};
use hotline::domain::clocks::{DayEffect, Flag};
use hotline::domain::limits::TicketKind;
use hotline::domain::ticket::{Act, Step};

fn ring(call: &str) -> Ring {
    Ring {
        exchange: "test".into(),
        exchange_call: call.into(),
        line: Default::default(),
        number: "10000000421".into(),
        name: Some("张示例".into()),
        district: Some("东城区".into()),
    }
}

fn ticket(unit: &str) -> NewTicket {
    NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: Some("U1".into()),
        tag: None,
        green: false,
        line: Default::default(),
        title: "示例路夜间施工噪声".into(),
        body: "市民反映示例路夜间施工。".into(),
        place: Some("示例路 1 号".into()),
        call: None,
        pins: vec![],
        then: Then::Dispatch { unit: unit.into() },
        number: None,
        enterprise: None,
        promise: None,
    }
}

async fn the_whole_flow(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.as_user("op01").await;
    let handler = backend.as_user("h.dc.zjj").await;
    let supervisor = backend.as_user("sup01").await;
    let call = backend.admin.ring(&ring("1"), &new_key()).await.unwrap();
    assert_eq!(call.number, "100****0421");
    assert_eq!(operator.calls(&CallQuery::default()).await.unwrap().items.len(), 1);
    let taken = operator.act_on_call(call.id, "take", &new_key()).await.unwrap();
    assert_eq!(taken.taken_by.as_deref(), Some("op01"));
    let mut wanted = ticket("city.dc.zjj");
    wanted.call = Some(call.id);
    let page = supervisor.tickets(&TicketQuery::default()).await.unwrap();
    let mut frames = live(supervisor.clone(), page.position);
    let row = operator.create_ticket(&wanted, &new_key()).await.unwrap();
    assert_eq!(row.step, Step::Dispatched);
    // Day by day, the derivation ends with the day whose end is the due date.
    let shown = supervisor.ticket(row.id).await.unwrap();
    let last = shown.days.last().unwrap();
    assert!(matches!(last.effect, DayEffect::Counted(_)), "{last:?}");
    let due = shown.row.clocks.due.unwrap() - chrono::TimeDelta::seconds(1);
    assert_eq!(due.with_timezone(&hotline::domain::city_offset()).date_naive(), last.date);
    let seen = until("the supervisor's frame", 60, || {
        let next = frames.try_recv();
        let id = row.id;
        async move {
            match next {
                Ok(Live::Frame(frame)) => {
                    frame.changes.into_iter().find_map(|change| match change {
                        Change::Ticket { row } if row.id == id => Some(row),
                        _ => None,
                    })
                }
                _ => None,
            }
        }
    })
    .await;
    assert_eq!(seen.number, row.number);
    // Orange after a day, red after two, by the store's clock and nothing else.
    for (hours, flag) in [(25, Flag::Orange), (24, Flag::Red)] {
        backend.admin.advance_clock(hours * 3600).await.unwrap();
        let page = supervisor.tickets(&TicketQuery { flag: Some(flag), ..TicketQuery::default() }).await.unwrap();
        assert_eq!(page.items.len(), 1, "{flag:?}");
    }
    let words = |text: &str| ActRequest { text: Some(text.into()), ..ActRequest::default() };
    for (who, act, request, step) in [
        (&handler, Act::Sign, ActRequest::default(), Step::Signed),
        (&handler, Act::Contact, words("已电话联系来电人。"), Step::InProgress),
        (&handler, Act::Reply, words("已责令停工。"), Step::Replied),
        (&supervisor, Act::Review, ActRequest::default(), Step::Reviewed),
        (&supervisor, Act::CallBack, ActRequest { solved: Some(true), rating: Some(5), ..ActRequest::default() }, Step::CalledBack),
        (&supervisor, Act::Archive, ActRequest::default(), Step::Archived),
    ] {
        let row = who.act(row.id, act, &request, &new_key()).await.unwrap();
        assert_eq!(row.step, step);
    }
    let detail = supervisor.ticket(row.id).await.unwrap();
    assert_eq!(detail.caller.as_deref(), Some("张* 100****0421"));
    assert!(detail.timeline.iter().any(|entry| entry.note.as_deref() == Some("已责令停工。")));
    assert!(detail.acts.contains(&Act::Note) && !detail.acts.contains(&Act::Sign));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_becomes_a_ticket_end_to_end_on_sqlite() {
    the_whole_flow(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_becomes_a_ticket_end_to_end_on_postgres() {
    the_whole_flow(Kind::Postgres).await;
}
