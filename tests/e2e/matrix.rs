//! Every kind of sharer with every kind of helper, by every carrier (`make matrix`).

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tests::stage::{Browser, Desktop, Program, Screen, Stage, Visitor};
use tokio::time::Instant;

use crate::share::{PATCHES, SIDE, paint, sees, type_code, wait_enabled};

/// A program of one end, and what it comes by: the word for it in a record, and for a native program that of `--carrier`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Native(&'static str),
    Page(&'static str),
}

const ENDS: [End; 4] = [
    End::Native("quic"),
    End::Native("websocket"),
    End::Page("webtransport"),
    End::Page("websocket"),
];
/// One for each kind of sharer: nobody may type many codes in a minute.
const SHARERS: [&str; 4] = ["sakura", "yusuf", "grete", "priya"];

/// PRODUCT 10.2: what stands on the sharer's screen is seen by every helper, and the record says what carried it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "sixteen pairs take minutes: make matrix"]
async fn every_helper_works_with_every_sharer() {
    let stage = Stage::start().await;
    let mut desktop = Desktop::start(1280, 800).await;
    desktop.run_window_manager().await;
    let auditor = Visitor::sign_in(&stage, "dmitri").await;
    let mut pairs = 0;
    for (sharer, person) in ENDS.into_iter().zip(SHARERS) {
        for helper in ENDS {
            println!("{helper:?} helps {sharer:?}");
            help(&stage, &desktop, helper, (sharer, person)).await;
            pairs += 1;
            let record = newest(&auditor, pairs).await;
            assert_eq!(
                [&record["helper_carrier"], &record["sharer_carrier"]],
                [helper.word(), sharer.word()]
            );
        }
    }
}

async fn help(stage: &Stage, desktop: &Desktop, helper: End, (sharer, person): (End, &str)) {
    let mut helper = Helper::start(stage, helper).await;
    let mut sharer = Sharer::start(stage, desktop, sharer, person).await;
    sharer.join(&helper.code().await).await;
    helper.ask().await;
    sharer.allow().await;
    let painted = paint(desktop).await;
    helper.sees(stage, true).await;
    drop(painted);
    helper.sees(stage, false).await;
    sharer.stop().await;
}

/// The newest record, once there are so many and it is closed.
async fn newest(auditor: &Visitor, count: usize) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let list = auditor.json("/api/v1/records").await;
        let records = list["records"].as_array().expect("a list");
        if records.len() == count && records[0]["end_reason"].is_string() {
            return records[0].clone();
        }
        assert!(Instant::now() < deadline, "{list}");
    }
}

impl End {
    fn word(self) -> &'static str {
        let (Self::Native(word) | Self::Page(word)) = self;
        word
    }

    /// How a browser is set up that comes by this.
    fn screen(self) -> Screen<'static> {
        Screen {
            no_udp: self.word() == "websocket",
            ..Screen::default()
        }
    }
}

enum Helper {
    Native(Program),
    Page(Browser),
}

impl Helper {
    async fn start(stage: &Stage, end: End) -> Self {
        match end {
            End::Native(carrier) => {
                let helper = stage.helper_with("amina", &["--carrier", carrier]);
                Self::Native(helper)
            }
            End::Page(_) => {
                let mut page = Browser::start(stage, end.screen()).await;
                page.open(&format!("{}/h", stage.relay.url)).await;
                page.sign_in("amina").await;
                Self::Page(page)
            }
        }
    }

    async fn code(&mut self) -> String {
        match self {
            Self::Native(helper) => {
                let code = helper.expect("code").await["code"].clone();
                code.as_str().expect("digits").to_owned()
            }
            Self::Page(page) => page.code().await,
        }
    }

    async fn ask(&mut self) {
        match self {
            Self::Native(helper) => {
                helper.expect("card").await;
                helper.tell("ask", json!({"level": "view"})).await;
            }
            Self::Page(page) => {
                page.wait("button", "Ask the other person").await;
                page.click("button", "Ask the other person").await;
            }
        }
    }

    /// Waits until it shows what was painted, or nothing of it.
    async fn sees(&mut self, stage: &Stage, there: bool) {
        match self {
            Self::Native(helper) => {
                let file = stage.path("seen.png");
                let deadline = Instant::now() + PATIENCE;
                loop {
                    let saved = helper.ask("save", json!({"path": file}), "saved").await;
                    if saved["error"].is_null() && shows(&file) == there {
                        return;
                    }
                    assert!(Instant::now() < deadline, "there: {there}, {saved}");
                }
            }
            Self::Page(page) => {
                page.wait("application", "Screen of").await;
                sees(page, there).await;
            }
        }
    }
}

enum Sharer {
    Native(Program),
    Page(Browser),
}

impl Sharer {
    async fn start(stage: &Stage, desktop: &Desktop, end: End, person: &str) -> Self {
        let display = desktop.display.as_str();
        match end {
            End::Native(carrier) => {
                let options = [
                    "--source",
                    "x11",
                    "--display",
                    display,
                    "--carrier",
                    carrier,
                ];
                let mut sharer = stage.sharer_with(person, &options);
                sharer.expect("signed_in").await;
                Self::Native(sharer)
            }
            End::Page(_) => {
                let screen = Screen {
                    size: (960, 600),
                    display: Some(display),
                    ..end.screen()
                };
                let mut page = Browser::start(stage, screen).await;
                page.open(&format!("{}/s", stage.relay.url)).await;
                page.sign_in(person).await;
                page.tell("wait", json!({"selector": "#code"})).await;
                Self::Page(page)
            }
        }
    }

    async fn join(&mut self, code: &str) {
        match self {
            Self::Native(sharer) => sharer.tell("join", json!({"code": code})).await,
            Self::Page(page) => type_code(page, code).await,
        }
    }

    async fn allow(&mut self) {
        match self {
            Self::Native(sharer) => {
                sharer.expect("asked").await;
                sharer.tell("allow", json!({})).await;
            }
            Self::Page(page) => {
                let allow = json!({"selector": ".question button.primary"});
                page.tell("wait", allow.clone()).await;
                wait_enabled(page, &allow).await;
                page.tell("click", allow).await;
            }
        }
    }

    async fn stop(&mut self) {
        match self {
            Self::Native(sharer) => {
                sharer.tell("leave", json!({})).await;
                sharer.expect("ended").await;
                assert!(sharer.wait().await, "it ended well");
            }
            Self::Page(page) => {
                page.click("button", "Stop").await;
                page.wait("heading", "The session has ended").await;
            }
        }
    }
}

/// Whether a picture of the screen has the colours where they were painted; a browser may have made it smaller.
fn shows(file: &Path) -> bool {
    let picture = image::open(file).expect("a picture was saved").to_rgb8();
    PATCHES.iter().all(|([x, y], colour)| {
        let at = |place: &i16| {
            let middle = u32::try_from(*place).expect("on the screen") + u32::from(SIDE) / 2;
            middle * picture.width() / WIDTH
        };
        let seen = picture.get_pixel(at(x), at(y)).0;
        seen.iter()
            .zip(colour)
            .all(|(one, other)| one.abs_diff(*other) < 24)
    })
}

/// Of the desktop.
const WIDTH: u32 = 1280;
const PATIENCE: Duration = Duration::from_secs(30);
