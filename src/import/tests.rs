//! Imports: rows read through a map, refusals with their line.
use super::*;
use crate::api::articles::NewArticle;
use crate::api::import::ImportedTicket;
use crate::domain::limits::TicketKind;
use std::path::{Path, PathBuf};

const TICKETS: &str = r#"
target = "tickets"
format = "csv"
[fields]
external_id = { column = "no", prefix = "a-" }
kind = { column = "subject", contains = [{ text = "咨询", is = "consultation" }], default = "help_request" }
title = "subject"
body = { parts = [{ column = "text" }, { column = "place", prefix = "地点：", empty = ["无"] }] }
accepted_at = { column = "asked", dates = ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M:%S %p"] }
replied_at = { column = "answered", dates = ["%Y-%m-%d"] }
reply = "answer"
"#;

const HEADER: &str = "no,subject,text,place,asked,answered,answer\n";

fn faults(text: &str) -> Vec<(u64, String)> {
    Map::read("m.toml", text).unwrap_err().into_iter().map(|fault| (fault.line.unwrap(), fault.text)).collect()
}

fn read(map: &str, data: &[u8]) -> (Vec<Mapped>, Survey, Vec<u64>) {
    let map = Map::read("m.toml", map).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    std::fs::write(&path, data).unwrap();
    let surveyed = survey(&map, &path, |_, _| {}).unwrap();
    let mut items = Items::open(&map, &path).unwrap();
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    while let Some(item) = items.next_item().unwrap() {
        if let Ok((mapped, _)) = item.outcome {
            rows.push(mapped);
            lines.push(item.line);
        }
    }
    assert_eq!(rows.len() as u64, surveyed.good, "both passes agree");
    (rows, surveyed, lines)
}

fn tickets(rows: &str) -> (Vec<ImportedTicket>, Survey, Vec<u64>) {
    let (rows, survey, lines) = read(TICKETS, format!("{HEADER}{rows}").as_bytes());
    let ticket = |mapped| if let Mapped::Ticket(ticket) = mapped { *ticket } else { panic!("no ticket") };
    (rows.into_iter().map(ticket).collect(), survey, lines)
}

fn refused(rows: &str) -> Vec<u64> {
    tickets(rows).1.refused.iter().map(|refused| refused.line).collect()
}

#[test]
fn a_good_row_becomes_a_ticket_in_city_time() {
    let (rows, ..) = tickets("7,咨询示例,正文,东区,2024-01-02 03:04:05,2024-01-05,已办\n");
    let row = &rows[0];
    assert_eq!((row.external_id.as_str(), row.kind, row.body.as_str()), ("a-7", TicketKind::Consultation, "正文\n地点：东区"));
    assert_eq!(row.accepted_at.to_rfc3339(), "2024-01-01T19:04:05+00:00");
    assert_eq!(row.replied_at.unwrap().to_rfc3339(), "2024-01-04T16:00:00+00:00");
    assert_eq!(row.reply.as_deref(), Some("已办"));
}

#[test]
fn each_format_is_tried_in_turn() {
    let (rows, ..) = tickets("1,a,,无,2024/1/2 3:04,,\n2,b,,,01/02/2024 03:04:00 PM,,\n");
    let times: Vec<String> = rows.iter().map(|row| row.accepted_at.to_rfc3339()).collect();
    assert_eq!(times, ["2024-01-01T19:04:00+00:00", "2024-01-02T07:04:00+00:00"]);
    assert_eq!(rows[0].body, "", "what means nothing is nothing");
}

#[test]
fn lines_are_those_of_the_file_though_fields_hold_breaks_and_lines_are_blank() {
    let (_, _, lines) = tickets("1,a,\"x\ny\nz\",,2024-01-02 03:04:05,,\n\n\r\n2,b,,,2024-01-02 03:04:05,,\n");
    assert_eq!(lines, [2, 7]);
    let (_, _, lines) = tickets("1,a,,,2024-01-02 03:04:05,,\r\n2,b,,,2024-01-02 03:04:05,,\r\n3,c,\"x\r\ny\",,2024-01-02 03:04:05,,\r\n4,d,,,2024-01-02 03:04:05,,");
    assert_eq!(lines, [2, 3, 4, 6]);
}

#[test]
fn every_bad_row_is_refused_with_its_line_and_the_others_go_on() {
    let good = "2024-01-02 03:04:05";
    let rows = format!("1,a,,,{good},,\n,b,,,{good},,\n3,,,,{good},,\n4,d,,,yesterday,,\n5,e,{good}\n1,f,,,{good},,\n7,g,,,{good},2023-01-01,x\n8,h,\0,,{good},,\n9,i,,,{good},,\n10,j,,,0001-01-01 00:00:00,,\n");
    assert_eq!(refused(&rows), [3, 4, 5, 6, 7, 8, 9, 11]);
    let (rows, ..) = tickets(&rows);
    assert_eq!(rows.len(), 2);
}

#[test]
fn all_reasons_against_a_row_come_together() {
    let (_, survey, _) = tickets(",,,,yesterday,,\n");
    let why = &survey.refused[0].why;
    assert!(["external_id", "title", "accepted_at"].iter().all(|field| why.contains(field)), "{why}");
    assert_eq!(why.matches("accepted_at").count(), 1, "a bad time is not also a missing one: {why}");
}

#[test]
fn bytes_that_are_no_text_refuse_their_row_only() {
    let mut data = format!("\u{feff}{HEADER}1,a,,,2024-01-02 03:04:05,,\n").into_bytes();
    data.extend_from_slice(b"2,\xff\xfe,,,2024-01-02 03:04:05,,\n3,c,,,2024-01-02 03:04:05,,\n");
    let (rows, survey, _) = read(TICKETS, &data);
    assert_eq!((rows.len(), survey.refused.len(), survey.refused[0].line), (2, 1, 3));
}

#[test]
fn a_reply_without_a_time_keeps_its_words_and_leaves_the_ticket_open() {
    let (rows, survey, _) = tickets("1,a,正文,,2024-01-02 03:04:05,,答复\n");
    assert!(rows[0].replied_at.is_none() && rows[0].reply.is_none() && rows[0].body.ends_with("答复"));
    assert_eq!(survey.notes.len(), 1);
}

#[test]
fn a_reply_whose_words_are_missing_happened_all_the_same() {
    let (rows, ..) = tickets("1,a,,,2024-01-02 03:04:05,2024-01-03,\n");
    assert!(rows[0].replied_at.is_some() && rows[0].reply.as_deref() == Some(""));
}

#[test]
fn what_is_too_long_is_cut_visibly_at_a_character_and_noted() {
    let (title, body) = ("题".repeat(201), "文".repeat(30_000));
    let (rows, survey, _) = tickets(&format!("1,{title},{body},,2024-01-02 03:04:05,,\n"));
    assert_eq!(rows[0].title.chars().count(), 200);
    assert!(rows[0].body.len() <= 64 * 1024 && rows[0].body.ends_with("〔…〕"));
    assert_eq!(survey.notes.len(), 2);
    let (rows, survey, _) = tickets(&format!("1,{},{},,2024-01-02 03:04:05,,\n", "题".repeat(200), "x".repeat(64 * 1024)));
    assert!(survey.notes.is_empty() && rows[0].body.len() == 64 * 1024, "what just fits is left alone");
}

const ARTICLES: &str = r#"
target = "articles"
format = "jsonl"
[fields]
external_id = "id"
title = "name"
level = { column = "level", table = { "省级" = "province" } }
keywords = { parts = ["theme", "name"], split = "、" }
clause = "text"
[[steps]]
what = { constant = "办理" }
time = { column = "limit", limit = true }
materials = { column = "papers", empty = ["无"] }
"#;

fn articles(rows: &str) -> (Vec<NewArticle>, Survey) {
    let (rows, survey, _) = read(ARTICLES, rows.as_bytes());
    let article = |mapped| if let Mapped::Article(article) = mapped { *article } else { panic!("no article") };
    (rows.into_iter().map(article).collect(), survey)
}

#[test]
fn a_guide_becomes_an_article_with_its_limit_in_words() {
    let row = r#"{"id":1,"name":"示例甲、示例乙","level":"省级","theme":["教育","示例甲"],"text":null,"limit":"20(工作日)","papers":["表","证"]}"#;
    let (rows, survey) = articles(&format!("{row}\n\n"));
    assert!(survey.refused.is_empty(), "{survey:?}");
    let text = &rows[0].text;
    assert_eq!(text.keywords, ["教育", "示例甲", "示例乙"]);
    assert_eq!((text.steps[0].time.as_str(), text.steps[0].materials.as_str()), ("20 个工作日", "表、证"));
}

#[test]
fn lines_that_are_no_rows_are_refused_where_they_stand() {
    let good = r#"{"id":"a","name":"x","level":"省级","theme":"","text":"","limit":"无","papers":"无"}"#;
    let other = good.replace("\"a\"", "\"b\"").replace("省级", "乡级");
    let nested = good.replace("\"a\"", "\"c\"").replace("\"theme\":\"\"", "\"theme\":{}");
    let (rows, survey) = articles(&format!("{good}\n[1]\n{{\n\n{other}\n{nested}\n"));
    let lines: Vec<u64> = survey.refused.iter().map(|refused| refused.line).collect();
    assert_eq!((rows.len(), lines), (1, vec![2, 3, 5, 6]));
}

#[test]
fn a_field_of_an_article_is_cut_where_the_backend_would_refuse_it_and_not_before() {
    // Line breaks take two bytes each in JSON: that is the whole article's business, whose limit is far higher.
    for text in ["\\n文".repeat(30_000), "x".repeat(70_000)] {
        let row = format!(r#"{{"id":"a","name":"x","level":"省级","theme":"","text":"头{text}","limit":"无","papers":"无"}}"#);
        let (rows, survey) = articles(&row);
        let size = rows[0].text.clause.len();
        assert!(size <= crate::api::LONGEST_TEXT && size > crate::api::LONGEST_TEXT - 8, "{size}");
        assert!(rows[0].text.clause.ends_with("〔…〕") && survey.notes.len() == 1);
    }
}

#[test]
fn an_article_that_fits_field_by_field_comes_in_whole() {
    let (clause, name) = ("\\n文".repeat(16_000), "x".repeat(150));
    let row = format!(r#"{{"id":"a","name":"{name}","level":"省级","theme":"","text":"{clause}","limit":"无","papers":"无"}}"#);
    let (rows, survey) = articles(&row);
    assert!(survey.notes.is_empty(), "{survey:?}");
    assert_eq!(rows[0].text.clause.chars().count(), 2 * 16_000 - 1, "trimmed at its ends, whole otherwise");
    assert!(serde_json::to_string(&rows[0].text).unwrap().len() > 64 * 1024);
}

#[test]
fn every_fault_of_a_map_comes_at_once_with_its_line() {
    let found = faults(
        "target = 'tickets'\nformat = 'cvs'\noffset = '+99:00'\nextra = 1\n[fields]\nexternal_id = 7\nkind = { column = 'a', contains = [{ text = 'b', is = 'complant' }] }\n\
         titel = 'x'\naccepted_at = 'when'\nreplied_at = { column = 'a', dates = ['%Q'] }\nbody = { column = 'a', constant = 'b' }\nplace = { column = 'a', limit = true, split = ',' }\nunit = { colum = 'a' }\n",
    );
    let lines: std::collections::BTreeSet<u64> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], "{found:#?}");
    assert!(found.iter().any(|(line, text)| *line == 7 && text.contains("complaint")), "{found:#?}");
    assert!(found.iter().any(|(line, text)| *line == 8 && text.contains("title")), "{found:#?}");
}

#[test]
fn what_is_no_map_at_all_is_told() {
    assert!(!faults("").is_empty());
    assert!(faults("target = 'tickets'\n[fields\n").iter().all(|(line, _)| *line == 2));
    assert!(faults(&TICKETS.replace("\"help_request\"", "\"help\"")).iter().any(|(line, _)| *line == 6));
}

#[test]
fn a_column_that_is_not_in_the_file_is_a_fault_of_the_map_and_nothing_is_read() {
    let map = Map::read("m.toml", TICKETS).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.csv");
    std::fs::write(&path, "no,subject,asked\n1,a,2024-01-02 03:04:05\n").unwrap();
    let found = survey(&map, &path, |_, _| {}).unwrap_err();
    assert_eq!(found.iter().map(|fault| fault.line.unwrap()).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>(), [8, 10, 11]);
    std::fs::write(&path, "{\"id\":\"a\",\"name\":\"x\",\"level\":\"省级\"}\n").unwrap();
    let map = Map::read("m.toml", ARTICLES).unwrap();
    assert_eq!(survey(&map, &path, |_, _| {}).unwrap_err().len(), 4, "theme, text, limit, papers");
}

#[test]
fn an_empty_file_and_one_of_another_encoding_are_told_as_such() {
    let map = Map::read("m.toml", TICKETS).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.csv");
    let one = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        let faults = survey(&map, &path, |_, _| {}).unwrap_err();
        assert_eq!(faults.len(), 1, "not a column each: {faults:?}");
        faults[0].to_string()
    };
    for empty in [&b""[..], b"\xEF\xBB\xBF", b"\r\n\n"] {
        assert!(one(empty).contains("空的"), "{empty:?}");
    }
    // 标题 in GBK, and a file of UTF-16.
    for other in [&b"\xB1\xEA\xCC\xE2,no\n1,2\n"[..], b"\xFF\xFEn\0o\0\n\0"] {
        let told = one(other);
        assert!(told.contains("data.csv:1: ") && told.contains("iconv -f GB18030"), "{told}");
    }
    // A long first line is no fault, wherever the look at it ends.
    for padding in 0..3 {
        let title = format!("{}{}", "x".repeat(padding), "题".repeat(40_000));
        std::fs::write(&path, HEADER.replace("subject", &title)).unwrap();
        assert!(survey(&map, &path, |_, _| {}).unwrap_err().iter().all(|fault| fault.place == "m.toml"));
    }
}

