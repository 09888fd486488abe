//! `text`: snapshots of both languages and styles, and what a terminal must not be sent.

use heyan::finding::Report;
use heyan::lang::Lang;
use heyan::report::{Format, Style, write};
use unicode_width::UnicodeWidthStr as _;

use crate::{example, rendered};

fn styled(report: &Report, style: &Style) -> String {
    let mut out = Vec::new();
    write(report, Format::Text, style, &mut out).expect("writing into memory");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn snapshot() {
    insta::assert_snapshot!(
        "text-zh",
        rendered(&example::report(Lang::Zh), Format::Text)
    );
    insta::assert_snapshot!(
        "text-en",
        rendered(&example::report(Lang::En), Format::Text)
    );
}

#[test]
fn snapshot_of_summary_and_quiet() {
    let report = example::report(Lang::Zh);
    let summary = Style {
        summary: true,
        ..Style::default()
    };
    insta::assert_snapshot!("text-summary", styled(&report, &summary));
    let quiet = Style {
        quiet: true,
        ..Style::default()
    };
    insta::assert_snapshot!("text-quiet", styled(&report, &quiet));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for lang in [Lang::Zh, Lang::En] {
        for width in [72, 80, 100] {
            let style = Style {
                width,
                ..Style::default()
            };
            for line in styled(&example::report(lang), &style).lines() {
                // Hanging punctuation may take one more character.
                assert!(line.width() <= width + 2, "{width}: {line}");
            }
        }
    }
}

#[test]
fn a_terminal_is_sent_nothing_it_obeys() {
    for style in [
        Style::default(),
        Style {
            quiet: true,
            ..Style::default()
        },
    ] {
        let text = styled(&example::report(Lang::Zh), &style);
        let acting = text.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        assert_eq!(acting, None);
    }
    let colored = styled(
        &example::report(Lang::Zh),
        &Style {
            color: true,
            ..Style::default()
        },
    );
    assert!(colored.contains("\u{1b}[1;31m■ 严重"));
    assert!(!colored.contains("\u{1b}[31m红"));
}
