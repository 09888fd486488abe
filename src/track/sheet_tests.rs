//! The rectification ledger goes out, is filled in, and comes back.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::sample::{Row, Scan, row};
use super::store::story_tests::{scratch, text};
use super::{
    Act, ClashKind, Field, Filter, Judgement, SheetRow, Stamp, State, Store, Which, export,
    read_filled,
};
use crate::lang::Lang;

const DAY: &str = "2025-04-02";

fn stamp(day: &str) -> Stamp {
    Stamp {
        who: "甲村 会计".to_owned(),
        at: format!("{day}T09:00:00+08:00"),
    }
}

fn rows() -> Vec<Row> {
    ["A1", "A2", "A3", "A4"]
        .map(|no| {
            row(
                "甲村",
                no,
                [no, no, "2024-03-10", "2024-03-20", "80000", "否"],
            )
        })
        .to_vec()
}

fn store() -> (tempfile::TempDir, Store) {
    let (folder, path) = scratch();
    let mut store = Store::open_or_create(&path).unwrap();
    store
        .add(&text(&Scan::on("2025-03-31").of(&rows())), &stamp(DAY))
        .unwrap();
    (folder, store)
}

/// The sheet of all cases as rows of text, dates ISO, as a reader of workbooks gives them.
fn sheet(store: &Store, lang: Lang) -> Vec<Vec<String>> {
    let book = store.book().unwrap();
    let filter = Filter {
        which: Which::All,
        ..Filter::default()
    };
    let cases = filter.cases(&book, DAY);
    let bytes = export(&cases, DAY, &store.mark().unwrap(), lang).unwrap();
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        // Serial 45658 is 2025-01-01.
        Data::DateTime(date) => {
            let days = date.as_f64() - 45_658.0;
            let first: jiff::civil::Date = "2025-01-01".parse().unwrap();
            #[expect(clippy::cast_possible_truncation, reason = "a whole number of days")]
            let date = first.saturating_add(jiff::Span::new().days(days as i64));
            date.to_string()
        }
        other => other.to_string(),
    };
    range
        .rows()
        .map(|row| row.iter().map(cell).collect())
        .collect()
}

/// Rows of texts as a reader of workbooks gives them.
fn rows_of(sheet: &[Vec<String>]) -> Vec<SheetRow> {
    let cells = |line: &Vec<String>| {
        (0..)
            .zip(line.clone())
            .filter(|(_, cell)| !cell.is_empty())
            .collect()
    };
    (1..)
        .zip(sheet)
        .map(|(row, line)| SheetRow {
            row,
            cells: cells(line),
        })
        .collect()
}

/// Fills in a cell of the line of a record.
fn fill(sheet: &mut [Vec<String>], key: &str, field: Field, text: &str) {
    let column = sheet[3]
        .iter()
        .position(|title| title == field.name(Lang::Zh))
        .unwrap();
    let line = sheet
        .iter_mut()
        .skip(4)
        .find(|line| line[6] == key)
        .unwrap();
    text.clone_into(&mut line[column]);
}

fn fingerprint(store: &Store, key: &str) -> String {
    let book = store.book().unwrap();
    let case = book.cases().iter().find(|c| c.seen.key == key).unwrap();
    case.fingerprint.clone()
}

#[test]
fn an_untouched_sheet_changes_nothing_in_either_language() {
    let (_folder, mut store) = store();
    let case = fingerprint(&store, "A1");
    for act in [
        Act::Assign("甲村村委会".to_owned()),
        Act::Due("2025-06-30".to_owned()),
        Act::Note("正在补办\n六月前完成".to_owned()),
        Act::Judge {
            result: Judgement::Partly,
            evidence: "查阅档案".to_owned(),
        },
        Act::Close {
            evidence: "镇纪〔2025〕9号".to_owned(),
        },
    ] {
        store.act(&case, &act, &stamp(DAY)).unwrap();
    }
    let before = store.book().unwrap();
    for lang in [Lang::Zh, Lang::En] {
        let filled = read_filled(&rows_of(&sheet(&store, lang))).unwrap();
        assert_eq!(filled.columns.len(), Field::ALL.len());
        let imported = store.import(&filled, &stamp("2025-05-01")).unwrap();
        assert_eq!(imported.entered, []);
        assert_eq!(imported.clashes, []);
        assert_eq!(imported.unchanged, 4);
    }
    assert_eq!(store.book().unwrap(), before);
}

