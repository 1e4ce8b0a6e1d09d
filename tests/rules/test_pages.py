"""Rules in plain Chinese: the words come from the conditions themselves, so that they can't drift from the rule."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rules.pack import Pack, load_pack
from rules.pages import entry, list_json, list_text, owner, page
from rules.wording import Wording, shown_value

School = Callable[..., Path]
CHANGE = 'kind == "休学" and until < as_of'
STUDENT = 'student_no == change.student_no and status == "休学"'
LATER = "  - no change: student_no == change.student_no and effective_on > change.effective_on\n"
PARAMETERS = """\
parameters:
  grace: {title: 宽限天数, type: int, unit: 天, value: 14}
  limits: {title: 次数上限, type: int, shape: table, value: {本科: 2, 专科: 1}}
  leaves: {title: 休假类别, type: text, shape: list, value: [休学, 保留学籍]}
  pattern: {title: 文号的写法, type: text, value: null}
"""
USED = (
    "  - no deferral?: person_no == change.student_no and term != params.pattern and approver in params.leaves"
    " and until > as_of + params.grace\n"
)


@pytest.fixture(scope="module")
def built_in() -> Pack:
    return load_pack()


def words(pack: Pack, rule_id: str) -> list[str]:
    rule = pack.rule(rule_id)
    wording = Wording(rule, pack.file.parameters, pack.parameters)
    return [wording.pattern(pattern) for pattern in rule.patterns]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("REG-01", ["有教学活动：报到截止后首次上课日期已填",
         "有校历：学期是教学活动的学期",
         "没有学期注册：学号是教学活动的学号，且学期是教学活动的学期"]),
        ("LEV-01", [
            "有学籍异动：异动类别是休学、保留学籍之一，且发文日期已填，且应复学日期早于数据截至日期",
            "有在校生：学号是学籍异动的学号，且在校状态是休学、保留学籍之一",
            "没有学籍异动：学号是学籍异动的学号，且发文日期已填，且生效日期晚于学籍异动的生效日期",
            "没有学籍异动：学号是学籍异动的学号，且异动类别是「复学」，且「在办」",
        ]),
        ("RPT-01", [
            "有在校生",
            "有留级次数：学号是在校生的学号，且留级次数大于在校期间留级次数上限（按在校生的培养层次：本科 2，专科 1）",
        ]),
        ("ADM-06", [
            "有返校报到：报到日期未填，且未报到标注日期未填",
            "有校历：学期是返校报到的学期，且数据截至日期晚于报到截止日期之后 14 天",
            "有在校生：学号是返校报到的学号，且在校状态是「在读」",
            "没有暂缓报到：学号或考生号是返校报到的学号，且学期是返校报到的学期，且批准日期已填，"
            "且暂缓至不早于数据截至日期（没有暂缓报到表时视为没有）",
        ]),
        ("IDN-01", ["有重复学籍"]),
    ],
)  # fmt: skip
def test_a_rule_of_the_regulation_in_words(built_in: Pack, rule: str, said: list[str]) -> None:
    assert words(built_in, rule) == said


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('kind == "休学"', "异动类别是「休学」"),
        ('kind != "休学"', "异动类别不是「休学」"),
        ("until == issued_on", "截止日期就是发文日期"),
        ("until != issued_on", "截止日期不是发文日期"),
        ("until <= as_of", "截止日期不晚于数据截至日期"),
        ('until >= "2026-09-01"', "截止日期不早于2026年9月1日"),
        ('("2026-09-01" < until)', "2026年9月1日早于截止日期"),
        ("until > issued_on + 14", "截止日期晚于发文日期之后 14 天"),
        ("until > issued_on - 14 + 1", "截止日期晚于发文日期之前 14 天之后 1 天"),
        ("workdays_left == 3", "距标注截止的工作日等于 3"),
        ("workdays_left != 3 and has_record", "距标注截止的工作日不等于 3，且「有学籍」"),
        ("workdays_left < 3 or workdays_left >= 9", "距标注截止的工作日小于 3，或距标注截止的工作日不小于 9"),
        ("workdays_left + 2 <= 3 - 1", "距标注截止的工作日加 2 不大于 3 减 1"),
        ("workdays_left in [1, 2]", "距标注截止的工作日是1、2之一"),
        ('kind not in ["休学", "复学"]', "异动类别不是休学、复学中的任何一种"),
        ("not has_record", "不是「有学籍」"),
        ("issued_on is None", "发文日期未填"),
        ("issued_on is not None", "发文日期已填"),
        ('not (kind == "休学" and until is None)', "并非（异动类别是「休学」，且截止日期未填）"),
        ('from_major < to_major', "原专业排在前于新专业"),
        ("has_record and (until is None or until < as_of)",
         "「有学籍」，且（截止日期未填，或截止日期早于数据截至日期）"),
        ("issued_on < until < as_of and has_record",
         "（发文日期早于截止日期，且截止日期早于数据截至日期），且「有学籍」"),
    ],
)  # fmt: skip
def test_a_condition_in_words(school: School, condition: str, said: str) -> None:
    assert words(load_pack(school(rule={CHANGE: condition})), "TST-01")[0] == f"有学籍异动：{said}"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("owed > 5800", "欠缴金额大于 5800.00 元"),
        ("owed >= 0.01 and settled", "欠缴金额不小于 0.01 元，且「已缴清、缓缴或有资助」"),
        ("0 < paid", " 0.00 元小于实缴金额"),
        ("payable in [4800, 5800.5]", "应缴金额是4800.00 元、5800.50 元之一"),
        ("paid < payable", "实缴金额小于应缴金额"),
    ],
)
def test_money_is_said_in_yuan(school: School, condition: str, said: str) -> None:
    fees = f"  - no fee_account: student_no == change.student_no and {condition}\n"
    text = words(load_pack(school(rule={LATER: fees})), "TST-01")[2]
    assert text == f"没有缴费账户：学号是学籍异动的学号，且{said}"


def parametrised(school: School) -> Path:
    limits = STUDENT + " and grade > params.limits[level] and grade < params.grace"
    return school({"parameters: {}\n": PARAMETERS}, {STUDENT: limits, LATER: USED})


def test_parameters_are_said_with_the_values_in_force(school: School) -> None:
    folder = parametrised(school)
    assert words(load_pack(folder), "TST-01")[1:] == [
        "有在校生：学号是学籍异动的学号，且在校状态是「休学」，"
        "且年级大于次数上限（按培养层次：本科 2，专科 1），且年级小于 14",
        "没有暂缓报到：学号或考生号是学籍异动的学号，且学期不是未设置，且审核单位在休假类别（休学、保留学籍）之中，"
        "且暂缓至晚于数据截至日期之后 14 天（没有暂缓报到表时视为没有）",
    ]
    own: Mapping[str, object] = {"grace": 3, "leaves": ["复学"]}
    assert words(load_pack(folder, own=own), "TST-01")[2] == (
        "没有暂缓报到：学号或考生号是学籍异动的学号，且学期不是未设置，且审核单位在休假类别（复学）之中，"
        "且暂缓至晚于数据截至日期之后 3 天（没有暂缓报到表时视为没有）"
    )


def test_a_value_is_said_on_one_line() -> None:
    assert [shown_value(v) for v in (None, 14, "X", ["甲", "乙"], {"本科": 2, "专科": 1})] == [
        "未设置", "14", "X", "甲、乙", "本科 2，专科 1",
    ]  # fmt: skip


def test_a_page_says_all_of_a_rule(school: School) -> None:
    folder = parametrised(school)
    pack = load_pack(folder)
    assert page(pack, pack.rule("TST-01")) == (
        "TST-01　休学期满未复学\n"
        "Leave over\n"
        "\n"
        "性质：违规　责任单位：二级学院　规则包：某校学籍管理规则\n"
        "处理：办理复学\n"
        "\n"
        "条款 四-5\n"
        "    5.休学\n"
        "    休学期满应当复学。\n"
        "\n"
        "什么情形算（以下都成立）\n"
        "    1. 有学籍异动：异动类别是「休学」，且截止日期早于数据截至日期\n"
        "    2. 有在校生：学号是学籍异动的学号，且在校状态是「休学」，"
        "且年级大于次数上限（按培养层次：本科 2，专科 1），"
        "且年级小于 14\n"
        "    3. 没有暂缓报到：学号或考生号是学籍异动的学号，且学期不是未设置，"
        "且审核单位在休假类别（休学、保留学籍）之中，"
        "且暂缓至晚于数据截至日期之后 14 天（没有暂缓报到表时视为没有）\n"
        "    同一异动编号合为一项\n"
        "\n"
        "参数\n"
        "    宽限天数（grace）：14 天\n"
        "    休假类别（leaves）：休学、保留学籍\n"
        "    次数上限（limits）：本科 2，专科 1\n"
        "    文号的写法（pattern）：未设置\n"
        "\n"
        "例子\n"
        "    1. 昨天期满：算\n"
        "    2. 今天期满还没有过：不算\n"
    )


def test_a_note_stands_with_the_conditions(school: School) -> None:
    pack = load_pack(school(rule={"follows: []": "note: 当天不算过期"}))
    assert "    同一异动编号合为一项\n    说明：当天不算过期\n" in page(pack, pack.rule("TST-01"))


def test_every_rule_of_the_regulation_has_a_page(built_in: Pack) -> None:
    for rule in built_in.rules:
        text = page(built_in, rule)
        assert text.startswith(f"{rule.id}　{rule.file.title}\n")
        assert "条款 " in text
        assert "  1. " in text
        assert "  ，" not in text
        assert all(not line.endswith(" ") for line in text.splitlines())


def test_an_owner_that_depends_is_said_to_depend(school: School) -> None:
    office = 'owner: "{% if change.until %}教务处{% else %}学生处{% endif %}"'
    pack = load_pack(school(rule={"owner: 二级学院": office}))
    assert owner(pack.rules[0]) == "按情形"
    assert list_text(pack.rules) == "TST-01  违规  休学期满未复学（四-5，按情形）\n共 1 条规则\n"


def test_the_list_for_people(built_in: Pack) -> None:
    lines = list_text(built_in.rules).splitlines()
    assert "REG-01  违规  未注册学生参加教学活动（四-2，教务处）" in lines
    assert "MRK-05  提示  标注即将到期（五-5、五-6，按情形）" in lines
    assert lines[-1] == f"共 {len(built_in.rules)} 条规则"
    assert list_text([]) == "共 0 条规则\n"


def test_the_list_for_programs(built_in: Pack) -> None:
    listed = json.loads(list_json(built_in.rules))
    assert [each["id"] for each in listed] == [r.id for r in built_in.rules]
    assert {each["id"]: each for each in listed}["ADM-06"] == {
        "id": "ADM-06",
        "title": "返校未报到超期未标注",
        "title_en": "Absent returner not marked in time",
        "pack": "xjtei-2020",
        "clause": ["四-1"],
        "severity": "error",
        "owner": "学生处",
        "per": ["student_no", "term"],
        "parameters": ["review_days"],
        "follows": [],
        "remedy": "学生处核实本人是否到校：已到校的按报到材料补录报到日期，未到校的在在校生管理平台标注未报到",
        "examples": len(built_in.rule("ADM-06").file.examples),
    }
    assert entry(built_in.rule("MRK-05"))["clause"] == ["五-5", "五-6"]


def test_a_page_tells_what_is_over_whose_a_finding_is_and_what_is_looked_at(school: Callable[..., Path]) -> None:
    days = "parameters:\n  days:\n    title: 复学期限\n    type: int\n    unit: 天\n    basis: 校内\n    value: 30\n"
    changes = {
        "until < as_of": "until < as_of - params.days",
        "owner: 二级学院": 'owner: [{owner: 学生处, when: student.level == "专科"}, {owner: 二级学院}]',
        "follows: []": "over: student.status is None\npopulation: {change: 'kind == \"休学\"', student: }\n"
        "follows: [moe-41/MOE-302]",
    }
    pack = load_pack(school({"parameters: {}\n": days}, changes))
    lines = [line.strip() for line in page(pack, pack.rules[0]).splitlines()]
    for line in (
        "性质：违规　责任单位：按情形　规则包：某校学籍管理规则",
        "已经过去（降一级）的情形：在校生的在校状态未填",
        "责任单位：在校生的培养层次是「专科」，学生处",
        "责任单位：其余情形，二级学院",
        "核查对象：学籍异动：异动类别是「休学」",
        "核查对象：在校生",
        "复学期限（days）：30 天（规定未定，由学校自定）",
        "同一人已有 moe-41/MOE-302 的问题时，本条视为其后果，报告里归在其下",
    ):
        assert line in lines
