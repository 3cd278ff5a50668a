//! 预览 (preview): what a change of the tables would move, said before it is put. Reads only.
use super::tables::{first_moment, wanted};
use super::folded;
use crate::api::settings::{Moved, PutRow, RowPreview, TablesPreview, Tally, YearPreview};
use crate::domain::calendar::{Adoption, CalendarYear};
use crate::domain::tables::{TableEvent, TableName, changes};
use crate::domain::ticket::{self, Ticket};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::{Tx, tickets, turns};
use serde_json::Value;
use uuid::Uuid;

/// Open tickets that are looked at, at most: each is read whole.
const MOST: i64 = 5_000;
/// How many of a year's tickets are named.
const NAMED: usize = 20;

/// What putting these rows would move, field by field.
///
/// # Errors
/// What is wrong with the rows, or the store's.
pub async fn tables(node: &Node, tx: &mut Tx<'_>, rows: Vec<PutRow>) -> Result<TablesPreview, Fault> {
    let tables = node.tables_in(tx).await?;
    let mut preview = TablesPreview::default();
    for event in wanted(&tables, rows)? {
        let (table, code) = event.key();
        let standing = tables.standing(table, &code);
        let changes = changes(&standing.as_ref().map_or(Value::Null, TableEvent::row), &event.row());
        let keep = match (&standing, table) {
            (Some(TableEvent::LimitPut(old)), TableName::Limit) if !changes.is_empty() => {
                let reference = old.reference();
                Some(tally(node, tx, |ticket| ticket.facts.limit.as_ref() == Some(&reference)).await?)
            }
            _ => None,
        };
        preview.put += i64::from(!changes.is_empty());
        preview.rows.push(RowPreview { table: table.code().into(), code, new: standing.is_none(), changes, keep });
    }
    Ok(preview)
}

async fn tally(node: &Node, tx: &mut Tx<'_>, concerns: impl Fn(&Ticket) -> bool) -> Result<Tally, Fault> {
    let mut tally = Tally::default();
    let ids = tickets::open_ids(tx, node.centre, MOST + 1).await?;
    for id in within(&ids, &mut tally) {
        let ticket: Option<Ticket> = folded(tx, node.centre, *id, ticket::fold).await?;
        tally.count += i64::from(ticket.is_some_and(|ticket| concerns(&ticket)));
    }
    Ok(tally)
}

/// Those that are looked at.
fn within<'a>(ids: &'a [Uuid], tally: &mut Tally) -> &'a [Uuid] {
    let most = ids.len().min(MOST as usize);
    (tally.of, tally.more) = (most as i64, ids.len() > most);
    &ids[..most]
}

/// What taking this year in would move: its days, and which open tickets are due when instead.
///
/// # Errors
/// The store's.
pub async fn year(node: &Node, tx: &mut Tx<'_>, year: CalendarYear) -> Result<YearPreview, Fault> {
    let tables = node.tables_in(tx).await?;
    let mut later = (*tables).clone();
    let number = year.year;
    let standing = tables.standing(TableName::Year, &number.to_string());
    if later.calendar.adopt(year) == Adoption::Unchanged {
        return Ok(YearPreview { year: number, ..YearPreview::default() });
    }
    let coming = later.standing(TableName::Year, &number.to_string());
    let row = |event: &Option<TableEvent>| event.as_ref().map_or(Value::Null, TableEvent::row);
    let mut preview = YearPreview { year: number, changed: true, changes: changes(&row(&standing), &row(&coming)), ..YearPreview::default() };
    let ids = turns::reaching(tx, node.centre, first_moment(number), first_moment(number + 1), MOST + 1).await?;
    let now = node.clock.now();
    for id in within(&ids, &mut preview.moves) {
        let Some(ticket) = folded::<_, Ticket>(tx, node.centre, *id, ticket::fold).await? else { continue };
        let (from, to) = (tickets::clocks(&ticket, &tables, now).due, tickets::clocks(&ticket, &later, now).due);
        if from != to {
            preview.moves.count += 1;
            preview.first.push(Moved { number: ticket.number, from, to });
        }
    }
    preview.first.sort_by(|one, other| (one.to, &one.number).cmp(&(other.to, &other.number)));
    preview.first.truncate(NAMED);
    Ok(preview)
}
