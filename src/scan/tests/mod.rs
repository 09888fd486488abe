//! Rules written in the rule language, judged on tables of cells: the semantics as data.

mod compiled;
mod groups;
mod links;
mod missing;
mod mutants;
mod verdicts;
mod whole;

use std::cell::RefCell;
use std::sync::Arc;

use super::selftest::{self, Outcome};
use crate::finding::{Severity, Topic};
use crate::lang::{Bilingual, Lang};
use crate::ledger::{
    Choice, Day, FieldKind, FieldType, Fills, KindId, Kinds, LedgerKind, RelationKind, RelationPair,
};
use crate::rules::expr::{
    About, FieldPath, Names, Node, Op, Place, RawPart, check_condition, check_value, parse, split,
};
use crate::rules::{
    Duration, Grade, Graded, Group, Judged, Limit, LimitScope, LimitType, LimitValue, Pack,
    Provision, Rule, RuleTest, Scope, Segment, Template, TemplatePart, TestExpectation, TestTable,
    Tier, Unset, Window,
};

pub(super) fn day(text: &str) -> Day {
    Day::from_civil(text.parse().expect("a date"))
}

fn field(name: &str, ty: FieldType) -> FieldKind {
    FieldKind {
        name: name.to_owned(),
        en: name.to_owned(),
        ty,
        headers: vec![name.to_owned()],
        negative: false,
        fallback: Vec::new(),
        empty: Vec::new(),
        fills: Fills::default(),
        infer: Vec::new(),
        choices: Vec::new(),
        optional: false,
        always: None,
        per: None,
    }
}

fn choice(name: &str, values: &[&str]) -> FieldKind {
    FieldKind {
        choices: values
            .iter()
            .map(|value| Choice {
                value: (*value).to_owned(),
                words: Vec::new(),
            })
            .collect(),
        ..field(name, FieldType::Choice)
    }
}

fn kind(id: &str, name: &str, fields: Vec<FieldKind>, keys: &[&[&str]]) -> LedgerKind {
    let mut kind = LedgerKind {
        id: id.to_owned(),
        name: name.to_owned(),
        en: id.to_owned(),
        title: Vec::new(),
        fields,
        keys: Vec::new(),
        relations: Vec::new(),
    };
    kind.keys = keys
        .iter()
        .map(|key| {
            key.iter()
                .map(|name| kind.find(name).expect("a field"))
                .collect()
        })
        .collect();
    kind
}

fn relate(
    kinds: &mut [LedgerKind],
    from: usize,
    name: &str,
    to: &[usize],
    many: bool,
    on: &[&[(&str, &str)]],
) {
    let on = on
        .iter()
        .map(|list| {
            list.iter()
                .map(|(here, there)| RelationPair {
                    here: kinds[from].find(here).expect("a field"),
                    there: to.iter().map(|&to| kinds[to].find(there)).collect(),
                })
                .collect()
        })
        .collect();
    kinds[from].relations.push(RelationKind {
        name: name.to_owned(),
        to: to
            .iter()
            .map(|&to| KindId(u16::try_from(to).expect("few kinds")))
            .collect(),
        many,
        on,
    });
}

