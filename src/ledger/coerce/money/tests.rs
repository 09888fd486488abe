//! Spellings of amounts, and what is none.

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::ledger::coerce::testing::{assert_texts, field, print, print_with};
use crate::ledger::coerce::{ColumnUnit, HeaderRate, Raw, cell, numeral};
use crate::ledger::{FieldKind, FieldType, Rate};
use crate::read::DateSystem;

fn unit(money: u32) -> ColumnUnit {
    ColumnUnit {
        money,
        ..ColumnUnit::default()
    }
}

fn money() -> FieldKind {
    let mut field = field(FieldType::Money);
    field.empty = vec!["待定".into(), "面议".into(), "另行约定".into()];
    field
}

#[test]
fn amounts_are_read() {
    let field = money();
    assert_texts(
        &field,
        &[
            ("12000", "12000"),
            ("12,000", "12000"),
            ("12，000", "12000"),
            ("480,600.00", "480600"),
            ("480 600.00", "480600"),
            ("１２，０００", "12000"),
            ("￥674,500.00", "674500"),
            ("¥ 674,500.00", "674500"),
            ("￥12000元", "12000"),
            ("人民币12000元", "12000"),
            ("RMB 12000", "12000"),
            ("12000元", "12000"),
            ("12000元整", "12000"),
            ("12000.5", "12000.5"),
            ("12000.", "12000"),
            ("0", "0"),
            ("12.5万", "125000"),
            ("12.5万元", "125000"),
            ("12.5 万元", "125000"),
            ("12.5W", "125000"),
            ("1.2亿", "120000000"),
            ("1.2亿元", "120000000"),
            ("5千元", "5000"),
            ("300万", "3000000"),
            ("2百万", "2000000"),
            ("12万3千", "123000"),
            ("12万3仟元整", "123000"),
            ("12万3千元", "123000"),
            ("12万3500元", "123500"),
            ("12万3500", "123500"),
            ("1亿2000万", "120000000"),
            ("3千5百元", "3500"),
            ("5元6角", "5.6"),
            ("5元6角7分", "5.67"),
            ("壹拾贰万叁仟元整", "123000"),
            ("壹拾贰万元整", "120000"),
            ("壹拾贰万叁仟圆整", "123000"),
            ("壹拾贰万叁仟圓整", "123000"),
            ("壹拾贰万零叁佰元正", "120300"),
            ("人民币壹拾贰万叁仟元整", "123000"),
            ("人民币（大写）：壹拾贰万叁仟元整", "123000"),
            ("大写：壹拾贰万元整", "120000"),
            ("叁仟肆佰伍拾陆元柒角捌分", "3456.78"),
            ("叁仟肆佰伍拾陆元零捌分", "3456.08"),
            ("壹佰元零角零分", "100"),
            ("伍角", "0.5"),
            ("廿万元", "200000"),
            ("一百二十万", "1200000"),
            ("十二点五万元", "125000"),
            ("五千", "5000"),
            ("12000（含税）", "12000"),
            ("合同价：12.5万元", "125000"),
            ("合同金额12.5万元", "125000"),
            ("大写壹拾贰万伍仟元整，小写125000元", "125000"),
            ("壹拾贰万伍仟元整（125000）", "125000"),
            ("待确认", "空"),
            ("12000(不含税)", "12000"),
            ("12000（暂定）", "12000"),
            ("12000（暂估价）", "12000"),
            ("12000元（含税、暂定）", "12000"),
            ("12000元（含9%增值税）", "12000"),
            ("12000（税率3%）", "12000"),
            ("12000元含税", "12000"),
            ("暂定12000元", "12000"),
            ("12.5（万元）", "125000"),
            ("12000元（大写：壹万贰仟元整）", "12000"),
            ("12000元（壹万贰仟元整）", "12000"),
            ("壹万贰仟元整（¥12000.00元）", "12000"),
            ("壹万贰仟元整（￥12,000元）", "12000"),
            ("-5000", "-5000"),
            ("－5000元", "-5000"),
            ("（5000）", "-5000"),
            ("△5000", "-5000"),
            ("-￥5,000.00", "-5000"),
            ("", "空"),
            ("—", "空"),
            ("/", "空"),
            ("无", "空"),
            ("待定", "空"),
            ("（面议）", "空"),
            ("另行约定", "空"),
            ("待补", "空"),
        ],
    );
}

