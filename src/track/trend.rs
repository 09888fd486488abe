//! The trend of the villages as a picture.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::TallyOfScan;
use crate::lang::Lang;

/// Colours that stay apart for colour-blind eyes (Okabe and Ito, 2008), repeated where there are more villages.
const COLOURS: [&str; 8] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442",
];

/// Width and height of the picture, and the room around the curves, in pixels.
const SIZE: (f64, f64) = (860.0, 420.0);
const ROOM: (f64, f64, f64, f64) = (56.0, 200.0, 44.0, 48.0);

/// How many villages get a curve of their own: those with the most open cases at last.
const CURVES: usize = 16;

/// The open cases of each village after each scan, as SVG.
pub fn trend_svg(trend: &[TallyOfScan], lang: Lang) -> String {
    let mut scans: Vec<(u32, &str)> = trend.iter().map(|at| (at.seq, at.as_of.as_str())).collect();
    scans.dedup();
    let mut villages: BTreeMap<String, BTreeMap<u32, u32>> = BTreeMap::new();
    for at in trend {
        let name = format!("{}{}", at.tally.town, at.tally.village);
        villages
            .entry(name)
            .or_default()
            .insert(at.seq, at.tally.open);
    }
    let last = |curve: &BTreeMap<u32, u32>| curve.last_key_value().map_or(0, |(_, open)| *open);
    let mut curves: Vec<(&String, &BTreeMap<u32, u32>)> = villages.iter().collect();
    curves.sort_by(|a, b| last(b.1).cmp(&last(a.1)).then(a.0.cmp(b.0)));
    let more = curves.len().saturating_sub(CURVES);
    curves.truncate(CURVES);
    let most = trend
        .iter()
        .map(|at| at.tally.open)
        .max()
        .unwrap_or(0)
        .max(1);
    let (left, right, top, bottom) = ROOM;
    let (width, height) = (SIZE.0 - left - right, SIZE.1 - top - bottom);
    let x = |at: usize| {
        let steps = scans.len().saturating_sub(1).max(1);
        left + width * number(at) / number(steps)
    };
    let y = |open: u32| top + height * (1.0 - f64::from(open) / f64::from(most));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"12\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"{left}\" y=\"24\" font-size=\"16\">{}</text>\n",
        SIZE.0,
        SIZE.1,
        lang.pick("各村待整改问题数", "Open cases by village"),
        lang.pick("各村待整改问题数", "Open cases by village"),
    );
    for part in 0..=4_u32 {
        let open = most * part / 4;
        let at = y(open);
        // Writing into a String cannot fail.
        let _ = writeln!(
            svg,
            "<line x1=\"{left}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{open}</text>",
            left + width,
            left - 8.0,
            at + 4.0,
        );
    }
    for (at, (_, day)) in scans.iter().enumerate() {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\">{}</text>",
            x(at),
            SIZE.1 - bottom + 20.0,
            escaped(day),
        );
    }
    for (at, (name, curve)) in curves.iter().enumerate() {
        let points: Vec<(f64, f64)> = scans
            .iter()
            .enumerate()
            .filter_map(|(place, (seq, _))| Some((x(place), y(*curve.get(seq)?))))
            .collect();
        one_curve(&mut svg, at, &points, &format!("{name} {}", last(curve)));
    }
    if more > 0 {
        let note = match lang {
            Lang::Zh => format!("另有 {more} 个村"),
            Lang::En => format!("and {more} more villages"),
        };
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\">{note}</text>",
            left + width + 24.0,
            top + 8.0 + number(CURVES) * 20.0,
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// The curve of a village through its points, with its entry in the legend.
fn one_curve(svg: &mut String, at: usize, points: &[(f64, f64)], legend: &str) {
    let colour = COLOURS[at % COLOURS.len()];
    let list: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    // Writing into a String cannot fail.
    let _ = writeln!(
        svg,
        "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
        list.join(" "),
    );
    for (x, y) in points {
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>"
        );
    }
    let (left, top) = (SIZE.0 - ROOM.1 + 24.0, ROOM.2 + 8.0 + number(at) * 20.0);
    let _ = writeln!(
        svg,
        "<rect x=\"{left:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{top:.1}\">{}</text>",
        top - 10.0,
        left + 18.0,
        escaped(legend),
    );
}

/// A count as a number of pixels or steps.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn escaped(text: &str) -> String {
    crate::report::visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::{Tally, TallyOfScan};
    use super::trend_svg;
    use crate::lang::Lang;

    fn at(seq: u32, day: &str, village: &str, open: u32) -> TallyOfScan {
        TallyOfScan {
            seq,
            as_of: day.to_owned(),
            tally: Tally {
                village: village.to_owned(),
                open,
                ..Tally::default()
            },
        }
    }

    #[test]
    fn each_village_is_a_curve_and_names_are_escaped() {
        let trend = [
            at(1, "2025-03-31", "甲<村>", 4),
            at(1, "2025-03-31", "乙村", 8),
            at(5, "2025-09-30", "甲<村>", 2),
            at(5, "2025-09-30", "乙村", 0),
        ];
        let svg = trend_svg(&trend, Lang::Zh);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("甲&lt;村&gt; 2") && svg.contains("乙村 0"));
        // 8 is the top of the picture, 0 its foot.
        assert!(svg.contains("points=\"56.0,44.0 660.0,372.0\""), "{svg}");
        assert!(trend_svg(&[], Lang::En).ends_with("</svg>\n"));
    }
}
