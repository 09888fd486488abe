//! The one example report that every format's snapshot shows: several villages, every topic and severity, undetermined and
//! not-run rules, a waiver, a rule on trial, a comparison with a baseline, overlaps, unreadable files and hostile values.

use heyan::discover::{FileFormat, Reason, ReasonKind};
use heyan::finding::{
    Balance, Because, CitedLimit, CitedProvision, ColumnReport, Context, ContextCell, Coverage,
    Evidence, FileId, Finding, Fingerprint, IgnoredRow, Input, InputStatus, Missing, MissingWhat,
    NotRun, RecordRef, RecordReport, Report, Resolved, ResolvedChange, ResolvedStatus, RuleBalance,
    RuleInfo, Severity, Stage, Status, TableId, TableReport, Tool, Topic, Tree, TreeValue, Verdict,
    WaiverNote,
};
use heyan::lang::{Bilingual, Lang};

pub(crate) const BOOK: &str = "霁川镇/李庄村/合同台账.xlsx";
pub(crate) const ODD_BOOK: &str = "霁川镇/=王庄's 台账.xlsx";
pub(crate) const PROJECTS: &str = "霁川镇/张湾村工程.xls";
pub(crate) const PAYMENTS: &str = "付款.csv";

/// Values that mean harm to one format or another.
pub(crate) const HOSTILE: &[&str] = &[
    "<img src=x onerror=\"document.title='owned'\">",
    "=HYPERLINK(\"http://example.invalid\",\"点我\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u{1b}[31m红\u{1b}[0m\u{202e}反\u{2066}",
    "::error file=x::injected\r\n::warning::again",
    "|表|格|\n# 标题 [链接](javascript:alert(1)) `代码`",
    "]]></failure><script>alert(1)</script>\u{0}\u{b}",
    "</script><script>document.title='owned'</script>",
];

pub(crate) fn report(lang: Lang) -> Report {
    let zh = lang == Lang::Zh;
    Report {
        tool: Tool {
            version: "0.1.0".into(),
            rules: "a3f5".repeat(16),
        },
        as_of: "2025-06-30".into(),
        lang,
        inputs: inputs(),
        coverage: coverage(),
        balance: balance(),
        findings: findings(zh),
        not_run: not_run(zh),
        records: records(),
        resolved: Some(vec![resolved(zh)]),
        rules: rules(zh),
        restated: vec![limit(zh, "质保金比例上限", "Retention ceiling", "5%", true)],
        waivers_applied: true,
        notes: vec![pick(
            zh,
            "一条豁免已于2025-03-14到期：late-filing A9",
            "A waiver expired on 2025-03-14: late-filing A9",
        )],
    }
}

/// The example with its findings repeated to a number, each with its own record and fingerprint.
pub(crate) fn large(findings: usize) -> Report {
    let mut report = report(Lang::Zh);
    let some = std::mem::take(&mut report.findings);
    report.findings = some
        .iter()
        .cycle()
        .take(findings)
        .enumerate()
        .map(|(index, finding)| {
            let mut finding = finding.clone();
            finding.fingerprint = Fingerprint::of(&[&finding.rule, &index.to_string()]);
            finding.village = format!("第{:03}村", index / 200);
            for record in &mut finding.records {
                record.row += u32::try_from(index).expect("small");
                record.id = format!("{}-{index}", record.id);
            }
            finding
        })
        .collect();
    report
}

fn pick(zh: bool, chinese: &str, english: &str) -> String {
    if zh { chinese } else { english }.to_owned()
}

fn limit(zh: bool, name: &str, en: &str, value: &str, restated: bool) -> CitedLimit {
    CitedLimit {
        name: pick(zh, name, en),
        value: value.into(),
        from: Some("2021-07-01".into()),
        basis: "县农〔2021〕12号".into(),
        restated,
    }
}

