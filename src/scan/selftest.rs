//! Runs the tests that stand beside a rule, and tells what came out where it is not what they expect.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::explain::{self, At};
use super::test_tables::{FIRST_ROW, VILLAGE, day_after_every_row, ledger, name_of, village_of};
use super::{Scan, Settings, run_rules};
use crate::finding::{Finding, Verdict};
use crate::lang::{Bilingual, Lang};
use crate::ledger::{Day, KindId, Village, VillageName};
use crate::rules::{LimitValue, Pack, Rule, RuleTest, Segment, TestExpectation, TestTable};

/// What a test of a rule came to.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// The rule's id.
    pub rule: String,
    /// The rule's file.
    pub file: Arc<str>,
    /// The line that the test begins at, counted from 1.
    pub line: u32,
    /// What the test shows.
    pub case: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Not as expected: what was expected, what came out, and the evaluated tree.
    Failed(Vec<Bilingual>),
    /// It fails, as its author knows.
    KnownGap,
    /// It passes although its author says that it fails still.
    GapClosed,
}

impl TestResult {
    /// Whether a run of tests fails for it.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_) | Outcome::GapClosed)
    }

    /// What to tell of it, with file and line; `None` where it is as expected.
    pub fn text(&self, lang: Lang) -> Option<String> {
        let head = format!("{}:{} {}", self.file, self.line, self.case);
        match &self.outcome {
            Outcome::Passed | Outcome::KnownGap => None,
            Outcome::GapClosed => Some(match lang {
                Lang::Zh => format!("{head}\n  现已通过，删去 known_gap"),
                Lang::En => format!("{head}\n  it passes now: remove known_gap"),
            }),
            Outcome::Failed(reasons) => {
                let mut text = head;
                for reason in reasons {
                    for line in reason.get(lang).lines() {
                        let _ = write!(text, "\n  {line}");
                    }
                }
                Some(text)
            }
        }
    }
}

/// Runs the tests of a rule.
pub fn test_rule(pack: &Pack, rule: &Rule, lang: Lang) -> Vec<TestResult> {
    rule.tests
        .iter()
        .map(|test| {
            let failures = failures(pack, rule, test, lang);
            let outcome = match (failures.is_empty(), test.known_gap.is_some()) {
                (true, false) => Outcome::Passed,
                (true, true) => Outcome::GapClosed,
                (false, true) => Outcome::KnownGap,
                (false, false) => Outcome::Failed(failures),
            };
            TestResult {
                rule: rule.id.clone(),
                file: rule.file.clone(),
                line: test.line,
                case: test.case.clone(),
                outcome,
            }
        })
        .collect()
}

/// The tests of a rule, set up once to be run on many variants of it.
pub(super) struct Prepared<'a> {
    stages: Vec<(&'a RuleTest, Stage)>,
}

impl<'a> Prepared<'a> {
    /// The tests of a rule that are to pass.
    pub(super) fn of(pack: &Pack, rule: &'a Rule) -> Self {
        Self {
            stages: rule
                .tests
                .iter()
                .filter(|test| test.known_gap.is_none())
                .filter_map(|test| Some((test, Stage::set(pack, rule, test).ok()?)))
                .collect(),
        }
    }

    /// Whether a variant of the rule does what its tests expect. Messages are left out: they tell of a verdict.
    pub(super) fn pass(&self, variant: &Rule) -> bool {
        self.stages.iter().all(|(test, stage)| {
            let scan = stage.run(variant, Lang::Zh);
            stage.check_verdicts(&scan, test, None).is_empty()
        })
    }
}

fn failures(pack: &Pack, rule: &Rule, test: &RuleTest, lang: Lang) -> Vec<Bilingual> {
    let stage = match Stage::set(pack, rule, test) {
        Ok(stage) => stage,
        Err(problem) => return vec![problem],
    };
    let scan = stage.run(rule, lang);
    let mut failures = stage.check_verdicts(&scan, test, Some((rule, lang)));
    stage.check_message(rule, test, &mut failures);
    stage.check_reads(&scan, test, &mut failures);
    failures
}

/// A test set up: a pack of the one rule, and the villages of its rows.
struct Stage {
    pack: Pack,
    villages: Vec<Village>,
    as_of: Day,
    kind: KindId,
}

