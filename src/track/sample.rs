//! Reports for tests, made by a scan in miniature: contracts judged by four rules that are written out here.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::finding::{
    ColumnReport, Context, ContextCell, Coverage, Evidence, FileId, Finding, Fingerprint, Input,
    InputStatus, IssueKind, RecordRef, RecordReport, Report, RuleBalance, Severity, TableId,
    TableReport, Tool, Topic, Tree, TreeValue, Verdict,
};

/// A contract as a bookkeeper typed it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) village: String,
    pub(super) file: String,
    pub(super) no: String,
    pub(super) name: String,
    pub(super) party: String,
    pub(super) signed: String,
    pub(super) started: String,
    pub(super) amount: String,
    pub(super) filed: String,
}

/// A contract in the workbook of its village.
pub(super) fn row(village: &str, no: &str, cells: [&str; 6]) -> Row {
    let [name, party, signed, started, amount, filed] = cells.map(str::to_owned);
    Row {
        village: village.to_owned(),
        file: format!("{village}.xlsx"),
        no: no.to_owned(),
        name,
        party,
        signed,
        started,
        amount,
        filed,
    }
}

const FIELDS: [(&str, &str); 7] = [
    ("A", "合同编号"),
    ("B", "合同名称"),
    ("C", "乙方"),
    ("D", "签订日期"),
    ("E", "开工日期"),
    ("F", "合同金额"),
    ("G", "是否备案"),
];

impl Row {
    fn cells(&self) -> [&str; 7] {
        [
            &self.no,
            &self.name,
            &self.party,
            &self.signed,
            &self.started,
            &self.amount,
            &self.filed,
        ]
    }

    pub(super) fn field(&self, name: &str) -> Option<(&'static str, &str)> {
        FIELDS
            .iter()
            .zip(self.cells())
            .find(|((_, field), _)| *field == name)
            .map(|((column, _), raw)| (*column, raw))
    }

    fn id(&self) -> String {
        if self.no.is_empty() {
            self.second_key()
        } else {
            self.no.clone()
        }
    }

    fn second_key(&self) -> String {
        format!("{} {} {}", self.name, self.party, self.signed)
    }

    fn money(&self) -> Option<Decimal> {
        self.amount.parse().ok()
    }
}

/// How the scan in miniature is done.
#[derive(Clone, Debug)]
pub(super) struct Scan {
    pub(super) as_of: &'static str,
    pub(super) rules: Vec<&'static str>,
    /// 备案起点金额, in yuan.
    pub(super) filing_from: i64,
    pub(super) records: bool,
    pub(super) digests: bool,
}

pub(super) const RULES: [&str; 4] = [
    "contractor-in-many-villages",
    "missing-filing",
    "signed-after-start",
    "split-contracts",
];

impl Scan {
    pub(super) fn on(as_of: &'static str) -> Self {
        Self {
            as_of,
            rules: RULES.to_vec(),
            filing_from: 50_000,
            records: true,
            digests: true,
        }
    }

    pub(super) fn of(&self, rows: &[Row]) -> Report {
        scan(self, rows)
    }
}

/// Looks up what a field of a record holds, as a scan that has the ledgers can.
pub(super) fn values(
    rows: &[Row],
) -> impl Fn(&RecordReport, &str) -> Option<super::NowCell> + use<> {
    let rows = rows.to_vec();
    move |record, field| {
        let row = rows
            .iter()
            .find(|row| row.village == record.village && row.id() == record.id)?;
        let (column, raw) = row.field(field)?;
        Some(super::NowCell {
            cell: format!("{column}{}", record.row),
            raw: raw.to_owned(),
        })
    }
}

struct Placed<'a> {
    row: &'a Row,
    at: u32,
}

