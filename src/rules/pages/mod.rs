//! What people read about rules: the list, a page for each, the table of the pack.

mod page;
mod words;

use std::fmt::Write as _;

pub use page::page;

use super::expr::{Node, Op};
use super::{Pack, Rule};
use crate::finding::{Severity, Topic};
use crate::lang::Lang;

/// Which rules to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of these topics; of all where it is empty.
    pub topics: Vec<Topic>,
    /// Only those judged on these ledgers, by word or Chinese name.
    pub ledgers: Vec<String>,
    /// Only from this severity on.
    pub min_severity: Option<Severity>,
    /// Only those with this in their id or title, a provision they cite or a limit they use.
    pub word: Option<String>,
}

impl Filter {
    /// Whether a rule is to be listed.
    pub fn takes(&self, pack: &Pack, rule: &Rule) -> bool {
        let ledger = |word: &String| {
            rule.judged.iter().any(|judged| {
                let kind = pack.kinds.get(judged.kind);
                kind.id == *word || kind.name == *word
            })
        };
        let word = |word: &String| {
            rule.id.contains(word.as_str())
                || rule.title.zh.contains(word.as_str())
                || rule.title.en.to_lowercase().contains(&word.to_lowercase())
                || rule.basis.iter().any(|id| {
                    id == word
                        || pack
                            .law
                            .get(id)
                            .is_some_and(|provision| provision.law.contains(word.as_str()))
                })
                || rule
                    .limits()
                    .into_iter()
                    .any(|id| pack.limit(id).name.contains(word.as_str()))
        };
        (self.topics.is_empty() || self.topics.contains(&rule.topic))
            && (self.ledgers.is_empty() || self.ledgers.iter().any(ledger))
            && self.min_severity.is_none_or(|least| rule.severity >= least)
            && self.word.as_ref().is_none_or(word)
    }
}

/// The rules that a filter takes, by topic and id.
pub fn list<'a>(pack: &'a Pack, filter: &Filter) -> Vec<&'a Rule> {
    let mut rules: Vec<&Rule> = pack
        .rules
        .iter()
        .filter(|rule| filter.takes(pack, rule))
        .collect();
    rules.sort_by(|a, b| (a.topic, &a.id).cmp(&(b.topic, &b.id)));
    rules
}

/// The page of a rule in both languages, the examples once: the file `docs/rules/<id>.md`.
pub fn document(pack: &Pack, rule: &Rule) -> String {
    format!(
        "<!-- 由 {} 生成 · generated from it -->\n\n{}---\n\n{}",
        rule.file,
        page(pack, rule, Lang::Zh),
        page::summary(pack, rule, Lang::En).trim_end()
    ) + "\n"
}

/// The index of the pages: the file `docs/rules/README.md`.
pub fn index(pack: &Pack) -> String {
    let mut text = String::from("# 规则 · Rules\n\n");
    let _ = writeln!(
        text,
        "{} 条规则，由规则文件生成。{} rules, generated from their files.\n",
        pack.rules.len(),
        pack.rules.len()
    );
    for topic in Topic::ALL {
        let rules = list(
            pack,
            &Filter {
                topics: vec![topic],
                ..Filter::default()
            },
        );
        if rules.is_empty() {
            continue;
        }
        let _ = writeln!(
            text,
            "## {} · {}\n\n| 规则 | 名称 | Title | 级别 |\n|---|---|---|---|",
            topic.name(Lang::Zh),
            topic.name(Lang::En)
        );
        for rule in rules {
            let _ = writeln!(
                text,
                "| [`{0}`]({0}.md) | {1} | {2} | {3} |",
                rule.id,
                rule.title.zh,
                rule.title.en,
                rule.severity.name(Lang::Zh)
            );
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The line of `rules/README.md` above the generated table.
pub const TABLE_BEGIN: &str = "<!-- rules:begin -->";
/// The line of `rules/README.md` below the generated table.
pub const TABLE_END: &str = "<!-- rules:end -->";

/// The table rule × ledger × fields × limits × law of `rules/README.md`, as Markdown.
pub fn table(pack: &Pack) -> String {
    let mut text = String::from(
        "| 规则 | 名称 | 级别 | 台账 | 字段 | 限额 | 依据 |\n|---|---|---|---|---|---|---|\n",
    );
    for rule in list(pack, &Filter::default()) {
        let ledgers: Vec<&str> = rule
            .judged
            .iter()
            .map(|judged| pack.kinds.get(judged.kind).name.as_str())
            .collect();
        let nodes: Vec<&Node> = rule
            .judged
            .iter()
            .flat_map(|judged| judged.applies.iter().chain([&judged.violation]))
            .collect();
        let limits: Vec<&str> = rule
            .limits()
            .into_iter()
            .map(|id| pack.limit(id).name.as_str())
            .collect();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            rule.id,
            rule.title.zh,
            rule.severity.name(Lang::Zh),
            ledgers.join("、"),
            words::fields(&nodes).join("、"),
            limits.join("、"),
            rule.basis.join(" ")
        );
    }
    text
}

/// `rules/README.md` with the table between its markers made anew; `None` where it has no markers.
pub fn with_table(readme: &str, pack: &Pack) -> Option<String> {
    let begin = readme.find(TABLE_BEGIN)? + TABLE_BEGIN.len();
    let end = begin + readme[begin..].find(TABLE_END)?;
    Some(format!(
        "{}\n\n{}\n{}",
        &readme[..begin],
        table(pack),
        &readme[end..]
    ))
}

/// Whether a condition compares by order, so that it has a boundary that a test should stand on.
pub(super) fn has_boundary(rule: &Rule) -> bool {
    use super::expr::Comparison;
    rule.judged.iter().any(|judged| {
        let mut found = false;
        judged.violation.walk(&mut |node| {
            found |= matches!(
                node.op,
                Op::Compare(
                    Comparison::Greater
                        | Comparison::GreaterOrEqual
                        | Comparison::Less
                        | Comparison::LessOrEqual,
                    ..
                )
            );
        });
        found
    })
}
