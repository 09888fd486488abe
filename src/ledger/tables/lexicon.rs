//! The header words of all ledger kinds, ready for looking up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::claims::Claimed;
use super::heading::Words;
use super::near;
use super::normal::{canonical, letters, parse, plain};
use crate::ledger::{FieldId, KindId, LedgerKind};

/// The likeness of a word that a slip of the pen makes of another.
const SLIP: f64 = 0.86;

/// The header words of all ledger kinds, folded once.
#[derive(Clone, Debug, Default)]
pub(in crate::ledger) struct Lexicon {
    exact: HashMap<Box<str>, Vec<Claim>>,
    canon: HashMap<Box<str>, Vec<Claim>>,
    /// Of each kind, every word in canonical form.
    words: Vec<Vec<Word>>,
    /// Words that mark a sheet, a title or a file, folded, with the kind.
    titles: Vec<(String, KindId)>,
    /// What headings claim, by their texts: it depends on nothing else, and workbooks repeat one another's headers.
    headings: Arc<Mutex<HashMap<Box<str>, Arc<OfHeading>>>>,
}

/// How many headings are remembered at most; then they are forgotten.
const REMEMBERED: usize = 8_192;

/// What the words of one heading claim, worked out once for each kind.
#[derive(Debug)]
pub(super) struct OfHeading {
    /// Of each kind, the claims without near spellings and with them.
    claims: Vec<[OnceLock<Vec<Claimed>>; 2]>,
    /// How many kinds know the words.
    pub(super) kinds: OnceLock<usize>,
}

impl OfHeading {
    /// The claims for the fields of a kind, which `work_out` makes where they are not known yet.
    pub(super) fn claims(
        &self,
        kind: KindId,
        near: bool,
        work_out: impl FnOnce() -> Vec<Claimed>,
    ) -> &[Claimed] {
        match self.claims.get(usize::from(kind.0)) {
            Some(known) => known[usize::from(near)].get_or_init(work_out),
            None => &[],
        }
    }
}

/// A field that a word is a header of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// The kind.
    pub(super) kind: KindId,
    /// Its field.
    pub(super) field: FieldId,
    /// The word's place in the field's list, the most usual first.
    pub(super) rank: u8,
    /// Whether the word is of this field only with a unit: `租期（年）`, `质保金（%）`.
    pub(super) measured: bool,
}

#[derive(Clone, Debug)]
struct Word {
    field: FieldId,
    text: Box<str>,
    chars: Box<[char]>,
    /// The word as it is.
    full: Box<[char]>,
}

/// A word like the one looked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Near {
    pub(super) field: FieldId,
    /// 0 to 1.
    pub(super) likeness: f64,
    /// The known word, in canonical form.
    pub(super) word: Box<str>,
}

impl Lexicon {
    /// Folds the words of the kinds.
    pub(in crate::ledger) fn new<'a>(
        kinds: impl Iterator<Item = (KindId, &'a LedgerKind)>,
    ) -> Self {
        let mut lexicon = Self::default();
        for (kind, ledger) in kinds {
            let mut words = Vec::new();
            for (field, known) in (0..).map(FieldId).zip(&ledger.fields) {
                let names = std::iter::once(&known.name).chain(&known.headers);
                for (rank, text) in (0_u8..=250).chain(std::iter::repeat(250)).zip(names) {
                    let parsed = parse(&text.replace('/', ""));
                    let measured = parsed.unit.percent || parsed.unit.length.is_some();
                    let claim = Claim {
                        kind,
                        field,
                        rank,
                        measured,
                    };
                    add(&mut lexicon.exact, &parsed.full, claim);
                    let canon = canonical(&parsed.full);
                    add(&mut lexicon.canon, &canon, claim);
                    let chars: Box<[char]> = canon.chars().collect();
                    let full: Box<[char]> = parsed.full.chars().collect();
                    if !words
                        .iter()
                        .any(|w: &Word| w.field == field && *w.full == *full)
                    {
                        words.push(Word {
                            field,
                            text: canon.into(),
                            chars,
                            full,
                        });
                    }
                }
            }
            lexicon.words.push(words);
            for title in &ledger.title {
                let title = letters(&plain(title));
                if !title.is_empty() {
                    lexicon.titles.push((title, kind));
                }
            }
        }
        lexicon
    }

    /// What a heading claims, as far as it is known.
    pub(super) fn of_heading(&self, words: &Words) -> Arc<OfHeading> {
        let mut headings = self.headings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = headings.get(&words.texts) {
            return known.clone();
        }
        if headings.len() >= REMEMBERED {
            headings.clear();
        }
        let fresh = Arc::new(OfHeading {
            claims: self.words.iter().map(|_| Default::default()).collect(),
            kinds: OnceLock::new(),
        });
        headings.insert(words.texts.clone(), fresh.clone());
        fresh
    }

    /// The fields that a folded word is a header of.
    pub(super) fn exact(&self, letters: &str) -> &[Claim] {
        self.exact.get(letters).map_or(&[], Vec::as_slice)
    }

    /// The fields that a variant of a word is a header of.
    pub(super) fn variants(&self, canonical: &str) -> &[Claim] {
        self.canon.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// Whether a text is a header of any kind as it stands.
    pub(super) fn knows(&self, letters: &str) -> bool {
        self.exact.contains_key(letters)
    }

    /// The best likeness for each field of a kind, the best first; at most eight.
    pub(super) fn near(&self, kind: KindId, letters: &str) -> Vec<Near> {
        let full: Vec<char> = letters.chars().collect();
        let chars: Vec<char> = canonical(letters).chars().collect();
        let mut found: Vec<Near> = Vec::new();
        let Some(words) = self.words.get(usize::from(kind.0)) else {
            return found;
        };
        for word in words {
            let likeness = if near::is_slip(&full, &word.full) {
                SLIP
            } else {
                near::likeness(&chars, &word.chars)
            };
            if likeness < near::LEAST {
                continue;
            }
            match found.iter_mut().find(|near| near.field == word.field) {
                Some(near) if near.likeness >= likeness => {}
                Some(near) => {
                    near.likeness = likeness;
                    near.word.clone_from(&word.text);
                }
                None => found.push(Near {
                    field: word.field,
                    likeness,
                    word: word.text.clone(),
                }),
            }
        }
        found.sort_by(|a, b| {
            b.likeness
                .total_cmp(&a.likeness)
                .then(a.field.cmp(&b.field))
        });
        found.truncate(8);
        found
    }

    /// How strongly a text is marked as of each kind: the length of the longest title word it holds.
    pub(super) fn titled(&self, letters: &str, kinds: usize) -> Vec<usize> {
        let mut found = vec![0; kinds];
        for (title, kind) in &self.titles {
            let len = title.chars().count();
            if let Some(best) = found.get_mut(usize::from(kind.0))
                && len > *best
                && letters.contains(title.as_str())
            {
                *best = len;
            }
        }
        found
    }
}

fn add(map: &mut HashMap<Box<str>, Vec<Claim>>, word: &str, claim: Claim) {
    if word.is_empty() {
        return;
    }
    let claims = map.entry(word.into()).or_default();
    match claims
        .iter_mut()
        .find(|c| c.kind == claim.kind && c.field == claim.field)
    {
        // A field that also lists the word without a unit needs none.
        Some(known) => known.measured &= claim.measured,
        None => claims.push(claim),
    }
}
