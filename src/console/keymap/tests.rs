//! Keymaps: what is read, what is refused and in which words, what is looked up.
use super::*;
use crate::console::tests::fixtures::speak;
use crate::words::Language;

fn chord(text: &str) -> Chord {
    Chord::parse(text).unwrap()
}

fn faults(text: &str) -> Vec<String> {
    let faults = Keymap::read("my.toml", text).expect_err("a bad file");
    faults.iter().map(Fault::to_string).collect()
}

#[test]
fn the_built_in_keymap_loads_and_every_action_has_a_key() {
    let keymap = Keymap::built_in();
    for action in Action::ALL {
        let bound = Context::ALL.iter().any(|context| {
            keymap
                .rows(*context)
                .iter()
                .any(|row| row.action == *action)
        });
        assert!(bound, "{} has no key", action.name());
    }
}

#[test]
fn the_inner_context_wins_and_the_outer_one_still_serves() {
    let keymap = Keymap::built_in();
    let form = [Context::Global, Context::Desk, Context::Form];
    let queue = [Context::Global, Context::Desk, Context::Queue];
    assert_eq!(
        keymap.feed(&form, &[], chord("tab")),
        Fed::Run(Action::FormNextField)
    );
    assert_eq!(
        keymap.feed(&queue, &[], chord("tab")),
        Fed::Run(Action::PaneNext)
    );
    assert_eq!(
        keymap.feed(&form, &[], chord("alt-a")),
        Fed::Run(Action::CallTake)
    );
    assert_eq!(
        keymap.feed(&form, &[], chord("alt-3")),
        Fed::Run(Action::AnswerPin3)
    );
}

#[test]
fn where_text_is_typed_plain_characters_run_nothing() {
    let keymap = Keymap::built_in();
    for context in [Context::Form, Context::KnowledgeQuery, Context::Input] {
        let contexts = [Context::Global, Context::Desk, context];
        for code in (0x20u8..0x7f).map(char::from).chain(['。', '稳']) {
            let typed = Chord {
                key: Key::Char(code),
                ctrl: false,
                alt: false,
                shift: false,
            };
            assert_eq!(
                keymap.feed(&contexts, &[], typed),
                Fed::Nothing,
                "{code} in {}",
                context.name()
            );
        }
        assert_eq!(
            keymap.feed(&contexts, &[], chord("backspace")),
            Fed::Nothing
        );
    }
}

#[test]
fn a_prefix_lists_what_may_follow_from_every_active_context() {
    let keymap = Keymap::built_in();
    let contexts = [Context::Global, Context::Tickets];
    let Fed::Pending(follow) = keymap.feed(&contexts, &[], chord("g")) else {
        panic!("g is a prefix");
    };
    let listed: Vec<String> = follow.iter().map(|one| one.chord.to_string()).collect();
    assert_eq!(listed, ["g", "d", "t", "k", "a", "u"]);
    assert_eq!(follow[0].help(), Action::SelectFirst.help());
    let g = [chord("g")];
    assert_eq!(
        keymap.feed(&contexts, &g, chord("g")),
        Fed::Run(Action::SelectFirst)
    );
    assert_eq!(
        keymap.feed(&contexts, &g, chord("t")),
        Fed::Run(Action::ScreenTickets)
    );
    assert_eq!(keymap.feed(&contexts, &g, chord("x")), Fed::Nothing);
}

#[test]
fn reverse_look_up_gives_only_keys_that_work_there() {
    let keymap = Keymap::built_in();
    let form = [Context::Global, Context::Desk, Context::Form];
    let list = [Context::Global, Context::Tickets];
    let keys = |contexts: &[Context], action| keymap.keys_of(contexts, action).map(Row::keys);
    assert_eq!(keys(&list, Action::AppHelp).as_deref(), Some("?"));
    assert_eq!(
        keys(&form, Action::AppHelp).as_deref(),
        Some("f10"),
        "? would be typed"
    );
    assert_eq!(keys(&list, Action::TicketUrge).as_deref(), Some("u"));
    assert_eq!(keys(&form, Action::TicketUrge), None);
    assert_eq!(keys(&form, Action::PaneNext), None, "the form has tab");
    assert!(
        keymap
            .live_rows(&form)
            .iter()
            .all(|(_, row)| !row.chords[0].types_text())
    );
}

#[test]
fn all_faults_of_a_file_come_at_once_each_with_its_line() {
    let _words = speak(Language::English);
    let text = r#"inherits = "defalt"

desk = [
  { on = "ctrl-shft-x", run = "app.quit" },
  { on = "u", run = "ticket.urg" },
  { on = "ctrl-i", run = "back" },
  { on = "ctrl-m", run = "back" },
  { on = "ctrl-[", run = "back" },
  { on = "ctrl-h", run = "back" },
  { on = "x", run = "back" },
  { on = "x", run = "open" },
  { on = "g", run = "back" },
  { on = "g g", run = "select.first" },
  { on = "v", runs = "back" },
  { on = 7, run = "back" },
  "enter",
]
quue = []
form = [
  { on = "u", run = "ticket.urge" },
  { on = "alt-u", run = "ticket.urge" },
]
"#;
    assert_eq!(
        faults(text),
        [
            r#"my.toml:1: inherits: unknown keymap "defalt" (did you mean "default"?)"#,
            r#"my.toml:4: [desk] "ctrl-shft-x": unknown modifier "shft" (did you mean "shift"?)"#,
            r#"my.toml:5: [desk] "u": unknown action "ticket.urg" (did you mean "ticket.urge"?)"#,
            r#"my.toml:6: [desk] "ctrl-i": a plain terminal cannot tell it from "tab""#,
            r#"my.toml:7: [desk] "ctrl-m": a plain terminal cannot tell it from "enter""#,
            r#"my.toml:8: [desk] "ctrl-[": a plain terminal cannot tell it from "esc""#,
            r#"my.toml:9: [desk] "ctrl-h": a plain terminal cannot tell it from "backspace""#,
            r#"my.toml:11: [desk] "x": bound twice"#,
            r#"my.toml:13: [desk] "g g": "g" is a prefix of it"#,
            r#"my.toml:14: [desk] "v": unknown field "runs" (did you mean "run"?)"#,
            r#"my.toml:14: [desk] "v": "run" is missing"#,
            r#"my.toml:15: [desk]: "on" must be a text in quotes"#,
            r#"my.toml:16: [desk]: a row must be { on = …, run = … }"#,
            r#"my.toml:18: [quue]: unknown context (did you mean "queue"?)"#,
            r#"my.toml:20: [form] "u": text is typed here; begin with a function key, alt- or ctrl-"#,
        ]
    );
}

