//! `--redact`: personal data in every text that came from a ledger, replaced before anything is rendered, so that no format
//! can forget it.
//!
//! The same number or name has the same mark everywhere in a report: 〔姓名3〕. Marks are counted, not computed from what they
//! hide, because a digest of a telephone number can be turned back by trying all of them. Villages, files and sheets stay: a
//! list without them would be of no use.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::InspectRecord;
use crate::finding::{Context, Evidence, Finding, RecordRef, Report, Tree, TreeValue};
use crate::lang::Lang;

/// The fields whose names are masked where nothing else was set.
pub const NAME_FIELDS: [&str; 8] = [
    "乙方",
    "收款方",
    "付款方",
    "经办人",
    "审批人",
    "责任人",
    "姓名",
    "户主",
];

/// Words that mark an organisation: its name is no personal name.
const ORGANISATIONS: [&str; 18] = [
    "公司", "合作", "中心", "学校", "银行", "商行", "商店", "超市", "村", "镇", "乡", "县", "组",
    "厂", "店", "队", "社", "部",
];

/// The surnames that nine in ten people have; a word of a key that begins with one may be a name.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘\
                        杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段章钱汤尹黎易常武乔贺赖龚文施洪";

/// Masks a report.
pub fn redact(report: &mut Report, fields: &[String]) {
    let mut redactor = Redactor::new(report.lang, fields);
    redactor.learn(report);
    for finding in &mut report.findings {
        redactor.finding(finding);
    }
    for resolved in report.resolved.iter_mut().flatten() {
        redactor.finding(&mut resolved.finding);
        redactor.text(&mut resolved.why);
        for change in &mut resolved.changes {
            let named = redactor.fields.contains(&change.field);
            redactor.value(&mut change.before, named);
            redactor.value(&mut change.after, named);
        }
    }
    for record in &mut report.records {
        redactor.key(&mut record.id);
        for key in &mut record.keys {
            redactor.key(key);
        }
    }
    for note in &mut report.notes {
        redactor.text(note);
    }
}

/// Masks record after record, each mark the same throughout.
pub struct Redactor {
    lang: Lang,
    fields: BTreeSet<String>,
    /// Names that were seen in a column of names.
    names: HashSet<String>,
    /// What each masked text was given.
    marks: HashMap<String, String>,
    counts: [usize; 4],
}

/// What a mask hides.
#[derive(Clone, Copy)]
enum Hidden {
    Name,
    Identity,
    Phone,
    Account,
}

impl Redactor {
    /// With the fields that hold personal names; [`NAME_FIELDS`] where the list is empty.
    pub fn new(lang: Lang, fields: &[String]) -> Self {
        let fields = if fields.is_empty() {
            NAME_FIELDS.iter().map(|&field| field.to_owned()).collect()
        } else {
            fields.iter().cloned().collect()
        };
        Self {
            lang,
            fields,
            names: HashSet::new(),
            marks: HashMap::new(),
            counts: [0; 4],
        }
    }

    /// Masks the values of a record of `inspect`.
    pub fn record(&mut self, record: &mut InspectRecord) {
        for (field, value) in &mut record.values {
            let named = self.fields.contains(field);
            self.value(&mut value.raw, named);
            if let Some(value) = &mut value.value {
                self.value(value, named);
            }
        }
    }

    /// Learns the names in the columns of names, so that they are also known in messages and remarks.
    fn learn(&mut self, report: &Report) {
        let columns: HashMap<(&str, &str), Vec<(&str, &str)>> = report
            .inputs
            .iter()
            .flat_map(|input| input.tables.iter().map(move |table| (input, table)))
            .fold(HashMap::new(), |mut columns, (input, table)| {
                columns
                    .entry((input.file.as_str(), table.sheet.as_str()))
                    .or_insert_with(Vec::new)
                    .extend(table.columns.iter().filter_map(|column| {
                        Some((column.column.as_str(), column.field.as_deref()?))
                    }));
                columns
            });
        let resolved = report.resolved.iter().flatten().map(|r| &r.finding);
        for finding in report.findings.iter().chain(resolved) {
            for cell in &finding.evidence {
                if self.fields.contains(&cell.field) {
                    self.learn_from(&cell.raw);
                }
            }
            for row in &finding.context {
                let Some(columns) = columns.get(&(row.file.as_str(), row.sheet.as_str())) else {
                    continue;
                };
                for cell in &row.cells {
                    let letters = cell.cell.trim_end_matches(|c: char| c.is_ascii_digit());
                    let named = columns
                        .iter()
                        .any(|(column, field)| *column == letters && self.fields.contains(*field));
                    if named {
                        self.learn_from(&cell.raw);
                    }
                }
            }
        }
    }

