//! What is wrong with a text that a person wrote, and what to type instead.

use std::ops::Range;

use crate::lang::Bilingual;

/// One mistake in a text: where it is, what is wrong, what was expected and what to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The bytes of the text it concerns.
    pub(crate) span: Range<usize>,
    /// What is wrong.
    pub(crate) message: Bilingual,
    /// What stands under the span.
    pub(crate) label: Bilingual,
    /// What to do, each on a line of its own.
    pub(crate) helps: Vec<Help>,
}

/// What to do about a mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// In words.
    pub text: Bilingual,
    /// The bytes to replace and the text to type there, where that can be told.
    pub replace: Option<(Range<usize>, String)>,
}

impl Problem {
    /// A mistake without advice.
    pub(crate) fn new(span: Range<usize>, message: Bilingual) -> Self {
        Self {
            span,
            message,
            label: Bilingual::default(),
            helps: Vec::new(),
        }
    }

    /// With words under the span.
    pub(crate) fn label(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.label = Bilingual::new(zh.into(), en.into());
        self
    }

    /// With advice in words.
    pub(crate) fn help(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.helps.push(Help {
            text: Bilingual::new(zh.into(), en.into()),
            replace: None,
        });
        self
    }

    /// With the text to type in place of what stands at `span`.
    pub(crate) fn replace(mut self, span: Range<usize>, with: impl Into<String>) -> Self {
        let with = with.into();
        let shown = with.trim();
        self.helps.push(Help {
            text: Bilingual::new(format!("写 {shown}"), format!("write {shown}")),
            replace: Some((span, with)),
        });
        self
    }

    /// The same mistake, its places counted by `place`.
    pub(crate) fn moved(mut self, place: impl Fn(usize) -> usize) -> Self {
        let moved = |span: &Range<usize>| place(span.start)..place(span.end);
        self.span = moved(&self.span);
        for help in &mut self.helps {
            if let Some((span, _)) = &mut help.replace {
                *span = moved(span);
            }
        }
        self
    }
}
