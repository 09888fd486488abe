//! Money: figures, 万 and 亿, 大写, rates.
//!
//! The unit comes first, then fen: 12.345678万元 is 123,456.78元. A rest below 1e-6 yuan is noise of binary floats; any
//! other rest below a fen is rounded half up and told.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    CellIssue, Coerced, ColumnUnit, Fault, HeaderRate, Parts, Raw, Value, fold, number, numeral,
    placeholder,
};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::ledger::{Datum, FieldKind, Rate};

/// What an amount is worth, and whether the cell itself gave the unit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Amount {
    /// In yuan where `own_unit`, else in the unit of the column.
    value: Decimal,
    own_unit: bool,
}

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

/// An amount in the unit of its column, in yuan.
fn scaled(value: Decimal, unit: u32) -> Option<Decimal> {
    if unit == 0 {
        return Some(value);
    }
    value.checked_mul(Decimal::from(10_u64.checked_pow(unit)?))
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
    let (mut amount, mut rest) = match take_amount(figures) {
        Some(taken) => taken,
        None => {
            if parse_magnitude(figures).is_some() {
                return Err(Refusal::UnitDoubt);
            }
            return Err(fault());
        }
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
        } else if let Some((other, behind)) = words_amount(rest) {
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
        // A bare figure in brackets may be anything: a year, a term, a number of pieces.
        return other.own_unit.then(|| agreed(amount, other));
    }
    is_note(inner).then_some(Ok(amount))
}

/// The amount in words behind figures: `12000元 大写：壹万贰仟元整`.
fn words_amount(text: &str) -> Option<(Amount, &str)> {
    let text =
        fold::strip_any(text, &["大写", "人民币大写", "人民币"])?.trim_start_matches([' ', ':']);
    let text = text.strip_prefix("人民币").unwrap_or(text);
    take_words(text).filter(|(amount, _)| amount.own_unit)
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

fn negated(amount: Amount) -> Amount {
    Amount {
        value: -amount.value,
        ..amount
    }
}

/// An amount at the front of a text, in figures or in words, and what stands behind it.
fn take_amount(text: &str) -> Option<(Amount, &str)> {
    let text = text.trim_start();
    take_figures(text).or_else(|| take_words(text))
}

/// The power of ten of 万, 千万, 亿 … at the front of a text, and what stands behind; 0 where there is none.
fn take_power(text: &str) -> (u32, &str) {
    let text = text.trim_start();
    for (word, power) in [
        ("千万", 7),
        ("百万", 6),
        ("十万", 5),
        ("万", 4),
        ("萬", 4),
        ("w", 4),
        ("W", 4),
        ("亿", 8),
        ("億", 8),
        ("千", 3),
        ("百", 2),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            return (power, rest);
        }
    }
    (0, text)
}

/// The word of yuan at the front of a text, and what stands behind.
fn take_yuan(text: &str) -> Option<&str> {
    fold::strip_any(text, &["元人民币", "元", "圆", "圓", "块钱", "块"])
}

/// An amount in figures: `12.5万元`, `12万3千元`, `5元6角`.
fn take_figures(text: &str) -> Option<(Amount, &str)> {
    let first = number::take(text)?;
    let (power, mut rest) = take_power(first.rest);
    let mut value = scaled(first.value, power)?;
    let mut last = power;
    // 12万3千: further terms, each below the one before it.
    while last > 0 && rest.starts_with(|c: char| c.is_ascii_digit()) {
        let next = number::take(rest)?;
        let (power, behind) = take_power(next.rest);
        let term = scaled(next.value, power)?;
        let below = power < last && term < Decimal::from(10_u64.checked_pow(last)?);
        // 12万3 may be 120,003 or 123,000; four digits or 元 leave no doubt.
        let certain = power > 0 || next.whole == 4 || take_yuan(behind).is_some();
        if !below || !certain {
            return None;
        }
        value = value.checked_add(term)?;
        rest = behind;
        last = power;
    }
    let mut own_unit = power > 0;
    if let Some(behind) = take_yuan(rest.trim_start()) {
        own_unit = true;
        let (cents, behind) = take_cents(behind)?;
        value = value.checked_add(cents)?;
        rest = behind;
    } else if let Some(behind) = rest.strip_prefix('角').filter(|_| power == 0) {
        own_unit = true;
        value /= Decimal::TEN;
        rest = behind;
    } else if power == 0 {
        rest = first.rest;
    }
    Some((Amount { value, own_unit }, rest))
}

