//! The functions and aggregates that conditions may call: names, what they take, what they yield.

use super::{Aggregate, Function};
use crate::lang::Bilingual;

/// A function or an aggregate as a rule author sees it.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// How it is written, with an example's arguments.
    pub usage: &'static str,
    /// What it yields.
    pub about: Bilingual,
}

/// A name that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    Aggregate(Aggregate),
    Function(Function),
    Default,
    HasColumn,
}

/// Every name that can be called, with its usage and its meaning.
const CALLEES: [(&str, Callee, &str, &str, &str); 21] = [
    (
        "合计",
        Callee::Aggregate(Aggregate::Sum),
        "合计(付款.付款金额 当 付款.款项性质 ≠ \"退款\")",
        "各行之和",
        "the sum over the rows",
    ),
    (
        "已知合计",
        Callee::Aggregate(Aggregate::KnownSum),
        "已知合计(全体.合同金额)",
        "读得出的各行之和，只用于占比等提示",
        "the sum over the rows that can be read; for shares and hints",
    ),
    (
        "计数",
        Callee::Aggregate(Aggregate::Count),
        "计数(组 当 组.签章情况 = 否)",
        "行数",
        "how many rows there are",
    ),
    (
        "种数",
        Callee::Aggregate(Aggregate::Distinct),
        "种数(组.乙方)",
        "不同的值有几种",
        "how many different values there are",
    ),
    (
        "最大",
        Callee::Aggregate(Aggregate::Max),
        "最大(付款.付款日期)",
        "最大的值",
        "the greatest value",
    ),
    (
        "最小",
        Callee::Aggregate(Aggregate::Min),
        "最小(付款.付款日期)",
        "最小的值",
        "the least value",
    ),
    (
        "平均",
        Callee::Aggregate(Aggregate::Mean),
        "平均(全体.年租金)",
        "平均数",
        "the mean",
    ),
    (
        "中位数",
        Callee::Aggregate(Aggregate::Median),
        "中位数(全体.年租金)",
        "中位数",
        "the median",
    ),
    (
        "存在",
        Callee::Aggregate(Aggregate::Exists),
        "存在(付款 当 付款.付款日期 < 验收日期)",
        "有没有这样的行",
        "whether there is such a row",
    ),
    (
        "全部",
        Callee::Aggregate(Aggregate::All),
        "全部(付款.支付方式 = \"转账\")",
        "是不是每行都这样",
        "whether it holds for every row",
    ),
    (
        "默认",
        Callee::Default,
        "默认(审定金额, 合同金额)",
        "第一个有值的",
        "the first that has a value",
    ),
    (
        "有列",
        Callee::HasColumn,
        "有列(是否备案)",
        "台账有没有这一列",
        "whether the table has the column",
    ),
    (
        "规范",
        Callee::Function(Function::Normalize),
        "规范(乙方)",
        "去掉空格、括号和公司后缀差别的名称",
        "the name without blanks, kinds of brackets and company endings",
    ),
    (
        "去标段",
        Callee::Function(Function::StripSection),
        "去标段(合同名称)",
        "去掉“一标段”“二期”等字样的名称",
        "the name without words such as 一标段 or 二期",
    ),
    (
        "相似",
        Callee::Function(Function::Similar),
        "相似(合同名称, 合同.合同名称)",
        "两个名称是否相近；不用于人名和单位名",
        "whether two names are alike; not for persons and firms",
    ),
    (
        "年",
        Callee::Function(Function::Year),
        "年(签订日期)",
        "年份",
        "the year",
    ),
    (
        "月",
        Callee::Function(Function::Month),
        "月(签订日期)",
        "月份",
        "the month",
    ),
    (
        "年数",
        Callee::Function(Function::Years),
        "年数(起始日期, 终止日期) 或 年数(合同年限)",
        "有几年",
        "how many years it is",
    ),
    (
        "文本长度",
        Callee::Function(Function::TextLength),
        "文本长度(备注)",
        "有几个字",
        "how many characters it has",
    ),
    (
        "顺延",
        Callee::Function(Function::NextWorkday),
        "顺延(签订日期 + 15天)",
        "遇法定休假日顺延后的那天",
        "the next day that is no statutory holiday",
    ),
    (
        "档",
        Callee::Function(Function::Tier),
        "档(限额.工程发包分档, 合同金额)",
        "金额落在哪一档",
        "the entry of a tier table for an amount",
    ),
];

impl Callee {
    /// The callee of a name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        CALLEES
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, callee, ..)| *callee)
    }

    /// How it is written.
    pub(crate) fn usage(self) -> &'static str {
        CALLEES
            .iter()
            .find(|(_, callee, ..)| *callee == self)
            .map_or("", |(_, _, usage, ..)| usage)
    }

    /// Every name that can be called.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        CALLEES.iter().map(|(name, ..)| *name)
    }
}

/// Every function and aggregate, in the order of the manual.
pub fn signatures() -> Vec<Signature> {
    CALLEES
        .iter()
        .map(|&(name, _, usage, zh, en)| Signature {
            name,
            usage,
            about: Bilingual::new(zh, en),
        })
        .collect()
}
