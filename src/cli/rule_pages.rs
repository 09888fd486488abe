//! `heyan rules list|show|new|schema|docs`: what people read about rules, and files to begin with.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use unicode_width::UnicodeWidthStr;

use super::{Exit, Failure, output};
use crate::finding::Topic;
use crate::lang::{Bilingual, Lang};
use crate::rules::pages::{self, Filter};
use crate::rules::{self, Pack, Rule};

/// `heyan rules list`: one line a rule, by topic.
pub(super) fn list(pack: &Pack, matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let mut filter = Filter::default();
    if let Some(word) = matches.get_one::<String>("topic") {
        filter.topics.push(topic(word)?);
    }
    if let Some(word) = matches.get_one::<String>("ledger") {
        let kind = pack.kinds.find(word).ok_or_else(|| {
            let near = rules::nearest(word, pack.kinds.iter().map(|(_, kind)| kind.name.as_str()));
            unknown("台账种类", "ledger", word, near)
        })?;
        filter.ledgers.push(pack.kinds.get(kind).id.clone());
    }
    let listed = pages::list(pack, &filter);
    let widest = listed.iter().map(|rule| rule.id.width()).max().unwrap_or(0);
    let mut text = String::new();
    let mut last: Option<Topic> = None;
    for rule in &listed {
        if last != Some(rule.topic) {
            if last.is_some() {
                text.push('\n');
            }
            text.push_str(rule.topic.name(lang));
            text.push('\n');
            last = Some(rule.topic);
        }
        let severity = rule.severity.name(lang);
        let title = rule.title.get(lang);
        let pad = " ".repeat(widest - rule.id.width());
        let gap = " ".repeat(8_usize.saturating_sub(severity.width()));
        text.push_str(
            &[
                "  ", &rule.id, &pad, "  ", severity, &gap, "  ", title, "\n",
            ]
            .concat(),
        );
    }
    text.push_str(&match lang {
        Lang::Zh => format!("\n{} 条规则；heyan rules show 编号 看一条\n", listed.len()),
        Lang::En => format!("\n{} rules; heyan rules show ID shows one\n", listed.len()),
    });
    tell(&text)
}

/// `heyan rules show ID`: the rule's page.
pub(super) fn show(pack: &Pack, matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let word = matches.get_one::<String>("id").map_or("", String::as_str);
    let named = |rule: &&Rule| rule.id == word || rule.title.zh == word || rule.title.en == word;
    let rule = pack.rules.iter().find(named).ok_or_else(|| {
        let ids = pack.rules.iter().map(|rule| rule.id.as_str());
        let titles = pack.rules.iter().map(|rule| &*rule.title.zh);
        unknown(
            "规则",
            "rule",
            word,
            rules::nearest(word, ids.chain(titles)),
        )
    })?;
    tell(&pages::page(pack, rule, lang))
}

/// `heyan rules new ID`: writes a commented rule file; one that is there is left alone.
pub(super) fn new(matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let id = matches.get_one::<String>("id").map_or("", String::as_str);
    let is_id = |c: char| c == '-' || (c.is_alphanumeric() && !c.is_ascii_uppercase());
    if id.is_empty() || !id.chars().all(is_id) {
        return Err(Failure::Usage(Bilingual::new(
            format!("规则编号“{id}”只能有小写字母、数字和连字符，例如 signed-after-start"),
            format!(
                "the id `{id}` may have lower-case letters, digits and hyphens only, such as signed-after-start"
            ),
        )));
    }
    let word = matches
        .get_one::<String>("topic")
        .map_or("signing", String::as_str);
    let folder = matches
        .get_many::<PathBuf>("rules")
        .into_iter()
        .flatten()
        .next()
        .cloned()
        .unwrap_or_else(|| PathBuf::from("rules"))
        .join(topic(word)?.id());
    let file = folder.join(format!("{id}.toml"));
    if file.exists() {
        let shown = file.display();
        return Err(Failure::Usage(Bilingual::new(
            format!("{shown} 已经有了，没有改动；换一个编号"),
            format!("{shown} is there already and was left alone; choose another id"),
        )));
    }
    write(&file, &rules::fresh(id))?;
    let shown = file.display();
    tell(&match lang {
        Lang::Zh => format!("写好了 {shown}；改好后运行 heyan rules check 和 heyan rules test\n"),
        Lang::En => {
            format!("wrote {shown}; fill it in, then run heyan rules check and heyan rules test\n")
        }
    })
}

/// `heyan rules schema KIND`.
pub(super) fn schema(matches: &ArgMatches) -> Result<Exit, Failure> {
    let kind = matches.get_one::<String>("kind").map_or("", String::as_str);
    let text = match rules::schema(kind) {
        Some(schema) => format!("{schema:#}\n"),
        None => crate::report::json::schema(),
    };
    tell(&text)
}

/// `heyan rules docs DIR`: the page of every rule and their index.
pub(super) fn docs(pack: &Pack, matches: &ArgMatches, lang: Lang) -> Result<Exit, Failure> {
    let folder = matches
        .get_one::<PathBuf>("dir")
        .cloned()
        .unwrap_or_else(|| PathBuf::from("docs/rules"));
    for rule in &pack.rules {
        write(
            &folder.join(format!("{}.md", rule.id)),
            &pages::document(pack, rule),
        )?;
    }
    write(&folder.join("README.md"), &pages::index(pack))?;
    let (count, shown) = (pack.rules.len(), folder.display());
    tell(&match lang {
        Lang::Zh => format!("{count} 页写到了 {shown}\n"),
        Lang::En => format!("wrote {count} pages to {shown}\n"),
    })
}

fn tell(text: &str) -> Result<Exit, Failure> {
    output::to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let parent = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(file, text))
        .map_err(|error| {
            let shown = file.display();
            Failure::Output(Bilingual::new(
                format!("写不了 {shown}：{error}"),
                format!("cannot write {shown}: {error}"),
            ))
        })
}

/// The topic of a word or of its name.
fn topic(word: &str) -> Result<Topic, Failure> {
    Topic::ALL
        .into_iter()
        .find(|topic| topic.id() == word || topic.name(Lang::Zh) == word)
        .ok_or_else(|| {
            let near = rules::nearest(word, Topic::ALL.iter().map(|topic| topic.id()));
            unknown("方面", "topic", word, near)
        })
}

fn unknown(zh: &str, en: &str, word: &str, near: Option<&str>) -> Failure {
    let (hint_zh, hint_en) = match near {
        Some(near) => (
            format!("；是不是想写 {near}？"),
            format!("; did you mean {near}?"),
        ),
        None => (String::new(), String::new()),
    };
    Failure::Usage(Bilingual::new(
        format!("没有名叫“{word}”的{zh}{hint_zh}"),
        format!("there is no {en} `{word}`{hint_en}"),
    ))
}
