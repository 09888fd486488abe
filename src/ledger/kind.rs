//! Ledger kinds as data: what `rules/ledgers/<kind>.toml` says, checked. `rules` loads them.

use std::sync::{Arc, OnceLock};

use super::tables::lexicon::Lexicon;

/// A kind of ledger: its fields, the headers they are known by, its keys and its relations.
#[derive(Clone, Debug)]
pub struct LedgerKind {
    /// The word of files and reports: `contract`.
    pub id: String,
    /// The Chinese name, which rules use: `合同`.
    pub name: String,
    /// The English name.
    pub en: String,
    /// Words that mark a sheet, a title row or a file name.
    pub title: Vec<String>,
    /// The fields, by [`FieldId`].
    pub fields: Vec<FieldKind>,
    /// The keys: each list of fields that is filled is one; the first is the id.
    pub keys: Vec<Vec<FieldId>>,
    /// The relations, by [`RelationId`].
    pub relations: Vec<RelationKind>,
}

/// A field's place in its [`LedgerKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u16);

/// A kind's place among all [`Kinds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindId(pub u16);

/// A relation's place in its [`LedgerKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationId(pub u16);

/// A field of a ledger kind.
#[derive(Clone, Debug)]
pub struct FieldKind {
    /// The name that rules, `heyan.toml` and reports use: `签订日期`.
    pub name: String,
    /// The English name.
    pub en: String,
    /// What its cells hold.
    pub ty: FieldType,
    /// The headers it is known by, the most usual one first; group and leaf may be joined by `/` (`预付款/日期`).
    pub headers: Vec<String>,
    /// Whether a money or number field can be below zero; a sum with unread members is then unknown, else `[known, ∞)`.
    pub negative: bool,
    /// Fields that a table without this column reads instead, first present one first.
    pub fallback: Vec<FieldId>,
    /// Words that mean that nothing was agreed, besides blank, `—` and `待补`.
    pub empty: Vec<String>,
    /// The fields that a period or a vote fills.
    pub fills: Fills,
    /// Where a choice is inferred from when the column is absent or blank: names of fields, `section`, `sheet`, `title`.
    pub infer: Vec<String>,
    /// The table of a choice.
    pub choices: Vec<Choice>,
    /// Whether its absence leaves nothing unknown.
    pub optional: bool,
    /// The one value the field has in this kind.
    pub always: Option<String>,
    /// The rate that a money field is converted to (年租金: per year).
    pub per: Option<Rate>,
}

/// What the cells of a field hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Free text.
    Text,
    /// A number.
    Number,
    /// Money, in yuan.
    Money,
    /// A ratio: 30% is 0.30.
    Percent,
    /// A date.
    Date,
    /// A period; it fills its start, end and length.
    Period,
    /// A length of time; filled by a period or a column of its own.
    Length,
    /// The result of a vote in one cell; it fills numbers.
    Vote,
    /// 是, 否 or 不适用.
    Flag,
    /// An entry of a table.
    Choice,
    /// A person or firm, compared folded.
    Party,
    /// An identifier, compared folded.
    Id,
}

/// The fields that a period or a vote fills, where the kind has them.
#[derive(Clone, Debug, Default)]
pub struct Fills {
    /// A period's first day.
    pub start: Option<FieldId>,
    /// A period's last day.
    pub end: Option<FieldId>,
    /// A period's length.
    pub length: Option<FieldId>,
    /// 应到人数.
    pub expected: Option<FieldId>,
    /// 实到人数.
    pub present: Option<FieldId>,
    /// 同意人数.
    pub agreed: Option<FieldId>,
    /// 反对人数.
    pub opposed: Option<FieldId>,
    /// 弃权人数.
    pub abstained: Option<FieldId>,
}

impl Fills {
    /// Every field that is filled.
    pub fn iter(&self) -> impl Iterator<Item = FieldId> {
        [
            self.start,
            self.end,
            self.length,
            self.expected,
            self.present,
            self.agreed,
            self.opposed,
            self.abstained,
        ]
        .into_iter()
        .flatten()
    }
}

/// A rate that money is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Per year; 元/月 × 12.
    Year,
}

/// One entry of a table of choices.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The value that rules use.
    pub value: String,
    /// Spellings of it, besides the value itself.
    pub words: Vec<String>,
}

/// A relation from the records of a kind to records of others in the same village.
#[derive(Clone, Debug)]
pub struct RelationKind {
    /// The name that rules use.
    pub name: String,
    /// The kinds it can lead to: the first with a match counts.
    pub to: Vec<KindId>,
    /// Whether several matches are meant.
    pub many: bool,
    /// Pairs of fields (here, there per entry of `to`); a later list only where a field of the earlier one is empty here.
    pub on: Vec<Vec<RelationPair>>,
}

/// Fields that must be equal, compared folded. `here` = `there`.
#[derive(Clone, Debug)]
pub struct RelationPair {
    /// The field of this kind.
    pub here: FieldId,
    /// The field of each target kind, in the order of `to`; `None` where that kind has no such field.
    pub there: Vec<Option<FieldId>>,
}

/// All ledger kinds, by [`KindId`].
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    kinds: Vec<Arc<LedgerKind>>,
    /// Their header words, folded when they are first asked for.
    lexicon: OnceLock<Arc<Lexicon>>,
}

impl Kinds {
    /// The kinds in the given order.
    pub fn new(kinds: Vec<Arc<LedgerKind>>) -> Self {
        Self {
            kinds,
            lexicon: OnceLock::new(),
        }
    }

    /// The header words of all kinds, folded once.
    pub(super) fn lexicon(&self) -> Arc<Lexicon> {
        self.lexicon
            .get_or_init(|| Arc::new(Lexicon::new(self.iter().map(|(id, kind)| (id, &**kind)))))
            .clone()
    }

    /// The kind of an id that this very list handed out.
    pub fn get(&self, id: KindId) -> &Arc<LedgerKind> {
        &self.kinds[usize::from(id.0)]
    }

    /// Every kind with its id.
    pub fn iter(&self) -> impl Iterator<Item = (KindId, &Arc<LedgerKind>)> {
        (0..).map(KindId).zip(&self.kinds)
    }

    /// The kind of an id word (`contract`) or a Chinese name (`合同`).
    pub fn find(&self, word: &str) -> Option<KindId> {
        self.iter()
            .find(|(_, kind)| kind.id == word || kind.name == word)
            .map(|(id, _)| id)
    }
}

impl LedgerKind {
    /// The field of an id that this very kind handed out.
    pub fn field(&self, id: FieldId) -> &FieldKind {
        &self.fields[usize::from(id.0)]
    }

    /// The field of a name.
    pub fn find(&self, name: &str) -> Option<FieldId> {
        (0..)
            .map(FieldId)
            .zip(&self.fields)
            .find(|(_, field)| field.name == name)
            .map(|(id, _)| id)
    }

    /// The relation of a name.
    pub fn find_relation(&self, name: &str) -> Option<RelationId> {
        (0..)
            .map(RelationId)
            .zip(&self.relations)
            .find(|(_, relation)| relation.name == name)
            .map(|(id, _)| id)
    }

    /// The relation of an id that this very kind handed out.
    pub fn relation(&self, id: RelationId) -> &RelationKind {
        &self.relations[usize::from(id.0)]
    }
}
