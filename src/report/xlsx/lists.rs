//! 问题清单, 证据, 待核与调阅清单 and 整改台账.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Formula, Worksheet, XlsxError,
};

use super::sheet::{Cell, Formats, ROWS, Sheet, Target};
use crate::finding::{Finding, MissingWhat, Verdict};
use crate::lang::Lang;
use crate::report::labels;
use crate::report::view::{Line, Supply, View};

/// How many places are named in one cell of a list.
const PLACES: usize = 12;

/// One line per finding, overlapping ones together under one number.
pub(super) fn findings(
    view: &View<'_>,
    formats: &Formats,
    links: &str,
) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let mut sheet = Sheet::new(lang.pick("问题清单", "Findings"), formats)?;
    sheet.list_head(
        labels::head(lang),
        &match lang {
            Lang::Zh => [
                ("序号", 5),
                ("村", 12),
                ("方面", 8),
                ("级别", 8),
                ("问题", 13),
                ("问题描述", 34),
                ("涉及金额", 13),
                ("发生时间", 11),
                ("依据", 30),
                ("证据位置", 22),
                ("来源", 8),
                ("原值", 18),
                ("建议", 18),
                ("状态", 12),
                ("指纹", 21),
            ],
            Lang::En => [
                ("No.", 6),
                ("Village", 14),
                ("Topic", 10),
                ("Severity", 10),
                ("Problem", 20),
                ("What the ledger shows", 36),
                ("At stake", 14),
                ("Date", 11),
                ("Basis", 30),
                ("Places", 24),
                ("Source", 8),
                ("As it stands", 22),
                ("Advice", 22),
                ("Status", 13),
                ("Fingerprint", 21),
            ],
        },
    )?;
    for line in &view.lines {
        for finding in line.findings() {
            if sheet.full() {
                break;
            }
            sheet.cells(&[
                Cell::Count(line.number),
                Cell::text(labels::village(&finding.town, &finding.village, lang)),
                Cell::Center(finding.topic.name(lang).into()),
                Cell::Severity(finding.severity),
                Cell::text(finding.title.as_str()),
                Cell::text(message(line, finding, lang)),
                Cell::Money(finding.amount),
                Cell::Date(finding.date.as_deref()),
                Cell::text(basis(finding, lang)),
                Cell::text(places(finding)),
                Cell::Link(
                    finding
                        .evidence
                        .first()
                        .map_or("", |cell| cell.cell.as_str())
                        .into(),
                    target(finding, links),
                ),
                Cell::text(raw(finding, lang)),
                Cell::text(finding.advice.as_str()),
                Cell::text(status(line, finding, lang)),
                Cell::text(finding.fingerprint.as_str()),
            ])?;
        }
    }
    sheet.print_without_last()?;
    sheet.filtered()
}

fn message(line: &Line<'_>, finding: &Finding, lang: Lang) -> String {
    let mut message = finding.message.clone();
    if line.frequent && std::ptr::eq(line.finding, finding) {
        message.push('\n');
        message.push_str(labels::frequent(lang));
    }
    message
}

fn basis(finding: &Finding, lang: Lang) -> String {
    let mut lines = vec![labels::basis(finding, lang)];
    lines.extend(
        finding
            .limits
            .iter()
            .map(|limit| labels::limit(limit, lang)),
    );
    lines.join("\n")
}

/// The places of all cells, a line for each sheet; of the records where no cell is named.
fn places(finding: &Finding) -> String {
    let mut cells: Vec<(&str, &str, String)> = finding
        .evidence
        .iter()
        .map(|cell| (cell.file.as_str(), cell.sheet.as_str(), cell.cell.clone()))
        .collect();
    if cells.is_empty() {
        cells.extend(finding.records.iter().map(|record| {
            let (file, sheet) = (record.file.as_str(), record.sheet.as_str());
            (file, sheet, record.row.to_string())
        }));
    }
    let mut lines: Vec<String> = Vec::new();
    let mut last = None;
    for (file, sheet, cell) in cells.iter().take(PLACES) {
        match lines.last_mut() {
            Some(line) if last == Some((file, sheet)) => {
                line.push('、');
                line.push_str(cell);
            }
            _ => lines.push(labels::place(file, sheet, cell)),
        }
        last = Some((file, sheet));
    }
    if cells.len() > PLACES {
        lines.push(format!("… {}", cells.len()));
    }
    lines.join("\n")
}

