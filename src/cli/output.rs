//! Where results go: stdout, or files that are written beside their place and renamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::Failure;
use crate::discover::Source;
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
    /// # Errors
    /// A format that cannot be told from a file's name, a path that is an input or cannot be written.
    pub(super) fn open(matches: &ArgMatches, sources: &[Source]) -> Result<Self, Failure> {
        let format = matches
            .get_one::<String>("format")
            .and_then(|id| format_of(id));
        let mut files = Vec::new();
        for given in matches.get_many::<String>("output").into_iter().flatten() {
            let (format, path) = target(given, format)?;
            refuse_input(&path, sources)?;
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
        for (_, path) in &self.files {
            write_file(path, |out| stream.write(report, out))?;
        }
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
        for (format, path) in &self.files {
            let plain = Style {
                color: false,
                links: links(path, self.root.as_deref()),
                ..self.style.clone()
            };
            write_file(path, |out| report::write(report, *format, &plain, out))?;
        }
        match self.stdout {
            Some(format) => to_stdout(|out| report::write(report, format, &self.style, out)),
            None => Ok(()),
        }
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

/// Writes a file beside its place and renames it, so that nobody ever sees half of it.
///
/// # Errors
/// A path that cannot be written; no temporary file is left behind.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let temporary = temporary(path);
    let written = File::create(&temporary).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()?;
        out.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()?;
        fs::rename(&temporary, path)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        unwritable(path, &error)
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

/// The file that is written before it is renamed: in the same folder, so that the rename stays within one file system.
fn temporary(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
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

/// A result never overwrites a ledger.
fn refuse_input(path: &Path, sources: &[Source]) -> Result<(), Failure> {
    let Ok(real) = path.canonicalize() else {
        return Ok(());
    };
    let is_input = sources.iter().any(|source| {
        matches!(source.status, crate::discover::Status::Readable(_))
            && source
                .path
                .canonicalize()
                .is_ok_and(|source| source == real)
    });
    if is_input {
        let shown = path.display();
        return Err(Failure::Usage(Bilingual::new(
            format!("不能写到 {shown}：它是要检查的台账，请换一个文件名"),
            format!(
                "cannot write to {shown}: it is one of the ledgers to check; choose another name"
            ),
        )));
    }
    Ok(())
}

/// Tries whether a file can be written there, before any work is done.
fn try_write(path: &Path) -> Result<(), Failure> {
    let temporary = temporary(path);
    let tried = if path.is_dir() {
        Err(io::Error::from(io::ErrorKind::IsADirectory))
    } else {
        File::create(&temporary).map(|_| ())
    };
    let _ = fs::remove_file(&temporary);
    tried.map_err(|error| unwritable(path, &error))
}

/// What to say of a path that cannot be written.
fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let shown = path.display();
    Failure::Output(Bilingual::new(
        format!("不能写 {shown}：{error}；请检查文件夹是否存在、是否有写权限、文件是否正被打开"),
        format!(
            "cannot write {shown}: {error}; check that the folder exists, that you may write there, and that no program has the file open"
        ),
    ))
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
