//! `markdown`: the draft of the feedback, village by village in the usual order of topics, to be pasted into a document.
//!
//! Texts of a ledger are escaped, so that they stay text wherever the draft is rendered.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::clean::visible;
use super::labels;
use super::view::{Line, Supply, View, Village, money_at_stake};
use crate::finding::{InputStatus, MissingWhat, Severity, Topic, Verdict};
use crate::lang::Lang;

/// How many examples of one problem are given.
const EXAMPLES: usize = 3;

/// Writes the draft.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    writeln!(
        out,
        "# {}\n\n> {}\n",
        lang.pick(
            "村级合同、工程台账核验反馈（草稿）",
            "Feedback on village contract and project ledgers (draft)"
        ),
        match lang {
            Lang::Zh => format!(
                "{}。基准日 {}，核验 {}。",
                labels::head(lang),
                escape(&view.report.as_of),
                escape(&view.report.tool.version)
            ),
            Lang::En => format!(
                "{}. As of {}, heyan {}.",
                labels::head(lang),
                escape(&view.report.as_of),
                escape(&view.report.tool.version)
            ),
        }
    )?;
    overview(view, out)?;
    writeln!(
        out,
        "## {}\n",
        lang.pick("二、分村情况", "2. Village by village")
    )?;
    for village in &view.villages {
        self::village(view, village, out)?;
    }
    gaps(view, out)
}

fn overview(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    writeln!(out, "## {}\n", lang.pick("一、总体情况", "1. Overview"))?;
    let counts = &view.counts;
    match lang {
        Lang::Zh => writeln!(
            out,
            "共核验 {} 个村、{} 条记录，台账显示不符线索 {} 条，待核 {} 条，涉及金额 {}（同一记录只计一次，不含提示级）。\n",
            view.villages.len(),
            view.report.balance.records,
            counts.violations,
            counts.undetermined,
            labels::money(counts.amount, lang)
        )?,
        Lang::En => writeln!(
            out,
            "{} villages and {} records were checked: {} leads, {} undetermined, {} at stake (a record counted once, hints left out).\n",
            view.villages.len(),
            view.report.balance.records,
            counts.violations,
            counts.undetermined,
            labels::money(counts.amount, lang)
        )?,
    }
    let severities: Vec<&str> = Severity::ALL.iter().map(|s| s.name(lang)).collect();
    writeln!(
        out,
        "| {} | {} | {} | {} |",
        lang.pick("村", "Village"),
        severities.join(" | "),
        Verdict::Undetermined.name(lang),
        lang.pick("涉及金额（元）", "At stake (CNY)")
    )?;
    writeln!(out, "|---|--:|--:|--:|--:|--:|--:|")?;
    for village in &view.villages {
        let counts = &village.counts;
        let severities = Severity::ALL.map(|severity| counts.of_severity(severity).to_string());
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            escape(&labels::village(village.town, village.name, lang)),
            severities.join(" | "),
            counts.undetermined,
            labels::amount(counts.amount)
        )?;
    }
    writeln!(out)
}

