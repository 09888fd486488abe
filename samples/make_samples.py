#!/usr/bin/env python3
"""Write the sample workbooks of this folder: one invented town, eight villages.

    pip install openpyxl xlwt odfpy && python3 make_samples.py

Everything is invented: places, firms, persons (…某) and numbers. The workbooks are written by openpyxl, xlwt, odfpy and
the csv module, not by heyan, and are as untidy as what village bookkeepers hand over. README.md says what each shows.
"""
import csv
import datetime
import io
import pathlib
import zipfile

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import xlwt
from openpyxl.styles import Alignment, Font

HERE = pathlib.Path(__file__).resolve().parent
D = datetime.date


def xlsx(name, sheets):
    """sheets: name -> (rows, merges as A1 ranges)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, (rows, merges) in sheets.items():
        sheet = book.create_sheet(title)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is None:
                    continue
                cell = sheet.cell(r, c, value)
                if isinstance(value, datetime.date):
                    cell.number_format = "yyyy/m/d"
        sheet["A1"].font = Font(size=16, bold=True)
        sheet["A1"].alignment = Alignment(horizontal="center")
        for merge in merges:
            sheet.merge_cells(merge)
    path = HERE / name
    book.save(path)
    steady(path)


def steady(path):
    """The same bytes at every run: openpyxl writes the time of day into the file."""
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, old.read(info.filename)) for info in old.infolist()]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part, data in parts:
            if part == "docProps/core.xml":
                import re

                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-06-30T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(part, (2025, 6, 30, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    path.write_bytes(out.getvalue())


def xls(name, sheets):
    """sheets: name -> (rows, merges as (top, bottom, left, right) from zero)."""
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for title, (rows, merges) in sheets.items():
        sheet = book.add_sheet(title)
        merged = {(top, left): (top, bottom, left, right) for top, bottom, left, right in merges}
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if (r, c) in merged:
                    sheet.write_merge(*merged[(r, c)], value)
                elif isinstance(value, datetime.date):
                    sheet.write(r, c, value, day)
                elif value is not None:
                    sheet.write(r, c, value)
    book.save(str(HERE / name))


def ods(name, sheets):
    """sheets: name -> (rows, {row: number of columns merged from the first})."""
    book = odf.opendocument.OpenDocumentSpreadsheet()
    day = odf.style.Style(name="day", family="table-cell")
    book.automaticstyles.addElement(day)
    for title, (rows, spans) in sheets.items():
        sheet = odf.table.Table(name=title)
        for r, row in enumerate(rows):
            line = odf.table.TableRow()
            for c, value in enumerate(row):
                if value is None:
                    line.addElement(odf.table.TableCell())
                elif isinstance(value, datetime.date):
                    cell = odf.table.TableCell(valuetype="date", datevalue=value.isoformat(), stylename=day)
                    cell.addElement(odf.text.P(text=value.isoformat()))
                    line.addElement(cell)
                elif isinstance(value, (int, float)):
                    cell = odf.table.TableCell(valuetype="float", value=value)
                    cell.addElement(odf.text.P(text=str(value)))
                    line.addElement(cell)
                else:
                    extra = {"numbercolumnsspanned": spans[r]} if c == 0 and r in spans else {}
                    cell = odf.table.TableCell(valuetype="string", **extra)
                    cell.addElement(odf.text.P(text=value))
                    line.addElement(cell)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    path = HERE / name
    book.save(str(path))
    with zipfile.ZipFile(path) as old:
        parts = [(info.filename, old.read(info.filename)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, data in parts:
            new.writestr(zipfile.ZipInfo(part, (2025, 6, 30, 0, 0, 0)), data, zipfile.ZIP_STORED if part == "mimetype" else zipfile.ZIP_DEFLATED)


def csv_file(name, rows, encoding):
    with open(HERE / name, "w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(["" if v is None else v for v in row] for row in rows)


def shangwu():
    """上坞村: contracts, payments and decisions in one workbook; two-row header, 万元, totals, 同上."""
    contracts = [
        ["松陂镇上坞村集体经济合同台账"] + [None] * 15,
        ["填报单位：上坞村股份经济合作社", None, None, None, None, None, None, None, None, None, None, None, None, None, None, "单位：元"],
        ["序号", "合同编号", "合同名称", "合同类别", "乙方", "合同\n金额", "签订\n日期", "合同期限", None, "发包方式", "备案情况", None, "民主决策", "签章情况", "违约责任", "备注"],
        [None, None, None, None, None, None, None, "起", "止", None, "是否备案", "备案日期", None, None, None, None],
        [1, "SW-2024-01", "村口店面租赁合同", "租赁", "叶某芳", 48000, D(2024, 1, 8), "2024.1.10", "2027.1.9", "公开招租", "是", "2024-01-20", "是", "齐全", "有", None],
        [2, "SW-2024-02", "文化礼堂屋面修缮工程", "工程", "砺石建设有限公司", 186000, D(2024, 3, 4), "2024.3.10", "2024.6.10", "直接发包", "是", "2024.3.15", "是", "齐全", "有", None],
        [3, "SW-2024-03", "文化礼堂门窗改造工程", "工程", "砺石建设有限公司", "15.2万", D(2024, 3, 28), "2024.4.1", "2024.6.30", "直接发包", "是", "2024年4月9日", "是", "齐全", "有", None],
        [4, "SW-2024-04", "环村路路灯安装工程", "工程", "明衢照明工程有限公司", 98000, D(2024, 5, 6), "2024.5.10", "2024.7.10", "询价", "是", "2024-07-18", "是", "齐全", "有", None],
        [5, "SW-2024-05", "村庄保洁服务合同", "服务", "净禾环境服务部", 72000, D(2024, 6, 3), "2024.6.5", "2025.6.4", "询价", "否", None, "是", "齐全", "有", None],
        [6, "SW-2024-06", "老茶厂厂房租赁合同", "租赁", "澄川茶业有限公司", 640000, D(2024, 6, 18), "2024.7.1", "2049.6.30", "公开招租", "是", D(2024, 7, 2), "是", "齐全", "有", None],
        [7, "SW-2024-07", "农田水渠维修工程", "工程", "广塬水利工程有限公司", "待定", D(2024, 8, 12), "2024.8.15", "2024.10.15", "询价", "是", D(2024, 8, 30), "是", "乙方未盖章", "有", None],
        [8, "SW-2024-08", "办公电脑采购", "采购", "启帆办公设备商行", 23800, D(2024, 9, 9), None, None, "询价", "是", D(2024, 9, 20), "同上", "齐全", "有", None],
        [9, "SW-2024-09", "水口公园铺装工程", "工程", "砺石建设有限公司", 268000, D(2024, 10, 8), "2024.10.12", "2025.1.12", "直接发包", "是", D(2024, 10, 20), "否", "齐全", "无", None],
        [10, "SW-2024-09", "水口公园绿化工程", "工程", "青垄园林有限公司", 86000, D(2024, 10, 21), "2024.10.25", "2025.1.25", "询价", "是", D(2024, 11, 4), "是", "齐全", "有", None],
        [11, "SW-2024-11", "抢险：村道塌方清理", "工程", "砺石建设有限公司", 210000, D(2024, 11, 30), "2024.11.11", "2024.12.1", "直接发包", "是", D(2024, 12, 9), "是", "齐全", "有", "台风抢险，镇应急指令〔2024〕6号"],
        [12, "SW-2025-01", "鱼塘承包合同", "承包", "徐某根", 30000, D(2025, 2, 5), "2025.3.1", "2024.2.28", "公开招租", "是", D(2025, 2, 18), "是", "齐全", "有", None],
        ["合计", None, None, None, None, 1813800] + [None] * 10,
        ["制表人：严某", None, None, None, "审核人：陆某"] + [None] * 11,
    ]
    merges = ["A1:P1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "G3:G4", "H3:I3", "J3:J4", "K3:L3", "M3:M4", "N3:N4", "O3:O4", "P3:P4"]
    payments = [
        ["上坞村付款明细"] + [None] * 8,
        ["序号", "付款日期", "凭证号", "合同编号", "用途", "收款单位", "付款金额（元）", "款项性质", "支付方式"],
        [1, "2024.3.20", "记-3-12", "SW-2024-02", "屋面修缮预付款", "砺石建设有限公司", 74400, "预付款", "转账"],
        [2, "2024.7.2", "记-7-03", "SW-2024-02", "屋面修缮进度款", "砺石建设有限公司", 93000, "进度款", "转账"],
        [3, "2024.8.6", "记-8-05", "SW-2024-02", "屋面修缮结算款", "砺石建设有限公司", 27000, "结算款", "转账"],
        [4, "2024.7.25", "记-7-21", "SW-2024-04", "路灯安装", "罗某平", 60000, "进度款", "转账"],
        [5, "2024.9.24", "记-9-16", None, "办公楼水电改造", "鸿拓装饰工程部", 18600, "工程款", "转账"],
        [6, "2024.10.11", "记-10-8", None, "会议用品", "启帆办公设备商行", 1680, "日常开支", "现金"],
        [7, "2024.12.3", "记-12-2", "SW-2024-11", "塌方清理", "砺石建设有限公司", 150000, "进度款", "转账"],
        ["合计", None, None, None, None, None, 424680, None, None],
    ]
    decisions = [
        ["上坞村会议决议记录"] + [None] * 6,
        ["序号", "会议日期", "会议类型", "议题", "决议编号", "表决情况", "公示期"],
        [1, D(2024, 2, 20), "村民代表会议", "文化礼堂屋面修缮工程", "上坞决〔2024〕1号", "应到35人，实到30人，同意29人", "2024.2.21-2024.2.27"],
        [2, D(2024, 4, 25), "村民代表会议", "环村路路灯安装", "上坞决〔2024〕2号", "应到35人，实到22人，同意20人", "2024.4.26-2024.5.2"],
        [3, D(2024, 6, 10), "村民代表会议", "老茶厂厂房出租", "上坞决〔2024〕3号", "应到35人，实到31人，同意31人", "2024.6.11-2024.6.17"],
    ]
    xlsx("上坞村三资台账.xlsx", {"合同台账": (contracts, merges), "付款": (payments, ["A1:I1"]), "决议": (decisions, ["A1:G1"])})


def liutang():
    """柳塘村: works in .xls, 万元, two-row merged header, page subtotals, header repeated."""
    head = ["序号", "项目名称", "施工单位", "发包方式", "中标价", "合同\n签订日期", "工期", None, None, "验收日期", "结算", None, None, "已付\n金额", "监理单位", "质保金\n比例", "变更审批", "备注"]
    sub = [None, None, None, None, None, None, "开工日期", "计划竣工", "实际竣工", None, "送审价", "审定价", "审定日期", None, None, None, None, None]
    rows = [
        ["松陂镇柳塘村村级工程项目台账（2022—2025年）"] + [None] * 17,
        [None] * 16 + ["金额单位：万元", None],
        head,
        sub,
        [1, "柳塘自然村道路硬化", "磐基路桥工程有限公司", "公开招标", 86.5, D(2022, 3, 8), D(2022, 3, 15), D(2022, 7, 15), D(2022, 7, 10), D(2022, 8, 2), 85.9, 84.2, D(2022, 10, 11), 81.7, "正序监理有限公司", "3%", "无变更", None],
        [2, "村综合楼建设", "宏垚建筑有限公司", "公开招标", 168, D(2022, 9, 20), D(2022, 8, 25), D(2023, 6, 30), D(2023, 8, 20), D(2023, 9, 15), 195.6, 189.3, D(2023, 12, 6), 185, None, "5%", "否", None],
        [3, "污水管网改造", "广塬水利工程有限公司", "直接发包", 34.8, D(2023, 4, 11), D(2023, 4, 15), D(2023, 8, 15), D(2023, 8, 12), D(2023, 9, 1), 34.1, 33.2, D(2023, 10, 20), 33.9, None, "3%", "无变更", None],
        ["本页小计", None, None, None, 289.3, None, None, None, None, None, None, None, None, 300.6, None, None, None, None],
        head,
        sub,
        [4, "灌溉泵站更新", "广塬水利工程有限公司", "询价", 18.6, "2023.10.9", "2023.10.12", "2023.12.12", "2023.12.10", None, None, None, None, 12, None, "3%", "无变更", None],
        [5, "健身广场铺装", "磐基路桥工程有限公司", "邀请招标", 26.4, "2024.5.13", "2024.5.20", "2024.9.20", "2024.11.8", "2024.11.20", 27.1, 26.2, "2025.1.9", 25.4, None, "3%", "无变更", "雨季停工，批准顺延至2024.11.10"],
        [6, "老年食堂改造", "宏垚建筑有限公司", "询价", 19.2, "2024.8.1", "2024.8.6", "2024.11.6", "2024.11.30", "2024.12.12", 19.6, 19, "2025.2.18", 18.4, None, "3%", "无变更", None],
        ["合计", None, None, None, 353.5, None, None, None, None, None, None, None, None, 356.4, None, None, None, None],
        ["填表人：傅某", None, None, "村监委主任：韩某"] + [None] * 14,
    ]
    merges = [(0, 0, 0, 17)]
    for top in (2, 8):
        merges += [(top, top + 1, c, c) for c in (0, 1, 2, 3, 4, 5, 9, 13, 14, 15, 16, 17)] + [(top, top, 6, 8), (top, top, 10, 12)]
    xls("柳塘村工程台账.xls", {"工程项目": (rows, merges), "Sheet2": ([], []), "Sheet3": ([], [])})


def shiqiao():
    """石桥头村: leases in .ods, two sections on one sheet, periods in one cell, arrears."""
    head = ["序号", "合同编号", "资产名称", "承租方", "签约日期", "租赁期限", "年租金（元）", "应收租金", "实收租金", "最近收款日期", "招租方式", "备注"]
    rows = [
        ["石桥头村集体资产出租情况一览表"] + [None] * 11,
        ["一、店面"] + [None] * 11,
        head,
        [1, "SQ-001", "老街店面1号", "丁某娟", D(2021, 12, 20), "2022.1.1-2024.12.31", 18000, 54000, 54000, D(2025, 4, 2), "公开招租", None],
        [2, "SQ-002", "老街店面2号", "柯某明", D(2023, 2, 10), "2023年3月1日至2026年2月28日", 16500, 49500, 38500, D(2024, 9, 1), "公开招租", None],
        [3, "SQ-003", "老街店面3号", "卓某", D(2024, 5, 6), "三年", 15000, 15000, 15000, D(2024, 5, 8), "公开招租", None],
        ["小计", None, None, None, None, None, 49500, 118500, 107500, None, None, None],
        ["二、厂房和场地"] + [None] * 11,
        head,
        [1, "SQ-101", "粮站仓库", "合穗粮油经营部", D(2019, 3, 7), "20年（2019.3.7-2039.3.7）", 42000, 252000, 252000, D(2025, 3, 10), "公开招租", None],
        [2, "SQ-102", "砂石场地", "川岳建材有限公司", D(2023, 7, 1), "2023.7.1-2028.6.30", 68000, 136000, 136000, D(2024, 7, 3), "协商", None],
        [3, "SQ-103", "旧校舍", "知野文旅有限公司", D(2022, 9, 15), "长期", 30000, 90000, 90000, D(2024, 10, 8), "公开招租", None],
        ["小计", None, None, None, None, None, 140000, 478000, 478000, None, None, None],
        ["说明：租金按年收取，先付后用。"] + [None] * 11,
    ]
    ods("石桥头村资产出租.ods", {"出租": (rows, {0: 12})})


def dongao():
    """东岙村: contracts as GB18030 csv without a title; full-width digits, ￥, 大写."""
    rows = [
        ["序号", "合同编号", "合同名称", "甲方", "乙方", "签订时间", "合同价款", "合同价款（大写）", "采购方式", "是否备案", "备案时间", "履约保证金", "经办人", "备注"],
        [1, "DA2024-1", "村史馆布展工程", "东岙村经济合作社", "云坪文化创意有限公司", "2024/2/26", "￥１８６，０００", "壹拾捌万陆仟元整", "邀请招标", "是", "2024/3/11", "18600", "沈某", ""],
        [2, "DA2024-2", "村史馆设计服务", "东岙村经济合作社", "云坪文化创意有限公司", "2024/1/15", "28,000.00", "贰万捌仟元整", "询价", "是", "2024/2/2", "", "沈某", ""],
        [3, "DA2024-3", "自来水管网改造工程", "东岙村经济合作社", "广塬水利工程有限公司", "2024/4/31", "235000", "贰拾叁万伍仟元整", "公开招标", "是", "2024/5/20", "35000", "沈某", ""],
        [4, "DA2024-4", "毛竹山承包合同", "东岙村经济合作社", "梅某富", "2024/6/11", "360000", "叁拾陆万元整", "公开招租", "√", "2024/6/25", "", "沈某", "承包期三十年"],
        [5, "DA2024-5", "晒场水泥采购", "东岙村经济合作社", "川岳建材有限公司", "2024/7/9", "46800", "肆万陆仟捌佰元整", "询价", "×", "", "", "沈某", ""],
        [6, "DA2024-6", "文化墙彩绘工程", "东岙村经济合作社", "云坪文化创意有限公司", "2024/8/2", "58000", "伍万捌仟元整", "直接发包", "是", "2024/9/30", "", "沈某", ""],
        [7, "DA2024-7", "垃圾分类亭采购", "东岙村经济合作社", "净禾环境服务部", "2024/9/18", "37500", "叁万伍仟柒佰元整", "询价", "是", "2024/10/8", "", "沈某", ""],
        [8, "DA2024-8", "古井保护修缮工程", "东岙村经济合作社", "宏垚建筑有限公司", "2024/11/5", "约40万", "", "公开招标", "是", "2024/11/22", "", "沈某", ""],
    ]
    csv_file("东岙村合同清单.csv", rows, "gb18030")


def fengshu():
    """枫树坪村: payments in groups, merged downwards; the contract's price and dates stand in the payment table."""
    rows = [
        ["枫树坪村项目资金支付台账"] + [None] * 11,
        ["序号", "合同编号", "项目名称", "合同对方", "合同金额", "验收日期", "审定日期", "支付日期", "本次支付", "款项性质", "收款方", "支付方式"],
        [1, "FS-23-01", "村道拓宽工程", "磐基路桥工程有限公司", 320000, D(2023, 11, 20), D(2024, 1, 15), D(2023, 6, 2), 96000, "预付款", "磐基路桥工程有限公司", "银行转账"],
        [None, None, None, None, None, None, None, D(2023, 9, 8), 130000, "进度款", "磐基路桥工程有限公司", "银行转账"],
        [None, None, None, None, None, None, None, D(2023, 12, 28), 110000, "结算款", "磐基路桥工程有限公司", "银行转账"],
        [2, "FS-23-02", "文化礼堂空调采购", "启帆办公设备商行", 58600, D(2023, 8, 8), None, D(2023, 8, 15), 58600, "货款", "启帆办公设备商行", "银行转账"],
        [3, "FS-24-01", "卫生室改造工程", "宏垚建筑有限公司", 145000, None, None, D(2024, 4, 1), 60000, "预付款", "宏垚建筑有限公司", "银行转账"],
        [None, None, None, None, None, None, None, D(2024, 7, 16), 70000, "结算款", "宏垚建筑（农民工工资专户）", "银行转账"],
        [4, None, "防汛值班餐费", "—", None, None, None, D(2024, 7, 22), 2600, "日常开支", "毛某", "现金"],
        ["合计", None, None, None, None, None, None, None, 527200, None, None, None],
    ]
    merges = ["A1:L1"] + [f"{c}{a}:{c}{b}" for c in "ABCDEFG" for a, b in ((3, 5), (7, 8))]
    xlsx("枫树坪村支付台账.xlsx", {"支付": (rows, merges)})


