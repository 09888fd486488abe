//! Files → [`Pack`] and [`Config`]: a function of their names and texts.

mod cases;
mod config;
mod digest;
mod kinds;
mod law;
mod limits;
mod rule;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::config::Config;
use super::diagnostic::{Diagnostic, Level, Sink, SourceText};
use super::expr::Names;
use super::nearest::nearest;
use super::problem::Problem;
use super::{Pack, Rule};
use crate::finding::{IssueKind, Topic};
use crate::lang::Bilingual;
use rule::Against;

/// A file of a rules folder, or `heyan.toml`.
#[derive(Clone, Debug)]
pub struct RuleSource {
    /// Its path within the rules folder, `/`-separated: `signing/signed-after-start.toml`.
    pub path: String,
    /// The file.
    pub source: Arc<SourceText>,
}

/// Everything that rule files and `heyan.toml` came to.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// What a scan judges with; rules with errors are left out.
    pub pack: Pack,
    /// `heyan.toml`.
    pub config: Config,
    /// What is wrong, by file and place. [`Diagnostic::rule`] tells which rule is lost by it; where it is `None`, the
    /// error concerns them all.
    pub errors: Vec<Diagnostic>,
    /// What is doubtful.
    pub warnings: Vec<Diagnostic>,
    /// The files it was made from.
    pub files: Vec<RuleSource>,
}

/// What a file is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place<'a> {
    Limits,
    Ledger,
    Law,
    Calendar(&'a str),
    Rule(Topic, &'a str),
    Other,
}

fn place(path: &str) -> Place<'_> {
    if path == "limits.toml" {
        return Place::Limits;
    }
    match path
        .strip_suffix(".toml")
        .and_then(|path| path.split_once('/'))
    {
        Some(("ledgers", _)) => Place::Ledger,
        Some(("law", _)) => Place::Law,
        Some(("calendar", year)) => Place::Calendar(year),
        Some((folder, id)) => match Topic::from_id(folder) {
            Some(topic) if !id.contains('/') => Place::Rule(topic, id),
            _ => Place::Other,
        },
        None => Place::Other,
    }
}

/// Builds the pack and the configuration. `files` are those of all rules folders, the built-in ones first; `config` is
/// `heyan.toml`. Never fails: see [`Loaded::errors`].
pub fn build(files: &[RuleSource], config: Option<&Arc<SourceText>>) -> Loaded {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let of = |wanted: fn(&Place<'_>) -> bool| {
        files
            .iter()
            .filter(move |file| wanted(&place(&file.path)))
            .map(|file| Sink::new(file.source.clone(), None))
            .collect::<Vec<_>>()
    };

    let ledgers = of(|place| *place == Place::Ledger);
    let kinds = kinds::kinds(&ledgers.iter().collect::<Vec<_>>());
    diagnostics.extend(ledgers.into_iter().flat_map(Sink::finish));

    let mut pack = Pack {
        kinds,
        ..Pack::default()
    };
    for sink in of(|place| *place == Place::Limits) {
        limits::limits(&sink, &mut pack.limits);
        diagnostics.extend(sink.finish());
    }
    for sink in of(|place| *place == Place::Law) {
        law::law(&sink, &mut pack.law);
        diagnostics.extend(sink.finish());
    }
    for file in files {
        let sink = Sink::new(file.source.clone(), None);
        match place(&file.path) {
            Place::Calendar(year) => law::calendar(&sink, year, &mut pack.calendar),
            Place::Other if has_toml_extension(&file.path) => misplaced(&sink, &file.path),
            _ => {}
        }
        diagnostics.extend(sink.finish());
    }
    let config_sink = config.map(|source| Sink::new(source.clone(), None));
    let config = config_sink
        .as_ref()
        .map(|sink| config::config(sink, &pack.kinds, &mut pack.limits))
        .unwrap_or_default();

    let (mut rules, found) = rules(files, &pack);
    diagnostics.extend(found);
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: Vec<&str> = files
        .iter()
        .filter_map(|file| match place(&file.path) {
            Place::Rule(_, id) => Some(id),
            _ => None,
        })
        .collect();
    if let Some(sink) = &config_sink {
        settle(sink, &config, &ids, &mut rules, &pack);
    }
    diagnostics.extend(config_sink.into_iter().flat_map(Sink::finish));
    diagnostics.extend(dangling(&rules, files, &ids));

    pack.rules = rules;
    pack.digest = digest::of_pack(files.iter().map(|file| &*file.source), &pack);
    pack.rule_digests = digest::of_rules(&pack);
    let (errors, warnings) = diagnostics
        .into_iter()
        .partition(|diagnostic| diagnostic.level == Level::Error);
    Loaded {
        pack,
        config,
        errors,
        warnings,
        files: files.to_vec(),
    }
}

fn has_toml_extension(path: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "toml")
}

fn misplaced(sink: &Sink, path: &str) {
    let topics: Vec<&str> = Topic::ALL.iter().map(|topic| topic.id()).collect();
    let topics = topics.join(" ");
    let near = path
        .split_once('/')
        .and_then(|(folder, _)| nearest(folder, Topic::ALL.iter().map(|topic| topic.id())));
    let problem = Problem::new(
        0..0,
        Bilingual::new(
            format!("{path} 不在认识的目录里，没有读"),
            format!("{path} stands in no known folder and was not read"),
        ),
    )
    .help(
        format!("规则放在方面的目录里：{topics}；另有 ledgers law calendar 和 limits.toml"),
        format!("rules stand in the folder of their topic: {topics}; besides there are ledgers, law, calendar and limits.toml"),
    );
    sink.error(match near {
        Some(near) => problem.help(
            format!("是不是 {near} 目录？"),
            format!("is it meant to be {near}?"),
        ),
        None => problem,
    });
}

