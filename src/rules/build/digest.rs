//! What makes two packs the same: a digest of everything that can change a verdict.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::rules::{Limit, Pack, Rule, SourceText};

/// SHA-256 in hex.
fn hex(hasher: Sha256) -> String {
    hasher
        .finalize()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The digest of a pack: the files it was made from, in the order of their names, and the limits in force and the severity
/// of each rule as `heyan.toml` left them.
pub(super) fn of_pack<'a>(files: impl IntoIterator<Item = &'a SourceText>, pack: &Pack) -> String {
    let mut files: Vec<&SourceText> = files.into_iter().collect();
    files.sort_by(|a, b| (&a.name, &a.text).cmp(&(&b.name, &b.text)));
    let mut hasher = Sha256::new();
    for file in files {
        part(&mut hasher, &file.name);
        part(&mut hasher, &file.text);
    }
    for limit in &pack.limits {
        part(&mut hasher, &of_limit(limit));
    }
    for rule in &pack.rules {
        part(&mut hasher, &rule.id);
        part(&mut hasher, rule.severity.id());
    }
    hex(hasher)
}

/// The digest of each rule: what it says (not its tests and explanations) and the limits it names.
pub(super) fn of_rules(pack: &Pack) -> BTreeMap<String, String> {
    pack.rules
        .iter()
        .map(|rule| (rule.id.clone(), of_rule(rule, pack)))
        .collect()
}

fn of_rule(rule: &Rule, pack: &Pack) -> String {
    let mut hasher = Sha256::new();
    part(&mut hasher, &rule.id);
    part(&mut hasher, rule.severity.id());
    part(
        &mut hasher,
        &format!("{} {} {:?}", rule.curable, rule.trial, rule.scope),
    );
    for grade in &rule.grades {
        part(&mut hasher, grade.severity.id());
        part(&mut hasher, &grade.when);
    }
    for judged in &rule.judged {
        part(&mut hasher, &pack.kinds.get(judged.kind).id);
        part(
            &mut hasher,
            judged.applies.as_ref().map_or("", |node| &node.text),
        );
        part(&mut hasher, &judged.violation.text);
        if let Some(group) = &judged.group {
            for by in &group.by {
                part(&mut hasher, &by.text);
            }
            if let Some(window) = &group.window {
                part(&mut hasher, &window.field.name);
                part(&mut hasher, &window.length.text);
            }
        }
        for path in &judged.law_date {
            part(&mut hasher, &path.relation);
            part(&mut hasher, &path.name);
        }
    }
    for id in rule.limits() {
        part(&mut hasher, &of_limit(pack.limit(id)));
    }
    hex(hasher)
}

fn of_limit(limit: &Limit) -> String {
    let mut text = format!("{} {:?}", limit.name, limit.unset);
    for segment in &limit.values {
        let _ = write!(
            text,
            " | {} {} {:?} {} {}",
            segment.from, segment.to, segment.value, segment.basis, segment.restated
        );
    }
    text
}

/// Adds a part with its length, so that no two lists of parts give the same bytes.
fn part(hasher: &mut Sha256, text: &str) {
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}
