//! Settings files: what is read, and every fault of one at once with its file and line.
use super::*;
use std::path::Path;

fn read(text: &str) -> Layers {
    let mut layers = Layers::default();
    layers.text("hotline.toml", Path::new("/etc/hotline"), text);
    layers
}

fn places(layers: Layers) -> Vec<String> {
    layers.settle().unwrap_err().iter().map(|fault| format!("{}:{:?}", fault.place, fault.line)).collect()
}

#[test]
fn nothing_said_gives_the_defaults() {
    let settings = Layers::default().settle().unwrap();
    assert_eq!(settings.listen.to_string(), DEFAULT_LISTEN);
    assert_eq!((settings.database, settings.tls, settings.server), (None, None, None));
    assert_eq!((settings.theme.as_str(), settings.ambiguous_cells), ("dark", 1));
}

#[test]
fn flags_lie_over_the_environment_over_the_file() {
    let mut layers = read("listen = '127.0.0.1:1'\ntheme = 'light'\ncentre = '甲市'\n");
    layers.environment(|name| match name {
        "HOTLINE_LISTEN" => Some("127.0.0.1:2".into()),
        "HOTLINE_THEME" => Some("mono".into()),
        _ => None,
    });
    layers.flag("listen", "--listen", Some("127.0.0.1:3"));
    layers.flag("theme", "--theme", None);
    let settings = layers.settle().unwrap();
    assert_eq!((settings.listen.port(), settings.theme.as_str(), settings.centre.as_str()), (3, "mono", "甲市"));
}

#[test]
fn every_fault_comes_at_once_with_its_line() {
    let layers = read("listen = 'nowhere'\nlitsen = 'x'\nambiguous = 3\ntheme = 7\ndatabase = 'mysql://u:secret@h/d'\n[profiles.east]\nserver = 'ftp://x'\n");
    let faults = layers.settle().unwrap_err();
    let lines: Vec<_> = faults.iter().map(|fault| fault.line.unwrap()).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5, 7], "{faults:?}");
    assert!(faults[1].text.contains("listen"), "the near name is offered: {}", faults[1].text);
    assert!(!faults.iter().any(|fault| fault.text.contains("secret")), "a password is never repeated");
}

#[test]
fn a_fault_in_the_file_is_told_though_a_flag_covers_it() {
    let mut layers = read("\nlisten = 'nowhere'\n");
    layers.flag("listen", "--listen", Some("127.0.0.1:3"));
    layers.environment(|name| (name == "HOTLINE_DATABASE").then(|| "x".into()));
    assert_eq!(places(layers), ["HOTLINE_DATABASE:None", "hotline.toml:Some(2)"]);
}

#[test]
fn tls_needs_both_halves_from_whichever_layers() {
    assert_eq!(places(read("tls_cert = 'a.pem'\n")), ["hotline.toml:Some(1)"]);
    let mut layers = read("tls_cert = 'a.pem'\n");
    layers.flag("tls_key", "--tls-key", Some("b.pem"));
    let tls = layers.settle().unwrap().tls.unwrap();
    assert_eq!((tls.certificate, tls.key), ("/etc/hotline/a.pem".into(), "b.pem".into()), "a file's paths are relative to it");
}

#[test]
fn a_server_is_an_address_or_a_profile() {
    let profiles = "[profiles.east]\nserver = 'https://east.example.invalid/'\nauthority = 'ca.pem'\n";
    let server = read(&format!("server = 'east'\n{profiles}")).settle().unwrap().server.unwrap();
    assert_eq!(server, Server { address: "https://east.example.invalid".into(), authority: Some("/etc/hotline/ca.pem".into()) });
    let faults = read(&format!("server = 'esat'\n{profiles}")).settle().unwrap_err();
    assert!(faults[0].text.contains("east"), "{faults:?}");
}

#[test]
fn databases_are_told_apart_and_their_secrets_kept() {
    let sqlite = value::database("sqlite:/var/lib/hotline.db").unwrap();
    assert_eq!(sqlite, Database::Sqlite("/var/lib/hotline.db".into()));
    let postgres = value::database("postgres://u:secret@h/d").unwrap();
    assert!(!format!("{postgres:?}").contains("secret"));
    for bad in ["", "sqlite:", "postgres:", "postgres://", "/var/lib/x.db"] {
        assert!(value::database(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let places = places(read("theme = 'dark'\nlisten = = 3\n"));
    assert!(!places.is_empty() && places.iter().all(|place| place == "hotline.toml:Some(2)"), "{places:?}");
}

#[test]
fn a_named_file_must_be_there_and_the_default_one_need_not() {
    let absent = Path::new("/nonexistent/hotline.toml");
    let mut layers = Layers::default();
    layers.file(absent, false);
    assert!(layers.settle().is_ok());
    let mut layers = Layers::default();
    layers.file(absent, true);
    assert!(layers.settle().is_err());
}

/// P20: a settings file is a person's: it is never moved, only told of, and never a reason to fall over.
#[test]
fn five_thousand_damaged_settings_files_are_read_or_told_by_name() {
    let whole = "listen = '127.0.0.1:1'\ntheme = 'light'\ncentre = '甲市 12345'\nambiguous = 2\n[profiles.centre]\nserver = 'http://127.0.0.1:9'\n";
    assert!(read(whole).settle().is_ok());
    let mut told = 0;
    for wrong in crate::private::damage::of(whole.as_bytes(), 5_000, 7) {
        let Ok(text) = std::str::from_utf8(&wrong) else { continue };
        if let Err(faults) = read(text).settle() {
            assert!(!faults.is_empty() && faults.iter().all(|fault| fault.place == "hotline.toml"), "{faults:?}");
            told += 1;
        }
    }
    assert!(told > 500, "{told}");
}
