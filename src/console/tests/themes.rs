//! Themes chosen by looking at them, and files read again while the console runs.
use super::fixtures::*;
use crate::console::Settings;
use crate::console::effect::Effect;
use crate::console::files::Files;
use crate::console::keymap::{Action, Context};
use crate::console::look::{Depth, Look, Role};
use crate::console::msg::Answer;
use crate::words::Language;
use std::path::PathBuf;

/// A folder with settings, a good theme, a bad one and a keymap.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("hotline.toml", "centre = \"示例\"\n");
        folder.write("dusk.toml", "inherits = \"dark\"\n[roles]\ntext = { fg = \"#ffddaa\" }\n");
        folder.write("torn.toml", "inherits = \"dark\"\n[roles]\ntext = { fg = \"#ffd\" }\ntxet = {}\n");
        folder.write("keys.toml", "inherits = \"default\"\nglobal = [ { on = \"f9\", run = \"app.help\" } ]\n");
        folder
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn settings(&self) -> Settings {
        Settings { file: Some(self.path("hotline.toml")), keymap: Some(self.path("keys.toml")), ..Settings::default() }
    }
}

/// What the worker would answer; the files are real.
fn answered(desk: &mut Desk, files: &Files) {
    let asked: Vec<Effect> = desk.asked.drain(..).collect();
    for effect in asked {
        match effect {
            Effect::FindThemes { theme } => desk.answer(Answer::Themes(files.themes(&theme))),
            Effect::ReadAgain { theme } => desk.answer(Answer::Reread(Box::new(files.again(&theme)))),
            _ => {}
        }
    }
}

fn desk(folder: &Folder) -> (Desk, Files) {
    let files = Files::of(&folder.settings(), Depth::Full);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let (keymap, look, faults) = files.first();
    (desk.app.keymap, desk.app.look) = (keymap, look);
    desk.app.settings_file = Some(folder.path("hotline.toml"));
    assert!(faults.is_empty(), "{faults:?}");
    desk.keys("alt-k");
    (desk, files)
}

fn chosen(desk: &Desk) -> String {
    desk.app.model.prompt.as_ref().unwrap().chosen().unwrap().code.clone()
}

/// Moves in the list until this theme is marked.
fn go_to(desk: &mut Desk, name: &str) {
    for _ in 0..20 {
        if chosen(desk).ends_with(name) {
            return;
        }
        desk.keys("down");
    }
    panic!("{name} is not in the list:\n{}", desk.text());
}

#[test]
fn moving_in_the_list_of_themes_is_seen_on_the_whole_screen_and_esc_brings_back_what_was() {
    let _words = speak(Language::Chinese);
    let folder = Folder::new();
    let (mut desk, files) = desk(&folder);
    let before = desk.app.look.clone();
    desk.keys(", t");
    answered(&mut desk, &files);
    assert_eq!(chosen(&desk), "dark", "the one in use is marked");
    for name in Look::theme_names() {
        assert!(desk.app.model.prompt.as_ref().unwrap().choices.of(name).is_some(), "{name}");
    }
    assert!(desk.shows("dusk.toml") && !desk.shows("keys.toml") && !desk.shows("hotline.toml"), "{}", desk.text());
    go_to(&mut desk, "dusk.toml");
    assert_eq!(desk.app.look.style(Role::Text).fg, files.themes("dark").into_iter().find(|theme| theme.name.ends_with("dusk.toml")).unwrap().look.unwrap().style(Role::Text).fg);
    assert_ne!(desk.app.look, before);
    desk.keys("esc");
    assert_eq!(desk.app.look, before);
    assert_eq!(desk.app.theme, "dark");
    // By whichever way it is left.
    desk.keys(", t");
    answered(&mut desk, &files);
    go_to(&mut desk, "light");
    desk.keys("ctrl-p esc");
    assert_eq!(desk.app.look, before);
}