fn village(view: &View<'_>, village: &Village<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    writeln!(
        out,
        "### {}\n",
        escape(&labels::village(village.town, village.name, lang))
    )?;
    let lines = view.lines_of(village);
    let mut part = 0;
    for topic in Topic::ALL {
        let of_topic: Vec<&Line<'_>> = lines
            .iter()
            .filter(|line| line.topic() == topic && line.counts())
            .collect();
        if of_topic.is_empty() {
            continue;
        }
        part += 1;
        let amount = money_at_stake(of_topic.iter().copied());
        let money = match (amount.is_zero(), lang) {
            (true, _) => String::new(),
            (false, Lang::Zh) => format!("，涉及金额 {}", labels::money(amount, lang)),
            (false, Lang::En) => format!(", {} at stake", labels::money(amount, lang)),
        };
        match lang {
            Lang::Zh => writeln!(
                out,
                "**（{}）{}方面**　线索 {} 条{money}。\n",
                numeral(part),
                topic.name(lang),
                of_topic.len()
            )?,
            Lang::En => writeln!(
                out,
                "**({part}) {}**: {} leads{money}.\n",
                topic.name(lang),
                of_topic.len()
            )?,
        }
        problems(&of_topic, lang, out)?;
    }
    if part == 0 {
        writeln!(
            out,
            "{}\n",
            lang.pick(
                "已核验的台账中未发现不符线索。",
                "No leads were found in the ledgers checked."
            )
        )?;
    }
    let open = village.counts.undetermined;
    if open > 0 {
        match lang {
            Lang::Zh => writeln!(
                out,
                "另有 {open} 条因台账内容缺失或无法识别，暂不能判断。\n"
            )?,
            Lang::En => writeln!(
                out,
                "{open} more cannot be decided, because cells are empty or cannot be read.\n"
            )?,
        }
    }
    let things: Vec<String> = view
        .supply_of(village)
        .filter(|supply| supply.what != MissingWhat::Limit)
        .map(|supply| supplied(supply, lang))
        .collect();
    if !things.is_empty() {
        match lang {
            Lang::Zh => writeln!(out, "**需补充、调阅**　{}。\n", things.join("；"))?,
            Lang::En => writeln!(out, "**To be supplied**: {}.\n", things.join("; "))?,
        }
    }
    Ok(())
}

/// 一是… 二是…: each problem once, with its number, money and first examples.
fn problems(lines: &[&Line<'_>], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<(&str, Vec<&Line<'_>>)> = Vec::new();
    for line in lines {
        let rule = line.finding.rule.as_str();
        match rules.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, of_rule)) => of_rule.push(line),
            None => rules.push((rule, vec![line])),
        }
    }
    for (index, (_, of_rule)) in (1..).zip(&rules) {
        let first = of_rule[0];
        let finding = first.finding;
        let amount = money_at_stake(of_rule.iter().copied());
        let money = match (amount.is_zero(), lang) {
            (true, _) => String::new(),
            (false, Lang::Zh) => format!("，涉及金额 {}", labels::money(amount, lang)),
            (false, Lang::En) => format!(", {} at stake", labels::money(amount, lang)),
        };
        let frequent = if first.frequent {
            format!("（{}）", labels::frequent(lang))
        } else {
            String::new()
        };
        let title = escape(&finding.title);
        let severity = finding.severity.name(lang);
        match lang {
            Lang::Zh => write!(
                out,
                "{}是{title}（{severity}，{}{money}）{frequent}。",
                numeral(index),
                labels::records_of(records(of_rule), first.kind, lang)
            )?,
            Lang::En => write!(
                out,
                "{index}\\. {title} ({severity}, {}{money}){frequent}. ",
                labels::records_of(records(of_rule), first.kind, lang)
            )?,
        }
        for line in of_rule.iter().take(EXAMPLES) {
            example(line, lang, out)?;
        }
        if of_rule.len() > EXAMPLES {
            match lang {
                Lang::Zh => write!(out, "其余 {} 条见清单。", of_rule.len() - EXAMPLES)?,
                Lang::En => write!(out, "{} more are in the list. ", of_rule.len() - EXAMPLES)?,
            }
        }
        match lang {
            Lang::Zh => writeln!(out, "依据：{}。\n", escape(&labels::basis(finding, lang)))?,
            Lang::En => writeln!(out, "Basis: {}.\n", escape(&labels::basis(finding, lang)))?,
        }
    }
    Ok(())
}

