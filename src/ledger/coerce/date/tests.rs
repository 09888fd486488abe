//! Spellings of dates, and what is none.

use proptest::prelude::*;

use super::of_serial;
use crate::ledger::coerce::testing::{assert_texts, field, print, print_with};
use crate::ledger::coerce::{ColumnUnit, Raw, cell};
use crate::ledger::{Day, FieldType};
use crate::read::DateSystem;

#[test]
fn dates_are_read() {
    let field = field(FieldType::Date);
    assert_texts(
        &field,
        &[
            ("2024-3-1", "2024-03-01"),
            ("（2024.3.1）", "2024-03-01"),
            ("签订日期：2024.3.1", "2024-03-01"),
            ("2024-03-01T08:00:00+08:00", "2024-03-01"),
            ("未验收", "空"),
            ("2024-03-01", "2024-03-01"),
            ("2024/3/1", "2024-03-01"),
            ("2024.3.1", "2024-03-01"),
            ("2024.3.1 ", "2024-03-01"),
            ("2024．3．1", "2024-03-01"),
            ("2024。3。1", "2024-03-01"),
            ("2024—3—1", "2024-03-01"),
            ("2024、3", "?"),
            ("2024,3", "?"),
            ("2024，3，1", "2024-03-01"),
            ("2024、3、1", "2024-03-01"),
            ("2024年3月底", "2024-03"),
            ("2024年3月上旬", "2024-03"),
            ("长期", "?"),
            ("2024.3.1.", "2024-03-01"),
            ("2024.03/01", "2024-03-01"),
            ("2024年3月1日", "2024-03-01"),
            ("2024年3月1号", "2024-03-01"),
            ("2024年3月1", "2024-03-01"),
            ("2024年03月01日", "2024-03-01"),
            ("2021年     01月       28日", "2021-01-28"),
            ("２０２４年３月１日", "2024-03-01"),
            ("2024 年 3 月 1 日", "2024-03-01"),
            ("2024. 3. 1", "2024-03-01"),
            ("2024 3 1", "2024-03-01"),
            ("2024年3.1", "2024-03-01"),
            ("20240301", "2024-03-01"),
            ("24.3.1", "2024-03-01"),
            ("20.3.5", "2020-03-05"),
            ("98.3.5", "1998-03-05"),
            ("24年3月1日", "2024-03-01"),
            ("240301", "2024-03-01"),
            ("二〇二四年三月一日", "2024-03-01"),
            ("二○二四年十二月三十一日", "2024-12-31"),
            ("二零二四年三月廿一日", "2024-03-21"),
            ("贰零贰肆年叁月壹拾伍日", "2024-03-15"),
            ("2024-03-01 10:30", "2024-03-01"),
            ("2024-03-01 00:00:00", "2024-03-01"),
            ("2024-03-01T00:00:00.000Z", "2024-03-01"),
            ("2024/3/1 0:00", "2024-03-01"),
            ("2024年3月1日 上午9时30分", "2024-03-01"),
            ("2024年3月1日星期五", "2024-03-01"),
            ("2024-3-1（周五）", "2024-03-01"),
            ("至2024年12月31日止", "2024-12-31"),
            ("自2020年1月1日起", "2020-01-01"),
            ("2013/5/29交某某", "2013-05-29"),
            ("2024.3.1（补签）", "?"),
            ("2024.3.1（村民代表会议）", "2024-03-01"),
            ("已于2024-3-1备案", "2024-03-01"),
            ("'2024-3-1", "2024-03-01"),
            ("45352", "2024-03-01"),
            ("2024.3", "2024-03"),
            ("2024.10", "2024-10"),
            ("2020.1", "2020-01"),
            ("2024/3", "2024-03"),
            ("2024-03", "2024-03"),
            ("2024年3月", "2024-03"),
            ("2024年3月份", "2024-03"),
            ("24年3月", "2024-03"),
            ("202403", "2024-03"),
            ("2024年", "2024-01-01/2024-12-31"),
            ("2024年度", "2024-01-01/2024-12-31"),
            ("2024", "2024-01-01/2024-12-31"),
            ("", "空"),
            ("—", "空"),
            ("---", "空"),
            ("/", "空"),
            ("无", "空"),
            ("待补", "空"),
        ],
    );
}

