//! An article is one article under its code and under the id its source gave it.
use super::{no, on_both};
use crate::support::backend::{Backend, Kind};
use hotline::api::articles::NewArticle;
use hotline::api::import::Numbered;
use hotline::client::new_key;
use hotline::domain::article::{ArticleText, PolicyLevel};

fn article(code: Option<&str>, external: Option<&str>, title: &str) -> NewArticle {
    NewArticle {
        code: code.map(str::to_owned),
        external_id: external.map(str::to_owned),
        level: PolicyLevel::City,
        effective: None,
        expiry: None,
        owner: None,
        successor: None,
        text: ArticleText { title: title.into(), ..ArticleText::default() },
    }
}

async fn an_article_is_known_by_either_name(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let import = |rows: Vec<NewArticle>| async move {
        let batch = rows.into_iter().enumerate().map(|(line, row)| Numbered { line: line as u64 + 1, row }).collect();
        admin.import_articles(&batch, &new_key()).await.unwrap()
    };
    assert_eq!(import(vec![article(None, Some("src-1"), "一")]).await.created, 1);
    let heads = admin.article_heads(&Default::default()).await.unwrap().items;
    let known = heads.iter().find(|head| head.external_id.as_deref() == Some("src-1")).unwrap().clone();
    // Corrected under its code: the source's id stays, and the source's file comes to the same article again.
    let corrected = admin.publish(&article(Some(&known.code), None, "一，改"), &new_key()).await.unwrap();
    assert_eq!((corrected.id, corrected.revision, corrected.external_id.as_deref()), (known.id, 2, Some("src-1")));
    let again = import(vec![article(None, Some("src-1"), "一，再改"), article(None, Some("src-1"), "一，再改")]).await;
    assert_eq!((again.created, again.updated, again.unchanged, again.refused.len()), (0, 1, 1, 0));
    // A code that stands with another id: that row is refused, in words, and the rest of its batch is not.
    let batch = import(vec![article(Some("K9001"), Some("src-2"), "二"), article(Some(&known.code), Some("src-3"), "三"), article(Some("K9001"), Some("src-1"), "四"), article(None, Some(""), "五")]).await;
    assert_eq!((batch.created, batch.refused.len()), (1, 3), "{batch:?}");
    assert!(batch.refused[0].line == 2 && batch.refused[0].why.contains(&known.code), "{batch:?}");
    assert_eq!(no(admin.publish(&article(Some(&known.code), Some("src-9"), "三"), &new_key()).await), (409, "exists".into()));
    // An article that had no id takes the first it is given.
    let own = admin.publish(&article(Some("K9100"), None, "自编"), &new_key()).await.unwrap();
    let adopted = admin.publish(&article(Some("K9100"), Some("src-4"), "自编"), &new_key()).await.unwrap();
    assert_eq!((adopted.id, adopted.external_id.as_deref()), (own.id, Some("src-4")));
}

on_both! {
    an_article_is_known_by_either_name => an_article_is_known_by_either_name_on_sqlite, an_article_is_known_by_either_name_on_postgres;
}
