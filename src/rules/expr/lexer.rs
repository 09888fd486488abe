//! Text → tokens. Full-width characters are folded one for one, so that every span stays in the author's text.

use std::ops::Range;

use rust_decimal::Decimal;

use super::Span;
use super::token::{Sign, Token, TokenKind, Unit, Word};
use crate::lang::Bilingual;
use crate::ledger::Day;
use crate::rules::problem::Problem;

/// The tokens of a text, the last of them [`TokenKind::End`], and what could not be read as one.
pub(crate) fn lex(text: &str) -> (Vec<Token>, Vec<Problem>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        problems: Vec::new(),
    };
    while lexer.token() {}
    let end = text.len();
    lexer.push(end..end, TokenKind::End);
    (lexer.tokens, lexer.problems)
}

/// Whether a text is one name, so that it needs no `「」`.
pub(crate) fn is_plain_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name)
        && chars.all(continues_name)
        && Word::from_text(text).is_none()
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    problems: Vec<Problem>,
}

/// One character for a full-width one; every other character as it is.
fn fold(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '−' | '–' => '-',
        '【' => '[',
        '】' => ']',
        other => other,
    }
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    /// The folded character some characters ahead.
    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.text[self.at..].chars().nth(ahead).map(fold)
    }

    fn bump(&mut self) {
        if let Some(c) = self.text[self.at..].chars().next() {
            self.at += c.len_utf8();
        }
    }

    fn bump_while(&mut self, take: impl Fn(char) -> bool) -> Range<usize> {
        let start = self.at;
        while self.peek().is_some_and(&take) {
            self.bump();
        }
        start..self.at
    }

    fn folded(&self, span: Range<usize>) -> String {
        self.text[span].chars().map(fold).collect()
    }

    fn push(&mut self, span: Range<usize>, kind: TokenKind) {
        self.tokens.push(Token {
            span: Span::of(&span),
            kind,
        });
    }

    /// Reads one token; `false` at the end.
    fn token(&mut self) -> bool {
        self.bump_while(char::is_whitespace);
        let start = self.at;
        let Some(c) = self.peek() else {
            return false;
        };
        match c {
            '0'..='9' => self.number(),
            '"' | '“' | '”' => self.quoted(),
            '「' => self.bracketed_name(),
            _ if starts_name(c) => {
                let span = self.bump_while(continues_name);
                let name = self.folded(span.clone());
                let kind = Word::from_text(&name).map_or(TokenKind::Name(name), TokenKind::Word);
                self.push(span, kind);
            }
            _ => self.sign(start, c),
        }
        true
    }

    fn sign(&mut self, start: usize, c: char) {
        self.bump();
        let next = self.peek();
        let (sign, wide) = match (c, next) {
            ('!', Some('=')) | ('<', Some('>')) => (Sign::NotEqual, true),
            ('>', Some('=')) => (Sign::GreaterOrEqual, true),
            ('<', Some('=')) => (Sign::LessOrEqual, true),
            ('=', Some('=')) => {
                self.bump();
                let span = start..self.at;
                self.problems.push(
                    Problem::new(
                        span.clone(),
                        Bilingual::new("相等只写一个等号", "equality is one equals sign"),
                    )
                    .replace(span.clone(), "="),
                );
                self.push(span, TokenKind::Sign(Sign::Equal));
                return;
            }
            ('=', Some('>')) => {
                self.bump();
                let span = start..self.at;
                self.problems.push(
                    Problem::new(
                        span.clone(),
                        Bilingual::new("“不小于”写作 >=", "“at least” is written >="),
                    )
                    .replace(span.clone(), ">="),
                );
                self.push(span, TokenKind::Sign(Sign::GreaterOrEqual));
                return;
            }
            ('=', _) => (Sign::Equal, false),
            ('≠', _) => (Sign::NotEqual, false),
            ('>', _) => (Sign::Greater, false),
            ('≥' | '⩾' | '≧', _) => (Sign::GreaterOrEqual, false),
            ('<', _) => (Sign::Less, false),
            ('≤' | '⩽' | '≦', _) => (Sign::LessOrEqual, false),
            ('+', _) => (Sign::Plus, false),
            ('-', _) => (Sign::Minus, false),
            ('*' | '×', _) => (Sign::Times, false),
            ('/' | '÷', _) => (Sign::Divide, false),
            ('.', _) => (Sign::Dot, false),
            (',' | '、', _) => (Sign::Comma, false),
            ('(', _) => (Sign::Open, false),
            (')', _) => (Sign::Close, false),
            ('[', _) => (Sign::OpenList, false),
            (']', _) => (Sign::CloseList, false),
            _ => {
                self.unknown_sign(start, c);
                return;
            }
        };
        if wide {
            self.bump();
        }
        self.push(start..self.at, TokenKind::Sign(sign));
    }

    fn unknown_sign(&mut self, start: usize, c: char) {
        // && and || are read as the word they mean, so that the rest is checked too.
        let doubled = matches!(c, '&' | '|') && self.peek() == Some(c);
        if doubled {
            self.bump();
        }
        let span = start..self.at;
        let written = &self.text[span.clone()];
        let problem = Problem::new(
            span.clone(),
            Bilingual::new(
                format!("条件里不能用 {written}"),
                format!("a condition cannot contain {written}"),
            ),
        );
        let (problem, word) = match c {
            '&' => (problem.replace(span.clone(), "且"), Some(Word::And)),
            '|' => (problem.replace(span.clone(), "或"), Some(Word::Or)),
            '!' | '¬' => (problem.replace(span.clone(), "非"), Some(Word::Not)),
            '。' | ';' => (
                problem.help(
                    "条件末尾不写标点，删去它",
                    "a condition has no full stop: delete it",
                ),
                None,
            ),
            '\'' | '‘' | '’' => (
                problem.help(
                    "文字用双引号括起来，例如 \"工程\"",
                    "texts stand in double quotes: \"工程\"",
                ),
                None,
            ),
            ':' => (
                problem.help("写等号 =，或者删去它", "write =, or delete it"),
                None,
            ),
            '」' => (
                problem.help("前面缺一个 「", "its opening 「 is missing"),
                None,
            ),
            _ => (
                problem.help(
                    "名称里有符号时，用「」括起来，例如 「合同金额（元）」",
                    "a name with signs in it stands in 「」: 「合同金额（元）」",
                ),
                None,
            ),
        };
        self.problems.push(problem);
        if let Some(word) = word {
            self.push(span, TokenKind::Word(word));
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        self.bump();
        let inside = self.at;
        while let Some(c) = self.peek() {
            if matches!(c, '"' | '“' | '”') {
                let text = self.text[inside..self.at].to_owned();
                self.bump();
                self.push(start..self.at, TokenKind::Text(text));
                return;
            }
            self.bump();
        }
        self.problems.push(
            Problem::new(
                start..self.at,
                Bilingual::new(
                    "文字的引号没有关上",
                    "the text's quotation mark is not closed",
                ),
            )
            .help("在文字末尾加 \"", "add \" behind the text"),
        );
        self.push(
            start..self.at,
            TokenKind::Text(self.text[inside..].to_owned()),
        );
    }

    fn bracketed_name(&mut self) {
        let start = self.at;
        self.bump();
        let inside = self.bump_while(|c| c != '」');
        let name = self.text[inside].to_owned();
        if self.peek().is_some() {
            self.bump();
        } else {
            self.problems.push(
                Problem::new(
                    start..self.at,
                    Bilingual::new("名称的「没有关上", "the name's 「 is not closed"),
                )
                .help("在名称末尾加 」", "add 」 behind the name"),
            );
        }
        self.push(start..self.at, TokenKind::Name(name));
    }

    fn number(&mut self) {
        let start = self.at;
        let digits = |c: char| c.is_ascii_digit();
        self.bump_while(digits);
        if self.at - start >= 4 && self.foreign_date(start) {
            return;
        }
        if self.text[start..self.at].chars().count() == 4
            && self.peek() == Some('-')
            && self.peek_at(1).is_some_and(digits)
        {
            self.date(start);
            return;
        }
        let grouped = self.thousands();
        if self.peek() == Some('.') && self.peek_at(1).is_some_and(digits) {
            self.bump();
            self.bump_while(digits);
        }
        let written = start..self.at;
        let plain: String = self
            .folded(written.clone())
            .chars()
            .filter(|c| *c != ',')
            .collect();
        let value = plain.parse::<Decimal>().unwrap_or_else(|_| {
            self.problems.push(Problem::new(
                written.clone(),
                Bilingual::new("数字太长", "the number has too many digits"),
            ));
            Decimal::ZERO
        });
        let unit = self.unit();
        if grouped {
            let span = start..self.at;
            let typed = format!("{plain}{}", unit.map_or("", Unit::text));
            self.problems.push(
                Problem::new(
                    span.clone(),
                    Bilingual::new(
                        "数字里不写千位逗号",
                        "numbers are written without thousands commas",
                    ),
                )
                .replace(span, typed)
                .help(
                    "几个数并列时，逗号后留一个空格",
                    "in a list of numbers, put a blank behind each comma",
                ),
            );
        }
        self.push(start..self.at, TokenKind::Number(value, unit));
    }

    /// Reads `,000` groups; whether there were any.
    fn thousands(&mut self) -> bool {
        let mut any = false;
        loop {
            let group = (0..4).all(|i| {
                self.peek_at(i)
                    .is_some_and(|c| if i == 0 { c == ',' } else { c.is_ascii_digit() })
            });
            if !group || self.peek_at(4).is_some_and(|c| c.is_ascii_digit()) {
                return any;
            }
            for _ in 0..4 {
                self.bump();
            }
            any = true;
        }
    }

    /// `2024年3月1日`, `2024.3.1`, `2024/3/1`: a mistake that shows the date as it is to be typed.
    fn foreign_date(&mut self, start: usize) -> bool {
        let behind: String = self.text[self.at..].chars().take(12).map(fold).collect();
        let year = self.folded(start..self.at);
        if year.len() != 4 {
            return false;
        }
        let mut rest = behind.as_str();
        let mut parts = Vec::new();
        let mut length = 0;
        for (i, marks) in [['年', '.', '/'], ['月', '.', '/']].iter().enumerate() {
            let Some(mark) = rest.chars().next().filter(|c| marks.contains(c)) else {
                return false;
            };
            let digits: String = rest[mark.len_utf8()..]
                .chars()
                .take_while(char::is_ascii_digit)
                .take(3)
                .collect();
            if digits.is_empty() || digits.len() > 2 {
                return false;
            }
            length += 1 + digits.len();
            rest = &rest[mark.len_utf8() + digits.len()..];
            parts.push((mark, digits));
            let _ = i;
        }
        if parts[0].0 == '年' && rest.starts_with('日') {
            length += 1;
        }
        for _ in 0..length {
            self.bump();
        }
        let span = start..self.at;
        let typed = format!("{year}-{:0>2}-{:0>2}", parts[0].1, parts[1].1);
        self.problems.push(
            Problem::new(
                span.clone(),
                Bilingual::new("日期用连字符写", "dates are written with hyphens"),
            )
            .replace(span.clone(), typed),
        );
        self.push(span, TokenKind::Date(Day::MIN));
        true
    }

    fn date(&mut self, start: usize) {
        let digits = |c: char| c.is_ascii_digit();
        self.bump();
        self.bump_while(digits);
        let day_follows = self.peek() == Some('-') && self.peek_at(1).is_some_and(digits);
        if day_follows {
            self.bump();
            self.bump_while(digits);
        }
        let span = start..self.at;
        let written = self.folded(span.clone());
        let mut numbers = written.split('-').map(|part| part.parse::<u32>().ok());
        let mut next = || numbers.next().flatten();
        let (year, month, day) = (next(), next(), next());
        if !day_follows {
            self.problems.push(
                Problem::new(
                    span.clone(),
                    Bilingual::new("日期要写到日", "a date needs its day"),
                )
                .replace(span.clone(), format!("{written}-01")),
            );
        }
        let found = year
            .and_then(|year| i32::try_from(year).ok())
            .and_then(|year| Day::from_ymd(year, month?, day.unwrap_or(1)));
        if found.is_none() && day_follows {
            self.problems.push(
                Problem::new(
                    span.clone(),
                    Bilingual::new(
                        format!("没有 {written} 这一天"),
                        format!("there is no day {written}"),
                    ),
                )
                .help("核对月份和日", "check month and day"),
            );
        }
        self.push(span, TokenKind::Date(found.unwrap_or(Day::MIN)));
    }

    /// The unit behind a number; a blank may stand before it.
    fn unit(&mut self) -> Option<Unit> {
        let number_end = self.at;
        self.bump_while(|c| c == ' ');
        let blank = self.at > number_end;
        if let Some(unit) = match self.peek() {
            Some('%') => Some(Unit::Percent),
            Some('‰') => Some(Unit::PerMille),
            _ => None,
        } {
            self.bump();
            return Some(unit);
        }
        let start = self.at;
        let run = self.bump_while(continues_name);
        let word = self.folded(run.clone());
        if word.is_empty() {
            self.at = number_end;
            return None;
        }
        if let Some((_, unit)) = Unit::ALL.iter().find(|(text, _)| *text == word) {
            return Some(*unit);
        }
        if blank && !looks_like_unit(&word) {
            self.at = number_end;
            return None;
        }
        // 40万元且…: the unit, and an operator glued to it.
        if let Some((text, unit)) = Unit::ALL.iter().find(|(text, _)| word.starts_with(text)) {
            let rest = &word[text.len()..];
            if let Some((operator, _)) = Word::ALL
                .iter()
                .find(|(text, word)| word.is_operator() && rest.starts_with(text))
            {
                self.at = start + text.len();
                self.problems.push(
                    Problem::new(
                        self.at..self.at + operator.len(),
                        Bilingual::new(
                            format!("`{operator}` 两边要有空格"),
                            format!("`{operator}` needs a blank on both sides"),
                        ),
                    )
                    .replace(self.at..self.at + operator.len(), format!(" {operator} ")),
                );
                return Some(*unit);
            }
        }
        let meant = meant_unit(&word);
        let mut problem = Problem::new(
            run.clone(),
            Bilingual::new(
                format!("不认识的单位 {word}"),
                format!("unknown unit {word}"),
            ),
        );
        problem = match meant {
            Some((_, typed)) => problem.replace(run, typed),
            None => problem.help(
                "单位有：元 千元 万元 亿元 % ‰ 天 个工作日 个月 年",
                "units are 元 千元 万元 亿元 % ‰ 天 个工作日 个月 年",
            ),
        };
        self.problems.push(problem);
        meant.map(|(unit, _)| unit)
    }
}