def houfan():
    """后畈村: a clean workbook; nothing to report, and several rows that only look like it."""
    rows = [
        ["后畈村经济合同登记表"] + [None] * 12,
        ["序号", "合同号", "合同名称", "合同类型", "承包方/承租方", "合同总价（元）", "签订日期", "合同期限", "发包方式", "备案日期", "村民代表会议决议", "签字盖章", "违约条款"],
        [1, "HF-2023-1", "水库养殖承包合同", "承包", "俞某海", 450000, D(2023, 3, 1), "2023.3.1-2053.2.28", "公开招租", D(2023, 3, 30), "有", "齐全", "有"],
        [2, "HF-2023-2", "村办公楼外立面改造工程", "工程", "宏垚建筑有限公司", 199999, D(2023, 5, 10), "2023.5.15-2023.8.15", "直接发包", D(2023, 5, 25), "有", "齐全", "有"],
        [3, "HF-2023-3", "村道养护服务", "服务", "净禾环境服务部", 36000, D(2023, 6, 30), "2023.7.1-2024.6.30", "询价", D(2023, 7, 31), "有", "齐全", "有"],
        [4, "HF-2024-1", "仓库租赁合同", "租赁", "合穗粮油经营部", 200000, D(2024, 1, 5), "2024.1.8-2044.1.8", "公开招租", D(2024, 1, 19), "有", "齐全", "有"],
        ["合计", None, None, None, None, 885999] + [None] * 7,
    ]
    xlsx("后畈村合同登记.xlsx", {"登记表": (rows, ["A1:M1"])})


