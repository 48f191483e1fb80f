//! A file is about one noun: 200 lines are the aim, 500 the stop, 700 an error.

use super::{files, text};

#[test]
fn no_source_file_has_more_than_700_lines() {
    let mut sizes: Vec<(usize, String)> = files()
        .into_iter()
        .filter(|name| name.ends_with(".rs") || name.ends_with(".ts") || name.ends_with(".tsx"))
        .map(|name| (text(&name).unwrap().lines().count(), name))
        .collect();
    sizes.sort_unstable();
    sizes.reverse();
    assert!(sizes.len() > 100, "the test sees the sources");
    for (lines, name) in sizes.iter().take_while(|(lines, _)| *lines > 500) {
        println!("{lines:5}  {name}");
    }
    let (lines, name) = &sizes[0];
    assert!(*lines <= 700, "{name} has {lines} lines: split it");
}
