//! Small tables put together from texts.

use std::sync::Arc;

use super::{FoundCell, FoundColumn, FoundRow, FoundTable, Line, LineCell, assemble};
use crate::finding::{FileId, Issue, TableId};
use crate::ledger::coerce::testing::field;
use crate::ledger::coerce::{ColumnUnit, Raw};
use crate::ledger::{
    Choice, FieldId, FieldType, Fills, KindId, Kinds, Ledger, LedgerKind, Origin, VillageName,
};

/// A kind of the given fields, changed as a test needs it.
fn kind(fields: &[(&str, FieldType)], change: impl FnOnce(&mut LedgerKind)) -> Kinds {
    let mut kind = LedgerKind {
        id: "contract".into(),
        name: "合同".into(),
        en: "Contracts".into(),
        title: Vec::new(),
        fields: fields
            .iter()
            .map(|&(name, ty)| {
                let mut field = field(ty);
                field.name = name.into();
                field
            })
            .collect(),
        keys: Vec::new(),
        relations: Vec::new(),
    };
    change(&mut kind);
    Kinds::new(vec![Arc::new(kind)])
}

fn id(kinds: &Kinds, name: &str) -> FieldId {
    kinds
        .get(KindId(0))
        .find(name)
        .expect("a field of the kind")
}

/// A line of one cell in the second column.
fn line(row: u32, text: &str) -> Line {
    Line {
        text: text.into(),
        cells: vec![LineCell {
            row,
            col: 1,
            text: text.into(),
        }],
    }
}

/// A table of one header row and data rows, cells between `|`; the title and sheet are `合同台账`.
fn read(kinds: &Kinds, rows: &str) -> (Ledger, Vec<Issue>) {
    read_with(kinds, rows, "", ColumnUnit::default())
}

fn read_with(kinds: &Kinds, rows: &str, section: &str, unit: ColumnUnit) -> (Ledger, Vec<Issue>) {
    let section = line(20, section);
    let mut lines = rows
        .trim()
        .lines()
        .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let table = FoundTable {
        kind: KindId(0),
        file: FileId(0),
        file_name: "台账.xlsx".into(),
        sheet: "Sheet1".into(),
        table: TableId(1),
        title: line(0, "合同台账"),
        columns: (0..)
            .zip(&header)
            .map(|(col, &name)| FoundColumn {
                col,
                header: name.into(),
                field: id(kinds, name),
                unit,
            })
            .collect(),
        village: VillageName {
            town: "栖霞镇".into(),
            name: "李庄村".into(),
        },
    };
    let rows: Vec<FoundRow<'_>> = (1..)
        .zip(lines)
        .map(|(row, cells)| FoundRow {
            row,
            section: Some(&section),
            cells: cells
                .into_iter()
                .map(|text| FoundCell {
                    raw: match text.strip_prefix('=').map(str::parse) {
                        Some(Ok(number)) => Raw::Number(number),
                        _ if text.is_empty() => Raw::Blank,
                        _ => Raw::Text(text),
                    },
                    origin: None,
                })
                .collect(),
        })
        .collect();
    let mut issues = Vec::new();
    let ledger = assemble(kinds, &table, rows, &mut issues);
    (ledger, issues)
}

/// Each record's values of some fields: `value`, `value(raw)` where they differ, `value<A1` where it was read or inferred
/// elsewhere, `空`, `?`, `没有`.
fn show(kinds: &Kinds, ledger: &Ledger, names: &[&str]) -> Vec<String> {
    (0..u32::try_from(ledger.len()).expect("few"))
        .map(|record| {
            let shown: Vec<String> = names
                .iter()
                .map(|name| {
                    let field = id(kinds, name);
                    let mut out = match ledger.get(record, field) {
                        crate::ledger::Datum::Absent => "没有".to_owned(),
                        crate::ledger::Datum::Empty => "空".to_owned(),
                        crate::ledger::Datum::Unreadable => "?".to_owned(),
                        _ => ledger.print(record, field).expect("a value").into_owned(),
                    };
                    let raw = ledger.raw(record, field);
                    if !raw.is_empty() && raw != out.as_str() {
                        out = format!("{out}({raw})");
                    }
                    if let Some(origin) = ledger.origin(record, field)
                        && origin.inferred
                    {
                        out = format!("{out}<{}", origin.address());
                    }
                    out
                })
                .collect();
            shown.join(" | ")
        })
        .collect()
}

