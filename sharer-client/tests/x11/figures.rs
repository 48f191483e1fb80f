//! Figures of this machine: `cargo test -p sharer-client --release --test x11 figures -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use seal::{Event, Locks};
use sharer_client::capture::ScreenSource as _;
use sharer_client::capture::synthetic;
use sharer_client::inject::{InputSink as _, x11::Sink};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event as XEvent;
use x11rb::protocol::xproto::*;
use x11rb::wrapper::ConnectionExt as _;

use crate::server::{Process, Server, screen};
use crate::viewer::Viewer;

#[tokio::test]
#[ignore = "prints figures; nothing can fail"]
async fn figures_of_a_grab() {
    for more in [&[][..], &["-extension", "MIT-SHM"]] {
        let server = Server::start("1920x1080x24", more);
        let connection = server.connect();
        let mut viewer = Viewer::open(&server);
        viewer.until_quiet().await;
        let gc = connection.generate_id().unwrap();
        let root = screen(&connection).root;
        connection.create_gc(gc, root, &CreateGCAux::new()).unwrap();
        for (width, height) in [(64, 64), (300, 200), (800, 600), (1920, 1080)] {
            let (mut rung, mut taken) = (Vec::new(), Vec::new());
            for colour in 1..100 {
                let paint = ChangeGCAux::new().foreground(colour * 1000);
                connection.change_gc(gc, &paint).unwrap();
                let area = Rectangle {
                    x: 0,
                    y: 0,
                    width,
                    height,
                };
                connection.poly_fill_rectangle(root, gc, &[area]).unwrap();
                let drawn = Instant::now();
                connection.flush().unwrap();
                viewer.source.changed().notified().await;
                rung.push(drawn.elapsed());
                let ringing = Instant::now();
                let changes = viewer.source.take().unwrap();
                taken.push(ringing.elapsed());
                assert!(!changes.damage.is_empty(), "it rang for something else");
            }
            let (rung, taken) = (median(&mut rung), median(&mut taken));
            println!("{width}x{height} {more:?}: draw to ring {rung:?}, take {taken:?}");
        }
    }
}

#[tokio::test]
#[ignore = "prints figures; nothing can fail"]
async fn figures_of_an_echo() {
    let server = Server::start("1920x1080x24", &[]);
    let connection = server.connect();
    let root = screen(&connection).root;
    let watch = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
    connection.change_window_attributes(root, &watch).unwrap();
    connection.sync().unwrap();
    let mut terminal = server.command("xterm");
    terminal.args(["-u8", "-geometry", "120x40+0+0", "-e", "cat"]);
    let _terminal = Process::start(terminal);
    while !matches!(connection.wait_for_event().unwrap(), XEvent::MapNotify(_)) {}
    let mut viewer = Viewer::open(&server);
    let mut sink = Sink::open(Some(&server.name)).unwrap();
    sink.apply(&Event::Move { x: 100, y: 100 }).unwrap();
    viewer.until_quiet().await;
    let mut echoes = Vec::new();
    for _ in 0..60 {
        viewer.damaged = 0;
        let typed = Instant::now();
        sink.apply(&key(true)).unwrap();
        sink.apply(&key(false)).unwrap();
        viewer.until("an echo", |viewer| viewer.damaged > 0).await;
        echoes.push(typed.elapsed());
        viewer.until_quiet().await;
    }
    println!("key to pixels through xterm: {:?}", median(&mut echoes));
    let (mut source, mut sink) = synthetic::pair(1920, 1080).unwrap();
    source.take().unwrap();
    let mut echoes: Vec<Duration> = (0..200)
        .map(|_| {
            let typed = Instant::now();
            sink.apply(&key(true)).unwrap();
            sink.apply(&key(false)).unwrap();
            assert_eq!(source.take().unwrap().damage.len(), 1);
            typed.elapsed()
        })
        .collect();
    println!("key to pixels on a stage: {:?}", median(&mut echoes));
}

fn key(down: bool) -> Event {
    let text = Some("a".to_owned());
    Event::Key {
        usage: 4,
        down,
        locks: Locks::default(),
        text,
    }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
