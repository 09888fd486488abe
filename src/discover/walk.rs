//! Lists every file under a folder, hidden ones too, without going in circles.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::Reason;

/// Something found under the paths given.
pub(super) struct Found {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Why it is no file to look into, if so.
    pub refused: Option<Refused>,
}

/// Why something found is no file to look into.
pub(super) enum Refused {
    /// It is no input.
    Skipped(Reason),
    /// It may hide inputs, but cannot be opened.
    Unreadable(Reason),
}

/// The folders already entered, so that links cannot lead in circles.
pub(super) struct Walk {
    roots: Vec<PathBuf>,
    entered_by_link: BTreeSet<PathBuf>,
    found: Vec<Found>,
}

impl Walk {
    /// A walk over folders; `roots` are their canonical paths.
    pub(super) fn new(roots: Vec<PathBuf>) -> Self {
        Self {
            roots,
            entered_by_link: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Lists a folder, or the file itself.
    pub(super) fn list(&mut self, path: &Path) {
        // A stack of our own: folders nested deeper than the thread's stack are no crash.
        let mut waiting = vec![path.to_path_buf()];
        while let Some(path) = waiting.pop() {
            self.visit(path, &mut waiting);
        }
    }

    /// What was found.
    pub(super) fn into_found(self) -> Vec<Found> {
        self.found
    }

    fn visit(&mut self, path: PathBuf, waiting: &mut Vec<PathBuf>) {
        let meta = match fs::metadata(&path) {
            Ok(meta) => meta,
            Err(error) => {
                self.refuse(path, Refused::Unreadable(Reason::unreadable(&error)));
                return;
            }
        };
        if meta.is_file() {
            self.found.push(Found {
                path,
                bytes: meta.len(),
                refused: None,
            });
        } else if !meta.is_dir() {
            // Opening a pipe would wait for ever.
            let reason = Reason::no_file(
                "不是普通文件（管道、设备等）",
                "Not a regular file (a pipe or device)",
            );
            self.refuse(path, Refused::Skipped(reason));
        } else if self.may_enter(&path) {
            match fs::read_dir(&path) {
                Ok(entries) => {
                    let mut unreadable = None;
                    for entry in entries {
                        match entry {
                            Ok(entry) => waiting.push(entry.path()),
                            Err(error) => unreadable = Some(error),
                        }
                    }
                    if let Some(error) = unreadable {
                        self.refuse(path, Refused::Unreadable(Reason::unreadable(&error)));
                    }
                }
                Err(error) => {
                    self.refuse(path, Refused::Unreadable(Reason::unreadable(&error)));
                }
            }
        } else {
            let reason = Reason::no_file(
                "链接指向已列出的文件夹",
                "A link to a folder that is listed already",
            );
            self.refuse(path, Refused::Skipped(reason));
        }
    }

    /// A linked folder is entered once, and not at all where it is listed under its own name.
    fn may_enter(&mut self, path: &Path) -> bool {
        let linked = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
        if !linked {
            return true;
        }
        let Ok(target) = fs::canonicalize(path) else {
            return false;
        };
        let listed = self.roots.iter().any(|root| target.starts_with(root));
        !listed && self.entered_by_link.insert(target)
    }

    fn refuse(&mut self, path: PathBuf, refused: Refused) {
        self.found.push(Found {
            path,
            bytes: 0,
            refused: Some(refused),
        });
    }
}

/// A path relative to a folder as text, `/`-separated; bytes that are not Unicode are shown as `\xNN`.
pub(super) fn name_under(path: &Path, folder: &Path) -> String {
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let mut name = String::new();
    for component in relative.components() {
        match component {
            Component::RootDir | Component::CurDir => {}
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {
                if !name.is_empty() {
                    name.push('/');
                }
                push_text(&mut name, component.as_os_str());
            }
        }
    }
    name
}

fn push_text(out: &mut String, text: &OsStr) {
    for chunk in text.as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02X}"));
        }
    }
}