#[expect(clippy::too_many_lines, reason = "a whole scan, from top to bottom")]
fn scan(how: &Scan, rows: &[Row]) -> Report {
    let mut files: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        files.entry(&row.file).or_default().push(row);
    }
    let mut report = Report {
        tool: Tool {
            version: "0.1.0".to_owned(),
            rules: format!("pack {} {:?}", how.filing_from, how.rules),
        },
        as_of: how.as_of.to_owned(),
        ..Report::default()
    };
    let mut villages: BTreeMap<&str, Vec<Placed<'_>>> = BTreeMap::new();
    for (id, (file, rows)) in (0..).map(FileId).zip(&files) {
        report.inputs.push(input(id, file, rows));
        for (row, at) in rows.iter().zip(4_u32..) {
            villages
                .entry(&row.village)
                .or_default()
                .push(Placed { row, at });
        }
    }
    let mut letters: BTreeMap<(String, String), BTreeMap<&str, char>> = BTreeMap::new();
    let mut findings = Vec::new();
    for (village, rows) in &villages {
        report.coverage.push(Coverage {
            village: (*village).to_owned(),
            kind: "contract".to_owned(),
            tables: 1,
            records: u32::try_from(rows.len()).unwrap(),
            ..Coverage::default()
        });
        for placed in rows {
            for rule in &how.rules {
                let letter = match *rule {
                    "missing-filing" => missing_filing(how, placed, &mut findings),
                    "signed-after-start" => signed_after_start(placed, &mut findings),
                    _ => 'p',
                };
                letters
                    .entry(((*village).to_owned(), placed.row.id()))
                    .or_default()
                    .insert(rule, letter);
            }
            invalid_date(placed, &mut findings, &mut report);
        }
        if how.rules.contains(&"split-contracts") {
            split_contracts(village, rows, &mut findings, &mut letters);
        }
    }
    if how.rules.contains(&"contractor-in-many-villages") {
        in_many_villages(&villages, &mut findings, &mut letters);
    }
    for rule in &how.rules {
        let mut balance = RuleBalance {
            rule: (*rule).to_owned(),
            digest: match (how.digests, *rule) {
                (false, _) => String::new(),
                (true, "missing-filing") => format!("d{}", how.filing_from),
                (true, _) => "d".to_owned(),
            },
            all_villages: *rule == "contractor-in-many-villages",
            ..RuleBalance::default()
        };
        for record in letters.values() {
            balance.count(match record[rule] {
                'v' => Verdict::Violation,
                'u' => Verdict::Undetermined,
                '-' => Verdict::NotApplicable,
                _ => Verdict::Pass,
            });
        }
        balance.findings = u32::try_from(
            findings
                .iter()
                .filter(|f: &&Finding| f.rule == *rule)
                .count(),
        )
        .unwrap();
        report.balance.by_rule.push(balance);
    }
    report.balance.records = u32::try_from(rows.len()).unwrap();
    if how.records {
        for (file, rows) in &files {
            for (row, at) in rows.iter().zip(4_u32..) {
                let of = &letters[&(row.village.clone(), row.id())];
                let mut keys = vec![row.second_key()];
                if !row.no.is_empty() {
                    keys.insert(0, row.no.clone());
                }
                report.records.push(RecordReport {
                    id: row.id(),
                    village: row.village.clone(),
                    kind: "contract".to_owned(),
                    file: (*file).to_owned(),
                    sheet: "合同".to_owned(),
                    row: at,
                    keys,
                    verdicts: how.rules.iter().map(|rule| of[rule]).collect(),
                    ..RecordReport::default()
                });
            }
        }
    }
    findings.sort_by(Finding::listing_order);
    report.findings = findings;
    report
}

fn input(id: FileId, file: &str, rows: &[&Row]) -> Input {
    let columns = FIELDS.iter().map(|(column, field)| ColumnReport {
        column: (*column).to_owned(),
        header: (*field).to_owned(),
        field: Some((*field).to_owned()),
        ..ColumnReport::default()
    });
    let count = u32::try_from(rows.len()).unwrap();
    let body: String = rows.iter().map(|row| row.cells().join("|")).collect();
    Input {
        id,
        file: file.to_owned(),
        sha256: Fingerprint::of(&[file, &body]).as_str().to_owned(),
        bytes: 1,
        format: None,
        status: InputStatus::Read,
        reason: None,
        tables: vec![TableReport {
            id: TableId(1),
            sheet: "合同".to_owned(),
            kind: "contract".to_owned(),
            village: rows[0].village.clone(),
            village_from: "title".to_owned(),
            header_rows: vec![3],
            rows: Some((4, 3 + count)),
            records: count,
            confidence: 1.0,
            columns: columns.collect(),
            ..TableReport::default()
        }],
    }
}

