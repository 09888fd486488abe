//! Records as hostile files have them. What a spreadsheet program writes is tested against calamine in `tests/readers.rs`.

use super::read;
use crate::read::{Content, Limits, repack};

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &len.to_le_bytes(), data].concat()
}

/// A workbook of one sheet with these records, and these before them in its globals.
fn workbook(globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let globals = globals.concat();
    let bound = |at: usize| {
        let at = u32::try_from(at).unwrap().to_le_bytes();
        record(0x0085, &[&at[..], b"\0\0\x01\0A"].concat())
    };
    let start = begin.len() + globals.len() + bound(0).len() + 4;
    let stream = [
        &begin[..],
        &globals,
        &bound(start),
        &record(0x000A, &[]),
        &begin,
        &sheet.concat(),
        &record(0x000A, &[]),
    ]
    .concat();
    repack::compound("Workbook", stream).unwrap()
}

fn number(row: u16, col: u16, value: f64) -> Vec<u8> {
    let head = [row.to_le_bytes(), col.to_le_bytes(), [0, 0]].concat();
    record(0x0203, &[&head[..], &value.to_le_bytes()].concat())
}

fn shown(bytes: &[u8], limits: &Limits) -> Result<Vec<String>, String> {
    let book = read(bytes, limits).map_err(|reason| reason.kind.id().to_owned())?;
    let cells = book.sheets.iter().flat_map(|sheet| &sheet.cells);
    Ok(cells
        .map(|cell| {
            let content = match cell.content {
                Content::Text(id) => book.texts.get(id).to_owned(),
                other => format!("{other:?}"),
            };
            format!("{},{} {content}", cell.row, cell.col)
        })
        .collect())
}

#[test]
fn cells_in_two_corners_cost_no_range_between_them() {
    // The stated size would have four thousand million rows reserved.
    let dimensions = record(
        0x0200,
        &[&[0; 4][..], &[0xFF; 4], &[0, 0, 0, 1, 0, 0]].concat(),
    );
    let sheet = [dimensions, number(0, 0, 1.5), number(65_535, 255, 2.5)];
    let bytes = workbook(&[], &sheet);
    assert_eq!(
        shown(&bytes, &Limits::default()).unwrap(),
        ["0,0 Number(1.5)", "65535,255 Number(2.5)"]
    );
}

#[test]
fn more_cells_than_the_limit_are_refused() {
    let sheet: Vec<_> = (0..9).map(|row| number(row, 0, 1.0)).collect();
    let bytes = workbook(&[], &sheet);
    let limits = |cells| Limits {
        cells,
        ..Limits::default()
    };
    assert_eq!(shown(&bytes, &limits(9)).unwrap().len(), 9);
    assert_eq!(shown(&bytes, &limits(8)).unwrap_err(), "too-large");
}

#[test]
fn one_long_text_named_by_many_cells_is_counted_for_each() {
    let text = [&[0; 8][..], &1000u16.to_le_bytes(), &[0], &[b'x'; 1000]].concat();
    let cells: Vec<_> = (0..5u8)
        .map(|row| record(0x00FD, &[row, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
        .collect();
    let bytes = workbook(&[record(0x00FC, &text)], &cells);
    let limits = |spread_text_bytes| Limits {
        spread_text_bytes,
        ..Limits::default()
    };
    assert_eq!(shown(&bytes, &limits(5000)).unwrap().len(), 5);
    assert_eq!(shown(&bytes, &limits(4999)).unwrap_err(), "too-large");
}

#[test]
fn a_text_beside_its_cell_may_go_on_in_further_records() {
    // A formula with a text of 9,000 wide characters; calamine alone reads but the first record of such a text.
    let formula = [&[0; 6][..], &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF], &[0; 8]].concat();
    let head = [&9000u16.to_le_bytes()[..], &[1], &[0x11; 8000]].concat();
    let tail = [&[1][..], &[0x11; 10_000]].concat();
    let sheet = [
        record(0x0006, &formula),
        record(0x0207, &head),
        record(0x003C, &tail[..8001]),
        record(0x003C, &[&[1][..], &tail[8001..]].concat()),
    ];
    let cells = shown(&workbook(&[], &sheet), &Limits::default()).unwrap();
    let want = "\u{1111}".repeat(9000);
    assert_eq!(cells, [format!("0,0 {want}")]);
}

#[test]
fn any_cut_and_any_flipped_byte_is_survived() {
    let text = [&[0; 8][..], &3u16.to_le_bytes(), &[0], b"abc"].concat();
    let sheet = [
        number(1, 1, 3.0),
        record(0x00FD, &[0; 10]),
        record(
            0x00BD,
            &[0, 0, 2, 0, 0, 0, 6, 0, 0, 0, 0, 0, 10, 0, 0, 0, 3, 0],
        ),
        record(0x00E5, &[1, 0, 0, 0, 1, 0, 0, 0, 1, 0]),
    ];
    let bytes = workbook(&[record(0x00FC, &text)], &sheet);
    assert_eq!(shown(&bytes, &Limits::default()).unwrap().len(), 4);
    // The stream stands in the fourth sector.
    for at in (3 * 4096..3 * 4096 + 220).chain(0..80) {
        for value in [0, 1, 0x7F, 0xFF] {
            let mut bad = bytes.clone();
            bad[at] = value;
            let _ = crate::read::parse(&bad, crate::discover::FileFormat::Xls, &Limits::default())
                .map_err(|reason| assert_ne!(reason.kind.id(), "crashed", "byte {at}: {value}"));
        }
    }
}
