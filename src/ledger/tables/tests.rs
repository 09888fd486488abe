//! Sheets as text → how they are understood, by the ledger kinds of the pack.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::finding::FileId;
use crate::lang::Lang;
use crate::ledger::{
    Choice, FieldId, FieldKind, FieldType, FileInfo, Fills, Hints, Kinds, LedgerKind, Mapped, Rate,
};
use crate::read::{Cell, Content, Region, Sheet, Workbook};

/// The kinds of `rules/ledgers`, read without the checks of the loader.
pub(in crate::ledger) fn kinds() -> Kinds {
    static KINDS: OnceLock<Kinds> = OnceLock::new();
    let kinds = KINDS.get_or_init(read_kinds);
    // Folded once for all tests.
    kinds.lexicon();
    kinds.clone()
}

fn read_kinds() -> Kinds {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/ledgers");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    Kinds::new(
        files
            .iter()
            .map(|path| Arc::new(kind(&std::fs::read_to_string(path).unwrap())))
            .collect(),
    )
}

#[expect(
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "one entry for each key of the file"
)]
fn kind(text: &str) -> LedgerKind {
    let file: toml::Table = text.parse().unwrap();
    let strings = |value: Option<&toml::Value>| -> Vec<String> {
        value
            .and_then(toml::Value::as_array)
            .map(|list| {
                list.iter()
                    .filter_map(|v| v.as_str().map(String::from))
                    .collect()
            })
            .unwrap_or_default()
    };
    let string = |table: &toml::Table, key: &str| {
        table
            .get(key)
            .and_then(toml::Value::as_str)
            .unwrap_or("")
            .to_string()
    };
    let fields = file["field"].as_array().unwrap();
    let names: Vec<String> = fields
        .iter()
        .map(|field| string(field.as_table().unwrap(), "name"))
        .collect();
    let id = |name: &str| -> Option<FieldId> {
        names
            .iter()
            .position(|known| known == name)
            .map(|at| FieldId(u16::try_from(at).unwrap()))
    };
    let fields = fields
        .iter()
        .map(|entry| {
            let field = entry.as_table().unwrap();
            let fill = |key: &str| {
                field
                    .get("fills")
                    .and_then(|f| f.get(key))
                    .and_then(toml::Value::as_str)
                    .and_then(id)
            };
            FieldKind {
                name: string(field, "name"),
                en: string(field, "en"),
                ty: match string(field, "type").as_str() {
                    "number" => FieldType::Number,
                    "money" => FieldType::Money,
                    "percent" => FieldType::Percent,
                    "date" => FieldType::Date,
                    "period" => FieldType::Period,
                    "length" => FieldType::Length,
                    "vote" => FieldType::Vote,
                    "flag" => FieldType::Flag,
                    "choice" => FieldType::Choice,
                    "party" => FieldType::Party,
                    "id" => FieldType::Id,
                    _ => FieldType::Text,
                },
                headers: strings(field.get("headers")),
                negative: true,
                fallback: Vec::new(),
                empty: strings(field.get("empty")),
                fills: Fills {
                    start: fill("start"),
                    end: fill("end"),
                    length: fill("length"),
                    expected: fill("expected"),
                    present: fill("present"),
                    agreed: fill("agreed"),
                    opposed: fill("opposed"),
                    abstained: fill("abstained"),
                },
                infer: strings(field.get("infer")),
                choices: field
                    .get("choices")
                    .and_then(toml::Value::as_table)
                    .map(|table| {
                        table
                            .iter()
                            .map(|(value, words)| Choice {
                                value: value.clone(),
                                words: strings(Some(words)),
                            })
                            .collect()
                    })
                    .unwrap_or_default(),
                optional: field
                    .get("optional")
                    .and_then(toml::Value::as_bool)
                    .unwrap_or(false),
                always: field
                    .get("always")
                    .and_then(toml::Value::as_str)
                    .map(String::from),
                per: (string(field, "per") == "year").then_some(Rate::Year),
            }
        })
        .collect();
    LedgerKind {
        id: string(&file, "kind"),
        name: string(&file, "name"),
        en: string(&file, "en"),
        title: strings(file.get("title")),
        fields,
        keys: file["key"]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| {
                strings(Some(key))
                    .iter()
                    .filter_map(|name| id(name))
                    .collect()
            })
            .collect(),
        relations: Vec::new(),
    }
}

