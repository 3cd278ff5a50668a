//! One act on several tickets by one line: tried first, then done, each ticket by itself; one that is refused is named and
//! holds no other up.
use crate::support::served::{hotline, serve_city, sqlite, token};
use serde_json::Value;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn several_tickets_are_tried_then_urged_and_the_one_that_cannot_be_is_named() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let token = token(&url, None, "admin01").await;
    let run = |arguments: &[&str]| {
        let mut line = arguments.to_vec();
        line.extend(["--server", &url, "--token", &token]);
        hotline(home, &line, &[])
    };
    let json = |arguments: &[&str]| {
        let (code, out, errors) = run(&[arguments, &["--json"]].concat());
        (code, serde_json::from_str::<Value>(&out).unwrap_or_else(|error| panic!("{error}: {out}{errors}")))
    };
    let file = |more: &[&str]| {
        let (code, row) = json(&[&["ticket", "create", "--title", "示例路积水", "--kind", "complaint"], more].concat());
        assert_eq!(code, 0, "{row}");
        row["number"].as_str().unwrap().to_owned()
    };
    let (first, second, waiting) = (file(&["--dispatch", "city.dc.zjj"]), file(&["--dispatch", "city.dc.zjj"]), file(&[]));
    let urges = |number: &str| json(&["ticket", "show", number]).1["row"]["urges"].as_i64().unwrap();
    let all = ["ticket", "act", &first, &waiting, &second, "urge"];
    // Tried: what it would come to, and nothing of it done.
    let (code, tried) = json(&[&all[..], &["--dry-run"]].concat());
    assert_eq!((code, tried["dry_run"].as_bool()), (1, Some(true)), "{tried}");
    let of = |told: &Value, field: &str| told["items"].as_array().unwrap().iter().map(|item| item[field].clone()).collect::<Vec<_>>();
    assert_eq!(of(&tried, "would"), [true, false, true]);
    assert_eq!(tried["items"][1]["refused"]["code"], "illegal_step", "{tried}");
    assert_eq!((urges(&first), urges(&second)), (0, 0));
    // Done: the same ones, the same one refused.
    let (code, done) = json(&[&all[..], &["--text", "请今日内联系", "--key", "round-1"]].concat());
    assert_eq!((code, of(&done, "done")), (1, vec![true.into(), false.into(), true.into()]), "{done}");
    assert_eq!(done["items"][1]["number"].as_str().or(done["items"][1]["ticket"].as_str()), Some(waiting.as_str()), "{done}");
    assert_eq!((urges(&first), urges(&second), urges(&waiting)), (1, 1, 0));
    // The same line under the same key is the same act on each.
    let (code, _) = json(&[&all[..], &["--text", "请今日内联系", "--key", "round-1"]].concat());
    assert_eq!((code, urges(&first), urges(&second)), (1, 1, 1));
    // For people: which one, and why; and one that there is not is named as well.
    let (code, out, errors) = run(&["--lang", "zh-CN", "ticket", "act", &first, &waiting, "20261122-9999", "urge", "--dry-run"]);
    assert_eq!(code, 1, "{out}{errors}");
    assert!(out.lines().any(|line| line.starts_with('·') && line.contains(&first)) && out.lines().any(|line| line.starts_with('✗') && line.contains(&waiting) && line.contains("不能催办")), "{out}");
    assert!(out.contains("20261122-9999") && errors.contains("试运行") && errors.contains("3 件中 2 件不能办"), "{out}{errors}");
    assert_eq!(run(&["ticket", "urge", &first, &second, "--dry-run"]).0, 0);
    assert_eq!(run(&["ticket", "urge", &first, &waiting]).0, 1);
    assert_eq!((urges(&first), urges(&second)), (2, 1));
}
