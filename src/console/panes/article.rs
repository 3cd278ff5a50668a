//! 知识正文 (article): what to read aloud, the steps, the clause behind it, and whether it still holds.
use super::knowledge::section;
use super::terms;
use crate::api::articles::ArticleRow;
use crate::console::app::App;
use crate::console::look::{Glyph, Role};
use crate::console::model::Pane;
use crate::console::times;
use crate::console::widgets::Painter;
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

/// A drawn line: what stands in it.
enum Line {
    Blank,
    Section(String, String),
    Text(String, Role),
    Step(usize, String, String),
}

/// Draws the article. `whole`: it has a pane of its own.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect, whole: bool) {
    let knowledge = &app.model.knowledge;
    let focused = app.model.focus() == Pane::Article && app.model.prompt.is_none();
    let Some(article) = &knowledge.article else {
        if whole {
            painter.heading(area, &words!("pane-article"), focused, "", &[], &[]);
        }
        let text = if knowledge.opening.is_some() { words!("loading") } else { words!("empty-article") };
        painter.put(area.x + 2, area.y + u16::from(whole), area.width.saturating_sub(3), &text, Role::Muted);
        return;
    };
    let now = app.now();
    let today = times::city(now).date_naive();
    let expired = article.expiry.is_some_and(|expiry| expiry < today);
    let validity = match article.expiry {
        Some(expiry) if expired => words!("article-expired-on", date = times::day(expiry, now)),
        Some(expiry) => words!("article-valid-until", date = expiry.to_string()),
        None => words!("article-valid"),
    };
    let edition = words!("article-edition", edition = article.revision);
    let facts = format!("{edition} · {validity}");
    let owner = article.owner.as_ref().and_then(|code| app.model.names.units.of(code)).map_or_else(|| article.text.issuer.clone(), |unit| unit.label.clone());
    let role = if expired { Role::Warn } else { Role::Muted };
    painter.heading(area, &article.code, focused, "", &[(&facts, role)], &[(&owner, Role::Muted)]);
    let lines = lines(app, article, expired, usize::from(area.width.saturating_sub(4)), painter);
    let room = usize::from(area.height.saturating_sub(1));
    let top = knowledge.scroll.min(lines.len().saturating_sub(room));
    for (row, line) in lines.iter().skip(top).take(room).enumerate() {
        let y = area.y + 1 + u16::try_from(row).unwrap_or(0);
        match line {
            Line::Blank => {}
            Line::Section(name, hint) => section(painter, area, y, name, hint, ""),
            Line::Text(text, role) => drop(painter.put(area.x + 2, y, area.width - 3, text, *role)),
            Line::Step(number, what, who) => {
                painter.put_right(area.x + 5, y, &number.to_string(), Role::Muted);
                let end = painter.put_right_half(area.x + 7, area.right() - 1, y, who, Role::Muted);
                painter.put(area.x + 7, y, end.saturating_sub(area.x + 8), what, Role::Text);
            }
        }
    }
    if top + room < lines.len() {
        painter.put_right(area.right() - 1, area.bottom() - 1, painter.glyph(Glyph::Cut), Role::Accent);
    }
}

fn lines(app: &App, article: &ArticleRow, expired: bool, cells: usize, painter: &Painter<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    let ambiguous = painter.ambiguous();
    let text = |lines: &mut Vec<Line>, words: &str, role: Role| {
        lines.extend(wrap(words, cells, ambiguous).into_iter().map(|line| Line::Text(line, role)));
    };
    lines.push(Line::Blank);
    text(&mut lines, &article.text.title, Role::Priority);
    if expired {
        // Never shown as current: the warning stands before the words one would read aloud.
        let warning = match &article.successor {
            Some(successor) => words!("article-replaced-by", code = successor.as_str()),
            None => words!("article-no-successor"),
        };
        text(&mut lines, &warning, Role::Warn);
    }
    if !article.text.plain_answer.is_empty() {
        lines.push(Line::Blank);
        let hint = app.model.current_call().filter(|call| call.pins.iter().any(|pin| pin.article == article.id));
        let hint = hint.map(|_| words!("article-is-pinned")).unwrap_or_default();
        lines.push(Line::Section(words!("article-read-aloud"), hint));
        text(&mut lines, &article.text.plain_answer, if expired { Role::Muted } else { Role::Strong });
    }
    if !article.text.steps.is_empty() {
        lines.push(Line::Blank);
        lines.push(Line::Section(words!("article-steps-heading"), String::new()));
        for (at, step) in article.text.steps.iter().enumerate() {
            lines.push(Line::Step(at + 1, step.what.clone(), step.who.clone()));
            let facts = [(words!("article-materials"), &step.materials), (words!("article-fee"), &step.fee), (words!("article-takes"), &step.time)];
            let facts: Vec<String> = facts.iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| format!("{label} {value}")).collect();
            for line in wrap(&facts.join("  "), cells.saturating_sub(5), ambiguous) {
                if !line.is_empty() {
                    lines.push(Line::Text(format!("     {line}"), Role::Faint));
                }
            }
        }
    }
    lines.push(Line::Blank);
    lines.push(Line::Section(words!("article-basis"), String::new()));
    if !article.text.clause.is_empty() {
        text(&mut lines, &article.text.clause, Role::Text);
    }
    let effective = article.effective.map(|date| words!("article-effective", date = date.to_string()));
    let facts = [article.text.issuer.clone(), article.text.document_number.clone(), terms::level(article.level), effective.unwrap_or_default()];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    text(&mut lines, &facts.join(" · "), Role::Muted);
    lines
}
