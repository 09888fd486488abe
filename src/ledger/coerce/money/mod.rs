//! Money: figures, 万 and 亿, 大写, rates.
//!
//! The unit comes first, then fen: 12.345678万元 is 123,456.78元. A rest below 1e-6 yuan is noise of binary floats; any
//! other rest below a fen is rounded half up and told.

mod amount;
#[cfg(test)]
mod tests;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use amount::{Amount, negated, parse_magnitude, scaled, take_amount};

use super::{
    CellIssue, Coerced, ColumnUnit, Fault, HeaderRate, Parts, Raw, Value, fold, number, placeholder,
};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind, Rate};

/// Why a cell is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// The text says no certain amount.
    Fault(Fault),
    /// The cell gives a rate, and the field is no rate.
    Rate,
    /// The header gives a rate, and the field is no rate.
    HeaderRate,
    /// The amount in words and the figures beside it differ.
    Differs,
    /// A magnitude that may or may not stand beside the unit of the header: 五千 in a 万元 column.
    UnitDoubt,
}

/// Reads an amount of money.
pub(super) fn read<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let text = match raw {
        Raw::Number(number) => return of_number(number, field, unit),
        Raw::Text(text) => fold::plain(text),
        _ => return refused(Refusal::Fault(Fault::OtherType)),
    };
    if placeholder::is_empty(&text, field) {
        return Coerced::datum(Datum::Empty);
    }
    match parse(&text) {
        Ok((amount, rate)) => {
            let rate = rate.or(unit.rate);
            let from_header = unit.rate.is_some() && rate == unit.rate;
            let yuan = if amount.own_unit {
                Some(amount.value)
            } else {
                scaled(amount.value, unit.money)
            };
            finish(yuan, rate, from_header, field)
        }
        Err(Refusal::UnitDoubt) if unit.money == 0 => match parse_magnitude(&text) {
            Some(value) => finish(Some(value), unit.rate, true, field),
            None => refused(Refusal::UnitDoubt),
        },
        Err(refusal) => refused(refusal),
    }
}

fn of_number<'a>(number: f64, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let Some(decimal) = number::shortest(number) else {
        return refused(Refusal::Fault(Fault::TooLarge));
    };
    finish(scaled(decimal, unit.money), unit.rate, true, field)
}

fn finish<'a>(
    yuan: Option<Decimal>,
    rate: Option<HeaderRate>,
    from_header: bool,
    field: &FieldKind,
) -> Coerced<'a> {
    let yuan = match (rate, field.per) {
        (None, _) | (Some(HeaderRate::PerYear), Some(Rate::Year)) => yuan,
        (Some(HeaderRate::PerMonth), Some(Rate::Year)) => {
            yuan.and_then(|yuan| yuan.checked_mul(Decimal::from(12)))
        }
        (Some(_), _) if from_header => return refused(Refusal::HeaderRate),
        (Some(_), _) => return refused(Refusal::Rate),
    };
    let Some((fen, rounded)) = yuan.and_then(to_fen) else {
        return refused(Refusal::Fault(Fault::TooLarge));
    };
    Coerced {
        value: Value::Datum(Datum::Money(fen)),
        parts: Parts::default(),
        issue: rounded.then(rounded_issue),
    }
}

/// Yuan in fen, rounded half up (away from zero), and whether more than noise was rounded off.
fn to_fen(yuan: Decimal) -> Option<(i64, bool)> {
    let rounded = yuan.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let rest = (yuan - rounded).abs();
    let fen = rounded.checked_mul(Decimal::ONE_HUNDRED)?.to_i64()?;
    Some((fen, rest >= Decimal::new(1, 6)))
}

/// Words in front of an amount that leave it what it is.
const BEFORE: &[&str] = &[
    "人民币",
    "RMB",
    "CNY",
    "rmb",
    "¥",
    "小写",
    "大写",
    "金额",
    "共计",
    "合计",
    "共",
    "计",
    "暂定",
    "暂估",
    "含税",
    "不含税",
    "合同总价",
    "合同总金额",
    "合同金额",
    "合同价款",
    "合同价",
    "中标价",
    "成交价",
    "审定价",
    "总金额",
    "总价",
    "价",
];

/// Words behind an amount that leave it what it is.
const BEHIND: &[&str] = &[
    "人民币",
    "RMB",
    "rmb",
    "含税价",
    "含税",
    "不含税价",
    "不含税",
    "未税",
    "含增值税",
    "含税金",
    "增值税",
    "专票",
    "普票",
    "税率",
    "暂定价",
    "暂定金额",
    "暂定总价",
    "暂定",
    "暂估价",
    "暂估",
    "固定总价",
    "总价包干",
    "总价",
    "包干价",
    "包干",
    "一次性",
    "暂列金额",
    "暂列",
    "中标价",
    "合同价",
    "成交价",
    "审定价",
    "大写",
    "小写",
    "整",
    "正",
    "税",
    "含",
    "价",
];