fn column(letter: &str, header: &str, field: Option<&str>, unit: Option<&str>) -> ColumnReport {
    ColumnReport {
        column: letter.into(),
        header: header.into(),
        field: field.map(Into::into),
        unit: unit.map(Into::into),
        why: field.map_or("无字段认领", |_| "表头相同").into(),
        confidence: if field.is_some() { 0.99 } else { 0.0 },
        filled: 38,
        empty: 3,
        unreadable: 1,
    }
}

fn table(id: u32, sheet: &str, kind: &str, town: &str, village: &str, last: u32) -> TableReport {
    TableReport {
        id: TableId(id),
        sheet: sheet.into(),
        kind: kind.into(),
        town: town.into(),
        village: village.into(),
        village_from: "title".into(),
        header_rows: vec![3, 4],
        rows: Some((5, last)),
        records: last - 5,
        confidence: 0.97,
        columns: vec![
            column("B", "合同编号", Some("合同编号"), None),
            column("F", "合同价(万元)", Some("合同金额"), Some("万元")),
            column("Z", "<b>其他</b>", None, None),
        ],
        ignored_rows: vec![IgnoredRow {
            row: last,
            why: "total".into(),
        }],
        hidden: id == 2,
    }
}

fn inputs() -> Vec<Input> {
    let read = |id, file: &str, format, tables| Input {
        id: FileId(id),
        file: file.into(),
        sha256: "0123456789abcdef".repeat(4),
        bytes: 20_480,
        format: Some(format),
        status: InputStatus::Read,
        reason: None,
        tables,
    };
    let not = |id, file: &str, status, kind, zh: &'static str, en: &'static str| Input {
        id: FileId(id),
        file: file.into(),
        sha256: String::new(),
        bytes: 1024,
        format: None,
        status,
        reason: Some(Reason {
            kind,
            message: Bilingual::new(zh, en),
        }),
        tables: Vec::new(),
    };
    vec![
        read(
            0,
            PAYMENTS,
            FileFormat::Csv,
            vec![table(1, "", "payment", "霁川镇", "张湾村", 90)],
        ),
        read(
            1,
            ODD_BOOK,
            FileFormat::Xlsx,
            vec![table(1, "合同 'A'!", "contract", "霁川镇", "王庄村", 30)],
        ),
        read(
            2,
            PROJECTS,
            FileFormat::Xls,
            vec![table(1, "工程", "project", "霁川镇", "张湾村", 25)],
        ),
        read(
            3,
            BOOK,
            FileFormat::Xlsx,
            vec![
                table(1, "合同", "contract", "霁川镇", "李庄村", 46),
                table(2, "会议", "decision", "霁川镇", "李庄村", 20),
            ],
        ),
        not(
            4,
            "霁川镇/加密.xlsx",
            InputStatus::Unreadable,
            ReasonKind::Encrypted,
            "文件有密码，请提供密码解除后的文件",
            "The file asks for a password; supply one without",
        ),
        not(
            5,
            "说明.docx",
            InputStatus::Skipped,
            ReasonKind::NotASpreadsheet,
            "不是电子表格",
            "No spreadsheet",
        ),
    ]
}

fn coverage() -> Vec<Coverage> {
    let some = |village: &str, kind: &str, records, from: &str, to: &str| Coverage {
        town: "霁川镇".into(),
        village: village.into(),
        kind: kind.into(),
        tables: 1,
        records,
        from: (!from.is_empty()).then(|| from.into()),
        to: (!to.is_empty()).then(|| to.into()),
    };
    vec![
        some("张湾村", "payment", 85, "2021-02-01", "2025-03-18"),
        some("张湾村", "project", 20, "2020-05-01", "2024-12-30"),
        some("李庄村", "contract", 41, "2019-01-08", "2025-03-18"),
        some("李庄村", "decision", 15, "", ""),
        some("无事村", "contract", 7, "2022-01-01", "2024-02"),
        some("王庄村", "contract", 25, "2020-01-01", "2024-06-01"),
    ]
}