def meiling():
    """梅岭脚村: money, assets, debts and meetings; a sheet for each kind of ledger."""
    receipts = [
        ["松陂镇梅岭脚村收款登记簿"] + [None] * 9,
        ["序号", "收款日期", "缴存日期", "票据号", "缴款人", "收入类别", "收款金额（元）", "收款方式", "账户性质", "备注"],
        [1, D(2024, 3, 4), D(2024, 3, 5), "0021701", "叶某安", "租金", 12000, "现金", "对公", None],
        [2, D(2024, 4, 8), None, "0021702", "蓝某生", "租金", 3600, "现金", "对公", "未缴存，用于支付清淤工资"],
        [3, D(2024, 5, 6), D(2024, 5, 6), "0021703", "松陂镇财政所", "补助", 50000, "转账", "对公", "环境整治补助"],
        [4, D(2024, 6, 3), D(2024, 6, 28), "0021704", "雷某花", "承包款", 8000, "现金", "对公", None],
        [5, D(2024, 7, 9), D(2024, 7, 9), "0021705", "钟某木", "租金", 5400, "转账", "个人", None],
        ["合计", None, None, None, None, None, 79000] + [None] * 3,
    ]
    vouchers = [
        ["松陂镇梅岭脚村大额支付登记"] + [None] * 11,
        ["序号", "付款日期", "凭证号", "用途", "收款单位", "付款金额（元）", "款项性质", "付款方式", "票据种类", "发票号码", "经办人", "审批人"],
        [1, "2024.3.12", "记-3-04", "垃圾桶采购", "净禾环境服务部", 4800, "货款", "转账", "发票", "24332000000117", "蓝某", "钟某文"],
        [2, "2024.4.9", "记-4-02", "沟渠清淤", "雷某根", 4200, "其他", "转账", "白条", None, "蓝某", "钟某文"],
        [3, "2024.5.20", "记-5-11", "办公用品", "启帆办公设备商行", 1960, "日常开支", "转账", "发票", "24332000000388", "蓝某", None],
        [4, "2024.6.18", "记-6-07", "会议室维修材料", "川岳建材有限公司", 3300, "材料款", "转账", "发票", "24332000000412", "钟某文", "钟某文"],
        [5, "2024.7.2", "记-7-01", "汛期值班慰问", "蓝某等12人", 2400, "奖金福利", "转账", "自制凭证", None, "蓝某", "钟某文"],
        ["合计", None, None, None, None, 16660] + [None] * 6,
    ]
    accounts = [
        ["梅岭脚村银行存款、现金余额表（2024年）"] + [None] * 8,
        ["序号", "账户种类", "账号", "期间", "期初余额", "收入合计", "支出合计", "期末余额", "对账单余额"],
        [1, "基本户", "2010-03", "2024年3月", 86000, 12000, 4800, 93200, 93200],
        [2, "基本户", "2010-03", "2024年4月", 93200, 0, 4200, 89500, 89500],
        [3, "现金", "库存", "2024年4月", 1200, 3600, 5200, -400, None],
    ]
    allowances = [
        ["梅岭脚村误工补贴发放表"] + [None] * 8,
        ["序号", "姓名", "误工日期", "时段", "天数", "日标准", "金额", "误工事由", "决议编号"],
        [1, "蓝某", "2024.3.6", "全天", 1, 120, 120, "河道巡查", "梅决〔2024〕1号"],
        [2, "蓝某", "2024.3.6", "全天", 1, 120, 120, "矛盾调解", "梅决〔2024〕1号"],
        [3, "雷某根", "2024.3.7", "上午", 0.5, 120, 60, "河道巡查", "梅决〔2024〕1号"],
        [4, "雷某根", "2024.3.7", "下午", 0.5, 120, 60, "森林防火", "梅决〔2024〕1号"],
        [5, "钟某木", "2024.3.12", "全天", 2, 150, 240, "河道巡查", None],
    ]
    assets = [
        ["梅岭脚村集体资产清查登记表"] + [None] * 13,
        ["序号", "资产编号", "资产名称", "资产状态", "原值", "清查日期", "账面数", "盘点数", "处置方式", "处置日期", "评估价", "评估日期", "成交价", "会议决议号"],
        [1, "MZ-01", "老村部大楼", "自用", 420000, D(2025, 3, 10), 1, 1] + [None] * 6,
        [2, "MZ-02", "碾米厂设备", "自用", 38000, D(2025, 3, 10), 3, 2] + [None] * 6,
        [3, "MZ-03", "旧拖拉机", "处置", 26000, D(2023, 3, 8), 1, 1, "转让", D(2024, 4, 2), None, None, 4000, None],
        [4, "MZ-04", "竹制品厂房", "处置", 310000, D(2023, 3, 8), 1, 1, "转让", D(2024, 8, 20), 280000, D(2024, 7, 1), 230000, "梅决〔2024〕2号"],
        [5, "MZ-05", "水泵房", "自用", 15000, D(2025, 3, 10), 1, 1] + [None] * 6,
    ]
    debts = [
        ["梅岭脚村债权债务明细表"] + [None] * 7,
        ["序号", "往来类型", "往来单位", "发生日期", "发生金额", "期末余额", "催收日期", "决议编号"],
        [1, "应收款", "叶某安", D(2019, 6, 30), 8600, 8600, None, None],
        [2, "出借", "川岳建材有限公司", D(2024, 2, 6), 50000, 50000, None, None],
        [3, "应付款", "广塬水利工程有限公司", D(2024, 11, 12), 12000, 12000, None, None],
        [4, "担保", "知野文旅有限公司", D(2023, 9, 1), 200000, 200000, None, None],
    ]
    meetings = [
        ["梅岭脚村“五议两公开”会议登记表"] + [None] * 11,
        ["序号", "会议日期", "会议类型", "事项类别", "议题", "决议编号", "应到人数", "实到人数", "同意人数", "党组织研究日期", "公示开始", "公示结束"],
        [1, D(2024, 2, 26), "村民代表会议", "其他", "误工补贴标准", "梅决〔2024〕1号", 36, 33, 31, D(2024, 2, 20), D(2024, 2, 27), D(2024, 3, 7)],
        [2, D(2024, 8, 6), "村民代表会议", "资产处置", "竹制品厂房转让", "梅决〔2024〕2号", 36, 34, 35, D(2024, 8, 1), D(2024, 8, 7), D(2024, 8, 16)],
        [3, D(2025, 1, 14), "村民代表会议", "工程", "村道亮化工程", "梅决〔2025〕1号", 36, 26, 12, D(2025, 1, 20), D(2025, 1, 15), D(2025, 1, 17)],
    ]
    xlsx(
        "梅岭脚村财务资产台账.xlsx",
        {
            "收款": (receipts, ["A1:J1"]),
            "付款": (vouchers, ["A1:L1"]),
            "账户": (accounts, ["A1:I1"]),
            "误工补贴": (allowances, ["A1:I1"]),
            "资产": (assets, ["A1:N1"]),
            "债权债务": (debts, ["A1:H1"]),
            "会议": (meetings, ["A1:L1"]),
        },
    )


