//! Real inputs, read from where they lie: nothing of them is in this repository.
use crate::support::backend::{Backend, Kind};
use crate::support::real_data;
use hotline::api::articles::{ArticleQuery, SearchQuery};
use hotline::api::tickets::TicketQuery;
use hotline::domain::clocks::Flag;
use hotline::text::pinyin::syllables;
use std::collections::HashSet;
use std::process::Command;

fn import(backend: &Backend, arguments: &[&str]) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_hotline"))
        .args(["--server", &backend.url, "--token", backend.admin.token().unwrap(), "--json", "--lang", "en", "import"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn real_messages_and_guides(kind: Kind) {
    let Some(data) = real_data() else { return };
    let Some(backend) = Backend::start(kind).await else { return };
    let path = |name: &str| data.join(name).display().to_string();
    let map = |name: &str| format!("{}/tests/support/maps/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    for year in 2019..=2025 {
        import(&backend, &["calendar", &path(&format!("holidays/holiday-cn-{year}.json"))]);
    }
    let messages = ["tickets", &path("complaints/messages_with_replies.csv"), "--map", &map("messages_with_replies")];
    let first = import(&backend, &messages);
    assert_eq!((first["created"].as_u64(), first["refused"].as_array().map(Vec::len)), (Some(2_816), Some(0)), "{first}");
    let again = import(&backend, &messages);
    assert_eq!((again["created"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(2_816)), "{again}");

    let mut seen = HashSet::new();
    let mut late = 0;
    for open in [true, false] {
        let mut query = TicketQuery { open: Some(open), limit: Some(200), ..TicketQuery::default() };
        loop {
            let page = backend.admin.tickets(&query).await.unwrap();
            for row in &page.items {
                assert!(seen.insert(row.id), "no row twice");
                // The flag of a closed ticket is what it came to: late where the reply came at or after the due.
                if let (Some(due), Some(closed)) = (row.clocks.due, row.clocks.closed_at) {
                    assert_eq!(row.flag == Flag::Overdue, closed > due, "{}: due {due}, closed {closed}", row.number);
                    late += u32::from(row.flag == Flag::Overdue);
                }
            }
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
        }
    }
    assert_eq!(seen.len(), 2_816);
    println!("{kind:?}: {late} of 2,816 were answered after their limit");
    assert!(late > 100, "the replies of these messages were often late");

    let guides = import(&backend, &["articles", &path("kb/matters.jsonl"), "--map", &map("matters")]);
    assert_eq!((guides["created"].as_u64(), guides["refused"].as_array().map(Vec::len)), (Some(2_262), Some(0)), "{guides}");
    let heads = backend.admin.article_heads(&ArticleQuery { limit: Some(5_000), ..ArticleQuery::default() }).await.unwrap().items;
    let mut tried = 0;
    for head in heads.iter().filter(|head| head.external_id.is_some()).step_by(60) {
        let hanzi: Vec<char> = head.title.chars().take(7).collect();
        let letters: Option<String> = hanzi.iter().map(|c| syllables(*c).first().and_then(|syllable| syllable.chars().next())).collect();
        let Some(letters) = letters.filter(|letters| letters.len() == 7) else { continue };
        let found = backend.admin.search(&SearchQuery { q: letters.clone(), limit: Some(100) }).await.unwrap();
        assert!(found.items.iter().any(|hit| hit.title == head.title), "{letters} finds the guide it abbreviates");
        tried += 1;
    }
    assert!(tried >= 20, "{tried} guides tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn real_messages_and_guides_come_in_whole_on_sqlite() {
    real_messages_and_guides(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_messages_and_guides_come_in_whole_on_postgres() {
    real_messages_and_guides(Kind::Postgres).await;
}