#[test]
fn what_people_filled_in_comes_back_with_who_and_when() {
    let (_folder, mut store) = store();
    let mut filled = sheet(&store, Lang::Zh);
    fill(&mut filled, "A1", Field::Responsible, "甲村 李四");
    fill(&mut filled, "A1", Field::Due, "2025.6.30");
    fill(&mut filled, "A2", Field::Note, "已补备案，附回执");
    fill(&mut filled, "A3", Field::Result, "不属实");
    fill(
        &mut filled,
        "A3",
        Field::ResultEvidence,
        "备案登记簿第 12 页",
    );
    fill(&mut filled, "A4", Field::Closing, "镇纪〔2025〕9号");
    let imported = store
        .import(
            &read_filled(&rows_of(&filled)).unwrap(),
            &stamp("2025-05-01"),
        )
        .unwrap();
    assert_eq!(imported.clashes, []);
    assert_eq!(imported.entered.len(), 5);
    let case = |key: &str| store.case(&fingerprint(&store, key)).unwrap();
    assert_eq!(case("A1").responsible, "甲村 李四");
    assert_eq!(case("A1").due, "2025-06-30");
    assert_eq!(case("A2").note, "已补备案，附回执");
    assert_eq!(case("A2").state, State::Open, "a note closes nothing");
    assert_eq!(case("A3").judged.unwrap().0, Judgement::Unfounded);
    assert_eq!(case("A4").state, State::Closed);
    assert_eq!(store.verify().unwrap().faults, []);
}

#[test]
fn what_the_store_learnt_meanwhile_is_not_overwritten() {
    let (_folder, mut store) = store();
    let a1 = fingerprint(&store, "A1");
    store
        .act(&a1, &Act::Assign("甲村村委会".to_owned()), &stamp(DAY))
        .unwrap();
    let mut filled = sheet(&store, Lang::Zh);
    // After the export the office names somebody else for A1 and a day for A2.
    store
        .act(&a1, &Act::Assign("乙公司".to_owned()), &stamp("2025-04-10"))
        .unwrap();
    let a2 = fingerprint(&store, "A2");
    store
        .act(
            &a2,
            &Act::Due("2025-06-30".to_owned()),
            &stamp("2025-04-10"),
        )
        .unwrap();
    fill(&mut filled, "A1", Field::Responsible, "李四");
    fill(&mut filled, "A2", Field::Note, "在办");
    let imported = store
        .import(
            &read_filled(&rows_of(&filled)).unwrap(),
            &stamp("2025-05-01"),
        )
        .unwrap();
    let clashes: Vec<_> = imported
        .clashes
        .iter()
        .map(|c| (c.field, c.sheet.as_str(), c.store.as_str(), c.kind))
        .collect();
    assert_eq!(
        clashes,
        [(
            Some(Field::Responsible),
            "李四",
            "乙公司",
            ClashKind::Conflict
        )]
    );
    assert_eq!(store.case(&a1).unwrap().responsible, "乙公司");
    let a2 = store.case(&a2).unwrap();
    assert_eq!((a2.due.as_str(), a2.note.as_str()), ("2025-06-30", "在办"));
}

#[test]
fn what_cannot_be_entered_is_listed_and_the_rest_is_entered() {
    let (_folder, mut store) = store();
    let a1 = fingerprint(&store, "A1");
    store
        .act(&a1, &Act::Note("在办".to_owned()), &stamp(DAY))
        .unwrap();
    let mut filled = sheet(&store, Lang::Zh);
    fill(&mut filled, "A1", Field::Note, "");
    fill(&mut filled, "A1", Field::Due, "六月底");
    fill(&mut filled, "A2", Field::Result, "大概属实");
    fill(&mut filled, "A2", Field::Responsible, "李四");
    fill(&mut filled, "A3", Field::Result, "属实");
    let twice = filled[7].clone();
    filled.push(twice);
    let last = filled[0].len() - 1;
    let mut foreign = vec![String::new(); last];
    foreign.push("v1:0000000000000000".to_owned());
    filled.push(foreign);
    let imported = store
        .import(
            &read_filled(&rows_of(&filled)).unwrap(),
            &stamp("2025-05-01"),
        )
        .unwrap();
    let mut kinds: Vec<_> = imported.clashes.iter().map(|c| (c.row, c.kind)).collect();
    kinds.sort_by_key(|(row, _)| *row);
    assert_eq!(
        kinds,
        [
            (5, ClashKind::NoDate),
            (5, ClashKind::Cleared),
            (6, ClashKind::NoResult),
            (7, ClashKind::HalfJudged),
            (8, ClashKind::Twice),
            (9, ClashKind::Twice),
            (10, ClashKind::NoCase)
        ]
    );
    assert_eq!(imported.entered.len(), 1);
    assert_eq!(store.case(&a1).unwrap().note, "在办");
}

