//! What the cells below a header look like.

use super::grid::Grid;
use super::normal::plain;
use crate::ledger::{FieldKind, FieldType};
use crate::read::Content;

/// How many cells of a column are looked at.
const SAMPLE: usize = 40;

/// What a sample of a column's cells looks like, counted in cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    /// Cells that hold something.
    pub(super) filled: usize,
    dates: usize,
    /// Numbers as text or as stored, dates left out.
    numbers: usize,
    /// Numbers from 0 to 1, or with a `%`.
    ratios: usize,
    /// Whole numbers that go up by one from row to row.
    steps: usize,
    flags: usize,
    /// Names of firms and of persons.
    parties: usize,
    lengths: usize,
    /// Two dates in one cell.
    ranges: usize,
    /// Words of ten letters or more, or with a comma.
    prose: usize,
    /// Signs of a number of a document: 〔2021〕3号, HT-2021-003.
    ids: usize,
    /// Names of villages.
    villages: usize,
    /// Amounts in words.
    capitals: usize,
    /// The largest number.
    largest: f64,
    /// The sum of the numbers.
    sum: f64,
    texts: Vec<String>,
}

impl Profile {
    /// Looks at the cells of a column in some of the filled rows.
    pub(super) fn of(grid: &Grid<'_>, col: u16, rows: std::ops::Range<usize>) -> Self {
        let mut profile = Self::default();
        let mut last: Option<f64> = None;
        for index in rows {
            if profile.filled >= SAMPLE {
                break;
            }
            let Some(cell) = grid.at(index, col) else {
                continue;
            };
            match cell.content {
                Content::DateSerial(_) => {
                    profile.filled += 1;
                    profile.dates += 1;
                }
                Content::Number(n) => {
                    profile.filled += 1;
                    profile.number(n);
                    if last.is_none_or(|last| (n - last - 1.0).abs() < f64::EPSILON)
                        && n.fract() == 0.0
                    {
                        profile.steps += 1;
                    }
                    last = Some(n);
                }
                Content::Text(_) => {
                    let text = plain(grid.text(cell).unwrap_or_default());
                    if is_placeholder(&text) {
                        // It tells nothing of the column, but a flag column is full of them.
                        continue;
                    }
                    profile.filled += 1;
                    if let Ok(n) = text.parse::<f64>() {
                        if last.is_none_or(|last| (n - last - 1.0).abs() < f64::EPSILON)
                            && n.fract() == 0.0
                        {
                            profile.steps += 1;
                        }
                        last = Some(n);
                    }
                    profile.text(text);
                }
                Content::Bool(_) => {
                    profile.filled += 1;
                    profile.flags += 1;
                }
                Content::Error(_) | Content::FormulaWithoutValue => {}
            }
        }
        profile
    }

    fn number(&mut self, n: f64) {
        self.numbers += 1;
        self.sum += n;
        if (0.0..=1.0).contains(&n) {
            self.ratios += 1;
        }
        self.largest = self.largest.max(n);
        // Eight digits that read as a day, or a serial of our time without a date format.
        if n.fract() == 0.0 && (19_900_101.0..=20_991_231.0).contains(&n) {
            self.dates += 1;
        }
    }

    fn text(&mut self, text: String) {
        let dates = count_dates(&text);
        if dates >= 2 {
            self.ranges += 1;
        } else if dates == 1 && text.chars().count() <= 24 {
            self.dates += 1;
        }
        if dates == 0 && is_number(&text) {
            self.numbers += 1;
            if text.ends_with('%') {
                self.ratios += 1;
            }
            if let Ok(n) = text.trim_end_matches('%').parse::<f64>() {
                self.largest = self.largest.max(n);
                if (0.0..=1.0).contains(&n) && !text.ends_with('%') {
                    self.ratios += 1;
                }
            }
        }
        if is_flag(&text) {
            self.flags += 1;
        }
        if is_party(&text) {
            self.parties += 1;
        }
        if is_length(&text) {
            self.lengths += 1;
        }
        if dates < 2 && is_id(&text) {
            self.ids += 1;
        }
        if text.chars().count() >= 12 || text.contains([',', ';', '。']) {
            self.prose += 1;
        }
        if text.ends_with('村')
            || text.ends_with("社区")
            || text.ends_with("村委会")
            || text.ends_with("合作社")
        {
            self.villages += 1;
        }
        if text.chars().any(|c| "壹贰叁肆伍陆柒捌玖拾佰仟".contains(c)) {
            self.capitals += 1;
        }
        self.texts.push(text);
    }

