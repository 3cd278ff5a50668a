//! The knowledge base: asking it, and publishing to it.
use super::{Exit, Failure, Session};
use crate::api::articles::{ArticleHead, ArticleQuery, Hit, NewArticle, SearchQuery};
use crate::client::Client;
use crate::config::Fault;
use crate::domain::ids::ArticleId;
use crate::words;
use clap::Subcommand;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// 知识库 (knowledge base).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 检索：首字母、全拼、汉字、混写 Search: initials, pinyin, hanzi, mixed
    Search {
        /// 要找的 what to look for
        #[arg(required_unless_present = "stdin", conflicts_with = "stdin")]
        query: Vec<String>,
        /// 从标准输入每行读一个 one query a line from standard input
        #[arg(long)]
        stdin: bool,
        /// 最多几条 at most this many
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
    },
    /// 全部条目 Every article
    List,
    /// 一条知识 Show one article
    Show {
        /// 条目编号或代码 the article's id, or its code
        article: String,
    },
    /// 发布一条（JSON） Publish one article from a JSON file
    Publish {
        /// 文件 file
        file: PathBuf,
    },
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Search { query, stdin: false, limit } => {
            let client = session.connect().await?;
            let page = client.search(&SearchQuery { q: query.join(" "), limit: Some(limit) }).await?;
            super::ticket::listed(session, &page.items, page.items.iter().map(row).collect(), page.next)
        }
        Verb::Search { limit, .. } => from_stdin(session, &session.connect().await?, limit).await,
        Verb::List => {
            let heads = heads(&session.connect().await?).await?;
            let rows = heads.iter().map(|head| vec![head.code.clone(), head.id.to_string(), head.title.clone()]).collect();
            super::ticket::listed(session, &heads, rows, None)
        }
        Verb::Show { article } => show(session, &article).await,
        Verb::Publish { file } => {
            let article = read(&file)?;
            let row = session.connect().await?.publish(&article, &session.key()).await?;
            if session.out.json {
                session.out.value(&row)?;
            } else {
                session.out.line(&words!("cli-published", code = row.code.as_str(), title = row.text.title.as_str(), edition = row.revision))?;
            }
            Ok(Exit::Ok)
        }
    }
}

/// Every head, page by page.
async fn heads(client: &Client) -> Result<Vec<ArticleHead>, Failure> {
    const PAGE: u32 = 5000;
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = client.article_heads(&ArticleQuery { cursor, limit: Some(PAGE) }).await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

async fn show(session: &Session, name: &str) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let id: ArticleId = match name.trim().parse() {
        Ok(id) => id,
        Err(_) => {
            let heads = heads(&client).await?;
            let found = heads.into_iter().find(|head| head.code.eq_ignore_ascii_case(name.trim()));
            found.ok_or_else(|| Failure::Refused(words!("refusal-not-found", what = name)))?.id
        }
    };
    let row = client.article(id).await?;
    if session.out.json {
        session.out.value(&row)?;
        return Ok(Exit::Ok);
    }
    session.out.line(&format!("{}  {}", row.code, row.text.title))?;
    for text in [&row.text.document_number, &row.text.plain_answer, &row.text.clause] {
        if !text.trim().is_empty() {
            session.out.block(&format!("\n{}", text.trim()))?;
        }
    }
    for (number, step) in row.text.steps.iter().enumerate() {
        let facts: Vec<&str> = [&step.what, &step.who, &step.materials, &step.fee, &step.time].into_iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
        session.out.line(&format!("{}  {}", number + 1, facts.join(" · ")))?;
    }
    Ok(Exit::Ok)
}

async fn from_stdin(session: &Session, client: &Client, limit: u32) -> Result<Exit, Failure> {
    for line in std::io::stdin().lock().lines() {
        let query = line.map_err(|error| Failure::Broken(error.to_string()))?;
        if query.trim().is_empty() {
            continue;
        }
        let page = client.search(&SearchQuery { q: query.clone(), limit: Some(limit) }).await?;
        if session.out.json {
            session.out.value(&serde_json::json!({ "query": query, "items": page.items, "next": page.next }))?;
        } else {
            session.out.line(&format!("# {query}"))?;
            session.out.columns(&page.items.iter().map(row).collect::<Vec<_>>())?;
        }
    }
    Ok(Exit::Ok)
}

fn read(file: &Path) -> Result<NewArticle, Failure> {
    let place = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::Faults(vec![Fault::of(place.as_str(), error.to_string())]))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| Failure::Faults(vec![Fault::at(place, error.line() as u64, error.to_string())]))
}

fn row(hit: &Hit) -> Vec<String> {
    vec![hit.code.clone(), hit.title.clone()]
}
