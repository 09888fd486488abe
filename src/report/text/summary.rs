//! The end of the text report: counts and money, the balance, what was not read and not run, what is to be supplied.

use std::collections::BTreeMap;
use std::io;

use super::Page;
use crate::finding::{InputStatus, MissingWhat, Severity, Topic, Verdict};
use crate::lang::Lang;
use crate::report::clean::visible;
use crate::report::labels;
use crate::report::view::{Counts, Supply};
use crate::report::width::{columns, cut, pad, pad_left};

/// How many things to be supplied are named for a village.
const SUPPLY: usize = 6;

/// How many files of one status are named.
const FILES: usize = 20;

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
                "同一记录的金额只计一次（取最大）；合计不含待核、已豁免和试行",
                "a record's money counts once (the largest); undetermined, waived and trial ones are left out",
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

    /// What was not read.
    fn inputs(&mut self) -> io::Result<()> {
        for (status, word) in [
            (
                InputStatus::Unreadable,
                self.lang
                    .pick("未能读取的文件", "files that could not be read"),
            ),
            (
                InputStatus::Skipped,
                self.lang.pick("跳过的文件", "files skipped"),
            ),
        ] {
            let files: Vec<_> = self
                .view
                .report
                .inputs
                .iter()
                .filter(|input| input.status == status)
                .collect();
            if files.is_empty() {
                continue;
            }
            writeln!(
                self.out,
                "\n{}",
                self.paint.heading(&format!("{word} {}", files.len()))
            )?;
            for input in files.iter().take(FILES) {
                let reason = input
                    .reason
                    .as_ref()
                    .map(|reason| visible(reason.message.get(self.lang)).into_owned())
                    .unwrap_or_default();
                let line = match self.lang {
                    Lang::Zh => format!("{}：{reason}", visible(&input.file)),
                    Lang::En => format!("{}: {reason}", visible(&input.file)),
                };
                self.item(&line)?;
            }
            self.more(files.len(), FILES)?;
        }
        let no_table: Vec<String> = self
            .view
            .report
            .inputs
            .iter()
            .filter(|input| input.status == InputStatus::Read && input.tables.is_empty())
            .map(|input| visible(&input.file).into_owned())
            .collect();
        if !no_table.is_empty() {
            let word = self.lang.pick(
                "已读取但未识别出台账的文件",
                "files read in which no ledger was recognised",
            );
            writeln!(
                self.out,
                "\n{}",
                self.paint.heading(&format!("{word} {}", no_table.len()))
            )?;
            for file in no_table.iter().take(FILES) {
                self.item(file)?;
            }
            self.more(no_table.len(), FILES)?;
        }
        Ok(())
    }

    fn more(&mut self, all: usize, shown: usize) -> io::Result<()> {
        if all > shown {
            let more = match self.lang {
                Lang::Zh => format!("  … 另有 {} 个", all - shown),
                Lang::En => format!("  … {} more", all - shown),
            };
            writeln!(self.out, "{more}")?;
        }
        Ok(())
    }

    fn item(&mut self, text: &str) -> io::Result<()> {
        for (index, line) in super::wrap(text, self.width - 4).iter().enumerate() {
            writeln!(
                self.out,
                "{}{line}",
                if index == 0 { "  · " } else { "    " }
            )?;
        }
        Ok(())
    }

    /// Rules that ran nowhere, and limits that nobody set.
    fn not_run(&mut self) -> io::Result<()> {
        let idle: Vec<String> = self
            .view
            .rules
            .iter()
            .filter(|rule| rule.balance.records == rule.balance.not_run)
            .map(|rule| {
                let lacks: Vec<String> = rule
                    .lacks
                    .iter()
                    .map(|(what, name, _)| {
                        format!("{} {}", labels::what(*what, self.lang), visible(name))
                    })
                    .collect();
                let lacks = if lacks.is_empty() {
                    self.lang
                        .pick("没有该台账的记录", "no records of its ledgers")
                        .to_owned()
                } else {
                    match self.lang {
                        Lang::Zh => format!("缺{}", lacks.join("、")),
                        Lang::En => format!("lacks {}", lacks.join(", ")),
                    }
                };
                match self.lang {
                    Lang::Zh => format!(
                        "{} {}：{lacks}",
                        visible(rule.title),
                        visible(&rule.balance.rule)
                    ),
                    Lang::En => format!(
                        "{} {}: {lacks}",
                        visible(rule.title),
                        visible(&rule.balance.rule)
                    ),
                }
            })
            .collect();
        if idle.is_empty() {
            return Ok(());
        }
        let word = self.lang.pick("未执行的规则", "rules that ran nowhere");
        writeln!(
            self.out,
            "\n{}",
            self.paint.heading(&format!("{word} {}", idle.len()))
        )?;
        for rule in idle {
            self.item(&rule)?;
        }
        Ok(())
    }

    /// What each village is to supply.
    fn supply(&mut self) -> io::Result<()> {
        if self.view.supply.is_empty() {
            return Ok(());
        }
        let word = self.lang.pick("待补充、调阅", "To be supplied");
        writeln!(self.out, "\n{}", self.paint.heading(word))?;
        // A limit is the same for every village: it is told once, with the records of all.
        let mut limits: BTreeMap<&str, usize> = BTreeMap::new();
        for supply in &self.view.supply {
            if supply.what == MissingWhat::Limit {
                *limits.entry(supply.name).or_default() += supply.records;
            }
        }
        for (name, records) in limits {
            let line = match self.lang {
                Lang::Zh => format!("限额/参数 {}（{records} 条记录）", visible(name)),
                Lang::En => format!("limit {} ({records} records)", visible(name)),
            };
            self.item(&line)?;
        }
        let view = self.view;
        for village in &view.villages {
            let things: Vec<&Supply<'_>> = view
                .supply_of(village)
                .filter(|supply| supply.what != MissingWhat::Limit)
                .collect();
            if things.is_empty() {
                continue;
            }
            let mut words: Vec<String> = things
                .iter()
                .take(SUPPLY)
                .map(|supply| supplied(supply, self.lang))
                .collect();
            if things.len() > SUPPLY {
                words.push(match self.lang {
                    Lang::Zh => format!("另有 {} 项", things.len() - SUPPLY),
                    Lang::En => format!("{} more", things.len() - SUPPLY),
                });
            }
            let name = labels::village(village.town, village.name, self.lang);
            let line = match self.lang {
                Lang::Zh => format!("{name}：{}", words.join("；")),
                Lang::En => format!("{name}: {}", words.join("; ")),
            };
            self.item(&line)?;
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

/// `备案日期 12 份合同`.
fn supplied(supply: &Supply<'_>, lang: Lang) -> String {
    let what = match supply.what {
        MissingWhat::Column => lang.pick("（整列）", " (column)"),
        MissingWhat::Ledger => lang.pick("台账", " ledger"),
        MissingWhat::Cell | MissingWhat::Limit => "",
    };
    format!(
        "{}{what} {}",
        visible(supply.name),
        labels::records_of(supply.records, supply.kind, lang)
    )
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