#[test]
fn a_bad_file_leaves_the_built_in_keys() {
    let (keymap, faults) = Keymap::read_or_built_in(
        "my.toml",
        "desk = [ { on = \"hm\", run = \"back\" } ]\n= broken",
    );
    assert!(!faults.is_empty());
    assert!(faults.iter().any(|fault| fault.line == Some(2)), "{faults:?}");
    assert_eq!(
        keymap.feed(&[Context::Global], &[], chord("f1")),
        Fed::Run(Action::ScreenDesk)
    );
}

#[test]
fn an_own_file_changes_only_what_it_says() {
    let text = "inherits = \"default\"\ntickets = [\n { on = \"U\", run = \"ticket.urge\", help = \"盯一下\" },\n { on = \"g\", run = \"open\" },\n { on = \"w\", run = \"nothing\" },\n]";
    let keymap = Keymap::read("my.toml", text).unwrap();
    let contexts = [Context::Tickets];
    assert_eq!(
        keymap
            .keys_of(&contexts, Action::TicketUrge)
            .unwrap()
            .help(),
        "盯一下"
    );
    assert_eq!(
        keymap.feed(&contexts, &[], chord("u")),
        Fed::Run(Action::TicketUrge),
        "inherited"
    );
    assert_eq!(
        keymap.feed(&contexts, &[], chord("g")),
        Fed::Run(Action::Open),
        "takes the place of g g"
    );
    assert_eq!(
        keymap.feed(&contexts, &[], chord("w")),
        Fed::Nothing,
        "unbound"
    );
}

#[test]
fn without_inherits_a_file_stands_alone() {
    let keymap = Keymap::read(
        "my.toml",
        "global = [ { on = \"f1\", run = \"app.quit\" } ]",
    )
    .unwrap();
    let feed = |text| keymap.feed(&[Context::Global], &[], chord(text));
    assert_eq!(feed("f1"), Fed::Run(Action::AppQuit));
    assert_eq!(feed("f4"), Fed::Nothing);
}

#[test]
fn nobody_can_lock_themselves_in() {
    let _words = speak(Language::English);
    let said = r#"my.toml:1: [global]: a function key, alt- or ctrl- chord must run "app.quit"; or write inherits = "default""#;
    for text in [
        "",
        "global = [ { on = \"q\", run = \"app.quit\" } ]",
        "inherits = \"default\"\nglobal = [\n { on = \"ctrl-q\", run = \"nothing\" },\n { on = \"ctrl-c\", run = \"nothing\" },\n]",
    ] {
        assert_eq!(faults(text), [said]);
    }
}

#[test]
fn every_shipped_keymap_is_whole_and_vim_has_the_motions_where_no_text_is_typed() {
    for (name, _) in SHIPPED {
        assert!(Keymap::shipped(name).is_some(), "{name}");
    }
    let vim = Keymap::shipped("vim").unwrap();
    let lists = [Context::Global, Context::Tickets];
    let press = |contexts: &[Context], keys: &str| {
        let chords = parse_sequence(keys).unwrap();
        let (last, before) = chords.split_last().unwrap();
        vim.feed(contexts, before, *last)
    };
    assert_eq!(press(&lists, "ctrl-d"), Fed::Run(Action::SelectPageDown));
    assert_eq!(press(&lists, "l"), Fed::Run(Action::Open));
    assert_eq!(press(&lists, "j"), Fed::Run(Action::SelectDown));
    assert_eq!(press(&lists, "Z Z"), Fed::Run(Action::AppQuit));
    assert_eq!(press(&[Context::Global, Context::Desk, Context::Form], "l"), Fed::Nothing, "a letter in the form is a letter");
    // Nothing of the default is lost.
    for (context, row) in Context::ALL.iter().flat_map(|context| Keymap::built_in().rows(*context).iter().map(move |row| (*context, row))) {
        assert!(vim.rows(context).iter().any(|other| other.chords == row.chords && other.action == row.action), "{}", row.keys());
    }
}

#[test]
fn two_thousand_damaged_keymaps_still_open_a_console_and_are_told() {
    let whole = "inherits = \"vim\"\n\n[global]\n\"alt-x\" = \"seat-ready\"\n\n[form]\n\"ctrl-t\" = \"form-urgent\"\n";
    let mut told = 0;
    for wrong in crate::private::damage::of(whole.as_bytes(), 2_000, 8) {
        let Ok(text) = std::str::from_utf8(&wrong) else { continue };
        let (keymap, faults) = Keymap::read_or_built_in("my.toml", text);
        assert!(!keymap.rows(Context::Global).is_empty());
        assert!(faults.iter().all(|fault| fault.to_string().starts_with("my.toml")), "{faults:?}");
        told += usize::from(!faults.is_empty());
    }
    assert!(told > 200, "{told}");
}
