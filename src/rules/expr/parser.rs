//! Tokens → syntax, by descent along the levels of precedence.

use std::ops::Range;

use super::glue::unglue;
use super::lexer::lex;
use super::syntax::{Arg, Expr, ExprKind, Name, Test};
use super::token::{Sign, Token, TokenKind, Word};
use super::{Arithmetic, Comparison, Span};
use crate::lang::Bilingual;
use crate::ledger::FlagValue;
use crate::rules::problem::Problem;

/// How deep an expression may be nested.
const NESTING: u16 = 64;

/// The expression of a text, or everything that keeps it from being one. `known` tells the names there are, so that words
/// glued to one are recognised.
#[cfg(test)]
pub(crate) fn parse(text: &str, known: &dyn Fn(&str) -> bool) -> Result<Expr, Vec<Problem>> {
    match recover(text, known) {
        (Some(expr), problems) if problems.is_empty() => Ok(expr),
        (_, problems) => Err(problems),
    }
}

/// The expression of a text as far as it is clear what was meant, and everything that is wrong with it: a number with
/// thousands commas is still a number, so that the rest can be checked too.
pub(crate) fn recover(text: &str, known: &dyn Fn(&str) -> bool) -> (Option<Expr>, Vec<Problem>) {
    let (tokens, mut problems) = lex(text);
    if tokens.len() == 1 && problems.is_empty() {
        let problem = Problem::new(
            0..text.len(),
            Bilingual::new("条件是空的", "the condition is empty"),
        );
        return (None, vec![problem]);
    }
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
        known,
    };
    match parser.whole() {
        Ok(expr) => (Some(expr), problems),
        Err(problem) => {
            // Behind an unreadable sign the syntax is often broken too; only the cause is told.
            if problems.is_empty() {
                problems.push(*problem);
            }
            (None, problems)
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: u16,
    known: &'a dyn Fn(&str) -> bool,
}

type Parsed = Result<Expr, Box<Problem>>;

impl Parser<'_> {
    fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    fn bump(&mut self) -> Span {
        let span = self.span();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        span
    }

    fn take_sign(&mut self, sign: Sign) -> bool {
        let there = *self.peek() == TokenKind::Sign(sign);
        if there {
            self.bump();
        }
        there
    }

    fn take_word(&mut self, word: Word) -> bool {
        let there = *self.peek() == TokenKind::Word(word);
        if there {
            self.bump();
        }
        there
    }

    fn whole(&mut self) -> Parsed {
        let expr = self.expr()?;
        if *self.peek() == TokenKind::End {
            Ok(expr)
        } else {
            Err(self.unexpected(
                "这里应当结束，或者接 且、或、比较",
                "the end, or 且, 或, a comparison",
            ))
        }
    }

    /// Makes a node, unless it is nested too deep.
    fn node(&self, span: Span, kind: ExprKind) -> Parsed {
        let mut expr = Expr {
            span,
            depth: 0,
            kind,
        };
        let deepest = expr.children().iter().map(|part| part.depth).max();
        expr.depth = deepest.unwrap_or(0) + 1;
        if expr.depth > NESTING {
            return Err(self.too_deep(span));
        }
        Ok(expr)
    }

    fn too_deep(&self, span: Span) -> Box<Problem> {
        let _ = self;
        Box::new(
            Problem::new(
                span.range(),
                Bilingual::new(
                    format!("条件套得太深，最多 {NESTING} 层"),
                    format!("the condition is nested too deep; {NESTING} levels are allowed"),
                ),
            )
            .help(
                "拆成几条规则，或者用括号少套几层",
                "split it into several rules",
            ),
        )
    }

    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= NESTING {
            return Err(self.too_deep(self.span()));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn expr(&mut self) -> Parsed {
        self.deeper(Self::or)
    }

    fn or(&mut self) -> Parsed {
        self.chain(Word::Or, Self::and, ExprKind::Or)
    }

    fn and(&mut self) -> Parsed {
        self.chain(Word::And, Self::not, ExprKind::And)
    }

    fn chain(
        &mut self,
        word: Word,
        part: impl Fn(&mut Self) -> Parsed,
        kind: impl Fn(Vec<Expr>) -> ExprKind,
    ) -> Parsed {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(part(self)?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        let span = parts[0].span.to(parts[parts.len() - 1].span);
        self.node(span, kind(parts))
    }

    fn not(&mut self) -> Parsed {
        let start = self.span();
        if self.take_word(Word::Not) {
            let operand = self.deeper(Self::not)?;
            return self.node(start.to(operand.span), ExprKind::Not(Box::new(operand)));
        }
        self.test()
    }

    fn comparison(&self) -> Option<Comparison> {
        match self.peek() {
            TokenKind::Sign(Sign::Equal) => Some(Comparison::Equal),
            TokenKind::Sign(Sign::NotEqual) => Some(Comparison::NotEqual),
            TokenKind::Sign(Sign::Greater) => Some(Comparison::Greater),
            TokenKind::Sign(Sign::GreaterOrEqual) => Some(Comparison::GreaterOrEqual),
            TokenKind::Sign(Sign::Less) => Some(Comparison::Less),
            TokenKind::Sign(Sign::LessOrEqual) => Some(Comparison::LessOrEqual),
            _ => None,
        }
    }

    fn test(&mut self) -> Parsed {
        let left = self.presence()?;
        let spanning = |right: &Expr| left.span.to(right.span);
        if let Some(comparison) = self.comparison() {
            self.bump();
            let right = self.presence()?;
            if let Some(second) = self.comparison() {
                return Err(self.chained(&left, comparison, &right, second));
            }
            let span = spanning(&right);
            return self.node(
                span,
                ExprKind::Compare(comparison, Box::new(left), Box::new(right)),
            );
        }
        let TokenKind::Word(word) = *self.peek() else {
            return Ok(left);
        };
        let test = match word {
            Word::In | Word::NotIn => None,
            Word::Contains => Some(Test::Contains),
            Word::ContainsNot => Some(Test::ContainsNot),
            Word::Matches => Some(Test::Matches),
            Word::StartsWith => Some(Test::StartsWith),
            _ => return Ok(left),
        };
        self.bump();
        let right = self.sum()?;
        let span = spanning(&right);
        let (left, right) = (Box::new(left), Box::new(right));
        self.node(
            span,
            match test {
                Some(test) => ExprKind::Test(test, left, right),
                None => ExprKind::In(left, right, word == Word::NotIn),
            },
        )
    }

    /// `a <= b <= c`.
    fn chained(
        &self,
        left: &Expr,
        first: Comparison,
        right: &Expr,
        second: Comparison,
    ) -> Box<Problem> {
        // `a < b且c > d` looks chained, but is two comparisons with a glued 且.
        for side in [left, right] {
            if let ExprKind::Path(path) = &side.kind
                && let [name] = path.as_slice()
                && !(self.known)(&name.text)
                && let Some(glued) = unglue(&name.text, self.known)
            {
                return Box::new(glued.problem(name.span.range()));
            }
        }
        let (a, b) = (self.slice(left.span), self.slice(right.span));
        let next = self.tokens.get(self.at + 1).map_or("…", |token| {
            if token.kind == TokenKind::End {
                "…"
            } else {
                self.slice(token.span)
            }
        });
        let typed = format!("{a} {} {b} 且 {b} {} {next}", first.text(), second.text());
        Box::new(
            Problem::new(
                self.span().range(),
                Bilingual::new("比较不能连写", "comparisons cannot be chained"),
            )
            .help(
                format!("拆成两个比较：写 {typed}"),
                format!("make it two comparisons: write {typed}"),
            ),
        )
    }

    fn presence(&mut self) -> Parsed {
        let operand = self.sum()?;
        let negated = match self.peek() {
            TokenKind::Word(Word::IsEmpty) => false,
            TokenKind::Word(Word::IsFilled) => true,
            _ => return Ok(operand),
        };
        let end = self.bump();
        self.node(
            operand.span.to(end),
            ExprKind::IsEmpty(Box::new(operand), negated),
        )
    }

    fn sum(&mut self) -> Parsed {
        self.operations(
            Self::product,
            (Sign::Plus, Arithmetic::Add),
            (Sign::Minus, Arithmetic::Subtract),
        )
    }

    fn product(&mut self) -> Parsed {
        self.operations(
            Self::unary,
            (Sign::Times, Arithmetic::Multiply),
            (Sign::Divide, Arithmetic::Divide),
        )
    }

    fn operations(
        &mut self,
        part: impl Fn(&mut Self) -> Parsed,
        one: (Sign, Arithmetic),
        other: (Sign, Arithmetic),
    ) -> Parsed {
        let mut left = part(self)?;
        loop {
            let operation = if self.take_sign(one.0) {
                one.1
            } else if self.take_sign(other.0) {
                other.1
            } else {
                return Ok(left);
            };
            let right = part(self)?;
            left = self.node(
                left.span.to(right.span),
                ExprKind::Arithmetic(operation, Box::new(left), Box::new(right)),
            )?;
        }
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span();
        if self.take_sign(Sign::Minus) {
            let operand = self.deeper(Self::unary)?;
            return self.node(start.to(operand.span), ExprKind::Negate(Box::new(operand)));
        }
        self.atom()
    }

    fn atom(&mut self) -> Parsed {
        let start = self.span();
        let kind = match self.peek().clone() {
            TokenKind::Number(value, unit) => {
                self.bump();
                ExprKind::Number(value, unit)
            }
            TokenKind::Date(day) => {
                self.bump();
                ExprKind::Date(day)
            }
            TokenKind::Text(text) => {
                self.bump();
                ExprKind::Text(text)
            }
            TokenKind::Name(_) => return self.path(),
            TokenKind::Word(word) => match word {
                Word::Yes => self.leaf(ExprKind::Flag(FlagValue::Yes)),
                Word::No => self.leaf(ExprKind::Flag(FlagValue::No)),
                Word::NotApplicable => self.leaf(ExprKind::Flag(FlagValue::NotApplicable)),
                Word::AsOf => self.leaf(ExprKind::AsOf),
                Word::Village => self.leaf(ExprKind::Village),
                Word::Limit => {
                    self.bump();
                    if !self.take_sign(Sign::Dot) {
                        return Err(self.unexpected(
                            "`限额` 后面接点和名称，例如 限额.质保金比例上限",
                            "a point and a name behind `限额`: 限额.质保金比例上限",
                        ));
                    }
                    ExprKind::Limit(self.name("限额的名称", "the limit's name")?)
                }
                Word::If => return self.condition(),
                _ => return Err(self.operand_expected()),
            },
            TokenKind::Sign(Sign::Open) => {
                self.bump();
                let mut inner = self.expr()?;
                self.close(start, Sign::Close)?;
                // The brackets belong to the author's text of it.
                inner.span = start.to(self.tokens[self.at - 1].span);
                return Ok(inner);
            }
            TokenKind::Sign(Sign::OpenList) => {
                self.bump();
                let mut entries = Vec::new();
                while *self.peek() != TokenKind::Sign(Sign::CloseList) {
                    entries.push(self.expr()?);
                    if !self.take_sign(Sign::Comma) {
                        break;
                    }
                }
                self.close(start, Sign::CloseList)?;
                ExprKind::List(entries)
            }
            _ => return Err(self.operand_expected()),
        };
        let end = self.tokens[self.at - 1].span;
        self.node(start.to(end), kind)
    }

    fn leaf(&mut self, kind: ExprKind) -> ExprKind {
        self.bump();
        kind
    }

    fn close(&mut self, open: Span, sign: Sign) -> Result<(), Box<Problem>> {
        if self.take_sign(sign) {
            return Ok(());
        }
        if *self.peek() == TokenKind::End {
            let sign = sign.text();
            return Err(Box::new(
                Problem::new(
                    open.range(),
                    Bilingual::new("这个括号没有关上", "this bracket is not closed"),
                )
                .help(format!("在末尾加 {sign}"), format!("add {sign} at the end")),
            ));
        }
        let sign = sign.text();
        Err(self.unexpected(
            &format!("这里应当是 {sign} 或者逗号、且、或、比较"),
            &format!("{sign}, a comma, 且, 或 or a comparison"),
        ))
    }

    /// 若 … 则 … 否则 …
    fn condition(&mut self) -> Parsed {
        let start = self.bump();
        let condition = self.expr()?;
        if !self.take_word(Word::Then) {
            return Err(self.unexpected("`若` 后面要有 `则`", "`则` to go with `若`"));
        }
        let then = self.expr()?;
        if !self.take_word(Word::Else) {
            return Err(self.unexpected(
                "`若 … 则 …` 后面要有 `否则`",
                "`否则` to go with `若 … 则 …`",
            ));
        }
        let otherwise = self.expr()?;
        self.node(
            start.to(otherwise.span),
            ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
        )
    }

    fn name(&mut self, zh: &str, en: &str) -> Result<Name, Box<Problem>> {
        match self.peek().clone() {
            TokenKind::Name(text) => Ok(Name {
                span: self.bump(),
                text,
            }),
            _ => Err(self.unexpected(&format!("这里应当是{zh}"), en)),
        }
    }

    fn path(&mut self) -> Parsed {
        let first = self.name("名称", "a name")?;
        let start = first.span;
        let mut names = vec![first];
        while self.take_sign(Sign::Dot) {
            names.push(self.name("字段名称", "a field's name")?);
        }
        let end = names[names.len() - 1].span;
        if *self.peek() != TokenKind::Sign(Sign::Open) {
            return self.node(start.to(end), ExprKind::Path(names));
        }
        if names.len() > 1 {
            return Err(Box::new(
                Problem::new(
                    start.to(end).range(),
                    Bilingual::new("函数名里没有点", "a function's name has no point in it"),
                )
                .help(
                    format!("写 {}({})", names[names.len() - 1].text, names[0].text),
                    format!("write {}({})", names[names.len() - 1].text, names[0].text),
                ),
            ));
        }
        let open = self.bump();
        let mut args = Vec::new();
        while *self.peek() != TokenKind::Sign(Sign::Close) {
            let value = self.expr()?;
            let when = if self.take_word(Word::When) {
                Some(self.expr()?)
            } else {
                None
            };
            args.push(Arg { value, when });
            if !self.take_sign(Sign::Comma) {
                break;
            }
        }
        self.close(open, Sign::Close)?;
        let end = self.tokens[self.at - 1].span;
        let name = names.remove(0);
        self.node(start.to(end), ExprKind::Call(name, args))
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    fn operand_expected(&self) -> Box<Problem> {
        self.unexpected(
            "这里应当是字段、数字、日期、文字或括号",
            "a field, a number, a date, a text or a bracket",
        )
    }

    /// The token that is not what was expected here.
    fn unexpected(&self, zh: &str, en: &str) -> Box<Problem> {
        let span = self.span().range();
        if *self.peek() == TokenKind::End {
            let end = self.text.trim_end().len();
            let last = self.text[..end]
                .chars()
                .next_back()
                .map_or(0, char::len_utf8);
            return Box::new(
                Problem::new(
                    end - last..end,
                    Bilingual::new("条件没有写完", "the condition is not complete"),
                )
                .label(zh, format!("expected {en}")),
            );
        }
        let written = &self.text[span.clone()];
        let problem = Problem::new(
            span.clone(),
            Bilingual::new(
                format!("这里不能写 {written}"),
                format!("{written} cannot stand here"),
            ),
        )
        .label(zh, format!("expected {en}"));
        Box::new(self.advise(problem, span))
    }

    fn advise(&self, problem: Problem, span: Range<usize>) -> Problem {
        match self.peek() {
            TokenKind::Name(name) => match unglue(name, self.known) {
                Some(glued) => glued.problem(span),
                None => match meant_word(name) {
                    Some(word) => problem.replace(span, word),
                    None => problem,
                },
            },
            TokenKind::Word(word @ (Word::Yes | Word::No))
                if self.at > 0 && matches!(self.tokens[self.at - 1].kind, TokenKind::Name(_)) =>
            {
                let typed = format!("= {}", word.text());
                problem.replace(span, typed)
            }
            _ => problem,
        }
    }
}

/// What a word of everyday speech or of another language is in this one.
pub(crate) fn meant_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "并且" | "而且" | "同时" | "和" | "与" | "and" | "AND" => "且",
        "或者" | "or" | "OR" => "或",
        "不是" | "不" | "not" | "NOT" | "没有" => "非",
        "等于" | "为" => "=",
        "不等于" => "≠",
        "大于" | "超过" | "晚于" => ">",
        "小于" | "早于" | "低于" => "<",
        "大于等于" | "不小于" | "不少于" | "不低于" | "以上" => ">=",
        "小于等于" | "不大于" | "不超过" | "以下" => "<=",
        "是空" | "空" | "空白" | "缺失" => "为空",
        "不为空" | "不空" | "有值" => "非空",
        "如果" | "if" | "IF" => "若",
        "那么" | "则为" | "then" => "则",
        "不然" | "else" | "其他" => "否则",
        "在" | "in" | "IN" => "属于",
        "不在" => "不属于",
        "含" | "含有" | "like" => "包含",
        "不含" | "不含有" => "不包含",
        "开头" | "开头为" => "开头是",
        "正则" | "符合" => "匹配",
        "true" | "TRUE" | "True" | "真" => "是",
        "false" | "FALSE" | "False" | "假" => "否",
        "今天" | "当前日期" | "today" | "now" => "基准日",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn printed(text: &str) -> String {
        parse(text, &|_| true)
            .map_or_else(|problems| format!("{problems:?}"), |expr| expr.to_string())
    }

    #[test]
    fn precedence_is_that_of_the_grammar() {
        for (text, want) in [
            ("a 或 b 且 c", "a 或 (b 且 c)"),
            ("非 a 且 b", "(非 a) 且 b"),
            ("非 a = b", "非 (a = b)"),
            ("a + b × c > d", "(a + (b × c)) > d"),
            ("a = b 为空", "a = (b 为空)"),
            ("- a × b", "(- a) × b"),
            ("若 a 则 b 否则 c 且 d", "若 a 则 b 否则 (c 且 d)"),
            ("a − b − c", "(a - b) - c"),
            ("a 属于 [\"甲\"、\"乙\"]", "a 属于 [\"甲\", \"乙\"]"),
            (
                "合计(付款.付款金额 当 付款.款项性质 ≠ “退款”) > 限额.起点",
                "合计(付款.付款金额 当 付款.款项性质 ≠ \"退款\") > 限额.起点",
            ),
        ] {
            assert_eq!(printed(text), want, "{text}");
        }
    }

    #[test]
    fn comparisons_do_not_chain() {
        let problems = parse("1 < a < 3", &|_| true).expect_err("chained");
        assert_eq!(problems[0].message.zh, "比较不能连写");
        assert!(problems[0].helps[0].text.zh.contains("1 < a 且 a < 3"));
    }

    #[test]
    fn nesting_ends_at_sixty_four() {
        let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
        assert!(parse(&nested(60), &|_| true).is_ok());
        assert!(parse(&nested(65), &|_| true).is_err());
        assert!(parse(&nested(100_000), &|_| true).is_err());
        assert!(parse(&vec!["a"; 70].join(" + "), &|_| true).is_err());
        assert!(parse(&vec!["a"; 1000].join(" 或 "), &|_| true).is_ok());
    }
}
