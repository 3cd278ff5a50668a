//! `hotline check`: every fault of every file named, and of the settings with what they name. Any fault exits 2.
use super::{Exit, Failure, Session};
use crate::config::{Fault, default_file};
use crate::import::Map;
use crate::words;
use clap::Args;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// 检查 (check).
#[derive(Debug, Args)]
pub struct Check {
    /// 按键表、主题、映射、配置表、设置、日历，按内容辨认 keymaps, themes, maps, tables, settings, calendars, told apart by what they hold
    files: Vec<PathBuf>,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Settings,
    Keymap,
    Theme,
    Map,
    Tables,
    Calendar,
}

pub(super) fn run(session: &Session, check: &Check) -> Result<Exit, Failure> {
    let mut faults = Vec::new();
    let mut layers = super::layers(&session.globals, None);
    for file in &check.files {
        match std::fs::read_to_string(file) {
            Err(error) => faults.push(Fault::unreadable(file.display().to_string(), &error)),
            Ok(text) => match kind(file, &text) {
                Kind::Settings => {
                    let mut own = crate::config::Layers::default();
                    own.file(file, true);
                    faults.extend(own.settle().err().unwrap_or_default());
                }
                kind => faults.extend(read(kind, file, &text)),
            },
        }
    }
    if let Some(lang) = &session.globals.lang {
        layers.flag("lang", "--lang", Some(lang));
    }
    match layers.settle() {
        Err(found) => faults.extend(found),
        Ok(settings) => {
            let theme = Some(PathBuf::from(&settings.theme)).filter(|theme| !shipped_theme(&settings.theme) && theme.as_os_str() != "");
            for (kind, file) in settings.keymap.iter().filter(|name| !shipped_keymap(name)).map(|file| (Kind::Keymap, file.clone())).chain(theme.map(|file| (Kind::Theme, file))) {
                match std::fs::read_to_string(&file) {
                    Err(error) => faults.push(Fault::unreadable(file.display().to_string(), &error)),
                    Ok(text) => faults.extend(read(kind, &file, &text)),
                }
            }
        }
    }
    faults.sort();
    faults.dedup();
    if !faults.is_empty() {
        return Err(Failure::Faults(faults));
    }
    if session.out.json {
        session.out.value(&serde_json::json!({ "faults": [] }))?;
    } else {
        let settings = session.globals.config.clone().or_else(default_file).filter(|file| file.exists());
        for file in settings.iter().chain(&check.files) {
            session.out.line(&format!("✓ {}", file.display()))?;
        }
        session.out.line(&words!("command-check-good"))?;
    }
    Ok(Exit::Ok)
}

/// What a file is, by what it holds; one that cannot be read as TOML at all is told the same faults by every reader.
fn kind(file: &Path, text: &str) -> Kind {
    if file.extension().is_some_and(|extension| extension == "json") {
        return Kind::Calendar;
    }
    let (document, _) = DeTable::parse_recoverable(text.trim_start_matches('\u{feff}'));
    let has = |name: &str| document.get_ref().get(name).is_some();
    if has("target") || has("format") || has("fields") {
        Kind::Map
    } else if has("roles") || has("palette") {
        Kind::Theme
    } else if ["unit", "class", "urgent", "enterprise", "reason"].into_iter().any(has) {
        Kind::Tables
    } else if keymap_like(document.get_ref()) {
        Kind::Keymap
    } else {
        // A file whose content says nothing may still stand in a folder that does.
        let place = file.to_string_lossy().to_lowercase();
        match () {
            () if place.contains("keymap") => Kind::Keymap,
            () if place.contains("theme") => Kind::Theme,
            () if place.contains("maps/") => Kind::Map,
            () => Kind::Settings,
        }
    }
}

#[cfg(feature = "console")]
fn keymap_like(table: &DeTable<'_>) -> bool {
    table.keys().any(|key| crate::console::keymap::Context::from_name(key.get_ref()).is_some())
}

#[cfg(not(feature = "console"))]
fn keymap_like(_: &DeTable<'_>) -> bool {
    false
}

#[cfg(feature = "console")]
fn shipped_keymap(name: &Path) -> bool {
    crate::console::keymap::Keymap::shipped(&name.to_string_lossy()).is_some()
}

#[cfg(not(feature = "console"))]
fn shipped_keymap(_: &Path) -> bool {
    true
}

#[cfg(feature = "console")]
fn shipped_theme(name: &str) -> bool {
    crate::console::look::Look::theme_names().any(|known| known == name)
}

#[cfg(not(feature = "console"))]
fn shipped_theme(_: &str) -> bool {
    true
}

fn read(kind: Kind, file: &Path, text: &str) -> Vec<Fault> {
    let name = file.display().to_string();
    match kind {
        Kind::Map => Map::read(&name, text).err().unwrap_or_default(),
        // Without a backend nobody knows which units stand: whether one that is named is there, putting it tells.
        Kind::Tables => super::table::read(&name, text, None).err().unwrap_or_default(),
        Kind::Calendar => {
            let found = crate::domain::calendar::import_holiday_cn(text).err().unwrap_or_default();
            found.into_iter().map(|fault| Fault::of(name.as_str(), fault.to_string())).collect()
        }
        #[cfg(feature = "console")]
        Kind::Keymap => crate::console::keymap::Keymap::read(&name, text).err().unwrap_or_default(),
        #[cfg(feature = "console")]
        Kind::Theme => {
            use crate::console::look::{Ambiguous, Depth, Look};
            Look::read(&name, text, Depth::None, Ambiguous::One).err().unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
