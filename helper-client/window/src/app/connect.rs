//! Every callback of the window, and the deed that it means.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use i_slint_backend_winit::winit::event::WindowEvent;
use i_slint_backend_winit::{EventResult, WinitWindowAccessor as _};
use slint::{CloseRequestResponse, ComponentHandle as _};

use super::{App, quick, with};
use crate::keys::Shortcut;
use crate::windows::{self, Bridge};

pub(super) fn all(app: &Rc<RefCell<App>>) {
    session(app);
    company(app);
    viewer(app);
    picture(app);
    frames(app);
    bridge(app);
}

/// A callback without arguments.
fn deed(app: &Rc<RefCell<App>>, deed: fn(&mut App)) -> impl Fn() + 'static {
    let app = Rc::downgrade(app);
    move || with(&app, deed)
}

fn session(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let main = &owned.main;
    main.on_leave(deed(app, App::leave));
    main.on_acknowledge(deed(app, App::acknowledge));
    let weak = Rc::downgrade(app);
    main.on_trust(move |yes| with(&weak, |app| app.trust(yes)));
    main.on_again(deed(app, App::make_code));
    main.on_quit(quit);
    main.on_send(deed(app, App::send));
    let weak = Rc::downgrade(app);
    main.on_ask(move |level| with(&weak, |app| app.ask(level.into())));
    main.window().on_close_requested(|| {
        quit();
        CloseRequestResponse::HideWindow
    });
}

fn company(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let main = &owned.main;
    main.on_helpers(deed(app, App::show_helpers));
    main.on_look(deed(app, App::look));
    main.on_join_colleague(deed(app, App::join_colleague));
    let weak = Rc::downgrade(app);
    let choose = Weak::clone(&weak);
    main.on_choose(move |wish| with(&choose, |app| app.choose(wish)));
    let invite = Weak::clone(&weak);
    main.on_invite(move |place| with(&invite, |app| app.invite(place)));
    let take_back = Weak::clone(&weak);
    main.on_take_back(move |place| with(&take_back, |app| app.take_back(place)));
    let accept = Weak::clone(&weak);
    main.on_come(move |place| with(&accept, |app| app.accept(place)));
    main.on_turn_down(move |place| with(&weak, |app| app.turn_down(place)));
}

fn viewer(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let main = &owned.main;
    main.on_toggle_laser(deed(app, App::toggle_laser));
    main.on_toggle_full_screen(deed(app, App::toggle_full));
    main.on_chat(deed(app, App::chat));
    main.on_entered(deed(app, App::entered));
    main.on_chat_entered(deed(app, App::give_back));
    let weak = Rc::downgrade(app);
    let colour = Weak::clone(&weak);
    main.on_colour(move |place| with(&colour, |app| app.colour(place)));
    let keys = Weak::clone(&weak);
    main.on_keys(move |place| with(&keys, |app| app.send_keys(place)));
    let monitor = Weak::clone(&weak);
    main.on_show_monitor(move |id| with(&monitor, |app| app.show_monitor(id)));
    main.on_scale(move |exact| {
        with(&weak, |app| app.stand.scale(exact, &app.main));
    });
}

fn picture(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let main = &owned.main;
    let weak = Rc::downgrade(app);
    let hand = Weak::clone(&weak);
    main.on_hand(move |what, button, x, y| {
        quick(&hand, |app| app.hand(what, button, x, y));
    });
    let wheel = Weak::clone(&weak);
    main.on_wheel(move |dx, dy| quick(&wheel, |app| app.wheel(dx, dy)));
    // The pane gets its size while the window is laid out, in the middle of a deed that shows it.
    let sized = Weak::clone(&weak);
    main.on_sized(move |width, height| {
        let sized = Weak::clone(&sized);
        slint::Timer::single_shot(std::time::Duration::ZERO, move || {
            quick(&sized, |app| app.stand.fit(width, height, &app.main));
        });
    });
}

/// Notices every frame.
fn frames(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let main = owned.main.as_weak();
    let weak = Rc::downgrade(app);
    owned.main.window().on_winit_window_event(move |_, event| {
        if matches!(event, WindowEvent::RedrawRequested) {
            quick(&weak, |app| {
                let Some(update) = app.painted.take() else {
                    return;
                };
                // The toolkit draws when this returns. What is posted runs when the drawn frame was handed to the X server.
                let _gone = main.upgrade_in_event_loop(move |main| {
                    let update = i32::from_ne_bytes(update.to_ne_bytes());
                    main.global::<Bridge<'_>>().invoke_presented(update);
                });
            });
        }
        EventResult::Propagate
    });
}

fn bridge(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let bridge = owned.main.global::<Bridge<'_>>();
    let weak = Rc::downgrade(app);
    let heard = Weak::clone(&weak);
    bridge.on_heard(move |child, line| {
        quick(&heard, |app| {
            if app.heard(child, &line) {
                app.show();
            }
        });
    });
    let presented = Weak::clone(&weak);
    bridge.on_presented(move |update| quick(&presented, |app| app.presented(update)));
    let ended = Weak::clone(&weak);
    bridge.on_child_ended(move |child| with(&ended, |app| app.child_ended(child)));
    let lost = Weak::clone(&weak);
    bridge.on_keyboard_lost(move || with(&lost, App::lost));
    bridge.on_pressed(move |shortcut, number| {
        with(&weak, |app| app.pressed(ours(shortcut, number)));
    });
}

fn quit() {
    // Only a loop that runs can be asked to end, and it runs.
    let _ended = slint::quit_event_loop();
}

/// As the window names it.
pub(super) fn shown(shortcut: Shortcut) -> (windows::Shortcut, i32) {
    match shortcut {
        Shortcut::Toolbar => (windows::Shortcut::Toolbar, 0),
        Shortcut::FullScreen => (windows::Shortcut::FullScreen, 0),
        Shortcut::Chat => (windows::Shortcut::Chat, 0),
        Shortcut::Level => (windows::Shortcut::Level, 0),
        Shortcut::Laser => (windows::Shortcut::Laser, 0),
        Shortcut::SecureAttention => (windows::Shortcut::SecureAttention, 0),
        Shortcut::Monitor(number) => (windows::Shortcut::Monitor, number.into()),
    }
}

fn ours(shortcut: windows::Shortcut, number: i32) -> Shortcut {
    match shortcut {
        windows::Shortcut::Toolbar => Shortcut::Toolbar,
        windows::Shortcut::FullScreen => Shortcut::FullScreen,
        windows::Shortcut::Chat => Shortcut::Chat,
        windows::Shortcut::Level => Shortcut::Level,
        windows::Shortcut::Laser => Shortcut::Laser,
        windows::Shortcut::SecureAttention => Shortcut::SecureAttention,
        windows::Shortcut::Monitor => Shortcut::Monitor(number.try_into().unwrap_or(0)),
    }
}
