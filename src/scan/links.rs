//! Which records of a village belong together: the relations that ledger kinds declare, resolved by folded keys.
//!
//! Two records match when they agree in the first list of fields that both have filled. A record none of whose lists is
//! filled, or whose lists the other table has no columns for, is not known to match anything: that is open, not empty.

use std::collections::{BTreeMap, HashMap};

use super::scene::{Rec, Scene, readable};
use super::truth::Cause;
use crate::finding::{Issue, IssueCell, IssueKind};
use crate::lang::Bilingual;
use crate::ledger::coerce::fold_party;
use crate::ledger::{Datum, FieldId, KindId, Ledger, RelationId, RelationKind};

/// The relations of one village that rules follow.
#[derive(Debug, Default)]
pub(crate) struct Links {
    links: BTreeMap<(KindId, RelationId), Vec<Vec<Matches>>>,
    ledger_place: Vec<u32>,
}

/// What a relation of one record leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Matches {
    /// The village supplied no ledger that it could lead to.
    NoLedger,
    /// The keys do not tell.
    Open(Cause),
    /// These records; none, where there is no match.
    Found(Box<[Rec]>),
}

impl Links {
    /// Resolves relations in one village of a scene.
    pub(crate) fn resolve(
        scene: &Scene<'_>,
        village: u32,
        relations: &[(KindId, RelationId)],
    ) -> Self {
        let mut links = Self::default();
        let mut places: BTreeMap<KindId, u32> = BTreeMap::new();
        for ledger in &scene.village(village).ledgers {
            let place = places.entry(ledger.kind).or_default();
            links.ledger_place.push(*place);
            *place += 1;
        }
        for &(kind, relation) in relations {
            links
                .links
                .entry((kind, relation))
                .or_insert_with(|| resolve(scene, village, kind, relation));
        }
        links
    }

    /// What a relation of a record leads to.
    pub(crate) fn of(&self, rec: Rec, kind: KindId, relation: RelationId) -> &Matches {
        let place = self.ledger_place.get(rec.ledger as usize);
        place
            .and_then(|&place| {
                self.links
                    .get(&(kind, relation))?
                    .get(place as usize)?
                    .get(rec.row as usize)
            })
            .unwrap_or(&Matches::NoLedger)
    }

    /// An issue for each record with two matches of a to-one relation.
    pub(crate) fn issues(&self, scene: &Scene<'_>, village: u32) -> Vec<Issue> {
        let mut issues = Vec::new();
        for (&(kind, id), ledgers) in &self.links {
            let relation = scene.pack.kinds.get(kind).relation(id);
            if relation.many {
                continue;
            }
            for (&ledger, matches) in scene.ledgers_of(village, kind).iter().zip(ledgers) {
                for (row, found) in (0..).zip(matches) {
                    if let Matches::Found(records) = found
                        && records.len() > 1
                    {
                        let rec = Rec {
                            village,
                            ledger,
                            row,
                        };
                        issues.push(ambiguous(scene, rec, relation, records));
                    }
                }
            }
        }
        issues
    }
}

/// The fields of a record that a relation goes by: those of its first list that is filled, else of all.
pub(crate) fn key_fields(scene: &Scene<'_>, rec: Rec, relation: &RelationKind) -> Vec<FieldId> {
    let ledger = scene.ledger(rec);
    let here = |list: &[crate::ledger::RelationPair]| -> Vec<FieldId> {
        list.iter()
            .map(|pair| readable(ledger, pair.here))
            .collect()
    };
    relation
        .on
        .iter()
        .map(|list| here(list))
        .find(|fields| {
            fields
                .iter()
                .all(|&field| ledger.get(rec.row, field).is_value())
        })
        .unwrap_or_else(|| {
            let mut all: Vec<FieldId> = relation.on.iter().flat_map(|list| here(list)).collect();
            all.sort_unstable();
            all.dedup();
            all
        })
}