#[test]
fn what_is_no_certain_amount_is_refused() {
    let field = money();
    let mut wrong = Vec::new();
    for text in [
        "据实结算",
        "按实结算",
        "按实际情况结算",
        "延续合同合并审计支付",
        "54（3年）",
        "75(3年）",
        "449.46 （3年）",
        "1404（三年）含招标代理费5万元",
        "1.982125万/季度",
        "44.19万元/年",
        "12.4850万/月",
        "2000人/男  2200人/女",
        "0.518元/KWH",
        "0.518元.KWH（不超过125万元）",
        "能源使用费（单价）：0.518元/KWH",
        "以市府办〔2014〕15号文执行，不足2000元的，按2000元包干计取",
        "27.7927.19",
        "40.500.00.5",
        "12.50.5万",
        "18O00",
        "49O",
        "十几万左右",
        "三万多",
        "约40万",
        "近40万",
        "40余万",
        "40万左右",
        "40万以内",
        "不超过40万",
        "预计2.182986",
        "根据审计结果，据实结算：18263.67元。",
        "市场询价（事前审批单预算金额：0.98）",
        "1.6247（某某）",
        "是",
        "否",
        "已支付",
        "部分结算，…已支付32.5万元",
        "2024-03-01",
        "2024年3月1日",
        "1,23",
        "12,34",
        "1.200,50",
        "12万3",
        "一万五",
        "一百二",
        "12-15万",
        "12~15万元",
        "12万、15万",
        "12000/15000",
        "12000元（大写：壹万叁仟元整）",
        "30%",
        "1.2E+05",
        "3人",
        "12000元 已付",
        "每平方米50元",
        "50元/平方米",
        "12000（2024）",
        "待定价",
        "合同价12000+5000",
        "万",
        "元",
        "¥",
        "点五万",
    ] {
        if print(Raw::Text(text), &field) != "?" {
            wrong.push(text);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(
        print(Raw::Serial(45_352.0, DateSystem::From1900), &field),
        "?"
    );
    assert_eq!(print(Raw::Bool(true), &field), "?");
    assert_eq!(print(Raw::Number(1e30), &field), "?");
    assert_eq!(print(Raw::Number(f64::INFINITY), &field), "?");
}

#[test]
fn the_unit_of_the_header_holds_where_the_cell_has_none() {
    let field = money();
    for (raw, power, want) in [
        (Raw::Number(12.0), 4, "120000"),
        (Raw::Number(69.290_000_000_000_02), 4, "692900"),
        (Raw::Number(12.345_678), 4, "123456.78"),
        (Raw::Number(9.6192), 4, "96192"),
        (Raw::Number(120.0), 3, "120000"),
        (Raw::Number(1.2), 8, "120000000"),
        (Raw::Text("56.74(含税)"), 4, "567400"),
        (Raw::Text("36.51"), 4, "365100"),
        (Raw::Text("1.90万元"), 4, "19000"),
        (Raw::Text("10.22万"), 4, "102200"),
        (Raw::Text("88600元"), 4, "88600"),
        (Raw::Text("￥6.298万元"), 4, "62980"),
        (Raw::Text("壹拾贰万元整"), 4, "120000"),
        (Raw::Text("一百二十万"), 4, "1200000"),
        (Raw::Text("十二"), 4, "120000"),
        (Raw::Text("五千"), 4, "?"),
        (Raw::Text("12（万元）"), 0, "120000"),
        (Raw::Text("12.5（大写：壹拾贰万伍仟元整）"), 4, "125000"),
    ] {
        assert_eq!(print_with(raw, &field, unit(power)), want, "{raw:?}");
    }
}

#[test]
fn only_a_yearly_field_takes_rates() {
    let total = money();
    let mut rent = money();
    rent.per = Some(Rate::Year);
    let header = |rate| ColumnUnit {
        rate: Some(rate),
        ..ColumnUnit::default()
    };
    for (text, in_rent) in [
        ("12000元/年", "12000"),
        ("1.2万元/年", "12000"),
        ("12000元每年", "12000"),
        ("每年12000元", "12000"),
        ("年租金：12000元", "12000"),
        ("1000元/月", "12000"),
        ("1000 元 / 月", "12000"),
        ("每月1000元", "12000"),
        ("12000（元/年）", "12000"),
        ("1000（元/月）", "12000"),
        ("12000/年", "12000"),
        ("3000元/季度", "?"),
        ("500元/亩", "?"),
        ("500元/亩/年", "?"),
        ("每年12000元/月", "?"),
        ("12000元/年，每年递增5%", "?"),
    ] {
        assert_eq!(print(Raw::Text(text), &rent), in_rent, "{text}");
        assert_eq!(print(Raw::Text(text), &total), "?", "{text}");
    }
    assert_eq!(print(Raw::Text("12000"), &rent), "12000");
    let number = Raw::Number(1000.0);
    assert_eq!(
        print_with(number, &rent, header(HeaderRate::PerMonth)),
        "12000"
    );
    assert_eq!(
        print_with(number, &rent, header(HeaderRate::PerYear)),
        "1000"
    );
    assert_eq!(print_with(number, &rent, header(HeaderRate::Other)), "?");
    assert_eq!(print_with(number, &total, header(HeaderRate::PerYear)), "?");
    let cell_wins = Raw::Text("12000元/年");
    assert_eq!(
        print_with(cell_wins, &rent, header(HeaderRate::PerMonth)),
        "12000"
    );
}

#[test]
fn only_a_rest_that_is_more_than_noise_is_told() {
    let field = money();
    for (number, power, want, told) in [
        (0.1 + 0.2, 0, "0.3", false),
        (1.005, 0, "1.01", true),
        (-1.005, 0, "-1.01", true),
        (12.345_678_9, 4, "123456.79", true),
        (12.345_678_000_000_01, 4, "123456.78", false),
        (79.900_000_000_000_02, 4, "799000", false),
    ] {
        let read = cell(Raw::Number(number), &field, unit(power));
        assert_eq!(print_with(Raw::Number(number), &field, unit(power)), want);
        assert_eq!(read.issue.is_some(), told, "{number}");
    }
}

/// Figures with commas between groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

proptest! {
    #[test]
    fn any_spelling_of_an_amount_reads_back(fen in 0_u64..100_000_000_000_000, spelling in 0_usize..9) {
        let (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
        let digit = |d: u64| numeral::spell(d);
        let text = match spelling {
            0 => format!("{yuan}.{:02}", fen % 100),
            1 => format!("{}.{:02}", grouped(yuan), fen % 100),
            2 => format!("￥{}.{:02}元", grouped(yuan), fen % 100),
            3 => format!("{}元{}角{}分", numeral::spell(yuan), digit(jiao), digit(rest)),
            4 => format!("{yuan}元{jiao}角{rest}分"),
            5 => format!("{}万元", Decimal::new(i64::try_from(fen).expect("in range"), 6)),
            6 => format!("（{yuan}.{:02}）", fen % 100),
            7 => format!("{yuan}.{:02}（含税）", fen % 100),
            _ => format!("{yuan}.{:02}", fen % 100).chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).expect("full width")).collect(),
        };
        let mut want = Decimal::new(i64::try_from(fen).expect("in range"), 2);
        if spelling == 6 {
            want = -want;
        }
        prop_assert_eq!(print(Raw::Text(&text), &money()), want.normalize().to_string(), "{}", text);
    }

    #[test]
    fn any_number_cell_reads_back(fen in -9_999_999_999_999_i64..9_999_999_999_999) {
        let decimal = Decimal::new(fen, 2);
        let float: f64 = decimal.to_string().parse().expect("a float");
        prop_assert_eq!(print(Raw::Number(float), &money()), decimal.normalize().to_string());
    }
}
