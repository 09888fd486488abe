//! Values as people read them, in messages and in evaluated trees.

use rust_decimal::Decimal;

use super::interval::Interval;
use super::scene::Scene;
use super::value::Value;
use crate::lang::Lang;
use crate::ledger::{Day, DaySpan, FieldType};
use crate::rules::expr::{Node, Op, Type};
use crate::rules::{Duration, LimitType};

/// Prints values in one language.
#[derive(Clone, Copy)]
pub(crate) struct Printer<'a> {
    /// What the values are of.
    pub(crate) scene: &'a Scene<'a>,
    /// The language.
    pub(crate) lang: Lang,
}

impl Printer<'_> {
    /// The value of a node.
    pub(crate) fn value(self, node: &Node, value: &Value<'_>) -> String {
        let lang = self.lang;
        match value {
            Value::Truth(truth) => match truth.decided() {
                Some(true) => lang.pick("是", "yes").to_owned(),
                Some(false) => lang.pick("否", "no").to_owned(),
                None => lang.pick("（不能确定）", "(not certain)").to_owned(),
            },
            Value::Flag(flag) => flag.text().to_owned(),
            Value::Text(text) => text.text.to_string(),
            Value::Choice(word) => (*word).to_owned(),
            Value::Decimal(interval, _) if node.ty == Type::Money => {
                self.interval(*interval, |amount| money(amount, lang))
            }
            Value::Decimal(interval, _) if self.is_percent(node) => {
                self.interval(*interval, |ratio| {
                    format!(
                        "{}%",
                        number(ratio.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(ratio))
                    )
                })
            }
            Value::Decimal(interval, _) => self.interval(*interval, number),
            Value::Whole(interval, _) => match node.ty {
                Type::Date => self.date(*interval),
                Type::Months => self.interval(*interval, |months| months_text(months, lang)),
                _ => self.interval(*interval, |days| {
                    format!("{days}{}", lang.pick("天", " days"))
                }),
            },
            Value::Durations(durations, _) => durations
                .iter()
                .map(|&duration| duration_text(duration, lang))
                .collect::<Vec<_>>()
                .join(lang.pick("或", " or ")),
            Value::Length(unit, interval, _) => self.interval(*interval, |number| {
                unit.duration(number)
                    .map_or_else(|| number.to_string(), |length| duration_text(length, lang))
            }),
            Value::List(items) => items
                .iter()
                .map(|item| self.value(node, item))
                .collect::<Vec<_>>()
                .join("、"),
            Value::Tiers(tiers) => tiers
                .iter()
                .map(|tier| format!("{}≥{}", tier.entry, money(tier.from, lang)))
                .collect::<Vec<_>>()
                .join("、"),
            Value::Empty(_) => lang.pick("（空）", "(blank)").to_owned(),
            Value::Absent => lang.pick("（未提供）", "(not supplied)").to_owned(),
            Value::Unknown(_) => lang.pick("（不能确定）", "(not certain)").to_owned(),
            Value::NoThreshold => lang.pick("（不设限额）", "(no threshold)").to_owned(),
        }
    }

    fn interval<T: Copy + Ord>(self, interval: Interval<T>, print: impl Fn(T) -> String) -> String {
        let lang = self.lang;
        match (interval.lo, interval.hi) {
            (Some(lo), Some(hi)) if lo == hi => print(lo),
            (Some(lo), Some(hi)) => {
                format!("{}{}{}", print(lo), lang.pick("至", " to "), print(hi))
            }
            (Some(lo), None) => format!("{}{}", lang.pick("不少于", "at least "), print(lo)),
            (None, Some(hi)) => format!("{}{}", lang.pick("不超过", "at most "), print(hi)),
            (None, None) => lang.pick("（不能确定）", "(not certain)").to_owned(),
        }
    }

    fn date(self, interval: Interval<i64>) -> String {
        let day = |end: i64| Day::from_number(i32::try_from(end).unwrap_or(i32::MAX));
        match (interval.lo, interval.hi) {
            (Some(lo), Some(hi)) => DaySpan {
                first: day(lo),
                last: day(hi),
            }
            .to_string(),
            (Some(lo), None) => {
                format!(
                    "{}{}",
                    day(lo),
                    self.lang.pick("之后（长期）", " or later (no end)")
                )
            }
            _ => self.interval(interval, |end| day(end).to_string()),
        }
    }

    /// Whether a number is shown as a percentage: a percent field or limit.
    fn is_percent(self, node: &Node) -> bool {
        match &node.op {
            Op::Field(path) => path.fields.first().is_some_and(|&(kind, field)| {
                self.scene.pack.kinds.get(kind).field(field).ty == FieldType::Percent
            }),
            Op::Limit(limit) => self.scene.pack.limit(*limit).ty == LimitType::Percent,
            _ => false,
        }
    }
}

/// Money as messages print it: `1,100,000.01元`; whole yuan without fen.
pub(crate) fn money(yuan: Decimal, lang: Lang) -> String {
    let rounded =
        yuan.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let text = if rounded.fract().is_zero() {
        rounded.trunc().to_string()
    } else {
        format!("{rounded:.2}")
    };
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fen) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, fen)| (whole, Some(fen)));
    let mut grouped = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fen) = fen {
        grouped.push('.');
        grouped.push_str(fen);
    }
    grouped.push_str(lang.pick("元", " yuan"));
    grouped
}

/// A number with at most four digits behind the point.
fn number(value: Decimal) -> String {
    value
        .round_dp_with_strategy(4, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
        .normalize()
        .to_string()
}

fn months_text(months: i64, lang: Lang) -> String {
    if months != 0 && months % 12 == 0 {
        format!("{}{}", months / 12, lang.pick("年", " years"))
    } else {
        format!("{months}{}", lang.pick("个月", " months"))
    }
}

fn duration_text(duration: Duration, lang: Lang) -> String {
    match duration {
        Duration::Days(days) => format!("{days}{}", lang.pick("天", " days")),
        Duration::Months(months) => months_text(i64::from(months), lang),
        Duration::WorkingDays(days) => {
            format!("{days}{}", lang.pick("个工作日", " working days"))
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::money;
    use crate::lang::Lang;

    #[test]
    fn money_is_grouped_and_keeps_its_fen() {
        for (yuan, want) in [
            ("1100000.01", "1,100,000.01元"),
            ("400000", "400,000元"),
            ("400000.00", "400,000元"),
            ("0.5", "0.50元"),
            ("-1234567.8", "-1,234,567.80元"),
            ("999", "999元"),
        ] {
            let yuan: Decimal = yuan.parse().expect("a number");
            assert_eq!(money(yuan, Lang::Zh), want);
        }
    }
}
