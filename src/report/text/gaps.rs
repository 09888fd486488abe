//! What is missing: files that were not read, rules that ran nowhere, and what each village is to supply.

use std::collections::BTreeMap;
use std::io;

use super::Page;
use crate::finding::{InputStatus, MissingWhat};
use crate::lang::Lang;
use crate::report::clean::visible;
use crate::report::labels;
use crate::report::view::Supply;

/// How many things to be supplied are named for a village.
const SUPPLY: usize = 6;

/// How many files that share a reason are named.
const FILES: usize = 6;

impl Page<'_, '_> {
    /// What was not read, files that share a reason together.
    pub(super) fn inputs(&mut self) -> io::Result<()> {
        let view = self.view;
        let lang = self.lang;
        let colon = lang.pick("：", ": ");
        for (status, word) in [
            (
                InputStatus::Unreadable,
                lang.pick("未能读取的文件", "files that could not be read"),
            ),
            (
                InputStatus::Skipped,
                lang.pick("跳过的文件", "files skipped"),
            ),
        ] {
            let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            let mut count = 0;
            for input in &view.report.inputs {
                if input.status == status {
                    let reason = input
                        .reason
                        .as_ref()
                        .map_or("", |reason| reason.message.get(lang));
                    let file = visible(&input.file).into_owned();
                    reasons.entry(reason).or_default().push(file);
                    count += 1;
                }
            }
            self.gap(word, count)?;
            for (reason, files) in reasons {
                let files = self.first(&files, FILES);
                self.item(&format!("{}{colon}{files}", visible(reason)))?;
            }
        }
        let no_table: Vec<String> = view
            .report
            .inputs
            .iter()
            .filter(|input| input.status == InputStatus::Read && input.tables.is_empty())
            .map(|input| visible(&input.file).into_owned())
            .collect();
        let word = lang.pick(
            "已读取但未识别出台账的文件",
            "files read in which no ledger was recognised",
        );
        self.gap(word, no_table.len())?;
        for file in &no_table {
            self.item(file)?;
        }
        Ok(())
    }

    /// The heading of a gap, where there is one.
    fn gap(&mut self, word: &str, count: usize) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let heading = self.paint.heading(&format!("{word} {count}"));
        writeln!(self.out, "\n{heading}")
    }

    /// The first few of some texts, and how many there are.
    fn first(&self, texts: &[String], shown: usize) -> String {
        let between = self.lang.pick("、", ", ");
        let named = texts[..texts.len().min(shown)].join(between);
        match (texts.len() > shown, self.lang) {
            (false, _) => named,
            (true, Lang::Zh) => format!("{named}等 {} 个", texts.len()),
            (true, Lang::En) => format!("{named} … {} in all", texts.len()),
        }
    }

    /// Rules that ran nowhere: first those whose ledgers nobody supplied, then each other with what it lacks.
    pub(super) fn not_run(&mut self) -> io::Result<()> {
        let view = self.view;
        let lang = self.lang;
        let idle = view
            .rules
            .iter()
            .filter(|rule| rule.balance.records == rule.balance.not_run);
        let (without, lacking): (Vec<_>, Vec<_>) = idle.partition(|rule| rule.lacks.is_empty());
        let word = lang.pick("未执行的规则", "rules that ran nowhere");
        self.gap(word, without.len() + lacking.len())?;
        if !without.is_empty() {
            let titles: Vec<String> = without
                .iter()
                .map(|rule| visible(rule.title).into_owned())
                .collect();
            let titles = titles.join(lang.pick("；", "; "));
            self.item(&match lang {
                Lang::Zh => format!("没有相应台账的记录（{}）：{titles}", without.len()),
                Lang::En => format!("no records of their ledgers ({}): {titles}", without.len()),
            })?;
        }
        for rule in lacking {
            let lacks: Vec<String> = rule
                .lacks
                .iter()
                .map(|(what, name, _)| format!("{} {}", labels::what(*what, lang), visible(name)))
                .collect();
            let (title, id) = (visible(rule.title), visible(&rule.balance.rule));
            self.item(&match lang {
                Lang::Zh => format!("{title} {id}：缺{}", lacks.join("、")),
                Lang::En => format!("{title} {id}: lacks {}", lacks.join(", ")),
            })?;
        }
        Ok(())
    }

    /// What each village is to supply.
    pub(super) fn supply(&mut self) -> io::Result<()> {
        let view = self.view;
        let lang = self.lang;
        if view.supply.is_empty() {
            return Ok(());
        }
        let word = lang.pick("待补充、调阅", "To be supplied");
        writeln!(self.out, "\n{}", self.paint.heading(word))?;
        // A limit is the same for every village: it is told once, with the records of all.
        let mut limits: BTreeMap<&str, usize> = BTreeMap::new();
        for supply in &view.supply {
            if supply.what == MissingWhat::Limit {
                *limits.entry(supply.name).or_default() += supply.records;
            }
        }
        if !limits.is_empty() {
            let limits: Vec<String> = limits
                .into_iter()
                .map(|(name, records)| {
                    let name = visible(name);
                    match lang {
                        Lang::Zh => format!("{name}（{records} 条记录）"),
                        Lang::En => format!("{name} ({records} records)"),
                    }
                })
                .collect();
            self.item(&match lang {
                Lang::Zh => format!("未设置的限额/参数：{}", limits.join("、")),
                Lang::En => format!("limits not set: {}", limits.join(", ")),
            })?;
        }
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
                .map(|supply| supplied(supply, lang))
                .collect();
            if things.len() > SUPPLY {
                words.push(match lang {
                    Lang::Zh => format!("另有 {} 项", things.len() - SUPPLY),
                    Lang::En => format!("{} more", things.len() - SUPPLY),
                });
            }
            let name = labels::village(village.town, village.name, lang);
            self.item(&match lang {
                Lang::Zh => format!("{name}：{}", words.join("；")),
                Lang::En => format!("{name}: {}", words.join("; ")),
            })?;
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