/// Contracts, works, payments and resolutions with the fields that the tests use.
pub(super) fn kinds() -> Kinds {
    let classes = &["工程", "服务", "采购", "租赁", "承包"];
    let mut contract = kind(
        "contract",
        "合同",
        vec![
            field("合同编号", FieldType::Id),
            field("合同名称", FieldType::Text),
            choice("合同类别", classes),
            field("乙方", FieldType::Party),
            field("合同金额", FieldType::Money),
            field("签订日期", FieldType::Date),
            field("开工日期", FieldType::Date),
            field("验收日期", FieldType::Date),
            field("备案日期", FieldType::Date),
            field("是否备案", FieldType::Flag),
            field("起始日期", FieldType::Date),
            field("终止日期", FieldType::Date),
            field("合同年限", FieldType::Length),
            field("合同期限", FieldType::Period),
            field("质保金比例", FieldType::Percent),
            field("备注", FieldType::Text),
            choice("发包方式", &["直接发包", "公开招标"]),
            field("决议编号", FieldType::Id),
            field("余额", FieldType::Money),
        ],
        &[&["合同编号"], &["合同名称", "乙方", "签订日期"]],
    );
    let at = |kind: &LedgerKind, name: &str| usize::from(kind.find(name).expect("a field").0);
    let remark = at(&contract, "备注");
    contract.fields[remark].optional = true;
    let balance = at(&contract, "余额");
    contract.fields[balance].negative = true;
    let period = at(&contract, "合同期限");
    contract.fields[period].fills = Fills {
        start: contract.find("起始日期"),
        end: contract.find("终止日期"),
        length: contract.find("合同年限"),
        ..Fills::default()
    };
    let project = kind(
        "project",
        "工程项目",
        vec![
            field("合同编号", FieldType::Id),
            field("项目名称", FieldType::Text),
            choice("合同类别", classes),
            field("乙方", FieldType::Party),
            field("合同金额", FieldType::Money),
            field("审定金额", FieldType::Money),
            field("签订日期", FieldType::Date),
            field("开工日期", FieldType::Date),
            field("验收日期", FieldType::Date),
        ],
        &[&["合同编号"], &["项目名称"]],
    );
    let payment = kind(
        "payment",
        "付款",
        vec![
            field("凭证号", FieldType::Id),
            field("合同编号", FieldType::Id),
            field("项目名称", FieldType::Text),
            field("收款方", FieldType::Party),
            field("付款金额", FieldType::Money),
            field("付款日期", FieldType::Date),
            choice("款项性质", &["预付款", "进度款", "结算款", "退款"]),
            field("备注", FieldType::Text),
        ],
        &[&["凭证号"], &["合同编号", "付款日期", "付款金额"]],
    );
    let decision = kind(
        "decision",
        "决议",
        vec![
            field("决议编号", FieldType::Id),
            field("会议日期", FieldType::Date),
        ],
        &[&["决议编号"]],
    );
    let mut kinds = vec![contract, project, payment, decision];
    relate(
        &mut kinds,
        0,
        "付款",
        &[2],
        true,
        &[
            &[("合同编号", "合同编号")],
            &[("合同名称", "项目名称"), ("乙方", "收款方")],
        ],
    );
    relate(
        &mut kinds,
        0,
        "决议",
        &[3],
        false,
        &[&[("决议编号", "决议编号")]],
    );
    relate(
        &mut kinds,
        0,
        "同标的合同",
        &[0],
        true,
        &[&[("合同名称", "合同名称")]],
    );
    relate(
        &mut kinds,
        2,
        "合同",
        &[0, 1],
        false,
        &[&[("合同编号", "合同编号")]],
    );
    Kinds::new(kinds.into_iter().map(Arc::new).collect())
}

fn segment(from: &str, to: &str, value: LimitValue, text: &str) -> Segment {
    Segment {
        from: if from.is_empty() { Day::MIN } else { day(from) },
        to: if to.is_empty() { Day::MAX } else { day(to) },
        value,
        text: text.to_owned(),
        basis: "测试文件".to_owned(),
        restated: false,
    }
}

fn limit(name: &str, ty: LimitType, values: Vec<Segment>, unset: Unset) -> Limit {
    Limit {
        name: name.to_owned(),
        en: name.to_owned(),
        ty,
        scope: LimitScope::Local,
        values,
        ask: String::new(),
        ask_en: String::new(),
        unset,
    }
}

fn limits() -> Vec<Limit> {
    let tiers = LimitValue::Tiers(
        [(0, "自行发包"), (50_000, "询价"), (400_000, "公开招标")]
            .map(|(from, entry)| Tier {
                from: from.into(),
                entry: entry.to_owned(),
            })
            .into(),
    );
    vec![
        limit(
            "质保金比例上限",
            LimitType::Percent,
            vec![
                segment(
                    "2016-12-27",
                    "2017-06-30",
                    LimitValue::Number("0.05".parse().expect("5%")),
                    "5%",
                ),
                segment(
                    "2017-07-01",
                    "",
                    LimitValue::Number("0.03".parse().expect("3%")),
                    "3%",
                ),
            ],
            Unset::NotRun,
        ),
        limit("直接发包限额", LimitType::Money, Vec::new(), Unset::NotRun),
        limit("备案起点", LimitType::Money, Vec::new(), Unset::None),
        limit("现金限额", LimitType::Money, Vec::new(), Unset::None),
        limit(
            "拆分窗口",
            LimitType::Duration,
            vec![segment(
                "",
                "",
                LimitValue::Duration(Duration::Days(90)),
                "90天",
            )],
            Unset::NotRun,
        ),
        limit(
            "备案时限",
            LimitType::Duration,
            vec![segment(
                "",
                "",
                LimitValue::Duration(Duration::WorkingDays(5)),
                "5个工作日",
            )],
            Unset::NotRun,
        ),
        limit(
            "发包分档",
            LimitType::Tiers,
            vec![segment("", "", tiers, "分档")],
            Unset::NotRun,
        ),
        limit(
            "应备案类别",
            LimitType::List,
            vec![segment(
                "",
                "",
                LimitValue::List(vec!["工程".to_owned(), "租赁".to_owned()]),
                "工程、租赁",
            )],
            Unset::NotRun,
        ),
    ]
}

