//! What a row of a table is: a record, a total, a section head, a note …

use super::grid::Grid;
use super::normal::{letters, plain};
use crate::read::{Cell, Content};

/// What a row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A record.
    Data,
    /// 合计, 总计, 累计
    Total,
    /// 小计, 本页小计
    Subtotal,
    /// 一、资产出租类
    Section,
    /// 注：, 填表说明, 例：
    Note,
    /// 制表人：… 审核人：…
    Footer,
    /// A running number and nothing else.
    Template,
    /// 以下空白
    End,
    /// 1 2 3 4 …
    ColumnNumbers,
    /// Words without a place: nothing that the columns could hold.
    Unclaimed,
}

impl Role {
    /// The word of reports; `None` for a record.
    pub(super) fn id(self) -> Option<&'static str> {
        Some(match self {
            Self::Data => return None,
            Self::Total => "total",
            Self::Subtotal => "subtotal",
            Self::Section => "section",
            Self::Note => "note",
            Self::Footer => "footer",
            Self::Template => "template",
            Self::End => "end",
            Self::ColumnNumbers => "column-numbers",
            Self::Unclaimed => "unclaimed",
        })
    }
}

/// What a column is to the telling of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Use {
    /// No field claims it.
    #[default]
    None,
    /// Running numbers.
    Serial,
    /// Dates, money, numbers, percentages: cells that are told by their shape.
    Typed,
    /// Names, texts, flags.
    Words,
    /// Remarks.
    Remark,
}

/// Tells what a row is, and whether that is certain: a row without a cell of a typed column's shape might also be a header.
/// `uses` is indexed by column.
pub(super) fn of(grid: &Grid<'_>, cells: &[Cell], uses: &[Use]) -> (Role, bool) {
    let mut count = Count::default();
    for cell in cells {
        count.add(
            grid,
            cell,
            uses.get(usize::from(cell.col)).copied().unwrap_or_default(),
        );
    }
    let Some(first) = cells.first() else {
        return (Role::Template, true);
    };
    if count.marks
        && let Some(role) = marked(grid, cells, uses, &count)
    {
        return (role, true);
    }
    if count.typed > 0 && count.solid > 0 {
        return (Role::Data, true);
    }
    if count.solid == 0 && count.outside == 0 {
        return (Role::Template, true);
    }
    (slow(grid, cells, first, &count), false)
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Cells of typed columns that look it.
    typed: usize,
    /// Cells of typed columns that hold words.
    against: usize,
    /// Cells of columns with words.
    words: usize,
    remarks: usize,
    /// Cells with something to say: no zeros, no running numbers.
    solid: usize,
    /// Cells outside the claimed columns.
    outside: usize,
    texts: usize,
    /// Whether a short text might be 合计, a note or a footer.
    marks: bool,
}

impl Count {
    fn add(&mut self, grid: &Grid<'_>, cell: &Cell, usage: Use) {
        let number = match cell.content {
            Content::Text(_) => {
                let text = grid.text(cell).unwrap_or_default();
                self.texts += 1;
                self.marks |= may_mark(text);
                match usage {
                    Use::Typed => {
                        if looks_typed(text) {
                            self.typed += 1;
                        } else if !is_filler(text) {
                            self.against += 1;
                        }
                    }
                    Use::Words => self.words += 1,
                    Use::Remark => self.remarks += 1,
                    Use::Serial if is_number(text) => return,
                    // Words among the running numbers are a section head or a note.
                    Use::None | Use::Serial => self.outside += 1,
                }
                self.solid += usize::from(!text.trim().is_empty());
                return;
            }
            Content::DateSerial(_) | Content::Bool(_) | Content::Error(_) => 1.0,
            Content::Number(n) => n,
            Content::FormulaWithoutValue => 0.0,
        };
        match usage {
            Use::Serial => return,
            Use::Typed => self.typed += 1,
            Use::Words => self.words += 1,
            Use::Remark => self.remarks += 1,
            Use::None => {
                self.outside += usize::from(number != 0.0);
                return;
            }
        }
        self.solid += usize::from(number != 0.0);
    }
}

/// Whether a text is a running number: `3`, `(3)`, `3.`, `三`.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 24
        && text.chars().all(|c| {
            c.is_ascii_digit()
                || "()（）.、-—－一二三四五六七八九十百①②③④⑤⑥⑦⑧⑨⑩".contains(c)
                || c.is_numeric()
        })
        && !is_section(&plain(text))
}

