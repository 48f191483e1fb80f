//! The desktop that scenes are played on, and the scenes.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use tests::stage::{Desktop, Pair};

/// Something that happens on a screen, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scene {
    Typing,
    Terminal,
    Page,
    Switch,
    Drag,
    Video,
    Idle,
}

/// What the scenes play with.
pub(crate) struct Scenery {
    pub(crate) desktop: Desktop,
    log: File,
    windows: Windows,
}

struct Windows {
    page: String,
    notes: String,
    log: String,
    typing: String,
}

impl Scene {
    pub(crate) const ALL: [Self; 7] = [
        Self::Typing,
        Self::Terminal,
        Self::Page,
        Self::Switch,
        Self::Drag,
        Self::Video,
        Self::Idle,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Typing => "typing",
            Self::Terminal => "terminal scroll",
            Self::Page => "page scroll",
            Self::Switch => "window switch",
            Self::Drag => "window drag",
            Self::Video => "small video",
            Self::Idle => "idle",
        }
    }

    /// Between the starts of two steps.
    pub(crate) fn period(self) -> Duration {
        Duration::from_millis(match self {
            Self::Typing => 90,
            Self::Switch => 500,
            Self::Terminal | Self::Page | Self::Drag | Self::Video | Self::Idle => 67,
        })
    }

    /// Whether each step changes the screen once, and then nothing moves.
    pub(crate) fn settles(self) -> bool {
        !matches!(self, Self::Video | Self::Idle)
    }
}

impl Scenery {
    /// A desktop of 1920x1080 with four windows.
    pub(crate) async fn build(folder: &Path) -> Self {
        let mut desktop = Desktop::start(1920, 1080).await;
        furnish(&mut desktop, folder).await;
        let window = async |title: &str| {
            let found = desktop.tool("xdotool", &["search", "--name", title]).await;
            found.lines().next_back().unwrap_or_default().to_owned()
        };
        let windows = Windows {
            page: window("^page$").await,
            notes: window("^notes$").await,
            log: window("^log$").await,
            typing: window("^typing$").await,
        };
        // Open for reading too, so that the reader never sees an end.
        let log = OpenOptions::new().read(true).write(true).open(fifo(folder));
        Self {
            desktop,
            log: log.expect("the pipe can be opened"),
            windows,
        }
    }

    /// Makes the screen ready for a scene. False if a program for it is missing.
    pub(crate) async fn prepare(&mut self, scene: Scene) -> bool {
        let front = match scene {
            Scene::Typing | Scene::Drag | Scene::Idle => &self.windows.typing,
            Scene::Terminal => &self.windows.log,
            Scene::Page | Scene::Switch | Scene::Video => &self.windows.page,
        };
        self.activate(front).await;
        if scene == Scene::Video {
            if !is_there("ffplay") {
                return false;
            }
            self.desktop.run("ffplay", VIDEO);
            let search = ["search", "--sync", "--onlyvisible", "--name", "^video$"];
            self.desktop.tool("xdotool", &search).await;
        }
        true
    }

    /// The next thing happens.
    pub(crate) async fn step(&mut self, scene: Scene, number: usize, pair: &mut Pair) {
        match scene {
            Scene::Typing => {
                let letter = if number % 60 == 59 {
                    '\n'
                } else {
                    LETTERS[number % LETTERS.len()]
                };
                pair.helper
                    .tell("type", json!({"text": letter.to_string()}))
                    .await;
            }
            // 30 lines a second.
            Scene::Terminal => {
                for line in [2 * number, 2 * number + 1] {
                    writeln!(self.log, "{}", log_line(line)).expect("the terminal reads");
                }
            }
            Scene::Page => pair.helper.tell("type", json!({"text": " "})).await,
            Scene::Switch if number.is_multiple_of(2) => self.activate(&self.windows.notes).await,
            Scene::Switch => self.activate(&self.windows.page).await,
            Scene::Drag => {
                let (x, y) = (100 + number * 12 % 900, 80 + number * 5 % 300);
                let place = [x.to_string(), y.to_string()];
                let arguments = ["windowmove", &self.windows.typing, &place[0], &place[1]];
                self.desktop.tool("xdotool", &arguments).await;
            }
            Scene::Video | Scene::Idle => {}
        }
    }

