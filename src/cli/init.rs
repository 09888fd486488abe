//! `heyan init`: looks at the ledgers of a folder and writes a commented `heyan.toml` beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use clap::ArgMatches;

use super::progress::Progress;
use super::settings::{self, Settings};
use super::take::{self, Taken};
use super::{Exit, Failure, output};
use crate::lang::{Bilingual, Lang};
use crate::ledger::KindId;
use crate::rules::expr::Op;
use crate::rules::{Limit, LimitId, LimitScope, LimitType, Pack};

/// Runs `heyan init`: an existing `heyan.toml` is never overwritten.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let given = matches
        .get_one::<PathBuf>("dir")
        .cloned()
        .unwrap_or_else(|| PathBuf::from("."));
    let file = given.join("heyan.toml");
    if file.symlink_metadata().is_ok() {
        return Err(there(&file));
    }
    let settings = settings(given, lang)?;
    let sources = take::find(&settings)?;
    if !settings.paths.iter().all(|path| path.is_dir()) {
        return Err(Failure::Usage(Bilingual::new(
            format!(
                "{} 不是文件夹；请给出台账所在的文件夹",
                settings.paths[0].display()
            ),
            format!(
                "{} is no folder; give the folder of the ledgers",
                settings.paths[0].display()
            ),
        )));
    }
    let progress = Progress::of("auto", sources.len(), lang);
    let taken = take::take(&take::numbered(&sources), &settings, &progress);
    progress.finish();

    let seen = Seen::of(&taken, &settings.pack);
    let asked = asked(&settings.pack, &seen.kinds);
    let text = text(&seen, &asked, &settings.pack, lang);
    // `create_new` refuses a file that appeared while the ledgers were read.
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => there(&file),
            _ => unwritten(&file, &error),
        })?;
    out.write_all(text.as_bytes())
        .map_err(|error| unwritten(&file, &error))?;
    let said = told(&settings, &file, &seen, asked.len());
    output::to_stdout(|out| out.write_all(said.as_bytes()))?;
    Ok(Exit::Clean)
}

/// The built-in pack and nothing else: what the folder is to be told comes only afterwards.
fn settings(folder: PathBuf, lang: Lang) -> Result<Settings, Failure> {
    let loaded = crate::rules::load(&[], None).map_err(|errors| {
        for error in &errors {
            super::warn("", &error.render(lang, output::color_of_stderr()));
        }
        Failure::Told(Exit::Usage)
    })?;
    Ok(Settings {
        paths: vec![folder],
        pack: loaded.pack,
        hints: loaded.config.hints.clone(),
        config: loaded.config,
        as_of: crate::ledger::Day::from_number(0),
        lang,
        by_folder: false,
        partial: false,
        config_path: None,
        baseline: None,
        min_severity: None,
        limits: crate::read::Limits::default(),
        isolation: super::read_isolated::isolation(),
    })
}

/// What the folder holds.
struct Seen {
    /// Villages as `镇/村`; `false` where nothing in the workbooks names the village.
    villages: BTreeMap<String, bool>,
    /// The kinds recognised, each with the number of its tables and records.
    kinds: BTreeMap<KindId, (usize, u32)>,
    /// By kind: headers that no field claims, each with the first place it was seen at.
    headers: BTreeMap<KindId, BTreeMap<String, String>>,
}

impl Seen {
    fn of(taken: &Taken, pack: &Pack) -> Self {
        let mut villages = BTreeMap::new();
        for (village, _) in &taken.ledgers {
            let key = if village.town.is_empty() {
                village.name.to_string()
            } else {
                format!("{}/{}", village.town, village.name)
            };
            villages.insert(key, true);
        }
        let (mut kinds, mut headers) = (BTreeMap::new(), BTreeMap::new());
        for input in &taken.inputs {
            for table in &input.tables {
                let Some(kind) = pack.kinds.find(&table.kind) else {
                    continue;
                };
                let (tables, records): &mut (usize, u32) = kinds.entry(kind).or_default();
                *tables += 1;
                *records += table.records;
                if table.village_from == "unknown" && table.town.is_empty() {
                    villages.insert(table.village.clone(), false);
                }
                for column in &table.columns {
                    if column.field.is_none() && !column.header.trim().is_empty() {
                        headers
                            .entry(kind)
                            .or_insert_with(BTreeMap::new)
                            .entry(column.header.clone())
                            .or_insert_with(|| {
                                format!("{} ! {} ! {}", input.file, table.sheet, column.column)
                            });
                    }
                }
            }
        }
        Self {
            villages,
            kinds,
            headers,
        }
    }
}

/// A local limit without a value, and the rules that need it.
type Asked = BTreeMap<LimitId, BTreeSet<String>>;

