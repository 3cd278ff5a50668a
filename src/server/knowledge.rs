//! The server's search index: built from the article heads when it is asked for and something was published since.
use super::fault::Fault;
use super::node::Node;
use super::store::articles;
use crate::api::articles::{ArticleHead, Hit};
use crate::search::{Entry, Index, Session};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Longest query that is looked for, characters.
const LONGEST_QUERY: usize = 10_000;

/// 知识索引 (knowledge index).
#[derive(Default)]
pub struct Knowledge {
    /// Rises with every publication.
    published: AtomicU64,
    built: tokio::sync::Mutex<Option<Arc<Built>>>,
}

struct Built {
    of: u64,
    heads: Vec<ArticleHead>,
    index: Index,
}

impl Knowledge {
    /// Something was published.
    pub fn outdated(&self) {
        self.published.fetch_add(1, Ordering::Relaxed);
    }
}

/// The entry an article head is found by.
pub fn entry(id: u32, head: &ArticleHead) -> Entry {
    Entry { id, title: head.title.clone(), keywords: head.keywords.join(" "), code: head.code.clone(), document_number: head.document_number.clone() }
}

async fn built(node: &Node) -> Result<Arc<Built>, Fault> {
    let mut held = node.knowledge.built.lock().await;
    let of = node.knowledge.published.load(Ordering::Relaxed);
    if let Some(built) = held.as_ref().filter(|built| built.of == of) {
        return Ok(Arc::clone(built));
    }
    let mut heads = Vec::new();
    let mut reader = node.store.reader().await?;
    loop {
        let after = heads.last().map_or(Uuid::nil(), |head: &ArticleHead| head.id.0);
        let page = articles::heads(&mut reader.tx(), node.centre, after, 5000).await?;
        if page.is_empty() {
            break;
        }
        heads.extend(page);
    }
    drop(reader);
    let fresh = tokio::task::spawn_blocking(move || {
        let index = Index::build(heads.iter().enumerate().map(|(id, head)| entry(u32::try_from(id).unwrap_or(u32::MAX), head)));
        Arc::new(Built { of, heads, index })
    })
    .await
    .map_err(|error| Fault::broken(error.to_string()))?;
    *held = Some(Arc::clone(&fresh));
    Ok(fresh)
}

/// The best hits.
///
/// # Errors
/// The store's.
pub async fn search(node: &Node, query: String, limit: usize) -> Result<Vec<Hit>, Fault> {
    if query.chars().count() > LONGEST_QUERY {
        return Ok(Vec::new());
    }
    let built = built(node).await?;
    tokio::task::spawn_blocking(move || {
        let results = built.index.search(&query, limit, &mut Session::new(), &|| false).unwrap_or_default();
        results
            .hits
            .into_iter()
            .filter_map(|hit| {
                let head = built.heads.get(hit.id as usize)?;
                Some(Hit {
                    id: head.id,
                    code: head.code.clone(),
                    external_id: head.external_id.clone(),
                    title: head.title.clone(),
                    score: i64::from(hit.score),
                    reason: format!("{:?}", hit.tier).to_lowercase(),
                    matched: hit.matched.into_iter().filter_map(|at| u32::try_from(at).ok()).collect(),
                })
            })
            .collect()
    })
    .await
    .map_err(|error| Fault::broken(error.to_string()))
}
