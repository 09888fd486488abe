//! `去标段(名称)` → text.

use std::sync::LazyLock;

use regex::Regex;

/// The words that number the parts of one project: 一标段, 第2标段, 标段三, 二期, 第一期工程, (A包), 1号合同段.
static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"[(（\[【]?(?:第?[0-9０-９一二三四五六七八九十百IVXivxⅠ-ⅻA-Za-zＡ-Ｚ]{1,4}号?",
        r"(?:标段|合同段|标|期工程|期|包|批次|批)",
        r"|(?:标段|合同段|标)[0-9０-９一二三四五六七八九十IVXivxⅠ-ⅻA-Za-zＡ-Ｚ]{1,3})[)）\]】]?"
    ))
    .expect("a fixed pattern")
});

/// `去标段(名称)`: a project's name without the words that number its parts, so that the parts of one project have one
/// name. A name that would vanish stays as it is.
pub fn strip_section(name: &str) -> String {
    let stripped = SECTION.replace_all(name, "");
    let stripped = stripped.trim_matches([' ', '\u{3000}', '-', '—', '－', '_', '·']);
    if stripped.is_empty() {
        name.trim().to_owned()
    } else {
        stripped.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::strip_section;

    #[test]
    fn parts_of_one_project_have_one_name() {
        for (name, want) in [
            ("村道硬化工程一标段", "村道硬化工程"),
            ("村道硬化工程（第二标段）", "村道硬化工程"),
            ("村道硬化工程 2标", "村道硬化工程"),
            ("村道硬化工程标段三", "村道硬化工程"),
            ("村道硬化二期工程", "村道硬化"),
            ("文化礼堂修缮", "文化礼堂修缮"),
            ("招标代理服务", "招标代理服务"),
            ("一标段", "一标段"),
        ] {
            assert_eq!(strip_section(name), want, "{name}");
        }
    }
}
