//! What went wrong where TOML cannot be parsed, in the words of someone who types Chinese.

use std::ops::Range;

use crate::lang::Bilingual;
use crate::rules::problem::Problem;

/// Explains the errors of the TOML parser, line by line: one mistake a line, the first one.
pub(crate) fn explain(text: &str, errors: &[(Range<usize>, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut explained: Vec<usize> = Vec::new();
    for (span, message) in errors {
        let at = span.start.min(text.len());
        let line = line_at(text, at);
        if explained.contains(&line.start) {
            continue;
        }
        // Behind a text that is not closed everything looks wrong.
        if let Some(problem) = unclosed(text, line.start, message) {
            problems.push(problem);
            break;
        }
        explained.push(line.start);
        problems.push(slip(text, &line).unwrap_or_else(|| translated(text, span, &line, message)));
    }
    problems
}

fn line_at(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
    let end = text[at..].find('\n').map_or(text.len(), |i| at + i);
    // An error at a line's end belongs to that line, not to the next one.
    start..end
}

/// A `'''` or `"""` text that is never closed.
fn unclosed(text: &str, start: usize, message: &str) -> Option<Problem> {
    if !message.contains("multi-line") {
        return None;
    }
    let (open, marks) = ["'''", "\"\"\""]
        .iter()
        .filter_map(|marks| {
            let places: Vec<usize> = text.match_indices(marks).map(|(at, _)| at).collect();
            (places.len() % 2 == 1).then(|| (places[places.len() - 1], *marks))
        })
        .min()
        .or(Some((start, "'''")))?;
    Some(
        Problem::new(
            open..(open + 3).min(text.len()),
            Bilingual::new(
                format!("{marks} 开头的文字没有关上"),
                format!("the text that begins with {marks} is not closed"),
            ),
        )
        .help(
            format!("在文字末尾另起一行写 {marks}"),
            format!("put {marks} on a line of its own behind the text"),
        ),
    )
}

/// A character outside the quotation marks of a line, with its place.
struct Outside<'a> {
    chars: Vec<(usize, char)>,
    line: &'a str,
    start: usize,
    /// Where a text begins that the line does not close.
    open: Option<(usize, char)>,
}

impl<'a> Outside<'a> {
    fn of(text: &'a str, line: &Range<usize>) -> Self {
        let content = &text[line.clone()];
        let mut chars = Vec::new();
        let mut open: Option<(usize, char)> = None;
        let mut escaped = false;
        for (at, c) in content.char_indices() {
            match open {
                Some((_, mark)) => {
                    if c == mark && !escaped {
                        open = None;
                    }
                    escaped = mark == '"' && c == '\\' && !escaped;
                }
                None if c == '#' => break,
                None if c == '"' || c == '\'' => {
                    open = Some((line.start + at, c));
                    chars.push((line.start + at, c));
                }
                None => chars.push((line.start + at, c)),
            }
        }
        Self {
            chars,
            line: content,
            start: line.start,
            open,
        }
    }

    fn find(&self, wanted: impl Fn(char) -> bool) -> Option<(usize, char)> {
        self.chars.iter().copied().find(|&(_, c)| wanted(c))
    }
}

/// The typical slip of a line.
fn slip(text: &str, line: &Range<usize>) -> Option<Problem> {
    let outside = Outside::of(text, line);
    full_width(&outside)
        .or_else(|| header(&outside))
        .or_else(|| colon(&outside))
        .or_else(|| unquoted_key(&outside))
        .or_else(|| unquoted_value(&outside))
        .or_else(|| not_closed(&outside))
        .or_else(|| no_equals(&outside))
}

/// `＝`, `“`, `，`, `［` outside a text.
fn full_width(outside: &Outside<'_>) -> Option<Problem> {
    let (at, c) = outside.find(|c| {
        matches!(
            c,
            '＝' | '“'
                | '”'
                | '‘'
                | '’'
                | '，'
                | '［'
                | '］'
                | '【'
                | '】'
                | '｛'
                | '｝'
                | '＂'
                | '＇'
                | '＃'
                | '。'
                | '、'
                | '；'
        )
    })?;
    // A text in Chinese whose quotation marks were forgotten is told as that.
    if matches!(c, '，' | '。' | '、' | '；' | '【' | '】')
        && let Some(problem) = unquoted_value(outside)
    {
        return Some(problem);
    }
    let half = match c {
        '＝' => "=",
        '“' | '”' | '＂' => "\"",
        '‘' | '’' | '＇' => "'",
        '［' | '【' => "[",
        '］' | '】' => "]",
        '｛' => "{",
        '｝' => "}",
        '＃' => "#",
        _ => ",",
    };
    let span = at..at + c.len_utf8();
    let name = match c {
        '＝' => Bilingual::new("等号要用半角", "the equals sign must be half-width"),
        '“' | '”' | '‘' | '’' | '＂' | '＇' => {
            Bilingual::new("引号要用半角", "quotation marks must be half-width")
        }
        '，' | '、' | '；' | '。' => {
            Bilingual::new("这里要半角逗号", "a half-width comma is needed here")
        }
        _ => Bilingual::new("括号要用半角", "brackets must be half-width"),
    };
    let typed = mended(outside.line);
    let whole = outside.start..outside.start + outside.line.trim_end().len();
    let mut problem = Problem::new(span.clone(), name).replace(span, half);
    if typed != outside.line.trim_end() {
        problem = problem.help(
            format!("整行写：{typed}"),
            format!("the whole line: {typed}"),
        );
        let _ = whole;
    }
    Some(problem)
}

/// The line with the full-width signs outside its texts made half-width.
fn mended(line: &str) -> String {
    let mut mended = String::new();
    let mut open: Option<char> = None;
    for c in line.trim_end().chars() {
        let closes = |mark: char| match mark {
            '“' | '”' => matches!(c, '“' | '”' | '"'),
            '‘' | '’' => matches!(c, '‘' | '’' | '\''),
            mark => c == mark,
        };
        if let Some(mark) = open {
            if closes(mark) {
                open = None;
                mended.push(if matches!(mark, '‘' | '’' | '\'') {
                    '\''
                } else {
                    '"'
                });
            } else {
                mended.push(c);
            }
            continue;
        }
        mended.push(match c {
            '“' | '”' | '＂' | '"' => {
                open = Some(c);
                '"'
            }
            '‘' | '’' | '＇' | '\'' => {
                open = Some(c);
                '\''
            }
            '＝' => '=',
            '，' | '、' => ',',
            '［' | '【' => '[',
            '］' | '】' => ']',
            '｛' => '{',
            '｝' => '}',
            other => other,
        });
    }
    mended
}

/// `[rules.先施工]`: a Chinese name in a header without quotation marks.
fn header(outside: &Outside<'_>) -> Option<Problem> {
    let line = outside.line.trim();
    if !line.starts_with('[') || line.contains('=') {
        return None;
    }
    let (at, _) = outside.find(|c| !c.is_ascii())?;
    let name: String = outside.line[at - outside.start..]
        .chars()
        .take_while(|c| !matches!(c, '.' | ']' | '"'))
        .collect();
    let span = at..at + name.len();
    Some(
        Problem::new(
            span.clone(),
            Bilingual::new("中文键要加双引号", "Chinese keys need double quotes"),
        )
        .replace(span, format!("\"{}\"", name.trim())),
    )
}

/// `title: "…"`
fn colon(outside: &Outside<'_>) -> Option<Problem> {
    let equals = outside.find(|c| c == '=').map(|(at, _)| at);
    let (at, c) = outside.find(|c| matches!(c, ':' | '：'))?;
    if equals.is_some_and(|equals| equals < at) {
        return None;
    }
    let span = at..at + c.len_utf8();
    Some(
        Problem::new(
            span.clone(),
            Bilingual::new(
                "键和值之间要等号",
                "an equals sign stands between key and value",
            ),
        )
        .replace(span, " ="),
    )
}

/// `合同编号 = …` without quotation marks around the key, at the start of a line or in `{ … }`.
fn unquoted_key(outside: &Outside<'_>) -> Option<Problem> {
    let mut start: Option<usize> = None;
    let mut quoted = false;
    for &(at, c) in &outside.chars {
        match c {
            '=' => {
                let Some(from) = start else { continue };
                let key = outside.line[from - outside.start..at - outside.start].trim_end();
                let word = key.chars().all(|c| {
                    c.is_alphanumeric() || matches!(c, '_' | '（' | '）' | '(' | ')' | '/' | '%')
                });
                if !quoted && !key.is_ascii() && word {
                    let span = from..from + key.len();
                    return Some(
                        Problem::new(
                            span.clone(),
                            Bilingual::new("中文键要加双引号", "Chinese keys need double quotes"),
                        )
                        .replace(span, format!("\"{key}\"")),
                    );
                }
                // What follows is a value, up to the next comma or brace.
                start = None;
                quoted = true;
            }
            '{' | ',' => {
                start = None;
                quoted = false;
            }
            '"' | '\'' => quoted = true,
            c if c.is_whitespace() => {}
            _ if start.is_none() && !quoted => start = Some(at),
            _ => {}
        }
    }
    None
}

/// `title = 先施工后签合同`: a text without quotation marks.
fn unquoted_value(outside: &Outside<'_>) -> Option<Problem> {
    let (equals, _) = outside.find(|c| c == '=')?;
    let behind = &outside.line[equals + 1 - outside.start..];
    let value = behind.split(" #").next().unwrap_or_default().trim();
    let first = value.chars().next()?;
    if matches!(first, '"' | '\'' | '[' | '{' | '“' | '‘') {
        return None;
    }
    let span_start = equals + 1 + (behind.len() - behind.trim_start().len());
    let span = span_start..span_start + value.len();
    let flag = match value {
        "是" | "True" | "TRUE" | "真" | "yes" => Some("true"),
        "否" | "False" | "FALSE" | "假" | "no" => Some("false"),
        _ => None,
    };
    if let Some(flag) = flag {
        return Some(
            Problem::new(
                span.clone(),
                Bilingual::new(
                    "是否写 true 或 false",
                    "yes and no are written true and false",
                ),
            )
            .replace(span, flag),
        );
    }
    let number = value.starts_with(|c: char| c.is_ascii_digit());
    if number && let Some(date) = slashed_date(value) {
        return Some(
            Problem::new(
                span.clone(),
                Bilingual::new(
                    "日期用连字符写，月、日两位",
                    "dates are written with hyphens, month and day with two digits",
                ),
            )
            .replace(span, date),
        );
    }
    if value.is_ascii() && !value.chars().any(char::is_alphabetic) {
        return None;
    }
    let mark = if value.contains('"') { '\'' } else { '"' };
    Some(
        Problem::new(
            span.clone(),
            Bilingual::new("文字要加引号", "texts need quotation marks"),
        )
        .replace(span, format!("{mark}{value}{mark}")),
    )
}

fn slashed_date(value: &str) -> Option<String> {
    let parts: Vec<&str> = value
        .trim_end_matches('日')
        .split(['/', '.', '-', '年', '月'])
        .collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let digits = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit())
    };
    (year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2))
        .then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

