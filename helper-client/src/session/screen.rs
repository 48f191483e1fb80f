//! The sharer's screen: slices and video on their way to the window.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use client::stdio::{emit, emit_fault};
use picture::CursorShape;
use seal::Control;
use serde_json::json;
use tracing::warn;
use wire::Fault;

use super::Session;
use crate::pipeline;
use crate::video::{Decoded, Error};
use crate::view::Shown;

impl Session {
    /// A message of the picture.
    pub(super) fn show(&mut self, message: &Bytes) {
        let now = self.talk.clock.now();
        let Some(sealed) = &mut self.sealed else {
            return;
        };
        if picture::is_video(message) {
            if let Err(error) = pipeline::decode(&mut self.view, message) {
                self.video_broken(&error);
            }
            return;
        }
        match pipeline::show(sealed, &mut self.view, message, now) {
            Ok(Some(shown)) => self.painted(shown, now),
            Ok(None) => {}
            Err(error) => self.picture_broken(&error.to_string()),
        }
    }

    /// What came of a frame of a video.
    pub(super) fn show_video(&mut self, decoded: Result<Decoded, Error>) {
        let now = self.talk.clock.now();
        let Some(sealed) = &mut self.sealed else {
            return;
        };
        match decoded {
            Ok(decoded) => {
                let shown = pipeline::show_video(sealed, &mut self.view, decoded, now);
                self.painted(shown, now);
            }
            Err(error) => self.video_broken(&error),
        }
    }

    fn painted(&mut self, shown: Shown, now: Duration) {
        if self.view.has_window() {
            tell_shapes(shown.shapes);
        }
        if let Some((width, height)) = shown.resized {
            let waited = self.granted_at.take().map(|at| now.saturating_sub(at));
            let waited = waited.map(|waited| waited.as_secs_f64() * 1000.0);
            emit(
                "picture",
                json!({"width": width, "height": height, "after_ms": waited}),
            );
        }
        self.paint(shown.resized.is_some());
    }

    /// Where there is no decoder for a video, the person is told once, and the session goes on (SPEC 7.8).
    fn video_broken(&mut self, error: &Error) {
        if !error.is_final() {
            self.picture_broken(&error.to_string());
        } else if !std::mem::replace(&mut self.video_told, true) {
            warn!(%error, "the picture is a video that cannot be shown");
            emit_fault(Fault::VideoUnreadable, None);
        }
    }

    /// Everything is refused until a fresh picture begins: it is asked for, at most once every 2 s (SPEC 7.1).
    fn picture_broken(&mut self, error: &str) {
        let now = self.talk.clock.now();
        if self.reset_at.is_some_and(|at| now < at + RESET) {
            return;
        }
        self.reset_at = Some(now);
        warn!(%error, "the picture starts afresh");
        emit_fault(Fault::PictureBroken, Some(error));
        if let Some(sealed) = &mut self.sealed {
            sealed.control(&Control::Reset {}, now);
        }
    }

    /// Hands a window what it lacks.
    pub(super) fn paint(&mut self, afresh: bool) {
        match self.view.paint(afresh) {
            Ok(Some(painted)) => {
                let rects: Vec<_> = painted
                    .rects
                    .iter()
                    .map(|rect| [rect.x, rect.y, rect.w, rect.h])
                    .collect();
                emit("painted", json!({"update": painted.update, "rects": rects}));
            }
            Ok(None) => {}
            Err(error) => {
                emit_fault(Fault::PictureFile, Some(&error.to_string()));
                self.fail(Fault::PictureFile);
            }
        }
    }
}

/// Tells a window how cursors look.
fn tell_shapes(shapes: Vec<(u32, CursorShape)>) {
    for (number, shape) in shapes {
        emit(
            "cursor_shape",
            json!({
                "shape": number, "width": shape.width, "height": shape.height,
                "hot_x": shape.hot_x, "hot_y": shape.hot_y, "rgba": STANDARD.encode(&shape.rgba),
            }),
        );
    }
}

/// Between two requests for a fresh picture.
const RESET: Duration = Duration::from_secs(2);
