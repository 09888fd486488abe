//! `heyan track`: the rectification store.

use std::fs;
use std::path::PathBuf;

use clap::ArgMatches;

use super::output::to_stdout;
use super::staged::write_file;
use super::track_args::{SHEET, STORE};
use super::{Exit, Failure, settings, track_sheet};
use crate::finding::Topic;
use crate::lang::{Bilingual, Lang};
use crate::report::{self, Format, Style};
use crate::track::{
    Act, Filter, Judgement, Stamp, Store, StoreError, Which, added_text, export, history_text,
    imported_text, list_json, list_text, read_filled, rules_text, trend_svg, trend_text,
    verified_text,
};

/// Runs `heyan track`.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let Some((name, matches)) = matches.subcommand() else {
        return Ok(Exit::Usage);
    };
    match name {
        "add" => add(matches, lang),
        "list" => list(matches, lang),
        "assign" | "due" | "note" | "waive" | "judge" | "close" => act(name, matches, lang),
        "export" => send(matches, lang),
        "import" => take_back(matches, lang),
        "history" => history(matches, lang),
        "trend" => trend(matches, lang),
        "rules" => {
            let shares = open(matches)?.by_rule().map_err(told)?;
            print(&rules_text(&shares, lang))
        }
        "verify" => {
            let verified = open(matches)?.verify().map_err(told)?;
            print(&verified_text(&verified, lang))?;
            Ok(if verified.faults.is_empty() {
                Exit::Clean
            } else {
                Exit::Findings
            })
        }
        "baseline" => baseline(matches),
        _ => Ok(Exit::Usage),
    }
}

fn told(error: StoreError) -> Failure {
    Failure::Usage(error.message)
}

fn print(text: &str) -> Result<Exit, Failure> {
    to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn store_path(matches: &ArgMatches) -> PathBuf {
    matches
        .get_one::<PathBuf>("store")
        .cloned()
        .unwrap_or_else(|| PathBuf::from(STORE))
}

fn open(matches: &ArgMatches) -> Result<Store, Failure> {
    Store::open(&store_path(matches)).map_err(told)
}

fn text<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", String::as_str)
}

fn stamp(matches: &ArgMatches) -> Stamp {
    Stamp {
        who: text(matches, "by").to_owned(),
        at: settings::now(),
    }
}

/// The day of a list: today, or the one asked for.
fn day(matches: &ArgMatches) -> String {
    match matches.get_one::<String>("day") {
        Some(day) => day.clone(),
        None => settings::now().chars().take(10).collect(),
    }
}

fn add(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let mut store = Store::open_or_create(&store_path(matches)).map_err(told)?;
    for path in matches.get_many::<PathBuf>("report").into_iter().flatten() {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Failure::Usage(Bilingual::new(
                format!("不能读 {shown}：{error}"),
                format!("cannot read {shown}: {error}"),
            ))
        })?;
        let added = store.add(&text, &stamp(matches)).map_err(|error| {
            let message = error.message;
            Failure::Usage(Bilingual::new(
                format!("{shown}：{}", message.zh),
                format!("{shown}: {}", message.en),
            ))
        })?;
        print(&added_text(&added, lang))?;
    }
    Ok(Exit::Clean)
}

fn filter(matches: &ArgMatches) -> Filter {
    let given = |name: &str| matches.get_one::<String>(name).cloned();
    Filter {
        which: given("which")
            .and_then(|id| Which::from_id(&id))
            .unwrap_or_default(),
        village: given("village"),
        town: given("town"),
        topic: given("topic").and_then(|id| Topic::from_id(&id)),
        rule: given("rule"),
        responsible: given("responsible"),
        older_than: matches.get_one::<i32>("older-than").copied(),
        ahead: matches.get_one::<i32>("ahead").copied().unwrap_or(7),
    }
}

fn list(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let book = open(matches)?.book().map_err(told)?;
    let day = day(matches);
    let cases = filter(matches).cases(&book, &day);
    match text(matches, "format") {
        "json" => print(&list_json(&cases, &day)),
        _ => print(&list_text(&cases, &day, lang)),
    }
}

