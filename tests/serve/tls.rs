//! TLS as a centre runs it: a certificate and a key in PEM files, a private authority on the client's side. The pair in
//! `tests/files/tls` is for `localhost`, was made for these tests and protects nothing.
use crate::support::served::{Launch, Served, hotline, serve_city, sqlite, token};
use hotline::client::{Client, Live, Target, live};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

fn file(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files/tls").join(name).display().to_string()
}

fn served(home: &Path) -> (Served, String) {
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &["--tls-cert", &file("server.pem"), "--tls-key", &file("server.key")]);
    let url = served.url();
    let port = url.strip_prefix("https://127.0.0.1:").unwrap_or_else(|| panic!("{url}"));
    let url = format!("https://localhost:{port}");
    (served, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_the_stream_go_over_tls_with_a_private_authority() {
    let folder = TempDir::new().unwrap();
    let (_served, url) = served(folder.path());
    let authority = std::fs::read(file("server.pem")).unwrap();
    let token = token(&url, Some(&authority), "op01").await;
    let client = Client::new(&Target { server: url.clone(), token: Some(token.clone()), authority: Some(authority) }).unwrap();
    assert_eq!(client.me().await.unwrap().login, "op01");
    let mut stream = live(client, 0);
    let beat = tokio::time::timeout(Duration::from_secs(20), async {
        while !matches!(stream.recv().await.expect("the stream goes on"), Live::Heartbeat(_)) {}
    });
    beat.await.expect("a heartbeat over TLS");
    // The command line, by the environment and by a settings file.
    let list = ["ticket", "list", "--json", "--server", &url, "--token", &token];
    let (code, out, errors) = hotline(folder.path(), &list, &[("HOTLINE_AUTHORITY", &file("server.pem"))]);
    assert_eq!((code, out.trim()), (0, r#"{"items":[],"next":null}"#), "{errors}");
    let settings = folder.path().join("client.toml");
    std::fs::write(&settings, format!("[profiles.centre]\nserver = '{url}'\nauthority = '{}'\n", file("server.pem"))).unwrap();
    let by_name = ["ticket", "list", "--json", "--server", "centre", "--token", &token, "--config", settings.to_str().unwrap()];
    let (code, _, errors) = hotline(folder.path(), &by_name, &[]);
    assert_eq!(code, 0, "{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_trusted_or_not_tls_is_told_and_the_server_goes_on() {
    let folder = TempDir::new().unwrap();
    let (_served, url) = served(folder.path());
    // Nobody vouches for this certificate; and it is not for that name.
    let (code, _, errors) = hotline(folder.path(), &["ticket", "list", "--server", &url, "--token", "x"], &[]);
    assert!(code == 3 && errors.contains("certificate"), "{code}: {errors}");
    let by_number = url.replace("localhost", "127.0.0.2");
    let (code, _, errors) = hotline(folder.path(), &["ticket", "list", "--server", &by_number, "--token", "x"], &[("HOTLINE_AUTHORITY", &file("server.pem"))]);
    assert_eq!(code, 3, "{errors}");
    let plain = url.replace("https:", "http:");
    let (code, _, errors) = hotline(folder.path(), &["ticket", "list", "--server", &plain, "--token", "x"], &[]);
    assert!(code == 3 && errors.contains("hotline:"), "plain HTTP at a TLS port: {code}: {errors}");
    // An authority that is none.
    for (authority, wanted) in [(file("server.key"), 2), (file("nowhere.pem"), 2)] {
        let (code, _, errors) = hotline(folder.path(), &["ticket", "list", "--server", &url, "--token", "x"], &[("HOTLINE_AUTHORITY", &authority)]);
        assert_eq!(code, wanted, "{authority}: {errors}");
    }
    let authority = std::fs::read(file("server.pem")).unwrap();
    token(&url, Some(&authority), "op01").await;
}

#[test]
fn a_pair_that_cannot_be_used_is_told_before_anything_is_touched() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let broken = home.join("broken.pem").display().to_string();
    let whole = std::fs::read_to_string(file("server.pem")).unwrap();
    std::fs::write(&broken, whole.replace("MII", "M!!")).unwrap();
    let nowhere = home.join("nowhere.pem").display().to_string();
    let directory = home.display().to_string();
    let (pem, key, other) = (file("server.pem"), file("server.key"), file("other.key"));
    for (certificate, private, at, chinese, english) in [
        (&nowhere, &key, &nowhere, "读不了", "cannot be read"),
        (&pem, &nowhere, &nowhere, "读不了", "cannot be read"),
        (&pem, &directory, &directory, "读不了", "cannot be read"),
        (&key, &key, &key, "没有 PEM 证书", "no PEM certificate"),
        (&pem, &pem, &pem, "没有 PEM 私钥", "no PEM private key"),
        (&pem, &other, &other, "不能一起使用", "cannot be used together"),
        (&broken, &key, &broken, "不能一起使用", "cannot be used together"),
    ] {
        let database = sqlite(home);
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &database, "--tls-cert", certificate, "--tls-key", private];
        let served = Launch { arguments: &arguments, ..Launch::default() }.below(home);
        let code = served.ended();
        let log = served.log();
        let told = log.lines().last().unwrap_or_default();
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(at.as_str()) && told.contains(chinese) && told.contains(english), "{told}");
        assert!(!home.join("hotline.db").exists() && !home.join("vault.key").exists(), "nothing was touched");
    }
}
