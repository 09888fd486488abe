//! A condition in words, for readers who do not write rules.

use crate::lang::Lang;
use crate::ledger::{KindId, LedgerKind};
use crate::rules::expr::{
    Aggregate, Arithmetic, Base, Comparison, FieldPath, Function, Node, Op, Rows, TextTest, Type,
};
use crate::rules::{Duration, Pack};

/// Puts the conditions of a rule on one ledger kind into words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    /// Where names come from.
    pub(super) pack: &'a Pack,
    /// The kind of the record.
    pub(super) kind: KindId,
    /// The language.
    pub(super) lang: Lang,
}

impl Words<'_> {
    /// The parts of a condition, one each: the members of its outermost 且 or 或, else the condition as a whole; and the
    /// word that joins them.
    pub(super) fn parts(&self, node: &Node) -> (Vec<String>, &'static str) {
        match &node.op {
            Op::And(parts) => (self.each(parts), self.lang.pick("并且", "and")),
            Op::Or(parts) => (self.each(parts), self.lang.pick("或者", "or")),
            _ => (vec![self.node(node)], ""),
        }
    }

    fn each(&self, parts: &[Node]) -> Vec<String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    fn joined(&self, parts: &[Node], zh: &'static str, en: &'static str) -> String {
        let word = match self.lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => format!(" {en} "),
        };
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part.op {
                Op::And(_) | Op::Or(_) | Op::If { .. } => self.bracketed(part),
                _ => self.node(part),
            })
            .collect();
        parts.join(&word)
    }

    fn bracketed(&self, node: &Node) -> String {
        let inner = self.node(node);
        match self.lang {
            Lang::Zh => format!("（{inner}）"),
            Lang::En => format!("({inner})"),
        }
    }

    /// An operand: in brackets where it is a calculation.
    fn operand(&self, node: &Node) -> String {
        match node.op {
            Op::Arithmetic(..) | Op::If { .. } | Op::And(_) | Op::Or(_) | Op::Compare(..) => {
                self.bracketed(node)
            }
            _ => self.node(node),
        }
    }

    /// An expression.
    pub(super) fn node(&self, node: &Node) -> String {
        match &node.op {
            Op::Number(_) | Op::Money(_) => node.text.to_string(),
            Op::Text(text) => format!("“{text}”"),
            Op::Date(day) => day.to_string(),
            Op::Duration(duration) => self.duration(*duration),
            Op::Choice(_) => quoted(&node.text),
            Op::Flag(flag) => match self.lang {
                Lang::Zh => flag.text().to_owned(),
                Lang::En => match flag {
                    crate::ledger::FlagValue::Yes => "yes",
                    crate::ledger::FlagValue::No => "no",
                    crate::ledger::FlagValue::NotApplicable => "not applicable",
                }
                .to_owned(),
            },
            Op::List(entries) => self.each(entries).join(self.pick("、", ", ")),
            Op::AsOf => self.pick("基准日", "the as-of date").to_owned(),
            Op::Village => self.pick("村", "the village").to_owned(),
            Op::Limit(id) => {
                let limit = self.pack.limit(*id);
                match self.lang {
                    Lang::Zh => format!("限额“{}”", limit.name),
                    Lang::En => format!("the limit “{}”", limit.en),
                }
            }
            Op::Field(path) => self.path(path),
            Op::IsEmpty { operand, negated } => {
                let operand = self.operand(operand);
                match (self.lang, negated) {
                    (Lang::Zh, false) => format!("{operand}空白"),
                    (Lang::Zh, true) => format!("{operand}已填"),
                    (Lang::En, false) => format!("{operand} is empty"),
                    (Lang::En, true) => format!("{operand} is filled"),
                }
            }
            Op::Not(operand) => match self.lang {
                Lang::Zh => format!("不是{}", self.bracketed(operand)),
                Lang::En => format!("not {}", self.bracketed(operand)),
            },
            Op::And(parts) => self.joined(parts, "，并且", "and"),
            Op::Or(parts) => self.joined(parts, "，或者", "or"),
            Op::Compare(comparison, a, b) => self.comparison(*comparison, a, b),
            Op::In {
                operand,
                list,
                negated,
            } => {
                let (operand, list) = (self.operand(operand), self.node(list));
                match (self.lang, negated) {
                    (Lang::Zh, false) => format!("{operand}是{list}之一"),
                    (Lang::Zh, true) => format!("{operand}不是{list}中的任何一个"),
                    (Lang::En, false) => format!("{operand} is one of {list}"),
                    (Lang::En, true) => format!("{operand} is none of {list}"),
                }
            }
            Op::Test {
                test,
                operand,
                with,
            } => self.test(test, operand, with),
            Op::Arithmetic(operation, a, b) => self.arithmetic(*operation, a, b),
            Op::Negate(operand) => format!("-{}", self.operand(operand)),
            Op::If {
                condition,
                then,
                otherwise,
            } => {
                let (condition, then, otherwise) =
                    (self.node(condition), self.node(then), self.node(otherwise));
                match self.lang {
                    Lang::Zh => format!("{condition}的：{then}；其余的：{otherwise}"),
                    Lang::En => format!("if {condition}: {then}; otherwise: {otherwise}"),
                }
            }
            Op::Default(parts) => {
                let parts = self.each(parts).join(self.pick("，没有的看", ", else "));
                format!("{}{parts}{}", self.pick("〔", "["), self.pick("〕", "]"))
            }
            Op::HasColumn(path) => {
                let path = self.path(path);
                match self.lang {
                    Lang::Zh => format!("台账有“{path}”一列"),
                    Lang::En => format!("the table has a column {path}"),
                }
            }
            Op::Call(function, args) => self.call(*function, args),
            Op::Aggregate {
                aggregate,
                rows,
                value,
                when,
            } => self.aggregate(*aggregate, rows, value.as_deref(), when.as_deref()),
        }
    }

    fn duration(&self, duration: Duration) -> String {
        match (self.lang, duration) {
            (Lang::Zh, Duration::Days(n)) => format!("{n}天"),
            (Lang::Zh, Duration::Months(n)) if n % 12 == 0 && n != 0 => format!("{}年", n / 12),
            (Lang::Zh, Duration::Months(n)) => format!("{n}个月"),
            (Lang::Zh, Duration::WorkingDays(n)) => format!("{n}个工作日"),
            (Lang::En, Duration::Days(n)) => format!("{n} days"),
            (Lang::En, Duration::Months(n)) if n % 12 == 0 && n != 0 => format!("{} years", n / 12),
            (Lang::En, Duration::Months(n)) => format!("{n} months"),
            (Lang::En, Duration::WorkingDays(n)) => format!("{n} working days"),
        }
    }

    /// The name of a field in the language, with the ledger it stands in where it is another one.
    fn path(&self, path: &FieldPath) -> String {
        let field = path.fields.first().map_or_else(
            || self.named_anywhere(&path.name),
            |&(kind, field)| {
                let field = self.pack.kinds.get(kind).field(field);
                match self.lang {
                    Lang::Zh => field.name.clone(),
                    Lang::En => quote_en(&field.en),
                }
            },
        );
        if path.relation.is_empty() {
            return field;
        }
        let relation = self.ledger_named(&path.relation);
        match self.lang {
            Lang::Zh => format!("{relation}的{field}"),
            Lang::En => format!("{field} of its {relation}"),
        }
    }

    /// The name of a field in the language, whatever kind has it; `关联.字段` too.
    pub(super) fn named(&self, name: &str) -> String {
        match (self.lang, name.split_once('.')) {
            (Lang::Zh, _) => name.to_owned(),
            (Lang::En, Some((relation, field))) => format!(
                "{} of its {}",
                self.named_anywhere(field),
                self.ledger_named(relation)
            ),
            (Lang::En, None) => {
                let kind = self.pack.kinds.get(self.kind);
                kind.find(name).map_or_else(
                    || self.named_anywhere(name),
                    |id| quote_en(&kind.field(id).en),
                )
            }
        }
    }

    fn named_anywhere(&self, name: &str) -> String {
        if self.lang == Lang::Zh {
            return name.to_owned();
        }
        self.pack
            .kinds
            .iter()
            .find_map(|(_, kind)| kind.find(name).map(|id| quote_en(&kind.field(id).en)))
            .unwrap_or_else(|| self.ledger_named(name))
    }

    /// The name of a relation: that of the ledger it leads to, where the two are the same in Chinese.
    fn ledger_named(&self, name: &str) -> String {
        if self.lang == Lang::Zh {
            return name.to_owned();
        }
        let kinds = &self.pack.kinds;
        if let Some(kind) = kinds.find(name) {
            return kinds.get(kind).en.to_lowercase();
        }
        kinds
            .iter()
            .find_map(|(_, kind)| {
                let relation = kind.relation(kind.find_relation(name)?);
                let to = relation.to.first()?;
                Some(format!(
                    "related {} ({name})",
                    kinds.get(*to).en.to_lowercase()
                ))
            })
            .unwrap_or_else(|| name.to_owned())
    }

    fn comparison(&self, comparison: Comparison, a: &Node, b: &Node) -> String {
        // A flag that is asked whether it holds.
        let word = match (self.lang, comparison, a.ty == Type::Date) {
            (Lang::Zh, Comparison::Equal, _) => "是",
            (Lang::Zh, Comparison::NotEqual, _) => "不是",
            (Lang::Zh, Comparison::Greater, true) => "晚于",
            (Lang::Zh, Comparison::GreaterOrEqual, true) => "不早于",
            (Lang::Zh, Comparison::Less, true) => "早于",
            (Lang::Zh, Comparison::LessOrEqual, true) => "不晚于",
            (Lang::Zh, Comparison::Greater, false) => "超过",
            (Lang::Zh, Comparison::GreaterOrEqual, false) => "达到（含）",
            (Lang::Zh, Comparison::Less, false) => "不满",
            (Lang::Zh, Comparison::LessOrEqual, false) => "不超过",
            (Lang::En, Comparison::Equal, _) => " is ",
            (Lang::En, Comparison::NotEqual, _) => " is not ",
            (Lang::En, Comparison::Greater, true) => " is after ",
            (Lang::En, Comparison::GreaterOrEqual, true) => " is not before ",
            (Lang::En, Comparison::Less, true) => " is before ",
            (Lang::En, Comparison::LessOrEqual, true) => " is not after ",
            (Lang::En, Comparison::Greater, false) => " is more than ",
            (Lang::En, Comparison::GreaterOrEqual, false) => " is at least ",
            (Lang::En, Comparison::Less, false) => " is less than ",
            (Lang::En, Comparison::LessOrEqual, false) => " is at most ",
        };
        format!("{}{word}{}", self.operand(a), self.operand(b))
    }

    fn test(&self, test: &TextTest, operand: &Node, with: &Node) -> String {
        let operand = self.operand(operand);
        let with = match (test, &with.op) {
            (TextTest::Matches(_), Op::Text(pattern)) => pattern
                .split('|')
                .map(|word| format!("“{word}”"))
                .collect::<Vec<_>>()
                .join(self.pick("、", ", ")),
            _ => self.operand(with),
        };
        match (self.lang, test) {
            (Lang::Zh, TextTest::Contains) => format!("{operand}里有{with}"),
            (Lang::Zh, TextTest::ContainsNot) => format!("{operand}里没有{with}"),
            (Lang::Zh, TextTest::StartsWith) => format!("{operand}以{with}开头"),
            (Lang::Zh, TextTest::Matches(_)) => format!("{operand}里有{with}等字样"),
            (Lang::En, TextTest::Contains) => format!("{operand} contains {with}"),
            (Lang::En, TextTest::ContainsNot) => format!("{operand} does not contain {with}"),
            (Lang::En, TextTest::StartsWith) => format!("{operand} begins with {with}"),
            (Lang::En, TextTest::Matches(_)) => format!("{operand} mentions {with}"),
        }
    }

    fn arithmetic(&self, operation: Arithmetic, a: &Node, b: &Node) -> String {
        // Sums are read from left to right without brackets.
        let sum = |operation| matches!(operation, Arithmetic::Add | Arithmetic::Subtract);
        let left = match a.op {
            Op::Arithmetic(inner, ..) if sum(inner) && sum(operation) => self.node(a),
            _ => self.operand(a),
        };
        let right = self.operand(b);
        match (operation, &a.ty, &b.ty, self.lang) {
            (Arithmetic::Subtract, Type::Date, Type::Date, Lang::Zh) => {
                format!("{right}到{left}的天数")
            }
            (Arithmetic::Subtract, Type::Date, Type::Date, Lang::En) => {
                format!("the days from {right} to {left}")
            }
            (Arithmetic::Add, Type::Date, _, Lang::Zh) => format!("{left}之后{right}"),
            (Arithmetic::Add, Type::Date, _, Lang::En) => format!("{right} after {left}"),
            (Arithmetic::Subtract, Type::Date, _, Lang::Zh) => format!("{left}之前{right}"),
            (Arithmetic::Subtract, Type::Date, _, Lang::En) => format!("{right} before {left}"),
            _ => format!("{left} {} {right}", operation.text()),
        }
    }

    fn call(&self, function: Function, args: &[Node]) -> String {
        let args: Vec<String> = args.iter().map(|arg| self.node(arg)).collect();
        let first = args.first().map_or("", String::as_str);
        let second = args.get(1).map_or("", String::as_str);
        match (function, self.lang) {
            (Function::Normalize, Lang::Zh) => format!("{first}（统一写法后）"),
            (Function::Normalize, Lang::En) => format!("{first} (spelt alike)"),
            (Function::StripSection, Lang::Zh) => format!("{first}（不计标段、期次）"),
            (Function::StripSection, Lang::En) => format!("{first} (without sections and stages)"),
            (Function::Similar, Lang::Zh) => format!("{first}与{second}相近"),
            (Function::Similar, Lang::En) => format!("{first} is like {second}"),
            (Function::Year, Lang::Zh) => format!("{first}的年份"),
            (Function::Year, Lang::En) => format!("the year of {first}"),
            (Function::Month, Lang::Zh) => format!("{first}的月份"),
            (Function::Month, Lang::En) => format!("the month of {first}"),
            (Function::Years, Lang::Zh) if second.is_empty() => format!("{first}的年数"),
            (Function::Years, Lang::En) if second.is_empty() => format!("the years of {first}"),
            (Function::Years, Lang::Zh) => format!("{first}到{second}的年数"),
            (Function::Years, Lang::En) => format!("the years from {first} to {second}"),
            (Function::TextLength, Lang::Zh) => format!("{first}的字数"),
            (Function::TextLength, Lang::En) => format!("the length of {first}"),
            (Function::NextWorkday, Lang::Zh) => format!("{first}（遇节假日顺延）"),
            (Function::NextWorkday, Lang::En) => format!("{first} (moved on over holidays)"),
            (Function::Tier, Lang::Zh) => format!("{second}在{first}中的档次"),
            (Function::Tier, Lang::En) => format!("the tier of {second} in {first}"),
        }
    }

    fn rows(&self, rows: &Rows) -> String {
        match (rows, self.lang) {
            (Rows::Group, Lang::Zh) => String::from("同组记录"),
            (Rows::Group, Lang::En) => String::from("the group"),
            (Rows::All, Lang::Zh) => String::from("全部记录"),
            (Rows::All, Lang::En) => String::from("all records"),
            (Rows::Relation(id), lang) => {
                let kind: &LedgerKind = self.pack.kinds.get(self.kind);
                let name = self.ledger_named(&kind.relation(*id).name);
                match lang {
                    Lang::Zh => name,
                    Lang::En => format!("its {name}"),
                }
            }
        }
    }

    fn aggregate(
        &self,
        aggregate: Aggregate,
        rows: &Rows,
        value: Option<&Node>,
        when: Option<&Node>,
    ) -> String {
        let of = self.rows(rows);
        let of = match (when.map(|when| self.node(when)), self.lang) {
            (Some(when), Lang::Zh) => format!("{of}（只看{when}的）"),
            (Some(when), Lang::En) => format!("{of} (only where {when})"),
            (None, _) => of,
        };
        let value = value.map(|value| self.operand(value)).unwrap_or_default();
        match (aggregate, self.lang) {
            (Aggregate::Sum, Lang::Zh) => format!("{of}的{value}合计"),
            (Aggregate::Sum, Lang::En) => format!("the sum of {value} over {of}"),
            (Aggregate::KnownSum, Lang::Zh) => format!("{of}读得出的{value}合计"),
            (Aggregate::KnownSum, Lang::En) => format!("the sum of the legible {value} over {of}"),
            (Aggregate::Count, Lang::Zh) => format!("{of}的条数"),
            (Aggregate::Count, Lang::En) => format!("the number of {of}"),
            (Aggregate::Distinct, Lang::Zh) => format!("{of}中不同{value}的个数"),
            (Aggregate::Distinct, Lang::En) => format!("the number of different {value} in {of}"),
            (Aggregate::Max, Lang::Zh) => format!("{of}的{value}最大值"),
            (Aggregate::Max, Lang::En) => format!("the greatest {value} of {of}"),
            (Aggregate::Min, Lang::Zh) => format!("{of}的{value}最小值"),
            (Aggregate::Min, Lang::En) => format!("the least {value} of {of}"),
            (Aggregate::Mean, Lang::Zh) => format!("{of}的{value}平均数"),
            (Aggregate::Mean, Lang::En) => format!("the mean {value} of {of}"),
            (Aggregate::Median, Lang::Zh) => format!("{of}的{value}中位数"),
            (Aggregate::Median, Lang::En) => format!("the median {value} of {of}"),
            (Aggregate::Exists, Lang::Zh) => format!("有{of}"),
            (Aggregate::Exists, Lang::En) => format!("there is one of {of}"),
            (Aggregate::All, Lang::Zh) => format!("{of}都{value}"),
            (Aggregate::All, Lang::En) => format!("for all of {of}: {value}"),
        }
    }
}

fn quoted(text: &str) -> String {
    let inner = text.trim_matches(['"', '“', '”']);
    format!("“{inner}”")
}

fn quote_en(name: &str) -> String {
    format!("“{name}”")
}

/// The fields that a condition reads, each once, in the author's order; with the relation's name before a point.
pub(super) fn fields(nodes: &[&Node]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for node in nodes {
        node.walk(&mut |node| {
            if let Op::Field(path) | Op::HasColumn(path) = &node.op
                && !(path.fields.is_empty() && path.base == Base::Bound)
            {
                let name = if path.relation.is_empty() {
                    path.name.to_string()
                } else {
                    format!("{}.{}", path.relation, path.name)
                };
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        });
    }
    names
}