fn provision(id: &str, article: &str, from: &str, to: &str) -> Provision {
    Provision {
        id: id.to_owned(),
        law: "某法".to_owned(),
        en: "Some law".to_owned(),
        article: article.to_owned(),
        text: "……".to_owned(),
        from: if from.is_empty() { Day::MIN } else { day(from) },
        to: if to.is_empty() { Day::MAX } else { day(to) },
        grade: Grade::A,
        source: String::new(),
        replaces: Vec::new(),
        note: String::new(),
    }
}

/// Everything but rules.
pub(super) fn pack() -> Pack {
    Pack {
        kinds: kinds(),
        limits: limits(),
        law: [
            provision("old-1", "第一条", "1999-10-01", "2020-12-31"),
            provision("new-2", "第二条", "2021-01-01", ""),
        ]
        .into_iter()
        .map(|provision| (provision.id.clone(), provision))
        .collect(),
        ..Pack::default()
    }
}

/// A rule on one ledger as its author would write it.
#[derive(Clone, Copy, Default)]
pub(super) struct Written<'a> {
    pub(super) id: &'a str,
    pub(super) ledger: &'a str,
    pub(super) applies: &'a str,
    pub(super) violation: &'a str,
    pub(super) by: &'a [&'a str],
    pub(super) window: Option<(&'a str, &'a str)>,
    pub(super) law_date: &'a [&'a str],
    pub(super) amount: &'a str,
    pub(super) message: &'a str,
    pub(super) grades: &'a [(&'a str, Severity)],
    pub(super) all_villages: bool,
}

struct Author<'a> {
    names: Names<'a>,
    ledgers: Vec<KindId>,
    kind: KindId,
}

impl Author<'_> {
    fn place<'b>(&'b self, about: About<'b>) -> Place<'b> {
        Place {
            names: &self.names,
            ledgers: &self.ledgers,
            kind: self.kind,
            about,
        }
    }

    fn condition(&self, text: &str, about: About<'_>) -> Node {
        let expr = parse(text, &|_| false).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        check_condition(&expr, text, self.place(about)).unwrap_or_else(|e| panic!("{text}: {e:?}"))
    }

    fn value(&self, text: &str, about: About<'_>) -> Node {
        let expr = parse(text, &|_| false).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        check_value(&expr, text, self.place(about)).unwrap_or_else(|e| panic!("{text}: {e:?}"))
    }

    fn path(&self, text: &str) -> FieldPath {
        match self.value(text, About::Member).op {
            Op::Field(path) => path,
            other => panic!("{text} is no field: {other:?}"),
        }
    }

    fn message(&self, text: &str, about: About<'_>) -> Template {
        let (parts, problems) = split(text);
        assert!(problems.is_empty(), "{text}: {problems:?}");
        Template {
            parts: parts
                .into_iter()
                .map(|part| match part {
                    RawPart::Text(words) => TemplatePart::Text(words.into()),
                    RawPart::Expr(range) => TemplatePart::Value(self.value(&text[range], about)),
                })
                .collect(),
        }
    }
}

