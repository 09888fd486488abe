//! The commented file that `heyan rules new ID` writes.

/// A new rule file for an author to fill in, with three tests. It loads as it is.
pub fn fresh(id: &str) -> String {
    format!(
        r#"# {id}：文件名就是规则的编号。井号后面是说明，可以删去。
# The file's name is the rule's id. What stands behind # explains and may go.
# 写完以后：heyan rules check 目录，再 heyan rules test 目录。Then run: heyan rules check DIR, heyan rules test DIR.

title    = "（一句话说清查什么）"
title_en = "(what it looks for, in one line)"
ledger   = ["合同"]                    # 在哪种台账上判 · the ledgers it is judged on
severity = "info"                      # critical major minor info；没有依据的只能是 info
curable  = true                        # 既成事实（晚签、超付）写 false · false for a past act
law_date = ["签订日期"]                # 按哪一天的法条和限额 · the day whose law and limits count

# 义务约束谁；不要写“某格有没有填”。 · Whom the duty binds; never whether a cell is filled.
applies   = '合同金额 >= 10万元'

# 什么情形是不符。且 或 非 两边要有空格；金额写单位；“以上”写 >=，“超过”写 >。
# What is not as it should be. 且 或 非 need blanks around them; money needs its unit.
violation = '备案日期 为空'

amount     = '合同金额'                # 涉及金额 · the money at stake
message    = '台账显示合同金额{{合同金额}}，没有备案日期，需核实'
message_en = 'A contract of {{合同金额}} has no date of filing; to be verified'
basis      = []                        # rules/law/ 里的依据编号，例如 ["mfd-789"] · ids of provisions
advice     = "（拿到线索后先看什么）"
advice_en  = "(what to look at first)"
why        = "（为什么要紧；什么时候不报；已知的误报）"
why_en     = "(why it matters, when it is silent, known false alarms)"

# 每条规则至少三个测试：报的、不报的、恰好在边上的。空格子要留位置。
# At least three tests: one found, one not, one on the boundary. An empty cell keeps its place.
[[test]]
case   = "没有备案日期"
rows   = '''
合同编号 | 合同金额 | 签订日期   | 备案日期
A1       | 120000   | 2024-03-01 |
'''
expect = "violation"

[[test]]
case   = "已经备案"
rows   = '''
合同编号 | 合同金额 | 签订日期   | 备案日期
A1       | 120000   | 2024-03-01 | 2024-03-10
'''
expect = "pass"

[[test]]
case   = "边界：恰好10万元要备案，差一分不要；读不出的待核"
rows   = '''
合同编号 | 合同金额 | 签订日期   | 备案日期
A1       | 100000   | 2024-03-01 |
A2       | 99999.99 | 2024-03-01 |
A3       | 十来万   | 2024-03-01 |
'''
expect = '''
合同编号 | verdict
A1       | violation
A2       | not-applicable
A3       | undetermined
'''
"#
    )
}
