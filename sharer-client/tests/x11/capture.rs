//! What is drawn on a display is seen, pixel by pixel.

use std::time::Duration;

use picture::Point;
use seal::Event;
use sharer_client::capture::x11::Source;
use sharer_client::capture::{CaptureError, ScreenSource as _, ShapeChange};
use sharer_client::inject::{InputSink as _, x11::Sink};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event as XEvent;
use x11rb::protocol::damage::ConnectionExt as _;
use x11rb::protocol::randr::{ConnectionExt as _, Rotation};
use x11rb::protocol::screensaver::{self, ConnectionExt as _};
use x11rb::protocol::xproto::*;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::server::{DEADLINE, Server, screen};
use crate::viewer::{QUIET, Viewer};

#[tokio::test]
async fn each_kind_of_pixel_is_captured_exactly() {
    for (kind, more, shared) in [
        ("640x480x24", &[][..], true),
        ("333x217x16", &[], true),
        ("640x480x30", &[], true),
        ("640x480x24", &["-extension", "MIT-SHM"], false),
        ("333x217x16", &["-extension", "MIT-SHM"], false),
    ] {
        let server = Server::start(kind, more);
        let mut artist = Artist::new(server.connect());
        let mut viewer = Viewer::open(&server);
        assert_eq!(viewer.source.shares_memory(), shared, "{kind} {more:?}");
        for _ in 0..40 {
            artist.draw();
            viewer.until_exact(&artist.connection).await;
        }
        assert_eq!(viewer.resizes, 0);
    }
}

#[tokio::test]
async fn an_idle_display_wakes_nobody() {
    let server = Server::start("640x480x24", &[]);
    let mut viewer = Viewer::open(&server);
    viewer.until_quiet().await;
    let damaged = viewer.damaged;
    let changed = viewer.source.changed();
    let rung = tokio::time::timeout(QUIET * 2, changed.notified()).await;
    assert!(rung.is_err(), "somebody rang for nothing");
    assert!(viewer.source.take().unwrap().is_empty());
    assert_eq!(viewer.damaged, damaged);
}

#[tokio::test]
async fn the_sweep_heals_what_was_not_announced_and_is_silent_otherwise() {
    let server = Server::start("640x480x24", &[]);
    let mut artist = Artist::new(server.connect());
    let mut viewer = Viewer::open(&server);
    viewer.until_quiet().await;
    stop_announcements(&artist.connection);
    for _ in 0..10 {
        artist.draw();
    }
    let rung = tokio::time::timeout(QUIET, viewer.source.changed().notified()).await;
    assert!(rung.is_err(), "the display still announces");
    viewer.source.watch(true).unwrap();
    viewer.until_exact(&artist.connection).await;
    let damaged = viewer.damaged;
    for _ in 0..9 {
        viewer.source.changed().notified().await;
        viewer.look().unwrap();
    }
    assert_eq!(viewer.damaged, damaged, "a whole round found nothing new");
    viewer.source.watch(false).unwrap();
    viewer.until_quiet().await;
}

/// Destroys the damage object of the source that was opened after this connection: it is the
/// first thing that the second connection of the source made.
fn stop_announcements(connection: &RustConnection) {
    connection
        .damage_query_version(1, 1)
        .unwrap()
        .reply()
        .unwrap();
    let setup = connection.setup();
    let step = setup.resource_id_mask + 1;
    let listener = setup.resource_id_base + 2 * step;
    let destroyed = (0..4).filter(|offset| {
        let asked = connection.damage_destroy(listener + offset).unwrap();
        asked.check().is_ok()
    });
    assert_eq!(destroyed.count(), 1);
}

#[tokio::test]
async fn a_cursor_shape_is_reported_once() {
    let server = Server::start("640x480x24", &[]);
    let connection = server.connect();
    let mut viewer = Viewer::open(&server);
    viewer.until_quiet().await;
    viewer.shapes.clear();
    let cursor = cursor(&connection, 0xffff);
    for _ in 0..3 {
        point_with(&connection, cursor);
        viewer.until_quiet().await;
    }
    point_with(&connection, self::cursor(&connection, 0xffff));
    viewer.until_quiet().await;
    let [ShapeChange::Shape(shape)] = &viewer.shapes[..] else {
        panic!("{:?}", viewer.shapes);
    };
    assert_eq!(
        (shape.width, shape.height, shape.hot_x, shape.hot_y),
        (16, 16, 3, 5)
    );
    assert_eq!(shape.rgba, [255, 0, 0, 255].repeat(256));
    point_with(&connection, self::cursor(&connection, 0));
    viewer
        .until("the other shape", |viewer| viewer.shapes.len() == 2)
        .await;
}

