//! Cases → 整改台账.xlsx.

use rust_xlsxwriter::{
    Color, DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::Field;
use crate::lang::Lang;
use crate::track::{Case, Judgement};

/// Writes cases as they stand on a day (ISO) into a workbook to be filled in. `mark` is the store's [`mark`], which lets
/// the import tell what people changed from what the store learnt meanwhile.
///
/// [`mark`]: crate::track::Store::mark
///
/// # Errors
/// What the writer of workbooks yields.
pub fn export(cases: &[&Case], day: &str, mark: &str, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(lang.pick("整改台账", "Rectification"))?;
    let formats = Formats::new(lang);
    head(sheet, day, mark, lang, &formats)?;
    let mut row = HEAD + 1;
    for case in cases {
        line(sheet, row, case, day, lang, &formats)?;
        row += 1;
    }
    finish(sheet, row, lang)?;
    // It is read once and sent back: half the time to write weighs more than a tenth of its size.
    workbook.set_zip_compression_level(1);
    workbook.save_to_buffer()
}

/// The row of the header, counted from zero.
const HEAD: u32 = 3;

/// The columns before those that people fill in.
const BEFORE: u16 = 11;

/// The column of the money at stake.
const AMOUNT: u16 = 8;

struct Formats {
    title: Format,
    notice: Format,
    head: Format,
    head_fill: Format,
    text: Format,
    fill: Format,
    fill_date: Format,
    late: Format,
    money: Format,
}

impl Formats {
    fn new(lang: Lang) -> Self {
        let font = Format::new().set_font_size(10);
        let font = font.set_font_name(lang.pick("宋体", "Arial"));
        let cell = font
            .clone()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00BF_BFBF));
        let head = cell
            .clone()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter);
        // What is to be filled in is yellow and open; the rest is locked.
        let yellow = Color::RGB(0x00FF_F7D6);
        let fill = cell
            .clone()
            .set_text_wrap()
            .set_background_color(yellow)
            .set_unlocked();
        Self {
            title: font.clone().set_bold().set_font_size(14),
            notice: font,
            head_fill: head.clone().set_background_color(Color::RGB(0x00FF_E699)),
            head: head.set_background_color(Color::RGB(0x00D9_E2EC)),
            text: cell.clone().set_text_wrap(),
            fill_date: fill.clone().set_num_format("yyyy-mm-dd"),
            late: cell
                .clone()
                .set_text_wrap()
                .set_bold()
                .set_font_color(Color::RGB(0x009C_1C1C)),
            fill,
            money: cell.set_num_format("#,##0.00"),
        }
    }
}

fn head(
    sheet: &mut Worksheet,
    day: &str,
    mark: &str,
    lang: Lang,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(
        0,
        0,
        lang.pick("问题整改台账", "Rectification ledger"),
        &formats.title,
    )?;
    let notice = match lang {
        Lang::Zh => format!(
            "以下为台账线索，需核实。截至 {day}。黄色各列请填写；填好后交回导入，其他列的改动不会采用。"
        ),
        Lang::En => format!(
            "What ledgers show is to be verified. As of {day}. Fill in the yellow columns and send it back; changes of other columns are not used."
        ),
    };
    sheet.write_string_with_format(1, 0, &notice, &formats.notice)?;
    let mark = format!("{}{mark}", lang.pick("登记序号：", "entry: "));
    sheet.write_string_with_format(2, 0, &mark, &formats.notice)?;
    let before = match lang {
        Lang::Zh => [
            ("序号", 6.0),
            ("村", 14.0),
            ("方面", 9.0),
            ("级别", 7.0),
            ("问题", 40.0),
            ("建议", 26.0),
            ("记录", 14.0),
            ("位置", 22.0),
            ("涉及金额", 14.0),
            ("首次发现", 11.0),
            ("状态", 24.0),
        ],
        Lang::En => [
            ("No.", 6.0),
            ("Village", 14.0),
            ("Topic", 10.0),
            ("Severity", 9.0),
            ("Finding", 40.0),
            ("Advice", 26.0),
            ("Record", 14.0),
            ("Place", 22.0),
            ("At stake", 14.0),
            ("First seen", 11.0),
            ("Status", 24.0),
        ],
    };
    for (col, (name, width)) in (0..).zip(before) {
        sheet.write_string_with_format(HEAD, col, name, &formats.head)?;
        sheet.set_column_width(col, width)?;
        let format = if col == AMOUNT {
            &formats.money
        } else {
            &formats.text
        };
        sheet.set_column_format(col, format)?;
    }
    for (col, field) in (BEFORE..).zip(Field::ALL) {
        sheet.write_string_with_format(HEAD, col, field.name(lang), &formats.head_fill)?;
        let width = match field {
            Field::Due => 12.0,
            Field::Result => 10.0,
            Field::Responsible => 16.0,
            Field::Note | Field::ResultEvidence | Field::Closing => 26.0,
        };
        sheet.set_column_width(col, width)?;
        let format = if field == Field::Due {
            &formats.fill_date
        } else {
            &formats.fill
        };
        sheet.set_column_format(col, format)?;
    }
    let last = BEFORE + 6;
    sheet.write_string_with_format(HEAD, last, lang.pick("指纹", "Fingerprint"), &formats.head)?;
    sheet.set_column_width(last, 21.0)?;
    sheet.set_column_format(last, &formats.text)?;
    Ok(())
}

