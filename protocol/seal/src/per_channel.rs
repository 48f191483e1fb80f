//! One value for each channel.

use wire::Channel;

/// An array with one place for each channel.
pub(crate) struct PerChannel<T>([T; Channel::ALL.len()]);

impl<T> PerChannel<T> {
    pub(crate) fn new(make: impl FnMut(Channel) -> T) -> Self {
        Self(Channel::ALL.map(make))
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a channel's number is its place in the array"
    )]
    pub(crate) fn get(&self, channel: Channel) -> &T {
        &self.0[usize::from(channel.number())]
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a channel's number is its place in the array"
    )]
    pub(crate) fn get_mut(&mut self, channel: Channel) -> &mut T {
        &mut self.0[usize::from(channel.number())]
    }
}
