//! What the helper's hands do (SPEC 12).

use wire::{Malformed, Reader};

/// Some events that happened together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Number of the first event; numbers rise by one. The picture names the last one that was applied.
    pub first: u32,
    /// The helper's clock in milliseconds, from any start: by its lapse the sharer knows how old the events are.
    pub clock_ms: u32,
    /// At most [`Input::MAX_EVENTS`].
    pub events: Vec<Event>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key of the keyboard.
    Key {
        /// Where it is: USB HID usage, page 7 (`KeyboardEvent.code` has the same meaning).
        usage: u16,
        /// Pressed or released. Repeats are not sent: the sharer's system repeats.
        down: bool,
        /// The locks as the helper's system has them.
        locks: Locks,
        /// What the key wrote on the helper's layout: the intent, where layouts differ. At most 16 bytes.
        text: Option<String>,
    },
    /// The pointer is here, in pixels of the shared picture.
    Move {
        /// From the left.
        x: u16,
        /// From the top.
        y: u16,
    },
    /// A button of the pointer, where the pointer is.
    Button {
        /// Which.
        button: Button,
        /// Pressed or released.
        down: bool,
    },
    /// The wheel, in 120ths of a notch; to the right and down are positive.
    Wheel {
        /// To the right.
        dx: i16,
        /// Down.
        dy: i16,
    },
    /// Text without a key: an input method, a paste as typing. At most 1 KiB.
    Text(String),
    /// Every key and button is up.
    ReleaseAll,
}

/// A button of the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Button {
    /// The main one.
    Left,
    /// The wheel.
    Middle,
    /// The one for menus.
    Right,
    /// Back.
    Back,
    /// Forward.
    Forward,
}

/// Which locks are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locks {
    /// Caps Lock.
    pub caps: bool,
    /// Num Lock.
    pub num: bool,
}

impl Input {
    /// Most events in one message.
    pub const MAX_EVENTS: usize = 255;
    /// Most bytes of text in an [`Event::Text`].
    pub const MAX_TEXT: usize = 1024;
    /// Most bytes of text with a key.
    pub const MAX_KEY_TEXT: usize = 16;

    /// `first u32 | clock u32 | count u8 | events`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.first.to_be_bytes().to_vec();
        out.extend(self.clock_ms.to_be_bytes());
        out.push(u8::try_from(self.events.len()).unwrap_or(u8::MAX));
        for event in self.events.iter().take(Self::MAX_EVENTS) {
            event.put(&mut out);
        }
        out
    }

    /// Reads a message of the input channel.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(message);
        let (first, clock_ms) = (reader.u32("first")?, reader.u32("clock")?);
        let count = reader.u8("count")?;
        let events = (0..count)
            .map(|_| Event::read(&mut reader))
            .collect::<Result<_, _>>()?;
        reader.end()?;
        Ok(Self {
            first,
            clock_ms,
            events,
        })
    }
}

impl Event {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Key {
                usage,
                down,
                locks,
                text,
            } => {
                let text = text.as_deref().unwrap_or_default();
                let flags = u8::from(*down) | u8::from(locks.caps) << 1 | u8::from(locks.num) << 2;
                out.extend([KEY, flags]);
                out.extend(usage.to_be_bytes());
                out.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
                out.extend_from_slice(text.as_bytes());
            }
            Self::Move { x, y } => {
                out.push(MOVE);
                out.extend(x.to_be_bytes());
                out.extend(y.to_be_bytes());
            }
            Self::Button { button, down } => out.extend([BUTTON, button.number(), u8::from(*down)]),
            Self::Wheel { dx, dy } => {
                out.push(WHEEL);
                out.extend(dx.to_be_bytes());
                out.extend(dy.to_be_bytes());
            }
            Self::Text(text) => {
                out.push(TEXT);
                out.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
                out.extend_from_slice(text.as_bytes());
            }
            Self::ReleaseAll => out.push(RELEASE_ALL),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.u8("event")? {
            KEY => Self::read_key(reader),
            MOVE => Ok(Self::Move {
                x: reader.u16("x")?,
                y: reader.u16("y")?,
            }),
            BUTTON => Ok(Self::Button {
                button: Button::from_number(reader.u8("button")?)?,
                down: read_bool(reader)?,
            }),
            WHEEL => Ok(Self::Wheel {
                dx: i16::from_be_bytes(reader.array("dx")?),
                dy: i16::from_be_bytes(reader.array("dy")?),
            }),
            TEXT => {
                let length = reader.u16("text length")?;
                read_text(reader, length.into(), Input::MAX_TEXT).map(Self::Text)
            }
            RELEASE_ALL => Ok(Self::ReleaseAll),
            other => Err(Malformed::Value {
                field: "event",
                value: other.into(),
            }),
        }
    }

    fn read_key(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let flags = reader.u8("flags")?;
        if flags > 7 {
            return Err(Malformed::Value {
                field: "flags",
                value: flags.into(),
            });
        }
        let usage = reader.u16("usage")?;
        let length = reader.u8("text length")?;
        let text = read_text(reader, length.into(), Input::MAX_KEY_TEXT)?;
        Ok(Self::Key {
            usage,
            down: flags & 1 != 0,
            locks: Locks {
                caps: flags & 2 != 0,
                num: flags & 4 != 0,
            },
            text: (!text.is_empty()).then_some(text),
        })
    }
}

