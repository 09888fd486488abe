//! Files → ledgers, in parallel; the order is that of the files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::progress::Progress;
use super::settings::Settings;
use crate::discover::{self, Source, Status};
use crate::finding::{FileId, Input, InputStatus, Issue};
use crate::lang::Bilingual;
use crate::ledger::{self, FileInfo, Ledger, Mapped, Village, VillageName};
use crate::read;
use crate::scan::Account;

/// What some files became.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Every file, read or not.
    pub inputs: Vec<Input>,
    /// The ledgers, each with its village.
    pub ledgers: Vec<(VillageName, Ledger)>,
    /// Whatever could not be read as it should.
    pub issues: Vec<Issue>,
}

/// Reads and maps files. A file that cannot be read is an entry of the report, never an error.
pub(super) fn take(
    sources: &[(FileId, &Source)],
    settings: &Settings,
    progress: &Progress,
) -> Taken {
    let each: Vec<(Input, Mapped)> = sources
        .par_iter()
        .with_max_len(1)
        .map(|&(id, source)| {
            let one = one(id, source, settings);
            progress.file_done(&source.name);
            one
        })
        .collect();
    let mut taken = Taken::default();
    for (mut input, mapped) in each {
        input.tables = mapped.tables;
        taken.inputs.push(input);
        taken.ledgers.extend(mapped.ledgers);
        taken.issues.extend(mapped.issues);
    }
    taken
}

/// The villages of some files; the files themselves go to the account.
pub(super) fn gathered(
    files: &[(FileId, &Source)],
    settings: &Settings,
    progress: &Progress,
    account: &mut Account,
) -> Vec<Village> {
    let taken = take(files, settings, progress);
    let (villages, mut issues) = ledger::gather(taken.ledgers, &settings.pack.kinds);
    issues.extend(taken.issues);
    account.add_files(taken.inputs, issues);
    villages
}

/// Reads and maps one file.
fn one(id: FileId, source: &Source, settings: &Settings) -> (Input, Mapped) {
    let mut input = Input {
        id,
        file: source.name.to_string(),
        sha256: String::new(),
        bytes: source.bytes,
        format: None,
        status: InputStatus::Read,
        reason: None,
        tables: Vec::new(),
    };
    match &source.status {
        Status::Skipped(reason) => {
            input.status = InputStatus::Skipped;
            input.reason = Some(reason.clone());
        }
        Status::Unreadable(reason) => {
            input.status = InputStatus::Unreadable;
            input.reason = Some(reason.clone());
        }
        Status::Readable(format) => {
            input.format = Some(*format);
            let opened = match &settings.isolation {
                Some(isolation) => read::open_isolated(source, &settings.limits, isolation),
                None => read::open(source, &settings.limits),
            };
            match opened {
                Ok(opened) => {
                    input.sha256 = opened.sha256;
                    let info = FileInfo {
                        id,
                        name: Arc::clone(&source.name),
                        village: village_of(&source.name, settings),
                    };
                    return (
                        input,
                        ledger::map(
                            &opened.workbook,
                            &info,
                            &settings.pack.kinds,
                            &settings.hints,
                            settings.lang,
                        ),
                    );
                }
                Err(reason) => {
                    input.status = InputStatus::Unreadable;
                    input.reason = Some(reason);
                }
            }
        }
    }
    (input, Mapped::default())
}

/// With `--by-folder`, the village that a file's direct folder stands for.
fn village_of(name: &str, settings: &Settings) -> Option<VillageName> {
    let (folder, _) = name.split_once('/').filter(|_| settings.by_folder)?;
    let known = settings.hints.villages.iter().find(|village| {
        village.name == folder || village.former.iter().any(|former| former == folder)
    });
    Some(match known {
        Some(village) => VillageName {
            town: village.town.as_str().into(),
            name: village.name.as_str().into(),
        },
        None => VillageName {
            town: "".into(),
            name: folder.into(),
        },
    })
}

/// The files under the paths of a run.
///
/// # Errors
/// A path that is not there.
pub(super) fn find(settings: &Settings) -> Result<Vec<Source>, super::Failure> {
    discover::find(&settings.paths).map_err(|message| {
        let near = settings.paths.iter().find_map(|path| near(path));
        super::Failure::Usage(match near {
            Some(near) => Bilingual::new(
                format!("{}；是不是想写“{}”？", message.zh, near.display()),
                format!("{}. Did you mean “{}”?", message.en, near.display()),
            ),
            None => message,
        })
    })
}

/// For a path that is not there: the nearest name in its folder.
fn near(path: &Path) -> Option<PathBuf> {
    if path.exists() {
        return None;
    }
    let folder = path.parent()?;
    let listed = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = std::fs::read_dir(listed)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let wanted = path.file_name()?.to_str()?;
    let name = crate::rules::nearest(wanted, names.iter().map(String::as_str))?;
    Some(folder.join(name))
}

/// The files, numbered in their order.
pub(super) fn numbered(sources: &[Source]) -> Vec<(FileId, &Source)> {
    (0..).map(FileId).zip(sources).collect()
}

/// The files of each village that direct subfolders stand for, in order; files beside the folders come first.
pub(super) fn batches<'s>(
    sources: &'s [Source],
    settings: &Settings,
) -> Vec<Vec<(FileId, &'s Source)>> {
    let mut batches: BTreeMap<Option<VillageName>, Vec<(FileId, &Source)>> = BTreeMap::new();
    for (id, source) in numbered(sources) {
        let village = village_of(&source.name, settings);
        batches.entry(village).or_default().push((id, source));
    }
    batches.into_values().collect()
}