/// Writes a case. A cell that looks like its column takes the column's format: looking a format up for each of millions
/// of cells would take a third of the time.
fn line(
    sheet: &mut Worksheet,
    row: u32,
    case: &Case,
    day: &str,
    lang: Lang,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let seen = &case.seen;
    let standing = status(case, day, lang);
    let what = format!("{}\n{}", seen.title, seen.message);
    let village = format!("{}{}", seen.town, seen.village);
    sheet.write_number(row, 0, row - HEAD)?;
    let texts = [
        (1, village.as_str()),
        (2, seen.topic.name(lang)),
        (3, seen.severity.name(lang)),
        (4, &what),
        (5, &seen.advice),
        (6, &seen.key),
        (7, &seen.place),
        (9, &case.first.1),
    ];
    for (col, text) in texts {
        sheet.write_string(row, col, bounded(text))?;
    }
    if let Ok(amount) = seen.amount.parse::<f64>() {
        sheet.write_number(row, AMOUNT, amount)?;
    }
    if case.is_overdue(day) || case.reopened {
        sheet.write_string_with_format(row, 10, bounded(&standing), &formats.late)?;
    } else {
        sheet.write_string(row, 10, bounded(&standing))?;
    }
    for (col, field) in (BEFORE..).zip(Field::ALL) {
        let mut text = field.of(case);
        if field == Field::Result
            && let Some((result, _)) = &case.judged
        {
            result.name(lang).clone_into(&mut text);
        }
        match (field, ExcelDateTime::parse_from_str(&text)) {
            // The column's own format stands for its empty cells.
            (_, _) if text.is_empty() => {}
            (Field::Due, Ok(date)) => {
                sheet.write_datetime(row, col, date)?;
            }
            _ => {
                sheet.write_string(row, col, bounded(&text))?;
            }
        }
    }
    sheet.write_string(row, BEFORE + 6, &case.fingerprint)?;
    Ok(())
}

/// What a case stands as, with what is to be explained.
fn status(case: &Case, day: &str, lang: Lang) -> String {
    let mut text = case.standing_text(day, lang);
    if case.is_overdue(day) {
        text.push_str(lang.pick("（逾期）", " (overdue)"));
    }
    let remark = if case.changes.is_empty() {
        &case.why
    } else {
        &case.changes
    };
    if !remark.is_empty() {
        text.push('\n');
        text.push_str(remark);
    }
    text
}

fn finish(sheet: &mut Worksheet, row: u32, lang: Lang) -> Result<(), XlsxError> {
    let last_col = BEFORE + 6;
    let last = row.max(HEAD + 2) - 1;
    let results = Judgement::ALL.map(|result| result.name(lang));
    let choices = DataValidation::new().allow_list_strings(&results)?;
    sheet.add_data_validation(HEAD + 1, BEFORE + 3, last, BEFORE + 3, &choices)?;
    sheet.autofilter(HEAD, 0, last, last_col)?;
    sheet.set_freeze_panes(HEAD + 1, 2)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEAD, HEAD)?;
    Ok(())
}

/// Excel keeps 32,767 UTF-16 units in a cell; what lies behind is in the report.
fn bounded(text: &str) -> &str {
    const CHARS: usize = 16_000;
    if text.len() <= CHARS {
        return text;
    }
    let end = text
        .char_indices()
        .nth(CHARS)
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}
