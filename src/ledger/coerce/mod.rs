//! Text or number → value: one file for each type of field.
//!
//! Nothing is guessed: a cell that does not say one certain value of its field's type is unreadable, with an issue that
//! says why.

mod choice;
mod date;
mod flag;
mod fold;
mod length;
mod money;
mod number;
mod numeral;
mod party;
mod percent;
mod period;
mod placeholder;
mod text;
mod vote;

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{Datum, FieldKind, FieldType};
use crate::finding::IssueKind;
use crate::lang::Bilingual;
use crate::read::{CellError, DateSystem};

pub(super) use choice::{Source, infer as infer_choice};
pub use party::fold_party;
pub(super) use percent::{bare_number as bare_ratio, scale_of as ratio_scale};

/// A cell as stored, its text at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Raw<'a> {
    /// Nothing.
    Blank,
    /// Text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A number that the file formats as a date.
    Serial(f64, DateSystem),
    /// A truth value.
    Bool(bool),
    /// An error value.
    Error(CellError),
    /// A formula whose value the file does not store.
    FormulaWithoutValue,
}

/// What the header says of a column's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnUnit {
    /// The unit of bare amounts, as a power of ten of yuan: 0 元, 3 千元, 4 万元, 8 亿元.
    pub money: u32,
    /// The rate of bare amounts: `(万元/月)` is per month.
    pub rate: Option<HeaderRate>,
    /// Whether bare numbers are percentages: `(%)`.
    pub percent: bool,
    /// Whether bare numbers are known to be ratios, where 1 is the whole; `assemble` finds out from the column.
    pub ratio: bool,
    /// Whether bare numbers of a length are years, months or days.
    pub length: Option<LengthUnit>,
    /// Whether 长期 is a value: the column of a last day. `assemble` sets it.
    pub open: bool,
    /// The date system of bare serials.
    pub dates: DateSystem,
}

/// The rate that a header gives for bare amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderRate {
    /// 元/年
    PerYear,
    /// 元/月
    PerMonth,
    /// Any other: a bare amount cannot be read.
    Other,
}

/// The unit of bare lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// 年
    Years,
    /// 月
    Months,
    /// 天
    Days,
}

/// What a cell came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Coerced<'a> {
    /// The value; the text of a `Text` stands beside it.
    pub value: Value<'a>,
    /// What a period or a vote fills besides.
    pub parts: Parts,
    /// What is wrong with the cell: always there for an unreadable one.
    pub issue: Option<CellIssue>,
}

/// A value that may need a text of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A value that needs none: never `Datum::Text`, never `Datum::Absent`.
    Datum(Datum),
    /// A text, and what it is compared as.
    Text {
        /// As it stands there, trimmed.
        text: Cow<'a, str>,
        /// Folded; `None` where it is compared as it stands.
        folded: Option<Cow<'a, str>>,
    },
}

/// What a period or a vote fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// A period's first day.
    pub start: Option<super::DaySpan>,
    /// A period's last day; an open one (长期) is from the start to [`Day::MAX`](super::Day::MAX).
    pub end: Option<super::DaySpan>,
    /// A period's length.
    pub length: Option<super::Length>,
    /// 应到人数
    pub expected: Option<u32>,
    /// 实到人数
    pub present: Option<u32>,
    /// 同意人数
    pub agreed: Option<u32>,
    /// 反对人数
    pub opposed: Option<u32>,
    /// 弃权人数
    pub abstained: Option<u32>,
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellIssue {
    /// The kind.
    pub kind: IssueKind,
    /// What is wrong.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
}

/// Why a cell says no value of its field's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Words without a number.
    Prose,
    /// A number among words.
    MixedText,
    /// Points, commas or letters where none can be.
    Malformed,
    /// 约, 左右, 十几.
    Vague,
    /// A bound: 不超过, 以内.
    Bound,
    /// Two figures: 12-13万.
    Range,
    /// A cell of another type: a date in a money column.
    OtherType,
    /// More digits than a value can hold.
    TooLarge,
}

/// Words of a rough figure.
const VAGUE: &[&str] = &[
    "约", "左右", "上下", "大概", "估计", "预计", "近", "余", "多", "几", "若干", "拟", "暂按",
];

