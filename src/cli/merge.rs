//! `heyan merge`: reports of different villages added up.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::output::Outputs;
use super::{Exit, Failure, args, compared, rules, verdict};
use crate::finding::{Report, Severity};
use crate::lang::Lang;
use crate::report::Format;
use crate::rules::Pack;
use crate::track;

/// `merge 合并`
pub(super) fn command(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = args::pack(Command::new("merge"), lang)
        .mut_arg("config", |config| {
            config.help(say(
                "配置文件：合并后应用其中的豁免（不写则不应用）",
                "configuration whose waivers are applied to the sum (default: none)",
            ))
        })
        .visible_alias("合并")
        .about(say(
            "把几次检查的 JSON 报告合并成一份（村不能重复，基准日、规则和限额要一致）",
            "add JSON reports up (no village twice; same as-of date, rules and limits)",
        ))
        .after_help(say(
            "例：\n  heyan scan 东片 --no-waivers --format json --output 东片.json\n  heyan merge 东片.json 西片.json --config heyan.toml --baseline 上月.json --output 全镇.xlsx",
            "Examples:\n  heyan scan east --no-waivers --format json --output east.json\n  heyan merge east.json west.json --config heyan.toml --baseline last-month.json --output all.xlsx",
        ))
        .arg(
            Arg::new("report")
                .value_name("REPORT.json")
                .action(ArgAction::Append)
                .num_args(1..)
                .value_parser(clap::value_parser!(PathBuf))
                .required(true)
                .help(say(
                    "heyan scan --format json 写的报告",
                    "reports that heyan scan --format json wrote",
                )),
        )
        .arg(
            Arg::new("baseline")
                .long("baseline")
                .value_name("REPORT.json")
                .value_parser(clap::value_parser!(PathBuf))
                .help(say(
                    "合并后与以前的报告对比",
                    "compare the sum with an earlier report",
                )),
        )
        .arg(switch(
            "no-waivers",
            say(
                "不理会 --config 中的豁免",
                "take no notice of the waivers in --config",
            ),
        ))
        .arg(
            Arg::new("fail-on")
                .long("fail-on")
                .value_name("SEVERITY")
                .value_parser(PossibleValuesParser::new(Severity::ALL.map(Severity::id)))
                .default_value("major")
                .help(say(
                    "有这一级别及以上的不符时退出码为 1",
                    "exit with 1 when a violation is at or above this severity",
                )),
        )
        .arg(switch(
            "fail-on-undetermined",
            say(
                "待核的也使退出码为 1",
                "undetermined findings fail the run too",
            ),
        ))
        .arg(switch(
            "exit-zero",
            say(
                "有问题时退出码仍为 0",
                "exit with 0 although there are findings",
            ),
        ));
    outputs(command, lang)
}

/// Where a report goes and how.
pub(super) fn outputs(command: Command, lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(Format::ALL.map(Format::id)))
                .help(say(
                    "输出格式（默认 text；--output 按扩展名判断）",
                    "output format (default: text; --output guesses from the extension)",
                )),
        )
        .arg(
            Arg::new("output")
                .long("output")
                .short('o')
                .value_name("[FORMAT=]PATH")
                .action(ArgAction::Append)
                .help(say("写入文件，可重复", "write to a file; repeatable")),
        )
        .arg(switch(
            "summary",
            say("只显示汇总", "show the summary only"),
        ))
        .arg(switch("quiet", say("每个问题一行", "one line for each finding")).short('q'))
}

/// A switch.
pub(super) fn switch(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

/// Runs `heyan merge`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let config = matches.get_one::<PathBuf>("config");
    let earlier = matches.get_one::<PathBuf>("baseline");
    let reports = matches.get_many::<PathBuf>("report").into_iter().flatten();
    let read = reports.chain(config).chain(earlier);
    let read: Vec<&Path> = read.map(PathBuf::as_path).collect();
    let outputs = Outputs::open(matches, &[], &read)?;
    let loaded = config
        .map(|config| rules::load(matches, Some(config), lang))
        .transpose()?;
    let paths = matches.get_many::<PathBuf>("report").into_iter().flatten();
    let reports = paths
        .map(|path| compared::read(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut sum = track::merge(reports).map_err(Failure::Usage)?;
    if let Some(path) = earlier {
        track::compare(&compared::read(path)?, &mut sum, &track::no_values);
    }
    if let Some(loaded) = &loaded
        && !matches.get_flag("no-waivers")
    {
        let full = ran_all(&loaded.pack, &sum);
        compared::waive(&loaded.config, &mut sum, full);
    }
    outputs.write(&sum)?;
    let scan = loaded.map(|loaded| loaded.config.scan).unwrap_or_default();
    let gate = verdict::Gate::of(matches, &scan, sum.resolved.is_some());
    let fails = gate.fails(&sum.findings);
    Ok(verdict::exit(&sum, fails, matches))
}

/// Whether the scans left no rule out, so that a waiver that matches nothing can be told.
fn ran_all(pack: &Pack, report: &Report) -> bool {
    let ran = |id: &str| report.balance.by_rule.iter().any(|rule| rule.rule == id);
    pack.rules.iter().all(|rule| ran(&rule.id))
}
