//! A story: the tables of one village with what is planted in them, made of a test that stands beside a rule.

use std::collections::{BTreeMap, BTreeSet};

use heyan::finding::Verdict;
use heyan::ledger::{FieldId, FieldType, KindId, Kinds, LedgerKind};
use heyan::rules::{Pack, Rule, RuleTest, TestExpectation, TestTable};

use crate::filler;
use crate::random::Random;

/// The tables of one village.
pub(crate) struct Story {
    /// The rule that it is about.
    pub(crate) rule: String,
    /// What it shows.
    pub(crate) case: String,
    /// The village.
    pub(crate) village: String,
    /// Its tables, the rule's own ledger first.
    pub(crate) tables: Vec<Table>,
    /// What is to come out for the rows of the first table that are not filler, in their order.
    pub(crate) expect: Vec<Expected>,
    /// The day of the scan.
    pub(crate) as_of: String,
    /// The limits that the rule asks for: set, or known to be unset.
    pub(crate) limits: BTreeMap<String, Option<String>>,
    /// Fields that the evidence of a violation names.
    pub(crate) reads: Vec<String>,
}

/// What is to come out of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// A violation that is planted.
    Planted,
    /// A look-alike: no violation, and nothing undetermined.
    LookAlike,
    /// A row that must not be told as a violation; whether it can be decided is another matter.
    Unproven,
}

/// A table as the story tells it.
pub(crate) struct Table {
    /// Its kind.
    pub(crate) kind: KindId,
    /// Its columns.
    pub(crate) columns: Vec<FieldId>,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
pub(crate) struct Row {
    /// Its cells, as the rule's author writes them.
    pub(crate) cells: Vec<String>,
    /// Which row of the story it is; none for filler.
    pub(crate) of_story: Option<usize>,
    /// Whether it is filler.
    pub(crate) filler: bool,
}

/// Rules that look at all records of a village together: a filler row would change the share, the median or the number.
pub(crate) const WITHOUT_FILLER: &[&str] = &["same-contractor-concentration", "rent-below-median"];

/// The words of a rule's conditions.
pub(crate) struct Words(BTreeMap<String, String>);

impl Words {
    /// Those of every built-in rule.
    pub(crate) fn of_built_in() -> Self {
        let mut words = BTreeMap::new();
        for source in heyan::rules::built_in() {
            let Some(id) = source
                .path
                .rsplit('/')
                .next()
                .and_then(|name| name.strip_suffix(".toml"))
            else {
                continue;
            };
            let Ok(value) = source.source.text.parse::<toml::Table>() else {
                continue;
            };
            let mut text = String::new();
            for (key, value) in &value {
                if matches!(
                    key.as_str(),
                    "applies" | "violation" | "group" | "also" | "grade" | "law_date"
                ) {
                    text.push_str(&value.to_string());
                    text.push(' ');
                }
            }
            words.insert(id.to_owned(), text);
        }
        Self(words)
    }

