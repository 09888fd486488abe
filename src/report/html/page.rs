//! What stands around the list: the head with counts, charts and filters, and the closing tables.

use serde::Serialize;

use super::charts::Chart;
use crate::finding::{InputStatus, Severity, Topic, Verdict};
use crate::lang::Lang;
use crate::report::clean::visible;
use crate::report::labels;
use crate::report::view::{Counts, View, Village};

/// The fixed words of the templates.
#[derive(Serialize)]
pub(super) struct Words {
    skip: &'static str,
    summary: &'static str,
    once: &'static str,
    list: &'static str,
    filter: &'static str,
    all: &'static str,
    text: &'static str,
    reset: &'static str,
    open: &'static str,
    close: &'static str,
    of: &'static str,
    none: &'static str,
    cells: &'static str,
    cell: &'static str,
    header: &'static str,
    raw: &'static str,
    value: &'static str,
    condition: &'static str,
    limit: &'static str,
    missing: &'static str,
    advice: &'static str,
    waiver: &'static str,
    notes: &'static str,
}

impl Words {
    /// In a language.
    pub(super) fn of(lang: Lang) -> Self {
        Self {
            skip: lang.pick("跳到问题清单", "Skip to the list"),
            summary: lang.pick("汇总", "Summary"),
            once: lang.pick(
                "同一记录的金额只计一次（取最大）；不含提示级、待核、已豁免和试行。",
                "A record's money counts once (the largest); hints, undetermined, waived and trial ones are left out.",
            ),
            list: lang.pick("问题清单", "Findings"),
            filter: lang.pick("筛选", "Filter"),
            all: lang.pick("全部", "all"),
            text: lang.pick("文字", "Text"),
            reset: lang.pick("清除筛选", "Reset"),
            open: lang.pick("全部展开", "Expand all"),
            close: lang.pick("全部收起", "Collapse all"),
            of: lang.pick("／", "of"),
            none: lang.pick("没有符合筛选条件的问题。", "Nothing fits the filter."),
            cells: lang.pick("证据单元格", "Deciding cells"),
            cell: lang.pick("单元格", "Cell"),
            header: lang.pick("表头", "Header"),
            raw: lang.pick("原值", "As it stands"),
            value: lang.pick("读取值", "Value"),
            condition: lang.pick("判定条件", "Condition as evaluated"),
            limit: lang.pick("限额", "Limit"),
            missing: lang.pick("缺少", "Missing"),
            advice: lang.pick("建议", "Advice"),
            waiver: lang.pick("豁免", "Waiver"),
            notes: lang.pick("说明", "Notes"),
        }
    }
}

/// The head of the page.
#[derive(Serialize)]
pub(super) struct Page {
    html_lang: &'static str,
    title: &'static str,
    as_of: String,
    notice: &'static str,
    run: String,
    cards: Vec<Card>,
    charts: Vec<Chart>,
    severities: Vec<Key>,
    tables: Vec<Table>,
    filters: Vec<Filter>,
    lines: usize,
}

