//! The one flat view of a report that every format for people renders: lines in the order of a list, counted once.

mod count;
mod lines;
mod rules;
mod supply;

use std::ops::Range;

pub(super) use count::{Counts, money_at_stake};
pub(super) use lines::Line;
pub(super) use rules::RuleView;
pub(super) use supply::Supply;

use crate::finding::{Coverage, Report};
use crate::lang::Lang;

/// The flat view.
pub(super) struct View<'a> {
    /// What it is a view of.
    pub(super) report: &'a Report,
    /// The language of the report.
    pub(super) lang: Lang,
    /// Every finding, overlapping ones on one line, by village, verdict, topic, severity, rule and place.
    pub(super) lines: Vec<Line<'a>>,
    /// The villages, those without a finding too, sorted by town and name.
    pub(super) villages: Vec<Village<'a>>,
    /// Every rule of the balance.
    pub(super) rules: Vec<RuleView<'a>>,
    /// What is to be supplied, by village.
    pub(super) supply: Vec<Supply<'a>>,
    /// All lines counted.
    pub(super) counts: Counts,
}

/// One village with its lines.
pub(super) struct Village<'a> {
    /// The town; empty where nothing tells it.
    pub(super) town: &'a str,
    /// The village.
    pub(super) name: &'a str,
    /// Its lines within [`View::lines`].
    pub(super) lines: Range<usize>,
    /// Its lines counted.
    pub(super) counts: Counts,
    /// What it handed over.
    pub(super) coverage: Vec<&'a Coverage>,
}

impl<'a> View<'a> {
    /// Makes the view.
    pub(super) fn of(report: &'a Report) -> Self {
        let lang = report.lang;
        let lines = lines::of(report);
        let counts = Counts::of(&lines);
        Self {
            report,
            lang,
            villages: villages(report, &lines),
            rules: rules::of(report),
            supply: supply::of(report),
            lines,
            counts,
        }
    }

    /// The lines of a village.
    pub(super) fn lines_of(&self, village: &Village<'a>) -> &[Line<'a>] {
        &self.lines[village.lines.clone()]
    }

    /// What a village is to supply.
    pub(super) fn supply_of(&self, village: &Village<'a>) -> impl Iterator<Item = &Supply<'a>> {
        let place = (village.town, village.name);
        self.supply
            .iter()
            .filter(move |supply| (supply.town, supply.village) == place)
    }
}

fn villages<'a>(report: &'a Report, lines: &[Line<'a>]) -> Vec<Village<'a>> {
    let mut names: Vec<(&str, &str)> = report
        .coverage
        .iter()
        .map(|coverage| (coverage.town.as_str(), coverage.village.as_str()))
        .chain(lines.iter().map(Line::place))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .map(|(town, name)| {
            // The lines are sorted by village first.
            let start = lines.partition_point(|line| line.place() < (town, name));
            let end = lines.partition_point(|line| line.place() <= (town, name));
            Village {
                town,
                name,
                counts: Counts::of(&lines[start..end]),
                lines: start..end,
                coverage: report
                    .coverage
                    .iter()
                    .filter(|c| (c.town.as_str(), c.village.as_str()) == (town, name))
                    .collect(),
            }
        })
        .collect()
}