/// The first cell, which the link leads to.
fn target<'a>(finding: &'a Finding, links: &'a str) -> Option<Target<'a>> {
    finding.evidence.first().map(|cell| Target {
        links,
        file: &cell.file,
        sheet: &cell.sheet,
        cell: &cell.cell,
    })
}

fn raw(finding: &Finding, lang: Lang) -> String {
    let lines: Vec<String> = finding
        .evidence
        .iter()
        .take(PLACES)
        .map(|cell| format!("{} {}", cell.field, labels::raw(&cell.raw, lang)))
        .collect();
    lines.join("\n")
}

fn status(line: &Line<'_>, finding: &Finding, lang: Lang) -> String {
    let mut words = vec![finding.verdict.name(lang).to_owned()];
    let standing = labels::standing(finding, lang);
    if !standing.is_empty() {
        words.push(standing);
    }
    if !std::ptr::eq(line.finding, finding) {
        words.push(match lang {
            Lang::Zh => format!("与序号{}为同一事项，不重复计数", line.number),
            Lang::En => format!("same matter as no. {}, counted once", line.number),
        });
    }
    if let Some(waiver) = &finding.waiver {
        words.push(labels::waiver(waiver, lang));
    }
    words.join("\n")
}

/// Every cell of every finding.
pub(super) fn evidence(
    view: &View<'_>,
    formats: &Formats,
    links: &str,
) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let mut sheet = Sheet::new(lang.pick("证据", "Evidence"), formats)?;
    sheet.list_head(
        labels::head(lang),
        &match lang {
            Lang::Zh => [
                ("序号", 6),
                ("村", 14),
                ("问题", 18),
                ("文件", 30),
                ("工作表", 14),
                ("单元格", 9),
                ("表头", 16),
                ("字段", 14),
                ("原值", 26),
                ("读取值", 22),
                ("推断", 7),
                ("指纹", 21),
            ],
            Lang::En => [
                ("No.", 6),
                ("Village", 14),
                ("Problem", 20),
                ("File", 30),
                ("Sheet", 14),
                ("Cell", 9),
                ("Header", 16),
                ("Field", 14),
                ("As it stands", 26),
                ("Value", 22),
                ("Inferred", 9),
                ("Fingerprint", 21),
            ],
        },
    )?;
    let mut told = 0usize;
    let all: usize = view
        .lines
        .iter()
        .flat_map(Line::findings)
        .map(|finding| finding.evidence.len())
        .sum();
    'lines: for line in &view.lines {
        for finding in line.findings() {
            for cell in &finding.evidence {
                if sheet.full() {
                    break 'lines;
                }
                told += 1;
                sheet.cells(&[
                    Cell::Count(line.number),
                    Cell::text(labels::village(&finding.town, &finding.village, lang)),
                    Cell::text(finding.title.as_str()),
                    Cell::text(cell.file.as_str()),
                    Cell::text(cell.sheet.as_str()),
                    Cell::Link(
                        cell.cell.as_str().into(),
                        Some(Target {
                            links,
                            file: &cell.file,
                            sheet: &cell.sheet,
                            cell: &cell.cell,
                        }),
                    ),
                    Cell::text(cell.header.as_str()),
                    Cell::text(cell.field.as_str()),
                    Cell::text(labels::raw(&cell.raw, lang)),
                    Cell::text(cell.value.as_deref().unwrap_or("")),
                    Cell::Center(
                        if cell.inferred {
                            lang.pick("是", "yes")
                        } else {
                            ""
                        }
                        .into(),
                    ),
                    Cell::text(finding.fingerprint.as_str()),
                ])?;
            }
        }
    }
    let mut sheet = {
        if told < all {
            let more = match lang {
                Lang::Zh => format!("另有 {} 个单元格，见 json 报告", all - told),
                Lang::En => format!("{} more cells are in the json report", all - told),
            };
            sheet.line(&more, &formats.notice)?;
        }
        sheet.filtered()?
    };
    sheet.set_freeze_panes(2, 3)?;
    Ok(sheet)
}

