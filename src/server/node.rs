//! 节点 (node): what one server process holds besides the store. All of it can be lost: it is caches, leases and who listens.
use super::auth::Sessions;
use super::clock::StoreClock;
use super::drain::Drain;
use super::export::Export;
use super::fault::Fault;
use super::feed::Feed;
use super::keys::Keys;
use super::knowledge::Knowledge;
use super::store::{Store, StoreError, Tx, numbers, tables, users};
use super::views::Views;
use super::work::{self, Answer, Asker};
use crate::api::session::SeatState;
use crate::api::tickets::Counts;
use crate::domain::{Timestamp, city_offset};
use crate::domain::event::CentreId;
use crate::domain::tables::Tables;
use arc_swap::ArcSwap;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How old the counts beside a list may be.
const COUNTS_AGE: Duration = Duration::from_millis(500);

/// The centre a node serves; every statement binds it all the same.
pub const CENTRE: CentreId = 1;

/// So few numbers left, and the next block is asked for.
const LOW: usize = numbers::BLOCK as usize / 2;

/// Numbers of a series that this node may give.
#[derive(Default)]
struct Numbers {
    free: VecDeque<i64>,
    /// Whether the next block is on its way.
    asked: bool,
}

/// The node.
pub struct Node {
    /// The store.
    pub store: Store,
    /// The store's clock.
    pub clock: StoreClock,
    /// The centre's secrets.
    pub keys: Keys,
    /// Which centre this node serves.
    pub centre: CentreId,
    /// Its name.
    pub centre_name: String,
    /// Whether the clock may be advanced by request.
    pub test_clock: bool,
    /// Who is logged in.
    pub sessions: Sessions,
    /// Live frames.
    pub feed: Feed,
    /// The search index.
    pub knowledge: Knowledge,
    /// Seats, ephemeral.
    pub seats: Mutex<HashMap<Uuid, SeatState>>,
    /// Who has read what, on its way to the log.
    pub views: Views,
    /// Requests in hand, and whether a stop was asked for.
    pub drain: Drain,
    /// Clients attached to the live stream.
    pub listeners: AtomicI64,
    /// Requests that somebody waited for.
    pub requests: AtomicU64,
    /// When the sweep last finished, milliseconds of this node's life.
    pub swept: AtomicU64,
    /// When this node started.
    pub started: Instant,
    /// 链首日报, where a folder is set.
    pub export: Option<Export>,
    tables: ArcSwap<Tables>,
    numbers: tokio::sync::Mutex<HashMap<String, Numbers>>,
    counts: Mutex<HashMap<Option<String>, (Instant, Counts)>>,
}

impl Node {
    /// A node over an open store.
    pub fn new(store: Store, clock: StoreClock, keys: Keys, centre_name: String, test_clock: bool) -> Node {
        Node {
            store,
            clock,
            keys,
            centre: CENTRE,
            centre_name,
            test_clock,
            sessions: Sessions::default(),
            feed: Feed::new(),
            knowledge: Knowledge::default(),
            views: Views::default(),
            seats: Mutex::default(),
            drain: Drain::new(),
            listeners: AtomicI64::new(0),
            requests: AtomicU64::new(0),
            swept: AtomicU64::new(0),
            started: Instant::now(),
            export: None,
            tables: ArcSwap::from_pointee(Tables { version: -1, ..Tables::default() }),
            numbers: tokio::sync::Mutex::default(),
            counts: Mutex::default(),
        }
    }

    /// The same, keeping the head of the audit chain in a folder daily.
    #[must_use]
    pub fn exporting(self, folder: Option<std::path::PathBuf>) -> Node {
        Node { export: folder.map(Export::into), ..self }
    }

