//! Properties of the rule language: no text brings the loader down, places stay within their file.
#![allow(missing_docs, reason = "a test has no users")]

use std::sync::Arc;

use heyan::lang::Lang;
use heyan::rules::{Loaded, RuleSource, SourceText, build};
use proptest::prelude::*;

fn file(path: &str, text: &str) -> RuleSource {
    RuleSource {
        path: path.to_owned(),
        source: Arc::new(SourceText {
            name: path.to_owned(),
            text: text.to_owned(),
        }),
    }
}

/// A small pack with one more file and one configuration.
fn loaded(path: &str, text: &str, config: Option<&str>) -> Loaded {
    let files = [
        file(
            "ledgers/contract.toml",
            include_str!("mistakes/pack/ledgers/contract.toml"),
        ),
        file(
            "ledgers/payment.toml",
            include_str!("mistakes/pack/ledgers/payment.toml"),
        ),
        file(
            "ledgers/project.toml",
            include_str!("mistakes/pack/ledgers/project.toml"),
        ),
        file(
            "law/civil-code.toml",
            include_str!("mistakes/pack/law/civil-code.toml"),
        ),
        file("limits.toml", include_str!("mistakes/pack/limits.toml")),
        file(path, text),
    ];
    let config = config.map(|text| {
        Arc::new(SourceText {
            name: String::from("heyan.toml"),
            text: text.to_owned(),
        })
    });
    build(&files, config.as_ref())
}

/// Every diagnostic lies within its file and can be shown.
fn well_placed(loaded: &Loaded) {
    for diagnostic in loaded.errors.iter().chain(&loaded.warnings) {
        assert!(
            diagnostic.span.end <= diagnostic.source.text.len(),
            "{diagnostic:?}"
        );
        assert!(
            diagnostic.span.start <= diagnostic.span.end,
            "{diagnostic:?}"
        );
        assert!(!diagnostic.render(Lang::Zh, false).is_empty());
        assert!(!diagnostic.render(Lang::En, true).is_empty());
        assert!(diagnostic.line() >= 1 && diagnostic.column() >= 1);
    }
}

/// The words and signs that conditions are made of, and some that they are not.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "合同金额",
        "签订日期",
        "开工日期",
        "备案日期",
        "备注",
        "合同类别",
        "是否备案",
        "合同期限",
        "质保金比例",
        "付款",
        "付款.付款金额",
        "合同",
        "组",
        "组.合同金额",
        "全体.合同金额",
        "限额.质保金比例上限",
        "限额",
        ".",
        "且",
        "或",
        "非",
        "为空",
        "非空",
        "属于",
        "包含",
        "匹配",
        "开头是",
        "若",
        "则",
        "否则",
        "当",
        "是",
        "否",
        "基准日",
        "村",
        "(",
        ")",
        "（",
        "）",
        "[",
        "]",
        ",",
        "，",
        "、",
        "=",
        "≠",
        ">",
        ">=",
        "<",
        "<=",
        "==",
        "&&",
        "+",
        "-",
        "×",
        "÷",
        "*",
        "/",
        "40",
        "40万元",
        "3%",
        "30天",
        "1个月",
        "1,200,000元",
        "2024-03-01",
        "2024-02-30",
        "2024年3月1日",
        "\"工程\"",
        "“工程”",
        "\"",
        "\"抢险|应急\"",
        "\"(\"",
        "合计",
        "合计(",
        "计数(组)",
        "存在(付款 当 ",
        "最大(",
        "默认(",
        "有列(",
        "年数(",
        "「合同金额」",
        "「",
        "」",
        " ",
        " ",
        " ",
        "\n",
        "。",
        "'",
        "天气",
        "𠀀",
        "e\u{301}",
    ])
}

fn rule_with(key: &str, condition: &str) -> String {
    format!(
        "title = \"甲\"\nledger = [\"合同\", \"工程项目\"]\nseverity = \"info\"\nbasis = []\nmessage = '甲'\n{}{key} = '''\n{condition}'''\n",
        if key == "violation" {
            ""
        } else {
            "violation = '合同金额 > 1元'\n"
        }
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_condition_brings_the_checker_down(pieces in prop::collection::vec(piece(), 0..14), group in any::<bool>()) {
        let condition: String = pieces.concat();
        let mut text = rule_with("violation", &condition.replace("'''", "''"));
        if group {
            text.push_str("group = { by = ['合同编号'] }\n");
        }
        let loaded = loaded("signing/a.toml", &text, None);
        well_placed(&loaded);
        // Either the rule is there, or it is told why it is not.
        prop_assert_eq!(loaded.pack.rules.is_empty(), !loaded.errors.is_empty());
    }

    #[test]
    fn no_message_brings_the_checker_down(message in "[{}「」 a-c合同金额\"]{0,24}") {
        well_placed(&loaded("signing/a.toml", &rule_with("message_en", &message), None));
    }

    #[test]
    fn no_text_brings_the_loader_down(text in "\\PC{0,200}", place in 0..5_usize) {
        let path = ["signing/a.toml", "ledgers/a.toml", "law/a.toml", "calendar/2024.toml", "b/c/d.toml"][place];
        well_placed(&loaded(path, &text, Some(&text)));
    }

    #[test]
    fn no_broken_line_brings_the_loader_down(
        cut in 0..600_usize,
        junk in prop::sample::select(vec!["", "＝", "“", "'''", "\"", "[", "{", "，", "\\", "\u{0}", "合同 = ", "[[test]]\n", "\r\n"]),
    ) {
        let good = heyan::rules::fresh("my-rule");
        let mut at = cut.min(good.len());
        while !good.is_char_boundary(at) {
            at -= 1;
        }
        let text = format!("{}{junk}{}", &good[..at], &good[at..]);
        well_placed(&loaded("filing/my-rule.toml", &text, None));
        well_placed(&loaded("filing/my-rule.toml", &good[..at], None));
    }
}

#[test]
fn the_order_of_files_does_not_matter_to_the_digest() {
    let good = heyan::rules::fresh("my-rule");
    let mut files = vec![
        file(
            "ledgers/contract.toml",
            include_str!("mistakes/pack/ledgers/contract.toml"),
        ),
        file(
            "ledgers/payment.toml",
            include_str!("mistakes/pack/ledgers/payment.toml"),
        ),
        file(
            "ledgers/project.toml",
            include_str!("mistakes/pack/ledgers/project.toml"),
        ),
        file(
            "law/civil-code.toml",
            include_str!("mistakes/pack/law/civil-code.toml"),
        ),
        file("limits.toml", include_str!("mistakes/pack/limits.toml")),
        file("filing/my-rule.toml", &good),
        file("filing/my-other-rule.toml", &good),
    ];
    let first = build(&files, None);
    files[5..].reverse();
    let second = build(&files, None);
    assert_eq!(first.pack.digest, second.pack.digest);
    assert_eq!(first.pack.rule_digests, second.pack.rule_digests);
    // A local limit changes the pack's digest, and that of no rule that does not name it.
    let config = Arc::new(SourceText {
        name: String::from("heyan.toml"),
        text: String::from("[limits]\n\"工程直接发包限额\" = \"20万元\"\n"),
    });
    let third = build(&files, Some(&config));
    assert_ne!(first.pack.digest, third.pack.digest);
    assert_eq!(first.pack.rule_digests, third.pack.rule_digests);
}
