//! What the console tells as the line for what was done is read back by the real tree of verbs, through a real shell, and
//! means the same: the same act, the same tickets, the same words.
use super::args::Verb;
use super::{asked, intake};
use crate::api::tickets::{ActRequest, NewTicket};
use crate::cli::Cli;
use crate::console::effect::{Ask, Effect};
use crate::console::model::prompt::Purpose;
use crate::console::msg::{Answer, Msg};
use crate::console::tests::fixtures::*;
use crate::domain::tables::ReasonRow;
use crate::domain::ticket::{Act, Step, arc};
use crate::words::Language;
use clap::Parser;

/// The words a shell hands to the program.
fn through_a_shell(line: &str) -> Vec<String> {
    let script = format!("hotline() {{ printf '%s\\0' hotline \"$@\"; }}; {line}");
    let output = std::process::Command::new("sh").args(["-c", &script]).env_clear().output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
}

fn ticket_verb(line: &str) -> Verb {
    let words = through_a_shell(line);
    match Cli::try_parse_from(&words) {
        Ok(Cli { verb: Some(crate::cli::Verb::Ticket(verb)), .. }) => verb,
        other => panic!("{words:?}: {other:?}"),
    }
}

/// What only the server or another place does, and what the console leaves to the command line.
const ELSEWHERE: &[Act] = &[Act::Accept, Act::Merge, Act::Edit, Act::Turn];
const WORDS: &str = "it's $HOME `id` \"q\" \\ ; rm * 一\n--text=二 '";

/// Does one act by keys, with these words where it asks for words; gives what was sent and the line that is told for it.
fn done_by_keys(act: Act, words: &str) -> (ActRequest, String, String) {
    let mut desk = Desk::new("supervisor", None, (160, 45));
    let mut reasons = tables();
    reasons.reasons.extend(["not_accepted", "suspend", "cancel"].map(|table| ReasonRow { table: table.into(), code: "other".into(), name: "其他".into(), name_en: "Other".into() }));
    desk.answer(Answer::Tables(Ok(reasons)));
    let mut one = row(163, "拖欠农民工工资", 300);
    one.step = arc(act).from.iter().copied().find(|step| *step == Step::Signed).unwrap_or(arc(act).from[0]);
    one.number = "20261120-0163".into();
    desk.page(Ask::Board, vec![one.clone()]);
    desk.keys("f4");
    desk.page(Ask::List, vec![one.clone()]);
    desk.keys("enter");
    desk.answer(Answer::Detail(one.id, Ok(detail(one.clone(), vec![act]))));
    desk.asked.clear();
    desk.keys(".").keys("enter");
    for _ in 0..3 {
        match desk.app.model.prompt.as_ref().map(|prompt| prompt.purpose.clone()) {
            Some(Purpose::Text) => desk.msg(Msg::Paste(words.into())),
            Some(Purpose::CallBack) => drop(desk.types("n2")),
            Some(Purpose::Days) => drop(desk.types("5")),
            _ => {}
        }
        desk.keys("enter");
    }
    let (request, key) = desk.taken(|effect| if let Effect::Act { act: sent, request, key, .. } = effect { (*sent == act).then(|| ((**request).clone(), key.clone())) } else { None }).pop().unwrap_or_else(|| panic!("{act:?} was not sent:\n{}", desk.text()));
    assert!(desk.app.model.own.done.is_empty(), "nothing is told before it is done");
    desk.answer(Answer::Acted { key, result: Ok(one.clone()) });
    desk.keys("alt-l");
    assert!(desk.shows("hotline ticket act 20261120-0163"), "{}", desk.text());
    (request, one.number, desk.app.model.own.done[0].line.clone())
}

#[test]
fn every_act_of_the_console_is_told_as_a_line_that_means_the_same() {
    let _words = speak(Language::Chinese);
    for act in Act::ALL.iter().filter(|act| !ELSEWHERE.contains(act)) {
        for words in [WORDS, "--reason", "-"] {
            let (request, number, line) = done_by_keys(*act, words);
            let Verb::Act(any) = ticket_verb(&line) else { panic!("{line}") };
            let read = asked(*any);
            assert_eq!((read.act, read.tickets, &read.request, read.dry_run, read.target), (*act, vec![number], &request, false, None), "{line}");
            // A dash alone would be standard input: then that is where it comes from.
            assert_eq!(line.starts_with("printf %s - | "), request.text.as_deref() == Some("-"), "{line}");
        }
    }
}

#[test]
fn what_only_a_line_can_do_is_said_so_and_what_the_server_does_is_nobodys() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("supervisor", None, (160, 45));
    let one = row(163, "拖欠农民工工资", 300);
    desk.page(Ask::Board, vec![one.clone()]);
    desk.keys("f4");
    desk.page(Ask::List, vec![one.clone()]);
    desk.keys("enter");
    desk.answer(Answer::Detail(one.id, Ok(detail(one, vec![Act::Merge, Act::Edit]))));
    desk.keys(".");
    assert!(desk.app.model.prompt.is_none() && desk.shows("没有您可做的操作"));
}

#[test]
fn an_intake_is_told_as_a_line_that_files_the_same() {
    let _words = speak(Language::Chinese);
    for answered in [false, true] {
        let mut desk = Desk::loaded((160, 45), vec![call(7, crate::domain::call::CallState::Talking)]);
        if answered {
            let mut pinned = call(7, crate::domain::call::CallState::Talking);
            pinned.version = 9;
            pinned.pins = vec![crate::domain::ticket::Pin { article: crate::domain::ids::ArticleId(id(519)), revision: 4 }];
            desk.frame(300, crate::api::events::Change::Call { row: Box::new(pinned) });
        }
        desk.keys("alt-i").types("3").types("-不是'参数").keys("tab").types("tqgz").keys("enter").types("东城区 示例路").keys("tab");
        desk.msg(Msg::Paste("第一行\n第二行 $PATH".into()));
        desk.keys("alt-c alt-g alt-p alt-o").keys("enter");
        desk.keys(if answered { "alt-r" } else { "alt-d" });
        let (sent, key): (NewTicket, String) = desk.taken(|effect| if let Effect::Create { ticket, key, .. } = effect { Some(((**ticket).clone(), key.clone())) } else { None }).pop().unwrap_or_else(|| panic!("{}", desk.text()));
        desk.answer(Answer::Created { key, answered, given: given(), result: Ok(row(171, "不是", 2880)) });
        let line = desk.app.model.own.done[0].line.clone();
        let Verb::Create(options) = ticket_verb(&line) else { panic!("{line}") };
        assert_eq!(intake(*options), NewTicket { number: None, ..sent }, "{line}");
        assert!(!line.contains("100****") && !line.contains("张*"), "no caller in it: {line}");
    }
}

#[test]
fn the_console_names_its_backend_in_every_line() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, crate::domain::call::CallState::Talking)]);
    desk.app.program = ["hotline", "--server", "https://host:8345"].map(str::to_owned).into();
    desk.keys("alt-e");
    desk.answer(Answer::Call { call: call(7, crate::domain::call::CallState::WrapUp).id, act: "wrap_up", result: Ok(call(7, crate::domain::call::CallState::WrapUp)) });
    let words = through_a_shell(&desk.app.model.own.done[0].line);
    let cli = Cli::try_parse_from(&words).unwrap();
    assert!(matches!(cli.verb, Some(crate::cli::Verb::Call(crate::cli::call::Verb::WrapUp(wrapped))) if wrapped.call == call(7, crate::domain::call::CallState::WrapUp).id));
    assert_eq!(cli.globals.server.as_deref(), Some("https://host:8345"));
}
