//! The lines that the people of a session write.

use std::collections::VecDeque;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was written.
    pub text: String,
    /// Who wrote it, if it was neither the person here nor the one whom the window is about.
    pub author: String,
    /// Whether the person here wrote it.
    pub mine: bool,
    /// Whether it was not yet sent.
    pub waiting: bool,
}

/// One continuous thread.
#[derive(Debug, Default)]
pub struct Thread {
    lines: VecDeque<Line>,
    unread: u32,
    read: bool,
    too_long: bool,
}

impl Thread {
    /// The lines, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// How many of the others' lines the person has not seen.
    pub fn unread(&self) -> u32 {
        self.unread
    }

    /// Whether the last line was too long.
    pub fn is_too_long(&self) -> bool {
        self.too_long
    }

    /// Whether the chat window stands open: then lines are seen as they come.
    pub fn look(&mut self, open: bool) {
        self.read = open;
        if open {
            self.unread = 0;
        }
    }

    /// A line of somebody else; `author` is empty for the one whom the window is about.
    pub fn hear(&mut self, author: String, text: String) {
        if !self.read {
            self.unread = self.unread.saturating_add(1);
        }
        self.push(author, text, false);
    }

    /// The person writes a line. `None` if it is empty or too long.
    pub fn write(&mut self, text: &str) -> Option<String> {
        self.too_long = text.len() > MAX_LINE;
        if self.too_long || text.trim().is_empty() {
            return None;
        }
        self.push(String::new(), text.to_owned(), true);
        Some(text.to_owned())
    }

    /// Lines are sent in the order in which they were written.
    pub fn sent(&mut self) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.waiting) {
            line.waiting = false;
        }
    }

    /// The newest line that waits is too long.
    pub fn refused(&mut self) {
        self.too_long = true;
        if let Some(at) = self.lines.iter().rposition(|line| line.waiting) {
            self.lines.remove(at);
        }
    }

    fn push(&mut self, author: String, text: String, mine: bool) {
        if self.lines.len() >= KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(Line {
            text,
            author,
            mine,
            waiting: mine,
        });
    }
}

/// Bytes of a line (SPEC 16).
const MAX_LINE: usize = 65_536;

/// Lines that are kept on the screen.
const KEPT: usize = 500;