/// A cheap look for the words that make a row something else than a record.
fn may_mark(text: &str) -> bool {
    let bytes = text.len();
    bytes <= 90
        && (text.contains('计') || text.contains('：') || text.contains(':') || text.contains('页'))
        || text.contains("以下")
        || text.contains("说明")
        || text.starts_with('例')
        || text.starts_with("示例")
        || text.starts_with('注')
        || text.starts_with("（例")
        || text.starts_with("样例")
}

/// Whether a text of a typed column looks like an amount or a date: digits in it, no label, no sentence.
fn looks_typed(text: &str) -> bool {
    text.len() <= 60
        && !text.contains('：')
        && (text.bytes().any(|b| b.is_ascii_digit())
            || text
                .chars()
                .any(|c| ('０'..='９').contains(&c) || "壹贰叁肆伍陆柒捌玖拾".contains(c)))
}

/// Whether a text stands for nothing, or is one of those that typed columns hold besides values.
fn is_filler(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= 1
        || text.chars().all(|c| {
            matches!(
                c,
                '-' | '—' | '/' | ' ' | '.' | '…' | '*' | '〃' | '"' | '”'
            )
        })
        || matches!(
            text,
            "同上"
                | "待定"
                | "面议"
                | "未定"
                | "长期"
                | "另行约定"
                | "待补"
                | "无"
                | "未付"
                | "未验收"
        )
}

/// What a row is whose words mark it as something else than a record.
fn marked(grid: &Grid<'_>, cells: &[Cell], uses: &[Use], count: &Count) -> Option<Role> {
    let mut named = 0;
    for cell in cells.iter().take(64) {
        let Some(text) = grid.text(cell) else {
            continue;
        };
        let usage = uses.get(usize::from(cell.col)).copied().unwrap_or_default();
        let folded = plain(text);
        let words = letters(&folded);
        if let Some(role) = total(&words) {
            // A contract may be named 会计服务 and a remark may say 合计: the words of a total row stand alone, and
            // before any other.
            if named == 0 && usage != Use::Remark && lonely(grid, cells, uses, cell) {
                return Some(role);
            }
        }
        if usage != Use::Serial && usage != Use::None || named > 0 {
            named += usize::from(usage != Use::Typed);
        }
    }
    let first = plain(grid.text(cells.first()?)?);
    if is_caption(&first) && count.typed <= 1 {
        return Some(Role::Note);
    }
    if is_end(&letters(&first)) && count.typed == 0 {
        return Some(Role::End);
    }
    if is_example(&first) {
        return Some(Role::Note);
    }
    if is_note(&first) && count.typed == 0 {
        return Some(Role::Note);
    }
    let footers = cells
        .iter()
        .filter_map(|cell| grid.text(cell))
        .filter(|text| is_footer(&plain(text)))
        .count();
    if footers > 0 && count.typed <= footers && count.words <= footers + 1 {
        return Some(Role::Footer);
    }
    None
}

/// Whether a row with a total's word names nothing else: no other words in the columns of names.
fn lonely(grid: &Grid<'_>, cells: &[Cell], uses: &[Use], label: &Cell) -> bool {
    let others = cells.iter().filter(|cell| {
        cell.col != label.col
            && uses
                .get(usize::from(cell.col))
                .is_some_and(|u| *u == Use::Words)
            && grid.text(cell).is_some_and(|text| {
                let words = letters(&plain(text));
                // `共42份` may stand beside 合计.
                !words.is_empty()
                    && words.chars().filter(char::is_ascii_digit).count() * 2
                        < words.chars().count()
            })
    });
    others.count() <= 1 && {
        let names = cells.iter().filter(|cell| {
            cell.col != label.col
                && uses
                    .get(usize::from(cell.col))
                    .is_some_and(|u| *u == Use::Words)
                && matches!(cell.content, Content::Text(_))
        });
        names.count() <= 2
    }
}

