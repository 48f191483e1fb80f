//! A real X desktop: Xvfb, a window manager, programs.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use picture::Picture;
use policy::HandshakeHash;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConnectionExt, CreateGCAux, CreateWindowAux, ImageFormat, Rectangle, WindowClass,
};

/// A running desktop. Everything on it is killed when this is dropped.
pub struct Desktop {
    /// Such as `:7`.
    pub display: String,
    server: Child,
    programs: Vec<Child>,
}

impl Desktop {
    /// Starts an X server of this size on a free display.
    pub async fn start(width: u16, height: u16) -> Self {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-noreset",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
            ])
            .arg(format!("{width}x{height}x24"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Xvfb is missing: run `make deps`");
        let stdout = server.stdout.take().expect("stdout is piped");
        let number = tokio::time::timeout(PATIENCE, BufReader::new(stdout).lines().next_line())
            .await
            .expect("Xvfb says its display in time")
            .expect("Xvfb can be read")
            .expect("Xvfb says its display");
        Self {
            display: format!(":{}", number.trim()),
            server,
            programs: vec![],
        }
    }

    /// Starts a program on the desktop.
    pub fn run(&mut self, program: &str, arguments: &[&str]) {
        let child = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            // What a person types on a desktop is Unicode, whatever the locale of these tests is.
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        self.programs.push(child);
    }

    /// Starts a window manager, and waits until it manages: a window that comes while it starts is never shown.
    pub async fn run_window_manager(&mut self) {
        let mut manager = Command::new("openbox")
            .args(["--sm-disable", "--startup", "echo manages"])
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("openbox is missing: run `make deps`");
        let stdout = manager.stdout.take().expect("stdout is piped");
        self.programs.push(manager);
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .expect("openbox starts in time");
        assert!(matches!(line, Ok(Some(_))), "openbox ended: {line:?}");
    }

    /// Starts a window manager and a terminal without a blinking cursor, and waits until the terminal's window is there.
    pub async fn run_terminal(&mut self, folder: &Path) {
        self.run_window_manager().await;
        let shell = format!("cd {} && exec sh", folder.display());
        self.run(
            "xterm",
            &[
                "-geometry",
                "100x30+80+60",
                "-fa",
                "DejaVu Sans Mono",
                "-fs",
                "11",
                "-title",
                "terminal",
                "-xrm",
                "XTerm*cursorBlink: false",
                "-xrm",
                "XTerm*allowSendEvents: false",
                "-e",
                "sh",
                "-c",
                &shell,
            ],
        );
        self.tool(
            "xdotool",
            &["search", "--sync", "--onlyvisible", "--name", "terminal"],
        )
        .await;
        self.tool(
            "xdotool",
            &[
                "search",
                "--sync",
                "--name",
                "terminal",
                "windowfocus",
                "--sync",
            ],
        )
        .await;
    }

    /// Runs a tool to its end. Gives what it printed.
    pub async fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let run = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(PATIENCE, run)
            .await
            .unwrap_or_else(|_| panic!("{program} {arguments:?} does not end"))
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Shows a film of noise, 640x360 at 25 frames a second, and leaves its last frame on the screen until the guard is dropped.
    pub async fn film(&self, frames: u32) -> impl Sized + use<> {
        let display = self.display.clone();
        let shown = tokio::task::spawn_blocking(move || film(&display, frames)).await;
        shown.expect("the film is shown")
    }

    /// Fills places of the screen with colours, over all windows, until the guard is dropped: x, y, width, height; red, green, blue.
    pub async fn paint(&self, patches: &[([i16; 2], [u16; 2], [u8; 3])]) -> impl Sized + use<> {
        let (display, patches) = (self.display.clone(), patches.to_vec());
        let painted = tokio::task::spawn_blocking(move || paint(&display, &patches)).await;
        painted.expect("the colours are on the screen")
    }

    /// The hash of what the X server itself shows, read in the plainest way that X has.
    pub async fn hash(&self) -> String {
        let display = self.display.clone();
        let picture = tokio::task::spawn_blocking(move || whole_screen(&display)).await;
        let picture = picture.expect("the screen can be read");
        HandshakeHash(picture.hash()).to_string()
    }

    /// Whether all of another desktop's screen stands somewhere on this one, pixel for pixel.
    pub async fn shows(&self, other: &Self) -> bool {
        let (outer, inner) = (self.display.clone(), other.display.clone());
        let found = tokio::task::spawn_blocking(move || {
            holds(&whole_screen(&outer), &whole_screen(&inner))
        });
        found.await.expect("the screens can be read")
    }

    /// Saves what the X server itself shows as PNG.
    pub async fn save(&self, path: &Path) {
        let (display, path) = (self.display.clone(), path.to_owned());
        let saved = tokio::task::spawn_blocking(move || {
            let picture = whole_screen(&display);
            let (width, height) = (picture.width().into(), picture.height().into());
            image::save_buffer(path, picture.rgba(), width, height, image::ColorType::Rgba8)
        });
        let saved = saved.await.expect("the screen can be read");
        saved.expect("the file can be written");
    }

    /// Puts the pointer into a corner where it is invisible until the guard is dropped: it is no part of the screen's pixels, but
    /// viewers draw it.
    pub async fn hide_pointer(&self) -> impl Sized + use<> {
        let display = self.display.clone();
        let hidden = tokio::task::spawn_blocking(move || hiding_place(&display)).await;
        let guard = hidden.expect("the pointer is hidden");
        self.tool("xdotool", &["mousemove", "10", "10"]).await;
        guard
    }

    /// Kills the X server, as a crash would.
    pub async fn kill(&mut self) {
        self.server.kill().await.expect("Xvfb can be killed");
    }
}