    fn of(&self, rule: &str) -> &str {
        self.0.get(rule).map_or("", String::as_str)
    }
}

impl Story {
    /// The story of a test; `None` where the test says nothing that a workbook could.
    pub(crate) fn of(
        pack: &Pack,
        rule: &Rule,
        test: &RuleTest,
        words: &Words,
        number: usize,
    ) -> Self {
        let mut random = Random::of(&format!("{} {}", rule.id, test.case));
        let village = village(number);
        let kind = match &test.ledger {
            Some(name) => pack.kinds.find(name).expect("a kind"),
            None => rule.judged[0].kind,
        };
        let text = words.of(&rule.id);
        let mut tables = vec![table(
            pack,
            kind,
            &test.rows,
            test,
            text,
            rule,
            &village,
            &mut random,
            true,
        )];
        for other in related(&pack.kinds, kind, text, test) {
            let nothing = TestTable::default();
            let rows = test
                .related
                .iter()
                .find(|(name, _)| pack.kinds.find(name) == Some(other))
                .map_or(&nothing, |(_, rows)| rows);
            tables.push(table(
                pack,
                other,
                rows,
                test,
                text,
                rule,
                &village,
                &mut random,
                false,
            ));
        }
        let expect = expected(&pack.kinds, kind, test);
        let limits = rule
            .limits()
            .into_iter()
            .map(|id| {
                let name = pack.limit(id).name.clone();
                let value = test.limits.iter().find(|(of, _)| *of == name);
                (name, value.map(|(_, value)| value.clone()))
            })
            .filter(|(name, value)| {
                // A limit of the law stands as it is unless the test restates it.
                value.is_some()
                    || pack
                        .find_limit(name)
                        .is_some_and(|id| pack.limit(id).values.is_empty())
            })
            .collect();
        Self {
            rule: rule.id.clone(),
            case: test.case.clone(),
            village,
            tables,
            expect,
            as_of: test
                .as_of
                .clone()
                .unwrap_or_else(|| "2045-06-30".to_owned()),
            limits,
            reads: test.reads.clone(),
        }
    }
}

/// A name that no other story has.
fn village(number: usize) -> String {
    const FIRST: [&str; 30] = [
        "青", "白", "古", "新", "长", "双", "云", "松", "竹", "梅", "柳", "枫", "桂", "莲", "茶",
        "石", "沙", "金", "银", "龙", "凤", "鹤", "鹿", "马", "羊", "鱼", "燕", "雁", "虎", "麟",
    ];
    const LAST: [&str; 32] = [
        "溪", "岙", "坑", "垟", "潭", "峰", "岭", "洋", "湾", "浦", "桥", "塘", "源", "坪", "陂",
        "坞", "渡", "埠", "埭", "汀", "滩", "崖", "谷", "原", "墩", "坡", "田", "畈", "园", "林",
        "泉", "浜",
    ];
    let name = format!(
        "{}{}",
        FIRST[number % FIRST.len()],
        LAST[number / FIRST.len() % LAST.len()]
    );
    format!("{name}村")
}

/// The other ledgers that the rule looks into, and that the test does not leave out.
fn related(kinds: &Kinds, own: KindId, text: &str, test: &RuleTest) -> Vec<KindId> {
    let mut found = BTreeSet::new();
    for relation in &kinds.get(own).relations {
        if text.contains(&relation.name) {
            found.extend(relation.to.iter().copied());
        }
    }
    for (name, _) in &test.related {
        found.extend(kinds.find(name));
    }
    found.remove(&own);
    found
        .into_iter()
        .filter(|kind| {
            let kind = kinds.get(*kind);
            !test
                .absent
                .iter()
                .any(|name| *name == kind.name || *name == kind.id)
        })
        .collect()
}

/// Fields that a period or a vote of the columns fills.
fn filled(kind: &LedgerKind, columns: &[FieldId]) -> Vec<FieldId> {
    columns
        .iter()
        .flat_map(|&column| kind.field(column).fills.iter())
        .collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "each is a different side of the story"
)]
fn table(
    pack: &Pack,
    id: KindId,
    rows: &TestTable,
    test: &RuleTest,
    text: &str,
    rule: &Rule,
    village: &str,
    random: &mut Random,
    own: bool,
) -> Table {
    let kind = pack.kinds.get(id);
    let absent = |field: FieldId| own_absent(kind, field, test);
    let mut columns: Vec<FieldId> = Vec::new();
    if let Some(serial) = kind.find("序号") {
        columns.push(serial);
    }
    let written: Vec<Option<FieldId>> = rows.header.iter().map(|name| kind.find(name)).collect();
    columns.extend(written.iter().flatten());
    let keys: Vec<FieldId> = kind.keys.iter().flatten().copied().collect();
    let related: Vec<FieldId> = kind
        .relations
        .iter()
        .filter(|relation| text.contains(&relation.name))
        .flat_map(|relation| relation.on.iter().flatten().map(|pair| pair.here))
        .collect();
    let to_here: Vec<FieldId> = pack
        .kinds
        .iter()
        .flat_map(|(_, other)| &other.relations)
        .filter(|relation| text.contains(&relation.name))
        .filter_map(|relation| {
            let place = relation.to.iter().position(|to| *to == id)?;
            Some((relation, place))
        })
        .flat_map(|(relation, place)| {
            relation
                .on
                .iter()
                .flatten()
                .filter_map(move |pair| pair.there.get(place).copied().flatten())
        })
        .collect();
    let fields = (0..).map(FieldId).zip(&kind.fields);
    for (field, of_kind) in fields {
        let asked = text.contains(&of_kind.name);
        let wanted =
            asked || keys.contains(&field) || related.contains(&field) || to_here.contains(&field);
        let taken = filled(kind, &columns).contains(&field)
            || of_kind.always.is_some()
            || matches!(of_kind.ty, FieldType::Period | FieldType::Vote)
            || of_kind.fallback.iter().any(|other| columns.contains(other))
            || of_kind.ty == FieldType::Length && of_kind.name != "合同工期" && !asked;
        if wanted && !taken && !absent(field) && !columns.contains(&field) {
            columns.push(field);
        }
    }
    if let Some(remark) = kind.find("备注")
        && !columns.contains(&remark)
        && !absent(remark)
        && random.percent(70)
    {
        columns.push(remark);
    }
    let mut told: Vec<Row> = rows
        .rows
        .iter()
        .enumerate()
        .map(|(number, cells)| Row {
            cells: columns
                .iter()
                .map(|column| {
                    written
                        .iter()
                        .position(|field| field == &Some(*column))
                        .and_then(|place| cells.get(place))
                        .map_or(String::new(), |cell| cell.trim().to_owned())
                })
                .collect(),
            of_story: own.then_some(number),
            filler: false,
        })
        .collect();
    if !WITHOUT_FILLER.contains(&rule.id.as_str()) {
        // What the other ledgers hold of the ordinary works is there for all of them.
        let count = if own { 3 + random.below(3) } else { 5 };
        for n in 0..count {
            let cells = columns
                .iter()
                .map(|column| filler_cell(kind, *column, n, village))
                .collect();
            let at = random.below(told.len() + 1);
            told.insert(
                at,
                Row {
                    cells,
                    of_story: None,
                    filler: true,
                },
            );
        }
    }
    Table {
        kind: id,
        columns,
        rows: told,
    }
}

