//! The relations of a part: which other parts it names, and where they lie.

use super::xml::{Token, Tokens};

/// The relations of a part.
#[derive(Debug, Default)]
pub(super) struct Relations(Vec<Relation>);

#[derive(Debug)]
struct Relation {
    id: String,
    /// The last word of the type: `worksheet`, `styles` …, the same in the strict variant of the format.
    kind: String,
    target: String,
}

/// The part that holds the relations of a part.
pub(super) fn part_of(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{path}.rels"),
    }
}

impl Relations {
    /// Reads the relations of the part at `path`, whose targets are relative to its folder.
    pub(super) fn parse(text: &str, path: &str) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut relations = Vec::new();
        for token in Tokens::new(text) {
            if let Token::Start {
                name: "Relationship",
                attrs,
                ..
            } = token
                && attrs.raw("TargetMode") != Some("External")
            {
                let kind = attrs.get("Type").unwrap_or_default();
                relations.push(Relation {
                    id: attrs.get("Id").unwrap_or_default().into_owned(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    target: resolve(folder, &attrs.get("Target").unwrap_or_default()),
                });
            }
        }
        Self(relations)
    }

    /// The first part of a type, by the last word of the type.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&str> {
        let relation = self.0.iter().find(|relation| relation.kind == kind)?;
        Some(&relation.target)
    }

    /// The type and the part of an id.
    pub(super) fn by_id(&self, id: &str) -> Option<(&str, &str)> {
        let relation = self.0.iter().find(|relation| relation.id == id)?;
        Some((&relation.kind, &relation.target))
    }
}

/// A target as the name of an entry. It is only ever compared with names of the directory, so `..` leads nowhere else.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').collect()
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Relations, part_of, resolve};

    #[test]
    fn targets_are_names_of_entries() {
        for (folder, target, want) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl", "../custom/a.xml", "custom/a.xml"),
            ("", "..\\..\\etc/passwd", "etc/passwd"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
        ] {
            assert_eq!(resolve(folder, target), want);
        }
        assert_eq!(part_of("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
    }

    #[test]
    fn strict_and_usual_types_are_the_same() {
        let text = r#"<r:Relationships xmlns:r="x"><r:Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/styles" Target="styles.xml"/></r:Relationships>"#;
        let relations = Relations::parse(text, "xl/workbook.xml");
        assert_eq!(relations.of_kind("styles"), Some("xl/styles.xml"));
        assert_eq!(relations.by_id("rId1"), Some(("styles", "xl/styles.xml")));
    }
}