/// An amount and its rate from a folded text, all of it.
fn parse(text: &str) -> Result<(Amount, Option<HeaderRate>), Refusal> {
    let fault = || Refusal::Fault(Fault::of_text(text));
    // Accountants bracket what is below zero.
    if let Some((inner, rest)) = fold::take_bracket(text)
        && rest.is_empty()
        && let Some((amount, rest)) = take_amount(inner)
        && rest.is_empty()
    {
        return Ok((negated(amount), None));
    }
    let mut rest = text;
    let mut rate = None;
    loop {
        rest = rest.trim_start_matches([' ', ':']);
        if let Some((found, behind)) = rate_before(rest) {
            if rate.is_some() {
                return Err(fault());
            }
            rate = Some(found);
            rest = behind;
        } else if let Some(behind) = fold::strip_any(rest, BEFORE) {
            rest = behind;
        } else if let Some((inner, behind)) = fold::take_bracket(rest)
            && matches!(inner, "大写" | "小写" | "含税" | "不含税" | "暂定" | "暂估")
        {
            rest = behind;
        } else {
            break;
        }
    }
    let (negative, figures) = match fold::strip_any(rest, &["-", "△", "▲", "负"]) {
        Some(figures) => (true, figures.trim_start_matches([' ', '¥'])),
        None => (false, rest),
    };
    let Some((mut amount, mut rest)) = take_amount(figures) else {
        return Err(match parse_magnitude(figures) {
            Some(_) => Refusal::UnitDoubt,
            None => fault(),
        });
    };
    loop {
        rest = rest.trim_start_matches([' ', ',', ';', '.', '、']);
        if rest.is_empty() {
            break;
        }
        if let Some((found, behind)) = rate_behind(rest) {
            if rate.is_some() {
                return Err(fault());
            }
            rate = Some(found);
            rest = behind;
        } else if let Some((inner, behind)) = fold::take_bracket(rest) {
            amount = noted(amount, inner, &mut rate).ok_or_else(fault)??;
            rest = behind;
        } else if let Some((other, behind)) = told_again(rest) {
            amount = agreed(amount, other)?;
            rest = behind;
        } else if let Some(behind) = fold::strip_any(rest, BEHIND) {
            rest = behind;
        } else if rate.is_none() && is_rate(rest) {
            return Err(Refusal::Rate);
        } else {
            return Err(fault());
        }
    }
    Ok((if negative { negated(amount) } else { amount }, rate))
}

/// An amount after what a bracket behind it says; `None` where the bracket is no note that leaves it certain.
fn noted(
    amount: Amount,
    inner: &str,
    rate: &mut Option<HeaderRate>,
) -> Option<Result<Amount, Refusal>> {
    if let Some((unit, found)) = unit_words(inner) {
        if found.is_some() && rate.is_some() || unit.is_some() && amount.own_unit {
            return None;
        }
        *rate = found.or(*rate);
        return Some(match unit {
            Some(unit) => scaled(amount.value, unit)
                .map(|value| Amount {
                    value,
                    own_unit: true,
                })
                .ok_or(Refusal::Fault(Fault::TooLarge)),
            None => Ok(amount),
        });
    }
    let words = fold::strip_any(inner, &["大写", "小写"])
        .unwrap_or(inner)
        .trim_start_matches([' ', ':']);
    let words = fold::strip_any(words, &["人民币", "RMB"])
        .unwrap_or(words)
        .trim_start_matches([' ', ':', '¥']);
    if let Some((other, rest)) = take_amount(words)
        && rest.is_empty()
    {
        // A bare figure in brackets may be anything: a year, a term, a number of pieces; unless it repeats the amount.
        if !other.own_unit && amount.own_unit && amount.value == other.value {
            return Some(Ok(amount));
        }
        return other.own_unit.then(|| agreed(amount, other));
    }
    is_note(inner).then_some(Ok(amount))
}

/// The same amount told again behind a comma: `12000元 大写：壹万贰仟元整`.
fn told_again(text: &str) -> Option<(Amount, &str)> {
    let text = fold::strip_any(text, &["人民币大写", "大写", "小写", "人民币"])?
        .trim_start_matches([' ', ':']);
    let text = fold::strip_any(text, &["人民币", "¥"]).unwrap_or(text);
    take_amount(text).filter(|(amount, _)| amount.own_unit)
}

/// One amount told twice.
fn agreed(amount: Amount, other: Amount) -> Result<Amount, Refusal> {
    let same = amount.value == other.value;
    match (amount.own_unit, other.own_unit) {
        (true, true) if same => Ok(amount),
        (false, true) => {
            // The words give the unit that the figures leave to the header.
            let fits = [0_u32, 3, 4, 8]
                .iter()
                .any(|&unit| scaled(amount.value, unit) == Some(other.value));
            if fits {
                Ok(other)
            } else {
                Err(Refusal::Differs)
            }
        }
        _ => Err(Refusal::Differs),
    }
}