/// The local limits without a value that rules of these kinds name; of every kind, where none was recognised.
fn asked(pack: &Pack, kinds: &BTreeMap<KindId, (usize, u32)>) -> Asked {
    let mut asked = Asked::new();
    for rule in &pack.rules {
        let judged = rule
            .judged
            .iter()
            .filter(|judged| kinds.is_empty() || kinds.contains_key(&judged.kind));
        for node in judged.flat_map(crate::rules::Judged::nodes) {
            node.walk(&mut |node| {
                let Op::Limit(id) = node.op else { return };
                let limit = pack.limit(id);
                if limit.scope == LimitScope::Local && limit.values.is_empty() {
                    asked.entry(id).or_default().insert(rule.id.clone());
                }
            });
        }
    }
    asked
}

/// The file.
fn text(seen: &Seen, asked: &Asked, pack: &Pack, lang: Lang) -> String {
    let mut text = String::new();
    line(&mut text, lang.pick(
        "# 核验的配置。以 # 开头的行是说明或待填的空；填好一项，就去掉那一行开头的“# ”。",
        "# Configuration of Heyan. Lines that begin with # explain, or are blanks to fill: fill one in and take off its `# `.",
    ));
    line(
        &mut text,
        lang.pick(
            "# 改好以后：heyan scan 本文件夹",
            "# When it is done: heyan scan THIS-FOLDER",
        ),
    );
    line(&mut text, "");
    line(&mut text, "[scan]");
    line(&mut text, lang.pick(
        "# 基准日：逾期、到期都算到这一天；不填就是运行当天。",
        "# The as-of date: what is overdue or has ended is judged on it; the day of the run, where it is left out.",
    ));
    line(&mut text, "# as_of = YYYY-MM-DD");
    kinds(&mut text, seen, pack, lang);
    villages(&mut text, seen, lang);
    limits(&mut text, asked, pack, lang);
    headers(&mut text, seen, pack, lang);
    text
}

fn kinds(text: &mut String, seen: &Seen, pack: &Pack, lang: Lang) {
    line(text, "");
    if seen.kinds.is_empty() {
        line(text, lang.pick(
            "# 没有认出任何台账；heyan inspect 说明每个文件的情况。下面列出全部本地限额。",
            "# No ledger was recognised; `heyan inspect` says why for each file. All local limits are listed below.",
        ));
        return;
    }
    line(
        text,
        lang.pick(
            "# 认出的台账（不对就用 heyan inspect 看原因）：",
            "# Ledgers recognised (`heyan inspect` gives the reasons):",
        ),
    );
    for (&kind, (tables, records)) in &seen.kinds {
        let kind = pack.kinds.get(kind);
        let said = match lang {
            Lang::Zh => format!("#   {}：{tables} 张表，{records} 条记录", kind.name),
            Lang::En => format!(
                "#   {} {}: tables {tables}, records {records}",
                kind.name, kind.en
            ),
        };
        line(text, &said);
    }
}

fn villages(text: &mut String, seen: &Seen, lang: Lang) {
    line(text, "");
    line(text, "[villages]");
    line(text, lang.pick(
        "# 找到的村。responsible 填责任单位；曾用名写 former = [\"…\"]，两个写法就算一个村。",
        "# Villages found. `responsible` is who answers for what is found; former = [\"…\"] makes another spelling the same village.",
    ));
    for (village, named) in &seen.villages {
        let key = quoted(village);
        if *named && village.contains('/') {
            line(text, &format!("{key} = {{ responsible = \"\" }}"));
        } else {
            line(text, lang.pick(
                "# 台账里没有写明乡镇或村名，暂用下面的名称；写成 \"某镇/某村\" 并用 former 注明原名：",
                "# The workbooks do not tell its town or village, so it goes by this name; write \"town/village\" and put this name into `former`:",
            ));
            line(text, &format!("# {key} = {{ responsible = \"\" }}"));
        }
    }
}

