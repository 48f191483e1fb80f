//! Colleagues, written into the properties of the window.

use std::time::Duration;

use client_window::rows::keep;
use client_window::text::{clock, plain};
use slint::SharedString;

use crate::app::App;
use crate::company::{self, Company};
use crate::event;
use crate::windows::{Asked, Colleague, Invitation, Present, Stands, Trouble, Wish};

impl App {
    pub(super) fn render_company(&self) {
        let (company, main, now) = (&self.session.company, &self.main, self.now());
        main.set_helping(self.helping);
        main.set_invited(self.invited);
        keep(&main.get_readers(), self.readers(), |all| {
            main.set_readers(all)
        });
        let present = company.present().iter().map(present).collect();
        keep(&main.get_present(), present, |all| main.set_present(all));
        let asked = company.asked().iter().map(|one| asked(one, now)).collect();
        keep(&main.get_asked_in(), asked, |all| main.set_asked_in(all));
        main.set_wish(match company.wish() {
            None => Wish::Nothing,
            Some(company::Wish::Invite) => Wish::Invite,
            Some(company::Wish::HandOver) => Wish::HandOver,
        });
        main.set_found(company.found().is_some());
        let people = company.found().unwrap_or_default();
        let people = people.iter().map(colleague).collect();
        keep(&main.get_people(), people, |all| main.set_people(all));
        render_absent(company, main);
        let open = self.session.invitations.open().iter();
        let invitations = open.map(|(one, until)| invitation(one, until.saturating_sub(now)));
        keep(&main.get_invitations(), invitations.collect(), |all| {
            main.set_invitations(all);
        });
    }

    /// Everybody else who reads the chat.
    fn readers(&self) -> Vec<SharedString> {
        let card = self.session.card();
        let sharer = card.map_or_else(String::new, |card| plain(&card.name));
        let present = self.session.company.present().iter();
        let others = present.filter(|helper| !helper.you);
        let names = others.map(|helper| plain(&helper.name).into());
        std::iter::once(sharer.into()).chain(names).collect()
    }
}

fn render_absent(company: &Company, main: &crate::windows::MainWindow) {
    let absent = company.absent();
    main.set_absent(
        absent
            .map(|(name, _)| plain(name))
            .unwrap_or_default()
            .into(),
    );
    main.set_why_absent(absent.map_or_else(Trouble::default, |(_, why)| Trouble {
        told: true,
        code: why.number,
        other: plain(&why.text).into(),
    }));
}

fn present(helper: &event::Present) -> Present {
    Present {
        name: plain(&helper.name).into(),
        you: helper.you,
        stands: match helper.level.as_deref() {
            None => Stands::Nothing,
            Some("view") => Stands::View,
            Some(_) => Stands::Control,
        },
    }
}

fn asked(asked: &company::Asked, now: Duration) -> Asked {
    Asked {
        name: plain(&asked.name).into(),
        hand_over: asked.hand_over,
        remaining: clock(asked.remaining(now)).into(),
    }
}

fn colleague(colleague: &event::Colleague) -> Colleague {
    Colleague {
        name: plain(&colleague.name).into(),
        title: optional(&colleague.title),
    }
}

fn invitation(invitation: &event::Invitation, remaining: Duration) -> Invitation {
    Invitation {
        by: plain(&invitation.by.name).into(),
        sharer: plain(&invitation.sharer.name).into(),
        hand_over: invitation.hand_over,
        reason: optional(&invitation.reason),
        incident: optional(&invitation.incident),
        remaining: clock(remaining).into(),
    }
}

fn optional(text: &Option<String>) -> SharedString {
    plain(text.as_deref().unwrap_or_default()).into()
}
