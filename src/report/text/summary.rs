//! The end of the text report: counts and money, the balance, what is missing, notes.

use std::io;

use super::Page;
use crate::finding::{InputStatus, Severity, Topic, Verdict};
use crate::lang::Lang;
use crate::report::clean::visible;
use crate::report::labels;
use crate::report::view::Counts;
use crate::report::width::{columns, cut, pad, pad_left};

impl Page<'_, '_> {
    pub(super) fn summary(&mut self) -> io::Result<()> {
        self.part(self.lang.pick("汇总", "Summary"))?;
        self.run()?;
        self.counts()?;
        self.topics()?;
        self.balance()?;
        self.inputs()?;
        self.not_run()?;
        self.supply()?;
        self.notes()
    }

    fn part(&mut self, name: &str) -> io::Result<()> {
        let rest = "═".repeat(self.width.saturating_sub(columns(name) + 4));
        writeln!(
            self.out,
            "\n{} {} {}",
            self.paint.dim("══"),
            self.paint.bold(name),
            self.paint.dim(&rest)
        )
    }

    fn run(&mut self) -> io::Result<()> {
        let report = self.view.report;
        let read = report
            .inputs
            .iter()
            .filter(|input| input.status == InputStatus::Read)
            .count();
        let line = match self.lang {
            Lang::Zh => format!(
                "核验 {} · 规则 {} · 基准日 {} · 读取文件 {read}/{} · 记录 {} · 规则数 {}",
                report.tool.version,
                short(&report.tool.rules),
                report.as_of,
                report.inputs.len(),
                report.balance.records,
                report.balance.by_rule.len(),
            ),
            Lang::En => format!(
                "heyan {} · rules {} · as of {} · files read {read}/{} · records {} · rules {}",
                report.tool.version,
                short(&report.tool.rules),
                report.as_of,
                report.inputs.len(),
                report.balance.records,
                report.balance.by_rule.len(),
            ),
        };
        for line in super::wrap(&line, self.width) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// A line for each village, and one for all.
    fn counts(&mut self) -> io::Result<()> {
        let mut heads = vec![self.lang.pick("村", "village").to_owned()];
        heads.extend(Severity::ALL.iter().map(|s| s.name(self.lang).to_owned()));
        heads.push(Verdict::Undetermined.name(self.lang).to_owned());
        heads.push(self.lang.pick("涉及金额(元)", "CNY at stake").to_owned());
        let mut rows: Vec<Vec<String>> = self
            .view
            .villages
            .iter()
            .map(|village| {
                let name = labels::village(village.town, village.name, self.lang);
                row(cut(&name, 22), &village.counts)
            })
            .collect();
        rows.push(row(
            self.lang.pick("合计", "all").to_owned(),
            &self.view.counts,
        ));
        writeln!(self.out)?;
        self.table(&heads, &rows)?;
        let counts = &self.view.counts;
        let mut apart = Vec::new();
        for (word, count) in [
            (self.lang.pick("已豁免", "waived"), counts.waived),
            (self.lang.pick("试行规则", "rules on trial"), counts.trial),
        ] {
            if count > 0 {
                apart.push(format!("{word} {count}"));
            }
        }
        if !apart.is_empty() {
            let line = match self.lang {
                Lang::Zh => format!("另计：{}", apart.join("，")),
                Lang::En => format!("counted apart: {}", apart.join(", ")),
            };
            writeln!(self.out, "{line}")?;
        }
        if self.view.report.resolved.is_some() {
            let line = match self.lang {
                Lang::Zh => format!("较基线新增 {}", counts.new),
                Lang::En => format!("new against the baseline: {}", counts.new),
            };
            writeln!(self.out, "{line}")?;
        }
        if !counts.amount.is_zero() {
            let note = self.lang.pick(
                "同一记录的金额只计一次（取最大）；不含提示级、待核、已豁免和试行",
                "a record's money counts once (the largest); hints, undetermined, waived and trial ones are left out",
            );
            for line in super::wrap(note, self.width) {
                writeln!(self.out, "{}", self.paint.dim(&line))?;
            }
        }
        Ok(())
    }

    /// Columns: the first to the left, the others to the right.
    fn table(&mut self, heads: &[String], rows: &[Vec<String>]) -> io::Result<()> {
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| {
                rows.iter()
                    .map(|row| columns(&row[column]))
                    .chain([columns(&heads[column])])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        for (index, row) in std::iter::once(&heads.to_vec()).chain(rows).enumerate() {
            let mut line = pad(&row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                line.push_str("  ");
                line.push_str(&pad_left(cell, *width));
            }
            let line = if index == 0 || index == rows.len() {
                self.paint.bold(&line)
            } else {
                line
            };
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn topics(&mut self) -> io::Result<()> {
        let mut words = Vec::new();
        for topic in Topic::ALL {
            let count = self
                .view
                .lines
                .iter()
                .filter(|line| line.topic() == topic && line.counts())
                .count();
            if count > 0 {
                words.push(format!("{} {count}", topic.name(self.lang)));
            }
        }
        if words.is_empty() {
            return Ok(());
        }
        let line = match self.lang {
            Lang::Zh => format!("方面：{}", words.join("，")),
            Lang::En => format!("topics: {}", words.join(", ")),
        };
        for line in super::wrap(&line, self.width) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    fn balance(&mut self) -> io::Result<()> {
        let balance = &self.view.report.balance;
        let (mut records, mut violation, mut pass) = (0u64, 0u64, 0u64);
        let (mut undetermined, mut not_applicable, mut not_run) = (0u64, 0u64, 0u64);
        for rule in &balance.by_rule {
            records += u64::from(rule.records);
            violation += u64::from(rule.violation);
            pass += u64::from(rule.pass);
            undetermined += u64::from(rule.undetermined);
            not_applicable += u64::from(rule.not_applicable);
            not_run += u64::from(rule.not_run);
        }
        let words = [
            (Verdict::Violation, violation),
            (Verdict::Pass, pass),
            (Verdict::Undetermined, undetermined),
            (Verdict::NotApplicable, not_applicable),
            (Verdict::NotRun, not_run),
        ]
        .map(|(verdict, count)| format!("{} {count}", verdict.name(self.lang)))
        .join(" + ");
        let line = match self.lang {
            Lang::Zh => format!("平衡：记录×规则 {records} = {words}"),
            Lang::En => format!("balance: records × rules {records} = {words}"),
        };
        writeln!(self.out)?;
        for line in super::wrap(&line, self.width) {
            writeln!(self.out, "{line}")?;
        }
        let frequent: Vec<String> = self
            .view
            .rules
            .iter()
            .filter(|rule| rule.balance.fires_too_often())
            .map(|rule| {
                format!(
                    "{} {} {}/{}",
                    visible(rule.title),
                    visible(&rule.balance.rule),
                    rule.balance.violation,
                    rule.balance.violation + rule.balance.pass
                )
            })
            .collect();
        if !frequent.is_empty() {
            let word = self.paint.note(labels::frequent(self.lang));
            writeln!(self.out, "{word}")?;
            for rule in frequent {
                writeln!(self.out, "  {}", cut(&rule, self.width - 2))?;
            }
        }
        Ok(())
    }

    pub(super) fn item(&mut self, text: &str) -> io::Result<()> {
        for (index, line) in super::wrap(text, self.width - 4).iter().enumerate() {
            writeln!(
                self.out,
                "{}{line}",
                if index == 0 { "  · " } else { "    " }
            )?;
        }
        Ok(())
    }

    fn notes(&mut self) -> io::Result<()> {
        let view = self.view;
        if !view.report.restated.is_empty() {
            let word = self.lang.pick("本地重设的限额", "limits restated locally");
            writeln!(self.out, "\n{}", self.paint.heading(word))?;
            for limit in &view.report.restated {
                self.item(&labels::limit(limit, self.lang))?;
            }
        }
        if !view.report.notes.is_empty() {
            let word = self.lang.pick("说明", "Notes");
            writeln!(self.out, "\n{}", self.paint.heading(word))?;
            for note in &view.report.notes {
                self.item(&visible(note))?;
            }
        }
        Ok(())
    }
}

fn row(name: String, counts: &Counts) -> Vec<String> {
    let number = |count: usize| {
        if count == 0 {
            "·".to_owned()
        } else {
            count.to_string()
        }
    };
    let mut row = vec![name];
    row.extend(Severity::ALL.map(|severity| number(counts.of_severity(severity))));
    row.push(number(counts.undetermined));
    row.push(if counts.amount.is_zero() {
        "·".to_owned()
    } else {
        labels::amount(counts.amount)
    });
    row
}

/// The beginning of a digest, enough to tell two apart.
fn short(digest: &str) -> String {
    let short: String = digest.chars().take(8).collect();
    visible(&short).into_owned()
}
