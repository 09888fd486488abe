//! Waivers: which findings are excused, by whom, why and until when. One function decides: [`Waivers::decide`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use crate::finding::{Finding, RecordRef, Report, TableReport, WaiverNote};
use crate::lang::{Bilingual, Lang};

/// The name under which a waiver gives the village of its record.
const VILLAGE: &str = "村";
/// The names under which it may give the town.
const TOWN: [&str; 3] = ["乡镇", "镇", "乡"];

/// A waiver 豁免 as `heyan.toml` gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// Which record: `村` and key fields with their values.
    pub record: BTreeMap<String, String>,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
    /// The last day on which it counts, ISO.
    pub expires: String,
    /// The line of `heyan.toml` it begins at, counted from 1.
    pub line: u32,
}

/// What `[waivers]` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaiverTerms {
    /// How many months ahead of the as-of date a waiver may expire at most.
    pub longest_months: u32,
    /// From how many days before its end a waiver is reported as about to expire.
    pub near_days: u32,
}

impl Default for WaiverTerms {
    fn default() -> Self {
        Self {
            longest_months: 12,
            near_days: 30,
        }
    }
}

/// Whether a waiver counts on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// It does.
    Yes,
    /// It does, but ends within [`WaiverTerms::near_days`].
    EndsSoon,
    /// It has ended.
    Expired,
    /// It would last longer than [`WaiverTerms::longest_months`] allows.
    TooLong,
    /// Reason, approver or a legible date is missing.
    Incomplete,
}

impl InForce {
    /// Whether a finding under it does not count.
    pub fn counts(self) -> bool {
        matches!(self, Self::Yes | Self::EndsSoon)
    }

    /// Whether a waiver counts on a day (ISO). The day it expires on is its last; the term is that of
    /// `rule-language`: at most twelve months ahead of the day, unless `[waivers]` allows more.
    pub fn on(note: &WaiverNote, day: &str, terms: WaiverTerms) -> Self {
        if note.reason.trim().is_empty() || note.approved_by.trim().is_empty() {
            return Self::Incomplete;
        }
        let (Ok(expires), Ok(day)) = (note.expires.parse::<Date>(), day.parse::<Date>()) else {
            return Self::Incomplete;
        };
        let months = jiff::Span::new().try_months(terms.longest_months);
        let furthest = months.and_then(|months| day.checked_add(months));
        if expires < day {
            Self::Expired
        } else if furthest.is_ok_and(|furthest| expires > furthest) {
            Self::TooLong
        } else {
            let near = jiff::Span::new().try_days(terms.near_days);
            match near.and_then(|near| day.checked_add(near)) {
                Ok(near) if expires <= near => Self::EndsSoon,
                _ => Self::Yes,
            }
        }
    }
}

/// What the waivers of a run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaiverTally {
    /// Findings that do not count.
    pub waived: usize,
    /// Lines of waivers that have expired.
    pub expired: Vec<u32>,
    /// Lines of waivers that end soon.
    pub near: Vec<u32>,
    /// Lines of waivers that match nothing; told only after a full scan.
    pub unmatched: Vec<u32>,
    /// Lines of waivers that are incomplete or last too long.
    pub refused: Vec<u32>,
}

/// The waivers of a run.
#[derive(Clone, Copy, Debug)]
pub struct Waivers<'w> {
    waivers: &'w [Waiver],
    terms: WaiverTerms,
}

impl<'w> Waivers<'w> {
    /// Waivers under terms.
    pub fn new(waivers: &'w [Waiver], terms: WaiverTerms) -> Self {
        Self { waivers, terms }
    }

    /// The waivers that are about a finding, by their places, each with whether it counts on the report's as-of date. A
    /// finding about a group is meant by its first record. A waiver that names a village alone is about findings that
    /// have no record, never about everything in the village.
    pub fn decide(&self, finding: &Finding, report: &Report) -> Vec<(usize, InForce)> {
        self.waivers
            .iter()
            .enumerate()
            .filter(|(_, waiver)| is_about(waiver, finding, report))
            .map(|(at, waiver)| {
                let in_force = InForce::on(&waiver.note(), &report.as_of, self.terms);
                (at, in_force)
            })
            .collect()
    }

