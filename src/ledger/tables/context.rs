//! What the finding of tables goes by.

use super::columns::Told;
use super::header::{self, Support};
use super::heading::Heading;
use super::lexicon::Lexicon;
use super::normal::{letters, plain};
use super::villages;
use crate::lang::Lang;
use crate::ledger::{FileInfo, Hints, KindId, Kinds};

/// What the finding of tables goes by.
pub(super) struct Context<'a> {
    pub(super) kinds: &'a Kinds,
    pub(super) lexicon: &'a Lexicon,
    pub(super) hints: &'a Hints,
    pub(super) file: &'a FileInfo,
    pub(super) lang: Lang,
}

/// Points for a title row that names a kind, for the sheet's name, the file's name, and a title further up.
const TITLE: f64 = 2.2;
const SHEET: f64 = 1.6;
const FILE: f64 = 0.8;
const ABOVE: f64 = 0.3;

impl Context<'_> {
    /// Whether a text is a known header.
    pub(super) fn knows(&self, text: &str) -> bool {
        header::known(self.lexicon, text)
            || !self.hints.headers.is_empty()
                && self
                    .hints
                    .headers
                    .iter()
                    .any(|hint| letters(&plain(&hint.header)) == letters(&plain(text)))
    }

    /// What `heyan.toml` says of a heading in a table of a kind.
    pub(super) fn told(&self, heading: &Heading, kind: KindId) -> Told {
        if self.hints.headers.is_empty() {
            return None;
        }
        let ledger = self.kinds.get(kind);
        let shown = [
            letters(&plain(&heading.header)),
            heading.leaf.full.clone(),
            heading.leaf.bare.clone(),
        ];
        // A hint for this very file goes before one for all.
        let mut hints: Vec<_> = self
            .hints
            .headers
            .iter()
            .filter(|hint| hint.kind == ledger.id || hint.kind == ledger.name)
            .filter(|hint| {
                hint.file
                    .as_deref()
                    .is_none_or(|pattern| self.file_matches(pattern))
            })
            .filter(|hint| shown.contains(&letters(&plain(&hint.header))))
            .collect();
        hints.sort_by_key(|hint| hint.file.is_none());
        let hint = hints.first()?;
        match &hint.field {
            None => Some(None),
            Some(field) => ledger.find(field).map(Some),
        }
    }

    fn file_matches(&self, pattern: &str) -> bool {
        let name = &self.file.name;
        matches_pattern(pattern, name)
            || name
                .rsplit('/')
                .next()
                .is_some_and(|base| matches_pattern(pattern, base))
    }

    /// What speaks for each kind besides the columns.
    pub(super) fn support(
        &self,
        above: &[(u32, String)],
        lines: &[(u32, String)],
        sheet: &str,
    ) -> Support {
        let count = self.kinds.iter().count();
        let mut support = vec![0.0; count];
        let mut add = |text: &str, points: f64| {
            let titled = self.lexicon.titled(&letters(&plain(text)), count);
            let longest = titled.iter().copied().max().unwrap_or(0);
            for (sum, len) in support.iter_mut().zip(titled) {
                if len > 0 {
                    *sum += if len == longest { points } else { points * 0.3 };
                }
            }
        };
        for (_, text) in lines.iter().rev().take(6) {
            if text.chars().count() <= 80 {
                add(text, TITLE);
            }
        }
        for (_, text) in above.iter().rev().take(6) {
            if text.chars().count() <= 80 {
                add(text, ABOVE);
            }
        }
        add(sheet, SHEET);
        add(&self.stem(), FILE);
        support
    }

    /// The file's name without folders and ending.
    pub(super) fn stem(&self) -> String {
        let base = self.file.name.rsplit('/').next().unwrap_or(&self.file.name);
        base.rsplit_once('.')
            .map_or(base, |(stem, _)| if stem.is_empty() { base } else { stem })
            .to_string()
    }

    /// The folders that the file lies in, the nearest first.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.file.name.rsplit('/').skip(1)
    }

    /// The town that a folder or the file is named after.
    pub(super) fn town_of_path(&self) -> Option<String> {
        self.folders().find_map(villages::town_of_folder)
    }
}

/// Whether a name goes with a pattern in which `*` stands for any run of characters.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or("")) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn patterns_match_runs() {
        for (pattern, name, want) in [
            ("*.xlsx", "a/b.xlsx", true),
            ("李庄*", "李庄村.csv", true),
            ("李庄*.xls", "李庄村.csv", false),
            ("a", "a", true),
            ("a", "ab", false),
            ("*中*末", "头中间末", true),
        ] {
            assert_eq!(matches_pattern(pattern, name), want, "{pattern} {name}");
        }
    }
}
