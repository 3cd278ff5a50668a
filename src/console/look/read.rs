//! Reads a theme file with every fault at its line.
//!
//! The shape: an optional `inherits`, a `[palette]` of named colours, and `[roles]`, each
//! `{ fg = "accent", bg = "#1b2128", bold = true, underline = true, reverse = true }`.
//! A palette changed by an inheriting theme changes the inherited roles with it.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Role, SHIPPED, parse_colour};
use crate::config::located::{Fault, Faults};
use crate::console::keymap::hint::did_you_mean;
use crate::words;

/// A role as written: names of colours, not yet colours.
#[derive(Clone, Default)]
struct Written {
    foreground: Option<(String, Range<usize>)>,
    background: Option<(String, Range<usize>)>,
    modifiers: Modifier,
}

/// A theme as written, with what it inherits.
#[derive(Clone, Default)]
struct Draft {
    palette: BTreeMap<String, Color>,
    roles: BTreeMap<&'static str, (Role, Written)>,
}

/// The style of every role, by `Role as usize`.
pub(super) fn read(file: &str, text: &str) -> Result<Vec<Style>, Vec<Fault>> {
    let mut faults = Faults::new(file, text);
    let draft = read_draft(text, &mut faults);
    let styles = Role::ALL
        .iter()
        .map(|role| resolve(*role, &draft, &mut faults))
        .collect();
    faults.finish()?;
    Ok(styles)
}

fn read_draft(text: &str, faults: &mut Faults<'_>) -> Draft {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        faults.toml_errors(errors);
        return inherited_draft(SHIPPED[0].1);
    }
    let document = document.get_ref();
    let mut draft = match document.get("inherits") {
        Some(value) => inherit(value, faults),
        None => Draft::default(),
    };
    for (key, value) in document {
        let name: &str = key.get_ref();
        match (name, value.get_ref()) {
            ("inherits", _) => {}
            ("palette", DeValue::Table(colours)) => read_palette(colours, &mut draft, faults),
            ("roles", DeValue::Table(roles)) => read_roles(roles, &mut draft, faults),
            ("palette" | "roles", _) => {
                faults.note(&value.span(), words!("fault-table", name = name))
            }
            _ => {
                let hint = did_you_mean(name, ["inherits", "palette", "roles"]);
                faults.note(&key.span(), words!("fault-unknown-table", name = name, hint = hint));
            }
        }
    }
    draft
}

fn inherited_draft(text: &str) -> Draft {
    // A shipped theme is good (a test reads each), so its faults need no telling here; and the
    // places of its colours lie in another file.
    let mut draft = read_draft(text, &mut Faults::new("", text));
    for (_, written) in draft.roles.values_mut() {
        for (_, place) in [&mut written.foreground, &mut written.background]
            .into_iter()
            .flatten()
        {
            *place = 0..0;
        }
    }
    draft
}

fn inherit(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Draft {
    let DeValue::String(name) = value.get_ref() else {
        faults.note(
            &value.span(),
            words!("fault-inherits-theme-text"),
        );
        return Draft::default();
    };
    match SHIPPED.iter().find(|(known, _)| *known == name.as_ref()) {
        Some((_, text)) => inherited_draft(text),
        None => {
            let hint = did_you_mean(name, SHIPPED.iter().map(|(known, _)| *known));
            faults.note(
                &value.span(),
                words!("fault-inherits-theme", name = name.as_ref(), hint = hint),
            );
            // Judge the rest as if the main theme had been meant, else every role would be missing.
            inherited_draft(SHIPPED[0].1)
        }
    }
}

fn read_palette(colours: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
    for (key, value) in colours {
        let name: &str = key.get_ref();
        let DeValue::String(text) = value.get_ref() else {
            faults.note(
                &value.span(),
                words!("fault-palette-text", name = name),
            );
            continue;
        };
        match parse_colour(text) {
            Ok(colour) => {
                draft.palette.insert(name.to_owned(), colour);
            }
            Err(reason) => {
                faults.note(&value.span(), words!("fault-palette", name = name, why = reason));
                // Known by name, so that each use of it is not one more fault.
                draft.palette.insert(name.to_owned(), Color::Reset);
            }
        }
    }
}

fn read_roles(roles: &DeTable<'_>, draft: &mut Draft, faults: &mut Faults<'_>) {
    for (key, value) in roles {
        let name: &str = key.get_ref();
        let Some(role) = Role::from_name(name) else {
            let hint = did_you_mean(name, Role::ALL.iter().map(|role| role.name()));
            faults.note(&key.span(), words!("fault-role", name = name, hint = hint));
            continue;
        };
        let DeValue::Table(fields) = value.get_ref() else {
            faults.note(
                &value.span(),
                words!("fault-role-shape", name = name),
            );
            continue;
        };
        draft
            .roles
            .insert(role.name(), (role, read_role(name, fields, faults)));
    }
}

fn read_role(name: &str, fields: &DeTable<'_>, faults: &mut Faults<'_>) -> Written {
    let mut written = Written::default();
    for (key, value) in fields {
        let field: &str = key.get_ref();
        match (field, value.get_ref()) {
            ("fg", DeValue::String(colour)) => {
                written.foreground = Some((colour.to_string(), value.span()))
            }
            ("bg", DeValue::String(colour)) => {
                written.background = Some((colour.to_string(), value.span()))
            }
            ("bold", DeValue::Boolean(on)) => written.modifiers.set(Modifier::BOLD, *on),
            ("underline", DeValue::Boolean(on)) => written.modifiers.set(Modifier::UNDERLINED, *on),
            ("reverse", DeValue::Boolean(on)) => written.modifiers.set(Modifier::REVERSED, *on),
            ("fg" | "bg", _) => faults.note(
                &value.span(),
                words!("fault-role-colour", name = name, field = field),
            ),
            ("bold" | "underline" | "reverse", _) => {
                faults.note(
                    &value.span(),
                    words!("fault-role-switch", name = name, field = field),
                );
            }
            _ => {
                let hint = did_you_mean(field, ["fg", "bg", "bold", "underline", "reverse"]);
                faults.note(
                    &key.span(),
                    words!("fault-role-field", name = name, field = field, hint = hint),
                );
            }
        }
    }
    written
}

fn resolve(role: Role, draft: &Draft, faults: &mut Faults<'_>) -> Style {
    // The table of roles has no circles (a test walks it), so this ends.
    let mut named = role;
    let written = loop {
        if let Some((_, written)) = draft.roles.get(named.name()) {
            break written;
        }
        match named.fallback() {
            Some(next) => named = next,
            None => {
                faults.note(
                    &(0..0),
                    words!("fault-role-needed", name = named.name()),
                );
                return Style::new();
            }
        }
    };
    let mut colour_of = |place: &Option<(String, Range<usize>)>| {
        let (name, place) = place.as_ref()?;
        if let Some(colour) = draft.palette.get(name) {
            return Some(*colour);
        }
        match parse_colour(name) {
            Ok(colour) => Some(colour),
            Err(reason) => {
                let hint = did_you_mean(name, draft.palette.keys().map(String::as_str));
                let reason = if hint.is_empty() {
                    reason
                } else {
                    words!("fault-colour-name", value = name.as_str(), hint = hint)
                };
                faults.note(&place.clone(), words!("fault-role-why", name = named.name(), why = reason));
                None
            }
        }
    };
    Style {
        fg: colour_of(&written.foreground),
        bg: colour_of(&written.background),
        ..Style::new().add_modifier(written.modifiers)
    }
}
