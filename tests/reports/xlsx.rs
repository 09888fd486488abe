//! `xlsx`: read back cell by cell, links parsed, the same bytes twice, opened by `LibreOffice` where there is one.

use std::io::{Cursor, Read as _};
use std::process::Command;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use heyan::finding::Verdict;
use heyan::lang::Lang;
use heyan::report::{Format, Style, write};

use crate::{bytes, example};

const SHEETS: [&str; 8] = [
    "汇总",
    "问题清单",
    "证据",
    "待核与调阅清单",
    "整改台账",
    "数据质量",
    "规则覆盖",
    "基线比对",
];

fn read(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook")
}

/// The texts of a sheet, row by row.
fn grid(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    book.worksheet_range(sheet)
        .expect(sheet)
        .rows()
        .map(|row| {
            row.iter()
                .map(|cell| match cell {
                    Data::DateTime(day) => day.as_f64().to_string(),
                    cell => cell.to_string(),
                })
                .collect()
        })
        .collect()
}

/// The parts of the file by name.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut text = String::new();
    zip.by_name(name)
        .expect(name)
        .read_to_string(&mut text)
        .expect("UTF-8");
    text
}

/// Every part of the file that is text.
pub(crate) fn parts(bytes: &[u8]) -> Vec<String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..zip.len())
        .map(|index| {
            let mut text = Vec::new();
            zip.by_index(index)
                .expect("a part")
                .read_to_end(&mut text)
                .expect("its bytes");
            String::from_utf8_lossy(&text).into_owned()
        })
        .collect()
}