fn balance() -> Balance {
    let rule = |rule: &str, v, p, u, na, x, findings| RuleBalance {
        rule: rule.into(),
        records: v + p + u + na + x,
        violation: v,
        pass: p,
        undetermined: u,
        not_applicable: na,
        not_run: x,
        findings,
        digest: format!("{rule}0f"),
        all_villages: rule == "same-contractor-concentration",
    };
    Balance {
        records: 193,
        issues: vec![("invalid-date".into(), 1), ("unclaimed-column".into(), 1)],
        by_rule: vec![
            rule("cash-payment-over-limit", 1, 84, 0, 0, 0, 1),
            rule("decision-missing", 1, 30, 0, 42, 0, 1),
            rule("late-filing", 12, 8, 1, 20, 32, 2),
            rule("no-bidding-above-limit", 2, 40, 0, 51, 0, 2),
            rule("no-supervisor", 0, 0, 0, 0, 20, 0),
            rule("overdue-completion", 1, 19, 0, 0, 0, 1),
            rule("rent-arrears", 1, 60, 0, 12, 0, 1),
            rule("same-contractor-concentration", 1, 40, 0, 32, 0, 1),
            rule("signed-after-start", 2, 40, 0, 51, 0, 2),
            rule("split-contracts", 2, 35, 0, 36, 0, 1),
        ],
    }
}

fn provision(zh: bool) -> CitedProvision {
    CitedProvision {
        id: "mfd-789".into(),
        law: pick(zh, "中华人民共和国民法典", "Civil Code"),
        article: "第七百八十九条".into(),
        text: "建设工程合同应当采用书面形式".into(),
    }
}

fn cell(
    file: &str,
    sheet: &str,
    at: &str,
    field: &str,
    raw: &str,
    value: Option<&str>,
) -> Evidence {
    Evidence {
        file: file.into(),
        sheet: sheet.into(),
        cell: at.into(),
        header: field.into(),
        field: field.into(),
        raw: raw.into(),
        value: value.map(Into::into),
        inferred: false,
    }
}

fn record(file: &str, sheet: &str, row: u32, key: &str) -> RecordRef {
    RecordRef {
        id: key.into(),
        file: file.into(),
        sheet: sheet.into(),
        row,
        key: key.into(),
    }
}

fn row(file: &str, sheet: &str, row: u32, cells: &[(&str, &str)]) -> Context {
    Context {
        file: file.into(),
        sheet: sheet.into(),
        row,
        cells: cells
            .iter()
            .map(|(column, raw)| ContextCell {
                cell: format!("{column}{row}"),
                raw: (*raw).into(),
            })
            .collect(),
    }
}

fn leaf(text: &str, value: TreeValue) -> Tree {
    Tree {
        text: text.into(),
        value,
        parts: Vec::new(),
    }
}

fn value(text: &str, printed: &str) -> Tree {
    leaf(text, TreeValue::Value(printed.into()))
}

/// A finding with what every finding has; the rest is filled in by the caller.
fn finding(rule: &str, village: &str, key: &str) -> Finding {
    Finding {
        rule: rule.into(),
        title: rule.into(),
        topic: Topic::Signing,
        severity: Severity::Major,
        verdict: Verdict::Violation,
        status: Some(Status::Unchanged),
        was: None,
        because: None,
        waiver: None,
        stage: None,
        fingerprint: Fingerprint::of(&[rule, village, key]),
        town: "霁川镇".into(),
        village: village.into(),
        date: None,
        amount: None,
        message: String::new(),
        advice: String::new(),
        basis: Vec::new(),
        limits: Vec::new(),
        records: Vec::new(),
        evidence: Vec::new(),
        context: Vec::new(),
        tree: Some(leaf("是", TreeValue::True)),
        missing: Vec::new(),
        overlap: None,
        curable: true,
    }
}

fn money(text: &str) -> rust_decimal::Decimal {
    text.parse().expect("money")
}

