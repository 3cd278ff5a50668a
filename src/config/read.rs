//! The layers: defaults < file < environment < flags. Each value is judged where it was written, so that a fault names
//! its file and line even where another layer covers it.
use super::located::{Fault, Faults, Placed, Section, did_you_mean};
use super::value::{self, KEYS, Server, Tls};
use super::{DEFAULT_LISTEN, Settings};
use crate::words;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::de::DeValue;

/// Settings while they are gathered.
#[derive(Debug, Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, Origin)>,
    profiles: BTreeMap<String, Server>,
    /// Every profile's name, of those with faults too: one fault is told once.
    named: Vec<String>,
    faults: Vec<Fault>,
}

/// Where a value was written.
#[derive(Debug, Clone)]
struct Origin {
    place: String,
    line: Option<u64>,
}

impl Layers {
    /// Reads a settings file. `must_exist`: a file that was asked for by name; the default one may be absent.
    pub fn file(&mut self, path: &Path, must_exist: bool) {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => self.text(&name, path.parent().unwrap_or(Path::new("")), text.strip_prefix('\u{feff}').unwrap_or(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => {}
            Err(error) => self.faults.push(Fault::unreadable(name, &error)),
        }
    }

    /// Reads the text of a settings file; paths in it are relative to `base`.
    pub fn text(&mut self, file: &str, base: &Path, text: &str) {
        let mut faults = Faults::new(file, text);
        let document = faults.document(text);
        if !faults.is_empty() {
            // What is half read would be judged for what it does not say.
            self.faults.extend(faults.take());
            return;
        }
        let mut root = Section::new("", document.get_ref(), 0..0);
        if let Some(mut profiles) = root.table("profiles", &mut faults) {
            for (name, mut profile) in profiles.free_tables(&mut faults) {
                self.named.push(name.clone());
                let place = profile.place();
                let server = profile.string("server", &mut faults);
                let authority = profile.string("authority", &mut faults).map(|(path, _)| base.join(path));
                profile.finish(&mut faults);
                match server.map(|(text, place)| (value::address(&text), place)) {
                    Some((Ok(address), _)) => drop(self.profiles.insert(name, Server { address, authority })),
                    Some((Err(why), place)) => faults.note(&place, format!("profiles.{name}.server: {why}")),
                    None => faults.note(&place, words!("cli-missing-key", key = format!("profiles.{name}.server"))),
                }
            }
        }
        for key in KEYS {
            let Some((text, place)) = written(&mut root, key.name, &mut faults) else { continue };
            let text = if key.path { base.join(text).display().to_string() } else { text };
            let origin = Origin { place: file.to_owned(), line: Some(faults.line_of(place.start)) };
            self.values.insert(key.name, (text, origin.clone()));
            self.judge(key.name, &origin);
        }
        root.finish(&mut faults);
        self.faults.extend(faults.take());
    }

    /// Takes the environment, through `variable` so that a test can give its own.
    pub fn environment(&mut self, variable: impl Fn(&str) -> Option<String>) {
        for key in KEYS {
            if let Some(value) = variable(key.variable).filter(|value| !value.is_empty()) {
                self.set(key.name, value, key.variable);
            }
        }
    }

    /// Takes a flag, if it was given.
    pub fn flag(&mut self, name: &'static str, flag: &str, value: Option<&str>) {
        debug_assert!(KEYS.iter().any(|key| key.name == name), "{name}");
        if let Some(value) = value {
            self.set(name, value.to_owned(), flag);
        }
    }

    /// Takes the server of a profile, which must stand in the file.
    pub fn profile(&mut self, name: &str, place: &str) {
        if self.profiles.contains_key(name) {
            self.set("server", name.to_owned(), place);
        } else if !self.named.iter().any(|known| known == name) {
            let hint = did_you_mean(name, self.named.iter().map(String::as_str));
            self.faults.push(Fault::of(place, words!("cli-no-such-profile", name = name, hint = hint)));
        }
    }

    fn set(&mut self, name: &'static str, value: String, place: &str) {
        let origin = Origin { place: place.to_owned(), line: None };
        self.values.insert(name, (value, origin.clone()));
        self.judge(name, &origin);
    }

    fn judge(&mut self, name: &'static str, origin: &Origin) {
        let Some((text, _)) = self.values.get(name) else { return };
        let judged = match name {
            "listen" => value::listen(text).map(drop),
            "database" => value::database(text).map(drop),
            "lang" => value::language(text).map(drop),
            "audit_days" => value::audit_days(text).map(drop),
            "ambiguous" => value::ambiguous(text).map(drop),
            "mouse" => value::switch(text).map(drop),
            "server" => self.server(text).map(drop),
            _ => value::filled(text).map(drop),
        };
        if let Err(why) = judged {
            self.faults.push(Fault { place: origin.place.clone(), line: origin.line, text: format!("{name}: {why}") });
        }
    }

    /// An address, or the name of a profile.
    fn server(&self, text: &str) -> Result<Server, String> {
        if let Some(profile) = self.profiles.get(text) {
            return Ok(profile.clone());
        }
        value::address(text)
            .map(|address| Server { address, authority: None })
            .map_err(|why| format!("{why}{}", did_you_mean(text, self.profiles.keys().map(String::as_str))))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(text, _)| text.as_str())
    }

