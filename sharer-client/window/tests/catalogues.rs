//! Every text of the windows stands in every catalogue, and what faults say is what the wire says.
#![cfg(test)]

use std::collections::BTreeMap;
use std::path::Path;

use sharer_window::arguments::LANGUAGES;
use wire::Fault;

#[test]
fn every_catalogue_is_complete_and_holds_nothing_else() {
    let said: Vec<String> = sources().iter().flat_map(|text| texts(text)).collect();
    assert!(said.len() > 100, "the test sees the texts");
    for language in LANGUAGES.iter().filter(|name| **name != "en") {
        let catalogue = catalogue(language);
        for text in &said {
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
}

/// PRODUCT 10.5: every number is explained in plain words, and they are those of `docs/faults.md`.
#[test]
fn every_fault_is_told_as_the_wire_tells_it() {
    let source = read("ui/faults.slint");
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

fn sources() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|name| name == "slint"))
        .map(|path| std::fs::read_to_string(path).unwrap())
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

fn catalogue(language: &str) -> BTreeMap<String, String> {
    let text = read(&format!("lang/{language}/LC_MESSAGES/sharer-window.po"));
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
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}
