//! The command line as it can be given, in the language of the run.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, ValueParser, styling::Styles};
use clap::{Arg, ArgAction, Command};

use crate::finding::Severity;
use crate::lang::Lang;
use crate::report::Format;

/// The whole command line. Every help text is in the given language.
pub fn command(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("heyan")
        .version(env!("CARGO_PKG_VERSION"))
        .styles(Styles::styled())
        .about(say(
            "核验：用规则文件检查村级合同、工程、付款、决议等台账，列出不符之处，逐条给出单元格、依据和金额",
            "Checks village contract and engineering-project ledgers against rule files and lists what does not comply, with cells, law and money",
        ))
        .after_help(say(
            "先做什么：\n  heyan scan 台账文件夹              检查一个文件夹，列出问题\n  heyan init 台账文件夹              写一份 heyan.toml，填本县的限额\n  heyan scan 台账文件夹 --output 清单.xlsx\n\n退出码：0 未发现 · 1 有问题 · 2 参数、配置或规则有误 · 3 有文件未能读取 · 70 程序错误",
            "What to do first:\n  heyan scan FOLDER                  check a folder and list what was found\n  heyan init FOLDER                  write a heyan.toml to fill in the local limits\n  heyan scan FOLDER --output list.xlsx\n\nExit codes: 0 nothing found · 1 findings · 2 bad arguments, configuration or rules · 3 a file could not be read · 70 a bug",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("lang")
                .long("lang")
                .global(true)
                .value_name("zh|en")
                .value_parser(PossibleValuesParser::new(["zh", "en"]))
                .help(say("输出语言（默认看 HEYAN_LANG 和系统语言）", "language of the output (default: HEYAN_LANG, then the system's)")),
        )
        .subcommand(scan(lang))
        .subcommand(inspect(lang))
        .subcommand(explain(lang))
        .subcommand(rules(lang))
        .subcommand(super::diff::command(lang))
        .subcommand(super::merge::command(lang))
        .subcommand(super::track_args::command(lang))
        .subcommand(init(lang))
        .subcommand(completions(lang))
        .subcommand(man(lang));
    translated(command, lang)
}

/// clap's own headings in the language of the run.
fn translated(command: Command, lang: Lang) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let mut command = command
        .help_template(lang.pick(
            "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}",
            "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
        ))
        .subcommand_help_heading(lang.pick("命令", "Commands"))
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(lang.pick("显示帮助", "print help"))
                .help_heading(lang.pick("选项", "Options")),
        );
    if command.get_version().is_some() {
        command = command.disable_version_flag(true).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(lang.pick("显示版本", "print version"))
                .help_heading(lang.pick("选项", "Options")),
        );
    }
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() {
            lang.pick("参数", "Arguments")
        } else {
            lang.pick("选项", "Options")
        };
        arg.help_heading(heading).hide_possible_values(false)
    });
    for name in names {
        command = command.mut_subcommand(name, |sub| translated(sub, lang));
    }
    command
}

/// `scan 检查`
fn scan(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    inputs(Command::new("scan").visible_alias("检查"), lang)
        .about(say("检查台账，列出问题", "check ledgers and list what does not comply"))
        .after_help(say(
            "例：\n  heyan scan 2025年送审台账 --config 县限额/heyan.toml --output 清单.xlsx\n  heyan scan . --baseline 上月.json --format json --output 本月.json",
            "Examples:\n  heyan scan ledgers --config county/heyan.toml --output list.xlsx\n  heyan scan . --baseline last-month.json --format json --output this-month.json",
        ))
        .arg(severity("min-severity", say("只列这一级别及以上的问题", "list only findings of this severity and above"), None))
        .arg(severity("fail-on", say("有这一级别及以上的不符时退出码为 1", "exit with 1 when a violation is at or above this severity"), Some("major")))
        .arg(flag("fail-on-undetermined", say("待核的也使退出码为 1", "undetermined findings fail the run too")))
        .arg(path("baseline", "REPORT.json", say("与以前的 JSON 报告对比：新增、整改、变动", "compare with an earlier JSON report: new, rectified, altered")))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(PossibleValuesParser::new(Format::ALL.map(Format::id)))
                .help(say("输出格式（默认 text；--output 按扩展名判断）", "output format (default: text; --output guesses from the extension)")),
        )
        .arg(
            Arg::new("output")
                .long("output")
                .short('o')
                .value_name("[FORMAT=]PATH")
                .action(ArgAction::Append)
                .help(say("写入文件，可重复：--output 清单.xlsx --output html=报告.html", "write to a file; repeatable: --output list.xlsx --output html=report.html")),
        )
        .arg(flag("no-records", say("JSON 中不列每条记录的结论", "leave each record's verdicts out of JSON")))
        .arg(flag("no-waivers", say("不理会 heyan.toml 中的豁免", "take no notice of waivers")))
        .arg(flag("summary", say("只显示汇总", "show the summary only")))
        .arg(flag("quiet", say("每个问题一行，不显示进度", "one line for each finding, no progress")).short('q'))
        .arg(flag("redact", say("遮盖身份证号、电话、账号和人名", "mask ID, phone and account numbers and personal names")))
        .arg(flag("exit-zero", say("有问题时退出码仍为 0", "exit with 0 although there are findings")))
        .arg(
            Arg::new("progress")
                .long("progress")
                .value_name("auto|plain|none")
                .value_parser(PossibleValuesParser::new(["auto", "plain", "none"]))
                .default_value("auto")
                .help(say("进度显示方式", "how progress is shown")),
        )
        .arg(flag("watch", say("文件变动后重新检查", "check again when files change")))
}

