//! A paste is data. A terminal that does not take `ESC[201~` out of what it pastes ends the paste in the middle: the rest
//! then arrives as keys, faster than any hand. Such keys are text as well. Not here: where the text goes.
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::{Stream, StreamExt};
use std::io;
use std::time::Duration;

/// The most bytes of one paste that are taken.
pub const LONGEST: usize = 64 * 1024;
/// No hand presses a key this soon after a paste.
const AT_ONCE: Duration = Duration::from_millis(30);
/// Once something has come too soon to be a key: a long paste arrives in pieces.
const BETWEEN_PIECES: Duration = Duration::from_millis(250);

/// The whole paste that began with `first`, and the last new size of the window that came meanwhile.
pub async fn whole(first: String, events: &mut (impl Stream<Item = io::Result<Event>> + Unpin)) -> (String, Option<(u16, u16)>) {
    let (mut text, mut size, mut patience) = (first, None, AT_ONCE);
    while let Ok(Some(Ok(event))) = tokio::time::timeout(patience, events.next()).await {
        let more = match event {
            Event::Paste(more) => more,
            Event::Key(key) if key.kind != KeyEventKind::Release => typed(key),
            Event::Resize(columns, rows) => {
                size = Some((columns, rows));
                continue;
            }
            _ => continue,
        };
        patience = BETWEEN_PIECES;
        // Behind the cut it is enough to know that there was more.
        if text.len() <= LONGEST {
            text.push_str(&more);
        }
    }
    (text, size)
}

/// The text a key stood for before it was taken for one.
fn typed(key: KeyEvent) -> String {
    let alt = if key.modifiers.contains(KeyModifiers::ALT) { "\x1b" } else { "" };
    let c = match key.code {
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::CONTROL) && c.is_ascii() => char::from(c as u8 & 0x1f),
        KeyCode::Char(c) => c,
        KeyCode::Enter => '\n',
        KeyCode::Tab => '\t',
        KeyCode::Esc => '\x1b',
        KeyCode::Backspace => '\x7f',
        _ => return String::new(),
    };
    format!("{alt}{c}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> io::Result<Event> {
        Ok(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[tokio::test]
    async fn keys_too_soon_after_a_paste_are_its_text() {
        let soon = vec![
            key(KeyCode::Enter, KeyModifiers::NONE),
            key(KeyCode::Char('d'), KeyModifiers::ALT),
            key(KeyCode::Char('q'), KeyModifiers::CONTROL),
            key(KeyCode::F(4), KeyModifiers::NONE),
            Ok(Event::Resize(100, 40)),
            Ok(Event::Paste("丙".into())),
        ];
        let mut events = futures_util::stream::iter(soon).chain(futures_util::stream::pending());
        let (text, size) = whole("甲".into(), &mut events).await;
        assert_eq!((text.as_str(), size), ("甲\n\x1bd\x11丙", Some((100, 40))));
    }
}
