//! P39: a picture of a number on a screen says who took it. What the console draws is read as one reads a photograph: the
//! login, the day and the time; from these alone the audit has the one who looked, and at what.
use crate::rules::ring;
use crate::support::backend::{Backend, Kind};
use crate::support::dice::Dice;
use crate::support::served::hotline;
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use hotline::api::audit::AuditQuery;
use hotline::api::calls::CallQuery;
use hotline::client::{Client, new_key};
use hotline::console::app::App;
use hotline::console::effect::Effect;
use hotline::console::keymap::Keymap;
use hotline::console::look::{Ambiguous, Depth, Look};
use hotline::console::msg::{Answer, Msg};
use hotline::console::screen;
use hotline::domain::access::Subject;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::Instant;
use tempfile::TempDir;

const PICTURES: usize = 100;
const PEOPLE: usize = 5;

/// A desk of this person, drawn as a picture of it shows it while a number is on it.
async fn photograph(client: &Client, down: u64) -> (String, Subject) {
    let look = Look::shipped("dark", Depth::Full, Ambiguous::One).unwrap();
    let mut app = App::new(Keymap::built_in().clone(), look, Utc::now(), Instant::now());
    app.size = (120, 35);
    app.model.me = Some(client.me().await.unwrap());
    app.start(true);
    let tell = |app: &mut App, answer: Answer| app.update(Msg::Answer(Box::new(answer)), Instant::now());
    tell(&mut app, Answer::Calls(client.calls(&CallQuery { live: Some(true), ..CallQuery::default() }).await));
    let press = |app: &mut App, code: KeyCode, modifiers: KeyModifiers| app.update(Msg::Key(KeyEvent::new(code, modifiers)), Instant::now());
    press(&mut app, KeyCode::Char('v'), KeyModifiers::ALT);
    (0..down).for_each(|_| drop(press(&mut app, KeyCode::Down, KeyModifiers::NONE)));
    let asked = press(&mut app, KeyCode::Enter, KeyModifiers::NONE);
    let asked = asked.into_iter().find_map(|effect| if let Effect::Reveal { of, request, key } = effect { Some((of, request, key)) } else { None });
    let (of, request, key) = asked.expect("a reveal is asked for");
    let Subject::Call(call) = of else { panic!("{of:?}") };
    let result = client.reveal_call(call, &request, &key).await;
    tell(&mut app, Answer::Revealed { key, result });
    let mut terminal = Terminal::new(TestBackend::new(120, 35)).unwrap();
    terminal.draw(|frame| screen::draw(&app, frame)).unwrap();
    let cells = terminal.backend().buffer().content().iter().map(ratatui::buffer::Cell::symbol);
    // A wide character's second cell is a space.
    (cells.collect::<String>().split_whitespace().collect(), of)
}

/// Who and when, from the picture's words.
fn read(picture: &str) -> (String, DateTime<Utc>) {
    let said = picture.split_once("查看人").unwrap_or_else(|| panic!("nobody's name is on it: {picture}")).1;
    let (login, rest) = said.split_once('·').unwrap();
    let when = rest.split_once('起').unwrap().0;
    // 11-23周一12:00:00, in the city, of this year.
    let (day, clock) = when.split_once('周').unwrap();
    let clock = &clock[clock.find(|c: char| c.is_ascii_digit()).unwrap()..];
    let city = FixedOffset::east_opt(8 * 3600).unwrap();
    let now = Utc::now().with_timezone(&city);
    let at = NaiveDateTime::parse_from_str(&format!("{}-{day} {clock}", now.format("%Y")), "%Y-%m-%d %H:%M:%S").unwrap();
    (login.to_owned(), at.and_local_timezone(city).unwrap().to_utc())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_number_leads_to_whoever_took_it() {
    let backend = Backend::start(Kind::Sqlite).await.unwrap();
    let dice = Dice::of_the_run("pictures");
    let auditor = backend.with_roles("t.auditor", &["auditor"], None).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let login = format!("t.seat{number}");
        let client = backend.with_roles(&login, &["operator"], None).await;
        let call = backend.admin.ring(&ring(&login, Some("张示例")), &new_key()).await.unwrap();
        client.act_on_call(call.id, "take", &new_key()).await.unwrap();
        people.push((login, client));
    }
    for number in 0..PICTURES {
        // Each at a time of its own, by the server's clock, which is not the console's.
        backend.admin.advance_clock(1 + dice.below(30)).await.unwrap();
        let (wanted, client) = &people[dice.below(PEOPLE as u64) as usize];
        let (picture, of) = photograph(client, dice.below(4)).await;
        assert!(picture.contains("10000000421"), "{picture}");
        let (login, at) = read(&picture);
        assert_eq!(&login, wanted);
        let query = AuditQuery { person: Some(login.clone()), kind: Some("access.revealed".into()), from: Some(at), to: Some(at + TimeDelta::seconds(1)), ..AuditQuery::default() };
        let found = crate::support::until("it is in the audit", 20, || async { Some(auditor.audit(&query).await.unwrap().items).filter(|rows| !rows.is_empty()) }).await;
        let Subject::Call(call) = of else { panic!("{of:?}") };
        assert_eq!(found.iter().map(|row| (row.by.as_str(), row.id)).collect::<Vec<_>>(), [(wanted.as_str(), call.0)], "picture {number}");
        if number % 20 == 0 {
            let (from, to) = (at.to_rfc3339(), (at + TimeDelta::seconds(1)).to_rfc3339());
            let home = TempDir::new().unwrap();
            let arguments = ["audit", "list", "--server", &backend.url, "--kind", "access.revealed", "--from", &from, "--to", &to];
            let (code, out, errors) = hotline(home.path(), &arguments, &[("HOTLINE_TOKEN", auditor.token().unwrap())]);
            assert!(code == 0 && out.lines().count() == 1 && out.contains(wanted.as_str()), "the time alone is enough: {out}{errors}");
        }
    }
}
