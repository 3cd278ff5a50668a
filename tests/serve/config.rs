//! `hotline serve --config FILE`: what a good file gives, and all the faults of a bad one at once.
use crate::support::served::{Launch, hotline, token};
use hotline::client::{Client, Target};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn a_settings_file_says_where_everything_is() {
    let folder = TempDir::new().unwrap();
    let below = folder.path().join("etc");
    std::fs::create_dir(&below).unwrap();
    let tls = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/tls");
    for name in ["server.pem", "server.key"] {
        std::fs::copy(tls.join(name), below.join(name)).unwrap();
    }
    let database = folder.path().join("city.db");
    let text = format!(
        "listen = '127.0.0.1:0'\ndatabase = 'sqlite:{}'\nkey_file = 'secret.key'\ntls_cert = 'server.pem'\ntls_key = 'server.key'\ncentre = '甲市 12345'\nlang = 'en'\n",
        database.display()
    );
    std::fs::write(below.join("hotline.toml"), text).unwrap();
    let arguments = ["serve", "--config", "etc/hotline.toml", "--sample-seed", "1", "--sample-tickets", "0", "--sample-articles", "0"];
    let served = Launch { arguments: &arguments, ..Launch::default() }.below(folder.path());
    let url = served.url().replace("127.0.0.1", "localhost");
    assert!(url.starts_with("https://"), "{url}");
    let authority = std::fs::read(tls.join("server.pem")).unwrap();
    let token = token(&url, Some(&authority), "op01").await;
    let client = Client::new(&Target { server: url, token: Some(token), authority: Some(authority) }).unwrap();
    assert_eq!(client.me().await.unwrap().centre, "甲市 12345");
    assert!(database.exists());
    assert_eq!(std::fs::metadata(below.join("secret.key")).unwrap().len(), 32, "paths are relative to the file that names them");
    assert!(served.log().contains("first start: administrator admin"), "in the file's language: {}", served.log());
}

#[test]
fn all_faults_of_a_settings_file_come_at_once_with_their_lines() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("hotline.toml");
    std::fs::write(&path, "listen = 'nowhere'\n# 注释\ndatabase = 'mysql://u:geheim@h/d'\ncentre = ''\ntls_cert = 'c.pem'\nlisten_on = 'x'\nambiguous = 3\n").unwrap();
    let name = path.display().to_string();
    for (language, mark) in [("zh-CN", "不是监听地址"), ("en", "is no address to listen on")] {
        let (code, out, errors) = hotline(folder.path(), &["serve", "--config", &name, "--lang", language], &[("HOTLINE_THEME", "")]);
        assert_eq!((code, out.as_str()), (2, ""), "{errors}");
        for line in [1, 3, 4, 5, 6, 7] {
            assert!(errors.contains(&format!("{name}:{line}: ")), "line {line}: {errors}");
        }
        assert!(errors.contains(mark) && !errors.contains("geheim"), "{errors}");
    }
    let (code, _, errors) = hotline(folder.path(), &["serve", "--config", &name, "--json"], &[]);
    let told: serde_json::Value = serde_json::from_str(&errors).unwrap();
    assert_eq!((code, told["error"]["faults"].as_array().unwrap().len()), (2, 6), "{errors}");
    let (code, _, errors) = hotline(folder.path(), &["serve", "--config", "nowhere.toml"], &[]);
    assert!(code == 2 && errors.contains("nowhere.toml"), "{errors}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was made");
}
