//! Headings → fields of one ledger kind, by the words, the group, the neighbours and the values, each with its reason.

use std::rc::Rc;
use std::sync::Arc;

use super::claims::{Claimed, Reason, claim, neighbours, of_words};
use super::heading::Heading;
use super::lexicon::{Lexicon, OfHeading};
use super::profile::Profile;
use crate::lang::Bilingual;
use crate::ledger::{FieldId, FieldType, KindId, LedgerKind};

/// A claim below this is none.
const LEAST: f64 = 0.70;
/// Two claims that differ by less are not told apart by their words.
const MARGIN: f64 = 0.012;

/// How a column was understood.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The field; `None` where none claims the column.
    pub(super) field: Option<FieldId>,
    /// How sure, 0 to 1.
    pub(super) confidence: f64,
    /// The reason.
    pub(super) why: Bilingual,
    /// The fields, or the other column, that it could not be told from.
    pub(super) doubt: Option<Doubt>,
}

/// What a column could not be told from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Doubt {
    /// Two fields claim it alike.
    Fields(FieldId, FieldId),
    /// It claims a field alike another column (a place among the headings).
    Columns(FieldId, usize),
}

/// The columns of a table as fields of one kind.
#[derive(Clone, Debug)]
pub(super) struct Mapping {
    /// The kind.
    pub(super) kind: KindId,
    /// One for each heading.
    pub(super) choices: Vec<Choice>,
    /// How well the headings go with the kind.
    pub(super) score: f64,
    /// How many fields are claimed, those that are optional left out.
    pub(super) claimed: usize,
}

/// What the user says of a heading: the field, or that it is to be left alone.
pub(super) type Told = Option<Option<FieldId>>;

/// The headings of a table, one entry of each list for each heading.
#[derive(Clone, Copy)]
pub(super) struct Columns<'c> {
    /// The headings.
    pub(super) headings: &'c [Heading],
    /// What their words claim.
    pub(super) known: &'c [Arc<OfHeading>],
    /// What the cells below them look like.
    pub(super) profiles: &'c [Rc<Profile>],
}

/// How much is asked of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Known words alone, and no reasons: enough to rank the kinds.
    Known,
    /// Near spellings too, which costs more.
    Near,
    /// Near spellings, and the reason of each choice in words.
    Full,
}

/// Maps headings to the fields of a kind.
pub(super) fn map(
    table: Columns<'_>,
    kind: KindId,
    ledger: &LedgerKind,
    lexicon: &Lexicon,
    told: &[Told],
    effort: Effort,
) -> Mapping {
    let Columns {
        headings,
        known,
        profiles,
    } = table;
    let near = effort != Effort::Known;
    let mut claims: Vec<Claimed> = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        if told.get(at).is_some_and(|t| *t == Some(None)) {
            continue;
        }
        if let Some(Some(Some(field))) = told.get(at) {
            claims.push(claim(at, *field, 2.0, Reason::Told));
            continue;
        }
        let found = known[at].claims(kind, near, || {
            of_words(at, heading, kind, ledger, lexicon, near)
        });
        claims.extend(found.iter().map(|claimed| Claimed {
            heading: at,
            ..claimed.clone()
        }));
    }
    neighbours(headings, &mut claims, kind, ledger, lexicon);
    for claim in &mut claims {
        let profile = &profiles[claim.heading];
        let field = ledger.field(claim.field);
        claim.fit = fit(profile, field);
        weigh(claim, profile, field.ty);
        if !matches!(claim.reason, Reason::Told) {
            claim.score += unit_speaks(&headings[claim.heading], field.ty);
        }
    }
    claims.retain(|claim| claim.score >= LEAST);
    claims.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.heading.cmp(&b.heading))
            .then(a.field.cmp(&b.field))
    });
    let choices = assign(headings, profiles, ledger, &claims, effort);
    score(headings, known, kind, ledger, lexicon, &claims, choices)
}

