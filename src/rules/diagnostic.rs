//! What is wrong with a rule file, as a person is told it.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use super::problem::{Help, Problem};
use crate::lang::Bilingual;

/// A text file of rules, ledger kinds, limits, law, calendar or configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Its name, `/`-separated, as messages show it.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The file cannot be used as it is.
    Error,
    /// The file can be used; something about it is doubtful.
    Warning,
}

/// Something wrong with a rule, ledger-kind, limit, law, calendar or configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub level: Level,
    /// The file.
    pub source: Arc<SourceText>,
    /// The bytes of the file it concerns; an empty range at the start where it concerns the file as a whole.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: Bilingual,
    /// What stands under the span: what was expected there. May be empty.
    pub label: Bilingual,
    /// What to do, with the text to type where that can be told.
    pub helps: Vec<Help>,
    /// The rule that cannot be used because of it: `--skip` leaves it out. `None` where it concerns every rule.
    pub rule: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about a file as a whole, or one that could not be opened.
    pub(crate) fn of_file(name: &str, message: Bilingual) -> Self {
        Self {
            level: Level::Error,
            source: Arc::new(SourceText {
                name: name.to_owned(),
                text: String::new(),
            }),
            span: 0..0,
            message,
            label: Bilingual::default(),
            helps: Vec::new(),
            rule: None,
        }
    }

    /// The line it begins at, counted from 1.
    pub fn line(&self) -> usize {
        line_of(&self.source.text, self.span.start)
    }

    /// The column it begins at, in characters, counted from 1.
    pub fn column(&self) -> usize {
        let start = self.span.start.min(self.source.text.len());
        let before = &self.source.text[..start];
        before.rsplit('\n').next().unwrap_or("").chars().count() + 1
    }
}

/// The line of a byte, counted from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|&byte| byte == b'\n').count() + 1
}

/// Gathers the diagnostics of one file.
#[derive(Debug)]
pub(crate) struct Sink {
    /// The file.
    pub(crate) source: Arc<SourceText>,
    /// The rule that the file holds.
    pub(crate) rule: Option<String>,
    list: RefCell<Vec<Diagnostic>>,
    /// Lines whose TOML is broken: what else is wrong there only follows from it.
    broken_lines: RefCell<Vec<usize>>,
}

impl Sink {
    /// Nothing wrong so far.
    pub(crate) fn new(source: Arc<SourceText>, rule: Option<String>) -> Self {
        Self {
            source,
            rule,
            list: RefCell::new(Vec::new()),
            broken_lines: RefCell::new(Vec::new()),
        }
    }

    /// Adds an error, its places counted in bytes of the file.
    pub(crate) fn error(&self, problem: Problem) {
        self.add(Level::Error, problem);
    }

    /// Adds a slip of TOML; nothing more is told about its line.
    pub(crate) fn slip(&self, problem: Problem) {
        let line = line_of(&self.source.text, problem.span.start);
        self.add(Level::Error, problem);
        self.broken_lines.borrow_mut().push(line);
    }

    /// Adds a warning.
    pub(crate) fn warn(&self, problem: Problem) {
        self.add(Level::Warning, problem);
    }

    fn add(&self, level: Level, problem: Problem) {
        let line = line_of(&self.source.text, problem.span.start);
        if self.broken_lines.borrow().contains(&line) {
            return;
        }
        let diagnostic = Diagnostic {
            level,
            source: self.source.clone(),
            span: problem.span,
            message: problem.message,
            label: problem.label,
            helps: problem.helps,
            rule: self.rule.clone(),
        };
        let mut list = self.list.borrow_mut();
        // A rule is checked once for each of its ledgers; the same mistake is told once.
        if !list.contains(&diagnostic) {
            list.push(diagnostic);
        }
    }

    /// Whether an error was added.
    pub(crate) fn has_errors(&self) -> bool {
        self.list
            .borrow()
            .iter()
            .any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// The diagnostics, in the order of the file.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
        list
    }
}