fn told(issues: &[Issue]) -> Vec<String> {
    issues
        .iter()
        .map(|issue| {
            let cells: Vec<String> = issue
                .cells
                .iter()
                .map(|cell| crate::read::address(cell.row, cell.col))
                .collect();
            format!("{} {} {}", issue.kind.id(), issue.field, cells.join(" "))
        })
        .collect()
}

const CONTRACT: &[(&str, FieldType)] = &[
    ("合同编号", FieldType::Id),
    ("合同名称", FieldType::Text),
    ("乙方", FieldType::Party),
    ("签订日期", FieldType::Date),
    ("合同金额", FieldType::Money),
    ("中标价", FieldType::Money),
    ("大写金额", FieldType::Money),
    ("合同期限", FieldType::Period),
    ("起始日期", FieldType::Date),
    ("终止日期", FieldType::Date),
    ("合同年限", FieldType::Length),
    ("合同类别", FieldType::Choice),
    ("质保金比例", FieldType::Percent),
    ("表决情况", FieldType::Vote),
    ("应到人数", FieldType::Number),
    ("同意人数", FieldType::Number),
    ("备注", FieldType::Text),
];

fn contracts() -> Kinds {
    kind(CONTRACT, |kind| {
        let find = |name: &str| kind.find(name).expect("a field");
        let fills = Fills {
            start: Some(find("起始日期")),
            end: Some(find("终止日期")),
            length: Some(find("合同年限")),
            ..Fills::default()
        };
        let vote = Fills {
            expected: Some(find("应到人数")),
            agreed: Some(find("同意人数")),
            ..Fills::default()
        };
        let keys = vec![
            vec![find("合同编号")],
            vec![find("合同名称"), find("乙方"), find("签订日期")],
        ];
        let (bid, period, class, ballot, remark) = (
            find("中标价"),
            find("合同期限"),
            find("合同类别"),
            find("表决情况"),
            find("备注"),
        );
        let amount = find("合同金额");
        kind.keys = keys;
        kind.fields[usize::from(amount.0)].fallback = vec![bid];
        kind.fields[usize::from(amount.0)].empty = vec!["见合同".into()];
        kind.fields[usize::from(period.0)].fills = fills;
        kind.fields[usize::from(ballot.0)].fills = vote;
        kind.fields[usize::from(remark.0)].optional = true;
        let class = &mut kind.fields[usize::from(class.0)];
        class.infer = vec![
            "合同名称".into(),
            "section".into(),
            "sheet".into(),
            "title".into(),
        ];
        class.choices = [("租赁", "出租"), ("工程", "工程建设"), ("服务", "服务合同")]
            .iter()
            .map(|&(value, word)| Choice {
                value: value.into(),
                words: vec![word.into()],
            })
            .collect();
    })
}

#[test]
fn values_raw_texts_and_places_are_kept() {
    let kinds = contracts();
    let (ledger, issues) = read(
        &kinds,
        "合同编号 | 乙方         | 签订日期  | 合同金额 | 备注
         A1       | 李某         | 2024.3.1  | 12万     | —
         A2       | 张三有限公司 | 2024-03-02 | =12000  |
         A3       | 张三公司     | 2月30日   | 约40万   | 据实",
    );
    assert_eq!(
        show(
            &kinds,
            &ledger,
            &[
                "合同编号",
                "乙方",
                "签订日期",
                "合同金额",
                "备注",
                "终止日期"
            ]
        ),
        [
            "A1 | 李某 | 2024-03-01(2024.3.1) | 120000(12万) | 空(—) | 没有",
            "A2 | 张三有限公司 | 2024-03-02 | 12000 | 空 | 没有",
            "A3 | 张三公司 | ?(2月30日) | ?(约40万) | 据实 | 没有",
        ]
    );
    assert_eq!(
        told(&issues),
        ["invalid-date 签订日期 C4", "unparseable-amount 合同金额 D4"]
    );
    assert_eq!(issues[0].records, [("A3".to_owned(), 4)]);
    assert_eq!(issues[0].cells[0].raw, "2月30日");
    let party = id(&kinds, "乙方");
    let folded = |record| match ledger.get(record, party) {
        crate::ledger::Datum::Text(text) => ledger.folded(text),
        datum => panic!("{datum:?}"),
    };
    assert_eq!(folded(1), folded(2));
    assert_ne!(folded(0), folded(1));
}

