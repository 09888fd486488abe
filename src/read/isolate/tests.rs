//! The supervisor with programs that misbehave, and what is told with bytes that are no frames. The real program is tested
//! in `tests/isolation.rs`.
#![cfg(unix)]

use std::time::Instant;

use proptest::prelude::*;

use super::wire::{receive, tell};
use super::{Isolation, Reason};
use crate::discover::FileFormat;
use crate::read::{Limits, Workbook, parse};

/// What a shell command in place of the reader comes to within a second.
fn outcome(command: &str) -> Result<Workbook, Reason> {
    let isolation = Isolation {
        program: "sh".into(),
        arguments: vec!["-c".into(), command.into()],
    };
    let limits = Limits {
        seconds: 1,
        ..Limits::default()
    };
    // More than a pipe holds, so that a process that does not read blocks the sender.
    isolation.read(&vec![7; 300_000], FileFormat::Xls, &limits)
}

#[test]
fn however_a_process_fails_its_file_gets_a_reason() {
    for (command, kind) in [
        ("exec sleep 60", "timed-out"),
        ("head -c 300000 > /dev/null; exec sleep 60", "timed-out"),
        ("exec 0<&- 1>&- 2>&-; exec sleep 60", "crashed"),
        ("exit 0", "crashed"),
        ("cat > /dev/null & kill -ABRT $$", "crashed"),
        ("kill -SEGV $$", "crashed"),
        ("kill -KILL $$", "too-large"),
        (
            "echo memory allocation of 9 bytes failed >&2; kill -ABRT $$",
            "too-large",
        ),
        ("head -c 300000 > /dev/null; exec cat /dev/zero", "crashed"),
        ("head -c 300000 > /dev/null; exec yes 流水", "crashed"),
    ] {
        let start = Instant::now();
        let reason = outcome(command).unwrap_err();
        assert_eq!(reason.kind.id(), kind, "{command}");
        assert!(start.elapsed().as_secs() < 10, "{command}");
    }
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let isolation = Isolation {
        program: "/no/such/program".into(),
        arguments: Vec::new(),
    };
    let reason = isolation
        .read(b"", FileFormat::Ods, &Limits::default())
        .unwrap_err();
    assert_eq!(reason.kind.id(), "crashed");
    assert!(reason.message.en.contains("could not be started"));
}

/// What a reader tells of a workbook with every kind of cell.
fn told() -> Vec<u8> {
    let html = "<table><tr><td colspan=2>甲</td></tr><tr><td>1.5</td><td>#REF!</td></tr></table>";
    let mut book = parse(html.as_bytes(), FileFormat::Html, &Limits::default()).unwrap();
    book.sheets[0].hidden_rows = vec![1];
    book.sheets[0].hidden_cols = vec![0, 2];
    let mut bytes = Vec::new();
    tell(&mut bytes, &Ok(book)).unwrap();
    bytes
}

#[test]
fn what_is_told_is_what_was_read() {
    let first = told();
    let book = receive(&mut &*first, &Limits::default()).unwrap().unwrap();
    let sheet = &book.sheets[0];
    assert_eq!((sheet.cells.len(), sheet.merged.len()), (3, 1));
    let mut again = Vec::new();
    tell(&mut again, &Ok(book)).unwrap();
    assert_eq!(first, again);
    let mut refused = Vec::new();
    tell(&mut refused, &Err(Reason::encrypted())).unwrap();
    let reason = receive(&mut &*refused, &Limits::default()).unwrap();
    assert_eq!(reason.unwrap_err(), Reason::encrypted());
}

#[test]
fn what_is_told_is_kept_to_the_bounds_and_never_believed() {
    let bytes = told();
    let limits = Limits {
        cells: 2,
        ..Limits::default()
    };
    let reason = receive(&mut &*bytes, &limits).unwrap().unwrap_err();
    assert_eq!(reason.kind.id(), "too-large");
    for cut in 0..bytes.len() {
        assert!(receive(&mut &bytes[..cut], &Limits::default()).is_err());
    }
    for at in 0..bytes.len() {
        for value in [0, 1, 2, 0x7F, 0xFF] {
            let mut bad = bytes.clone();
            bad[at] = value;
            let _ = receive(&mut &*bad, &Limits::default());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut all = told()[..5].to_vec();
        all.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        all.extend(bytes);
        let _ = receive(&mut &*all, &Limits::default());
    }
}
