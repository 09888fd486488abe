//! `html`: one self-contained file for reading, filtering and printing; no network, no external script.
//!
//! Every value is escaped by the template, and the page's own policy lets no script run but the one in it, which is known by
//! its hash. The evidence of each finding waits inside `<noscript>`: with scripts it costs the browser nothing until it is
//! opened, without scripts it is simply there.

mod base64;
mod charts;
mod finding;
mod page;

use std::io::{self, Write};

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::view::View;

const HEAD: &str = include_str!("../templates/head.html");
const VILLAGE: &str = include_str!("../templates/village.html");
const FINDING: &str = include_str!("../templates/finding.html");
const TAIL: &str = include_str!("../templates/tail.html");
const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");

/// Writes the page, finding after finding.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut out = Watched { out, error: None };
    let written = write_page(view, &mut out);
    // The templates tell of a failed write in words of their own: a full disk and a closed pipe are to be told apart.
    written.map_err(|error| out.error.unwrap_or(error))
}

/// Keeps the first error of writing.
struct Watched<'a> {
    out: &'a mut dyn Write,
    error: Option<io::Error>,
}

impl Watched<'_> {
    fn watch<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            // An interrupted write is tried again.
            if kind != io::ErrorKind::Interrupted {
                self.error.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.out.write(bytes);
        self.watch(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.flush();
        self.watch(result)
    }
}

fn write_page(view: &View<'_>, out: &mut Watched<'_>) -> io::Result<()> {
    let mut templates = Environment::new();
    // The extension is what switches escaping on.
    for (name, source) in [
        ("head.html", HEAD),
        ("village.html", VILLAGE),
        ("finding.html", FINDING),
        ("tail.html", TAIL),
    ] {
        templates
            .add_template(name, source)
            .map_err(io::Error::other)?;
    }
    let template = |name| templates.get_template(name).map_err(io::Error::other);
    let words = page::Words::of(view.lang);
    let words = value(words);
    let script_hash = format!("sha256-{}", base64::encode(&Sha256::digest(SCRIPT)));
    template("head.html")?
        .render_captured_to(
            context! {
                page => value(page::Page::of(view)),
                t => words.clone(),
                style => STYLE,
                script_hash,
            },
            &mut *out,
        )
        .map_err(io::Error::other)?;
    let village_template = template("village.html")?;
    let finding_template = template("finding.html")?;
    for (index, village) in view.villages.iter().enumerate() {
        village_template
            .render_captured_to(
                context! { village => value(page::VillageHead::of(view, village)) },
                &mut *out,
            )
            .map_err(io::Error::other)?;
        for line in view.lines_of(village) {
            finding_template
                .render_captured_to(
                    context! { f => value(finding::Entry::of(line, index, view.lang)), t => words.clone() },
                    &mut *out,
                )
                .map_err(io::Error::other)?;
            out.write_all(b"\n")?;
        }
        out.write_all(b"</section>\n")?;
    }
    template("tail.html")?
        .render_captured_to(
            context! {
                tables => value(page::closing_tables(view)),
                notes => value(page::notes(view)),
                t => words.clone(),
                script => SCRIPT,
            },
            &mut *out,
        )
        .map_err(io::Error::other)?;
    out.write_all(b"\n")
}

/// What a template takes.
fn value(data: impl Serialize) -> Value {
    Value::from(Serde(data))
}
