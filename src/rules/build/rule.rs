//! `<topic>/<id>.toml` → a checked [`Rule`], or everything that keeps it from being one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cases;
use super::config::SEVERITIES;
use super::kinds::unknown;
use super::limits::word;
use crate::finding::{Severity, Topic};
use crate::lang::Bilingual;
use crate::ledger::{Day, KindId};
use crate::rules::diagnostic::Sink;
use crate::rules::expr::{
    About, FieldPath, Names, Node, Op, Place, RawPart, Type, check_condition, check_value, recover,
    split, syntax::Expr, syntax::ExprKind,
};
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;
use crate::rules::syntax::{Document, Table, Text};
use crate::rules::{
    Grade, Graded, Group, Judged, LimitScope, Provision, Rule, Scope, Template, TemplatePart,
    Window,
};

const SCOPES: [(&str, Scope); 2] = [("village", Scope::Village), ("all", Scope::All)];

/// What a rule file is checked against.
pub(super) struct Against<'a> {
    /// Kinds and limits.
    pub(super) names: &'a Names<'a>,
    /// The provisions.
    pub(super) law: &'a BTreeMap<String, Provision>,
}

/// A rule on some ledgers as written: the main part of the file, or an `[[also]]`.
struct Part {
    ledgers: Vec<KindId>,
    applies: Option<(Text, Expr)>,
    violation: Option<(Text, Expr)>,
    group: Option<GroupPart>,
    law_date: Vec<(Text, Expr)>,
    amount: Option<(Text, Expr)>,
    message: Option<Text>,
    message_en: Option<Text>,
}

struct GroupPart {
    by: Vec<(Text, Expr)>,
    window: Option<((Text, Expr), (Text, Expr))>,
}

/// A severity with its condition as written.
struct GradePart {
    severity: Severity,
    when: (Text, Expr),
}

/// Reads and checks a rule file; `None` where it holds an error.
pub(super) fn rule(sink: &Sink, id: &str, topic: Topic, against: &Against<'_>) -> Option<Rule> {
    let document = Document::parse(sink);
    let root = document.root();
    let reader = Reader { sink, against };
    let title = root.required_text("title", "\"先施工后签合同\"");
    let title_en = root.text("title_en");
    let severity_text = root.required_text("severity", "\"major\"");
    let severity = severity_text
        .as_ref()
        .and_then(|text| word(sink, "级别", "severity", &SEVERITIES, text));
    let curable = root.boolean("curable").unwrap_or(true);
    let trial = reader.trial(&root);
    let scope = root
        .text("scope")
        .and_then(|text| word(sink, "scope", "scope", &SCOPES, &text))
        .unwrap_or(Scope::Village);
    let main = reader.part(&root, true);
    let basis = root
        .required("basis", "[\"mfd-789\"]")
        .map(|value| value.texts());
    let overlaps = root.strings("overlaps");
    let advice = bilingual(&root, "advice", "advice_en");
    let why = bilingual(&root, "why", "why_en");
    let grades: Vec<GradePart> = root
        .tables("grade")
        .iter()
        .filter_map(|table| {
            let grade = reader.grade(table, &main.ledgers);
            table.finish();
            grade
        })
        .collect();
    let also: Vec<Part> = root
        .tables("also")
        .iter()
        .map(|table| {
            let part = reader.part(table, false);
            table.finish();
            part
        })
        .collect();
    let equivalent = root
        .get("equivalent")
        .and_then(|value| value.table())
        .map(|table| {
            table
                .all()
                .iter()
                .filter_map(|value| Some((value.key.to_owned(), value.text()?.value.to_string())))
                .collect()
        })
        .unwrap_or_default();
    let mut kinds: Vec<KindId> = main.ledgers.clone();
    kinds.extend(also.iter().flat_map(|part| part.ledgers.iter().copied()));
    reader.twice_judged(&root, &kinds);
    let tests = cases::tests(&root, &kinds, against.names);
    root.finish();

    let mut judged = Vec::new();
    for (part, of_main) in std::iter::once((&main, true)).chain(also.iter().map(|p| (p, false))) {
        for &kind in &part.ledgers {
            judged.extend(reader.judged(part, kind, &main, &grades, of_main));
        }
    }
    let basis = basis.unwrap_or_default();
    reader.basis(&basis);
    if sink.has_errors() {
        return None;
    }
    let rule = Rule {
        id: id.to_owned(),
        topic,
        title: either(&title?.value, title_en.as_ref()),
        severity: severity?,
        grades: grades
            .iter()
            .map(|grade| Graded {
                severity: grade.severity,
                when: grade.when.0.value.clone(),
            })
            .collect(),
        curable,
        trial,
        scope,
        basis: basis.iter().map(|text| text.value.to_string()).collect(),
        overlaps,
        advice,
        why,
        judged,
        tests,
        file: Arc::from(sink.source.name.as_str()),
        equivalent,
    };
    reader.capped(&rule, &severity_text?);
    reader.in_force(&rule, &basis);
    (!sink.has_errors()).then_some(rule)
}