fn point_with(connection: &RustConnection, cursor: Cursor) {
    let changed = ChangeWindowAttributesAux::new().cursor(cursor);
    let root = screen(connection).root;
    connection.change_window_attributes(root, &changed).unwrap();
    connection.sync().unwrap();
}

fn cursor(connection: &RustConnection, red: u16) -> Cursor {
    let root = screen(connection).root;
    let [cursor, bits, gc] = [(); 3].map(|()| connection.generate_id().unwrap());
    connection.create_pixmap(1, bits, root, 16, 16).unwrap();
    let set = CreateGCAux::new().foreground(1);
    connection.create_gc(gc, bits, &set).unwrap();
    let all = Rectangle {
        x: 0,
        y: 0,
        width: 16,
        height: 16,
    };
    connection.poly_fill_rectangle(bits, gc, &[all]).unwrap();
    connection
        .create_cursor(cursor, bits, bits, red, 0, 0, 0, 0, 0, 3, 5)
        .unwrap();
    cursor
}

#[tokio::test]
async fn the_pointer_is_reported_when_it_moves() {
    let server = Server::start("640x480x24", &[]);
    let mut viewer = Viewer::open(&server);
    viewer.until_quiet().await;
    let mut hands = Sink::open(Some(&server.name)).unwrap();
    hands.apply(&Event::Move { x: 12, y: 34 }).unwrap();
    let there = Some(Point { x: 12, y: 34 });
    viewer
        .until("the pointer", |viewer| viewer.pointer == there)
        .await;
    // A program that warps it tells nobody.
    server.run("xdotool", &["mousemove", "123", "77"]);
    viewer.source.watch(true).unwrap();
    let there = Some(Point { x: 123, y: 77 });
    viewer
        .until("the pointer", |viewer| viewer.pointer == there)
        .await;
    viewer.source.watch(false).unwrap();
    viewer.until_quiet().await;
    assert_eq!(viewer.source.take().unwrap().pointer, None);
}

#[tokio::test]
async fn a_resize_while_somebody_draws_is_one_new_size() {
    let server = Server::start("640x480x24", &[]);
    let mut artist = Artist::new(server.connect());
    let mut viewer = Viewer::open(&server);
    viewer.until_exact(&artist.connection).await;
    for (width, height) in [(500, 300), (320, 200), (640, 480)] {
        resize(&artist.connection, width, height);
        artist.draw();
        viewer.look().unwrap();
        artist.draw();
        viewer
            .until("the new size", |viewer| {
                let screen = viewer.source.screen();
                (screen.width(), screen.height()) == (width, height)
            })
            .await;
        artist.draw();
        viewer.until_exact(&artist.connection).await;
    }
    assert_eq!(viewer.resizes, 3);
    let description = viewer.source.describe().unwrap();
    assert_eq!((description.width, description.height), (640, 480));
    assert_eq!(description.monitors.len(), 1);
    assert!((description.scale - 1.0).abs() < 0.01);
}

fn resize(connection: &RustConnection, width: u16, height: u16) {
    let root = screen(connection).root;
    // Xvfb refuses a screen that is smaller than what its one output shows.
    let parts = connection.randr_get_screen_resources(root).unwrap();
    let (now, upright) = (x11rb::CURRENT_TIME, Rotation::ROTATE0);
    for crtc in parts.reply().unwrap().crtcs {
        let off = connection.randr_set_crtc_config(crtc, now, now, 0, 0, 0, upright, &[]);
        off.unwrap().reply().unwrap();
    }
    connection
        .randr_set_screen_size(root, width, height, 200, 100)
        .unwrap()
        .check()
        .unwrap();
}

#[tokio::test]
async fn a_dead_server_is_a_lost_display_within_a_second() {
    let mut server = Server::start("640x480x24", &[]);
    let mut viewer = Viewer::open(&server);
    viewer.until_quiet().await;
    server.kill();
    let changed = viewer.source.changed();
    let rung = tokio::time::timeout(Duration::from_secs(1), changed.notified()).await;
    assert!(rung.is_ok(), "nobody rang");
    for _ in 0..2 {
        let lost = viewer.look();
        assert!(matches!(lost, Err(CaptureError::Lost(_))), "{lost:?}");
    }
}