#[expect(clippy::too_many_lines, reason = "an example, entry after entry")]
fn findings(zh: bool) -> Vec<Finding> {
    let t = |chinese: &str, english: &str| pick(zh, chinese, english);
    let context = row(
        BOOK,
        "合同",
        12,
        &[
            ("A", "8"),
            ("B", "A1"),
            ("C", "村道硬化工程"),
            ("D", "甲建设有限公司"),
            ("F", "38.00"),
            ("G", "2024.3.10"),
            ("H", "2024-03-01"),
            ("N", ""),
        ],
    );
    let mut all = vec![
        Finding {
            title: t("大额现金支付", "Cash payment above the limit"),
            topic: Topic::Funds,
            severity: Severity::Minor,
            date: Some("2024-05-01".into()),
            amount: Some(money("5200")),
            message: t(
                "台账显示2024-05-01以现金支付5,200.00元，高于现金支付限额，需核实",
                "CNY 5,200.00 is recorded as paid in cash on 2024-05-01, above the limit; to be verified",
            ),
            advice: t("核对支付凭证", "Check the voucher"),
            limits: vec![limit(zh, "现金支付限额", "Cash limit", "1,000.00元", false)],
            records: vec![record(PAYMENTS, "", 77, "付-77")],
            evidence: vec![
                cell(PAYMENTS, "", "E77", "付款金额", "0.52", Some("5200.00")),
                cell(PAYMENTS, "", "H77", "支付方式", "现金", Some("现金")),
            ],
            ..finding("cash-payment-over-limit", "张湾村", "付-77")
        },
        Finding {
            title: t("逾期未完工", "Completion overdue"),
            topic: Topic::Oversight,
            severity: Severity::Minor,
            stage: Some(Stage::Trial),
            date: Some("2023-10".into()),
            message: t(
                "台账显示计划2023-10竣工，实际竣工日期（空），需核实",
                "Completion was planned for 2023-10 and none is recorded; to be verified",
            ),
            advice: t("核对竣工资料", "Check the completion papers"),
            basis: vec![CitedProvision {
                article: String::new(),
                ..provision(zh)
            }],
            records: vec![record(PROJECTS, "工程", 9, "P-3")],
            evidence: vec![
                cell(
                    PROJECTS,
                    "工程",
                    "J9",
                    "计划竣工日期",
                    "2023.10",
                    Some("2023-10"),
                ),
                cell(PROJECTS, "工程", "K9", "实际竣工日期", "", None),
            ],
            ..finding("overdue-completion", "张湾村", "P-3")
        },
        Finding {
            title: t(
                "先施工后签合同",
                "Work started before the contract was signed",
            ),
            severity: Severity::Major,
            status: Some(Status::New),
            because: Some(Because::Record),
            date: Some("2024-03-10".into()),
            amount: Some(money("380000")),
            message: t(
                "台账显示2024-03-01开工，2024-03-10签订合同，晚9天，需核实",
                "Work is recorded as starting on 2024-03-01, before the contract was signed on 2024-03-10; to be verified",
            ),
            advice: t(
                "核对开工令、合同原件；确属补签的，查明原因",
                "Compare the order to commence work with the signed contract",
            ),
            basis: vec![provision(zh)],
            records: vec![record(BOOK, "合同", 12, "A1")],
            evidence: vec![
                cell(
                    BOOK,
                    "合同",
                    "H12",
                    "开工日期",
                    "2024-03-01",
                    Some("2024-03-01"),
                ),
                cell(
                    BOOK,
                    "合同",
                    "G12",
                    "签订日期",
                    "2024.3.10",
                    Some("2024-03-10"),
                ),
                Evidence {
                    inferred: true,
                    ..cell(
                        BOOK,
                        "合同",
                        "C12",
                        "合同类别",
                        "村道硬化工程",
                        Some("工程"),
                    )
                },
            ],
            context: vec![context.clone()],
            tree: Some(Tree {
                text: "开工日期 < 签订日期".into(),
                value: TreeValue::True,
                parts: vec![
                    value("开工日期", "2024-03-01"),
                    value("签订日期", "2024-03-10"),
                ],
            }),
            curable: false,
            overlap: Some("signed-after-start".into()),
            ..finding("signed-after-start", "李庄村", "A1")
        },
        Finding {
            title: t("应招标未招标", "No bidding above the limit"),
            severity: Severity::Critical,
            status: Some(Status::New),
            because: Some(Because::Rule),
            date: Some("2024-03-10".into()),
            amount: Some(money("380000")),
            message: t(
                "台账显示发包方式为直接发包，合同金额380,000.00元，高于限额200,000.00元，需核实",
                "Awarded directly at CNY 380,000.00, above the limit of CNY 200,000.00; to be verified",
            ),
            advice: t("调阅发包资料", "Look at the award papers"),
            limits: vec![limit(
                zh,
                "工程直接发包限额",
                "Direct award limit",
                "20万元",
                true,
            )],
            basis: vec![provision(zh)],
            records: vec![record(BOOK, "合同", 12, "A1")],
            evidence: vec![cell(
                BOOK,
                "合同",
                "F12",
                "合同金额",
                "38.00",
                Some("380000.00"),
            )],
            context: vec![context],
            tree: Some(Tree {
                text: "合同金额 >= 限额.工程直接发包限额 且 发包方式 = \"直接发包\"".into(),
                value: TreeValue::True,
                parts: vec![
                    Tree {
                        text: "合同金额 >= 限额.工程直接发包限额".into(),
                        value: TreeValue::True,
                        parts: vec![
                            value("合同金额", "380,000.00元"),
                            value("限额.工程直接发包限额", "200,000.00元"),
                        ],
                    },
                    leaf("发包方式 = \"直接发包\"", TreeValue::True),
                ],
            }),
            overlap: Some("signed-after-start".into()),
            ..finding("no-bidding-above-limit", "李庄村", "A1")
        },
        Finding {
            title: t("合同备案超期", "Filed late"),
            topic: Topic::Filing,
            severity: Severity::Minor,
            date: Some("2024-03-10".into()),
            amount: Some(money("52000.55")),
            message: t(
                "台账显示2024-03-10签订，2024-06-01备案，需核实",
                "Signed on 2024-03-10 and filed on 2024-06-01; to be verified",
            ),
            advice: t("核对备案回执", "Check the filing receipt"),
            limits: vec![limit(zh, "合同备案时限", "Filing term", "15天", false)],
            basis: vec![provision(zh)],
            records: vec![record(BOOK, "合同", 14, "A3")],
            evidence: vec![
                cell(
                    BOOK,
                    "合同",
                    "G14",
                    "签订日期",
                    "2024-03-10",
                    Some("2024-03-10"),
                ),
                cell(
                    BOOK,
                    "合同",
                    "N14",
                    "备案日期",
                    "2024-06-01",
                    Some("2024-06-01"),
                ),
            ],
            ..finding("late-filing", "李庄村", "A3")
        },
        Finding {
            title: t("合同备案超期", "Filed late"),
            topic: Topic::Filing,
            severity: Severity::Minor,
            verdict: Verdict::Undetermined,
            was: Some(Verdict::Violation),
            message: t(
                "备案日期无法识别，不能判断是否超期",
                "The filing date cannot be read, so whether it was late is open",
            ),
            advice: t("补充备案日期", "Supply the filing date"),
            records: vec![record(BOOK, "合同", 15, "A4")],
            evidence: vec![cell(BOOK, "合同", "N15", "备案日期", "约年底", None)],
            tree: Some(leaf(
                "备案日期 > 顺延(签订日期 + 限额.合同备案时限)",
                TreeValue::Unknown,
            )),
            missing: vec![Missing {
                what: MissingWhat::Cell,
                name: "备案日期".into(),
                file: BOOK.into(),
                sheet: "合同".into(),
                cell: "N15".into(),
            }],
            ..finding("late-filing", "李庄村", "A4")
        },
        Finding {
            title: t("拆分发包", "Contracts that add up above the limit"),
            status: Some(Status::New),
            because: Some(Because::Fact),
            date: Some("2023-04-01".into()),
            amount: Some(money("390000")),
            message: t(
                "台账显示同一乙方在180天内有2份合同，合计390,000.00元，高于限额，需核实",
                "Two contracts with one party within 180 days add up to CNY 390,000.00; to be verified",
            ),
            advice: t("合并核对立项、发包资料", "Compare the award papers of both"),
            limits: vec![limit(
                zh,
                "工程直接发包限额",
                "Direct award limit",
                "20万元",
                true,
            )],
            basis: vec![provision(zh)],
            records: vec![
                record(BOOK, "合同", 20, "A8"),
                record(BOOK, "合同", 21, "A9"),
            ],
            evidence: vec![
                cell(BOOK, "合同", "F20", "合同金额", "19.5", Some("195000.00")),
                cell(BOOK, "合同", "F21", "合同金额", "19.5", Some("195000.00")),
            ],
            context: vec![
                row(BOOK, "合同", 20, &[("B", "A8"), ("F", "19.5")]),
                row(BOOK, "合同", 21, &[("B", "A9"), ("F", "19.5")]),
            ],
            ..finding("split-contracts", "李庄村", "A8")
        },
        Finding {
            title: t("缺少民主决策", "No decision recorded"),
            topic: Topic::Decisions,
            severity: Severity::Major,
            waiver: Some(WaiverNote {
                reason: "2024-03-01 暴雨抢修，会议纪要〔2024〕3号".into(),
                approved_by: "乡农经〔2024〕8号".into(),
                expires: "2025-12-31".into(),
            }),
            amount: Some(money("99999")),
            message: t(
                "台账未显示决议，需核实",
                "No decision is recorded; to be verified",
            ),
            advice: t("调阅会议记录", "Look at the minutes"),
            basis: vec![provision(zh)],
            records: vec![record(BOOK, "合同", 30, "A18")],
            evidence: vec![cell(BOOK, "合同", "P30", "民主决策", "", None)],
            ..finding("decision-missing", "李庄村", "A18")
        },
        Finding {
            title: t("欠收租金", "Rent in arrears"),
            topic: Topic::Assets,
            severity: Severity::Info,
            amount: Some(money("1200.5")),
            message: t(
                "台账显示应收12,000.00元，实收10,799.50元，需核实",
                "CNY 12,000.00 due, CNY 10,799.50 received; to be verified",
            ),
            records: vec![record(ODD_BOOK, "合同 'A'!", 7, "W-2")],
            evidence: vec![cell(
                ODD_BOOK,
                "合同 'A'!",
                "AB7",
                "实收金额",
                "10799.5",
                Some("10799.50"),
            )],
            ..finding("rent-arrears", "王庄村", "W-2")
        },
    ];
    for (index, text) in (0u32..).zip(HOSTILE) {
        all.push(Finding {
            title: t(
                "日期不存在或无法识别",
                "Date that does not exist or cannot be read",
            ),
            topic: Topic::Data,
            severity: Severity::Minor,
            message: format!("{}{text}", t("无法识别：", "Cannot be read: ")),
            advice: t("更正为真实日期", "Enter a real date"),
            records: vec![record(ODD_BOOK, "合同 'A'!", 10 + index, text)],
            evidence: vec![Evidence {
                header: (*text).into(),
                ..cell(
                    ODD_BOOK,
                    "合同 'A'!",
                    &format!("G{}", 10 + index),
                    "签订日期",
                    text,
                    None,
                )
            }],
            context: vec![row(
                ODD_BOOK,
                "合同 'A'!",
                10 + index,
                &[("B", "W-9"), ("G", text)],
            )],
            tree: None,
            ..finding("invalid-date", "王庄村", &index.to_string())
        });
    }
    all
}

