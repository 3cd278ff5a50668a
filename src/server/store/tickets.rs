//! The ticket projection: one row per ticket, made from its state and the tables of now; and the lists over it.
use super::error::StoreError;
use super::tx::Tx;
use super::users;
use super::value::{Row, Value, micros};
use crate::api::tickets::{Counts, RowClocks, Sort, TicketQuery, TicketRow};
use crate::domain::Timestamp;
use crate::domain::clocks::{Flag, LegalState, deadlines};
use crate::domain::event::CentreId;
use crate::domain::ids::TicketId;
use crate::domain::limits::{Line, Tag, TicketKind};
use crate::domain::tables::Tables;
use crate::domain::ticket::{Raised, Step, Ticket};
use crate::text::mask::{mask_name, mask_text};
use chrono::TimeDelta;
use uuid::Uuid;

/// Order of open tickets that nothing turns for any more: after all others.
const NEVER: i64 = i64::MAX;

/// The moments of a ticket's clocks as a row carries them.
pub fn clocks(ticket: &Ticket, tables: &Tables, now: Timestamp) -> RowClocks {
    let clocks = ticket.clocks_told(tables, now);
    let colour = clocks.colour.filter(|colour| colour.stopped_at.is_none());
    let legal = clocks.legal;
    RowClocks {
        orange_at: colour.map(|colour| colour.orange_at),
        red_at: colour.map(|colour| colour.red_at),
        due: legal.map(|legal| legal.due),
        provisional: legal.is_some_and(|legal| legal.provisional),
        warn_at: legal.filter(|legal| legal.warn_at < legal.due).map(|legal| legal.warn_at),
        extended: legal.is_some_and(|legal| legal.extended),
        paused: legal.is_some_and(|legal| legal.state == LegalState::Paused),
        closed_at: ticket.facts.withdrawn.or(ticket.facts.current_round().and_then(|round| round.closed)).map(|stamp| stamp.at),
        reached: clocks.reached,
    }
}

/// Writes the row of a ticket, and gives it as a list would; `title` is its present text.
///
/// # Errors
/// The store's.
pub async fn save(tx: &mut Tx<'_>, centre: CentreId, ticket: &Ticket, title: &str, tables: &Tables, now: Timestamp) -> Result<TicketRow, StoreError> {
    let clocks = clocks(ticket, tables, now);
    tx.execute(UPSERT, &columns(centre, ticket, title, tables, &clocks, now)).await?;
    let assignee = match ticket.assignee {
        Some(user) => users::by_id(tx, centre, user.0).await?.map(|user| mask_name(&user.name)),
        None => None,
    };
    Ok(TicketRow {
        id: ticket.id,
        number: ticket.number.clone(),
        version: ticket.version,
        step: ticket.step,
        round: ticket.round,
        kind: ticket.kind,
        class: ticket.class.clone(),
        urgent_class: ticket.urgent_class.clone(),
        tag: ticket.tag,
        green: ticket.green,
        line: ticket.line,
        title: mask_text(title),
        unit_name: unit_name(ticket.unit.as_deref(), tables),
        unit: ticket.unit.clone(),
        assignee,
        accepted_at: ticket.facts.accepted.map(|stamp| stamp.at).unwrap_or_default(),
        dispatched_at: ticket.facts.dispatched().map(|stamp| stamp.at),
        flag: clocks.flag(now),
        clocks,
        hops: ticket.hops,
        urges: ticket.urges,
        supervised: ticket.supervised,
        solved: ticket.solved,
    })
}

fn unit_name(unit: Option<&str>, tables: &Tables) -> Option<String> {
    unit.map(|unit| tables.units.get(unit).map_or_else(|| unit.to_owned(), |row| row.name.clone()))
}

/// Open tickets by identity, at most `limit`.
///
/// # Errors
/// The store's.
pub async fn open_ids(tx: &mut Tx<'_>, centre: CentreId, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = tx.query("SELECT id FROM ticket_row WHERE centre = ?1 AND is_open = 1 ORDER BY sort_at, id LIMIT ?2", &[centre.into(), limit.into()]).await?;
    Ok(rows.iter().map(|row| row.id(0)).collect())
}

/// The row a ticket should have, as parameters of the upsert: what `save` writes and a rebuild compares.
pub fn values(centre: CentreId, ticket: &Ticket, title: &str, tables: &Tables, now: Timestamp) -> Vec<Value> {
    columns(centre, ticket, title, tables, &clocks(ticket, tables, now), now)
}

