//! What a server says to whoever keeps its logs: JSON, one event a line, and at its most talkative still nobody's name,
//! nobody's number, no word a citizen said, no token and no password.
use crate::faults::node::{Asker, ticket_json};
use crate::support::served::{Launch, sqlite, token};
use hotline::api::tickets::Then;
use hotline::client::new_key;
use serde_json::json;
use tempfile::TempDir;

const NUMBER: &str = "10000066325";
const NAME: &str = "钱静默";
/// What the citizen said.
const WORD: &str = "静默文字一七二";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_about_anybody_is_logged() {
    let folder = TempDir::new().unwrap();
    let database = sqlite(folder.path());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database, "--sample-seed", "1", "--sample-tickets", "0", "--sample-articles", "0"];
    let environment = [("HOTLINE_LOG", "trace"), ("HOTLINE_ADMIN_PASSWORD", "geheim-geheim")];
    let served = Launch { arguments: &arguments, environment: &environment, ..Launch::default() }.below(folder.path());
    let url = served.url();
    let token = token(&url, None, "admin01").await;
    let asker = Asker::new(&token);
    let call = json!({ "exchange": "test", "exchange_call": "1", "number": NUMBER, "name": NAME });
    let rung = asker.post(format!("{url}/api/v1/calls"), &new_key(), &call).await.unwrap();
    assert_eq!(rung.status, 201, "{rung:?}");
    let mut ticket = ticket_json(WORD, Then::Nothing);
    ticket["call"] = rung.json()["id"].clone();
    assert_eq!(asker.post(format!("{url}/api/v1/tickets"), &new_key(), &ticket).await.unwrap().status, 201);
    // What goes wrong is logged no louder: unknown fields' values, a body that is none, a number asked for, a wrong login.
    let wrong = json!({ "exchange": 7, "exchange_call": NAME, "number": [NUMBER], "line": NUMBER });
    assert_eq!(asker.post(format!("{url}/api/v1/calls"), &new_key(), &wrong).await.unwrap().status, 422);
    assert_eq!(asker.post(format!("{url}/api/v1/tickets/{NUMBER}/note"), &new_key(), &json!({ "text": WORD })).await.unwrap().status, 404);
    asker.http.get(format!("{url}/api/v1/kb?q={NUMBER}")).bearer_auth(&token).send().await.unwrap();
    asker.http.get(format!("{url}/api/v1/tickets?cursor={NAME}")).bearer_auth(&token).send().await.unwrap();
    let login = json!({ "login": NUMBER, "password": "geheim-falsch" });
    assert_eq!(asker.http.post(format!("{url}/api/v1/sessions")).json(&login).send().await.unwrap().status().as_u16(), 401);
    served.signal("TERM");
    assert_eq!(served.ended(), 0);
    let log = served.log();
    assert!(log.lines().count() > 1, "it was talkative: {log}");
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(event["timestamp"].is_string() && event["level"].is_string(), "{line}");
        let encoded: String = NAME.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for secret in [NUMBER, NAME, WORD, &encoded, "geheim", &token] {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
}
