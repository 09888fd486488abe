//! Sheets as text → how they are understood, by the ledger kinds of the pack.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::finding::FileId;
use crate::lang::Lang;
use crate::ledger::{
    Choice, FieldId, FieldKind, FieldType, FileInfo, Fills, Hints, Kinds, LedgerKind, Mapped, Rate,
};
use crate::read::{Cell, Content, Region, Sheet, Workbook};

/// The kinds of `rules/ledgers`, read without the checks of the loader.
pub(in crate::ledger) fn kinds() -> Kinds {
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
        .map(|field| {
            let field = field.as_table().unwrap();
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
