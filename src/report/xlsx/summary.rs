//! 汇总: counts and money by village and topic with charts, who handed over what, the balance, what was not read.

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLegendPosition, ChartSolidFill,
    ChartType, Color, Format, Worksheet, XlsxError,
};

use super::sheet::{Cell, Formats, Sheet};
use crate::finding::{InputStatus, Severity, Topic, Verdict};
use crate::lang::Lang;
use crate::report::labels;
use crate::report::view::{Counts, View, money_at_stake};

/// How many villages a chart shows.
const CHARTED: usize = 30;

/// The sheet.
pub(super) fn sheet(view: &View<'_>, formats: &Formats) -> Result<Worksheet, XlsxError> {
    let lang = view.lang;
    let name = lang.pick("汇总", "Summary");
    let mut sheet = Sheet::new(name, formats)?;
    sheet.widths(&[24, 12, 12, 12, 12, 12, 12, 12, 18, 12, 12])?;
    sheet.line(
        lang.pick("台账核验问题汇总", "Leads from the ledgers: summary"),
        &formats.title,
    )?;
    sheet.line(labels::head(lang), &formats.notice)?;
    run(view, &mut sheet)?;
    sheet.row += 1;
    // The charts stand on top, where no page ends within them, and are drawn from the tables below.
    let charts_row = sheet.row;
    let bars = view.villages.len().min(CHARTED).max(Topic::ALL.len());
    // A bar and its name take 24 pixels, title and legend the rest; a row is twenty pixels high.
    let height = u32::try_from(bars * 24 + 90).unwrap_or(u32::MAX).max(320);
    sheet.row += height.div_ceil(20) + 1;
    let villages = villages(view, &mut sheet)?;
    sheet.row += 1;
    let topics = topics(view, &mut sheet)?;
    sheet.row += 1;
    charts((charts_row, height), lang, villages, topics, &mut sheet)?;
    by_village_and_topic(view, &mut sheet)?;
    coverage(view, &mut sheet)?;
    balance(view, &mut sheet)?;
    not_read(view, &mut sheet)?;
    remarks(view, &mut sheet)?;
    Ok(sheet.page)
}

fn plain(formats: &Formats) -> Format {
    formats
        .notice
        .clone()
        .set_font_color(Color::Black)
        .unset_bold()
}

fn run(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let report = view.report;
    let read = report
        .inputs
        .iter()
        .filter(|input| input.status == InputStatus::Read)
        .count();
    let plain = plain(sheet.formats);
    let counts = &view.counts;
    let text = match view.lang {
        Lang::Zh => format!(
            "基准日 {}　核验 {}　规则 {}　读取文件 {read}/{}　记录 {}",
            report.as_of,
            report.tool.version,
            report.tool.rules.chars().take(8).collect::<String>(),
            report.inputs.len(),
            report.balance.records
        ),
        Lang::En => format!(
            "As of {}, heyan {}, rules {}, files read {read}/{}, records {}",
            report.as_of,
            report.tool.version,
            report.tool.rules.chars().take(8).collect::<String>(),
            report.inputs.len(),
            report.balance.records
        ),
    };
    sheet.line(&text, &plain)?;
    let text = match view.lang {
        Lang::Zh => format!(
            "不符 {}　待核 {}　已豁免 {}　试行规则 {}　涉及金额 {}（同一记录只计一次，取最大；不含提示级）",
            counts.violations,
            counts.undetermined,
            counts.waived,
            counts.trial,
            labels::money(counts.amount, view.lang)
        ),
        Lang::En => format!(
            "Violations {}, undetermined {}, waived {}, on trial {}, at stake {} (a record's money counts once, the largest; hints left out)",
            counts.violations,
            counts.undetermined,
            counts.waived,
            counts.trial,
            labels::money(counts.amount, view.lang)
        ),
    };
    sheet.line(&text, &plain)
}

fn count_heads(first: &str, lang: Lang) -> Vec<&str> {
    let mut heads = vec![first];
    heads.extend(Severity::ALL.map(|severity| severity.name(lang)));
    heads.push(lang.pick("不符合计", "Violations"));
    heads.push(Verdict::Undetermined.name(lang));
    heads.push(lang.pick("已豁免", "Waived"));
    heads.push(lang.pick("涉及金额（元）", "At stake (CNY)"));
    heads
}

fn count_cells<'a>(name: String, counts: &Counts) -> Vec<Cell<'a>> {
    let mut cells = vec![Cell::text(name)];
    cells.extend(Severity::ALL.map(|severity| Cell::Count(counts.of_severity(severity))));
    cells.push(Cell::Count(counts.violations));
    cells.push(Cell::Count(counts.undetermined));
    cells.push(Cell::Count(counts.waived));
    cells.push(Cell::Money(Some(counts.amount)));
    cells
}

