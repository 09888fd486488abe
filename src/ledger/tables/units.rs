//! Units that headers, title lines and notes name.

use super::heading::Heading;
use crate::ledger::coerce::{ColumnUnit, HeaderRate, LengthUnit};
use crate::ledger::{FieldKind, FieldType};
use crate::read::DateSystem;

/// A unit that a header names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct UnitWord {
    /// A power of ten of yuan.
    pub(super) money: Option<u32>,
    /// A rate of money.
    pub(super) rate: Option<HeaderRate>,
    /// `%`
    pub(super) percent: bool,
    /// 年, 月 or 天 of a length.
    pub(super) length: Option<LengthUnit>,
    /// Some other measure (亩, 平方米, 份): it is only told apart from words.
    pub(super) other: bool,
}

impl UnitWord {
    /// Whether no unit is named.
    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }

    /// This unit, and what another names besides.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            money: self.money.or(other.money),
            rate: self.rate.or(other.rate),
            percent: self.percent || other.percent,
            length: self.length.or(other.length),
            other: self.other || other.other,
        }
    }
}

/// Units of money, the longer word first, as powers of ten of yuan.
const MONEY: &[(&str, u32)] = &[
    ("亿元", 8),
    ("千万元", 7),
    ("百万元", 6),
    ("十万元", 5),
    ("万元", 4),
    ("千元", 3),
    ("百元", 2),
    ("元", 0),
    ("rmb", 0),
    ("cny", 0),
    ("¥", 0),
];

/// The unit that a bracket holds, if it holds nothing else. The text is folded (`plain`).
pub(super) fn of_bracket(text: &str) -> Option<UnitWord> {
    let text = text
        .trim_start_matches("单位")
        .trim_start_matches([':', '为']);
    let text = text.trim_start_matches("计量单位").trim_start_matches(':');
    let text = text.trim_start_matches("人民币").trim_end_matches("人民币");
    let text = text.trim_start_matches(['/', ',', '、', ':']);
    if let Some((word, exponent)) = MONEY.iter().find(|(word, _)| text.starts_with(word)) {
        let rest = text[word.len()..].trim_end_matches("人民币");
        return Some(UnitWord {
            money: Some(*exponent),
            rate: rate(rest)?,
            ..UnitWord::default()
        });
    }
    let unit = match text {
        "%" | "百分比" | "百分数" => UnitWord {
            percent: true,
            ..UnitWord::default()
        },
        "年" | "单位年" | "按年" => UnitWord {
            length: Some(LengthUnit::Years),
            ..UnitWord::default()
        },
        "月" | "个月" => UnitWord {
            length: Some(LengthUnit::Months),
            ..UnitWord::default()
        },
        "天" | "日" | "日历天" | "工作日" => UnitWord {
            length: Some(LengthUnit::Days),
            ..UnitWord::default()
        },
        "亩" | "平方米" | "平方" | "m2" | "m²" | "㎡" | "公顷" | "人" | "份" | "个" | "户"
        | "次" | "处" | "台" | "间" | "米" | "公里" | "吨" | "票" => UnitWord {
            other: true,
            ..UnitWord::default()
        },
        _ => return None,
    };
    Some(unit)
}

/// What stands behind 元: nothing, or a rate. `None` where it is neither.
#[expect(clippy::option_option, reason = "no rate, and not a unit at all")]
fn rate(text: &str) -> Option<Option<HeaderRate>> {
    let text = text.trim_start_matches('每');
    let Some(per) = text.strip_prefix('/').or_else(|| text.strip_prefix('每')) else {
        return match text {
            "" => Some(None),
            "年" => Some(Some(HeaderRate::PerYear)),
            "月" => Some(Some(HeaderRate::PerMonth)),
            _ => None,
        };
    };
    match per {
        "年" | "1年" | "一年" => Some(Some(HeaderRate::PerYear)),
        "月" | "1月" | "个月" => Some(Some(HeaderRate::PerMonth)),
        _ if per.chars().count() <= 8 => Some(Some(HeaderRate::Other)),
        _ => None,
    }
}

/// A unit behind the words of a header, without brackets: `合同金额万元`, `预付比例%`. Returns the words and the unit.
pub(super) fn of_suffix(text: &str) -> Option<(&str, UnitWord)> {
    let text = text.trim_end_matches([':', ',', '.', '。']);
    if let Some(rest) = text.strip_suffix('%') {
        let unit = UnitWord {
            percent: true,
            ..UnitWord::default()
        };
        return Some((rest.trim_end_matches([':', '/', '-']), unit));
    }
    for (tail, per) in [
        ("/年", Some(HeaderRate::PerYear)),
        ("/月", Some(HeaderRate::PerMonth)),
        ("每年", Some(HeaderRate::PerYear)),
        ("每月", Some(HeaderRate::PerMonth)),
        ("", None),
    ] {
        let Some(rest) = text.strip_suffix(tail) else {
            continue;
        };
        for (word, exponent) in MONEY {
            if let Some(words) = rest.strip_suffix(word)
                && !words.ends_with(['单', '数', '第', '公'])
            {
                let unit = UnitWord {
                    money: Some(*exponent),
                    rate: per,
                    ..UnitWord::default()
                };
                let words = words
                    .trim_end_matches("人民币")
                    .trim_end_matches([':', '/', '-', ',']);
                return Some((words, unit));
            }
        }
    }
    None
}

