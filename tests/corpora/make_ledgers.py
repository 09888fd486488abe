#!/usr/bin/env python3
"""Invents village ledgers with known content, to score the reading of tables: make_ledgers.py OUT_DIR [SEED] [COUNT]

Writes COUNT workbooks (xlsx, csv in GB18030 or UTF-8) in many wordings and layouts, with `truth.json` and `values/*.values.json` beside them: for
each sheet the ledger, the header rows, the column of each field, and what every cell means. Everything is invented. Needs openpyxl.

Layouts: titles, unit lines, headers of one to three rows with merged or blank groups, line breaks and blanks in headers, repeated page headers,
column numbers, sections, subtotals and totals, notes, footers, blank template rows, tables beside one another, a village column, sheets by year,
merged-down payments, hidden rows.
"""
import csv
import datetime
import json
import pathlib
import random
import sys

import openpyxl
from openpyxl.utils import get_column_letter

R = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
OUT = pathlib.Path(sys.argv[1])
COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 40

# field: (type, headers as bookkeepers write them; `上级/下级` is a group header with its leaf)
CONTRACT = {
    "cno": ("id", ["合同编号", "合同编码", "合同登记编号", "协议编号", "合同号码", "档案合同编号", "合同流水号", "合同书编号", "基本信息/合同编号"]),
    "name": ("name", ["合同名称", "协议名称", "合同（协议）名称", "合同项目名称", "合同标的名称", "基本信息/合同名称", "合同书名称"]),
    "cat": ("cat", ["合同类别", "合同分类", "合同类型", "合同种类", "合同性质"]),
    "a": ("partya", ["甲方", "发包方（甲方）", "甲方名称", "出租（发包）方", "合同当事人/甲方", "甲方（村集体）", "发包单位", "出租方"]),
    "b": ("party", ["乙方", "承包方（乙方）", "承租人", "承包（租）人", "乙方单位（个人）", "合同当事人/乙方", "合同相对人", "承租（承包）方", "乙方名称", "签约对象", "承租（承包）人姓名"]),
    "sign": ("date", ["签订日期", "合同签订时间", "签约日期", "签定日期", "签订 时间", "合同签署日期", "签约时间", "签字日期", "签订年月日"]),
    "amt": ("money", ["合同金额", "合同总价", "合同总金额", "合同价款", "合同标的额", "标的金额", "合同总额", "成交金额", "合同总价款", "承包（租赁）总金额", "合同金额合计"]),
    "rent": ("money", ["年租金", "年承包金", "每年租金", "年租赁费", "年承包费", "租金（年）", "年租金标准"]),
    "term_s": ("date", ["起始日期", "合同开始日期", "合同期限/起", "租赁期限/起", "起租日期", "合同起始时间", "承包期限/开始时间", "合同期/自", "生效日期"]),
    "term_e": ("date", ["终止日期", "合同结束日期", "合同期限/止", "租赁期限/止", "到期日期", "合同终止时间", "承包期限/结束时间", "合同期/至", "合同到期日", "届满日期"]),
    "term": ("period", ["合同期限", "租赁期限", "承包期限", "履行期限", "合同起止日期", "起止时间", "承包（租赁）期限", "租期"]),
    "method": ("method", ["发包方式", "招标方式", "交易方式", "招租方式", "承包方式", "发包（出租）方式", "取得方式", "采购方式"]),
    "filed": ("flag", ["是否备案", "备案情况", "是否已备案", "镇备案情况", "备案/是否备案", "是否报镇备案", "有无备案"]),
    "fdate": ("date", ["备案日期", "备案时间", "镇备案时间", "备案/日期", "报备时间", "合同备案时间"]),
    "seal": ("flag", ["签章情况", "签字盖章情况", "签章是否齐全", "签字盖章是否完整", "合同要素/签章", "签名盖章情况"]),
    "breach": ("flag", ["违约责任", "有无违约条款", "违约责任条款", "是否约定违约责任", "合同要素/违约责任", "违约条款"]),
    "decision": ("flag", ["民主决策", "民主决策情况", "是否民主决策", "民主决策程序", "是否经民主决策", "是否履行民主程序", "民主议事程序"]),
    "ddate": ("date", ["决议日期", "决策时间", "会议决议时间", "村民代表会议时间", "表决时间", "决议时间"]),
    "dref": ("id", ["决议编号", "会议决议文号", "决议文号", "会议纪要编号"]),
    "bond": ("money", ["履约保证金", "合同保证金", "履约保证金金额", "保证金"]),
    "handler": ("person", ["经办人", "经手人", "合同经办人", "承办人", "具体经办人"]),
    "asset": ("asset", ["资产名称", "资产（资源）名称", "标的物名称", "出租资产名称", "资源资产名称", "租赁物"]),
    "due": ("money", ["应收金额", "应收租金", "应收款", "租金收缴/应收", "应收租金额", "本年应收"]),
    "recv": ("money", ["实收金额", "实收租金", "已收金额", "租金收缴/实收", "已收租金", "本年实收"]),
    "owe": ("money", ["欠收金额", "未收金额", "欠缴租金", "租金收缴/欠收", "拖欠金额", "尚欠金额"]),
    "lastpay": ("date", ["最近收款日期", "最近一次收款时间", "最后缴款日期", "租金收缴/最近收款日", "最近收款时间"]),
    "remark": ("remark", ["备注", "备  注", "说明", "其他说明"]),
}
PROJECT = {
    "cno": ("id", ["合同编号", "项目编号", "工程编号", "合同号", "基本情况/项目编号"]),
    "name": ("project", ["项目名称", "工程名称", "工程项目名称", "建设项目名称", "基本情况/工程名称", "小型工程名称"]),
    "b": ("firm", ["施工单位", "承建单位", "中标单位", "承包单位", "施工（承包）单位", "承建方", "中标人", "施工单位名称"]),
    "method": ("method", ["发包方式", "招标方式", "工程发包方式", "招投标方式", "采购方式"]),
    "budget": ("money", ["预算价", "控制价", "招标控制价", "预算金额", "工程预算", "概算金额", "预算造价"]),
    "amt": ("money", ["合同金额", "中标价", "合同价", "合同造价", "中标金额", "工程合同价", "合同（中标）价", "合同总价"]),
    "sign": ("date", ["签订日期", "合同签订日期", "合同签订时间", "签约时间", "合同日期"]),
    "start": ("date", ["开工日期", "开工时间", "实际开工日期", "工期/开工", "工期情况/开工日期", "动工时间"]),
    "pend": ("date", ["计划竣工日期", "约定竣工日期", "合同竣工时间", "合同约定完工日期", "计划完工时间", "工期情况/计划竣工日期"]),
    "comp": ("date", ["实际竣工日期", "竣工日期", "实际完工日期", "完工日期", "竣工时间", "工期情况/实际竣工日期", "实际完成时间"]),
    "accept": ("date", ["验收日期", "验收时间", "竣工验收日期", "工程验收时间", "竣工验收/日期"]),
    "settle": ("money", ["送审金额", "送审价", "结算送审价", "报审金额", "结算价", "结算/送审金额", "送审造价"]),
    "audit": ("money", ["审定金额", "审定价", "审计审定价", "结算审定金额", "审核价", "结算/审定金额", "审定造价"]),
    "audit_date": ("date", ["审定日期", "审计日期", "审核时间", "审计报告日期", "审定时间", "结算/审定日期", "结算审定时间"]),
    "paid": ("money", ["已付金额", "累计已付款", "已支付金额", "累计支付金额", "付款情况/已付", "已付工程款", "累计付款"]),
    "unpaid": ("money", ["未付金额", "尚欠工程款", "未支付金额", "付款情况/未付", "未付工程款", "未付款"]),
    "sup": ("firm", ["监理单位", "监理公司", "工程监理单位", "监理机构", "监理单位名称"]),
    "change": ("flag", ["变更审批", "变更审批手续", "有无变更审批", "设计变更审批", "是否办理变更审批"]),
    "decision": ("flag", ["民主决策", "民主决策情况", "是否经民主决策", "民主决策程序"]),
    "ddate": ("date", ["决议日期", "决策时间", "会议决议日期", "村民代表会议时间"]),
    "adv_date": ("date", ["预付款/日期", "预付款/支付日期", "预付款支付时间", "预付工程款/时间", "预付款/付款时间"]),
    "adv_amt": ("money", ["预付款/金额", "预付款/支付金额", "预付款支付金额", "预付工程款/金额", "预付款/付款金额"]),
    "prog_date": ("date", ["进度款/日期", "进度款/支付日期", "进度款支付时间", "工程进度款/时间", "进度款/付款时间"]),
    "prog_amt": ("money", ["进度款/金额", "进度款/支付金额", "进度款支付金额", "工程进度款/金额", "进度款/付款金额"]),
    "final_date": ("date", ["结算款/日期", "结算款/支付日期", "结算款支付时间", "工程结算款/时间", "尾款/付款时间"]),
    "final_amt": ("money", ["结算款/金额", "结算款/支付金额", "结算款支付金额", "工程结算款/金额", "尾款/付款金额"]),
    "ret": ("percent", ["质保金比例", "质量保证金比例", "质保金（%）", "保修金比例"]),
    "bond": ("money", ["履约保证金", "履约保证金金额", "履约担保金额"]),
    "remark": ("remark", ["备注", "备 注", "说明"]),
}
PAYMENT = {
    "date": ("date", ["付款日期", "支付时间", "支付日期", "拨付日期", "付款时间", "支出日期", "转账日期", "日期"]),
    "voucher": ("voucher", ["凭证号", "记账凭证号", "凭证字号", "凭证编号", "付款凭证号"]),
    "cno": ("id", ["合同编号", "对应合同编号", "合同号", "关联合同号", "所属合同编号"]),
    "cname": ("project", ["项目名称", "用途", "摘要", "付款事由", "支出内容", "合同名称", "工程（合同）名称", "款项用途", "付款内容"]),
    "b": ("firm", ["承包方", "乙方", "合同乙方", "施工单位", "中标单位", "承建单位"]),
    "camt": ("money", ["合同金额", "合同价", "合同总价", "合同价款"]),
    "accept": ("date", ["验收日期", "验收时间", "竣工验收日期"]),
    "audit_date": ("date", ["审定日期", "审计日期", "审定时间", "结算审定日期"]),
    "nature": ("nature", ["款项性质", "付款类别", "款项类别", "付款性质", "款项类型", "支付类别"]),
    "amt": ("money", ["付款金额", "支付金额", "本次付款金额", "拨付金额", "实付金额", "支出金额", "本次支付", "金额", "本次拨付金额"]),
    "payee": ("firm", ["收款单位", "收款人", "收款方", "收款单位（人）", "收款账户名称", "领款人", "收款户名", "收款单位名称"]),
    "pay": ("pay", ["支付方式", "付款方式", "结算方式", "支付形式"]),
    "approver": ("person", ["审批人", "批准人", "签批人", "审批领导"]),
    "remark": ("remark", ["备注", "备注说明", "说明"]),
}
DECISION = {
    "date": ("date", ["会议日期", "召开时间", "会议时间", "开会日期", "会议召开时间"]),
    "meeting": ("meeting", ["会议类型", "会议名称", "会议类别", "会议形式"]),
    "topic": ("topic", ["议题", "决议事项", "会议议题", "议事内容", "讨论事项", "决议内容", "会议内容"]),
    "ref": ("id", ["决议编号", "决议文号", "会议决议编号", "文号", "会议编号"]),
    "expect": ("count", ["应到人数", "参会表决/应到人数", "应到会人数", "应参会人数"]),
    "attend": ("count", ["实到人数", "参会表决/实到人数", "实到会人数", "实际到会人数"]),
    "agree": ("count", ["同意人数", "参会表决/同意人数", "赞成人数", "同意票数"]),
    "pub": ("period", ["公示期", "公示时间", "公示起止时间", "公示期限"]),
    "remark": ("remark", ["备注", "说明"]),
}
LEDGERS = {"合同台账": CONTRACT, "工程项目台账": PROJECT, "付款明细": PAYMENT, "会议决议记录": DECISION}
TITLES = {
    "合同台账": ["{v}经济合同管理台账", "{v}集体资产资源合同一览表", "{v}合同登记簿", "{v}承包租赁合同汇总表", "{y}年度{v}合同清册", "{v}“三资”合同登记表"],
    "工程项目台账": ["{v}工程建设项目一览表", "{v}村级小型工程登记台账", "{v}{y}年工程项目情况表", "{v}建设工程项目明细表"],
    "付款明细": ["{v}工程款支付明细", "{v}资金支付登记表", "{v}合同付款台账", "{v}{y}年付款明细账"],
    "会议决议记录": ["{v}民主决策会议登记表", "{v}村民代表会议决议台账", "{v}五议两公开会议记录", "{v}会议决议登记簿"],
}
CORE = {
    "合同台账": ["cno", "name", "b", "sign", "amt"], "工程项目台账": ["name", "b", "amt", "start", "comp"],
    "付款明细": ["date", "amt", "payee"], "会议决议记录": ["date", "topic"],
}
FIRMS = ["大同建设有限公司", "鑫源市政工程有限公司", "绿野园林绿化有限公司", "惠民超市", "宏达家具厂", "阳光养殖专业合作社", "便民商店", "东升会计师事务所", "金穗家庭农场"]
PERSONS = ["张建国", "李某明", "王秀英", "赵六", "陈阿毛", "周某", "吴小燕"]
PLACES = ["白石镇", "清溪乡", "云山镇"]
VILLAGES = ["青竹村", "黄泥村", "上马村", "下岙村", "石桥头村", "东门社区", "塘里村", "后山村"]
WORKS = ["道路硬化工程", "路灯安装工程", "水渠修复工程", "文化礼堂装修工程", "公厕改造工程", "停车场建设工程", "自来水管网改造"]
LEASES = ["鱼塘承包合同", "店面租赁合同", "山林承包合同", "厂房租赁合同", "茶园承包合同", "老校舍租赁合同"]


