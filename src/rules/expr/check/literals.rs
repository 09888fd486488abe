//! Numbers with units, texts, choices, lists and limits.

use rust_decimal::Decimal;

use super::super::NO_CHOICE;
use super::super::syntax::{Expr, Name};
use super::super::token::Unit;
use super::super::{Node, Op, Type};
use super::Checker;
use crate::lang::Bilingual;
use crate::ledger::{FieldId, KindId};
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;
use crate::rules::{Duration, LimitId, LimitType};

impl Checker<'_> {
    pub(super) fn number(
        &mut self,
        expr: &Expr,
        value: Decimal,
        unit: Option<Unit>,
    ) -> Option<Node> {
        let scaled = |factor: i64| value.checked_mul(Decimal::from(factor));
        let (ty, op) = match unit {
            None => (Type::Number, Some(Op::Number(value))),
            Some(Unit::Percent) => (
                Type::Number,
                value.checked_div(Decimal::ONE_HUNDRED).map(Op::Number),
            ),
            Some(Unit::PerMille) => (
                Type::Number,
                value.checked_div(Decimal::ONE_THOUSAND).map(Op::Number),
            ),
            Some(Unit::Yuan) => (Type::Money, Some(Op::Money(value))),
            Some(Unit::ThousandYuan) => (Type::Money, scaled(1_000).map(Op::Money)),
            Some(Unit::TenThousandYuan) => (Type::Money, scaled(10_000).map(Op::Money)),
            Some(Unit::HundredMillionYuan) => (Type::Money, scaled(100_000_000).map(Op::Money)),
            Some(Unit::Days) => (
                Type::Days,
                whole(value).map(|n| Op::Duration(Duration::Days(n))),
            ),
            Some(Unit::WorkingDays) => (
                Type::Duration,
                whole(value).map(|n| Op::Duration(Duration::WorkingDays(n))),
            ),
            Some(Unit::Months) => (
                Type::Months,
                whole(value).map(|n| Op::Duration(Duration::Months(n))),
            ),
            Some(Unit::Years) => (
                Type::Months,
                scaled(12)
                    .and_then(whole)
                    .map(|n| Op::Duration(Duration::Months(n))),
            ),
        };
        let Some(op) = op else {
            return self.wrong(
                expr.span,
                "这个数太大，或者天数、月数不是整数",
                "the number is too large, or days and months are not whole",
            );
        };
        self.node(expr, ty, op)
    }

    /// A text; an entry of a table of choices where one is wanted.
    pub(super) fn literal(&mut self, expr: &Expr, text: &str, hint: Option<&Type>) -> Option<Node> {
        match hint {
            Some(Type::Choice(kind, field)) => self.choice(expr, text, *kind, *field),
            _ => self.node(expr, Type::Text, Op::Text(text.into())),
        }
    }

    fn choice(&mut self, expr: &Expr, text: &str, kind: KindId, field: FieldId) -> Option<Node> {
        let kinds = self.place.names.kinds;
        let ty = Type::Choice(kind, field);
        let table = &kinds.get(kind).field(field).choices;
        if let Some(index) = table.iter().position(|choice| choice.value == text) {
            let index = u16::try_from(index).unwrap_or(NO_CHOICE);
            return self.node(expr, ty, Op::Choice(index));
        }
        // The rule is judged on several kinds, and only another one's table has the entry.
        let name = &kinds.get(kind).field(field).name;
        let elsewhere = self.place.ledgers.iter().any(|&other| {
            let other = kinds.get(other);
            other.find(name).is_some_and(|field| {
                other
                    .field(field)
                    .choices
                    .iter()
                    .any(|choice| choice.value == text)
            })
        });
        if elsewhere {
            return self.node(expr, ty, Op::Choice(NO_CHOICE));
        }
        let values: Vec<&str> = table.iter().map(|choice| choice.value.as_str()).collect();
        let by_word = table
            .iter()
            .find(|choice| choice.words.iter().any(|word| word == text))
            .map(|choice| choice.value.as_str());
        let mut problem = Problem::new(
            expr.span.range(),
            Bilingual::new(
                format!("{name}没有“{text}”这个选项"),
                format!("{name} has no choice “{text}”"),
            ),
        );
        if let Some(near) = by_word.or_else(|| nearest(text, values.iter().copied())) {
            problem = problem.replace(expr.span.range(), format!("\"{near}\""));
        }
        let all = values.join("、");
        self.problem(problem.help(format!("选项有：{all}"), format!("its choices are {all}")))
    }

    pub(super) fn list(
        &mut self,
        expr: &Expr,
        entries: &[Expr],
        hint: Option<&Type>,
    ) -> Option<Node> {
        let wanted = match hint {
            Some(Type::List(inner)) => Some((**inner).clone()),
            other => other.cloned(),
        };
        if entries.is_empty() {
            return self.wrong(expr.span, "列表是空的", "the list is empty");
        }
        let mut ty = wanted;
        let mut checked = Vec::new();
        for entry in entries {
            let node = self.value(entry, ty.as_ref());
            if ty.is_none() {
                ty = node.as_ref().map(|node| node.ty.clone());
            }
            checked.push(node);
        }
        let checked: Vec<Node> = checked.into_iter().collect::<Option<_>>()?;
        let ty = ty?;
        for (node, entry) in checked.iter().zip(entries) {
            if !self.same_type(&node.ty, &ty) {
                let (a, b) = (ty.name(), node.ty.name());
                let problem = Problem::new(
                    entry.span.range(),
                    Bilingual::new(
                        format!("列表里要{}，这是{}", a.zh, b.zh),
                        format!("the list wants {}; this is {}", a.en, b.en),
                    ),
                );
                return self.problem(self.with_unit_help(problem, entry, &ty));
            }
        }
        self.node(expr, Type::List(Box::new(ty)), Op::List(checked))
    }

    pub(super) fn limit(&mut self, expr: &Expr, name: &Name) -> Option<Node> {
        let limits = self.place.names.limits;
        let found = (0..)
            .map(LimitId)
            .zip(limits)
            .find(|(_, limit)| limit.name == name.text);
        let Some((id, limit)) = found else {
            let near = nearest(&name.text, limits.iter().map(|limit| limit.name.as_str()));
            let problem = Problem::new(
                name.span.range(),
                Bilingual::new(
                    format!("没有名叫“{}”的限额", name.text),
                    format!("there is no limit “{}”", name.text),
                ),
            );
            return self.problem(match near {
                Some(near) => problem.replace(name.span.range(), near),
                None => problem.help(
                    "在 limits.toml 里用 [[limit]] 声明它",
                    "declare it by a [[limit]] in limits.toml",
                ),
            });
        };
        let ty = match limit.ty {
            LimitType::Money => Type::Money,
            LimitType::Percent | LimitType::Number => Type::Number,
            LimitType::Duration => Type::Duration,
            LimitType::Date => Type::Date,
            LimitType::Flag => Type::Flag,
            LimitType::List => Type::List(Box::new(Type::Text)),
            LimitType::Tiers => Type::Tiers,
        };
        self.node(expr, ty, Op::Limit(id))
    }
}

fn whole(value: Decimal) -> Option<i32> {
    use rust_decimal::prelude::ToPrimitive;
    value.fract().is_zero().then(|| value.to_i32()).flatten()
}
