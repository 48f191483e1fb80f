//! Lines of the conversation (SPEC 13).

use wire::Malformed;

/// Most bytes of text in one line.
pub const MAX_LINE: usize = 64 * 1024;

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Rises with every line of its sender.
    pub id: u32,
    /// What the person wrote: any script, at most [`MAX_LINE`] bytes. Shown as text, never as markup.
    pub text: String,
}

impl Line {
    /// The bytes to send; `None` if the text is longer than a line may be.
    pub fn encode(&self) -> Option<Vec<u8>> {
        if self.text.len() > MAX_LINE {
            return None;
        }
        let mut out = self.id.to_be_bytes().to_vec();
        out.extend_from_slice(self.text.as_bytes());
        Some(out)
    }

    /// Reads a line: `id u32 | text`.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = wire::Reader::new(message);
        let id = reader.u32("id")?;
        let text = reader.rest();
        if text.len() > MAX_LINE {
            return Err(Malformed::TooLong(text.len()));
        }
        let text = std::str::from_utf8(text).map_err(|_| Malformed::Message)?;
        Ok(Self {
            id,
            text: text.to_owned(),
        })
    }
}
