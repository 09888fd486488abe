//! What the words of a heading claim: by themselves, with their group, with their neighbour, or as near spellings.

use super::heading::Heading;
use super::lexicon::{self, Lexicon};
use super::normal::{canonical, letters, plain};
use crate::ledger::{FieldId, FieldType, KindId, LedgerKind};

/// Why a heading claims a field.
#[derive(Clone, Debug)]
pub(super) enum Reason {
    /// `heyan.toml` says so.
    Told,
    /// The word is known.
    Exact,
    /// The word is known together with its group.
    Group(String),
    /// The word in brackets is known.
    Bracket,
    /// A variant of the word is known.
    Variant,
    /// A part between slashes is known.
    Part,
    /// A known word is near: the word, and how near.
    Near(String, f64),
    /// The word is known together with the heading to its left.
    Neighbour(String),
}

/// A heading's claim for a field.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    /// The heading's place.
    pub(super) heading: usize,
    /// The field.
    pub(super) field: FieldId,
    /// How strong it is.
    pub(super) score: f64,
    /// How strong the words alone are.
    pub(super) words: f64,
    /// How well the values go with the field.
    pub(super) fit: f64,
    /// Why.
    pub(super) reason: Reason,
}

/// A claim before the values have spoken.
pub(super) fn claim(heading: usize, field: FieldId, score: f64, reason: Reason) -> Claimed {
    Claimed {
        heading,
        field,
        score,
        words: score,
        fit: 0.5,
        reason,
    }
}

/// What the words of a heading claim. `near` also takes near spellings, which costs more.
pub(super) fn of_words(
    at: usize,
    heading: &Heading,
    kind: KindId,
    ledger: &LedgerKind,
    lexicon: &Lexicon,
    near: bool,
) -> Vec<Claimed> {
    let mut claims = Claims {
        at,
        kind,
        measured: heading.unit.percent || heading.unit.length.is_some(),
        found: Vec::new(),
    };
    let leaf = &heading.leaf;
    for (field, score) in of_period(heading, kind, ledger, lexicon) {
        claims.put(field, score, Reason::Group(heading.header.clone()));
    }
    let joined = heading.joined();
    for word in &joined {
        claims.known(lexicon.exact(word), 1.08, 1.0, || {
            Reason::Group(word.clone())
        });
        let variants = lexicon.variants(&canonical(word));
        claims.known(variants, 1.01, 1.0, || Reason::Group(word.clone()));
    }
    // `日期` below a group means nothing without it.
    let alone = if heading.is_generic() && !heading.groups.is_empty() {
        0.6
    } else {
        1.0
    };
    let (full, bare) = heading.canonical();
    claims.known(lexicon.exact(&leaf.full), 1.0, alone, || Reason::Exact);
    claims.known(lexicon.exact(&leaf.bare), 0.96, alone, || Reason::Exact);
    claims.known(lexicon.variants(&full), 0.93, alone, || Reason::Variant);
    claims.known(lexicon.variants(&bare), 0.91, alone, || Reason::Variant);
    for part in &leaf.parts {
        claims.known(lexicon.exact(part), 0.86, alone, || Reason::Part);
    }
    for inside in &leaf.inside {
        claims.known(lexicon.exact(inside), 0.80, alone, || Reason::Bracket);
    }
    if near && claims.found.iter().all(|c| c.score < 0.75) {
        for word in [&leaf.full, &leaf.bare] {
            claims.near(lexicon.near(kind, word), 0.92 * alone);
        }
        for word in joined.iter().take(4) {
            claims.near(lexicon.near(kind, word), 0.9);
        }
    }
    claims.found
}

/// The claims of one heading for the fields of one kind, the strongest of each field.
struct Claims {
    at: usize,
    kind: KindId,
    /// Whether the heading names a percentage or a length.
    measured: bool,
    found: Vec<Claimed>,
}

impl Claims {
    fn put(&mut self, field: FieldId, score: f64, reason: Reason) {
        match self.found.iter_mut().find(|c| c.field == field) {
            Some(known) if known.score >= score => {}
            Some(known) => *known = claim(self.at, field, score, reason),
            None => self.found.push(claim(self.at, field, score, reason)),
        }
    }

