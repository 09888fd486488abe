//! `junit`: for CI servers. A suite for each village, in it a case for each rule and record; what must not fail a run
//! (undetermined, waived, on trial, known to the baseline, not run) is skipped with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use super::clean::visible;
use super::labels;
use super::view::{Line, View, Village};
use crate::finding::{Because, Finding, InputStatus, Status, Verdict};
use crate::lang::Lang;

/// Writes the suites.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    let mut junit = Junit::new(format!("heyan: {}", labels::head(lang)));
    junit.add_test_suite(inputs(view));
    let passed = passed(view);
    for village in &view.villages {
        let mut suite = TestSuite::new(labels::village(village.town, village.name, lang));
        suite.add_property(("as_of", view.report.as_of.as_str()));
        let lines = view.lines_of(village);
        for line in lines {
            suite.add_test_case(finding(line, lang));
        }
        without_finding(view, village, &passed, &mut suite);
        junit.add_test_suite(suite);
    }
    junit.serialize(out).map_err(io::Error::other)
}

/// Files: one case each, an error where one could not be read.
fn inputs(view: &View<'_>) -> TestSuite {
    let lang = view.lang;
    let mut suite = TestSuite::new(lang.pick("输入文件", "inputs"));
    for input in &view.report.inputs {
        let message = input
            .reason
            .as_ref()
            .map(|reason| visible(reason.message.get(lang)).into_owned());
        let mut status = match input.status {
            InputStatus::Read => TestCaseStatus::success(),
            InputStatus::Unreadable => TestCaseStatus::non_success(NonSuccessKind::Error),
            InputStatus::Skipped => TestCaseStatus::skipped(),
        };
        if let Some(message) = message {
            status.set_message(message);
        }
        let mut case = TestCase::new(visible(&input.file).as_ref(), status);
        case.set_classname("inputs");
        suite.add_test_case(case);
    }
    suite
}

/// Whether a finding fails a run: a violation that is neither waived, on trial nor known to the baseline, and that is not
/// new only because its rule or limits are.
fn fails(finding: &Finding) -> bool {
    finding.verdict == Verdict::Violation
        && finding.waiver.is_none()
        && finding.stage.is_none()
        && finding.status != Some(Status::Unchanged)
        && finding.because != Some(Because::Rule)
}

fn finding(line: &Line<'_>, lang: Lang) -> TestCase {
    let finding = line.finding;
    let fails = line.findings().any(fails);
    let mut status = if fails {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(finding.severity.id());
        status
    } else {
        TestCaseStatus::skipped()
    };
    let mut reasons = Vec::new();
    if finding.verdict == Verdict::Undetermined {
        reasons.push(Verdict::Undetermined.name(lang).to_owned());
    }
    let standing = labels::standing(finding, lang);
    if !standing.is_empty() {
        reasons.push(standing);
    }
    let message = visible(&finding.message);
    status.set_message(if reasons.is_empty() {
        message.into_owned()
    } else {
        format!("[{}] {message}", reasons.join(lang.pick("，", ", ")))
    });
    status.set_description(described(line, lang));
    let record = finding
        .records
        .first()
        .map(|record| visible(&record.key).into_owned())
        .unwrap_or_default();
    let name = format!(
        "{} {record} [{}]",
        visible(&finding.title),
        finding.fingerprint
    );
    let mut case = TestCase::new(name, status);
    case.set_classname(visible(&finding.rule).as_ref());
    case
}

/// Cells, provisions, limits and advice, one a line.
fn described(line: &Line<'_>, lang: Lang) -> String {
    let mut lines = Vec::new();
    for finding in line.findings() {
        if !std::ptr::eq(finding, line.finding) {
            lines.push(format!(
                "+ {} {}",
                visible(&finding.rule),
                visible(&finding.message)
            ));
        }
        for cell in &finding.evidence {
            lines.push(format!(
                "{} {} {}",
                labels::place(&cell.file, &cell.sheet, &cell.cell),
                visible(&cell.header),
                labels::raw(&cell.raw, lang)
            ));
        }
        lines.push(labels::basis(finding, lang));
        lines.extend(
            finding
                .limits
                .iter()
                .map(|limit| labels::limit(limit, lang)),
        );
        if !finding.advice.is_empty() {
            lines.push(visible(&finding.advice).into_owned());
        }
    }
    lines.join("\n")
}

/// Of each village the rules that passed at least one record.
fn passed<'a>(view: &View<'a>) -> BTreeSet<(&'a str, &'a str, usize)> {
    let mut passed = BTreeSet::new();
    for record in &view.report.records {
        for (place, _) in record
            .verdicts
            .char_indices()
            .filter(|(_, letter)| *letter == Verdict::Pass.letter())
        {
            // The letters are one byte each.
            passed.insert((record.town.as_str(), record.village.as_str(), place));
        }
    }
    passed
}

/// Rules without a finding in the village: not run, or passed.
fn without_finding(
    view: &View<'_>,
    village: &Village<'_>,
    passed: &BTreeSet<(&str, &str, usize)>,
    suite: &mut TestSuite,
) {
    let found: BTreeSet<&str> = view
        .lines_of(village)
        .iter()
        .flat_map(Line::findings)
        .map(|finding| finding.rule.as_str())
        .collect();
    let mut idle: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for not_run in &view.report.not_run {
        if (not_run.town.as_str(), not_run.village.as_str()) == (village.town, village.name) {
            idle.entry(&not_run.rule)
                .or_default()
                .push(&not_run.message);
        }
    }
    for (place, rule) in view.rules.iter().enumerate() {
        let id = rule.balance.rule.as_str();
        if found.contains(id) {
            continue;
        }
        let status = if passed.contains(&(village.town, village.name, place)) {
            TestCaseStatus::success()
        } else if let Some(messages) = idle.get(id) {
            let mut status = TestCaseStatus::skipped();
            status.set_message(format!(
                "[{}] {}",
                Verdict::NotRun.name(view.lang),
                visible(&messages.join("; "))
            ));
            status
        } else {
            continue;
        };
        let mut case = TestCase::new(visible(rule.title).as_ref(), status);
        case.set_classname(id);
        suite.add_test_case(case);
    }
}
