//! Which village a table is of: from a column, the lines above it, the sheet, the file, the folder.

use std::sync::Arc;

use super::context::Context;
use super::grid::Grid;
use super::normal::plain;
use super::role::is_section;
use super::rows::is_ditto;
use super::walk::Table;
use crate::ledger::{Hints, VillageHint, VillageName};

/// Headers of a column of villages, folded.
const VILLAGE_HEADERS: &[&str] = &[
    "村",
    "村名",
    "村别",
    "村名称",
    "村居",
    "村社",
    "村社区",
    "村居名称",
    "行政村",
    "行政村名称",
    "所属村",
    "所在村",
    "所属村社",
    "所属村居",
    "所属村社区",
    "所属行政村",
    "村级组织",
    "村集体",
    "村集体名称",
    "村级名称",
    "村级单位",
    "村级集体",
    "村集体经济组织",
    "村经济合作社",
    "股份经济合作社",
    "集体经济组织",
    "集体经济组织名称",
    "村级集体经济组织",
    "所属集体",
    "社区",
    "村民委员会",
    "村委会",
    "归属村",
    "归属村社",
    "村单位",
    "隶属村",
    "村级集体经济组织名称",
    "村股份经济合作社",
    "核算单位",
];

/// Headers of a column that holds villages if its cells look so.
const UNIT_HEADERS: &[&str] = &[
    "单位",
    "单位名称",
    "填报单位",
    "所属单位",
    "编制单位",
    "组织名称",
    "上报单位",
    "账套",
    "账套名称",
    "核算主体",
];

/// Headers of a column of towns, folded.
const TOWN_HEADERS: &[&str] = &[
    "镇",
    "乡镇",
    "乡",
    "镇街",
    "镇乡",
    "街道",
    "乡镇街道",
    "镇街道",
    "所属乡镇",
    "所属镇街",
    "所属镇",
    "镇名",
    "乡镇名称",
    "所在乡镇",
];

/// Whether a folded header is that of a column of villages; `looks` tells whether its cells are names of villages.
pub(super) fn is_village_header(letters: &str, looks: bool) -> bool {
    VILLAGE_HEADERS.contains(&letters) || looks && UNIT_HEADERS.contains(&letters)
}

/// Whether a folded header is that of a column of towns.
pub(super) fn is_town_header(letters: &str) -> bool {
    TOWN_HEADERS.contains(&letters)
}

/// The columns that name the village and the town of each row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The column of villages.
    pub(super) village: Option<u16>,
    /// The column of towns.
    pub(super) town: Option<u16>,
}

/// The columns that name the village and the town of each row; a column that a field claims is none.
pub(super) fn places(table: &Table) -> Places {
    let mut places = Places::default();
    let segment = &table.segment;
    for ((heading, choice), profile) in segment
        .headings
        .iter()
        .zip(&segment.mapping.choices)
        .zip(&segment.profiles)
    {
        if choice.field.is_some() {
            continue;
        }
        let words = [&heading.leaf.full, &heading.leaf.bare];
        if places.village.is_none()
            && words
                .iter()
                .any(|word| is_village_header(word, profile.is_villages()))
        {
            places.village = Some(heading.col);
        } else if places.town.is_none() && words.iter().any(|word| is_town_header(word)) {
            places.town = Some(heading.col);
        }
    }
    places
}

/// The village of a table by the lines above it, its sheet, its file or its folder, with the word for the source.
pub(super) fn of_table(
    grid: &Grid<'_>,
    context: &Context<'_>,
    table: &Table,
) -> Option<(VillageName, &'static str)> {
    if let Some(village) = &context.file.village {
        return Some((village.clone(), "folder"));
    }
    let lines = table
        .titles
        .iter()
        .rev()
        .chain(table.above.iter().rev())
        .map(|(_, text)| text.as_str());
    let in_lines = best(
        lines.filter(|text| text.chars().count() <= 120),
        context.hints,
    );
    in_lines
        .map(|village| (village, "title"))
        .or_else(|| in_text(&grid.sheet.name, context.hints).map(|village| (village, "sheet")))
        .or_else(|| in_text(&context.stem(), context.hints).map(|village| (village, "file")))
        .or_else(|| {
            context
                .folders()
                .find_map(|folder| in_text(folder, context.hints))
                .map(|village| (village, "folder"))
        })
}