    fn learn_from(&mut self, text: &str) {
        let names = text
            .split(|c: char| !is_name_part(c))
            .filter(|n| is_name(n));
        self.names.extend(names.map(str::to_owned));
    }

    fn finding(&mut self, finding: &mut Finding) {
        self.text(&mut finding.message);
        if let Some(waiver) = &mut finding.waiver {
            self.text(&mut waiver.reason);
        }
        for RecordRef { id, key, .. } in &mut finding.records {
            self.key(id);
            self.key(key);
        }
        for Evidence {
            field, raw, value, ..
        } in &mut finding.evidence
        {
            let named = self.fields.contains(field);
            self.value(raw, named);
            if let Some(value) = value {
                self.value(value, named);
            }
        }
        for Context { cells, .. } in &mut finding.context {
            for cell in cells {
                self.text(&mut cell.raw);
            }
        }
        if let Some(tree) = &mut finding.tree {
            self.tree(tree);
        }
    }

    fn tree(&mut self, tree: &mut Tree) {
        if let TreeValue::Value(value) = &mut tree.value {
            self.text(value);
        }
        for part in &mut tree.parts {
            self.tree(part);
        }
    }

    /// A cell's text; in a column of names every name in it goes.
    fn value(&mut self, text: &mut String, named: bool) {
        if named {
            self.learn_from(text);
        }
        self.text(text);
    }

    /// A key is read from several columns that are not told apart in it: whatever could be a name in it goes, but is not
    /// taken for one elsewhere.
    fn key(&mut self, text: &mut String) {
        self.text(text);
        let mut masked = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if is_name(word) && word.starts_with(|c| SURNAMES.contains(c)) {
                masked.push_str(&self.mark(Hidden::Name, word));
            } else {
                masked.push_str(word);
            }
            // A mark that is there already is passed over whole.
            let skip = if after.starts_with('〔') {
                after
                    .find('〕')
                    .map_or(after.len(), |at| at + '〕'.len_utf8())
            } else {
                after.chars().next().map_or(0, char::len_utf8)
            };
            masked.push_str(&after[..skip]);
            rest = &after[skip..];
        }
        *text = masked;
    }

    /// A text: numbers that tell a person, and names that were seen in a column of names.
    fn text(&mut self, text: &mut String) {
        if text.is_ascii() && text.len() < 11 {
            return;
        }
        let masked = self.numbers(text);
        let masked = self.known_names(&masked);
        if masked != *text {
            *text = masked;
        }
    }

    fn mark(&mut self, hidden: Hidden, text: &str) -> String {
        if let Some(mark) = self.marks.get(text) {
            return mark.clone();
        }
        let count = &mut self.counts[hidden as usize];
        *count += 1;
        let word = match hidden {
            Hidden::Name => self.lang.pick("姓名", "name "),
            Hidden::Identity => self.lang.pick("身份证号", "identity number "),
            Hidden::Phone => self.lang.pick("电话", "phone "),
            Hidden::Account => self.lang.pick("账号", "account "),
        };
        let mark = format!("〔{word}{count}〕");
        self.marks.insert(text.to_owned(), mark.clone());
        mark
    }

    fn numbers(&mut self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        while at < chars.len() {
            if digit(chars[at]).is_none() || (at > 0 && digit(chars[at - 1]).is_some()) {
                masked.push(chars[at]);
                at += 1;
                continue;
            }
            let (end, groups, folded) = run(&chars, at);
            if let Some(hidden) = told(&groups, &folded) {
                masked.push_str(&self.mark(hidden, &folded));
                at = end;
                continue;
            }
            // The first group alone may tell one: `13800000000 2024`.
            let first = groups.first().copied().unwrap_or(1);
            let alone: String = folded.chars().take(first).collect();
            match told(&[first], &alone) {
                Some(hidden) => masked.push_str(&self.mark(hidden, &alone)),
                None => masked.extend(&chars[at..at + first]),
            }
            at += first;
        }
        masked
    }

    fn known_names(&mut self, text: &str) -> String {
        if self.names.is_empty() {
            return text.to_owned();
        }
        let chars: Vec<char> = text.chars().collect();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        'chars: while at < chars.len() {
            if is_name_part(chars[at]) {
                for length in (2..=8).rev() {
                    let Some(part) = chars.get(at..at + length) else {
                        continue;
                    };
                    let part: String = part.iter().collect();
                    if self.names.contains(&part) {
                        masked.push_str(&self.mark(Hidden::Name, &part));
                        at += length;
                        continue 'chars;
                    }
                }
            }
            masked.push(chars[at]);
            at += 1;
        }
        masked
    }
}

