//! Sends files through maps in batches: everything is read and judged first, then sent; stopping in between keeps whole
//! batches, and doing it again changes nothing that is there.
//!
//! A key names one batch of one run, so that a batch whose answer was lost is sent again safely. What makes a whole import
//! safe to repeat are the ids of the source, not the keys: a key kept from an earlier run would answer for what was true then.
use super::{Exit, Failure, Out, Session};
use crate::api::import::{ImportOutcome, ImportedTicket, Numbered};
use crate::api::articles::NewArticle;
use crate::client::{Client, ClientError, new_key};
use crate::config::Fault;
use crate::import::{Items, Map, Mapped, Survey, Target, survey};
use crate::words;
use backon::{ExponentialBuilder, Retryable};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most rows in one batch: the backend's own limit.
const BATCH_ROWS: usize = 500;
/// A batch is sent once it is this large, bytes: long before the backend refuses a body.
const BATCH_BYTES: usize = 768 * 1024;
/// How often a batch is sent again when no answer came.
const ATTEMPTS: usize = 6;

/// 导入 (import).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 工单 Tickets of the past
    #[command(after_long_help = crate::import::MAPS)]
    Tickets(Mapping),
    /// 知识条目 Knowledge articles
    #[command(after_long_help = crate::import::MAPS)]
    Articles(Mapping),
    /// 一年的放假安排（holiday-cn JSON） A calendar year, holiday-cn JSON
    Calendar {
        /// 文件 file
        file: PathBuf,
        /// 只检查 check only
        #[arg(long)]
        dry_run: bool,
    },
}

/// A file and its map.
#[derive(Debug, Args)]
pub struct Mapping {
    /// 数据文件 data file
    file: PathBuf,
    /// 映射文件，写法见 --help a map; how to write one: --help
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// 只检查，不写入：库会拒绝的也照样说出 check everything, what the store would refuse as well, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// 有一行被拒就全部不导入 import nothing if any row is refused
    #[arg(long)]
    strict: bool,
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Tickets(mapping) => rows(session, Target::Tickets, mapping).await,
        Verb::Articles(mapping) => rows(session, Target::Articles, mapping).await,
        Verb::Calendar { file, dry_run } => calendar(session, &file, dry_run).await,
    }
}

async fn calendar(session: &Session, file: &Path, dry_run: bool) -> Result<Exit, Failure> {
    let text = read(file)?;
    let place = file.display().to_string();
    let year = crate::domain::calendar::import_holiday_cn(&text)
        .map_err(|faults| Failure::Faults(faults.into_iter().map(|fault| Fault::of(place.as_str(), fault.to_string())).collect()))?;
    let json = || serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')).map_err(|error| Failure::Broken(error.to_string()));
    // Where there is a store, what it would move; without one the file is all there is to judge.
    if dry_run && session.has_store() {
        return super::history::year(session, &session.connect().await?.preview_calendar(&json()?).await?);
    }
    let answer = if dry_run {
        serde_json::json!({ "year": year.year, "days": year.days.len(), "dry_run": true })
    } else {
        session.connect_or_new().await?.import_calendar(&json()?, &session.key()).await?
    };
    if session.out.json {
        session.out.value(&answer)?;
    } else {
        session.out.line(&words!("cli-calendar-year", year = year.year, days = year.days.len()))?;
        if dry_run {
            session.out.line(&words!("command-dry-run"))?;
        }
    }
    Ok(Exit::Ok)
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::Faults(vec![Fault::of(file.display().to_string(), error.to_string())]))
}

