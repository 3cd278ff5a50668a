//! Keeping drafts: a thread of its own, so that no key waits for a disk. Jobs are done in order; the last one is waited
//! for at the end. Not here: what a draft is (`model/draft.rs`), and where it lies (`folder.rs`).
mod folder;

pub use folder::Found;

use super::model::draft::KeptDraft;
use super::moment;
use super::msg::{Answer, Msg};
use folder::Folder;
use std::path::PathBuf;
use std::sync::mpsc as blocking;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// How long leaving the console may wait for the disk.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is to be done.
#[derive(Debug)]
pub enum Job {
    /// Find what this owner left behind.
    Find(String),
    /// Keep these, forget those.
    Keep {
        /// 工号 of whoever wrote them.
        owner: String,
        /// New or changed ones.
        keep: Vec<KeptDraft>,
        /// Ones that are sent or emptied.
        forget: Vec<Uuid>,
    },
}

/// The keeper.
pub struct Keeper {
    jobs: blocking::Sender<Job>,
    ended: blocking::Receiver<()>,
}

impl Keeper {
    /// Starts over this folder; without one nothing is kept, and that is no error.
    pub fn start(root: Option<PathBuf>, answers: mpsc::Sender<Msg>) -> Keeper {
        let (jobs, queue) = blocking::channel();
        let (end, ended) = blocking::channel();
        std::thread::spawn(move || {
            // Dropped when the thread ends, whichever way.
            let _end = end;
            work(root, &queue, &answers);
        });
        Keeper { jobs, ended }
    }

    /// Gives it something to do; it answers with one message.
    pub fn job(&self, job: Job) {
        // It ends only with this value.
        let _ = self.jobs.send(job);
    }

    /// Waits until everything given is done.
    pub fn finish(self) {
        drop(self.jobs);
        let _ = self.ended.recv_timeout(PATIENCE);
    }
}

fn work(root: Option<PathBuf>, queue: &blocking::Receiver<Job>, answers: &mpsc::Sender<Msg>) {
    let mut folder = None;
    while let Ok(job) = queue.recv() {
        // Opened when first needed, and tried again while it cannot be.
        if let (None, Some(root)) = (&folder, &root) {
            match Folder::open(root) {
                Ok(open) => folder = Some(open),
                Err(error) => {
                    let why = format!("{}: {error}", root.display());
                    tell(answers, if matches!(job, Job::Find(_)) { Answer::Drafts(Err(why)) } else { Answer::Kept(Err(why)) });
                    continue;
                }
            }
        }
        let answer = match (job, &mut folder) {
            (Job::Find(_), None) => Answer::Drafts(Ok(Found::default())),
            (Job::Keep { .. }, None) => Answer::Kept(Ok(())),
            (Job::Find(owner), Some(folder)) => Answer::Drafts(folder.found(&owner).map_err(|error| error.to_string())),
            (Job::Keep { owner, keep, forget }, Some(folder)) => {
                let now = moment::now();
                let kept = keep.into_iter().try_for_each(|mut draft| {
                    // Under way for the first time: should this console die now, this is when it was given.
                    if let Some(outgoing) = &mut draft.outgoing {
                        outgoing.given.get_or_insert_with(|| now.clone());
                    }
                    folder.keep(&owner, &draft, now.wall)
                });
                Answer::Kept(kept.and_then(|()| forget.iter().try_for_each(|id| folder.forget(*id))).map_err(|error| error.to_string()))
            }
        };
        tell(answers, answer);
    }
}

fn tell(answers: &mpsc::Sender<Msg>, answer: Answer) {
    // At the end nobody listens any more; the work is done all the same.
    let _ = answers.try_send(Msg::Answer(Box::new(answer)));
}