    /// Marks the findings that waivers cover, and adds a note for every waiver that expired, ends soon, was refused or,
    /// after a scan of everything (`full`: no rule, file or severity was left out), matches nothing.
    pub fn apply(&self, report: &mut Report, full: bool) -> WaiverTally {
        report.waivers_applied |= !self.waivers.is_empty();
        let mut tally = WaiverTally::default();
        let mut met = BTreeSet::new();
        let mut notes: Vec<Option<WaiverNote>> = Vec::with_capacity(report.findings.len());
        for finding in &report.findings {
            let about = self.decide(finding, report);
            met.extend(about.iter().map(|(at, _)| *at));
            let covers = about.iter().find(|(_, in_force)| in_force.counts());
            notes.push(
                covers
                    .and_then(|(at, _)| self.waivers.get(*at))
                    .map(Waiver::note),
            );
        }
        for (finding, note) in report.findings.iter_mut().zip(notes) {
            tally.waived += usize::from(note.is_some());
            finding.waiver = note;
        }
        for (at, waiver) in self.waivers.iter().enumerate() {
            let in_force = InForce::on(&waiver.note(), &report.as_of, self.terms);
            let matched = met.contains(&at);
            if let Some(note) = self.remark(waiver, in_force, matched, full, &mut tally) {
                report.notes.push(note.get(report.lang).to_owned());
            }
        }
        tally
    }

    /// What a run says about a waiver, where it says anything.
    fn remark(
        &self,
        waiver: &Waiver,
        in_force: InForce,
        matched: bool,
        full: bool,
        tally: &mut WaiverTally,
    ) -> Option<Bilingual> {
        let (name, en) = (waiver.name(Lang::Zh), waiver.name(Lang::En));
        let expires = &waiver.expires;
        let remark = match in_force {
            InForce::Incomplete => {
                tally.refused.push(waiver.line);
                Bilingual::new(
                    format!("{name}缺少理由、批准人或有效期，不予采用；请补全"),
                    format!(
                        "{en} lacks a reason, an approver or an expiry date and is not used; complete it"
                    ),
                )
            }
            InForce::TooLong => {
                tally.refused.push(waiver.line);
                let months = self.terms.longest_months;
                Bilingual::new(
                    format!(
                        "{name}有效期至 {expires}，超过 {months} 个月，不予采用；请缩短，或在 [waivers] 中放宽"
                    ),
                    format!(
                        "{en} lasts until {expires}, more than {months} months, and is not used; shorten it or allow more in [waivers]"
                    ),
                )
            }
            InForce::Expired => {
                tally.expired.push(waiver.line);
                let (effect, effect_en) = if matched {
                    ("所涉问题重新计入", "what it covered counts again")
                } else {
                    (
                        "已没有对应的问题，可以删除",
                        "nothing it covered is left; it can be removed",
                    )
                };
                Bilingual::new(
                    format!("{name}已于 {expires} 到期，{effect}"),
                    format!("{en} expired on {expires}; {effect_en}"),
                )
            }
            InForce::Yes | InForce::EndsSoon if full && !matched => {
                tally.unmatched.push(waiver.line);
                Bilingual::new(
                    format!(
                        "{name}没有对应的问题：可能已整改，或规则、村名、编号写错；请核对后删除"
                    ),
                    format!(
                        "{en} matches nothing: it was put right, or rule, village or number are misspelt; check and remove it"
                    ),
                )
            }
            InForce::EndsSoon => {
                tally.near.push(waiver.line);
                Bilingual::new(
                    format!("{name}将于 {expires} 到期"),
                    format!("{en} expires on {expires}"),
                )
            }
            InForce::Yes => return None,
        };
        Some(remark)
    }
}

impl Waiver {
    /// As a finding carries it.
    pub fn note(&self) -> WaiverNote {
        WaiverNote {
            reason: self.reason.clone(),
            approved_by: self.approved_by.clone(),
            expires: self.expires.clone(),
        }
    }

    /// How a note names it.
    fn name(&self, lang: Lang) -> String {
        let record: Vec<_> = self.record.values().map(String::as_str).collect();
        let (rule, line, record) = (&self.rule, self.line, record.join(" "));
        match lang {
            Lang::Zh => format!("第 {line} 行的豁免（{rule}，{record}）"),
            Lang::En => format!("the waiver of line {line} ({rule}, {record})"),
        }
    }
}

