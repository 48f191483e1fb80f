//! What the doctor writes: each finding as it comes, or all of them for a program.

use std::io::Write;

use probe::{Finding, Report, State};

/// Where the findings go.
pub(super) struct Paper {
    json: bool,
    report: Report,
}

impl Paper {
    pub(super) fn new(json: bool) -> Self {
        let findings = vec![];
        Self {
            json,
            report: Report { findings },
        }
    }

    /// All findings so far, of which some are written already.
    pub(super) fn write_more(&mut self, all: Vec<Finding>) {
        let new = all.into_iter().skip(self.report.findings.len());
        for finding in new.collect::<Vec<_>>() {
            self.write(finding);
        }
    }

    #[expect(clippy::print_stdout, reason = "the answer of a command")]
    pub(super) fn write(&mut self, finding: Finding) {
        if !self.json {
            print!("{finding}");
            // Whoever closed the output wants no more lines.
            let _ = std::io::stdout().flush();
        }
        self.report.findings.push(finding);
    }

    /// The worst of it, when everything is said.
    #[expect(clippy::print_stdout, reason = "the answer of a command")]
    pub(super) fn end(self) -> State {
        if self.json {
            let text = self.report.json();
            println!("{}", text.unwrap_or_default());
        }
        self.report.state()
    }
}