fn act(name: &str, matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let given = |name: &str| text(matches, name).to_owned();
    let act = match name {
        "assign" => Act::Assign(given("to")),
        "due" => Act::Due(given("on")),
        "note" => Act::Note(given("text")),
        "waive" => Act::Waive {
            reason: given("reason"),
            approved_by: given("approved-by"),
            expires: given("expires"),
        },
        "judge" => Act::Judge {
            result: Judgement::from_word(text(matches, "result")).unwrap_or(Judgement::Confirmed),
            evidence: given("evidence"),
        },
        _ => Act::Close {
            evidence: given("evidence"),
        },
    };
    let mut store = open(matches)?;
    let stamp = stamp(matches);
    let fingerprints = matches
        .get_many::<String>("fingerprint")
        .into_iter()
        .flatten();
    let cases = store
        .act_on_all(fingerprints.map(String::as_str), &act, &stamp)
        .map_err(told)?;
    let day = stamp.day().to_owned();
    for case in &cases {
        let standing = case.standing(&day).name(lang);
        let line = match lang {
            Lang::Zh => format!("{}  {}（{standing}）", case.fingerprint, act.text(lang)),
            Lang::En => format!("{}  {} ({standing})", case.fingerprint, act.text(lang)),
        };
        print(&format!("{}\n", report::visible(&line)))?;
    }
    Ok(Exit::Clean)
}

fn send(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let store = open(matches)?;
    let book = store.book().map_err(told)?;
    let day = day(matches);
    let cases = filter(matches).cases(&book, &day);
    let mark = store.mark().map_err(told)?;
    let bytes = export(&cases, &day, &mark, lang).map_err(|error| {
        Failure::Output(Bilingual::new(
            format!("不能生成工作簿：{error}"),
            format!("cannot make the workbook: {error}"),
        ))
    })?;
    let path = sheet_path(matches);
    write_file(&path, |out| out.write_all(&bytes))?;
    let (shown, count) = (path.display(), cases.len());
    print(&match lang {
        Lang::Zh => {
            format!("已写入 {shown}：{count} 项；黄色各列填好后用 heyan track import 导入\n")
        }
        Lang::En => format!(
            "wrote {shown}: {count} cases; fill in the yellow columns, then heyan track import\n"
        ),
    })
}

fn sheet_path(matches: &ArgMatches) -> PathBuf {
    matches
        .get_one::<PathBuf>("sheet")
        .cloned()
        .unwrap_or_else(|| PathBuf::from(SHEET))
}

fn take_back(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let rows = track_sheet::rows(&sheet_path(matches))?;
    let filled = rows
        .iter()
        .find_map(|sheet| read_filled(sheet).ok())
        .map_or_else(|| read_filled(&[]), Ok)
        .map_err(Failure::Usage)?;
    let imported = open(matches)?
        .import(&filled, &stamp(matches))
        .map_err(told)?;
    print(&imported_text(&imported, lang))?;
    Ok(if imported.clashes.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

fn history(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let store = open(matches)?;
    let fingerprint = text(matches, "fingerprint");
    let case = store.case(fingerprint).map_err(told)?;
    let events = store.history(fingerprint).map_err(told)?;
    print(&history_text(&case, &events, &day(matches), lang))
}

fn trend(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let trend = open(matches)?.trend().map_err(told)?;
    if let Some(path) = matches.get_one::<PathBuf>("svg") {
        let svg = trend_svg(&trend, lang);
        write_file(path, |out| out.write_all(svg.as_bytes()))?;
    }
    print(&trend_text(&trend, lang))
}

fn baseline(matches: &ArgMatches) -> Result<Exit, Failure> {
    let report = open(matches)?.baseline().map_err(told)?;
    let write =
        |out: &mut dyn std::io::Write| report::write(&report, Format::Json, &Style::default(), out);
    match matches.get_one::<PathBuf>("output") {
        Some(path) => write_file(path, write)?,
        None => to_stdout(write)?,
    }
    Ok(Exit::Clean)
}