/// A sheet from text: one row a line, cells between `|`; numbers are numbers, `<` is merged with the cell to its left,
/// `^` with the one above.
pub(in crate::ledger) fn sheet(name: &str, text: &str, workbook: &mut Workbook) {
    let mut sheet = Sheet {
        name: name.into(),
        ..Sheet::default()
    };
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let at = |row: usize, col: usize| {
        lines
            .get(row)
            .and_then(|line| line.get(col))
            .copied()
            .unwrap_or("")
    };
    for (row, line) in lines.iter().enumerate() {
        for (col, text) in line.iter().enumerate() {
            if matches!(*text, "" | "<" | "^") {
                continue;
            }
            let content = match text.parse::<f64>() {
                Ok(number) => Content::Number(number),
                Err(_) => Content::Text(workbook.texts.push(&text.replace("\\n", "\n")).unwrap()),
            };
            let cell = Cell {
                row: u32::try_from(row).unwrap(),
                col: u16::try_from(col).unwrap(),
                content,
            };
            sheet.cells.push(cell);
            let (mut right, mut bottom) = (col, row);
            while at(row, right + 1) == "<" {
                right += 1;
            }
            while at(bottom + 1, col) == "^" {
                bottom += 1;
            }
            if right > col || bottom > row {
                sheet.merged.push(Region {
                    top: cell.row,
                    left: cell.col,
                    bottom: u32::try_from(bottom).unwrap(),
                    right: u16::try_from(right).unwrap(),
                });
            }
        }
    }
    workbook.sheets.push(sheet);
}

/// Maps one sheet of a file.
fn map(file: &str, text: &str) -> Mapped {
    let mut workbook = Workbook::default();
    sheet("Sheet1", text, &mut workbook);
    let file = FileInfo {
        id: FileId(0),
        name: file.into(),
        village: None,
    };
    super::map(&workbook, &file, &kinds(), &Hints::default(), Lang::Zh)
}

/// What was understood, one line a table, then its columns, then what was ignored.
fn show(mapped: &Mapped) -> String {
    let mut out = String::new();
    for table in &mapped.tables {
        writeln!(
            out,
            "{} {}/{} ({}) 表头{:?} 行{:?} {}条",
            table.kind,
            table.town,
            table.village,
            table.village_from,
            table.header_rows,
            table.rows,
            table.records
        )
        .unwrap();
        for column in &table.columns {
            writeln!(
                out,
                "  {} {} = {} {} [{} {:.2}]",
                column.column,
                column.header,
                column.field.as_deref().unwrap_or("-"),
                column.unit.as_deref().unwrap_or(""),
                column.why,
                column.confidence
            )
            .unwrap();
        }
        for row in &table.ignored_rows {
            writeln!(out, "  {}行 {}", row.row, row.why).unwrap();
        }
    }
    for (village, ledger) in &mapped.ledgers {
        for record in 0..u32::try_from(ledger.len()).unwrap() {
            let values: Vec<String> = (0..)
                .map(FieldId)
                .zip(&ledger.kind_of.fields)
                .filter_map(|(id, field)| {
                    ledger
                        .print(record, id)
                        .map(|value| format!("{}={value}", field.name))
                })
                .collect();
            writeln!(
                out,
                "  {} {} {}",
                village.name,
                ledger.rows[record as usize] + 1,
                values.join(" ")
            )
            .unwrap();
        }
    }
    for issue in &mapped.issues {
        writeln!(out, "{}: {}", issue.kind.id(), issue.message.zh).unwrap();
    }
    out
}