#[test]
fn a_period_fills_its_parts_where_they_have_no_column() {
    let kinds = contracts();
    let (ledger, issues) = read(
        &kinds,
        "合同期限
         2020.1.1-2024.12.31
         5年
         长期
         见合同
         无
         2013.6-2015.3",
    );
    assert_eq!(
        show(
            &kinds,
            &ledger,
            &["合同期限", "起始日期", "终止日期", "合同年限"]
        ),
        [
            "2020-01-01/2024-12-31(2020.1.1-2024.12.31) | 2020-01-01(2020.1.1-2024.12.31) | 2024-12-31(2020.1.1-2024.12.31) | P5Y(2020.1.1-2024.12.31)",
            "P5Y(5年) | 空(5年) | 空(5年) | P5Y(5年)",
            "长期 | 空(长期) | 长期 | 空(长期)",
            "?(见合同) | ?(见合同) | ?(见合同) | ?(见合同)",
            "空(无) | 空 | 空 | 空",
            "2013-06/2015-03(2013.6-2015.3) | 2013-06(2013.6-2015.3) | 2015-03(2013.6-2015.3) | 空(2013.6-2015.3)",
        ]
    );
    assert_eq!(told(&issues), ["unreadable-value 合同期限 A5"]);
    assert_eq!(
        ledger
            .origin(0, id(&kinds, "终止日期"))
            .and_then(Origin::cell),
        Some((1, 0))
    );
}

#[test]
fn a_column_of_its_own_comes_before_the_period() {
    let kinds = contracts();
    let (ledger, issues) = read(
        &kinds,
        "合同期限              | 起始日期   | 终止日期   | 合同年限
         2020.1.1-2024.12.31  | 2020-01-01 | 2025-01-01 | 5年
         2020.1.1-2024.12.31  |            | 2024-12-31 | 3年
         2020.1.1-2024.12.31  | 2021-01-01 | —          |
         长期                  | 2020-01-01 |            |",
    );
    let shown = show(&kinds, &ledger, &["起始日期", "终止日期", "合同年限"]);
    assert_eq!(shown[0], "2020-01-01 | 2025-01-01 | P5Y(5年)");
    assert_eq!(
        shown[1],
        "2020-01-01(2020.1.1-2024.12.31) | 2024-12-31 | P3Y(3年)"
    );
    assert_eq!(
        shown[2],
        "2021-01-01 | 2024-12-31(2020.1.1-2024.12.31) | P5Y(2020.1.1-2024.12.31)"
    );
    assert_eq!(shown[3], "2020-01-01 | 长期 | 空");
    assert_eq!(
        told(&issues),
        [
            "contradictory-period 合同年限 A3 D3",
            "contradictory-period 起始日期 A4 B4"
        ]
    );
    let origin = ledger.origin(1, id(&kinds, "起始日期")).expect("a cell");
    assert_eq!(origin.cell(), Some((2, 0)));
}

#[test]
fn a_last_day_may_be_left_open() {
    let kinds = contracts();
    let (ledger, issues) = read(
        &kinds,
        "起始日期 | 终止日期\n2020-01-01 | 长期\n长期 | 2020-01-01",
    );
    assert_eq!(
        show(&kinds, &ledger, &["起始日期", "终止日期"]),
        ["2020-01-01 | 长期", "?(长期) | 2020-01-01"]
    );
    assert_eq!(told(&issues), ["unreadable-value 起始日期 A3"]);
}

#[test]
fn a_vote_fills_its_numbers() {
    let kinds = contracts();
    let (ledger, issues) = read(&kinds, "表决情况\n应到36人，实到33人，同意31人\n33/36");
    assert_eq!(
        show(&kinds, &ledger, &["应到人数", "同意人数"]),
        [
            "36(应到36人，实到33人，同意31人) | 31(应到36人，实到33人，同意31人)",
            "?(33/36) | ?(33/36)"
        ]
    );
    assert_eq!(told(&issues), ["unreadable-value 表决情况 A3"]);
}

#[test]
fn a_missing_column_reads_its_fallback() {
    let kinds = contracts();
    let (ledger, issues) = read(&kinds, "中标价\n12万\n见合同\n三万多");
    assert_eq!(
        show(&kinds, &ledger, &["合同金额", "中标价"]),
        [
            "120000(12万) | 120000(12万)",
            "空(见合同) | ?(见合同)",
            "?(三万多) | ?(三万多)"
        ]
    );
    // One cell is one issue, and the evidence names the column that was read.
    assert_eq!(
        told(&issues),
        [
            "unparseable-amount 中标价 A3",
            "unparseable-amount 中标价 A4"
        ]
    );
    let column = ledger.columns[usize::from(id(&kinds, "合同金额").0)].as_ref();
    assert_eq!(column.map(|column| &*column.header), Some("中标价"));
}

