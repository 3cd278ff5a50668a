//! 知识 (knowledge): the query, its hits, the open article. The index itself lives with the searcher's thread.
use super::field::TextField;
use crate::api::articles::{ArticleHead, ArticleRow};
use crate::domain::Timestamp;
use crate::domain::article::PolicyLevel;
use crate::domain::ids::ArticleId;
use chrono::NaiveDate;

/// What of a head the hits show.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Identity.
    pub id: ArticleId,
    /// 版次.
    pub revision: i64,
    /// 短码.
    pub code: String,
    /// 标题, clean.
    pub title: String,
    /// 层级.
    pub level: PolicyLevel,
    /// 失效.
    pub expiry: Option<NaiveDate>,
    /// When this revision was published.
    pub published_at: Timestamp,
}

impl From<ArticleHead> for Head {
    fn from(head: ArticleHead) -> Head {
        let ArticleHead { id, revision, code, level, title, expiry, published_at, .. } = head;
        Head { id, revision, code, title, level, expiry, published_at }
    }
}

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub struct KnowledgeHit {
    /// The article.
    pub head: Head,
    /// Characters of the title that matched.
    pub matched: Vec<usize>,
}

/// The pane's state.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// What is typed.
    pub query: TextField,
    /// One has just come here: what is typed next is a new query.
    pub fresh: bool,
    /// The newest search; an older one's answer is not taken.
    pub serial: u64,
    /// What was found.
    pub hits: Vec<KnowledgeHit>,
    /// How many in all.
    pub total: usize,
    /// How long it took, microseconds.
    pub micros: u64,
    /// The query these hits answer.
    pub answered: String,
    /// The selected hit.
    pub selected: usize,
    /// The first hit shown.
    pub top: usize,
    /// The open article.
    pub article: Option<Box<ArticleRow>>,
    /// The one under way.
    pub opening: Option<ArticleId>,
    /// Lines of the article scrolled away.
    pub scroll: usize,
    /// Articles in the index; none while it is being built.
    pub indexed: Option<usize>,
    /// Article codes and titles by id, for what is pinned.
    pub pinned: Vec<Head>,
}

impl Knowledge {
    /// The selected hit.
    pub fn current(&self) -> Option<&KnowledgeHit> {
        self.hits.get(self.selected)
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.hits.len().saturating_sub(1));
    }
}
