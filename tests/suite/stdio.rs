//! Section 15 of `protocol/SPEC.md` against the two clients: every event and every command, with an example of each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{rust_files, text};

#[test]
fn every_event_is_written_down_and_every_one_that_is_written_down_is_emitted() {
    for (section, client) in [("15.2", "helper-client/"), ("15.3", "sharer-client/")] {
        let mut written = names("15.1", "event");
        written.extend(names(section, "event"));
        let emitted = emitted(&["client/", client]);
        assert!(emitted.len() > 15, "the test sees the events of {client}");
        assert_eq!(emitted, written, "{client} and section {section}");
    }
}

#[test]
fn every_command_is_written_down() {
    for (section, file) in [
        ("15.2", "helper-client/src/command.rs"),
        ("15.3", "sharer-client/src/command.rs"),
    ] {
        assert_eq!(commands(file), names(section, "command"), "{file}");
    }
}

/// An example has no member that the table does not name.
#[test]
fn every_event_and_command_has_an_example_with_its_members() {
    for section in ["15.1", "15.2", "15.3"] {
        for kind in ["event", "command"] {
            let examples: BTreeMap<String, Value> = part(section)
                .lines()
                .filter(|line| line.starts_with(&format!("{{\"{kind}\"")))
                .map(|line| serde_json::from_str(line).unwrap())
                .map(|line: Value| (line[kind].as_str().unwrap().to_owned(), line))
                .collect();
            let rows = rows(section, kind);
            assert_eq!(
                examples.keys().collect::<Vec<_>>(),
                rows.keys().collect::<Vec<_>>()
            );
            for (name, members) in rows {
                let example = examples[&name].as_object().unwrap();
                for member in example.keys().filter(|member| *member != kind) {
                    assert!(members.contains(member), "{section} {name}: {member}");
                }
            }
        }
    }
}

/// The names that these crates hand to `emit`, in their sources.
fn emitted(crates: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, text) in rust_files() {
        if !crates.iter().any(|name| file.starts_with(name)) {
            continue;
        }
        for after in text.split(concat!("em", "it(")).skip(1) {
            let name = after.trim_start().strip_prefix('"');
            found.extend(name.and_then(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    found
}

/// The variants of the enum, as they are written on a line.
fn commands(file: &str) -> BTreeSet<String> {
    let source = text(file).unwrap();
    let variants = source.lines().filter_map(|line| {
        let line = line.strip_prefix("    ")?;
        let (name, _) = line.split_once(" {")?;
        name.starts_with(char::is_uppercase).then_some(name)
    });
    variants
        .map(|name| {
            let mut snake = String::new();
            for (at, letter) in name.char_indices() {
                if letter.is_uppercase() && at > 0 {
                    snake.push('_');
                }
                snake.extend(letter.to_lowercase());
            }
            snake
        })
        .collect()
}

fn names(section: &str, kind: &str) -> BTreeSet<String> {
    rows(section, kind).into_keys().collect()
}

/// First and last cell of each row of the section's table of events or commands.
fn rows(section: &str, kind: &str) -> BTreeMap<String, String> {
    let part = part(section);
    let Some((_, table)) = part.split_once(&format!("\n| {kind} |")) else {
        return BTreeMap::new();
    };
    let rows = table.lines().skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let name = cells.next().unwrap().to_owned();
            (name, cells.next_back().unwrap().to_owned())
        })
        .collect()
}

fn part(section: &str) -> String {
    let spec = text("protocol/SPEC.md").unwrap();
    let (_, after) = spec.split_once(&format!("\n### {section} ")).unwrap();
    after.split("\n##").next().unwrap().to_owned()
}
