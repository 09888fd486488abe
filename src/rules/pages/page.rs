//! The page of a rule: what it looks for, whom it binds, on what ground, and when it is silent.

use std::fmt::Write as _;

use super::words::{Words, fields};
use crate::finding::Verdict;
use crate::lang::Lang;
use crate::ledger::Day;
use crate::rules::expr::Node;
use crate::rules::{
    Judged, Limit, LimitScope, Pack, Provision, Rule, RuleTest, Scope, TestExpectation, TestTable,
    Unset,
};

/// The page of a rule in one language, as Markdown.
pub fn page(pack: &Pack, rule: &Rule, lang: Lang) -> String {
    let page = Page { pack, rule, lang };
    let mut text = page.without_examples();
    page.tests(&mut text);
    text
}

/// The page without its examples.
pub(super) fn summary(pack: &Pack, rule: &Rule, lang: Lang) -> String {
    Page { pack, rule, lang }.without_examples()
}

struct Page<'a> {
    pack: &'a Pack,
    rule: &'a Rule,
    lang: Lang,
}

impl Page<'_> {
    fn without_examples(&self) -> String {
        let page = self;
        let mut text = String::new();
        page.head(&mut text);
        page.condition(&mut text);
        page.section(&mut text, "为什么", "Why", self.rule.why.get(self.lang));
        page.law(&mut text);
        page.limits(&mut text);
        page.silence(&mut text);
        page.section(
            &mut text,
            "怎么核实",
            "What to look at",
            self.rule.advice.get(self.lang),
        );
        text
    }

    fn words(&self) -> Words<'_> {
        Words {
            pack: self.pack,
            kind: self
                .rule
                .judged
                .first()
                .map_or(crate::ledger::KindId(0), |judged| judged.kind),
            lang: self.lang,
        }
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    fn head(&self, text: &mut String) {
        let rule = self.rule;
        let _ = writeln!(text, "# {}\n", rule.title.get(self.lang));
        let kinds: Vec<&str> = rule.judged.iter().map(|judged| self.kind(judged)).collect();
        let mut facts = vec![
            format!("`{}`", rule.id),
            rule.topic.name(self.lang).to_owned(),
            rule.severity.name(self.lang).to_owned(),
            kinds.join(self.pick("、", ", ")),
        ];
        if rule.basis.is_empty() {
            facts.push(self.pick("管理提示", "management hint").to_owned());
        }
        if !rule.curable {
            facts.push(
                self.pick(
                    "既成事实，改台账不算整改",
                    "a past act: altering the ledger does not put it right",
                )
                .to_owned(),
            );
        }
        if rule.trial {
            facts.push(self.pick("试行", "on trial").to_owned());
        }
        if rule.scope == Scope::All {
            facts.push(self.pick("跨村比较", "over all villages").to_owned());
        }
        let _ = writeln!(text, "{}\n", facts.join(" · "));
    }

    fn kind(&self, judged: &Judged) -> &str {
        let kind = self.pack.kinds.get(judged.kind);
        self.lang.pick(&kind.name, &kind.en)
    }

    fn heading(&self, text: &mut String, zh: &'static str, en: &'static str) {
        let _ = writeln!(text, "## {}\n", self.pick(zh, en));
    }

    fn section(&self, text: &mut String, zh: &'static str, en: &'static str, body: &str) {
        if !body.trim().is_empty() {
            self.heading(text, zh, en);
            let _ = writeln!(text, "{}\n", body.trim());
        }
    }

    fn condition(&self, text: &mut String) {
        self.heading(text, "查什么", "What it looks for");
        let mut told: Vec<(Vec<&str>, String)> = Vec::new();
        for judged in &self.rule.judged {
            let words = Words {
                pack: self.pack,
                kind: judged.kind,
                lang: self.lang,
            };
            let mut part = String::new();
            self.group(&mut part, judged, &words);
            self.sentence(
                &mut part,
                "适用于",
                "It binds records where",
                judged.applies.as_ref(),
                &words,
            );
            self.sentence(
                &mut part,
                "不符的情形",
                "It finds",
                Some(&judged.violation),
                &words,
            );
            for (grade, node) in self.rule.grades.iter().zip(&judged.grades) {
                let severity = grade.severity.name(self.lang);
                let _ = match self.lang {
                    Lang::Zh => writeln!(part, "{}时，级别为{severity}。\n", words.node(node)),
                    Lang::En => writeln!(part, "It is {severity} when {}.\n", words.node(node)),
                };
            }
            let mut source = String::new();
            if let Some(applies) = &judged.applies {
                let _ = writeln!(source, "applies:   {}", one_line(&applies.text));
            }
            let _ = write!(source, "violation: {}", one_line(&judged.violation.text));
            let _ = writeln!(part, "```\n{source}\n```\n");
            // Ledgers that are judged by the same words are told together.
            match told.iter_mut().find(|(_, known)| *known == part) {
                Some((kinds, _)) => kinds.push(self.kind(judged)),
                None => told.push((vec![self.kind(judged)], part)),
            }
        }
        for (kinds, part) in told {
            let _ = write!(text, "**{}**\n\n{part}", kinds.join(self.pick("、", ", ")));
        }
    }

    fn group(&self, text: &mut String, judged: &Judged, words: &Words<'_>) {
        let Some(group) = &judged.group else { return };
        let by: Vec<String> = group.by.iter().map(|by| words.node(by)).collect();
        let by = by.join(self.pick("、", ", "));
        let _ = match self.lang {
            Lang::Zh => write!(text, "{by}相同的记录合起来看"),
            Lang::En => write!(text, "Records with the same {by} are looked at together"),
        };
        if let Some(window) = &group.window {
            let length = words.node(&window.length);
            let field = words.named(&window.field.name);
            let _ = match self.lang {
                Lang::Zh => write!(text, "，{field}首尾相隔不超过{length}"),
                Lang::En => write!(text, ", as far as they lie within {length} by {field}"),
            };
        }
        let _ = writeln!(text, "{}\n", self.pick("。", "."));
    }

    fn sentence(
        &self,
        text: &mut String,
        zh: &'static str,
        en: &'static str,
        node: Option<&Node>,
        words: &Words<'_>,
    ) {
        let Some(node) = node else { return };
        let (parts, join) = words.parts(node);
        let intro = self.pick(zh, en);
        let colon = self.pick("：", ":");
        if let [only] = parts.as_slice() {
            let _ = writeln!(
                text,
                "{intro}{colon}{}{only}{}\n",
                self.pick("", " "),
                self.pick("。", ".")
            );
            return;
        }
        let _ = writeln!(text, "{intro}{colon}\n");
        let last = parts.len() - 1;
        for (index, part) in parts.iter().enumerate() {
            let end = if index == last {
                String::from(self.pick("。", "."))
            } else {
                format!("{}{join}", self.pick("，", ", "))
            };
            let _ = writeln!(text, "- {part}{end}");
        }
        text.push('\n');
    }

    fn law(&self, text: &mut String) {
        self.heading(text, "依据", "Basis");
        let provisions: Vec<&Provision> = self
            .rule
            .basis
            .iter()
            .filter_map(|id| self.pack.law.get(id))
            .collect();
        if provisions.is_empty() {
            let _ = writeln!(
                text,
                "{}\n",
                self.pick(
                    "没有法条依据，只作管理提示。",
                    "No provision is cited: it is a management hint."
                )
            );
        }
        for provision in provisions {
            let law = self.lang.pick(&provision.law, &provision.en);
            let law = if law.is_empty() { &provision.law } else { law };
            let _ = writeln!(
                text,
                "- {law} {}（`{}`，{}）：{}",
                provision.article,
                provision.id,
                self.dates(provision.from, provision.to),
                provision.text
            );
        }
        text.push('\n');
        if !self
            .rule
            .judged
            .iter()
            .all(|judged| judged.law_date.is_empty())
        {
            let dates: Vec<&str> = self
                .rule
                .judged
                .iter()
                .flat_map(|judged| &judged.law_date)
                .map(|path| &*path.name)
                .fold(Vec::new(), |mut names, name| {
                    if !names.contains(&name) {
                        names.push(name);
                    }
                    names
                });
            let words = self.words();
            let dates: Vec<String> = dates.iter().map(|name| words.named(name)).collect();
            let dates = dates.join(self.pick("、", ", "));
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "按{dates}当时施行的条文和限额判断。\n"),
                Lang::En => writeln!(
                    text,
                    "Provisions and limits are those in force on {dates}.\n"
                ),
            };
        }
    }

    fn dates(&self, from: Day, to: Day) -> String {
        let from = if from == Day::MIN {
            String::new()
        } else {
            from.to_string()
        };
        let to = if to == Day::MAX {
            String::new()
        } else {
            to.to_string()
        };
        match (from.is_empty(), to.is_empty()) {
            (true, true) => self.pick("一直施行", "always in force").to_owned(),
            (false, true) => format!("{from} {}", self.pick("起", "on")),
            (true, false) => format!("{} {to}", self.pick("至", "until")),
            (false, false) => format!("{from} {} {to}", self.pick("至", "to")),
        }
    }

    fn limits(&self, text: &mut String) {
        let limits: Vec<&Limit> = self
            .rule
            .limits()
            .into_iter()
            .map(|id| self.pack.limit(id))
            .collect();
        if limits.is_empty() {
            return;
        }
        self.heading(text, "限额", "Limits");
        for limit in limits {
            let name = self.lang.pick(&limit.name, &limit.en);
            let _ = writeln!(
                text,
                "- {name}{}{}",
                self.pick("：", ": "),
                self.values(limit)
            );
        }
        text.push('\n');
    }

    fn values(&self, limit: &Limit) -> String {
        if limit.values.is_empty() {
            let ask = self.lang.pick(&limit.ask, &limit.ask_en);
            let ask = if ask.is_empty() { &limit.ask } else { ask };
            return match (self.lang, limit.unset) {
                (Lang::Zh, Unset::NotRun) => format!("本地规定，没有设定时规则不执行。{ask}"),
                (Lang::Zh, Unset::None) => format!("本地规定，没有设定时不设门槛。{ask}"),
                (Lang::En, Unset::NotRun) => {
                    format!("set locally; the rule is not run without it. {ask}")
                }
                (Lang::En, Unset::None) => {
                    format!("set locally; there is no threshold without it. {ask}")
                }
            };
        }
        let segments: Vec<String> = limit
            .values
            .iter()
            .map(|segment| {
                let dates = self.dates(segment.from, segment.to);
                let basis = if segment.basis.is_empty() {
                    String::new()
                } else {
                    format!(" `{}`", segment.basis)
                };
                format!("{}（{dates}{basis}）", segment.text)
            })
            .collect();
        let suffix = match limit.scope {
            LimitScope::Convention => self.pick("，可在 heyan.toml 改", "; a county may change it"),
            LimitScope::National | LimitScope::Local => "",
        };
        format!("{}{suffix}", segments.join(self.pick("；", "; ")))
    }

    fn silence(&self, text: &mut String) {
        self.heading(text, "什么时候不下结论", "When it is silent");
        let nodes: Vec<&Node> = self
            .rule
            .judged
            .iter()
            .flat_map(|judged| judged.applies.iter().chain([&judged.violation]))
            .collect();
        let words = self.words();
        let fields: Vec<String> = fields(&nodes)
            .iter()
            .map(|name| words.named(name))
            .collect();
        let fields = fields.join(self.pick("、", ", "));
        let local: Vec<&str> = self
            .rule
            .limits()
            .into_iter()
            .map(|id| self.pack.limit(id))
            .filter(|limit| limit.scope == LimitScope::Local && limit.unset == Unset::NotRun)
            .map(|limit| self.lang.pick(&limit.name, &limit.en))
            .collect();
        let local = local.join(self.pick("、", ", "));
        match self.lang {
            Lang::Zh => {
                let _ = writeln!(text, "- 不适用：适用条件不成立的记录。");
                if !fields.is_empty() {
                    let _ = writeln!(
                        text,
                        "- 待核：要看的格子空白或读不出，又可能改变结论的。看的字段：{fields}。"
                    );
                    let _ = writeln!(
                        text,
                        "- 未执行：台账没有这些列，或者村里没有交相关台账，又没有别的字段能定的。"
                    );
                }
                if !local.is_empty() {
                    let _ = writeln!(text, "- 未执行：本地没有设定 {local}。");
                }
            }
            Lang::En => {
                let _ = writeln!(
                    text,
                    "- Not applicable: records that the duty does not bind."
                );
                if !fields.is_empty() {
                    let _ = writeln!(
                        text,
                        "- Undetermined: an empty or unreadable cell could change the verdict. Fields: {fields}."
                    );
                    let _ = writeln!(
                        text,
                        "- Not run: the table has no such column, or the village did not hand over the ledger, and nothing else decides it."
                    );
                }
                if !local.is_empty() {
                    let _ = writeln!(text, "- Not run: {local} not set locally.");
                }
            }
        }
        text.push('\n');
        if !self.rule.overlaps.is_empty() {
            let others: Vec<String> = self
                .rule
                .overlaps
                .iter()
                .map(|id| format!("`{id}`"))
                .collect();
            let others = others.join(self.pick("、", ", "));
            let _ = match self.lang {
                Lang::Zh => writeln!(text, "同一件事也可能被 {others} 查出，只计一次。\n"),
                Lang::En => writeln!(text, "Counted once with {others}.\n"),
            };
        }
    }

    fn tests(&self, text: &mut String) {
        if self.rule.tests.is_empty() {
            return;
        }
        self.heading(text, "例子", "Examples");
        for test in &self.rule.tests {
            let _ = writeln!(text, "### {}\n", test.case);
            let expectation = match &test.expect {
                TestExpectation::Verdict(verdict) => Some(*verdict),
                TestExpectation::Records(_) => None,
            };
            self.example(text, test, expectation);
        }
    }

    fn example(&self, text: &mut String, case: &RuleTest, expectation: Option<Verdict>) {
        let mut notes: Vec<String> = Vec::new();
        for (name, value) in &case.limits {
            notes.push(format!("{name} = {value}"));
        }
        if !case.absent.is_empty() {
            let absent = case.absent.join(self.pick("、", ", "));
            notes.push(format!("{}{absent}", self.pick("没有：", "absent: ")));
        }
        if let Some(as_of) = &case.as_of {
            notes.push(format!("{}{as_of}", self.pick("基准日 ", "as of ")));
        }
        if !notes.is_empty() {
            let _ = writeln!(text, "{}\n", notes.join(self.pick("；", "; ")));
        }
        let verdicts = verdicts(case, expectation);
        let mut shown = case.rows.clone();
        shown.header.push(self.pick("结论", "verdict").to_owned());
        for (row, verdict) in shown.rows.iter_mut().zip(&verdicts) {
            row.push(
                verdict
                    .map_or(self.pick("无问题", "no finding"), |v| v.name(self.lang))
                    .to_owned(),
            );
        }
        grid(text, &shown);
        for (name, table) in &case.related {
            let _ = writeln!(text, "{name}{}\n", self.pick("：", ":"));
            grid(text, table);
        }
    }
}

/// The verdict of each row; `None` where the test only says that there is no finding.
fn verdicts(test: &RuleTest, expectation: Option<Verdict>) -> Vec<Option<Verdict>> {
    test.rows
        .rows
        .iter()
        .map(|row| match &test.expect {
            TestExpectation::Verdict(_) => expectation,
            TestExpectation::Records(table) => table.rows.iter().find_map(|expected| {
                let fits = table.header.iter().zip(expected).all(|(name, cell)| {
                    name == "verdict"
                        || test
                            .rows
                            .header
                            .iter()
                            .position(|known| known == name)
                            .is_none_or(|column| row[column] == *cell)
                });
                let verdict = table.header.iter().position(|name| name == "verdict")?;
                fits.then(|| Verdict::from_id(&expected[verdict])).flatten()
            }),
        })
        .collect()
}

fn grid(text: &mut String, table: &TestTable) {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |", cells.join(" | "))
    };
    let _ = writeln!(text, "{}", line(&table.header));
    let _ = writeln!(text, "|{}", "---|".repeat(table.header.len()));
    for row in &table.rows {
        let _ = writeln!(text, "{}", line(row));
    }
    text.push('\n');
}

/// A condition on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
