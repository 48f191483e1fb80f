use super::*;
use crate::event::{Card, Event};

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn hear(session: &mut Session, line: &str, seconds: u64) -> Option<Command> {
    session.hear(serde_json::from_str(line).unwrap(), at(seconds))
}

const CARD: &str = r#"{"event":"card","pair":0,"name":"Yuki Tanaka","subject":"y1","issuer":"https://id","source":"relay"}"#;

fn asked(level: &str) -> Session {
    let mut session = Session::default();
    hear(&mut session, r#"{"event":"signed_in","name":"Amina"}"#, 0);
    session.join("047 12345", at(0));
    hear(&mut session, r#"{"event":"joined"}"#, 1);
    hear(&mut session, CARD, 2);
    let line = format!(r#"{{"event":"asked","pair":0,"level":"{level}","within":300}}"#);
    hear(&mut session, &line, 3);
    session
}

fn granted(level: &str) -> Session {
    let mut session = asked(level);
    session.allow(Verdict::Person, "asks", at(10));
    let line = format!(r#"{{"event":"granted","pair":0,"level":"{level}"}}"#);
    hear(&mut session, &line, 11);
    session
}

#[test]
fn screens_follow_the_child() {
    let mut session = Session::default();
    assert_eq!(session.screen(), Screen::Connecting);
    hear(&mut session, r#"{"event":"sign_in","url":"https://id"}"#, 0);
    assert_eq!(session.screen(), Screen::SignIn);
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    assert_eq!(session.screen(), Screen::Code);
    assert!(session.join("047-12345", at(0)).is_some());
    assert_eq!(session.screen(), Screen::Checking);
    hear(&mut session, r#"{"event":"joined"}"#, 1);
    hear(&mut session, CARD, 2);
    assert_eq!(session.screen(), Screen::Waiting);
}

/// SPEC 6.8: a rule asks for another sign-in after the code was typed. The reason stands above it, and the code is used afterwards.
#[test]
fn another_sign_in_comes_between_the_code_and_the_check() {
    let mut session = Session::default();
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    session.join("047-12345", at(0));
    let again = r#"{"event":"sign_in","url":"https://id","code":"RH-1208","rule":"Two factors"}"#;
    hear(&mut session, again, 1);
    assert_eq!(session.screen(), Screen::SignIn);
    assert_eq!(session.trouble().map(|told| told.number), Some(1208));
    hear(&mut session, r#"{"event":"signed_in"}"#, 2);
    assert_eq!(session.screen(), Screen::Checking);
    assert!(session.trouble().is_none());
}

/// No field takes what the person types while another screen is about to take its place.
#[test]
fn the_field_comes_when_the_person_is_signed_in() {
    let mut session = Session::default();
    let mut shown = vec![session.screen()];
    for line in [
        r#"{"event":"sign_in","url":"https://id"}"#,
        r#"{"event":"signed_in"}"#,
    ] {
        hear(&mut session, line, 0);
        shown.push(session.screen());
    }
    assert_eq!(shown, [Screen::Connecting, Screen::SignIn, Screen::Code]);
}

#[test]
fn what_is_no_code_is_told_beside_the_field() {
    let mut session = Session::default();
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    assert_eq!(session.join("0471234", at(0)), None);
    assert_eq!(session.trouble().unwrap().number, 1101);
    assert_eq!(session.screen(), Screen::Code);
    session.edited();
    assert!(session.trouble().is_none());
    let arabic = "٠٤٧ ١٢٣٤٥";
    assert!(session.join(arabic, at(2)).is_some());
}

#[test]
fn what_was_wrong_is_forgotten_once_it_is_right() {
    let mut session = Session::default();
    session.join("1", at(0));
    hear(&mut session, r#"{"event":"joined"}"#, 1);
    assert!(session.trouble().is_none());
}

#[test]
fn a_wrong_code_leads_back_to_the_field() {
    for line in [
        r#"{"event":"fault","code":"RH-1102","text":"no","details":null}"#,
        r#"{"event":"check_failed","code":"RH-1301","text":"no"}"#,
    ] {
        let mut session = Session::default();
        hear(&mut session, r#"{"event":"signed_in"}"#, 0);
        session.join("04712345", at(0));
        hear(&mut session, r#"{"event":"joined"}"#, 0);
        hear(&mut session, line, 1);
        assert_eq!(session.screen(), Screen::Code);
        assert!(session.trouble().is_some());
    }
}

#[test]
fn allow_counts_only_from_a_person_who_had_time_to_read() {
    let mut session = asked("control");
    assert_eq!(session.screen(), Screen::Question);
    assert_eq!(session.allow(Verdict::Person, "asks", at(3)), None);
    assert_eq!(session.question().unwrap().hint, Hint::TooEarly);
    assert_eq!(session.allow(Verdict::Nobody, "asks", at(5)), None);
    assert_eq!(session.question().unwrap().hint, Hint::NotAPerson);
    assert_eq!(session.allow(Verdict::CannotTell, "asks", at(5)), None);
    assert_eq!(session.question().unwrap().hint, Hint::CannotTell);
    assert_eq!(
        session.allow(Verdict::Person, "asks", at(5)),
        Some(allowed())
    );
    assert_eq!(
        session.allow(Verdict::Person, "asks", at(6)),
        None,
        "only once"
    );
}

#[test]
fn a_question_can_be_declined_withdrawn_and_counts_down() {
    let mut session = asked("view");
    assert_eq!(session.remaining(at(63)), at(240));
    assert_eq!(session.decline(at(70)), Some(Command::Decline { pair: 0 }));
    assert_eq!(session.decline(at(70)), None);
    assert_eq!(session.screen(), Screen::Waiting);
    let mut session = asked("view");
    hear(&mut session, r#"{"event":"withdrawn","pair":0}"#, 5);
    assert_eq!(session.allow(Verdict::Person, "asks", at(9)), None);
}

/// Nobody can agree to what the window cannot say.
#[test]
fn a_level_without_words_is_declined() {
    let mut session = granted("view");
    let line = r#"{"event":"asked","pair":0,"level":"elevation","within":60}"#;
    assert_eq!(
        hear(&mut session, line, 20),
        Some(Command::Decline { pair: 0 })
    );
    assert_eq!(session.screen(), Screen::Live);
}

#[test]
fn the_pill_tells_level_and_time() {
    let mut session = granted("control");
    assert_eq!(session.live(), Some(Level::Control));
    assert_eq!(session.lasted(at(71)), at(60));
    assert_eq!(
        session.lower(),
        Some(Command::Lower {
            pair: 0,
            level: "view"
        })
    );
    hear(
        &mut session,
        r#"{"event":"granted","pair":0,"level":"view"}"#,
        80,
    );
    assert_eq!(session.lower(), None);
    assert_eq!(session.highest(), Some(Level::Control));
    assert_eq!(session.pause(), Some(Command::Pause { on: true }));
    hear(&mut session, r#"{"event":"paused","on":true}"#, 81);
    assert_eq!(session.pause(), Some(Command::Pause { on: false }));
}

#[test]
fn a_fault_in_the_session_is_told_for_a_while() {
    let mut session = granted("view");
    let line = r#"{"event":"fault","code":"RH-1504","text":"slow","details":null}"#;
    hear(&mut session, line, 20);
    assert_eq!(session.screen(), Screen::Live);
    session.tick(at(30));
    assert_eq!(session.trouble().unwrap().number, 1504);
    session.tick(at(36));
    assert!(session.trouble().is_none());
}

#[test]
fn the_summary_keeps_the_first_reason_and_the_time() {
    let mut session = granted("view");
    let line = r#"{"event":"ended","code":"RH-1501","text":"left"}"#;
    hear(&mut session, line, 100);
    session.child_ended(at(101));
    assert_eq!(session.screen(), Screen::Summary);
    assert_eq!(session.trouble().unwrap().number, 1501);
    assert_eq!(session.lasted(at(500)), at(89));
    assert_eq!((session.live(), session.area()), (None, None));
}

#[test]
fn a_child_that_dies_is_told() {
    let mut session = granted("view");
    session.child_ended(at(50));
    assert_eq!(session.trouble().unwrap().number, CHILD_STOPPED);
    let mut session = Session::default();
    let line = r#"{"event":"fault","code":"RH-1506","text":"no relay","details":null}"#;
    hear(&mut session, line, 0);
    session.child_ended(at(1));
    assert_eq!(session.trouble().unwrap().number, 1506);
}

#[test]
fn a_child_that_does_not_leave_is_killed() {
    let mut session = granted("view");
    assert_eq!(session.leave(at(20)), Some(Command::Leave));
    assert_eq!(session.leave(at(20)), None);
    assert!(!session.tick(at(22)));
    assert!(session.tick(at(24)));
    session.child_ended(at(25));
    assert_eq!(session.trouble().unwrap().number, 0);
    assert!(!session.tick(at(99)));
}

#[test]
fn lines_wait_are_sent_and_are_counted() {
    let mut session = granted("view");
    assert!(session.write(" ").is_none());
    assert!(session.write("one").is_some());
    assert!(session.write("two").is_some());
    hear(&mut session, r#"{"event":"chat_sent","id":1}"#, 20);
    let waiting: Vec<bool> = session.thread.lines().map(|line| line.waiting).collect();
    assert_eq!(waiting, [false, true]);
    hear(
        &mut session,
        r#"{"event":"chat","id":1,"pair":0,"text":"مرحبا"}"#,
        21,
    );
    assert_eq!(session.thread.unread(), 1);
    session.thread.look(true);
    hear(
        &mut session,
        r#"{"event":"chat","id":2,"pair":0,"text":"hi"}"#,
        22,
    );
    assert_eq!(session.thread.unread(), 0);
}

#[test]
fn a_line_that_is_too_long_is_not_sent() {
    let mut session = granted("view");
    assert!(session.write(&"ü".repeat(32_769)).is_none());
    assert!(session.thread.is_too_long());
    assert!(session.write(&"ü".repeat(32_768)).is_some());
    hear(
        &mut session,
        r#"{"event":"chat_refused","text":"long"}"#,
        20,
    );
    assert!(session.thread.is_too_long());
    assert_eq!(session.thread.lines().count(), 0);
}

fn allowed() -> Command {
    Command::Allow {
        pair: 0,
        shown: "asks".to_owned(),
        ui: "window",
    }
}

/// PRODUCT 10.6: with a helper who never helped here, control waits; view does not.
#[test]
fn a_strangers_control_waits() {
    let stranger = Card {
        first_contact: true,
        pause: 10,
        ..Card::default()
    };
    let asked = |level: &str| Event::Asked {
        pair: 0,
        level: level.to_owned(),
        within: 60,
    };
    let mut session = Session::default();
    session.hear(Event::Card(Box::new(stranger)), at(0));
    session.hear(asked("view"), at(1));
    assert_eq!(
        session.allow(Verdict::Person, "asks", at(3)),
        Some(allowed())
    );
    session.hear(asked("control"), at(4));
    assert_eq!(session.allow(Verdict::Person, "asks", at(6)), None);
    let hint = session.question().map(|question| question.hint);
    assert_eq!(hint, Some(Hint::FirstContact(5)));
    assert_eq!(
        session.allow(Verdict::Person, "asks", at(10)),
        Some(allowed())
    );
}

/// The first time, the person says whether the sign-in service is theirs.
#[test]
fn a_host_is_confirmed_once() {
    let mut session = Session::default();
    let host = "id.contoso.example".to_owned();
    session.hear(Event::ConfirmIssuer { host }, at(0));
    assert_eq!(session.screen(), Screen::Confirm);
    assert_eq!(session.trust(true), Some(Command::Trust { yes: true }));
    assert_eq!(session.trust(true), None);
    assert_eq!(session.screen(), Screen::Connecting);
}

#[test]
fn a_report_ends_the_session_here_too() {
    let mut session = Session::default();
    assert_eq!(session.report(at(0)), None, "there is nobody to report");
    session.hear(Event::Card(Box::default()), at(0));
    assert_eq!(session.report(at(1)), Some(Command::Report { pair: 0 }));
    assert_eq!(session.report(at(2)), None);
}

/// Amina helps at this level; Ben was asked by her and asks for that level.
fn second(stands: &str, hand_over: bool, asks: &str) -> Session {
    let mut session = Session::default();
    let lines = [
        r#"{"event":"card","pair":0,"name":"Amina Diallo"}"#.to_owned(),
        format!(r#"{{"event":"granted","pair":0,"level":"{stands}"}}"#),
        format!(r#"{{"event":"invited","pair":0,"name":"Ben Okafor","hand_over":{hand_over}}}"#),
        format!(
            r#"{{"event":"card","pair":1,"name":"Ben Okafor","invited_by":"Amina Diallo","hand_over":{hand_over},"first_contact":true,"pause":10}}"#
        ),
        format!(r#"{{"event":"asked","pair":1,"level":"{asks}","within":300}}"#),
    ];
    for line in lines {
        hear(&mut session, &line, 20);
    }
    session
}

/// PRODUCT 3.10: each helper is let in by an answer of its own, with its own pause.
#[test]
fn a_second_helper_is_asked_about_by_itself() {
    let mut session = second("view", false, "control");
    assert_eq!(session.screen(), Screen::Question);
    assert_eq!(session.helper().unwrap().card.name, "Ben Okafor");
    let early = session.allow(Verdict::Person, "asks", at(25));
    assert_eq!(early, None);
    let hint = session.question().map(|question| question.hint);
    assert_eq!(hint, Some(Hint::FirstContact(6)));
    let shown = "asks".to_owned();
    let allowed = Command::Allow {
        pair: 1,
        shown,
        ui: "window",
    };
    let late = session.allow(Verdict::Person, "asks", at(30));
    assert_eq!(late, Some(allowed));
    let granted = r#"{"event":"granted","pair":1,"level":"control"}"#;
    hear(&mut session, granted, 31);
    assert_eq!(session.live(), Some(Level::Control));
    let pair = 1;
    let level = "view";
    assert_eq!(session.lower(), Some(Command::Lower { pair, level }));
}

/// One helper at most has the mouse: who loses it is told before, unless that one leaves by the same answer.
#[test]
fn who_loses_control_is_told() {
    let loses = |session: Session| session.displaced().map(|helper| helper.card.pair);
    assert_eq!(loses(second("control", false, "control")), Some(0));
    assert_eq!(loses(second("control", false, "view")), None);
    assert_eq!(loses(second("view", false, "control")), None);
    assert_eq!(loses(second("control", true, "control")), None);
}

#[test]
fn two_questions_come_one_after_the_other() {
    let mut session = second("view", false, "view");
    let line = r#"{"event":"asked","pair":0,"level":"control","within":60}"#;
    hear(&mut session, line, 22);
    assert_eq!(session.question().unwrap().pair, 1);
    assert_eq!(session.decline(at(25)), Some(Command::Decline { pair: 1 }));
    assert_eq!(session.question().unwrap().pair, 0);
    let pressed = session.allow(Verdict::Person, "asks", at(25));
    assert_eq!(pressed, None, "it was shown just now");
}

#[test]
fn a_helper_goes_and_the_others_stay() {
    let mut session = second("view", false, "view");
    let by = "Amina Diallo".to_owned();
    let name = "Ben Okafor".to_owned();
    let hand_over = false;
    let asked = Note::Invited {
        by: by.clone(),
        name,
        hand_over,
    };
    assert_eq!(session.note(), Some(&asked));
    assert_eq!(session.dismiss(1), Some(Command::Dismiss { pair: 1 }));
    assert_eq!(session.dismiss(7), None, "nobody has this number");
    let gone = r#"{"event":"departed","pair":0,"code":"RH-1509","text":"over"}"#;
    hear(&mut session, gone, 30);
    assert_eq!(session.note(), Some(&Note::Departed(by)));
    assert_eq!(session.live(), None, "nobody sees anything");
    assert_eq!(
        session.dismiss(1),
        None,
        "the last one goes with the session"
    );
    session.tick(at(46));
    assert_eq!(session.note(), None);
}

/// PRODUCT 7.4: a connection that is lost is told for as long as it is, the own one first.
#[test]
fn a_lost_connection_is_told_until_it_is_back() {
    let mut session = second("view", false, "view");
    assert!(session.away().is_none());
    hear(&mut session, r#"{"event":"away","pair":1,"within":60}"#, 22);
    session.tick(at(80));
    let away = session.away();
    assert!(matches!(away, Some(Away::Helper(helper)) if helper.card.pair == 1));
    hear(&mut session, r#"{"event":"reconnecting"}"#, 81);
    assert!(matches!(session.away(), Some(Away::Here)));
    hear(
        &mut session,
        r#"{"event":"reconnected","carrier":"wss"}"#,
        82,
    );
    hear(&mut session, r#"{"event":"back","pair":1}"#, 83);
    assert!(session.away().is_none());
}

#[test]
fn lines_have_the_names_of_the_helpers() {
    let mut session = second("view", false, "view");
    hear(
        &mut session,
        r#"{"event":"chat","id":1,"pair":1,"text":"hi"}"#,
        30,
    );
    let authors: Vec<_> = session.thread.lines().map(|line| &line.author).collect();
    assert_eq!(authors, ["Ben Okafor"]);
}
