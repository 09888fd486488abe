//! Limits: values that a law or a local document sets, with the dates they were in force.

use rust_decimal::Decimal;

use crate::ledger::Day;

/// A limit's place in its [`Pack`](super::Pack).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LimitId(pub u16);

/// A limit 限额/参数.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The name that rules use: `质保金比例上限`.
    pub name: String,
    /// The English name.
    pub en: String,
    /// What its values are.
    pub ty: LimitType,
    /// Who sets it.
    pub scope: LimitScope,
    /// The values, by their first day; no two overlap.
    pub values: Vec<Segment>,
    /// What to look for, and where such numbers usually stand.
    pub ask: String,
    /// The same in English.
    pub ask_en: String,
    /// What an unset local limit means.
    pub unset: Unset,
}

/// What a limit's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitType {
    /// Money.
    Money,
    /// A ratio.
    Percent,
    /// A number.
    Number,
    /// Days, months or working days.
    Duration,
    /// A day.
    Date,
    /// 是 or 否: a convention.
    Flag,
    /// Texts: a convention.
    List,
    /// Tiers by amount, for `档`.
    Tiers,
}

/// Who sets a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitScope {
    /// A law of the land or of a province.
    National,
    /// A local document.
    Local,
    /// A convention of this pack, which a county may change.
    Convention,
}

/// What an unset local limit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unset {
    /// Rules that need it are not run.
    NotRun,
    /// There is no threshold.
    None,
}

/// A value with the days it was in force, both included.
#[derive(Clone, Debug)]
pub struct Segment {
    /// First day; [`Day::MIN`] where it is open.
    pub from: Day,
    /// Last day; [`Day::MAX`] where it is open.
    pub to: Day,
    /// The value.
    pub value: LimitValue,
    /// The value as it was written.
    pub text: String,
    /// A provision's id, or the local document.
    pub basis: String,
    /// Whether `heyan.toml` restates a national one.
    pub restated: bool,
}

/// A limit's value.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitValue {
    /// Money in yuan.
    Money(Decimal),
    /// A number or a ratio.
    Number(Decimal),
    /// A length of time.
    Duration(Duration),
    /// A day.
    Date(Day),
    /// A convention.
    Flag(bool),
    /// Texts.
    List(Vec<String>),
    /// Tiers, ascending.
    Tiers(Vec<Tier>),
}

/// A length of time that is added to a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duration {
    /// Days.
    Days(i32),
    /// Months; a year is twelve.
    Months(i32),
    /// Working days, which need a calendar.
    WorkingDays(i32),
}

/// One tier: from this amount on, this entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// The least amount, included.
    pub from: Decimal,
    /// The entry.
    pub entry: String,
}
