//! Ordinary rows: works of a village that were approved, tendered, built, accepted, settled and paid as they should be,
//! told alike in every kind of ledger. No rule has anything to say of them.

/// What a field of the n-th ordinary record of a kind holds; empty where such a record holds nothing.
pub(crate) fn cell(kind: &str, field: &str, n: usize, village: &str) -> String {
    let firm = [
        "宏远建设有限公司",
        "永固市政工程有限公司",
        "东篱建设有限公司",
        "清源水利工程有限公司",
        "百川建设有限公司",
    ][n % 5];
    let work = [
        "机耕路修复工程",
        "公厕改造工程",
        "文化礼堂修缮工程",
        "灌溉渠道修复工程",
        "停车场硬化工程",
    ][n % 5];
    let price = 82_000 + 1_000 * n;
    let audited = price - 2_000;
    let number = format!("平常-{n}");
    let day = 10 + n;
    let text = match (kind, field) {
        (_, "备注") => "",
        ("contract" | "project" | "filing" | "payment", "合同编号") => return number,
        ("decision", "关联合同编号") => return number,
        ("contract" | "filing", "合同名称") | ("project" | "payment" | "bid", "项目名称") =>
        {
            return format!("{work}（{n}期）");
        }
        ("contract" | "project" | "payment" | "bid" | "asset", "项目编号") => {
            return format!("常项-{n}");
        }
        ("contract" | "project" | "payment", "合同类别") => "工程",
        ("contract" | "project" | "filing" | "payment", "甲方") => {
            return format!("{village}股份经济合作社");
        }
        ("contract" | "project" | "filing" | "payment", "乙方" | "中标人")
        | ("payment", "收款方" | "销售方") => firm,
        ("contract" | "project" | "filing" | "payment", "合同金额")
        | ("contract" | "project", "中标价") => return price.to_string(),
        ("contract" | "project" | "filing" | "payment" | "bid", "签订日期") => {
            return format!("2022-04-{day}");
        }
        ("contract" | "project" | "filing", "备案日期") => {
            return format!("2022-04-{}", day + 3);
        }
        ("contract" | "project" | "filing", "备案号") => return format!("常备-{n}"),
        ("contract" | "project", "是否备案" | "民主决策" | "违约责任")
        | ("contract", "签章情况" | "争议解决" | "档案情况" | "是否续签")
        | (
            "project",
            "质监登记" | "隐蔽记录" | "质量标准" | "付款方式" | "变更审批" | "是否形成资产",
        ) => "是",
        ("project", "垫资" | "依法必须招标" | "审计约定") => "否",
        ("contract" | "project", "发包方式") => "公开招标",
        (
            "contract" | "project" | "payment" | "asset" | "decision" | "receipt" | "debt"
            | "allowance",
            "决议编号",
        ) => {
            return format!("常决-{n}");
        }
        ("contract" | "project", "决策日期") | ("decision", "会议日期") => {
            return format!("2022-02-{day}");
        }
        ("contract" | "project" | "decision", "决议金额") => {
            return (price + 5_000).to_string();
        }
        ("contract", "合同形式") => "书面",
        ("contract", "合同状态") => "已完成",
        ("contract", "起始日期") | ("project", "开工日期") => "2022-05-05",
        ("contract", "终止日期") | ("project", "计划竣工日期") => "2022-12-31",
        ("contract", "收回日期") => "",
        ("contract", "开工日期") => "2022-05-05",
        ("contract" | "project", "质保金比例") => "3%",
        ("contract" | "project", "预付款比例") => "30%",
        ("contract", "付款方式") => "按进度支付",
        ("contract" | "project", "履约保证金") => return "4000".into(),
        ("contract" | "payment" | "receipt", "经办人") => "江某",
        // 工程项目
        ("project", "工程类别") => "道路",
        ("project", "资质") => "市政公用工程施工总承包三级",
        ("project", "资金来源") => "村自筹",
        ("project", "财政资金") => "0",
        ("project", "投资额" | "估算价" | "预算价" | "控制价") => {
            return (price + 6_000).to_string();
        }
        ("project", "立项日期") => "2022-02-25",
        ("project", "立项文号") => return format!("常立〔2022〕{n}号"),
        ("project", "项目状态") => "已结算",
        ("project", "招标公告日期") => "2022-03-01",
        ("project", "招标文件发出日期") => "2022-03-02",
        ("project", "发售截止日期") => "2022-03-09",
        ("project", "投标截止日期" | "开标日期") => "2022-03-28",
        ("project", "评标报告日期") => "2022-03-29",
        ("project", "候选人公示开始") => "2022-03-30",
        ("project", "候选人公示结束") => "2022-04-03",
        ("project", "定标日期") => "2022-04-06",
        ("project", "中标通知书日期") => "2022-04-08",
        ("project", "书面报告日期") => "2022-04-11",
        ("project", "投标人数") => "5",
        ("project", "投标保证金") => "1000",
        ("project", "投标保证金退还日期") | ("bid", "退还日期") => {
            return format!("2022-04-{}", day + 2);
        }
        ("project", "施工许可证号") => return format!("常许-{n}"),
        ("project", "合同工期") => "240天",
        ("project", "实际竣工日期") => "2022-08-20",
        ("project" | "payment", "验收日期") => "2022-09-05",
        ("project", "验收参加方") => "建设、施工、勘察、设计、监理单位",
        ("project", "竣工验收备案日期") => "2022-09-12",
        ("project", "投入使用日期") => "2022-09-20",
        ("project", "结算资料接收日期") => "2022-09-10",
        ("project", "送审金额") => return (price - 1_000).to_string(),
        ("project" | "payment", "审定金额") => return audited.to_string(),
        ("project" | "payment", "审定日期") => "2022-09-28",
        ("project", "已付金额") => return (audited * 97 / 100).to_string(),

        ("project", "未付金额") => "0",
        ("project", "监理单位") => "正信工程监理有限公司",
        ("project", "变更金额") => "0",
        ("project", "验收前付款比例") => "80%",
        ("project", "预付款日期") => "2022-05-06",
        ("project", "预付款金额") => return (price / 5).to_string(),
        ("project", "进度款日期") => "2022-07-06",
        ("project", "进度款金额") => return (price / 5).to_string(),
        ("project", "结算款日期") => "2022-10-20",
        ("project", "结算款金额") => return (audited - 2 * (price / 5) - 2_000).to_string(),
        ("project", "质保金") => "2000",
        ("project", "质保金返还日期") => "2024-09-10",
        ("project", "缺陷责任期") => "24个月",
        ("project", "履约保证金退还日期") => "2022-08-25",
        ("project", "人工费拨付周期") => "1个月",
        ("project", "建筑面积") => "120",
        ("project", "转固日期") => "2022-10-15",
        ("project", "资金到位日期") => "2022-02-20",
        ("project", "到位金额") => return (price + 6_000).to_string(),
        // 付款
        ("payment", "付款日期") => return format!("2022-10-{day}"),
        ("payment", "凭证号") => return format!("常付-{n}"),
        ("payment", "用途") => return format!("{work}结算款"),
        ("payment", "款项性质") => "结算款",
        ("payment", "付款金额" | "发票金额") => return (3_000 + 100 * n).to_string(),
        ("payment", "收款账户类型") => "对公",
        ("payment", "支付方式") => "转账",
        ("payment", "证明人") => "方某",
        ("payment", "审批人") => "洪某",
        ("payment", "审批日期" | "发票日期") => "2022-10-09",
        ("payment", "总监签认") => "是",
        ("payment", "票据类型") => "发票",
        ("payment", "发票号") => return format!("7310{n}"),
        ("payment", "资金来源") => "村自筹",
        ("payment", "期次") => return format!("第{n}期"),
        // 收款
        ("receipt", "收款日期" | "缴存日期") => return format!("2022-06-{day}"),
        ("receipt", "票据号") => return format!("常票-{n}"),
        ("receipt", "凭证号") => return format!("常收-{n}"),
        ("receipt", "缴款人") => "乡财政所",
        ("receipt", "收入类别") => "补助",
        ("receipt", "用途") => "村级运转补助",
        ("receipt", "收款金额") => return (6_000 + 100 * n).to_string(),
        ("receipt", "收款方式") => "转账",
        ("receipt", "收款账户户名") => return format!("{village}股份经济合作社"),
        ("receipt", "账户类型") => "对公",
        // 决议
        ("decision", "会议类型") => "村民代表会议",
        ("decision", "议题") => return format!("{work}（{n}期）立项"),
        ("decision", "事项类别") => "工程",
        ("decision", "应到人数") => "40",
        ("decision", "实到人数") => "38",
        ("decision", "同意人数") => "38",
        ("decision", "反对人数" | "弃权人数") => "0",
        ("decision", "公示开始") => return format!("2022-02-{}", day + 1),
        ("decision", "公示结束") => return format!("2022-03-{day}"),
        ("decision", "通知日期") => "2022-02-01",
        ("decision", "方案公示日期") => "2022-01-20",
        ("decision", "党组织研究日期") => "2022-01-05",
        ("decision", "商议日期") => "2022-01-08",
        ("decision", "审议日期") => "2022-01-12",
        ("decision", "评议日期") => "2022-01-15",
        ("decision", "结果公开日期") => "2022-09-08",
        ("decision", "完成日期") => "2022-09-05",
        ("decision", "会议记录" | "签到情况" | "监督签字") => "是",
        // 资产
        ("asset", "资产编号") => return format!("常资-{n}"),
        ("asset", "资产名称") => return format!("村办公用房第{n}间"),
        ("asset", "资产类别") => "固定资产",
        ("asset", "资产坐落") => return format!("办公楼{n}室"),
        ("asset", "面积") => "30",
        ("asset", "原值") => return (52_000 + n).to_string(),
        ("asset", "入账日期") => "2022-10-15",
        ("asset", "资产状态") => "自用",
        ("asset", "账面数" | "盘点数") => "1",
        // 债权债务
        ("debt", "债务编号") => return format!("常债-{n}"),
        ("debt", "往来类型") => "应付款",
        ("debt", "对方") => firm,
        ("debt", "发生日期") => "2022-10-10",
        ("debt", "到期日期") => "2022-12-31",
        ("debt", "发生金额") => return (2_000 + 10 * n).to_string(),
        ("debt", "余额") => "0",
        ("debt", "清收日期") => "2022-12-20",
        // 投标
        ("bid", "投标人") => firm,
        ("bid", "投标报价") => return price.to_string(),
        ("bid", "法定代表人") => ["凌某", "向某", "柏某", "寿某", "裘某"][n % 5],
        ("bid", "联系电话") => return format!("1370000110{n}"),
        ("bid", "联系人") => ["申某", "房某", "岑某", "詹某", "翁某"][n % 5],
        ("bid", "保证金账户") => return format!("62280010{n}"),
        ("bid", "投标保证金") => "1000",
        ("bid", "是否中标") => "是",
        // 名册
        ("roster", "姓名") => ["凌某河", "向某梅", "柏某松", "寿某云", "裘某山"][n % 5],
        ("roster", "身份证号") => return format!("33032419610101{n:04}"),
        ("roster", "职务") => "村民小组长",
        ("roster", "任职开始") => "2020-12-01",
        ("roster", "固定报酬") => "否",
        // 账户
        ("account", "账号") => return format!("常户-{n}"),
        ("account", "户名") => return format!("{village}股份经济合作社"),
        ("account", "开户行") => "农商银行",
        ("account", "账户种类") => "基本户",
        ("account", "账户状态") => "正常",
        ("account", "账户备案") => "是",
        ("account", "期间") => return format!("2022-{:02}", n + 1),
        ("account", "期初余额" | "收入合计" | "支出合计") => "1000",
        ("account", "期末余额" | "对账单余额") => "1000",
        // 误工补贴
        ("allowance", "报销单号") => return format!("常误-{n}"),
        ("allowance", "姓名") => ["凌某河", "向某梅", "柏某松", "寿某云", "裘某山"][n % 5],
        ("allowance", "身份证号") => return format!("33032419610101{n:04}"),
        ("allowance", "误工日期") => return format!("2022-06-{day}"),
        ("allowance", "时段") => "全天",
        ("allowance", "天数") => "1",
        ("allowance", "日标准" | "补贴金额") => "100",
        ("allowance", "误工事由") => "换届选举",
        // 公开
        ("publicity", "公开事项") => return format!("第{n}次财务收支"),
        ("publicity", "公开类型") => "财务收支",
        ("publicity", "期末日期") => "2022-06-30",
        ("publicity", "公开日期") => return format!("2022-07-{day}"),
        ("publicity", "公开结束") => return format!("2022-08-{day}"),
        _ => "",
    };
    text.to_owned()
}