/// Whether a bracket holds nothing but words that leave the amount what it is: 含税, 暂定, 含9%增值税.
fn is_note(inner: &str) -> bool {
    let mut rest = inner;
    let mut percent = false;
    while !rest.is_empty() {
        rest = rest.trim_start_matches([' ', ',', '、', ':', ';', '.']);
        if rest.is_empty() {
            break;
        }
        if let Some(behind) = fold::strip_any(rest, BEHIND) {
            rest = behind;
        } else if let Some(figures) = number::take(rest)
            && let Some(behind) = figures.rest.strip_prefix('%')
        {
            percent = true;
            rest = behind;
        } else {
            return false;
        }
    }
    // A percentage is a tax rate only beside the word.
    !percent || inner.contains('税')
}

/// A unit that stands alone: `万元`, `元/年`. The power of ten, and the rate.
fn unit_words(text: &str) -> Option<(Option<u32>, Option<HeaderRate>)> {
    let text = fold::tight(text);
    let text = text.strip_prefix("单位:").unwrap_or(&text);
    for (word, power) in [
        ("亿元", 8),
        ("亿", 8),
        ("万元", 4),
        ("万", 4),
        ("千元", 3),
        ("元", 0),
        ("圆", 0),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            if rest.is_empty() {
                return Some((Some(power), None));
            }
            let (rate, rest) = rate_behind(rest)?;
            return rest.is_empty().then_some((Some(power), Some(rate)));
        }
    }
    let (rate, rest) = rate_behind(text)?;
    rest.is_empty().then_some((None, Some(rate)))
}

/// A rate in front of an amount: 每年12000元.
fn rate_before(text: &str) -> Option<(HeaderRate, &str)> {
    const YEAR: &[&str] = &["每年租金", "年租金", "年承包款", "年承包费", "每年"];
    const MONTH: &[&str] = &["每个月租金", "每月租金", "月租金", "月租", "每个月", "每月"];
    fold::strip_any(text, YEAR)
        .map(|rest| (HeaderRate::PerYear, rest))
        .or_else(|| fold::strip_any(text, MONTH).map(|rest| (HeaderRate::PerMonth, rest)))
        .map(|(rate, rest)| (rate, rest.trim_start_matches([' ', ':', '为'])))
}

/// A rate behind an amount: `/年`, `每月`.
fn rate_behind(text: &str) -> Option<(HeaderRate, &str)> {
    let text = text.trim_start();
    let per = match fold::strip_any(text, &["/", "每", "一"]) {
        Some(rest) => rest.trim_start(),
        None => return None,
    };
    let per = fold::strip_any(per, &["每", "一"]).unwrap_or(per);
    if let Some(rest) = fold::strip_any(per, &["年度", "年"]) {
        return Some((HeaderRate::PerYear, rest));
    }
    fold::strip_any(per, &["个月", "月份", "月"]).map(|rest| (HeaderRate::PerMonth, rest))
}

/// Whether a text goes on as a rate of any kind: `/季度`, `每亩`, `元.KWH`.
fn is_rate(text: &str) -> bool {
    text.starts_with(['/', '每'])
}

fn refused<'a>(refusal: Refusal) -> Coerced<'a> {
    let message = match refusal {
        Refusal::Fault(fault) => fault.message("金额", "an amount"),
        Refusal::Rate => Bilingual::new(
            "无法识别为金额：填写的是单价或费率，不是总额",
            "cannot be read as an amount: the cell gives a rate, not a sum",
        ),
        Refusal::HeaderRate => Bilingual::new(
            "无法识别为金额：表头的单位是单价或费率，不是总额",
            "cannot be read as an amount: the header gives a rate, not a sum",
        ),
        Refusal::Differs => Bilingual::new(
            "无法识别为金额：同一单元格内大写与小写不一致",
            "cannot be read as an amount: words and figures in the cell differ",
        ),
        Refusal::UnitDoubt => Bilingual::new(
            "无法识别为金额：不能确定是否还要乘以表头的单位",
            "cannot be read as an amount: whether the unit of the header applies is not certain",
        ),
    };
    Coerced::unreadable(
        IssueKind::UnparseableAmount,
        message,
        Bilingual::new(
            "按合同、凭证原件填写阿拉伯数字金额，单位与表头一致",
            "Enter the amount of the contract or voucher in figures, in the unit of the header",
        ),
    )
}

fn rounded_issue() -> CellIssue {
    CellIssue {
        kind: IssueKind::Rounded,
        message: Bilingual::new(
            "金额小于一分的部分已四舍五入",
            "the part of the amount below one fen was rounded",
        ),
        remedy: Bilingual::new(
            "核对金额和单位是否填写有误",
            "Check whether the amount and its unit are right",
        ),
    }
}