/// What a field is compared as in a link; `None` where it is not filled.
fn part(ledger: &Ledger, row: u32, field: FieldId) -> Option<String> {
    let field = readable(ledger, field);
    match ledger.get(row, field) {
        Datum::Absent | Datum::Empty | Datum::Unreadable => None,
        Datum::Text(id) => Some(fold_party(ledger.text(ledger.folded(id))).into_owned()),
        _ => ledger.print(row, field).map(std::borrow::Cow::into_owned),
    }
}

/// The values of a list of fields as one key; `None` where one is not filled.
fn key(ledger: &Ledger, row: u32, fields: &[Option<FieldId>]) -> Option<String> {
    let mut key = String::new();
    for &field in fields {
        key.push_str(&part(ledger, row, field?)?);
        key.push('\u{1f}');
    }
    Some(key)
}

/// One target kind of a relation, indexed.
struct Target {
    /// For each list of fields, the records by their key, with the lists that are filled there as a bit set.
    lists: Vec<HashMap<String, Vec<(Rec, u64)>>>,
    /// For each table, the lists that it has the columns for.
    tables: Vec<u64>,
}

/// The lists of a relation that are looked at, as many as a bit set holds.
fn lists(
    relation: &RelationKind,
) -> impl Iterator<Item = (usize, &Vec<crate::ledger::RelationPair>)> {
    relation.on.iter().enumerate().take(64)
}

fn index(scene: &Scene<'_>, village: u32, relation: &RelationKind, to: usize) -> Target {
    let mut target = Target {
        lists: vec![HashMap::new(); relation.on.len()],
        tables: Vec::new(),
    };
    let there: Vec<Vec<Option<FieldId>>> = relation
        .on
        .iter()
        .map(|list| {
            list.iter()
                .map(|pair| pair.there.get(to).copied().flatten())
                .collect()
        })
        .collect();
    for &place in scene.ledgers_of(village, relation.to[to]) {
        let ledger = &scene.village(village).ledgers[place as usize];
        let mut columns = 0_u64;
        for (list, _) in lists(relation) {
            let has = |field: &Option<FieldId>| {
                field.is_some_and(|field| ledger.has(readable(ledger, field)))
            };
            if there[list].iter().all(has) {
                columns |= 1 << list;
            }
        }
        target.tables.push(columns);
        for rec in scene.records(village, place) {
            if ledger.is_copy(rec.row) {
                continue;
            }
            let keys: Vec<Option<String>> = there
                .iter()
                .map(|fields| key(ledger, rec.row, fields))
                .collect();
            let filled = lists(relation)
                .filter(|&(list, _)| keys[list].is_some())
                .fold(0, |bits, (list, _)| bits | 1 << list);
            for (list, key) in keys.into_iter().enumerate() {
                if let Some(key) = key {
                    target.lists[list]
                        .entry(key)
                        .or_default()
                        .push((rec, filled));
                }
            }
        }
    }
    target
}

fn resolve(
    scene: &Scene<'_>,
    village: u32,
    kind: KindId,
    relation: RelationId,
) -> Vec<Vec<Matches>> {
    let relation = scene.pack.kinds.get(kind).relation(relation);
    let targets: Vec<Target> = (0..relation.to.len())
        .map(|to| index(scene, village, relation, to))
        .collect();
    scene
        .ledgers_of(village, kind)
        .iter()
        .map(|&ledger| {
            scene
                .records(village, ledger)
                .map(|rec| matches(scene, rec, relation, &targets))
                .collect()
        })
        .collect()
}

