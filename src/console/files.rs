//! The files a person may write for the console, keymap and themes, as they lie on the disk: read at the start, and again
//! when it is asked for. A faulty one never stops the console: what stood before stays, and every fault is told.
//! Not here: what stands in them (`keymap`, `look`).
use super::Settings;
use super::keymap::{Fault, Keymap};
use super::look::{Ambiguous, Depth, Look};
use std::path::{Path, PathBuf};

/// Which they are.
#[derive(Debug, Clone)]
pub struct Files {
    /// A shipped keymap's name, or a file.
    keymap: Option<PathBuf>,
    /// A shipped theme's name, or a file.
    pub theme: String,
    /// The settings: other themes lie beside them.
    settings: Option<PathBuf>,
    depth: Depth,
    ambiguous: Ambiguous,
}

/// A theme one may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFound {
    /// Its name, or its path.
    pub name: String,
    /// It comes with the program.
    pub shipped: bool,
    /// How it looks here, or what is wrong with it.
    pub look: Result<Look, Vec<Fault>>,
}

/// What was read again.
#[derive(Debug)]
pub struct Reread {
    /// The keys.
    pub keymap: Result<Keymap, Vec<Fault>>,
    /// The theme that was asked for.
    pub look: Result<Look, Vec<Fault>>,
}

fn text_of(path: &Path) -> Result<String, Vec<Fault>> {
    let text = std::fs::read_to_string(path).map_err(|error| vec![Fault::unreadable(path.display().to_string(), &error)])?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Does a file say of itself that it is a theme?
fn is_theme(text: &str) -> bool {
    let (document, _) = toml::de::DeTable::parse_recoverable(text);
    ["roles", "palette"].iter().any(|name| document.get_ref().get(*name).is_some())
}

impl Files {
    /// Those of these settings, for a terminal with so many colours.
    pub fn of(settings: &Settings, depth: Depth) -> Files {
        let theme = settings.theme.clone().unwrap_or_else(|| "dark".to_owned());
        Files { keymap: settings.keymap.clone(), theme, settings: settings.file.clone(), depth, ambiguous: settings.ambiguous }
    }

    /// What the console begins with, and every fault of what it could not use.
    pub fn first(&self) -> (Keymap, Look, Vec<Fault>) {
        let mut faults = Vec::new();
        let keymap = self.keymap().unwrap_or_else(|found| {
            faults.extend(found);
            Keymap::built_in().clone()
        });
        let look = self.look(&self.theme).unwrap_or_else(|found| {
            faults.extend(found);
            Look::read_or_shipped("", "=", self.depth, self.ambiguous).0
        });
        (keymap, look, faults)
    }

    /// Both again.
    pub fn again(&self, theme: &str) -> Reread {
        Reread { keymap: self.keymap(), look: self.look(theme) }
    }

    fn keymap(&self) -> Result<Keymap, Vec<Fault>> {
        let Some(path) = &self.keymap else { return Ok(Keymap::built_in().clone()) };
        let shown = path.display().to_string();
        match Keymap::shipped(&shown) {
            Some(keymap) => Ok(keymap),
            None => Keymap::read(&shown, &text_of(path)?),
        }
    }

    fn look(&self, name: &str) -> Result<Look, Vec<Fault>> {
        if let Some(look) = Look::shipped(name, self.depth, self.ambiguous) {
            return Ok(look);
        }
        match Look::read_or_shipped(name, &text_of(Path::new(name))?, self.depth, self.ambiguous) {
            (look, faults) if faults.is_empty() => Ok(look),
            (_, faults) => Err(faults),
        }
    }

    /// The shipped ones, and those beside the settings, by name; the one in use among them.
    pub fn themes(&self, used: &str) -> Vec<ThemeFound> {
        let mut found: Vec<ThemeFound> = Look::theme_names().map(|name| ThemeFound { name: name.to_owned(), shipped: true, look: self.look(name) }).collect();
        let folder = self.settings.as_deref().and_then(Path::parent).and_then(|folder| std::fs::read_dir(folder).ok());
        let mut files: Vec<PathBuf> = folder.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        // The one in use may lie anywhere.
        if !Look::theme_names().any(|name| name == used) && !files.iter().any(|file| file == Path::new(used)) {
            files.push(PathBuf::from(used));
        }
        files.sort();
        for file in files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "toml")) {
            let name = file.display().to_string();
            match text_of(&file) {
                Ok(text) if !is_theme(&text) && name != used => {}
                Ok(_) => found.push(ThemeFound { look: self.look(&name), name, shipped: false }),
                Err(faults) if name == used => found.push(ThemeFound { look: Err(faults), name, shipped: false }),
                Err(_) => {}
            }
        }
        found
    }
}
