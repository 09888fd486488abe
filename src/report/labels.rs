//! Fixed words of the lists in both languages, and how money and places are printed.

use rust_decimal::Decimal;

use super::clean::visible;
use crate::finding::{
    Because, CitedLimit, CitedProvision, Finding, MissingWhat, ResolvedStatus, Severity, Stage,
    Status, WaiverNote,
};
use crate::lang::Lang;

/// The head of every list.
pub(super) fn head(lang: Lang) -> &'static str {
    lang.pick(
        "以下为台账线索，需核实",
        "Leads from the ledgers, to be verified",
    )
}

/// What a rule that fires on more than a third of what it judged is marked with.
pub(super) fn frequent(lang: Lang) -> &'static str {
    lang.pick(
        "触发率过高，先核对口径",
        "fires too often: check the rule's fit first",
    )
}

/// The name of a ledger kind; a kind of the user's own stays its word.
pub(crate) fn kind(word: &str, lang: Lang) -> &str {
    let (zh, en) = match word {
        "contract" => ("合同", "contracts"),
        "project" => ("工程项目", "projects"),
        "payment" => ("付款", "payments"),
        "receipt" => ("收款", "receipts"),
        "decision" => ("决议", "decisions"),
        "filing" => ("备案", "filings"),
        "asset" => ("资产", "assets"),
        "debt" => ("债权债务", "debts"),
        "voucher" => ("凭证", "vouchers"),
        "bid" => ("投标", "bids"),
        "roster" => ("名册", "rosters"),
        other => return other,
    };
    lang.pick(zh, en)
}

/// A number of records of a kind, with the measure word that Chinese wants: `12 份合同`.
pub(super) fn records_of(count: usize, word: &str, lang: Lang) -> String {
    let measure = match word {
        "contract" => "份",
        "project" => "个",
        "payment" | "receipt" => "笔",
        "decision" => "次",
        "asset" | "debt" | "bid" => "项",
        _ => "条",
    };
    match lang {
        Lang::Zh if word.is_empty() => format!("{count} 条记录"),
        Lang::Zh => format!("{count} {measure}{}", kind(word, lang)),
        Lang::En if word.is_empty() => format!("{count} records"),
        Lang::En => format!("{count} {}", kind(word, lang)),
    }
}

/// Yuan with separators and two decimals: `1,234,567.00`.
pub(super) fn amount(amount: Decimal) -> String {
    let text = super::json::money(amount);
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{fraction}")
}

/// Money with its unit: `1,234,567.00元`, `CNY 1,234,567.00`.
pub(super) fn money(value: Decimal, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}元", amount(value)),
        Lang::En => format!("CNY {}", amount(value)),
    }
}

/// The village with its town before it, where one is known; made visible.
pub(super) fn village(town: &str, village: &str, lang: Lang) -> String {
    let village = if village.is_empty() {
        lang.pick("（未识别村）", "(unknown village)")
    } else {
        village
    };
    if town.is_empty() {
        visible(village).into_owned()
    } else {
        format!("{} {}", visible(town), visible(village))
    }
}

/// `《民法典》第七百八十九条`; an article that is not known is said to be so.
pub(super) fn cited(provision: &CitedProvision, lang: Lang) -> String {
    let mut law = visible(&provision.law);
    if lang == Lang::Zh && law.contains('《') {
        // Within a title's marks a title has single ones.
        law = law.replace('《', "〈").replace('》', "〉").into();
    }
    match (lang, provision.article.is_empty()) {
        (Lang::Zh, true) => format!("《{law}》（条号待定）"),
        (Lang::Zh, false) => format!("《{law}》{}", visible(&provision.article)),
        (Lang::En, true) => format!("{law} (article to be determined)"),
        (Lang::En, false) => format!("{law}, {}", visible(&provision.article)),
    }
}

/// All provisions of a finding on one line; a rule without any is a management hint.
pub(super) fn basis(finding: &Finding, lang: Lang) -> String {
    if finding.basis.is_empty() {
        return hint(finding, lang).to_owned();
    }
    let cited: Vec<String> = finding.basis.iter().map(|p| self::cited(p, lang)).collect();
    cited.join(lang.pick("；", "; "))
}

/// What stands in place of provisions where a finding has none.
pub(super) fn hint(finding: &Finding, lang: Lang) -> &'static str {
    if finding.tree.is_none() {
        lang.pick("数据质量检查", "data quality check")
    } else {
        lang.pick("管理提示", "management hint")
    }
}

/// `工程直接发包限额 20万元（县农〔2021〕12号，2021-07-01 起）`.
pub(super) fn limit(limit: &CitedLimit, lang: Lang) -> String {
    let mut remarks = Vec::new();
    if !limit.basis.is_empty() {
        remarks.push(visible(&limit.basis).into_owned());
    }
    if let Some(from) = &limit.from {
        remarks.push(match lang {
            Lang::Zh => format!("{from} 起"),
            Lang::En => format!("since {from}"),
        });
    }
    if limit.restated {
        remarks.push(lang.pick("本地重设", "restated locally").to_owned());
    }
    let head = format!("{} {}", visible(&limit.name), visible(&limit.value));
    match (remarks.is_empty(), lang) {
        (true, _) => head,
        (false, Lang::Zh) => format!("{head}（{}）", remarks.join("，")),
        (false, Lang::En) => format!("{head} ({})", remarks.join(", ")),
    }
}

/// A cell's text as shown: an empty one is said to be empty.
pub(super) fn raw(text: &str, lang: Lang) -> String {
    if text.trim().is_empty() {
        lang.pick("（空）", "(empty)").to_owned()
    } else {
        visible(text).into_owned()
    }
}