fn fit(profile: &Profile, field: &crate::ledger::FieldKind) -> f64 {
    // A column of amounts in words is not the column of the figures, and the other way round.
    if field.ty == FieldType::Money
        && field.name.contains("大写") != profile.is_capitals()
        && profile.filled >= 2
    {
        return if profile.is_capitals() { 0.0 } else { 0.3 };
    }
    profile.fit(field)
}

/// What the unit in a header says for or against a type: 质保金（%） is a ratio, 合同期限（元） no length.
fn unit_speaks(heading: &Heading, ty: FieldType) -> f64 {
    let unit = heading.unit;
    match ty {
        FieldType::Percent if unit.percent => 0.06,
        FieldType::Percent if unit.money.is_some() => -0.2,
        FieldType::Money if unit.percent => -0.2,
        // 租金（年） is a sum by the year, 合同期（年） is none.
        FieldType::Money if unit.length.is_some() && unit.money.is_none() => -0.05,
        FieldType::Money if unit.money.is_some() => 0.02,
        FieldType::Date | FieldType::Party | FieldType::Id | FieldType::Flag
            if unit.money.is_some() || unit.percent =>
        {
            -0.3
        }
        FieldType::Length if unit.length.is_some() => 0.06,
        FieldType::Period if unit.length.is_some() => -0.06,
        FieldType::Date if unit.length.is_some() => -0.2,
        _ => 0.0,
    }
}

/// Lets the values speak: a little for or against certain words, decisively against doubtful ones.
fn weigh(claim: &mut Claimed, profile: &Profile, ty: FieldType) {
    if matches!(claim.reason, Reason::Told) {
        return;
    }
    let typed = matches!(
        ty,
        FieldType::Date
            | FieldType::Money
            | FieldType::Number
            | FieldType::Percent
            | FieldType::Period
            | FieldType::Length
            | FieldType::Flag
            | FieldType::Vote
    );
    if profile.filled >= 1 {
        claim.score += 0.12 * (claim.fit - 0.5) * if typed { 1.0 } else { 0.5 };
    }
    let uncertain = claim.words < 0.9;
    if profile.filled >= 2 && claim.fit < 0.25 && typed && uncertain {
        claim.score = 0.0;
    } else if profile.filled >= 2 && claim.fit <= 0.05 && claim.words < 0.99 {
        claim.score -= 0.2;
    }
}