fn finding(rule: &str, verdict: Verdict, rows: &[&Placed<'_>], fields: &[&str]) -> Finding {
    let first = rows[0].row;
    let curable = rule != "signed-after-start" && rule != "split-contracts";
    Finding {
        rule: rule.to_owned(),
        title: rule.to_owned(),
        topic: Topic::Signing,
        severity: Severity::Major,
        verdict,
        status: None,
        was: None,
        because: None,
        waiver: None,
        stage: None,
        fingerprint: Fingerprint::of(&[rule, "", &first.village, &first.id()]),
        town: String::new(),
        village: first.village.clone(),
        date: (first.signed.len() == 10).then(|| first.signed.clone()),
        amount: first.money(),
        message: format!("台账显示{}的情况需核实", first.id()),
        advice: "核对合同原件".to_owned(),
        basis: Vec::new(),
        limits: Vec::new(),
        records: rows
            .iter()
            .map(|placed| RecordRef {
                id: placed.row.id(),
                file: placed.row.file.clone(),
                sheet: "合同".to_owned(),
                row: placed.at,
                key: placed.row.id(),
            })
            .collect(),
        evidence: rows
            .iter()
            .flat_map(|placed| fields.iter().map(|field| evidence(placed, field)))
            .collect(),
        context: rows
            .iter()
            .map(|placed| Context {
                file: placed.row.file.clone(),
                sheet: "合同".to_owned(),
                row: placed.at,
                cells: FIELDS
                    .iter()
                    .zip(placed.row.cells())
                    .filter(|(_, raw)| !raw.is_empty())
                    .map(|((column, _), raw)| ContextCell {
                        cell: format!("{column}{}", placed.at),
                        raw: raw.to_owned(),
                    })
                    .collect(),
            })
            .collect(),
        tree: RULES.contains(&rule).then(|| Tree {
            text: rule.to_owned(),
            value: TreeValue::True,
            parts: Vec::new(),
        }),
        missing: Vec::new(),
        overlap: None,
        curable,
    }
}

fn evidence(placed: &Placed<'_>, field: &str) -> Evidence {
    let (column, raw) = placed.row.field(field).unwrap();
    Evidence {
        file: placed.row.file.clone(),
        sheet: "合同".to_owned(),
        cell: format!("{column}{}", placed.at),
        header: field.to_owned(),
        field: field.to_owned(),
        raw: raw.to_owned(),
        value: (!raw.is_empty()).then(|| raw.to_owned()),
        inferred: false,
    }
}

fn missing_filing(how: &Scan, placed: &Placed<'_>, findings: &mut Vec<Finding>) -> char {
    let fields = ["合同金额", "是否备案"];
    let mut put = |verdict| findings.push(finding("missing-filing", verdict, &[placed], &fields));
    match (placed.row.money(), placed.row.filed.as_str()) {
        (Some(money), _) if money < Decimal::from(how.filing_from) => '-',
        (_, "是") => 'p',
        (Some(_), "否") => {
            put(Verdict::Violation);
            'v'
        }
        _ => {
            put(Verdict::Undetermined);
            'u'
        }
    }
}

fn signed_after_start(placed: &Placed<'_>, findings: &mut Vec<Finding>) -> char {
    let (signed, started) = (placed.row.signed.as_str(), placed.row.started.as_str());
    let fields = ["开工日期", "签订日期"];
    let mut put =
        |verdict| findings.push(finding("signed-after-start", verdict, &[placed], &fields));
    if started.is_empty() || signed.len() != 10 {
        put(Verdict::Undetermined);
        'u'
    } else if started < signed {
        put(Verdict::Violation);
        'v'
    } else {
        'p'
    }
}

fn invalid_date(placed: &Placed<'_>, findings: &mut Vec<Finding>, report: &mut Report) {
    let signed = &placed.row.signed;
    if signed.is_empty() || signed.len() == 10 {
        return;
    }
    let id = IssueKind::InvalidDate.id();
    findings.push(finding(id, Verdict::Violation, &[placed], &["签订日期"]));
    match report.balance.issues.first_mut() {
        Some((_, count)) => *count += 1,
        None => report.balance.issues.push((id.to_owned(), 1)),
    }
}

fn split_contracts<'a>(
    village: &str,
    rows: &[Placed<'a>],
    findings: &mut Vec<Finding>,
    letters: &mut BTreeMap<(String, String), BTreeMap<&str, char>>,
) {
    let mut by_party: BTreeMap<&str, Vec<&Placed<'a>>> = BTreeMap::new();
    for placed in rows {
        by_party.entry(&placed.row.party).or_default().push(placed);
    }
    for (_, mut members) in by_party {
        let sum: Decimal = members.iter().filter_map(|m| m.row.money()).sum();
        if members.len() < 2 || sum < Decimal::from(200_000) {
            continue;
        }
        members.sort_by_key(|m| (m.row.signed.clone(), m.row.id()));
        for member in &members {
            letters
                .get_mut(&(village.to_owned(), member.row.id()))
                .unwrap()
                .insert("split-contracts", 'v');
        }
        findings.push(finding(
            "split-contracts",
            Verdict::Violation,
            &members,
            &["乙方", "合同金额", "签订日期"],
        ));
    }
}

fn in_many_villages<'a>(
    villages: &BTreeMap<&str, Vec<Placed<'a>>>,
    findings: &mut Vec<Finding>,
    letters: &mut BTreeMap<(String, String), BTreeMap<&str, char>>,
) {
    let mut by_party: BTreeMap<&str, Vec<&Placed<'a>>> = BTreeMap::new();
    for placed in villages.values().flatten() {
        by_party.entry(&placed.row.party).or_default().push(placed);
    }
    for (party, members) in by_party {
        let villages: BTreeSet<_> = members.iter().map(|m| &m.row.village).collect();
        if party.is_empty() || villages.len() < 3 {
            continue;
        }
        for member in &members {
            letters
                .get_mut(&(member.row.village.clone(), member.row.id()))
                .unwrap()
                .insert("contractor-in-many-villages", 'v');
        }
        findings.push(finding(
            "contractor-in-many-villages",
            Verdict::Violation,
            &members,
            &["乙方"],
        ));
    }
}
