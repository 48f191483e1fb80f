//! Many sessions at once, made in one process: the protocol as clients speak it, and records that hold nothing.

mod crowd;
mod ends;
mod lines;
mod sip;
mod target;

pub use crowd::{Crowd, PAIRS_A_PERSON, write_people};
pub use ends::Ends;
pub use lines::{Lines, Load, Run};
pub use sip::Sip;
pub use target::{Admitted, QUEUE, Target};

/// The smallest value that so many percent of all do not exceed; 0 of none.
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}
