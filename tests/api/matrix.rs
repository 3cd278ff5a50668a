//! Who may do what where: every role × every endpoint × {own, undispatched, another unit's, missing}, over both databases.
//! An endpoint without a row here fails; so does a row without an endpoint. Another's is the same as missing, to the byte.
use super::people::{ABOVE, Ask, Asker, OTHER, OWN, Reply, everybody};
use crate::domain::life_words::ACCOUNT;
use crate::support::backend::{Backend, Kind};
use hotline::api::calls::Ring;
use hotline::api::tickets::{NewTicket, Then, TicketQuery, TicketRow};
use hotline::api::{ENDPOINTS, Method, Name};
use hotline::client::new_key;
use hotline::domain::limits::TicketKind;
use uuid::Uuid;

/// One endpoint: who may at all (letters of the roles), what they send, what they get.
struct Row {
    name: Name,
    method: &'static str,
    path: &'static str,
    who: &'static str,
    body: Option<&'static str>,
    /// What the allowed get where the thing is theirs to see: status, and the problem's code.
    gets: (u16, &'static str),
    /// Who may read what the path names, beyond holding the right: a ticket is its unit's.
    of_a_ticket: bool,
}

const ALL: &str = "oedrckhusjpmlaA";
const READERS: &str = "oedrchusjpmlaA";
const KNOWING: &str = "oedrckhusjmlA";
const TAKING: &str = "oesA";

const fn row(name: Name, method: &'static str, path: &'static str, who: &'static str, body: Option<&'static str>, gets: (u16, &'static str)) -> Row {
    Row { name, method, path, who, body, gets, of_a_ticket: false }
}
const fn of_a_ticket(name: Name, method: &'static str, path: &'static str, who: &'static str, body: Option<&'static str>, gets: (u16, &'static str)) -> Row {
    Row { name, method, path, who, body, gets, of_a_ticket: true }
}

/// The matrix. What is sent changes nothing: it lacks something, or it is empty.
const MATRIX: &[Row] = &[
    row(Name::Login, "POST", "/api/v1/sessions", ALL, Some(r#"{"login":"nobody","password":"x"}"#), (401, "login_failed")),
    row(Name::Logout, "DELETE", "/api/v1/sessions/current", ALL, None, (200, "")),
    row(Name::Me, "GET", "/api/v1/me", ALL, None, (200, "")),
    row(Name::SeatPut, "PUT", "/api/v1/seat", TAKING, Some(r#"{"state":"ready"}"#), (200, "")),
    row(Name::TablesGet, "GET", "/api/v1/tables", ALL, None, (200, "")),
    row(Name::TablesPut, "POST", "/api/v1/tables", "A", Some("[]"), (200, "")),
    row(Name::TableHistory, "GET", "/api/v1/tables/history?table=role&code=admin", "A", None, (200, "")),
    row(Name::TicketList, "GET", "/api/v1/tickets", READERS, None, (200, "")),
    row(Name::TicketCreate, "POST", "/api/v1/tickets", TAKING, Some(r#"{"kind":"complaint","title":" "}"#), (422, "missing")),
    row(Name::TicketNumbers, "POST", "/api/v1/ticket-numbers", TAKING, Some(r#"{"count":0}"#), (422, "unknown")),
    of_a_ticket(Name::TicketShow, "GET", "/api/v1/tickets/{ticket}", READERS, None, (200, "")),
    of_a_ticket(Name::TicketEdit, "PATCH", "/api/v1/tickets/{ticket}", "oedsA", Some("{}"), (422, "missing")),
    of_a_ticket(Name::TicketAct, "POST", "/api/v1/tickets/{ticket}/{act}", "oedrchusjmA", Some("{}"), (422, "missing")),
    of_a_ticket(Name::TicketReveal, "POST", "/api/v1/tickets/{ticket}/reveal", "oechusA", Some(r#"{"reason":"other"}"#), (422, "missing")),
    of_a_ticket(Name::TicketLooks, "GET", "/api/v1/tickets/{ticket}/looks", READERS, None, (200, "")),
    row(Name::CallList, "GET", "/api/v1/calls", TAKING, None, (200, "")),
    row(Name::CallRing, "POST", "/api/v1/calls", "A", Some(r#"{"exchange":"x","exchange_call":"x","number":"abc"}"#), (422, "unknown")),
    row(Name::CallAct, "POST", "/api/v1/calls/{call}/{act}", TAKING, Some("{}"), (409, "illegal_call")),
    row(Name::CallReveal, "POST", "/api/v1/calls/{call}/reveal", TAKING, Some(r#"{"reason":"other"}"#), (422, "missing")),
    row(Name::CallerCard, "GET", "/api/v1/calls/{call}/caller", TAKING, None, (200, "")),
    row(Name::ArticleHeads, "GET", "/api/v1/articles", KNOWING, None, (200, "")),
    row(Name::ArticleShow, "GET", "/api/v1/articles/{article}", KNOWING, None, (200, "")),
    row(Name::ArticlePublish, "POST", "/api/v1/articles", "kA", Some(r#"{"level":"city","text":{"title":" "}}"#), (422, "missing")),
    row(Name::KnowledgeSearch, "GET", "/api/v1/kb?q=wgfh", KNOWING, None, (200, "")),
    row(Name::Events, "GET", "/api/v1/events", ALL, None, (200, "")),
    row(Name::UserAdd, "POST", "/api/v1/users", "A", Some(r#"{"login":"not a login","name":"x","roles":[]}"#), (422, "unknown")),
    row(Name::UserList, "GET", "/api/v1/users", "A", None, (200, "")),
    row(Name::UserAct, "POST", "/api/v1/users/{user}/{act}", "A", Some("{}"), (404, "not_found")),
    row(Name::UserHistory, "GET", "/api/v1/users/{user}/history", "A", None, (404, "not_found")),
    row(Name::CalendarDue, "GET", "/api/v1/calendar/due?from=2026-11-22&working_days=15", ALL, None, (200, "")),
    row(Name::CalendarImport, "POST", "/api/v1/calendar", "A", Some("{}"), (422, "bad_calendar")),
    row(Name::ImportTickets, "POST", "/api/v1/import/tickets", "A", Some("[]"), (200, "")),
    row(Name::ImportArticles, "POST", "/api/v1/import/articles", "A", Some("[]"), (200, "")),
    row(Name::ClockAdvance, "POST", "/api/v1/clock", "A", Some(r#"{"seconds":0}"#), (200, "")),
    row(Name::AuditList, "GET", "/api/v1/audit?kind=access", "saA", None, (200, "")),
    row(Name::AuditHead, "GET", "/api/v1/audit/head", "saA", None, (200, "")),
    row(Name::AuditChain, "GET", "/api/v1/audit/chain", "saA", None, (200, "")),
];

/// Which roles hold a capability that an act on a ticket asks for.
const HOLDERS: &[(&str, &str)] = &[
    ("ticket.accept", "oesA"),
    ("ticket.answer", "oesA"),
    ("ticket.dispatch", "oedsjA"),
    ("ticket.handle", "huA"),
    ("ticket.review", "rsA"),
    ("ticket.call_back", "csA"),
    ("ticket.archive", "rcsA"),
    ("ticket.urge", "oeusmA"),
    ("ticket.supervise", "smlA"),
    ("ticket.lift", "sA"),
    ("ticket.cancel", "oedsA"),
    ("ticket.flag", "oedsA"),
    ("ticket.note", "oedrchusjmA"),
    ("ticket.edit", "oedsA"),
    ("ticket.extend", "sjA"),
    ("return.adjudicate", "sjA"),
];

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

#[test]
fn every_endpoint_has_its_row_and_every_row_its_endpoint() {
    let told: Vec<_> = MATRIX.iter().map(|row| (row.name, row.method, row.path.split('?').next().unwrap())).collect();
    let there: Vec<_> = ENDPOINTS.iter().map(|endpoint| (endpoint.name, method(endpoint.method), endpoint.path)).collect();
    for endpoint in &there {
        assert!(told.contains(endpoint), "{endpoint:?} has no row in the matrix: say who may and what they get");
    }
    assert_eq!(told.len(), there.len());
}

pub fn new_ticket(unit: Option<&str>) -> NewTicket {
    NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: None,
        tag: None,
        green: false,
        line: Default::default(),
        title: "示例诉求".into(),
        body: "示例".into(),
        place: None,
        call: None,
        pins: vec![],
        then: unit.map_or(Then::Nothing, |unit| Then::Dispatch { unit: unit.into() }),
        number: None,
        enterprise: None,
        promise: None,
    }
}

/// A city with one thing of each kind, and everybody in it.
struct City {
    backend: Backend,
    http: reqwest::Client,
    askers: Vec<Asker>,
    own: TicketRow,
    other: TicketRow,
    undispatched: TicketRow,
    call: Uuid,
    article: Uuid,
    asked: std::cell::Cell<usize>,
}

impl City {
    async fn new(kind: Kind) -> Option<City> {
        let backend = Backend::start(kind).await?;
        let askers = everybody(&backend).await;
        let make = |unit| {
            let admin = backend.admin.clone();
            async move { admin.create_ticket(&new_ticket(unit), &new_key()).await.unwrap() }
        };
        let (own, other, undispatched) = (make(Some(OWN)).await, make(Some(OTHER)).await, make(None).await);
        let ring = Ring { exchange: "test".into(), exchange_call: "1".into(), line: Default::default(), number: "10000000421".into(), name: None, district: None };
        let call = backend.admin.ring(&ring, &new_key()).await.unwrap().id.0;
        let article = backend.admin.article_heads(&Default::default()).await.unwrap().items[0].id.0;
        let http = reqwest::Client::builder().pool_max_idle_per_host(4).build().unwrap();
        Some(City { backend, http, askers, own, other, undispatched, call, article, asked: Default::default() })
    }

    async fn ask(&self, ask: Ask<'_>) -> Reply {
        self.asked.set(self.asked.get() + 1);
        let what = format!("{} {}", ask.method, ask.path);
        let reply = ask.of(&self.http, &self.backend.url).await;
        assert!(reply.status < 500, "{what}: {reply:?}");
        if reply.status >= 400 {
            reply.is_a_problem(&what);
        }
        reply
    }

    async fn row(&self, row: &Row, path: &str, token: Option<&str>) -> Reply {
        let path = path.replace("{act}", if row.name == Name::CallAct { "hold" } else { "note" });
        let mut ask = Ask::new(row.method, &path, token);
        // Each try a login of its own: many tries of one are slowed.
        ask.body = row.body.map(|body| body.replace("nobody", &format!("nobody{}", self.asked.get())));
        ask.from = (row.name == Name::TicketEdit).then_some(1);
        self.ask(ask).await
    }

    /// The tickets, and whether this asker may see each.
    fn tickets(&self, asker: &Asker) -> [(Uuid, bool, &'static str); 4] {
        let centre = asker.unit.is_none();
        let own = centre || asker.unit.is_some_and(|unit| unit == OWN || unit == ABOVE);
        [
            (self.own.id.0, own, "their unit's"),
            (self.undispatched.id.0, centre, "undispatched"),
            (self.other.id.0, centre, "another unit's"),
            (Uuid::now_v7(), false, "missing"),
        ]
    }
}

/// Every role × every endpoint × every target.
async fn who_may_do_what(city: &City) {
    for row in MATRIX {
        let stranger = city.row(row, &row.path.replace("{ticket}", &city.own.id.to_string()), None).await;
        let forged = city.row(row, &row.path.replace("{ticket}", &city.own.id.to_string()), Some("forged")).await;
        if row.name != Name::Login {
            assert_eq!((stranger.status, stranger.code().as_str()), (401, "unauthorized"), "{}", row.path);
            assert_eq!(stranger, forged, "{}", row.path);
        }
        for asker in &city.askers {
            let holds = row.who.contains(asker.letter);
            let reads = READERS.contains(asker.letter);
            let token = if row.name == Name::Logout { &asker.spare } else { &asker.token };
            if row.of_a_ticket {
                let missing = city.row(row, &row.path.replace("{ticket}", &Uuid::now_v7().to_string()), Some(token)).await;
                for (id, sees, which) in city.tickets(asker) {
                    let reply = city.row(row, &row.path.replace("{ticket}", &id.to_string()), Some(token)).await;
                    let cell = format!("{} {} of {which} by {}: {reply:?}", row.method, row.path, asker.login);
                    let got = (reply.status, reply.code());
                    // An act's own right is asked for only once the ticket is in sight: the others stand before the ticket.
                    let before = !reads || (row.name == Name::TicketEdit && !holds);
                    match (before, sees, holds) {
                        (true, ..) => assert_eq!(got, (403, "forbidden".into()), "{cell}"),
                        (false, false, _) => assert_eq!((got, &reply), ((404, "not_found".into()), &missing), "{cell}"),
                        (false, true, false) => assert_eq!(got, (403, "forbidden".into()), "{cell}"),
                        (false, true, true) => assert_eq!(got, (row.gets.0, row.gets.1.into()), "{cell}"),
                    }
                }
                continue;
            }
            let there = row.path.replace("{call}", &city.call.to_string()).replace("{article}", &city.article.to_string());
            let reply = city.row(row, &there, Some(token)).await;
            let wanted = if holds { (row.gets.0, row.gets.1.to_owned()) } else { (403, "forbidden".into()) };
            assert_eq!((reply.status, reply.code()), wanted, "{} {} by {}: {reply:?}", row.method, row.path, asker.login);
            if there != row.path {
                let nowhere = Uuid::now_v7().to_string();
                let gone = city.row(row, &row.path.replace("{call}", &nowhere).replace("{article}", &nowhere), Some(token)).await;
                let wanted = if holds { (404, "not_found".to_owned()) } else { (403, "forbidden".into()) };
                assert_eq!((gone.status, gone.code()), wanted, "{} {} by {}", row.method, row.path, asker.login);
                let garbled = city.row(row, &row.path.replace("{call}", "1").replace("{article}", "1"), Some(token)).await;
                assert_eq!((garbled.status, garbled.code()), wanted, "an id that is none: {} by {}", row.path, asker.login);
            }
        }
    }
    // Who logged out is out.
    let out = city.ask(Ask::new("GET", "/api/v1/me", Some(&city.askers[0].spare))).await;
    assert_eq!(out.status, 401);
}

/// Every role × every act × every ticket, with nothing brought: what needs nothing happens, the rest is told what it lacks.
async fn who_may_act(city: &City) {
    for line in ACCOUNT.lines().filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (act, capability) = (cells[0], cells[4]);
        // What would end the ticket, or is an address of its own.
        if matches!(act, "edit" | "answer") {
            continue;
        }
        let holders = HOLDERS.iter().find(|(code, _)| *code == capability).unwrap().1;
        for asker in city.askers.iter().filter(|asker| READERS.contains(asker.letter)) {
            let mut unseen: Option<Reply> = None;
            for (id, sees, which) in city.tickets(asker) {
                let path = format!("/api/v1/tickets/{id}/{act}");
                let reply = city.ask(Ask::new("POST", &path, Some(&asker.token)).body("{}")).await;
                let cell = format!("{act} of {which} by {}: {reply:?}", asker.login);
                if !sees {
                    assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"), "{cell}");
                    assert_eq!(unseen.get_or_insert_with(|| reply.clone()), &reply, "{cell}: another's is missing");
                } else if holders.contains(asker.letter) {
                    assert!(matches!(reply.status, 200 | 409 | 422), "{cell}");
                } else {
                    assert_eq!((reply.status, reply.code().as_str()), (403, "forbidden"), "{cell}");
                }
            }
        }
    }
    for act in ["accept", "edit", "turn", "nothing"] {
        let path = format!("/api/v1/tickets/{}/{act}", city.own.id);
        let reply = city.ask(Ask::new("POST", &path, Some(&city.askers[0].token)).body("{}")).await;
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"), "{act} is no act of a person");
    }
}

/// What else a request can name: a merge's target, a list's unit, number and cursor.
async fn nothing_is_told_sideways(city: &City) {
    let handler = city.askers.iter().find(|asker| asker.letter == 'h' && asker.unit == Some(OWN)).unwrap();
    let merge = |target: Uuid| {
        let path = format!("/api/v1/tickets/{}/merge", city.own.id);
        async move { city.ask(Ask::new("POST", &path, Some(&handler.token)).body(format!(r#"{{"target":"{target}"}}"#))).await }
    };
    let (missing, other, own) = (merge(Uuid::now_v7()).await, merge(city.other.id.0).await, merge(city.own.id.0).await);
    assert_eq!((missing.status, missing.code().as_str()), (404, "not_found"));
    assert_eq!(other, missing, "a merge into another's ticket");
    assert_eq!((own.status, own.code().as_str()), (403, "forbidden"), "a ticket in sight is another question");

    let client = city.backend.admin.with_token(&handler.token);
    let list = |query: TicketQuery| {
        let client = client.clone();
        async move { client.tickets(&query).await.unwrap() }
    };
    let mine = list(TicketQuery::default()).await;
    assert_eq!(mine.items.iter().map(|row| row.id).collect::<Vec<_>>(), [city.own.id]);
    assert_eq!(mine.counts.open, 1);
    let whole = city.backend.admin.tickets(&TicketQuery { limit: Some(1), ..TicketQuery::default() }).await.unwrap();
    assert_eq!(whole.counts.open, 3);
    for query in [
        TicketQuery { unit: Some(OTHER.into()), ..TicketQuery::default() },
        TicketQuery { unit: Some("city".into()), ..TicketQuery::default() },
        TicketQuery { unit: Some("city.dc".into()), ..TicketQuery::default() },
        TicketQuery { unit: Some("nowhere".into()), ..TicketQuery::default() },
        TicketQuery { number: Some(city.other.number.clone()), ..TicketQuery::default() },
        TicketQuery { number: Some("19990101-0001".into()), ..TicketQuery::default() },
    ] {
        let page = list(query.clone()).await;
        assert_eq!((page.items.len(), page.next), (0, None), "{query:?}");
    }
    for sort in [None, Some(hotline::api::tickets::Sort::Accepted)] {
        let page = list(TicketQuery { sort, cursor: whole.next.clone(), ..TicketQuery::default() }).await;
        assert!(page.items.iter().all(|row| row.id == city.own.id), "a cursor of another's list");
    }
    let above = city.askers.iter().find(|asker| asker.letter == 'u' && asker.unit == Some(ABOVE)).unwrap();
    let page = city.backend.admin.with_token(&above.token).tickets(&TicketQuery::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|row| row.id).collect::<Vec<_>>(), [city.own.id], "the unit above sees what is below it");
}

async fn the_matrix(kind: Kind) {
    let Some(city) = City::new(kind).await else { return };
    who_may_do_what(&city).await;
    nothing_is_told_sideways(&city).await;
    who_may_act(&city).await;
    assert!(city.asked.get() > 2500, "{} requests", city.asked.get());
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_matrix_says_on_sqlite() {
    the_matrix(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_what_the_matrix_says_on_postgres() {
    the_matrix(Kind::Postgres).await;
}
