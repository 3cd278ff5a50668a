//! The thread that holds the knowledge index. A newer key stops the search of an older one; the loop never waits for it.
use super::model::clean;
use super::model::knowledge::{Head, KnowledgeHit};
use super::msg::{Answer, Msg};
use crate::api::articles::ArticleHead;
use crate::domain::ids::ArticleId;
use crate::search::{Entry, Index, Session};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Instant;
use tokio::sync::mpsc as channel;

/// Hits kept of an answer.
const HITS: usize = 50;

enum Order {
    Build(Vec<ArticleHead>),
    Add(Box<ArticleHead>),
    Search(u64, String),
}

/// The other end of the thread.
pub struct Searcher {
    orders: mpsc::Sender<Order>,
    newest: Arc<AtomicU64>,
}

impl Searcher {
    /// Starts the thread; it ends with the searcher.
    pub fn start(answers: channel::Sender<Msg>) -> Searcher {
        let (orders, receiver) = mpsc::channel();
        let newest = Arc::new(AtomicU64::new(0));
        let known = Arc::clone(&newest);
        // Where no thread can be had, searching finds nothing and the rest of the console works.
        let _ = std::thread::Builder::new().name("knowledge".into()).spawn(move || serve(&receiver, &known, &answers));
        Searcher { orders, newest }
    }

    pub fn build(&self, heads: Vec<ArticleHead>) {
        let _ = self.orders.send(Order::Build(heads));
    }

    pub fn add(&self, head: Box<ArticleHead>) {
        let _ = self.orders.send(Order::Add(head));
    }

    pub fn search(&self, serial: u64, query: String) {
        self.newest.store(serial, Ordering::Relaxed);
        let _ = self.orders.send(Order::Search(serial, query));
    }
}

#[derive(Default)]
struct Library {
    index: Index,
    heads: Vec<Head>,
    places: HashMap<ArticleId, u32>,
}

impl Library {
    /// The entry to index, unless a newer revision is there already.
    fn entry(&mut self, mut head: ArticleHead) -> Option<Entry> {
        clean::head(&mut head);
        let known = self.places.get(&head.id).copied();
        if known.is_some_and(|place| self.heads[place as usize].revision > head.revision) {
            return None;
        }
        let id = known.unwrap_or(u32::try_from(self.heads.len()).unwrap_or(u32::MAX));
        let entry = Entry {
            id,
            title: head.title.clone(),
            keywords: head.keywords.join(" "),
            code: head.code.clone(),
            document_number: head.document_number.clone(),
        };
        self.places.insert(head.id, id);
        match known {
            Some(place) => self.heads[place as usize] = head.into(),
            None => self.heads.push(head.into()),
        }
        Some(entry)
    }
}

fn serve(orders: &mpsc::Receiver<Order>, newest: &AtomicU64, answers: &channel::Sender<Msg>) {
    let mut library = Library::default();
    let mut session = Session::new();
    while let Ok(order) = orders.recv() {
        let answer = match order {
            Order::Build(heads) => {
                let mut fresh = Library::default();
                let entries: Vec<Entry> = heads.into_iter().filter_map(|head| fresh.entry(head)).collect();
                fresh.index = Index::build(entries.into_iter());
                library = fresh;
                Answer::Indexed(Ok(library.heads.len()))
            }
            Order::Add(head) => {
                if let Some(entry) = library.entry(*head) {
                    library.index.add(&entry);
                }
                Answer::Indexed(Ok(library.heads.len()))
            }
            Order::Search(serial, query) => {
                let began = Instant::now();
                let stop = || newest.load(Ordering::Relaxed) != serial;
                let found = library.index.search(&query, HITS, &mut session, &stop);
                let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
                let total = found.as_ref().map_or(0, |found| found.total);
                let hits = found.map(|found| {
                    let hit = |hit: crate::search::Hit| {
                        library.heads.get(hit.id as usize).map(|head| KnowledgeHit { head: head.clone(), matched: hit.matched })
                    };
                    found.hits.into_iter().filter_map(hit).collect()
                });
                Answer::Found { serial, query, hits, total, micros }
            }
        };
        if answers.blocking_send(Msg::Answer(Box::new(answer))).is_err() {
            return;
        }
    }
}
