//! Who else helps in the session, and who is asked to come (SPEC 6.9).

use std::time::Duration;

use client_window::trouble::Trouble;

use crate::event::{Colleague, Command, Present};

/// What the person wants with a colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Company.
    Invite,
    /// The colleague takes the session over.
    HandOver,
}

/// A colleague who is asked and has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who, for people.
    pub name: String,
    /// Whether the session is handed over.
    pub hand_over: bool,
    subject: String,
    until: Duration,
}

/// The helpers of a session, and the invitations of this one.
#[derive(Debug, Default)]
pub struct Company {
    present: Vec<Present>,
    asked: Vec<Asked>,
    wish: Option<Wish>,
    /// The answer to the last search.
    found: Option<Vec<Colleague>>,
    /// Who does not come, and why.
    absent: Option<(String, Trouble)>,
}

impl Company {
    /// Everybody who helps.
    pub fn present(&self) -> &[Present] {
        &self.present
    }

    /// Everybody who was asked and has not answered.
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// What the person looks for colleagues for.
    pub fn wish(&self) -> Option<Wish> {
        self.wish
    }

    /// Whom the last search found.
    pub fn found(&self) -> Option<&[Colleague]> {
        self.found.as_deref()
    }

    /// Who does not come, and why.
    pub fn absent(&self) -> Option<(&str, &Trouble)> {
        let (name, why) = self.absent.as_ref()?;
        Some((name, why))
    }

    /// The name of the helper with this pair.
    pub fn name(&self, pair: u8) -> Option<&str> {
        let helper = self.present.iter().find(|helper| helper.pair == pair)?;
        Some(&helper.name)
    }

    /// The child tells who helps.
    pub fn hear(&mut self, present: Vec<Present>) {
        self.present = present;
    }

    /// The child tells whom the search found.
    pub fn find(&mut self, people: Vec<Colleague>) {
        self.found = Some(people);
    }

    /// An invitation is open, of this subject and name. Whoever is asked once more counts afresh.
    pub fn open(&mut self, (subject, name): (String, String), hand_over: bool, until: Duration) {
        self.asked.retain(|asked| asked.subject != subject);
        self.asked.push(Asked {
            name,
            hand_over,
            subject,
            until,
        });
    }

    /// An invitation is over, for this reason unless the colleague comes.
    pub fn close(&mut self, subject: &str, why: Option<Trouble>) {
        let place = self.asked.iter().position(|asked| asked.subject == subject);
        // One that the person took back needs no reason.
        if let Some(place) = place {
            let asked = self.asked.remove(place);
            self.absent = why.map(|why| (asked.name, why));
        }
    }

    /// The person wants this, or not any more.
    pub fn choose(&mut self, wish: Wish) -> Option<Command> {
        self.found = None;
        self.absent = None;
        self.wish = (self.wish != Some(wish)).then_some(wish);
        self.search("")
    }

    /// The person looks for a name.
    pub fn search(&self, text: &str) -> Option<Command> {
        self.wish?;
        let (search, _) = text.split_at(text.floor_char_boundary(MAX_SEARCH));
        let search = search.trim().to_owned();
        Some(Command::Colleagues { search })
    }

    /// The person asks the colleague at this place of the answer.
    pub fn ask(&mut self, place: usize) -> Option<Command> {
        let hand_over = self.wish? == Wish::HandOver;
        let Colleague { subject, name, .. } = self.found.as_ref()?.get(place)?.clone();
        self.wish = None;
        self.found = None;
        Some(Command::Invite {
            subject,
            name,
            hand_over,
        })
    }

    /// The person takes the invitation at this place back.
    pub fn take_back(&mut self, place: usize) -> Option<Command> {
        (place < self.asked.len()).then(|| {
            let subject = self.asked.remove(place).subject;
            Command::Uninvite { subject }
        })
    }

    /// Time went by.
    pub fn tick(&mut self, now: Duration) {
        // The word that nobody came comes from the relay; without it the line goes a little later.
        self.asked.retain(|asked| now <= asked.until + GRACE);
        self.absent
            .take_if(|(_, why)| now.saturating_sub(why.since) > TOLD);
    }
}

impl Asked {
    /// How long the invitation is open.
    pub fn remaining(&self, now: Duration) -> Duration {
        self.until.saturating_sub(now)
    }
}

/// Bytes of a search (SPEC 16).
const MAX_SEARCH: usize = 100;

const GRACE: Duration = Duration::from_secs(5);

/// So long it is told that somebody does not come.
const TOLD: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn ben() -> (String, String) {
        ("b1".to_owned(), "Ben Okafor".to_owned())
    }

    #[test]
    fn a_colleague_is_looked_for_and_asked_once() {
        let mut company = Company::default();
        assert_eq!(company.search("ben"), None, "nobody is looked for");
        let search = String::new();
        let all = Some(Command::Colleagues { search });
        assert_eq!(company.choose(Wish::HandOver), all);
        let (subject, name) = ben();
        company.find(vec![Colleague {
            subject: subject.clone(),
            name: name.clone(),
            title: None,
        }]);
        assert_eq!(company.ask(1), None);
        let hand_over = true;
        let invite = Command::Invite {
            subject,
            name,
            hand_over,
        };
        assert_eq!(company.ask(0), Some(invite));
        assert_eq!(company.ask(0), None);
    }

    #[test]
    fn a_search_is_cut_between_letters() {
        let mut company = Company::default();
        company.choose(Wish::Invite);
        let Some(Command::Colleagues { search }) = company.search(&"üa".repeat(50)) else {
            panic!("a search");
        };
        assert_eq!(search.len(), 99);
        assert_eq!(company.choose(Wish::Invite), None, "the same wish ends it");
    }

    #[test]
    fn who_does_not_come_is_told_for_a_while() {
        let mut company = Company::default();
        company.open(ben(), false, at(300));
        company.open(ben(), true, at(310));
        assert_eq!(company.asked().len(), 1);
        assert_eq!(company.asked()[0].remaining(at(10)), at(300));
        company.close("c1", None);
        company.close("b1", Some(Trouble::of(1401, at(20))));
        assert!(company.asked().is_empty());
        assert_eq!(company.absent().unwrap().0, "Ben Okafor");
        company.tick(at(51));
        assert_eq!(company.absent(), None);
    }

    #[test]
    fn an_invitation_is_taken_back_or_runs_out() {
        let mut company = Company::default();
        company.open(ben(), false, at(300));
        let subject = "b1".to_owned();
        assert_eq!(company.take_back(0), Some(Command::Uninvite { subject }));
        assert_eq!(company.take_back(0), None);
        company.open(ben(), false, at(300));
        company.tick(at(305));
        assert_eq!(company.asked().len(), 1);
        company.tick(at(306));
        assert!(company.asked().is_empty());
    }
}
