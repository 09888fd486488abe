//! Finds and reads rule files: those compiled in, those of `--rules` folders, and `heyan.toml`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::build::{Loaded, RuleSource, build};
use super::diagnostic::{Diagnostic, SourceText};
use crate::lang::Bilingual;

/// The pack that is compiled in.
static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// How messages name the folder of the built-in pack.
const BUILT_IN_NAME: &str = "rules/";

/// The file that tells a whole pack from one that adds to the built-in one.
const WHOLE_PACK: &str = "ledgers/contract.toml";

/// The files of the built-in pack, sorted by path.
pub fn built_in() -> Vec<RuleSource> {
    fn gather(dir: &Dir<'static>, files: &mut Vec<RuleSource>) {
        for file in dir.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if let Some(text) = file.contents_utf8()
                && is_toml(file.path())
            {
                files.push(RuleSource {
                    source: Arc::new(SourceText {
                        name: format!("{BUILT_IN_NAME}{path}"),
                        text: text.to_owned(),
                    }),
                    path,
                });
            }
        }
        for dir in dir.dirs() {
            gather(dir, files);
        }
    }
    let mut files = Vec::new();
    gather(&BUILT_IN, &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Loads the built-in pack, the rules folders that add to it, and `heyan.toml`. Rules with errors are left out and told in
/// [`Loaded::errors`].
///
/// # Errors
/// Everything that is wrong, where a file cannot be opened or an error concerns more than one rule.
pub fn load(extra: &[PathBuf], config: Option<&Path>) -> Result<Loaded, Vec<Diagnostic>> {
    let mut files = built_in();
    let mut added = Vec::new();
    let mut unopened = Vec::new();
    let config = config.and_then(|path| {
        let name = shown(path);
        let text = read(path, &name, &mut unopened)?;
        Some((path, Arc::new(SourceText { name, text })))
    });
    let named = config
        .as_ref()
        .map(|(path, text)| folders(path, &text.text));
    for folder in extra.iter().chain(named.iter().flatten()) {
        let mut found: Vec<RuleSource> = Vec::new();
        walk(folder, folder, &mut found, &mut unopened);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        // A folder with the ledger kinds in it is a whole pack, such as the sources of the built-in one: it stands in its
        // place. Every other folder adds to it.
        // An own file of that name that only `extends` the built-in kind makes no whole pack.
        if found
            .iter()
            .any(|file| file.path == WHOLE_PACK && !extends(&file.source.text))
        {
            files.clear();
        }
        added.extend(found);
    }
    files.extend(added);
    let loaded = build(&files, config.as_ref().map(|(_, text)| text));
    if unopened.is_empty() && loaded.errors.iter().all(|error| error.rule.is_some()) {
        return Ok(loaded);
    }
    unopened.extend(loaded.errors);
    Err(unopened)
}

/// The rules folders that `[scan]` of `heyan.toml` names, relative to it. What is wrong in the file is told when it is built.
fn folders(config: &Path, text: &str) -> Vec<PathBuf> {
    let scan = text.parse::<toml::Table>().ok();
    let scan = scan
        .as_ref()
        .and_then(|table| table.get("scan")?.get("rules"));
    let names = scan.and_then(toml::Value::as_array).into_iter().flatten();
    let folder = config.parent().unwrap_or(Path::new(""));
    names
        .filter_map(toml::Value::as_str)
        .map(|name| folder.join(name))
        .collect()
}

/// Whether a ledger file adds to a kind instead of declaring one.
fn extends(text: &str) -> bool {
    text.lines()
        .any(|line| line.trim_start().starts_with("extends"))
}

fn is_toml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "toml")
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<RuleSource>, unopened: &mut Vec<Diagnostic>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            unopened.push(cannot_open(&shown(folder), &error));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(root, &path, files, unopened);
        } else if is_toml(&path) {
            let name = shown(&path);
            let Some(text) = read(&path, &name, unopened) else {
                continue;
            };
            let within = path.strip_prefix(root).unwrap_or(&path);
            files.push(RuleSource {
                path: shown(within),
                source: Arc::new(SourceText { name, text }),
            });
        }
    }
}

fn read(path: &Path, name: &str, unopened: &mut Vec<Diagnostic>) -> Option<String> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
            if let Ok(text) = std::str::from_utf8(bytes) {
                return Some(text.to_owned());
            }
            unopened.push(Diagnostic::of_file(
                name,
                Bilingual::new(
                    format!("{name} 不是 UTF-8：用记事本另存为，编码选 UTF-8"),
                    format!("{name} is not UTF-8: save it again with the encoding UTF-8"),
                ),
            ));
            None
        }
        Err(error) => {
            unopened.push(cannot_open(name, &error));
            None
        }
    }
}

fn cannot_open(name: &str, error: &std::io::Error) -> Diagnostic {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => {
            Bilingual::new("没有这个文件或目录", "no such file or folder")
        }
        std::io::ErrorKind::PermissionDenied => Bilingual::new("没有权限", "permission denied"),
        _ => Bilingual::new(error.to_string(), error.to_string()),
    };
    Diagnostic::of_file(
        name,
        Bilingual::new(
            format!("打不开 {name}：{}", reason.zh),
            format!("cannot open {name}: {}", reason.en),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::build::build;
    use super::built_in;

    #[test]
    fn the_built_in_pack_loads() {
        let loaded = build(&built_in(), None);
        let shown: Vec<String> = loaded
            .errors
            .iter()
            .map(|e| {
                format!(
                    "{}:{}:{} {} {:?}",
                    e.source.name,
                    e.line(),
                    e.column(),
                    e.message.zh,
                    e.helps.iter().map(|h| &h.text.zh).collect::<Vec<_>>()
                )
            })
            .collect();
        assert!(shown.is_empty(), "{shown:#?}");
    }
}
