//! The windows, the child and the display around one `Session`: carries events in, and what the person does out.

mod connect;
mod placement;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use client_window::child::Child;
use client_window::dress::{is_rtl, spoken};
use client_window::text::ascii_digits;
use slint::{ComponentHandle as _, PhysicalPosition, PlatformError, Timer, TimerMode};

use crate::arguments::Arguments;
use crate::desktop::Desktop;
use crate::desktop::hotkeys::{Hotkey, Hotkeys};
use crate::desktop::overlay::Overlay;
use crate::event::{Area, Command, Event};
use crate::presence::x11::Devices;
use crate::presence::{Means, Presence, Verdict, judge};
use crate::render::Portrait;
use crate::session::Session;
use crate::windows::{self, Bridge, Chat, Dir, MainWindow, Palette, Pill, Tray};

/// Everything that lives as long as the program.
pub(crate) struct App {
    pub(crate) main: MainWindow,
    pub(crate) pill: Pill,
    pub(crate) chat: Chat,
    /// `None` on a desktop without a place for it.
    pub(crate) tray: Option<Tray>,
    pub(crate) session: Session,
    pub(crate) portrait: Portrait,
    pub(crate) hotkeys: Option<Hotkeys>,
    arguments: Arguments,
    itself: Weak<RefCell<Self>>,
    child: Option<Child>,
    /// The number of the child.
    number: i32,
    began: Instant,
    desktop: Option<Desktop>,
    overlay: Option<Overlay>,
    /// Only while a question is shown.
    devices: Option<Devices>,
    /// What was judged when the button went down on Allow.
    judged: Option<Verdict>,
    main_shown: bool,
    /// Whether the main window was shown and not yet put in the middle.
    misplaced: bool,
    pill_shown: bool,
    ticker: Timer,
    settling: Timer,
}

/// Shows the windows until the person closes them.
pub fn run(arguments: Arguments) -> Result<(), PlatformError> {
    slint::BackendSelector::new()
        .backend_name("winit".into())
        .renderer_name("software".into())
        .select()?;
    let app = App::open(arguments)?;
    app.borrow_mut().start_child();
    with(&Rc::downgrade(&app), |_| {});
    slint::run_event_loop_until_quit()
}

/// Does something, and shows what came of it.
pub(crate) fn with(app: &Weak<RefCell<App>>, deed: impl FnOnce(&mut App)) {
    let Some(app) = app.upgrade() else { return };
    // The toolkit calls back from its loop only, never out of a deed.
    if let Ok(mut app) = app.try_borrow_mut() {
        deed(&mut app);
        app.show();
    }
}

impl App {
    fn open(arguments: Arguments) -> Result<Rc<RefCell<Self>>, PlatformError> {
        let (main, pill, chat) = (MainWindow::new()?, Pill::new()?, Chat::new()?);
        dress(&arguments, &main, &pill, &chat);
        let app = Rc::new_cyclic(|itself| {
            RefCell::new(Self {
                main,
                pill,
                chat,
                tray: Tray::new().ok(),
                session: Session::default(),
                portrait: Portrait::default(),
                hotkeys: None,
                arguments,
                itself: Weak::clone(itself),
                child: None,
                number: 0,
                began: Instant::now(),
                desktop: Desktop::connect().ok(),
                overlay: Overlay::connect().ok(),
                devices: None,
                judged: None,
                main_shown: false,
                misplaced: false,
                pill_shown: false,
                ticker: Timer::default(),
                settling: Timer::default(),
            })
        });
        connect::all(&app);
        if let Some(tray) = &app.borrow().tray {
            // Without a tray host the icon stays away; the pill has everything.
            let _absent = tray.show();
        }
        Ok(app)
    }