def money_text(yuan, unit):
    """How an amount is written, in the column's unit."""
    amount = yuan / 10_000 if unit == 4 else yuan / 1_000 if unit == 3 else yuan
    amount = round(amount, 6)
    amount = int(amount) if amount == int(amount) else amount
    style = R.random()
    if style < 0.7:
        return amount
    if style < 0.8:
        return str(amount)
    if style < 0.88 and unit == 0:
        return f"{yuan:,.2f}"
    if style < 0.93:
        return f"{yuan}元"
    if style < 0.96 and yuan % 100 == 0:
        return f"{yuan / 10_000:g}万"
    return amount


def date_text(day, style):
    if R.random() < 0.15:
        style = R.choice(["dot", "cn", "slash", "iso", "digits"])
    return {
        "dot": f"{day.year}.{day.month}.{day.day}", "cn": f"{day.year}年{day.month}月{day.day}日", "slash": f"{day.year}/{day.month}/{day.day}",
        "iso": day.isoformat(), "digits": day.strftime("%Y%m%d"), "real": day,
    }[style]


def day():
    return datetime.date(2018, 1, 1) + datetime.timedelta(days=R.randrange(2_500))


PLANTED = []  # totals that are wrong on purpose


class Maker:
    """The cells of one column: what is written, and what it means."""

    def __init__(self, key, kind, unit, village, year):
        self.key, self.kind, self.unit, self.village, self.year = key, kind, unit, village, year
        self.style = R.choice(["dot", "cn", "slash", "iso", "digits", "real", "real"])
        self.percent = R.choice(["%", "ratio"])
        self.prefix = R.choice(["HT-2021-", "2022-", "XC", "A", "合字2023", "QZ〔2023〕"])

    def cell(self, number):
        kind = self.kind
        if kind not in ("id", "name", "project", "topic") and self.key not in ("amt", "date", "b", "sign", "payee") and R.random() < 0.06:
            return "", None
        if kind == "id":
            text = f"{self.prefix}{number:03d}" + ("号" if "〔" in self.prefix else "")
            return text, text
        if kind == "name":
            text = R.choice(LEASES + WORKS)
            return text, text
        if kind == "project":
            text = R.choice(WORKS)
            return text, text
        if kind == "cat":
            return R.choice(["资产出租", "资源发包", "工程建设", "服务", "物资采购"]), None
        if kind == "partya":
            text = f"{self.village}股份经济合作社"
            return text, text
        if kind in ("party", "firm"):
            text = R.choice(FIRMS + (PERSONS if kind == "party" else []))
            return text, text
        if kind == "person":
            text = R.choice(PERSONS)
            return text, text
        if kind == "asset":
            text = R.choice(["东边鱼塘", "1号店面", "后山茶园", "旧厂房", "村口仓库"])
            return text, text
        if kind == "date":
            value = day()
            return date_text(value, self.style), value.isoformat()
        if kind == "money":
            value = R.choice([R.randrange(1, 900) * 1000, R.randrange(100, 9_000) * 100, R.randrange(1_000, 99_999)])
            return money_text(value, self.unit), value
        if kind == "percent":
            value = R.choice([2, 3, 5])
            return (f"{value}%" if self.percent == "%" else value / 100), value / 100
        if kind == "flag":
            yes = R.random() < 0.85
            return (R.choice(["√", "是", "有", "已备案" if self.key == "filed" else "是"]) if yes else R.choice(["否", "×", "无"])), "yes" if yes else "no"
        if kind == "period":
            start = day()
            end = datetime.date(start.year + R.randrange(1, 9), start.month, min(start.day, 28))
            start = start.replace(day=min(start.day, 28))
            form, join = R.choice(["dot", "cn", "slash", "iso"]), R.choice(["-", "至", "—", "~"])
            if form in ("iso",) and join == "-":
                join = "至"
            return f"{date_text2(start, form)}{join}{date_text2(end, form)}", [start.isoformat(), end.isoformat()]
        if kind == "voucher":
            text = f"记{R.randrange(1, 99)}"
            return text, text
        if kind == "nature":
            return R.choice(["预付款", "进度款", "结算款", "质保金", "日常开支"]), None
        if kind == "pay":
            return R.choice(["转账", "现金", "银行转账"]), None
        if kind == "method":
            return R.choice(["公开招标", "直接发包", "邀请招标", "询价"]), None
        if kind == "meeting":
            return R.choice(["村民代表会议", "党员大会", "村两委联席会议"]), None
        if kind == "topic":
            text = f"关于{R.choice(WORKS + LEASES)}的议题"
            return text, text
        if kind == "count":
            value = R.randrange(20, 60)
            return value, value
        if kind == "remark":
            text = R.choice(["", "", "", "已归档", "复印件"])
            return text, text or None
        raise ValueError(kind)