#[test]
fn a_class_is_inferred_and_marked() {
    let kinds = contracts();
    let table = "合同名称 | 合同类别
         冷库租赁合同 |
         合作协议 |
         合作协议 | 工程
         工程咨询服务合同 | —
         水库工程 | 杂项
         水库租赁 | 杂项";
    let (ledger, issues) = read_with(&kinds, table, "二、出租", ColumnUnit::default());
    assert_eq!(
        show(&kinds, &ledger, &["合同类别"]),
        [
            "租赁(冷库租赁合同)<A2",
            "租赁(二、出租)<B21",
            "工程",
            "服务(工程咨询服务合同)<A5",
            "?(杂项)",
            "?(杂项)"
        ]
    );
    assert_eq!(told(&issues), ["unknown-choice 合同类别 B6 B7"]);
    let (ledger, _) = read(&kinds, "合同名称\n冷库租赁合同\n合作协议");
    assert_eq!(
        show(&kinds, &ledger, &["合同类别"]),
        ["租赁(冷库租赁合同)<A2", "没有"]
    );
}

#[test]
fn an_inferred_class_names_the_cell_that_its_words_stand_in() {
    let kinds = contracts();
    let table = |sheet: &str, title: &[&str]| FoundTable {
        kind: KindId(0),
        file: FileId(0),
        file_name: "台账.xlsx".into(),
        sheet: sheet.into(),
        table: TableId(1),
        title: Line {
            text: title.join(" "),
            cells: (3..)
                .zip(title)
                .map(|(col, text)| LineCell {
                    row: 0,
                    col,
                    text: (*text).into(),
                })
                .collect(),
        },
        columns: vec![FoundColumn {
            col: 0,
            header: "合同名称".into(),
            field: id(&kinds, "合同名称"),
            unit: ColumnUnit::default(),
        }],
        village: VillageName::default(),
    };
    let class = |table: &FoundTable| {
        let row = FoundRow {
            row: 2,
            section: None,
            cells: vec![FoundCell {
                raw: Raw::Text("合作协议"),
                origin: None,
            }],
        };
        let ledger = assemble(&kinds, table, [row], &mut Vec::new());
        show(&kinds, &ledger, &["合同类别"]).remove(0)
    };
    // The words stand in the second cell of the title.
    assert_eq!(
        class(&table("Sheet1", &["栖霞镇李庄村", "资产出租台账"])),
        "租赁(资产出租台账)<E1"
    );
    // A sheet's name stands in no cell.
    assert_eq!(class(&table("出租", &["李庄村台账"])), "租赁(出租)<");
}

#[test]
fn a_field_with_one_value_always_has_it() {
    let mut kinds = contracts();
    let mut kind = kinds.get(KindId(0)).as_ref().clone();
    let class = kind.find("合同类别").expect("a field");
    kind.fields[usize::from(class.0)].always = Some("工程".into());
    kinds = Kinds::new(vec![Arc::new(kind)]);
    let (ledger, issues) = read(&kinds, "合同名称 | 合同类别\n冷库租赁合同 | 杂项");
    assert_eq!(show(&kinds, &ledger, &["合同类别"]), ["工程"]);
    assert_eq!(told(&issues), Vec::<String>::new());
}

#[test]
fn words_and_figures_are_compared() {
    let kinds = contracts();
    let (_, issues) = read(
        &kinds,
        "合同金额 | 大写金额
         120000  | 壹拾贰万元整
         120000  | 壹拾叁万元整
         约12万  | 壹拾叁万元整
                 | 壹拾叁万元整",
    );
    assert_eq!(
        told(&issues),
        [
            "amount-capital-mismatch 合同金额 B3 A3",
            "unparseable-amount 合同金额 A4"
        ]
    );
    // Figures in 万元 that were rounded to the places shown do not contradict the words.
    let unit = ColumnUnit {
        money: 4,
        ..ColumnUnit::default()
    };
    let (_, issues) = read_with(
        &kinds,
        "合同金额 | 大写金额
         =12.35  | 壹拾贰万叁仟肆佰伍拾陆元整
         =12.35  | 壹拾贰万肆仟伍佰元整
         =12     | 壹拾贰万叁仟肆佰伍拾陆元整",
        "",
        unit,
    );
    assert_eq!(
        told(&issues),
        [
            "amount-capital-mismatch 合同金额 B3 A3",
            "amount-capital-mismatch 合同金额 B4 A4"
        ]
    );
}

