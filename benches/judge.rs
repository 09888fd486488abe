//! What judging costs: a condition, every rule of the pack, loading the pack.
//!
//! `cargo bench --bench judge`. Items are records, or records × rules: the time per item is what `benches/README.md` lists.
#![allow(missing_docs, reason = "a program of its own")]

use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use heyan::finding::{FileId, TableId};
use heyan::lang::Lang;
use heyan::ledger::assemble::{FoundCell, FoundColumn, FoundRow, FoundTable, Line, assemble};
use heyan::ledger::coerce::{ColumnUnit, Raw};
use heyan::ledger::{Day, Village, VillageName};
use heyan::rules::{Pack, RuleSource, SourceText, build, built_in};
use heyan::scan::{Settings, run};

fn main() {
    divan::main();
}

const RECORDS: usize = 20_000;

/// Numbers that look arbitrary and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let place = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words[place]
    }

    fn date(&mut self) -> String {
        format!(
            "{}-{:02}-{:02}",
            2019 + self.below(6),
            1 + self.below(12),
            1 + self.below(28)
        )
    }
}

/// A table of a kind with these columns.
fn table(pack: &Pack, kind: &str, columns: &[&str], rows: &[Vec<String>]) -> heyan::ledger::Ledger {
    let kind = pack.kinds.find(kind).expect("a ledger of the pack");
    let of_kind = pack.kinds.get(kind);
    let found = FoundTable {
        kind,
        file: FileId(u32::from(kind.0)),
        file_name: Arc::from("台账.xlsx"),
        sheet: Arc::from("台账"),
        table: TableId(1),
        title: Line::default(),
        columns: (0..)
            .zip(columns)
            .map(|(col, name)| FoundColumn {
                col,
                header: Arc::from(*name),
                field: of_kind.find(name).expect("a field of the kind"),
                unit: ColumnUnit::default(),
            })
            .collect(),
        village: VillageName::default(),
    };
    let rows = (1..).zip(rows).map(|(row, cells)| FoundRow {
        row,
        section: None,
        cells: cells
            .iter()
            .map(|text| FoundCell {
                raw: if text.is_empty() {
                    Raw::Blank
                } else {
                    Raw::Text(text)
                },
                origin: None,
            })
            .collect(),
    });
    assemble(&pack.kinds, &found, rows, &mut Vec::new())
}

/// One village with many contracts and payments, two in a hundred cells blank.
fn villages(pack: &Pack, records: usize) -> Vec<Village> {
    let mut dice = Dice(7);
    let mut contracts = Vec::new();
    let mut payments = Vec::new();
    for number in 0..records {
        let signed = dice.date();
        let mut row = vec![
            format!("HT-{number}"),
            dice.of(&[
                "道路硬化工程",
                "店面租赁合同",
                "山塘承包合同",
                "绿化养护服务",
                "办公用品采购",
            ])
            .to_owned(),
            dice.of(&["工程", "租赁", "承包", "服务", "采购"])
                .to_owned(),
            format!("霁光{}有限公司", dice.below(400)),
            (10_000 + dice.below(900_000)).to_string(),
            signed.clone(),
            dice.date(),
            dice.date(),
            dice.of(&["直接发包", "公开招标", "邀请招标"]).to_owned(),
            dice.of(&["是", "否"]).to_owned(),
            dice.of(&["3%", "5%", ""]).to_owned(),
            dice.of(&["", "", "", "抢险工程", "已归档"]).to_owned(),
        ];
        for cell in row.iter_mut().skip(1) {
            if dice.below(50) == 0 {
                cell.clear();
            }
        }
        contracts.push(row);
        payments.push(vec![
            format!("{number}"),
            format!("HT-{}", dice.below(records as u64)),
            format!("霁光{}有限公司", dice.below(400)),
            (1_000 + dice.below(90_000)).to_string(),
            dice.date(),
            dice.of(&["预付款", "进度款", "结算款"]).to_owned(),
        ]);
    }
    let contract = table(
        pack,
        "contract",
        &[
            "合同编号",
            "合同名称",
            "合同类别",
            "乙方",
            "合同金额",
            "签订日期",
            "开工日期",
            "备案日期",
            "发包方式",
            "是否备案",
            "质保金比例",
            "备注",
        ],
        &contracts,
    );
    let payment = table(
        pack,
        "payment",
        &[
            "凭证号",
            "合同编号",
            "收款方",
            "付款金额",
            "付款日期",
            "款项性质",
        ],
        &payments,
    );
    vec![Village {
        name: VillageName::default(),
        ledgers: vec![contract, payment],
    }]
}

fn settings() -> Settings {
    Settings {
        as_of: Day::from_ymd(2025, 6, 30).expect("a day"),
        lang: Lang::Zh,
        records: false,
    }
}

/// The ledgers of the built-in pack with one rule of this condition.
fn one_rule(applies: &str, violation: &str) -> Pack {
    let rule = format!(
        "title = \"规则\"\nledger = [\"合同\"]\nseverity = \"info\"\ncurable = true\nlaw_date = [\"签订日期\"]\n\
         applies = '{applies}'\nviolation = '{violation}'\nmessage = '{{合同编号}}'\nbasis = []\nadvice = \"核对\"\nwhy = \"测试\"\n"
    );
    let mut files = built_in();
    files.push(RuleSource {
        path: "signing/bench.toml".to_owned(),
        source: Arc::new(SourceText {
            name: "bench.toml".to_owned(),
            text: rule,
        }),
    });
    let loaded = build(&files, None);
    let mut pack = loaded.pack;
    pack.rules.retain(|rule| rule.id == "bench");
    assert_eq!(
        pack.rules.len(),
        1,
        "the rule is checked: {:?}",
        loaded.errors
    );
    pack
}

/// Five terms that no record fulfils together, so that no finding is made.
#[divan::bench]
fn five_terms(bencher: Bencher<'_, '_>) {
    let pack = one_rule(
        "合同金额 > 1元",
        "开工日期 < 签订日期 且 合同类别 = \"工程\" 且 备案日期 > 2030-01-01 且 合同金额 >= 5万元",
    );
    let villages = villages(&pack, RECORDS);
    bencher
        .counter(ItemsCount::new(RECORDS))
        .bench(|| run(&pack, &villages, &settings()));
}

/// The same, but the first four terms hold or are blank for most records.
#[divan::bench]
fn five_terms_to_the_end(bencher: Bencher<'_, '_>) {
    let pack = one_rule(
        "合同金额 > 1元",
        "签订日期 > 2000-01-01 且 合同类别 ≠ \"合作\" 且 合同金额 >= 1万元 且 开工日期 + 30天 < 2000-01-01",
    );
    let villages = villages(&pack, RECORDS);
    bencher
        .counter(ItemsCount::new(RECORDS))
        .bench(|| run(&pack, &villages, &settings()));
}

/// Every rule of the pack on contracts and payments, findings made.
#[divan::bench(sample_count = 10)]
fn whole_pack(bencher: Bencher<'_, '_>) {
    let pack = build(&built_in(), None).pack;
    let villages = villages(&pack, RECORDS);
    let judged: u64 = run(&pack, &villages, &settings())
        .by_rule
        .iter()
        .map(|balance| u64::from(balance.records))
        .sum();
    bencher
        .counter(ItemsCount::new(judged))
        .bench(|| run(&pack, &villages, &settings()));
}

/// Loading the pack that is compiled in.
#[divan::bench]
fn load_pack() -> usize {
    build(&built_in(), None).pack.rules.len()
}
