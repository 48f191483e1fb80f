//! A person shares from a browser and a native program helps: the video is decoded there (SPEC 7.8).

use std::path::Path;
use std::time::Duration;

use image::RgbImage;
use serde_json::{Value, json};
use tests::stage::{Browser, Desktop, Program, Screen, Stage, Windows};
use tokio::time::Instant;

use crate::share::{PATCHES, SIDE, paint, sees, sharing_browser, type_code, wait_enabled};

/// Left top corners of what a test paints on a page of 1280 x 720, and two sets of colours for them.
const CORNERS: [[u32; 2]; 4] = [[900, 480], [1000, 480], [900, 560], [1000, 560]];
const DAY: [[u8; 3]; 4] = [[220, 30, 30], [30, 160, 60], [30, 60, 220], [240, 240, 240]];
const NIGHT: [[u8; 3]; 4] = [[20, 20, 20], [250, 200, 0], [0, 200, 200], [150, 0, 150]];

/// PRODUCT 3.2, 10.2: the relay gives a sharer in a browser no level above view, whatever program helps; the native helper sees the tab in
/// its colours, points and writes, sees nothing of a pause, and is told the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_native_helper_sees_a_tab() {
    let stage = Stage::start().await;
    let screen = Screen {
        tab: true,
        ..Screen::default()
    };
    let mut sharer = Browser::start(&stage, screen).await;
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"].clone();
    join(&stage, &mut sharer, code.as_str().unwrap()).await;
    let card = helper.expect("card").await;
    assert_eq!(
        (&card["program"], &card["levels"]),
        (&json!("browser"), &json!(["view"]))
    );
    helper.tell("ask", json!({"level": "control"})).await;
    assert_eq!(helper.expect("fault").await["code"], "RH-1217");
    helper.tell("ask", json!({"level": "view"})).await;
    colour(&mut sharer, DAY).await;
    allow(&mut sharer).await;
    assert_eq!(helper.expect("granted").await["level"], "view");
    let picture = helper.expect("picture").await;
    assert_eq!(
        (&picture["width"], &picture["height"]),
        (&json!(1280), &json!(720))
    );
    shows(&stage, &mut helper, DAY).await;
    helper.expect("quiet").await;

    helper.tell("type", json!({"text": "x"})).await;
    assert_eq!(helper.expect("fault").await["code"], "RH-1203");
    let laser = json!({"on": true, "x": 640, "y": 360, "color": "#d13438"});
    helper.tell("laser", laser).await;
    sharer.tell("wait", json!({"selector": "[data-dot]"})).await;
    helper.tell("chat", json!({"text": "Guten Tag"})).await;
    sharer.tell("wait", json!({"text": "Guten Tag"})).await;

    sharer.click("button", "Pause").await;
    assert_eq!(helper.expect("paused").await["on"], true);
    colour(&mut sharer, NIGHT).await;
    sharer.click("button", "Go on").await;
    assert_eq!(helper.expect("paused").await["on"], false);
    shows(&stage, &mut helper, NIGHT).await;
    let stats = helper.ask("stats", json!({}), "stats").await;
    assert!(stats["updates"].as_u64() > Some(1), "{stats}");
    sharer.click("button", "Stop").await;
    assert_eq!(helper.expect("ended").await["code"], "RH-1501");
    let codes: Vec<Value> = helper
        .all("fault")
        .iter()
        .map(|fault| fault["code"].clone())
        .collect();
    assert_eq!(codes, [json!("RH-1217"), json!("RH-1203")]);
}

