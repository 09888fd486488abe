//! One sheet being filled: a notice on top, a header that stays, rows of cells, links, print set-up.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Url, Worksheet,
    XlsxError,
};

use crate::finding::Severity;
use crate::lang::Lang;
use crate::report::address;
use crate::report::clean::{no_formula, visible};
use crate::report::labels;
use crate::report::width::columns;

/// Excel keeps 65,530 links in a sheet and repairs files with more.
const LINKS: u32 = 65_000;

/// Rows of a sheet that are filled; Excel has 1,048,576.
pub(super) const ROWS: u32 = 1_048_000;

/// Characters of a cell that are kept; Excel allows 32,767 UTF-16 units.
const TEXT: usize = 16_000;

/// Characters of a link that Excel allows.
const URL: usize = 2_000;

/// The formats of all sheets.
pub(super) struct Formats {
    pub(super) lang: Lang,
    pub(super) title: Format,
    pub(super) notice: Format,
    pub(super) heading: Format,
    pub(super) head: Format,
    pub(super) text: Format,
    /// A text that a program would take for a formula when it is edited.
    quoted: Format,
    pub(super) center: Format,
    pub(super) count: Format,
    pub(super) money: Format,
    pub(super) date: Format,
    pub(super) total: Format,
    pub(super) total_count: Format,
    pub(super) total_money: Format,
    pub(super) percent: Format,
    /// A cell to be filled in.
    pub(super) blank: Format,
    pub(super) blank_date: Format,
    link: Format,
    severities: [Format; 4],
}

impl Formats {
    /// The formats for a language.
    pub(super) fn of(lang: Lang) -> Self {
        let font = Format::new().set_font_size(10);
        let font = match lang {
            Lang::Zh => font.set_font_name("宋体"),
            Lang::En => font.set_font_name("Arial"),
        };
        let cell = font
            .clone()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00BF_BFBF));
        let text = cell.clone().set_text_wrap();
        let head = cell
            .clone()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0x00D9_E2EC));
        let right = cell.clone().set_align(FormatAlign::Right);
        let center = text.clone().set_align(FormatAlign::Center);
        let total = cell
            .clone()
            .set_bold()
            .set_background_color(Color::RGB(0x00F2_F2F2));
        // From dark to light, so that the order also reads in grey; a sign stands before the word.
        let severities = [
            center
                .clone()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(Color::RGB(0x009C_1C1C)),
            center
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00F4_B183)),
            center.clone().set_background_color(Color::RGB(0x00FF_E699)),
            center.clone().set_background_color(Color::RGB(0x00F7_F7F7)),
        ];
        Self {
            lang,
            title: font.clone().set_bold().set_font_size(16),
            notice: font
                .clone()
                .set_bold()
                .set_font_color(Color::RGB(0x009C_1C1C)),
            heading: font.set_bold().set_font_size(12),
            head,
            quoted: text.clone().set_quote_prefix(),
            center,
            count: right.clone().set_num_format("#,##0"),
            money: right.clone().set_num_format("#,##0.00"),
            date: cell
                .clone()
                .set_align(FormatAlign::Center)
                .set_num_format("yyyy-mm-dd"),
            percent: right.set_num_format("0%"),
            total_count: total
                .clone()
                .set_align(FormatAlign::Right)
                .set_num_format("#,##0"),
            total_money: total
                .clone()
                .set_align(FormatAlign::Right)
                .set_num_format("#,##0.00"),
            total,
            blank: text.clone().set_background_color(Color::RGB(0x00FF_FDF2)),
            blank_date: text
                .clone()
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(0x00FF_FDF2))
                .set_num_format("yyyy-mm-dd"),
            link: text
                .clone()
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(FormatUnderline::Single),
            text,
            severities,
        }
    }

    /// The format of a severity.
    pub(super) fn severity(&self, severity: Severity) -> &Format {
        match severity {
            Severity::Critical => &self.severities[0],
            Severity::Major => &self.severities[1],
            Severity::Minor => &self.severities[2],
            Severity::Info => &self.severities[3],
        }
    }
}

