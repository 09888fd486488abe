//! Diagnostics as people read them: the line of the file, what is wrong under it, what to type.

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::diagnostic::{Diagnostic, Level};
use crate::lang::Lang;

impl Diagnostic {
    /// The diagnostic with the line it concerns, in colour where wanted. Ends without a line break.
    pub fn render(&self, lang: Lang, color: bool) -> String {
        let text = &self.source.text;
        let level = match self.level {
            Level::Error => Shown::ERROR.with_name(lang.pick("错误", "error")),
            Level::Warning => Shown::WARNING.with_name(lang.pick("提醒", "warning")),
        };
        let mut group = Group::with_title(level.primary_title(self.message.get(lang)));
        if self.span.is_empty() && self.span.start == 0 {
            if !text.is_empty() {
                group = group.element(annotate_snippets::Origin::path(self.source.name.as_str()));
            }
        } else {
            let mut annotation = AnnotationKind::Primary.span(self.shown_span());
            if !self.label.zh.is_empty() {
                annotation = annotation.label(self.label.get(lang));
            }
            group = group.element(
                Snippet::source(text.as_str())
                    .path(self.source.name.as_str())
                    .annotation(annotation),
            );
        }
        for help in &self.helps {
            group = group.element(
                Shown::HELP
                    .with_name(lang.pick("帮助", "help"))
                    .message(help.text.get(lang)),
            );
        }
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }

    /// The span on character boundaries, on one line where it would run over several: the rest of a long text adds nothing.
    fn shown_span(&self) -> std::ops::Range<usize> {
        let text = &self.source.text;
        let mut start = self.span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = self.span.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        if let Some(line_end) = text[start..end].find('\n') {
            end = start + line_end;
        }
        start..end
    }
}
