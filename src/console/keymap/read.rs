//! Reads a keymap file with every fault at its line.
//!
//! The shape: an optional `inherits = "default"`, then one list of rows per context:
//! `queue = [ { on = "enter", run = "open", help = "…" } ]`. A row of the file takes the place of the
//! inherited rows it collides with; `run = "nothing"` only takes them away.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::hint::did_you_mean;
use crate::config::located::{Fault, Faults};
use crate::words;

use super::{Action, Chord, Context, Keymap, Row, SHIPPED, parse_sequence, print_sequence};

/// `run = "nothing"` unbinds an inherited key.
const UNBIND: &str = "nothing";

/// A good row of the file itself, before inheritance.
struct Written {
    context: Context,
    chords: Vec<Chord>,
    on: String,
    place: Range<usize>,
    action: Option<Action>,
    help: Option<String>,
}

pub(super) fn read(file: &str, text: &str) -> Result<Keymap, Vec<Fault>> {
    let mut faults = Faults::new(file, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What a broken file seems to say is not worth judging.
        faults.toml_errors(errors);
        return Err(faults.finish().err().unwrap_or_default());
    }
    let mut inherited = Vec::new();
    let mut written: Vec<Written> = Vec::new();
    for (key, value) in document.get_ref() {
        let (name, place): (&str, _) = (key.get_ref(), key.span());
        if name == "inherits" {
            inherited = inherit(value, &mut faults);
        } else if let Some(context) = Context::from_name(name) {
            read_context(context, value, &mut written, &mut faults);
        } else {
            let known = Context::ALL.iter().map(|context| context.name());
            let hint = did_you_mean(name, known.chain(["inherits"]));
            faults.note(&place, words!("fault-context", name = name, hint = hint));
        }
    }
    judge_collisions(&written, &mut faults);
    let rows = merge(inherited, written);
    // In raw mode no signal key works: without this a person could not leave at all.
    let can_leave = rows.iter().any(|(context, row)| {
        *context == Context::Global && row.action == Action::AppQuit && !row.chords[0].types_text()
    });
    if !can_leave {
        faults.note(
            &(0..0),
            words!("fault-no-way-out"),
        );
    }
    faults.finish()?;
    Ok(Keymap::from_rows(rows))
}