def zhangshu():
    """樟树下村: works from approval to acceptance, with their tenders."""
    works = [
        ["松陂镇樟树下村小型工程建设项目管理台账"] + [None] * 20,
        ["序号", "项目编号", "合同编号", "工程名称", "施工单位", "招标方式", "中标金额", "合同金额", "备案时间", "立项时间", "中标通知书日期", "合同签订日期", "开工日期", "约定竣工日期", "实际竣工日期", "竣工验收日期", "投入使用日期", "变更金额", "变更审批", "固定资产入账日期", "备注"],
        [1, "ZS-P01", "ZS-24-01", "游步道工程", "青垄园林有限公司", "公开招标", 360000, 360000, D(2024, 4, 12), D(2024, 1, 8), D(2024, 3, 20), D(2024, 4, 8), D(2024, 4, 15), D(2024, 9, 15), D(2024, 9, 10), D(2024, 9, 28), D(2024, 10, 1), 0, "无变更", D(2024, 12, 16), None],
        [2, "ZS-P02", "ZS-24-02", "文化广场改造工程", "宏垚建筑有限公司", "公开招标", 420000, 438000, D(2024, 7, 30), D(2024, 3, 5), D(2024, 4, 10), D(2024, 6, 3), D(2024, 2, 26), D(2024, 10, 31), D(2024, 10, 20), D(2024, 11, 8), D(2024, 10, 25), 36000, "否", None, None],
        [3, "ZS-P03", "ZS-24-03", "灌渠防渗工程", "广塬水利工程有限公司", "询价", 96000, 96000, D(2024, 8, 9), D(2024, 6, 12), None, D(2024, 8, 2), D(2024, 8, 6), D(2024, 10, 6), D(2024, 10, 4), None, None, 0, "无变更", None, None],
        [4, "ZS-P04", "ZS-24-04", "台风水毁护岸抢险", "砺石建设有限公司", "直接发包", 88000, 88000, D(2024, 9, 27), D(2024, 9, 20), None, D(2024, 9, 18), D(2024, 9, 15), D(2024, 10, 31), D(2024, 10, 12), D(2024, 10, 30), None, 0, "无变更", None, "台风抢险，镇应急指令〔2024〕9号"],
        ["合计", None, None, None, None, None, 964000, 982000] + [None] * 13,
    ]
    bids = [
        ["樟树下村工程投标情况登记表"] + [None] * 8,
        ["序号", "项目编号", "工程名称", "投标单位", "投标报价", "法人代表", "联系电话", "保证金汇出账户", "是否中标"],
        [1, "ZS-P01", "游步道工程", "青垄园林有限公司", 360000, "项某", "13500000021", "622848-01", "是"],
        [2, "ZS-P01", "游步道工程", "明衢照明工程有限公司", 372000, "邵某", "13500000022", "622848-02", "否"],
        [3, "ZS-P01", "游步道工程", "磐基路桥工程有限公司", 381000, "应某", "13500000023", "622848-03", "否"],
        [4, "ZS-P02", "文化广场改造工程", "宏垚建筑有限公司", 420000, "褚某", "13500000031", "622848-11", "是"],
        [5, "ZS-P02", "文化广场改造工程", "砺石建设有限公司", 424000, "卫某", "13500000032", "622848-11", "否"],
        [6, "ZS-P02", "文化广场改造工程", "鸿拓装饰工程部", 431000, "蒋某", "13500000033", "622848-13", "否"],
    ]
    xlsx("樟树下村工程监管台账.xlsx", {"工程项目": (works, ["A1:U1"]), "投标": (bids, ["A1:I1"])})


def main():
    shangwu()
    liutang()
    shiqiao()
    dongao()
    fengshu()
    houfan()
    meiling()
    zhangshu()


if __name__ == "__main__":
    main()
