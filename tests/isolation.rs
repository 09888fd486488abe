//! Reading in a process of its own, with the real program: the same sheets, and every way to fail told for its file.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use heyan::discover::{self, Source};
use heyan::read::{self, Isolation, Limits, Opened};

fn isolation() -> Isolation {
    Isolation {
        program: env!("CARGO_BIN_EXE_heyan").into(),
        arguments: vec!["read-isolated".into()],
    }
}

fn sources(path: &Path) -> Vec<Source> {
    discover::find(&[path.to_path_buf()]).expect("it is there")
}

fn isolated(path: &Path, limits: &Limits) -> Result<Opened, String> {
    let sources = sources(path);
    read::open_isolated(&sources[0], limits, &isolation())
        .map_err(|reason| reason.kind.id().to_owned())
}

/// A compound file of 512-byte sectors with one stream, `Workbook`.
fn compound(stream: &[u8]) -> Vec<u8> {
    let sectors = stream.len().max(4096).div_ceil(512);
    let tables = (1..110).find(|&tables| tables * 128 > tables + sectors);
    let tables = tables.expect("a small stream");
    let number = |at: usize| u32::try_from(at).expect("small").to_le_bytes();
    let mut out = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    out.resize(24, 0);
    out.extend(b"\x3E\0\x03\0\xFE\xFF\x09\0\x06\0");
    out.resize(44, 0);
    for word in [tables, tables, 0, 4096] {
        out.extend(number(word));
    }
    out.extend(b"\xFE\xFF\xFF\xFF\0\0\0\0\xFE\xFF\xFF\xFF\0\0\0\0");
    for at in 0..109 {
        out.extend(if at < tables { number(at) } else { [0xFF; 4] });
    }
    for at in 0..tables * 128 {
        let last = at == tables || at == tables + sectors;
        out.extend(match at {
            _ if at < tables => *b"\xFD\xFF\xFF\xFF",
            _ if last => *b"\xFE\xFF\xFF\xFF",
            _ if at < tables + sectors => number(at + 1),
            _ => [0xFF; 4],
        });
    }
    for (name, kind, start, size) in [
        ("Root Entry", 5u8, 0xFFFF_FFFE, 0),
        ("Workbook", 2, tables + 1, stream.len().max(4096)),
    ] {
        let from = out.len();
        out.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        out.resize(from + 64, 0);
        let len = u16::try_from(name.len() * 2 + 2).expect("short");
        out.extend(len.to_le_bytes());
        out.extend([kind, 1]);
        out.extend([0xFF; 8]);
        out.extend(if kind == 5 { number(1) } else { [0xFF; 4] });
        out.resize(from + 116, 0);
        out.extend(number(start));
        out.extend(number(size));
        out.resize(from + 128, 0);
    }
    out.resize((2 + tables) * 512, 0);
    out.extend(stream);
    out.resize((2 + tables + sectors) * 512, 0);
    out
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).expect("short");
    [&kind.to_le_bytes(), &len.to_le_bytes(), data].concat()
}

/// A workbook with these records among its globals, and one sheet with these.
fn workbook(globals: &[u8], sheet: &[u8]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let start = begin.len() + globals.len() + 13 + 4;
    let start = u32::try_from(start).expect("small").to_le_bytes();
    let bound = record(0x0085, &[&start[..], b"\0\0\x01\0A"].concat());
    compound(&[&begin, globals, &bound, &end, &begin, sheet, &end].concat())
}

/// Shared strings that go on in so many records that calamine, which moves the list of them for each, needs seconds.
fn slow() -> Vec<u8> {
    let mut strings = record(0x00FC, &[0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, b'x']);
    for at in 0..131_000 {
        // Two strings of 65,535 characters, one in a record.
        if at == 65_534 {
            strings.extend(record(0x003C, &[0xFF, 0xFF, 0, b'x']));
        } else {
            strings.extend(record(0x003C, &[0, b'x']));
        }
    }
    // The second has its last characters in one more.
    let rest = vec![b'x'; 2 * 65_535 - 131_001];
    strings.extend(record(0x003C, &[&[0][..], &rest].concat()));
    workbook(&strings, &[])
}

/// A sheet of so many numbers.
fn large(cells: u32) -> Vec<u8> {
    let mut sheet = Vec::new();
    for at in 0..cells {
        let [row_low, row_high, ..] = (at / 256).to_le_bytes();
        let [col, ..] = at.to_le_bytes();
        let head = [row_low, row_high, col, 0, 0, 0];
        sheet.extend(record(0x0203, &[&head[..], &1.5f64.to_le_bytes()].concat()));
    }
    workbook(&[], &sheet)
}

#[test]
fn a_process_of_its_own_reads_the_same() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut compared = 0;
    for source in sources(&samples) {
        let (Ok(here), Ok(there)) = (
            read::open(&source, &Limits::default()),
            read::open_isolated(&source, &Limits::default(), &isolation()),
        ) else {
            continue;
        };
        compared += 1;
        assert_eq!(here.sha256, there.sha256);
        for (a, b) in here.workbook.sheets.iter().zip(&there.workbook.sheets) {
            assert_eq!(format!("{a:?}"), format!("{b:?}"), "{}", source.name);
        }
        assert_eq!(
            format!("{:?}", here.workbook.texts),
            format!("{:?}", there.workbook.texts)
        );
    }
    assert!(compared >= 6);
}

