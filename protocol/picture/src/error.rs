//! What can be wrong with a slice, a picture or a cursor shape.

use crate::Rect;

/// What can be wrong. A decoder that returned one refuses everything until the next `Reset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A picture size that nobody may announce.
    #[error("a picture of {width} x {height} is out of bounds")]
    PictureSize {
        /// The width asked for.
        width: u16,
        /// The height asked for.
        height: u16,
    },
    /// The slice ends inside its header.
    #[error("the slice ends inside its header")]
    HeaderTruncated,
    /// Flag bits that mean nothing.
    #[error("unknown slice flags {0:#04x}")]
    Flags(u8),
    /// The window of a `Reset` is below the least or above what this helper announced.
    #[error("a window of 2^{window_log} is not between 2^20 and 2^{limit}")]
    Window {
        /// Logarithm of the window in the slice.
        window_log: u8,
        /// The limit that this decoder was made with.
        limit: u8,
    },
    /// The slice belongs to another picture context.
    #[error("a slice of context {found} in context {current}")]
    Context {
        /// The context in the slice.
        found: u32,
        /// The context of this decoder.
        current: u32,
    },
    /// The update id does not continue or follow the last one.
    #[error("a slice of update {found} after one of update {last}")]
    Update {
        /// The update in the slice.
        found: u32,
        /// The update of the slice before it.
        last: u32,
    },
    /// The declared length of the operations is over the cap.
    #[error("operations of {0} bytes are over the cap")]
    PlainLength(u32),
    /// The compressed bytes are over the cap.
    #[error("{0} compressed bytes are over the cap")]
    CompressedLength(usize),
    /// Compressed bytes without operations, operations without compressed bytes, or a slice that
    /// carries nothing and ends nothing.
    #[error("the slice carries nothing, or bytes that mean nothing")]
    Empty,
    /// The compressed stream is damaged, or asks for a larger window than announced.
    #[error("zstd: {0}")]
    Zstd(&'static str),
    /// The compressed frame ended inside the context.
    #[error("the zstd frame ended inside its context")]
    FrameEnded,
    /// The compressed bytes give more or fewer bytes than declared.
    #[error("{declared} bytes were declared, and there are {}", if *.found > *.declared { "more" } else { "fewer" })]
    Length {
        /// The length in the header.
        declared: usize,
        /// How many bytes came out; one more than declared stands for any number more.
        found: usize,
    },
    /// An operation that does not exist.
    #[error("unknown operation {0}")]
    Operation(u8),
    /// The operations end inside one.
    #[error("an operation ends early")]
    OperationTruncated,
    /// A place that is empty or not wholly inside the picture.
    #[error("{0:?} is empty or outside the picture")]
    Outside(Rect),
    /// More operations or drawn pixels than a slice may hold.
    #[error("the slice draws too much")]
    TooMuchDrawing,
    /// A move behind another kind of operation.
    #[error("a move behind another operation")]
    LateMove,
    /// An id over the last place of its cache.
    #[error("id {0} is out of bounds")]
    Id(u8),
    /// A cursor shape without pixels, with a hotspot outside, or with the wrong number of bytes.
    #[error("a cursor shape that cannot be")]
    Shape,
    /// A still that overlaps another one, or the end of one that is not there.
    #[error("still {0} overlaps another or is not there")]
    Still(u8),
    /// The bytes of a still are not one baseline JPEG image of its size.
    #[error("a still is not a baseline image of its size")]
    Image,
    /// The compressor failed: out of memory.
    #[error("compressor: {0}")]
    Compressor(&'static str),
    /// An earlier slice was wrong; only a `Reset` is taken.
    #[error("waiting for a reset")]
    Broken,
}
