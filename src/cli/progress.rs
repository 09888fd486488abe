//! Progress on stderr: a bar on a terminal, a line every few seconds with `--progress plain`.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::lang::Lang;

/// How often a plain line is written.
const PLAIN_EVERY: Duration = Duration::from_secs(3);

/// Progress of a run.
#[derive(Debug)]
pub(super) enum Progress {
    /// None is shown.
    Silent,
    /// A bar.
    Bar(ProgressBar),
    /// Plain lines.
    Plain {
        /// How many files there are.
        total: u64,
        /// How many are done.
        done: AtomicU64,
        /// When the last line was written, and when the run began.
        last: Mutex<(Instant, Instant)>,
        /// The language of the lines.
        lang: Lang,
    },
}

impl Progress {
    /// Progress over a number of files, as `--progress` asks.
    pub(super) fn of(mode: &str, total: usize, lang: Lang) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        match mode {
            "plain" => Self::Plain {
                total,
                done: AtomicU64::new(0),
                last: Mutex::new((Instant::now(), Instant::now())),
                lang,
            },
            "auto" if std::io::stderr().is_terminal() => {
                let bar = ProgressBar::new(total);
                let template = lang.pick(
                    "{bar:30} {pos}/{len} 个文件，{per_sec}，剩余 {eta} {msg}",
                    "{bar:30} {pos}/{len} files, {per_sec}, {eta} left {msg}",
                );
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
                Self::Bar(bar)
            }
            _ => Self::Silent,
        }
    }

    /// One file is done.
    pub(super) fn file_done(&self, name: &str) {
        match self {
            Self::Silent => {}
            Self::Bar(bar) => {
                bar.set_message(name.to_owned());
                bar.inc(1);
            }
            Self::Plain {
                total,
                done,
                last,
                lang,
            } => {
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                let Ok(mut last) = last.lock() else { return };
                if last.0.elapsed() >= PLAIN_EVERY || done == *total {
                    last.0 = Instant::now();
                    let seconds = last.1.elapsed().as_secs();
                    let line = match lang {
                        Lang::Zh => format!("已读 {done}/{total} 个文件，{seconds} 秒"),
                        Lang::En => format!("read {done} of {total} files, {seconds} s"),
                    };
                    let _ = writeln!(std::io::stderr().lock(), "{line}");
                }
            }
        }
    }

    /// The run is done.
    pub(super) fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
