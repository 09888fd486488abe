//! Comparisons, tests and arithmetic, by the table of operations.

use super::super::syntax::{Expr, ExprKind, Test};
use super::super::{Arithmetic, Comparison, Node, Op, TextTest, Type};
use super::Checker;
use crate::lang::Bilingual;
use crate::ledger::FieldType;
use crate::rules::LimitType;
use crate::rules::problem::Problem;

/// The largest compiled pattern, in bytes: far above any list of words, far below what would slow a scan.
const PATTERN_SIZE: usize = 1 << 20;

/// From here on a bare number is an amount in yuan, hardly one in 万元.
const LARGE: u32 = 10_000;

impl Checker<'_> {
    pub(super) fn is_empty(&mut self, expr: &Expr, operand: &Expr, negated: bool) -> Option<Node> {
        let node = self.value(operand, None)?;
        let askable = matches!(
            node.op,
            Op::Field(_) | Op::Default(_) | Op::Call(..) | Op::Aggregate { .. } | Op::If { .. }
        );
        if !askable {
            let word = if negated { "非空" } else { "为空" };
            return self.problem(
                Problem::new(
                    operand.span.range(),
                    Bilingual::new(
                        format!("{word} 前面要一个字段"),
                        format!("a field must stand before {word}"),
                    ),
                )
                .help(
                    format!("例如 备案日期 {word}"),
                    format!("for example 备案日期 {word}"),
                ),
            );
        }
        self.node(
            expr,
            Type::Flag,
            Op::IsEmpty {
                operand: Box::new(node),
                negated,
            },
        )
    }

    pub(super) fn compare(
        &mut self,
        expr: &Expr,
        comparison: Comparison,
        a: &Expr,
        b: &Expr,
    ) -> Option<Node> {
        let (left, right) = self.pair(a, b, None)?;
        if let Some(problem) = self.incomparable(&left, &right, comparison, a, b) {
            return self.problem(problem);
        }
        self.node(
            expr,
            Type::Flag,
            Op::Compare(comparison, Box::new(left), Box::new(right)),
        )
    }

    /// Why two values cannot be compared like this; `None` where they can.
    fn incomparable(
        &self,
        left: &Node,
        right: &Node,
        comparison: Comparison,
        a: &Expr,
        b: &Expr,
    ) -> Option<Problem> {
        let span = a.span.to(b.span).range();
        for (node, expr) in [(left, a), (right, b)] {
            if node.ty == Type::Period {
                let written = self.slice(expr.span);
                return Some(
                    Problem::new(
                        expr.span.range(),
                        Bilingual::new(
                            format!("{written} 本身没有值"),
                            format!("{written} has no value of its own"),
                        ),
                    )
                    .help(
                        "期限写它的 起始日期、终止日期 或 合同年限；表决写 同意人数、实到人数 等",
                        "for a period write 起始日期, 终止日期 or 合同年限; for a vote 同意人数, 实到人数 …",
                    ),
                );
            }
        }
        if let (_, Op::Text(text)) | (Op::Text(text), _) = (&left.op, &right.op)
            && text.is_empty()
        {
            let operand = if matches!(left.op, Op::Text(_)) { b } else { a };
            let word = if comparison == Comparison::NotEqual {
                "非空"
            } else {
                "为空"
            };
            return Some(
                Problem::new(
                    span.clone(),
                    Bilingual::new("没有空文字这种值", "there is no empty text"),
                )
                .replace(span, format!("{} {word}", self.slice(operand.span))),
            );
        }
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if self.comparable(left, right) {
            let orderable = left.ty.is_ordered();
            if !equality && !orderable {
                let name = left.ty.name();
                return Some(
                    Problem::new(
                        span,
                        Bilingual::new(
                            format!("{}不能比大小", name.zh),
                            format!("{} has no order", name.en),
                        ),
                    )
                    .help("只能用 = 或 ≠", "use = or ≠ only"),
                );
            }
            return self
                .bare_ratio(left, a, b)
                .or_else(|| self.bare_ratio(right, b, a));
        }
        let (x, y) = (left.ty.name(), right.ty.name());
        let problem = Problem::new(
            span,
            Bilingual::new(
                format!("{}和{}不能比较", x.zh, y.zh),
                format!("{} cannot be compared with {}", x.en, y.en),
            ),
        );
        Some(self.explain_mismatch(problem, left, right, comparison, a, b))
    }

    fn comparable(&self, left: &Node, right: &Node) -> bool {
        if matches!(left.ty, Type::List(_) | Type::Tiers) {
            return false;
        }
        if self.same_type(&left.ty, &right.ty) {
            return true;
        }
        // A length of time compares with a literal one, never with a difference of dates.
        let literal = |node: &Node| matches!(node.op, Op::Duration(_));
        (left.ty == Type::Duration && literal(right))
            || (right.ty == Type::Duration && literal(left))
    }

    /// `质保金比例 > 3`: a ratio against a number that was meant as a percentage.
    fn bare_ratio(&self, node: &Node, ratio: &Expr, number: &Expr) -> Option<Problem> {
        let ExprKind::Number(value, None) = number.kind else {
            return None;
        };
        let is_ratio = match &node.op {
            Op::Field(path) => path.fields.iter().any(|&(kind, field)| {
                self.place.names.kinds.get(kind).field(field).ty == FieldType::Percent
            }),
            Op::Limit(id) => self.place.names.limits[usize::from(id.0)].ty == LimitType::Percent,
            _ => false,
        };
        if !is_ratio || value < rust_decimal::Decimal::ONE {
            return None;
        }
        let written = self.slice(ratio.span);
        Some(
            Problem::new(
                number.span.range(),
                Bilingual::new(
                    format!("{written} 是比例，比例要写 %"),
                    format!("{written} is a ratio; ratios are written with %"),
                ),
            )
            .replace(number.span.range(), format!("{value}%")),
        )
    }

    fn explain_mismatch(
        &self,
        problem: Problem,
        left: &Node,
        right: &Node,
        comparison: Comparison,
        a: &Expr,
        b: &Expr,
    ) -> Problem {
        let difference = |node: &Node| {
            node.ty == Type::Days && matches!(node.op, Op::Arithmetic(Arithmetic::Subtract, ..))
        };
        let long = |node: &Node| matches!(node.ty, Type::Months | Type::Duration);
        for (days, days_expr, other, sign, other_expr) in [
            (left, a, right, comparison, b),
            (right, b, left, comparison.turned(), a),
        ] {
            if difference(days)
                && long(other)
                && let ExprKind::Arithmetic(_, later, earlier) = &days_expr.kind
            {
                let typed = format!(
                    "{} {} {} + {}",
                    self.slice(later.span),
                    sign.text(),
                    self.slice(earlier.span),
                    self.slice(other_expr.span)
                );
                return problem.replace(a.span.to(b.span).range(), typed);
            }
        }
        let problem = self.with_unit_help(problem, b, &left.ty);
        if problem.helps.is_empty() {
            self.with_unit_help(problem, a, &right.ty)
        } else {
            problem
        }
    }

    /// Adds what to type so that a literal is of the wanted type.
    pub(super) fn with_unit_help(
        &self,
        problem: Problem,
        literal: &Expr,
        wanted: &Type,
    ) -> Problem {
        let span = literal.span.range();
        match (&literal.kind, wanted) {
            (ExprKind::Number(value, None), Type::Money) if *value >= LARGE.into() => {
                problem.replace(span, format!("{value}元"))
            }
            (ExprKind::Number(value, None), Type::Money) => problem.help(
                format!("金额要写单位，例如 {value}元 或 {value}万元"),
                format!("money needs its unit: {value}元 or {value}万元"),
            ),
            (ExprKind::Number(value, None), Type::Days) => {
                problem.replace(span, format!("{value}天"))
            }
            (ExprKind::Number(value, None), Type::Months | Type::Duration) => problem.help(
                format!("时长要写单位，例如 {value}年、{value}个月 或 {value}天"),
                format!("a length of time needs its unit: {value}年, {value}个月 or {value}天"),
            ),
            (ExprKind::Text(text), Type::Date)
                if text.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                problem.replace(span, text.clone())
            }
            (ExprKind::Text(text), Type::Number | Type::Money | Type::Days | Type::Months)
                if text.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                problem.replace(span, text.clone())
            }
            (ExprKind::Text(text), Type::Flag) => {
                let flag = match text.as_str() {
                    "是" | "有" | "已" | "√" | "已备案" | "true" => "是",
                    "不适用" => "不适用",
                    _ => "否",
                };
                problem.replace(span, flag)
            }
            (ExprKind::Flag(_), Type::Text | Type::Choice(..)) => {
                let written = self.slice(literal.span);
                problem.replace(span, format!("\"{written}\""))
            }
            (_, Type::Money) if self.is_numeric(literal) => problem.help(
                "金额要写单位，例如 40元 或 40万元",
                "money needs its unit: 40元 or 40万元",
            ),
            _ => problem,
        }
    }

    fn is_numeric(&self, expr: &Expr) -> bool {
        let _ = self;
        match &expr.kind {
            ExprKind::Number(_, None) => true,
            ExprKind::Arithmetic(_, a, b) => self.is_numeric(a) && self.is_numeric(b),
            ExprKind::Negate(a) => self.is_numeric(a),
            _ => false,
        }
    }

    pub(super) fn membership(
        &mut self,
        expr: &Expr,
        operand: &Expr,
        list: &Expr,
        negated: bool,
    ) -> Option<Node> {
        let word = if negated { "不属于" } else { "属于" };
        let value = self.value(operand, None);
        let wanted = value
            .as_ref()
            .map(|node| Type::List(Box::new(node.ty.clone())));
        if !matches!(list.kind, ExprKind::List(_) | ExprKind::Limit(_)) {
            let written = self.slice(list.span);
            let typed = format!("[{written}]");
            return self.problem(
                Problem::new(
                    list.span.range(),
                    Bilingual::new(
                        format!("{word} 后面要一个列表"),
                        format!("a list must stand behind {word}"),
                    ),
                )
                .replace(list.span.range(), typed),
            );
        }
        let list_node = self.value(list, wanted.as_ref());
        let (value, list_node) = (value?, list_node?);
        let fits = match &list_node.ty {
            Type::List(inner) => {
                self.same_type(inner, &value.ty)
                    || (**inner == Type::Text
                        && matches!(value.ty, Type::Choice(..))
                        && matches!(list_node.op, Op::Limit(_)))
            }
            _ => false,
        };
        if !fits || value.ty == Type::Period {
            let (a, b) = (value.ty.name(), list_node.ty.name());
            return self.wrong(
                list.span,
                format!("{word} 左边是{}，右边是{}，两边要同一种", a.zh, b.zh),
                format!(
                    "left of {word} is {}, right of it {}; both must be alike",
                    a.en, b.en
                ),
            );
        }
        self.node(
            expr,
            Type::Flag,
            Op::In {
                operand: Box::new(value),
                list: Box::new(list_node),
                negated,
            },
        )
    }

    pub(super) fn test(
        &mut self,
        expr: &Expr,
        test: Test,
        operand: &Expr,
        with: &Expr,
    ) -> Option<Node> {
        let value = self.value(operand, None);
        let word = test.text();
        let with_node = self.value(with, Some(&Type::Text));
        let (value, with_node) = (value?, with_node?);
        if value.ty != Type::Text {
            let name = value.ty.name();
            let written = self.slice(operand.span);
            let problem = Problem::new(
                operand.span.range(),
                Bilingual::new(
                    format!("{word} 只用于文字，{written} 是{}", name.zh),
                    format!("{word} is for text; {written} is {}", name.en),
                ),
            );
            let with = self.slice(with.span);
            return self.problem(if matches!(value.ty, Type::Choice(..)) {
                problem.help(
                    format!("选项用 = 或 属于：写 {written} = {with}"),
                    format!("compare a choice with = or 属于: write {written} = {with}"),
                )
            } else {
                problem
            });
        }
        if with_node.ty != Type::Text {
            return self.wrong(
                with.span,
                format!("{word} 后面要文字，用双引号括起来"),
                format!("a text in double quotes must stand behind {word}"),
            );
        }
        let test = match test {
            Test::Contains => TextTest::Contains,
            Test::ContainsNot => TextTest::ContainsNot,
            Test::StartsWith => TextTest::StartsWith,
            Test::Matches => TextTest::Matches(self.pattern(with)?),
        };
        self.node(
            expr,
            Type::Flag,
            Op::Test {
                test,
                operand: Box::new(value),
                with: Box::new(with_node),
            },
        )
    }

    fn pattern(&mut self, with: &Expr) -> Option<regex::Regex> {
        let ExprKind::Text(text) = &with.kind else {
            self.problem(
                Problem::new(
                    with.span.range(),
                    Bilingual::new(
                        "匹配 后面要直接写出文字",
                        "a literal text must stand behind 匹配",
                    ),
                )
                .help(
                    "例如 备注 匹配 \"抢险|应急\"；要和另一个字段比，用 包含 或 开头是",
                    "for example 备注 匹配 \"抢险|应急\"; to compare with a field use 包含 or 开头是",
                ),
            );
            return None;
        };
        let compiled = self
            .place
            .names
            .patterns
            .borrow_mut()
            .entry(text.clone())
            .or_insert_with(|| {
                regex::RegexBuilder::new(text)
                    .size_limit(PATTERN_SIZE)
                    .dfa_size_limit(PATTERN_SIZE)
                    .build()
                    .map_err(|error| match error {
                        regex::Error::CompiledTooBig(_) => String::from("too big"),
                        other => other
                            .to_string()
                            .lines()
                            .last()
                            .unwrap_or_default()
                            .trim_start_matches("error: ")
                            .to_owned(),
                    })
            })
            .clone();
        match compiled {
            Ok(_) if text.is_empty() => {
                self.wrong(
                    with.span,
                    "匹配 的文字是空的，什么都会匹配",
                    "the pattern is empty and would match everything",
                );
                None
            }
            Ok(regex) => Some(regex),
            Err(reason) => {
                self.problem(
                    Problem::new(
                        with.span.range(),
                        Bilingual::new(
                            format!("这个匹配式读不懂（{reason}）"),
                            format!("this pattern cannot be read ({reason})"),
                        ),
                    )
                    .help(
                        "用 | 隔开几个词；括号、星号、问号要当普通字用时，前面加 \\",
                        "separate words by |; put \\ before brackets, stars and question marks that are meant as such",
                    ),
                );
                None
            }
        }
    }

    pub(super) fn negate(&mut self, expr: &Expr, operand: &Expr) -> Option<Node> {
        let node = self.value(operand, None)?;
        if !matches!(node.ty, Type::Number | Type::Money | Type::Days) {
            let name = node.ty.name();
            return self.wrong(
                operand.span,
                format!("负号后面不能是{}", name.zh),
                format!("{} cannot be negated", name.en),
            );
        }
        let ty = node.ty.clone();
        self.node(expr, ty, Op::Negate(Box::new(node)))
    }

    pub(super) fn arithmetic(
        &mut self,
        expr: &Expr,
        operation: Arithmetic,
        a: &Expr,
        b: &Expr,
    ) -> Option<Node> {
        let left = self.value(a, None);
        let right = self.value(b, None);
        let (left, right) = (left?, right?);
        if let Some(ty) = result(operation, &left.ty, &right.ty) {
            return self.node(
                expr,
                ty,
                Op::Arithmetic(operation, Box::new(left), Box::new(right)),
            );
        }
        let (x, y) = (left.ty.name(), right.ty.name());
        let sign = operation.text();
        let problem = Problem::new(
            expr.span.range(),
            Bilingual::new(
                format!("{} {sign} {} 算不了", x.zh, y.zh),
                format!("{} {sign} {} cannot be computed", x.en, y.en),
            ),
        );
        let (a_text, b_text) = (self.slice(a.span), self.slice(b.span));
        let problem = match (operation, &left.ty, &right.ty) {
            (Arithmetic::Add, Type::Days | Type::Months | Type::Duration, Type::Date) => {
                problem.replace(expr.span.range(), format!("{b_text} + {a_text}"))
            }
            (Arithmetic::Add | Arithmetic::Subtract, Type::Date, Type::Number) => problem.help(
                format!("天数要写单位：写 {a_text} {sign} {b_text}天"),
                format!("days need their unit: write {a_text} {sign} {b_text}天"),
            ),
            (Arithmetic::Add | Arithmetic::Subtract, Type::Money, Type::Number) => {
                self.with_unit_help(problem, b, &Type::Money)
            }
            (Arithmetic::Add | Arithmetic::Subtract, Type::Number, Type::Money) => {
                self.with_unit_help(problem, a, &Type::Money)
            }
            (Arithmetic::Multiply, Type::Duration | Type::Months, _) => problem.help(
                format!("写 年数({a_text}) × {b_text}"),
                format!("write 年数({a_text}) × {b_text}"),
            ),
            (Arithmetic::Multiply, _, Type::Duration | Type::Months) => problem.help(
                format!("写 {a_text} × 年数({b_text})"),
                format!("write {a_text} × 年数({b_text})"),
            ),
            _ => problem,
        };
        self.problem(problem)
    }
}

impl Comparison {
    /// The comparison with its sides swapped.
    fn turned(self) -> Self {
        match self {
            Self::Equal => Self::Equal,
            Self::NotEqual => Self::NotEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
        }
    }
}

/// The table of operations: what an operation yields; `None` where there is no such operation.
fn result(operation: Arithmetic, a: &Type, b: &Type) -> Option<Type> {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    match (operation, a, b) {
        (Add | Subtract, Type::Money, Type::Money)
        | (Multiply | Divide, Type::Money, Type::Number)
        | (Multiply, Type::Number, Type::Money) => Some(Type::Money),
        (_, Type::Number, Type::Number) | (Divide, Type::Money, Type::Money) => Some(Type::Number),
        (Add | Subtract, Type::Days, Type::Days) | (Subtract, Type::Date, Type::Date) => {
            Some(Type::Days)
        }
        (Add | Subtract, Type::Months, Type::Months) => Some(Type::Months),
        (Add | Subtract, Type::Date, Type::Days | Type::Months | Type::Duration) => {
            Some(Type::Date)
        }
        _ => None,
    }
}
