"""The first draft of a school's own rule: a file with comments that loads and whose examples pass as it stands."""

import re
from collections.abc import Sequence
from pathlib import Path

from rules.errors import RuleError
from rules.model import RuleId
from rules.pack import Pack

_ID = re.compile(RuleId.__metadata__[0].pattern)  # type: ignore[attr-defined]
_TEXT = """\
# yaml-language-server: $schema=rule.schema.json
# （编辑器提示用：xuejian rules schema rule > rule.schema.json，放在本文件旁边）
#
# 本校自己的规则。写好后：
#   xuejian rules test {id} --rules {folder}     跑下面的例子
#   xuejian explain {id} --rules {folder}        看生成的中文说明
#   xuejian check 数据文件夹 --rules {folder}      和规则包一起核查

id: {id}                      # 大写字母开头，横线后两三位数字；与文件名相同
title: 在读学生未填民族          # 一句话说清问题，报告里用作标题
title_en: Ethnicity missing
clause: {clause}                     # 依据的条款号；几条用、隔开（xuejian rules coverage 可查）
severity: warning              # error 违规尚待处理；warning 已成事实或两系统不一致；notice 即将到期
owner: 学生处                   # 责任单位：学生处 财务处 招生办 就业指导中心 教务处 二级学院
#   因情形而异的，写成列表，最后一项不写 when：
#   owner: [{{owner: 财务处, when: student.level == "本科"}}, {{owner: 学生处}}]
# over: 条件                    已经过去、无事可办的情形：级别降一级
# population: {{student: 'status == "在读"'}}    核查对象；不写则为第一条事实的全部

# 同一组值合为一项问题；写成 事实.字段
per: [student.student_no]

# 以下各条都成立才算一项。每条写「事实: 条件」，可用的事实和字段见 xuejian rules schema rule
#   - student: status == "在读"                     有一名在读学生
#   - change as leave: student_no == student.student_no   与前面的事实按学号相连，另起名 leave
#   - no registration: student_no == student.student_no   没有这样的学期注册
# 条件里可用 == != < <= > >= and or not in、is None（未填）、as_of（数据截至日期）、params.参数名
when:
  - student: status == "在读" and ethnicity is None

# 报告里的一句话，{{{{ 事实.字段 }}}} 会换成值，写了 due 的 {{{{ due }}}} 是期限；姓名和身份证号会自动遮盖
message: "{{{{ student.student_no }}}} 在读，民族未填"
remedy: 学生处核对户籍信息后补填      # 谁、做什么

# 至少一个查得出的例子，和一个差一点就查得出的例子；只写有关的字段
examples:
  - name: 在读而民族未填
    as_of: 2026-11-25
    facts:
      student: [{{student_no: "1", status: 在读}}]
    finds: [{{student_no: "1"}}]
  - name: 民族已填
    like: 1                    # 从第 1 个例子出发，只换下面写到的表
    facts: {{student: [{{student_no: "1", status: 在读, ethnicity: 汉族}}]}}
    finds: []
  - name: 已不在读的不查
    like: 1
    facts: {{student: [{{student_no: "1", status: 毕业}}]}}
    finds: []
"""


def new_rule(rule_id: str, folder: Path, packs: Sequence[Pack]) -> Path:
    """Writes `folder`/ID.yaml (the folder is made if it is not there) for the first pack; the file's path.

    RuleError where the id has not the right form, is taken, or the file is there already: nothing is overwritten.
    """
    if not _ID.fullmatch(rule_id):
        raise RuleError(f"规则编号 {rule_id} 的写法不对，应如 OWN-01：大写字母和数字，横线，两三位数字")
    if any(rule.id == rule_id for pack in packs for rule in pack.rules):
        raise RuleError(f"规则编号 {rule_id} 已被规则包使用，请换一个")
    path = folder / f"{rule_id}.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    clauses = packs[0].file.clauses
    clause = next((c.id for c in clauses if packs[0].covering(c.id)), clauses[0].id)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_TEXT.format(id=rule_id, folder=folder, clause=clause))
    except FileExistsError:
        raise RuleError(f"{path} 已经存在，没有改动它") from None
    return path