fn total(counts: &Counts, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let formats = sheet.formats;
    let row = sheet.row;
    sheet.page.write_string_with_format(
        row,
        0,
        formats.lang.pick("合计", "All"),
        &formats.total,
    )?;
    let numbers = Severity::ALL
        .map(|severity| counts.of_severity(severity))
        .into_iter()
        .chain([counts.violations, counts.undetermined, counts.waived]);
    for (column, number) in (1..).zip(numbers) {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        sheet
            .page
            .write_number_with_format(row, column, number, &formats.total_count)?;
    }
    let amount = rust_decimal::prelude::ToPrimitive::to_f64(&counts.amount).unwrap_or(0.0);
    sheet
        .page
        .write_number_with_format(row, 8, amount, &formats.total_money)?;
    sheet.row += 1;
    Ok(())
}

/// A line for each village; the rows of the table.
fn villages(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(u32, u32), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    sheet.line(lang.pick("一、分村统计", "1. By village"), &formats.heading)?;
    sheet.head(&count_heads(lang.pick("村", "Village"), lang))?;
    let first = sheet.row;
    for village in &view.villages {
        let name = labels::village(village.town, village.name, lang);
        sheet.cells(&count_cells(name, &village.counts))?;
    }
    let last = sheet.row;
    total(&view.counts, sheet)?;
    Ok((first, last))
}

/// A line for each topic; the rows of the table.
fn topics(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(u32, u32), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    sheet.line(lang.pick("二、分方面统计", "2. By topic"), &formats.heading)?;
    sheet.head(&count_heads(lang.pick("方面", "Topic"), lang))?;
    let first = sheet.row;
    for topic in Topic::ALL {
        let lines: Vec<_> = view
            .lines
            .iter()
            .filter(|line| line.topic() == topic)
            .collect();
        let counts = Counts::of(lines.iter().copied());
        sheet.cells(&count_cells(topic.name(lang).to_owned(), &counts))?;
    }
    let last = sheet.row;
    total(&view.counts, sheet)?;
    Ok((first, last))
}

/// Two charts side by side: villages and topics, stacked by severity.
fn charts(
    (row, height): (u32, u32),
    lang: Lang,
    villages: (u32, u32),
    topics: (u32, u32),
    sheet: &mut Sheet<'_>,
) -> Result<(), XlsxError> {
    let name = lang.pick("汇总", "Summary");
    let charted = u32::try_from(CHARTED).unwrap_or(u32::MAX);
    let shown = (villages.0, villages.1.min(villages.0 + charted));
    let titles = [
        lang.pick(
            "各村不符线索（按级别）",
            "Violations by village and severity",
        ),
        lang.pick(
            "各方面不符线索（按级别）",
            "Violations by topic and severity",
        ),
    ];
    for (index, (rows, title)) in [shown, topics].into_iter().zip(titles).enumerate() {
        if rows.0 == rows.1 {
            continue;
        }
        let mut chart = Chart::new(ChartType::BarStacked);
        for (column, severity) in (1u16..).zip(Severity::ALL) {
            let color = match severity {
                Severity::Critical => 0x009C_1C1C,
                Severity::Major => 0x00E0_8E45,
                Severity::Minor => 0x00FF_D966,
                Severity::Info => 0x00D9_D9D9,
            };
            chart
                .add_series()
                .set_name(severity.name(lang))
                .set_categories((name, rows.0, 0, rows.1 - 1, 0))
                .set_values((name, rows.0, column, rows.1 - 1, column))
                .set_gap(60)
                .set_format(
                    ChartFormat::new()
                        .set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(color))),
                );
        }
        chart
            .title()
            .set_name(title)
            .set_font(ChartFont::new().set_size(11));
        chart.legend().set_position(ChartLegendPosition::Bottom);
        // Bars are drawn from below: the first village belongs on top.
        chart
            .y_axis()
            .set_reverse()
            .set_font(ChartFont::new().set_size(9));
        chart
            .x_axis()
            .set_num_format("0")
            .set_label_position(ChartAxisLabelPosition::High);
        chart.set_alt_text(title);
        chart.set_width(540).set_height(height);
        let column = if index == 0 { 0 } else { 6 };
        sheet.page.insert_chart(row, column, &chart)?;
    }
    Ok(())
}

/// Village × topic.
fn by_village_and_topic(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    sheet.line(
        lang.pick(
            "三、分村分方面（不符，元）",
            "3. Villages by topic (violations, CNY)",
        ),
        &formats.heading,
    )?;
    sheet.head(&[
        lang.pick("村", "Village"),
        lang.pick("方面", "Topic"),
        Severity::Critical.name(lang),
        Severity::Major.name(lang),
        Severity::Minor.name(lang),
        Severity::Info.name(lang),
        lang.pick("涉及金额", "At stake"),
    ])?;
    for village in &view.villages {
        for topic in Topic::ALL {
            let lines: Vec<_> = view
                .lines_of(village)
                .iter()
                .filter(|line| line.topic() == topic && line.counts())
                .collect();
            if lines.is_empty() {
                continue;
            }
            let counts = Counts::of(lines.iter().copied());
            let mut cells = vec![
                Cell::text(labels::village(village.town, village.name, lang)),
                Cell::Center(topic.name(lang).into()),
            ];
            cells.extend(Severity::ALL.map(|severity| Cell::Count(counts.of_severity(severity))));
            cells.push(Cell::Money(Some(money_at_stake(lines.iter().copied()))));
            sheet.cells(&cells)?;
        }
    }
    sheet.row += 1;
    Ok(())
}

