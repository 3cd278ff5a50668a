//! P5: a call or a ticket is taken by exactly one person, and the others are told by whom.
use super::node::{Asker, City, soak, ticket};
use crate::support::backend::Kind;
use hotline::api::calls::Ring;
use hotline::api::session::NewUser;
use hotline::api::tickets::Then;
use hotline::client::new_key;
use serde_json::json;

const CONTENDERS: usize = 16;
const GATE: usize = 150;
const SOAK: usize = 5_000;

async fn exactly_one_wins(kind: Kind) {
    let Some(mut city) = City::new(kind).await else { return };
    let logins: Vec<String> = (1..=CONTENDERS).map(|number| format!("c{number:02}")).collect();
    let first = city.node(&["admin01", "op01"]).await;
    let admin = city.client(&first.url(), "admin01");
    for login in &logins {
        // Both sides of the house at once: calls are an operator's to take, tickets a handler's.
        let roles = ["operator", "handler_clerk"].map(str::to_owned).to_vec();
        let user = NewUser { login: login.clone(), name: "示例".into(), roles, unit: Some("city.dc.zjj".into()), password: None };
        admin.add_user(&user, &new_key()).await.unwrap();
    }
    first.stop().await;
    let names: Vec<&str> = logins.iter().map(String::as_str).collect();
    let nodes = city.nodes(&names).await;
    let admin = city.client(&nodes[0].url(), "admin01");
    let operator = city.client(&nodes[0].url(), "op01");
    let contenders: Vec<(String, Asker)> =
        names.iter().enumerate().map(|(index, login)| (nodes[index % nodes.len()].url(), Asker::new(city.token(login)))).collect();
    let mut winners = std::collections::BTreeSet::new();
    for item in 0..if soak() { SOAK } else { GATE } {
        let ring = Ring {
            exchange: "test".into(),
            exchange_call: item.to_string(),
            line: Default::default(),
            number: format!("1000000{item:04}"),
            name: None,
            district: None,
        };
        let call = admin.ring(&ring, &new_key()).await.unwrap();
        let row = operator.create_ticket(&ticket("示例", Then::Dispatch { unit: "city.dc.zjj".into() }), &new_key()).await.unwrap();
        for path in [format!("calls/{}/take", call.id), format!("tickets/{}/claim", row.id)] {
            let asked = contenders.iter().map(|(url, asker)| asker.post_new(format!("{url}/api/v1/{path}")));
            let told = futures_util::future::join_all(asked).await;
            let won: Vec<&str> = names.iter().zip(&told).filter(|(_, told)| told.status == 200).map(|(login, _)| *login).collect();
            assert_eq!(won.len(), 1, "{path}: {won:?} took the same; {:?}", told[0]);
            winners.insert(won[0]);
            for told in told.iter().filter(|told| told.status != 200) {
                assert_eq!((told.status, told.code().as_str()), (409, "already_claimed"), "{told:?}");
                assert_eq!(told.json()["refusal"]["by"], won[0], "the winner is named");
            }
        }
    }
    println!("{kind:?}: won at least once: {winners:?}");
}

impl Asker {
    async fn post_new(&self, url: String) -> super::node::Told {
        self.post(url, &new_key(), &json!({})).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_one_person_takes_a_call_or_a_ticket_on_sqlite() {
    exactly_one_wins(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_one_person_takes_a_call_or_a_ticket_on_postgres() {
    exactly_one_wins(Kind::Postgres).await;
}