/// Gives each heading at most one field and each field at most one heading, the stronger claim first.
fn assign(
    headings: &[Heading],
    profiles: &[Rc<Profile>],
    ledger: &LedgerKind,
    claims: &[Claimed],
    effort: Effort,
) -> Vec<Choice> {
    let words = effort == Effort::Full;
    let mut choices: Vec<Option<Choice>> = vec![None; headings.len()];
    let mut taken: Vec<Option<usize>> = vec![None; ledger.fields.len()];
    for (place, claim) in claims.iter().enumerate() {
        let field = usize::from(claim.field.0);
        if choices[claim.heading].is_some() || taken[field].is_some() {
            continue;
        }
        let rest = &claims[place + 1..];
        // Another column that claims the field alike, and has nothing better to be.
        let rival = rest
            .iter()
            .filter(|c| {
                c.field == claim.field
                    && claim.score - c.score < MARGIN
                    && choices[c.heading].is_none()
            })
            .find(|c| {
                !rest.iter().any(|other| {
                    other.heading == c.heading
                        && other.field != c.field
                        && taken[usize::from(other.field.0)].is_none()
                        && c.score - other.score < 0.1
                })
            });
        if let Some(rival) = rival
            && !matches!(claim.reason, Reason::Told)
        {
            let (a, b) = (&profiles[claim.heading], &profiles[rival.heading]);
            if a.filled == 0 && b.filled > 0 {
                // The blank one gives way.
                continue;
            }
            let optional = ledger.field(claim.field).optional;
            if b.filled > 0 && !optional && !same_values(a, b) {
                for (one, other) in [
                    (claim.heading, rival.heading),
                    (rival.heading, claim.heading),
                ] {
                    choices[one] = Some(undecided_columns(headings, ledger, claim.field, other));
                }
                taken[field] = Some(claim.heading);
                continue;
            }
        }
        // Another field that claims the column alike, and has no other column to go to.
        let other = rest.iter().find(|c| {
            c.heading == claim.heading
                && claim.score - c.score < MARGIN
                && taken[usize::from(c.field.0)].is_none()
                && !claims
                    .iter()
                    .any(|o| o.field == c.field && o.heading != c.heading && o.score >= c.score)
        });
        if let Some(other) = other
            && !matches!(claim.reason, Reason::Told)
        {
            choices[claim.heading] = Some(undecided_fields(ledger, claim.field, other.field));
            continue;
        }
        taken[field] = Some(claim.heading);
        choices[claim.heading] = Some(Choice {
            field: Some(claim.field),
            confidence: confidence(claim, rest),
            why: if words {
                why(claim, ledger, profiles)
            } else {
                Bilingual::new("", "")
            },
            doubt: None,
        });
    }
    choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            choice.unwrap_or_else(|| {
                if words {
                    return unclaimed(at, headings, ledger, claims, &taken);
                }
                Choice {
                    field: None,
                    confidence: 0.0,
                    why: Bilingual::new("", ""),
                    doubt: None,
                }
            })
        })
        .collect()
}

fn same_values(a: &Profile, b: &Profile) -> bool {
    a.filled == b.filled && a.sample() == b.sample()
}

fn undecided_columns(
    headings: &[Heading],
    ledger: &LedgerKind,
    field: FieldId,
    other: usize,
) -> Choice {
    let name = &ledger.field(field).name;
    let col = crate::read::column_letters(headings[other].col);
    Choice {
        field: None,
        confidence: 0.0,
        why: Bilingual::new(
            format!("与{col}列都像“{name}”，不能确定"),
            format!("claims {name} just as column {col} does; not decided"),
        ),
        doubt: Some(Doubt::Columns(field, other)),
    }
}

fn undecided_fields(ledger: &LedgerKind, one: FieldId, other: FieldId) -> Choice {
    let (a, b) = (&ledger.field(one).name, &ledger.field(other).name);
    Choice {
        field: None,
        confidence: 0.0,
        why: Bilingual::new(
            format!("“{a}”与“{b}”都像，不能确定"),
            format!("may be {a} or {b}; not decided"),
        ),
        doubt: Some(Doubt::Fields(one, other)),
    }
}

fn unclaimed(
    at: usize,
    headings: &[Heading],
    ledger: &LedgerKind,
    claims: &[Claimed],
    taken: &[Option<usize>],
) -> Choice {
    let lost = claims.iter().find(|c| c.heading == at);
    let why = match lost.and_then(|c| taken[usize::from(c.field.0)].map(|by| (c.field, by))) {
        Some((field, by)) => {
            let name = &ledger.field(field).name;
            let col = crate::read::column_letters(headings[by].col);
            Bilingual::new(
                format!("“{name}”已由依据更强的{col}列取用"),
                format!("{name} is read from column {col}, whose claim is stronger"),
            )
        }
        None => Bilingual::new("没有字段与表头相符", "no field goes with this header"),
    };
    Choice {
        field: None,
        confidence: 0.0,
        why,
        doubt: None,
    }
}

/// How sure a claim is: its strength, and how far the next best for the same column is.
fn confidence(claim: &Claimed, rest: &[Claimed]) -> f64 {
    let next = rest
        .iter()
        .find(|c| c.heading == claim.heading)
        .map_or(0.0, |c| c.score);
    let margin = (claim.score - next).clamp(0.0, 0.3) / 0.3;
    ((claim.score.min(1.0) * (0.9 + 0.1 * margin)).clamp(0.0, 1.0) * 100.0).round() / 100.0
}