#[test]
fn snapshot_of_every_cell() {
    for (lang, name) in [(Lang::Zh, "xlsx-zh"), (Lang::En, "xlsx-en")] {
        let mut book = read(&bytes(&example::report(lang), Format::Xlsx));
        let mut text = String::new();
        for sheet in book.sheet_names() {
            text.extend(["# ", &sheet, "\n"]);
            for row in grid(&mut book, &sheet) {
                text.push_str(&row.join(" | ").replace('\n', "⏎"));
                text.push('\n');
            }
        }
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn the_list_reads_back() {
    let report = example::report(Lang::Zh);
    let mut book = read(&bytes(&report, Format::Xlsx));
    assert_eq!(book.sheet_names(), SHEETS);
    let list = grid(&mut book, "问题清单");
    assert_eq!(list[0][0], "以下为台账线索，需核实");
    assert_eq!(
        list[1],
        [
            "序号",
            "村",
            "方面",
            "级别",
            "问题",
            "问题描述",
            "涉及金额",
            "发生时间",
            "依据",
            "证据位置",
            "来源",
            "原值",
            "建议",
            "状态",
            "指纹"
        ]
    );
    assert_eq!(list.len() - 2, report.findings.len());
    for finding in &report.findings {
        let row = list
            .iter()
            .find(|row| row[14] == finding.fingerprint.as_str())
            .expect("every finding");
        assert!(row[5].starts_with(finding.message.chars().next().expect("a message")));
        let amount = finding
            .amount
            .map_or(String::new(), |amount| amount.normalize().to_string());
        assert_eq!(row[6], amount);
        assert!(row[13].starts_with(finding.verdict.name(Lang::Zh)));
    }
    let evidence = grid(&mut book, "证据");
    let cells: usize = report.findings.iter().map(|f| f.evidence.len()).sum();
    assert_eq!(evidence.len() - 2, cells);
    let violations = report
        .findings
        .iter()
        .filter(|f| f.verdict == Verdict::Violation && f.waiver.is_none() && f.stage.is_none())
        .count();
    // Two of them are counted once.
    assert_eq!(grid(&mut book, "整改台账").len() - 2, violations - 1);
}

#[test]
fn no_text_of_a_ledger_is_a_formula() {
    let report = example::report(Lang::Zh);
    let bytes = bytes(&report, Format::Xlsx);
    for sheet in 1..=SHEETS.len() {
        let xml = part(&bytes, &format!("xl/worksheets/sheet{sheet}.xml"));
        assert!(!xml.contains("<f>"), "sheet {sheet} has a formula");
    }
    let mut book = read(&bytes);
    let evidence = grid(&mut book, "证据");
    for hostile in example::HOSTILE
        .iter()
        .filter(|text| text.starts_with(['=', '@']))
    {
        assert!(evidence.iter().any(|row| row[8] == *hostile), "{hostile}");
    }
}

#[test]
fn links_lead_to_the_cells() {
    let style = Style {
        links: "../".into(),
        ..Style::default()
    };
    let mut bytes = Vec::new();
    write(&example::report(Lang::Zh), Format::Xlsx, &style, &mut bytes).expect("memory");
    // Sheet 3 is 证据: its F column has the links.
    let sheet = part(&bytes, "xl/worksheets/sheet3.xml");
    let targets = part(&bytes, "xl/worksheets/_rels/sheet3.xml.rels");
    let mut book = read(&bytes);
    let evidence = grid(&mut book, "证据");
    let links: Vec<&str> = sheet
        .split("<hyperlink ")
        .skip(1)
        .map(|rest| rest.split("/>").next().expect("an end"))
        .collect();
    assert_eq!(links.len(), evidence.len() - 2);
    for link in links {
        let attribute = |name: &str| {
            link.split(&format!("{name}=\""))
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .expect(name)
                .replace("&apos;", "'")
                .replace("&amp;", "&")
        };
        let row: usize = attribute("ref")[1..].parse().expect("a row");
        let told = &evidence[row - 1];
        let target = targets
            .split("<Relationship ")
            .find(|rest| rest.contains(&format!("Id=\"{}\"", attribute("r:id"))))
            .and_then(|rest| rest.split("Target=\"").nth(1))
            .and_then(|rest| rest.split('"').next())
            .expect("a target");
        assert_eq!(target.replace("%20", " "), format!("../{}", told[3]));
        let sheet = if told[4].is_empty() {
            "付款"
        } else {
            &told[4]
        };
        assert_eq!(
            attribute("location"),
            format!("'{}'!{}", sheet.replace('\'', "''"), told[5])
        );
    }
}

#[test]
fn the_rectification_ledger_is_ready_to_fill_in() {
    let bytes = bytes(&example::report(Lang::Zh), Format::Xlsx);
    let sheet = part(&bytes, "xl/worksheets/sheet5.xml");
    assert!(sheet.contains("type=\"date\"") && sheet.contains("未整改,整改中,已整改待核,已销号"));
    for list in [2, 3, 4, 5, 7] {
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{list}.xml"));
        assert!(sheet.contains("<autoFilter "), "sheet {list}");
        assert!(sheet.contains("state=\"frozen\""), "sheet {list}");
        assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""));
        assert!(sheet.contains("&amp;P"), "sheet {list} has no page numbers");
    }
    let names = part(&bytes, "xl/workbook.xml");
    assert!(names.contains("_xlnm.Print_Titles"));
    assert!(part(&bytes, "xl/charts/chart1.xml").contains("barChart"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = example::report(Lang::Zh);
    let first = bytes(&report, Format::Xlsx);
    // A zip has a resolution of two seconds.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert!(first == bytes(&report, Format::Xlsx));
    assert!(part(&first, "docProps/core.xml").contains("2025-06-30T00:00:00Z"));
}

/// Set `KEEP_EXAMPLES` to a folder to look at the file and its pages.
#[test]
fn libreoffice_opens_it() {
    let Ok(version) = Command::new("soffice").arg("--version").output() else {
        println!(
            "SKIPPED: LibreOffice (soffice) absent, the workbook was not opened by a real program"
        );
        return;
    };
    assert!(version.status.success());
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = std::env::var_os("KEEP_EXAMPLES")
        .map_or_else(|| scratch.path().to_path_buf(), std::path::PathBuf::from);
    let book = folder.join("list.xlsx");
    std::fs::write(&book, bytes(&example::report(Lang::Zh), Format::Xlsx)).expect("a file");
    let status = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            scratch.path().join("profile").display()
        ))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(&folder)
        .arg(&book)
        .output()
        .expect("soffice runs");
    assert!(status.status.success(), "{status:?}");
    let pdf = std::fs::read(folder.join("list.pdf")).expect("a PDF");
    assert!(pdf.starts_with(b"%PDF") && pdf.len() > 20_000);
}
