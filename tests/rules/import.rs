//! 试运行 (dry run): it says of every row what the import says, and leaves nothing behind, not a number and not the key.
use super::on_both;
use crate::support::backend::{Backend, Kind};
use hotline::api::articles::{ArticleQuery, NewArticle};
use hotline::api::import::{ImportOutcome, ImportedTicket, Numbered};
use hotline::api::tickets::TicketQuery;
use hotline::client::new_key;
use hotline::domain::article::{ArticleText, PolicyLevel};
use hotline::domain::limits::TicketKind;
use hotline::server::Running;

fn numbered<T>(rows: Vec<T>) -> Vec<Numbered<T>> {
    rows.into_iter().zip(2..).map(|(row, line)| Numbered { line, row }).collect()
}

fn past(external: &str, change: impl Fn(&mut ImportedTicket)) -> ImportedTicket {
    let mut row = ImportedTicket {
        external_id: external.into(),
        kind: TicketKind::Complaint,
        line: Default::default(),
        urgent_class: None,
        title: "示例".into(),
        body: "示例诉求".into(),
        place: None,
        unit: Some("city.dc.zjj".into()),
        accepted_at: "2026-01-05T00:00:00Z".parse().unwrap(),
        replied_at: Some("2026-01-06T00:00:00Z".parse().unwrap()),
        reply: Some("示例答复".into()),
    };
    change(&mut row);
    row
}

/// How many tickets and articles there are; and the log holds nothing that is not in them.
async fn stands(backend: &Backend) -> (usize, usize) {
    let tickets = backend.admin.tickets(&TicketQuery::default()).await.unwrap();
    let articles = backend.admin.article_heads(&ArticleQuery::default()).await.unwrap();
    let differences = Running::beside(&backend.settings).await.unwrap().rebuild_check().await.unwrap();
    assert_eq!(differences, Vec::<serde_json::Value>::new());
    (tickets.items.len(), articles.items.len())
}

async fn a_dry_run_of_tickets_says_what_the_import_says(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let batch = numbered(vec![
        past("good", |_| {}),
        past("unit", |row| row.unit = Some("city.nowhere".into())),
        past("ahead", |row| row.accepted_at = "2999-01-01T00:00:00Z".parse().unwrap()),
        past("backwards", |row| row.replied_at = Some("2026-01-04T00:00:00Z".parse().unwrap())),
        past("urgent", |row| row.urgent_class = Some("nowhere".into())),
        past("", |_| {}),
        past("title", |row| row.title = "题".repeat(201)),
        past("good", |row| row.title = "又一次".into()),
        past("open", |row| (row.replied_at, row.reply) = (None, None)),
    ]);
    let before = stands(&backend).await;
    let judged = admin.judge_tickets(&batch).await.unwrap();
    assert_eq!((judged.created, judged.unchanged), (2, 1), "{judged:?}");
    assert_eq!(judged.refused.iter().map(|refused| refused.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8], "{judged:?}");
    assert_eq!(admin.judge_tickets(&batch).await.unwrap(), judged, "as often as one likes");
    assert_eq!(stands(&backend).await, before);
    // Under one key: what was only judged has not used it.
    let http = reqwest::Client::new();
    let send = async |query: &str| {
        let request = http.post(format!("{}/api/v1/import/tickets{query}", backend.url)).bearer_auth(admin.token().unwrap()).header("idempotency-key", "the same").json(&batch);
        request.send().await.unwrap().json::<ImportOutcome>().await.unwrap()
    };
    assert_eq!(send("?dry_run=true").await, judged);
    assert_eq!(stands(&backend).await, before);
    assert_eq!(send("").await, judged, "the import says the same");
    let page = admin.tickets(&TicketQuery::default()).await.unwrap();
    assert!(page.items.iter().chain(&admin.tickets(&TicketQuery { open: Some(false), ..TicketQuery::default() }).await.unwrap().items).any(|row| row.number.ends_with("-0001")), "no number was spent");
    let again = admin.judge_tickets(&batch).await.unwrap();
    assert_eq!((again.created, again.unchanged, again.refused), (0, 3, judged.refused));
}

async fn a_dry_run_of_articles_says_what_the_import_says(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let article = |code: Option<&str>, external: &str, title: &str| NewArticle {
        code: code.map(str::to_owned),
        external_id: Some(external.into()),
        level: PolicyLevel::City,
        effective: None,
        expiry: None,
        owner: None,
        successor: None,
        text: ArticleText { title: title.into(), ..ArticleText::default() },
    };
    admin.import_articles(&numbered(vec![article(Some("K9001"), "known", "一")]), &new_key()).await.unwrap();
    let mut expired = article(None, "expired", "过期");
    (expired.effective, expired.expiry) = ("2026-02-01".parse().ok(), "2026-01-01".parse().ok());
    let batch = numbered(vec![
        article(None, "new", "新"),
        article(Some("K9001"), "known", "一，改"),
        article(Some("K9001"), "other", "冲突"),
        article(None, "", "无编号"),
        article(None, "untitled", " "),
        expired,
        article(None, "new", "新"),
    ]);
    let before = stands(&backend).await;
    let judged = admin.judge_articles(&batch).await.unwrap();
    assert_eq!((judged.created, judged.updated, judged.unchanged), (1, 1, 1), "{judged:?}");
    assert_eq!(judged.refused.iter().map(|refused| refused.line).collect::<Vec<_>>(), [4, 5, 6, 7], "{judged:?}");
    assert_eq!(stands(&backend).await, before);
    assert_eq!(admin.import_articles(&batch, &new_key()).await.unwrap(), judged, "the import says the same");
}

on_both! {
    a_dry_run_of_tickets_says_what_the_import_says => a_dry_run_of_tickets_on_sqlite, a_dry_run_of_tickets_on_postgres;
    a_dry_run_of_articles_says_what_the_import_says => a_dry_run_of_articles_on_sqlite, a_dry_run_of_articles_on_postgres;
}
