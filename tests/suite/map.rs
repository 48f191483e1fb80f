//! `ARCHITECTURE.md` against the repository: crates, dependencies, files and functions that it names; `README.md` against the
//! relay's configuration.

use relay::config::{Config, Overrides};

use super::{files, root, text};

fn page() -> String {
    text("ARCHITECTURE.md").unwrap()
}

fn names(name: &str) -> bool {
    page().contains(&format!("\n| `{name}` |"))
}

#[test]
fn every_crate_is_on_the_map() {
    let members = section("members = [", "]");
    let members: Vec<&str> = members.split('"').skip(1).step_by(2).collect();
    assert!(members.len() > 10, "the test sees the members");
    for member in members {
        assert!(names(member), "ARCHITECTURE.md does not name {member}");
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let mut seen = 0;
    for line in section("[workspace.dependencies]", "\n[").lines() {
        let Some((name, _)) = line.split_once(" = ") else {
            continue;
        };
        if !line.contains("path = ") {
            seen += 1;
            let row = format!("\n| {name} | ");
            assert!(page().contains(&row), "no reason for {name}");
        }
    }
    assert!(seen > 30, "the test sees the dependencies");
}

#[test]
fn every_file_and_folder_that_is_named_is_there() {
    let page = page();
    let paths = page.split('`').skip(1).step_by(2);
    let paths: Vec<&str> = paths
        .filter(|path| path.contains('/') && !path.contains([' ', '"', '\n']))
        .collect();
    assert!(paths.len() > 40, "the test sees the paths");
    for path in paths {
        assert!(root().join(path).exists(), "there is no {path}");
    }
    assert!(files().contains(&"ARCHITECTURE.md".to_owned()));
}

/// In the walks the names of functions stand behind the name of their file.
#[test]
fn every_function_of_the_walks_is_there() {
    let page = page();
    let (_, walks) = page.split_once("## Follow a key press").unwrap();
    let (walks, _) = walks.split_once("## Where the clock").unwrap();
    let mut file = String::new();
    let mut seen = 0;
    for name in walks.split('`').skip(1).step_by(2) {
        let function = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        if name.ends_with(".rs") {
            name.clone_into(&mut file);
            seen += 1;
        } else if name.chars().all(function) && !NO_FUNCTIONS.contains(&name) {
            let source = text(&file).unwrap_or_default();
            let defined = [format!("fn {name}("), format!("fn {name}<")];
            assert!(
                defined.iter().any(|text| source.contains(text)),
                "{file} has no {name}"
            );
        }
    }
    assert!(seen > 30, "the test sees the walks");
}

#[test]
fn the_configuration_in_the_readme_is_accepted() {
    let readme = text("README.md").unwrap();
    let (_, after) = readme.split_once("```toml\n").unwrap();
    let (toml, _) = after.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.toml");
    std::fs::write(&path, toml).unwrap();
    let config = Config::read(&path, Overrides::default()).unwrap();
    assert_eq!(config.tenants.len(), 1);
}

/// Names of channels and messages.
const NO_FUNCTIONS: [&str; 4] = ["picture", "painted", "handshake", "join"];

/// A part of the root manifest.
fn section(from: &str, to: &str) -> String {
    let manifest = text("Cargo.toml").unwrap();
    let (_, after) = manifest.split_once(from).unwrap();
    after.split(to).next().unwrap().to_owned()
}