    fn parsed<T>(&self, name: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.get(name).and_then(|text| read(text).ok())
    }

    /// The settings, or every fault of every layer.
    ///
    /// # Errors
    /// All faults at once.
    pub fn settle(mut self) -> Result<Settings, Vec<Fault>> {
        let path = |name| self.get(name).map(PathBuf::from);
        let tls = match (path("tls_cert"), path("tls_key")) {
            (Some(certificate), Some(key)) => Some(Tls { certificate, key }),
            (None, None) => None,
            (certificate, _) => {
                let (there, missing) = if certificate.is_some() { ("tls_cert", "tls_key") } else { ("tls_key", "tls_cert") };
                if let Some((_, origin)) = self.values.get(there) {
                    let text = words!("cli-tls-halves", there = there, missing = missing);
                    self.faults.push(Fault { place: origin.place.clone(), line: origin.line, text });
                }
                None
            }
        };
        let authority = self.get("authority").map(PathBuf::from);
        let server = self.parsed("server", |text| self.server(text));
        let settings = Settings {
            listen: self.parsed("listen", value::listen).or_else(|| DEFAULT_LISTEN.parse().ok()).unwrap_or(([127, 0, 0, 1], 8345).into()),
            database: self.parsed("database", value::database),
            tls,
            key_file: self.get("key_file").map(PathBuf::from),
            audit_export: self.get("audit_export").map(PathBuf::from),
            centre: self.parsed("centre", value::filled).unwrap_or_else(|| words!("cli-default-centre")),
            language: self.parsed("lang", value::language),
            theme: self.parsed("theme", value::filled).unwrap_or_else(|| "dark".to_owned()),
            keymap: self.get("keymap").map(PathBuf::from),
            ambiguous_cells: self.parsed("ambiguous", value::ambiguous).unwrap_or(1),
            mouse: self.parsed("mouse", value::switch).unwrap_or(true),
            lock_minutes: self.parsed("lock_minutes", value::minutes).unwrap_or(5),
            server: server.map(|server| Server { authority: authority.or(server.authority), ..server }),
        };
        self.faults.sort();
        self.faults.dedup();
        if self.faults.is_empty() { Ok(settings) } else { Err(self.faults) }
    }
}

/// Settings that may be written as a number.
const NUMBERS: [&str; 3] = ["ambiguous", "audit_days", "lock_minutes"];

/// A value as text: a text, or for some a number, for `mouse` a `true` or `false`.
fn written(root: &mut Section<'_, '_>, name: &'static str, faults: &mut Faults<'_>) -> Option<Placed> {
    if NUMBERS.contains(&name)
        && let Some(value) = root.value(name)
        && let DeValue::Integer(number) = value.get_ref()
    {
        return Some((number.as_str().to_owned(), value.span()));
    }
    if name == "mouse"
        && let Some(value) = root.value(name)
        && let DeValue::Boolean(on) = value.get_ref()
    {
        return Some((on.to_string(), value.span()));
    }
    root.string(name, faults)
}