fn columns(centre: CentreId, ticket: &Ticket, title: &str, tables: &Tables, clocks: &RowClocks, now: Timestamp) -> Vec<Value> {
    vec![
        centre.into(),
        ticket.id.0.into(),
        ticket.number.as_str().into(),
        ticket.version.into(),
        ticket.step.code().into(),
        ticket.round.into(),
        ticket.kind.code().into(),
        ticket.class.clone().into(),
        ticket.urgent_class.clone().into(),
        ticket.tag.map(|tag| tag.code().to_owned()).into(),
        ticket.green.into(),
        ticket.line.code().into(),
        title.into(),
        ticket.unit.clone().into(),
        ticket.assignee.map(|user| user.0).into(),
        ticket.facts.accepted.map(|stamp| stamp.at).into(),
        ticket.facts.dispatched().map(|stamp| stamp.at).into(),
        clocks.orange_at.into(),
        clocks.red_at.into(),
        clocks.due.into(),
        clocks.provisional.into(),
        clocks.warn_at.into(),
        clocks.extended.into(),
        clocks.paused.into(),
        clocks.closed_at.into(),
        ticket.hops.into(),
        ticket.urges.into(),
        ticket.supervised.into(),
        ticket.solved.into(),
        ticket.caller.map(|caller| caller.0).into(),
        flag_number(clocks.reached).into(),
        ticket.step.is_open().into(),
        flag_number(clocks.flag(now)).into(),
        next_to_raise(ticket, tables, now).into(),
        clocks.sort_at(now).map_or(NEVER, micros).into(),
    ]
}

/// The earliest deadline whose flag is still to be raised: what the sweep looks for. It may lie in the past where a ticket
/// came in late.
fn next_to_raise(ticket: &Ticket, tables: &Tables, now: Timestamp) -> Option<Timestamp> {
    if !ticket.step.is_open() {
        return None;
    }
    deadlines(&ticket.facts, tables.limit_of(ticket), &tables.calendar)
        .into_iter()
        // One that was raised and then moved on, by another limit row or calendar, still turns the row when it comes.
        .find(|deadline| deadline.at > now || !ticket.raised.contains(&Raised { deadline: deadline.id, level: deadline.level }))
        .map(|deadline| deadline.at)
}

const UPSERT: &str = "INSERT INTO ticket_row (centre, id, number, version, step, round, kind, class, urgent_class, tag, green, line, title, unit, assignee,
   accepted_at, dispatched_at, orange_at, red_at, due_at, provisional, warn_at, extended, paused, closed_at, hops, urges, supervised, solved, caller,
   reached, is_open, flag, next_at, sort_at)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)
 ON CONFLICT (centre, id) DO UPDATE SET version = excluded.version, step = excluded.step, round = excluded.round, kind = excluded.kind,
   class = excluded.class, urgent_class = excluded.urgent_class, tag = excluded.tag, green = excluded.green, title = excluded.title, unit = excluded.unit,
   assignee = excluded.assignee, dispatched_at = excluded.dispatched_at, orange_at = excluded.orange_at, red_at = excluded.red_at, due_at = excluded.due_at,
   provisional = excluded.provisional, warn_at = excluded.warn_at, extended = excluded.extended, paused = excluded.paused, closed_at = excluded.closed_at,
   hops = excluded.hops, urges = excluded.urges, supervised = excluded.supervised, solved = excluded.solved, reached = excluded.reached, is_open = excluded.is_open,
   flag = excluded.flag, next_at = excluded.next_at, sort_at = excluded.sort_at
 WHERE ticket_row.centre = excluded.centre";

/// The number a flag is stored and filtered by.
pub const fn flag_number(flag: Flag) -> i64 {
    match flag {
        Flag::None => 0,
        Flag::Yellow => 1,
        Flag::Orange => 2,
        Flag::Red => 3,
        Flag::Overdue => 4,
    }
}

/// The flag a number stands for.
const fn flag_of(number: i64) -> Flag {
    match number {
        1 => Flag::Yellow,
        2 => Flag::Orange,
        3 => Flag::Red,
        4 => Flag::Overdue,
        _ => Flag::None,
    }
}

macro_rules! rows {
    ($tail:literal) => {
        concat!(
            "SELECT t.id, t.number, t.version, t.step, t.round, t.kind, t.class, t.urgent_class, t.tag, t.green, t.line, t.title, t.unit, u.name,
               t.accepted_at, t.dispatched_at, t.orange_at, t.red_at, t.due_at, t.provisional, t.warn_at, t.extended, t.paused, t.closed_at,
               t.hops, t.urges, t.supervised, t.solved, t.sort_at, t.reached, t.flag
             FROM ticket_row t LEFT JOIN user_row u ON u.centre = t.centre AND u.id = t.assignee WHERE t.centre = ?1 AND ",
            $tail
        )
    };
}

