//! A sheet that never was a file → findings: `cargo run --example sheets_in_memory`.
#![allow(clippy::print_stdout, reason = "an example shows what it found")]

use heyan::finding::FileId;
use heyan::lang::Lang;
use heyan::ledger::{self, Day, FileInfo, Hints};
use heyan::read::{Cell, Content, Sheet, Workbook};
use heyan::{rules, scan};

const ROWS: [[&str; 6]; 3] = [
    [
        "合同编号",
        "合同名称",
        "合同类别",
        "合同金额",
        "签订日期",
        "开工日期",
    ],
    [
        "A-1",
        "村道硬化",
        "工程",
        "186000",
        "2024-03-10",
        "2024-03-01",
    ],
    [
        "A-2",
        "渠道清淤",
        "工程",
        "86000",
        "2024-05-06",
        "2024-05-20",
    ],
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut workbook = Workbook::default();
    let mut sheet = Sheet {
        name: "青石村合同台账".into(),
        ..Sheet::default()
    };
    for (row, texts) in (0..).zip(ROWS) {
        for (col, text) in (0..).zip(texts) {
            let text = workbook.texts.push(text).ok_or("too much text")?;
            let content = Content::Text(text);
            sheet.cells.push(Cell { row, col, content });
        }
    }
    workbook.sheets.push(sheet);

    let pack = rules::build(&rules::built_in(), None).pack;
    let file = FileInfo {
        id: FileId(0),
        name: "memory".into(),
        village: None,
    };
    let mapped = ledger::map(&workbook, &file, &pack.kinds, &Hints::default(), Lang::En);
    let (villages, _issues) = ledger::gather(mapped.ledgers, &pack.kinds);
    let settings = scan::Settings {
        as_of: Day::from_ymd(2025, 6, 30).ok_or("no such day")?,
        lang: Lang::En,
        records: false,
    };
    for finding in scan::run(&pack, &villages, &settings).findings {
        println!("{} {}: {}", finding.village, finding.rule, finding.message);
    }
    Ok(())
}
