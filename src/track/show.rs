//! The store's answers as text for a terminal, and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::{Added, Case, Event, Imported, RuleShare, TallyOfScan, Verified};
use crate::lang::Lang;
use crate::report::{columns, pad, visible};

/// A table with its columns aligned; the last column is left as long as it is.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            let widest = cells.map(|cell| columns(cell)).max().unwrap_or(0);
            widest.max(columns(title))
        })
        .collect();
    let mut text = String::new();
    let head: Vec<String> = head.iter().map(|title| (*title).to_owned()).collect();
    for row in std::iter::once(&head).chain(rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| pad(cell, *width))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A list of cases as they stand on a day (ISO).
pub fn list_text(cases: &[&Case], day: &str, lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => [
            "指纹", "状态", "村", "级别", "问题", "编号", "金额", "期限", "责任", "说明",
        ],
        Lang::En => [
            "fingerprint",
            "status",
            "village",
            "severity",
            "finding",
            "record",
            "amount",
            "due",
            "responsible",
            "remark",
        ],
    };
    let rows: Vec<Vec<String>> = cases.iter().map(|case| line(case, day, lang)).collect();
    let mut text = table(&head, &rows);
    let overdue = cases.iter().filter(|case| case.is_overdue(day)).count();
    let reopened = cases
        .iter()
        .filter(|c| c.reopened && c.standing(day).is_open());
    let (all, reopened) = (cases.len(), reopened.count());
    // Writing into a String cannot fail.
    let _ = match lang {
        Lang::Zh => writeln!(
            text,
            "共 {all} 项，其中逾期 {overdue} 项、复发 {reopened} 项（{day}）。以下为台账线索，需核实"
        ),
        Lang::En => writeln!(
            text,
            "{all} in all, {overdue} overdue, {reopened} reopened (on {day}). What ledgers show is to be verified"
        ),
    };
    text
}

fn line(case: &Case, day: &str, lang: Lang) -> Vec<String> {
    let seen = &case.seen;
    let mut due = case.due.clone();
    if case.is_overdue(day) {
        due.push_str(lang.pick("（逾期）", " (overdue)"));
    }
    let standing = case.standing_text(day, lang);
    let village = format!("{}{}", seen.town, seen.village);
    let remark = if case.changes.is_empty() {
        case.why.as_str()
    } else {
        case.changes.as_str()
    };
    [
        case.fingerprint.as_str(),
        &standing,
        &village,
        seen.severity.name(lang),
        &seen.title,
        &seen.key,
        &seen.amount,
        &due,
        &case.responsible,
        remark,
    ]
    .map(|cell| visible(cell).into_owned())
    .to_vec()
}

/// What happened to a case.
pub fn history_text(case: &Case, events: &[Event], day: &str, lang: Lang) -> String {
    let seen = &case.seen;
    let mut text = format!(
        "{}  {}{}  {}  {}\n{}\n{}\n",
        case.fingerprint,
        visible(&seen.town),
        visible(&seen.village),
        visible(&seen.title),
        visible(&seen.key),
        visible(&seen.message),
        visible(&seen.place),
    );
    let (standing, since) = (case.standing_text(day, lang), &case.since);
    let _ = match lang {
        Lang::Zh => writeln!(text, "现状：{standing}（{since} 起）\n"),
        Lang::En => writeln!(text, "now: {standing}, since {since}\n"),
    };
    for event in events {
        let line = match event {
            Event::Found {
                as_of,
                verdict,
                matched,
                ..
            } => {
                let verdict = verdict.name(lang);
                let matched = match matched.as_str() {
                    "" => String::new(),
                    "record" => lang
                        .pick("，按记录对上", ", matched by its record")
                        .to_owned(),
                    "members" => lang
                        .pick("，按多数成员对上", ", matched by most of its members")
                        .to_owned(),
                    key => match lang {
                        Lang::Zh => format!("，编号已改，按其他关键字段对上：{key}"),
                        Lang::En => format!(", renumbered, matched by another key: {key}"),
                    },
                };
                match lang {
                    Lang::Zh => format!("{as_of}  检查：{verdict}{matched}"),
                    Lang::En => format!("{as_of}  scan: {verdict}{matched}"),
                }
            }
            Event::Missed {
                as_of, status, why, ..
            } => {
                let status = super::State::from_id(status)
                    .map_or(status.as_str(), |s| super::Standing::State(s).name(lang));
                match lang {
                    Lang::Zh => format!("{as_of}  检查：{status}；{why}"),
                    Lang::En => format!("{as_of}  scan: {status}; {why}"),
                }
            }
            Event::Decided { at, who, act, .. } => {
                let day = at.get(..10).unwrap_or(at);
                match lang {
                    Lang::Zh => format!("{day}  {who}：{}", act.text(lang)),
                    Lang::En => format!("{day}  {who}: {}", act.text(lang)),
                }
            }
        };
        text.push_str(&visible(&line));
        text.push('\n');
    }
    text
}