/// Words of a bound.
const BOUND: &[&str] = &[
    "不超过",
    "不少于",
    "不低于",
    "不高于",
    "以内",
    "以上",
    "以下",
    "之内",
    "内",
    "至少",
    "最多",
    "最高",
    "最低",
    "上限",
    "下限",
    "起步",
];

/// Whether a text joins two figures: 12-13万, 12或13万.
fn is_range(text: &str) -> bool {
    let mut parts = text.split(['-', '~', '至', '到', '或', '、']);
    let number = |part: &str| {
        let part = part.trim();
        number::take(part.trim_start_matches('¥')).is_some()
    };
    let first = parts.next().is_some_and(number);
    first && parts.any(number)
}

impl Fault {
    /// What is the matter with a folded text that is no value.
    fn of_text(text: &str) -> Self {
        let digits = text.bytes().any(|b| b.is_ascii_digit());
        let numbers = digits
            || text
                .chars()
                .any(|c| numeral::digit(c).is_some() || c == '十');
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let figures = |c: char| c.is_ascii_alphanumeric() || " .,-/'万元亿千¥".contains(c);
        if numbers && has(VAGUE) {
            Self::Vague
        } else if numbers && has(BOUND) {
            Self::Bound
        } else if is_range(text) {
            Self::Range
        } else if digits && text.chars().all(figures) {
            Self::Malformed
        } else if numbers {
            Self::MixedText
        } else {
            Self::Prose
        }
    }

    /// What an issue says, for a type of value named in both languages.
    fn message(self, zh: &'static str, en: &'static str) -> Bilingual {
        let (why_zh, why_en) = match self {
            Self::Prose => ("填写的是文字说明", "the cell holds words"),
            Self::MixedText => (
                "数字与文字混写，含义不能确定",
                "figures stand among words, and what is meant is not certain",
            ),
            Self::Malformed => (
                "数字、小数点或分隔符写法有误",
                "figures, points or separators are malformed",
            ),
            Self::Vague => ("是约数或预计数", "it is a rough or expected figure"),
            Self::Bound => (
                "是上限或下限，不是确定的数",
                "it is a bound, not one certain figure",
            ),
            Self::Range => (
                "有两个以上的数，不能确定取哪一个",
                "it holds several figures, and which is meant is not certain",
            ),
            Self::OtherType => (
                "单元格内容不是该类数据",
                "the cell holds data of another type",
            ),
            Self::TooLarge => ("数值超出可处理的范围", "the figure is out of range"),
        };
        Bilingual::new(
            format!("无法识别为{zh}：{why_zh}"),
            format!("cannot be read as {en}: {why_en}"),
        )
    }
}

impl<'a> Coerced<'a> {
    fn datum(datum: Datum) -> Self {
        Self {
            value: Value::Datum(datum),
            parts: Parts::default(),
            issue: None,
        }
    }

    fn unreadable(kind: IssueKind, message: Bilingual, remedy: Bilingual) -> Self {
        Self {
            value: Value::Datum(Datum::Unreadable),
            parts: Parts::default(),
            issue: Some(CellIssue {
                kind,
                message,
                remedy,
            }),
        }
    }

    fn text(text: Cow<'a, str>) -> Self {
        Self {
            value: Value::Text { text, folded: None },
            parts: Parts::default(),
            issue: None,
        }
    }
}

/// Reads a cell as a field's type says.
pub fn cell<'a>(raw: Raw<'a>, field: &FieldKind, unit: ColumnUnit) -> Coerced<'a> {
    let error = match raw {
        Raw::Blank => return Coerced::datum(Datum::Empty),
        Raw::FormulaWithoutValue => return formula_without_value(),
        Raw::Error(error) => Some(error.text()),
        Raw::Text(text) => error_text(text),
        Raw::Number(_) | Raw::Serial(..) | Raw::Bool(_) => None,
    };
    if let Some(error) = error {
        return error_value(error, field.ty);
    }
    match field.ty {
        FieldType::Text => text::read(raw, field),
        FieldType::Number => number::read(raw, field),
        FieldType::Money => money::read(raw, field, unit),
        FieldType::Percent => percent::read(raw, field, unit),
        FieldType::Date => date::read(raw, field, unit),
        FieldType::Period => period::read(raw, field, unit),
        FieldType::Length => length::read(raw, field, unit),
        FieldType::Vote => vote::read(raw, field),
        FieldType::Flag => flag::read(raw, field),
        FieldType::Choice => choice::read(raw, field),
        FieldType::Party | FieldType::Id => party::read(raw, field),
    }
}

