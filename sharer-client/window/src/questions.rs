//! What helpers ask for: one question after the other, in the order in which they came.

use std::collections::VecDeque;
use std::time::Duration;

use crate::presence::Verdict;
use crate::session::Level;

/// Why Allow did not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// It did, or was not pressed.
    None,
    /// The question had just come.
    TooEarly,
    /// No person pressed it.
    NotAPerson,
    /// Nothing tells whether a person pressed it.
    CannotTell,
    /// The helper never helped here: control waits so many seconds more.
    FirstContact(u64),
}

/// What a helper asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which helper.
    pub pair: u8,
    /// For this level.
    pub level: Level,
    /// Why Allow did not count.
    pub hint: Hint,
    /// Since when it is shown.
    since: Duration,
    until: Duration,
}

/// The questions that are open; the first one is shown.
#[derive(Debug, Default)]
pub struct Questions(VecDeque<Question>);

impl Questions {
    /// A helper asks. What the same helper asked before is gone.
    pub fn ask(&mut self, pair: u8, level: Level, within: Duration, now: Duration) {
        let question = Question {
            pair,
            level,
            hint: Hint::None,
            since: now,
            until: now + within,
        };
        match self.0.iter_mut().find(|open| open.pair == pair) {
            Some(open) => *open = question,
            None => self.0.push_back(question),
        }
    }

    /// The one that is shown.
    pub fn shown(&self) -> Option<&Question> {
        self.0.front()
    }

    /// The person pressed Allow. Gives the question if that counts; control counts from `control_from` on.
    pub fn allow(
        &mut self,
        verdict: Verdict,
        control_from: Duration,
        now: Duration,
    ) -> Option<Question> {
        let question = self.0.front_mut()?;
        question.hint = question.judge(verdict, control_from, now);
        if question.hint != Hint::None {
            return None;
        }
        self.take(now)
    }

    /// The one that is shown is answered, and the next one is shown.
    pub fn take(&mut self, now: Duration) -> Option<Question> {
        let taken = self.0.pop_front();
        self.show_next(now);
        taken
    }

    /// The question of this helper is gone.
    pub fn withdraw(&mut self, pair: u8, now: Duration) {
        let shown = self.shown().is_some_and(|shown| shown.pair == pair);
        self.0.retain(|question| question.pair != pair);
        if shown {
            self.show_next(now);
        }
    }

    /// All are gone.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Nobody has read it before.
    fn show_next(&mut self, now: Duration) {
        if let Some(next) = self.0.front_mut() {
            next.since = now;
        }
    }
}

impl Question {
    /// How long it stands.
    pub fn remaining(&self, now: Duration) -> Duration {
        self.until.saturating_sub(now)
    }

    fn judge(&self, verdict: Verdict, control_from: Duration, now: Duration) -> Hint {
        if now.saturating_sub(self.since) < GUARD {
            return Hint::TooEarly;
        }
        match verdict {
            Verdict::Person if self.level == Level::Control && now < control_from => {
                Hint::FirstContact(control_from.saturating_sub(now).as_secs() + 1)
            }
            Verdict::Person => Hint::None,
            Verdict::Nobody => Hint::NotAPerson,
            Verdict::CannotTell => Hint::CannotTell,
        }
    }
}

/// So long nobody can have read the question: a press was meant for something else.
const GUARD: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn two() -> Questions {
        let mut questions = Questions::default();
        questions.ask(1, Level::View, at(300), at(0));
        questions.ask(0, Level::Control, at(60), at(5));
        questions
    }

    fn pair(questions: &Questions) -> Option<u8> {
        questions.shown().map(|question| question.pair)
    }

    /// A click that was meant for one question never answers the next.
    #[test]
    fn the_next_question_has_its_own_time_to_be_read() {
        let mut questions = two();
        let person = Verdict::Person;
        assert_eq!(pair(&questions), Some(1));
        assert!(questions.allow(person, at(0), at(10)).is_some());
        assert_eq!(pair(&questions), Some(0));
        assert_eq!(questions.allow(person, at(0), at(10)), None);
        assert_eq!(questions.shown().unwrap().hint, Hint::TooEarly);
        assert_eq!(questions.shown().unwrap().remaining(at(10)), at(55));
        assert!(questions.allow(person, at(0), at(11)).is_some());
        assert_eq!(pair(&questions), None);
    }

    #[test]
    fn a_question_that_is_gone_gives_way() {
        let mut questions = two();
        questions.withdraw(1, at(20));
        assert_eq!(pair(&questions), Some(0));
        let early = questions.allow(Verdict::Person, at(0), at(20));
        assert_eq!(early, None, "it is shown only now");
        let mut questions = two();
        questions.withdraw(0, at(20));
        let read = questions.allow(Verdict::Person, at(0), at(20));
        assert_eq!(read.unwrap().pair, 1);
    }

    #[test]
    fn a_helper_has_one_question() {
        let mut questions = two();
        questions.ask(1, Level::Control, at(60), at(6));
        assert_eq!(questions.take(at(9)).unwrap().level, Level::Control);
        assert_eq!(questions.take(at(9)).unwrap().pair, 0);
        assert_eq!(questions.take(at(9)), None);
    }
}