/// Whether a word behind a number and a blank is meant as its unit.
fn looks_like_unit(word: &str) -> bool {
    meant_unit(word).is_some()
}

/// The unit that an unknown word is meant to be.
fn meant_unit(word: &str) -> Option<(Unit, &'static str)> {
    let unit = match word {
        "万" | "万块" | "w" | "W" | "萬" | "萬元" | "万元整" => Unit::TenThousandYuan,
        "亿" => Unit::HundredMillionYuan,
        "千" => Unit::ThousandYuan,
        "块" | "圆" | "元整" | "RMB" | "人民币" => Unit::Yuan,
        "日" | "日内" | "天内" | "个自然日" | "自然日" | "日历天" => Unit::Days,
        "月" | "个月内" => Unit::Months,
        "周年" | "年内" | "个年" => Unit::Years,
        "工作日" | "个工作天" | "工作天" => Unit::WorkingDays,
        _ => return None,
    };
    Some((unit, unit.text()))
}

#[cfg(test)]
mod tests {
    use super::super::token::{Sign, TokenKind, Unit, Word};
    use super::lex;

    fn kinds(text: &str) -> Vec<TokenKind> {
        let (tokens, problems) = lex(text);
        assert!(problems.is_empty(), "{text}: {problems:?}");
        tokens.into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn names_take_as_much_as_they_can() {
        for (text, name) in [
            ("非税收入", "非税收入"),
            ("或有负债", "或有负债"),
            ("「合同金额（元）」", "合同金额（元）"),
            ("ＰＰＰ项目", "PPP项目"),
        ] {
            assert_eq!(
                kinds(text),
                [TokenKind::Name(name.into()), TokenKind::End],
                "{text}"
            );
        }
        assert_eq!(kinds("非 税")[0], TokenKind::Word(Word::Not));
        assert_eq!(kinds("非(税)")[0], TokenKind::Word(Word::Not));
    }

    #[test]
    fn full_width_signs_are_folded_in_place() {
        let (tokens, problems) = lex("合同金额　＞＝　４０万元");
        assert!(problems.is_empty());
        assert_eq!(tokens[1].kind, TokenKind::Sign(Sign::GreaterOrEqual));
        assert_eq!(tokens[1].span.start, 15);
        assert_eq!(
            tokens[2].kind,
            TokenKind::Number(40.into(), Some(Unit::TenThousandYuan))
        );
    }

    #[test]
    fn a_date_is_no_subtraction() {
        assert!(matches!(kinds("2024-3-1")[0], TokenKind::Date(_)));
        assert_eq!(kinds("20 - 3").len(), 4);
    }

    #[test]
    fn a_unit_may_stand_behind_a_blank() {
        assert_eq!(
            kinds("15 个工作日")[0],
            TokenKind::Number(15.into(), Some(Unit::WorkingDays))
        );
        assert_eq!(kinds("3 且")[0], TokenKind::Number(3.into(), None));
    }

    #[test]
    fn slips_show_what_to_type() {
        for (text, typed) in [
            ("1,200,000元", "1200000元"),
            ("1，200，000元", "1200000元"),
            ("2024年3月1日", "2024-03-01"),
            ("2024.3.1", "2024-03-01"),
            ("2024-03", "2024-03-01"),
            ("40万", "万元"),
            ("3月", "个月"),
            ("30日", "天"),
            ("a == b", "="),
            ("a && b", "且"),
            ("40万元且 b", " 且 "),
        ] {
            let (_, problems) = lex(text);
            let typed_there = problems
                .iter()
                .flat_map(|problem| &problem.helps)
                .filter_map(|help| help.replace.as_ref())
                .any(|(_, with)| with == typed);
            assert!(typed_there, "{text}: {problems:?}");
        }
    }
}
