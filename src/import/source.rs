//! Applies a source to a row: pure, no file and no clock. Every refusal says what was found.
use super::map::{From, Rule, Source};
use super::rows::Cells;
use crate::domain::Timestamp;
use crate::words;
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};

/// Longest piece of a value that a refusal repeats, characters.
const REPEATED: usize = 60;

/// What stands between several values that become one text.
const BETWEEN: &str = "、";

impl Source {
    /// The value as one text; empty where there is none.
    pub(super) fn text(&self, cells: &Cells) -> Result<String, String> {
        Ok(self.list(cells)?.join(BETWEEN))
    }

    /// The values; none where there is none.
    pub(super) fn list(&self, cells: &Cells) -> Result<Vec<String>, String> {
        let raw = match &self.from {
            From::Constant(text) => vec![text.clone()],
            From::Column(column) => cells.texts(column)?,
            From::Parts { parts, join } if self.splits() => {
                let mut found = Vec::new();
                for part in parts {
                    found.extend(part.list(cells)?);
                }
                let _ = join;
                found
            }
            From::Parts { parts, join } => {
                let mut found = Vec::new();
                for part in parts {
                    let text = part.text(cells)?;
                    if !text.is_empty() {
                        found.push(text);
                    }
                }
                vec![found.join(join)]
            }
        };
        let there = raw.iter().map(|text| text.trim()).filter(|text| !text.is_empty() && !self.empty.iter().any(|empty| empty == text));
        let mut found = Vec::new();
        for text in there {
            match &self.rule {
                Rule::Split(characters) => found.extend(text.split(|c| characters.contains(c)).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)),
                rule => found.push(self.ruled(rule, text)?),
            }
        }
        if found.is_empty() {
            found.extend(self.default.clone());
        }
        if !self.prefix.is_empty() && let Some(first) = found.first_mut() {
            first.insert_str(0, &self.prefix);
        }
        Ok(found)
    }

    fn splits(&self) -> bool {
        matches!(self.rule, Rule::Split(_))
    }

    fn ruled(&self, rule: &Rule, text: &str) -> Result<String, String> {
        let found = match rule {
            Rule::Keep | Rule::Dates(_) | Rule::Split(_) => return Ok(text.to_owned()),
            Rule::Limit => return limit(text).ok_or_else(|| words!("cli-bad-limit", value = shortened(text))),
            Rule::Table(rows) => rows.get(text),
            Rule::Contains(rows) => rows.iter().find(|(has, _)| text.contains(has)).map(|(_, is)| is),
        };
        found.or(self.default.as_ref()).cloned().ok_or_else(|| words!("cli-not-in-table", value = shortened(text)))
    }

    /// The value as a moment.
    pub(super) fn time(&self, cells: &Cells, offset: FixedOffset) -> Result<Option<Timestamp>, String> {
        let Some(local) = self.local(cells)? else { return Ok(None) };
        Ok(offset.from_local_datetime(&local).single().map(|at| at.with_timezone(&Utc)))
    }

    /// The value as a date.
    pub(super) fn date(&self, cells: &Cells) -> Result<Option<NaiveDate>, String> {
        Ok(self.local(cells)?.map(|local| local.date()))
    }

    fn local(&self, cells: &Cells) -> Result<Option<NaiveDateTime>, String> {
        let text = self.text(cells)?;
        let Rule::Dates(formats) = &self.rule else { return Ok(None) };
        if text.is_empty() {
            return Ok(None);
        }
        let whole = |format: &String| NaiveDateTime::parse_from_str(&text, format).ok();
        let day = |format: &String| NaiveDate::parse_from_str(&text, format).ok().map(|date| date.and_time(NaiveTime::MIN));
        let found = formats.iter().find_map(|format| whole(format).or_else(|| day(format)));
        // A time before 1949 or far ahead is a slip of the pen, and must not overflow anything later.
        let sensible = found.filter(|local| (1949..=2999).contains(&chrono::Datelike::year(local)));
        sensible.map(Some).ok_or_else(|| words!("cli-bad-time", value = shortened(&text), formats = formats.join(", ")))
    }
}

/// `20(工作日)` → `20 个工作日`, `3(自然日)` → `3 个自然日`, `无` → `无时限规定`; none for anything else.
fn limit(text: &str) -> Option<String> {
    if text == "无" {
        return Some("无时限规定".to_owned());
    }
    let (count, unit) = text.split_once(['(', '（'])?;
    let count: u32 = count.trim().parse().ok()?;
    match unit.trim_end_matches([')', '）']).trim() {
        unit @ ("工作日" | "自然日") => Some(format!("{count} 个{unit}")),
        _ => None,
    }
}

/// A value short enough to repeat.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::limit;

    #[test]
    fn limits_are_told_apart() {
        assert_eq!(limit("20(工作日)").as_deref(), Some("20 个工作日"));
        assert_eq!(limit("3（自然日）").as_deref(), Some("3 个自然日"));
        assert_eq!(limit("无").as_deref(), Some("无时限规定"));
        for bad in ["", "20", "20(月)", "(工作日)", "-1(工作日)"] {
            assert_eq!(limit(bad), None, "{bad}");
        }
    }
}