    /// Takes away what only this scene needs.
    pub(crate) async fn clear(&mut self, scene: Scene) {
        if scene == Scene::Video {
            let kill = ["search", "--name", "^video$", "windowclose"];
            self.desktop.tool("xdotool", &kill).await;
        }
    }

    async fn activate(&self, window: &str) {
        self.desktop
            .tool("xdotool", &["windowactivate", "--sync", window])
            .await;
    }
}

/// Puts a window manager, two pages, a log and a window for typing onto a desktop.
pub(crate) async fn furnish(desktop: &mut Desktop, folder: &Path) {
    fs::create_dir_all(folder).expect("the folder can be made");
    let text = |seed: usize| {
        (0..3000)
            .map(|line| prose(line + seed) + "\n")
            .collect::<String>()
    };
    let (page, notes) = (folder.join("page.txt"), folder.join("notes.txt"));
    fs::write(&page, text(0)).expect("the folder can be written");
    fs::write(&notes, text(7000)).expect("the folder can be written");
    let fifo = fifo(folder);
    let made = std::process::Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()), "mkfifo works");
    desktop.run_window_manager().await;
    let less = |file: &Path| format!("exec less -z3 {}", file.display());
    terminal(desktop, "notes", "200x58+20+10", &less(&notes)).await;
    terminal(desktop, "page", "200x58+20+10", &less(&page)).await;
    terminal(
        desktop,
        "log",
        "120x40+300+100",
        &format!("exec cat <>{}", fifo.display()),
    )
    .await;
    terminal(desktop, "typing", "100x30+500+300", "exec cat >/dev/null").await;
}

async fn terminal(desktop: &mut Desktop, title: &str, geometry: &str, command: &str) {
    let arguments = [
        "-T",
        title,
        "-geometry",
        geometry,
        "-fa",
        "DejaVu Sans Mono",
        "-fs",
        "11",
        "-xrm",
        "XTerm*cursorBlink: false",
        "-xrm",
        "XTerm*allowTitleOps: false",
        "-e",
        "sh",
        "-c",
        command,
    ];
    desktop.run("xterm", &arguments);
    let name = format!("^{title}$");
    desktop
        .tool(
            "xdotool",
            &["search", "--sync", "--onlyvisible", "--name", &name],
        )
        .await;
}

/// Whether a program can be started.
pub(crate) fn is_there(program: &str) -> bool {
    let version = std::process::Command::new(program).arg("-version").output();
    version.is_ok_and(|output| output.status.success())
}

fn fifo(folder: &Path) -> PathBuf {
    folder.join("log.fifo")
}

/// A line as a build prints it: much repeats, some does not.
fn log_line(number: usize) -> String {
    let mixed = number.wrapping_mul(2_654_435_761) >> 7;
    let (first, second) = (WORDS[mixed % WORDS.len()], WORDS[mixed / 31 % WORDS.len()]);
    format!(
        "[{number:>5}] Compiling {first}-{second} v{}.{}.{} ({} ms)",
        mixed % 3,
        mixed % 17,
        mixed % 29,
        mixed % 997
    )
}

/// A line of running text, nearly as wide as the window.
fn prose(number: usize) -> String {
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut line = String::new();
    while line.len() < 180 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        line.push_str(WORDS[(state >> 33) % WORDS.len()]);
        line.push(' ');
    }
    line
}

const LETTERS: [char; 12] = ['h', 'e', 'l', 'p', ' ', 'd', 'e', 's', 'k', ' ', 'o', 'k'];
const WORDS: [&str; 24] = [
    "printer", "ward", "queue", "screen", "relay", "session", "picture", "the", "of", "and", "to",
    "pages", "blank", "paper", "driver", "spool", "network", "cable", "person", "asks", "again",
    "after", "lunch", "restart",
];
/// 640x360 of a fractal that never rests: hard to encode, as in the notes on media.
const VIDEO: &[&str] = &[
    "-loglevel",
    "quiet",
    "-window_title",
    "video",
    "-left",
    "600",
    "-top",
    "300",
    "-f",
    "lavfi",
    "-i",
    "mandelbrot=size=640x360:rate=15",
];
/// The duration of a step is told by the scene; this is how long a screen rests before and after.
pub(crate) const REST: Duration = Duration::from_millis(500);