/// A window that shows nothing, and over which the pointer shows nothing.
fn hiding_place(display: &str) -> impl Sized + use<> {
    let (connection, screen) = x11rb::connect(Some(display)).expect("the display answers");
    let root = connection.setup().roots[screen].root;
    let [pixels, context, cursor, window] =
        [(); 4].map(|()| connection.generate_id().expect("an id"));
    connection
        .create_pixmap(1, pixels, root, 1, 1)
        .expect("sent");
    connection
        .create_gc(context, pixels, &CreateGCAux::new().foreground(0))
        .expect("sent");
    let all = Rectangle {
        x: 0,
        y: 0,
        width: 1,
        height: 1,
    };
    connection
        .poly_fill_rectangle(pixels, context, &[all])
        .expect("sent");
    connection
        .create_cursor(cursor, pixels, pixels, 0, 0, 0, 0, 0, 0, 0, 0)
        .expect("sent");
    let aux = CreateWindowAux::new().override_redirect(1).cursor(cursor);
    let class = WindowClass::INPUT_ONLY;
    connection
        .create_window(0, window, root, 0, 0, 40, 40, 0, class, 0, &aux)
        .expect("sent");
    connection
        .map_window(window)
        .expect("sent")
        .check()
        .expect("the window is there");
    connection
}

fn paint(display: &str, patches: &[([i16; 2], [u16; 2], [u8; 3])]) -> impl Sized + use<> {
    let (connection, screen) = x11rb::connect(Some(display)).expect("the display answers");
    let (root, depth, visual) = {
        let screen = &connection.setup().roots[screen];
        (screen.root, screen.root_depth, screen.root_visual)
    };
    for ([x, y], [width, height], [red, green, blue]) in patches {
        let window = connection.generate_id().expect("an id");
        let pixel = u32::from_be_bytes([0, *red, *green, *blue]);
        let aux = CreateWindowAux::new()
            .override_redirect(1)
            .background_pixel(pixel);
        let class = WindowClass::INPUT_OUTPUT;
        connection
            .create_window(
                depth, window, root, *x, *y, *width, *height, 0, class, visual, &aux,
            )
            .expect("sent");
        let mapped = connection.map_window(window).expect("sent").check();
        mapped.expect("a colour is on the screen");
    }
    connection
}

fn film(display: &str, frames: u32) -> impl Sized + use<> {
    let (connection, screen) = x11rb::connect(Some(display)).expect("the display answers");
    let (root, depth, visual) = {
        let screen = &connection.setup().roots[screen];
        (screen.root, screen.root_depth, screen.root_visual)
    };
    let window = connection.generate_id().expect("an id");
    let context = connection.generate_id().expect("an id");
    let (width, height) = (640, 360);
    let aux = CreateWindowAux::new().override_redirect(1);
    let class = WindowClass::INPUT_OUTPUT;
    connection
        .create_window(
            depth, window, root, 500, 300, width, height, 0, class, visual, &aux,
        )
        .expect("sent");
    connection.map_window(window).expect("sent");
    connection
        .create_gc(context, window, &CreateGCAux::new())
        .expect("sent");
    let mut state = 1_u32;
    let mut frame = vec![0_u8; usize::from(width) * usize::from(height) * 4];
    let started = std::time::Instant::now();
    for number in 0..frames {
        for pixel in frame.chunks_exact_mut(4) {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            pixel.copy_from_slice(&state.to_be_bytes());
        }
        connection
            .put_image(
                ImageFormat::Z_PIXMAP,
                window,
                context,
                width,
                height,
                0,
                0,
                0,
                depth,
                &frame,
            )
            .expect("sent")
            .check()
            .expect("a frame is shown");
        let next = started + Duration::from_millis(40) * number;
        std::thread::sleep(next.saturating_duration_since(std::time::Instant::now()));
    }
    connection
}

/// Whether the inner picture is a part of the outer one.
fn holds(outer: &Picture, inner: &Picture) -> bool {
    let rows = |picture: &Picture| usize::from(picture.width()) * 4;
    let (wide, width) = (rows(outer), rows(inner));
    let outer: Vec<&[u8]> = outer.rgba().chunks_exact(wide).collect();
    let inner: Vec<&[u8]> = inner.rgba().chunks_exact(width).collect();
    outer.windows(inner.len()).any(|lines| {
        let starts = (0..=wide.saturating_sub(width)).step_by(4);
        let mut starts = starts.filter(|start| lines[0][*start..].starts_with(inner[0]));
        starts.any(|start| {
            let mut pairs = lines.iter().zip(&inner);
            pairs.all(|(line, row)| line[start..].starts_with(row))
        })
    })
}

fn whole_screen(display: &str) -> Picture {
    let (connection, screen) = x11rb::connect(Some(display)).expect("the display answers");
    let root = connection.setup().roots[screen].root;
    let size = connection
        .get_geometry(root)
        .expect("sent")
        .reply()
        .expect("the root has a size");
    let (width, height) = (size.width, size.height);
    let image = connection
        .get_image(ImageFormat::Z_PIXMAP, root, 0, 0, width, height, u32::MAX)
        .expect("sent")
        .reply()
        .expect("the root has an image");
    let rgba = image
        .data
        .chunks_exact(4)
        .flat_map(|p| [p[2], p[1], p[0], 255])
        .collect();
    Picture::from_rgba(width, height, rgba).expect("a screen is a picture")
}

const PATIENCE: Duration = Duration::from_secs(20);