/// The gravest severity that a rule may have, and why; `None` where it may have any.
pub(super) fn cap(rule: &Rule, against: &Against<'_>) -> Option<(Severity, Bilingual)> {
    if rule.basis.is_empty() {
        return Some((
            Severity::Info,
            Bilingual::new("没有依据（basis = []）", "it has no basis (basis = [])"),
        ));
    }
    let only_b = rule
        .basis
        .iter()
        .all(|id| against.law.get(id).is_none_or(|p| p.grade == Grade::B));
    if only_b {
        return Some((
            Severity::Minor,
            Bilingual::new(
                "依据都只有 B 级（第三方网页）",
                "its basis is of grade B only (third parties' pages)",
            ),
        ));
    }
    let local = rule.limits().into_iter().find_map(|id| {
        let limit = &against.names.limits[usize::from(id.0)];
        (limit.scope == LimitScope::Local).then_some(&limit.name)
    })?;
    Some((
        Severity::Major,
        Bilingual::new(
            format!("用到本地限额 {local}"),
            format!("it uses the local limit {local}"),
        ),
    ))
}

fn either(zh: &str, en: Option<&Text>) -> Bilingual {
    let en = en.map_or(zh, |text| &*text.value);
    Bilingual::new(zh.to_owned(), en.to_owned())
}

fn bilingual(root: &Table<'_>, zh: &'static str, en: &'static str) -> Bilingual {
    let zh = root.string(zh);
    let en = root.text(en);
    either(&zh, en.as_ref())
}

struct Reader<'a> {
    sink: &'a Sink,
    against: &'a Against<'a>,
}

