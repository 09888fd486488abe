//! Files that are written beside their place and renamed once they are whole, so that nobody ever sees half of one.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use super::Failure;
use crate::lang::Bilingual;

/// The exit code of a run that was interrupted, as shells know it.
const INTERRUPTED: i32 = 130;

/// The temporary files that there are; an interrupted run removes them.
static PENDING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A file that is written and not yet in its place; dropped, it is gone.
#[derive(Debug)]
pub(super) struct Staged {
    /// The temporary file and the place it goes to; `None` for a device or a pipe, which holds it already.
    file: Option<(PathBuf, PathBuf)>,
}

/// Whether something is there that is written into and cannot be replaced: a device, a pipe.
pub(super) fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Writes a file beside its place; what is no regular file is written into at once.
///
/// # Errors
/// A path that cannot be written, a pipe that was closed; no temporary file is left behind.
pub(super) fn stage(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Staged, Failure> {
    if is_stream(path) {
        let file = OpenOptions::new().write(true).open(path);
        file.and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            out.flush()
        })
        .map_err(|error| unwritable(path, &error))?;
        return Ok(Staged { file: None });
    }
    let staged = create(path)?;
    let Some((temporary, _)) = &staged.file else {
        return Ok(staged);
    };
    let written = OpenOptions::new().write(true).open(temporary);
    written
        .and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            out.flush()?;
            out.get_ref().sync_all()
        })
        .map_err(|error| unwritable(path, &error))?;
    Ok(staged)
}

/// Writes a file in its place.
///
/// # Errors
/// As [`stage`].
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    stage(path, write)?.keep()
}

/// Tries whether a file can be written there, before any work is done.
///
/// # Errors
/// Why it cannot.
pub(super) fn try_write(path: &Path) -> Result<(), Failure> {
    if is_stream(path) {
        return Ok(());
    }
    create(path).map(drop)
}

/// An empty temporary file beside the place of a file. A link is followed, so that it stays one.
fn create(path: &Path) -> Result<Staged, Failure> {
    if path.is_dir() {
        let error = io::Error::from(io::ErrorKind::IsADirectory);
        return Err(unwritable(path, &error));
    }
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = place
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    // In the same folder, so that the rename stays within one file system.
    let temporary = place.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    clean_when_interrupted();
    pending().insert(temporary.clone());
    let staged = Staged {
        file: Some((temporary.clone(), place)),
    };
    File::create(&temporary).map_err(|error| unwritable(path, &error))?;
    Ok(staged)
}

impl Staged {
    /// Puts the file in its place.
    ///
    /// # Errors
    /// A place that cannot be written any longer.
    pub(super) fn keep(mut self) -> Result<(), Failure> {
        let Some((temporary, place)) = self.file.take() else {
            return Ok(());
        };
        // An interrupted run that removes what is pending waits for this, or this for its end.
        let mut pending = pending();
        let renamed = fs::rename(&temporary, &place);
        if renamed.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        pending.remove(&temporary);
        renamed.map_err(|error| unwritable(&place, &error))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some((temporary, _)) = self.file.take() {
            let _ = fs::remove_file(&temporary);
            pending().remove(&temporary);
        }
    }
}

fn pending() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has an interrupted run remove its temporary files before it ends.
fn clean_when_interrupted() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Where there can be no handler, the run ends as ever, and may leave a temporary file.
        let _ = ctrlc::set_handler(|| {
            let pending = pending();
            for temporary in pending.iter() {
                let _ = fs::remove_file(temporary);
            }
            std::process::exit(INTERRUPTED)
        });
    });
}

/// What to say of a path that cannot be written.
fn unwritable(path: &Path, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::ClosedPipe;
    }
    let shown = path.display();
    Failure::Output(Bilingual::new(
        format!("不能写 {shown}：{error}；请检查文件夹是否存在、是否有写权限、文件是否正被打开"),
        format!(
            "cannot write {shown}: {error}; check that the folder exists, that you may write there, and that no program has the file open"
        ),
    ))
}
