//! The knowledge base: asking it, and publishing to it.
use super::{Exit, Failure, Session};
use crate::api::articles::{Hit, NewArticle, SearchQuery};
use crate::client::Client;
use crate::config::Fault;
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