#[test]
fn what_is_no_certain_date_is_refused() {
    let field = field(FieldType::Date);
    let mut wrong = Vec::new();
    for (texts, kind) in [
        (
            &[
                "2021.2.29",
                "2020/00/12",
                "2024.11.31",
                "2024-13-01",
                "2024年2月30日",
                "2月30日",
                "20240230",
                "2024.13",
                "202413",
                "2024.3.32",
                "二〇二四年二月三十日",
                "20241.3.1",
                "221.3.5",
                "3021.3.5",
                "2024.123.5",
            ][..],
            "invalid-date",
        ),
        (
            &[
                "3月1日",
                "分批成立",
                "按合同约定",
                "2024.3.1-2024.5.1",
                "2024年3月1日至5月1日",
                "2024.3.1、2024.5.1",
                "2024.3.1/2024.5.1",
                "2024年3月1日前",
                "2024.3.1左右",
                "约2024.3.1",
                "预计2024年3月",
                "24.3",
                "201203",
                "1/3/2024",
                "2013/5/29交2000元",
                "2024-3-1拟备案",
                "12",
                "99999999",
                "是",
                "HT-2024-3-1",
                "70.3.5",
                "2024..3.1",
                "010203",
                "2O24.3.1",
            ],
            "unreadable-value",
        ),
    ] {
        for text in texts {
            let read = cell(Raw::Text(text), &field, ColumnUnit::default());
            let got = read.issue.map_or("none", |issue| issue.kind.id());
            if got != kind || print(Raw::Text(text), &field) != "?" {
                wrong.push((text, got));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn numbers_and_serials_are_read() {
    let field = field(FieldType::Date);
    for (raw, want) in [
        (Raw::Serial(45_352.0, DateSystem::From1900), "2024-03-01"),
        (Raw::Serial(45_352.75, DateSystem::From1900), "2024-03-01"),
        (Raw::Serial(43_890.0, DateSystem::From1904), "2024-03-01"),
        (Raw::Serial(60.0, DateSystem::From1900), "?"),
        (Raw::Serial(0.0, DateSystem::From1900), "?"),
        (Raw::Serial(-1.0, DateSystem::From1900), "?"),
        (Raw::Serial(2024.0, DateSystem::From1900), "?"),
        (Raw::Serial(f64::NAN, DateSystem::From1900), "?"),
        (Raw::Serial(1e9, DateSystem::From1900), "?"),
        (Raw::Number(45_352.0), "2024-03-01"),
        (Raw::Number(20_240_301.0), "2024-03-01"),
        (Raw::Number(202_403.0), "2024-03"),
        (Raw::Number(2024.0), "2024-01-01/2024-12-31"),
        (Raw::Number(2024.3), "2024-03"),
        (Raw::Number(2024.12), "2024-12"),
        (Raw::Number(2024.01), "2024-01"),
        (Raw::Number(2024.1), "?"),
        (Raw::Number(2024.13), "?"),
        (Raw::Number(100.0), "?"),
        (Raw::Number(-45_352.0), "?"),
        (Raw::Number(120_000.0), "?"),
    ] {
        assert_eq!(print(raw, &field), want, "{raw:?}");
    }
    let from_1904 = ColumnUnit {
        dates: DateSystem::From1904,
        ..ColumnUnit::default()
    };
    assert_eq!(
        print_with(Raw::Number(43_890.0), &field, from_1904),
        "2024-03-01"
    );
    assert_eq!(
        of_serial(1.0, DateSystem::From1900),
        Day::from_ymd(1900, 1, 1)
    );
    assert_eq!(
        of_serial(59.0, DateSystem::From1900),
        Day::from_ymd(1900, 2, 28)
    );
    assert_eq!(
        of_serial(61.0, DateSystem::From1900),
        Day::from_ymd(1900, 3, 1)
    );
}

/// The numeral of a number below one hundred, as dates spell it.
fn spoken(number: i8) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (
        usize::try_from(number / 10).expect("small"),
        usize::try_from(number % 10).expect("small"),
    );
    match tens {
        0 => DIGITS[ones].to_owned(),
        1 => format!("十{}", DIGITS[ones]),
        _ => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
    }
}

proptest! {
    #[test]
    fn any_spelling_of_a_date_reads_back(number in 0_i32..40_000, spelling in 0_usize..12) {
        let day = Day::from_number(number);
        let date = day.civil().expect("in range");
        let (y, m, d) = (date.year(), date.month(), date.day());
        let text = match spelling {
            0 => format!("{y}-{m:02}-{d:02}"),
            1 => format!("{y}-{m}-{d}"),
            2 => format!("{y}.{m}.{d}"),
            3 => format!("{y}/{m}/{d}"),
            4 => format!("{y}年{m}月{d}日"),
            5 => format!("{y}年 {m:02}月 {d:02}日"),
            6 => format!("{y}{m:02}{d:02}"),
            7 => format!("{y}．{m}．{d} "),
            8 => format!("{y}-{m:02}-{d:02} 00:00:00"),
            9 => format!("{y}/{m}/{d}星期日"),
            10 => {
                let year: String = y.to_string().bytes().map(|b| ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"][usize::from(b - b'0')]).collect();
                format!("{year}年{}月{}日", spoken(m), spoken(d))
            }
            _ => format!("{y}年{m}月{d}号"),
        };
        prop_assert_eq!(print(Raw::Text(&text), &field(FieldType::Date)), day.to_string(), "{}", text);
    }

    #[test]
    fn any_serial_of_both_systems_reads_back(number in 0_i32..40_000) {
        let day = Day::from_number(number);
        let field = field(FieldType::Date);
        let serial = f64::from(number) + 25_569.0;
        prop_assert_eq!(print(Raw::Serial(serial, DateSystem::From1900), &field), day.to_string());
        prop_assert_eq!(print(Raw::Serial(serial - 1462.0, DateSystem::From1904), &field), day.to_string());
    }
}
