//! What the desktop is made of.

use picture::Rect;
use x11rb::connection::RequestConnection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::randr::{self, ConnectionExt as _, MonitorInfo};
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, Window};
use x11rb::rust_connection::RustConnection;

use crate::capture::Monitor;

/// The monitors of a desktop, the primary one first; one around everything where the display does
/// not tell (RandR before 1.5).
pub(super) fn monitors(
    connection: &RustConnection,
    root: Window,
    desktop: Rect,
) -> Result<Vec<Monitor>, ReplyError> {
    let mut found = Vec::new();
    if knows_monitors(connection)? {
        for info in connection.randr_get_monitors(root, true)?.reply()?.monitors {
            found.extend(monitor(connection, &info, desktop)?);
        }
    }
    found.sort_by_key(|monitor| !monitor.primary);
    if found.is_empty() {
        found.push(Monitor {
            name: "screen".to_owned(),
            rect: desktop,
            primary: true,
        });
    }
    Ok(found)
}

fn knows_monitors(connection: &RustConnection) -> Result<bool, ReplyError> {
    if connection
        .extension_information(randr::X11_EXTENSION_NAME)?
        .is_none()
    {
        return Ok(false);
    }
    let version = connection.randr_query_version(1, 5)?.reply()?;
    Ok((version.major_version, version.minor_version) >= (1, 5))
}

fn monitor(
    connection: &RustConnection,
    info: &MonitorInfo,
    desktop: Rect,
) -> Result<Option<Monitor>, ReplyError> {
    let (Ok(x), Ok(y)) = (u16::try_from(info.x), u16::try_from(info.y)) else {
        return Ok(None);
    };
    let rect = Rect::new(x, y, info.width, info.height);
    let name = connection.get_atom_name(info.name)?.reply()?.name;
    Ok(desktop.intersect(rect).map(|rect| Monitor {
        name: String::from_utf8_lossy(&name).into_owned(),
        rect,
        primary: info.primary,
    }))
}

/// Pixels per point: what the desktop told its applications as `Xft.dpi`, in 96ths.
pub(super) fn scale(connection: &RustConnection, root: Window) -> Result<f32, ReplyError> {
    let (name, kind) = (AtomEnum::RESOURCE_MANAGER, AtomEnum::STRING);
    let asked = connection.get_property(false, root, name, kind, 0, 1 << 16)?;
    Ok(scale_of(&asked.reply()?.value))
}

fn scale_of(resources: &[u8]) -> f32 {
    let resources = String::from_utf8_lossy(resources);
    let dpi = resources.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.trim().parse::<f32>().ok()?;
        (name.trim() == "Xft.dpi" && (48.0..=960.0).contains(&value)).then_some(value)
    });
    dpi.map_or(1.0, |dpi| dpi / 96.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_in_96ths_of_the_dpi() {
        for (resources, scale) in [
            ("Xft.antialias:\t1\nXft.dpi:\t192\n", 2.0),
            ("Xft.dpi: 144", 1.5),
            ("Xft.dpi: nonsense", 1.0),
            ("Xft.dpi: 0", 1.0),
            ("", 1.0),
        ] {
            assert!(
                (scale_of(resources.as_bytes()) - scale).abs() < 0.001,
                "{resources}"
            );
        }
    }
}