/// What adding a scan came to.
pub fn added_text(added: &Added, lang: Lang) -> String {
    let Added {
        as_of,
        new,
        again,
        reopened,
        rectified,
        altered,
        vanished,
        unknown,
        ..
    } = added;
    match lang {
        Lang::Zh => format!(
            "已登记 {as_of} 的检查：新增 {new} 项，仍在 {again} 项（复发 {reopened} 项），已整改销号 {rectified} 项，已改动待说明 {altered} 项，记录消失 {vanished} 项，未能核对 {unknown} 项\n"
        ),
        Lang::En => format!(
            "added the scan of {as_of}: {new} new, {again} still there ({reopened} reopened), {rectified} rectified, {altered} altered and to be explained, {vanished} with their record gone, {unknown} not verifiable\n"
        ),
    }
}

/// What an import came to, with everything that was not entered.
pub fn imported_text(imported: &Imported, lang: Lang) -> String {
    let mut text = String::new();
    for (fingerprint, act) in &imported.entered {
        let _ = writeln!(text, "+ {fingerprint}  {}", visible(&act.text(lang)));
    }
    for clash in &imported.clashes {
        let field = clash.field.map_or("", |field| field.name(lang));
        let (row, kind) = (clash.row, clash.kind.text());
        let line = match lang {
            Lang::Zh => format!(
                "第 {row} 行 {} {field}：表中“{}”，台账“{}”——{}",
                clash.fingerprint, clash.sheet, clash.store, kind.zh
            ),
            Lang::En => format!(
                "row {row} {} {field}: sheet “{}”, store “{}” - {}",
                clash.fingerprint, clash.sheet, clash.store, kind.en
            ),
        };
        let _ = writeln!(text, "! {}", visible(&line));
    }
    let (entered, unchanged, clashes) = (
        imported.entered.len(),
        imported.unchanged,
        imported.clashes.len(),
    );
    let _ = match lang {
        Lang::Zh => writeln!(
            text,
            "登记 {entered} 条，{unchanged} 行没有变化，{clashes} 处未采用"
        ),
        Lang::En => writeln!(
            text,
            "{entered} entered, {unchanged} lines unchanged, {clashes} not used"
        ),
    };
    text
}

/// Each rule with what verification came to.
pub fn rules_text(shares: &[RuleShare], lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => [
            "规则",
            "问题数",
            "属实",
            "部分属实",
            "不属实",
            "不属实占比",
            "名称",
        ],
        Lang::En => [
            "rule",
            "cases",
            "confirmed",
            "partly",
            "unfounded",
            "share unfounded",
            "title",
        ],
    };
    let rows: Vec<Vec<String>> = shares
        .iter()
        .map(|share| {
            let percent = share.unfounded_percent();
            vec![
                share.rule.clone(),
                share.cases.to_string(),
                share.confirmed.to_string(),
                share.partly.to_string(),
                share.unfounded.to_string(),
                percent.map_or_else(|| "—".to_owned(), |percent| format!("{percent:.1}%")),
                visible(&share.title).into_owned(),
            ]
        })
        .collect();
    table(&head, &rows)
}

