//! What the person does about colleagues.

use super::App;
use crate::company::Wish;
use crate::windows;

impl App {
    /// Makes a code, in a session of its own.
    pub(crate) fn make_code(&mut self) {
        self.invited = false;
        self.start_child();
    }

    /// Waits for the invitation of a colleague.
    pub(crate) fn join_colleague(&mut self) {
        self.invited = true;
        self.start_child();
    }

    pub(crate) fn show_helpers(&mut self) {
        self.helping = !self.helping;
        if self.helping {
            self.chatting = false;
            self.session.thread.look(false);
            self.give_back();
        }
    }

    pub(crate) fn choose(&mut self, wish: windows::Wish) {
        let wish = match wish {
            windows::Wish::Nothing => return,
            windows::Wish::Invite => Wish::Invite,
            windows::Wish::HandOver => Wish::HandOver,
        };
        self.main.set_search("".into());
        let told = self.session.company.choose(wish);
        self.tell(told);
    }

    pub(crate) fn look(&mut self) {
        let told = self.session.company.search(&self.main.get_search());
        self.tell(told);
    }

    pub(crate) fn invite(&mut self, place: i32) {
        let told = at(place).and_then(|place| self.session.company.ask(place));
        self.tell(told);
    }

    pub(crate) fn take_back(&mut self, place: i32) {
        let told = at(place).and_then(|place| self.session.company.take_back(place));
        self.tell(told);
    }

    pub(crate) fn accept(&mut self, place: i32) {
        let told = at(place).and_then(|place| self.session.invitations.accept(place));
        self.tell(told);
    }

    pub(crate) fn turn_down(&mut self, place: i32) {
        let told = at(place).and_then(|place| self.session.invitations.turn_down(place));
        self.tell(told);
    }
}

fn at(place: i32) -> Option<usize> {
    usize::try_from(place).ok()
}
