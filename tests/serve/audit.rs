//! A reveal and the audit from the command line: the number comes on standard output alone, the server's log and the
//! database have none of it; the chain is walked, and a break ends with 1.
use crate::store::raw::Raw;
use crate::support::served::{Launch, hotline, sqlite, token};
use hotline::api::calls::Ring;
use hotline::api::tickets::NewTicket;
use hotline::client::{Client, Target, new_key};
use hotline::server::Database;
use serde_json::Value;
use tempfile::TempDir;

const NUMBER: &str = "10000088519";
const NAME: &str = "吴留痕";

#[tokio::test(flavor = "multi_thread")]
async fn a_reveal_and_its_line_in_the_audit_by_command() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let database = sqlite(home);
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database, "--sample-seed", "1", "--sample-tickets", "0", "--sample-articles", "0"];
    let served = Launch { arguments: &arguments, environment: &[("HOTLINE_LOG", "trace")], ..Launch::default() }.below(home);
    let url = served.url();
    let token = token(&url, None, "admin01").await;
    let client = Client::new(&Target { server: url.clone(), token: Some(token.clone()), authority: None }).unwrap();
    let ring = Ring { exchange: "test".into(), exchange_call: "1".into(), line: Default::default(), number: NUMBER.into(), name: Some(NAME.into()), district: None };
    let call = client.ring(&ring, &new_key()).await.unwrap();
    let wanted = NewTicket { call: Some(call.id), ..crate::api::matrix::new_ticket(None) };
    let number = client.create_ticket(&wanted, &new_key()).await.unwrap().number;
    let run = |arguments: &[&str]| {
        let mut all = vec!["--server", url.as_str(), "--token", token.as_str(), "--lang", "zh-CN"];
        all.extend(arguments);
        hotline(home, &all, &[])
    };
    let (code, out, _) = run(&["ticket", "reveal", &number, "--reason", "nosy"]);
    assert_eq!((code, out.as_str()), (2, ""), "reasons are a closed list");
    let (code, out, error) = run(&["ticket", "reveal", &number, "--reason", "other"]);
    assert!(code == 1 && out.is_empty() && error.contains("note"), "{code} {out} {error}");
    let (code, out, error) = run(&["--key", "once", "ticket", "reveal", &number, "--reason", "verify"]);
    assert!(code == 0 && out.contains(NUMBER) && out.contains(NAME) && error.contains("admin01"), "{code} {out} {error}");
    let (code, out, error) = run(&["--key", "once", "ticket", "reveal", &number, "--reason", "verify"]);
    assert!(code == 1 && out.is_empty() && !error.contains(NUMBER), "{code} {out} {error}");
    let (code, out, _) = run(&["--json", "ticket", "reveal", &number, "--reason", "other", "--note", "核对\u{1b}[31m住址"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, told["number"].as_str(), told["by"].as_str()), (0, Some(NUMBER), Some("admin01")));
    let (code, out, _) = run(&["ticket", "looks", &number]);
    assert!(code == 0 && out.contains("核实身份") && out.contains("住址") && !out.contains('\u{1b}') && !out.contains(NUMBER), "{out}");
    let (code, out, _) = run(&["--json", "audit", "list", "--kind", "access.revealed", "--person", "admin01"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, told["items"].as_array().map(Vec::len)), (0, Some(2)), "{out}");
    assert_eq!(told["items"][0]["number"].as_str(), Some(number.as_str()));
    let (code, out, _) = run(&["audit", "list", "--kind", "access", "--from", "2020-01-01"]);
    assert!(code == 0 && out.contains("查看明文") && out.contains("核实身份"), "{out}");
    // The head, kept; then the chain is walked against it.
    let (code, head, _) = run(&["--json", "audit", "head"]);
    assert_eq!(code, 0);
    let kept = home.join("head.json");
    std::fs::write(&kept, &head).unwrap();
    let kept = kept.display().to_string();
    let (code, out, error) = run(&["audit", "verify", "--head", &kept]);
    assert!(code == 0 && out.contains("审计链完整"), "{code} {out} {error}");
    let raw = Raw::open(&Database::Sqlite(home.join("hotline.db"))).await;
    raw.unguard().await;
    raw.run("UPDATE event SET payload = replace(payload, 'verify', 'contact') WHERE kind = 'access.revealed'").await;
    let (code, out, _) = run(&["--json", "audit", "verify"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    let position = raw.rows("SELECT min(p.position) FROM event_position p JOIN event e ON e.id = p.event_id WHERE e.kind = 'access.revealed'").await[0][0].int();
    assert_eq!((code, told["broken_at"].as_i64()), (1, Some(position)), "the first break is named");
    let (code, out, _) = run(&["audit", "verify"]);
    assert!(code == 1 && out.contains(&format!("第 {position} 条")), "{out}");
    // A head that the log no longer holds: what it said then is another log.
    let forged = head.replacen("\"hash\":\"", "\"hash\":\"00", 1);
    std::fs::write(home.join("forged.json"), forged).unwrap();
    let (code, out, _) = run(&["audit", "verify", "--head", &home.join("forged.json").display().to_string()]);
    assert!(code == 1 && out.contains("存档的链首"), "{code} {out}");
    served.signal("TERM");
    assert_eq!(served.ended(), 0);
    for secret in [NUMBER, NAME] {
        assert!(!served.log().contains(secret), "{secret} in the server's log");
    }
}
