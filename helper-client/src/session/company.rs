//! Further helpers: colleagues whom this helper asks in, and colleagues who ask this one (SPEC 6.9).

use client::stdio::{emit, emit_fault};
use policy::SessionId;
use seal::{Control, Present};
use serde_json::{Value, json};
use wire::{Colleague, Fault, Invitation, MAX_SEARCH, MAX_SUBJECT, ToRelay};

use super::Session;
use crate::shaking::Shaking;

impl Session {
    /// Looks for colleagues.
    pub(super) fn search(&self, search: String) {
        if search.len() > MAX_SEARCH {
            return unknown("the search is too long");
        }
        self.talk.tell(&ToRelay::Colleagues { search });
    }

    /// Asks a colleague in. The sharer hears it first, sealed: it lets nobody in whom only the relay names.
    pub(super) fn invite(&mut self, subject: String, name: String, hand_over: bool) {
        if [&subject, &name]
            .iter()
            .any(|text| text.len() > MAX_SUBJECT)
        {
            return unknown("subject or name is too long");
        }
        if self.level.is_none() {
            return emit_fault(Fault::NotNow, None);
        }
        self.seal(&Control::Invite {
            subject: subject.clone(),
            name,
            hand_over,
        });
        self.talk.log.write(
            "invited",
            json!({"subject": subject, "hand_over": hand_over}),
        );
        self.inviting = Some(subject.clone());
        self.talk.tell(&ToRelay::Invite { subject, hand_over });
    }

    /// Takes an invitation back.
    pub(super) fn uninvite(&mut self, subject: String) {
        if subject.len() > MAX_SUBJECT {
            return unknown("the subject is too long");
        }
        self.seal_uninvite(subject.clone());
        self.talk.tell(&ToRelay::Uninvite { subject });
    }

    /// The relay keeps the invitation open.
    pub(super) fn invited(&mut self, colleague: &Colleague, hand_over: bool, within: u32) {
        self.inviting = None;
        emit(
            "invited",
            json!({
                "subject": colleague.subject, "name": colleague.name,
                "hand_over": hand_over, "within": within,
            }),
        );
    }

    /// Nobody comes on it, or the colleague is there: then there is no fault.
    pub(super) fn uninvited(&mut self, subject: String, fault: Option<Fault>) {
        let text = fault.map(Fault::text);
        emit(
            "uninvited",
            json!({"subject": subject, "code": fault, "text": text}),
        );
        if fault.is_some() {
            self.seal_uninvite(subject);
        }
    }

    /// The relay refused something. If it was an invitation, the sharer does not expect that colleague any more.
    pub(super) fn not_invited(&mut self, why: Fault) {
        if matches!(why, Fault::NotInvitable | Fault::SessionFull)
            && let Some(subject) = self.inviting.take()
        {
            self.seal_uninvite(subject);
        }
    }

    /// Who helps now, by the sharer's word.
    pub(super) fn helpers(&self, helpers: &[Present]) {
        let helpers: Vec<Value> = helpers
            .iter()
            .map(|helper| {
                let you = helper.pair == self.pair.number();
                json!({"pair": helper.pair, "name": helper.name, "level": helper.level, "you": you})
            })
            .collect();
        emit("helpers", json!({"helpers": helpers}));
    }

    /// A colleague asks for company.
    pub(super) fn invitation(&mut self, invitation: &Invitation) {
        if self.shaking.is_some() || self.peer.is_some() || !self.invitations.add(invitation) {
            return;
        }
        emit(
            "invitation",
            json!({
                "session": invitation.session.to_string(), "by": person(&invitation.by),
                "sharer": person(&invitation.sharer), "hand_over": invitation.hand_over,
                "reason": invitation.reason, "incident": invitation.incident,
                "within": invitation.within,
            }),
        );
    }

    pub(super) fn invitation_gone(&mut self, session: SessionId) {
        if self.invitations.remove(session) {
            emit("invitation_gone", json!({"session": session.to_string()}));
        }
    }

    /// Comes into a colleague's session.
    pub(super) fn accept(&mut self, session: &str) {
        let open = |session: &SessionId| self.invitations.accept(*session);
        let Some(session) = session.parse().ok().filter(open) else {
            return unknown("there is no such invitation");
        };
        self.talk
            .log
            .write("accepted", json!({"session": session.to_string()}));
        self.request(ToRelay::Accept { session });
    }

    /// Does not come.
    pub(super) fn turn_down(&mut self, session: &str) {
        let open = |session: &SessionId| self.invitations.remove(*session);
        match session.parse().ok().filter(open) {
            Some(session) => self.talk.tell(&ToRelay::TurnDown { session }),
            None => unknown("there is no such invitation"),
        }
    }

    /// The sharer is there: the one who typed the code, or the one of the invitation that was accepted.
    pub(super) fn claimed(&mut self, tenant: String) {
        if let Some(place) = self.invitations.claim() {
            self.shaking = Some(Shaking::invited(place));
        }
        if let Some(shaking) = &mut self.shaking {
            shaking.claim(tenant);
            emit("claimed", json!({}));
        }
    }

    fn seal_uninvite(&mut self, subject: String) {
        self.seal(&Control::Uninvite { subject });
    }

    fn seal(&mut self, control: &Control) {
        let now = self.talk.clock.now();
        if let Some(sealed) = &mut self.sealed {
            sealed.control(control, now);
        }
    }
}

fn person(colleague: &Colleague) -> Value {
    let Colleague {
        subject,
        name,
        title,
    } = colleague;
    json!({"subject": subject, "name": name, "title": title})
}

/// The event `colleagues`.
pub(super) fn tell_colleagues(people: &[Colleague]) {
    let people: Vec<Value> = people.iter().map(person).collect();
    emit("colleagues", json!({"people": people}));
}

fn unknown(text: &str) {
    emit("unknown_command", json!({"text": text}));
}
