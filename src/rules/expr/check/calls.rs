//! Functions and aggregates.

use std::sync::Arc;

use super::super::glue::unglue;
use super::super::signatures::Callee;
use super::super::syntax::{Arg, Expr, ExprKind, Name};
use super::super::{Aggregate, Base, FieldPath, Function, Node, Op, Rows, Type};
use super::names::{ALL, Bound, GROUP};
use super::{About, Checker};
use crate::lang::Bilingual;
use crate::ledger::FieldType;
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        expr: &Expr,
        name: &Name,
        args: &[Arg],
        hint: Option<&Type>,
    ) -> Option<Node> {
        let Some(callee) = Callee::find(&name.text) else {
            return self.unknown_function(expr, name);
        };
        if !matches!(callee, Callee::Aggregate(_)) {
            for arg in args {
                if let Some(when) = &arg.when {
                    return self.problem(
                        Problem::new(
                            when.span.range(),
                            Bilingual::new(
                                format!("{} 不能带 当", name.text),
                                format!("{} takes no 当", name.text),
                            ),
                        )
                        .help(
                            format!("写 {}", callee.usage()),
                            format!("write {}", callee.usage()),
                        ),
                    );
                }
            }
        }
        match callee {
            Callee::Aggregate(aggregate) => self.aggregate(expr, aggregate, callee, args),
            Callee::Function(function) => self.function(expr, function, callee, args),
            Callee::Default => self.default(expr, callee, args, hint),
            Callee::HasColumn => self.has_column(expr, callee, args),
        }
    }

    fn unknown_function(&mut self, expr: &Expr, name: &Name) -> Option<Node> {
        let span = name.span.range();
        if self.is_field(&name.text) {
            let whole = self.slice(expr.span);
            return self.problem(
                Problem::new(
                    expr.span.range(),
                    Bilingual::new(
                        format!("{} 是字段，后面不接括号", name.text),
                        format!("{} is a field; no bracket follows it", name.text),
                    ),
                )
                .replace(expr.span.range(), name.text.clone())
                .help(
                    format!("字段名里真有括号的，写 「{whole}」"),
                    format!("if the brackets belong to a field's name, write 「{whole}」"),
                ),
            );
        }
        let known = |word: &str| Callee::find(word).is_some();
        if let Some(glued) = unglue(&name.text, &known) {
            return self.problem(glued.problem(span));
        }
        let meant = match name.text.as_str() {
            "求和" | "总和" | "总计" | "sum" | "SUM" | "汇总" => Some("合计"),
            "数量" | "个数" | "笔数" | "count" | "COUNT" | "行数" => Some("计数"),
            "max" | "MAX" | "最大值" | "最晚" => Some("最大"),
            "min" | "MIN" | "最小值" | "最早" => Some("最小"),
            "平均值" | "均值" | "avg" | "AVERAGE" => Some("平均"),
            "有" | "存在任一" | "任一" | "any" => Some("存在"),
            "都" | "所有" | "每个" | "all" => Some("全部"),
            "如果" | "IF" | "if" => Some("若"),
            "长度" | "字数" | "len" | "LEN" => Some("文本长度"),
            "年份" | "year" | "YEAR" => Some("年"),
            "月份" | "month" | "MONTH" => Some("月"),
            "去重计数" | "种类数" => Some("种数"),
            other => nearest(other, Callee::names()),
        };
        let problem = Problem::new(
            span.clone(),
            Bilingual::new(
                format!("没有名叫“{}”的函数", name.text),
                format!("there is no function “{}”", name.text),
            ),
        );
        let problem = match meant {
            Some("若") => problem.help(
                "写 若 条件 则 值 否则 值",
                "write 若 condition 则 value 否则 value",
            ),
            Some(meant) => problem.replace(span, meant),
            None => {
                let all: Vec<&str> = Callee::names().collect();
                let all = all.join(" ");
                problem.help(format!("函数有：{all}"), format!("the functions are {all}"))
            }
        };
        self.problem(problem)
    }

    fn misused(&mut self, expr: &Expr, callee: Callee, zh: &str, en: &str) -> Option<Node> {
        let usage = callee.usage();
        self.problem(
            Problem::new(
                expr.span.range(),
                Bilingual::new(zh.to_owned(), en.to_owned()),
            )
            .help(format!("例如 {usage}"), format!("for example {usage}")),
        )
    }

    /// Checks each argument; `None` where one is wrong.
    fn values(&mut self, args: &[Arg], hint: Option<&Type>) -> Option<Vec<Node>> {
        let checked: Vec<Option<Node>> = args
            .iter()
            .map(|arg| self.value(&arg.value, hint))
            .collect();
        checked.into_iter().collect()
    }

    fn function(
        &mut self,
        expr: &Expr,
        function: Function,
        callee: Callee,
        args: &[Arg],
    ) -> Option<Node> {
        let nodes = self.values(args, None)?;
        let types: Vec<&Type> = nodes.iter().map(|node| &node.ty).collect();
        let result = match (function, types.as_slice()) {
            (Function::Normalize | Function::StripSection, [Type::Text])
            | (Function::Tier, [Type::Tiers, Type::Money]) => Type::Text,
            (Function::Similar, [Type::Text, Type::Text]) => Type::Flag,
            (Function::Year | Function::Month, [Type::Date])
            | (Function::TextLength, [Type::Text])
            | (Function::Years, [Type::Duration | Type::Months] | [Type::Date, Type::Date]) => {
                Type::Number
            }
            (Function::NextWorkday, [Type::Date]) => Type::Date,
            _ => {
                return self.misused(
                    expr,
                    callee,
                    "参数的个数或种类不对",
                    "wrong number or kind of arguments",
                );
            }
        };
        if function == Function::Similar
            && let Some(at) = nodes.iter().position(|node| self.is_party(node))
        {
            return self.problem(
                Problem::new(
                    args[at].value.span.range(),
                    Bilingual::new(
                        "相似 不用于人名和单位名",
                        "相似 is not for names of persons and firms",
                    ),
                )
                .help(
                    "人和单位只认同名：写 = 或 规范(…) = 规范(…)",
                    "persons and firms must have the same name: write = or 规范(…) = 规范(…)",
                ),
            );
        }
        self.node(expr, result, Op::Call(function, nodes))
    }

    fn is_party(&self, node: &Node) -> bool {
        match &node.op {
            Op::Field(path) => path.fields.iter().any(|&(kind, field)| {
                self.place.names.kinds.get(kind).field(field).ty == FieldType::Party
            }),
            Op::Default(parts) => parts.iter().any(|part| self.is_party(part)),
            Op::Call(_, parts) => parts.iter().any(|part| self.is_party(part)),
            _ => false,
        }
    }

    fn default(
        &mut self,
        expr: &Expr,
        callee: Callee,
        args: &[Arg],
        hint: Option<&Type>,
    ) -> Option<Node> {
        if args.len() < 2 {
            return self.misused(
                expr,
                callee,
                "默认 至少要两个参数",
                "默认 takes at least two arguments",
            );
        }
        // Text literals take the type of the first field among the arguments.
        let mut wanted = hint.cloned();
        let mut nodes = Vec::new();
        for arg in args {
            let node = self.value(&arg.value, wanted.as_ref());
            if let Some(node) = &node
                && !matches!(arg.value.kind, ExprKind::Text(_))
            {
                wanted = Some(node.ty.clone());
            }
            nodes.push(node);
        }
        let nodes: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
        let ty = nodes[0].ty.clone();
        for (node, arg) in nodes.iter().zip(args) {
            if !self.same_type(&node.ty, &ty) {
                let (a, b) = (ty.name(), node.ty.name());
                let problem = Problem::new(
                    arg.value.span.range(),
                    Bilingual::new(
                        format!("默认 的参数要同一种：前面是{}，这是{}", a.zh, b.zh),
                        format!(
                            "the arguments of 默认 must be alike: {} before, {} here",
                            a.en, b.en
                        ),
                    ),
                );
                return self.problem(self.with_unit_help(problem, &arg.value, &ty));
            }
        }
        self.node(expr, ty, Op::Default(nodes))
    }

    fn has_column(&mut self, expr: &Expr, callee: Callee, args: &[Arg]) -> Option<Node> {
        let [arg] = args else {
            return self.misused(expr, callee, "有列 要一个字段", "有列 takes one field");
        };
        // Whether there is a column is asked of the table, so that it may stand in a group's condition too.
        let about = self.place.about;
        if matches!(about, About::Group(_)) && self.bound.is_none() {
            self.place.about = About::Record;
        }
        let node = self.value(&arg.value, None);
        self.place.about = about;
        match node?.op {
            Op::Field(path) => self.node(expr, Type::Flag, Op::HasColumn(path)),
            _ => self.misused(expr, callee, "有列 要一个字段", "有列 takes one field"),
        }
    }

    fn aggregate(
        &mut self,
        expr: &Expr,
        aggregate: Aggregate,
        callee: Callee,
        args: &[Arg],
    ) -> Option<Node> {
        let [arg] = args else {
            return self.misused(
                expr,
                callee,
                "聚合只有一个参数，条件写在 当 后面",
                "an aggregate takes one argument; its condition stands behind 当",
            );
        };
        if self.bound.is_some() {
            return self.misused(
                expr,
                callee,
                "聚合里面不能再有聚合",
                "an aggregate cannot stand within another",
            );
        }
        let bound = self.rows(expr, callee, arg)?;
        let bare = matches!(&arg.value.kind, ExprKind::Path(path) if path.len() == 1 && path[0].text == bound.name);
        let wants_rows = matches!(aggregate, Aggregate::Count | Aggregate::Exists);
        if wants_rows && !bare {
            let written = self.slice(arg.value.span);
            let rows = &bound.name;
            let word = if aggregate == Aggregate::Count {
                "计数"
            } else {
                "存在"
            };
            let condition = if matches!(arg.value.kind, ExprKind::Path(_)) {
                format!("{written} 非空")
            } else {
                written.to_owned()
            };
            let typed = format!("{word}({rows} 当 {condition})");
            return self.problem(
                Problem::new(
                    arg.value.span.range(),
                    Bilingual::new(format!("{word} 数的是行"), format!("{word} is about rows")),
                )
                .replace(expr.span.range(), typed),
            );
        }
        self.bound = Some(bound.clone());
        let value = if wants_rows {
            Some(None)
        } else if aggregate == Aggregate::All {
            self.condition(&arg.value).map(|node| Some(Box::new(node)))
        } else {
            self.value(&arg.value, None)
                .map(|node| Some(Box::new(node)))
        };
        let when = match &arg.when {
            None => Some(None),
            Some(when) => self.condition(when).map(|node| Some(Box::new(node))),
        };
        self.bound = None;
        let (value, when) = (value?, when?);
        let ty = self.aggregated(expr, aggregate, callee, value.as_deref())?;
        let Some(rows) = bound.rows else {
            // Only another ledger of the rule has this relation: here its rows are absent.
            return self.node(
                expr,
                ty,
                Op::Field(FieldPath {
                    base: Base::Record,
                    hop: Vec::new(),
                    relation: Arc::from(""),
                    fields: Vec::new(),
                    name: Arc::from(bound.name.as_str()),
                }),
            );
        };
        self.node(
            expr,
            ty,
            Op::Aggregate {
                aggregate,
                rows,
                value,
                when,
            },
        )
    }

    /// The type that an aggregate of a value yields.
    fn aggregated(
        &mut self,
        expr: &Expr,
        aggregate: Aggregate,
        callee: Callee,
        value: Option<&Node>,
    ) -> Option<Type> {
        let Some(value) = value else {
            return Some(if aggregate == Aggregate::Exists {
                Type::Flag
            } else {
                Type::Number
            });
        };
        let fits = match aggregate {
            Aggregate::Sum | Aggregate::KnownSum => matches!(
                value.ty,
                Type::Number | Type::Money | Type::Days | Type::Months | Type::Duration
            ),
            Aggregate::Mean | Aggregate::Median => {
                matches!(value.ty, Type::Number | Type::Money | Type::Days)
            }
            Aggregate::Max | Aggregate::Min => value.ty.is_ordered(),
            Aggregate::Distinct => !matches!(value.ty, Type::Period | Type::List(_) | Type::Tiers),
            Aggregate::All => value.ty == Type::Flag,
            Aggregate::Count | Aggregate::Exists => true,
        };
        if !fits {
            let name = value.ty.name();
            self.misused(
                expr,
                callee,
                &format!("{}不能这样汇总", name.zh),
                &format!("{} cannot be aggregated like this", name.en),
            );
            return None;
        }
        Some(match aggregate {
            Aggregate::Distinct | Aggregate::Count => Type::Number,
            Aggregate::All | Aggregate::Exists => Type::Flag,
            _ => value.ty.clone(),
        })
    }

    /// The rows that an aggregate runs over: those its paths begin with.
    fn rows(&mut self, expr: &Expr, callee: Callee, arg: &Arg) -> Option<Bound> {
        let mut firsts: Vec<&Name> = Vec::new();
        gather(&arg.value, &mut firsts);
        let in_value = firsts.len();
        if let Some(when) = &arg.when {
            gather(when, &mut firsts);
        }
        let mut many: Vec<&Name> = Vec::new();
        for name in &firsts {
            let is_rows = name.text == GROUP
                || name.text == ALL
                || self.relation(&name.text).is_some_and(|found| found.many);
            if is_rows && many.iter().all(|known| known.text != name.text) {
                many.push(name);
            }
        }
        if let [first, second, ..] = many.as_slice() {
            let (a, b) = (&first.text, &second.text);
            return self.no_rows(Problem::new(
                second.span.range(),
                Bilingual::new(
                    format!("一个聚合里只能走一种行，这里有 {a} 和 {b}"),
                    format!("an aggregate runs over one kind of rows; these are {a} and {b}"),
                ),
            ));
        }
        let chosen = many.first().copied().or_else(|| {
            firsts[..in_value]
                .iter()
                .copied()
                .find(|name| self.relation(&name.text).is_some())
        });
        let Some(name) = chosen else {
            if let ExprKind::Path(path) = &arg.value.kind
                && path.len() == 1
                && self.relation(&path[0].text).is_none()
                && !self.is_field(&path[0].text)
            {
                self.path(&arg.value, path);
                return None;
            }
            self.misused(
                expr,
                callee,
                "聚合要对许多行：组、全体或关联的台账",
                "an aggregate needs rows: 组, 全体 or a related ledger",
            );
            return None;
        };
        match (name.text.as_str(), self.place.about) {
            (GROUP, About::Group(_)) => Some(self.own_rows(GROUP, Rows::Group)),
            (ALL, About::Group(_) | About::Record) => Some(self.own_rows(ALL, Rows::All)),
            (GROUP, About::Record) => self.no_rows(
                Problem::new(
                    name.span.range(),
                    Bilingual::new("这条规则没有分组", "this rule has no group"),
                )
                .help(
                    "加 group = { by = ['乙方'] }，或者用关联的台账",
                    "add group = { by = ['乙方'] }, or use a related ledger",
                ),
            ),
            (rows @ (GROUP | ALL), About::Member) => self.no_rows(
                Problem::new(
                    name.span.range(),
                    Bilingual::new(
                        format!("applies 和 by 决定哪些记录算数，不能反过来用 {rows}"),
                        format!(
                            "applies and by decide which records count; they cannot use {rows}"
                        ),
                    ),
                )
                .help(
                    "把这个条件写进 violation",
                    "write this condition into violation",
                ),
            ),
            (relation, about) => {
                if matches!(about, About::Group(_)) {
                    return self.no_rows(
                        Problem::new(
                            name.span.range(),
                            Bilingual::new(
                                format!("按组判断时，{relation} 每个成员各有一批"),
                                format!("in a group, each member has its own {relation}"),
                            ),
                        )
                        .help(
                            format!("写 组.{relation}.字段（一对一的关联），或者在 {relation} 台账上写这条规则"),
                            format!("write 组.{relation}.field (a to-one relation), or write the rule on the ledger {relation}"),
                        ),
                    );
                }
                let found = self.relation(relation)?;
                Some(Bound {
                    name: relation.to_owned(),
                    rows: found.id.map(Rows::Relation),
                    kinds: found.to,
                })
            }
        }
    }

    fn own_rows(&self, name: &str, rows: Rows) -> Bound {
        Bound {
            name: name.to_owned(),
            rows: Some(rows),
            kinds: vec![self.place.kind],
        }
    }

    fn no_rows(&mut self, problem: Problem) -> Option<Bound> {
        self.problems.push(problem);
        None
    }

    fn is_field(&self, name: &str) -> bool {
        std::iter::once(self.place.kind)
            .chain(self.place.ledgers.iter().copied())
            .any(|kind| self.place.names.kinds.get(kind).find(name).is_some())
    }
}

/// The first names of all paths in an expression: those that lead somewhere, and a bare one that is all there is.
fn gather<'e>(expr: &'e Expr, firsts: &mut Vec<&'e Name>) {
    fn inner<'e>(expr: &'e Expr, firsts: &mut Vec<&'e Name>, whole: bool) {
        if let ExprKind::Path(path) = &expr.kind
            && (path.len() > 1 || whole)
        {
            firsts.push(&path[0]);
        }
        for part in expr.children() {
            inner(part, firsts, false);
        }
    }
    inner(expr, firsts, true);
}