impl Written<'_> {
    fn judged(&self, pack: &Pack) -> Judged {
        let kind = pack.kinds.find(self.ledger).expect("a ledger");
        let author = Author {
            names: Names {
                kinds: &pack.kinds,
                limits: &pack.limits,
                patterns: RefCell::default(),
            },
            ledgers: vec![kind],
            kind,
        };
        let by: Vec<String> = self.by.iter().map(|by| (*by).to_owned()).collect();
        let about = if by.is_empty() {
            About::Record
        } else {
            About::Group(&by)
        };
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Judged {
            kind,
            applies: text(self.applies).map(|t| author.condition(&t, About::Member)),
            violation: author.condition(self.violation, about),
            group: (!by.is_empty()).then(|| Group {
                by: by
                    .iter()
                    .map(|by| author.value(by, About::Member))
                    .collect(),
                window: self.window.map(|(field, length)| Window {
                    field: author.path(field),
                    length: author.value(length, About::Member),
                }),
            }),
            law_date: self.law_date.iter().map(|path| author.path(path)).collect(),
            amount: text(self.amount).map(|t| author.value(&t, about)),
            message: author.message(self.message, about),
            message_en: Template::default(),
            grades: self
                .grades
                .iter()
                .map(|(when, _)| author.condition(when, about))
                .collect(),
        }
    }

    /// The rule, checked.
    pub(super) fn rule(&self, pack: &Pack) -> Rule {
        Rule {
            id: if self.id.is_empty() {
                "a-rule"
            } else {
                self.id
            }
            .to_owned(),
            topic: Topic::Signing,
            title: Bilingual::new("规则", "rule"),
            severity: Severity::Major,
            grades: self
                .grades
                .iter()
                .map(|(when, severity)| Graded {
                    severity: *severity,
                    when: Arc::from(*when),
                })
                .collect(),
            curable: false,
            trial: false,
            scope: if self.all_villages {
                Scope::All
            } else {
                Scope::Village
            },
            basis: vec!["old-1".to_owned(), "new-2".to_owned()],
            overlaps: Vec::new(),
            advice: Bilingual::new("核对", "check"),
            why: Bilingual::default(),
            judged: vec![self.judged(pack)],
            tests: Vec::new(),
            file: Arc::from("rules/a-rule.toml"),
            equivalent: Vec::new(),
        }
    }
}

/// A table as rule authors write it.
pub(super) fn table(text: &str) -> TestTable {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            line.split('|')
                .map(|cell| cell.trim().to_owned())
                .collect::<Vec<_>>()
        });
    let header = lines.next().unwrap_or_default();
    let rows = lines
        .map(|mut row| {
            row.resize(header.len(), String::new());
            row
        })
        .collect();
    TestTable { header, rows }
}

/// A test as rule authors write it.
#[derive(Clone, Copy, Default)]
pub(super) struct Case<'a> {
    pub(super) rows: &'a str,
    pub(super) related: &'a [(&'a str, &'a str)],
    pub(super) absent: &'a [&'a str],
    pub(super) limits: &'a [(&'a str, &'a str)],
    pub(super) as_of: &'a str,
    /// A verdict's word, or a table.
    pub(super) expect: &'a str,
    pub(super) message: &'a str,
    pub(super) reads: &'a [&'a str],
}

impl Case<'_> {
    fn test(&self) -> RuleTest {
        let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect()
        };
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        RuleTest {
            case: "a case".to_owned(),
            line: 1,
            ledger: None,
            rows: table(self.rows),
            related: self
                .related
                .iter()
                .map(|(name, rows)| ((*name).to_owned(), table(rows)))
                .collect(),
            absent: self.absent.iter().map(|name| (*name).to_owned()).collect(),
            expect: match crate::finding::Verdict::from_id(self.expect.trim()) {
                Some(verdict) => TestExpectation::Verdict(verdict),
                None => TestExpectation::Records(table(self.expect)),
            },
            as_of: text(self.as_of),
            limits: own(self.limits),
            message: text(self.message),
            reads: self.reads.iter().map(|name| (*name).to_owned()).collect(),
            known_gap: None,
        }
    }
}

/// Runs a case of a rule, and panics with the evaluated tree where it comes out otherwise.
#[track_caller]
pub(super) fn check(rule: Written<'_>, case: Case<'_>) {
    let pack = pack();
    let mut checked = rule.rule(&pack);
    checked.tests = vec![case.test()];
    for result in selftest::test_rule(&pack, &checked, Lang::Zh) {
        assert!(
            result.outcome == Outcome::Passed,
            "{}\n{}",
            rule.violation,
            result.text(Lang::Zh).unwrap_or_default()
        );
    }
}