/// 角 and 分 behind 元, in figures or words, in yuan; and 整.
fn take_cents(text: &str) -> Option<(Decimal, &str)> {
    let mut rest = text;
    let mut cents = Decimal::ZERO;
    for (word, scale) in [('角', 1), ('分', 2)] {
        let zero = rest.strip_prefix('零').unwrap_or(rest);
        let mut chars = zero.chars();
        let digit = chars.next().and_then(|c| {
            numeral::digit(c)
                .map(i64::from)
                .or_else(|| c.to_digit(10).map(i64::from))
        });
        if let Some(digit) = digit
            && let Some(behind) = chars.as_str().strip_prefix(word)
        {
            cents += Decimal::new(digit, scale);
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("零").and_then(|r| r.strip_prefix(word)) {
            rest = behind;
        }
    }
    let rest = fold::strip_any(rest, &["整", "正"]).unwrap_or(rest);
    Some((cents, rest))
}

/// An amount in words: 壹拾贰万叁仟元整, 十二点五万, 伍角.
fn take_words(text: &str) -> Option<(Amount, &str)> {
    let (whole, mut rest) = numeral::take(text)?;
    let spelled = &text[..text.len() - rest.len()];
    let mut value = Decimal::from(whole);
    let mut own_unit = numeral::has_big(spelled);
    if let Some(behind) = rest.strip_prefix('点') {
        let (digits, places, behind) = numeral::take_positional(behind)?;
        let (power, behind) = take_power(behind);
        let fraction = Decimal::new(i64::try_from(digits).ok()?, u32::try_from(places).ok()?);
        value = scaled(value.checked_add(fraction)?, power)?;
        own_unit = power > 0;
        rest = behind;
    }
    if let Some(behind) = take_yuan(rest.trim_start()) {
        own_unit = true;
        let (cents, behind) = take_cents(behind)?;
        value = value.checked_add(cents)?;
        rest = behind;
    } else if let Some(behind) = fold::strip_any(rest, &["整", "正"]) {
        own_unit = true;
        rest = behind;
    } else if let Some(behind) = rest.strip_prefix('角') {
        own_unit = true;
        value /= Decimal::TEN;
        rest = behind;
    } else if !own_unit && numeral::has_magnitude(spelled) {
        return None;
    }
    Some((Amount { value, own_unit }, rest))
}

/// A numeral with 千 and no unit, whole: certain in a yuan column only.
fn parse_magnitude(text: &str) -> Option<Decimal> {
    numeral::take(text)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(value, _)| Decimal::from(value))
}

