//! `text`: for the terminal, readable at a glance: village → topic → finding → cells → law → advice, then the summary.

mod gaps;
mod logged;
mod paint;
mod summary;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub(super) use logged::Logged;
use paint::Paint;

use super::Style;
use super::clean::visible;
use super::labels;
use super::view::{Line, View, Village};
use super::width::{columns, cut, pad, wrap};
use crate::finding::{Evidence, Finding, ResolvedStatus, Topic, Verdict};
use crate::lang::Lang;

/// How many cells of one finding are printed; the other formats have them all.
const CELLS: usize = 12;

/// How many records of an undetermined rule are named.
const NAMED: usize = 5;

/// Writes the report for a terminal.
pub(super) fn write(view: &View<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = Logged::new(out);
    let mut page = Page {
        view,
        lang: view.lang,
        paint: Paint { on: style.color },
        width: if style.width == 0 {
            80
        } else {
            style.width.clamp(72, 120)
        },
        told: BTreeSet::new(),
        out: &mut out,
    };
    page.head()?;
    if style.quiet {
        page.one_line_each()?;
    } else {
        if !style.summary {
            for village in &view.villages {
                page.village(village)?;
            }
            page.resolved()?;
        }
        page.summary()?;
    }
    out.flush()
}

struct Page<'a, 'b> {
    view: &'a View<'a>,
    lang: Lang,
    paint: Paint,
    width: usize,
    /// Provisions whose text was printed: id and text.
    told: BTreeSet<(&'a str, &'a str)>,
    out: &'b mut dyn Write,
}

