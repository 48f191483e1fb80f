//! Keeps the screen from going dark while somebody watches.

use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::ReplyError;
use x11rb::protocol::dpms::{self, ConnectionExt as _, DPMSMode};
use x11rb::protocol::screensaver::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{ConnectionExt as _, ScreenSaver};
use x11rb::rust_connection::RustConnection;

/// Suspends the screen saver and the power saving (the server's one timer drives both) and lights
/// the screen up, or lets them run again. A suspension ends with the connection, so it cannot
/// outlive a crash. Displays that have neither are left alone.
pub(super) fn keep_awake(connection: &RustConnection, awake: bool) -> Result<(), ReplyError> {
    let has = |name| {
        connection
            .extension_information(name)
            .map(|found| found.is_some())
    };
    if has(screensaver::X11_EXTENSION_NAME)? {
        connection.screensaver_query_version(1, 1)?.reply()?;
        connection.screensaver_suspend(awake.into())?;
    }
    if awake {
        connection.force_screen_saver(ScreenSaver::RESET)?;
    }
    if awake && has(dpms::X11_EXTENSION_NAME)? && connection.dpms_info()?.reply()?.state {
        connection.dpms_force_level(DPMSMode::ON)?;
    }
    connection.flush()?;
    Ok(())
}
