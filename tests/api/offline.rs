//! Intakes taken while nobody answered: leased numbers, true times, once each.
use crate::api::matrix::new_ticket;
use crate::support::backend::{Backend, Kind};
use chrono::{TimeDelta, Utc};
use hotline::api::tickets::NewTicket;
use hotline::client::{ClientError, new_key};
use std::time::Duration;

fn code(error: ClientError) -> String {
    match error {
        ClientError::Problem(problem) => problem.code,
        other => panic!("{other}"),
    }
}

async fn leased(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let (one, two) = (backend.as_user("op01").await, backend.as_user("eop01").await);
    let key = new_key();
    let numbers = one.lease_numbers(3, &key).await.unwrap().numbers;
    assert_eq!(one.lease_numbers(3, &key).await.unwrap().numbers, numbers, "the same key, the same numbers");
    let others = two.lease_numbers(3, &new_key()).await.unwrap().numbers;
    assert!(numbers.iter().all(|number| !others.contains(number)) && numbers.is_sorted() && numbers.len() == 3);

    // Half an hour passes without a link; then it goes out with its age, twice, because the first answer was lost.
    backend.admin.advance_clock(3600).await.unwrap();
    let offset = TimeDelta::seconds(3600);
    let wanted = NewTicket { number: Some(numbers[0].clone()), ..new_ticket(Some("city.dc.zjj")) };
    let key = new_key();
    let row = one.create_ticket_of(&wanted, &key, Duration::from_secs(1800)).await.unwrap();
    let again = one.create_ticket_of(&wanted, &key, Duration::from_secs(1860)).await.unwrap();
    assert_eq!((row.id, row.accepted_at), (again.id, again.accepted_at), "the age is not in the body: the same act");
    assert_eq!(row.number, numbers[0]);
    let given = Utc::now() + offset - TimeDelta::seconds(1800);
    assert!((row.accepted_at - given).abs() < TimeDelta::seconds(20), "{} is not half an hour ago ({given})", row.accepted_at);
    assert_eq!(row.dispatched_at, Some(row.accepted_at));

    // A number is used once, by the seat that has it, and dates nothing before it was leased.
    assert_eq!(code(one.create_ticket(&wanted, &new_key()).await.unwrap_err()), "unknown");
    let stolen = NewTicket { number: Some(numbers[1].clone()), ..wanted.clone() };
    assert_eq!(code(two.create_ticket(&stolen, &new_key()).await.unwrap_err()), "unknown");
    let old = one.create_ticket_of(&stolen, &new_key(), Duration::from_secs(40 * 3600)).await.unwrap();
    assert!(old.accepted_at >= given - TimeDelta::seconds(1800 + 20), "{}", old.accepted_at);
    // A number of the server's own is dated by the server alone.
    let now = one.create_ticket_of(&new_ticket(None), &new_key(), Duration::from_secs(1800)).await.unwrap();
    assert!(now.accepted_at > given + TimeDelta::seconds(1700));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leased_number_is_used_once_with_its_true_time_on_sqlite() {
    leased(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leased_number_is_used_once_with_its_true_time_on_postgres() {
    leased(Kind::Postgres).await;
}