    /// The tables as this transaction sees them; the copy is made again where its version is old.
    ///
    /// # Errors
    /// The store's.
    pub async fn tables_in(&self, tx: &mut Tx<'_>) -> Result<Arc<Tables>, StoreError> {
        let version = tables::version(tx, self.centre).await?;
        let held = self.tables.load_full();
        if held.version == version {
            return Ok(held);
        }
        let fresh = Arc::new(tables::load(tx, self.centre).await?);
        self.tables.store(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// The tables as they stand.
    ///
    /// # Errors
    /// The store's.
    pub async fn tables(&self) -> Result<Arc<Tables>, StoreError> {
        self.tables_in(&mut self.store.reader().await?.tx()).await
    }

    /// `count` numbers of today's ticket series, `20261122-0188`, from this node's leased block.
    ///
    /// # Errors
    /// The store's.
    pub async fn ticket_numbers(self: &Arc<Self>, count: usize) -> Result<Vec<String>, Fault> {
        self.ticket_numbers_of(self.clock.now(), count).await
    }

    /// The same of the day `at` falls into, city time.
    ///
    /// # Errors
    /// The store's.
    pub async fn ticket_numbers_of(self: &Arc<Self>, at: Timestamp, count: usize) -> Result<Vec<String>, Fault> {
        let day = at.with_timezone(&city_offset()).format("%Y%m%d").to_string();
        let numbers = self.lease(&day, count).await?;
        Ok(numbers.into_iter().map(|number| format!("{day}-{number:04}")).collect())
    }

    /// `count` free article codes, `K0412`.
    ///
    /// # Errors
    /// The store's.
    pub async fn article_codes(self: &Arc<Self>, count: usize) -> Result<Vec<String>, Fault> {
        let numbers = self.lease("article", count).await?;
        Ok(numbers.into_iter().map(|number| format!("K{:04}", number + 1000)).collect())
    }

    async fn lease(self: &Arc<Self>, series: &str, count: usize) -> Result<Vec<i64>, Fault> {
        let mut numbers = self.numbers.lock().await;
        let held = numbers.entry(series.to_owned()).or_default();
        while held.free.len() < count {
            let first = self.leased(series).await?;
            held.free.extend(first..first + numbers::BLOCK);
        }
        let given = held.free.drain(..count).collect();
        // The next block comes before this one is used up, so that nobody waits for the commit of a lease.
        if held.free.len() < LOW && !held.asked {
            held.asked = true;
            let (node, series) = (Arc::clone(self), series.to_owned());
            tokio::spawn(async move {
                let first = node.leased(&series).await;
                let mut numbers = node.numbers.lock().await;
                let held = numbers.entry(series).or_default();
                held.asked = false;
                // A lease that failed is asked for again by whoever needs it, and fails there in words.
                if let Ok(first) = first {
                    held.free.extend(first..first + numbers::BLOCK);
                }
            });
        }
        Ok(given)
    }

    async fn leased(&self, series: &str) -> Result<i64, Fault> {
        let (centre, name) = (self.centre, series.to_owned());
        let answer = self
            .store
            .write(Arc::new(move |tx| {
                let name = name.clone();
                Box::pin(async move { Answer::json(200, &numbers::lease(tx, centre, &name).await?) })
            }))
            .await?;
        Ok(serde_json::from_str(&answer.body)?)
    }

    /// Counts within a unit or everywhere, at most half a second old: they are the same for everybody in that scope.
    ///
    /// # Errors
    /// The store's.
    pub async fn counts(&self, within: Option<&str>) -> Result<Counts, StoreError> {
        let key = within.map(str::to_owned);
        if let Ok(kept) = self.counts.lock()
            && let Some((at, counts)) = kept.get(&key)
            && at.elapsed() < COUNTS_AGE
        {
            return Ok(*counts);
        }
        let counts = super::store::tickets::counts(&mut self.store.reader().await?.tx(), self.centre, within, self.clock.now()).await?;
        if let Ok(mut kept) = self.counts.lock() {
            kept.insert(key, (Instant::now(), counts));
        }
        Ok(counts)
    }

    /// The login behind a user's identity, for a refusal that names the winner.
    ///
    /// # Errors
    /// The store's.
    pub async fn login_of(&self, tx: &mut Tx<'_>, user: &str) -> Result<String, StoreError> {
        let Ok(id) = user.parse() else { return Ok(user.to_owned()) };
        Ok(users::by_id(tx, self.centre, id).await?.map_or_else(|| user.to_owned(), |user| user.login))
    }

    /// Runs a command of the product itself.
    ///
    /// # Errors
    /// As `work::command`.
    pub async fn by_itself<F>(self: &Arc<Self>, run: F) -> Result<Answer, Fault>
    where
        F: for<'w, 'a> Fn(work::Work<'w, 'a>) -> work::Outcome<'w> + Send + Sync + 'static,
    {
        work::command(self, Asker::system(), run).await
    }
}