/// The first village named, with its town where another line tells it.
fn best<'t>(lines: impl Iterator<Item = &'t str>, hints: &Hints) -> Option<VillageName> {
    let mut first: Option<VillageName> = None;
    for line in lines {
        let Some(found) = in_text(line, hints) else {
            continue;
        };
        match &first {
            None => first = Some(found),
            Some(known) if known.town.is_empty() && known.name == found.name => first = Some(found),
            Some(_) => {}
        }
    }
    first
}

/// The village of each record of a table: by the column, else by the section it stands under, else the table's own.
/// Returns the villages, in the order they first appear, and the place of each record's among them.
pub(super) fn of_rows(
    grid: &Grid<'_>,
    context: &Context<'_>,
    table: &Table,
    places: Places,
    own: &VillageName,
) -> (Vec<VillageName>, Vec<u32>, bool) {
    let sections: Vec<Option<VillageName>> = table
        .sections
        .iter()
        .map(|(_, text)| of_section(text, context.hints))
        .collect();
    let mut found: Vec<VillageName> = Vec::new();
    let mut rows = Vec::with_capacity(table.rows.len());
    if context.file.village.is_some()
        || places.village.is_none() && sections.iter().all(Option::is_none)
    {
        rows.resize(table.rows.len(), 0);
        return (vec![own.clone()], rows, false);
    }
    let mut last: Option<(String, String, u32)> = None;
    let mut by_column = false;
    for row in &table.rows {
        let text = |col: Option<u16>| {
            let col = col?;
            let cell = grid.at(row.index, col).or_else(|| {
                let region = grid.region(grid.number(row.index), col)?;
                grid.cell(region.top, region.left)
            })?;
            grid.text(cell)
                .filter(|text| !text.trim().is_empty() && !is_ditto(text))
        };
        let (village, town) = (text(places.village), text(places.town));
        let at = match (&mut last, village) {
            // A blank cell goes on with the village above.
            (Some((_, _, at)), None) if places.village.is_some() => *at,
            (Some((known, known_town, at)), Some(village))
                if known == village && town.is_none_or(|town| town == known_town) =>
            {
                *at
            }
            _ => {
                let named = village
                    .and_then(|village| in_cell(village, context.hints))
                    .inspect(|_| by_column = true)
                    .or_else(|| sections.get(row.section as usize).cloned().flatten());
                let mut named = named.unwrap_or_else(|| own.clone());
                if named.town.is_empty() {
                    let town = town
                        .map(plain)
                        .or_else(|| (!own.town.is_empty()).then(|| own.town.to_string()));
                    named.town =
                        Arc::from(town.or_else(|| context.town_of_path()).unwrap_or_default());
                }
                let at = found
                    .iter()
                    .position(|known| *known == named)
                    .unwrap_or_else(|| {
                        found.push(named);
                        found.len() - 1
                    });
                let at = u32::try_from(at).unwrap_or(0);
                if places.village.is_some() {
                    last = Some((
                        village.unwrap_or_default().into(),
                        town.unwrap_or_default().into(),
                        at,
                    ));
                }
                at
            }
        };
        rows.push(at);
    }
    if found.is_empty() {
        found.push(own.clone());
    }
    (found, rows, by_column)
}

/// The village that a section head names, where it names nothing else: `一、李庄村`.
fn of_section(text: &str, hints: &Hints) -> Option<VillageName> {
    let folded = plain(text);
    let bare = if is_section(&folded) {
        folded
            .split_once(['、', '.', ')', ','])
            .map_or("", |(_, rest)| rest)
    } else {
        &folded
    };
    if bare.is_empty() || bare.chars().count() > 16 {
        return None;
    }
    let village = in_text(bare, hints)?;
    let rest = bare
        .replace(&*plain(&village.name), "")
        .replace(&*plain(&village.town), "");
    (rest.is_empty()
        || rest
            .chars()
            .all(|c| "股份经济合作社村民委员会:()".contains(c)))
    .then_some(village)
}