/// `文件!工作表!单元格`.
pub(super) fn place(file: &str, sheet: &str, cell: &str) -> String {
    let mut place = visible(file).into_owned();
    for part in [sheet, cell] {
        if !part.is_empty() {
            place.push('!');
            place.push_str(&visible(part));
        }
    }
    place
}

/// What is missing, in a word.
pub(super) fn what(what: MissingWhat, lang: Lang) -> &'static str {
    match what {
        MissingWhat::Cell => lang.pick("单元格内容", "cell contents"),
        MissingWhat::Column => lang.pick("台账列", "column"),
        MissingWhat::Ledger => lang.pick("台账", "ledger"),
        MissingWhat::Limit => lang.pick("限额/参数", "limit"),
    }
}

/// Against a baseline, in a word: `新增（内容改动）`; empty without one.
pub(super) fn status(finding: &Finding, lang: Lang) -> String {
    match (finding.status, finding.because, finding.was) {
        (Some(Status::New), because, _) => {
            let new = lang.pick("新增", "new");
            let because = match because {
                None | Some(Because::Record) => None,
                Some(Because::Fact) => Some(lang.pick("内容改动", "cells changed")),
                Some(Because::Rule) => Some(lang.pick("规则或限额变动", "rule or limits changed")),
            };
            match (because, lang) {
                (None, _) => new.to_owned(),
                (Some(because), Lang::Zh) => format!("{new}（{because}）"),
                (Some(because), Lang::En) => format!("{new} ({because})"),
            }
        }
        (Some(Status::Unchanged), _, Some(was)) => match lang {
            Lang::Zh => format!("未变（原为{}）", was.name(lang)),
            Lang::En => format!("open (was {})", was.name(lang)),
        },
        (Some(Status::Unchanged), _, None) => lang.pick("未变", "open").to_owned(),
        (None, _, _) => String::new(),
    }
}

/// Everything that sets a finding apart, in words: waived, on trial, and what the baseline tells; empty where nothing does.
pub(super) fn standing(finding: &Finding, lang: Lang) -> String {
    let mut words = Vec::new();
    if finding.waiver.is_some() {
        words.push(lang.pick("已豁免", "waived").to_owned());
    }
    if finding.stage == Some(Stage::Trial) {
        words.push(lang.pick("试行", "on trial").to_owned());
    }
    let status = status(finding, lang);
    if !status.is_empty() {
        words.push(status);
    }
    words.join(lang.pick("，", ", "))
}

/// A waiver in a sentence: reason, approval, expiry.
pub(super) fn waiver(waiver: &WaiverNote, lang: Lang) -> String {
    let (reason, by) = (visible(&waiver.reason), visible(&waiver.approved_by));
    let expires = visible(&waiver.expires);
    match lang {
        Lang::Zh => format!("{reason}（{by} 批准，{expires} 到期）"),
        Lang::En => format!("{reason} (approved by {by}, expires {expires})"),
    }
}

/// What became of a finding of the baseline, in a word.
pub(super) fn resolved(status: ResolvedStatus, lang: Lang) -> &'static str {
    match status {
        ResolvedStatus::Rectified => lang.pick("已整改", "rectified"),
        ResolvedStatus::Altered => lang.pick("台账已改动，需说明", "altered, to be explained"),
        ResolvedStatus::Vanished => lang.pick("记录消失，需说明", "vanished, to be explained"),
        ResolvedStatus::Unknown => lang.pick("本次未能核验", "not checked this time"),
    }
}

/// Why a row is no record.
pub(super) fn ignored(why: &str, lang: Lang) -> &str {
    match why {
        "title" => lang.pick("标题", "title"),
        "blank" => lang.pick("空行", "blank"),
        "total" => lang.pick("合计", "total"),
        "subtotal" => lang.pick("小计", "subtotal"),
        "header-repeated" => lang.pick("重复表头", "repeated header"),
        "column-numbers" => lang.pick("栏次", "column numbers"),
        "section" => lang.pick("分节", "section"),
        "note" => lang.pick("说明", "note"),
        "footer" => lang.pick("表尾", "footer"),
        "template" => lang.pick("样例行", "template row"),
        "end" => lang.pick("表已结束", "end of the table"),
        other => other,
    }
}

/// Where a village was read.
pub(super) fn village_from(from: &str, lang: Lang) -> &str {
    match from {
        "column" => lang.pick("列", "column"),
        "title" => lang.pick("标题行", "title row"),
        "sheet" => lang.pick("工作表名", "sheet name"),
        "file" => lang.pick("文件名", "file name"),
        "folder" => lang.pick("文件夹名", "folder name"),
        "unknown" => lang.pick("未识别", "unknown"),
        other => other,
    }
}

/// A sign before a severity, so that it reads without colour.
pub(super) fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "■",
        Severity::Major => "▲",
        Severity::Minor => "●",
        Severity::Info => "○",
    }
}

#[cfg(test)]
mod tests {
    use super::{amount, records_of};
    use crate::lang::Lang;

    #[test]
    fn amounts_have_separators() {
        let cases = [
            ("0", "0.00"),
            ("999.5", "999.50"),
            ("1000", "1,000.00"),
            ("-1234567.891", "-1,234,567.89"),
            ("100000000", "100,000,000.00"),
        ];
        for (value, printed) in cases {
            assert_eq!(amount(value.parse().expect(value)), printed);
        }
    }

    #[test]
    fn records_have_measure_words() {
        assert_eq!(records_of(12, "contract", Lang::Zh), "12 份合同");
        assert_eq!(records_of(3, "payment", Lang::En), "3 payments");
        assert_eq!(records_of(2, "", Lang::Zh), "2 条记录");
        assert_eq!(records_of(2, "鱼塘", Lang::Zh), "2 条鱼塘");
    }
}