/// Reads and checks every rule file.
fn rules(files: &[RuleSource], pack: &Pack) -> (Vec<Rule>, Vec<Diagnostic>) {
    let names = Names {
        kinds: &pack.kinds,
        limits: &pack.limits,
        patterns: RefCell::new(BTreeMap::new()),
    };
    let against = Against {
        names: &names,
        law: &pack.law,
    };
    let mut rules: Vec<Rule> = Vec::new();
    let mut diagnostics = Vec::new();
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for file in files {
        let Place::Rule(topic, id) = place(&file.path) else {
            continue;
        };
        let sink = Sink::new(file.source.clone(), Some(id.to_owned()));
        if let Some(first) = seen.insert(id, &file.source.name) {
            sink.error(
                Problem::new(
                    0..0,
                    Bilingual::new(
                        format!("规则 {id} 已经有了：{first}"),
                        format!("there is a rule {id} already: {first}"),
                    ),
                )
                .help(
                    "换一个文件名；只改级别时，在 heyan.toml 写 [rules.\"…\"]",
                    "rename the file; to change its severity only, write [rules.\"…\"] in heyan.toml",
                ),
            );
        } else if !is_id(id) {
            sink.error(
                Problem::new(
                    0..0,
                    Bilingual::new(
                        format!("规则的文件名 {id} 只能有字母、数字和连字符"),
                        format!("the file name {id} may have letters, digits and hyphens only"),
                    ),
                )
                .help(
                    "例如 signed-after-start.toml",
                    "for example signed-after-start.toml",
                ),
            );
        } else if let Some(rule) = rule::rule(&sink, id, topic, &against) {
            rules.push(rule);
        }
        diagnostics.extend(sink.finish());
    }
    (rules, diagnostics)
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.chars().all(|c| {
            c.is_ascii_lowercase()
                || c.is_ascii_digit()
                || c == '-'
                || (c.is_alphanumeric() && !c.is_ascii())
        })
}

/// Applies `[rules."…"]`, and checks the rules that waivers name.
fn settle(sink: &Sink, config: &Config, ids: &[&str], rules: &mut Vec<Rule>, pack: &Pack) {
    let names = Names {
        kinds: &pack.kinds,
        limits: &pack.limits,
        patterns: RefCell::new(BTreeMap::new()),
    };
    let against = Against {
        names: &names,
        law: &pack.law,
    };
    let unknown = |id: &str, line: u32| {
        let span = in_line(&sink.source.text, line, id);
        let problem = Problem::new(
            span.clone(),
            Bilingual::new(format!("没有规则 {id}"), format!("there is no rule {id}")),
        );
        sink.error(match nearest(id, ids.iter().copied()) {
            Some(near) => problem.replace(span, near),
            None => problem.help(
                "`heyan rules list` 列出全部规则",
                "`heyan rules list` lists all rules",
            ),
        });
    };
    for setting in &config.rules {
        if !ids.contains(&setting.rule.as_str()) {
            unknown(&setting.rule, setting.line);
            continue;
        }
        if setting.disable {
            rules.retain(|rule| rule.id != setting.rule);
        }
        let found = rules.iter_mut().find(|rule| rule.id == setting.rule);
        let (Some(rule), Some(severity)) = (found, setting.severity) else {
            continue;
        };
        if let Some((most, reason)) = rule::cap(rule, &against)
            && severity > most
        {
            let most = most.id();
            sink.error(Problem::new(
                in_line(&sink.source.text, setting.line, &setting.rule),
                Bilingual::new(
                    format!("{}：{}，级别最高 {most}", rule.id, reason.zh),
                    format!(
                        "{}: {}, so that its severity is at most {most}",
                        rule.id, reason.en
                    ),
                ),
            ));
            continue;
        }
        rule.severity = severity;
        // The author's grades shift nothing any more: the county has decided.
        rule.grades.clear();
        for judged in &mut rule.judged {
            judged.grades.clear();
        }
    }
    for waiver in &config.waivers {
        if !ids.contains(&waiver.rule.as_str()) && IssueKind::from_id(&waiver.rule).is_none() {
            unknown(&waiver.rule, waiver.line);
        }
    }
}

/// Where a word stands on a line or on those after it, for a value whose own place was not kept.
fn in_line(text: &str, line: u32, word: &str) -> std::ops::Range<usize> {
    let start: usize = text
        .split_inclusive('\n')
        .take(usize::try_from(line).unwrap_or(1).saturating_sub(1))
        .map(str::len)
        .sum();
    match text[start..].find(word) {
        Some(at) => start + at..start + at + word.len(),
        None => start..start,
    }
}

/// `overlaps` that names no rule.
fn dangling(rules: &[Rule], files: &[RuleSource], ids: &[&str]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for rule in rules {
        for other in rule.overlaps.iter().filter(|o| !ids.contains(&o.as_str())) {
            let Some(file) = files.iter().find(|file| *file.source.name == *rule.file) else {
                continue;
            };
            let sink = Sink::new(file.source.clone(), Some(rule.id.clone()));
            let text = &file.source.text;
            let start = text.find("overlaps").unwrap_or(0);
            let span = text[start..]
                .find(other.as_str())
                .map_or(start..start, |at| start + at..start + at + other.len());
            let problem = Problem::new(
                span.clone(),
                Bilingual::new(
                    format!("overlaps 里的 {other} 不是规则"),
                    format!("{other} in overlaps is no rule"),
                ),
            );
            sink.warn(match nearest(other, ids.iter().copied()) {
                Some(near) => problem.replace(span, near),
                None => problem,
            });
            diagnostics.extend(sink.finish());
        }
    }
    diagnostics
}
