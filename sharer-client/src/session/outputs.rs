//! Which part of the desktop is shown.

use client::stdio::emit;
use picture::Point;
use policy::PairId;
use seal::{Control, MAX_OUTPUT_NAME, MAX_OUTPUTS, Monitor};
use serde_json::json;

use super::Session;
use super::helper::Helper;
use crate::capture;

impl Session {
    /// A helper wants to see this monitor, or everything.
    pub(super) fn show_output(&mut self, pair: PairId, output: Option<u32>) {
        let now = self.talk.clock.now();
        let Some(Helper {
            broadcast: Some(broadcast),
            sealed,
            ..
        }) = self.helpers.get_mut(&pair)
        else {
            return;
        };
        // Ids count from 1. An id that is no place of the list is refused like one behind its end.
        let place = output.map(|id| usize::try_from(id).unwrap_or(0).wrapping_sub(1));
        let chosen = broadcast.choose(place, &self.screen, sealed, now);
        let details = json!({"pair": pair.number(), "output": output, "shown": chosen});
        self.talk.log.write("show_output", details);
    }

    /// Tells a helper, and the person, what there is and what is shown, when it has changed.
    pub(super) fn tell_outputs(&mut self, pair: PairId) {
        let now = self.talk.clock.now();
        let Some(Helper {
            broadcast: Some(broadcast),
            sealed,
            ..
        }) = self.helpers.get_mut(&pair)
        else {
            return;
        };
        let Some((monitors, shown, rect)) = broadcast.outputs(&self.screen) else {
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
        let corner = Point {
            x: rect.x,
            y: rect.y,
        };
        self.hands.set_origin(pair, corner);
        emit(
            "sharing",
            json!({"pair": pair.number(), "x": rect.x, "y": rect.y, "width": rect.w, "height": rect.h}),
        );
    }
}

fn described(id: u32, monitor: &capture::Monitor) -> Monitor {
    Monitor {
        id,
        name: wire::cut(&monitor.name, MAX_OUTPUT_NAME).to_owned(),
        x: monitor.rect.x,
        y: monitor.rect.y,
        width: monitor.rect.w,
        height: monitor.rect.h,
        primary: monitor.primary,
    }
}