fn ticket_row(row: &Row, tables: &Tables) -> TicketRow {
    let unit = row.maybe_text(12);
    TicketRow {
        id: TicketId(row.id(0)),
        number: row.text(1),
        version: row.int(2),
        step: Step::from_code(&row.text(3)).unwrap_or(Step::Accepted),
        round: row.int(4),
        kind: TicketKind::from_code(&row.text(5)).unwrap_or(TicketKind::Consultation),
        class: row.maybe_text(6),
        urgent_class: row.maybe_text(7),
        tag: row.maybe_text(8).and_then(|code| Tag::from_code(&code)),
        green: row.flag(9),
        line: Line::from_code(&row.text(10)).unwrap_or(Line::Citizen),
        // Out of the store words go with their numbers masked; nobody has a way to see them whole yet.
        title: mask_text(&row.text(11)),
        unit_name: unit_name(unit.as_deref(), tables),
        unit,
        assignee: row.maybe_text(13).map(|name| mask_name(&name)),
        accepted_at: row.at(14),
        dispatched_at: row.maybe_at(15),
        clocks: RowClocks {
            orange_at: row.maybe_at(16),
            red_at: row.maybe_at(17),
            due: row.maybe_at(18),
            provisional: row.flag(19),
            warn_at: row.maybe_at(20),
            extended: row.flag(21),
            paused: row.flag(22),
            closed_at: row.maybe_at(23),
            reached: flag_of(row.int(29)),
        },
        flag: flag_of(row.int(30)),
        hops: row.int(24),
        urges: row.int(25),
        supervised: row.flag(26),
        solved: row.maybe_int(27).map(|solved| solved != 0),
    }
}

/// One row.
///
/// # Errors
/// The store's.
pub async fn row(tx: &mut Tx<'_>, centre: CentreId, id: Uuid, tables: &Tables) -> Result<Option<TicketRow>, StoreError> {
    let row = tx.first(rows!("t.id = ?2"), &[centre.into(), id.into()]).await?;
    Ok(row.map(|row| ticket_row(&row, tables)))
}

/// The rows of all tickets that the events after one position, up to another, are about.
///
/// # Errors
/// The store's.
pub async fn changed(tx: &mut Tx<'_>, centre: CentreId, from: i64, to: i64, tables: &Tables) -> Result<Vec<TicketRow>, StoreError> {
    let rows = tx
        .query(
            rows!(
                "t.id IN (SELECT e.aggregate_id FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id
                 WHERE p.centre = ?1 AND p.position > ?2 AND p.position <= ?3)"
            ),
            &[centre.into(), from.into(), to.into()],
        )
        .await?;
    Ok(rows.iter().map(|row| ticket_row(row, tables)).collect())
}