async fn rows(session: &Session, target: Target, options: Mapping) -> Result<Exit, Failure> {
    let map = Map::read(&options.map.display().to_string(), &read(&options.map)?).map_err(Failure::Faults)?;
    if map.target != target {
        return Err(Failure::Faults(vec![Fault::of(map.file, words!("cli-other-target", target = map.target.code()))]));
    }
    let file = options.file.display().to_string();
    let size = std::fs::metadata(&options.file).map_or(0, |data| data.len());
    let reading = bar(&session.out, size, "{msg} [{bar:30}] {percent}%");
    reading.set_message(words!("cli-reading"));
    let surveyed = survey(&map, &options.file, |bytes, _| reading.set_position(bytes));
    reading.finish_and_clear();
    let survey = surveyed.map_err(Failure::Faults)?;
    for refused in &survey.refused {
        session.out.error(&format!("{file}:{}: {}", refused.line, refused.why));
    }
    for (line, note) in &survey.notes {
        session.out.error(&format!("{file}:{line}: {}", words!("cli-note", note = note.as_str())));
    }
    let mut total = Total::new(&survey);
    let stop = stopped_by_ctrl_c();
    if options.dry_run || options.strict {
        // The backend refuses what only it can judge: it says so of every row now.
        if session.has_store() {
            let client = session.connect().await?;
            let judging = bar(&session.out, survey.good, "{msg} [{bar:30}] {pos}/{len}  {eta}");
            judging.set_message(words!("cli-judging"));
            let judged = send(&client, &map, &options.file, &stop, Way::Judge, |sent, answer| {
                for refused in &answer.refused {
                    judging.suspend(|| session.out.error(&format!("{file}:{}: {}", refused.line, refused.why)));
                }
                total.add(answer);
                judging.inc(sent);
            })
            .await;
            judging.finish_and_clear();
            judged?;
            if stop.load(Ordering::Relaxed) {
                return Err(Failure::Interrupted(words!("cli-judging-stopped")));
            }
        } else if options.dry_run {
            session.out.error(&words!("cli-judged-here"));
        }
        if options.dry_run {
            total.dry_run = true;
            total.good -= total.refused_by_backend();
            return total.tell(session);
        }
        if !total.refused.is_empty() {
            return Err(Failure::Refused(words!("cli-strict", count = total.refused.len())));
        }
        total = Total::new(&survey);
    }
    let client = session.connect_or_new().await?;
    let sending = bar(&session.out, survey.good, "{msg} [{bar:30}] {pos}/{len}  {per_sec}  {eta}");
    sending.set_message(words!("cli-sending"));
    let outcome = send(&client, &map, &options.file, &stop, Way::Import, |sent, answer| {
        for refused in &answer.refused {
            sending.suspend(|| session.out.error(&format!("{file}:{}: {}", refused.line, refused.why)));
        }
        total.add(answer);
        sending.inc(sent);
    })
    .await;
    sending.finish_and_clear();
    if let Err(failure) = outcome {
        session.out.error(&words!("cli-kept", count = total.kept()));
        return Err(failure);
    }
    total.stopped = stop.load(Ordering::Relaxed) && total.kept() + total.refused_by_backend() < survey.good;
    let exit = total.tell(session)?;
    if total.stopped {
        let left: u64 = survey.good - total.kept() - total.refused_by_backend();
        return Err(Failure::Interrupted(words!("cli-stopped", count = total.kept(), left = left)));
    }
    Ok(exit)
}

/// The first ctrl-c lets the batch under way finish; the second ends at once.
fn stopped_by_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(Exit::Interrupted as u8));
            }
        }
    });
    stop
}

fn bar(out: &Out, length: u64, template: &str) -> ProgressBar {
    let seen = !out.json && std::io::stderr().is_terminal();
    let target = if seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Reads the file again and sends what is good. `answered` hears of each batch: how many rows, what became of them.
async fn send(client: &Client, map: &Map, file: &Path, stop: &AtomicBool, way: Way, mut answered: impl FnMut(u64, &ImportOutcome)) -> Result<(), Failure> {
    let unreadable = |error: std::io::Error| Failure::Faults(vec![Fault::of(file.display().to_string(), error.to_string())]);
    let mut items = Items::open(map, file).map_err(unreadable)?;
    let (run, mut number) = (new_key(), 0_u64);
    let mut batch = Batch::new(map.target);
    loop {
        let item = items.next_item().map_err(unreadable)?;
        let ended = item.is_none();
        if let Some((line, mapped)) = item.and_then(|item| item.outcome.ok().map(|(mapped, _)| (item.line, mapped))) {
            batch.push(line, mapped);
        }
        if batch.full() || (ended && batch.len() > 0) {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            number += 1;
            let sent = std::mem::replace(&mut batch, Batch::new(map.target));
            let answer = sent.send(client, way, &format!("import-{run}-{number}")).await?;
            answered(sent.len() as u64, &answer);
        }
        if ended {
            return Ok(());
        }
    }
}

/// What is asked of the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Judge,
    Import,
}

