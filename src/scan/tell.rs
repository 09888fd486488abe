//! A case → its finding: message, provisions, limits, cells, context, tree and fingerprint.

use std::collections::BTreeMap;

use super::all::All;
use super::eval::{Frame, Member};
use super::groups::{GroupCase, group_trail, membership_trail};
use super::interval::Interval;
use super::judge::{Case, Task};
use super::message;
use super::notes::{Lack, Notes, Silent, Trail};
use super::scene::{Rec, Scene};
use super::truth::{Cause, Truth};
use super::value::Value;
use crate::finding::{
    CitedLimit, CitedProvision, Context, ContextCell, Evidence, Finding, Fingerprint, Missing,
    MissingWhat, RecordRef, Severity, Stage, Verdict,
};
use crate::lang::Lang;
use crate::ledger::{DaySpan, FieldId, Origin, Place};
use crate::read::address;
use crate::rules::{LimitId, Pack, Rule};

/// What a finding is about.
struct About {
    verdict: Verdict,
    records: Vec<Rec>,
    /// The members of the group; none for a single record.
    group: Vec<Member>,
    by: Option<Vec<String>>,
    trail: Trail,
}

/// The finding of a case. `overlaps` are the overlap groups of the pack: see [`overlap_groups`].
pub(crate) fn finding<'a>(
    task: &'a Task<'a>,
    case: &Case,
    all: &'a All,
    overlaps: &BTreeMap<&str, &str>,
) -> Finding {
    let about = match case {
        Case::Record(rec, verdict) => About {
            verdict: *verdict,
            records: vec![*rec],
            group: Vec::new(),
            by: None,
            trail: match &task.judged.group {
                Some(group) => membership_trail::<Trail>(task, group, *rec),
                None => task.trail(*rec, all),
            },
        },
        Case::Group(GroupCase {
            verdict,
            by,
            members,
            records,
        }) => {
            let mut trail = task
                .judged
                .group
                .as_ref()
                .map(|group| group_trail::<Trail>(task, group, members, all))
                .unwrap_or_default();
            // Windows that were merged bring their own members along.
            for &rec in records {
                if !members.iter().any(|member| member.rec == rec)
                    && let Some(group) = &task.judged.group
                {
                    trail.absorb_reads(&membership_trail::<Trail>(task, group, rec));
                }
            }
            About {
                verdict: *verdict,
                records: records.clone(),
                group: members.clone(),
                by: Some(by.clone()),
                trail,
            }
        }
    };
    write(task, about, all, overlaps)
}

fn write<'a>(
    task: &'a Task<'a>,
    about: About,
    all: &'a All,
    overlaps: &BTreeMap<&str, &str>,
) -> Finding {
    let (scene, rule, lang) = (task.scene(), task.rule, task.judge.lang);
    let earliest = about.records.first().copied().unwrap_or(Rec {
        village: 0,
        ledger: 0,
        row: 0,
    });
    let village = &scene.village(earliest.village).name;
    let judge = super::eval::Judge { ..task.judge };
    let frame = Frame {
        group: &about.group,
        all,
        ..Frame::of(super::groups::representative(&about.group).unwrap_or(earliest))
    };
    let title = rule.title.get(lang).to_owned();
    let missing: Vec<Missing> = if about.verdict == Verdict::Undetermined {
        about
            .trail
            .lacks
            .iter()
            .map(|lack| missing(scene, lack))
            .collect()
    } else {
        Vec::new()
    };
    let message = if about.verdict == Verdict::Undetermined {
        message::undetermined(&title, &missing, lang)
    } else {
        let template = match lang {
            Lang::En if !task.judged.message_en.parts.is_empty() => &task.judged.message_en,
            _ => &task.judged.message,
        };
        judge.message(template, frame)
    };
    let amount = task.judged.amount.as_ref().and_then(|amount| {
        match judge.eval::<Silent>(amount, frame).0 {
            Value::Decimal(Interval { lo, .. }, _) => lo,
            _ => None,
        }
    });
    let (law_span, law_cause) = judge.law_span(frame, &mut Silent);
    let (date, date_cause) = if task.judged.law_date.is_empty() {
        (law_span, Cause::ABSENT)
    } else {
        judge.law_date_of(earliest, &mut Silent)
    };
    let known_date = date.first != crate::ledger::Day::MIN && date_cause != Cause::ABSENT;
    let context = context(scene, &about.records);
    Finding {
        rule: rule.id.clone(),
        title,
        topic: rule.topic,
        severity: severity(task, frame),
        verdict: about.verdict,
        status: None,
        was: None,
        because: None,
        waiver: None,
        stage: rule.trial.then_some(Stage::Trial),
        fingerprint: fingerprint(task, earliest, about.by.as_deref()),
        town: village.town.to_string(),
        village: village.name.to_string(),
        date: known_date.then(|| date.to_string()),
        amount,
        message,
        advice: rule.advice.get(lang).to_owned(),
        basis: provisions(scene.pack, rule, law_span, law_cause),
        limits: cited_limits(scene.pack, &about.trail.limits),
        records: about
            .records
            .iter()
            .map(|&rec| record(scene, rec))
            .collect(),
        evidence: evidence(scene, &about.trail.reads),
        context,
        tree: about.trail.tree,
        missing,
        overlap: overlaps.get(rule.id.as_str()).map(|&id| id.to_owned()),
        curable: rule.curable,
    }
}