    /// Time since the program began.
    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Starts the program that shares, and a session with it.
    pub(crate) fn start_child(&mut self) {
        self.child = None;
        self.session = Session::default();
        self.main.set_code("".into());
        self.number = self.number.wrapping_add(1);
        let number = self.number;
        let (heard, ended) = (self.main.as_weak(), self.main.as_weak());
        let heard = move |line: String| {
            // A loop that is gone hears nothing.
            let _gone = heard.upgrade_in_event_loop(move |main| {
                main.global::<Bridge<'_>>()
                    .invoke_heard(number, line.into());
            });
        };
        let ended = move || {
            let _gone = ended.upgrade_in_event_loop(move |main| {
                main.global::<Bridge<'_>>().invoke_child_ended(number);
            });
        };
        let program = self.arguments.child.clone().unwrap_or_else(sibling);
        match Child::start(&program, &self.arguments.rest, heard, ended) {
            Ok(child) => self.child = Some(child),
            Err(_) => self.session.child_ended(self.now()),
        }
    }

    pub(crate) fn heard(&mut self, child: i32, line: &str) {
        if child != self.number {
            return;
        }
        // What is no event is none of ours.
        if let Ok(event) = serde_json::from_str::<Event>(line) {
            let told = self.session.hear(event, self.now());
            self.tell(told);
        }
    }

    pub(crate) fn child_ended(&mut self, child: i32) {
        if child == self.number {
            self.session.child_ended(self.now());
        }
    }

    pub(crate) fn tell(&mut self, command: Option<Command>) {
        if let (Some(child), Some(command)) = (&self.child, command) {
            child.tell(&command);
        }
    }

    pub(crate) fn edited(&mut self) {
        let typed = self.main.get_code();
        let shown = ascii_digits(&typed);
        if shown != typed.as_str() {
            self.main.set_code(shown.into());
        }
        self.session.edited();
    }

    pub(crate) fn join(&mut self) {
        let told = self.session.join(&self.main.get_code(), self.now());
        self.tell(told);
    }

    pub(crate) fn allow_began(&mut self) {
        self.judged = Some(self.judge(Means::Device));
    }

    pub(crate) fn allow(&mut self, means: windows::Means) {
        let began = self.judged.take();
        let verdict = match means {
            windows::Means::Pointer => began.unwrap_or(Verdict::Nobody),
            windows::Means::Key => self.judge(Means::Device),
            windows::Means::Assistive => self.judge(Means::Assistive),
        };
        let shown = self.question_text();
        let told = self.session.allow(verdict, &shown, self.now());
        self.tell(told);
    }

    /// What stands above the buttons of a question: name, wish and what follows, as the person reads them.
    fn question_text(&self) -> String {
        let main = &self.main;
        let words = main.global::<windows::Words<'_>>();
        let (name, by, controller) = (main.get_person().name, main.get_by(), main.get_controller());
        let question =
            words.invoke_question(name, by, main.get_hand_over(), main.get_level(), controller);
        question.into()
    }

    pub(crate) fn trust(&mut self, yes: bool) {
        let told = self.session.trust(yes);
        self.tell(told);
    }

    pub(crate) fn report(&mut self) {
        let told = self.session.report(self.now());
        self.tell(told);
    }

    pub(crate) fn decline(&mut self) {
        let told = self.session.decline(self.now());
        self.tell(told);
    }

    pub(crate) fn leave(&mut self) {
        let told = self.session.leave(self.now());
        self.tell(told);
    }

    pub(crate) fn pause(&mut self) {
        let told = self.session.pause();
        self.tell(told);
    }

    pub(crate) fn lower(&mut self) {
        let told = self.session.lower();
        self.tell(told);
    }

    pub(crate) fn dismiss(&mut self, pair: i32) {
        let pair = u8::try_from(pair).ok();
        let told = pair.and_then(|pair| self.session.dismiss(pair));
        self.tell(told);
    }

    pub(crate) fn send(&mut self) {
        let draft = self.chat.get_draft();
        let told = self.session.write(&draft);
        if told.is_some() {
            self.chat.set_draft("".into());
        }
        self.tell(told);
    }

    pub(crate) fn open_chat(&mut self) {
        self.session.thread.look(true);
        // A window that the display refuses is not shown; the session goes on.
        let _refused = self.chat.show();
        self.chat.invoke_focus_field();
    }

    /// The person closes the main window: a question is declined, everything else ends the program.
    pub(crate) fn close_main(&mut self) {
        if self.session.question().is_some() {
            self.decline();
        } else {
            // Only a loop that runs can be asked to end, and it runs.
            let _ended = slint::quit_event_loop();
        }
    }