#[test]
fn enter_keeps_the_theme_and_says_how_to_keep_it_for_good() {
    let _words = speak(Language::Chinese);
    let folder = Folder::new();
    let (mut desk, files) = desk(&folder);
    let before = desk.app.look.clone();
    desk.keys(", t");
    answered(&mut desk, &files);
    go_to(&mut desk, "dusk.toml");
    desk.keys("enter");
    assert_ne!(desk.app.look, before);
    let said = desk.app.model.toast.as_ref().unwrap().text.clone();
    assert!(said.contains(&format!("theme = \"{}\"", folder.path("dusk.toml").display())) && said.contains(&folder.path("hotline.toml").display().to_string()), "{said}");
    desk.keys("j");
    assert_ne!(desk.app.look, before, "it stays");
}

#[test]
fn a_faulty_theme_is_listed_with_its_fault_and_cannot_be_kept() {
    let _words = speak(Language::Chinese);
    let folder = Folder::new();
    let (mut desk, files) = desk(&folder);
    desk.keys(", t");
    answered(&mut desk, &files);
    let before = desk.app.look.clone();
    go_to(&mut desk, "torn.toml");
    assert!(desk.shows("2 处错误") && desk.shows("torn.toml:3: [roles] text"), "{}", desk.text());
    desk.keys("enter");
    assert!(desk.app.model.prompt.is_some() && desk.app.theme == "dark");
    desk.keys("esc");
    assert_eq!(desk.app.look, before);
}

#[test]
fn files_are_read_again_and_of_faulty_ones_every_fault_is_told_while_what_stood_stays() {
    let _words = speak(Language::Chinese);
    let folder = Folder::new();
    let (mut desk, files) = desk(&folder);
    let live = |desk: &Desk, keys: &str| desk.app.keymap.rows(Context::Global).iter().any(|row| row.keys() == keys && row.action == Action::AppHelp);
    assert!(live(&desk, "f9"));
    folder.write("keys.toml", "inherits = \"default\"\nglobal = [ { on = \"f8\", run = \"app.help\" } ]\n");
    desk.app.theme = folder.path("dusk.toml").display().to_string();
    desk.keys(", r");
    answered(&mut desk, &files);
    assert!(live(&desk, "f8") && !live(&desk, "f9") && desk.shows("已重新读取"));
    let look = desk.app.look.clone();
    assert_eq!(look, files.again(&desk.app.theme).look.unwrap(), "the theme in use, not the one it began with");
    folder.write("keys.toml", "inherits = \"defalt\"\nglobal = [\n  { on = \"ctrl-i\", run = \"app.help\" },\n]\n");
    folder.write("dusk.toml", "inherits = \"dark\"\n[roles]\ntext = { fg = \"#12\" }\n");
    desk.keys(", r");
    answered(&mut desk, &files);
    assert!(live(&desk, "f8") && desk.app.look == look, "what stood stays");
    let text = desk.text();
    for wanted in ["keys.toml:1: inherits：没有按键表", "keys.toml:3: [global] \"ctrl-i\"：普通终端分不清", "dusk.toml:3: [roles] text"] {
        assert!(text.replace('\n', "").contains(wanted), "{wanted}:\n{text}");
    }
    desk.keys("esc");
    assert!(desk.app.model.faults.is_none());
}

#[test]
fn at_the_start_every_fault_is_told_and_the_built_in_ones_work() {
    let _words = speak(Language::English);
    let folder = Folder::new();
    folder.write("keys.toml", "= broken\nglobal = 7\n");
    let files = Files::of(&Settings { theme: Some(folder.path("nowhere.toml").display().to_string()), ..folder.settings() }, Depth::Full);
    let (keymap, look, faults) = files.first();
    assert_eq!(look, Files::of(&Settings::default(), Depth::Full).first().1);
    assert!(keymap.rows(Context::Global).len() > 20 && faults.len() >= 2, "{faults:?}");
    let mut desk = Desk::loaded((80, 24), Vec::new());
    desk.app.show_faults(&faults);
    for fault in &faults {
        let name = std::path::Path::new(&fault.place).file_name().unwrap().to_str().unwrap();
        assert!(desk.text().replace(['\n', ' ', '│'], "").contains(name), "{name}:\n{}", desk.text());
    }
}
