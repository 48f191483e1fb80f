//! Where the two pointers are (SPEC 14). Shapes travel in the picture.

use wire::{Malformed, Reader};

/// Where the sharer's pointer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorPlace {
    /// Number of the shape; 0 is the invisible pointer.
    pub shape: u32,
    /// Pixels from the left of the shared picture.
    pub x: u16,
    /// Pixels from the top.
    pub y: u16,
}

/// Where the helper's laser pointer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaserPlace {
    /// Whether it is on.
    pub on: bool,
    /// Pixels from the left of the shared picture.
    pub x: u16,
    /// Pixels from the top.
    pub y: u16,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

impl CursorPlace {
    /// `shape u32 | x u16 | y u16`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.shape.to_be_bytes().to_vec();
        out.extend(self.x.to_be_bytes());
        out.extend(self.y.to_be_bytes());
        out
    }

    /// Reads a place.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(message);
        let place = Self {
            shape: reader.u32("shape")?,
            x: reader.u16("x")?,
            y: reader.u16("y")?,
        };
        reader.end()?;
        Ok(place)
    }
}

impl LaserPlace {
    /// `on u8 | x u16 | y u16 | colour 3 bytes`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.on)];
        out.extend(self.x.to_be_bytes());
        out.extend(self.y.to_be_bytes());
        out.extend(self.colour);
        out
    }

    /// Reads a place.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(message);
        let on = match reader.u8("on")? {
            0 => false,
            1 => true,
            other => {
                return Err(Malformed::Value {
                    field: "on",
                    value: other.into(),
                });
            }
        };
        let (x, y, colour) = (reader.u16("x")?, reader.u16("y")?, reader.array("colour")?);
        reader.end()?;
        Ok(Self { on, x, y, colour })
    }
}