/// 合计 or 小计, where a text is one and nothing else. The text is folded to letters.
pub(super) fn total(words: &str) -> Option<Role> {
    let len = words.chars().count();
    if !(2..=12).contains(&len) {
        return None;
    }
    let words = words
        .trim_end_matches("元")
        .trim_end_matches('万')
        .trim_end_matches("金额")
        .trim_end_matches('数');
    for (ending, role) in [
        ("小计", Role::Subtotal),
        ("本页合计", Role::Subtotal),
        ("本页累计", Role::Subtotal),
        ("页计", Role::Subtotal),
        ("过次页", Role::Subtotal),
        ("承前页", Role::Subtotal),
        ("月计", Role::Subtotal),
        ("合计", Role::Total),
        ("总计", Role::Total),
        ("共计", Role::Total),
        ("累计", Role::Total),
        ("总合计", Role::Total),
        ("合计总额", Role::Total),
        ("总额", Role::Total),
        ("汇总", Role::Total),
    ] {
        if words == ending
            || words.ends_with(ending) && ending != "总额" && ending != "汇总" && len <= 10
        {
            return Some(role);
        }
    }
    if words.starts_with("合计")
        && words
            .chars()
            .skip(2)
            .all(|c| c.is_ascii_digit() || "大写小份笔个共宗项".contains(c))
    {
        return Some(Role::Total);
    }
    None
}

fn is_end(words: &str) -> bool {
    matches!(
        words,
        "以下空白"
            | "以下无正文"
            | "此表以下空白"
            | "本页以下空白"
            | "以下空格"
            | "以下无内容"
            | "以下无"
    )
}

fn is_example(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '[', '【']);
    [
        "例:",
        "例)",
        "例】",
        "例]",
        "例如",
        "示例",
        "样例",
        "填写示例",
        "填报示例",
        "举例",
    ]
    .iter()
    .any(|w| text.starts_with(w))
        || text == "例"
}

pub(super) fn is_note(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '*', '※', '【']);
    [
        "注:",
        "注1",
        "备注:",
        "说明",
        "填表说明",
        "填报说明",
        "填写说明",
        "注意",
        "编制说明",
        "附注",
        "特别说明",
        "填表要求",
        "填报要求",
        "温馨提示",
        "提示:",
        "注释",
        "注.",
        "注、",
        "注】",
    ]
    .iter()
    .any(|w| text.starts_with(w))
}

/// Whether a folded text is one of those that stand above a table: `编制单位:石桥头村`, `单位:万元`.
pub(super) fn is_caption(text: &str) -> bool {
    const LABELS: &[&str] = &[
        "单位",
        "填报单位",
        "编制单位",
        "单位名称",
        "金额单位",
        "计量单位",
        "报送单位",
        "上报单位",
        "村名",
        "村名称",
        "所属乡镇",
        "乡镇",
        "年度",
        "所属年度",
        "会计年度",
    ];
    let label = text.split(':').next().unwrap_or_default();
    label.len() < text.len() && LABELS.contains(&letters(label).as_str())
        || text.chars().count() <= 20 && super::units::of_note(text).is_some()
}

/// Whether a folded text is the label of a person or day below a table: `制表人:包某某`.
fn is_footer(text: &str) -> bool {
    const WHO: &[&str] = &[
        "制表",
        "审核",
        "复核",
        "负责人",
        "填表",
        "填报",
        "经办人",
        "经手人",
        "会计",
        "出纳",
        "审批",
        "主任",
        "书记",
        "单位(盖章",
        "盖章",
        "报账员",
        "监委会",
        "监督",
        "统计",
        "联系人",
        "联系电话",
        "制单",
        "记账",
        "日期:",
        "主管",
        "领导",
        "签字",
        "村务",
        "法定代表",
        "社长",
        "理财",
        "打印",
    ];
    let Some(at) = text.find(':') else {
        return false;
    };
    let label = &text[..=at];
    label.chars().count() <= 14 && WHO.iter().any(|who| label.contains(who))
}