    pub(crate) fn tick(&mut self) {
        if self.session.tick(self.now())
            && let Some(child) = &mut self.child
        {
            child.kill();
        }
        if let Some(devices) = &mut self.devices {
            // What was pressed meanwhile must not wait in memory.
            let _press = devices.last_press();
        }
    }

    pub(crate) fn drag(&self, x: f32, y: f32) {
        let window = self.pill.window();
        let scale = window.scale_factor();
        let moved = slint::LogicalPosition::new(x, y).to_physical(scale);
        let at = window.position();
        window.set_position(PhysicalPosition::new(at.x + moved.x, at.y + moved.y));
    }

    /// The part of the desktop that is shared; all of it until the child says which.
    fn area(&self) -> Area {
        let whole = || {
            self.desktop
                .as_ref()
                .and_then(|desktop| desktop.area().ok())
        };
        self.session.area().or_else(whole).unwrap_or_default()
    }

    fn judge(&mut self, means: Means) -> Verdict {
        let devices = self
            .devices
            .as_mut()
            .map(|devices| -> &mut dyn Presence { devices });
        judge(self.arguments.presence, means, devices)
    }

    /// Brings windows and display in line with the session.
    fn show(&mut self) {
        self.watch_devices();
        self.render();
        self.place_windows();
        self.mark_desktop();
        self.keep_ticking();
    }

    fn watch_devices(&mut self) {
        if self.session.question().is_none() {
            self.devices = None;
            self.judged = None;
        } else if self.devices.is_none() {
            self.devices = Devices::listen().ok();
        }
    }

    fn mark_desktop(&mut self) {
        let area = self.area();
        let live = self.session.live();
        let colour = self.colour();
        if let Some(overlay) = &mut self.overlay {
            let marked = match live {
                Some(_) => overlay.frame(area, colour),
                None => overlay.remove_frame(),
            };
            // A display that went away ends the session by itself.
            let _gone = marked.and_then(|()| overlay.point(&self.session.spots()));
        }
        if live.is_none() {
            self.hotkeys = None;
        } else if self.hotkeys.is_none() {
            let main = self.main.as_weak();
            let pressed = move |hotkey| {
                let hotkey = match hotkey {
                    Hotkey::Pause => windows::Hotkey::Pause,
                    Hotkey::End => windows::Hotkey::End,
                };
                let _gone = main.upgrade_in_event_loop(move |main| {
                    main.global::<Bridge<'_>>().invoke_hotkey(hotkey);
                });
            };
            self.hotkeys = Hotkeys::hold(pressed).ok();
            let complete = self.hotkeys.as_ref().is_some_and(|keys| !keys.incomplete);
            self.pill.set_no_hotkeys(!complete);
        }
    }

    fn keep_ticking(&self) {
        if !self.session.runs() {
            self.ticker.stop();
        } else if !self.ticker.running() {
            let app = Weak::clone(&self.itself);
            let every = Duration::from_millis(250);
            self.ticker.start(TimerMode::Repeated, every, move || {
                with(&app, Self::tick);
            });
        }
    }
}

/// Language, direction and colours, before anything is shown. Every window has its own copy of them.
fn dress(arguments: &Arguments, main: &MainWindow, pill: &Pill, chat: &Chat) {
    let language = spoken(arguments.lang.as_deref());
    // Every language that `language` gives is inside.
    let _inside = slint::select_bundled_translation(language);
    let rtl = is_rtl(language);
    main.global::<Dir<'_>>().set_rtl(rtl);
    pill.global::<Dir<'_>>().set_rtl(rtl);
    chat.global::<Dir<'_>>().set_rtl(rtl);
    let Some(scheme) = arguments.theme.scheme() else {
        return;
    };
    main.global::<Palette<'_>>().set_color_scheme(scheme);
    pill.global::<Palette<'_>>().set_color_scheme(scheme);
    chat.global::<Palette<'_>>().set_color_scheme(scheme);
}

/// The program beside this one.
fn sibling() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.with_file_name("handrail-sharer")
}