/// `inspect 识别`
fn inspect(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    inputs(Command::new("inspect").visible_alias("识别"), lang)
        .about(say(
            "显示每张表是怎样识别的",
            "show how each sheet was understood",
        ))
        .after_help(say(
            "例：\n  heyan inspect 台账.xlsx",
            "Example:\n  heyan inspect ledger.xlsx",
        ))
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("text|json")
                .value_parser(PossibleValuesParser::new(["text", "json"]))
                .default_value("text")
                .help(say("输出格式", "output format")),
        )
}

/// `explain 解释`
fn explain(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let which = Arg::new("which")
        .value_name(say("指纹|规则", "FINGERPRINT|RULE"))
        .required(true)
        .help(say(
            "问题的指纹，或规则的编号",
            "a finding's fingerprint, or a rule's id",
        ));
    inputs(Command::new("explain").visible_alias("解释").arg(which), lang)
        .about(say("说明为什么报、为什么不报", "say why a finding was reported, or why not"))
        .after_help(say(
            "例：\n  heyan explain v1:0123456789abcdef 台账文件夹\n  heyan explain signed-after-start --at '李庄村.xlsx!合同!12' 台账文件夹",
            "Examples:\n  heyan explain v1:0123456789abcdef FOLDER\n  heyan explain signed-after-start --at 'lizhuang.xlsx!Contracts!12' FOLDER",
        ))
        .arg(Arg::new("at").long("at").value_name("FILE!SHEET!ROW").help(say("一行：文件!工作表!行号", "a row: file!sheet!row")))
}

/// `rules 规则`
fn rules(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let dir = || {
        Arg::new("dir")
            .value_name("DIR")
            .value_parser(ValueParser::path_buf())
            .help(say(
                "规则目录（默认内置规则）",
                "a folder of rules (default: the built-in ones)",
            ))
    };
    Command::new("rules")
        .visible_alias("规则")
        .about(say(
            "列出、查看、检查、测试、新建规则",
            "list, show, check, test and write rules",
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            pack(Command::new("list"), lang)
                .about(say("列出规则", "list the rules"))
                .arg(
                    Arg::new("topic")
                        .long("topic")
                        .value_name("TOPIC")
                        .help(say("只列这一方面", "only this topic")),
                )
                .arg(
                    Arg::new("ledger")
                        .long("ledger")
                        .value_name("LEDGER")
                        .help(say("只列这种台账的规则", "only rules of this ledger")),
                ),
        )
        .subcommand(
            pack(Command::new("show"), lang)
                .about(say(
                    "查看一条规则：条件、依据、限额、测试",
                    "show a rule: condition, law, limits, tests",
                ))
                .arg(
                    Arg::new("id")
                        .value_name("ID")
                        .required(true)
                        .help(say("规则编号", "the rule's id")),
                ),
        )
        .subcommand(
            pack(Command::new("check"), lang)
                .about(say("检查规则文件", "check rule files"))
                .arg(dir()),
        )
        .subcommand(
            pack(Command::new("test"), lang)
                .about(say("运行规则自带的测试", "run the tests beside the rules"))
                .arg(dir())
                .arg(flag(
                    "mutants",
                    say(
                        "同时检查测试能否发现条件的改动",
                        "see too whether the tests notice changes of the conditions",
                    ),
                )),
        )
        .subcommand(
            Command::new("new")
                .about(say(
                    "写一条新规则的模板",
                    "write the template of a new rule",
                ))
                .arg(Arg::new("id").value_name("ID").required(true).help(say(
                    "新规则的编号，例如 signed-after-start",
                    "the new rule's id, such as signed-after-start",
                )))
                .arg(
                    Arg::new("topic")
                        .long("topic")
                        .value_name("TOPIC")
                        .default_value("signing")
                        .help(say("方面", "its topic")),
                )
                .arg(
                    path(
                        "rules",
                        "DIR",
                        say("写到这个规则目录", "write it into this folder of rules"),
                    )
                    .default_value("rules"),
                ),
        )
        .subcommand(
            Command::new("schema")
                .about(say(
                    "规则、台账、限额、法规、配置文件的 JSON Schema",
                    "JSON Schema of rule, ledger, limit, law and configuration files",
                ))
                .arg(
                    Arg::new("kind")
                        .value_name("KIND")
                        .required(true)
                        .value_parser(PossibleValuesParser::new([
                            "rule", "ledger", "limits", "law", "config", "report",
                        ]))
                        .help(say("哪一种文件", "which file")),
                ),
        )
        .subcommand(
            pack(Command::new("docs"), lang)
                .about(say("生成规则说明页", "write the rules' pages"))
                .arg(dir().required(true)),
        )
}

/// `init 初始化`
fn init(lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    Command::new("init")
        .visible_alias("初始化")
        .about(say(
            "看一遍台账，写一份 heyan.toml",
            "look at the ledgers and write a heyan.toml",
        ))
        .after_help(say(
            "例：\n  heyan init 2025年送审台账",
            "Example:\n  heyan init ledgers",
        ))
        .arg(
            Arg::new("dir")
                .value_name("DIR")
                .value_parser(ValueParser::path_buf())
                .default_value(".")
                .help(say("台账所在文件夹", "the folder of the ledgers")),
        )
}

/// `completions`
fn completions(lang: Lang) -> Command {
    Command::new("completions")
        .about(lang.pick("输出命令补全脚本", "print a completion script"))
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(clap::value_parser!(clap_complete::Shell))
                .help(lang.pick("哪一种 shell", "which shell")),
        )
}