/// A page of a list. `within`: only this unit and those below it; the caller has seen to it that a unit the query asks
/// for lies within.
///
/// # Errors
/// The store's.
pub async fn list(
    tx: &mut Tx<'_>,
    centre: CentreId,
    query: &TicketQuery,
    within: Option<&str>,
    after: Option<(i64, Uuid)>,
    limit: i64,
    tables: &Tables,
) -> Result<Vec<(i64, TicketRow)>, StoreError> {
    let (from, id) = after.unwrap_or(match query.sort.unwrap_or_default() {
        Sort::NextChange => (i64::MIN, Uuid::nil()),
        Sort::Accepted => (i64::MAX, Uuid::max()),
    });
    let unit = query.unit.as_deref().or(within);
    let mut values: Vec<Value> = vec![centre.into(), query.open.unwrap_or(true).into(), from.into(), id.into(), limit.into()];
    let plain = *query == TicketQuery { open: query.open, sort: query.sort, cursor: query.cursor.clone(), limit: query.limit, ..TicketQuery::default() };
    let sql = if plain && within.is_none() && query.sort.unwrap_or_default() == Sort::NextChange {
        rows!("t.is_open = ?2 AND (t.sort_at, t.id) > (?3, ?4) ORDER BY t.sort_at, t.id LIMIT ?5")
    } else {
        let any = query.open.is_none() && (query.step.is_some() || query.number.is_some() || query.sort == Some(Sort::Accepted));
        let below = |end: char| unit.map(|unit| format!("{unit}{end}"));
        values.extend([
            query.step.map(|step| step.code().to_owned()).into(),
            query.flag.map(flag_number).into(),
            query.number.clone().into(),
            unit.map(str::to_owned).into(),
            // Codes are dotted paths: those below a unit lie between its code with '.' and with the next character.
            below('.').into(),
            below('/').into(),
            any.into(),
        ]);
        match query.sort.unwrap_or_default() {
            Sort::NextChange => rows!(
                "(t.is_open = ?2 OR ?12 = 1) AND (t.sort_at, t.id) > (?3, ?4) AND (?6 IS NULL OR t.step = ?6) AND (?7 IS NULL OR t.flag = ?7)
                 AND (?8 IS NULL OR t.number = ?8) AND (?9 IS NULL OR t.unit = ?9 OR (t.unit >= ?10 AND t.unit < ?11)) ORDER BY t.sort_at, t.id LIMIT ?5"
            ),
            Sort::Accepted => rows!(
                "(t.is_open = ?2 OR ?12 = 1) AND (t.accepted_at, t.id) < (?3, ?4) AND (?6 IS NULL OR t.step = ?6) AND (?7 IS NULL OR t.flag = ?7)
                 AND (?8 IS NULL OR t.number = ?8) AND (?9 IS NULL OR t.unit = ?9 OR (t.unit >= ?10 AND t.unit < ?11)) ORDER BY t.accepted_at DESC, t.id DESC LIMIT ?5"
            ),
        }
    };
    let rows = tx.query(sql, &values).await?;
    let key = |row: &Row| if query.sort == Some(Sort::Accepted) { row.int(14) } else { row.int(28) };
    Ok(rows.iter().map(|row| (key(row), ticket_row(row, tables))).collect())
}

/// Counts over everything open, as of `now`, within a unit or everywhere.
///
/// # Errors
/// The store's.
pub async fn counts(tx: &mut Tx<'_>, centre: CentreId, within: Option<&str>, now: Timestamp) -> Result<Counts, StoreError> {
    let row = match within {
        None => {
            tx.first(
                "SELECT count(*), count(*) FILTER (WHERE flag = 1), count(*) FILTER (WHERE flag = 2), count(*) FILTER (WHERE flag = 3), count(*) FILTER (WHERE flag = 4)
                 FROM ticket_row WHERE centre = ?1 AND is_open = 1",
                &[centre.into()],
            )
            .await?
        }
        // One stretch of the units' index: what lies between a unit and those below it is left out.
        Some(unit) => {
            tx.first(
                "SELECT count(*), count(*) FILTER (WHERE flag = 1), count(*) FILTER (WHERE flag = 2), count(*) FILTER (WHERE flag = 3), count(*) FILTER (WHERE flag = 4)
                 FROM ticket_row WHERE centre = ?1 AND is_open = 1 AND unit >= ?2 AND unit < ?4 AND (unit = ?2 OR unit >= ?3)",
                &[centre.into(), unit.into(), format!("{unit}.").into(), format!("{unit}/").into()],
            )
            .await?
        }
    };
    let row = row.unwrap_or_default();
    let mut counts = Counts { open: row.int(0), yellow: row.int(1), orange: row.int(2), red: row.int(3), overdue: row.int(4), ..Counts::default() };
    let soon: [Value; 5] = [
        centre.into(),
        (now + TimeDelta::hours(1)).into(),
        within.map(str::to_owned).into(),
        within.map(|unit| format!("{unit}.")).into(),
        within.map(|unit| format!("{unit}/")).into(),
    ];
    let row = tx
        .first(
            "SELECT count(*) FROM ticket_row WHERE centre = ?1 AND next_at IS NOT NULL AND next_at <= ?2 AND is_open = 1
             AND (?3 IS NULL OR unit = ?3 OR (unit >= ?4 AND unit < ?5))",
            &soon,
        )
        .await?;
    counts.soon = row.map_or(0, |row| row.int(0));
    Ok(counts)
}

/// The last five matters of a caller, newest first.
///
/// # Errors
/// The store's.
pub async fn last_of_caller(tx: &mut Tx<'_>, centre: CentreId, caller: Uuid, tables: &Tables) -> Result<Vec<TicketRow>, StoreError> {
    let rows = tx.query(rows!("t.caller = ?2 ORDER BY t.accepted_at DESC LIMIT 5"), &[centre.into(), caller.into()]).await?;
    Ok(rows.iter().map(|row| ticket_row(row, tables)).collect())
}
