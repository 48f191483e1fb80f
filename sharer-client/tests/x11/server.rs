//! An X server of one test.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, Screen};
use x11rb::rust_connection::RustConnection;

/// Nothing on a display takes this long.
pub(crate) const DEADLINE: Duration = Duration::from_secs(15);

/// Xvfb on a display that it chose itself; dies with this value.
pub(crate) struct Server {
    process: Process,
    pub(crate) name: String,
}

impl Server {
    /// Starts one with a screen such as `640x480x24`.
    pub(crate) fn start(screen: &str, more: &[&str]) -> Self {
        let mut command = Command::new("Xvfb");
        command
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"])
            .args(["-screen", "0", screen])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = Process::start(command);
        let mut number = String::new();
        let told = process.0.stdout.take().unwrap();
        BufReader::new(told).read_line(&mut number).unwrap();
        assert!(
            !number.trim().is_empty(),
            "Xvfb did not start with {screen} {more:?}"
        );
        Self {
            process,
            name: format!(":{}", number.trim()),
        }
    }

    pub(crate) fn connect(&self) -> RustConnection {
        RustConnection::connect(Some(&self.name)).unwrap().0
    }

    /// A program on this display.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("DISPLAY", &self.name).env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs a program to its end.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) {
        let status = self.command(program).args(arguments).status();
        assert!(status.unwrap().success(), "{program} {arguments:?}");
    }

    pub(crate) fn kill(&mut self) {
        self.process.0.kill().unwrap();
    }
}

/// A process that ends with this value.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(mut command: Command) -> Self {
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed.
        let _ended = self.0.kill();
        self.0.wait().unwrap();
    }
}

pub(crate) fn screen(connection: &RustConnection) -> &Screen {
    &connection.setup().roots[0]
}

/// Everything on the screen as RGB, by one plain `GetImage` and arithmetic of its own.
pub(crate) fn pixels(connection: &RustConnection) -> Vec<[u8; 3]> {
    let root = screen(connection).root;
    let size = connection.get_geometry(root).unwrap().reply().unwrap();
    let (width, height) = (size.width, size.height);
    let image = connection.get_image(ImageFormat::Z_PIXMAP, root, 0, 0, width, height, !0);
    let image = image.unwrap().reply().unwrap();
    let row = image.data.len() / usize::from(height);
    let rows = image.data.chunks(row);
    match size.depth {
        16 => rows
            .flat_map(|row| row.as_chunks::<2>().0.iter().take(width.into()))
            .map(|pixel| {
                let value = u32::from(u16::from_le_bytes(*pixel));
                [
                    spread(value >> 11, 31),
                    spread(value >> 5, 63),
                    spread(value, 31),
                ]
            })
            .collect(),
        30 => rows
            .flat_map(|row| row.as_chunks::<4>().0)
            .map(|pixel| {
                let value = u32::from_le_bytes(*pixel);
                [20, 10, 0].map(|shift| spread(value >> shift, 1023))
            })
            .collect(),
        _ => rows
            .flat_map(|row| row.as_chunks::<4>().0)
            .map(|[blue, green, red, _]| [*red, *green, *blue])
            .collect(),
    }
}

/// The low bits of a value as a fraction of 255, rounded to the nearest.
fn spread(value: u32, most: u32) -> u8 {
    let nearest = (0..=255).min_by_key(|byte| (byte * most).abs_diff((value & most) * 255));
    u8::try_from(nearest.unwrap()).unwrap()
}