/// The digit of a character, in half or full width.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// Digits from a place on, in groups parted by one blank or hyphen, with the `X` that may end an identity number: where they
/// end, how long each group is, and all of them folded.
fn run(chars: &[char], start: usize) -> (usize, Vec<usize>, String) {
    let mut groups = vec![0];
    let mut folded = String::new();
    let mut at = start;
    while let Some(&c) = chars.get(at) {
        if let Some(digit) = digit(c) {
            folded.push(digit);
            if let Some(last) = groups.last_mut() {
                *last += 1;
            }
        } else if matches!(c, 'x' | 'X' | 'Ｘ') && groups.last() == Some(&17) {
            folded.push('X');
            if let Some(last) = groups.last_mut() {
                *last += 1;
            }
            at += 1;
            break;
        } else if matches!(c, ' ' | '-') && chars.get(at + 1).is_some_and(|c| digit(*c).is_some()) {
            groups.push(0);
        } else {
            break;
        }
        at += 1;
    }
    (at, groups, folded)
}

/// What a run of digits tells of a person, if anything.
fn told(groups: &[usize], digits: &str) -> Option<Hidden> {
    let within = |from: usize, low: u32, high: u32| {
        digits
            .get(from..from + 2)
            .and_then(|two| two.parse::<u32>().ok())
            .is_some_and(|number| (low..=high).contains(&number))
    };
    let mobile = digits.len() == 11
        && digits.starts_with('1')
        && digits
            .as_bytes()
            .get(1)
            .is_some_and(|second| *second >= b'3');
    match groups {
        [18] if within(10, 1, 12) && within(12, 1, 31) => Some(Hidden::Identity),
        [15] if within(8, 1, 12) && within(10, 1, 31) => Some(Hidden::Identity),
        [11] | [3, 4, 4] if mobile => Some(Hidden::Phone),
        [3 | 4, 7 | 8] if digits.starts_with('0') => Some(Hidden::Phone),
        [15..=23] => Some(Hidden::Account),
        [first @ .., last] if first.len() >= 3 && *last <= 4 && first.iter().all(|g| *g == 4) => {
            Some(Hidden::Account)
        }
        _ => None,
    }
}

/// Characters of which names consist.
fn is_name_part(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '·')
}

/// Whether a word may be a personal name: two to four characters, more with `·`, and no organisation.
fn is_name(word: &str) -> bool {
    let length = word.chars().count();
    let fits = (2..=4).contains(&length) || (word.contains('·') && length <= 8);
    fits && !ORGANISATIONS.iter().any(|end| word.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::Redactor;
    use crate::lang::Lang;
    use crate::report::{InspectRecord, InspectValue};

    #[test]
    fn numbers_that_tell_a_person() {
        let mut redactor = Redactor::new(Lang::Zh, &[]);
        let cases = [
            ("电话13812345678", "电话〔电话1〕"),
            (
                "138-1234-5678、１３８１２３４５６７８",
                "〔电话1〕、〔电话1〕",
            ),
            ("身份证33010219700101001x号", "身份证〔身份证号1〕号"),
            ("账号6222021234567890123", "账号〔账号1〕"),
            ("6222 0212 3456 7890 123", "〔账号1〕"),
            ("0571-88886666", "〔电话2〕"),
            ("2024-03-10 13812345678", "2024-03-10 〔电话1〕"),
        ];
        for (text, masked) in cases {
            let mut text = text.to_owned();
            redactor.text(&mut text);
            assert_eq!(text, masked);
        }
        for kept in [
            "2024-03-10",
            "380,000.00元",
            "HT-2024-001",
            "20240310001",
            "合同金额380000.00",
        ] {
            let mut text = kept.to_owned();
            redactor.text(&mut text);
            assert_eq!(text, kept);
        }
    }

    #[test]
    fn a_name_has_one_mark_everywhere() {
        let mut redactor = Redactor::new(Lang::Zh, &[]);
        let mut record = InspectRecord {
            values: [
                ("乙方", "张三、李四"),
                ("备注", "由张三代收"),
                ("合同名称", "村道硬化"),
            ]
            .map(|(field, raw)| {
                (
                    field.to_owned(),
                    InspectValue {
                        raw: raw.to_owned(),
                        ..InspectValue::default()
                    },
                )
            })
            .into(),
            ..InspectRecord::default()
        };
        redactor.record(&mut record);
        let raws: Vec<&str> = record
            .values
            .iter()
            .map(|(_, value)| value.raw.as_str())
            .collect();
        assert_eq!(
            raws,
            ["〔姓名1〕、〔姓名2〕", "由〔姓名1〕代收", "村道硬化"]
        );
        let mut firm = "甲建设公司".to_owned();
        redactor.value(&mut firm, true);
        assert_eq!(firm, "甲建设公司");
    }
}