#[test]
fn the_scale_of_ratios_is_that_of_the_column() {
    let kinds = contracts();
    let percent = ColumnUnit {
        percent: true,
        ..ColumnUnit::default()
    };
    for (cells, unit, want) in [
        ("=0.03\n=0.05", percent, &["0.03", "0.05"][..]),
        ("=3\n=1\n5%", percent, &["0.03(3)", "0.01(1)", "0.05(5%)"]),
        ("=0.3\n=1", ColumnUnit::default(), &["0.3", "1"]),
        ("=30\n=1", ColumnUnit::default(), &["0.3(30)", "0.01(1)"]),
        ("=1", ColumnUnit::default(), &["?(1)"]),
        ("=0.5\n=30", percent, &["?(0.5)", "0.3(30)"]),
    ] {
        let (ledger, _) = read_with(&kinds, &format!("质保金比例\n{cells}"), "", unit);
        assert_eq!(show(&kinds, &ledger, &["质保金比例"]), want, "{cells}");
    }
}

#[test]
fn ids_are_keys_and_never_rows() {
    let kinds = contracts();
    let rows = [
        "A1 | 甲合同 | 李某 | 2024-03-01 | 1",
        "a 2 | 乙合同 | 李某 | 2024-03-01 | 2",
        "A3 | 丙合同 | 李某 | 2024-03-01 | 3",
        "A3 | 丁合同 | 李某 | 2024-03-01 | 4",
        "   | 戊合同 | 王某有限公司 | 2024-03-01 | 5",
        "A4 | 己合同 |     | | 7",
        "A4 | 己合同 |     | | 6",
        "A4 | 己合同 |     | | 6",
        "   |        | 赵某 | | 9",
        "   |        | 赵某 | | 8",
    ];
    let header = "合同编号 | 合同名称 | 乙方 | 签订日期 | 合同金额";
    let ids = |rows: &[&str]| {
        let (ledger, _) = read(&kinds, &format!("{header}\n{}", rows.join("\n")));
        let amount = id(&kinds, "合同金额");
        let mut ids: Vec<String> = (0..10)
            .map(|record| {
                format!(
                    "{} {}",
                    ledger.raw(record, amount),
                    ledger.ids[record as usize]
                )
            })
            .collect();
        ids.sort();
        ids
    };
    let want = [
        "1 A1",
        "2 A2",
        "3 A3 ¦ 丙合同|李某|2024-03-01",
        "4 A3 ¦ 丁合同|李某|2024-03-01",
        "5 戊合同|王某公司|2024-03-01",
        "6 A4",
        "6 A4#2",
        "7 A4#3",
        "8 #1",
        "9 #2",
    ];
    assert_eq!(ids(&rows), want);
    let mut turned = rows;
    turned.reverse();
    assert_eq!(ids(&turned), want, "sorted anew, the ids stay");
    let (ledger, _) = read(&kinds, &format!("{header}\n{}", rows.join("\n")));
    assert_eq!(
        ledger.keys[0].iter().map(|key| &**key).collect::<Vec<_>>(),
        ["A1", "甲合同|李某|2024-03-01"]
    );
    assert!(ledger.keys[8].is_empty());
}

#[test]
fn a_cell_that_several_records_repeat_is_one_issue() {
    let kinds = contracts();
    let table = FoundTable {
        kind: KindId(0),
        file: FileId(0),
        file_name: "台账.xlsx".into(),
        sheet: "Sheet1".into(),
        table: TableId(1),
        title: Line::default(),
        columns: vec![FoundColumn {
            col: 3,
            header: "合同金额".into(),
            field: id(&kinds, "合同金额"),
            unit: ColumnUnit::default(),
        }],
        village: VillageName::default(),
    };
    let rows = (5..8).map(|row| FoundRow {
        row,
        section: None,
        cells: vec![FoundCell {
            raw: Raw::Text("约40万"),
            origin: Some((5, 3)),
        }],
    });
    let mut issues = Vec::new();
    let ledger = assemble(&kinds, &table, rows, &mut issues);
    assert_eq!(told(&issues), ["unparseable-amount 合同金额 D6"]);
    assert_eq!(issues[0].records.len(), 3);
    let origin = ledger.origin(2, id(&kinds, "合同金额")).expect("a cell");
    assert_eq!((origin.cell(), origin.inferred), (Some((5, 3)), false));
}