/// Each layout by the name of its snapshot.
const LAYOUTS: &[(&str, &str, &str)] = &[
    (
        "groups-and-footer",
        "青竹村.xlsx",
        "青竹村合同台账|<|<|<|<|<|<|<\n\
         单位：万元\n\
         序号|合同编号|合同名称|合同双方|<|签订时间|合同价款|备注\n\
         ^|^|^|甲方|乙方|^|^|^\n\
         1|A1|鱼塘承包|青竹村|张三|2021.3.5|12.5|\n\
         2|A2|店面租赁|同上|李四|2021.3.6|3|\n\
         合计||||||15.5|\n\
         制表人：王五|||审核：赵六",
    ),
    (
        "three-rows-without-merges",
        "2023年合同.csv",
        "白石镇青竹村2023年度合同登记\n\
         序号|合同基本情况||||履行情况||||备注\n\
         |编号|名称|金额(元)||期限||收款||\n\
         |||合同价|年租金|起|止|应收|实收|\n\
         1|A1|鱼塘承包|1200|400|2021.1.1|2023.12.31|400|400|\n\
         2|A2|店面租赁|900|300|2021.3.6|2024.3.5|300|200|",
    ),
    (
        "tables-beside-and-below",
        "台账.xlsx",
        "青竹村付款明细|<|<|<||青竹村会议记录|<|<|<\n\
         序号|付款日期|付款金额|收款人||序号|会议时间|议题|应到人数\n\
         1|2021.3.5|100|张三||1|2021.1.2|关于道路硬化的议题|30\n\
         2|2021.3.6|200|李四||2|2021.1.3|关于路灯安装的议题|31\n\
         合计||300|||||\n\
         \n\
         三、工程\n\
         序号|项目名称|施工单位|合同价|开工日期|竣工日期\n\
         1|2|3|4|5|6\n\
         1|道路硬化|大同建设有限公司|5000|2021.4.1|2021.6.1\n\
         以下空白\n\
         2\n\
         3",
    ),
    (
        "sections-and-pages",
        "台账.xls",
        "青竹村合同台账\n\
         一、资产出租类\n\
         序号|合同号|合同名称|承租方|合同金额|签订日期\n\
         1|A1|店面租赁|张三|100|2021.3.5\n\
         小计||||100|\n\
         二、工程类\n\
         序号|合同号|合同名称|承租方|合同金额|签订日期\n\
         2|A2|道路硬化工程|大同建设有限公司|900|2021.3.5\n\
         本页小计||||900|\n\
         总 计||||1001|\n\
         注：本表一式两份",
    ),
    (
        "merged-down-payments",
        "付款.xlsx",
        "青竹村资金支付台账|<|<|<|<|<\n\
         序号|合同编号|项目名称|支付日期|支付金额|收款单位\n\
         1|A1|道路硬化|2021.3.5|100|大同建设有限公司\n\
         ^|^|^|2021.4.5|200|大同建设有限公司\n\
         ^|^|^|2021.5.5|300|大同建设有限公司\n\
         2||电费|2021.6.5|40|供电所\n\
         合计||||640|",
    ),
    (
        "grouped-without-merges",
        "青竹村付款.csv",
        "序号|合同编号|项目名称|支付日期|支付金额|收款单位\n\
         1|A1|道路硬化|2021.3.5|100|大同建设有限公司\n\
         |||2021.4.5|200|大同建设有限公司\n\
         2||电费|2021.6.5|40|供电所",
    ),
    (
        "town-with-village-column",
        "白石镇2024合同.xlsx",
        "白石镇2024年度村级合同台账\n\
         序号|所属村|合同编号|合同名称|乙方|签订日期|合同金额（元）\n\
         1|青竹村|A1|鱼塘承包|张三|2021.3.5|100\n\
         2|^|A2|店面租赁|李四|2021.3.6|200\n\
         3|黄泥村|B1|山林承包|王五|2021.3.7|300\n\
         合计||||||600",
    ),
    (
        "wide-payments",
        "工程.xlsx",
        "青竹村工程台账\n\
         序号|工程名称|承建单位|中标价（万元）|预付款|<|进度款|<|结算款|<|质保金（%）\n\
         ^|^|^|^|日期|金额|支付时间|支付金额|日期|金额|^\n\
         1|道路硬化|大同建设有限公司|12|2021.3.5|3|2021.4.5|4|2021.6.5|4.6|3",
    ),
    (
        "form",
        "青竹村合同.xlsx",
        "合同登记卡|<|<|<\n\
         合同编号|A1|合同名称|鱼塘承包合同\n\
         甲方：|青竹村股份经济合作社|乙方：|张三\n\
         合同金额：12000元||签订日期|2021.3.5\n\
         起始日期|2021.4.1|终止日期|2024.3.31\n\
         备注|无",
    ),
    (
        "no-ledger",
        "通知.xlsx",
        "关于开展合同清理的通知\n\
         各村：\n\
         请于月底前报送",
    ),
    (
        "ambiguous-columns",
        "青竹村.xlsx",
        "序号|合同编号|合同名称|签订日期|签约时间|合同金额|电话\n\
         1|A1|鱼塘承包|2021.3.5|2021.3.6|100|138\n\
         2|A2|店面租赁|2021.4.5|2021.4.6|200|139",
    ),
];

#[test]
fn layouts_are_understood() {
    for (name, file, text) in LAYOUTS {
        insta::assert_snapshot!(*name, show(&map(file, text)));
    }
}