fn why(claim: &Claimed, ledger: &LedgerKind, profiles: &[Rc<Profile>]) -> Bilingual {
    let mut why = match &claim.reason {
        Reason::Told => return Bilingual::new("heyan.toml 指定", "set in heyan.toml"),
        Reason::Exact => Bilingual::new("表头一致", "the header is a known word"),
        Reason::Group(word) => Bilingual::new(
            format!("与上级表头合为“{word}”"),
            format!("read with its group header as {word}"),
        ),
        Reason::Bracket => Bilingual::new("括号内的表头一致", "the word in brackets is known"),
        Reason::Variant => {
            Bilingual::new("表头是常见的另一种写法", "the header is a usual variant")
        }
        Reason::Part => Bilingual::new("表头的一部分一致", "a part of the header is a known word"),
        Reason::Near(word, likeness) => Bilingual::new(
            format!("表头近似“{word}”（{likeness:.2}）"),
            format!("the header is near {word} ({likeness:.2})"),
        ),
        Reason::Neighbour(word) => Bilingual::new(
            format!("与左列合为“{word}”"),
            format!("read with the column to its left as {word}"),
        ),
    };
    let field = ledger.field(claim.field);
    if profiles[claim.heading].filled >= 2 && !matches!(field.ty, FieldType::Text) {
        if claim.fit >= 0.7 {
            why.zh.to_mut().push_str("，列值相符");
            why.en.to_mut().push_str("; its values agree");
        } else if claim.fit < 0.3 {
            why.zh.to_mut().push_str("，但列值多不相符");
            why.en
                .to_mut()
                .push_str("; most of its values do not look like it");
        }
    }
    why
}

/// How well the headings go with the kind: words that few kinds know count more, unclaimed columns against it.
#[expect(clippy::cast_precision_loss, reason = "a table has few columns")]
fn score(
    headings: &[Heading],
    known: &[Arc<OfHeading>],
    kind: KindId,
    ledger: &LedgerKind,
    lexicon: &Lexicon,
    claims: &[Claimed],
    choices: Vec<Choice>,
) -> Mapping {
    let (mut total, mut claimed) = (0.0, 0);
    for (at, choice) in choices.iter().enumerate() {
        let Some(field) = choice.field else {
            total -= if choice.doubt.is_some() { 0.0 } else { 0.2 };
            continue;
        };
        let strength = claims
            .iter()
            .find(|c| c.heading == at && c.field == field)
            .map_or(0.0, |c| c.score.min(1.1));
        let kinds = known[at]
            .kinds
            .get_or_init(|| kinds_knowing(&headings[at], lexicon));
        let kinds = (*kinds).max(1) as f64;
        let weight = if ledger.field(field).optional {
            0.2
        } else {
            1.0
        };
        total += strength * weight * (0.5 + 1.0 / kinds);
        claimed += usize::from(!ledger.field(field).optional);
    }
    let choice_of = |field: FieldId| choices.iter().any(|c| c.field == Some(field));
    if ledger
        .keys
        .iter()
        .any(|key| key.iter().all(|field| choice_of(*field)))
    {
        total += 0.6;
    }
    Mapping {
        kind,
        choices,
        score: total,
        claimed,
    }
}

fn kinds_knowing(heading: &Heading, lexicon: &Lexicon) -> usize {
    let mut kinds: Vec<KindId> = heading
        .joined()
        .iter()
        .flat_map(|word| lexicon.exact(word))
        .map(|claim| claim.kind)
        .collect();
    if kinds.is_empty() {
        kinds = lexicon
            .exact(&heading.leaf.full)
            .iter()
            .chain(lexicon.exact(&heading.leaf.bare))
            .map(|claim| claim.kind)
            .collect();
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds.len()
}