/// PRODUCT 10.2: every kind of helper sees a whole screen that is shared from a browser: one in the window of the native program, a
/// colleague beside it in another browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_screen_is_seen_in_a_window_and_in_a_browser() {
    let stage = Stage::start().await;
    let mut there = Desktop::start(1280, 800).await;
    there.run_window_manager().await;
    let mut here = Desktop::start(1600, 1100).await;
    here.run_window_manager().await;
    let mut sharer = sharing_browser(&stage, &there, "en-GB", false).await;
    let mut jonas = Browser::start(&stage, Screen::default()).await;
    jonas.open(&stage.relay.url).await;
    jonas.sign_in("jonas").await;
    jonas.wait("button", "Create a code").await;
    let mut amina = Windows::helper(&stage, &here, "amina", &[]).await;
    let code = amina.reads("Code: ").await;
    join(&stage, &mut sharer, &code).await;
    amina.press("I have read this").await;
    amina.press("Ask to view").await;
    allow(&mut sharer).await;
    amina.sees("Screen of 田中 さくら").await;
    amina.press("1:1").await;
    here.tool("xdotool", &["key", "ctrl+alt+f"]).await;
    let picture = stage.path("here.png");
    let painted = paint(&there).await;
    until("the window shows the colours", async || {
        here.save(&picture).await;
        stands_in(&picture)
    })
    .await;
    drop(painted);
    until("the window follows", async || {
        here.save(&picture).await;
        !stands_in(&picture)
    })
    .await;
    here.tool("xdotool", &["key", "ctrl+alt+f"]).await;

    amina.press("Helpers").await;
    amina.press("Invite a colleague").await;
    amina.sees("Name of the colleague").await;
    here.tool("xdotool", &["type", "jonas"]).await;
    amina.press("Search").await;
    amina.press("Ask Jonas Brandt").await;
    jonas
        .wait("button", "Join the session with 田中 さくら")
        .await;
    jonas
        .click("button", "Join the session with 田中 さくら")
        .await;
    jonas.wait("button", "Ask the other person").await;
    jonas.click("button", "Ask the other person").await;
    allow(&mut sharer).await;
    jonas
        .wait("application", "Screen of 田中 さくら, view only.")
        .await;
    let painted = paint(&there).await;
    sees(&mut jonas, true).await;
    drop(painted);
    sees(&mut jonas, false).await;
    sharer.click("button", "Stop").await;
    amina.sees("The other person ended the session.").await;
}

/// Signs the sharer in and types the code.
async fn join(stage: &Stage, sharer: &mut Browser, code: &str) {
    sharer.open(&format!("{}/s", stage.relay.url)).await;
    sharer.sign_in("sakura").await;
    sharer.tell("wait", json!({"selector": "#code"})).await;
    type_code(sharer, code).await;
}

async fn allow(sharer: &mut Browser) {
    let allow = json!({"selector": ".question button.primary"});
    sharer.tell("wait", allow.clone()).await;
    wait_enabled(sharer, &allow).await;
    sharer.tell("click", allow).await;
}

/// Paints on the page that is shared.
async fn colour(sharer: &mut Browser, colours: [[u8; 3]; 4]) {
    let places = json!(CORNERS.iter().zip(colours).collect::<Vec<_>>());
    let script = format!(
        "for (const [[x, y], colour] of {places}) {{
           const id = `patch${{x}}-${{y}}`;
           const patch = document.getElementById(id) ?? document.documentElement.appendChild(document.createElement('div'));
           patch.id = id;
           Object.assign(patch.style, {{ position: 'fixed', zIndex: 9, left: `${{x}}px`, top: `${{y}}px`, width: '{SIDE}px', height: '{SIDE}px',
             background: `rgb(${{colour}})` }});
         }}"
    );
    sharer.evaluate(&script).await;
}

/// What the helper sees has these colours where the page has them: within what a video codec makes of a colour.
async fn shows(stage: &Stage, helper: &mut Program, colours: [[u8; 3]; 4]) {
    let path = stage.path("seen.png");
    until("the colours of the tab", async || {
        let saved = helper.ask("save", json!({"path": path}), "saved").await;
        assert_eq!(saved["error"], Value::Null, "{saved}");
        let seen = open(&path);
        let middle = u32::from(SIDE) / 2;
        let mut pairs = CORNERS.iter().zip(colours);
        pairs.all(|([x, y], colour)| is_near(seen.get_pixel(x + middle, y + middle).0, colour))
    })
    .await;
}

/// Whether the squares of the other screen stand anywhere in this picture, as far from each other as there.
fn stands_in(picture: &Path) -> bool {
    let picture = open(picture);
    let [([left, top], _), ..] = PATCHES;
    let middle = i16::try_from(SIDE / 2).unwrap();
    let places = PATCHES.map(|([x, y], colour)| ([x - left + middle, y - top + middle], colour));
    let offset = |base: u32, by: i16| base + u32::try_from(by).unwrap();
    let mut corners = (0..picture.height() - 2 * 80)
        .flat_map(|y| (0..picture.width() - 2 * 100).map(move |x| (x, y)));
    corners.any(|(x, y)| {
        let mut places = places.iter();
        places.all(|([dx, dy], colour)| {
            is_near(picture.get_pixel(offset(x, *dx), offset(y, *dy)).0, *colour)
        })
    })
}

fn open(path: &Path) -> RgbImage {
    image::open(path).expect("a picture was saved").to_rgb8()
}

/// Chromium without a graphics card mixes the colours of a tab by BT.601 and tags them as BT.709: its own preview is off by as much.
fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    let mut pairs = one.iter().zip(other);
    pairs.all(|(one, other)| one.abs_diff(other) < 32)
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "{what}: not in {PATIENCE:?}");
    }
}

const PATIENCE: Duration = Duration::from_secs(30);