/// A village by its town, where known, and its name.
pub(super) fn name(town: &str, village: &str) -> VillageName {
    VillageName {
        town: Arc::from(town),
        name: Arc::from(village),
    }
}

/// The village that a text names, as `heyan.toml` spells it where it is one of those expected.
pub(super) fn in_text(text: &str, hints: &Hints) -> Option<VillageName> {
    let folded = plain(text);
    if let Some(found) = expected(&folded, hints) {
        return Some(found);
    }
    let chars: Vec<char> = folded.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let end = ending(&chars, at);
        if end > at
            && let Some((start, from)) = begin(&chars, at)
            && !is_common(
                &chars[start..at],
                chars.get(end).copied(),
                chars[at] == '村',
            )
        {
            let village: String = chars[start..end].iter().collect();
            return Some(name(&town_before(&chars, from), &village));
        }
        at += 1;
    }
    None
}

/// The village of a cell of a column of villages: `柳塘村股份经济合作社` is 柳塘村.
pub(super) fn in_cell(text: &str, hints: &Hints) -> Option<VillageName> {
    let folded = plain(text);
    if folded.is_empty() || super::profile::is_placeholder(&folded) {
        return None;
    }
    if let Some(found) = expected(&folded, hints) {
        return Some(found);
    }
    if let Some(found) = in_text(&folded, hints) {
        return Some(found);
    }
    let mut short = folded.as_str();
    for tail in [
        "股份经济合作联合社",
        "股份经济合作社",
        "经济合作社",
        "经济联合社",
        "村民委员会",
        "村委会",
        "居民委员会",
        "居委会",
    ] {
        short = short.strip_suffix(tail).unwrap_or(short);
    }
    let short = if short.is_empty() { &folded } else { short };
    Some(name("", short))
}

/// One of the villages expected that a folded text names, the longest name first.
fn expected(folded: &str, hints: &Hints) -> Option<VillageName> {
    let mut best: Option<(usize, &VillageHint, bool)> = None;
    for hint in &hints.villages {
        for known in std::iter::once(&hint.name).chain(&hint.former) {
            let known = plain(known);
            if known.is_empty() || !folded.contains(&known) {
                continue;
            }
            let in_town = hint.town.is_empty() || folded.contains(&plain(&hint.town));
            let better = best.is_none_or(|(len, _, town)| (known.len(), in_town) > (len, town));
            if better {
                best = Some((known.len(), hint, in_town));
            }
        }
    }
    best.map(|(_, hint, _)| name(&hint.town, &hint.name))
}

/// Where a word for a village that stands at a place ends; the place itself where none stands there.
fn ending(chars: &[char], at: usize) -> usize {
    let starts = |word: &str| {
        chars[at..]
            .iter()
            .copied()
            .take(word.chars().count())
            .eq(word.chars())
    };
    if starts("社区") {
        at + 2
    } else if starts("居委会") {
        at + 3
    } else if chars[at] == '村' {
        at + 1
    } else {
        at
    }
}

/// Where the name before a word for a village begins, and where what stands before it ends.
fn begin(chars: &[char], at: usize) -> Option<(usize, usize)> {
    let mut start = at;
    while start > 0 {
        let before = chars[start - 1];
        let boundary = !is_han(before)
            || matches!(before, '镇' | '县' | '区' | '市' | '省')
            || before == '乡' && at - start >= 1
            || before == '道' && start >= 2 && chars[start - 2] == '街'
            || before == '度' && start >= 2 && chars[start - 2] == '年'
            || before == '年' && start >= 2 && chars[start - 2].is_ascii_digit()
            || before == '村';
        if boundary || at - start >= 8 {
            break;
        }
        start -= 1;
    }
    // Words that stand before a name without a blank.
    let text: String = chars[start..at].iter().collect();
    for word in [
        "填报单位",
        "编制单位",
        "单位名称",
        "单位",
        "关于",
        "台账",
        "清单",
        "登记",
        "明细",
        "汇总",
        "合同",
        "表",
    ] {
        if let Some(found) = text.rfind(word) {
            start += text[..found + word.len()].chars().count();
            break;
        }
    }
    (start < at && at - start <= 6).then_some((start, start))
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c)
}

