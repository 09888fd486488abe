//! What xlsx and xlsb have in common: the sheets that the workbook part lists, and where the parts it names lie.

use super::package::Package;
use super::relations::{self, Relations};
use super::{DateSystem, Sheet};
use crate::discover::Reason;

/// What the workbook part tells.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) sheets: Vec<Entry>,
    pub(super) date_system: DateSystem,
}

/// A sheet as the workbook part lists it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// The id of the relation that leads to its part.
    pub(super) relation: String,
}

impl Entry {
    /// The sheet without its cells.
    pub(super) fn sheet(&self, date_system: DateSystem) -> Sheet {
        Sheet {
            name: self.name.clone(),
            hidden: self.hidden,
            date_system,
            ..Sheet::default()
        }
    }
}

/// The parts that the workbook part names.
pub(super) struct Parts {
    path: String,
    relations: Relations,
}

impl Parts {
    /// The parts of the workbook part at `path`; without relations the usual names hold.
    pub(super) fn of(package: &mut Package, path: String) -> Result<Self, Reason> {
        let relations = match package.text(&relations::part_of(&path))? {
            Some(text) => Relations::parse(&text, &path),
            None => Relations::default(),
        };
        Ok(Self { path, relations })
    }

    /// The name of a part in the folder of the workbook part.
    pub(super) fn beside(&self, name: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        }
    }

    /// The part of a kind, or the one of the usual name.
    pub(super) fn of_kind(&self, kind: &str, usual: &str) -> String {
        let known = self.relations.of_kind(kind).map(str::to_owned);
        known.unwrap_or_else(|| self.beside(usual))
    }

    /// The kind and the part of a listed sheet; `None` where no relation leads to one.
    pub(super) fn of_sheet(&self, entry: &Entry) -> Option<(&str, &str)> {
        self.relations.by_id(&entry.relation)
    }
}

/// The workbook part that the package names, where it is there.
pub(super) fn named_workbook(package: &mut Package) -> Result<Option<String>, Reason> {
    let Some(text) = package.text("_rels/.rels")? else {
        return Ok(None);
    };
    let relations = Relations::parse(&text, "");
    let named = relations.of_kind("officeDocument");
    Ok(named.filter(|path| package.has(path)).map(str::to_owned))
}

/// A part that the workbook needs is not in the package.
pub(super) fn missing_part(name: &str) -> Reason {
    Reason::damaged(
        &format!("缺少部件 {name}"),
        &format!("the part {name} is missing"),
    )
}