#[test]
fn a_sheet_of_another_store_is_refused_and_one_without_its_mark_never_overwrites() {
    let (_one, mut store) = store();
    let (_two, other) = self::store();
    let mut filled = sheet(&store, Lang::Zh);
    filled[2][0] = format!("登记序号：{}", other.mark().unwrap().replace('1', "2"));
    let error = store
        .import(
            &read_filled(&rows_of(&filled)).unwrap(),
            &stamp("2025-05-01"),
        )
        .unwrap_err();
    assert!(
        error.message.zh.contains("不是由这个数据库导出的"),
        "{error:?}"
    );

    let a1 = fingerprint(&store, "A1");
    store
        .act(&a1, &Act::Assign("甲村村委会".to_owned()), &stamp(DAY))
        .unwrap();
    let mut filled = sheet(&store, Lang::Zh);
    filled[2][0] = String::new();
    fill(&mut filled, "A1", Field::Responsible, "李四");
    fill(&mut filled, "A2", Field::Responsible, "王五");
    let imported = store
        .import(
            &read_filled(&rows_of(&filled)).unwrap(),
            &stamp("2025-05-01"),
        )
        .unwrap();
    assert_eq!(imported.entered.len(), 1, "the empty one is filled");
    assert_eq!(imported.clashes[0].kind, ClashKind::Conflict);
    assert_eq!(store.case(&a1).unwrap().responsible, "甲村村委会");
}

#[test]
fn the_list_shows_what_is_due_and_what_is_late() {
    let (_folder, mut store) = store();
    for (key, due) in [
        ("A1", "2025-04-01"),
        ("A2", "2025-04-09"),
        ("A3", "2025-05-01"),
    ] {
        let act = Act::Due(due.to_owned());
        store
            .act(&fingerprint(&store, key), &act, &stamp(DAY))
            .unwrap();
    }
    let close = Act::Close {
        evidence: "镇纪〔2025〕9号".to_owned(),
    };
    store
        .act(&fingerprint(&store, "A4"), &close, &stamp(DAY))
        .unwrap();
    let book = store.book().unwrap();
    let keys = |filter: Filter| -> Vec<String> {
        let cases = filter.cases(&book, DAY);
        cases.iter().map(|case| case.seen.key.clone()).collect()
    };
    let which = |which| Filter {
        which,
        ahead: 7,
        ..Filter::default()
    };
    assert_eq!(keys(which(Which::Open)), ["A1", "A2", "A3"]);
    assert_eq!(keys(which(Which::Due)), ["A1", "A2"]);
    assert_eq!(keys(which(Which::Overdue)), ["A1"]);
    assert_eq!(keys(which(Which::Reopened)), [""; 0]);
    assert_eq!(keys(which(Which::Done)), ["A4"]);
    assert_eq!(keys(which(Which::All)).len(), 4);
    let older = |days| Filter {
        older_than: Some(days),
        ..which(Which::All)
    };
    assert_eq!(keys(older(2)).len(), 4, "seen first on 31 March");
    assert_eq!(keys(older(3)).len(), 0);
    let elsewhere = Filter {
        village: Some("乙村".to_owned()),
        ..which(Which::All)
    };
    assert_eq!(keys(elsewhere).len(), 0);
    let text = super::list_text(&which(Which::Open).cases(&book, DAY), DAY, Lang::Zh);
    assert!(text.contains("2025-04-01（逾期）") && text.contains("共 3 项，其中逾期 1 项"));
    let json: serde_json::Value = serde_json::from_str(&super::list_json(
        &which(Which::Open).cases(&book, DAY),
        DAY,
    ))
    .unwrap();
    assert_eq!(json["cases"][0]["overdue"], true);
}