/// Words that end in 村 and name none: 农村, 全村, 行政村, 村级 …
fn is_common(before: &[char], after: Option<char>, village: bool) -> bool {
    let before: String = before.iter().collect();
    let common = [
        "农",
        "乡",
        "全",
        "本",
        "各",
        "我",
        "该",
        "新农",
        "行政",
        "自然",
        "城中",
        "示范",
        "美丽乡",
        "中心",
        "所属",
        "下属",
        "其他",
        "外",
        "一",
        "两",
        "多",
        "驻",
        "入",
        "帮",
        "联",
        "每",
        "某",
        "所在",
        "镇",
        "整",
        "同",
        "另",
        "按",
        "分",
    ];
    if common.contains(&before.as_str()) || before.ends_with("农") && before.chars().count() <= 3 {
        return true;
    }
    // 村级, 村民, 村务 … speak of villages in general where the name before is short.
    village
        && before.chars().count() < 2
        && after.is_some_and(|c| "级民务容内里干官规道口史貌庄".contains(c))
}

/// The town that ends right before a place: `松陂镇`.
fn town_before(chars: &[char], end: usize) -> String {
    if end == 0 || !matches!(chars[end - 1], '镇' | '乡' | '道') {
        return String::new();
    }
    let mut start = end - 1;
    while start > 0 {
        let before = chars[start - 1];
        if !is_han(before) || matches!(before, '县' | '市' | '区' | '省' | '镇') || end - start >= 7
        {
            break;
        }
        start -= 1;
    }
    let town: String = chars[start..end].iter().collect();
    if town.chars().count() >= 2 {
        town
    } else {
        String::new()
    }
}

/// The town that a folder's name is: `松陂镇`.
pub(super) fn town_of_folder(folder: &str) -> Option<String> {
    let chars: Vec<char> = plain(folder).chars().collect();
    let end = chars.iter().rposition(|c| matches!(c, '镇' | '乡'))? + 1;
    Some(town_before(&chars, end)).filter(|town| !town.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{in_cell, in_text};
    use crate::ledger::Hints;
    use crate::ledger::hints::VillageHint;

    #[test]
    fn villages_are_found_in_titles() {
        for (text, want) in [
            ("上坞村工程建设项目台账（2019-2025）", Some(("", "上坞村"))),
            (
                "编制单位：松陂镇石桥头村    单位：元",
                Some(("松陂镇", "石桥头村")),
            ),
            (
                "填报单位：柳塘村股份经济合作社　　　填报日期：2025年6月30日",
                Some(("", "柳塘村")),
            ),
            (
                "岚溪县松陂镇后畈村2024年度合同台账",
                Some(("松陂镇", "后畈村")),
            ),
            ("2024年度李庄村合同", Some(("", "李庄村"))),
            ("合同清单_枫树坪村", Some(("", "枫树坪村"))),
            ("城西街道东门社区经济合同", Some(("城西街道", "东门社区"))),
            ("农村集体经济合同台账", None),
            ("松陂镇农村集体经济合同台账", None),
            ("松陂镇村级工程项目台账", None),
            ("2023年村级合同台账", None),
            ("单位：万元", None),
            ("乡村振兴项目", None),
        ] {
            let found = in_text(text, &Hints::default());
            let found = found.as_ref().map(|v| (&*v.town, &*v.name));
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn cells_and_former_names() {
        let hints = Hints {
            villages: vec![VillageHint {
                town: "松陂镇".into(),
                name: "新桥村".into(),
                former: vec!["老桥村".into(), "老桥".into()],
                ..VillageHint::default()
            }],
            ..Hints::default()
        };
        for (text, want) in [
            ("老桥村股份经济合作社", ("松陂镇", "新桥村")),
            ("李庄", ("", "李庄")),
            ("新桥村", ("松陂镇", "新桥村")),
        ] {
            let found = in_cell(text, &hints).expect(text);
            assert_eq!((&*found.town, &*found.name), want);
        }
    }
}