fn limits(text: &mut String, asked: &Asked, pack: &Pack, lang: Lang) {
    line(text, "");
    line(text, "[limits]");
    line(text, lang.pick(
        "# 本地限额：由县、乡镇规定，本程序不替你编造。逐项填数字、文号（basis）和起始日期（from）；没有规定的就留着不动，",
        "# Local limits: county and township set them, and Heyan never invents one. Fill in value, document (basis) and first day (from).",
    ));
    line(text, lang.pick(
        "# 用到它的规则“未执行”。数额有过调整的，各写一段：[{ from = …, to = …, … }, { from = …, … }]。",
        "# Leave alone what is not regulated: its rules are not run. Where a value has changed: [{ from = …, to = …, … }, { from = …, … }].",
    ));
    for (&id, rules) in asked {
        let limit = pack.limit(id);
        line(text, "");
        let (name, ask) = match lang {
            Lang::Zh => (limit.name.clone(), &limit.ask),
            Lang::En if limit.ask_en.is_empty() => {
                (format!("{}  {}", limit.name, limit.en), &limit.ask)
            }
            Lang::En => (format!("{}  {}", limit.name, limit.en), &limit.ask_en),
        };
        line(text, &format!("# {name}"));
        for part in ask.lines() {
            line(text, &format!("#   {part}"));
        }
        let rules = rules.iter().map(String::as_str).collect::<Vec<_>>();
        line(
            text,
            &format!(
                "#   {}{}",
                lang.pick("用到它的规则：", "rules that need it: "),
                rules.join(lang.pick("、", ", "))
            ),
        );
        line(
            text,
            &format!(
                "# {} = [{{ from = YYYY-MM-DD, value = {}, basis = \"\" }}]",
                quoted(&limit.name),
                blank(limit)
            ),
        );
    }
}

fn headers(text: &mut String, seen: &Seen, pack: &Pack, lang: Lang) {
    if seen.headers.is_empty() {
        return;
    }
    line(text, "");
    line(text, lang.pick(
        "# 没有字段认领的列。右边填字段名就按该字段读（字段名见 heyan rules list 所列规则或 heyan inspect）；空着 \"\" 表示不用管它。",
        "# Columns that no field claims. Put the field's name on the right and the column is read as that field; \"\" leaves it alone.",
    ));
    for (&kind, headers) in &seen.headers {
        let kind = pack.kinds.get(kind);
        line(text, &format!("[headers.{}]", quoted(&kind.name)));
        for (header, place) in headers {
            line(
                text,
                &format!("# {} = \"\"   # {}", quoted(header), plain(place)),
            );
        }
        line(text, "");
    }
}

/// The blank of a limit, in the form of its values.
fn blank(limit: &Limit) -> &'static str {
    match limit.ty {
        LimitType::Money => "\"  万元\"",
        LimitType::Percent => "\"  %\"",
        LimitType::Duration => "\"  天/个月/年\"",
        LimitType::Date => "YYYY-MM-DD",
        LimitType::Flag => "\"是/否\"",
        LimitType::Number => "\"\"",
        LimitType::List | LimitType::Tiers => "[]",
    }
}

/// What was done and what comes next.
fn told(settings: &Settings, file: &std::path::Path, seen: &Seen, limits: usize) -> String {
    let lang = settings.lang;
    let headers: usize = seen.headers.values().map(BTreeMap::len).sum();
    let (villages, kinds) = (seen.villages.len(), seen.kinds.len());
    let mut said = match lang {
        Lang::Zh => format!(
            "已写好 {}：{villages} 个村，{kinds} 种台账，{limits} 项本地限额待填，{headers} 个表头没认出\n",
            file.display()
        ),
        Lang::En => format!(
            "wrote {}: villages {villages}, kinds of ledger {kinds}, local limits to fill in {limits}, headers not placed {headers}\n",
            file.display()
        ),
    };
    let folder = settings.paths[0].display();
    let _ = match lang {
        Lang::Zh => writeln!(said, "下一步：填限额，再运行 heyan scan {folder}"),
        Lang::En => writeln!(said, "next: fill in the limits, then heyan scan {folder}"),
    };
    if let Some(above) = settings::config_in(file.parent().and_then(|folder| folder.parent())) {
        let _ = match lang {
            Lang::Zh => writeln!(
                said,
                "上级文件夹里另有 {}，从此对这个文件夹不再起作用",
                above.display()
            ),
            Lang::En => writeln!(
                said,
                "{} no longer holds for this folder: the nearer file wins",
                above.display()
            ),
        };
    }
    said
}

/// A TOML key or string. JSON's escapes are TOML's; the one character that only TOML forbids is left out.
fn quoted(text: &str) -> String {
    let text = text.replace('\u{7f}', "");
    serde_json::Value::String(text).to_string()
}

/// A text that can stand in a comment.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn line(text: &mut String, one: &str) {
    text.push_str(one);
    text.push('\n');
}

fn there(file: &std::path::Path) -> Failure {
    Failure::Usage(Bilingual::new(
        format!(
            "{} 已经有了，没有动它；要重新生成，请先把它改名",
            file.display()
        ),
        format!(
            "{} is there already and was left as it is; rename it first to have a new one written",
            file.display()
        ),
    ))
}

fn unwritten(file: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::Output(Bilingual::new(
        format!("写不了 {}：{error}；请检查文件夹的权限", file.display()),
        format!(
            "cannot write {}: {error}; check the permissions of the folder",
            file.display()
        ),
    ))
}
