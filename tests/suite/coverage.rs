//! Every requirement that holds now is named by a test that keeps it.

use std::collections::{BTreeMap, BTreeSet};

use super::{rust_files, text};

/// A requirement is kept by a test whose doc line names it: `/// PRODUCT 3.1: ...`, also `/// PRODUCT 3.1, 3.6: ...`.
#[test]
fn every_requirement_that_holds_now_is_named_by_a_test() {
    let named = named_by_tests();
    let table = table();
    let missing: Vec<_> = table
        .iter()
        .filter(|(_, status)| *status == "now")
        .map(|(requirement, _)| requirement)
        .filter(|requirement| !named.contains_key(*requirement))
        .collect();
    assert!(missing.is_empty(), "no test names {missing:?}");
    let unknown: BTreeMap<_, _> = named
        .iter()
        .filter(|(requirement, _)| !table.contains_key(*requirement))
        .collect();
    assert!(
        unknown.is_empty(),
        "tests name requirements that do not exist: {unknown:?}"
    );
}

#[test]
fn the_table_knows_two_states() {
    let table = table();
    assert_eq!(
        table.len(),
        96,
        "requirements of PRODUCT and parts of DESIGN"
    );
    for (requirement, status) in table {
        assert!(
            ["now", "later"].contains(&status.as_str()),
            "{requirement} is {status}"
        );
    }
}

/// `PRODUCT 3.1 now`, one a line.
fn table() -> BTreeMap<String, String> {
    let text = text("tests/suite/requirements.txt").unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let mut table = BTreeMap::new();
    for line in lines {
        let (requirement, status) = line.rsplit_once(' ').unwrap();
        let before = table.insert(requirement.trim().to_owned(), status.to_owned());
        assert!(before.is_none(), "{requirement} stands twice");
    }
    table
}

/// Requirement → the tests that name it. A test that is ignored keeps nothing.
fn named_by_tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in rust_files() {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(doc) = line.strip_prefix("/// ") else {
                continue;
            };
            let Some(test) = test_below(&lines[at..]) else {
                continue;
            };
            for requirement in requirements(doc) {
                let tests = named.entry(requirement).or_default();
                tests.insert(format!("{file}: {test}"));
            }
        }
    }
    named
}

/// The name of the test that these doc lines and attributes belong to.
fn test_below(lines: &[&str]) -> Option<String> {
    let head = |line: &&&str| line.starts_with("///") || line.starts_with('#');
    let head: Vec<_> = lines.iter().take_while(head).collect();
    let is_test =
        |line: &&&str| line.starts_with("#[") && line.contains("test") && !line.contains("cfg");
    let is_ignored = |line: &&&str| line.starts_with("#[ignore");
    if !head.iter().any(is_test) || head.iter().any(is_ignored) {
        return None;
    }
    let (_, name) = lines.get(head.len())?.split_once("fn ")?;
    Some(name.split('(').next()?.to_owned())
}

/// `PRODUCT 3.1, 8.6: ...` → `PRODUCT 3.1`, `PRODUCT 8.6`.
fn requirements(doc: &str) -> Vec<String> {
    let mut found = vec![];
    for page in ["PRODUCT", "DESIGN"] {
        let mut rest = doc;
        while let Some((_, after)) = rest.split_once(&format!("{page} ")) {
            rest = after;
            for part in after.split(", ") {
                let digits: String = part
                    .chars()
                    .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
                    .collect();
                let number = digits.trim_end_matches('.');
                if number.is_empty() {
                    break;
                }
                found.push(format!("{page} {number}"));
                if number.len() != part.len() {
                    break;
                }
            }
        }
    }
    found
}

#[test]
fn a_doc_line_names_its_requirements() {
    let found = requirements("PRODUCT 3.1, 8.6: a code, see DESIGN 3. Of PRODUCT readers.");
    assert_eq!(found, ["PRODUCT 3.1", "PRODUCT 8.6", "DESIGN 3"]);
}