/// Where the villages stood after each scan.
pub fn trend_text(trend: &[TallyOfScan], lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => [
            "基准日",
            "村",
            "待办",
            "新增",
            "已整改",
            "人工销号",
            "待说明",
            "复发",
        ],
        Lang::En => [
            "as of",
            "village",
            "open",
            "new",
            "rectified",
            "closed",
            "unexplained",
            "reopened",
        ],
    };
    let rows: Vec<Vec<String>> = trend
        .iter()
        .map(|at| {
            let tally = &at.tally;
            vec![
                at.as_of.clone(),
                visible(&format!("{}{}", tally.town, tally.village)).into_owned(),
                tally.open.to_string(),
                tally.new.to_string(),
                tally.rectified.to_string(),
                tally.closed.to_string(),
                tally.unexplained.to_string(),
                tally.reopened.to_string(),
            ]
        })
        .collect();
    table(&head, &rows)
}

/// What proving the store came to.
pub fn verified_text(verified: &Verified, lang: Lang) -> String {
    let (scans, acts, cases) = (verified.scans, verified.acts, verified.cases);
    let mut text = match (verified.faults.is_empty(), lang) {
        (true, Lang::Zh) => format!(
            "重新推算了 {scans} 次检查、{acts} 条登记、{cases} 项问题：全部状态都能由检查和登记得出\n"
        ),
        (true, Lang::En) => format!(
            "derived {cases} cases again from {scans} scans and {acts} acts: every status follows from them\n"
        ),
        (false, Lang::Zh) => {
            format!("重新推算了 {scans} 次检查、{acts} 条登记、{cases} 项问题，发现不一致：\n")
        }
        (false, Lang::En) => format!(
            "derived {cases} cases again from {scans} scans and {acts} acts; these do not agree:\n"
        ),
    };
    for fault in &verified.faults {
        let _ = writeln!(text, "- {}", visible(fault.get(lang)));
    }
    text
}

/// A case as `heyan.cases/1` writes it.
#[derive(Serialize)]
struct CaseV1<'c> {
    fingerprint: &'c str,
    status: &'static str,
    since: &'c str,
    overdue: bool,
    reopened: bool,
    rule: &'c str,
    title: &'c str,
    topic: &'static str,
    severity: &'static str,
    verdict: &'static str,
    town: &'c str,
    village: &'c str,
    record: &'c str,
    place: &'c str,
    date: &'c str,
    amount: &'c str,
    message: &'c str,
    first_seen: &'c str,
    last_seen: &'c str,
    why: &'c str,
    changes: &'c str,
    responsible: &'c str,
    due: &'c str,
    note: &'c str,
    judged: Option<&'static str>,
    judged_on: &'c str,
    closed_on: &'c str,
    curable: bool,
}

/// A list of cases as `heyan.cases/1`.
#[derive(Serialize)]
struct CasesV1<'c> {
    schema: &'static str,
    day: &'c str,
    cases: Vec<CaseV1<'c>>,
}

/// A list of cases as they stand on a day (ISO), as JSON `heyan.cases/1`.
pub fn list_json(cases: &[&Case], day: &str) -> String {
    let list = CasesV1 {
        schema: "heyan.cases/1",
        day,
        cases: cases.iter().map(|case| case_v1(case, day)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&list).unwrap_or_default();
    text.push('\n');
    text
}

fn case_v1<'c>(case: &'c Case, day: &str) -> CaseV1<'c> {
    let seen = &case.seen;
    CaseV1 {
        fingerprint: &case.fingerprint,
        status: case.standing(day).id(),
        since: &case.since,
        overdue: case.is_overdue(day),
        reopened: case.reopened,
        rule: &seen.rule,
        title: &seen.title,
        topic: seen.topic.id(),
        severity: seen.severity.id(),
        verdict: seen.verdict.id(),
        town: &seen.town,
        village: &seen.village,
        record: &seen.key,
        place: &seen.place,
        date: &seen.date,
        amount: &seen.amount,
        message: &seen.message,
        first_seen: &case.first.1,
        last_seen: &case.last.1,
        why: &case.why,
        changes: &case.changes,
        responsible: &case.responsible,
        due: &case.due,
        note: &case.note,
        judged: case.judged.as_ref().map(|(result, _)| result.id()),
        judged_on: case.judged.as_ref().map_or("", |(_, evidence)| evidence),
        closed_on: &case.closed,
        curable: seen.curable,
    }
}
