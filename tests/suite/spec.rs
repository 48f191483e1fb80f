//! `protocol/SPEC.md` against the code: citations, tables, examples.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use policy::{Level, PairId};
use serde_json::Value;
use wire::{Channel, Channels, Credit, Delivery, Fault, Frame, Header, Route};

use super::{rust_files, text};

fn spec() -> String {
    text("protocol/SPEC.md").unwrap()
}

#[test]
fn every_section_that_code_cites_exists() {
    let spec = spec();
    let headings: BTreeSet<&str> = spec
        .lines()
        .filter(|line| line.starts_with("## ") || line.starts_with("### "))
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    let mut cited = 0;
    for (file, text) in rust_files() {
        for after in text.split(concat!("SP", "EC ")).skip(1) {
            let number: String = after
                .chars()
                .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
                .collect();
            let number = number.trim_end_matches('.');
            if number.is_empty() {
                continue;
            }
            cited += 1;
            assert!(headings.contains(number), "{file} cites section {number}");
        }
    }
    assert!(cited > 40, "the test sees the citations");
}

#[test]
fn the_channels_are_those_of_the_code() {
    let rows: Vec<Vec<String>> = Channel::ALL
        .into_iter()
        .map(|channel| {
            let delivery = match channel.delivery() {
                Delivery::Reliable => "reliable",
                Delivery::Ordered => "ordered",
                Delivery::Latest => "latest",
            };
            vec![
                channel.number().to_string(),
                name(channel),
                delivery.to_owned(),
                channel.priority().to_string(),
                channel.first_credit().to_string(),
            ]
        })
        .collect();
    let mut written = table("| number | name | delivery |");
    written.iter_mut().for_each(|row| row.truncate(5));
    assert_eq!(written, rows);
}

/// The longest message is private to `seal`; what it refuses to send tells it.
#[test]
fn the_longest_messages_are_those_of_the_code() {
    for row in table("| number | name | delivery |") {
        let channel = Channel::from_number(row[0].parse().unwrap()).unwrap();
        let longest: usize = row[5].parse().unwrap();
        let mut end = super::mutations::ends().0;
        let over = end.send(channel, &vec![0; longest + 1], Duration::ZERO);
        assert_eq!(
            over,
            Err(seal::SendError::TooLong(longest + 1)),
            "{channel:?}"
        );
        let fits = end.send(channel, &vec![0; longest], Duration::ZERO);
        assert!(!matches!(fits, Err(seal::SendError::TooLong(_))));
    }
}

#[test]
fn the_routes_are_those_of_the_code() {
    let channels = |set: Channels| {
        let names: Vec<String> = Channel::ALL
            .into_iter()
            .filter(|channel| set.contains(*channel))
            .map(name)
            .collect();
        match names.is_empty() {
            true => "-".to_owned(),
            false => names.join(" "),
        }
    };
    let row = |name: &str, route: Route| {
        vec![
            name.to_owned(),
            channels(route.from_helper),
            channels(route.from_sharer),
        ]
    };
    let mut rows = vec![
        row("closed", Route::CLOSED),
        row("handshake", Route::handshake()),
        row("paired", Route::paired()),
    ];
    rows.extend(Level::ALL.map(|level| row(level.word(), Route::granted(level))));
    assert_eq!(table("| route |"), rows);
}

#[test]
fn the_kinds_of_frames_are_those_of_the_code() {
    let credit = Credit {
        pair: PairId::FIRST,
        channel: Channel::Chat,
        round: 0,
        limit: 0,
    };
    let flight = wire::Envelope::flight(PairId::FIRST, 0, b"").unwrap();
    let kinds = [
        ("SEALED", Frame::Sealed(flight)),
        ("CREDIT", Frame::Credit(credit)),
        ("MESSAGE", Frame::Message(Bytes::new())),
        ("PING", Frame::Ping(0)),
        ("PONG", Frame::Pong(0)),
        ("HEARD", Frame::Heard(0)),
    ];
    let rows: Vec<[String; 2]> = kinds
        .into_iter()
        .map(|(name, frame)| [format!("{:#04x}", frame.encode()[0]), name.to_owned()])
        .collect();
    let written: Vec<[String; 2]> = table("| kind | name | layout")
        .into_iter()
        .map(|row| [row[0].clone(), row[1].clone()])
        .collect();
    assert_eq!(written, rows);
}