/// The text of a cell as it stands there; numbers as a spreadsheet program shows them, serials as ISO dates.
pub fn raw_text(raw: Raw<'_>) -> Cow<'_, str> {
    match raw {
        Raw::Blank | Raw::FormulaWithoutValue => Cow::Borrowed(""),
        Raw::Text(text) => Cow::Borrowed(text),
        Raw::Number(number) => Cow::Owned(number_text(number)),
        Raw::Serial(serial, system) => match date::of_serial(serial, system) {
            Some(day) => Cow::Owned(day.to_string()),
            None => Cow::Owned(number_text(serial)),
        },
        Raw::Bool(true) => Cow::Borrowed("TRUE"),
        Raw::Bool(false) => Cow::Borrowed("FALSE"),
        Raw::Error(error) => Cow::Borrowed(error.text()),
    }
}

/// A number with the fifteen digits that a spreadsheet program shows: 69.29000000000001 is `69.29`.
fn number_text(number: f64) -> String {
    if let Some((mantissa, scale)) = number::exact(number) {
        return Decimal::new(mantissa, scale).normalize().to_string();
    }
    let shown = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    if shown.abs() < 1e21 && (shown == 0.0 || shown.abs() >= 1e-9) {
        shown.to_string()
    } else {
        format!("{shown:e}")
    }
}

/// The error value that a text spells (a csv file knows no others).
fn error_text(text: &str) -> Option<&'static str> {
    const ALL: &[CellError] = &[
        CellError::Div0,
        CellError::NA,
        CellError::Name,
        CellError::Null,
        CellError::Num,
        CellError::Ref,
        CellError::Value,
        CellError::GettingData,
    ];
    let text = text.trim();
    if !text.starts_with('#') {
        return None;
    }
    ALL.iter()
        .map(|error| error.text())
        .find(|&error| error == text)
}

fn error_value<'a>(error: &'static str, ty: FieldType) -> Coerced<'a> {
    // An amount that shows an error value is an amount that cannot be read, whoever is to blame for it.
    let kind = if ty == FieldType::Money {
        IssueKind::UnparseableAmount
    } else {
        IssueKind::ErrorValue
    };
    Coerced::unreadable(
        kind,
        Bilingual::new(
            format!("单元格显示错误值 {error}"),
            format!("the cell shows the error value {error}"),
        ),
        Bilingual::new(
            "修正公式或直接填写数值",
            "Correct the formula or enter the value itself",
        ),
    )
}

fn formula_without_value<'a>() -> Coerced<'a> {
    Coerced::unreadable(
        IssueKind::FormulaWithoutValue,
        Bilingual::new(
            "公式没有保存计算结果",
            "the formula was saved without its value",
        ),
        Bilingual::new(
            "用表格软件打开并重新保存，或直接填写数值",
            "Open and save the file again in a spreadsheet program, or enter the value itself",
        ),
    )
}

/// What the tests of all types share.
#[cfg(test)]
pub(super) mod testing {
    use super::{ColumnUnit, Raw, Value, cell};
    use crate::ledger::{Datum, FieldKind, FieldType};

    /// A field of a type, with nothing else set.
    pub(in crate::ledger) fn field(ty: FieldType) -> FieldKind {
        FieldKind {
            name: "字段".into(),
            en: "Field".into(),
            ty,
            headers: Vec::new(),
            negative: false,
            fallback: Vec::new(),
            empty: Vec::new(),
            fills: crate::ledger::Fills::default(),
            infer: Vec::new(),
            choices: Vec::new(),
            optional: false,
            always: None,
            per: None,
        }
    }

