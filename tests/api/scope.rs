//! The live stream shows a viewer what is in their sight: frames of their unit's tickets, a `leave` when one goes to
//! another unit, and nothing of what was never theirs.
use super::matrix::new_ticket;
use super::people::{OTHER, OWN};
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use hotline::api::events::Change;
use hotline::api::tickets::{ActRequest, TicketQuery};
use hotline::client::{Live, live, new_key};
use hotline::domain::ticket::Act;

/// What a frame says of one ticket.
#[derive(Debug, PartialEq)]
enum Seen {
    Row(uuid::Uuid, Option<String>),
    Left(uuid::Uuid),
}

async fn a_stream_shows_what_is_in_sight(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let handler = backend.with_roles("m.handler", &["handler_clerk"], Some(OWN)).await;
    let page = handler.tickets(&TicketQuery::default()).await.unwrap();
    let mut frames = live(handler.clone(), page.position);
    let admin = &backend.admin;
    let act = |id, act, request: ActRequest| async move { admin.act(id, act, &request, &new_key()).await.unwrap() };
    let to = |unit: &str| ActRequest { unit: Some(unit.into()), ..ActRequest::default() };
    let note = || ActRequest { text: Some("示例".into()), ..ActRequest::default() };
    let create = |unit| async move { admin.create_ticket(&new_ticket(unit), &new_key()).await.unwrap().id };
    let foreign = create(Some(OTHER)).await;
    let waiting = create(None).await;
    let own = create(Some(OWN)).await;
    act(foreign, Act::Note, note()).await;
    act(own, Act::Note, note()).await;
    act(own, Act::Redispatch, to(OTHER)).await;
    // Theirs no longer: nothing more of it is theirs to see.
    act(own, Act::Note, note()).await;
    act(own, Act::Sign, ActRequest::default()).await;
    act(waiting, Act::Note, note()).await;
    let last = create(Some(OWN)).await;
    let mut seen: Vec<Seen> = Vec::new();
    let mut sent = page.position;
    until("the last ticket's frame", 60, || {
        while let Ok(next) = frames.try_recv() {
            match next {
                Live::Frame(frame) => {
                    assert_eq!(frame.prev, sent, "no gap");
                    sent = frame.position;
                    seen.extend(frame.changes.into_iter().filter_map(|change| match change {
                        Change::Ticket { row } => Some(Seen::Row(row.id.0, row.unit)),
                        Change::Leave { id } => Some(Seen::Left(id)),
                        Change::Call { .. } => panic!("a handler sees no calls"),
                        _ => None,
                    }));
                }
                Live::Reset(reset) => panic!("{reset:?}"),
                _ => {}
            }
        }
        let done = seen.iter().any(|seen| matches!(seen, Seen::Row(id, _) if *id == last.0));
        async move { done.then_some(()) }
    })
    .await;
    for one in &seen {
        match one {
            Seen::Row(id, unit) => {
                assert!([own.0, last.0].contains(id), "{seen:?}");
                assert_eq!(unit.as_deref(), Some(OWN), "{seen:?}");
            }
            Seen::Left(id) => assert_eq!(*id, own.0, "{seen:?}"),
        }
    }
    // On a slow machine one frame may stand for several events: then the row came and went within it.
    let left = seen.iter().position(|seen| *seen == Seen::Left(own.0)).expect("a leave for what was re-dispatched");
    assert_eq!(seen.iter().filter(|seen| **seen == Seen::Left(own.0)).count(), 1, "{seen:?}");
    assert!(!seen[left..].iter().any(|seen| matches!(seen, Seen::Row(id, _) if *id == own.0)), "{seen:?}");
    // Who comes back from before sees the same: what is theirs, and that the other left.
    let mut again = live(handler, page.position);
    let mut told = Vec::new();
    until("the same, resumed", 60, || {
        while let Ok(next) = again.try_recv() {
            if let Live::Frame(frame) = next {
                told.extend(frame.changes);
            }
        }
        let done = told.iter().any(|change| matches!(change, Change::Ticket { row } if row.id == last));
        async move { done.then_some(()) }
    })
    .await;
    let ids = told.iter().filter_map(|change| match change {
        Change::Ticket { row } => Some(row.id.0),
        Change::Leave { id } => Some(*id),
        _ => None,
    });
    assert!(ids.into_iter().all(|id| [own.0, last.0].contains(&id)), "{told:?}");
    assert!(told.iter().any(|change| matches!(change, Change::Leave { id } if *id == own.0)), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_shows_what_is_in_sight_on_sqlite() {
    a_stream_shows_what_is_in_sight(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_shows_what_is_in_sight_on_postgres() {
    a_stream_shows_what_is_in_sight(Kind::Postgres).await;
}