/// What a row is that holds nothing of a typed column's shape.
fn slow(grid: &Grid<'_>, cells: &[Cell], first: &Cell, count: &Count) -> Role {
    let texts: Vec<String> = cells
        .iter()
        .filter_map(|cell| grid.text(cell))
        .take(8)
        .map(plain)
        .filter(|text| !text.is_empty())
        .collect();
    let lead = texts.first().map_or("", String::as_str);
    if is_end(&letters(lead)) {
        return Role::End;
    }
    if texts.len() <= 1 && cells.len() <= 2 {
        // A running number and the number of a contract: the rest of the row is yet to be filled in.
        let numbered = cells.len() == 2
            && matches!(first.content, Content::Number(n) if n >= 1.0 && n.fract() == 0.0)
            && lead.chars().any(|c| c.is_ascii_digit());
        if numbered && count.words == 1 && count.against == 0 {
            return Role::Data;
        }
        if texts.is_empty() {
            return Role::Template;
        }
        if is_note(lead) || lead.chars().count() > 24 {
            return Role::Note;
        }
        if is_footer(lead) {
            return Role::Footer;
        }
        // A lone text at the left is a section head; one elsewhere cannot be placed.
        let wide = grid
            .region(first.row, first.col)
            .is_some_and(|region| region.right > region.left);
        if is_section(lead) || wide || first.col <= cells[0].col && count.words == 0 {
            return Role::Section;
        }
        return if count.remarks == 1 && count.words == 0 {
            Role::Note
        } else {
            Role::Unclaimed
        };
    }
    if count.words + count.typed >= 2 && count.against < 2 {
        return Role::Data;
    }
    if count.words >= 1 && count.against == 0 && count.words + count.remarks >= 2 {
        return Role::Data;
    }
    Role::Unclaimed
}

/// `一、出租`, `（二）工程`, `三.` …
pub(super) fn is_section(text: &str) -> bool {
    let text = text.trim_start_matches(['(', '第']);
    let rest = text.trim_start_matches(|c: char| "一二三四五六七八九十ⅰⅱⅲⅳⅴ".contains(c));
    rest.len() < text.len() && rest.starts_with(['、', '.', ')', ',', ':', '部'])
}

/// Whether the cells are column numbers: 1 2 3 …, (1) (2) …, ① ② … or 甲 乙 1 2 ….
pub(super) fn is_column_numbers(grid: &Grid<'_>, cells: &[Cell]) -> bool {
    if cells.len() < 3 {
        return false;
    }
    let mut last: Option<u32> = None;
    let mut steps = 0;
    for cell in cells {
        let number = match cell.content {
            Content::Number(n) if n.fract() == 0.0 && (0.0..1000.0).contains(&n) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked"
                )]
                let n = n as u32;
                n
            }
            Content::Text(_) => {
                let text = letters(&plain(grid.text(cell).unwrap_or_default()));
                if matches!(
                    text.as_str(),
                    "甲" | "乙" | "丙" | "丁" | "栏次" | "a" | "b" | "c" | "行次" | "栏号"
                ) {
                    continue;
                }
                // `7=5-6` tells how a column is computed.
                let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
                if digits.is_empty()
                    || digits.len() > 3
                    || text.chars().any(|c| !c.is_ascii_digit())
                {
                    return false;
                }
                digits.parse().unwrap_or(0)
            }
            _ => return false,
        };
        if let Some(last) = last {
            if number <= last || number > last + 3 {
                return false;
            }
            steps += 1;
        } else if number > 3 {
            return false;
        }
        last = Some(number);
    }
    steps >= 2
}

#[cfg(test)]
mod tests {
    use super::{Role, is_example, is_footer, is_note, is_section, total};
    use crate::ledger::tables::normal::{letters, plain};

    #[test]
    fn totals_are_told_by_their_words() {
        for (text, want) in [
            ("合 计", Some(Role::Total)),
            ("总计：", Some(Role::Total)),
            ("本页小计", Some(Role::Subtotal)),
            ("出租类小计", Some(Role::Subtotal)),
            ("累  计", Some(Role::Total)),
            ("合计（元）", Some(Role::Total)),
            ("合计金额", Some(Role::Total)),
            ("会计服务", None),
            ("设计", None),
            ("路面设计", None),
        ] {
            assert_eq!(total(&letters(&plain(text))), want, "{text}");
        }
    }

    #[test]
    fn notes_footers_and_sections_are_told_apart() {
        assert!(is_note(&plain("注：本表一式两份")) && is_note(&plain("填表说明：…")));
        assert!(
            is_footer(&plain("制表人：包某某"))
                && is_footer(&plain("负责人："))
                && !is_footer(&plain("中标价：12"))
        );
        assert!(
            is_section(&plain("一、资产出租类"))
                && is_section(&plain("（二）工程"))
                && !is_section("一般开支")
        );
        assert!(
            is_example(&plain("例：")) && is_example(&plain("（示例）")) && !is_example("例会记录")
        );
    }
}
