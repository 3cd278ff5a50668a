//! P23: a login that ends in the middle of a form costs nothing that was typed and makes nothing twice: expired, revoked or
//! with other rights, before the form is sent, while it is, or between two tries, the same key after the next login is one
//! ticket; and whoever is dismissed hears no more within ten seconds.
use super::node::{Asker, Told, http, soak, ticket_json};
use crate::rules::on_both;
use crate::store::raw::Raw;
use crate::support::backend::{Backend, Kind};
use crate::support::dice::Dice;
use crate::support::proxy::Proxy;
use futures_util::StreamExt;
use hotline::api::session::{Login, NewUser, UserChange};
use hotline::api::tickets::{Sort, Then, TicketQuery};
use hotline::client::{Client, new_key};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Trials over SQLite; the promise is five hundred.
const GATE: u64 = 27;
const SOAK: u64 = 500;
/// As long as a dismissed person may still hear.
const HEARS: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Expired,
    Revoked,
    OtherRights,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    BeforeSending,
    WhileSending,
    BetweenTries,
}

struct Scene {
    backend: Backend,
    cutting: Proxy,
}

impl Scene {
    async fn logged_in(&self, login: &str) -> String {
        self.backend.admin.login(&Login { login: login.into(), password: "demo".into() }).await.unwrap().token
    }

    /// Ends the login, whichever way.
    async fn end(&self, way: Way, login: &str) {
        let admin = &self.backend.admin;
        match way {
            Way::Expired => {
                let raw = Raw::open(&self.backend.settings.database).await;
                let user = format!("(SELECT id FROM user_row WHERE login = '{login}')");
                assert_eq!(raw.run(&format!("UPDATE session SET expires_at = 1 WHERE user_id = {user}")).await, 1);
            }
            Way::Revoked => drop(admin.change_user(login, "disable", &UserChange::default(), &new_key()).await.unwrap()),
            Way::OtherRights => self.roles(login, "panel_member").await,
        }
    }

    /// Gives it back, as a person meets it: a new login, or the old rights; the token from now on.
    async fn again(&self, way: Way, login: &str, token: &str) -> String {
        match way {
            Way::Expired => {}
            Way::Revoked => drop(self.backend.admin.change_user(login, "enable", &UserChange::default(), &new_key()).await.unwrap()),
            Way::OtherRights => {
                self.roles(login, "operator").await;
                return token.to_owned();
            }
        }
        self.logged_in(login).await
    }

    async fn roles(&self, login: &str, role: &str) {
        let change = UserChange { roles: Some(vec![role.into()]), ..UserChange::default() };
        self.backend.admin.change_user(login, "role", &change, &new_key()).await.unwrap();
    }
}

/// How long after it was asked for a stream ends.
fn listening(url: &str, token: &str) -> tokio::task::JoinHandle<Instant> {
    let request = http(120).get(format!("{url}/api/v1/events")).bearer_auth(token).send();
    tokio::spawn(async move {
        let mut bytes = request.await.unwrap().bytes_stream();
        while let Some(Ok(_)) = bytes.next().await {}
        Instant::now()
    })
}

async fn trial(scene: &Scene, number: u64, way: Way, moment: Moment) {
    let what = format!("trial {number}: {way:?} {moment:?}");
    let login = format!("t.p{number}");
    let user = NewUser { login: login.clone(), name: "示例".into(), roles: vec!["operator".into()], unit: None, password: Some("demo".into()) };
    scene.backend.admin.add_user(&user, &new_key()).await.unwrap();
    let token = scene.logged_in(&login).await;
    let stream = listening(&scene.backend.url, &token);
    let (key, title) = (new_key(), format!("写了一半的登记 {number}"));
    let body = ticket_json(&title, Then::Nothing);
    let (path, cut) = (format!("{}/api/v1/tickets", scene.backend.url), format!("{}/api/v1/tickets", scene.cutting.url()));
    let old = Asker::new(&token);
    let ended = match moment {
        Moment::BeforeSending => {
            scene.end(way, &login).await;
            Instant::now()
        }
        Moment::WhileSending => {
            let (_, ()) = tokio::join!(old.post(path.clone(), &key, &body), scene.end(way, &login));
            Instant::now()
        }
        Moment::BetweenTries => {
            old.post(cut, &key, &body).await.expect_err(&what);
            scene.end(way, &login).await;
            Instant::now()
        }
    };
    // The console tries once more with what it has: refused, or heard; never made twice.
    let refused: Told = old.post(path.clone(), &key, &body).await.unwrap();
    match way {
        Way::Revoked => assert_eq!((refused.status, refused.code()), (401, "unauthorized".into()), "{what}"),
        // A login that runs out is looked at again every five seconds.
        Way::Expired => assert!(matches!(refused.status, 200 | 201 | 401), "{what}: {refused:?}"),
        Way::OtherRights => assert!(matches!(refused.status, 200 | 201 | 403), "{what}: {refused:?}"),
    }
    let token = scene.again(way, &login, &token).await;
    let kept = Asker::new(&token).post(path.clone(), &key, &body).await.unwrap();
    assert!(kept.status == 201 || kept.status == 200, "{what}: {kept:?}");
    assert_eq!(kept.json()["title"].as_str(), Some(title.as_str()), "{what}");
    if way == Way::Revoked {
        assert_eq!(old.post(path, &new_key(), &body).await.unwrap().status, 401, "{what}: the old login never comes back");
    }
    if way == Way::OtherRights {
        stream.abort();
    } else {
        let heard = stream.await.unwrap().saturating_duration_since(ended);
        assert!(heard <= HEARS, "{what}: the stream ended after {heard:?}");
    }
}

async fn a_login_that_ends_loses_nothing_and_makes_nothing_twice(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let dice = Dice::of_the_run("logins that end");
    let address = backend.url.trim_start_matches("http://").parse().unwrap();
    let cutting = Proxy::before(&[address], dice.next()).await;
    cutting.rules.cut_replies.store(1_000, Ordering::Relaxed);
    let scene = Scene { backend, cutting };
    let trials = match (soak(), kind) {
        (true, _) => SOAK,
        (_, Kind::Sqlite) => GATE,
        (_, Kind::Postgres) => GATE / 3,
    };
    for batch in (0..trials).collect::<Vec<_>>().chunks(40) {
        let running = batch.iter().map(|number| {
            let way = [Way::Expired, Way::Revoked, Way::OtherRights][(number % 3) as usize];
            let moment = [Moment::BeforeSending, Moment::WhileSending, Moment::BetweenTries][dice.below(3) as usize];
            trial(&scene, *number, way, moment)
        });
        futures_util::future::join_all(running).await;
    }
    let titles = all_titles(&scene.backend.admin).await;
    for number in 0..trials {
        let title = format!("写了一半的登记 {number}");
        assert_eq!(titles.iter().filter(|one| **one == title).count(), 1, "{title}: one ticket");
    }
}

async fn all_titles(client: &Client) -> Vec<String> {
    let (mut titles, mut cursor) = (Vec::new(), None);
    loop {
        let page = client.tickets(&TicketQuery { cursor, limit: Some(200), sort: Some(Sort::Accepted), ..TicketQuery::default() }).await.unwrap();
        titles.extend(page.items.into_iter().map(|row| row.title));
        cursor = page.next;
        if cursor.is_none() {
            return titles;
        }
    }
}

on_both! {
    a_login_that_ends_loses_nothing_and_makes_nothing_twice => a_login_that_ends_loses_nothing_on_sqlite, a_login_that_ends_loses_nothing_on_postgres;
}
