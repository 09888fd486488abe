//! The guides run: every `console` block of every guide is executed in a folder that holds `samples/`, and what it shows is
//! compared with what comes out.
//!
//! In a block, `$ ` begins a command (`heyan …`, or `rm FILE`), the lines behind it are its output (stdout, then stderr), a
//! line `...` stands for any lines, `[..]` for any letters, and `? 1` is the exit code where it is not 0. `<!-- file: PATH -->` above a block of code
//! makes that block a file of the folder. Guides whose name ends in `.zh-CN.md` speak Chinese.
#![allow(missing_docs, reason = "a test has no users")]
#![allow(clippy::disallowed_methods, reason = "a test of files")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A step of a guide.
enum Step {
    File {
        path: String,
        text: String,
    },
    Run {
        line: usize,
        command: String,
        shown: Vec<String>,
        code: i32,
    },
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut file = None;
    let mut lines = (1..).zip(text.lines());
    while let Some((_, line)) = lines.next() {
        if let Some(path) = line
            .strip_prefix("<!-- file: ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        {
            file = Some(path.to_owned());
            continue;
        }
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<(usize, &str)> = lines
            .by_ref()
            .take_while(|(_, line)| *line != "```")
            .collect();
        if let Some(path) = file.take() {
            let text = block.iter().fold(String::new(), |mut text, (_, line)| {
                let _ = writeln!(text, "{line}");
                text
            });
            steps.push(Step::File { path, text });
        } else if info == "console" {
            for (number, line) in block {
                if let Some(command) = line.strip_prefix("$ ") {
                    steps.push(Step::Run {
                        line: number,
                        command: command.to_owned(),
                        shown: Vec::new(),
                        code: 0,
                    });
                } else if let Some(Step::Run { shown, code, .. }) = steps.last_mut() {
                    match line.strip_prefix("? ") {
                        Some(number) => *code = number.parse().expect("an exit code"),
                        None => shown.push(line.trim_end().to_owned()),
                    }
                }
            }
        }
    }
    steps
}

/// The words of a command; quotes hold a word together.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in command.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Whether lines are as shown; `...` stands for any number of them.
fn agrees(shown: &[String], lines: &[&str]) -> bool {
    let Some((first, rest)) = shown.split_first() else {
        return lines.is_empty();
    };
    if first == "..." {
        return (0..=lines.len()).any(|skip| agrees(rest, &lines[skip..]));
    }
    lines
        .split_first()
        .is_some_and(|(line, lines)| like(first, line.trim_end()) && agrees(rest, lines))
}

/// Whether a line is as shown; `[..]` stands for any letters.
fn like(shown: &str, line: &str) -> bool {
    let mut parts = shown.split("[..]");
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or("")) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    true
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).expect("a file");
    }
}

/// Runs a guide; how many commands it has.
fn run(guide: &str) -> usize {
    let text = fs::read_to_string(guide).expect("the guide");
    let lang = if guide.ends_with(".zh-CN.md") {
        "zh"
    } else {
        "en"
    };
    let folder = tempfile::tempdir().expect("a folder");
    copy(Path::new("samples"), &folder.path().join("samples"));
    let mut count = 0;
    for step in steps(&text) {
        match step {
            Step::File { path, text } => {
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, text).expect("a file");
            }
            Step::Run {
                line,
                command,
                shown,
                code,
            } => {
                count += 1;
                let words = words(&command);
                if words[0] == "rm" {
                    fs::remove_file(folder.path().join(&words[1])).expect("a file to remove");
                    continue;
                }
                assert_eq!(words[0], "heyan", "{guide}:{line}: {command}");
                let output = Command::new(env!("CARGO_BIN_EXE_heyan"))
                    .args(&words[1..])
                    .current_dir(folder.path())
                    .env("HEYAN_LANG", lang)
                    .env_remove("NO_COLOR")
                    .output()
                    .expect("the program starts");
                let said = format!(
                    "{}{}",
                    String::from_utf8_lossy(&output.stdout),
                    String::from_utf8_lossy(&output.stderr)
                );
                assert_eq!(
                    output.status.code(),
                    Some(code),
                    "{guide}:{line}: {command}\n{said}"
                );
                let lines: Vec<&str> = said.lines().collect();
                assert!(
                    agrees(&shown, &lines),
                    "{guide}:{line}: {command}\nshown:\n{}\ncame out:\n{said}",
                    shown.join("\n")
                );
            }
        }
    }
    count
}

#[test]
fn the_readme_runs_in_english() {
    assert!(run("README.md") >= 2);
}

#[test]
fn the_readme_runs_in_chinese() {
    assert!(run("README.zh-CN.md") >= 2);
}

#[test]
fn the_guide_for_auditors_runs_in_english() {
    assert!(run("docs/guide-auditors.md") >= 4);
}

#[test]
fn the_guide_for_auditors_runs_in_chinese() {
    assert!(run("docs/guide-auditors.zh-CN.md") >= 4);
}

#[test]
fn the_guide_for_rule_authors_runs_in_english() {
    assert!(run("docs/guide-rule-authors.md") >= 4);
}

#[test]
fn the_guide_for_rule_authors_runs_in_chinese() {
    assert!(run("docs/guide-rule-authors.zh-CN.md") >= 4);
}

#[test]
fn the_guide_for_engineers_runs() {
    assert!(run("docs/guide-engineers.md") >= 3);
}

#[test]
fn a_wrong_line_is_noticed() {
    let shown = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(agrees(&shown(&["a", "...", "c"]), &["a", "b", "c"]));
    assert!(agrees(&shown(&["...", "c"]), &["c"]));
    assert!(!agrees(&shown(&["a", "...", "d"]), &["a", "b", "c"]));
    assert!(!agrees(&shown(&["a"]), &["a", "b"]));
}
