//! 链首日报: a server with `audit_export` keeps the head of its chain once a city day, whole and for its owner alone; what it
//! keeps is what `audit verify --head` reads; a folder that is away is said, and work goes on. And how long an audit is kept.
use crate::support::backend::{Backend, Kind, bare_city, settings};
use crate::support::served::{Launch, hotline, serve_city, sqlite, token};
use crate::support::until;
use hotline::api::audit::ChainHead;
use std::path::Path;
use tempfile::TempDir;

/// The files of a folder, by name; none whose name begins with a dot.
fn kept(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap()).filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

fn head(folder: &Path, name: &str) -> ChainHead {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

async fn page(url: &str, path: &str) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(format!("{url}{path}")).await.unwrap().text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_keeps_its_head_at_the_start_and_what_it_keeps_is_what_verify_reads() {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let home = folder.path();
    let place = elsewhere.path().display().to_string();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &["--audit-export", &place]);
    let url = served.url();
    let names = until("today's head is kept", 60, || async { Some(kept(elsewhere.path())).filter(|names| !names.is_empty()) }).await;
    assert!(names.len() == 1 && names[0].starts_with("head-20") && names[0].ends_with(".json"), "{names:?}");
    let file = elsewhere.path().join(&names[0]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let token = token(&url, None, "admin01").await;
    let name = file.display().to_string();
    let (code, out, errors) = hotline(home, &["--server", &url, "--token", &token, "audit", "verify", "--head", &name], &[]);
    assert_eq!(code, 0, "{out}{errors}");
    // A head of another log is not this one's.
    let other = ChainHead { hash: "0".repeat(64), ..head(elsewhere.path(), &names[0]) };
    std::fs::write(home.join("other.json"), serde_json::to_string(&other).unwrap()).unwrap();
    let (code, _, _) = hotline(home, &["--server", &url, "--token", &token, "audit", "verify", "--head", "other.json"], &[]);
    assert_eq!(code, 1);
    assert!(page(&url, "/healthz").await.contains(r#""audit_export":"ok""#));
    assert!(page(&url, "/metrics").await.contains("hotline_audit_export_failed 0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_away_is_said_and_made_by_nobody() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &["--audit-export", "not-mounted"]);
    let url = served.url();
    until("the fault is told", 60, || async { page(&url, "/healthz").await.contains(r#""audit_export":"failed""#).then_some(()) }).await;
    assert!(page(&url, "/metrics").await.contains("hotline_audit_export_failed 1"));
    until("the log says it", 60, || async { served.log().contains("could not be kept").then_some(()) }).await;
    assert!(!home.join("not-mounted").exists(), "an unmounted share is not written beside");
}

async fn once_a_day_by_one_of_two_nodes(kind: Kind) {
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let Some(mut settings) = settings(kind, &folder, bare_city()).await else { return };
    settings.audit_export = Some(elsewhere.path().to_owned());
    let one = Backend::over(settings, folder).await;
    // One SQLite file has one server.
    let two = if kind == Kind::Postgres { Some(one.beside().await) } else { None };
    let days = async |wanted: usize| until("the days' heads are kept", 90, || async { Some(kept(elsewhere.path())).filter(|names| names.len() == wanted) }).await;
    let first = days(1).await;
    let before = head(elsewhere.path(), &first[0]);
    // Another day has begun, and something has happened before it.
    for backend in [Some(&one), two.as_ref()].into_iter().flatten() {
        backend.admin.advance_clock(24 * 3600).await.unwrap();
    }
    one.with_roles("t.one", &["operator"], None).await;
    let second = days(2).await;
    assert_eq!(head(elsewhere.path(), &first[0]), before, "a day that is kept is not written again");
    assert!(head(elsewhere.path(), &second[1]).position >= before.position);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 2, "nothing is left beside them");
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_day_on_sqlite() {
    once_a_day_by_one_of_two_nodes(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_day_by_one_of_two_nodes_on_postgres() {
    once_a_day_by_one_of_two_nodes(Kind::Postgres).await;
}

#[test]
fn an_audit_is_kept_for_two_hundred_days_at_least() {
    let folder = TempDir::new().unwrap();
    for (days, good) in [("199", false), ("0", false), ("'a year'", false), ("200", true), ("3650", true)] {
        std::fs::write(folder.path().join("hotline.toml"), format!("audit_days = {days}\n")).unwrap();
        let (code, _, errors) = hotline(folder.path(), &["check", "--config", "hotline.toml"], &[]);
        assert_eq!(code == 0, good, "{days}: {errors}");
        assert!(good || (errors.contains("hotline.toml:1: ") && errors.contains("200")), "{days}: {errors}");
    }
    let refused = Launch { arguments: &["serve"], environment: &[("HOTLINE_AUDIT_DAYS", "30")], ..Launch::default() }.below(folder.path());
    assert_eq!(refused.ended(), 2, "{}", refused.log());
}
