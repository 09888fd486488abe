//! Two reports of different days: only what differs, as text and as `heyan.diff/1`.
//!
//! The later report has been compared with the earlier one before: its findings carry their status, and `resolved` what
//! became of the rest.

use std::io::{self, Write};

use serde::Serialize;

use super::clean::visible;
use super::labels;
use crate::finding::{Because, Finding, Report, Resolved, ResolvedStatus, Status};
use crate::lang::Lang;

/// In what order the rest is told: what is to be explained before what was put right.
const ORDER: [ResolvedStatus; 4] = [
    ResolvedStatus::Altered,
    ResolvedStatus::Vanished,
    ResolvedStatus::Unknown,
    ResolvedStatus::Rectified,
];

/// Writes the differences for a terminal.
///
/// # Errors
/// Whatever writing yields.
pub fn text(before: &Report, now: &Report, out: &mut dyn Write) -> io::Result<()> {
    let lang = now.lang;
    let counts = Counts::of(now);
    let (from, to) = (visible(&before.as_of), visible(&now.as_of));
    match lang {
        Lang::Zh => writeln!(out, "{from} → {to}：{}", counts.text(lang))?,
        Lang::En => writeln!(out, "{from} → {to}: {}", counts.text(lang))?,
    }
    if before.tool.rules != now.tool.rules {
        writeln!(
            out,
            "{}",
            lang.pick(
                "两次检查的规则或限额不同",
                "the rules or limits of the two scans differ"
            )
        )?;
    }
    for note in &now.notes {
        writeln!(out, "{}", visible(note))?;
    }
    let new: Vec<&Finding> = with(now, Status::New).collect();
    section(out, lang.pick("新增", "New"), new.len())?;
    for finding in new {
        let because = finding.because.map_or("", |because| why_new(because, lang));
        line(out, finding, because, lang)?;
    }
    let changed: Vec<&Finding> = with(now, Status::Unchanged)
        .filter(|f| f.was.is_some())
        .collect();
    section(
        out,
        lang.pick("仍在，结论有变", "Unchanged, with another verdict"),
        changed.len(),
    )?;
    for finding in changed {
        let was = finding.was.map_or("", |verdict| verdict.name(lang));
        let change = format!("{was} → {}", finding.verdict.name(lang));
        line(out, finding, &change, lang)?;
    }
    for status in ORDER {
        let of_status: Vec<&Resolved> = resolved(now).filter(|r| r.status == status).collect();
        section(out, labels::resolved(status, lang), of_status.len())?;
        for resolved in of_status {
            line(out, &resolved.finding, &resolved.why, lang)?;
        }
    }
    Ok(())
}

/// Writes the differences as `heyan.diff/1`.
///
/// # Errors
/// Whatever writing yields.
pub fn json(before: &Report, now: &Report, out: &mut dyn Write) -> io::Result<()> {
    let finding = |finding: &'_ Finding, status: &'static str| -> EntryV1 {
        EntryV1 {
            fingerprint: finding.fingerprint.to_string(),
            status,
            because: finding.because.map(Because::id),
            was: finding.was.map(crate::finding::Verdict::id),
            rule: finding.rule.clone(),
            title: finding.title.clone(),
            verdict: finding.verdict.id(),
            severity: finding.severity.id(),
            town: finding.town.clone(),
            village: finding.village.clone(),
            record: finding.records.first().map(|r| r.key.clone()),
            message: finding.message.clone(),
            changes: Vec::new(),
            why: None,
        }
    };
    let new = with(now, Status::New).map(|f| finding(f, Status::New.id()));
    let unchanged = with(now, Status::Unchanged).map(|f| finding(f, Status::Unchanged.id()));
    let gone = resolved(now).map(|resolved| EntryV1 {
        because: None,
        was: None,
        changes: resolved
            .changes
            .iter()
            .map(|change| ChangeV1 {
                field: change.field.clone(),
                cell: change.cell.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
            })
            .collect(),
        why: Some(resolved.why.clone()),
        ..finding(&resolved.finding, resolved.status.id())
    });
    let diff = DiffV1 {
        schema: "heyan.diff/1",
        before: before.as_of.clone(),
        now: now.as_of.clone(),
        same_rules: before.tool.rules == now.tool.rules,
        counts: Counts::of(now),
        findings: new.chain(unchanged).chain(gone).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &diff)?;
    out.write_all(b"\n")
}

