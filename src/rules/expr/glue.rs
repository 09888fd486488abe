//! Words glued to a name (`合同金额且签订日期`), told apart by the names there are.

use std::ops::Range;

use super::token::Word;
use crate::lang::Bilingual;
use crate::rules::problem::Problem;

/// A name that is several words glued together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Glued {
    /// The words apart.
    pub(crate) parts: Vec<String>,
    /// The first operator among them.
    pub(crate) operator: Word,
}

impl Glued {
    /// What is wrong, and what to type.
    pub(crate) fn problem(&self, span: Range<usize>) -> Problem {
        let operator = self.operator.text();
        let message = if self.parts.first().is_some_and(|part| part == operator) {
            Bilingual::new(
                format!("`{operator}` 后面要有空格"),
                format!("`{operator}` needs a blank behind it"),
            )
        } else if self.parts.last().is_some_and(|part| part == operator) {
            Bilingual::new(
                format!("`{operator}` 前面要有空格"),
                format!("`{operator}` needs a blank before it"),
            )
        } else {
            Bilingual::new(
                format!("`{operator}` 两边要有空格"),
                format!("`{operator}` needs a blank on both sides"),
            )
        };
        Problem::new(span.clone(), message).replace(span, self.parts.join(" "))
    }
}

/// Splits a name that nobody knows into known names and words of the language with an operator among them; `None` where
/// that cannot be done. Of several ways the one with the fewest parts is taken.
pub(crate) fn unglue(name: &str, known: &dyn Fn(&str) -> bool) -> Option<Glued> {
    let ends: Vec<usize> = name
        .char_indices()
        .map(|(at, _)| at)
        .chain([name.len()])
        .collect();
    // Names are short; a longer run of letters is prose.
    if ends.len() > 80 {
        return None;
    }
    // For each end, the start of the last part of the shortest split up to there, and its number of parts.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; ends.len()];
    best[0] = Some((0, 0));
    for end in 1..ends.len() {
        for start in 0..end {
            let Some((_, count)) = best[start] else {
                continue;
            };
            let part = &name[ends[start]..ends[end]];
            let fits = Word::from_text(part).is_some() || known(part);
            if fits && best[end].is_none_or(|(_, fewest)| count + 1 < fewest) {
                best[end] = Some((start, count + 1));
            }
        }
    }
    let mut parts = Vec::new();
    let mut end = ends.len() - 1;
    while end > 0 {
        let (start, _) = best[end]?;
        parts.push(name[ends[start]..ends[end]].to_owned());
        end = start;
    }
    parts.reverse();
    let operator = parts
        .iter()
        .filter_map(|part| Word::from_text(part))
        .find(|word| word.is_operator())?;
    (parts.len() > 1).then_some(Glued { parts, operator })
}

#[cfg(test)]
mod tests {
    use super::unglue;

    #[test]
    fn glued_words_are_told_apart_by_the_names_there_are() {
        let known = |name: &str| ["合同金额", "签订日期", "备注", "非税收入"].contains(&name);
        for (name, want) in [
            ("合同金额且签订日期", Some("合同金额 且 签订日期")),
            ("签订日期为空", Some("签订日期 为空")),
            ("非备注", Some("非 备注")),
            ("签订日期为空或备注", Some("签订日期 为空 或 备注")),
            ("合同金额签订日期", None),
            ("天气且签订日期", None),
        ] {
            let split = unglue(name, &known).map(|glued| glued.parts.join(" "));
            assert_eq!(split.as_deref(), want, "{name}");
        }
    }
}
