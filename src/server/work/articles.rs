//! Publishing articles.
use super::{Answer, Outcome, Work, folded};
use crate::api::articles::{ArticleRow, NewArticle};
use crate::domain::article::{self, Article, ArticleEvent, ArticleText};
use crate::domain::ids::ArticleId;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::Pin;
use crate::server::fault::Fault;
use crate::server::store::{articles, content};
use uuid::Uuid;

/// 发布.
pub fn publish<'w>(mut work: Work<'w, '_>, request: NewArticle, fresh_code: Option<String>) -> Outcome<'w> {
    Box::pin(async move {
        let (row, _) = published(&mut work, request, fresh_code.as_deref()).await?;
        let mut answer = Answer::json(201, &row)?;
        answer.etag = Some(row.revision);
        Ok(answer)
    })
}

/// What became of an article.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    Created,
    Updated,
    Unchanged,
}

pub(super) async fn published(work: &mut Work<'_, '_>, request: NewArticle, fresh_code: Option<&str>) -> Result<(ArticleRow, Became), Fault> {
    let centre = work.node.centre;
    if request.text.title.trim().is_empty() {
        return Err(Refusal::Missing { field: "title".into() }.into());
    }
    for (field, value) in [("code", &request.code), ("external_id", &request.external_id), ("owner", &request.owner), ("successor", &request.successor)] {
        super::short(field, value.as_deref())?;
        if value.as_ref().is_some_and(|value| value.trim().is_empty()) {
            return Err(Refusal::Missing { field: field.into() }.into());
        }
    }
    if let (Some(effective), Some(expiry)) = (request.effective, request.expiry)
        && expiry < effective
    {
        return Err(Refusal::Unknown { field: "expiry".into(), value: format!("{expiry} < {effective}") }.into());
    }
    lengths(&request.text)?;
    let named = match (&request.code, &request.external_id) {
        (None, None) => Vec::new(),
        (code, external) => articles::named(work.tx, centre, code.as_deref(), external.as_deref()).await?,
    };
    // Two articles under the two names given, or one that has another name of that kind already: nobody can say which is meant.
    let found = match named.as_slice() {
        [] => None,
        [(id, _)] => Some(*id),
        [.., (_, code)] => return Err(Refusal::Exists { what: code.clone() }.into()),
    };
    let known: Option<Article> = match found {
        Some(id) => folded(work.tx, centre, id, article::fold).await?,
        None => None,
    };
    if let Some(article) = &known {
        let other = |given: &Option<String>, stands: Option<&String>| given.is_some() && stands.is_some() && given.as_ref() != stands;
        if other(&request.code, Some(&article.code)) || other(&request.external_id, article.external_id.as_ref()) {
            let stands = article.external_id.iter().fold(article.code.clone(), |code, external| format!("{code} ({external})"));
            return Err(Refusal::Exists { what: stands }.into());
        }
    }
    let external_id = request.external_id.or_else(|| known.as_ref().and_then(|article| article.external_id.clone()));
    let code = match (&known, &request.code, fresh_code) {
        (Some(article), ..) => article.code.clone(),
        (None, Some(code), _) => code.clone(),
        (None, None, Some(code)) => code.to_owned(),
        (None, None, None) => return Err(Refusal::Missing { field: "code".into() }.into()),
    };
    let id = found.unwrap_or_else(Uuid::now_v7);
    let words = serde_json::to_string(&request.text)?;
    if let Some(article) = &known {
        let same = article.text.digest == work.node.keys.digest(&words)
            && (article.level, article.effective, article.expiry) == (request.level, request.effective, request.expiry)
            && article.external_id == external_id
            && article.owner == request.owner
            && article.successor == request.successor;
        if same {
            return Ok((row(article, request.text), Became::Unchanged));
        }
    }
    let event = ArticleEvent::Published {
        code,
        external_id,
        level: request.level,
        effective: request.effective,
        expiry: request.expiry,
        owner: request.owner,
        successor: request.successor,
        text: work.document("text", &words, super::LONGEST_ARTICLE).await?,
    };
    let became = if known.is_some() { Became::Updated } else { Became::Created };
    let version = known.as_ref().map_or(0, |article| article.revision);
    let envelope = work.append(&event, id, version + 1, 0, None).await?;
    let article = article::fold(known, &event, &envelope).ok_or_else(|| Fault::broken("an article folded to nothing"))?;
    articles::save(work.tx, centre, &article, &request.text).await?;
    Ok((row(&article, request.text), became))
}

/// Most articles one answer is pinned to.
const MOST_PINS: usize = 50;

/// 答复依据 names editions that there are.
///
/// # Errors
/// A refusal that names the first which is not there, or the store's.
pub(super) async fn exist(work: &mut Work<'_, '_>, pins: &[Pin]) -> Result<(), Fault> {
    if pins.len() > MOST_PINS {
        return Err(Refusal::Unknown { field: "pins".into(), value: format!("{} > {MOST_PINS}", pins.len()) }.into());
    }
    for pin in pins {
        if !articles::has_revision(work.tx, work.node.centre, pin.article.0, pin.revision).await? {
            return Err(Refusal::Unknown { field: "pins".into(), value: format!("{}@{}", pin.article, pin.revision) }.into());
        }
    }
    Ok(())
}

/// Each field keeps to the length of a text; the document they make may be longer.
fn lengths(text: &ArticleText) -> Result<(), Refusal> {
    let steps = text.steps.iter().flat_map(|step| [&step.what, &step.who, &step.materials, &step.fee, &step.time]).map(|words| ("steps", words));
    let single = [("title", &text.title), ("document_number", &text.document_number), ("issuer", &text.issuer), ("plain_answer", &text.plain_answer), ("clause", &text.clause)];
    let keywords = text.keywords.iter().map(|words| ("keywords", words));
    match single.into_iter().chain(keywords).chain(steps).find(|(_, words)| words.len() > super::LONGEST) {
        Some((field, words)) => Err(Refusal::Unknown { field: field.into(), value: format!("{} bytes", words.len()) }),
        None => Ok(()),
    }
}

fn row(article: &Article, text: ArticleText) -> ArticleRow {
    ArticleRow {
        id: article.id,
        revision: article.revision,
        code: article.code.clone(),
        external_id: article.external_id.clone(),
        level: article.level,
        effective: article.effective,
        expiry: article.expiry,
        owner: article.owner.clone(),
        successor: article.successor.clone(),
        published_at: article.published_at,
        text,
    }
}

/// An article whole.
///
/// # Errors
/// The store's.
pub async fn show(tx: &mut crate::server::store::Tx<'_>, centre: i64, id: ArticleId) -> Result<Option<ArticleRow>, Fault> {
    let Some(article) = folded::<_, Article>(tx, centre, id.0, article::fold).await? else { return Ok(None) };
    let words = content::get(tx, centre, article.text.id).await?;
    let text = serde_json::from_str(&words).unwrap_or_else(|_| ArticleText { title: words, ..ArticleText::default() });
    Ok(Some(row(&article, text)))
}
