//! Choosing a theme and reading files again, while the console runs. What is looked at in the list is the look of the whole
//! screen at once; leaving the list by any way but its own key brings the old one back.
use super::app::App;
use super::effect::Effect;
use super::files::{Reread, ThemeFound};
use super::keymap::Fault;
use super::look::Look;
use super::model::choices::{Choices, Item};
use super::model::prompt::{Prompt, Purpose};
use crate::text::scrub::scrub;
use crate::words;

/// The themes one chooses from, and the look it was before.
#[derive(Debug)]
pub struct Choosing {
    found: Vec<ThemeFound>,
    before: Look,
}

impl App {
    /// The key.
    pub(super) fn choose_theme(&mut self) {
        self.effects.push(Effect::FindThemes { theme: self.theme.clone() });
    }

    /// They were found.
    pub(super) fn themes_came(&mut self, found: Vec<ThemeFound>) {
        // Whoever has gone on to something else meanwhile is not called back from it.
        if self.model.prompt.is_some() || self.model.login.is_some() {
            return;
        }
        let item = |theme: &ThemeFound| {
            let hint = match &theme.look {
                Err(faults) => words!("theme-faulty", count = faults.len()),
                Ok(_) if theme.shipped => words!("theme-shipped"),
                Ok(_) => String::new(),
            };
            (Item { code: theme.name.clone(), label: scrub(&theme.name).into_owned(), hint }, String::new())
        };
        let mut prompt = Prompt::new(Purpose::Theme, Choices::new(found.iter().map(item).collect()));
        prompt.selected = found.iter().position(|theme| theme.name == self.theme).unwrap_or(0);
        self.model.prompt = Some(prompt);
        self.themes = Some(Choosing { found, before: self.look.clone() });
    }

    /// After each message: the screen looks as what is marked in the list does, or, once the list is gone, as it did before.
    pub(super) fn settle_theme(&mut self) {
        let Some(choosing) = &self.themes else { return };
        let prompt = self.model.prompt.as_mut().filter(|prompt| prompt.purpose == Purpose::Theme);
        let Some(prompt) = prompt else {
            self.look = choosing.before.clone();
            self.themes = None;
            self.dirty = true;
            return;
        };
        let chosen = prompt.chosen().and_then(|item| choosing.found.iter().find(|theme| theme.name == item.code));
        match chosen.map(|theme| &theme.look) {
            Some(Ok(look)) if *look != self.look => {
                self.look = look.clone();
                self.dirty = true;
            }
            Some(Err(faults)) => prompt.fault = faults.first().map(|fault| scrub(&fault.to_string()).into_owned()),
            _ => {}
        }
    }

    /// The marked one stays.
    pub(super) fn keep_theme(&mut self) {
        let Some(choosing) = &self.themes else { return };
        let chosen = self.model.prompt.as_ref().and_then(Prompt::chosen).and_then(|item| choosing.found.iter().find(|theme| theme.name == item.code));
        match chosen.cloned() {
            Some(ThemeFound { name, look: Ok(look), .. }) => {
                self.look = look;
                self.theme = name;
                (self.model.prompt, self.themes) = (None, None);
                let name = scrub(&self.theme).into_owned();
                let line = format!("theme = \"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
                match &self.settings_file {
                    Some(file) => self.say(words!("theme-kept", name = name, file = scrub(&file.display().to_string()).into_owned(), line = line)),
                    None => self.say(words!("theme-kept-nowhere", name = name, line = line)),
                }
            }
            // Its faults stand under it.
            Some(_) => {}
            None => {
                if let Some(prompt) = &mut self.model.prompt {
                    prompt.fault = Some(words!("refusal-choose"));
                }
            }
        }
    }

    /// The files were read again: what is good is used from now on, of what is not every fault is told.
    pub(super) fn reread(&mut self, read: Reread) {
        let mut faults = Vec::new();
        match read.keymap {
            Ok(keymap) => {
                self.keymap = keymap;
                self.chords.clear();
                self.follow.clear();
                self.count = None;
            }
            Err(found) => faults.extend(found),
        }
        match read.look {
            Ok(look) => match &mut self.themes {
                Some(choosing) => choosing.before = look,
                None => self.look = look,
            },
            Err(found) => faults.extend(found),
        }
        if faults.is_empty() {
            self.model.faults = None;
            self.say(words!("reload-done"));
        } else {
            self.show_faults(&faults);
        }
    }

    /// Every fault at once, each with its file and line.
    pub(super) fn show_faults(&mut self, faults: &[Fault]) {
        if !faults.is_empty() {
            self.model.faults = Some((faults.iter().map(|fault| scrub(&fault.to_string()).into_owned()).collect(), 0));
            self.dirty = true;
        }
    }
}
