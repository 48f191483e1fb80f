//! `make bench`: the figures of DESIGN.md section 7, measured on real programs, printed beside their goals.
//!
//! `bench [GROUP ...]` runs the named groups, or all of them. `BENCH_QUICK=1` shortens each. A bench is no test: a figure that
//! misses its goal is printed as missed, and the program still ends well.

mod codec;
mod figure;
mod grants;
mod machine;
mod mixed;
mod networks;
mod opening;
mod page;
mod photon;
mod policy;
mod process;
mod relay;
mod revocation;
mod rounds;
mod scenery;
mod scenes;
mod splice;
mod summary;
mod window;

use figure::Group;
use summary::Summary;

/// How long a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effort {
    /// `BENCH_QUICK=1`.
    Quick,
    Full,
}

impl Effort {
    fn of_environment() -> Self {
        let quick = std::env::var_os("BENCH_QUICK").is_some_and(|value| value != "0");
        if quick { Self::Quick } else { Self::Full }
    }

    /// The one or the other.
    fn pick<T>(self, quick: T, full: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["splice", target] = words[..] {
        return splice::serve(target).await;
    }
    if let Some(unknown) = words.iter().find(|word| !GROUPS.contains(word)) {
        eprintln!("no group `{unknown}`; there are {}", GROUPS.join(", "));
        std::process::exit(2);
    }
    let effort = Effort::of_environment();
    let mut summary = Summary::new(effort);
    for name in GROUPS {
        if words.is_empty() || words.contains(&name) {
            println!("{name} ...");
            let group = run(name, effort).await;
            summary.add(group);
        }
    }
    summary.finish();
}

async fn run(name: &str, effort: Effort) -> Group {
    match name {
        "input_to_photon" => Box::pin(photon::run(effort)).await,
        "first_picture" => Box::pin(opening::run(effort)).await,
        "browser" => Box::pin(page::run(effort)).await,
        "window" => Box::pin(window::run(effort)).await,
        "scenes" => Box::pin(scenes::run(effort)).await,
        "networks" => Box::pin(networks::run(effort)).await,
        "policy" => policy::run(effort),
        "mixed" => Box::pin(mixed::run(effort)).await,
        "revocation" => Box::pin(revocation::run(effort)).await,
        _ => Box::pin(relay::run(effort)).await,
    }
}

const GROUPS: [&str; 10] = [
    "input_to_photon",
    "browser",
    "window",
    "first_picture",
    "scenes",
    "networks",
    "policy",
    "revocation",
    "relay",
    "mixed",
];
