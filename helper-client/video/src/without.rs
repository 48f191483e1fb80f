//! A build without libvpx: there is never a context, and nothing to call.

use crate::colour::Image;

/// Codecs that this build decodes.
pub(crate) const READS: bool = false;

/// What would decode.
pub(crate) enum Context {}

impl Context {
    pub(crate) fn open(_is_vp8: bool) -> Option<Self> {
        None
    }

    pub(crate) fn decode(&mut self, _bytes: &[u8]) -> Option<Option<Image<'_>>> {
        match *self {}
    }
}