    /// The share of cells that a count stands for.
    #[expect(clippy::cast_precision_loss, reason = "a sample is small")]
    fn share(&self, count: usize) -> f64 {
        if self.filled == 0 {
            0.0
        } else {
            count as f64 / self.filled as f64
        }
    }

    /// Whether the cells are the running numbers of a table.
    pub(super) fn is_serial(&self) -> bool {
        self.filled >= 2 && self.share(self.steps) >= 0.8
    }

    /// Whether the cells are names of villages.
    pub(super) fn is_villages(&self) -> bool {
        self.filled >= 1 && self.share(self.villages) >= 0.8
    }

    /// How well the cells go with a field, 0 to 1; 0.5 where they tell nothing.
    pub(super) fn fit(&self, field: &FieldKind) -> f64 {
        if self.filled == 0 {
            return 0.5;
        }
        let numeric = self.share(self.numbers);
        match field.ty {
            FieldType::Date => self.share(self.dates + self.ranges / 2).min(1.0),
            FieldType::Money => {
                let money = numeric.max(self.share(self.capitals));
                if self.share(self.dates) > 0.5 {
                    0.0
                } else {
                    money
                }
            }
            FieldType::Number => {
                if self.share(self.dates) > 0.5 {
                    0.1
                } else {
                    numeric
                }
            }
            FieldType::Percent => {
                if self.largest > 100.0 {
                    0.0
                } else {
                    self.share(self.ratios).max(numeric * 0.7)
                }
            }
            FieldType::Period => self
                .share(self.ranges + self.lengths)
                .min(1.0)
                .max(self.share(self.dates) * 0.4)
                .max(numeric * 0.4),
            FieldType::Length => self.share(self.lengths).max(numeric * 0.8),
            FieldType::Flag => self.share(self.flags),
            FieldType::Choice => {
                let known = self.texts.iter().filter(|text| {
                    field.choices.iter().any(|choice| {
                        **text == choice.value || choice.words.iter().any(|word| *word == **text)
                    })
                });
                let known = self.share(known.count());
                if self.share(self.dates) > 0.5 || numeric > 0.5 {
                    0.0
                } else {
                    0.3_f64.max(known)
                }
            }
            FieldType::Vote => {
                let votes = self
                    .texts
                    .iter()
                    .filter(|t| t.contains('人') || t.contains('票') || t.contains('/'));
                self.share(votes.count())
            }
            FieldType::Party => {
                if numeric > 0.5 || self.share(self.dates) > 0.5 {
                    0.0
                } else {
                    0.3_f64.max(self.share(self.parties))
                }
            }
            FieldType::Id => {
                if self.share(self.dates) > 0.5 && self.share(self.ids) < 0.5 {
                    0.2
                } else {
                    0.4_f64.max(self.share(self.ids))
                }
            }
            FieldType::Text => {
                if self.share(self.dates) > 0.7 {
                    0.1
                } else if numeric > 0.8 {
                    0.3
                } else {
                    0.5
                }
            }
        }
    }

    /// The texts looked at, for telling whether two columns hold the same.
    pub(super) fn sample(&self) -> (&[String], f64) {
        (&self.texts, self.sum)
    }

    /// Whether the cells hold amounts in words.
    pub(super) fn is_capitals(&self) -> bool {
        self.share(self.capitals) >= 0.6
    }
}

/// Whether a folded text stands for nothing.
pub(super) fn is_placeholder(text: &str) -> bool {
    matches!(
        text,
        "" | "/"
            | "-"
            | "--"
            | "---"
            | "—"
            | "——"
            | "一"
            | "无"
            | "\\"
            | "待补"
            | "同上"
            | "〃"
            | "\""
    )
}

fn is_flag(text: &str) -> bool {
    matches!(
        text,
        "√" | "✓"
            | "✔"
            | "☑"
            | "×"
            | "✗"
            | "✘"
            | "x"
            | "○"
            | "●"
            | "是"
            | "否"
            | "有"
            | "y"
            | "n"
            | "yes"
            | "no"
            | "齐全"
            | "不齐全"
            | "完整"
            | "v"
    ) || ((text.starts_with('已')
        || text.starts_with('未')
        || text.starts_with('不')
        || text.starts_with('无'))
        && text.chars().count() <= 6)
}

