//! Which cases a list shows.

use std::cmp::Reverse;

use super::{Book, Case, Standing};
use crate::finding::Topic;

/// Which cases a list shows; every condition that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which of them by what is to be done.
    pub which: Which,
    /// Only of this village.
    pub village: Option<String>,
    /// Only of this town.
    pub town: Option<String>,
    /// Only of this topic.
    pub topic: Option<Topic>,
    /// Only of this rule.
    pub rule: Option<String>,
    /// Only those that this one is responsible for.
    pub responsible: Option<String>,
    /// Only those first seen at least so many days ago.
    pub older_than: Option<i32>,
    /// How many days ahead [`Which::Due`] looks.
    pub ahead: i32,
}

/// Which cases, by what is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Which {
    /// Something is still to be done.
    #[default]
    Open,
    /// Of these, the day comes within [`Filter::ahead`] days or has passed.
    Due,
    /// Of these, the day has passed.
    Overdue,
    /// Of these, found again after they had been put right or closed.
    Reopened,
    /// Put right or closed by hand.
    Done,
    /// All of them, waived and unfounded ones too.
    All,
}

impl Which {
    /// Every choice.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Due,
        Self::Overdue,
        Self::Reopened,
        Self::Done,
        Self::All,
    ];

    /// The word of the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Reopened => "reopened",
            Self::Done => "done",
            Self::All => "all",
        }
    }

    /// The choice of a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.id() == id)
    }
}

impl Filter {
    /// The cases that hold on a day (ISO): those past their day first, then by town, village, topic, gravity and number.
    pub fn cases<'b>(&self, book: &'b Book, day: &str) -> Vec<&'b Case> {
        let until = plus_days(day, self.ahead);
        let mut cases: Vec<&Case> = book
            .cases()
            .iter()
            .filter(|case| self.holds(case, day, &until))
            .collect();
        cases.sort_by(|a, b| {
            let key = |case: &Case| (!case.is_overdue(day), Reverse(case.seen.severity));
            let ((late_a, grave_a), (late_b, grave_b)) = (key(a), key(b));
            let place_a = (late_a, &a.seen.town, &a.seen.village, a.seen.topic);
            let place_b = (late_b, &b.seen.town, &b.seen.village, b.seen.topic);
            place_a
                .cmp(&place_b)
                .then(grave_a.cmp(&grave_b))
                .then(a.number.cmp(&b.number))
        });
        cases
    }

    fn holds(&self, case: &Case, day: &str, until: &str) -> bool {
        let open = case.standing(day).is_open();
        let which = match self.which {
            Which::All => true,
            Which::Open => open,
            Which::Due => open && !case.due.is_empty() && case.due.as_str() <= until,
            Which::Overdue => case.is_overdue(day),
            Which::Reopened => open && case.reopened,
            Which::Done => matches!(
                case.standing(day),
                Standing::State(super::State::Rectified | super::State::Closed)
            ),
        };
        let is = |want: &Option<String>, has: &str| want.as_ref().is_none_or(|want| want == has);
        which
            && is(&self.village, &case.seen.village)
            && is(&self.town, &case.seen.town)
            && is(&self.rule, &case.seen.rule)
            && self.topic.is_none_or(|topic| topic == case.seen.topic)
            && self
                .responsible
                .as_ref()
                .is_none_or(|who| case.responsible.contains(who.as_str()))
            && self.older_than.is_none_or(|days| case.age(day) >= days)
    }
}

/// The day some days after a day, both ISO; the day itself where it is not legible.
fn plus_days(day: &str, days: i32) -> String {
    day.parse::<jiff::civil::Date>()
        .and_then(|day| day.checked_add(jiff::Span::new().try_days(days)?))
        .map_or_else(|_| day.to_owned(), |day| day.to_string())
}