/// `man`
fn man(lang: Lang) -> Command {
    Command::new("man")
        .about(lang.pick("输出手册页", "print a manual page"))
        .arg(Arg::new("command").value_name("COMMAND").help(lang.pick(
            "哪一个命令（默认总览）",
            "which command (default: the overview)",
        )))
}

/// What every command that reads ledgers takes.
fn inputs(command: Command, lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = command.arg(
        Arg::new("path")
            .value_name("PATH")
            .action(ArgAction::Append)
            .num_args(1..)
            .value_parser(ValueParser::path_buf())
            .required(true)
            .help(say("文件或文件夹", "files or folders")),
    );
    pack(command, lang)
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("RULE|TOPIC|TITLE")
                .action(ArgAction::Append)
                .help(say(
                    "只用这些规则（编号、方面或标题，可重复）",
                    "only these rules (id, topic or title; repeatable)",
                )),
        )
        .arg(
            Arg::new("skip")
                .long("skip")
                .value_name("RULE|TOPIC|TITLE")
                .action(ArgAction::Append)
                .help(say("不用这些规则", "without these rules")),
        )
        .arg(Arg::new("as-of").long("as-of").value_name("DATE").help(say(
            "基准日，例如 2025-06-30（默认今天）",
            "the day the scan speaks for, such as 2025-06-30 (default: today)",
        )))
        .arg(flag(
            "by-folder",
            say(
                "每个直接子文件夹是一个村，逐村检查",
                "each direct subfolder is a village, judged one after another",
            ),
        ))
        .arg(
            Arg::new("jobs")
                .long("jobs")
                .short('j')
                .value_name("N")
                .value_parser(clap::value_parser!(usize))
                .help(say(
                    "并行线程数（默认处理器核数）",
                    "threads (default: the number of processors)",
                )),
        )
}

/// What every command that loads rules takes.
pub(super) fn pack(command: Command, lang: Lang) -> Command {
    let say = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    command
        .arg(
            path(
                "rules",
                "DIR",
                say(
                    "另加一个规则目录",
                    "a folder of rules besides the built-in ones",
                ),
            )
            .action(ArgAction::Append),
        )
        .arg(path(
            "config",
            "FILE",
            say(
                "配置文件（默认从第一个路径向上找 heyan.toml）",
                "configuration (default: heyan.toml upwards from the first path)",
            ),
        ))
}

/// A switch.
fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(help)
}

/// An option that takes a path.
fn path(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .value_parser(clap::value_parser!(PathBuf))
        .help(help)
}

/// An option that takes a severity.
fn severity(name: &'static str, help: &'static str, default: Option<&'static str>) -> Arg {
    let arg = Arg::new(name)
        .long(name)
        .value_name("SEVERITY")
        .value_parser(PossibleValuesParser::new(Severity::ALL.map(Severity::id)))
        .help(help);
    match default {
        Some(default) => arg.default_value(default),
        None => arg,
    }
}

#[cfg(test)]
mod tests {
    use super::command;
    use crate::lang::Lang;

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        command(Lang::Zh).debug_assert();
        command(Lang::En).debug_assert();
    }
}