    /// Takes what a known word claims: a little less the later it stands in the field's list, and less where the word is
    /// known only with a unit that the heading does not name.
    fn known(
        &mut self,
        words: &[lexicon::Claim],
        score: f64,
        weight: f64,
        reason: impl Fn() -> Reason,
    ) {
        let kind = self.kind;
        for word in words.iter().filter(|word| word.kind == kind) {
            let rank = f64::from(word.rank.min(10)) * 0.004;
            let unmeasured = if word.measured && !self.measured {
                0.12
            } else {
                0.0
            };
            self.put(word.field, (score - rank - unmeasured) * weight, reason());
        }
    }

    fn near(&mut self, words: Vec<lexicon::Near>, weight: f64) {
        for near in words {
            let reason = Reason::Near(near.word.into(), near.likeness);
            self.put(near.field, near.likeness * weight, reason);
        }
    }
}

/// 起, 止 and 年限 below the group of a period are its first day, its last day and its length.
fn of_period(
    heading: &Heading,
    kind: KindId,
    ledger: &LedgerKind,
    lexicon: &Lexicon,
) -> Vec<(FieldId, f64)> {
    const START: &[&str] = &[
        "起",
        "自",
        "从",
        "开始",
        "起始",
        "开始日期",
        "开始时间",
        "起始日期",
        "起始时间",
        "起日期",
        "始",
    ];
    const END: &[&str] = &[
        "止",
        "至",
        "到",
        "结束",
        "终止",
        "截止",
        "到期",
        "结束日期",
        "结束时间",
        "终止日期",
        "终止时间",
        "截止日期",
        "终",
        "到期日期",
    ];
    const LENGTH: &[&str] = &["年限", "期限", "年数", "年", "月数", "长度"];
    let Some(group) = heading.groups.last() else {
        return Vec::new();
    };
    let is = |list: &[&str]| {
        list.contains(&heading.leaf.full.as_str()) || list.contains(&heading.leaf.bare.as_str())
    };
    let which = |fills: &crate::ledger::Fills| {
        if is(START) {
            fills.start
        } else if is(END) {
            fills.end
        } else if is(LENGTH) {
            fills.length
        } else {
            None
        }
    };
    let words = [
        group.full.clone(),
        group.bare.clone(),
        format!("{}限", group.bare),
        format!("{}期限", group.bare),
    ];
    let mut found = Vec::new();
    for (field, known) in (0..).map(FieldId).zip(&ledger.fields) {
        if known.ty != FieldType::Period {
            continue;
        }
        let Some(filled) = which(&known.fills) else {
            continue;
        };
        let claims = |word: &String| {
            lexicon
                .exact(word)
                .iter()
                .chain(lexicon.variants(&canonical(word)))
                .any(|c| c.kind == kind && c.field == field)
        };
        if words.iter().any(claims) {
            found.push((filled, 1.0));
        }
    }
    found
}

/// A bare `日期` without a group goes with the column to its left: 是否备案 | 时间.
pub(super) fn neighbours(
    headings: &[Heading],
    claims: &mut Vec<Claimed>,
    kind: KindId,
    ledger: &LedgerKind,
    lexicon: &Lexicon,
) {
    for at in 1..headings.len() {
        let heading = &headings[at];
        if !heading.is_generic()
            || !heading.groups.is_empty()
            || headings[at - 1].col + 1 != heading.col
        {
            continue;
        }
        let left = claims
            .iter()
            .filter(|c| c.heading == at - 1 && c.score >= 0.9)
            .max_by(|a, b| a.score.total_cmp(&b.score))
            .map(|c| c.field);
        let stems = [
            Some(canonical(&headings[at - 1].leaf.bare)),
            left.map(|field| canonical(&letters(&plain(&ledger.field(field).name)))),
        ];
        for stem in stems.into_iter().flatten() {
            let word = format!("{stem}{}", canonical(&heading.leaf.bare));
            for found in lexicon.variants(&word).iter().filter(|c| c.kind == kind) {
                if !claims
                    .iter()
                    .any(|c| c.heading == at && c.field == found.field)
                {
                    claims.push(claim(
                        at,
                        found.field,
                        0.88,
                        Reason::Neighbour(word.clone()),
                    ));
                }
            }
        }
    }
}