/// What stands in a cell.
pub(super) enum Cell<'a> {
    /// A text, made visible and kept from being a formula.
    Text(Cow<'a, str>),
    /// A text in the middle.
    Center(Cow<'a, str>),
    /// A number of things.
    Count(usize),
    /// Yuan; nothing where there is none.
    Money(Option<Decimal>),
    /// A share between 0 and 1; nothing where there is none.
    Share(Option<f64>),
    /// An ISO date, as a date where it is a whole one.
    Date(Option<&'a str>),
    /// A severity.
    Severity(Severity),
    /// A text that leads to a cell of a source workbook.
    Link(Cow<'a, str>, Option<Target<'a>>),
    /// To be filled in.
    Blank,
    /// A date to be filled in.
    BlankDate,
}

impl<'a> Cell<'a> {
    /// A text.
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number of things.
    pub(super) fn count(count: u32) -> Self {
        Self::Count(usize::try_from(count).unwrap_or(usize::MAX))
    }
}

/// A cell of a source workbook.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    /// From the report's folder to the one that was scanned.
    pub(super) links: &'a str,
    /// The file's name in the report.
    pub(super) file: &'a str,
    /// The sheet; empty in a csv file.
    pub(super) sheet: &'a str,
    /// The A1 address.
    pub(super) cell: &'a str,
}

impl Target<'_> {
    /// The link: `file:///…/合同台账.xlsx#'合同'!F12`. `None` where it cannot be written so that programs take it for nothing
    /// else.
    pub(super) fn url(&self) -> Option<String> {
        address::parse(self.cell)?;
        let path: String = format!("{}{}", self.links, self.file)
            .chars()
            .map(|c| match c {
                ' ' => "%20".to_owned(),
                '%' => "%25".to_owned(),
                '"' => "%22".to_owned(),
                '`' => "%60".to_owned(),
                '<' => "%3C".to_owned(),
                '>' => "%3E".to_owned(),
                '[' => "%5B".to_owned(),
                ']' => "%5D".to_owned(),
                '^' => "%5E".to_owned(),
                '{' => "%7B".to_owned(),
                '}' => "%7D".to_owned(),
                c => c.to_string(),
            })
            .collect();
        // `#` would end the path, a colon or backslash would make another kind of path of it.
        if path.contains(['#', ':', '\\']) || path.chars().any(char::is_control) {
            return None;
        }
        // A csv file opens as a sheet named after it.
        let sheet = if self.sheet.is_empty() {
            let name = self.file.rsplit('/').next().unwrap_or(self.file);
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            stem.chars().take(31).collect()
        } else {
            self.sheet.to_owned()
        };
        if sheet.chars().any(char::is_control) {
            return None;
        }
        let sheet = sheet.replace('\'', "''");
        let url = format!("file:///{path}#'{sheet}'!{}", self.cell);
        (url.chars().count() <= URL).then_some(url)
    }
}

/// A text as a cell may hold it.
pub(super) fn fit(text: &str) -> String {
    let shown: String = text.split('\n').map(visible).collect::<Vec<_>>().join("\n");
    if shown.chars().count() <= TEXT {
        return shown;
    }
    let mut cut: String = shown.chars().take(TEXT).collect();
    cut.push('…');
    cut
}

/// How many lines a cell takes in a column of a width in characters.
fn lines(cell: &Cell<'_>, width: u16) -> usize {
    let (Cell::Text(text) | Cell::Center(text) | Cell::Link(text, _)) = cell else {
        return 1;
    };
    // A margin on either side, and a wide character that does not fit goes to the next line.
    let room = usize::from(width).saturating_sub(2).max(2);
    text.split('\n')
        .map(|part| columns(&visible(part)).div_ceil(room).max(1))
        .sum()
}

