//! One act on several tickets: each under a key of its own, each told apart; or, as a trial, what each would come to. One
//! that is refused does not hold the others up, and the exit code says that there was one.
use super::{act_words, done, resolve, step_words};
use crate::api::tickets::{ActRequest, TicketRow};
use crate::cli::{Exit, Failure, Session};
use crate::client::{Client, ClientError};
use crate::domain::ticket::{Act, arc};
use crate::words;
use serde_json::json;

/// What became, or would become, of one ticket.
struct Came {
    name: String,
    row: Option<TicketRow>,
    then: Option<String>,
    refused: Option<(String, String)>,
}

pub(super) async fn run(session: &Session, tickets: &[String], act: Act, request: &ActRequest, dry_run: bool) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    // One ticket, not tried first, is told as every other verb tells its ticket.
    if let ([name], false) = (tickets, dry_run) {
        let id = resolve(&client, name).await?;
        return done(session, &client.act(id, act, request, &session.key()).await?);
    }
    let mut came: Vec<Came> = Vec::new();
    let mut broken = None;
    for name in tickets {
        match one(session, &client, name, act, request, dry_run).await {
            Ok(done) => came.push(done),
            // Nobody answers, or nobody may ask: what comes after it would end the same way.
            Err(failure) if stops(&failure) => {
                broken = Some((name, failure));
                break;
            }
            Err(failure) => {
                let code = if let Failure::Client(error) = &failure { error.code().unwrap_or("refused").to_owned() } else { "refused".to_owned() };
                came.push(Came { name: name.clone(), row: None, then: None, refused: Some((code, told(&failure))) });
            }
        }
    }
    tell(session, act, dry_run, &came)?;
    if let Some((name, failure)) = broken {
        let left = tickets.len() - came.len();
        session.out.error(&words!("cli-several-stopped", ticket = name.as_str(), left = left));
        return Err(failure);
    }
    let refused = came.iter().filter(|one| one.refused.is_some()).count();
    if refused > 0 {
        return Err(Failure::Refused(words!("cli-several-refused", refused = refused, all = came.len())));
    }
    Ok(Exit::Ok)
}

/// Is this one's failure every one's? That this ticket is out of one's scope is its own.
fn stops(failure: &Failure) -> bool {
    match failure {
        Failure::Client(ClientError::Problem(problem)) => problem.status == 401 || problem.status >= 500,
        failure => failure.exit() != Exit::Refused,
    }
}

fn told(failure: &Failure) -> String {
    match failure {
        Failure::Client(error) => error.to_string(),
        Failure::Refused(text) | Failure::Usage(text) => text.clone(),
        _ => String::new(),
    }
}

async fn one(session: &Session, client: &Client, name: &str, act: Act, request: &ActRequest, dry_run: bool) -> Result<Came, Failure> {
    let id = resolve(client, name).await?;
    if !dry_run {
        // A key that was given is that of the whole: each ticket's is made from it, the same at every try.
        let key = session.globals.key.as_ref().map_or_else(crate::client::new_key, |key| format!("{key}-{id}"));
        let row = client.act(id, act, request, &key).await?;
        return Ok(Came { name: name.to_owned(), then: Some(step_words(row.step)), row: Some(row), refused: None });
    }
    let detail = client.ticket(id).await?;
    let (arc, step) = (arc(act), detail.row.step);
    let refused = if !arc.from.contains(&step) {
        let legal: Vec<String> = detail.acts.iter().map(|act| act_words(*act)).collect();
        Some(("illegal_step", words!("refusal-illegal-step", step = step_words(step), act = act_words(act), legal = legal.join(" · "))))
    } else if !detail.acts.contains(&act) {
        Some(("forbidden", words!("many-not-now", act = act_words(act))))
    } else {
        None
    };
    let then = refused.is_none().then(|| arc.to.after(step).map_or_else(|| words!("many-step-before"), step_words));
    Ok(Came { name: name.to_owned(), row: Some(detail.row), then, refused: refused.map(|(code, why)| (code.to_owned(), why)) })
}

fn tell(session: &Session, act: Act, dry_run: bool, came: &[Came]) -> Result<(), Failure> {
    if session.out.json {
        let item = |one: &Came| {
            let row = one.row.as_ref();
            json!({
                "ticket": one.name,
                "number": row.map(|row| &row.number),
                "title": row.map(|row| &row.title),
                "step": row.map(|row| row.step),
                "would": one.refused.is_none() && dry_run,
                "done": one.refused.is_none() && !dry_run,
                "refused": one.refused.as_ref().map(|(code, message)| json!({ "code": code, "message": message })),
            })
        };
        return session.out.value(&json!({ "act": act, "dry_run": dry_run, "items": came.iter().map(item).collect::<Vec<_>>() }));
    }
    let columns = |one: &Came| {
        let number = one.row.as_ref().map_or_else(|| one.name.clone(), |row| row.number.clone());
        let title = one.row.as_ref().map(|row| row.title.clone()).unwrap_or_default();
        match (&one.refused, &one.row, &one.then) {
            (Some((_, why)), ..) => vec!["✗".to_owned(), number, why.clone(), title],
            (None, Some(row), Some(then)) if dry_run => vec!["·".to_owned(), number, format!("{} → {then}", step_words(row.step)), title],
            (None, _, then) => vec!["✓".to_owned(), number, then.clone().unwrap_or_default(), title],
        }
    };
    session.out.columns(&came.iter().map(columns).collect::<Vec<_>>())?;
    if dry_run {
        session.out.error(&words!("command-dry-run"));
    }
    Ok(())
}