fn problem(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual::new(zh.into(), en.into())
}

impl Stage {
    fn set(pack: &Pack, rule: &Rule, test: &RuleTest) -> Result<Self, Bilingual> {
        let kind = match &test.ledger {
            Some(name) => pack.kinds.find(name),
            None => rule.judged.first().map(|judged| judged.kind),
        }
        .ok_or_else(|| {
            let name = test.ledger.clone().unwrap_or_default();
            problem(
                format!("没有“{name}”这种台账"),
                format!("there is no ledger “{name}”"),
            )
        })?;
        let mut tables: BTreeMap<KindId, &TestTable> = BTreeMap::new();
        for (name, table) in &test.related {
            let related = pack.kinds.find(name).ok_or_else(|| {
                problem(
                    format!("没有“{name}”这种台账"),
                    format!("there is no ledger “{name}”"),
                )
            })?;
            tables.insert(related, table);
        }
        tables.insert(kind, &test.rows);
        let absent: BTreeSet<&str> = test.absent.iter().map(String::as_str).collect();
        let names: BTreeSet<VillageName> = tables
            .values()
            .flat_map(|table| table.rows.iter().map(|row| village_of(table, row)))
            .chain(
                tables
                    .values()
                    .all(|t| t.rows.is_empty())
                    .then(|| name_of(VILLAGE)),
            )
            .collect();
        let mut villages: Vec<Village> = names
            .into_iter()
            .map(|name| Village {
                name,
                ledgers: Vec::new(),
            })
            .collect();
        for (other, of_kind) in pack.kinds.iter() {
            // What is not named is there, and has no rows.
            if other != kind
                && (absent.contains(of_kind.name.as_str()) || absent.contains(of_kind.id.as_str()))
            {
                continue;
            }
            let nothing = TestTable::default();
            let table = tables.get(&other).copied().unwrap_or(&nothing);
            for village in &mut villages {
                let ledger = ledger(pack, other, table, &village.name, &absent, other == kind)?;
                village.ledgers.push(ledger);
            }
        }
        let as_of = match &test.as_of {
            Some(text) => text.parse().map(Day::from_civil).map_err(|_| {
                problem(
                    format!("as_of = “{text}”不是日期，写 2025-06-30"),
                    format!("as_of = “{text}” is no date; write 2025-06-30"),
                )
            })?,
            None => day_after_every_row(&villages),
        };
        // Provisions decide nothing, so that a stage does without them.
        let mut only = Pack {
            kinds: pack.kinds.clone(),
            limits: pack.limits.clone(),
            calendar: pack.calendar.clone(),
            ..Pack::default()
        };
        for (name, value) in &test.limits {
            set_limit(&mut only, name, value)?;
        }
        Ok(Self {
            pack: only,
            villages,
            as_of,
            kind,
        })
    }

    fn settings(&self, lang: Lang) -> Settings {
        Settings {
            as_of: self.as_of,
            lang,
            records: true,
        }
    }

    /// What a variant of the rule comes to.
    fn run(&self, rule: &Rule, lang: Lang) -> Scan {
        let only = std::slice::from_ref(rule);
        run_rules(&self.pack, only, &self.villages, &self.settings(lang))
    }