/// How many records the lines are about.
fn records(lines: &[&Line<'_>]) -> usize {
    let records: BTreeSet<(&str, &str, u32)> = lines
        .iter()
        .flat_map(|line| &line.finding.records)
        .map(|record| (record.file.as_str(), record.sheet.as_str(), record.row))
        .collect();
    records.len().max(1)
}

fn example(line: &Line<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let finding = line.finding;
    let place = finding
        .evidence
        .first()
        .map(|cell| labels::place(&cell.file, &cell.sheet, &cell.cell))
        .unwrap_or_default();
    let key = finding
        .records
        .first()
        .map(|record| escape(&record.key))
        .unwrap_or_default();
    let message = escape(&finding.message);
    let message = message.trim_end_matches(['。', '.']);
    let also: Vec<String> = line
        .others
        .iter()
        .map(|other| escape(&other.title))
        .collect();
    let also = match (also.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("；同一事项另涉及{}", also.join("、")),
        (false, Lang::En) => format!("; also: {}", also.join(", ")),
    };
    match lang {
        Lang::Zh => write!(out, "{key}：{message}（{}）{also}。", escape(&place)),
        Lang::En => write!(out, "{key}: {message} ({}){also}. ", escape(&place)),
    }
}

fn supplied(supply: &Supply<'_>, lang: Lang) -> String {
    let what = match supply.what {
        MissingWhat::Column => lang.pick("（整列）", " (column)"),
        MissingWhat::Ledger => lang.pick("台账", " ledger"),
        MissingWhat::Cell | MissingWhat::Limit => "",
    };
    escape(&format!(
        "{}{what} {}",
        supply.name,
        labels::records_of(supply.records, supply.kind, lang)
    ))
}

/// What was not read, not run and not set.
fn gaps(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let lang = view.lang;
    let mut items: Vec<String> = Vec::new();
    for input in &view.report.inputs {
        if input.status == InputStatus::Unreadable {
            let reason = input
                .reason
                .as_ref()
                .map_or("", |reason| reason.message.get(lang));
            items.push(format!("{}{}{}", input.file, lang.pick("：", ": "), reason));
        }
    }
    for rule in &view.rules {
        if rule.balance.records == rule.balance.not_run {
            let lacks: Vec<String> = rule
                .lacks
                .iter()
                .map(|(what, name, _)| format!("{} {name}", labels::what(*what, lang)))
                .collect();
            items.push(format!(
                "{}{}{} {}",
                rule.title,
                lang.pick("：", ": "),
                Verdict::NotRun.name(lang),
                lacks.join(lang.pick("、", ", "))
            ));
        }
    }
    items.extend(view.report.notes.iter().cloned());
    if items.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "## {}\n",
        lang.pick(
            "三、未读取、未执行及说明",
            "3. Not read, not run, and notes"
        )
    )?;
    for item in items {
        writeln!(out, "- {}", escape(item.trim()))?;
    }
    Ok(())
}

/// A text as Markdown text: markup characters get a backslash or become entities, and nothing becomes a link or a mention.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            ':' => escaped.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '^' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    // A bare host name would become a link.
    let mut escaped = escaped.replace("www.", "www&#46;");
    // What begins a list when it begins a line.
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 && escaped.starts_with(['-', '+'])
        || digits > 0 && escaped[digits..].starts_with(['.', ')'])
    {
        escaped.insert(digits, '\\');
    }
    escaped
}

/// 一, 二 … 九十九.
fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        20..=99 => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{escape, numeral};

    #[test]
    fn numerals() {
        let cases = [
            (1, "一"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (99, "九十九"),
            (100, "100"),
        ];
        for (number, text) in cases {
            assert_eq!(numeral(number), text);
        }
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(
            escape("|a| [x](http://y) <b> `c` @d #1"),
            "\\|a\\| \\[x\\](http&#58;//y) &lt;b&gt; \\`c\\` &#64;d \\#1"
        );
        assert_eq!(escape("1. 台账"), "1\\. 台账");
        assert_eq!(escape("- 台账"), "\\- 台账");
        assert_eq!(escape("1.5"), "1\\.5");
        assert_eq!(escape("2024-03-10"), "2024-03-10");
    }
}
