//! Every callback of the windows, and the deed that it means.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use slint::{CloseRequestResponse, ComponentHandle as _};

use super::{App, with};
use crate::windows::{Bridge, Hotkey};

pub(super) fn all(app: &Rc<RefCell<App>>) {
    main(app);
    session(app);
    bridge(app);
}

/// A callback without arguments.
fn deed(app: &Rc<RefCell<App>>, deed: fn(&mut App)) -> impl Fn() + 'static {
    let app = Rc::downgrade(app);
    move || with(&app, deed)
}

fn main(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let main = &owned.main;
    main.on_code_edited(deed(app, App::edited));
    main.on_join(deed(app, App::join));
    main.on_leave(deed(app, App::leave));
    main.on_allow_began(deed(app, App::allow_began));
    main.on_decline(deed(app, App::decline));
    main.on_report(deed(app, App::report));
    let weak = Rc::downgrade(app);
    main.on_trust(move |yes| with(&weak, |app| app.trust(yes)));
    main.on_again(deed(app, App::start_child));
    main.on_quit(deed(app, App::close_main));
    let weak = Rc::downgrade(app);
    main.on_allow(move |means| with(&weak, |app| app.allow(means)));
    let close = deed(app, App::close_main);
    main.window().on_close_requested(move || {
        close();
        // Whether it hides follows from the session.
        CloseRequestResponse::KeepWindowShown
    });
}

fn session(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let pill = &owned.pill;
    pill.on_pause(deed(app, App::pause));
    pill.on_lower(deed(app, App::lower));
    let weak = Rc::downgrade(app);
    pill.on_dismiss(move |pair| with(&weak, |app| app.dismiss(pair)));
    pill.on_chat(deed(app, App::open_chat));
    pill.on_end(deed(app, App::leave));
    let weak = Rc::downgrade(app);
    pill.on_dragged(move |x, y| with(&weak, |app| app.drag(x, y)));
    let end = deed(app, App::leave);
    pill.window().on_close_requested(move || {
        end();
        CloseRequestResponse::KeepWindowShown
    });
    owned.chat.on_send(deed(app, App::send));
    let closed = deed(app, |app| app.session.thread.look(false));
    owned.chat.window().on_close_requested(move || {
        closed();
        CloseRequestResponse::HideWindow
    });
    if let Some(tray) = &owned.tray {
        tray.on_end(deed(app, App::leave));
    }
}

fn bridge(app: &Rc<RefCell<App>>) {
    let owned = app.borrow();
    let bridge = owned.main.global::<Bridge<'_>>();
    let weak = Rc::downgrade(app);
    let heard = Weak::clone(&weak);
    bridge.on_heard(move |child, line| with(&heard, |app| app.heard(child, &line)));
    let ended = Weak::clone(&weak);
    bridge.on_child_ended(move |child| with(&ended, |app| app.child_ended(child)));
    bridge.on_hotkey(move |key| {
        with(&weak, |app| match key {
            Hotkey::Pause => app.pause(),
            Hotkey::End => app.leave(),
        });
    });
}