    /// What a cell is read as: its value as reports print it, `空` for an empty and `?` for an unreadable one.
    pub(in crate::ledger) fn print(raw: Raw<'_>, field: &FieldKind) -> String {
        print_with(raw, field, ColumnUnit::default())
    }

    /// Fails with every text that is not read as it should be.
    pub(in crate::ledger) fn assert_texts(field: &FieldKind, pairs: &[(&str, &str)]) {
        let wrong: Vec<String> = pairs
            .iter()
            .filter_map(|&(text, want)| {
                let got = print(Raw::Text(text), field);
                (got != want).then(|| format!("{text:?}: {got} instead of {want}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// The same for a column with a unit.
    pub(in crate::ledger) fn print_with(
        raw: Raw<'_>,
        field: &FieldKind,
        unit: ColumnUnit,
    ) -> String {
        let read = cell(raw, field, unit);
        let unreadable = read.value == Value::Datum(Datum::Unreadable);
        assert!(!unreadable || read.issue.is_some(), "no issue for {raw:?}");
        match read.value {
            Value::Text { text, .. } => text.into_owned(),
            Value::Datum(Datum::Empty) => "空".into(),
            Value::Datum(Datum::Unreadable) => "?".into(),
            Value::Datum(Datum::Choice(index)) => field.choices[usize::from(index)].value.clone(),
            Value::Datum(Datum::Flag(flag)) => flag.text().into(),
            Value::Datum(Datum::Date(span) | Datum::Period(span)) => span.to_string(),
            Value::Datum(Datum::Length(length)) => length.to_string(),
            Value::Datum(datum) => datum
                .decimal()
                .map_or_else(|| format!("{datum:?}"), |d| d.normalize().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::{field, print};
    use super::{ColumnUnit, Raw, cell, raw_text};
    use crate::ledger::FieldType;
    use crate::read::{CellError, DateSystem};

    const TYPES: [FieldType; 12] = [
        FieldType::Text,
        FieldType::Number,
        FieldType::Money,
        FieldType::Percent,
        FieldType::Date,
        FieldType::Period,
        FieldType::Length,
        FieldType::Vote,
        FieldType::Flag,
        FieldType::Choice,
        FieldType::Party,
        FieldType::Id,
    ];

    #[test]
    fn error_values_and_lost_formulas_are_unreadable_in_every_type() {
        for ty in TYPES {
            let field = field(ty);
            for raw in [
                Raw::Error(CellError::Ref),
                Raw::Text("#VALUE!"),
                Raw::Text(" #N/A "),
                Raw::FormulaWithoutValue,
            ] {
                assert_eq!(print(raw, &field), "?", "{ty:?} {raw:?}");
            }
            assert_eq!(print(Raw::Blank, &field), "空", "{ty:?}");
        }
    }

    #[test]
    fn raw_numbers_look_as_in_a_spreadsheet_program() {
        for (raw, want) in [
            (Raw::Number(69.290_000_000_000_02), "69.29"),
            (Raw::Number(12.0), "12"),
            (Raw::Number(0.03), "0.03"),
            (Raw::Number(1e300), "1e300"),
            (Raw::Serial(45_352.0, DateSystem::From1900), "2024-03-01"),
            (Raw::Bool(true), "TRUE"),
        ] {
            assert_eq!(raw_text(raw), want);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            for ty in TYPES {
                let _ = cell(Raw::Text(&text), &field(ty), ColumnUnit::default());
            }
        }

        #[test]
        fn no_likely_text_panics(text in "[0-9０-９.,，。/年月日号元万亿千百%（）()\\- 至~自起止个天长期共应到实同意人一二三十零壹拾贰佰整角分¥约已未是否无有√×]{0,20}") {
            for ty in TYPES {
                let _ = cell(Raw::Text(&text), &field(ty), ColumnUnit::default());
            }
        }

        #[test]
        fn no_number_panics(number in any::<f64>()) {
            for ty in TYPES {
                let _ = cell(Raw::Number(number), &field(ty), ColumnUnit::default());
                let _ = cell(Raw::Serial(number, DateSystem::From1904), &field(ty), ColumnUnit::default());
            }
            let _ = raw_text(Raw::Number(number));
        }
    }
}
