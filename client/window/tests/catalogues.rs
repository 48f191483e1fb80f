//! Every text of the windows stands in every catalogue, and what faults say is what the wire says.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use client_window::dress::LANGUAGES;
use wire::Fault;

/// The folders of all windows: what they share, and what each has of its own.
const SHARED: &str = "client/window";
const OWN: [(&str, &str); 2] = [
    ("sharer-client/window", "sharer-window"),
    ("helper-client/window", "helper-window"),
];

#[test]
fn every_catalogue_is_complete_and_holds_nothing_else() {
    let shared = said(SHARED);
    for language in LANGUAGES.iter().filter(|name| **name != "en") {
        let known = catalogue(SHARED, "client-window", language);
        holds(&known, &shared, language);
        for (folder, package) in OWN {
            let said = said(folder);
            assert!(said.len() > 40, "the test sees the texts of {folder}");
            let said: Vec<_> = said
                .into_iter()
                .filter(|text| !shared.contains(text))
                .collect();
            holds(&catalogue(folder, package, language), &said, language);
        }
    }
}

fn holds(catalogue: &BTreeMap<String, String>, said: &[String], language: &str) {
    for text in said {
        let translated = catalogue.get(text).map(String::as_str).unwrap_or_default();
        assert!(!translated.is_empty(), "{language} lacks {text:?}");
        let places = |text: &str| text.matches("{}").count();
        assert_eq!(places(text), places(translated), "{language}: {text:?}");
    }
    let stale: Vec<_> = catalogue
        .keys()
        .filter(|text| !said.contains(text))
        .collect();
    assert!(stale.is_empty(), "{language} has too much: {stale:?}");
}

/// PRODUCT 10.5: every number is explained in plain words, and they are those of `docs/faults.md`.
#[test]
fn every_fault_is_told_as_the_wire_tells_it() {
    let source = read("client/window/ui/faults.slint");
    let tables: Vec<&str> = source.split("pure public function").collect();
    let [_, titles, happened, advice, ..] = tables.as_slice() else {
        panic!("three tables");
    };
    for fault in Fault::ALL {
        let code = format!("code == {}", fault.number());
        for table in [titles, happened, advice] {
            let entry = table.lines().any(|line| {
                line.split(" || ").any(|part| {
                    let part = part.trim().trim_start_matches("if ");
                    part.trim_end_matches(" {") == code
                })
            });
            assert!(entry, "{fault} is missing");
        }
        let (_, rest) = happened.split_once(&format!("{code} {{")).unwrap();
        let told = texts(rest).remove(0);
        assert_eq!(told, fault.text(), "{fault}");
    }
}

fn said(folder: &str) -> Vec<String> {
    let folder = root().join(folder).join("ui");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|name| name == "slint"))
        .flat_map(|path| texts(&std::fs::read_to_string(path).unwrap()))
        .collect()
}

/// The first argument of every `@tr`.
fn texts(source: &str) -> Vec<String> {
    let mut parts = source.split("@tr(\"");
    parts.next();
    parts
        .map(|part| part.split_once('"').unwrap().0.to_owned())
        .collect()
}

fn catalogue(folder: &str, package: &str, language: &str) -> BTreeMap<String, String> {
    let text = read(&format!(
        "{folder}/lang/{language}/LC_MESSAGES/{package}.po"
    ));
    let quoted = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.strip_prefix(" \"")?;
        Some(rest.strip_suffix('"')?.to_owned())
    };
    let mut entries = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(key) = quoted(line, "msgid").filter(|key| !key.is_empty()) {
            let value = quoted(lines.next().unwrap(), "msgstr").unwrap();
            assert!(entries.insert(key, value).is_none(), "{line} stands twice");
        }
    }
    entries
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
