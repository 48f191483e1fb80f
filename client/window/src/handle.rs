//! The number by which the X server knows a window of the toolkit.

use raw_window_handle::{HasWindowHandle as _, RawWindowHandle};

/// `None` before the window is shown.
pub fn window_id(window: &slint::Window) -> Option<u32> {
    let handle = window.window_handle();
    let handle = handle.window_handle().ok()?.as_raw();
    if let RawWindowHandle::Xlib(handle) = handle {
        return handle.window.try_into().ok();
    }
    if let RawWindowHandle::Xcb(handle) = handle {
        return Some(handle.window.get());
    }
    None
}