fn not_run(zh: bool) -> Vec<NotRun> {
    vec![
        NotRun {
            rule: "late-filing".into(),
            town: "霁川镇".into(),
            village: "王庄村".into(),
            file: ODD_BOOK.into(),
            table: 1,
            records: 25,
            what: MissingWhat::Column,
            name: "备案日期".into(),
            message: pick(zh, "补充“备案日期”列", "Supply the column 备案日期"),
        },
        NotRun {
            rule: "no-supervisor".into(),
            town: "霁川镇".into(),
            village: "张湾村".into(),
            file: PROJECTS.into(),
            table: 1,
            records: 20,
            what: MissingWhat::Limit,
            name: "监理起点金额".into(),
            message: pick(
                zh,
                "在 heyan.toml 中设置本地限额“监理起点金额”",
                "Set the local limit 监理起点金额 in heyan.toml",
            ),
        },
    ]
}

fn records() -> Vec<RecordReport> {
    let some = |id: &str, file: &str, sheet: &str, row, verdicts: &str| RecordReport {
        id: id.into(),
        town: "霁川镇".into(),
        village: "李庄村".into(),
        kind: "contract".into(),
        file: file.into(),
        sheet: sheet.into(),
        row,
        keys: vec![id.into(), "村道硬化工程|甲建设有限公司|2024-03-10".into()],
        verdicts: verdicts.into(),
    };
    vec![
        some("A1", BOOK, "合同", 12, ".ppv..-pv-"),
        some("A3", BOOK, "合同", 14, ".pvp..-pp-"),
        some("A4", BOOK, "合同", 15, ".pup..-pp-"),
    ]
}