impl<'a> Page<'a, '_> {
    fn head(&mut self) -> io::Result<()> {
        let head = self.paint.bold(labels::head(self.lang));
        writeln!(self.out, "{head}")
    }

    /// A line a finding: place, severity, rule, message.
    fn one_line_each(&mut self) -> io::Result<()> {
        for line in &self.view.lines {
            let finding = line.finding;
            let place = first_place(finding)
                .unwrap_or_else(|| labels::village(&finding.town, &finding.village, self.lang));
            let mark = self.mark(line);
            writeln!(
                self.out,
                "{place}: {mark} {}: {} {}",
                visible(&finding.rule),
                visible(&finding.message),
                finding.fingerprint,
            )?;
        }
        Ok(())
    }

    fn village(&mut self, village: &Village<'a>) -> io::Result<()> {
        let name = cut(
            &labels::village(village.town, village.name, self.lang),
            self.width / 2 - 6,
        );
        let counts = self.counts_in_words(village);
        let fits = columns(&name) + columns(&counts) + 7 <= self.width;
        let used = columns(&name) + if fits { columns(&counts) + 5 } else { 4 };
        let name = self.paint.bold(&name);
        let dashes = self.paint.dim("──");
        let rule = self.paint.dim(&"─".repeat(self.width.saturating_sub(used)));
        if fits {
            writeln!(self.out, "\n{dashes} {name} {rule} {counts}")?;
        } else {
            writeln!(self.out, "\n{dashes} {name} {rule}\n   {counts}")?;
        }
        let lines = self.view.lines_of(village);
        for topic in Topic::ALL {
            let of_topic: Vec<&Line<'_>> =
                lines.iter().filter(|line| line.topic() == topic).collect();
            if of_topic.is_empty() {
                continue;
            }
            writeln!(self.out, "\n{}", self.paint.heading(topic.name(self.lang)))?;
            for line in of_topic
                .iter()
                .filter(|line| line.finding.verdict == Verdict::Violation)
            {
                self.line(line)?;
            }
            self.undetermined(&of_topic)?;
        }
        Ok(())
    }

    fn counts_in_words(&self, village: &Village<'_>) -> String {
        let counts = &village.counts;
        let mut words = Vec::new();
        for (verdict, count) in [
            (Verdict::Violation, counts.violations),
            (Verdict::Undetermined, counts.undetermined),
        ] {
            if count > 0 || verdict == Verdict::Violation {
                words.push(format!("{} {count}", verdict.name(self.lang)));
            }
        }
        if !counts.amount.is_zero() {
            words.push(labels::money(counts.amount, self.lang));
        }
        words.join(self.lang.pick("，", ", "))
    }

    /// `▲ 较重`, or what stands in its place.
    fn mark(&self, line: &Line<'_>) -> String {
        let severity = line.severity();
        let word = format!("{} {}", labels::sign(severity), severity.name(self.lang));
        match line.finding.verdict {
            Verdict::Undetermined => self
                .paint
                .dim(&format!("? {}", Verdict::Undetermined.name(self.lang))),
            _ => self.paint.severity(severity, &word),
        }
    }

    fn line(&mut self, line: &Line<'a>) -> io::Result<()> {
        let finding = line.finding;
        let mut remarks = Vec::new();
        let standing = labels::standing(finding, self.lang);
        if !standing.is_empty() {
            remarks.push(standing);
        }
        if line.frequent {
            remarks.push(labels::frequent(self.lang).to_owned());
        }
        let mark = self.mark(line);
        let before = 4 + columns(&plain_mark(line, self.lang)) + 2;
        let title = cut(&visible(&finding.title), self.width - before);
        let mut tail = visible(&finding.rule).into_owned();
        if !remarks.is_empty() {
            tail = format!("{tail} [{}]", remarks.join(self.lang.pick("，", ", ")));
        }
        let number = line.number;
        write!(self.out, "{number:>3} {mark}  {}", self.paint.bold(&title))?;
        if before + columns(&title) + 1 + columns(&tail) <= self.width {
            writeln!(self.out, " {}", self.paint.note(&tail))?;
        } else {
            writeln!(self.out)?;
            self.indented(&tail)?;
        }
        self.indented(&visible(&finding.message))?;
        let mut facts = Vec::new();
        if let Some(amount) = line.amount() {
            facts.push(match self.lang {
                Lang::Zh => format!("涉及 {}", labels::money(amount, self.lang)),
                Lang::En => format!("at stake {}", labels::money(amount, self.lang)),
            });
        }
        if let Some(date) = &finding.date {
            facts.push(visible(date).into_owned());
        }
        facts.push(self.records(finding, line.kind));
        self.indented(&facts.join(" · "))?;
        self.cells(finding.evidence.iter())?;
        for provision in &finding.basis {
            let cited = labels::cited(provision, self.lang);
            let text = visible(&provision.text);
            // A provision's text is printed where it is cited first.
            let first = self.told.insert((&provision.id, &provision.text));
            let line = match (self.lang, text.is_empty() || !first) {
                (_, true) => cited,
                (Lang::Zh, false) => format!("{cited}：{text}"),
                (Lang::En, false) => format!("{cited}: {text}"),
            };
            self.labelled(self.lang.pick("依据", "law"), &line)?;
        }
        if finding.basis.is_empty() && finding.tree.is_some() {
            self.labelled(
                self.lang.pick("依据", "law"),
                labels::hint(finding, self.lang),
            )?;
        }
        for limit in &finding.limits {
            let limit = labels::limit(limit, self.lang);
            self.labelled(self.lang.pick("限额", "limit"), &limit)?;
        }
        if !finding.advice.is_empty() {
            let advice = visible(&finding.advice);
            self.labelled(self.lang.pick("建议", "advice"), &advice)?;
        }
        if let Some(waiver) = &finding.waiver {
            let waiver = labels::waiver(waiver, self.lang);
            self.labelled(self.lang.pick("豁免", "waiver"), &waiver)?;
        }
        for other in &line.others {
            let same = format!(
                "{} {}（{}）",
                visible(&other.title),
                visible(&other.rule),
                visible(&other.message)
            );
            self.labelled(self.lang.pick("同项", "also"), &same)?;
            self.cells(other.evidence.iter().filter(|cell| {
                finding.evidence.iter().all(|known| {
                    (&known.file, &known.sheet, &known.cell)
                        != (&cell.file, &cell.sheet, &cell.cell)
                })
            }))?;
        }
        let fingerprint = self.paint.dim(finding.fingerprint.as_str());
        writeln!(self.out, "      {fingerprint}")
    }

    /// `合同 A1（第 12 行）`, the first records by name and the rest by number.
    fn records(&self, finding: &Finding, kind: &str) -> String {
        let mut named: Vec<String> = finding
            .records
            .iter()
            .take(3)
            .map(|record| {
                let key = visible(&record.key);
                match self.lang {
                    Lang::Zh => format!("{key}（第{}行）", record.row),
                    Lang::En => format!("{key} (row {})", record.row),
                }
            })
            .collect();
        if finding.records.len() > 3 {
            named.push(match self.lang {
                Lang::Zh => format!("等 {} 条", finding.records.len()),
                Lang::En => format!("{} in all", finding.records.len()),
            });
        }
        format!(
            "{} {}",
            labels::kind(kind, self.lang),
            named.join(self.lang.pick("、", ", "))
        )
        .trim()
        .to_owned()
    }

    /// The cells that decided a finding, by sheet.
    fn cells<'e>(&mut self, cells: impl Iterator<Item = &'e Evidence>) -> io::Result<()> {
        let cells: Vec<&Evidence> = cells.collect();
        let shown = &cells[..cells.len().min(CELLS)];
        // What stands in the sheet's name has no address.
        let sheet_name = self.lang.pick("表名", "sheet");
        let address_of = |cell: &Evidence| match cell.cell.as_str() {
            "" => sheet_name.to_owned(),
            address => visible(address).into_owned(),
        };
        let cell_width = shown
            .iter()
            .map(|cell| columns(&address_of(cell)))
            .max()
            .unwrap_or(0);
        let header_width = shown
            .iter()
            .map(|c| columns(&visible(title_of(c))))
            .max()
            .unwrap_or(0)
            .min(20);
        let mut place = None;
        for cell in shown {
            let here = (&cell.file, &cell.sheet);
            if place != Some(here) {
                place = Some(here);
                let here = labels::place(&cell.file, &cell.sheet, "");
                let arrow = self.paint.dim("-->");
                writeln!(self.out, "      {arrow} {}", cut(&here, self.width - 10))?;
            }
            let mut shown = labels::raw(&cell.raw, self.lang);
            if let Some(value) = &cell.value {
                let value = visible(value);
                if cell.inferred {
                    shown = match self.lang {
                        Lang::Zh => format!("{shown} → {value}（推断）"),
                        Lang::En => format!("{shown} → {value} (inferred)"),
                    };
                } else if value != shown.as_str() {
                    shown = format!("{shown} → {value}");
                }
            }
            let header = pad(&cut(&visible(title_of(cell)), header_width), header_width);
            let address = pad(&address_of(cell), cell_width);
            let room = self
                .width
                .saturating_sub(10 + cell_width + 2 + header_width + 2)
                .max(12);
            writeln!(
                self.out,
                "          {}  {header}  {}",
                self.paint.cell(&address),
                cut(&shown, room)
            )?;
        }
        if cells.len() > CELLS {
            let more = match self.lang {
                Lang::Zh => format!("（另有 {} 个单元格）", cells.len() - CELLS),
                Lang::En => format!("({} more cells)", cells.len() - CELLS),
            };
            writeln!(self.out, "          {more}")?;
        }
        Ok(())
    }

    /// The undetermined lines of a topic, by rule: how many, which, and what would decide them.
    fn undetermined(&mut self, lines: &[&Line<'_>]) -> io::Result<()> {
        let mut at = 0;
        let open: Vec<&&Line<'_>> = lines
            .iter()
            .filter(|line| line.finding.verdict == Verdict::Undetermined)
            .collect();
        while let Some(first) = open.get(at) {
            let same = open[at..]
                .iter()
                .take_while(|line| line.finding.rule == first.finding.rule)
                .count();
            self.undetermined_rule(&open[at..at + same])?;
            at += same;
        }
        Ok(())
    }

    fn undetermined_rule(&mut self, lines: &[&&Line<'_>]) -> io::Result<()> {
        let finding = lines[0].finding;
        let title = format!(
            "? {} {}  {} {}",
            Verdict::Undetermined.name(self.lang),
            lines.len(),
            visible(&finding.title),
            visible(&finding.rule)
        );
        for (index, line) in wrap(&title, self.width - 6).iter().enumerate() {
            let indent = if index == 0 { "    " } else { "      " };
            writeln!(self.out, "{indent}{line}")?;
        }
        let mut missing: Vec<&str> = lines
            .iter()
            .flat_map(|line| line.finding.missing.iter())
            .map(|missing| missing.name.as_str())
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let missing = visible(&missing.join(self.lang.pick("、", ", "))).into_owned();
            self.labelled(self.lang.pick("缺", "lacks"), &missing)?;
        }
        let mut named: Vec<String> = lines
            .iter()
            .take(NAMED)
            .map(|line| {
                let finding = line.finding;
                let place = finding
                    .missing
                    .iter()
                    .find(|missing| !missing.cell.is_empty())
                    .map(|missing| labels::place(&missing.file, &missing.sheet, &missing.cell))
                    .or_else(|| first_place(finding))
                    .unwrap_or_default();
                match finding.records.first() {
                    Some(record) => format!("{} {place}", visible(&record.key)),
                    None => place,
                }
            })
            .collect();
        if lines.len() > NAMED {
            named.push(match self.lang {
                Lang::Zh => format!("等 {} 项", lines.len()),
                Lang::En => format!("{} in all", lines.len()),
            });
        }
        if finding.tree.is_none() {
            // A data issue has nothing missing; its message says what was seen.
            let message = visible(&finding.message).into_owned();
            self.indented(&message)?;
        }
        self.indented(named.join(self.lang.pick("；", "; ")).trim())
    }

    /// What the baseline had and this scan has not.
    fn resolved(&mut self) -> io::Result<()> {
        let Some(resolved) = &self.view.report.resolved else {
            return Ok(());
        };
        for status in [
            ResolvedStatus::Rectified,
            ResolvedStatus::Altered,
            ResolvedStatus::Vanished,
            ResolvedStatus::Unknown,
        ] {
            let of_status: Vec<_> = resolved.iter().filter(|r| r.status == status).collect();
            if of_status.is_empty() {
                continue;
            }
            let heading = format!(
                "{} {}",
                labels::resolved(status, self.lang),
                of_status.len()
            );
            writeln!(self.out, "\n{}", self.paint.heading(&heading))?;
            for item in of_status {
                let finding = &item.finding;
                let line = format!(
                    "{} {} {}",
                    labels::village(&finding.town, &finding.village, self.lang),
                    visible(&finding.title),
                    finding
                        .records
                        .first()
                        .map(|record| visible(&record.key).into_owned())
                        .unwrap_or_default(),
                );
                writeln!(self.out, "  · {}", cut(line.trim(), self.width - 4))?;
                for change in &item.changes {
                    let change = format!(
                        "{} {}: {} → {}",
                        visible(&change.field),
                        visible(&change.cell),
                        labels::raw(&change.before, self.lang),
                        labels::raw(&change.after, self.lang)
                    );
                    self.indented(&change)?;
                }
                let why = visible(&item.why).into_owned();
                self.indented(&why)?;
            }
        }
        Ok(())
    }

    /// Wrapped text under a finding.
    fn indented(&mut self, text: &str) -> io::Result<()> {
        for line in wrap(text, self.width - 6) {
            writeln!(self.out, "      {line}")?;
        }
        Ok(())
    }

    /// Wrapped text behind a word, hanging.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        let indent = 6 + columns(label) + 1;
        for (index, line) in wrap(text, self.width - indent).iter().enumerate() {
            if index == 0 {
                writeln!(self.out, "      {} {line}", self.paint.label(label))?;
            } else {
                writeln!(self.out, "{}{line}", " ".repeat(indent))?;
            }
        }
        Ok(())
    }
}

fn plain_mark(line: &Line<'_>, lang: Lang) -> String {
    format!(
        "{} {}",
        labels::sign(line.severity()),
        line.severity().name(lang)
    )
}

/// The header of a cell, or its field where there is none.
fn title_of(cell: &Evidence) -> &str {
    if cell.header.is_empty() {
        &cell.field
    } else {
        &cell.header
    }
}

/// The first cell of a finding, else its first record.
fn first_place(finding: &Finding) -> Option<String> {
    finding
        .evidence
        .first()
        .map(|cell| labels::place(&cell.file, &cell.sheet, &cell.cell))
        .or_else(|| {
            finding
                .records
                .first()
                .map(|record| labels::place(&record.file, &record.sheet, &record.row.to_string()))
        })
}