/// Whether a waiver is about a finding.
fn is_about(waiver: &Waiver, finding: &Finding, report: &Report) -> bool {
    if waiver.rule != finding.rule {
        return false;
    }
    let Some(village) = waiver.record.get(VILLAGE) else {
        return false;
    };
    if folded(village) != folded(&finding.village) {
        return false;
    }
    let town = TOWN.iter().find_map(|name| waiver.record.get(*name));
    if town.is_some_and(|town| folded(town) != folded(&finding.town)) {
        return false;
    }
    let mut keys = waiver
        .record
        .iter()
        .filter(|(name, _)| name.as_str() != VILLAGE && !TOWN.contains(&name.as_str()))
        .peekable();
    let Some(record) = finding.records.first() else {
        return keys.peek().is_none();
    };
    keys.peek().is_some()
        && keys.all(|(field, value)| holds(record, field, &folded(value), finding, report))
}

/// Whether a field of a record holds a value: in the evidence, in the row that the finding gives as context, or as its
/// key.
fn holds(record: &RecordRef, field: &str, value: &str, finding: &Finding, report: &Report) -> bool {
    let row = record.row.to_string();
    let own_row = |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()) == row;
    let in_evidence = finding.evidence.iter().any(|evidence| {
        evidence.field == field
            && evidence.file == record.file
            && evidence.sheet == record.sheet
            && own_row(&evidence.cell)
            && (folded(&evidence.raw) == value
                || evidence.value.as_deref().map(folded).as_deref() == Some(value))
    });
    if in_evidence {
        return true;
    }
    let column = table_of(record, report)
        .and_then(|table| {
            let of_field = |c: &&crate::finding::ColumnReport| c.field.as_deref() == Some(field);
            table.columns.iter().find(of_field)
        })
        .map(|column| format!("{}{row}", column.column));
    let Some(address) = column else {
        // The report does not tell the columns; the first key is what it has.
        return folded(&record.id) == value || folded(&record.key) == value;
    };
    finding
        .context
        .iter()
        .filter(|context| {
            context.file == record.file
                && context.sheet == record.sheet
                && context.row == record.row
        })
        .flat_map(|context| &context.cells)
        .any(|cell| cell.cell == address && folded(&cell.raw) == value)
}

/// The table that a record stands in.
fn table_of<'r>(record: &RecordRef, report: &'r Report) -> Option<&'r TableReport> {
    report
        .inputs
        .iter()
        .filter(|input| input.file == record.file)
        .flat_map(|input| &input.tables)
        .find(|table| {
            table.sheet == record.sheet
                && table
                    .rows
                    .is_some_and(|(first, last)| (first..=last).contains(&record.row))
        })
}