    /// What verdicts are not as they should be; with a rule, its evaluated conditions are shown.
    fn check_verdicts(
        &self,
        scan: &Scan,
        test: &RuleTest,
        show: Option<(&Rule, Lang)>,
    ) -> Vec<Bilingual> {
        let mut failures = Vec::new();
        let own: Vec<&crate::finding::RecordReport> = scan
            .records
            .iter()
            .filter(|record| record.kind == self.pack.kinds.get(self.kind).id)
            .collect();
        let expected: Vec<(usize, Verdict, bool)> = match &test.expect {
            TestExpectation::Verdict(verdict) => {
                if own.is_empty() {
                    failures.push(problem("测试没有数据行", "the test has no rows"));
                }
                (0..own.len()).map(|row| (row, *verdict, true)).collect()
            }
            TestExpectation::Records(table) => match self.expectations(table, test, &own) {
                Ok(expected) => expected,
                Err(problem) => {
                    failures.push(problem);
                    Vec::new()
                }
            },
        };
        for (row, verdict, named) in expected {
            let record = own[row];
            let came_out = verdict_of(first_letter(record));
            // A record that the table does not name must have no finding; what else it is does not matter.
            let fits = if named {
                came_out == Some(verdict)
            } else {
                !matches!(came_out, Some(Verdict::Violation | Verdict::Undetermined))
            };
            if fits {
                continue;
            }
            let line = self.line_of(record.row, test);
            let (zh, en) = if named {
                (verdict.name(Lang::Zh), verdict.name(Lang::En))
            } else {
                ("无问题", "no finding")
            };
            let out_zh = came_out.map_or("（不适用于该台账）", |v| v.name(Lang::Zh));
            let out_en = came_out.map_or("(not a rule of this ledger)", |v| v.name(Lang::En));
            let mut text_zh = format!("{line}\n应为：{zh}；实为：{out_zh}");
            let mut text_en = format!("{line}\nexpected: {en}; came out: {out_en}");
            let at = At {
                file: &record.file,
                sheet: &record.sheet,
                row: record.row,
            };
            if let Some((rule, lang)) = show {
                let only = std::slice::from_ref(rule);
                let settings = self.settings(lang);
                for tree in explain::trees(&self.pack, only, &self.villages, &settings, &at) {
                    let _ = write!(text_zh, "\n{}", explain::draw(&tree));
                    let _ = write!(text_en, "\n{}", explain::draw(&tree));
                }
            }
            failures.push(problem(text_zh, text_en));
        }
        failures
    }

    /// The rows of the test's own table with the verdicts that an expectation gives them.
    fn expectations(
        &self,
        table: &TestTable,
        test: &RuleTest,
        own: &[&crate::finding::RecordReport],
    ) -> Result<Vec<(usize, Verdict, bool)>, Bilingual> {
        let verdict_column = table
            .header
            .iter()
            .position(|name| name == "verdict" || name == "结论")
            .ok_or_else(|| {
                problem(
                    "expect 的表要有一列 verdict",
                    "the table of expect needs a column verdict",
                )
            })?;
        let columns: Vec<(usize, usize)> = table
            .header
            .iter()
            .enumerate()
            .filter(|&(column, _)| column != verdict_column)
            .map(|(column, name)| {
                test.rows
                    .header
                    .iter()
                    .position(|own| own == name)
                    .map(|own| (column, own))
                    .ok_or_else(|| {
                        problem(
                            format!("rows 没有“{name}”这一列，expect 用它认不出记录"),
                            format!("rows have no column “{name}” for expect to go by"),
                        )
                    })
            })
            .collect::<Result<_, _>>()?;
        let mut expected: Vec<Option<Verdict>> = vec![None; own.len()];
        for wanted in &table.rows {
            let cell = |column: usize| wanted.get(column).map_or("", |cell| cell.trim());
            let word = cell(verdict_column);
            let verdict = Verdict::from_id(word)
                .or_else(|| named_verdict(word))
                .ok_or_else(|| {
                    problem(
                        format!("“{word}”不是结论：violation pass undetermined not-applicable not-run"),
                        format!("“{word}” is no verdict: violation pass undetermined not-applicable not-run"),
                    )
                })?;
            let matching: Vec<usize> = own
                .iter()
                .enumerate()
                .filter(|(_, record)| {
                    let Some(row) = (record.row as usize)
                        .checked_sub(FIRST_ROW as usize + 1)
                        .and_then(|row| test.rows.rows.get(row))
                    else {
                        return false;
                    };
                    columns.iter().all(|&(column, own)| {
                        row.get(own).map_or("", |cell| cell.trim()) == cell(column)
                    })
                })
                .map(|(place, _)| place)
                .collect();
            // Of rows that look alike, each line of the table names one: first those that came out so.
            let came_out = |place: usize| verdict_of(first_letter(own[place]));
            let free = |&place: &usize| expected[place].is_none();
            let chosen = matching
                .iter()
                .copied()
                .find(|place| free(place) && came_out(*place) == Some(verdict))
                .or_else(|| matching.iter().copied().find(free));
            if let Some(place) = chosen {
                expected[place] = Some(verdict)
            } else {
                let wanted = wanted.join(" | ");
                return Err(problem(
                    format!("rows 中没有这一行：{wanted}"),
                    format!("rows have no such line: {wanted}"),
                ));
            }
        }
        Ok(expected
            .into_iter()
            .enumerate()
            .map(|(row, verdict)| (row, verdict.unwrap_or(Verdict::Pass), verdict.is_some()))
            .collect())
    }