/// What is to be supplied, by village and missing thing.
pub(super) fn supply(view: &View<'_>, formats: &Formats) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let mut sheet = Sheet::new(lang.pick("待核与调阅清单", "To be supplied"), formats)?;
    let notice = lang.pick(
        "以下内容缺失或无法识别，补充后才能判断；是否提供请填写",
        "Missing or not readable: once supplied, the rules named can be decided; fill in whether it was supplied",
    );
    sheet.list_head(
        notice,
        &match lang {
            Lang::Zh => [
                ("序号", 6),
                ("村", 16),
                ("类别", 12),
                ("缺少内容", 20),
                ("数量", 14),
                ("位置", 34),
                ("可判定的规则", 34),
                ("处理", 30),
                ("是否提供", 10),
                ("说明", 20),
            ],
            Lang::En => [
                ("No.", 6),
                ("Village", 16),
                ("Kind", 12),
                ("Missing", 20),
                ("Number", 14),
                ("Places", 34),
                ("Rules it decides", 34),
                ("What to do", 30),
                ("Supplied", 10),
                ("Remark", 20),
            ],
        },
    )?;
    let first = sheet.row;
    for (number, supply) in (1..).zip(&view.supply) {
        if sheet.full() {
            break;
        }
        let rules: Vec<&str> = supply.rules.iter().map(|(title, _)| *title).collect();
        sheet.cells(&[
            Cell::Count(number),
            Cell::text(labels::village(supply.town, supply.village, lang)),
            Cell::Center(labels::what(supply.what, lang).into()),
            Cell::text(supply.name),
            Cell::text(labels::records_of(supply.records, supply.kind, lang)),
            Cell::text(supply_places(supply, lang)),
            Cell::text(rules.join(lang.pick("、", ", "))),
            Cell::text(remedy(supply, lang)),
            Cell::Blank,
            Cell::Blank,
        ])?;
    }
    if sheet.row > first {
        let last = sheet.row - 1;
        let answers = match lang {
            Lang::Zh => ["已提供", "未提供", "无此资料"],
            Lang::En => ["supplied", "not supplied", "does not exist"],
        };
        let choices = DataValidation::new().allow_list_strings(&answers)?;
        sheet
            .page
            .add_data_validation(first, 8, last, 8, &choices)?;
    }
    sheet.filtered()
}

fn supply_places(supply: &Supply<'_>, lang: Lang) -> String {
    let mut places: Vec<String> = supply
        .cells
        .iter()
        .take(PLACES)
        .map(|(file, sheet, cell)| labels::place(file, sheet, cell))
        .collect();
    let all = if places.is_empty() {
        places.extend(
            supply
                .files
                .iter()
                .take(PLACES)
                .map(|file| labels::place(file, "", "")),
        );
        supply.files.len()
    } else {
        supply.cells.len()
    };
    if all > PLACES {
        places.push(match lang {
            Lang::Zh => format!("等 {all} 处"),
            Lang::En => format!("{all} in all"),
        });
    }
    places.join("\n")
}

fn remedy<'a>(supply: &Supply<'a>, lang: Lang) -> &'a str {
    if !supply.message.is_empty() {
        return supply.message;
    }
    match supply.what {
        MissingWhat::Cell => match lang {
            Lang::Zh => "补填或更正所列单元格，或提供相应资料",
            Lang::En => "Fill in or correct the cells named, or supply the papers",
        },
        MissingWhat::Column => match lang {
            Lang::Zh => "补充该列，或提供相应资料",
            Lang::En => "Add the column, or supply the papers",
        },
        MissingWhat::Ledger => match lang {
            Lang::Zh => "提供该台账",
            Lang::En => "Supply the ledger",
        },
        MissingWhat::Limit => match lang {
            Lang::Zh => "在 heyan.toml 中设置该限额及依据",
            Lang::En => "Set the limit and its basis in heyan.toml",
        },
    }
}

