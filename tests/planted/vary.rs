//! The tests of a rule with other numbers, dates and names: only such as leave every verdict what the rule's author expects.

use heyan::lang::Lang;
use heyan::ledger::{Day, FieldType, LedgerKind};
use heyan::rules::{Pack, Rule, RuleTest, TestExpectation, TestTable};
use heyan::scan::selftest;
use rust_decimal::Decimal;

use crate::random::Random;

/// What is changed.
struct Change {
    /// Days that every date is moved by.
    days: i64,
    /// Percent that every amount is scaled to.
    percent: i64,
    /// The first of the firms' names.
    name: usize,
    /// What is put before every number of a contract, voucher, resolution and the like.
    prefix: &'static str,
}

/// Names in the place of 甲, 乙, 丙, 丁.
const NAMES: [&str; 9] = [
    "衡昌", "润泽", "启明", "鸿基", "茂林", "泰和", "兴业", "佳禾", "锦程",
];
const PREFIXES: [&str; 5] = ["2021-", "HT", "村字〔2022〕", "XZ-", "台-"];

/// A test with other numbers, dates and names; the test as it stands where none of some tries keeps the verdicts.
pub(crate) fn vary(pack: &Pack, rule: &Rule, test: &RuleTest) -> (RuleTest, bool) {
    let mut random = Random::of(&format!("vary {} {}", rule.id, test.case));
    for attempt in 0..8 {
        let change = Change {
            days: *random.of_these(&[0, 7, 28, 91, 364, -7, -28, -364]),
            percent: if attempt > 4 {
                100
            } else {
                *random.of_these(&[100, 100, 98, 103, 110, 150, 200, 300])
            },
            name: random.below(NAMES.len()),
            prefix: PREFIXES[random.below(PREFIXES.len())],
        };
        let varied = change.of_test(pack, rule, test);
        let alone = Rule {
            tests: vec![varied.clone()],
            ..rule.clone()
        };
        let kept = selftest::test_rule(pack, &alone, Lang::Zh)
            .iter()
            .all(|result| !result.is_failure());
        if kept {
            return (varied, true);
        }
    }
    (test.clone(), false)
}

impl Change {
    fn of_test(&self, pack: &Pack, rule: &Rule, test: &RuleTest) -> RuleTest {
        let own = match &test.ledger {
            Some(name) => pack.kinds.find(name).expect("a kind"),
            None => rule.judged[0].kind,
        };
        let own = pack.kinds.get(own);
        RuleTest {
            rows: self.of_table(own, &test.rows),
            related: test
                .related
                .iter()
                .map(|(name, rows)| {
                    let kind = pack.kinds.get(pack.kinds.find(name).expect("a kind"));
                    (name.clone(), self.of_table(kind, rows))
                })
                .collect(),
            expect: match &test.expect {
                TestExpectation::Records(table) => {
                    TestExpectation::Records(self.of_table(own, table))
                }
                verdict @ TestExpectation::Verdict(_) => verdict.clone(),
            },
            as_of: test.as_of.as_ref().map(|day| self.of_date(day)),
            message: None,
            ..test.clone()
        }
    }

    fn of_table(&self, kind: &LedgerKind, table: &TestTable) -> TestTable {
        let fields: Vec<Option<(FieldType, &str)>> = table
            .header
            .iter()
            .map(|name| {
                kind.find(name)
                    .map(|field| (kind.field(field).ty, name.as_str()))
            })
            .collect();
        TestTable {
            header: table.header.clone(),
            rows: table
                .rows
                .iter()
                .map(|row| {
                    row.iter()
                        .zip(&fields)
                        .map(|(cell, field)| match field {
                            Some((ty, name)) => self.of_cell(*ty, name, cell.trim()),
                            None => cell.clone(),
                        })
                        .collect()
                })
                .collect(),
        }
    }

    fn of_cell(&self, ty: FieldType, name: &str, cell: &str) -> String {
        match ty {
            FieldType::Date => self.of_date(cell),
            FieldType::Money => match cell.parse::<Decimal>() {
                Ok(amount) => (amount * Decimal::from(self.percent) / Decimal::from(100))
                    .normalize()
                    .to_string(),
                Err(_) => cell.to_owned(),
            },
            FieldType::Party => self.of_name(cell),
            FieldType::Id if name.ends_with("编号") || name == "凭证号" => {
                if cell.is_empty() || cell.starts_with('#') {
                    cell.to_owned()
                } else {
                    format!("{}{cell}", self.prefix)
                }
            }
            _ => cell.to_owned(),
        }
    }

    fn of_name(&self, cell: &str) -> String {
        let mut out = String::new();
        for character in cell.chars() {
            match "甲乙丙丁".chars().position(|one| one == character) {
                Some(at) => out.push_str(NAMES[(self.name + at) % NAMES.len()]),
                None => out.push(character),
            }
        }
        out
    }

    fn of_date(&self, cell: &str) -> String {
        let moved = cell
            .parse()
            .ok()
            .filter(|_| cell.len() == 10)
            .map(|day| Day::from_civil(day).plus_days(self.days).to_string());
        moved.unwrap_or_else(|| cell.to_owned())
    }
}
