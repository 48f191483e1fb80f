//! The picture of a browser that shares: parts of video frames on the channel of the picture (SPEC 7.8). Nothing is decoded here.
//!
//! ```text
//!  0        4        8       9       10       12       14
//!  +--------+--------+-------+-------+--------+--------+------
//!  | 0 u32  | frame  | flags | codec | width  | height | bytes
//!  |        | u32    | u8    | u8    | u16    | u16    |
//!  +--------+--------+-------+-------+--------+--------+------
//! ```

use crate::Picture;

/// Whether a message of the picture is a part of a video: no slice has a context 0.
pub fn is_video(message: &[u8]) -> bool {
    message.starts_with(&[0; 4])
}

/// What the frames are coded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// VP9, profile 0.
    Vp9,
    /// VP8.
    Vp8,
    /// H.264 in Annex B.
    H264,
}

impl Codec {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Vp9, Self::Vp8, Self::H264];

    /// Its number on the wire.
    pub const fn number(self) -> u8 {
        match self {
            Self::Vp9 => 1,
            Self::Vp8 => 2,
            Self::H264 => 3,
        }
    }

    fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.number() == number)
    }
}

/// What all parts of a frame have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the frame; 1 or higher.
    pub frame: u32,
    /// The frame needs none before it.
    pub key: bool,
    /// What it is coded with.
    pub codec: Codec,
    /// Width of the picture.
    pub width: u16,
    /// Height of the picture.
    pub height: u16,
}

/// One message: a part of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Which frame.
    pub head: Head,
    /// The frame is whole with this part.
    pub last: bool,
    /// The next bytes of the frame.
    pub bytes: &'a [u8],
}

impl<'a> Part<'a> {
    /// The message.
    pub fn encode(&self) -> Vec<u8> {
        let Head {
            frame,
            key,
            codec,
            width,
            height,
        } = self.head;
        let flags = if self.last { LAST } else { 0 } | if key { KEY } else { 0 };
        let mut out = vec![0; 4];
        out.extend(frame.to_le_bytes());
        out.extend([flags, codec.number()]);
        out.extend(width.to_le_bytes());
        out.extend(height.to_le_bytes());
        out.extend(self.bytes);
        out
    }

    /// Reads a message.
    pub fn parse(message: &'a [u8]) -> Result<Self, VideoError> {
        let mut rest = message;
        if u32::from_le_bytes(take(&mut rest)?) != 0 {
            return Err(VideoError::NoVideo);
        }
        let frame = u32::from_le_bytes(take(&mut rest)?);
        let [flags, codec] = take(&mut rest)?;
        let width = u16::from_le_bytes(take(&mut rest)?);
        let height = u16::from_le_bytes(take(&mut rest)?);
        if flags & !(LAST | KEY) != 0 {
            return Err(VideoError::Flags(flags));
        }
        let codec = Codec::from_number(codec).ok_or(VideoError::Codec(codec))?;
        if !Picture::is_size(width, height) {
            return Err(VideoError::Size { width, height });
        }
        if frame == 0 {
            return Err(VideoError::Order {
                found: frame,
                newest: 0,
            });
        }
        if rest.is_empty() || rest.len() > PART_CAP {
            return Err(VideoError::Part(rest.len()));
        }
        let head = Head {
            frame,
            key: flags & KEY != 0,
            codec,
            width,
            height,
        };
        Ok(Self {
            head,
            last: flags & LAST != 0,
            bytes: rest,
        })
    }
}

/// A whole frame, as its decoder takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoFrame {
    /// What it is.
    pub head: Head,
    /// The coded picture.
    pub bytes: Vec<u8>,
}

/// Joins parts to frames.
#[derive(Debug, Default)]
pub struct Frames {
    newest: u32,
    under_way: Option<VideoFrame>,
    /// The last whole frame; none before the first KEY, and after an error.
    before: Option<Head>,
}

impl Frames {
    /// Takes a message. Gives the frame that is whole with it. After an error everything is refused until a later frame with KEY.
    pub fn push(&mut self, message: &[u8]) -> Result<Option<VideoFrame>, VideoError> {
        let taken = Part::parse(message).and_then(|part| self.take(&part));
        if taken.is_err() {
            self.lose();
        }
        taken
    }

    /// The codec's decoder lost its way: everything is refused until a later frame with KEY.
    pub fn lose(&mut self) {
        self.under_way = None;
        self.before = None;
    }

    fn take(&mut self, part: &Part<'_>) -> Result<Option<VideoFrame>, VideoError> {
        let under_way = self.under_way.take();
        let mut frame = match under_way {
            Some(frame) if frame.head.frame == part.head.frame => {
                if frame.head != part.head {
                    return Err(VideoError::Mixed);
                }
                frame
            }
            unfinished => self.begin(part.head, unfinished.is_some())?,
        };
        if frame.bytes.len() + part.bytes.len() > FRAME_CAP {
            return Err(VideoError::Frame);
        }
        frame.bytes.extend_from_slice(part.bytes);
        if part.last {
            self.before = Some(frame.head);
            return Ok(Some(frame));
        }
        self.under_way = Some(frame);
        Ok(None)
    }

    /// The first part of a frame. One with KEY takes the place of a frame that is not whole.
    fn begin(&mut self, head: Head, unfinished: bool) -> Result<VideoFrame, VideoError> {
        let newest = self.newest;
        self.newest = newest.max(head.frame);
        if head.frame <= newest || (unfinished && !head.key) {
            return Err(VideoError::Order {
                found: head.frame,
                newest,
            });
        }
        if !head.key {
            let before = self.before.ok_or(VideoError::NoKey)?;
            let shape = |head: Head| (head.codec, head.width, head.height);
            if shape(before) != shape(head) {
                return Err(VideoError::Mixed);
            }
        }
        Ok(VideoFrame {
            head,
            bytes: Vec::new(),
        })
    }
}

/// What can be wrong with a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VideoError {
    /// A message that is too short for its head.
    #[error("the part ends inside its head")]
    Truncated,
    /// A message that does not begin with 0.
    #[error("the message is no part of a video")]
    NoVideo,
    /// Flag bits that mean nothing.
    #[error("unknown flags {0:#04x}")]
    Flags(u8),
    /// A codec that nobody knows.
    #[error("unknown codec {0}")]
    Codec(u8),
    /// A picture size that nobody may announce.
    #[error("a picture of {width} x {height} is out of bounds")]
    Size {
        /// The width of the part.
        width: u16,
        /// The height of the part.
        height: u16,
    },
    /// A part without bytes, or with too many.
    #[error("a part of {0} bytes")]
    Part(usize),
    /// A frame with too many bytes.
    #[error("the frame is too long")]
    Frame,
    /// A frame that does not follow.
    #[error("frame {found} after frame {newest}")]
    Order {
        /// The frame of the part.
        found: u32,
        /// The newest frame before it.
        newest: u32,
    },
    /// A part that is none of its frame, or a frame of another size or codec without KEY.
    #[error("the part does not fit to what it goes on with")]
    Mixed,
    /// A frame without KEY, where one with KEY has to come.
    #[error("a frame that needs others before there is one with KEY")]
    NoKey,
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], VideoError> {
    let (taken, after) = rest.split_first_chunk::<N>().ok_or(VideoError::Truncated)?;
    *rest = after;
    Ok(*taken)
}

const LAST: u8 = 1;
const KEY: u8 = 2;
/// Bytes of a part.
const PART_CAP: usize = 256 << 10;
/// Bytes of a frame.
const FRAME_CAP: usize = 4 << 20;