/// Rows on their way.
struct Batch {
    rows: Rows,
    bytes: usize,
}

enum Rows {
    Tickets(Vec<Numbered<ImportedTicket>>),
    Articles(Vec<Numbered<NewArticle>>),
}

impl Batch {
    fn new(target: Target) -> Batch {
        let rows = match target {
            Target::Tickets => Rows::Tickets(Vec::new()),
            Target::Articles => Rows::Articles(Vec::new()),
        };
        Batch { rows, bytes: 0 }
    }

    fn push(&mut self, line: u64, mapped: Mapped) {
        let size = match &mapped {
            Mapped::Ticket(row) => row.title.len() + row.body.len() + row.reply.as_deref().map_or(0, str::len),
            Mapped::Article(row) => row.text.clause.len() + row.text.plain_answer.len(),
        };
        self.bytes += size + 1024;
        match (&mut self.rows, mapped) {
            (Rows::Tickets(rows), Mapped::Ticket(row)) => rows.push(Numbered { line, row: *row }),
            (Rows::Articles(rows), Mapped::Article(row)) => rows.push(Numbered { line, row: *row }),
            // A map makes rows of its own target only.
            _ => {}
        }
    }

    fn len(&self) -> usize {
        match &self.rows {
            Rows::Tickets(rows) => rows.len(),
            Rows::Articles(rows) => rows.len(),
        }
    }

    fn full(&self) -> bool {
        self.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    async fn send(&self, client: &Client, way: Way, key: &str) -> Result<ImportOutcome, ClientError> {
        let again = ExponentialBuilder::default().with_jitter().with_max_times(ATTEMPTS);
        let once = || async {
            match (&self.rows, way) {
                (Rows::Tickets(rows), Way::Import) => client.import_tickets(rows, key).await,
                (Rows::Tickets(rows), Way::Judge) => client.judge_tickets(rows).await,
                (Rows::Articles(rows), Way::Import) => client.import_articles(rows, key).await,
                (Rows::Articles(rows), Way::Judge) => client.judge_articles(rows).await,
            }
        };
        once.retry(again).when(ClientError::is_unknown).await
    }
}

/// The sum of all batches.
#[derive(Debug, Default, serde::Serialize)]
struct Total {
    created: u64,
    updated: u64,
    unchanged: u64,
    refused: Vec<crate::api::import::Refused>,
    notes: u64,
    /// Rows that could be sent: the whole answer of a dry run.
    good: u64,
    dry_run: bool,
    stopped: bool,
    #[serde(skip)]
    refused_here: usize,
}

impl Total {
    fn new(survey: &Survey) -> Total {
        let refused: Vec<_> = survey.refused.iter().map(|refused| crate::api::import::Refused { line: refused.line, why: refused.why.clone() }).collect();
        Total { refused_here: refused.len(), refused, notes: survey.notes.len() as u64, good: survey.good, ..Total::default() }
    }

    fn add(&mut self, answer: &ImportOutcome) {
        self.created += answer.created;
        self.updated += answer.updated;
        self.unchanged += answer.unchanged;
        self.refused.extend(answer.refused.iter().cloned());
    }

    fn kept(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }

    fn refused_by_backend(&self) -> u64 {
        (self.refused.len() - self.refused_here) as u64
    }

    fn tell(&self, session: &Session) -> Result<Exit, Failure> {
        let refused = self.refused.len();
        if session.out.json {
            session.out.value(self)?;
        } else if self.dry_run {
            session.out.line(&words!("cli-surveyed", good = self.good, refused = refused, notes = self.notes))?;
            session.out.line(&words!("command-dry-run"))?;
        } else {
            session.out.line(&words!("cli-imported", created = self.created, updated = self.updated, unchanged = self.unchanged, refused = refused))?;
        }
        Ok(if refused == 0 { Exit::Ok } else { Exit::Refused })
    }
}