/// The height of a row in points; Excel allows 409.
fn height(lines: usize) -> f64 {
    let lines = u32::try_from(lines.clamp(1, 31)).unwrap_or(31);
    f64::from(lines) * 13.0 + 2.0
}

/// A sheet being filled.
pub(super) struct Sheet<'f> {
    pub(super) page: Worksheet,
    pub(super) formats: &'f Formats,
    /// The next free row.
    pub(super) row: u32,
    head_row: u32,
    columns: u16,
    widths: Vec<u16>,
    links: u32,
}

impl<'f> Sheet<'f> {
    /// A sheet with its name, the notice in the first row, and a print set-up of A4 landscape, one page wide.
    pub(super) fn new(name: &str, formats: &'f Formats) -> Result<Self, XlsxError> {
        let lang = formats.lang;
        let mut sheet = Worksheet::new();
        sheet
            .set_name(name)?
            .set_paper_size(9)
            .set_landscape()
            .set_print_fit_to_pages(1, 0)
            .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
            .set_header(format!("&L{}&R{name}", labels::head(lang)))
            .set_footer(lang.pick("&C第 &P 页，共 &N 页", "&CPage &P of &N"));
        Ok(Self {
            page: sheet,
            formats,
            row: 0,
            head_row: 0,
            columns: 0,
            widths: Vec::new(),
            links: 0,
        })
    }

