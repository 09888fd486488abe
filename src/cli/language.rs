//! The language of the run, and clap's refusals in it.

use std::ffi::OsString;
use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Exit;
use crate::lang::Lang;

/// `--lang`, else `HEYAN_LANG`, else the system's language, else English.
///
/// It is needed before the command line is parsed, since the help texts are in it.
pub(super) fn of(arguments: &[OsString]) -> Lang {
    let mut given = None;
    for (i, argument) in arguments.iter().enumerate() {
        let Some(text) = argument.to_str() else {
            continue;
        };
        if let Some(value) = text.strip_prefix("--lang=") {
            given = parse(value);
        } else if text == "--lang" {
            given = arguments
                .get(i + 1)
                .and_then(|next| next.to_str())
                .and_then(parse);
        }
    }
    let from = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let system = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .find_map(|name| from(name))
    };
    given
        .or_else(|| from("HEYAN_LANG").as_deref().and_then(parse))
        .or_else(|| system().as_deref().and_then(parse))
        .unwrap_or(Lang::En)
}

/// The language of a word or a locale's name.
fn parse(word: &str) -> Option<Lang> {
    let word = word.to_ascii_lowercase();
    if word.starts_with("zh") {
        Some(Lang::Zh)
    } else if word.starts_with("en") {
        Some(Lang::En)
    } else {
        None
    }
}

/// Prints what clap refuses, or the help it was asked for.
pub(super) fn refuse(error: &clap::Error, lang: Lang) -> Exit {
    let asked = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if asked
        || lang == Lang::En
        || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    {
        let _ = error.print();
    } else {
        let _ = writeln!(std::io::stderr().lock(), "{}", chinese(error));
    }
    if asked { Exit::Clean } else { Exit::Usage }
}

/// A refusal in Chinese.
fn chinese(error: &clap::Error) -> String {
    let context = |kind: ContextKind| {
        error.get(kind).map(|value| match value {
            ContextValue::String(text) => text.clone(),
            ContextValue::Strings(texts) => texts.join("、"),
            other => other.to_string(),
        })
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 不能是“{value}”")
        }
        ErrorKind::UnknownArgument => format!("没有这个选项：{argument}"),
        ErrorKind::InvalidSubcommand => format!(
            "没有这个命令：{}",
            context(ContextKind::InvalidSubcommand).unwrap_or_default()
        ),
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}"),
        ErrorKind::ArgumentConflict => format!(
            "{argument} 不能与 {} 一起用",
            context(ContextKind::PriorArg).unwrap_or_default()
        ),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 的值个数不对")
        }
        _ => error.to_string(),
    };
    let mut text = format!("错误：{what}");
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(context);
    if let Some(near) = near {
        text.push_str(&format!("\n是不是想写：{near}"));
    }
    if let Some(valid) = context(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
        text.push_str(&format!("\n可以是：{valid}"));
    }
    text.push_str("\n\n用法见 heyan --help");
    text
}
