//! What holds for the whole repository: layers, sizes, words, tables, the documents beside the code.

mod coverage;
mod decisions;
mod faults;
mod layering;
mod map;
mod mutations;
mod openapi;
mod sizes;
mod spec;
mod stdio;
mod tls;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The top of the repository.
fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_owned()
}

/// Files of the repository, relative to its top: tracked, or new and not ignored.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "git lists the files");
    let names = String::from_utf8(listed.stdout).unwrap();
    let mut names: Vec<String> = names
        .split_terminator('\0')
        .filter(|name| root().join(name).is_file())
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

/// A text file; `None` if it is none.
fn text(name: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(name)).unwrap()).ok()
}

/// Rust files and their texts.
fn rust_files() -> Vec<(String, String)> {
    let rust = |name: &String| name.ends_with(".rs");
    files()
        .into_iter()
        .filter(rust)
        .map(|name| {
            let text = text(&name).expect("Rust is UTF-8");
            (name, text)
        })
        .collect()
}

/// Compares a generated file with what is committed; `BLESS=1` writes it.
fn compare(name: &str, generated: &str) {
    let path = root().join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = committed
        .lines()
        .zip(generated.lines())
        .find(|(committed, generated)| committed != generated);
    assert!(
        committed == generated,
        "{name} is not what the code says; read the difference, then BLESS=1. First: {differing:?}"
    );
}