/// A filler's cell; a period is written of the ends that it fills.
fn filler_cell(kind: &LedgerKind, column: FieldId, n: usize, village: &str) -> String {
    let field = kind.field(column);
    let of = |id: Option<FieldId>| {
        id.map(|id| filler::cell(&kind.id, &kind.field(id).name, n, village))
            .unwrap_or_default()
    };
    match field.ty {
        FieldType::Period => {
            let (start, end) = (of(field.fills.start), of(field.fills.end));
            if start.is_empty() || end.is_empty() {
                String::new()
            } else {
                format!("{}至{}", start.replace('-', "."), end.replace('-', "."))
            }
        }
        FieldType::Vote => format!(
            "应到{}人，实到{}人，同意{}人",
            of(field.fills.expected),
            of(field.fills.present),
            of(field.fills.agreed)
        ),
        _ => filler::cell(&kind.id, &field.name, n, village),
    }
}

fn own_absent(kind: &LedgerKind, field: FieldId, test: &RuleTest) -> bool {
    let name = &kind.field(field).name;
    test.absent.iter().any(|absent| {
        absent == name
            || absent
                .split_once('.')
                .is_some_and(|(of, absent)| of == kind.name && absent == name)
    })
}

/// What is to come out of each row of a test.
fn expected(kinds: &Kinds, kind: KindId, test: &RuleTest) -> Vec<Expected> {
    let of = |verdict: &str| match verdict {
        "violation" => Expected::Planted,
        "undetermined" | "not-run" => Expected::Unproven,
        _ => Expected::LookAlike,
    };
    match &test.expect {
        TestExpectation::Verdict(verdict) => {
            let verdict = match verdict {
                Verdict::Violation => Expected::Planted,
                Verdict::Undetermined | Verdict::NotRun => Expected::Unproven,
                Verdict::Pass | Verdict::NotApplicable => Expected::LookAlike,
            };
            vec![verdict; test.rows.rows.len()]
        }
        TestExpectation::Records(table) => {
            let kind = kinds.get(kind);
            let verdict = table
                .header
                .iter()
                .position(|name| name == "verdict" || name == "结论")
                .expect("a verdict");
            test.rows
                .rows
                .iter()
                .map(|row| {
                    let same = |wanted: &Vec<String>| {
                        table.header.iter().enumerate().all(|(at, name)| {
                            at == verdict
                                || test
                                    .rows
                                    .header
                                    .iter()
                                    .position(|of| of == name)
                                    .is_some_and(|place| {
                                        row[place].trim() == wanted[at].trim()
                                            || kind.find(name).is_none()
                                    })
                        })
                    };
                    table
                        .rows
                        .iter()
                        .find(|wanted| same(wanted))
                        .map_or(Expected::LookAlike, |wanted| of(&wanted[verdict]))
                })
                .collect()
        }
    }
}
