//! What goes in is held to its rules, and what comes out shows no number that stands in words.
use super::{no, on_both, ring};
use crate::api::matrix::new_ticket;
use crate::api::people::Ask;
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use hotline::api::events::Change;
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::api::tickets::{ActRequest, EditRequest, NewTicket, TicketQuery};
use hotline::client::{Live, live, new_key};
use hotline::domain::clocks::Flag;
use hotline::domain::ticket::{Act, Step};

/// Nobody's: a mobile's shape and a card's shape over zeros.
const PHONE: &str = "13800000000";
const CARD: &str = "000000199001010000";

async fn numbers_in_words_are_masked_on_every_way_out(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let (admin, handler) = (&backend.admin, backend.as_user("h.dc.zjj").await);
    let position = admin.tickets(&TicketQuery::default()).await.unwrap().position;
    let mut frames = live(handler.clone(), position);
    let call = admin.ring(&ring("1", None), &new_key()).await.unwrap().id;
    let words = |what: &str| format!("{what}请回电{PHONE}，身份证{CARD}");
    let wanted = NewTicket { title: words("标题"), body: words("正文"), place: Some(words("地点")), call: Some(call), ..new_ticket(Some("city.dc.zjj")) };
    let row = admin.create_ticket(&wanted, &new_key()).await.unwrap();
    admin.act(row.id, Act::Note, &ActRequest { text: Some(words("备注")), ..ActRequest::default() }, &new_key()).await.unwrap();
    let seen = until("the frame", 60, || {
        let next = frames.try_recv();
        async move {
            let Ok(Live::Frame(frame)) = next else { return None };
            frame.changes.into_iter().find_map(|change| if let Change::Ticket { row } = change { Some(serde_json::to_string(&row).unwrap()) } else { None })
        }
    })
    .await;
    let mut told = vec![("the answer", serde_json::to_string(&row).unwrap()), ("the frame", seen)];
    for client in [admin, &handler] {
        let list = client.tickets(&TicketQuery::default()).await.unwrap();
        assert_eq!(list.items.len(), 1);
        told.push(("the list", serde_json::to_string(&list).unwrap()));
        told.push(("the detail", serde_json::to_string(&client.ticket(row.id).await.unwrap()).unwrap()));
    }
    told.push(("the card", serde_json::to_string(&admin.caller_card(call).await.unwrap()).unwrap()));
    for (what, text) in told {
        assert!(!text.contains(PHONE) && !text.contains(CARD), "{what}: {text}");
        assert!(text.contains("138****0000"), "{what} shows the words, masked: {text}");
    }
    let detail = admin.ticket(row.id).await.unwrap();
    assert_eq!(detail.timeline.last().unwrap().note.as_deref(), Some("备注请回电138****0000，身份证000***********0000"));
}

async fn a_list_gives_what_it_is_asked_for(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let urgent = NewTicket { urgent_class: Some("U1".into()), ..new_ticket(Some("city.dc.zjj")) };
    let old = admin.create_ticket(&urgent, &new_key()).await.unwrap().id;
    admin.advance_clock(25 * 3600).await.unwrap();
    let new = admin.create_ticket(&urgent, &new_key()).await.unwrap().id;
    let ids = |query: TicketQuery| async move { admin.tickets(&query).await.unwrap().items.iter().map(|row| row.id).collect::<Vec<_>>() };
    assert_eq!(ids(TicketQuery { flag: Some(Flag::Orange), ..TicketQuery::default() }).await, [old]);
    assert_eq!(ids(TicketQuery { flag: Some(Flag::None), ..TicketQuery::default() }).await, [new], "none is none, not any");
    let words = || ActRequest { text: Some("示例".into()), ..ActRequest::default() };
    for act in [Act::Sign, Act::Reply, Act::Review] {
        admin.act(new, act, &words(), &new_key()).await.unwrap();
    }
    assert_eq!(ids(TicketQuery { step: Some(Step::Reviewed), ..TicketQuery::default() }).await, [new], "a step that is closed");
    assert_eq!(ids(TicketQuery { step: Some(Step::Dispatched), ..TicketQuery::default() }).await, [old]);
    assert_eq!(ids(TicketQuery { step: Some(Step::Reviewed), open: Some(true), ..TicketQuery::default() }).await, []);
    assert_eq!(ids(TicketQuery::default()).await, [old]);
}