fn inherit(value: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Vec<(Context, Row)> {
    let DeValue::String(name) = value.get_ref() else {
        faults.note(
            &value.span(),
            words!("fault-inherits-keymap-text"),
        );
        return Vec::new();
    };
    let shipped = SHIPPED.iter().find(|(known, _)| *known == name.as_ref());
    let Some((known, text)) = shipped else {
        let hint = did_you_mean(name, SHIPPED.iter().map(|(known, _)| *known));
        faults.note(
            &value.span(),
            words!("fault-inherits-keymap", name = name.as_ref(), hint = hint),
        );
        // Judge the rest as if the built-in one had been meant.
        return every_row(Keymap::built_in());
    };
    // A shipped file is good (a test reads each), so its faults need no telling here.
    let Ok(keymap) = read(known, text) else {
        return Vec::new();
    };
    every_row(&keymap)
}

fn every_row(keymap: &Keymap) -> Vec<(Context, Row)> {
    let contexts = Context::ALL.iter();
    contexts
        .flat_map(|context| {
            keymap
                .rows(*context)
                .iter()
                .map(|row| (*context, row.clone()))
        })
        .collect()
}

fn read_context(
    context: Context,
    value: &Spanned<DeValue<'_>>,
    written: &mut Vec<Written>,
    faults: &mut Faults<'_>,
) {
    let name = context.name();
    let DeValue::Array(rows) = value.get_ref() else {
        faults.note(
            &value.span(),
            words!("fault-rows", name = name),
        );
        return;
    };
    for row in rows.iter() {
        match row.get_ref() {
            DeValue::Table(fields) => written.extend(read_row(context, fields, row.span(), faults)),
            _ => faults.note(
                &row.span(),
                words!("fault-row", name = name),
            ),
        }
    }
}

fn read_row(
    context: Context,
    fields: &DeTable<'_>,
    place: Range<usize>,
    faults: &mut Faults<'_>,
) -> Option<Written> {
    let name = context.name();
    let on = string_field(fields, "on").map(|(text, _)| text);
    // Every fault of a row begins with its place in the map.
    let label = match on {
        Some(on) => format!("[{name}] \"{on}\""),
        None => format!("[{name}]"),
    };
    for (key, value) in fields {
        let field: &str = key.get_ref();
        if !["on", "run", "help"].contains(&field) {
            let hint = did_you_mean(field, ["on", "run", "help"]);
            faults.note(
                &key.span(),
                words!("fault-field", place = label.as_str(), field = field, hint = hint),
            );
        } else if !matches!(value.get_ref(), DeValue::String(_)) {
            faults.note(
                &value.span(),
                words!("fault-field-text", place = label.as_str(), field = field),
            );
        }
    }
    for needed in ["on", "run"] {
        if !fields.iter().any(|(key, _)| key.get_ref() == needed) {
            faults.note(&place.clone(), words!("fault-field-missing", place = label.as_str(), field = needed));
        }
    }
    let action = string_field(fields, "run").and_then(|(run, place)| {
        if run == UNBIND {
            return Some(None);
        }
        let action = Action::from_name(run);
        if action.is_none() {
            let known = Action::ALL.iter().map(|action| action.name());
            let hint = did_you_mean(run, known.chain([UNBIND]));
            faults.note(&place, words!("fault-action", place = label.as_str(), name = run, hint = hint));
        }
        action.map(Some)
    });
    let (on, place) = string_field(fields, "on")?;
    let chords = match parse_sequence(on) {
        Ok(chords) => chords,
        Err(reason) => {
            faults.note(&place, words!("fault-chord", place = label.as_str(), why = reason));
            return None;
        }
    };
    if context.types_text() && chords[0].types_text() {
        faults.note(
            &place,
            words!("fault-typing", place = label.as_str()),
        );
        return None;
    }
    Some(Written {
        context,
        chords,
        on: on.to_owned(),
        place,
        action: action?,
        help: string_field(fields, "help").map(|(help, _)| help.to_owned()),
    })
}

fn string_field<'t>(fields: &'t DeTable<'_>, name: &str) -> Option<(&'t str, Range<usize>)> {
    let (_, value) = fields.iter().find(|(key, _)| key.get_ref() == name)?;
    match value.get_ref() {
        DeValue::String(text) => Some((text.as_ref(), value.span())),
        _ => None,
    }
}

/// The same chord twice, and a chord that hides behind another, within one context of one file.
fn judge_collisions(written: &[Written], faults: &mut Faults<'_>) {
    for (index, row) in written.iter().enumerate() {
        let label = format!("[{}] \"{}\"", row.context.name(), row.on);
        for earlier in written[..index]
            .iter()
            .filter(|earlier| earlier.context == row.context)
        {
            let other = print_sequence(&earlier.chords);
            if earlier.chords == row.chords {
                faults.note(&row.place.clone(), words!("fault-twice", place = label.as_str()));
            } else if earlier.chords.starts_with(&row.chords) {
                faults.note(
                    &row.place.clone(),
                    words!("fault-prefix-of", place = label.as_str(), other = other),
                );
            } else if row.chords.starts_with(&earlier.chords) {
                faults.note(
                    &row.place.clone(),
                    words!("fault-has-prefix", place = label.as_str(), other = other),
                );
            }
        }
    }
}

fn merge(inherited: Vec<(Context, Row)>, written: Vec<Written>) -> Vec<(Context, Row)> {
    let collides = |context: Context, chords: &[Chord]| {
        written.iter().any(|row| {
            row.context == context
                && (row.chords.starts_with(chords) || chords.starts_with(&row.chords))
        })
    };
    let kept: Vec<_> = inherited
        .into_iter()
        .filter(|(context, row)| !collides(*context, &row.chords))
        .collect();
    let own = written.into_iter().filter_map(|row| {
        let action = row.action?;
        Some((
            row.context,
            Row {
                chords: row.chords,
                action,
                own_help: row.help,
            },
        ))
    });
    // A person's own rows come first, so that help and status line show their keys.
    own.chain(kept).collect()
}