/// `title = "先施工后签合同`: the closing mark is missing.
fn not_closed(outside: &Outside<'_>) -> Option<Problem> {
    let (at, mark) = outside.open?;
    let end = outside.start + outside.line.trim_end().len();
    // A single-quoted condition that holds a single quotation mark looks the same; both are told.
    Some(
        Problem::new(
            at..end,
            Bilingual::new(
                "文字的引号没有关上",
                "the text's quotation mark is not closed",
            ),
        )
        .help(
            format!("在末尾加 {mark}；写几行时用 '''…'''"),
            format!("add {mark} at the end; for several lines use '''…'''"),
        ),
    )
}

fn no_equals(outside: &Outside<'_>) -> Option<Problem> {
    let line = outside.line.trim();
    if line.is_empty() || line.contains('=') || line.starts_with('[') {
        return None;
    }
    let start = outside.start + (outside.line.len() - outside.line.trim_start().len());
    Some(
        Problem::new(
            start..start + line.len(),
            Bilingual::new("这一行缺等号", "this line has no equals sign"),
        )
        .help(
            "写 键 = 值；接着上一行的文字要放在 '''…''' 里；注释前面加 #",
            "write key = value; a text of several lines stands in '''…'''; put # before a comment",
        ),
    )
}

/// The parser's own message, where no slip explains it.
fn translated(text: &str, span: &Range<usize>, line: &Range<usize>, message: &str) -> Problem {
    let mut start = span.start.min(text.len());
    let mut end = span.end.min(text.len()).max(start);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let span = if start == end && line.start < line.end {
        line.clone()
    } else {
        start..end
    };
    if message.contains("duplicate key") {
        return Problem::new(
            span,
            Bilingual::new("这个键已经写过一次", "this key was written before"),
        )
        .help("删去其中一个", "delete one of the two");
    }
    Problem::new(
        span,
        Bilingual::new(
            format!("这里的 TOML 读不懂（{message}）"),
            format!("this TOML cannot be read ({message})"),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::explain;
    use toml::de::DeTable;

    #[test]
    fn slips_of_someone_who_types_chinese_show_what_to_type() {
        for (text, typed) in [
            ("title ＝ \"甲\"", "="),
            ("title = “甲”", "\""),
            ("title : \"甲\"", " ="),
            ("title：\"甲\"", " ="),
            ("合同编号 = \"甲\"", "\"合同编号\""),
            ("a = { 合同编号 = \"甲\" }", "\"合同编号\""),
            ("[headers.合同]", "\"合同\""),
            ("title = 先施工后签合同", "\"先施工后签合同\""),
            ("applies = 合同类别 = \"工程\"", "'合同类别 = \"工程\"'"),
            ("curable = 是", "true"),
            ("curable = False", "false"),
            ("from = 2024/3/1", "2024-03-01"),
            ("from = 2024-3-1", "2024-03-01"),
            ("a = [\"甲\"，\"乙\"]", ","),
        ] {
            let (_, errors) = DeTable::parse_recoverable(text);
            let errors: Vec<_> = errors
                .iter()
                .map(|e| (e.span().unwrap_or(0..0), e.message().to_owned()))
                .collect();
            let problems = explain(text, &errors);
            let there = problems
                .iter()
                .flat_map(|problem| &problem.helps)
                .filter_map(|help| help.replace.as_ref())
                .any(|(_, with)| with == typed);
            assert!(there, "{text}: {errors:?} {problems:#?}");
        }
    }

    #[test]
    fn a_text_that_is_not_closed_is_told_once() {
        for text in ["a = '''\n甲\nb = 1\nc = 2\n", "a = \"甲\nb = 1\n"] {
            let (_, errors) = DeTable::parse_recoverable(text);
            let errors: Vec<_> = errors
                .iter()
                .map(|e| (e.span().unwrap_or(0..0), e.message().to_owned()))
                .collect();
            let problems = explain(text, &errors);
            assert_eq!(problems.len(), 1, "{errors:?} {problems:#?}");
            assert!(problems[0].message.zh.contains("没有关上"), "{problems:#?}");
        }
    }
}