#[derive(Serialize)]
struct Card {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Key {
    name: &'static str,
    class: &'static str,
}

/// A table; columns from `numbers` on are numbers.
#[derive(Serialize)]
pub(super) struct Table {
    title: &'static str,
    open: bool,
    heads: Vec<String>,
    numbers: usize,
    rows: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Filter {
    id: &'static str,
    name: &'static str,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    name: String,
}

impl Page {
    /// Of a view.
    pub(super) fn of(view: &View<'_>) -> Self {
        let lang = view.lang;
        let report = view.report;
        let read = report
            .inputs
            .iter()
            .filter(|input| input.status == InputStatus::Read)
            .count();
        let rules: String = report.tool.rules.chars().take(8).collect();
        let run = match lang {
            Lang::Zh => format!(
                "基准日 {} · 核验 {} · 规则 {} · 读取文件 {read}/{} · 记录 {}",
                report.as_of,
                report.tool.version,
                rules,
                report.inputs.len(),
                report.balance.records
            ),
            Lang::En => format!(
                "As of {} · heyan {} · rules {} · files read {read}/{} · records {}",
                report.as_of,
                report.tool.version,
                rules,
                report.inputs.len(),
                report.balance.records
            ),
        };
        let by_village: Vec<(String, Counts)> = view
            .villages
            .iter()
            .map(|village| {
                (
                    labels::village(village.town, village.name, lang),
                    village.counts,
                )
            })
            .collect();
        let by_topic: Vec<(String, Counts)> = Topic::ALL
            .iter()
            .map(|topic| {
                let lines: Vec<_> = view
                    .lines
                    .iter()
                    .filter(|line| line.topic() == *topic)
                    .collect();
                (
                    topic.name(lang).to_owned(),
                    Counts::of(lines.iter().copied()),
                )
            })
            .collect();
        Self {
            html_lang: lang.pick("zh-CN", "en"),
            title: lang.pick("台账核验问题清单", "Leads from the ledgers"),
            as_of: visible(&report.as_of).into_owned(),
            notice: labels::head(lang),
            run: visible(&run).into_owned(),
            cards: cards(view),
            tables: vec![
                count_table(
                    lang.pick("分村统计", "By village"),
                    lang.pick("村", "Village"),
                    &by_village,
                    true,
                    lang,
                ),
                count_table(
                    lang.pick("分方面统计", "By topic"),
                    lang.pick("方面", "Topic"),
                    &by_topic,
                    false,
                    lang,
                ),
                coverage(view),
                balance(view),
            ],
            charts: vec![
                Chart::of(
                    lang.pick("各村不符线索", "Violations by village"),
                    by_village,
                    lang,
                ),
                Chart::of(
                    lang.pick("各方面不符线索", "Violations by topic"),
                    by_topic,
                    lang,
                ),
            ],
            severities: Severity::ALL
                .map(|severity| Key {
                    name: severity.name(lang),
                    class: severity.id(),
                })
                .into(),
            filters: filters(view),
            lines: view.lines.len(),
        }
    }
}

fn cards(view: &View<'_>) -> Vec<Card> {
    let lang = view.lang;
    let counts = &view.counts;
    let card = |name, value: usize| Card {
        name,
        value: value.to_string(),
    };
    let mut cards = vec![
        card(Verdict::Violation.name(lang), counts.violations),
        card(Verdict::Undetermined.name(lang), counts.undetermined),
        Card {
            name: lang.pick("涉及金额", "at stake"),
            value: labels::money(counts.amount, lang),
        },
        card(lang.pick("村", "villages"), view.villages.len()),
    ];
    if view.report.resolved.is_some() {
        cards.push(card(
            lang.pick("较基线新增", "new against the baseline"),
            counts.new,
        ));
    }
    if counts.waived > 0 {
        cards.push(card(lang.pick("已豁免", "waived"), counts.waived));
    }
    if counts.trial > 0 {
        cards.push(card(lang.pick("试行规则", "on trial"), counts.trial));
    }
    cards
}

fn count_table(
    title: &'static str,
    first: &str,
    counted: &[(String, Counts)],
    open: bool,
    lang: Lang,
) -> Table {
    let mut heads = vec![first.to_owned()];
    heads.extend(Severity::ALL.map(|severity| severity.name(lang).to_owned()));
    heads.extend([
        Verdict::Undetermined.name(lang).to_owned(),
        lang.pick("已豁免", "waived").to_owned(),
        lang.pick("涉及金额（元）", "At stake (CNY)").to_owned(),
    ]);
    Table {
        title,
        open,
        heads,
        numbers: 1,
        rows: counted
            .iter()
            .map(|(name, counts)| {
                let mut row = vec![name.clone()];
                row.extend(Severity::ALL.map(|severity| counts.of_severity(severity).to_string()));
                row.extend([
                    counts.undetermined.to_string(),
                    counts.waived.to_string(),
                    labels::amount(counts.amount),
                ]);
                row
            })
            .collect(),
    }
}

fn coverage(view: &View<'_>) -> Table {
    let lang = view.lang;
    Table {
        title: lang.pick("台账提供情况", "Ledgers supplied"),
        open: false,
        heads: [
            lang.pick("村", "Village"),
            lang.pick("台账", "Ledger"),
            lang.pick("最早", "From"),
            lang.pick("最晚", "To"),
            lang.pick("张数", "Tables"),
            lang.pick("记录", "Records"),
        ]
        .map(str::to_owned)
        .into(),
        numbers: 4,
        rows: view
            .villages
            .iter()
            .flat_map(|village| &village.coverage)
            .map(|coverage| {
                vec![
                    labels::village(&coverage.town, &coverage.village, lang),
                    visible(labels::kind(&coverage.kind, lang)).into_owned(),
                    coverage.from.clone().unwrap_or_default(),
                    coverage.to.clone().unwrap_or_default(),
                    coverage.tables.to_string(),
                    coverage.records.to_string(),
                ]
            })
            .collect(),
    }
}

fn balance(view: &View<'_>) -> Table {
    let lang = view.lang;
    let mut heads = vec![
        lang.pick("规则", "Rule").to_owned(),
        lang.pick("说明", "Remark").to_owned(),
        lang.pick("记录", "Records").to_owned(),
    ];
    heads.extend(
        [
            Verdict::Violation,
            Verdict::Pass,
            Verdict::Undetermined,
            Verdict::NotApplicable,
            Verdict::NotRun,
        ]
        .map(|verdict| verdict.name(lang).to_owned()),
    );
    Table {
        title: lang.pick("规则覆盖与平衡", "Rules and balance"),
        open: false,
        heads,
        numbers: 2,
        rows: view
            .rules
            .iter()
            .map(|rule| {
                let balance = rule.balance;
                let mut remarks = Vec::new();
                if balance.fires_too_often() {
                    remarks.push(labels::frequent(lang).to_owned());
                }
                for (what, name, records) in &rule.lacks {
                    remarks.push(match lang {
                        Lang::Zh => format!(
                            "缺{} {}（{records} 条未执行）",
                            labels::what(*what, lang),
                            visible(name)
                        ),
                        Lang::En => format!(
                            "lacks {} {} ({records} not run)",
                            labels::what(*what, lang),
                            visible(name)
                        ),
                    });
                }
                let mut row = vec![
                    format!("{} {}", visible(rule.title), visible(&balance.rule)),
                    remarks.join(lang.pick("；", "; ")),
                ];
                row.extend(
                    [
                        balance.records,
                        balance.violation,
                        balance.pass,
                        balance.undetermined,
                        balance.not_applicable,
                        balance.not_run,
                    ]
                    .map(|count| count.to_string()),
                );
                row
            })
            .collect(),
    }
}

fn filters(view: &View<'_>) -> Vec<Filter> {
    let lang = view.lang;
    let choice = |value: &str, name: &str| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
    };
    let mut states = vec![
        choice("violation", Verdict::Violation.name(lang)),
        choice("undetermined", Verdict::Undetermined.name(lang)),
        choice("waived", lang.pick("已豁免", "waived")),
        choice("trial", lang.pick("试行", "on trial")),
    ];
    if view.report.resolved.is_some() {
        states.push(choice("new", lang.pick("新增", "new")));
        states.push(choice("unchanged", lang.pick("未变", "open before")));
    }
    vec![
        Filter {
            id: "village",
            name: lang.pick("村", "Village"),
            options: view
                .villages
                .iter()
                .enumerate()
                .map(|(index, village)| Choice {
                    value: index.to_string(),
                    name: labels::village(village.town, village.name, lang),
                })
                .collect(),
        },
        Filter {
            id: "topic",
            name: lang.pick("方面", "Topic"),
            options: Topic::ALL
                .iter()
                .map(|topic| choice(topic.id(), topic.name(lang)))
                .collect(),
        },
        Filter {
            id: "severity",
            name: lang.pick("级别", "Severity"),
            options: Severity::ALL
                .iter()
                .map(|severity| choice(severity.id(), severity.name(lang)))
                .collect(),
        },
        Filter {
            id: "status",
            name: lang.pick("状态", "Status"),
            options: states,
        },
    ]
}

/// The head of a village within the list.
#[derive(Serialize)]
pub(super) struct VillageHead {
    name: String,
    counts: String,
    none: &'static str,
}

impl VillageHead {
    /// Of a village.
    pub(super) fn of(view: &View<'_>, village: &Village<'_>) -> Self {
        let lang = view.lang;
        let counts = &village.counts;
        Self {
            name: labels::village(village.town, village.name, lang),
            counts: format!(
                "{} {} · {} {} · {}",
                Verdict::Violation.name(lang),
                counts.violations,
                Verdict::Undetermined.name(lang),
                counts.undetermined,
                labels::money(counts.amount, lang)
            ),
            none: if village.lines.is_empty() {
                lang.pick("未发现不符线索。", "No leads were found.")
            } else {
                ""
            },
        }
    }
}

/// What is to be supplied, what became of the baseline's findings, and the files.
pub(super) fn closing_tables(view: &View<'_>) -> Vec<Table> {
    let mut tables = Vec::new();
    if !view.supply.is_empty() {
        tables.push(supply(view));
    }
    if let Some(resolved) = view.report.resolved.as_ref().filter(|r| !r.is_empty()) {
        let lang = view.lang;
        tables.push(Table {
            title: lang.pick("基线比对", "Against the baseline"),
            open: true,
            heads: [
                lang.pick("村", "Village"),
                lang.pick("问题", "Problem"),
                lang.pick("记录", "Record"),
                lang.pick("去向", "Now"),
                lang.pick("改动", "Changes"),
                lang.pick("说明", "Why"),
            ]
            .map(str::to_owned)
            .into(),
            numbers: 0,
            rows: resolved
                .iter()
                .map(|item| {
                    let finding = &item.finding;
                    let changes: Vec<String> = item
                        .changes
                        .iter()
                        .map(|change| {
                            format!(
                                "{} {}: {} → {}",
                                visible(&change.field),
                                visible(&change.cell),
                                labels::raw(&change.before, lang),
                                labels::raw(&change.after, lang)
                            )
                        })
                        .collect();
                    vec![
                        labels::village(&finding.town, &finding.village, lang),
                        visible(&finding.title).into_owned(),
                        finding
                            .records
                            .first()
                            .map(|record| visible(&record.key).into_owned())
                            .unwrap_or_default(),
                        labels::resolved(item.status, lang).to_owned(),
                        changes.join(lang.pick("；", "; ")),
                        visible(&item.why).into_owned(),
                    ]
                })
                .collect(),
        });
    }
    tables.push(files(view));
    tables
}

fn supply(view: &View<'_>) -> Table {
    let lang = view.lang;
    Table {
        title: lang.pick("待核与调阅清单", "To be supplied"),
        open: true,
        heads: [
            lang.pick("村", "Village"),
            lang.pick("类别", "Kind"),
            lang.pick("缺少内容", "Missing"),
            lang.pick("数量", "Number"),
            lang.pick("可判定的规则", "Rules it decides"),
        ]
        .map(str::to_owned)
        .into(),
        numbers: 0,
        rows: view
            .supply
            .iter()
            .map(|supply| {
                let rules: Vec<&str> = supply.rules.iter().map(|(title, _)| *title).collect();
                vec![
                    labels::village(supply.town, supply.village, lang),
                    labels::what(supply.what, lang).to_owned(),
                    visible(supply.name).into_owned(),
                    labels::records_of(supply.records, supply.kind, lang),
                    visible(&rules.join(lang.pick("、", ", "))).into_owned(),
                ]
            })
            .collect(),
    }
}

fn files(view: &View<'_>) -> Table {
    let lang = view.lang;
    Table {
        title: lang.pick("文件", "Files"),
        open: true,
        heads: [
            lang.pick("文件", "File"),
            lang.pick("状态", "Status"),
            lang.pick("说明", "Remark"),
            lang.pick("台账", "Tables"),
            lang.pick("记录", "Records"),
        ]
        .map(str::to_owned)
        .into(),
        numbers: 3,
        rows: view
            .report
            .inputs
            .iter()
            .map(|input| {
                let status = match input.status {
                    InputStatus::Read => lang.pick("已读取", "read"),
                    InputStatus::Unreadable => lang.pick("未能读取", "not readable"),
                    InputStatus::Skipped => lang.pick("跳过", "skipped"),
                };
                let records: u64 = input.tables.iter().map(|t| u64::from(t.records)).sum();
                vec![
                    visible(&input.file).into_owned(),
                    status.to_owned(),
                    input
                        .reason
                        .as_ref()
                        .map(|reason| visible(reason.message.get(lang)).into_owned())
                        .unwrap_or_default(),
                    input.tables.len().to_string(),
                    records.to_string(),
                ]
            })
            .collect(),
    }
}

/// Restated limits and remarks on the run.
pub(super) fn notes(view: &View<'_>) -> Vec<String> {
    let restated = view.report.restated.iter().map(|limit| {
        format!(
            "{}{}",
            view.lang
                .pick("本地重设的限额：", "limit restated locally: "),
            labels::limit(limit, view.lang)
        )
    });
    restated
        .chain(
            view.report
                .notes
                .iter()
                .map(|note| visible(note).into_owned()),
        )
        .collect()
}