#[test]
fn a_slow_file_is_given_up_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slow.xls");
    fs::write(&path, slow()).unwrap();
    let limits = |seconds| Limits {
        seconds,
        ..Limits::default()
    };
    let start = Instant::now();
    assert_eq!(isolated(&path, &limits(1)).unwrap_err(), "timed-out");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn counts_and_chains_of_a_container_are_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lies.xls");
    let good = large(1000);
    // Sectors of the table, the first of the directory, of the small streams and of further tables, and their numbers.
    for at in [44, 48, 60, 64, 68, 72, 76] {
        for value in [0, 1, 7, 0x00FF_FFFF, 0x7FFF_FFFF, u32::MAX - 1, u32::MAX] {
            let mut bad = good.clone();
            bad[at..at + 4].copy_from_slice(&value.to_le_bytes());
            fs::write(&path, &bad).unwrap();
            let start = Instant::now();
            match isolated(&path, &Limits::default()) {
                Ok(opened) => assert_eq!(opened.workbook.sheets[0].cells.len(), 1000),
                Err(kind) => assert!(matches!(&*kind, "damaged" | "not-a-spreadsheet"), "{kind}"),
            }
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    }
    // A chain that runs in a circle.
    let mut bad = good;
    for at in 0..16 {
        bad[512 + at * 4..516 + at * 4].copy_from_slice(&2u32.to_le_bytes());
    }
    fs::write(&path, &bad).unwrap();
    assert!(isolated(&path, &Limits::default()).is_err());
}

#[test]
fn the_limits_are_settings() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slow.xls"), slow()).unwrap();
    fs::write(folder.path().join("large.xls"), large(300_000)).unwrap();
    let config = "[scan]\nseconds_per_file = 1\nmegabytes_per_file = 64\n";
    fs::write(folder.path().join("heyan.toml"), config).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(["scan", "--format", "json"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let reason = |file: &str| {
        let inputs = report["inputs"].as_array().unwrap();
        let input = inputs.iter().find(|input| input["file"] == file).unwrap();
        let reason = &input["reason"];
        assert!(!reason["message"].as_str().unwrap().is_empty());
        reason["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(reason("slow.xls"), "timed-out");
    assert_eq!(reason("large.xls"), "too-large");
}

#[test]
fn a_file_that_needs_too_much_memory_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.xls");
    fs::write(&path, large(300_000)).unwrap();
    let limits = |mib: u64| Limits {
        memory_bytes: mib << 20,
        ..Limits::default()
    };
    assert_eq!(isolated(&path, &limits(64)).unwrap_err(), "too-large");
    let opened = isolated(&path, &limits(1024)).unwrap();
    assert_eq!(opened.workbook.sheets[0].cells.len(), 300_000);
}

#[test]
fn the_rest_of_a_folder_is_scanned_and_nothing_panics() {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let sample = sources(&samples)
        .into_iter()
        .find(|source| source.name.ends_with(".xls"))
        .expect("a sample");
    fs::copy(&sample.path, folder.path().join("good.xls")).unwrap();
    let whole = fs::read(&sample.path).unwrap();
    fs::write(folder.path().join("cut.xls"), &whole[..whole.len() / 2]).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_heyan"))
        .args(["scan", "--format", "json", "--no-records"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(3));
    let errors = String::from_utf8_lossy(&out.stderr);
    assert!(!errors.contains("panicked"), "{errors}");
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let status: Vec<_> = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| input["status"].as_str().unwrap())
        .collect();
    assert_eq!(status, ["unreadable", "read"]);
}

/// The processes that read for another one.
fn readers_of(parent: u32) -> Vec<PathBuf> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let status = fs::read_to_string(path.join("status")).unwrap_or_default();
            status.contains(&format!("\nPPid:\t{parent}\n"))
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_dies_with_the_scan() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("slow.xls"), slow()).unwrap();
    for signal in ["INT", "KILL"] {
        let mut scan = Command::new(env!("CARGO_BIN_EXE_heyan"))
            .arg("scan")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let wait = |what: &dyn Fn() -> bool| {
            let start = Instant::now();
            while !what() {
                assert!(start.elapsed() < Duration::from_secs(20));
                thread::sleep(Duration::from_millis(5));
            }
        };
        wait(&|| !readers_of(scan.id()).is_empty());
        let readers = readers_of(scan.id());
        let signal = format!("-{signal}");
        let kill = Command::new("kill")
            .args([&signal, &scan.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        scan.wait().unwrap();
        let start = Instant::now();
        let alive = |path: &PathBuf| {
            let command = fs::read(path.join("cmdline")).unwrap_or_default();
            memchr::memmem::find(&command, b"read-isolated").is_some()
        };
        wait(&|| !readers.iter().any(alive));
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}

#[test]
fn a_request_that_is_none_is_refused() {
    let mut reader = Command::new(env!("CARGO_BIN_EXE_heyan"))
        .arg("read-isolated")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = reader.stdin.take().unwrap();
    let _ = input.write_all(&[0xFF; 100]);
    drop(input);
    let out = reader.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(70));
    assert!(out.stdout.is_empty() && out.stderr.is_empty());
}