    /// A line over the whole width.
    pub(super) fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.page
            .write_string_with_format(self.row, 0, fit(text), format)?;
        self.row += 1;
        Ok(())
    }

    /// The widths of the columns in characters of half width.
    pub(super) fn widths(&mut self, widths: &[u16]) -> Result<(), XlsxError> {
        for (column, width) in (0..).zip(widths) {
            self.page.set_column_width(column, *width)?;
        }
        self.widths = widths.to_vec();
        Ok(())
    }

    /// The notice and the header of a sheet that is one list; both stay when the list is scrolled and are repeated in print.
    pub(super) fn list_head(
        &mut self,
        notice: &str,
        heads: &[(&str, u16)],
    ) -> Result<(), XlsxError> {
        let formats = self.formats;
        self.line(notice, &formats.notice)?;
        let widths: Vec<u16> = heads.iter().map(|(_, width)| *width).collect();
        self.widths(&widths)?;
        let names: Vec<&str> = heads.iter().map(|(name, _)| *name).collect();
        self.head_row = self.row;
        self.head(&names)?;
        self.page.set_freeze_panes(self.row, 0)?;
        self.page.set_repeat_rows(0, self.head_row)?;
        Ok(())
    }

    /// A row of column names.
    pub(super) fn head(&mut self, names: &[&str]) -> Result<(), XlsxError> {
        for (column, name) in (0..).zip(names) {
            self.page
                .write_string_with_format(self.row, column, *name, &self.formats.head)?;
        }
        self.columns = u16::try_from(names.len()).unwrap_or(u16::MAX);
        self.row += 1;
        Ok(())
    }

    /// A row of cells.
    pub(super) fn cells(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            self.cell(column, cell)?;
        }
        // Not every program fits a row to its wrapped text.
        let lines = cells
            .iter()
            .zip(&self.widths)
            .map(|(cell, width)| lines(cell, *width))
            .max()
            .unwrap_or(1);
        self.page.set_row_height(self.row, height(lines))?;
        self.row += 1;
        Ok(())
    }

    /// Whether the sheet has no room left.
    pub(super) fn full(&self) -> bool {
        self.row >= ROWS
    }

    fn cell(&mut self, column: u16, cell: &Cell<'_>) -> Result<(), XlsxError> {
        let formats = self.formats;
        let row = self.row;
        match cell {
            Cell::Text(text) => self.string(column, text, &formats.text)?,
            Cell::Center(text) => self.string(column, text, &formats.center)?,
            Cell::Count(count) => {
                let count = u32::try_from(*count).unwrap_or(u32::MAX);
                self.page
                    .write_number_with_format(row, column, count, &formats.count)?;
            }
            Cell::Money(amount) => match amount.and_then(|amount| amount.to_f64()) {
                Some(amount) => {
                    self.page
                        .write_number_with_format(row, column, amount, &formats.money)?;
                }
                None => {
                    self.page.write_blank(row, column, &formats.money)?;
                }
            },
            Cell::Share(share) => match share {
                Some(share) => {
                    self.page
                        .write_number_with_format(row, column, *share, &formats.percent)?;
                }
                None => {
                    self.page.write_blank(row, column, &formats.percent)?;
                }
            },
            Cell::Date(date) => {
                let date = date.unwrap_or("");
                // `2024-03` is read as a date by no one and stays text.
                match ExcelDateTime::parse_from_str(date) {
                    Ok(day) if date.len() == 10 => {
                        self.page
                            .write_datetime_with_format(row, column, &day, &formats.date)?;
                    }
                    _ => self.string(column, date, &formats.center)?,
                }
            }
            Cell::Severity(severity) => {
                let word = format!(
                    "{} {}",
                    labels::sign(*severity),
                    severity.name(formats.lang)
                );
                self.string(column, &word, formats.severity(*severity))?;
            }
            Cell::Link(text, target) => {
                match target.and_then(|target| target.url()) {
                    Some(url) if self.links < LINKS => {
                        self.links += 1;
                        // The text is what is shown; it is written as a text, never as a formula.
                        self.page.write_url_with_options(
                            row,
                            column,
                            Url::new(url),
                            fit(text),
                            formats.lang.pick("打开来源单元格", "Open the source cell"),
                            Some(&formats.link),
                        )?;
                    }
                    _ => self.string(column, text, &formats.text)?,
                }
            }
            Cell::Blank => {
                self.page.write_blank(row, column, &formats.blank)?;
            }
            Cell::BlankDate => {
                self.page.write_blank(row, column, &formats.blank_date)?;
            }
        }
        Ok(())
    }

    fn string(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        let text = fit(text);
        // A text is stored as a text; the quote prefix keeps it one when the cell is edited.
        let formula = matches!(no_formula(&text), Cow::Owned(_));
        let format = if formula {
            &self.formats.quoted
        } else {
            format
        };
        if text.is_empty() {
            self.page.write_blank(self.row, column, format)?;
        } else {
            self.page
                .write_string_with_format(self.row, column, text, format)?;
        }
        Ok(())
    }

    /// Filters over the list, and the sheet.
    pub(super) fn filtered(mut self) -> Result<Worksheet, XlsxError> {
        if self.row > self.head_row + 1 && self.columns > 0 {
            self.page
                .autofilter(self.head_row, 0, self.row - 1, self.columns - 1)?;
        }
        Ok(self.page)
    }

    /// Leaves the last column, the fingerprint, out of print: it is for programs.
    pub(super) fn print_without_last(&mut self) -> Result<(), XlsxError> {
        if self.columns > 1 && self.row > 0 {
            self.page
                .set_print_area(0, 0, self.row - 1, self.columns - 2)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, fit};

    #[test]
    fn links_lead_to_the_cell() {
        let target = |file, sheet| Target {
            links: "../",
            file,
            sheet,
            cell: "F12",
        };
        assert_eq!(
            target("李庄村/合同 台账.xlsx", "合同 'A'!")
                .url()
                .as_deref(),
            Some("file:///../李庄村/合同%20台账.xlsx#'合同 ''A''!'!F12")
        );
        assert_eq!(
            target("付款.csv", "").url().as_deref(),
            Some("file:///../付款.csv#'付款'!F12")
        );
        assert_eq!(target("a#b.xlsx", "x").url(), None);
        assert_eq!(target("http://x/a.xlsx", "x").url(), None);
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(fit(&"字".repeat(40_000)).chars().count(), 16_001);
        assert_eq!(fit("a\u{1b}\nb"), "a␛\nb");
    }
}