/// The rectification ledger, ready to fill in: one line per line of the list that counts.
pub(super) fn rectification(view: &View<'_>, formats: &Formats) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let mut sheet = Sheet::new(lang.pick("整改台账", "Rectification"), formats)?;
    sheet.list_head(
        labels::head(lang),
        &match lang {
            Lang::Zh => [
                ("序号", 6),
                ("村", 14),
                ("方面", 9),
                ("整改内容", 38),
                ("涉及金额", 14),
                ("整改目标", 26),
                ("责任单位", 14),
                ("责任人", 10),
                ("整改时限", 12),
                ("整改措施", 26),
                ("完成日期", 12),
                ("销号", 10),
                ("指纹", 21),
            ],
            Lang::En => [
                ("No.", 6),
                ("Village", 14),
                ("Topic", 10),
                ("To be put right", 38),
                ("At stake", 14),
                ("Aim", 26),
                ("Unit", 14),
                ("Person", 10),
                ("Due", 12),
                ("Measures", 26),
                ("Done on", 12),
                ("Struck off", 11),
                ("Fingerprint", 21),
            ],
        },
    )?;
    let first = sheet.row;
    for line in view.lines.iter().filter(|line| line.counts()) {
        if sheet.full() {
            break;
        }
        let finding = line.finding;
        let mut what = format!("{}\n{}", finding.title, finding.message);
        for other in line
            .others
            .iter()
            .filter(|o| o.verdict == Verdict::Violation)
        {
            what.push('\n');
            what.push_str(&other.title);
        }
        sheet.cells(&[
            Cell::Count(line.number),
            Cell::text(labels::village(&finding.town, &finding.village, lang)),
            Cell::Center(finding.topic.name(lang).into()),
            Cell::text(what),
            Cell::Money(line.amount()),
            Cell::text(finding.advice.as_str()),
            Cell::Blank,
            Cell::Blank,
            Cell::BlankDate,
            Cell::Blank,
            Cell::BlankDate,
            Cell::Blank,
            Cell::text(finding.fingerprint.as_str()),
        ])?;
    }
    if sheet.row > first {
        let last = sheet.row.min(ROWS) - 1;
        let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let dates = DataValidation::new()
            .allow_date(DataValidationRule::GreaterThanOrEqualTo(day))
            .set_error_title(lang.pick("请填写日期", "A date, please"))?
            .set_error_message(lang.pick("格式如 2025-06-30", "For example 2025-06-30"))?;
        sheet.page.add_data_validation(first, 8, last, 8, &dates)?;
        sheet
            .page
            .add_data_validation(first, 10, last, 10, &dates)?;
        let states = match lang {
            Lang::Zh => ["未整改", "整改中", "已整改待核", "已销号"],
            Lang::En => ["open", "under way", "done, to be checked", "struck off"],
        };
        let choices = DataValidation::new().allow_list_strings(&states)?;
        sheet
            .page
            .add_data_validation(first, 11, last, 11, &choices)?;
        overdue(&mut sheet, first, last, states[3])?;
    }
    sheet.print_without_last()?;
    sheet.filtered()
}

/// Marks what is past its term and not struck off, so that the ledger shows it when it is opened.
fn overdue(sheet: &mut Sheet<'_>, first: u32, last: u32, closed: &str) -> Result<(), XlsxError> {
    let row = first + 1;
    let rule = rust_xlsxwriter::ConditionalFormatFormula::new()
        .set_rule(Formula::new(format!(
            "=AND($I{row}<>\"\",$I{row}<TODAY(),$L{row}<>\"{closed}\")"
        )))
        .set_format(
            rust_xlsxwriter::Format::new()
                .set_bold()
                .set_font_color(rust_xlsxwriter::Color::RGB(0x009C_1C1C)),
        );
    sheet
        .page
        .add_conditional_format(first, 8, last, 8, &rule)?;
    Ok(())
}
