//! Lines of the conversation (SPEC 13).

use policy::PairId;
use wire::Malformed;

/// Most bytes of text in one line.
pub const MAX_LINE: usize = 64 * 1024;

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Rises with every line of its sender.
    pub id: u32,
    /// The helper who wrote it, if the sharer passes on what somebody else wrote; `None` for a line of the sender's own.
    pub author: Option<PairId>,
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
        out.push(self.author.map_or(0, |pair| pair.number() + 1));
        out.extend_from_slice(self.text.as_bytes());
        Some(out)
    }

    /// Reads a line: `id u32 | author u8 | text`.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = wire::Reader::new(message);
        let id = reader.u32("id")?;
        let author = read_author(reader.u8("author")?)?;
        let text = reader.rest();
        if text.len() > MAX_LINE {
            return Err(Malformed::TooLong(text.len()));
        }
        let text = std::str::from_utf8(text).map_err(|_| Malformed::Message)?;
        Ok(Self {
            id,
            author,
            text: text.to_owned(),
        })
    }
}

fn read_author(number: u8) -> Result<Option<PairId>, Malformed> {
    let Some(pair) = number.checked_sub(1) else {
        return Ok(None);
    };
    let unknown = Malformed::Value {
        field: "author",
        value: number.into(),
    };
    PairId::new(pair).map(Some).ok_or(unknown)
}