fn refused<'a>(refusal: Refusal) -> Coerced<'a> {
    let message = match refusal {
        Refusal::Fault(fault) => fault.message("金额", "amount"),
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use crate::ledger::coerce::testing::{assert_texts, field, print, print_with};
    use crate::ledger::coerce::{ColumnUnit, HeaderRate, Raw, cell, numeral};
    use crate::ledger::{FieldKind, FieldType, Rate};
    use crate::read::DateSystem;

    fn unit(money: u32) -> ColumnUnit {
        ColumnUnit {
            money,
            ..ColumnUnit::default()
        }
    }

    fn money() -> FieldKind {
        let mut field = field(FieldType::Money);
        field.empty = vec!["待定".into(), "面议".into(), "另行约定".into()];
        field
    }

    #[test]
    fn amounts_are_read() {
        let field = money();
        assert_texts(
            &field,
            &[
                ("12000", "12000"),
                ("12,000", "12000"),
                ("12，000", "12000"),
                ("480,600.00", "480600"),
                ("480 600.00", "480600"),
                ("１２，０００", "12000"),
                ("￥674,500.00", "674500"),
                ("¥ 674,500.00", "674500"),
                ("￥12000元", "12000"),
                ("人民币12000元", "12000"),
                ("RMB 12000", "12000"),
                ("12000元", "12000"),
                ("12000元整", "12000"),
                ("12000.5", "12000.5"),
                ("12000.", "12000"),
                ("0", "0"),
                ("12.5万", "125000"),
                ("12.5万元", "125000"),
                ("12.5 万元", "125000"),
                ("12.5W", "125000"),
                ("1.2亿", "120000000"),
                ("1.2亿元", "120000000"),
                ("5千元", "5000"),
                ("300万", "3000000"),
                ("2百万", "2000000"),
                ("12万3千", "123000"),
                ("12万3千元", "123000"),
                ("12万3500元", "123500"),
                ("12万3500", "123500"),
                ("1亿2000万", "120000000"),
                ("3千5百元", "3500"),
                ("5元6角", "5.6"),
                ("5元6角7分", "5.67"),
                ("壹拾贰万叁仟元整", "123000"),
                ("壹拾贰万元整", "120000"),
                ("壹拾贰万叁仟圆整", "123000"),
                ("壹拾贰万叁仟圓整", "123000"),
                ("壹拾贰万零叁佰元正", "120300"),
                ("人民币壹拾贰万叁仟元整", "123000"),
                ("人民币（大写）：壹拾贰万叁仟元整", "123000"),
                ("大写：壹拾贰万元整", "120000"),
                ("叁仟肆佰伍拾陆元柒角捌分", "3456.78"),
                ("叁仟肆佰伍拾陆元零捌分", "3456.08"),
                ("壹佰元零角零分", "100"),
                ("伍角", "0.5"),
                ("廿万元", "200000"),
                ("一百二十万", "1200000"),
                ("十二点五万元", "125000"),
                ("五千", "5000"),
                ("12000（含税）", "12000"),
                ("12000(不含税)", "12000"),
                ("12000（暂定）", "12000"),
                ("12000（暂估价）", "12000"),
                ("12000元（含税、暂定）", "12000"),
                ("12000元（含9%增值税）", "12000"),
                ("12000（税率3%）", "12000"),
                ("12000元含税", "12000"),
                ("暂定12000元", "12000"),
                ("12.5（万元）", "125000"),
                ("12000元（大写：壹万贰仟元整）", "12000"),
                ("12000元（壹万贰仟元整）", "12000"),
                ("壹万贰仟元整（¥12000.00元）", "12000"),
                ("壹万贰仟元整（￥12,000元）", "12000"),
                ("-5000", "-5000"),
                ("－5000元", "-5000"),
                ("（5000）", "-5000"),
                ("△5000", "-5000"),
                ("-￥5,000.00", "-5000"),
                ("", "空"),
                ("—", "空"),
                ("/", "空"),
                ("无", "空"),
                ("待定", "空"),
                ("（面议）", "空"),
                ("另行约定", "空"),
                ("待补", "空"),
            ],
        );
    }

    #[test]
    fn what_is_no_certain_amount_is_refused() {
        let field = money();
        let mut wrong = Vec::new();
        for text in [
            "据实结算",
            "按实结算",
            "按实际情况结算",
            "延续合同合并审计支付",
            "54（3年）",
            "75(3年）",
            "449.46 （3年）",
            "1404（三年）含招标代理费5万元",
            "1.982125万/季度",
            "44.19万元/年",
            "12.4850万/月",
            "2000人/男  2200人/女",
            "0.518元/KWH",
            "0.518元.KWH（不超过125万元）",
            "能源使用费（单价）：0.518元/KWH",
            "以市府办〔2014〕15号文执行，不足2000元的，按2000元包干计取",
            "27.7927.19",
            "40.500.00.5",
            "12.50.5万",
            "18O00",
            "49O",
            "十几万左右",
            "三万多",
            "约40万",
            "近40万",
            "40余万",
            "40万左右",
            "40万以内",
            "不超过40万",
            "预计2.182986",
            "根据审计结果，据实结算：18263.67元。",
            "市场询价（事前审批单预算金额：0.98）",
            "1.6247（某某）",
            "是",
            "否",
            "已支付",
            "部分结算，…已支付32.5万元",
            "2024-03-01",
            "2024年3月1日",
            "1,23",
            "12,34",
            "1.200,50",
            "12万3",
            "一万五",
            "一百二",
            "12-15万",
            "12~15万元",
            "12万、15万",
            "12000/15000",
            "12000元（大写：壹万叁仟元整）",
            "30%",
            "1.2E+05",
            "3人",
            "12000元 已付",
            "每平方米50元",
            "50元/平方米",
            "12000（2024）",
            "待定价",
            "合同价12000+5000",
            "万",
            "元",
            "¥",
            "点五万",
        ] {
            if print(Raw::Text(text), &field) != "?" {
                wrong.push(text);
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(
            print(Raw::Serial(45_352.0, DateSystem::From1900), &field),
            "?"
        );
        assert_eq!(print(Raw::Bool(true), &field), "?");
        assert_eq!(print(Raw::Number(1e30), &field), "?");
        assert_eq!(print(Raw::Number(f64::INFINITY), &field), "?");
    }

    #[test]
    fn the_unit_of_the_header_holds_where_the_cell_has_none() {
        let field = money();
        for (raw, power, want) in [
            (Raw::Number(12.0), 4, "120000"),
            (Raw::Number(69.290_000_000_000_01), 4, "692900"),
            (Raw::Number(12.345_678), 4, "123456.78"),
            (Raw::Number(9.6192), 4, "96192"),
            (Raw::Number(120.0), 3, "120000"),
            (Raw::Number(1.2), 8, "120000000"),
            (Raw::Text("56.74(含税)"), 4, "567400"),
            (Raw::Text("36.51"), 4, "365100"),
            (Raw::Text("1.90万元"), 4, "19000"),
            (Raw::Text("10.22万"), 4, "102200"),
            (Raw::Text("88600元"), 4, "88600"),
            (Raw::Text("￥6.298万元"), 4, "62980"),
            (Raw::Text("壹拾贰万元整"), 4, "120000"),
            (Raw::Text("一百二十万"), 4, "1200000"),
            (Raw::Text("十二"), 4, "120000"),
            (Raw::Text("五千"), 4, "?"),
            (Raw::Text("12（万元）"), 0, "120000"),
            (Raw::Text("12.5（大写：壹拾贰万伍仟元整）"), 4, "125000"),
        ] {
            assert_eq!(print_with(raw, &field, unit(power)), want, "{raw:?}");
        }
    }

    #[test]
    fn only_a_yearly_field_takes_rates() {
        let total = money();
        let mut rent = money();
        rent.per = Some(Rate::Year);
        let header = |rate| ColumnUnit {
            rate: Some(rate),
            ..ColumnUnit::default()
        };
        for (text, in_rent) in [
            ("12000元/年", "12000"),
            ("1.2万元/年", "12000"),
            ("12000元每年", "12000"),
            ("每年12000元", "12000"),
            ("年租金：12000元", "12000"),
            ("1000元/月", "12000"),
            ("1000 元 / 月", "12000"),
            ("每月1000元", "12000"),
            ("12000（元/年）", "12000"),
            ("1000（元/月）", "12000"),
            ("12000/年", "12000"),
            ("3000元/季度", "?"),
            ("500元/亩", "?"),
            ("500元/亩/年", "?"),
            ("每年12000元/月", "?"),
            ("12000元/年，每年递增5%", "?"),
        ] {
            assert_eq!(print(Raw::Text(text), &rent), in_rent, "{text}");
            assert_eq!(print(Raw::Text(text), &total), "?", "{text}");
        }
        assert_eq!(print(Raw::Text("12000"), &rent), "12000");
        let number = Raw::Number(1000.0);
        assert_eq!(
            print_with(number, &rent, header(HeaderRate::PerMonth)),
            "12000"
        );
        assert_eq!(
            print_with(number, &rent, header(HeaderRate::PerYear)),
            "1000"
        );
        assert_eq!(print_with(number, &rent, header(HeaderRate::Other)), "?");
        assert_eq!(print_with(number, &total, header(HeaderRate::PerYear)), "?");
        let cell_wins = Raw::Text("12000元/年");
        assert_eq!(
            print_with(cell_wins, &rent, header(HeaderRate::PerMonth)),
            "12000"
        );
    }

    #[test]
    fn only_a_rest_that_is_more_than_noise_is_told() {
        let field = money();
        for (number, power, want, told) in [
            (0.1 + 0.2, 0, "0.3", false),
            (1.005, 0, "1.01", true),
            (-1.005, 0, "-1.01", true),
            (12.345_678_9, 4, "123456.79", true),
            (12.345_678_000_000_01, 4, "123456.78", false),
            (79.900_000_000_000_01, 4, "799000", false),
        ] {
            let read = cell(Raw::Number(number), &field, unit(power));
            assert_eq!(print_with(Raw::Number(number), &field, unit(power)), want);
            assert_eq!(read.issue.is_some(), told, "{number}");
        }
    }

    /// Figures with commas between groups of three.
    fn grouped(number: u64) -> String {
        let digits = number.to_string();
        let mut out = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        out
    }

    proptest! {
        #[test]
        fn any_spelling_of_an_amount_reads_back(fen in 0_u64..100_000_000_000_000, spelling in 0_usize..9) {
            let (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
            let digit = |d: u64| numeral::spell(d);
            let text = match spelling {
                0 => format!("{yuan}.{:02}", fen % 100),
                1 => format!("{}.{:02}", grouped(yuan), fen % 100),
                2 => format!("￥{}.{:02}元", grouped(yuan), fen % 100),
                3 => format!("{}元{}角{}分", numeral::spell(yuan), digit(jiao), digit(rest)),
                4 => format!("{yuan}元{jiao}角{rest}分"),
                5 => format!("{}万元", Decimal::new(i64::try_from(fen).expect("in range"), 6)),
                6 => format!("（{yuan}.{:02}）", fen % 100),
                7 => format!("{yuan}.{:02}（含税）", fen % 100),
                _ => format!("{yuan}.{:02}", fen % 100).chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).expect("full width")).collect(),
            };
            let mut want = Decimal::new(i64::try_from(fen).expect("in range"), 2);
            if spelling == 6 {
                want = -want;
            }
            prop_assert_eq!(print(Raw::Text(&text), &money()), want.normalize().to_string(), "{}", text);
        }

        #[test]
        fn any_number_cell_reads_back(fen in -9_999_999_999_999_i64..9_999_999_999_999) {
            let decimal = Decimal::new(fen, 2);
            let float: f64 = decimal.to_string().parse().expect("a float");
            prop_assert_eq!(print(Raw::Number(float), &money()), decimal.normalize().to_string());
        }
    }
}
