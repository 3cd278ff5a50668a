//! P5: a call or a ticket is taken by exactly one person, and the others are told by whom.
use super::node::{Asker, City, soak, ticket};
use crate::support::backend::Kind;
use hotline::api::calls::Ring;
use hotline::api::tickets::Then;
use hotline::client::new_key;
use serde_json::json;

const LOGINS: [&str; 16] = [
    "op01", "op02", "op03", "op04", "op05", "op06", "op07", "op08", "op09", "op10", "op11", "op12", "sup01", "sup02", "eop01", "eop02",
];
const GATE: usize = 150;
const SOAK: usize = 5_000;

async fn exactly_one_wins(kind: Kind) {
    let Some(mut city) = City::new(kind).await else { return };
    let mut logins = LOGINS.to_vec();
    logins.push("admin01");
    let nodes = city.nodes(&logins).await;
    let admin = city.client(&nodes[0].url(), "admin01");
    let operator = city.client(&nodes[0].url(), "op01");
    let contenders: Vec<(String, Asker)> =
        LOGINS.iter().enumerate().map(|(index, login)| (nodes[index % nodes.len()].url(), Asker::new(city.token(login)))).collect();
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
            let won: Vec<&str> = LOGINS.iter().zip(&told).filter(|(_, told)| told.status == 200).map(|(login, _)| *login).collect();
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