/// Two reports compared, version 1.
#[derive(Serialize)]
struct DiffV1 {
    schema: &'static str,
    before: String,
    now: String,
    same_rules: bool,
    counts: Counts,
    findings: Vec<EntryV1>,
}

#[derive(Serialize)]
struct EntryV1 {
    fingerprint: String,
    status: &'static str,
    because: Option<&'static str>,
    was: Option<&'static str>,
    rule: String,
    title: String,
    verdict: &'static str,
    severity: &'static str,
    town: String,
    village: String,
    record: Option<String>,
    message: String,
    changes: Vec<ChangeV1>,
    why: Option<String>,
}

#[derive(Serialize)]
struct ChangeV1 {
    field: String,
    cell: String,
    before: String,
    after: String,
}

/// How many findings there are of each status.
#[derive(Serialize)]
struct Counts {
    new: usize,
    unchanged: usize,
    rectified: usize,
    altered: usize,
    vanished: usize,
    unknown: usize,
}

impl Counts {
    fn of(now: &Report) -> Self {
        let of = |status| resolved(now).filter(|r| r.status == status).count();
        Self {
            new: with(now, Status::New).count(),
            unchanged: with(now, Status::Unchanged).count(),
            rectified: of(ResolvedStatus::Rectified),
            altered: of(ResolvedStatus::Altered),
            vanished: of(ResolvedStatus::Vanished),
            unknown: of(ResolvedStatus::Unknown),
        }
    }

    fn text(&self, lang: Lang) -> String {
        let resolved = [
            (ResolvedStatus::Rectified, self.rectified),
            (ResolvedStatus::Altered, self.altered),
            (ResolvedStatus::Vanished, self.vanished),
            (ResolvedStatus::Unknown, self.unknown),
        ];
        let mut parts = vec![
            format!("{} {}", lang.pick("新增", "new"), self.new),
            format!("{} {}", lang.pick("仍在", "unchanged"), self.unchanged),
        ];
        let named = |(status, count)| format!("{} {count}", labels::resolved(status, lang));
        parts.extend(resolved.map(named));
        parts.join(lang.pick("；", "; "))
    }
}

fn with(now: &Report, status: Status) -> impl Iterator<Item = &Finding> {
    now.findings
        .iter()
        .filter(move |f| f.status == Some(status))
}

fn resolved(now: &Report) -> impl Iterator<Item = &Resolved> {
    now.resolved.iter().flatten()
}

fn why_new(because: Because, lang: Lang) -> &'static str {
    match because {
        Because::Record => lang.pick("新的记录", "a new record"),
        Because::Fact => lang.pick("记录的内容有变", "the record changed"),
        Because::Rule => lang.pick("规则或限额是新的", "the rule or its limits are new"),
    }
}

fn section(out: &mut dyn Write, name: &str, count: usize) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "\n{name} ({count})")
}

fn line(out: &mut dyn Write, finding: &Finding, remark: &str, lang: Lang) -> io::Result<()> {
    let village = labels::village(&finding.town, &finding.village, lang);
    let key = finding.records.first().map_or("", |r| r.key.as_str());
    writeln!(
        out,
        "  {}  {}  {}  {}",
        finding.fingerprint,
        visible(&village),
        visible(&finding.title),
        visible(key)
    )?;
    if remark.is_empty() {
        return Ok(());
    }
    writeln!(out, "      {}", visible(remark))
}
