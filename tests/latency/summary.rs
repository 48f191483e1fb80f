//! The table at the end, and the files under `target/bench`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Effort;
use crate::figure::{Figure, Group};
use crate::machine;

/// Collects groups.
pub(crate) struct Summary {
    effort: Effort,
    machine: Value,
    groups: Vec<Group>,
}

impl Summary {
    pub(crate) fn new(effort: Effort) -> Self {
        Self {
            effort,
            machine: machine::describe(),
            groups: vec![],
        }
    }

    /// Keeps a group, and writes its file.
    pub(crate) fn add(&mut self, group: Group) {
        let content =
            json!({"machine": machine::describe(), "effort": self.word(), "group": group});
        write(&format!("{}.json", group.name), &content);
        self.groups.push(group);
    }

    /// Prints everything.
    pub(crate) fn finish(self) {
        println!("\n{}, {}", machine::line(&self.machine), self.word());
        for group in &self.groups {
            println!("\n{}", group.name);
            for figure in &group.figures {
                println!("  {}", row(figure));
            }
            for remark in &group.remarks {
                println!("  ({remark})");
            }
        }
        let figures = || self.groups.iter().flat_map(|group| &group.figures);
        let met = figures().filter(|figure| figure.met == Some(true)).count();
        let missed: Vec<&str> = figures()
            .filter(|figure| figure.met == Some(false))
            .map(|figure| figure.name.as_str())
            .collect();
        let content = json!({
            "machine": self.machine, "effort": self.word(), "met": met, "missed": missed, "groups": self.groups,
        });
        write("summary.json", &content);
        println!(
            "\n{met} goals met, {} missed{}{}; files in {}",
            missed.len(),
            if missed.is_empty() { "" } else { ": " },
            missed.join(", "),
            folder().display()
        );
    }

    fn word(&self) -> &'static str {
        self.effort.pick("quick", "full")
    }
}

fn row(figure: &Figure) -> String {
    let goal = figure
        .goal
        .map_or_else(String::new, |goal| format!("<= {goal}"));
    let met = match figure.met {
        Some(true) => "met",
        Some(false) => "missed",
        None => "",
    };
    let value = format!("{:.3}", figure.value);
    format!(
        "{:<64}{value:>12} {:<10}{goal:<10}{met}",
        figure.name, figure.unit
    )
    .trim_end()
    .to_owned()
}

fn write(name: &str, content: &Value) {
    let folder = folder();
    let text = serde_json::to_string_pretty(content).expect("figures have a JSON form");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(name), text))
        .expect("target/bench can be written");
}

/// `target/bench` of the build that this program is of.
fn folder() -> PathBuf {
    let program = std::env::current_exe().expect("a running program has a path");
    let profile = program.parent().and_then(Path::parent);
    profile
        .expect("a program is in target/<profile>")
        .join("bench")
}
