//! The window, the child and the keyboard around one `Session`: carries events in, and what the person does out.

mod company;
mod connect;
mod hands;

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use client_window::child::Child;
use client_window::dress::{is_rtl, spoken};
use client_window::window_id;
use i_slint_backend_winit::WinitWindowAccessor as _;
use slint::{ComponentHandle as _, Timer, TimerMode};

use crate::arguments::Arguments;
use crate::event::{Command, Event};
use crate::keyboard::{Keyboard, Told};
use crate::keys::Shortcut;
use crate::picture::Place;
use crate::render::{Portrait, Stand};
use crate::session::{Level, Session};
use crate::windows::{self, Bridge, Dir, Faults, MainWindow, Palette};

pub(crate) use hands::Hands;

/// Why the window cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The toolkit has no display.
    #[error(transparent)]
    Window(#[from] slint::PlatformError),
    /// There is no place for the picture.
    #[error("there is no folder for the picture: {0}")]
    Place(#[from] io::Error),
}

/// Everything that lives as long as the program.
pub(crate) struct App {
    pub(crate) main: MainWindow,
    pub(crate) session: Session,
    pub(crate) portrait: Portrait,
    /// The picture as it stands in the window.
    pub(crate) stand: Stand,
    pub(crate) hands: Hands,
    pub(crate) full: bool,
    pub(crate) chatting: bool,
    /// Whether the helpers are shown; not beside the chat.
    pub(crate) helping: bool,
    /// Whether the child waits for an invitation, and makes no code.
    pub(crate) invited: bool,
    /// Whether the keyboard is taken for the other computer.
    pub(crate) held: bool,
    /// Whether the person wants it to be.
    wanted: bool,
    /// The update on the tiles, until a frame with it is drawn.
    painted: Option<u32>,
    place: Place,
    keyboard: Option<Keyboard>,
    arguments: Arguments,
    itself: Weak<RefCell<Self>>,
    child: Option<Child>,
    /// The number of the child.
    number: i32,
    began: Instant,
    ticker: Timer,
}

/// Shows the window until the person closes it.
pub fn run(arguments: Arguments) -> Result<(), Error> {
    slint::BackendSelector::new()
        .backend_name("winit".into())
        .renderer_name("software".into())
        .select()?;
    let app = App::open(arguments)?;
    app.borrow_mut().start_child();
    app.borrow().main.show()?;
    with(&Rc::downgrade(&app), |_| {});
    Ok(slint::run_event_loop_until_quit()?)
}

/// Does something, and shows what came of it.
pub(crate) fn with(app: &Weak<RefCell<App>>, deed: impl FnOnce(&mut App)) {
    quick(app, |app| {
        deed(app);
        app.show();
    });
}

/// Does something that changes nothing but the picture.
pub(crate) fn quick(app: &Weak<RefCell<App>>, deed: impl FnOnce(&mut App)) {
    let Some(app) = app.upgrade() else { return };
    // The toolkit calls back from its loop, or while a deed changes what it shows; such a call has nothing to add.
    if let Ok(mut app) = app.try_borrow_mut() {
        deed(&mut app);
    }
}

impl App {
    fn open(arguments: Arguments) -> Result<Rc<RefCell<Self>>, Error> {
        let main = MainWindow::new()?;
        dress(&arguments, &main);
        let invited = arguments.invited;
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        let place = Place::make(runtime.as_deref())?;
        let app = Rc::new_cyclic(|itself| {
            RefCell::new(Self {
                main,
                session: Session::default(),
                portrait: Portrait::default(),
                stand: Stand::default(),
                hands: Hands::default(),
                full: false,
                chatting: false,
                helping: false,
                invited,
                held: false,
                wanted: false,
                painted: None,
                place,
                keyboard: None,
                arguments,
                itself: Weak::clone(itself),
                child: None,
                number: 0,
                began: Instant::now(),
                ticker: Timer::default(),
            })
        });
        connect::all(&app);
        Ok(app)
    }

    /// Time since the program began.
    pub(crate) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Starts the program that talks, and a session with it.
    pub(crate) fn start_child(&mut self) {
        self.give_back();
        self.child = None;
        self.session = Session::default();
        self.stand = Stand::default();
        self.painted = None;
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
        let mut given = vec!["--picture".into(), self.place.file().into_os_string()];
        // What stands without its value is the child's to tell.
        let rest = self.arguments.of_child(self.invited);
        given.extend(rest.unwrap_or_else(|_| self.arguments.rest.clone()));
        match Child::start(&program, &given, heard, ended) {
            Ok(child) => self.child = Some(child),
            Err(_) => self.session.child_ended(self.now()),
        }
    }

    /// Takes an event of the child. Gives whether it concerns more than the picture.
    pub(crate) fn heard(&mut self, child: i32, line: &str) -> bool {
        if child != self.number {
            return false;
        }
        match serde_json::from_str::<Event>(line) {
            Ok(Event::Picture { width, height }) => self.stand.resize(width, height, &self.main),
            Ok(Event::Painted { update, rects }) => {
                // What cannot be read is told by the child: it writes the file.
                if self.stand.paint(&self.place, &rects).is_ok() {
                    self.painted = Some(update);
                    self.draw_now();
                }
            }
            Ok(Event::Cursor(spot)) => self.stand.point(spot, &self.main),
            Ok(Event::CursorShape(shape)) => self.stand.shape(&shape, &self.main),
            Ok(event) => {
                self.session.hear(event, self.now());
                return true;
            }
            // What is no event is none of ours.
            Err(_) => {}
        }
        false
    }

    /// Asks for a frame at once, and also where nothing that is in sight changed: the toolkit itself would wait for the next beat of
    /// the display and add its length to every key press.
    fn draw_now(&self) {
        // A window that is not there yet shows everything with its first frame.
        let _asked = self
            .main
            .window()
            .with_winit_window(|window| window.request_redraw());
    }

    /// A frame with this update was handed to the display.
    pub(crate) fn presented(&self, update: i32) {
        let update = u32::from_ne_bytes(update.to_ne_bytes());
        self.tell(Some(Command::Shown { update }));
    }

    pub(crate) fn child_ended(&mut self, child: i32) {
        if child == self.number {
            self.session.child_ended(self.now());
        }
    }

    pub(crate) fn tell(&self, command: Option<Command>) {
        if let (Some(child), Some(command)) = (&self.child, command) {
            child.tell(&command);
        }
    }

    pub(crate) fn ask(&mut self, level: Level) {
        let told = self.session.ask(level, self.now());
        self.tell(told);
    }

    pub(crate) fn trust(&mut self, yes: bool) {
        let told = self.session.trust(yes);
        self.tell(told);
    }

    pub(crate) fn acknowledge(&mut self) {
        let told = self.session.acknowledge();
        self.tell(told);
    }

    pub(crate) fn leave(&mut self) {
        let told = self.session.leave(self.now());
        self.tell(told);
    }

    pub(crate) fn send(&mut self) {
        let draft = self.main.get_draft();
        let told = self.session.write(&draft);
        if told.is_some() {
            self.main.set_draft("".into());
        }
        self.tell(told);
    }

    pub(crate) fn chat(&mut self) {
        self.chatting = !self.chatting;
        self.session.thread.look(self.chatting);
        if self.chatting {
            self.helping = false;
            self.give_back();
        }
    }

    pub(crate) fn toggle_full(&mut self) {
        self.full = !self.full;
    }

    pub(crate) fn show_monitor(&mut self, id: i32) {
        let output = u32::try_from(id).ok().filter(|id| *id != 0);
        self.tell(Some(Command::Output { output }));
    }

    /// A key of ours, whoever took it.
    pub(crate) fn pressed(&mut self, shortcut: Shortcut) {
        match shortcut {
            Shortcut::Toolbar => {
                self.give_back();
                let next = self.main.get_to_toolbar().wrapping_add(1);
                self.main.set_to_toolbar(next);
            }
            Shortcut::FullScreen => self.toggle_full(),
            Shortcut::Chat => self.chat(),
            Shortcut::Level if self.session.level() == Some(Level::Control) => {
                self.ask(Level::View);
            }
            Shortcut::Level => self.ask(Level::Control),
            Shortcut::Laser => self.toggle_laser(),
            Shortcut::SecureAttention => self.send_keys(0),
            Shortcut::Monitor(number) => {
                let (outputs, _) = self.session.outputs();
                let chosen = usize::from(number).checked_sub(1);
                let output = chosen.and_then(|place| outputs.get(place));
                if number == 0 || output.is_some() {
                    let output = output.map(|output| output.id);
                    self.tell(Some(Command::Output { output }));
                }
            }
        }
    }

    /// The person chose the picture: keys go to it where the level has them.
    pub(crate) fn entered(&mut self) {
        self.wanted = true;
    }

    /// Another window has the keyboard.
    pub(crate) fn lost(&mut self) {
        self.held = false;
        self.wanted = false;
    }

    pub(crate) fn give_back(&mut self) {
        self.wanted = false;
        if std::mem::take(&mut self.held)
            && let Some(keyboard) = &self.keyboard
        {
            keyboard.give_back();
        }
    }

    pub(crate) fn tick(&mut self) {
        let told = self.session.tick(self.now());
        self.tell(told);
        if self.session.hangs(self.now())
            && let Some(child) = &mut self.child
        {
            child.kill();
        }
    }

    /// Brings the window in line with the session.
    fn show(&mut self) {
        self.keep_keyboard();
        self.render();
        self.keep_ticking();
    }

    fn keep_keyboard(&mut self) {
        let wanted = self.wanted;
        if !self.session.controls() {
            if self.held {
                self.give_back();
                self.wanted = wanted && self.session.level().is_some();
            }
        } else if wanted && !self.held {
            self.take_keyboard();
        }
    }

    fn take_keyboard(&mut self) {
        if self.keyboard.is_none() {
            self.keyboard = window_id(self.main.window()).and_then(|id| self.listen(id));
        }
        if let (Some(keyboard), Some(child)) = (&self.keyboard, &self.child) {
            // Another program may hold it for a moment; the next look tries again.
            self.held = keyboard.take(child.voice()).is_ok();
        }
    }

    fn listen(&self, window: u32) -> Option<Keyboard> {
        let main = self.main.as_weak();
        let told = move |told| {
            let _gone = main.upgrade_in_event_loop(move |main| {
                let bridge = main.global::<Bridge<'_>>();
                match told {
                    Told::Lost => bridge.invoke_keyboard_lost(),
                    Told::Pressed(shortcut) => {
                        let (shortcut, number) = connect::shown(shortcut);
                        bridge.invoke_pressed(shortcut, number);
                    }
                }
            });
        };
        Keyboard::listen(window, told).ok()
    }

    fn keep_ticking(&self) {
        if !self.ticker.running() {
            let app = Weak::clone(&self.itself);
            let every = Duration::from_millis(250);
            self.ticker.start(TimerMode::Repeated, every, move || {
                with(&app, Self::tick);
            });
        }
    }
}

/// Language, direction and colours, before anything is shown.
fn dress(arguments: &Arguments, main: &MainWindow) {
    let language = spoken(arguments.lang.as_deref());
    // Every language that `spoken` gives is inside.
    let _inside = slint::select_bundled_translation(language);
    main.global::<Dir<'_>>().set_rtl(is_rtl(language));
    main.global::<Faults<'_>>().set_helper(true);
    if let Some(scheme) = arguments.theme.scheme() {
        main.global::<Palette<'_>>().set_color_scheme(scheme);
    }
}

/// The program beside this one.
fn sibling() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let folder = program.parent().unwrap_or_else(|| Path::new(""));
    folder.join("handrail-helper")
}

impl From<windows::Level> for Level {
    fn from(level: windows::Level) -> Self {
        match level {
            windows::Level::View => Self::View,
            windows::Level::Control => Self::Control,
        }
    }
}
