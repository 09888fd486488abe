//! Keeps the map in ARCHITECTURE.md true: who may import whom, and that the paths the guides name are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// For each folder of `src/`, the folders it may import. `lang` is a file that every one may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("discover", &[]),
    ("read", &["discover"]),
    ("finding", &["discover", "read"]),
    ("ledger", &["read", "finding"]),
    ("rules", &["ledger", "finding"]),
    ("scan", &["read", "ledger", "rules", "finding"]),
    ("report", &["discover", "finding"]),
    ("track", &["finding", "report"]),
    (
        "cli",
        &[
            "discover", "read", "ledger", "rules", "scan", "finding", "report", "track",
        ],
    ),
];

/// The places outside the pure core, which may touch files, the clock or the environment.
const TOUCH_THE_WORLD: &[&str] = &[
    "src/discover",
    "src/read",
    "src/rules/load.rs",
    "src/track/store",
    "src/cli",
    "src/main.rs",
];

fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)
        .expect("a folder of src/")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file");
            found.push((path, text));
        }
    }
    found
}

/// The module names right behind `crate::`: one, or several in braces.
fn first_names(text: &str) -> Vec<String> {
    let ident = |s: &str| {
        s.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let Some(list) = text.strip_prefix('{') else {
        return vec![ident(text)];
    };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (i, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(ident(&list[start..i]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(ident(&list[start..i]));
                start = i + 1;
            }
            _ => {}
        }
    }
    names
}

/// What a folder imports that the map does not allow.
fn broken(folder: &str, text: &str) -> BTreeSet<String> {
    let map: BTreeMap<_, _> = MAY_IMPORT.iter().copied().collect();
    let allowed = map.get(folder).copied().unwrap_or_default();
    text.split("crate::")
        .skip(1)
        .flat_map(first_names)
        .filter(|name| {
            map.contains_key(name.as_str()) && name != folder && !allowed.contains(&name.as_str())
        })
        .map(|name| format!("{folder} imports {name}"))
        .collect()
}

#[test]
fn folders_import_only_what_the_map_allows() {
    let mut all = BTreeSet::new();
    for (folder, _) in MAY_IMPORT {
        for (path, text) in sources(&Path::new("src").join(folder)) {
            all.extend(
                broken(folder, &text)
                    .into_iter()
                    .map(|what| format!("{}: {what}", path.display())),
            );
        }
    }
    assert!(all.is_empty(), "not on the map: {all:#?}");
}

#[test]
fn the_map_names_every_folder() {
    let mapped: BTreeSet<_> = MAY_IMPORT
        .iter()
        .map(|(folder, _)| (*folder).to_owned())
        .collect();
    let there: BTreeSet<_> = fs::read_dir("src")
        .expect("src/")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .filter_map(|path| {
            path.file_name()
                .map(|name| name.to_string_lossy().into_owned())
        })
        .collect();
    assert_eq!(mapped, there);
}

#[test]
fn a_wrong_import_would_be_seen() {
    assert_eq!(
        broken("ledger", "use crate::{finding::Issue, rules::Rule};").len(),
        1
    );
    assert_eq!(broken("read", "use crate::cli::Exit;").len(), 1);
    assert!(broken("scan", "use crate::ledger::Day;").is_empty());
}

#[test]
fn only_the_edge_touches_the_world() {
    let touches = [
        "std::fs",
        "File::open",
        "File::create",
        "SystemTime::now",
        "Instant::now",
        "std::env::",
        "env::var",
        "std::process::Command",
    ];
    let mut found = Vec::new();
    for (path, text) in sources(Path::new("src")) {
        let name = path.to_string_lossy().replace('\\', "/");
        if TOUCH_THE_WORLD.iter().any(|edge| name.starts_with(edge)) {
            continue;
        }
        // Tests stand beside the code: files of their own are named after it.
        if name.ends_with("tests.rs") || name.contains("/tests/") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        found.extend(
            touches
                .iter()
                .filter(|touch| code.contains(**touch))
                .map(|touch| format!("{name}: {touch}")),
        );
    }
    assert!(
        found.is_empty(),
        "the pure core touches the world: {found:#?}"
    );
}

#[test]
fn nothing_opens_a_socket() {
    for (path, text) in sources(Path::new("src")) {
        for word in [
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "std::net",
        ] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
}

#[test]
fn paths_named_in_the_guides_exist() {
    for guide in [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "README.md",
        "README.zh-CN.md",
        "samples/README.md",
    ] {
        let text = fs::read_to_string(guide).expect(guide);
        for path in text.split('`').skip(1).step_by(2) {
            let is_path = [
                "src/", "rules/", "tests/", "samples/", "docs/", "benches/", "fuzz/", ".ci/",
            ]
            .iter()
            .any(|dir| path.starts_with(dir));
            if is_path && !path.contains(['<', '*', ' ', '…', '{']) {
                assert!(
                    Path::new(path).exists(),
                    "{guide} names `{path}`, which is not there"
                );
            }
        }
    }
}
