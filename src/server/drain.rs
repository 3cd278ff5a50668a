//! 停机排空 (drain): what is in hand ends, nothing new begins, streams say goodbye. Not here: when to stop (`start`), and
//! the words of a refusal (`routes`).
use tokio::sync::watch;

/// Who is still being answered, and whether a stop was asked for.
pub struct Drain {
    stopping: watch::Sender<bool>,
    in_hand: watch::Sender<usize>,
}

/// A request in hand; it ends with this value, also where its client went away in the middle.
pub struct InHand<'a>(&'a Drain);

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.0.in_hand.send_modify(|count| *count -= 1);
    }
}

impl Drain {
    /// Nothing in hand, nobody asked to stop.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Drain {
        Drain { stopping: watch::channel(false).0, in_hand: watch::channel(0).0 }
    }

    /// Takes a request in hand. Ask [`Drain::is_stopping`] after this, never before: then no request slips in between.
    pub fn take(&self) -> InHand<'_> {
        self.in_hand.send_modify(|count| *count += 1);
        InHand(self)
    }

    /// Whether a stop was asked for.
    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// From now on nothing new begins.
    pub fn begin(&self) {
        self.stopping.send_replace(true);
    }

    /// Returns once a stop was asked for.
    pub async fn begun(&self) {
        // invariant: the sender lives as long as `self`; an error cannot come.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Returns once nothing is in hand.
    pub async fn empty(&self) {
        let _ = self.in_hand.subscribe().wait_for(|count| *count == 0).await;
    }
}