/// Maps files, each with one sheet, and gathers their ledgers.
fn gathered(files: &[(&str, &str)]) -> (Vec<crate::ledger::Village>, Vec<crate::finding::Issue>) {
    let kinds = kinds();
    let mut ledgers = Vec::new();
    for (id, (name, text)) in (0..).zip(files) {
        let mut workbook = Workbook::default();
        sheet("Sheet1", text, &mut workbook);
        let file = FileInfo {
            id: FileId(id),
            name: (*name).into(),
            village: None,
        };
        ledgers.extend(super::map(&workbook, &file, &kinds, &Hints::default(), Lang::Zh).ledgers);
    }
    crate::ledger::gather(ledgers, &kinds)
}

const REGISTER: &str = "青竹村合同台账\n\
    序号|合同编号|合同名称|乙方|签订日期|合同金额\n\
    1|A1|鱼塘承包|张三|2021.3.5|100\n\
    2|A2|店面租赁|李四|2021.3.6|200\n\
    3|A3|厂房租赁|王五|2021.3.7|300";

#[test]
fn a_copy_of_a_workbook_is_counted_once() {
    let (villages, issues) = gathered(&[("台账.xlsx", REGISTER), ("台账(2).xlsx", REGISTER)]);
    assert_eq!(villages.len(), 1);
    let copies: Vec<bool> = villages[0]
        .ledgers
        .iter()
        .map(|ledger| (0..3).all(|record| ledger.is_copy(record)))
        .collect();
    assert_eq!(copies, [false, true]);
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].kind.id(), "duplicate-table");
    assert!(
        issues[0].message.zh.contains("台账.xlsx"),
        "{}",
        issues[0].message.zh
    );
}

#[test]
fn a_record_that_reads_differently_elsewhere_is_told_with_both_values() {
    let changed = REGISTER.replace("2021.3.6|200", "2021.3.6|250");
    let (villages, issues) = gathered(&[("2021.xlsx", REGISTER), ("2022.xlsx", &changed)]);
    let conflicts: Vec<_> = issues
        .iter()
        .filter(|i| i.kind.id() == "conflicting-record")
        .collect();
    assert_eq!(conflicts.len(), 1);
    let message = &conflicts[0].message.zh;
    assert!(
        message.contains("250") && message.contains("200"),
        "{message}"
    );
    assert!((0..3).all(|record| villages[0].ledgers[1].is_copy(record)));
}

#[test]
fn numbers_that_begin_anew_in_each_table_make_no_copies() {
    let other = "青竹村合同台账\n\
        序号|合同编号|合同名称|乙方|签订日期|合同金额\n\
        1|A1|道路硬化|甲公司|2022.4.5|9000\n\
        2|A2|路灯安装|乙公司|2022.5.6|8000\n\
        3|A3|水渠修复|丙公司|2022.6.7|7000";
    let (villages, issues) = gathered(&[("2021.xlsx", REGISTER), ("2022.xlsx", other)]);
    assert!(issues.is_empty(), "{issues:?}");
    assert!((0..3).all(|record| !villages[0].ledgers[1].is_copy(record)));
}

#[test]
fn a_village_that_one_file_gives_a_town_is_one_village() {
    let with_town = REGISTER
        .replace("青竹村合同台账", "白石镇青竹村合同台账")
        .replace('A', "B");
    let (villages, _) = gathered(&[("a.xlsx", REGISTER), ("b.xlsx", &with_town)]);
    let names: Vec<(&str, &str)> = villages
        .iter()
        .map(|v| (&*v.name.town, &*v.name.name))
        .collect();
    assert_eq!(names, [("白石镇", "青竹村")]);
}

#[test]
fn heyan_toml_has_the_last_word_on_a_header() {
    let mut workbook = Workbook::default();
    let text = REGISTER
        .replace("乙方", "那个人")
        .replace("签订日期", "合同名目");
    sheet("Sheet1", &text, &mut workbook);
    let file = FileInfo {
        id: FileId(0),
        name: "甲/台账.xlsx".into(),
        village: None,
    };
    let hint = |file: Option<&str>, header: &str, field: Option<&str>| crate::ledger::HeaderHint {
        kind: "合同".into(),
        file: file.map(String::from),
        header: header.into(),
        field: field.map(String::from),
    };
    let hints = Hints {
        headers: vec![
            hint(None, "那个人", Some("乙方")),
            hint(Some("别处*"), "合同名目", Some("备注")),
            hint(None, "合同名称", None),
        ],
        villages: Vec::new(),
    };
    let mapped = super::map(&workbook, &file, &kinds(), &hints, Lang::En);
    let field = |header: &str| {
        let columns = &mapped.tables[0].columns;
        columns
            .iter()
            .find(|c| c.header == header)
            .and_then(|c| c.field.clone())
    };
    assert_eq!(field("那个人").as_deref(), Some("乙方"));
    assert_eq!(field("合同名称"), None);
    assert_ne!(field("合同名目").as_deref(), Some("备注"));
}

