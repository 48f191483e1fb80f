use super::*;

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn hear(session: &mut Session, line: &str, seconds: u64) {
    session.hear(serde_json::from_str(line).unwrap(), at(seconds));
}

const CODE: &str = r#"{"event":"code","code":"047 12345","expires_in":600}"#;

fn paired(program: &str, levels: &str) -> Session {
    let mut session = Session::default();
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    hear(&mut session, CODE, 0);
    hear(&mut session, r#"{"event":"claimed"}"#, 1);
    let card = format!(
        r#"{{"event":"card","name":"Yuki","subject":"y1","issuer":"i","source":"relay","program":"{program}","levels":{levels}}}"#
    );
    hear(&mut session, &card, 2);
    session
}

fn granted(level: &str) -> Session {
    let mut session = paired("native", r#"["view","control"]"#);
    let line = format!(r#"{{"event":"granted","level":"{level}"}}"#);
    hear(&mut session, &line, 10);
    session
}

#[test]
fn screens_follow_the_child() {
    let mut session = Session::default();
    assert_eq!(session.screen(), Screen::Connecting);
    hear(&mut session, r#"{"event":"sign_in","url":"https://id"}"#, 0);
    assert_eq!(session.screen(), Screen::SignIn);
    hear(&mut session, r#"{"event":"browser_failed","text":"no"}"#, 0);
    assert_eq!(session.sign_in(), Some(("https://id", true)));
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    assert_eq!(session.screen(), Screen::Connecting);
    hear(&mut session, CODE, 1);
    assert_eq!(
        (session.screen(), session.remaining(at(61))),
        (Screen::Code, at(540))
    );
    hear(&mut session, r#"{"event":"claimed"}"#, 2);
    assert_eq!(session.screen(), Screen::Checking);
}

#[test]
fn a_failed_check_leads_back_to_the_code_with_its_attempts() {
    let mut session = Session::default();
    hear(&mut session, CODE, 0);
    hear(&mut session, r#"{"event":"claimed"}"#, 1);
    let line = r#"{"event":"check_failed","code":"RH-1301","text":"no","attempts_left":2}"#;
    hear(&mut session, line, 2);
    assert_eq!(session.screen(), Screen::Code);
    assert_eq!(session.trouble().unwrap().number, 1301);
    assert_eq!(session.code().unwrap().attempts_left, Some(2));
    hear(&mut session, r#"{"event":"claimed"}"#, 3);
    hear(
        &mut session,
        r#"{"event":"unclaimed","attempts_left":1}"#,
        4,
    );
    assert_eq!(session.code().unwrap().attempts_left, Some(1));
}

#[test]
fn a_level_is_asked_once_and_counts_down() {
    let mut session = paired("native", r#"["view","control"]"#);
    assert_eq!(session.screen(), Screen::Choice);
    let asked = Some(Command::Ask { level: "control" });
    assert_eq!(session.ask(Level::Control, at(3)), asked);
    assert_eq!(session.ask(Level::View, at(3)), None);
    assert_eq!(
        (session.screen(), session.remaining(at(63))),
        (Screen::Waiting, at(240))
    );
    let line = r#"{"event":"declined","level":"control","code":"RH-1401","text":"no"}"#;
    hear(&mut session, line, 70);
    assert_eq!(session.screen(), Screen::Choice);
    assert_eq!(session.trouble().unwrap().number, 1401);
}

#[test]
fn a_level_that_cannot_be_asked_has_its_reason() {
    let mut session = paired("browser", r#"["view"]"#);
    assert_eq!(session.refusal(Level::Control), Some(Refusal::Browser));
    assert_eq!(session.ask(Level::Control, at(3)), None);
    assert_eq!(session.refusal(Level::View), None);
    let session = paired("native", r#"["view"]"#);
    assert_eq!(session.refusal(Level::Control), Some(Refusal::NotPermitted));
    assert_eq!(
        Session::default().refusal(Level::View),
        Some(Refusal::NotYet)
    );
}

#[test]
fn levels_change_in_the_session() {
    let mut session = granted("view");
    assert!(!session.controls());
    assert!(session.ask(Level::Control, at(20)).is_some());
    assert_eq!(
        (session.screen(), session.remaining(at(50))),
        (Screen::Viewer, at(30))
    );
    hear(&mut session, r#"{"event":"granted","level":"control"}"#, 51);
    assert!(session.controls());
    hear(&mut session, r#"{"event":"paused","on":true}"#, 52);
    assert!(!session.controls());
    assert!(session.ask(Level::View, at(53)).is_some());
    assert_eq!(session.asked(), None, "less is no question");
}

#[test]
fn a_question_without_any_answer_is_given_up() {
    let mut session = paired("native", r#"["view"]"#);
    session.ask(Level::View, at(3));
    session.tick(at(304));
    assert_eq!(session.screen(), Screen::Waiting);
    session.tick(at(309));
    assert_eq!(session.screen(), Screen::Choice);
}

#[test]
fn figures_are_asked_every_second_of_the_viewer() {
    let mut session = paired("native", r#"["view"]"#);
    assert_eq!(session.tick(at(9)), None);
    let mut session = granted("view");
    let halves = (0..8).map(|half| Duration::from_millis(20_000 + half * 500));
    let asked = halves.filter(|now| session.tick(*now).is_some());
    assert_eq!(asked.count(), 4);
}

#[test]
fn input_that_was_lost_is_told_for_a_while() {
    let mut session = granted("control");
    hear(
        &mut session,
        r#"{"event":"input_discarded","events":3}"#,
        20,
    );
    session.tick(at(30));
    assert_eq!(session.trouble().unwrap().number, INPUT_LOST);
    session.tick(at(36));
    assert!(session.trouble().is_none());
}

#[test]
fn the_end_keeps_the_first_reason_and_the_time() {
    let mut session = granted("view");
    hear(
        &mut session,
        r#"{"event":"ended","code":"RH-1501","text":"left"}"#,
        100,
    );
    session.child_ended(at(101));
    assert_eq!(session.screen(), Screen::End);
    assert_eq!(session.trouble().unwrap().number, 1501);
    assert_eq!((session.lasted(at(500)), session.level()), (at(90), None));
}

#[test]
fn a_child_that_dies_is_told_and_one_that_hangs_is_found() {
    let mut session = granted("view");
    session.child_ended(at(50));
    assert_eq!(session.trouble().unwrap().number, CHILD_STOPPED);
    let mut session = granted("view");
    assert_eq!(session.leave(at(20)), Some(Command::Leave));
    assert_eq!(session.leave(at(20)), None);
    assert!(!session.hangs(at(22)));
    assert!(session.hangs(at(24)));
    session.child_ended(at(25));
    assert_eq!(session.trouble().unwrap().number, LEFT);
    assert!(!session.hangs(at(99)));
}

const INVITATION: &str = r#"{"event":"invitation","session":"s1","by":{"subject":"a1","name":"Amina Diallo","title":null},"sharer":{"subject":"y1","name":"Yuki Tanaka","title":null},"hand_over":true,"reason":null,"incident":null,"within":300}"#;

/// SPEC 6.9: a helper without a code waits, is asked, and comes in.
#[test]
fn an_invitation_leads_through_the_check() {
    let mut session = Session::default();
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    hear(&mut session, r#"{"event":"waiting"}"#, 0);
    assert_eq!(session.screen(), Screen::Invited);
    hear(&mut session, INVITATION, 1);
    assert!(session.invitations.accept(0).is_some());
    assert_eq!(session.screen(), Screen::Checking);
    let gone = r#"{"event":"fault","code":"RH-1107","text":"no","details":null}"#;
    hear(&mut session, gone, 2);
    assert_eq!(session.screen(), Screen::Invited);
    assert_eq!(session.trouble().unwrap().number, 1107);
    session.invitations.accept(0);
    let again = r#"{"event":"sign_in","url":"https://id","code":"RH-1209"}"#;
    hear(&mut session, again, 3);
    assert_eq!(session.screen(), Screen::SignIn);
    hear(&mut session, r#"{"event":"signed_in"}"#, 4);
    assert_eq!(session.screen(), Screen::Checking);
    hear(&mut session, r#"{"event":"claimed"}"#, 5);
    assert_eq!(session.screen(), Screen::Checking);
}

#[test]
fn an_invitation_that_is_gone_is_waited_for_anew() {
    let mut session = Session::default();
    hear(&mut session, r#"{"event":"signed_in"}"#, 0);
    hear(&mut session, r#"{"event":"waiting"}"#, 0);
    hear(&mut session, INVITATION, 1);
    session.invitations.accept(0);
    let gone = r#"{"event":"invitation_gone","session":"s1"}"#;
    hear(&mut session, gone, 2);
    assert_eq!(session.screen(), Screen::Invited);
    assert!(session.invitations.open().is_empty());
}

#[test]
fn lines_of_other_helpers_have_their_names() {
    let mut session = granted("view");
    let helpers = r#"{"event":"helpers","helpers":[{"pair":0,"name":"Amina","level":"view","you":true},{"pair":1,"name":"Ben","level":null,"you":false}]}"#;
    hear(&mut session, helpers, 11);
    hear(
        &mut session,
        r#"{"event":"chat","id":1,"pair":null,"text":"a"}"#,
        12,
    );
    hear(
        &mut session,
        r#"{"event":"chat","id":2,"pair":1,"text":"b"}"#,
        13,
    );
    let authors: Vec<_> = session.thread.lines().map(|line| &line.author).collect();
    assert_eq!(authors, ["", "Ben"]);
}

#[test]
fn a_colleague_who_does_not_come_is_told_with_the_reason() {
    let mut session = granted("view");
    let invited =
        r#"{"event":"invited","subject":"b1","name":"Ben","hand_over":false,"within":300}"#;
    hear(&mut session, invited, 20);
    assert_eq!(session.company.asked().len(), 1);
    let declined = r#"{"event":"uninvited","subject":"b1","code":"RH-1401","text":"no"}"#;
    hear(&mut session, declined, 21);
    let (name, why) = session.company.absent().unwrap();
    assert_eq!((name, why.number), ("Ben", 1401));
    hear(&mut session, invited, 22);
    let here = r#"{"event":"uninvited","subject":"b1","code":null,"text":null}"#;
    hear(&mut session, here, 23);
    assert_eq!(session.company.absent(), None);
}