/// A text for comparing: width, case and blanks do not tell texts apart.
fn folded(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::sample::{Scan, row};
    use super::{InForce, Waiver, WaiverTerms, Waivers};
    use crate::finding::Report;

    fn report() -> Report {
        let mut other = row(
            "李庄村",
            "A2",
            ["修渠", "甲公司", "2024-03-10", "2024-03-20", "60000", "否"],
        );
        other.started = "2024-03-01".to_owned();
        let rows = [
            row(
                "李庄村",
                "A1",
                ["修路", "甲公司", "2024-03-10", "2024-03-01", "80000", "否"],
            ),
            other,
            row(
                "王庄村",
                "A1",
                ["修路", "乙公司", "2024-03-10", "2024-03-01", "80000", "否"],
            ),
        ];
        Scan::on("2025-03-14").of(&rows)
    }

    fn waiver(record: &[(&str, &str)], expires: &str) -> Waiver {
        let record = record
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Waiver {
            rule: "signed-after-start".to_owned(),
            record: record.collect::<BTreeMap<_, _>>(),
            reason: "2024-03-01 暴雨抢修，会议纪要〔2024〕3号".to_owned(),
            approved_by: "乡农经〔2024〕8号".to_owned(),
            expires: expires.to_owned(),
            line: 7,
        }
    }

    /// Village, record and rule of each waived finding.
    fn waived(report: &Report) -> Vec<String> {
        let waived = report.findings.iter().filter(|f| f.waiver.is_some());
        waived
            .map(|f| format!("{} {} {}", f.village, f.records[0].id, f.rule))
            .collect()
    }

    #[test]
    fn a_waiver_covers_its_rule_on_its_record_and_nothing_else() {
        let mut report = report();
        let waivers = [waiver(
            &[("村", "李庄村"), ("合同编号", "Ａ1")],
            "2025-06-30",
        )];
        let tally = Waivers::new(&waivers, WaiverTerms::default()).apply(&mut report, true);
        assert_eq!(waived(&report), ["李庄村 A1 signed-after-start"]);
        assert_eq!(tally.waived, 1);
        assert!(report.notes.is_empty(), "{:?}", report.notes);
    }

    #[test]
    fn any_key_fields_name_a_record_and_all_of_them_must_fit() {
        for (record, want) in [
            (
                &[("村", "李庄村"), ("合同名称", "修路"), ("乙方", "甲公司")][..],
                1,
            ),
            (
                &[
                    ("村", "李庄村"),
                    ("合同名称", "修路"),
                    ("签订日期", "2024-03-10"),
                ],
                1,
            ),
            (
                &[("村", "李庄村"), ("合同名称", "修路"), ("乙方", "乙公司")],
                0,
            ),
            (&[("村", "李庄村")], 0),
            (&[("合同编号", "A1")], 0),
            (&[("村", "李庄村"), ("镇", "松陂镇"), ("合同编号", "A1")], 0),
        ] {
            let waivers = [waiver(record, "2025-06-30")];
            let tally = Waivers::new(&waivers, WaiverTerms::default()).apply(&mut report(), true);
            assert_eq!(tally.waived, want, "{record:?}");
            assert_eq!(tally.unmatched.is_empty(), want == 1, "{record:?}");
        }
    }

    #[test]
    fn the_last_day_counts_and_the_day_after_does_not() {
        let record = [("村", "李庄村"), ("合同编号", "A1")];
        for (expires, want, note) in [
            (
                "2025-03-13",
                0,
                Some("已于 2025-03-13 到期，所涉问题重新计入"),
            ),
            ("2025-03-14", 1, Some("将于 2025-03-14 到期")),
            ("2025-04-13", 1, Some("将于 2025-04-13 到期")),
            ("2025-04-14", 1, None),
            ("2026-03-14", 1, None),
            ("2026-03-15", 0, Some("超过 12 个月")),
        ] {
            let mut report = report();
            let waivers = [waiver(&record, expires)];
            let tally = Waivers::new(&waivers, WaiverTerms::default()).apply(&mut report, true);
            assert_eq!(tally.waived, want, "{expires}");
            match note {
                Some(note) => assert!(report.notes[0].contains(note), "{:?}", report.notes),
                None => assert!(report.notes.is_empty(), "{:?}", report.notes),
            }
        }
        let longer = WaiverTerms {
            longest_months: 24,
            ..WaiverTerms::default()
        };
        let waivers = [waiver(&record, "2026-03-15")];
        assert_eq!(
            Waivers::new(&waivers, longer)
                .apply(&mut report(), true)
                .waived,
            1
        );
    }

    #[test]
    fn reason_and_approver_are_mandatory() {
        let mut no_reason = waiver(&[("村", "李庄村"), ("合同编号", "A1")], "2025-06-30");
        no_reason.reason = " ".to_owned();
        let mut no_approver = waiver(&[("村", "李庄村"), ("合同编号", "A1")], "2025-06-30");
        no_approver.approved_by = String::new();
        for waiver in [no_reason, no_approver] {
            assert_eq!(
                InForce::on(&waiver.note(), "2025-03-14", WaiverTerms::default()),
                InForce::Incomplete
            );
            let waivers = [waiver];
            let tally = Waivers::new(&waivers, WaiverTerms::default()).apply(&mut report(), true);
            assert_eq!((tally.waived, tally.refused), (0, vec![7]));
        }
    }

    #[test]
    fn a_waiver_that_matches_nothing_is_told_only_after_a_full_scan() {
        let waivers = [waiver(
            &[("村", "张庄村"), ("合同编号", "A1")],
            "2025-06-30",
        )];
        let mut partial = report();
        let terms = WaiverTerms::default();
        let tally = Waivers::new(&waivers, terms).apply(&mut partial, false);
        assert!(tally.unmatched.is_empty());
        assert!(partial.notes.is_empty());
        let mut full = report();
        assert_eq!(
            Waivers::new(&waivers, terms)
                .apply(&mut full, true)
                .unmatched,
            [7]
        );
        assert!(full.notes[0].contains("张庄村"));
    }
}