/// Village × ledger, with records and dates.
fn coverage(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    let kinds: BTreeSet<&str> = view
        .report
        .coverage
        .iter()
        .map(|coverage| coverage.kind.as_str())
        .collect();
    sheet.line(
        lang.pick(
            "四、台账提供情况（记录数，起止日期；空白为未提供）",
            "4. Ledgers supplied (records and dates; blank where none)",
        ),
        &formats.heading,
    )?;
    let mut heads = vec![lang.pick("村", "Village")];
    heads.extend(kinds.iter().map(|kind| labels::kind(kind, lang)));
    sheet.head(&heads)?;
    for village in &view.villages {
        let mut cells = vec![Cell::text(labels::village(
            village.town,
            village.name,
            lang,
        ))];
        for kind in &kinds {
            let told: Vec<String> = village
                .coverage
                .iter()
                .filter(|coverage| coverage.kind == **kind)
                .map(|coverage| {
                    let dates = match (&coverage.from, &coverage.to) {
                        (Some(from), Some(to)) => format!("\n{from}\n{to}"),
                        (Some(day), None) | (None, Some(day)) => format!("\n{day}"),
                        (None, None) => String::new(),
                    };
                    format!("{}{dates}", coverage.records)
                })
                .collect();
            cells.push(Cell::Center(told.join("\n").into()));
        }
        sheet.cells(&cells)?;
    }
    sheet.row += 1;
    Ok(())
}

/// Records × rules by verdict.
fn balance(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    sheet.line(
        lang.pick("五、平衡（记录 × 规则）", "5. Balance (records × rules)"),
        &formats.heading,
    )?;
    sheet.head(&[
        lang.pick("合计", "All"),
        Verdict::Violation.name(lang),
        Verdict::Pass.name(lang),
        Verdict::Undetermined.name(lang),
        Verdict::NotApplicable.name(lang),
        Verdict::NotRun.name(lang),
    ])?;
    let mut sums = [0usize; 6];
    for rule in &view.report.balance.by_rule {
        let numbers = [
            rule.records,
            rule.violation,
            rule.pass,
            rule.undetermined,
            rule.not_applicable,
            rule.not_run,
        ];
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum += usize::try_from(number).unwrap_or(usize::MAX);
        }
    }
    let row: Vec<Cell<'_>> = sums.into_iter().map(Cell::Count).collect();
    sheet.cells(&row)?;
    sheet.row += 1;
    Ok(())
}

/// Files that were not read, and rules that ran nowhere.
fn not_read(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    let plain = plain(formats);
    let files: Vec<String> = view
        .report
        .inputs
        .iter()
        .filter(|input| input.status == InputStatus::Unreadable)
        .map(|input| {
            let reason = input
                .reason
                .as_ref()
                .map_or("", |reason| reason.message.get(lang));
            format!("{}{}{reason}", input.file, lang.pick("：", ": "))
        })
        .collect();
    let rules: Vec<String> = view
        .rules
        .iter()
        .filter(|rule| rule.balance.records == rule.balance.not_run)
        .map(|rule| {
            let lacks: Vec<String> = rule
                .lacks
                .iter()
                .map(|(what, name, _)| format!("{} {name}", labels::what(*what, lang)))
                .collect();
            format!(
                "{} {}{}{}",
                rule.title,
                rule.balance.rule,
                lang.pick("：", ": "),
                if lacks.is_empty() {
                    lang.pick("没有该台账的记录", "no records of its ledgers")
                        .to_owned()
                } else {
                    lacks.join(lang.pick("、", ", "))
                }
            )
        })
        .collect();
    for (heading, items) in [
        (
            lang.pick("六、未能读取的文件", "6. Files that could not be read"),
            files,
        ),
        (
            lang.pick("七、未执行的规则", "7. Rules that ran nowhere"),
            rules,
        ),
    ] {
        sheet.line(heading, &formats.heading)?;
        if items.is_empty() {
            sheet.line(lang.pick("无", "none"), &plain)?;
        }
        for item in items {
            sheet.line(&item, &plain)?;
        }
        sheet.row += 1;
    }
    Ok(())
}

/// Restated limits and remarks on the run.
fn remarks(view: &View<'_>, sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    let lang = view.lang;
    let formats = sheet.formats;
    let plain = plain(formats);
    let mut lines: Vec<String> = view
        .report
        .restated
        .iter()
        .map(|limit| labels::limit(limit, lang))
        .collect();
    lines.extend(view.report.notes.iter().cloned());
    if lines.is_empty() {
        return Ok(());
    }
    sheet.line(
        lang.pick(
            "八、本地重设的限额及说明",
            "8. Limits restated locally, and notes",
        ),
        &formats.heading,
    )?;
    for line in lines {
        sheet.line(&line, &plain)?;
    }
    Ok(())
}