/// The unit of money that a title or note line sets for the table below it: `单位：万元`. The text is folded (`plain`).
pub(super) fn of_note(line: &str) -> Option<u32> {
    let mut rest = line;
    while let Some(at) = rest.find("单位") {
        rest = &rest[at + "单位".len()..];
        let word = rest.trim_start_matches([':', '为', '均', ')', ' ']);
        let word = word
            .trim_start_matches("人民币")
            .trim_start_matches(['(', ':']);
        if let Some((_, exponent)) = MONEY.iter().find(|(unit, _)| word.starts_with(unit)) {
            return Some(*exponent);
        }
    }
    // A bracket that holds nothing but the unit: `合同台账（万元）`.
    for part in line.split(['(', ')']) {
        let part = part.trim_start_matches("人民币");
        if let Some((_, exponent)) = MONEY.iter().find(|(unit, _)| part == *unit) {
            return Some(*exponent);
        }
    }
    None
}

/// The unit that the heading of a field names: its own, or a rate where the field is one (年租金).
pub(super) fn of_field(heading: &Heading, field: &FieldKind) -> UnitWord {
    let mut word = heading.unit;
    if field.ty == FieldType::Length && word.length.is_none() {
        // 合同年限, 租期（月）: the header itself says what is counted.
        let text = &heading.leaf.full;
        word.length = if text.ends_with("年限") || text.ends_with("年数") || text.ends_with('年')
        {
            Some(LengthUnit::Years)
        } else if text.ends_with("月数") || text.ends_with("个月") {
            Some(LengthUnit::Months)
        } else if text.ends_with("天数") || text.ends_with("日历天") || text.ends_with('天') {
            Some(LengthUnit::Days)
        } else {
            None
        };
    }
    // 租金（月） counts by the month as 月租金 does.
    let monthly = heading.leaf.full.contains("月租") || word.length == Some(LengthUnit::Months);
    if field.per.is_some() && word.rate.is_none() && monthly {
        word.rate = Some(HeaderRate::PerMonth);
    }
    word
}

/// What the cells of a column are in: from its header, else its group, else the lines above the table, else yuan.
pub(super) fn column_unit(word: UnitWord, note: Option<u32>, dates: DateSystem) -> ColumnUnit {
    ColumnUnit {
        money: word.money.or(note).unwrap_or(0),
        rate: word.rate,
        percent: word.percent,
        ratio: false,
        open: false,
        length: word.length,
        dates,
    }
}

/// The unit as reports print it; `None` for a field without one.
pub(super) fn print(unit: ColumnUnit, field: &FieldKind) -> Option<String> {
    match field.ty {
        FieldType::Money => {
            let word = MONEY
                .iter()
                .find(|(_, exponent)| *exponent == unit.money)
                .map_or("元", |(word, _)| word);
            Some(match unit.rate {
                Some(HeaderRate::PerYear) => format!("{word}/年"),
                Some(HeaderRate::PerMonth) => format!("{word}/月"),
                Some(HeaderRate::Other) => format!("{word}/?"),
                None => word.to_string(),
            })
        }
        FieldType::Percent if unit.percent => Some("%".into()),
        FieldType::Length => unit.length.map(|length| {
            match length {
                LengthUnit::Years => "年",
                LengthUnit::Months => "月",
                LengthUnit::Days => "天",
            }
            .to_string()
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderRate, of_bracket, of_note, of_suffix};
    use crate::ledger::coerce::LengthUnit;

    #[test]
    fn brackets_hold_units() {
        for (text, money, rate) in [
            ("元", Some(0), None),
            ("万元", Some(4), None),
            ("单位:千元", Some(3), None),
            ("人民币亿元", Some(8), None),
            ("元/年", Some(0), Some(HeaderRate::PerYear)),
            ("万元/月", Some(4), Some(HeaderRate::PerMonth)),
            ("元/亩", Some(0), Some(HeaderRate::Other)),
        ] {
            let unit = of_bracket(text).expect(text);
            assert_eq!((unit.money, unit.rate), (money, rate), "{text}");
        }
        assert!(of_bracket("%").expect("%").percent);
        assert_eq!(
            of_bracket("年").expect("年").length,
            Some(LengthUnit::Years)
        );
        assert!(of_bracket("承包方").is_none());
        assert!(of_bracket("元旦").is_none());
    }

    #[test]
    fn suffixes_and_notes_name_units() {
        assert_eq!(
            of_suffix("合同金额万元").map(|(w, u)| (w, u.money)),
            Some(("合同金额", Some(4)))
        );
        assert!(of_suffix("建设单位").is_none());
        for (line, want) in [
            ("单位:万元", Some(4)),
            ("编制单位:松陂镇石桥头村单位:元", Some(0)),
            ("编制单位:松陂镇石桥头村", None),
            ("金额单位:人民币千元", Some(3)),
            ("合同台账(万元)", Some(4)),
            ("单位(万元)", Some(4)),
        ] {
            assert_eq!(of_note(line), want, "{line}");
        }
    }
}
