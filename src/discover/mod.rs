//! Paths → [`Source`]s: walks the folders given and finds each file's format from its content.

mod reason;
mod sniff;
mod source;
mod walk;

pub mod cfb;
pub mod zip;

pub use reason::{Reason, ReasonKind};
pub use source::{FileFormat, Source, Status};

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::lang::Bilingual;
use walk::{Found, Refused, Walk};

/// Every file under the paths, sorted by name, each with its format or the reason why it is not read.
///
/// # Errors
/// A path that does not exist or cannot be walked: the message names it and what to do.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>, Bilingual> {
    // Canonical paths give one name to a file, however the paths given are written.
    let mut given = Vec::new();
    for path in paths {
        let canonical = fs::canonicalize(path).map_err(|error| missing(path, &error))?;
        let is_dir = canonical.is_dir();
        given.push((canonical, is_dir));
    }
    given.sort();
    given.dedup();
    let folder = common_folder(&given);
    // A path under another one is listed with that one.
    let tops: Vec<PathBuf> = given
        .iter()
        .filter(|(path, _)| {
            !given
                .iter()
                .any(|(other, is_dir)| *is_dir && other != path && path.starts_with(other))
        })
        .map(|(path, _)| path.clone())
        .collect();
    let mut walk = Walk::new(tops.clone());
    for path in &tops {
        walk.list(path);
    }
    let mut sources: Vec<Source> = walk
        .into_found()
        .into_iter()
        .map(|found| to_source(found, &folder))
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    Ok(sources)
}

/// The deepest folder that holds every path given; the folder itself where one folder is given.
fn common_folder(given: &[(PathBuf, bool)]) -> PathBuf {
    let mut folders = given.iter().map(|(path, is_dir)| match path.parent() {
        Some(parent) if !is_dir => parent.to_path_buf(),
        _ => path.clone(),
    });
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |common, folder| {
        common
            .ancestors()
            .find(|ancestor| folder.starts_with(ancestor))
            .map(Path::to_path_buf)
            .unwrap_or_default()
    })
}

fn to_source(found: Found, folder: &Path) -> Source {
    let name: Arc<str> = walk::name_under(&found.path, folder).into();
    let status = match found.refused {
        Some(Refused::Skipped(reason)) => Status::Skipped(reason),
        Some(Refused::Unreadable(reason)) => Status::Unreadable(reason),
        None => {
            let file_name = name.rsplit('/').next().unwrap_or(&name);
            sniff::status(&found.path, file_name, found.bytes)
        }
    };
    Source {
        path: found.path,
        name,
        bytes: found.bytes,
        status,
    }
}

fn missing(path: &Path, error: &std::io::Error) -> Bilingual {
    let path = path.display();
    if error.kind() == std::io::ErrorKind::NotFound {
        Bilingual::new(
            format!("找不到路径“{path}”；请检查拼写，或把文件夹拖入终端窗口得到完整路径"),
            format!(
                "The path “{path}” does not exist; check its spelling, or drag the folder into the terminal to get its full path"
            ),
        )
    } else {
        Bilingual::new(
            format!("无法打开路径“{path}”（{error}）；请检查读取权限"),
            format!("The path “{path}” cannot be opened ({error}); check that you may read it"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{FileFormat, ReasonKind, Source, Status, find};
    use std::fs;
    use std::path::Path;

    fn write(folder: &Path, name: &str, content: &[u8]) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn names(sources: &[Source]) -> Vec<&str> {
        sources.iter().map(|source| &*source.name).collect()
    }

    #[test]
    fn every_file_is_listed_by_name_with_its_status() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "b/台账.csv", "甲,乙\n".as_bytes());
        write(root, "a.xlsx", b"");
        write(root, ".hidden/c.CSV", b"a,b\n");
        write(root, ".gitignore", b"*.csv\n");
        write(root, "~$a.xlsx", b"x");
        write(root, "png.xlsx", b"\x89PNG\r\n\x1a\n");
        let sources = find(&[root.to_path_buf()]).unwrap();
        let want = [
            (".gitignore", Err((true, ReasonKind::NotASpreadsheet))),
            (".hidden/c.CSV", Ok(FileFormat::Csv)),
            ("a.xlsx", Err((false, ReasonKind::Empty))),
            ("b/台账.csv", Ok(FileFormat::Csv)),
            ("png.xlsx", Err((false, ReasonKind::NotASpreadsheet))),
            ("~$a.xlsx", Err((true, ReasonKind::LockFile))),
        ];
        assert_eq!(sources.len(), want.len(), "{:?}", names(&sources));
        for (source, (name, status)) in sources.iter().zip(want) {
            let got = match &source.status {
                Status::Readable(format) => Ok(*format),
                Status::Skipped(reason) => Err((true, reason.kind)),
                Status::Unreadable(reason) => Err((false, reason.kind)),
            };
            assert_eq!((&*source.name, got), (name, status));
        }
    }

    #[test]
    fn names_are_relative_to_the_deepest_common_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "town/a/1.csv", b"a,b\n");
        write(root, "town/b/2.csv", b"a,b\n");
        let at = |name: &str| root.join(name);
        for (paths, want) in [
            (vec![at("town/a/1.csv")], vec!["1.csv"]),
            (vec![at("town/b"), at("town/a")], vec!["a/1.csv", "b/2.csv"]),
            (vec![at("town/a"), at("town/a/1.csv")], vec!["1.csv"]),
            (
                vec![at("town"), at("town/a/../b")],
                vec!["a/1.csv", "b/2.csv"],
            ),
        ] {
            assert_eq!(names(&find(&paths).unwrap()), want);
        }
    }

    #[test]
    fn a_missing_path_is_told_in_both_languages() {
        let error = find(&["no/such/folder".into()]).unwrap_err();
        assert!(error.zh.contains("no/such/folder") && error.en.contains("no/such/folder"));
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_in_circles_and_odd_names_are_shown() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "in/a.csv", b"a,b\n");
        symlink(root.join("in"), root.join("in/again")).unwrap();
        symlink(root.join("nowhere"), root.join("in/broken.xlsx")).unwrap();
        let odd = root.join("in").join(OsStr::from_bytes(b"\xB4\xE5.csv"));
        fs::write(odd, b"a,b\n").unwrap();
        let sources = find(&[root.join("in")]).unwrap();
        assert_eq!(
            names(&sources),
            ["\\xB4\\xE5.csv", "a.csv", "again", "broken.xlsx"]
        );
        assert!(matches!(sources[2].status, Status::Skipped(_)));
        assert!(matches!(sources[3].status, Status::Unreadable(_)));
    }
}
