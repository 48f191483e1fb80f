//! Which part of the desktop is shown.

use client::stdio::emit;
use picture::Point;
use seal::{Control, MAX_OUTPUT_NAME, MAX_OUTPUTS, Monitor};
use serde_json::json;

use super::{Session, Shared};
use crate::capture;

impl Session {
    /// The helper wants to see this monitor, or everything.
    pub(super) fn show_output(&mut self, output: Option<u32>) {
        let now = self.talk.clock.now();
        let Some(Shared {
            broadcast: Some(broadcast),
            sealed,
            ..
        }) = &mut self.shared
        else {
            return;
        };
        // Ids count from 1. An id that is no place of the list is refused like one behind its end.
        let place = output.map(|id| usize::try_from(id).unwrap_or(0).wrapping_sub(1));
        let chosen = broadcast.choose(place, sealed, now);
        self.talk
            .log
            .write("show_output", json!({"output": output, "shown": chosen}));
    }

    /// Tells helper and person what there is and what is shown, when it has changed.
    pub(super) fn tell_outputs(&mut self) {
        let now = self.talk.clock.now();
        let Some(Shared {
            broadcast: Some(broadcast),
            sealed,
            hands,
            ..
        }) = &mut self.shared
        else {
            return;
        };
        let Some((monitors, shown, rect)) = broadcast.outputs() else {
            return;
        };
        let id = |place: usize| u32::try_from(place).map_or(u32::MAX, |place| place + 1);
        let outputs = monitors.iter().enumerate().take(MAX_OUTPUTS);
        let outputs = outputs.map(|(place, monitor)| described(id(place), monitor));
        let outputs = Control::Outputs {
            outputs: outputs.collect(),
            shown: shown.map(id),
        };
        sealed.control(&outputs, now);
        hands.set_origin(Point {
            x: rect.x,
            y: rect.y,
        });
        emit(
            "sharing",
            json!({"x": rect.x, "y": rect.y, "width": rect.w, "height": rect.h}),
        );
    }
}

fn described(id: u32, monitor: &capture::Monitor) -> Monitor {
    let mut name = monitor.name.clone();
    name.truncate(name.floor_char_boundary(MAX_OUTPUT_NAME));
    Monitor {
        id,
        name,
        x: monitor.rect.x,
        y: monitor.rect.y,
        width: monitor.rect.w,
        height: monitor.rect.h,
        primary: monitor.primary,
    }
}
