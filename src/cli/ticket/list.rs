//! 工单列表 (list of tickets): narrowed, page by page; a unit that is none is refused with the nearest, and a list that shows
//! open ones only says so.
use super::args::List;
use super::{columns, listed};
use crate::api::MAX_LIMIT;
use crate::api::tickets::{Sort, TicketQuery, TicketRow};
use crate::cli::{Exit, Failure, Session};
use crate::client::Client;
use crate::words;

/// How many names are given where one is misspelt.
const NEAR: usize = 5;

/// A unit that there is: an empty list would say that a misspelt one has nothing.
async fn known_unit(client: &Client, unit: &str) -> Result<(), Failure> {
    let units = client.tables().await?.units;
    if units.iter().any(|row| row.code == unit) {
        return Ok(());
    }
    // By the name somebody typed in its place, else by its code.
    let named = || units.iter().filter(|row| row.name.contains(unit)).map(|row| row.code.as_str()).take(NEAR);
    let mut near: Vec<&str> = named().collect();
    if near.is_empty() {
        near = crate::config::located::near(unit, units.iter().map(|row| row.code.as_str()), NEAR);
    }
    let hint = if near.is_empty() { String::new() } else { words!("cli-did-you-mean", name = near.join(" / ")) };
    Err(Failure::Usage(words!("cli-unknown-unit", value = unit, hint = hint)))
}

pub(super) async fn run(session: &Session, options: List) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    if let Some(unit) = &options.unit {
        known_unit(&client, unit).await?;
    }
    // As the server has it where nothing is said: open ones, and of a step or newest first all.
    let open_only = !options.closed && (options.open || (options.step.is_none() && !options.newest));
    let mut query = TicketQuery {
        step: options.step,
        unit: options.unit,
        flag: options.flag,
        open: if options.open || options.closed { Some(options.open) } else { None },
        number: None,
        sort: options.newest.then_some(Sort::Accepted),
        cursor: options.paging.after,
        limit: None,
    };
    let wanted = options.paging.limit;
    let mut items: Vec<TicketRow> = Vec::new();
    loop {
        query.limit = Some((wanted - items.len() as u32).min(MAX_LIMIT));
        let page = client.tickets(&query).await?;
        let got = page.items.len();
        items.extend(page.items);
        query.cursor = page.next;
        if query.cursor.is_none() || got == 0 || items.len() >= wanted as usize {
            break;
        }
    }
    let rows = items.iter().map(columns).collect();
    let exit = listed(session, &items, rows, query.cursor)?;
    if open_only && !options.open && !session.out.json {
        session.out.error(&words!("cli-open-only"));
    }
    Ok(exit)
}
