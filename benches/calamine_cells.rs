//! K: reads every cell of every xlsx below a path by calamine's `worksheet_cells_reader`, and does nothing with them.
//!
//! `cargo bench --bench calamine_cells -- PATH [THREADS]`. It is the yardstick of `benches/README.md`.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::print_stdout, reason = "a program that tells what it measured")]

use std::path::PathBuf;
use std::time::Instant;

use calamine::{DataRef, Reader, Xlsx, open_workbook};
use rayon::prelude::*;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let Some(path) = arguments.first() else {
        println!("calamine_cells: no PATH, nothing measured");
        return;
    };
    let threads = arguments.get(1).and_then(|count| count.parse().ok());
    let mut files = Vec::new();
    gather(PathBuf::from(path), &mut files);
    files.sort_unstable();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(1))
        .build()
        .expect("a pool of threads");
    let start = Instant::now();
    let cells: usize = pool.install(|| files.par_iter().with_max_len(1).map(count).sum());
    println!(
        "calamine: {} files, {cells} cells, {:.3} s",
        files.len(),
        start.elapsed().as_secs_f64()
    );
}

fn gather(path: PathBuf, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            gather(entry.path(), files);
        }
    } else if path.extension().is_some_and(|ending| ending == "xlsx") {
        files.push(path);
    }
}

/// How many cells of a workbook are not blank.
fn count(path: &PathBuf) -> usize {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook that opens");
    let mut cells = 0;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).expect("a worksheet");
        while let Some(cell) = reader.next_cell().expect("a cell") {
            cells += usize::from(!matches!(cell.get_value(), DataRef::Empty));
        }
    }
    cells
}