impl Reader<'_> {
    fn trial(&self, root: &Table<'_>) -> bool {
        let Some(stage) = root.text("stage") else {
            return false;
        };
        word(self.sink, "stage", "stage", &[("trial", true)], &stage).unwrap_or(false)
    }

    /// The keys that the main part and `[[also]]` share.
    fn part(&self, table: &Table<'_>, main: bool) -> Part {
        let ledgers = self.ledgers(table);
        let expr = |key: &'static str| {
            let text = table.text(key)?;
            let expr = self.parsed(&text, &ledgers)?;
            Some((text, expr))
        };
        let applies = expr("applies");
        let violation = table
            .required_text("violation", "'开工日期 < 签订日期'")
            .and_then(|text| {
                let expr = self.parsed(&text, &ledgers)?;
                Some((text, expr))
            });
        let group = self.group(table, &ledgers);
        let law_date = table
            .texts("law_date")
            .into_iter()
            .filter_map(|text| {
                let expr = self.parsed(&text, &ledgers)?;
                Some((text, expr))
            })
            .collect();
        let amount = expr("amount");
        let message = if main {
            table.required_text("message", "'台账显示{开工日期}开工，需核实'")
        } else {
            table.text("message")
        };
        let message_en = table.text("message_en");
        Part {
            ledgers,
            applies,
            violation,
            group,
            law_date,
            amount,
            message,
            message_en,
        }
    }

    fn ledgers(&self, table: &Table<'_>) -> Vec<KindId> {
        let kinds = self.against.names.kinds;
        let Some(value) = table.required("ledger", "[\"合同\"]") else {
            return Vec::new();
        };
        let texts = value.texts();
        if texts.is_empty() {
            value.error("ledger 是空的", "ledger is empty");
        }
        let mut found = Vec::new();
        for text in texts {
            let kind = kinds.find(&text.value);
            found.extend(kind);
            if kind.is_none() {
                let names = || kinds.iter().map(|(_, kind)| kind.name.as_str());
                let near = nearest(&text.value, names());
                let all: Vec<&str> = names().collect();
                let all = all.join("、");
                self.sink.error(
                    unknown("台账种类", "ledger kind", &text, near)
                        .help(format!("种类有：{all}"), format!("the kinds are {all}")),
                );
            }
        }
        found
    }

    fn twice_judged(&self, root: &Table<'_>, kinds: &[KindId]) {
        let twice = kinds
            .iter()
            .enumerate()
            .find(|(index, kind)| kinds[..*index].contains(kind));
        if let Some((_, kind)) = twice
            && let Some(value) = root.get("ledger")
        {
            let name = &self.against.names.kinds.get(*kind).name;
            value.error(
                format!("台账 {name} 写了两次"),
                format!("the ledger {name} stands here twice"),
            );
        }
    }

    fn group(&self, table: &Table<'_>, ledgers: &[KindId]) -> Option<GroupPart> {
        let group = table.get("group")?.table()?;
        let by = group.required("by", "['乙方']").map(|value| {
            let texts = value.texts();
            if texts.is_empty() {
                value.error("by 是空的", "by is empty");
            }
            texts
                .into_iter()
                .filter_map(|text| {
                    let expr = self.parsed(&text, ledgers)?;
                    Some((text, expr))
                })
                .collect::<Vec<_>>()
        });
        let window = group.get("window").and_then(|value| value.table());
        let window = window.and_then(|window| {
            let field = window.required_text("field", "\"签订日期\"");
            let length = window.required_text("length", "'限额.拆分窗口'");
            window.finish();
            let (field, length) = (field?, length?);
            let field_expr = self.parsed(&field, ledgers);
            let length_expr = self.parsed(&length, ledgers);
            Some(((field, field_expr?), (length, length_expr?)))
        });
        group.finish();
        Some(GroupPart { by: by?, window })
    }

    fn grade(&self, table: &Table<'_>, ledgers: &[KindId]) -> Option<GradePart> {
        let when = table.required_text("when", "'合同金额 >= 100万元'");
        let severity = table
            .required_text("severity", "\"critical\"")
            .and_then(|text| word(self.sink, "级别", "severity", &SEVERITIES, &text));
        let when = when.and_then(|text| {
            let expr = self.parsed(&text, ledgers)?;
            Some((text, expr))
        });
        Some(GradePart {
            severity: severity?,
            when: when?,
        })
    }

    /// Parses an expression; what is wrong is told at its place in the file.
    fn parsed(&self, text: &Text, ledgers: &[KindId]) -> Option<Expr> {
        self.parsed_part(text, 0..text.value.len(), ledgers)
    }

    fn parsed_part(
        &self,
        text: &Text,
        range: std::ops::Range<usize>,
        ledgers: &[KindId],
    ) -> Option<Expr> {
        let kinds = self.against.names.kinds;
        let known = |name: &str| {
            matches!(name, "组" | "全体")
                || ledgers.iter().any(|&kind| {
                    let kind = kinds.get(kind);
                    kind.find(name).is_some() || kind.find_relation(name).is_some()
                })
        };
        let (expr, problems) = recover(&text.value[range.clone()], &known);
        self.tell(text, range.start, problems);
        expr
    }

    fn tell(&self, text: &Text, offset: usize, problems: Vec<Problem>) {
        for problem in problems {
            self.sink.error(problem.moved(|at| text.place(offset + at)));
        }
    }

    /// Checks a condition, or an expression of any type.
    fn checked(
        &self,
        (text, expr): &(Text, Expr),
        place: Place<'_>,
        condition: bool,
    ) -> Option<Node> {
        let check = if condition {
            check_condition
        } else {
            check_value
        };
        match check(expr, &text.value, place) {
            Ok(node) => Some(node),
            Err(problems) => {
                self.tell(text, 0, problems);
                None
            }
        }
    }

    /// The rule on one ledger kind.
    fn judged(
        &self,
        part: &Part,
        kind: KindId,
        main: &Part,
        grades: &[GradePart],
        of_main: bool,
    ) -> Option<Judged> {
        let place = |about| Place {
            names: self.against.names,
            ledgers: &part.ledgers,
            kind,
            about,
        };
        let member = place(About::Member);
        let applies = optional(part.applies.as_ref(), |applies| {
            self.checked(applies, member, true)
        });
        let by_names: Vec<String> = part
            .group
            .iter()
            .flat_map(|group| &group.by)
            .filter_map(|(_, expr)| match &expr.kind {
                ExprKind::Path(path) if path.len() == 1 => Some(path[0].text.clone()),
                _ => None,
            })
            .collect();
        let about = if part.group.is_some() {
            place(About::Group(&by_names))
        } else {
            place(About::Record)
        };
        let group = optional(part.group.as_ref(), |group| {
            self.checked_group(group, member)
        });
        let violation = part
            .violation
            .as_ref()
            .and_then(|violation| self.checked(violation, about, true));
        let amount = optional(part.amount.as_ref(), |amount| self.amount(amount, about));
        // An `[[also]]` takes the message and the date of the act of the main part where it has none of its own; whom the
        // duty binds, the group and the money are its own.
        let law_date = if part.law_date.is_empty() && !of_main {
            &main.law_date
        } else {
            &part.law_date
        };
        let law_date: Vec<Option<FieldPath>> = law_date
            .iter()
            .map(|date| self.date(date, member))
            .collect();
        let message = part.message.as_ref().or(main.message.as_ref());
        let message_en = match (&part.message, &part.message_en) {
            (_, Some(english)) => Some(english),
            (Some(own), None) => Some(own),
            (None, None) => main.message_en.as_ref().or(main.message.as_ref()),
        };
        let message = message.and_then(|text| self.template(text, about));
        let message_en = message_en.and_then(|text| self.template(text, about));
        let grades: Vec<Option<Node>> = grades
            .iter()
            .map(|grade| self.checked(&grade.when, about, true))
            .collect();
        Some(Judged {
            kind,
            applies: applies.ok()?,
            violation: violation?,
            group: group.ok()?,
            law_date: law_date.into_iter().collect::<Option<_>>()?,
            amount: amount.ok()?,
            message: message?,
            message_en: message_en?,
            grades: grades.into_iter().collect::<Option<_>>()?,
        })
    }

    fn checked_group(&self, group: &GroupPart, member: Place<'_>) -> Option<Group> {
        let by: Vec<Option<Node>> = group
            .by
            .iter()
            .map(|by| self.checked(by, member, false))
            .collect();
        let window = optional(group.window.as_ref(), |(field, length)| {
            let field = self.date(field, member);
            let node = self.checked(length, member, false)?;
            if !matches!(node.ty, Type::Days | Type::Months | Type::Duration) {
                self.sink.error(
                    Problem::new(
                        length.0.span.clone(),
                        Bilingual::new(
                            "窗口的长度要天数或月数",
                            "the window's length must be days or months",
                        ),
                    )
                    .help(
                        "例如 90天 或 限额.拆分窗口",
                        "for example 90天 or 限额.拆分窗口",
                    ),
                );
                return None;
            }
            Some(Window {
                field: field?,
                length: node,
            })
        });
        Some(Group {
            by: by.into_iter().collect::<Option<_>>()?,
            window: window.ok()?,
        })
    }

    /// A path that leads to a date.
    fn date(&self, date: &(Text, Expr), place: Place<'_>) -> Option<FieldPath> {
        let node = self.checked(date, place, false)?;
        if node.ty == Type::Date
            && let Op::Field(path) = node.op
        {
            return Some(path);
        }
        self.sink.error(
            Problem::new(
                date.0.span.clone(),
                Bilingual::new(
                    format!("{} 不是日期字段", date.0.value),
                    format!("{} is no date field", date.0.value),
                ),
            )
            .help("例如 签订日期", "for example 签订日期"),
        );
        None
    }

    fn amount(&self, amount: &(Text, Expr), place: Place<'_>) -> Option<Node> {
        let node = self.checked(amount, place, false)?;
        if node.ty == Type::Money {
            return Some(node);
        }
        let name = node.ty.name();
        self.sink.error(
            Problem::new(
                amount.0.span.clone(),
                Bilingual::new(
                    format!("amount 要金额，这是{}", name.zh),
                    format!("amount wants money; this is {}", name.en),
                ),
            )
            .help("例如 '合同金额'", "for example '合同金额'"),
        );
        None
    }

    /// A message with its `{expr}` parts.
    fn template(&self, text: &Text, place: Place<'_>) -> Option<Template> {
        let (raw, problems) = split(&text.value);
        let broken = !problems.is_empty();
        self.tell(text, 0, problems);
        let mut parts = Vec::new();
        let mut complete = !broken;
        for part in raw {
            match part {
                RawPart::Text(words) => parts.push(TemplatePart::Text(Arc::from(words))),
                RawPart::Expr(range) => match self.template_part(text, range, place) {
                    Some(node) => parts.push(TemplatePart::Value(node)),
                    None => complete = false,
                },
            }
        }
        complete.then_some(Template { parts })
    }

    fn template_part(
        &self,
        text: &Text,
        range: std::ops::Range<usize>,
        place: Place<'_>,
    ) -> Option<Node> {
        let expr = self.parsed_part(text, range.clone(), place.ledgers)?;
        let start = range.start;
        let checked = check_value(&expr, &text.value[range.clone()], place);
        match checked {
            Ok(node) if matches!(node.ty, Type::List(_) | Type::Tiers) => {
                let name = node.ty.name();
                self.sink.error(Problem::new(
                    text.places(&range),
                    Bilingual::new(
                        format!("消息里不能写{}", name.zh),
                        format!("a message cannot show {}", name.en),
                    ),
                ));
                None
            }
            Ok(node) => Some(node),
            Err(problems) => {
                self.tell(text, start, problems);
                None
            }
        }
    }

    /// The provisions exist.
    fn basis(&self, basis: &[Text]) {
        for text in basis {
            if !self.against.law.contains_key(&*text.value) {
                let near = nearest(&text.value, self.against.law.keys().map(String::as_str));
                let problem = unknown("依据", "provision", text, near);
                self.sink.error(if near.is_none() {
                    problem.help(
                        "在 rules/law/ 里用 [[provision]] 登记它；没有依据的规则写 basis = [] 和 severity = \"info\"",
                        "enter it by a [[provision]] in rules/law/; a rule without a basis has basis = [] and severity = \"info\"",
                    )
                } else {
                    problem
                });
            }
        }
    }

    /// The severity is not above what the basis and the limits allow.
    fn capped(&self, rule: &Rule, severity: &Text) {
        let Some((most, reason)) = cap(rule, self.against) else {
            return;
        };
        let gravest = rule
            .grades
            .iter()
            .map(|grade| grade.severity)
            .chain([rule.severity])
            .max();
        if gravest.is_some_and(|gravest| gravest > most) {
            let most = most.id();
            self.sink.error(
                Problem::new(
                    severity.span.clone(),
                    Bilingual::new(
                        format!("{}，级别最高 {most}", reason.zh),
                        format!("{}, so that its severity is at most {most}", reason.en),
                    ),
                )
                .replace(severity.span.clone(), format!("\"{most}\"")),
            );
        }
    }

    /// Each provision was in force on some day on which the dated limits of the rule were.
    fn in_force(&self, rule: &Rule, basis: &[Text]) {
        let mut from = Day::MIN;
        let mut to = Day::MAX;
        for id in rule.limits() {
            let limit = &self.against.names.limits[usize::from(id.0)];
            if let (LimitScope::National, Some(first), Some(last)) =
                (limit.scope, limit.values.first(), limit.values.last())
            {
                from = from.max(first.from);
                to = to.min(last.to);
            }
        }
        for text in basis {
            let Some(provision) = self.against.law.get(&*text.value) else {
                continue;
            };
            if provision.to < from || provision.from > to {
                self.sink.error(
                    Problem::new(
                        text.span.clone(),
                        Bilingual::new(
                            format!(
                                "{} 施行于 {} 至 {}，规则用的限额那时不在施行",
                                text.value, provision.from, provision.to
                            ),
                            format!(
                                "{} was in force from {} to {}, when the limits of the rule were not",
                                text.value, provision.from, provision.to
                            ),
                        ),
                    )
                    .help("删去它，或者补上那时的限额", "delete it, or add the limit of that time"),
                );
            }
        }
    }
}

/// Something is wrong with it; what, the sink was told.
struct Wrong;

/// Checks what may be left out.
fn optional<A, T>(
    given: Option<A>,
    check: impl FnOnce(A) -> Option<T>,
) -> Result<Option<T>, Wrong> {
    given.map(|given| check(given).ok_or(Wrong)).transpose()
}