fn is_number(text: &str) -> bool {
    let text = text
        .trim_start_matches(['¥', '$', '+', '-', '约', '计'])
        .trim_start_matches("人民币");
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || !text.as_bytes()[0].is_ascii_digit() {
        return false;
    }
    let tail = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    tail.is_empty()
        || tail.starts_with(['元', '万', '亿', '千', '%', '('])
        || tail.starts_with("人民币")
}

fn is_length(text: &str) -> bool {
    text.chars().count() <= 10
        && text
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_digit() || "一二三四五六七八九十两半不".contains(c))
        && (text.contains('年')
            || text.contains("个月")
            || text.contains('天')
            || text.contains('日'))
        && count_dates(text) == 0
        || matches!(text, "长期" | "永久" | "一次性")
}

fn is_party(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "公司",
        "厂",
        "店",
        "社",
        "中心",
        "部",
        "队",
        "所",
        "行",
        "站",
        "馆",
        "场",
        "院",
        "户",
        "局",
        "会",
        "校",
        "园",
        "吧",
        "铺",
        "集团",
        "经营部",
        "个体户",
        "村",
        "办",
        "站",
    ];
    let text = text.split('(').next().unwrap_or(text);
    let len = text.chars().count();
    if !text
        .chars()
        .all(|c| c.is_alphabetic() || matches!(c, '·' | '、' | '*'))
    {
        return false;
    }
    (2..=4).contains(&len) || (len >= 4 && ENDS.iter().any(|end| text.ends_with(end)))
}

fn is_id(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 1
        && !is_number(text)
        && text.chars().count() <= 40
        && (text.contains(['〔', '[', '-', '号', '#', '('])
            || text.bytes().any(|b| b.is_ascii_alphabetic()))
        || (digits >= 3 && digits == text.len())
}

/// How many dates stand in a folded text: a year of four digits (or two with 年/./-) with a month behind it.
fn count_dates(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut found = 0;
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if run == 0 {
            at += 1;
            continue;
        }
        let number: u64 = text[at..at + run].parse().unwrap_or(0);
        let after = &text[at + run..];
        let separated = after.starts_with(['.', '-', '/', '年'])
            && after
                .trim_start_matches(['.', '-', '/', '年'])
                .starts_with(|c: char| c.is_ascii_digit());
        let year_alone = after.starts_with('年') && run == 4;
        if run == 8 && (19_000_101..=20_991_231).contains(&number) {
            found += 1;
            at += run;
        } else if (run == 4 && (1_949..=2_099).contains(&number)
            || run == 2 && (0..=50).contains(&number) && is_day_chain(&text[at..]))
            && (separated || year_alone)
        {
            found += 1;
            // Over month and day.
            at += run;
            for _ in 0..2 {
                let rest = &text[at..];
                let skipped =
                    rest.len() - rest.trim_start_matches(['.', '-', '/', '年', '月']).len();
                if skipped == 0 || skipped > 3 {
                    break;
                }
                let digits = rest[skipped..]
                    .bytes()
                    .take_while(u8::is_ascii_digit)
                    .count();
                if digits == 0 || digits > 2 {
                    break;
                }
                at += skipped + digits;
            }
        } else {
            at += run;
        }
    }
    found
}

/// `20.3.5`: three short numbers in a chain.
fn is_day_chain(text: &str) -> bool {
    let mut parts = text.split(['.', '-', '/', '年', '月', '日']);
    let short = |part: Option<&str>| {
        part.is_some_and(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    short(parts.next()) && short(parts.next()) && short(parts.next())
}

#[cfg(test)]
mod tests {
    use super::{count_dates, is_id, is_length, is_number, is_party};

    #[test]
    fn shapes_are_told_apart() {
        for (text, want) in [
            ("2021.3.5", 1),
            ("2021年3月5日", 1),
            ("20.3.5", 1),
            ("20210305", 1),
            ("2020.1.1-2024.12.31", 2),
            ("2020-01-01至2024-12-31", 2),
            ("2019.5", 1),
            ("12.5", 0),
            ("158,900.00", 0),
        ] {
            assert_eq!(count_dates(text), want, "{text}");
        }
        assert!(
            is_number("12.5万")
                && is_number("¥1,200.00")
                && !is_number("ht-1")
                && !is_number("2021〔3〕")
        );
        assert!(is_id("ht-2021-003") && is_id("坪岭工〔2019〕4号") && !is_id("张三"));
        assert!(is_length("5年") && is_length("180天") && !is_length("2021年3月"));
        assert!(is_party("砚丰建设有限公司") && is_party("张某三") && !is_party("2021"));
    }
}