    fn line_of(&self, row: u32, test: &RuleTest) -> String {
        (row as usize)
            .checked_sub(FIRST_ROW as usize + 1)
            .and_then(|row| test.rows.rows.get(row))
            .map_or_else(String::new, |cells| {
                test.rows
                    .header
                    .iter()
                    .zip(cells)
                    .map(|(name, cell)| format!("{name}={cell}"))
                    .collect::<Vec<_>>()
                    .join(" | ")
            })
    }

    /// A message is written in Chinese, whatever the language of the run.
    fn check_message(&self, rule: &Rule, test: &RuleTest, failures: &mut Vec<Bilingual>) {
        let Some(wanted) = &test.message else {
            return;
        };
        let findings = self.run(rule, Lang::Zh).findings;
        if findings.iter().any(|finding| finding.message == *wanted) {
            return;
        }
        let messages: Vec<&str> = findings
            .iter()
            .map(|finding| finding.message.as_str())
            .collect();
        let came_out = if messages.is_empty() {
            "—".to_owned()
        } else {
            messages.join("\n")
        };
        failures.push(problem(
            format!("message 应为：{wanted}\n实为：{came_out}"),
            format!("message expected: {wanted}\ncame out: {came_out}"),
        ));
    }

    fn check_reads(&self, scan: &Scan, test: &RuleTest, failures: &mut Vec<Bilingual>) {
        let named: BTreeSet<&str> = scan
            .findings
            .iter()
            .flat_map(|finding: &Finding| finding.evidence.iter().map(|cell| cell.field.as_str()))
            .collect();
        let missed: Vec<&str> = test
            .reads
            .iter()
            .map(String::as_str)
            .filter(|field| !named.contains(field))
            .collect();
        if !missed.is_empty() {
            let (missed, named) = (
                missed.join("、"),
                named.iter().copied().collect::<Vec<_>>().join("、"),
            );
            failures.push(problem(
                format!("证据中没有：{missed}；有：{named}"),
                format!("the evidence does not name {missed}; it names {named}"),
            ));
        }
    }
}

/// Sets a limit for one test: one value for every date.
fn set_limit(pack: &mut Pack, name: &str, text: &str) -> Result<(), Bilingual> {
    let id = pack.find_limit(name).ok_or_else(|| {
        problem(
            format!("没有“{name}”这个限额"),
            format!("there is no limit “{name}”"),
        )
    })?;
    let value = LimitValue::parse(pack.limit(id).ty, text).map_err(|example| {
        problem(
            format!("限额“{name}”的值“{text}”看不懂，例如 {example}"),
            format!(
                "the value “{text}” of the limit “{name}” cannot be read; for example {example}"
            ),
        )
    })?;
    pack.limits[usize::from(id.0)].values = vec![Segment {
        from: Day::MIN,
        to: Day::MAX,
        value,
        text: text.to_owned(),
        basis: String::new(),
        restated: false,
    }];
    Ok(())
}

/// The verdict letter of the only rule.
fn first_letter(record: &crate::finding::RecordReport) -> char {
    record.verdicts.chars().next().unwrap_or('.')
}

fn verdict_of(letter: char) -> Option<Verdict> {
    ALL_VERDICTS
        .into_iter()
        .find(|verdict| verdict.letter() == letter)
}

fn named_verdict(word: &str) -> Option<Verdict> {
    ALL_VERDICTS
        .into_iter()
        .find(|verdict| verdict.name(Lang::Zh) == word)
}

const ALL_VERDICTS: [Verdict; 5] = [
    Verdict::Violation,
    Verdict::Undetermined,
    Verdict::NotRun,
    Verdict::Pass,
    Verdict::NotApplicable,
];