impl Button {
    fn number(self) -> u8 {
        match self {
            Self::Left => 1,
            Self::Middle => 2,
            Self::Right => 3,
            Self::Back => 4,
            Self::Forward => 5,
        }
    }

    fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Left),
            2 => Ok(Self::Middle),
            3 => Ok(Self::Right),
            4 => Ok(Self::Back),
            5 => Ok(Self::Forward),
            _ => Err(Malformed::Value {
                field: "button",
                value: number.into(),
            }),
        }
    }
}

fn read_bool(reader: &mut Reader<'_>) -> Result<bool, Malformed> {
    match reader.u8("down")? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Malformed::Value {
            field: "down",
            value: other.into(),
        }),
    }
}

fn read_text(reader: &mut Reader<'_>, length: usize, most: usize) -> Result<String, Malformed> {
    if length > most {
        return Err(Malformed::TooLong(length));
    }
    let text = std::str::from_utf8(reader.bytes(length, "text")?);
    text.map(str::to_owned).map_err(|_| Malformed::Message)
}

const KEY: u8 = 1;
const MOVE: u8 = 2;
const BUTTON: u8 = 3;
const WHEEL: u8 = 4;
const TEXT: u8 = 5;
const RELEASE_ALL: u8 = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event() -> impl Strategy<Value = Event> {
        let button = prop_oneof![
            Just(Button::Left),
            Just(Button::Middle),
            Just(Button::Right),
            Just(Button::Back),
            Just(Button::Forward),
        ];
        prop_oneof![
            (
                any::<u16>(),
                any::<bool>(),
                any::<bool>(),
                any::<bool>(),
                "\\PC{1,4}"
            )
                .prop_map(|(usage, down, caps, num, text)| Event::Key {
                    usage,
                    down,
                    locks: Locks { caps, num },
                    text: Some(text),
                }),
            (any::<u16>(), any::<u16>()).prop_map(|(x, y)| Event::Move { x, y }),
            (button, any::<bool>()).prop_map(|(button, down)| Event::Button { button, down }),
            (any::<i16>(), any::<i16>()).prop_map(|(dx, dy)| Event::Wheel { dx, dy }),
            "\\PC{0,60}".prop_map(Event::Text),
            Just(Event::ReleaseAll),
        ]
    }

    proptest! {
        #[test]
        fn events_read_back(first: u32, clock_ms: u32, events in prop::collection::vec(event(), 0..20)) {
            let input = Input { first, clock_ms, events };
            prop_assert_eq!(Input::decode(&input.encode()), Ok(input));
        }

        #[test]
        fn any_bytes_are_events_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(input) = Input::decode(&bytes) {
                prop_assert_eq!(input.encode(), bytes);
            }
        }
    }

    #[test]
    fn text_that_is_too_long_is_refused() {
        let mut message = vec![0; 8];
        message.extend([1, TEXT, 0xff, 0xff]);
        assert_eq!(Input::decode(&message), Err(Malformed::TooLong(0xffff)));
    }
}
