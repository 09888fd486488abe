//! Reading in a process of its own: what the third-party reader does to it, the scan survives.
//!
//! The parent sends the bytes of one file and the bounds, and gets sheets back, frame by frame. It kills the process when
//! its time is up, and checks what it is told as it checks a file.

mod child;
mod wire;

pub use child::serve;

use std::ffi::OsString;
use std::io::{BufReader, BufWriter, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::{Limits, Workbook};
use crate::discover::{FileFormat, Reason, ReasonKind};
use crate::lang::Bilingual;

/// Bytes of a process's last words that are looked at.
const LAST_WORDS: u64 = 4096;

/// The program that reads in a process of its own: it calls [`serve`] and nothing else.
#[derive(Clone, Debug)]
pub struct Isolation {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

impl Isolation {
    /// Reads a file of a format that a third-party reader reads.
    pub(super) fn read(
        &self,
        bytes: &[u8],
        format: FileFormat,
        limits: &Limits,
    ) -> Result<Workbook, Reason> {
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(&error))?;
        let (Some(mut input), Some(output), Some(words)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Reason::crashed());
        };
        supervised(child, Duration::from_secs(limits.seconds), || {
            // A process that ends before it has read everything tells why, or its end does.
            let _ = wire::send_request(&mut BufWriter::new(&mut input), bytes, format, limits);
            let told = wire::receive(&mut BufReader::new(output), limits);
            // Only now: the process ends itself where this end is closed.
            drop(input);
            told.map_err(|_| {
                let mut last = Vec::new();
                let _ = words.take(LAST_WORDS).read_to_end(&mut last);
                last
            })
        })
        .map_err(|end| match end {
            End::TimeIsUp => Reason::timed_out(limits.seconds),
            End::Failed { last_words, killed } => {
                // The standard library's words when an allocation fails; the system kills where memory runs out.
                if killed || memchr::memmem::find(&last_words, b"memory allocation of").is_some() {
                    too_much_memory(limits.memory_bytes)
                } else {
                    Reason::crashed()
                }
            }
        })?
    }
}

/// How a process ended that did not tell a result.
#[derive(Debug, PartialEq, Eq)]
enum End {
    TimeIsUp,
    Failed { last_words: Vec<u8>, killed: bool },
}

/// Talks with a process, and kills it when its time is up. Whatever the talk comes to, the process is gone afterwards.
///
/// A talk that fails returns the process's last words.
fn supervised<T>(
    child: Child,
    time: Duration,
    talk: impl FnOnce() -> Result<T, Vec<u8>>,
) -> Result<T, End> {
    let child = Mutex::new(child);
    let lock = || child.lock().unwrap_or_else(PoisonError::into_inner);
    let (done, waiting) = mpsc::channel::<()>();
    let (told, time_is_up) = thread::scope(|scope| {
        let watch = thread::Builder::new().spawn_scoped(scope, move || {
            waiting.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
                // It may have ended by itself a moment ago.
                && lock().kill().is_ok()
        });
        let Ok(watch) = watch else {
            // Without a watch nothing may run.
            return (Err(Vec::new()), false);
        };
        let told = talk();
        drop(done);
        (told, watch.join().unwrap_or(false))
    });
    let mut child = child.into_inner().unwrap_or_else(PoisonError::into_inner);
    match told {
        Ok(told) => {
            // The result is whole, so it does not matter how the process ends.
            let _ = child.kill();
            let _ = child.wait();
            Ok(told)
        }
        Err(last_words) => {
            let status = ended(&mut child);
            if time_is_up {
                return Err(End::TimeIsUp);
            }
            Err(End::Failed {
                last_words,
                killed: status.as_ref().is_some_and(was_killed),
            })
        }
    }
}

/// How a process ended that has closed its output; `None` where it had to be ended.
fn ended(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..500 {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

/// Whether the system, or someone, ended the process.
#[cfg(unix)]
fn was_killed(status: &ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(9)
}

#[cfg(not(unix))]
fn was_killed(_: &ExitStatus) -> bool {
    false
}

fn too_much_memory(most: u64) -> Reason {
    Reason::too_large(
        &format!("读取所需内存超过 {} MB", most >> 20),
        &format!("reading needs more than {} MB of memory", most >> 20),
    )
}

/// The process that reads could not be started.
fn not_started(error: &std::io::Error) -> Reason {
    Reason {
        kind: ReasonKind::Crashed,
        message: Bilingual::new(
            format!(
                "无法启动读取该文件的独立进程（{error}），未读取；请检查系统的进程数和权限限制后重试，或用 WPS、Excel 另存为 xlsx"
            ),
            format!(
                "The process that reads this file could not be started ({error}): not read; check the system's bounds on processes and permissions and try again, or save it as xlsx in Excel or WPS"
            ),
        ),
    }
}

#[cfg(test)]
mod tests;
