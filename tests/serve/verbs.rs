//! The command line is whole: every action of the console, every act on a ticket or a call and every endpoint has a verb, and
//! every verb that is named anywhere is one that can be typed.
use crate::support::served::{hotline, serve_city, sqlite, token};
use clap::{CommandFactory, Parser};
use hotline::api::{ENDPOINTS, Name};
use hotline::cli::Cli;
use hotline::console::keymap::Action;
use hotline::domain::ticket::Act;

/// What a person puts in for each word in capitals.
const FILLED: &[(&str, &str)] = &[
    ("TICKET", "1122-0188"),
    ("CALL", "0190a5b0-0000-7000-8000-000000000000"),
    ("ARTICLE", "0190a5b0-0000-7000-8000-000000000000@3"),
    ("UNIT", "city.east"),
    ("WORDS", "示例"),
    ("TITLE", "示例"),
    ("KIND", "complaint"),
    ("CLASS", "U1"),
    ("TAG", "speed_up"),
    ("PROMISE", "call_back"),
    ("TIME", "2026-11-25 17:30"),
    ("REASON", "verify"),
    ("FLAG", "red"),
    ("LEVEL", "city"),
    ("SERVICE", "110"),
    ("LANGUAGE", "yi"),
    ("TONE", "agitated"),
    ("WHEN", "+2h"),
    ("LOGIN", "li01"),
    ("NAME", "李示例"),
    ("ROLE", "auditor"),
    ("FILE", "x.json"),
    ("TABLE", "unit"),
    ("CODE", "city"),
    ("N", "3"),
];

fn filled(word: &str) -> &str {
    FILLED.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| value)
}

/// Parsed by the real tree, with `--json`.
fn parses(verb: &str) -> Result<(), String> {
    let words = ["hotline", "--json"].into_iter().chain(verb.split(' ').map(filled));
    Cli::try_parse_from(words).map(drop).map_err(|error| format!("{verb}: {error}"))
}