#[test]
fn a_column_in_another_unit_is_doubted() {
    let mapped = map(
        "青竹村.xlsx",
        "青竹村工程台账\n\
         单位：万元\n\
         序号|工程名称|施工单位|合同价|审定价\n\
         1|道路硬化|甲公司|12.5|125000\n\
         2|路灯安装|乙公司|8|80000\n\
         3|水渠修复|丙公司|3.2|31000",
    );
    let doubts: Vec<_> = mapped
        .issues
        .iter()
        .filter(|i| i.kind.id() == "unit-doubt")
        .collect();
    assert_eq!(doubts.len(), 1, "{:?}", mapped.issues);
    assert_eq!(doubts[0].cells.len(), 2);
}

#[test]
fn a_total_above_an_unreadable_amount_is_undetermined() {
    let text = "青竹村合同台账\n\
        序号|合同编号|合同名称|乙方|签订日期|合同金额\n\
        1|A1|鱼塘承包|张三|2021.3.5|100\n\
        2|A2|店面租赁|李四|2021.3.6|约两百多\n\
        合计|||||999";
    let mapped = map("青竹村.xlsx", text);
    let totals: Vec<_> = mapped
        .issues
        .iter()
        .filter(|i| i.kind.id() == "total-row-mismatch")
        .collect();
    assert_eq!(totals.len(), 1, "{:?}", mapped.issues);
    assert!(totals[0].unproven);
}

#[test]
fn a_row_of_which_only_the_number_is_filled_in_is_a_record() {
    let text = "青竹村合同台账\n\
        序号|合同编号|合同名称|乙方|签订日期|合同金额\n\
        1|A1|鱼塘承包|张三|2021.3.5|100\n\
        2|A2\n\
        3\n";
    let mapped = map("青竹村.xlsx", text);
    assert_eq!(mapped.tables[0].records, 2, "{}", show(&mapped));
    assert_eq!(mapped.ledgers[0].1.rows, [2, 3]);
}

mod properties {
    use proptest::prelude::*;

    use super::{FileId, FileInfo, Hints, Lang, Workbook, kinds, sheet};
    use crate::read::Region;

    const WORDS: &[&str] = &[
        "",
        "",
        "",
        "序号",
        "合同编号",
        "合同名称",
        "乙方",
        "签订日期",
        "合同金额（万元）",
        "预付款",
        "日期",
        "金额",
        "<",
        "^",
        "1",
        "2",
        "3.5",
        "2021.3.5",
        "合计",
        "小计：",
        "一、出租",
        "同上",
        "〃",
        "单位：万元",
        "注：略",
        "制表人：张三",
        "青竹村",
        "以下空白",
        "例：",
        "12,000.00",
        "承包款/年",
        "（",
        "：",
        "a|b",
        "\u{200b}",
        "付款日期",
        "收款人",
        "付款金额",
        "备注",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// No sheet makes the mapping panic, and every record stands on a row of the sheet.
        #[test]
        fn no_sheet_is_too_odd(
            rows in prop::collection::vec(prop::collection::vec(prop::sample::select(WORDS), 0..9), 0..24),
            merged in prop::collection::vec((0u32..26, 0u16..10, 0u32..4, 0u16..6), 0..6),
            name in "[\\PC]{0,6}",
        ) {
            let text: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
            let mut workbook = Workbook::default();
            sheet(&name, &text.join("\n"), &mut workbook);
            for (top, left, tall, wide) in merged {
                workbook.sheets[0].merged.push(Region { top, left, bottom: top + tall, right: left + wide });
            }
            let file = FileInfo { id: FileId(0), name: name.as_str().into(), village: None };
            let kinds = kinds();
            let mapped = super::super::map(&workbook, &file, &kinds, &Hints::default(), Lang::Zh);
            for (_, ledger) in &mapped.ledgers {
                for row in &ledger.rows {
                    prop_assert!((*row as usize) < rows.len().max(1));
                }
            }
            let tables = mapped.tables.len();
            let (villages, _) = crate::ledger::gather(mapped.ledgers, &kinds);
            prop_assert!(villages.is_empty() || tables > 0);
        }
    }
}
