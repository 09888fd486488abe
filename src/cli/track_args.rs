//! The command line of `heyan track`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgAction, Command};

use crate::finding::Topic;
use crate::lang::Lang;
use crate::track::Which;

/// The store where `--store` names none.
pub(super) const STORE: &str = "heyan-track.sqlite";

/// The sheet where none is named.
pub(super) const SHEET: &str = "整改台账.xlsx";

/// `track 整改`
pub(super) fn command(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("track")
        .visible_alias("整改")
        .about(say(
            "整改台账：登记检查结果，分派、跟踪、核实、销号",
            "the rectification store: add scans, assign, follow up, verify, close",
        ))
        .after_help(say(
            "先做什么：\n  heyan scan 台账 --format json --output 三月.json\n  heyan track add 三月.json --by 镇经管站\n  heyan track export 整改台账.xlsx        发给责任人填写\n  heyan track import 整改台账.xlsx --by 镇经管站\n  heyan track baseline --output 基线.json  下次检查用 --baseline 基线.json",
            "What to do first:\n  heyan scan ledgers --format json --output march.json\n  heyan track add march.json --by OFFICE\n  heyan track export ledger.xlsx            to be filled in\n  heyan track import ledger.xlsx --by OFFICE\n  heyan track baseline --output base.json   for the next scan's --baseline",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(by(store(Command::new("add"), lang), lang)
            .about(say("登记一次检查的 JSON 报告", "add the JSON report of a scan"))
            .arg(
                Arg::new("report")
                    .value_name("REPORT.json")
                    .action(ArgAction::Append)
                    .num_args(1..)
                    .value_parser(ValueParser::path_buf())
                    .required(true)
                    .help(say("heyan scan --format json 写的报告，按日期先后", "reports of heyan scan --format json, in the order of their days")),
            ))
        .subcommand(filters(store(Command::new("list"), lang), lang)
            .about(say("列出问题：待整改、将到期、逾期、复发", "list cases: open, due, overdue, reopened"))
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("text|json")
                    .value_parser(PossibleValuesParser::new(["text", "json"]))
                    .default_value("text")
                    .help(say("输出格式", "output format")),
            ))
        .subcommand(on(Command::new("assign"), lang)
            .about(say("指定责任单位（人）", "say who has to put it right"))
            .arg(value("to", say("责任单位（人）", "who"))))
        .subcommand(on(Command::new("due"), lang)
            .about(say("定整改期限", "set the day"))
            .arg(value("on", say("期限，例如 2025-09-30", "the day, such as 2025-09-30"))))
        .subcommand(on(Command::new("note"), lang)
            .about(say("记整改情况", "note what was done"))
            .arg(value("text", say("内容", "the note"))))
        .subcommand(on(Command::new("waive"), lang)
            .about(say("豁免到某日", "excuse it until a day"))
            .arg(value("reason", say("理由", "why")))
            .arg(value("approved-by", say("批准人或文号", "who approved it")))
            .arg(value("expires", say("有效期，最长 12 个月", "the last day, at most 12 months ahead"))))
        .subcommand(by(store(Command::new("judge"), lang), lang)
            .about(say("登记核实结果", "record what verification came to"))
            .arg(fingerprint(lang))
            .arg(
                Arg::new("result")
                    .value_name("confirmed|partly|unfounded")
                    .value_parser(PossibleValuesParser::new(["confirmed", "partly", "unfounded", "属实", "部分属实", "不属实"]))
                    .required(true)
                    .hide_possible_values(true)
                    .help(say("属实、部分属实、不属实", "the result")),
            )
            .arg(value("evidence", say("核实依据", "what shows it"))))
        .subcommand(on(Command::new("close"), lang)
            .about(say("人工销号（已发生的行为只能这样销号）", "close by hand (the only way for a past act)"))
            .arg(value("evidence", say("处理文号、说明", "document and explanation"))))
        .subcommand(filters(store(Command::new("export"), lang), lang)
            .about(say("导出整改台账，供责任人填写", "write the sheet to be filled in"))
            .arg(sheet(lang)))
        .subcommand(by(store(Command::new("import"), lang), lang)
            .about(say("导入填好的整改台账；有冲突的列出，不覆盖", "take the filled-in sheet back; conflicts are listed, nothing is overwritten"))
            .arg(sheet(lang)))
        .subcommand(on_day(store(Command::new("history"), lang), lang)
            .about(say("一个问题的来龙去脉", "all that happened to a case"))
            .arg(fingerprint(lang)))
        .subcommand(store(Command::new("trend"), lang)
            .about(say("各村历次情况", "the villages over time"))
            .arg(path("svg", "FILE.svg", say("另存为图", "write a picture too"))))
        .subcommand(store(Command::new("rules"), lang)
            .about(say("各规则的核实情况（不属实占比）", "what verification came to, by rule")))
        .subcommand(store(Command::new("verify"), lang)
            .about(say("由检查和登记重新推算全部状态，核对是否一致", "derive every status again from scans and acts")))
        .subcommand(store(Command::new("baseline"), lang)
            .about(say("写一份基线，供下次 heyan scan --baseline 使用", "write a baseline for the next heyan scan --baseline"))
            .arg(path("output", "REPORT.json", say("写入文件", "write to a file")).short('o')))
}

/// What every command on the store takes.
fn store(command: Command, lang: Lang) -> Command {
    command.arg(
        path(
            "store",
            "FILE",
            lang.pick(
                "整改台账数据库（默认 heyan-track.sqlite）",
                "the store (default: heyan-track.sqlite)",
            ),
        )
        .env("HEYAN_STORE")
        .hide_env(true),
    )
}

/// What every command that enters something takes.
fn by(command: Command, lang: Lang) -> Command {
    command.arg(
        Arg::new("by")
            .long("by")
            .value_name(lang.pick("姓名或单位", "NAME"))
            .required(true)
            .env("HEYAN_BY")
            .hide_env(true)
            .help(lang.pick(
                "由谁登记（也可用环境变量 HEYAN_BY）",
                "who enters it (or HEYAN_BY)",
            )),
    )
}

/// A command that enters something about one or several cases.
fn on(command: Command, lang: Lang) -> Command {
    by(store(command, lang), lang).arg(fingerprint(lang).action(ArgAction::Append).num_args(1..))
}

fn fingerprint(lang: Lang) -> Arg {
    Arg::new("fingerprint")
        .value_name(lang.pick("指纹", "FINGERPRINT"))
        .required(true)
        .help(lang.pick(
            "问题的指纹，写到能区分为止",
            "a case's fingerprint, or enough of its beginning",
        ))
}

fn sheet(lang: Lang) -> Arg {
    Arg::new("sheet")
        .value_name("FILE.xlsx")
        .value_parser(ValueParser::path_buf())
        .default_value(SHEET)
        .help(lang.pick("整改台账", "the sheet"))
}

/// Which cases, and on which day.
fn filters(command: Command, lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let word = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let days = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("DAYS")
            .value_parser(clap::value_parser!(i32).range(0..36_500))
            .help(help)
    };
    on_day(command, lang)
        .arg(
            word("which", "WHICH", say("哪些：open 待办（默认）、due 将到期、overdue 逾期、reopened 复发、done 已销号、all 全部", "which: open (default), due, overdue, reopened, done, all"))
                .value_parser(PossibleValuesParser::new(Which::ALL.map(Which::id)))
                .default_value("open")
                .hide_possible_values(true),
        )
        .arg(word("village", "NAME", say("只列这个村", "only this village")))
        .arg(word("town", "NAME", say("只列这个乡镇", "only this town")))
        .arg(
            word("topic", "TOPIC", say("只列这一方面", "only this topic"))
                .value_parser(PossibleValuesParser::new(Topic::ALL.map(Topic::id))),
        )
        .arg(word("rule", "RULE", say("只列这条规则", "only this rule")))
        .arg(word("responsible", "NAME", say("只列此人（单位）负责的", "only what this one is responsible for")))
        .arg(days("older-than", say("只列发现至今满这些天的", "only those first seen at least so many days ago")))
        .arg(days("ahead", say("due 看未来几天（默认 7）", "how many days ahead `due` looks (default: 7)")))
}

/// The day that a list speaks for.
fn on_day(command: Command, lang: Lang) -> Command {
    command.arg(
        Arg::new("day")
            .long("day")
            .value_name("DATE")
            .value_parser(move |text: &str| day(text, lang))
            .help(lang.pick(
                "截至哪一天，例如 2025-09-30（默认今天）",
                "the day the list speaks for, such as 2025-09-30 (default: today)",
            )),
    )
}

/// A day, ISO.
fn day(text: &str, lang: Lang) -> Result<String, String> {
    match text.parse::<jiff::civil::Date>() {
        Ok(_) if text.len() == 10 => Ok(text.to_owned()),
        _ => Err(lang
            .pick("要写成 2025-09-30 的样子", "write it like 2025-09-30")
            .to_owned()),
    }
}

fn value(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("TEXT")
        .required(true)
        .help(help)
}

fn path(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .value_parser(clap::value_parser!(PathBuf))
        .help(help)
}
