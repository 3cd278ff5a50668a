//! 命令行写法 (command lines): the line that does in a shell what was done here, word for word and quoted for it. Of the
//! command line only its language is known, not its types: a test beside its verbs reads every line back.
use crate::api::tickets::{ActRequest, EditRequest, NewTicket, Then};
use crate::domain::limits::Line as Hotline;
use crate::domain::ticket::Act;

/// A word as a POSIX shell takes it back unchanged.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// A line while it is written.
struct Line(Vec<String>);

impl Line {
    fn begin(program: &[String], verbs: &[&str]) -> Line {
        Line(program.iter().map(String::as_str).chain(verbs.iter().copied()).map(quoted).collect())
    }

    fn flag(&mut self, name: &str, value: Option<&str>) {
        match value {
            // What begins with a dash would be read as a flag.
            Some(value) if value.starts_with('-') && value != "-" => self.0.push(quoted(&format!("--{name}={value}"))),
            Some(value) => self.0.extend([format!("--{name}"), quoted(value)]),
            None => {}
        }
    }

    /// Words one typed. A single dash means standard input there, so it comes from there.
    fn typed(&mut self, name: &str, text: Option<&str>) {
        self.flag(name, text);
        if text == Some("-") {
            self.0.splice(0..0, ["printf %s - |".to_owned()]);
        }
    }

    fn done(self) -> String {
        self.0.join(" ")
    }
}

fn yes_or_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// An act on one ticket or several, by their numbers.
pub fn act(program: &[String], numbers: &[&str], act: Act, request: &ActRequest) -> String {
    // Every field by its name: one that is new has to have its word here.
    let ActRequest { unit, level, reason, text, solved, rating, target, service, urgent_class, tag, days, pins, reached, promise, due, promise_no, place } = request;
    let mut line = Line::begin(program, &["ticket", "act"]);
    line.0.extend(numbers.iter().copied().map(quoted));
    line.0.push(act.code().to_owned());
    line.flag("unit", unit.as_deref());
    line.flag("level", level.map(|level| level.code()));
    line.flag("reason", reason.as_deref());
    line.flag("solved", solved.map(yes_or_no));
    line.flag("rating", rating.map(|rating| rating.to_string()).as_deref());
    line.flag("target", target.map(|target| target.to_string()).as_deref());
    line.flag("service", service.as_deref());
    line.flag("urgent-class", urgent_class.as_deref());
    line.flag("tag", tag.map(|tag| tag.code()));
    line.flag("days", days.map(|days| days.to_string()).as_deref());
    line.flag("reached", reached.map(yes_or_no));
    line.flag("promise", promise.map(|promise| promise.code()));
    line.flag("due", due.map(|due| due.to_rfc3339()).as_deref());
    line.flag("place", place.as_deref());
    line.flag("promise-no", promise_no.map(|number| number.to_string()).as_deref());
    for pin in pins {
        line.flag("pin", Some(&format!("{}@{}", pin.article, pin.revision)));
    }
    line.typed("text", text.as_deref());
    line.done()
}

/// An intake. The number it was leased is spent, so that the line asks for one of its own.
pub fn create(program: &[String], ticket: &NewTicket) -> String {
    let NewTicket { kind, class, urgent_class, tag, green, line: hotline, title, body, place, call, pins, then, number: _, enterprise, promise } = ticket;
    let mut line = Line::begin(program, &["ticket", "create"]);
    line.flag("title", Some(title));
    line.flag("kind", Some(kind.code()));
    line.flag("class", class.as_deref());
    line.flag("urgent-class", urgent_class.as_deref());
    line.flag("tag", tag.map(|tag| tag.code()));
    line.flag("place", place.as_deref());
    line.flag("line", Some(hotline.code()).filter(|_| *hotline != Hotline::default()));
    line.flag("call", call.map(|call| call.to_string()).as_deref());
    if *green {
        line.0.push("--green".into());
    }
    for pin in pins {
        line.flag("pin", Some(&format!("{}@{}", pin.article, pin.revision)));
    }
    if let Some(profile) = enterprise {
        line.flag("credit-code", profile.credit_code.as_deref());
        line.flag("industry", profile.industry.as_deref());
        line.flag("park", profile.park.as_deref());
    }
    if let Some(promise) = promise {
        line.flag("promise", Some(promise.kind.code()));
        line.flag("due", promise.due.map(|due| due.to_rfc3339()).as_deref());
        line.flag("promise-text", promise.text.as_deref());
        line.flag("visit-place", promise.place.as_deref());
        line.flag("visit-unit", promise.unit.as_deref());
    }
    match then {
        Then::Nothing => {}
        Then::Answer => line.0.push("--answer".into()),
        Then::Dispatch { unit } => line.flag("dispatch", Some(unit)),
    }
    line.typed("body", Some(body.as_str()).filter(|body| !body.is_empty()));
    line.done()
}

/// A correction of what was registered.
pub fn edit(program: &[String], number: &str, request: &EditRequest) -> String {
    let EditRequest { kind, class, title, body, place } = request;
    let mut line = Line::begin(program, &["ticket", "edit", number]);
    line.flag("title", title.as_deref());
    line.flag("kind", kind.map(|kind| kind.code()));
    line.flag("class", class.as_deref());
    line.flag("place", place.as_deref());
    line.typed("body", body.as_deref());
    line.done()
}

/// An act on a call: `take`, `wrap_up`.
pub fn call(program: &[String], act: &str, call: &str) -> String {
    Line::begin(program, &["call", &act.replace('_', "-"), call]).done()
}

/// What a row of the actions says, with the tickets put in; what one still has to say stays in capitals.
pub fn of_pattern(program: &[String], pattern: &str, numbers: &[&str]) -> String {
    let numbers: Vec<String> = numbers.iter().copied().map(quoted).collect();
    let begin = Line::begin(program, &[]).done();
    if numbers.is_empty() { format!("{begin} {pattern}") } else { format!("{begin} {}", pattern.replace("TICKET", &numbers.join(" "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_gives_every_word_back() {
        for word in ["", "a b", "it's", "$HOME `x` \"y\"", "一\n二", "-", "--x", "*?", "~", "!", "\\", "'"] {
            let output = std::process::Command::new("sh").args(["-c", &format!("printf %s {}", quoted(word))]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}
