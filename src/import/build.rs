//! What a row becomes: a ticket or an article as the wire has them, or every reason why not. What had to be cut or moved is
//! noted and marked where it stands; nothing is dropped silently.
use super::fields::{self, LEVELS, Takes};
use super::map::{Map, Source, Target};
use super::rows::Cells;
use crate::api::articles::NewArticle;
use crate::api::{LONGEST_ARTICLE, LONGEST_TEXT};
use crate::api::import::ImportedTicket;
use crate::domain::Timestamp;
use crate::domain::article::{ArticleText, GuideStep};
use crate::domain::limits::{Line, TicketKind};
use crate::words;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Longest title, characters: the backend's own limit.
const LONGEST_TITLE: usize = 200;
/// Stands where something was cut.
const CUT: &str = "〔…〕";

/// A row, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Mapped {
    /// 工单.
    Ticket(Box<ImportedTicket>),
    /// 知识条目.
    Article(Box<NewArticle>),
}

impl Mapped {
    /// The id the source gave it.
    pub fn external_id(&self) -> &str {
        match self {
            Mapped::Ticket(ticket) => &ticket.external_id,
            Mapped::Article(article) => article.external_id.as_deref().unwrap_or_default(),
        }
    }
}

/// Values of a row by field, while reasons against it are gathered.
struct Values<'a> {
    map: &'a Map,
    cells: &'a Cells,
    against: Vec<String>,
    notes: Vec<String>,
}

impl Map {
    /// What this row becomes, with notes on what had to be cut or moved.
    pub(super) fn row(&self, cells: &Cells) -> Result<(Mapped, Vec<String>), String> {
        let mut values = Values { map: self, cells, against: Vec::new(), notes: Vec::new() };
        let mapped = match self.target {
            Target::Tickets => values.ticket().map(|ticket| Mapped::Ticket(Box::new(ticket))),
            Target::Articles => values.article().map(|article| Mapped::Article(Box::new(article))),
        };
        match mapped {
            Some(mapped) if values.against.is_empty() => Ok((mapped, values.notes)),
            _ => Err(values.against.join("; ")),
        }
    }
}