#[test]
fn the_screen_stays_bright_while_somebody_watches() {
    let server = Server::start("320x200x24", &[]);
    let mut source = Source::open(Some(&server.name)).unwrap();
    source.watch(true).unwrap();
    let connection = server.connect();
    let root = screen(&connection).root;
    let told = screensaver::Event::NOTIFY_MASK;
    let selected = connection.screensaver_select_input(root, told).unwrap();
    selected.check().unwrap();
    let default = (Blanking::DEFAULT, Exposures::DEFAULT);
    let set = connection.set_screen_saver(1, 0, default.0, default.1);
    set.unwrap().check().unwrap();
    let (sender, dark) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        while let Ok(event) = connection.wait_for_event() {
            if let XEvent::ScreensaverNotify(event) = event {
                sender.send(event.state).unwrap();
            }
        }
    });
    assert!(dark.recv_timeout(Duration::from_millis(1800)).is_err());
    source.watch(false).unwrap();
    assert_eq!(dark.recv_timeout(DEADLINE), Ok(screensaver::State::ON));
    source.watch(true).unwrap();
    assert_eq!(dark.recv_timeout(DEADLINE), Ok(screensaver::State::OFF));
}

#[test]
fn what_cannot_be_shared_says_why() {
    let none = Source::open(Some(":64999")).err();
    assert!(matches!(none, Some(CaptureError::NoDisplay(_))), "{none:?}");
    let palette = Server::start("640x480x8", &["-cc", "3"]);
    let unfit = Source::open(Some(&palette.name)).err();
    assert!(matches!(unfit, Some(CaptureError::Unfit(_))), "{unfit:?}");
    let bare = Server::start("640x480x24", &["-extension", "DAMAGE"]);
    let unfit = Source::open(Some(&bare.name)).err();
    assert!(matches!(unfit, Some(CaptureError::Unfit(_))), "{unfit:?}");
}

/// Draws at random, but always the same.
pub(crate) struct Artist {
    pub(crate) connection: RustConnection,
    windows: [Window; 2],
    gc: Gcontext,
    seed: u32,
}

impl Artist {
    pub(crate) fn new(connection: RustConnection) -> Self {
        let root = screen(&connection).root;
        let gc = connection.generate_id().unwrap();
        let font = connection.generate_id().unwrap();
        connection.open_font(font, b"fixed").unwrap();
        let inferiors = CreateGCAux::new()
            .subwindow_mode(SubwindowMode::INCLUDE_INFERIORS)
            .font(font);
        connection.create_gc(gc, root, &inferiors).unwrap();
        let windows = [(20, 0x0033_8855), (90, 0x00aa_2211)].map(|(at, colour)| {
            let window = connection.generate_id().unwrap();
            let look = CreateWindowAux::new()
                .background_pixel(colour)
                .override_redirect(1);
            let (class, copy) = (WindowClass::INPUT_OUTPUT, x11rb::COPY_FROM_PARENT);
            connection
                .create_window(0, window, root, at, at, 120, 90, 1, class, copy, &look)
                .unwrap();
            window
        });
        Self {
            connection,
            windows,
            gc,
            seed: 7,
        }
    }

    fn dice(&mut self, sides: u32) -> u32 {
        self.seed = self
            .seed
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        (self.seed >> 8) % sides
    }

    fn place(&mut self) -> Rectangle {
        let [x, y, width, height] = [320, 200, 150, 150].map(|most| self.dice(most));
        Rectangle {
            x: i16::try_from(x).unwrap() - 20,
            y: i16::try_from(y).unwrap() - 20,
            width: u16::try_from(width).unwrap() + 1,
            height: u16::try_from(height).unwrap() + 1,
        }
    }

    /// Draws one thing, and waits until the server has done it.
    pub(crate) fn draw(&mut self) {
        let root = screen(&self.connection).root;
        let (at, to, colour) = (self.place(), self.place(), self.dice(1 << 24));
        let window = self.windows[usize::from(self.dice(2) == 1)];
        let (kind, connection, gc) = (self.dice(7), &self.connection, self.gc);
        connection
            .change_gc(gc, &ChangeGCAux::new().foreground(colour))
            .unwrap();
        match kind {
            0 | 1 => connection.poly_fill_rectangle(root, gc, &[at, to]),
            2 => connection.image_text8(root, gc, at.x, at.y, b"Handrail 0123"),
            3 => connection.copy_area(root, root, gc, at.x, at.y, to.x, to.y, at.width, at.height),
            4 => connection.map_window(window),
            5 => connection.unmap_window(window),
            _ => {
                let there = ConfigureWindowAux::new()
                    .x(i32::from(to.x))
                    .y(i32::from(to.y));
                connection.configure_window(window, &there)
            }
        }
        .unwrap()
        .check()
        .unwrap();
    }
}