/// The severity of the first grade that is true, else the rule's own.
fn severity<'a>(task: &'a Task<'a>, frame: Frame<'_>) -> Severity {
    let judge: super::eval::Judge<'_> = task.judge;
    task.rule
        .grades
        .iter()
        .zip(&task.judged.grades)
        .find(|(_, when)| judge.truth::<Silent>(when, frame).0 == Truth::TRUE)
        .map_or(task.rule.severity, |(grade, _)| grade.severity)
}

/// The fingerprint of a record, or of a group by its values and its earliest member.
///
/// A rule that is judged on several kinds adds the kind for all but its first: the same number in a list of contracts and
/// in one of works is two findings.
fn fingerprint(task: &Task<'_>, earliest: Rec, by: Option<&[String]>) -> Fingerprint {
    let scene = task.scene();
    let village = &scene.village(earliest.village).name;
    let mut parts: Vec<&str> = vec![&task.rule.id, &village.town, &village.name];
    parts.extend(by.into_iter().flatten().map(String::as_str));
    parts.push(scene.id(earliest));
    let first = task.rule.judged.first().map(|judged| judged.kind);
    if first != Some(task.judged.kind) {
        parts.push(&scene.kind(earliest).id);
    }
    Fingerprint::of(&parts)
}

fn record(scene: &Scene<'_>, rec: Rec) -> RecordRef {
    let ledger = scene.ledger(rec);
    let first_key = ledger
        .kind_of
        .keys
        .iter()
        .find(|key| {
            key.iter()
                .all(|&field| ledger.get(rec.row, field).is_value())
        })
        .map(|key| {
            key.iter()
                .filter_map(|&field| ledger.print(rec.row, field))
                .collect::<Vec<_>>()
                .join(" ")
        });
    RecordRef {
        id: scene.id(rec).to_owned(),
        file: ledger.file_name.to_string(),
        sheet: ledger.sheet.to_string(),
        row: ledger.rows[rec.row as usize] + 1,
        key: first_key.unwrap_or_else(|| scene.id(rec).to_owned()),
    }
}

/// The cells that were read, by file, sheet, row and column; what stands in no cell is no evidence.
fn evidence(scene: &Scene<'_>, reads: &[(Rec, FieldId)]) -> Vec<Evidence> {
    let mut cells: Vec<(Rec, Origin, FieldId)> = reads
        .iter()
        .filter_map(|&(rec, field)| {
            let origin = scene.ledger(rec).origin(rec.row, field)?;
            Some((rec, origin, field))
        })
        .collect();
    // What stands above the records, and the sheet's name, is told after their cells.
    cells.sort_by_key(|&(rec, origin, field)| {
        let above = !matches!(origin.place, Place::Cell(..));
        let nowhere = origin.cell().is_none();
        (
            rec.village,
            rec.ledger,
            above,
            nowhere,
            origin.cell(),
            field,
        )
    });
    // A heading tells the same of all records below it.
    cells.dedup_by_key(|&mut (rec, origin, field)| match origin.place {
        Place::Cell(..) => (rec, origin.cell(), field),
        Place::Heading(..) | Place::SheetName => (Rec { row: 0, ..rec }, origin.cell(), field),
    });
    cells
        .into_iter()
        .map(|(rec, origin, field)| {
            let ledger = scene.ledger(rec);
            Evidence {
                file: ledger.file_name.to_string(),
                sheet: ledger.sheet.to_string(),
                cell: origin.address(),
                header: header(scene, rec, origin, field),
                field: ledger.kind_of.field(field).name.clone(),
                raw: ledger.raw(rec.row, field).into_owned(),
                value: ledger
                    .print(rec.row, field)
                    .map(std::borrow::Cow::into_owned),
                inferred: origin.inferred,
            }
        })
        .collect()
}

/// The header above a cell: that of the field's own column, or of the column that the value was taken from. Titles, section
/// lines and the sheet's name stand under none.
fn header(scene: &Scene<'_>, rec: Rec, origin: Origin, field: FieldId) -> String {
    let Place::Cell(_, col) = origin.place else {
        return String::new();
    };
    let ledger = scene.ledger(rec);
    let own = ledger
        .columns
        .get(usize::from(field.0))
        .and_then(Option::as_ref)
        .filter(|column| column.col == col);
    own.or_else(|| {
        ledger
            .columns
            .iter()
            .flatten()
            .find(|column| column.col == col)
    })
    .map_or_else(String::new, |column| column.header.to_string())
}