fn resolved(zh: bool) -> Resolved {
    let finding = Finding {
        title: pick(zh, "合同备案超期", "Filed late"),
        topic: Topic::Filing,
        severity: Severity::Minor,
        records: vec![record(BOOK, "合同", 18, "A7")],
        status: None,
        ..finding("late-filing", "李庄村", "A7")
    };
    Resolved {
        fingerprint: finding.fingerprint.clone(),
        finding,
        status: ResolvedStatus::Altered,
        changes: vec![ResolvedChange {
            field: "备案日期".into(),
            cell: "N18".into(),
            before: "2024-09-01".into(),
            after: "2024-01-02".into(),
        }],
        why: pick(zh, "备案日期被改动", "The filing date was changed"),
    }
}

fn rules(zh: bool) -> Vec<RuleInfo> {
    let rule = |id: &str, topic, severity, chinese: &str, english: &str| RuleInfo {
        rule: id.into(),
        title: pick(zh, chinese, english),
        topic,
        severity,
        stage: (id == "overdue-completion").then_some(Stage::Trial),
        basis: vec!["mfd-789".into()],
        advice: pick(zh, "核对原件", "Check the originals"),
        why: pick(
            zh,
            "说明为何要紧、何时不报",
            "Why it matters and when it is silent",
        ),
    };
    vec![
        rule(
            "cash-payment-over-limit",
            Topic::Funds,
            Severity::Minor,
            "大额现金支付",
            "Cash payment above the limit",
        ),
        rule(
            "decision-missing",
            Topic::Decisions,
            Severity::Major,
            "缺少民主决策",
            "No decision recorded",
        ),
        rule(
            "late-filing",
            Topic::Filing,
            Severity::Minor,
            "合同备案超期",
            "Filed late",
        ),
        rule(
            "no-bidding-above-limit",
            Topic::Signing,
            Severity::Critical,
            "应招标未招标",
            "No bidding above the limit",
        ),
        rule(
            "no-supervisor",
            Topic::Oversight,
            Severity::Minor,
            "未聘请监理",
            "No supervisor",
        ),
        rule(
            "overdue-completion",
            Topic::Oversight,
            Severity::Minor,
            "逾期未完工",
            "Completion overdue",
        ),
        rule(
            "rent-arrears",
            Topic::Assets,
            Severity::Info,
            "欠收租金",
            "Rent in arrears",
        ),
        rule(
            "same-contractor-concentration",
            Topic::Signing,
            Severity::Info,
            "同一乙方集中",
            "Contracts concentrated on one party",
        ),
        rule(
            "signed-after-start",
            Topic::Signing,
            Severity::Major,
            "先施工后签合同",
            "Work started before the contract was signed",
        ),
        rule(
            "split-contracts",
            Topic::Signing,
            Severity::Major,
            "拆分发包",
            "Contracts that add up above the limit",
        ),
    ]
}
