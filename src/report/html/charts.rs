//! Stacked bars as numbers that a template draws in SVG.

use serde::Serialize;

use crate::finding::Severity;
use crate::lang::Lang;
use crate::report::view::Counts;
use crate::report::width::cut;

/// How many bars a chart has.
const BARS: usize = 20;

/// Where bars begin, and how long the longest is, in units of the drawing.
const LEFT: usize = 130;
const LENGTH: usize = 300;

/// A bar chart.
#[derive(Serialize)]
pub(super) struct Chart {
    title: String,
    height: usize,
    bars: Vec<Bar>,
    left_out: String,
}

#[derive(Serialize)]
struct Bar {
    name: String,
    y: usize,
    parts: Vec<Part>,
    end: usize,
    total: usize,
}

#[derive(Serialize)]
struct Part {
    x: usize,
    width: usize,
    class: &'static str,
    title: String,
}

impl Chart {
    /// Of names with their counts: the largest, in the order given.
    pub(super) fn of(title: &str, mut counted: Vec<(String, Counts)>, lang: Lang) -> Self {
        counted.retain(|(_, counts)| counts.violations > 0);
        let all = counted.len();
        if all > BARS {
            let mut sizes: Vec<usize> = counted.iter().map(|(_, c)| c.violations).collect();
            sizes.sort_unstable_by(|a, b| b.cmp(a));
            let least = sizes[BARS - 1];
            counted.retain(|(_, counts)| counts.violations >= least);
            counted.truncate(BARS);
        }
        let longest = counted
            .iter()
            .map(|(_, counts)| counts.violations)
            .max()
            .unwrap_or(1)
            .max(1);
        let bars: Vec<Bar> = counted
            .iter()
            .enumerate()
            .map(|(index, (name, counts))| bar(name, counts, index, longest, lang))
            .collect();
        Self {
            title: title.to_owned(),
            height: bars.len() * 26 + 6,
            left_out: match (all > BARS, lang) {
                (false, _) => String::new(),
                (true, Lang::Zh) => format!("图中只列线索最多的 {BARS} 个，共 {all} 个"),
                (true, Lang::En) => format!("the {BARS} with the most of {all}"),
            },
            bars,
        }
    }
}

fn bar(name: &str, counts: &Counts, index: usize, longest: usize, lang: Lang) -> Bar {
    let mut parts = Vec::new();
    let mut before = 0;
    for severity in Severity::ALL {
        let count = counts.of_severity(severity);
        if count == 0 {
            continue;
        }
        // From the sums, so that roundings do not add up.
        let from = LEFT + before * LENGTH / longest;
        before += count;
        let to = LEFT + before * LENGTH / longest;
        parts.push(Part {
            x: from,
            width: (to - from).max(1),
            class: severity.id(),
            title: format!("{name} {} {count}", severity.name(lang)),
        });
    }
    Bar {
        name: cut(name, 20),
        y: index * 26 + 4,
        parts,
        end: LEFT + before * LENGTH / longest,
        total: counts.violations,
    }
}
