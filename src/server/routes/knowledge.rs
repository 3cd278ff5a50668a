//! The knowledge base over HTTP.
use super::request::{Query, Who, Write, cursor, from_cursor, identity, page_limit};
use super::tickets::require;
use crate::api::Page;
use crate::api::articles::{ArticleQuery, NewArticle, SearchQuery};
use crate::api::import::{ArticleBatch, ImportQuery, MAX_BATCH};
use crate::domain::ids::ArticleId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::articles;
use crate::server::work::{self, Answer};
use axum::extract::{Path, State};
use std::sync::Arc;
use uuid::Uuid;

pub(super) async fn heads(State(node): State<Arc<Node>>, who: Who, Query(query): Query<ArticleQuery>) -> Result<Answer, Fault> {
    who.require(Capability::KnowledgeRead)?;
    let limit = page_limit(query.limit, 500, 5000);
    let after = from_cursor(query.cursor.as_deref())?.map_or(Uuid::nil(), |(_, id)| id);
    let items = articles::heads(&mut node.store.reader().await?.tx(), node.centre, after, limit).await?;
    let next = (items.len() as i64 == limit).then(|| items.last().map(|head| cursor(0, head.id.0))).flatten();
    Answer::json(200, &Page { items, next })
}

pub(super) async fn show(State(node): State<Arc<Node>>, who: Who, Path(id): Path<String>) -> Result<Answer, Fault> {
    who.require(Capability::KnowledgeRead)?;
    let id: ArticleId = identity(&id)?;
    let article = work::show_article(&mut node.store.reader().await?.tx(), node.centre, id).await?.ok_or(Refusal::NotFound)?;
    let mut answer = Answer::json(200, &article)?;
    answer.etag = Some(article.revision);
    Ok(answer)
}

pub(super) async fn publish(State(node): State<Arc<Node>>, write: Write<NewArticle>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::KnowledgePublish)?;
    let code = node.article_codes(1).await?.pop();
    let body = write.body;
    work::command(&node, write.asker, move |work| work::publish(work, body.clone(), code.clone())).await
}

pub(super) async fn import(State(node): State<Arc<Node>>, Query(query): Query<ImportQuery>, write: Write<ArticleBatch>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::ImportRun)?;
    if write.body.len() > MAX_BATCH {
        return Err(Refusal::Unknown { field: "batch".into(), value: format!("{} > {MAX_BATCH}", write.body.len()) }.into());
    }
    let body = write.body;
    if query.dry_run {
        return work::command(&node, write.asker.without_key(), move |work| work::judge_articles(work, body.clone())).await;
    }
    let codes = node.article_codes(body.len()).await?;
    work::command(&node, write.asker, move |work| work::import_articles(work, body.clone(), codes.clone())).await
}

pub(super) async fn search(State(node): State<Arc<Node>>, who: Who, Query(query): Query<SearchQuery>) -> Result<Answer, Fault> {
    who.require(Capability::KnowledgeRead)?;
    let limit = usize::try_from(page_limit(query.limit, 10, 100)).unwrap_or(10);
    let items = crate::server::knowledge::search(&node, query.q, limit).await?;
    Answer::json(200, &Page { items, next: None })
}