def date_text2(value, style):
    return {
        "dot": f"{value.year}.{value.month}.{value.day}", "cn": f"{value.year}年{value.month}月{value.day}日",
        "slash": f"{value.year}/{value.month}/{value.day}", "iso": value.isoformat(),
    }[style]


def dress(header, field_type, unit, in_header):
    """The header as it is typed: with units, line breaks, blanks."""
    if field_type == "money" and in_header:
        word = {0: "元", 3: "千元", 4: "万元"}[unit]
        header += R.choice([f"（{word}）", f"({word})", f"\n（{word}）", f"/{word}" if "/" not in header else f"（{word}）"])
    if R.random() < 0.06 and len(header) == 2:
        header = header[0] + "  " + header[1]
    if R.random() < 0.06 and len(header) >= 5 and "/" not in header and "\n" not in header:
        header = header[: len(header) // 2] + "\n" + header[len(header) // 2 :]
    return header


def choose(ledger):
    fields = LEDGERS[ledger]
    keys = [k for k in fields if k in CORE[ledger] or R.random() < 0.55]
    if ledger == "合同台账":
        if "term" in keys and ("term_s" in keys or "term_e" in keys):
            keys = [k for k in keys if k not in ("term_s", "term_e")] if R.random() < 0.5 else [k for k in keys if k != "term"]
        if "term_s" in keys or "term_e" in keys:
            keys = [k for k in fields if k in keys or k in ("term_s", "term_e")]
    if ledger == "工程项目台账":
        for kind in ("adv", "prog", "final"):
            if f"{kind}_date" in keys or f"{kind}_amt" in keys:
                keys += [k for k in (f"{kind}_date", f"{kind}_amt") if k not in keys]
        keys = [k for k in fields if k in keys]
    if ledger == "付款明细" and not {"cno", "cname"} & set(keys):
        keys.insert(1, "cname")
    headers = {}
    group_of = {}
    for key in keys:
        options = list(fields[key][1])
        R.shuffle(options)
        for option in options:
            group, _, leaf = option.partition("/")
            if not leaf:
                # A leaf alone must not be that of another column.
                if option not in headers.values():
                    headers[key] = option
                    break
            elif option not in headers.values():
                headers[key] = option
                group_of[key] = group
                break
    # Columns of one group stand together.
    ordered, seen = [], set()
    for key in keys:
        if key in seen:
            continue
        ordered.append(key)
        seen.add(key)
        if key in group_of:
            for other in keys:
                if other not in seen and group_of.get(other) == group_of[key]:
                    ordered.append(other)
                    seen.add(other)
    if "remark" in ordered:
        ordered.remove("remark")
        ordered.append("remark")
    # A generic leaf needs a partner in its group, as bookkeepers write it.
    return ordered, headers


class Sheet:
    """One sheet that is being written."""

    def __init__(self, name):
        self.name, self.cells, self.merged, self.hidden_rows = name, {}, [], []

    def put(self, row, col, value):
        if value not in ("", None):
            self.cells[(row, col)] = value

    def merge(self, top, left, bottom, right):
        if (top, left) != (bottom, right):
            self.merged.append((top, left, bottom, right))


def table(sheet, ledger, row, col, village, year, merges, options):
    """Writes one table from a row and column on; returns the truth of it, the rows' values, and the row below."""
    keys, headers = choose(ledger)
    fields = LEDGERS[ledger]
    unit = R.choice([0, 0, 4, 4, 3]) if ledger != "会议决议记录" else 0
    where = R.choice(["header", "line"]) if unit else R.choice(["header", "line", "none"])
    start = row
    columns = (["no"] if R.random() < 0.9 else []) + keys
    if options.get("village") is not None:
        columns.insert(min(1, len(columns)), "village")
    width = len(columns)
    if options.get("title", True):
        title = R.choice(TITLES[ledger]).format(v=options.get("title_village", village), y=year)
        sheet.put(row, col, title)
        sheet.merge(row, col, row, col + width - 1) if merges else None
        row += 1
        if where == "line":
            word = {0: "元", 3: "千元", 4: "万元"}[unit]
            line = R.choice(["单位：{w}", "金额单位：{w}", "单位：人民币{w}", "编制单位：{v}　　　单位：{w}"]).format(w=word, v=options.get("title_village", village))
            if R.random() < 0.4:
                sheet.put(row, col + width - 2, line)
            else:
                sheet.put(row, col, line)
                sheet.merge(row, col, row, col + width - 1) if merges else None
            row += 1
        elif R.random() < 0.2:
            sheet.put(row, col, f"填报日期：{year}年12月31日")
            row += 1
    elif unit:
        where = "header"
    texts = []
    for key in columns:
        if key == "no":
            texts.append(R.choice(["序号", "序 号", "序号", "编次"]))
        elif key == "village":
            texts.append(R.choice(["村", "所属村", "行政村", "村名"]))
        else:
            texts.append(dress(headers[key], fields[key][0], unit, where == "header"))
    parts = [t.split("/") if "/" in t and not t.endswith(("/元", "/万元", "/千元")) else [t] for t in texts]
    tall = max(len(p) for p in parts)
    if tall == 1 and merges and R.random() < 0.15:
        tall = 2  # everything merged over two rows
    header = (row, row + tall - 1)

    def write_header(row):
        at = 0
        while at < width:
            group = parts[at][0] if len(parts[at]) > 1 else None
            end = at
            if group:
                while end + 1 < width and len(parts[end + 1]) > 1 and parts[end + 1][0] == group:
                    end += 1
                sheet.put(row, col + at, group)
                sheet.merge(row, col + at, row, col + end) if merges else None
                for place in range(at, end + 1):
                    sheet.put(row + 1, col + place, parts[place][1])
            else:
                sheet.put(row, col + at, parts[at][0])
                sheet.merge(row, col + at, row + tall - 1, col + at) if merges else None
            at = end + 1
        return row + tall

    row = write_header(row)
    if R.random() < 0.15:
        for place in range(width):
            sheet.put(row, col + place, place + 1)
        row += 1
    makers = {k: Maker(k, fields[k][0], unit, village, year) for k in keys}
    count = options.get("rows") or R.randrange(6, 26)
    rows, values, total = [], [], {k: 0 for k in keys if fields[k][0] == "money"}
    sub = dict(total)
    headers_rows = [list(header)]
    page = R.choice([0, 0, 0, 8])
    grouped = ledger == "付款明细" and merges and R.random() < 0.3
    number, left = 0, 0
    names = options.get("village")
    for at in range(count):
        if page and at and at % page == 0:
            if R.random() < 0.7:
                sheet.put(row, col, R.choice(["本页小计", "小计", "本页合计"]))
                for key, value in sub.items():
                    sheet.put(row, col + columns.index(key), number_in(value, unit))
                row += 1
            sub = dict.fromkeys(sub, 0)
            headers_rows.append([row, row + tall - 1])
            row = write_header(row)
            left = 0
        shared = [k for k in ("cno", "cname", "b", "camt") if k in keys]
        value = {}
        first = left == 0
        if first:
            number += 1
            left = R.choice([1, 2, 3]) if grouped else 1
            left = min(left, count - at, page - at % page if page else left)
            span = left
        left -= 1
        if "no" in columns and first:
            sheet.put(row, col, number)
            if span > 1:
                sheet.merge(row, col, row + span - 1, col)
        if names:
            sheet.put(row, col + columns.index("village"), names[at * len(names) // count])
        for key in keys:
            place = col + columns.index(key)
            if grouped and key in shared:
                if first:
                    text, meaning = makers[key].cell(number)
                    sheet.put(row, place, text)
                    if span > 1 and text != "":
                        sheet.merge(row, place, row + span - 1, place)
                    kept = meaning if text != "" else None
                    value[key] = kept
                    table_keep[key] = kept
                    if key in total and isinstance(meaning, int):
                        total[key] += meaning
                        sub[key] += meaning
                else:
                    value[key] = table_keep[key]
                continue
            text, meaning = makers[key].cell(number)
            sheet.put(row, place, text)
            value[key] = meaning
            if key in total and isinstance(meaning, int):
                total[key] += meaning
                sub[key] += meaning
        rows.append(row)
        values.append({"sheet": sheet.name, "row": row, "ledger": ledger, "values": {k: v for k, v in value.items() if v is not None or fields[k][0] in ("money", "date", "remark")}})
        if R.random() < 0.02 and merges:
            sheet.hidden_rows.append(row)
        row += 1
    if R.random() < 0.6:
        label = R.choice(["合计", "合  计", "总计", "共计", "合计："])
        sheet.put(row, col + (1 if "no" in columns and R.random() < 0.3 else 0), label)
        wrong = R.choice(list(total)) if total and (not PLANTED or R.random() < 0.2) else None
        for key, value in total.items():
            place = col + columns.index(key)
            value += 30_000 if key == wrong else 0
            sheet.put(row, place, number_in(value, unit))
            if key == wrong and value != 30_000:
                cell = {"sheet": sheet.name, "row": row, "col": place, "ref": f"{get_column_letter(place)}{row}", "field": key}
                PLANTED.append({"sheet": sheet.name, "row": row, "ledger": ledger, "kind": "total_row_mismatch", "explanation": "合计多30000元",
                                "cells": [cell], "rows": [{"sheet": sheet.name, "row": row}]})
        row += 1
    if R.random() < 0.15:
        sheet.put(row, col, "以下空白")
        row += 1
        if R.random() < 0.5 and "no" in columns:
            for extra in range(3):
                sheet.put(row, col, number + extra + 1)
                row += 1
    if R.random() < 0.3:
        sheet.put(row, col, f"制表人：{R.choice(PERSONS)}")
        sheet.put(row, col + width // 2, f"审核人：{R.choice(PERSONS)}")
        row += 1
    if R.random() < 0.15:
        sheet.put(row, col, R.choice(["注：1.本表按合同逐份填写。", "说明：未备案的请注明原因", "备注：金额含税"]))
        row += 1
    truth = {
        "sheet": sheet.name, "ledger": ledger, "unit": {0: "元", 3: "千元", 4: "万元"}[unit], "header_rows": headers_rows, "records": len(rows),
        "columns": {k: {"col": col + columns.index(k), "header": texts[columns.index(k)]} for k in keys},
    }
    return truth, values, row, start


table_keep = {}


def number_in(yuan, unit):
    amount = round(yuan / {0: 1, 3: 1_000, 4: 10_000}[unit], 6)
    return int(amount) if amount == int(amount) else amount


def save_xlsx(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for (row, col), value in sheet.cells.items():
            page.cell(row, col, value)
        for top, left, bottom, right in sheet.merged:
            page.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in sheet.hidden_rows:
            page.row_dimensions[row].hidden = True
    book.save(path)


def save_csv(path, sheet, encoding):
    last = max(row for row, _ in sheet.cells)
    width = max(col for _, col in sheet.cells)
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        for row in range(1, last + 1):
            line = [sheet.cells.get((row, col), "") for col in range(1, width + 1)]
            line = [v.isoformat() if isinstance(v, datetime.date) else str(v).replace("\n", "") for v in line]
            writer.writerow(line)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "values").mkdir(exist_ok=True)
    books = []
    for number in range(COUNT):
        village, year = R.choice(VILLAGES), R.choice([2021, 2022, 2023, 2024])
        shape = R.choice(["one", "one", "one", "several", "several", "beside", "below", "csv", "csv", "town"])
        sheets, truths, values, planted = [], [], [], len(PLANTED)
        ledgers = list(LEDGERS)
        if shape in ("one", "csv", "town"):
            sheet = Sheet("csv" if shape == "csv" else R.choice(["Sheet1", "台账", str(year)]))
            ledger = R.choice(ledgers)
            options = {}
            if shape == "csv":
                options["title"] = R.random() < 0.5
            if shape == "town":
                options = {"village": R.sample(VILLAGES, 3), "title_village": R.choice(PLACES)}
            truth, found, _, _ = table(sheet, ledger, 1, 1, village, year, shape != "csv" and R.random() < 0.85, options)
            sheets, truths, values = [sheet], [truth], found
        elif shape == "several":
            for ledger in R.sample(ledgers, R.randrange(2, 5)):
                sheet = Sheet({"合同台账": "合同", "工程项目台账": "工程", "付款明细": "付款", "会议决议记录": "会议"}[ledger] + R.choice(["", "台账", "登记"]))
                truth, found, _, _ = table(sheet, ledger, R.choice([1, 1, 2]), R.choice([1, 1, 2]), village, year, True, {})
                sheets.append(sheet)
                truths.append(truth)
                values += found
        elif shape == "below":
            sheet = Sheet("Sheet1")
            row = 1
            for ledger in R.sample(ledgers, 2):
                truth, found, row, _ = table(sheet, ledger, row, 1, village, year, True, {})
                row += R.choice([1, 2])
                truths.append(truth)
                values += found
            sheets = [sheet]
        else:
            sheet = Sheet("Sheet1")
            right = 1
            for ledger in ["付款明细", "会议决议记录"]:
                truth, found, _, _ = table(sheet, ledger, 1, right, village, year, True, {})
                right = max(col for _, col in sheet.cells) + 2
                truths.append(truth)
                values += found
            sheets = [sheet]
        name = f"{number:02d}{village}{R.choice(['台账', '登记表', str(year), '（新）', '报送'])}"
        if shape == "csv":
            encoding = R.choice(["gb18030", "utf-8-sig", "utf-8"])
            file = name + ".csv"
            save_csv(OUT / file, sheets[0], encoding)
        else:
            file = name + ".xlsx"
            save_xlsx(OUT / file, sheets)
        books.append({"file": file, "shape": shape, "sheets": truths, "findings": [{"file": file, **f} for f in PLANTED[planted:]], "near_misses": []})
        (OUT / "values" / f"{file}.values.json").write_text(json.dumps({"file": file, "rows": values}, ensure_ascii=False), "utf-8")
    (OUT / "truth.json").write_text(json.dumps({"set": "made", "workbooks": books}, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
