//! Messages: the words of a rule with the values of its record or group in them.

use std::fmt::Write as _;

use super::eval::{Frame, Judge};
use super::notes::{Lack, Silent, Trail};
use super::print::Printer;
use super::scene::Scene;
use super::truth::Truth;
use super::value::Value;
use super::walk;
use crate::finding::{Missing, MissingWhat};
use crate::lang::Lang;
use crate::ledger::Datum;
use crate::rules::expr::{Aggregate, Node, Op, Rows};
use crate::rules::{Template, TemplatePart};

impl<'a> Judge<'a> {
    /// A message with its values.
    pub(crate) fn message(&self, template: &'a Template, frame: Frame<'a>) -> String {
        let mut message = String::new();
        for part in &template.parts {
            match part {
                TemplatePart::Text(text) => message.push_str(text),
                TemplatePart::Value(node) => message.push_str(&self.printed(node, frame)),
            }
        }
        message
    }

    fn printed(&self, node: &'a Node, frame: Frame<'a>) -> String {
        let (value, trail) = self.eval::<Trail>(node, frame);
        let printer = Printer {
            scene: self.scene,
            lang: self.lang,
        };
        let mut text = match (&value, &node.op, trail.reads.last()) {
            // A cell that cannot be read is told as it stands there.
            (Value::Unknown(_), Op::Field(_), Some(&(rec, field)))
                if self.scene.ledger(rec).get(rec.row, field) == Datum::Unreadable =>
            {
                let raw = self.scene.ledger(rec).raw(rec.row, field);
                match self.lang {
                    Lang::Zh => format!("“{raw}”（无法识别）"),
                    Lang::En => format!("“{raw}” (not legible)"),
                }
            }
            _ => printer.value(node, &value),
        };
        if walk::leaves_out(node) {
            let left_out = self.left_out(node, frame);
            if left_out > 0 {
                let _ = match self.lang {
                    Lang::Zh => write!(text, "（另有{left_out}笔未能读取，未计入）"),
                    Lang::En => write!(
                        text,
                        " ({left_out} more could not be read and are left out)"
                    ),
                };
            }
        }
        text
    }

    /// How many rows the 已知合计 of an expression leave out.
    fn left_out(&self, node: &'a Node, frame: Frame<'a>) -> usize {
        let mut count = 0;
        node.walk(&mut |node| {
            if let Op::Aggregate {
                aggregate: Aggregate::KnownSum,
                rows,
                value: Some(value),
                when,
            } = &node.op
            {
                let members: Vec<_> = match rows {
                    Rows::Group => frame.group.iter().map(|member| member.rec).collect(),
                    Rows::All => frame.all.members.iter().map(|member| member.rec).collect(),
                    Rows::Relation(relation) => {
                        let kind = self.scene.ledger(frame.record).kind;
                        match self.follow(frame.record, kind, *relation, &mut Silent) {
                            super::eval::Followed::Rows(rows) => rows.to_vec(),
                            super::eval::Followed::Nothing(_) => Vec::new(),
                        }
                    }
                };
                for rec in members {
                    let frame = Frame {
                        bound: Some(rec),
                        ..frame
                    };
                    let counts = when
                        .as_ref()
                        .map_or(Truth::TRUE, |when| self.truth::<Silent>(when, frame).0);
                    let value = self.eval::<Silent>(value, frame).0;
                    if counts != Truth::FALSE && value.is_missing() {
                        count += 1;
                    }
                }
            }
        });
        count
    }
}

/// What is told of an undetermined record or group: what is lacking, not what the rule would say if it were there.
pub(crate) fn undetermined(title: &str, missing: &[Missing], lang: Lang) -> String {
    const SHOWN: usize = 4;
    let mut named: Vec<String> = missing
        .iter()
        .take(SHOWN)
        .map(|missing| {
            let place = if missing.cell.is_empty() {
                String::new()
            } else {
                match lang {
                    Lang::Zh => format!("（{}）", missing.cell),
                    Lang::En => format!(" ({})", missing.cell),
                }
            };
            let what = match missing.what {
                MissingWhat::Cell => "",
                MissingWhat::Column => lang.pick("列", " (column)"),
                MissingWhat::Ledger => lang.pick("台账", " (ledger)"),
                MissingWhat::Limit => lang.pick("（限额）", " (limit)"),
            };
            format!("{}{what}{place}", missing.name)
        })
        .collect();
    if missing.len() > SHOWN {
        named.push(match lang {
            Lang::Zh => format!("等{}处", missing.len()),
            Lang::En => format!("{} in all", missing.len()),
        });
    }
    match (lang, named.is_empty()) {
        (Lang::Zh, false) => format!(
            "“{title}”尚不能判定：{}空白、无法识别或不够确切，补齐后再核",
            named.join("、")
        ),
        (Lang::Zh, true) => format!("“{title}”尚不能判定，需核对原件"),
        (Lang::En, false) => format!(
            "“{title}” cannot be decided yet: {} is blank, illegible or not exact; supply it and check again",
            named.join(", ")
        ),
        (Lang::En, true) => {
            format!("“{title}” cannot be decided yet; to be checked against the documents")
        }
    }
}

/// What is told of a rule that could not run on a table.
pub(crate) fn not_run(scene: &Scene<'_>, lack: &Lack, lang: Lang) -> String {
    match (lack, lang) {
        (Lack::Column(_, name), Lang::Zh) => format!("台账没有“{name}”一列，补充该列后再检查"),
        (Lack::Column(_, name), Lang::En) => {
            format!("The table has no column “{name}”; supply it and scan again")
        }
        (Lack::Ledger(kind), Lang::Zh) => {
            format!(
                "该村未提供{}台账，提供后再检查",
                scene.pack.kinds.get(*kind).name
            )
        }
        (Lack::Ledger(kind), Lang::En) => format!(
            "The village supplied no ledger “{}”; supply it and scan again",
            scene.pack.kinds.get(*kind).name
        ),
        (Lack::Limit(limit), lang) => {
            let limit = scene.pack.limit(*limit);
            let (name, unset) = (&limit.name, limit.values.is_empty());
            let ask = match lang {
                Lang::En if !limit.ask_en.is_empty() => &limit.ask_en,
                _ => &limit.ask,
            };
            match (lang, unset) {
                (Lang::Zh, true) if ask.is_empty() => {
                    format!("未设置限额“{name}”，在 heyan.toml 的 [limits] 中填写后再检查")
                }
                (Lang::Zh, true) => {
                    format!("未设置限额“{name}”（{ask}），在 heyan.toml 的 [limits] 中填写后再检查")
                }
                (Lang::Zh, false) => {
                    format!("限额“{name}”在行为发生之日没有现行值，补充当时的文件和数值")
                }
                (Lang::En, true) if ask.is_empty() => format!(
                    "The limit “{name}” is not set; set it under [limits] in heyan.toml and scan again"
                ),
                (Lang::En, true) => format!(
                    "The limit “{name}” is not set ({ask}); set it under [limits] in heyan.toml and scan again"
                ),
                (Lang::En, false) => format!(
                    "The limit “{name}” has no value on the date of the act; supply the document of that time"
                ),
            }
        }
        (Lack::Cell(rec, field), lang) => {
            let name = &scene.ledger(*rec).kind_of.field(*field).name;
            match lang {
                Lang::Zh => format!("“{name}”空白或无法识别"),
                Lang::En => format!("“{name}” is blank or cannot be read"),
            }
        }
    }
}