#[test]
fn every_action_that_does_something_names_a_verb_that_can_be_typed() {
    let mut faults = Vec::new();
    for action in Action::ALL {
        match action.command_line_verb() {
            Some(verb) => faults.extend(parses(verb).err()),
            None if !action.stays_in_the_console() => faults.push(format!("{} has no verb", action.name())),
            None => {}
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_act_on_a_ticket_is_a_verb_by_its_own_name() {
    let command = Cli::command();
    let ticket = command.find_subcommand("ticket").unwrap();
    for act in Act::ALL.iter().filter(|act| **act != Act::Turn) {
        let name = act.code().replace('_', "-");
        assert!(ticket.find_subcommand(&name).is_some(), "ticket {name}: the sweep alone raises flags, everything else a person may do");
    }
}

/// The verb of each endpoint; of one that takes several acts, one of them.
fn verb(name: Name) -> &'static str {
    match name {
        Name::Login => "login LOGIN",
        Name::Logout => "logout",
        Name::Me => "user me",
        Name::SeatPut => "seat ready",
        Name::TablesGet => "table list unit",
        Name::TablesPut => "table put FILE --dry-run",
        Name::TableHistory => "table history TABLE CODE",
        Name::TicketList => "ticket list",
        Name::TicketCreate => "ticket create --kind KIND --title WORDS",
        Name::TicketNumbers => "ticket numbers N",
        Name::TicketShow => "ticket show TICKET",
        Name::TicketEdit => "ticket edit TICKET --title WORDS",
        Name::TicketAct => "ticket act TICKET sign",
        Name::TicketReveal => "ticket reveal TICKET --reason REASON",
        Name::TicketLooks => "ticket looks TICKET",
        Name::CallList => "call list",
        Name::CallRing => "call ring N --exchange CODE --exchange-call N",
        Name::CallAct => "call hang-up CALL",
        Name::CallReveal => "call reveal CALL --reason REASON",
        Name::CallerCard => "call card CALL",
        Name::CallerNote => "call note CALL --language LANGUAGE",
        Name::PromiseList => "ticket promises",
        Name::ArticleHeads => "kb list",
        Name::ArticleShow => "kb show ARTICLE",
        Name::ArticlePublish => "kb publish FILE",
        Name::KnowledgeSearch => "kb search WORDS",
        Name::Events => "events --count N",
        Name::UserAdd => "user add LOGIN --name NAME --role ROLE",
        Name::UserList => "user list",
        Name::UserAct => "user disable LOGIN",
        Name::UserHistory => "user history LOGIN",
        Name::CalendarDue => "calendar due --from 2026-11-22 --working-days N",
        Name::CalendarImport => "import calendar FILE --dry-run",
        Name::ImportTickets => "import tickets FILE --map FILE --dry-run",
        Name::ImportArticles => "import articles FILE --map FILE --dry-run",
        Name::ClockAdvance => "admin clock advance N",
        Name::AuditList => "audit list --ticket TICKET",
        Name::AuditHead => "audit head",
        Name::AuditChain => "audit verify",
    }
}

#[test]
fn every_endpoint_has_a_verb_and_what_is_done_in_bulk_can_be_tried_first() {
    let faults: Vec<String> = ENDPOINTS.iter().filter_map(|endpoint| parses(verb(endpoint.name)).err()).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    for act in ["take", "hold", "resume", "wrap-up", "abandon"] {
        parses(&format!("call {act} CALL")).unwrap();
    }
    for word in ["pin", "unpin"] {
        parses(&format!("call {word} CALL ARTICLE")).unwrap();
    }
    for verb in ["seat pause", "user show LOGIN", "user roles", "user enable LOGIN", "user password LOGIN", "user role LOGIN --role ROLE"] {
        parses(verb).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_says_what_it_leaves_out_and_a_unit_that_is_none_is_refused_with_the_nearest() {
    let folder = tempfile::TempDir::new().unwrap();
    let home = folder.path();
    let served = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = served.url();
    let token = token(&url, None, "admin01").await;
    let run = |arguments: &[&str]| {
        let mut all = vec!["--server", url.as_str(), "--token", token.as_str(), "--lang", "zh-CN"];
        all.extend(arguments);
        hotline(home, &all, &[])
    };
    for (arguments, says) in [(&["ticket", "list"][..], true), (&["ticket", "list", "--open"], false), (&["ticket", "list", "--closed"], false), (&["ticket", "list", "--newest"], false), (&["--json", "ticket", "list"], false)] {
        let (code, out, errors) = run(arguments);
        assert_eq!((code, errors.contains("只列出未办结")), (0, says), "{arguments:?} {out} {errors}");
    }
    let (code, out, errors) = run(&["ticket", "list", "--unit", "city.dc.zj"]);
    assert!(code == 2 && out.is_empty() && errors.contains("city.dc.zjj") && errors.contains("city.dc.mzj"), "{code} {out} {errors}");
    let (code, _, errors) = run(&["ticket", "list", "--unit", "住建"]);
    assert!(code == 2 && errors.contains("zjj"), "by its name the codes that are meant: {errors}");
    assert_eq!(run(&["ticket", "list", "--unit", "city.dc.zjj"]).0, 0);
    // And the verbs of administration speak to people and to programs.
    let (code, out, _) = run(&["user", "list"]);
    assert!(code == 0 && out.contains("admin01") && out.contains("在用"), "{out}");
    let (code, out, _) = run(&["--json", "user", "history", "admin01"]);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, told["items"][0]["kind"].as_str()), (0, Some("user.added")), "{out}");
    let limit = run(&["--json", "table", "list", "limit"]).1;
    let tables: serde_json::Value = serde_json::from_str(&limit).unwrap();
    let row = &tables["limits"].as_array().unwrap().iter().find(|row| row["kind"] == "consultation").unwrap();
    let code = row["code"].as_str().unwrap();
    let text = format!("[[limit]]\ncode = \"{code}\"\nsource = \"示例\"\nkind = \"consultation\"\namount = 5\nunit = \"working_days\"\ncount_from = \"next_day\"\nday_end = \"24:00\"\nextensions_allowed = 0\nwarning_share = 80\n");
    std::fs::write(home.join("limit.toml"), &text).unwrap();
    let (exit, out, errors) = run(&["table", "put", "limit.toml", "--dry-run"]);
    assert!(exit == 0 && out.contains("amount: 3 → 5") && out.contains("0/0"), "{out}{errors}");
    assert_eq!(run(&["table", "put", "limit.toml"]).0, 0);
    let (exit, out, _) = run(&["table", "history", "limit", code]);
    assert!(exit == 0 && out.contains("admin01") && out.contains("amount: 3 → 5"), "{out}");
    std::fs::write(home.join("limit.toml"), text.replace("day_end", "day_endd")).unwrap();
    let (exit, _, errors) = run(&["table", "put", "limit.toml", "--dry-run"]);
    assert!(exit == 2 && errors.contains("limit.toml:1"), "{errors}");
}

#[test]
fn the_help_of_the_server_and_the_demo_says_what_no_flag_can() {
    let mut command = Cli::command();
    let mut help = |verb: &str| command.find_subcommand_mut(verb).unwrap().render_long_help().to_string();
    let serve = help("serve");
    for word in ["HOTLINE_ADMIN_PASSWORD", "127.0.0.1:8345", "hotline.db", "vault.key"] {
        assert!(serve.contains(word), "{word}\n{serve}");
    }
    let demo = help("demo");
    for word in ["HOTLINE_ADMIN_PASSWORD", "handler_clerk", "supervisor", "auditor", "admin"] {
        assert!(demo.contains(word), "{word}\n{demo}");
    }
}