impl Values<'_> {
    fn source(&self, name: &str) -> Option<&Source> {
        self.map.fields.one.get(name)
    }

    fn take<T: Default>(&mut self, name: &str, read: impl Fn(&Source, &Cells) -> Result<T, String>) -> T {
        let value = match self.source(name) {
            Some(source) => read(source, self.cells),
            None => return T::default(),
        };
        value.unwrap_or_else(|why| {
            self.against.push(format!("{name}: {why}"));
            T::default()
        })
    }

    /// Words; empty where there are none. A NUL cannot be stored anywhere.
    fn text(&mut self, name: &str) -> String {
        let text = self.take(name, |source, cells| source.text(cells));
        self.clean(name, text)
    }

    fn clean(&mut self, name: &str, text: String) -> String {
        if text.contains('\0') {
            self.against.push(format!("{name}: {}", words!("cli-has-nul")));
        }
        text
    }

    fn maybe(&mut self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    fn time(&mut self, name: &str) -> Option<Timestamp> {
        let offset = self.map.offset;
        self.take(name, |source, cells| source.time(cells, offset))
    }

    fn date(&mut self, name: &str) -> Option<NaiveDate> {
        self.take(name, |source, cells| source.date(cells))
    }

    /// A code; the map's own codes were judged when it was read, a column's may still be anything.
    fn code<T>(&mut self, name: &str, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.maybe(name)?;
        let found = from_code(&text);
        if found.is_none() {
            let field = fields::fields(self.map.target).iter().find(|field| field.name == name);
            let known = match field.map(|field| field.takes) {
                Some(Takes::Code(codes)) => codes().join(", "),
                _ => String::new(),
            };
            self.against.push(words!("cli-unknown-code", key = name, value = super::source::shortened(&text), known = known, hint = ""));
        }
        found
    }

    /// Every required field that came out empty is one more reason, unless it has one already.
    fn required(&mut self, name: &str, there: bool) {
        if !there && !self.against.iter().any(|why| why.starts_with(name)) {
            self.against.push(words!("cli-field-empty", key = name));
        }
    }

    fn title(&mut self) -> String {
        let title = self.text("title").replace(['\r', '\n'], " ");
        self.required("title", !title.is_empty());
        match title.char_indices().nth(LONGEST_TITLE) {
            None => title,
            Some(_) => {
                self.notes.push(words!("cli-title-cut", limit = LONGEST_TITLE));
                title.chars().take(LONGEST_TITLE - 1).chain(['…']).collect()
            }
        }
    }

    fn fitted(&mut self, name: &str) -> String {
        let text = self.text(name);
        self.fitting(name, text)
    }

    fn fitting(&mut self, name: &str, mut text: String) -> String {
        if text.len() > LONGEST_TEXT {
            self.notes.push(words!("cli-text-cut", key = name, bytes = text.len()));
            text.truncate(text.floor_char_boundary(LONGEST_TEXT - CUT.len()));
            text.push_str(CUT);
        }
        text
    }

    fn ticket(&mut self) -> Option<ImportedTicket> {
        let external_id = self.text("external_id");
        self.required("external_id", !external_id.is_empty());
        let kind = self.code("kind", TicketKind::from_code);
        self.required("kind", kind.is_some());
        let line = self.code("line", Line::from_code).unwrap_or_default();
        let title = self.title();
        let mut body = self.text("body");
        let accepted_at = self.time("accepted_at");
        self.required("accepted_at", accepted_at.is_some());
        let replied_at = self.time("replied_at");
        let mut reply = self.maybe("reply");
        if let (Some(accepted), Some(replied)) = (accepted_at, replied_at)
            && replied < accepted
        {
            self.against.push(words!("cli-reply-before", replied = city(replied), accepted = city(accepted)));
        }
        if replied_at.is_none()
            && let Some(words) = reply.take()
        {
            // A reply without a time cannot be an event; its words stay with the matter, and the matter stays open.
            self.notes.push(words!("cli-reply-without-time"));
            body = format!("{body}\n〔原有答复，时间不明〕{words}");
        }
        let body = self.fitting("body", body);
        // A reply whose words are not in the file happened all the same.
        let reply = replied_at.map(|_| reply.unwrap_or_default()).map(|reply| self.fitting("reply", reply));
        let (urgent_class, place, unit) = (self.maybe("urgent_class"), self.maybe("place"), self.maybe("unit"));
        Some(ImportedTicket { external_id, kind: kind?, line, urgent_class, title, body, place, unit, accepted_at: accepted_at?, replied_at, reply })
    }

    fn article(&mut self) -> Option<NewArticle> {
        let external_id = self.text("external_id");
        self.required("external_id", !external_id.is_empty());
        let level = self.code("level", |code| LEVELS.iter().find(|(name, _)| *name == code).map(|(_, level)| *level));
        self.required("level", level.is_some());
        let (effective, expiry) = (self.date("effective"), self.date("expiry"));
        if let (Some(effective), Some(expiry)) = (effective, expiry)
            && expiry < effective
        {
            self.against.push(words!("cli-expiry-before", expiry = expiry.to_string(), effective = effective.to_string()));
        }
        let mut keywords: Vec<String> = Vec::new();
        for word in self.take("keywords", |source, cells| source.list(cells)) {
            if !keywords.contains(&word) {
                keywords.push(word);
            }
        }
        let mut text = ArticleText {
            title: self.title(),
            document_number: self.fitted("document_number"),
            issuer: self.fitted("issuer"),
            keywords,
            plain_answer: self.fitted("plain_answer"),
            clause: self.fitted("clause"),
            steps: Vec::new(),
        };
        for step in &self.map.fields.steps {
            let mut step = self.step(step);
            for field in [&mut step.what, &mut step.who, &mut step.materials, &mut step.fee, &mut step.time] {
                *field = self.fitting("steps", std::mem::take(field));
            }
            if !step.what.is_empty() {
                text.steps.push(step);
            }
        }
        self.fit_article(&mut text);
        let (code, owner, successor) = (self.maybe("code"), self.maybe("owner"), self.maybe("successor"));
        Some(NewArticle { code, external_id: Some(external_id), level: level?, effective, expiry, owner, successor, text })
    }

    fn step(&mut self, sources: &BTreeMap<&'static str, Source>) -> GuideStep {
        let mut text = |name: &str| match sources.get(name).map(|source| source.text(self.cells)) {
            None => String::new(),
            Some(Ok(text)) => self.clean(name, text),
            Some(Err(why)) => {
                self.against.push(format!("steps.{name}: {why}"));
                String::new()
            }
        };
        GuideStep { what: text("what"), who: text("who"), materials: text("materials"), fee: text("fee"), time: text("time") }
    }

    /// Cuts the longer of clause and answer, then the other one if need be, so that the whole fits as JSON, which is how it
    /// is kept.
    fn fit_article(&mut self, text: &mut ArticleText) {
        let size = |text: &ArticleText| serde_json::to_string(text).map_or(0, |json| json.len());
        let before = size(text);
        let mut over = before.saturating_sub(LONGEST_ARTICLE);
        for _ in 0..2 {
            if over == 0 {
                break;
            }
            let (name, longer) = if text.clause.len() >= text.plain_answer.len() { ("clause", &mut text.clause) } else { ("plain_answer", &mut text.plain_answer) };
            let mut room = longer.chars().map(json_bytes).sum::<usize>().saturating_sub(over + CUT.len());
            let kept = longer.char_indices().find(|(_, c)| room.checked_sub(json_bytes(*c)).map(|left| room = left).is_none());
            longer.truncate(kept.map_or(longer.len(), |(at, _)| at));
            longer.push_str(CUT);
            self.notes.push(words!("cli-text-cut", key = name, bytes = before));
            over = size(text).saturating_sub(LONGEST_ARTICLE);
        }
        if over > 0 {
            self.against.push(words!("cli-article-too-long", bytes = before));
        }
    }
}

/// What a character takes inside a JSON text, bytes.
fn json_bytes(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\x1f' => 6,
        _ => c.len_utf8(),
    }
}

fn city(at: Timestamp) -> String {
    at.with_timezone(&crate::domain::city_offset()).format("%Y-%m-%d %H:%M").to_string()
}