fn matches(scene: &Scene<'_>, rec: Rec, relation: &RelationKind, targets: &[Target]) -> Matches {
    let ledger = scene.ledger(rec);
    let keys: Vec<Option<String>> = relation
        .on
        .iter()
        .map(|list| {
            let here: Vec<Option<FieldId>> = list.iter().map(|pair| Some(pair.here)).collect();
            key(ledger, rec.row, &here)
        })
        .collect();
    let filled = lists(relation)
        .filter(|&(list, _)| keys[list].is_some())
        .fold(0_u64, |bits, (list, _)| bits | 1 << list);
    let mut open = Cause::NONE;
    let mut supplied = false;
    for target in targets {
        if target.tables.is_empty() {
            open |= Cause::ABSENT;
            continue;
        }
        supplied = true;
        let mut found: Vec<Rec> = Vec::new();
        for (list, _) in lists(relation) {
            let Some(key) = &keys[list] else { continue };
            let earlier = filled & ((1 << list) - 1);
            for &(other, there) in target.lists[list].get(key).into_iter().flatten() {
                // An earlier list that both have filled has already told them apart.
                if there & earlier == 0 && other != rec && !found.contains(&other) {
                    found.push(other);
                }
            }
        }
        if !found.is_empty() {
            found.sort_unstable();
            return Matches::Found(found.into());
        }
        if target.tables.iter().any(|columns| columns & filled == 0) {
            open |= why_open(ledger, rec.row, relation, filled);
        }
    }
    if !supplied {
        Matches::NoLedger
    } else if open == Cause::NONE {
        Matches::Found(Box::default())
    } else {
        Matches::Open(open)
    }
}

/// Why the keys of a record do not tell what it leads to: a cell where one is blank or unreadable, else a column.
fn why_open(ledger: &Ledger, row: u32, relation: &RelationKind, filled: u64) -> Cause {
    let mut cause = Cause::NONE;
    for (list, pairs) in lists(relation) {
        if filled & (1 << list) != 0 {
            cause |= Cause::ABSENT;
            continue;
        }
        let blank = |field: FieldId| match ledger.get(row, readable(ledger, field)) {
            Datum::Empty | Datum::Unreadable => Cause::CELL,
            Datum::Absent => Cause::ABSENT,
            _ => Cause::NONE,
        };
        let of_list = pairs
            .iter()
            .fold(Cause::NONE, |cause, pair| cause | blank(pair.here));
        // A list that lacks a column as well cannot be decided by its cells.
        cause |= if of_list == Cause::CELL {
            Cause::CELL
        } else {
            Cause::ABSENT
        };
    }
    cause
}

fn ambiguous(scene: &Scene<'_>, rec: Rec, relation: &RelationKind, found: &[Rec]) -> Issue {
    let ledger = scene.ledger(rec);
    let village = scene.village(rec.village);
    let fields = key_fields(scene, rec, relation);
    let cells = fields
        .iter()
        .filter_map(|&field| {
            let (row, col) = ledger.origin(rec.row, field)?.cell()?;
            let column = ledger.columns.get(usize::from(field.0))?.as_ref();
            Some(IssueCell {
                row,
                col,
                header: column.map_or_else(String::new, |column| column.header.to_string()),
                field: ledger.kind_of.field(field).name.clone(),
                raw: ledger.raw(rec.row, field).into_owned(),
            })
        })
        .collect();
    let places: Vec<String> = found
        .iter()
        .map(|&other| {
            let there = scene.ledger(other);
            format!(
                "{}!{}!{}",
                there.file_name,
                there.sheet,
                there.rows[other.row as usize] + 1
            )
        })
        .collect();
    let places = places.join("、");
    let count = found.len();
    Issue {
        kind: IssueKind::AmbiguousLink,
        file: ledger.file,
        table: Some(ledger.table),
        sheet: ledger.sheet.to_string(),
        town: village.name.town.to_string(),
        village: village.name.name.to_string(),
        ledger: ledger.kind_of.id.clone(),
        field: fields.first().map_or_else(String::new, |&field| {
            ledger.kind_of.field(field).name.clone()
        }),
        records: vec![(scene.id(rec).to_owned(), ledger.rows[rec.row as usize] + 1)],
        cells,
        message: Bilingual::new(
            format!(
                "按编号或名称关联“{}”，对应到{count}条记录：{places}",
                relation.name
            ),
            format!(
                "The link “{}” leads to {count} records: {places}",
                relation.name
            ),
        ),
        remedy: Bilingual::new(
            "核对编号是否重复，改正后重新检查",
            "Check whether the number was used twice, correct it and scan again",
        ),
        unproven: false,
    }
}
