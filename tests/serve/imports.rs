//! `hotline import` against a server: what a dry run refuses, and in which words, is what the run refuses.
use crate::support::served::{hotline, serve_city, sqlite, token};
use tempfile::TempDir;

const MAP: &str = r#"
target = "tickets"
format = "csv"
[fields]
external_id = "no"
title = "title"
kind = { constant = "complaint" }
unit = "unit"
accepted_at = { column = "at", dates = ["%Y-%m-%d %H:%M:%S"] }
"#;
const ROWS: &str = "no,title,unit,at\n1,一,city.dc.zjj,2026-01-02 03:04:05\n2,二,city.nowhere,2026-01-02 03:04:05\n3,三,city.dc.zjj,昨天\n4,四,city.dc.zjj,2999-01-02 03:04:05\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_refuses_what_the_import_refuses_in_the_same_lines() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let token = token(&url, None, "admin01").await;
    std::fs::write(home.join("map.toml"), MAP).unwrap();
    std::fs::write(home.join("m.csv"), ROWS).unwrap();
    let import = |more: &[&str]| {
        let mut line = vec!["import", "tickets", "m.csv", "--map", "map.toml", "--server", &url, "--token", &token, "--json"];
        line.extend(more);
        let (code, out, errors) = hotline(home, &line, &[]);
        let lines: Vec<String> = errors.lines().filter(|line| line.starts_with("m.csv:")).map(str::to_owned).collect();
        (code, serde_json::from_str(&out).unwrap_or(serde_json::Value::Null), lines)
    };
    let (code, dry, judged) = import(&["--dry-run"]);
    assert_eq!((code, dry["good"].as_u64(), dry["dry_run"].as_bool()), (1, Some(1), Some(true)), "{dry}");
    assert_eq!(judged.iter().map(|line| line.split(": ").next().unwrap()).collect::<Vec<_>>(), ["m.csv:4", "m.csv:3", "m.csv:5"], "{judged:?}");
    // Strictly: one row is refused by the server alone, and nothing comes in.
    assert_eq!(import(&["--strict"]), (1, serde_json::Value::Null, judged.clone()));
    let (_, again, _) = import(&["--dry-run"]);
    assert_eq!(again["created"], 1, "still new");
    let (code, run, refused) = import(&[]);
    assert_eq!((code, run["created"].as_u64()), (1, Some(1)), "{run}");
    assert_eq!((&run["refused"], refused), (&dry["refused"], judged));
}