/// The source rows with the cells that a field claims.
fn context(scene: &Scene<'_>, records: &[Rec]) -> Vec<Context> {
    records
        .iter()
        .map(|&rec| {
            let ledger = scene.ledger(rec);
            let mut cells: BTreeMap<u16, ContextCell> = BTreeMap::new();
            for (field, column) in (0..).map(FieldId).zip(&ledger.columns) {
                let Some(column) = column else { continue };
                let Some(origin) = ledger.origin(rec.row, field) else {
                    continue;
                };
                let Place::Cell(row, col) = origin.place else {
                    continue;
                };
                if col != column.col {
                    continue;
                }
                let raw = ledger.raw(rec.row, field);
                let cell = cells.entry(column.col).or_default();
                if cell.raw.is_empty() {
                    *cell = ContextCell {
                        cell: address(row, col),
                        raw: raw.into_owned(),
                    };
                }
            }
            Context {
                file: ledger.file_name.to_string(),
                sheet: ledger.sheet.to_string(),
                row: ledger.rows[rec.row as usize] + 1,
                cells: cells.into_values().collect(),
            }
        })
        .collect()
}

/// What is lacking, as reports tell it.
pub(crate) fn missing(scene: &Scene<'_>, lack: &Lack) -> Missing {
    match lack {
        Lack::Cell(rec, field) => {
            let ledger = scene.ledger(*rec);
            Missing {
                what: MissingWhat::Cell,
                name: ledger.kind_of.field(*field).name.clone(),
                file: ledger.file_name.to_string(),
                sheet: ledger.sheet.to_string(),
                cell: ledger
                    .origin(rec.row, *field)
                    .map_or_else(String::new, Origin::address),
            }
        }
        Lack::Column(rec, name) => {
            let ledger = scene.ledger(*rec);
            Missing {
                what: MissingWhat::Column,
                name: name.to_string(),
                file: ledger.file_name.to_string(),
                sheet: ledger.sheet.to_string(),
                cell: String::new(),
            }
        }
        Lack::Ledger(kind) => Missing {
            what: MissingWhat::Ledger,
            name: scene.pack.kinds.get(*kind).name.clone(),
            file: String::new(),
            sheet: String::new(),
            cell: String::new(),
        },
        Lack::Limit(limit) => Missing {
            what: MissingWhat::Limit,
            name: scene.pack.limit(*limit).name.clone(),
            file: String::new(),
            sheet: String::new(),
            cell: String::new(),
        },
    }
}

/// The provisions of a rule that were in force on some of the days that the act can have happened on. Where no date is
/// known the laws are named without article and text (条号待定): which version bound, nobody can say.
fn provisions(pack: &Pack, rule: &Rule, date: DaySpan, cause: Cause) -> Vec<CitedProvision> {
    let unknown = cause != Cause::NONE
        && (date.first == crate::ledger::Day::MIN || date.last == crate::ledger::Day::MAX);
    let mut cited: Vec<CitedProvision> = Vec::new();
    for provision in rule.basis.iter().filter_map(|id| pack.law.get(id)) {
        if unknown {
            if !cited.iter().any(|known| known.law == provision.law) {
                cited.push(CitedProvision {
                    id: provision.id.clone(),
                    law: provision.law.clone(),
                    article: String::new(),
                    text: String::new(),
                });
            }
        } else if provision.from <= date.last && date.first <= provision.to {
            cited.push(CitedProvision {
                id: provision.id.clone(),
                law: provision.law.clone(),
                article: provision.article.clone(),
                text: provision.text.clone(),
            });
        }
    }
    cited
}

fn cited_limits(pack: &Pack, used: &[(LimitId, usize)]) -> Vec<CitedLimit> {
    let mut used = used.to_vec();
    used.sort_unstable();
    used.iter()
        .filter_map(|&(id, segment)| {
            let limit = pack.limit(id);
            let segment = limit.values.get(segment)?;
            Some(CitedLimit {
                name: limit.name.clone(),
                value: segment.text.clone(),
                from: segment.from.civil().map(|date| date.to_string()),
                basis: segment.basis.clone(),
                restated: segment.restated,
            })
        })
        .collect()
}

/// For each rule that is counted once with others, the smallest id of those it is connected with.
pub(crate) fn overlap_groups(rules: &[Rule]) -> BTreeMap<&str, &str> {
    let mut smallest: BTreeMap<&str, &str> = BTreeMap::new();
    let known: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let pairs: Vec<(&str, &str)> = rules
        .iter()
        .flat_map(|rule| {
            rule.overlaps
                .iter()
                .map(|other| (rule.id.as_str(), other.as_str()))
        })
        .filter(|(_, other)| known.contains(other))
        .collect();
    for &(a, b) in &pairs {
        smallest.entry(a).or_insert(a);
        smallest.entry(b).or_insert(b);
    }
    // Each round hands the smaller id on along the pairs; a chain is as long as there are rules at most.
    loop {
        let mut changed = false;
        for &(a, b) in &pairs {
            let (of_a, of_b) = (smallest[a], smallest[b]);
            let least = of_a.min(of_b);
            if of_a != least || of_b != least {
                smallest.insert(a, least);
                smallest.insert(b, least);
                changed = true;
            }
        }
        if !changed {
            return smallest;
        }
    }
}
