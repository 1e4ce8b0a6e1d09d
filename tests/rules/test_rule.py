"""A rule file as it is loaded: every refusal with its file, its line and what to do about it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from rules.condition import EVERYTHING, Ref
from rules.errors import RuleError
from rules.rule import Rule, clause_ids, example_facts, is_personal

CHANGE = '  - change: kind == "休学" and until < as_of\n'
STUDENT = '  - student: student_no == change.student_no and status == "休学"\n'
LATER = "  - no change: student_no == change.student_no and effective_on > change.effective_on\n"
NEAR = '{change: [{change_no: C1, student_no: "1", kind: 休学, until: 2026-11-25}]}'
MESSAGE = '"{{ change.student_no }}的{{ change.kind }}已于{{ change.until }}期满"'

Load = Callable[..., Rule]
Refused = Callable[[Mapping[str, str], str], RuleError]


def test_a_rule_is_loaded_with_its_conditions_typed(load: Load) -> None:
    rule = load()
    assert rule.id == "TST-01"
    assert rule.pack == "school"
    assert [(p.alias, p.kind, p.negated, p.optional) for p in rule.patterns] == [
        ("change", "change", False, False), ("student", "student", False, False), ("no 2", "change", True, False),
    ]  # fmt: skip
    assert [p.kind for p in rule.positive] == ["change", "student"]
    assert [p.kind for p in rule.negative] == ["change"]
    assert rule.per == (Ref("change", "change_no"),)
    assert rule.shown == {Ref("change", "student_no"), Ref("change", "kind"), Ref("change", "until")}
    assert rule.parameters == frozenset()


def test_what_decides_a_rule_is_known_field_by_field(load: Load) -> None:
    rule = load(
        {
            LATER: LATER + "  - no deferral?: person_no == change.student_no and until > as_of\n",
            "due: change.until": "due: change.mark_due_on + params.days",
        }
    )
    assert ("student", "status", False) in rule.judged
    assert ("change", "mark_due_on", False) in rule.judged, "the deadline decides"
    assert ("deferral", "until", True) in rule.judged, "a table that need not be there"
    assert ("change", "student_no", False) in rule.judged, "also where an optional pattern reads it"
    assert rule.parameters == {"days", "mark_workdays", "prompt_days"}, "those of the computed deadline too"


def test_parameters_of_messages_and_owners_count(load: Load) -> None:
    rule = load({MESSAGE: '"超过 {{ params.days }} 天"', "owner: 二级学院": 'owner: "{{ params.numbers }}"'})
    assert rule.parameters == {"days", "numbers"}


def test_a_pattern_may_ask_for_nothing(load: Load) -> None:
    rule = load({CHANGE: "  - term:\n" + CHANGE})
    assert rule.patterns[0].condition == EVERYTHING


def test_a_kind_may_stand_twice_under_another_name(load: Load) -> None:
    rule = load({LATER: "  - change as later: student_no == change.student_no and until > change.until\n"})
    assert rule.kinds == {"change": "change", "student": "student", "later": "change"}


def test_owners_by_case_what_is_over_and_what_is_looked_at_are_typed(load: Load) -> None:
    rule = load(
        {
            "owner: 二级学院": "owner:\n  - {owner: 学生处, when: student.status is None}\n"
            "  - {owner: 教务处, when: until + params.days < as_of}\n  - owner: 二级学院",
            "follows: []": "over: student.status is None or effective_on is None\n"
            "population:\n  change: kind in params.kinds\n  student:\nfollows: [other/TST-09]",
        }
    )
    assert [(owner.template, owner.condition is None) for owner in rule.owners] == [
        ("学生处", False), ("教务处", False), ("二级学院", True),
    ]  # fmt: skip
    assert rule.owner is None
    assert [(p.kind, p.condition == EVERYTHING) for p in rule.population] == [("change", False), ("student", True)]
    assert ("change", "effective_on", False) in rule.judged, "without it nobody knows what is over"
    assert rule.parameters == {"days", "kinds"}
    assert rule.limits == frozenset(), "none of them decides what is found"
    assert load().owner == "二级学院"


@pytest.mark.parametrize(
    ("changes", "at", "said"),
    [
        # the form
        ({"title_en: Leave over\n": ""}, "id:", "缺少 title_en"),
        ({"severity: error": "severty: error"}, "id:", "缺少 severity"),
        ({"remedy: 办理复学": "remedy: 办理复学\nremdey: 办理"}, "remdey", "不认得 remdey，是不是 remedy？"),
        ({"    like: 1\n": "    liek: 1\n    like: 1\n"}, "liek", "不认得 examples.1.liek，是不是 like？"),
        ({"follows: []": "effective: {form: 2020-05-14}"}, "effective:", "不认得 effective.form，是不是 from？"),
        ({"severity: error": "severity: grave"}, "severity", "severity 只能是 error、warning、notice"),
        ({"id: TST-01": "id: test"}, "id:", "id 的写法不对：test"),
        ({"remedy: 办理复学": "remedy: ''"}, "remedy", "remedy 的值不对："),
        ({"remedy: 办理复学": "remedy: [办, 理]"}, "remedy", "remedy 的值不对：['办', '理']"),
        ({"per: [change.change_no]": "per: []"}, "per", "per 太少：至少要 1 个"),
        ({"    finds: [{change_no: C1}]": "    finds: [{change_no: 1}]"}, "finds: [{change_no: 1",
         "examples.0.finds.0.change_no 的值不对：1"),
        ({"clause: 四-5": "clause: 四-7"}, "clause", "规则包没有条款 四-7，是不是 四-6？"),
        ({"clause: 四-5": "clause: 四-5、九"}, "clause", "规则包没有条款 九，可用的有：四-5、四-6"),
        # patterns
        ({CHANGE: "  - {change: until < as_of, term: current}\n"}, "  - {change", "when 的每一项写一条「事实: 条件」"),
        ({CHANGE: "  - {}\n"}, "  - {}", "when 的每一项写一条「事实: 条件」"),
        ({CHANGE: "  - change of student: until < as_of\n"}, "  - change of",
         "「change of student」看不懂，应写成 事实、事实 as 名、no 事实 或 no 事实?"),
        ({STUDENT: "  - studnet: student_no == change.student_no\n"}, "  - studnet",
         "没有叫 studnet 的事实，是不是 student？"),
        ({LATER: "  - no change as later: student_no == change.student_no\n"}, "  - no change as",
         "no 后面的事实没有名字可起：它不存在"),
        ({STUDENT: "  - student?: student_no == change.student_no\n"}, "  - student?", "「?」只能用在 no 后面"),
        ({CHANGE: "  - no change: until < as_of\n"}, "  - no change: until", "第一条不能是 no：先写要查的事实"),
        ({STUDENT: "  - change: student_no == change.student_no\n"}, "  - change: student_no",
         "change 已经用过，请写成 change as 另一个名字"),
        ({STUDENT: "  - student as params: student_no == change.student_no\n"}, "  - student as",
         "params 已经用过，请写成 student as 另一个名字"),
        # conditions
        ({CHANGE: "  - change: utnil < as_of\n"}, "  - change: utnil", "change 没有字段 utnil，是不是 until？"),
        ({CHANGE: "  - change: until < student_no\n"}, "  - change: until", "不能拿日期与文本比较：until < student_no"),
        ({CHANGE: "  - change: abs(1) == 1\n"}, "  - change: abs", "条件里不能用 abs(1)"),
        ({CHANGE: "  - change: until <\n"}, "  - change: until", "条件写法有误：until <"),
        ({STUDENT: "  - student: student_no == later.student_no\n"}, "  - student: student_no == later",
         "前面没有叫 later 的事实，可用的有：change、student"),
        ({STUDENT: "  - student: >-\n      status == \"休学\"\n      and student_no == change.student\n"},
         "  - student: >-",
         "change 没有字段 student，是不是 student_no？"),
        # joins that leave the person
        *(
            ({STUDENT: f"  - student: {condition}\n"}, "  - student:",
             "student 没有按学号、身份证号、考生号或异动编号与前面的事实相连，会把不同的人配在一起")
            for condition in (
                'status == "休学"', "student_no != change.student_no", "student_no == change.change_no",
                'student_no == change.student_no or status == "休学"', "not (student_no == change.student_no)",
                "major == change.from_major", 'student_no == "1"', "student_no == student_no",
            )
        ),
        ({LATER: "  - no change: until > change.until\n"}, "  - no change",
         "change 没有按学号、身份证号、考生号或异动编号与前面的事实相连，会把不同的人配在一起"),
        ({CHANGE: "  - term: current\n", STUDENT: "", LATER: "  - no change: until < as_of\n"}, "  - no change",
         "change 没有按学号、身份证号、考生号或异动编号与前面的事实相连，会把不同的人配在一起"),
        # key and deadline
        ({"per: [change.change_no]": "per: [change_no]"}, "change_no]", "change_no 要写成 事实.字段"),
        ({"per: [change.change_no]": "per: [changes.change_no]"}, "per",
         "规则没有绑定叫 changes 的事实，是不是 change？"),
        ({"per: [change.change_no]": "per:\n  - change.change_no\n  - change.no\n"}, "  - change.no\n",
         "change 没有字段 no，可用的有：academic_on"),
        ({"per: [change.change_no]": "per: [change.student_no, student.student_no]"}, "per",
         "per 里有两个 student_no，结果的键分不清"),
        ({"due: change.until": "due: change.kind"}, "due", "due 要是日期"),
        ({"due: change.until": "due: registration.registered_on"}, "due",
         "前面没有叫 registration 的事实，可用的有：change、student"),
        # message and owner
        ({MESSAGE: '"{{ change.studnet_no }}"'}, "message", "change 没有字段 studnet_no，是不是 student_no？"),
        ({MESSAGE: '"{{ later.kind }}"'}, "message", "规则没有绑定叫 later 的事实"),
        ({MESSAGE: '"{{ change }}"'}, "message", "模板里的 change 要写成 change.字段"),
        ({MESSAGE: '"{{ change.kind"'}, "message",
         "模板写法有误：unexpected end of template, expected 'end of print statement'."),
        ({"owner: 二级学院": "owner: \"{{ student.office }}\""}, "owner", "student 没有字段 office"),
        ({"owner: 二级学院": "owner: []"}, "owner", "owner 太少：至少要 1 个"),
        ({"owner: 二级学院": "owner:\n  - {owner: 学生处, whne: until < as_of}\n  - owner: 教务处\n"}, "  - {owner: 学",
         "不认得 owner.0.whne，是不是 when？"),
        ({"owner: 二级学院": "owner:\n  - {owner: 学生处, when: utnil < as_of}\n  - owner: 教务处\n"}, "  - {owner: 学",
         "change 没有字段 utnil，是不是 until？"),
        ({"owner: 二级学院": "owner:\n  - owner: 学生处\n  - owner: 教务处\n"}, "  - owner: 学",
         "owner 里只有最后一项可以不写 when，后面的各项永远轮不到"),
        ({"owner: 二级学院": "owner:\n  - {owner: 学生处, when: until < as_of}\n"}, "  - {owner: 学",
         "owner 的最后一项不写 when：它是其余情形的责任单位"),
        # what is over, what is looked at, what it follows
        ({"follows: []": "over: student.statsu is None"}, "over: student", "student 没有字段 statsu，是不是 status？"),
        ({"follows: []": "over: later.until < as_of"}, "over: later", "前面没有叫 later 的事实"),
        ({"follows: []": "population: {studnet: ''}"}, "population", "没有叫 studnet 的事实，是不是 student？"),
        ({"follows: []": "population: {student: until < as_of}"}, "population", "student 没有字段 until"),
        ({"follows: []": "population: {}"}, "population", "population 太少：至少要 1 个"),
        ({"follows: []": "follows: [xjtei/reg-03]"}, "follows", "follows.0 的写法不对：xjtei/reg-03"),
        ({"owner: 二级学院": "owner: \"{{ params.office }}\""}, "owner", "规则包没有参数 office"),
        ({"owner: 二级学院": "owner: \"{% if change.until %}教务处\""}, "owner", "模板写法有误："),
        # examples
        ({"    like: 1\n": "    like: 2\n"}, "like: 2", "like 要指前面的某个例子（1 是第一个）"),
        ({"    like: 1\n": "    like: 0\n"}, "like: 0", "like 要指前面的某个例子（1 是第一个）"),
        ({"    as_of: 2026-11-25\n": ""}, "  - name: 昨天", "例子缺少 as_of"),
        ({"    as_of: 2026-11-25\n": "    as_of: 昨天\n"}, "as_of: 昨天", "examples.0.as_of 的值不对：昨天"),
        ({"    like: 1\n": "    like: 1\n    parameters: {day: 3}\n"}, "    parameters: {day",
         "规则包没有参数 day，是不是 days？"),
        ({NEAR: "{changes: []}"}, "    facts: {changes", "没有叫 changes 的事实，是不是 change？"),
        ({NEAR: "{change: [{change_no: C1, utnil: 2026-11-25}]}"}, "    facts: {change: [{change_no: C1, utnil",
         "change 没有字段 utnil，是不是 until？"),
        ({"    finds: [{change_no: C1}]": "    finds: [{student_no: '1'}]"}, "    finds: [{student",
         "finds 的键应是 change_no"),
        ({"    finds: []": "    finds: [{change_no: C1}]"}, "examples:", "例子里至少要有一个能查出的和一个查不出的"),
        ({"    finds: [{change_no: C1}]": "    finds: []"}, "examples:", "例子里至少要有一个能查出的和一个查不出的"),
        ({f"  - name: 今天期满还没有过\n    like: 1\n    facts: {NEAR}\n    finds: []\n": ""}, "examples:",
         "examples 太少：至少要 2 个（一个能查出的例子和一个差一点的例子）"),
    ],
)  # fmt: skip
def test_a_refusal_says_where_and_what(refused: Refused, changes: dict[str, str], at: str, said: str) -> None:
    error = refused(changes, at)
    assert error.message.startswith(said)
    assert error.message == said or "可用的有" in error.message or "模板写法有误" in error.message


def test_a_file_is_named_after_its_rule(load: Load) -> None:
    with pytest.raises(RuleError) as caught:
        load(name="TST-02.yaml")
    assert str(caught.value) == "TST-02.yaml 第 1 行：文件名应为 TST-01.yaml"


def test_an_error_that_is_no_refusal_is_not_hidden(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("rules.rule.parse", broken)
    with pytest.raises(ZeroDivisionError):
        load()


@pytest.mark.parametrize(
    "condition",
    [
        "student_no == change.student_no",
        "change.student_no == student_no",
        'status == "休学" and student_no == change.student_no',
        '(student_no == change.student_no and grade > 1) or (student_no == change.student_no and sex == "男")',
    ],
)
def test_a_join_on_the_person_may_be_written_in_any_way(load: Load, condition: str) -> None:
    assert len(load({STUDENT: f"  - student: {condition}\n"}).patterns) == 3


def test_a_deferral_is_joined_by_whichever_number_it_bears(load: Load, refused: Refused) -> None:
    load({LATER: "  - no deferral: person_no == student.exam_no\n"})
    load({LATER: "  - no deferral: person_no == change.student_no\n"})
    refused({LATER: "  - no deferral: person_no == student.id_number\n"}, "  - no deferral")


def test_facts_of_no_person_need_no_join(load: Load) -> None:
    assert len(load({STUDENT: "  - term: current\n" + STUDENT}).patterns) == 4
    assert is_personal("change")
    assert not is_personal("term")
    assert not is_personal("class_mix")


def test_clauses_are_separated_in_any_of_the_usual_ways() -> None:
    assert clause_ids("五-5、五-6") == clause_ids("五-5, 五-6") == clause_ids("五-5，五-6，") == ("五-5", "五-6")


def test_an_example_takes_over_what_it_does_not_say(load: Load) -> None:
    rule = load({
        "    like: 1\n": "    like: 1\n    parameters: {days: 3}\n",
        "    facts: " + NEAR + "\n    finds: []\n":
            "    facts: " + NEAR + "\n    finds: []\n  - name: 再一例\n    like: 2\n    as_of: 2026-12-01\n"
            "    parameters: {limits: {本科: 1}}\n    facts: {student: []}\n    finds: []\n",
    })  # fmt: skip
    as_of, facts, parameters = example_facts(rule.file, 2)
    assert as_of == date(2026, 12, 1)
    assert facts == {"change": rule.file.examples[1].facts["change"], "student": []}
    assert parameters == {"days": 3, "limits": {"本科": 1}}
    assert example_facts(rule.file, 1)[0] == date(2026, 11, 25)