#[test]
fn the_limits_are_those_of_the_code() {
    let size = |size: usize| u64::try_from(size).unwrap();
    let code: BTreeMap<String, u64> = [
        ("MAX_FRAME", size(wire::MAX_FRAME)),
        ("MAX_MESSAGE", size(wire::MAX_MESSAGE)),
        ("MAX_PLAINTEXT", size(wire::MAX_PLAINTEXT)),
        ("TAG", size(wire::TAG)),
        ("Header::MAX", size(Header::MAX)),
        ("Header::MAX_GENERATION", Header::MAX_GENERATION.into()),
        ("PairId::LIMIT", PairId::LIMIT.into()),
        ("PairId::AT_ONCE", size(PairId::AT_ONCE)),
        ("Routing::COUNT", wire::Routing::COUNT.into()),
        ("MAX_CLIENT", size(wire::MAX_CLIENT)),
        ("MAX_REASON", size(wire::MAX_REASON)),
        ("MAX_INCIDENT", size(wire::MAX_INCIDENT)),
        ("MAX_NONCE", size(wire::MAX_NONCE)),
        ("MAX_DETAIL", size(wire::MAX_DETAIL)),
        ("MAX_ACR_VALUES", size(wire::MAX_ACR_VALUES)),
        ("MAX_ACR", size(wire::MAX_ACR)),
        ("MAX_RULE", size(wire::MAX_RULE)),
        ("MAX_SEARCH", size(wire::MAX_SEARCH)),
        ("MAX_COLLEAGUES", size(wire::MAX_COLLEAGUES)),
        ("MAX_PORTRAIT", size(wire::MAX_PORTRAIT)),
        ("MAX_OUTPUTS", size(seal::MAX_OUTPUTS)),
        ("MAX_OUTPUT_NAME", size(seal::MAX_OUTPUT_NAME)),
        ("MAX_SUBJECT", size(wire::MAX_SUBJECT)),
        ("MAX_DEVICE_NAME", size(wire::MAX_DEVICE_NAME)),
        ("MAX_GRANT", size(wire::MAX_GRANT)),
        ("MAX_CREDENTIAL", size(seal::handshake::MAX_CREDENTIAL)),
        ("MAX_LINE", size(seal::MAX_LINE)),
        ("Input::MAX_EVENTS", size(seal::Input::MAX_EVENTS)),
        ("Input::MAX_TEXT", size(seal::Input::MAX_TEXT)),
        ("Input::MAX_KEY_TEXT", size(seal::Input::MAX_KEY_TEXT)),
        (
            "Limits::records_per_key",
            seal::Limits::default().records_per_key,
        ),
        ("INVITATION_LIFE", policy::INVITATION_LIFE.as_secs()),
        ("FIRST_ANSWER", policy::FIRST_ANSWER.as_secs()),
        ("RAISE_ANSWER", policy::RAISE_ANSWER.as_secs()),
        ("GRANT_LIFE", policy::GRANT_LIFE.as_secs()),
        ("PICTURE_LIFE", policy::PICTURE_LIFE.as_secs()),
        ("CHALLENGE_EVERY", policy::CHALLENGE_EVERY.as_secs()),
        ("KEEPALIVE", carrier::KEEPALIVE.as_secs()),
        ("PATIENCE", carrier::PATIENCE.as_secs()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let written: BTreeMap<String, u64> = table("| name | value | of what |")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].parse().unwrap()))
        .collect();
    assert_eq!(written, code);
}

#[test]
fn the_faults_are_those_of_the_code() {
    let rows: Vec<Vec<String>> = Fault::ALL
        .iter()
        .map(|fault| vec![fault.number().to_string(), format!("{fault:?}")])
        .collect();
    assert_eq!(table("| number | name |\n"), rows);
}

/// The examples on the page are the vectors, which the code reads and writes.
#[test]
fn the_examples_are_the_vectors() {
    let spec = spec();
    let arrow = |arrow: &'static str| {
        let lines = spec.lines();
        let lines = lines.filter_map(move |line| line.strip_prefix(arrow));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let messages = vectors("messages.json");
    assert_eq!(arrow("→ "), strings(&messages["to_relay"]));
    assert_eq!(arrow("← "), strings(&messages["from_relay"]));
    let control: Vec<String> = spec
        .lines()
        .filter(|line| line.starts_with("{\"type\""))
        .map(str::to_owned)
        .collect();
    assert_eq!(control, strings(&vectors("control.json")["messages"]));
}

fn vectors(name: &str) -> Value {
    let text = text(&format!("protocol/vectors/{name}")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn strings(list: &Value) -> Vec<String> {
    let texts = list.as_array().unwrap().iter();
    texts
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

fn name(channel: Channel) -> String {
    format!("{channel:?}").to_lowercase()
}

/// The cells of the table whose head starts like this.
fn table(head: &str) -> Vec<Vec<String>> {
    let spec = spec();
    let (_, after) = spec
        .split_once(&format!("\n{head}"))
        .unwrap_or_else(|| panic!("there is a table `{head}`"));
    let head_ends = if head.ends_with('\n') { 1 } else { 2 };
    let rows = after.lines().skip(head_ends);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = line.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}
