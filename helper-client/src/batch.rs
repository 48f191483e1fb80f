//! Input cut to what one message may hold.

use seal::{Event, Input};

/// Text without keys, in events of a length that one may have; no letter is cut.
pub(crate) fn texts(text: &str) -> Vec<Event> {
    let (mut events, mut rest) = (vec![], text);
    while !rest.is_empty() {
        let event = wire::cut(rest, Input::MAX_TEXT);
        events.push(Event::Text(event.to_owned()));
        rest = rest.get(event.len()..).unwrap_or_default();
    }
    events
}

/// Events in messages that fit channel `input` (SPEC 4): at most [`EVENTS`], and at most [`TEXT`] bytes of text.
pub(crate) fn batches(events: Vec<Event>) -> Vec<Vec<Event>> {
    let (mut all, mut last, mut bytes) = (vec![], vec![], 0);
    for event in events {
        let size = bytes_of_text(&event);
        if last.len() >= EVENTS || bytes + size > TEXT {
            all.push(std::mem::take(&mut last));
            bytes = 0;
        }
        bytes += size;
        last.push(event);
    }
    all.push(last);
    all.retain(|batch| !batch.is_empty());
    all
}

fn bytes_of_text(event: &Event) -> usize {
    match event {
        Event::Text(text) => text.len(),
        Event::Key { text, .. } => text.as_ref().map_or(0, String::len),
        Event::Move { .. } | Event::Button { .. } | Event::Wheel { .. } | Event::ReleaseAll => 0,
    }
}

const EVENTS: usize = 64;
const TEXT: usize = 3000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_fits_its_channel() {
        let text = "жук ".repeat(1500);
        let mut events = texts(&text);
        events.extend((0..200).map(|x| Event::Move { x, y: 0 }));
        let batches = batches(events.clone());
        assert_eq!(batches.concat(), events);
        for events in batches {
            let message = Input {
                first: 1,
                clock_ms: 0,
                events,
            };
            assert!(message.encode().len() <= 4096);
            assert_eq!(Input::decode(&message.encode()), Ok(message));
        }
    }

    #[test]
    fn nothing_makes_no_message() {
        assert_eq!(texts(""), []);
        assert!(batches(vec![]).is_empty());
    }
}
