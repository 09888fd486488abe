//! Colour, where it was asked for. Every coloured word also reads without it.

use crate::finding::Severity;

/// Paints, or leaves as it is.
pub(super) struct Paint {
    /// Whether to paint.
    pub(super) on: bool,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    /// What matters.
    pub(super) fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    /// What may be passed over.
    pub(super) fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    /// A topic or a part of the summary.
    pub(super) fn heading(&self, text: &str) -> String {
        self.with("1;4", text)
    }

    /// A word before a text.
    pub(super) fn label(&self, text: &str) -> String {
        self.with("36", text)
    }

    /// An address.
    pub(super) fn cell(&self, text: &str) -> String {
        self.with("34", text)
    }

    /// A remark on a finding.
    pub(super) fn note(&self, text: &str) -> String {
        self.with("35", text)
    }

    /// A severity.
    pub(super) fn severity(&self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Critical => "1;31",
            Severity::Major => "31",
            Severity::Minor => "33",
            Severity::Info => "2",
        };
        self.with(code, text)
    }
}