async fn what_is_sent_is_held_to_its_rules(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let row = admin.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    let title = |title: String| EditRequest { title: Some(title), ..EditRequest::default() };
    assert_eq!(no(admin.edit(row.id, &title("长".repeat(201)), row.version, &new_key()).await), (422, "unknown".into()));
    assert_eq!(no(admin.edit(row.id, &title("  ".into()), row.version, &new_key()).await), (422, "missing".into()));
    assert_eq!(admin.edit(row.id, &title("  新标题 ".into()), row.version, &new_key()).await.unwrap().title, "新标题");

    let http = reqwest::Client::new();
    let token = admin.token().unwrap().to_owned();
    let path = format!("/api/v1/tickets/{}/note", row.id);
    for (path, body) in [
        ("/api/v1/tickets", r#"{"kind":"complaint","title":"x","urgent":"U1"}"#),
        (path.as_str(), r#"{"text":"x","txt":"y"}"#),
        ("/api/v1/calls", r#"{"exchange":"x","exchange_call":"x","number":"1","nmae":"x"}"#),
        ("/api/v1/users", r#"{"login":"x","name":"x","roles":["operator"],"pasword":"x"}"#),
        ("/api/v1/articles", r#"{"level":"city","text":{"title":"x"},"expires":"2027-01-01"}"#),
        ("/api/v1/import/tickets", r#"[{"line":1,"row":{"external_id":"x","kind":"complaint","title":"x","accepted_at":"2026-01-01T00:00:00Z","repled_at":null}}]"#),
    ] {
        let reply = Ask::new("POST", path, Some(&token)).body(body).of(&http, &backend.url).await;
        assert_eq!((reply.status, reply.code().as_str()), (422, "bad_body"), "{path}: {reply:?}");
    }

    let past = |external: &str, replied: bool| ImportedTicket {
        external_id: external.into(),
        kind: hotline::domain::limits::TicketKind::Complaint,
        line: Default::default(),
        urgent_class: None,
        title: "示例".into(),
        body: String::new(),
        place: None,
        unit: Some("city.dc.zjj".into()),
        accepted_at: "2026-01-05T00:00:00Z".parse().unwrap(),
        replied_at: replied.then(|| "2026-01-06T00:00:00Z".parse().unwrap()),
        reply: Some("示例答复".into()),
    };
    let batch: Vec<_> = [past("", true), past(" ", true), past("a", false), past("b", true)].into_iter().enumerate().map(|(line, row)| Numbered { line: line as u64 + 1, row }).collect();
    let outcome = admin.import_tickets(&batch, &new_key()).await.unwrap();
    assert_eq!((outcome.created, outcome.unchanged), (1, 0), "{outcome:?}");
    assert_eq!(outcome.refused.iter().map(|refused| refused.line).collect::<Vec<_>>(), [1, 2, 3]);

    assert_eq!(no(admin.advance_clock(9_000_000_000_000).await), (422, "unknown".into()));
    assert_eq!(no(admin.advance_clock(u64::MAX).await), (422, "unknown".into()));
    assert!(admin.me().await.is_ok(), "and goes on");
}

/// An edit that lacked its version is asked for it; the same key with the version is a new try, with another version another
/// request.
async fn the_version_of_an_edit_belongs_to_its_key(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let row = admin.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    let (http, token) = (reqwest::Client::new(), admin.token().unwrap().to_owned());
    let edit = |tag: Option<&'static str>| {
        let request = http.patch(format!("{}/api/v1/tickets/{}", backend.url, row.id)).bearer_auth(&token).header("idempotency-key", "the same");
        let request = request.header("content-type", "application/json").body(r#"{"title":"新"}"#);
        async move { tag.iter().fold(request, |request, tag| request.header("if-match", *tag)).send().await.unwrap().status().as_u16() }
    };
    assert_eq!(edit(None).await, 428);
    assert_eq!(edit(Some("garbage")).await, 400);
    assert_eq!(edit(Some("W/\"1\"")).await, 200);
    assert_eq!(edit(Some("\"1\"")).await, 200, "told again");
    assert_eq!(edit(Some("\"2\"")).await, 422, "the key was used for another version");
}

async fn a_name_that_is_new_replaces_the_one_that_stood(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    for (call, name, shown) in [("1", None, ""), ("2", Some("李示例"), "李*"), ("3", None, "李*"), ("4", Some("王示例"), "王*")] {
        assert_eq!(admin.ring(&ring(call, name), &new_key()).await.unwrap().name, shown);
    }
}

on_both! {
    numbers_in_words_are_masked_on_every_way_out => numbers_in_words_are_masked_on_every_way_out_on_sqlite, numbers_in_words_are_masked_on_every_way_out_on_postgres;
    a_list_gives_what_it_is_asked_for => a_list_gives_what_it_is_asked_for_on_sqlite, a_list_gives_what_it_is_asked_for_on_postgres;
    what_is_sent_is_held_to_its_rules => what_is_sent_is_held_to_its_rules_on_sqlite, what_is_sent_is_held_to_its_rules_on_postgres;
    the_version_of_an_edit_belongs_to_its_key => the_version_of_an_edit_belongs_to_its_key_on_sqlite, the_version_of_an_edit_belongs_to_its_key_on_postgres;
    a_name_that_is_new_replaces_the_one_that_stood => a_name_that_is_new_replaces_the_one_that_stood_on_sqlite, a_name_that_is_new_replaces_the_one_that_stood_on_postgres;
}
