//! Where results go: stdout, or files.

use std::io::{self, BufWriter, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::Failure;
use super::staged::{Staged, is_stream, stage, try_write};
use crate::discover::{Source, Status};
use crate::finding::Report;
use crate::lang::Bilingual;
use crate::report::{self, Format, Style, json};

/// Where the results of a run go.
#[derive(Debug)]
pub(super) struct Outputs {
    stdout: Option<Format>,
    files: Vec<(Format, PathBuf)>,
    style: Style,
    /// The folder that the inputs' names begin in.
    root: Option<PathBuf>,
}

impl Outputs {
    /// Where `--format` and `--output` say; every file's folder is tried before the scan starts.
    ///
    /// `sources` are the files to check, `read` what else the run reads.
    ///
    /// # Errors
    /// A format that cannot be told from a file's name, a path that is an input or cannot be written.
    pub(super) fn open(
        matches: &ArgMatches,
        sources: &[Source],
        read: &[&Path],
    ) -> Result<Self, Failure> {
        let format = matches
            .get_one::<String>("format")
            .and_then(|id| format_of(id));
        let mut files = Vec::new();
        for given in matches.get_many::<String>("output").into_iter().flatten() {
            let (format, path) = target(given, format)?;
            refuse_input(&path, format, sources, read)?;
            try_write(&path)?;
            files.push((format, path));
        }
        let style = Style {
            summary: matches.get_flag("summary"),
            quiet: matches.get_flag("quiet"),
            ..style()
        };
        let stdout = files.is_empty().then(|| format.unwrap_or(Format::Text));
        let root = sources.first().and_then(root);
        Ok(Self {
            stdout,
            files,
            style,
            root,
        })
    }

    /// Whether nothing but JSON is wanted, which can be written village by village.
    pub(super) fn only_json(&self) -> bool {
        let files = self.files.iter().map(|(format, _)| *format);
        self.stdout
            .into_iter()
            .chain(files)
            .all(|format| format == Format::Json)
    }

    /// Writes a report whose lists were laid aside village by village, as JSON.
    ///
    /// # Errors
    /// As [`Outputs::write`].
    pub(super) fn write_stream<S: Read + Write + Seek>(
        &self,
        stream: &mut json::Stream<S>,
        report: &Report,
    ) -> Result<(), Failure> {
        self.write_files(|_, _, out| stream.write(report, out))?;
        match self.stdout {
            Some(_) => to_stdout(|out| stream.write(report, out)),
            None => Ok(()),
        }
    }

    /// Writes the report everywhere.
    ///
    /// # Errors
    /// A file that cannot be written; a pipe that was closed.
    pub(super) fn write(&self, report: &Report) -> Result<(), Failure> {
        self.write_files(|format, path, out| {
            let plain = Style {
                color: false,
                links: links(path, self.root.as_deref()),
                ..self.style.clone()
            };
            report::write(report, format, &plain, out)
        })?;
        match self.stdout {
            Some(format) => to_stdout(|out| report::write(report, format, &self.style, out)),
            None => Ok(()),
        }
    }

    /// Writes every file beside its place, and puts them all in their places at the end: none is there without the others.
    fn write_files(
        &self,
        mut write: impl FnMut(Format, &Path, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let (streams, files): (Vec<_>, Vec<_>) =
            self.files.iter().partition(|(_, path)| is_stream(path));
        let mut staged = Vec::new();
        for (format, path) in files.into_iter().chain(streams) {
            staged.push(stage(path, |out| write(*format, path, out))?);
        }
        staged.into_iter().try_for_each(Staged::keep)
    }
}

/// Writes to stdout.
///
/// # Errors
/// A pipe that was closed (which is success), or any other failure.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Failure::Output(Bilingual::new(
                format!("不能写到标准输出：{error}"),
                format!("cannot write to stdout: {error}"),
            )),
        })
}

/// The folder that a source's name begins in.
fn root(source: &Source) -> Option<PathBuf> {
    let path = source.path.canonicalize().ok()?;
    let depth = source.name.split('/').count();
    path.ancestors().nth(depth).map(Path::to_path_buf)
}

/// The way from the folder of a report to the folder that was scanned, for links to source cells.
fn links(report: &Path, root: Option<&Path>) -> String {
    let folder = report
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    let (Ok(folder), Some(root)) = (folder, root) else {
        return String::new();
    };
    let common = folder
        .components()
        .zip(root.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    let down = root.components().skip(common);
    let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).map(|part| part + "/").collect()
}

/// `FORMAT=PATH`, or a path whose extension tells the format.
fn target(given: &str, format: Option<Format>) -> Result<(Format, PathBuf), Failure> {
    if let Some((word, path)) = given.split_once('=')
        && let Some(format) = format_of(word)
    {
        return Ok((format, PathBuf::from(path)));
    }
    let path = PathBuf::from(given);
    let Some(format) = format.or_else(|| Format::from_path(&path)) else {
        let known = Format::ALL.map(Format::id).join(" ");
        return Err(Failure::Usage(Bilingual::new(
            format!("从文件名“{given}”看不出格式；请写成 格式=路径，格式可以是 {known}"),
            format!(
                "the name `{given}` does not tell the format; write FORMAT=PATH with one of {known}"
            ),
        )));
    };
    Ok((format, path))
}

/// The format of a word of the command line.
pub(super) fn format_of(id: &str) -> Option<Format> {
    Format::from_id(id)
}

/// A result never overwrites what the run reads: the files to check, its configuration, an earlier report. A file that is
/// listed but not read may be an earlier result: one whose name is that of the very format is replaced.
fn refuse_input(
    path: &Path,
    format: Format,
    sources: &[Source],
    read: &[&Path],
) -> Result<(), Failure> {
    let replaced = |source: &Source| {
        matches!(source.status, Status::Skipped(_)) && Format::from_path(path) == Some(format)
    };
    let shown = path.display();
    let listed = sources.iter().filter(|source| !replaced(source));
    let listed = listed.map(|source| &*source.path);
    let (zh, en) = if listed.into_iter().any(|source| is_same(source, path)) {
        ("要检查的文件", "one of the files to check")
    } else if read.iter().any(|read| is_same(read, path)) {
        (
            "本次要读取的配置或报告",
            "a configuration or a report that this run reads",
        )
    } else {
        return Ok(());
    };
    Err(Failure::Usage(Bilingual::new(
        format!("不能写到 {shown}：它是{zh}，请换一个文件名"),
        format!("cannot write to {shown}: it is {en}; choose another name"),
    )))
}

/// Whether two paths lead to one file, by links too.
fn is_same(a: &Path, b: &Path) -> bool {
    let (Ok(real_a), Ok(real_b)) = (a.canonicalize(), b.canonicalize()) else {
        return false;
    };
    real_a == real_b || is_one_file(&real_a, &real_b)
}

/// Whether two names are hard links of one file.
#[cfg(unix)]
fn is_one_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        found.is_file().then(|| (found.dev(), found.ino()))
    };
    id(a).is_some_and(|a| id(b) == Some(a))
}

#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}

/// How text is shown on this stdout.
pub(super) fn style() -> Style {
    Style {
        color: io::stdout().is_terminal() && color_wanted(),
        width: width(),
        ..Style::default()
    }
}

/// Whether messages on stderr may be coloured.
pub(super) fn color_of_stderr() -> bool {
    io::stderr().is_terminal() && color_wanted()
}

/// `NO_COLOR` turns colours off wherever it is set to anything.
fn color_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The width of the terminal; 80 where there is none.
fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|&columns| (40..=400).contains(&columns))
        .unwrap_or(80)
}
