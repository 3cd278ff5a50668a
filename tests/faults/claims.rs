//! P5: a call or a ticket is taken by exactly one person, and the others are told by whom.
use super::node::{Asker, City, soak, ticket};
use crate::support::backend::Kind;
use hotline::api::calls::Ring;
use hotline::api::session::NewUser;
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
    // Sixteen clerks of one unit: its tickets are theirs to claim.
    let clerks: Vec<String> = (1..=LOGINS.len()).map(|number| format!("clerk{number:02}")).collect();
    let first = city.node(&["admin01"]).await;
    for login in &clerks {
        let user = NewUser { login: login.clone(), name: "示例".into(), roles: vec!["handler_clerk".into()], unit: Some("city.dc.zjj".into()), password: None };
        city.client(&first.url(), "admin01").add_user(&user, &new_key()).await.unwrap();
    }
    first.stop().await;
    let clerks: Vec<&str> = clerks.iter().map(String::as_str).collect();
    let nodes = city.nodes(&[&LOGINS[..], &clerks].concat()).await;
    let admin = city.client(&nodes[0].url(), "admin01");
    let operator = city.client(&nodes[0].url(), "op01");
    let contenders = |logins: &[&str]| -> Vec<(String, Asker)> {
        logins.iter().enumerate().map(|(index, login)| (nodes[index % nodes.len()].url(), Asker::new(city.token(login)))).collect()
    };
    let (operators, handlers) = (contenders(&LOGINS), contenders(&clerks));
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
        let contests = [(format!("calls/{}/take", call.id), &LOGINS[..], &operators), (format!("tickets/{}/claim", row.id), &clerks[..], &handlers)];
        for (path, logins, contenders) in contests {
            let asked = contenders.iter().map(|(url, asker)| asker.post_new(format!("{url}/api/v1/{path}")));
            let told = futures_util::future::join_all(asked).await;
            let won: Vec<&str> = logins.iter().zip(&told).filter(|(_, told)| told.status == 200).map(|(login, _)| *login).collect();
            assert_eq!(won.len(), 1, "{path}: {won:?} took the same; {:?}", told[0]);
            winners.insert(won[0].to_owned());
            // Free again for the next one.
            if let Some(call) = path.strip_suffix("/take") {
                let (url, asker) = &contenders[logins.iter().position(|login| *login == won[0]).unwrap()];
                assert_eq!(asker.post_new(format!("{url}/api/v1/{call}/wrap_up")).await.status, 200);
            }
            for told in told.iter().filter(|told| told.status != 200) {
                assert_eq!((told.status, told.code().as_str()), (409, "already_claimed"), "{told:?}");
                assert_eq!(told.json()["refusal"]["by"], won[0], "the winner is named");
            }
        }
    }
    println!("{kind:?}: {} of {} contenders won at least once", winners.len(), 2 * LOGINS.len());
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