/// The example of `--help` is a map, and what it says of fields and rules is all there is.
#[test]
fn the_help_on_maps_is_true_and_whole() {
    let example: String = MAPS.lines().skip_while(|line| !line.starts_with("  target")).take_while(|line| !line.starts_with("来源")).map(|line| format!("{line}\n")).collect();
    let map = Map::read("help", &example).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(map.fields.one.len(), 8);
    for target in [Target::Tickets, Target::Articles] {
        for field in fields::fields(target) {
            let name = if field.required { format!("{}*", field.name) } else { field.name.to_owned() };
            assert!(MAPS.split_whitespace().any(|word| word == name), "{name}");
            if let fields::Takes::Code(codes) = field.takes {
                assert!(codes().iter().all(|code| MAPS.contains(code)), "{name}");
            }
        }
    }
    for step in fields::STEP {
        assert!(MAPS.contains(step.name), "{}", step.name);
    }
    for key in ["column", "constant", "parts", "join", "prefix", "empty", "default", "table", "contains", "dates", "split", "limit"] {
        assert!(MAPS.contains(key), "{key}");
    }
}

fn shipped_map(name: &str) -> Map {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/maps").join(format!("{name}.toml"));
    let text = std::fs::read_to_string(&path).unwrap();
    Map::read(&path.display().to_string(), &text).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn every_map_that_comes_along_is_good() {
    for name in ["matters", "policies", "laws", "messages", "messages_with_replies", "requests"] {
        shipped_map(name);
    }
}

fn real(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("HOTLINE_TEST_DATA").map(PathBuf::from);
    if folder.is_none() {
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), "SKIPPED: HOTLINE_TEST_DATA is not set");
    }
    Some(folder?.join(file))
}

/// Rows that are good, rows refused, rows noted.
fn surveyed(name: &str, file: &str) -> Option<(u64, usize, usize)> {
    let survey = survey(&shipped_map(name), &real(file)?, |_, _| {}).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let told: Vec<_> = survey.refused.iter().take(20).collect();
    assert!(survey.refused.len() <= 10, "{told:#?}");
    Some((survey.good, survey.refused.len(), survey.notes.len()))
}

#[test]
fn every_real_file_maps_whole() {
    for (name, file, wanted) in [
        // One reply has no time.
        ("messages_with_replies", "complaints/messages_with_replies.csv", (2_816, 0, 1)),
        ("messages", "complaints/messages.csv", (4_326, 0, 0)),
        ("matters", "kb/matters.jsonl", (2_262, 0, 0)),
        ("policies", "kb/policies.jsonl", (599, 0, 0)),
        ("laws", "kb/laws.jsonl", (323, 0, 0)),
        // Ten were closed before they were made; fourteen say what is being done, without a time.
        ("requests", "nyc311/requests.csv", (990, 10, 14)),
    ] {
        if let Some(found) = surveyed(name, file) {
            assert_eq!(found, wanted, "{name}");
        }
    }
}
