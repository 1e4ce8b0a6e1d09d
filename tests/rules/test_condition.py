"""What a condition may say, what it means, and how each thing it may not say is refused."""

import warnings
from collections.abc import Iterator
from datetime import date

import pytest

from facts.model.schema import ColumnType
from rules.condition import (
    And,
    AsOf,
    Compare,
    ConditionError,
    Expr,
    Literal,
    Lookup,
    Member,
    Missing,
    Not,
    Or,
    Param,
    ParameterType,
    Ref,
    Scope,
    Term,
    Truth,
    parameters_of,
    parse,
    parse_term,
    refs,
)

PARAMETERS = {
    "days": ParameterType(ColumnType.INT),
    "pattern": ParameterType(ColumnType.TEXT),
    "limits": ParameterType(ColumnType.INT, "table"),
    "kinds": ParameterType(ColumnType.TEXT, "list"),
    "numbers": ParameterType(ColumnType.INT, "list"),
}
FEES = Scope("fee_account", {"fee_account": "fee_account", "student": "student"}, PARAMETERS)
CHANGES = Scope("change", {"change": "change", "student": "student"}, PARAMETERS)


@pytest.fixture(autouse=True)
def no_warning_of_the_parser() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def own(field: str) -> Term:
    return Term(Ref("change", field))


def paid(field: str) -> Term:
    return Term(Ref("fee_account", field))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('kind == "休学"', Compare(own("kind"), "==", Term(Literal("休学")))),
        ('"休学" != kind', Compare(Term(Literal("休学")), "!=", own("kind"))),
        ("until < as_of", Compare(own("until"), "<", Term(AsOf()))),
        ('until >= "2026-09-01"', Compare(own("until"), ">=", Term(Literal(date(2026, 9, 1))))),
        ("until > issued_on + 14", Compare(own("until"), ">", Term(Ref("change", "issued_on"), ((1, Literal(14)),)))),
        ("as_of - params.days > until",
         Compare(Term(AsOf(), ((-1, Param("days")),)), ">", own("until"))),
        ("until > issued_on + 1 - 2",
         Compare(own("until"), ">", Term(Ref("change", "issued_on"), ((1, Literal(1)), (-1, Literal(2)))))),
        ("student_no == student.student_no",
         Compare(own("student_no"), "==", Term(Ref("student", "student_no")))),
        ("workdays_left > params.limits[student.level]",
         Compare(own("workdays_left"), ">", Term(Lookup("limits", Ref("student", "level"))))),
        ("workdays_left > -3", Compare(own("workdays_left"), ">", Term(Literal(-3)))),
        ('kind in ["休学", "复学", "休学"]', Member(Ref("change", "kind"), ("休学", "复学"))),
        ('kind not in ("休学",)', Member(Ref("change", "kind"), ("休学",), negated=True)),
        ("workdays_left in {1, 2}", Member(Ref("change", "workdays_left"), (1, 2))),
        ("kind in params.kinds", Member(Ref("change", "kind"), Param("kinds"))),
        ("issued_on is None", Missing(Ref("change", "issued_on"))),
        ("issued_on is not None", Not(Missing(Ref("change", "issued_on")))),
        ("has_record", Truth(Ref("change", "has_record"))),
        ("not has_record", Not(Truth(Ref("change", "has_record")))),
        ("change.has_record or issued_on is None",
         Or((Truth(Ref("change", "has_record")), Missing(Ref("change", "issued_on"))))),
        ("issued_on < until <= as_of",
         And((Compare(own("issued_on"), "<", own("until")), Compare(own("until"), "<=", Term(AsOf()))))),
        ("has_record\n  and\n  until < as_of",
         And((Truth(Ref("change", "has_record")), Compare(own("until"), "<", Term(AsOf()))))),
    ],
)  # fmt: skip
def test_what_a_condition_says(text: str, meant: Expr) -> None:
    assert parse(text, CHANGES) == meant


@pytest.mark.parametrize(
    ("text", "fen"), [("owed > 0", 0), ("owed > 5800", 580000), ("owed > 0.01", 1), ("owed > -0.5", -50)]
)
def test_money_is_written_in_yuan_and_held_in_fen(text: str, fen: int) -> None:
    assert parse(text, FEES) == Compare(paid("owed"), ">", Term(Literal(fen)))


def test_a_list_of_amounts_is_in_yuan_too() -> None:
    assert parse("payable in [4800, 5800.5]", FEES) == Member(Ref("fee_account", "payable"), (480000, 580050))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # a name
        ("utnil < as_of", "change 没有字段 utnil，是不是 until？"),
        ("qq is None", "change 没有字段 qq，可用的有：academic_on、affairs_on、announced_on、applied_on、careers_on、"
                       "change_no、college_on、document_no、effective_on、exam_on、filed_on、from_major、has_record、"
                       "infirmary_on、issued_on、kind、last_step、mark_due_on、mark_due_provisional、marked_record_on、"
                       "marked_school_on、meeting_on、next_office、next_step、notified_on、pending、proposed_on、reason、"
                       "return_by、student_no、to_major、to_major_key、until、workdays_left"),
        ("student.stats == 1", "student 没有字段 stats，是不是 status？"),
        ("studnt.status == 1", "前面没有叫 studnt 的事实，是不是 student？"),
        ("zz.status == 1", "前面没有叫 zz 的事实，可用的有：change、student"),
        ("student == 1", "student 是一条事实，不是字段，请写成 student.字段"),
        ("kind == 休学", '文本要加引号："休学"'),
        ("until > as_of + params.dayz", "规则包没有参数 dayz，是不是 days？"),
        ("kind in params.kind", "规则包没有参数 kind，是不是 kinds？"),
        ("student.status.x == 1", "这里要写一个字段，不是 student.status.x"),
        ("1 is None", "这里要写一个字段，不是 1"),
        # types
        ('until < "明天"', '「明天」不是日期，请写成 "2026-09-01"'),
        ("until < student_no", "不能拿日期与文本比较：until < student_no"),
        ("until == 14", "不能拿日期与整数比较：until == 14"),
        ('workdays_left == "3"', "不能拿整数与文本比较：workdays_left == '3'"),
        ("kind == params.days", "不能拿文本与整数比较：kind == params.days"),
        ("has_record == mark_due_provisional", "「是/否」字段请直接写 has_record 或 not has_record"),
        ("has_record == True", "不要写 True 或 False，「是/否」字段直接写字段名或 not 字段名"),
        ("issued_on", "issued_on 不是「是/否」字段，不能单独作条件，请写成比较"),
        ("not kind", "kind 不是「是/否」字段，不能单独作条件，请写成比较"),
        ("until == None", "与 None 比较永不成立，请用 is None 或 is not None"),
        ("None != until", "与 None 比较永不成立，请用 is None 或 is not None"),
        ('kind is "休学"', "is 只能用于 is None 和 is not None"),
        # codes
        ('kind == "保留学藉"', "「保留学藉」不在 kind 的代码表中，是不是 保留学籍？"),
        ('"在读" == student.level', "「在读」不在 level 的代码表中，可用的有：专科、中职、本科、预科"),
        ('kind in ["休学", "自动退"]', "「自动退」不在 kind 的代码表中，是不是 自动退学？"),
        # in
        ("kind in []", "in 后面的列表是空的"),
        ('kind in "休学"', "in 后面要写列表，如 [\"休学\", \"保留学籍\"]，或列表参数；这里是 '休学'"),
        ('kind in ["休学", 3]', "kind 是文本，列表里有整数"),
        ('until in ["2026-09-01"]', "in 后面的列表只能写文本或数字：['2026-09-01']"),
        ("kind in [student.level]", "in 后面的列表只能写文本或数字：[student.level]"),
        ("workdays_left in [1 + 1]", "in 后面的列表只能写文本或数字：[1 + 1]"),
        ("kind in params.days", "参数 days 不是可与 kind 比较的列表"),
        ("kind in params.numbers", "参数 numbers 不是可与 kind 比较的列表"),
        # parameters
        ("kind == params.kinds", "参数 kinds 是列表，用 in"),
        ("workdays_left > params.limits", "参数 limits 是表，用 [字段] 查"),
        ("workdays_left > params.days[kind]", "参数 days 不是表，不能用 [字段] 查"),
        ("workdays_left > params.limits[until]", "参数表 limits 要用文本字段来查，until 是日期"),
        ("workdays_left > params.limits[1]", "这里要写一个字段，不是 1"),
        # sums
        ("until > issued_on + until", "只能加减整数或整数参数：until"),
        ("until > issued_on + params.pattern", "只能加减整数或整数参数：params.pattern"),
        ("until > issued_on + (1 + 1)", "只能加减整数或整数参数：1 + 1"),
        ("kind == kind + 1", "只有日期和整数能加减：kind"),
        ("workdays_left > params.limits[kind] + 1", "只有日期和整数能加减：params.limits[kind]"),
        ("until > issued_on + 100001", "加减的数太大：100001"),
        ("until > issued_on * 2", "条件里不能用 issued_on * 2"),
        # what computes or calls
        ("len(kind) == 2", "条件里不能用 len(kind)"),
        ('__import__("os").system("ls")',
         "条件里不能用 __import__('os').system('ls')，只能用比较、and、or、not、in、is None"),
        ("kind[0] == 1", "条件里不能用 kind[0]"),
        ('kind == f"{kind}"', "条件里不能用 f'{kind}'"),
        ("(lambda: 1) == 1", "条件里不能用 lambda: 1"),
        ("1 if has_record else 2", "条件里不能用 1 if has_record else 2，只能用比较、and、or、not、in、is None"),
        ("workdays_left == 1j", "条件里不能用 1j"),
        ('kind == b"x"', "条件里不能用 b'x'"),
        ("-kind == 1", "条件里不能用 -kind"),
        ("-True == workdays_left", "条件里不能用 -True"),
        ("5", "条件里不能用 5，只能用比较、and、or、not、in、is None"),
        # numbers
        ("workdays_left > 1000000000000", "数字太大：1000000000000"),
        ("workdays_left > 1e999", "数字太大：inf"),
        # form
        ("until <", "条件写法有误：until <"),
        ("until = as_of", "条件写法有误：until = as_of"),
        ("until < as_of; 1", "条件写法有误：until < as_of; 1"),
        ("kind == '\x00'", "条件写法有误：kind == '\x00'"),
        (r'document_no == "\d"', r'条件写法有误：document_no == "\d"'),
        ("(" * 300 + "has_record" + ")" * 300, "条件写法有误：" + "(" * 80),
        ("not " * 60 + "has_record", "条件嵌套太深，请拆成几条规则"),
        ("workdays_left > 1" + " + 1" * 900, "条件嵌套太深，请拆成几条规则"),
        ("has_record" + " and has_record" * 300, "条件太长，请拆成几条规则"),
    ],
)  # fmt: skip
def test_what_a_condition_may_not_say(text: str, said: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text, CHANGES)
    assert str(caught.value) == said


def test_money_is_exact_to_the_fen() -> None:
    with pytest.raises(ConditionError, match=r"金额精确到分：0\.001"):
        parse("owed > 0.001", FEES)
    with pytest.raises(ConditionError, match="不能拿金额与文本比较"):
        parse('owed > "5800"', FEES)
    with pytest.raises(ConditionError, match="只有日期和整数能加减：owed"):
        parse("owed + 1 > 3", FEES)


def test_a_deadline_is_a_term_with_its_type() -> None:
    assert parse_term("change.until + params.days", CHANGES) == (
        Term(Ref("change", "until"), ((1, Param("days")),)), ColumnType.DATE,
    )  # fmt: skip
    assert parse_term("student.status", CHANGES) == (Term(Ref("student", "status")), ColumnType.CODE)


def test_what_an_expression_reads_is_known_from_it() -> None:
    expr = parse(
        'not (kind in params.kinds) and (issued_on is None or has_record or kind in ["休学"])'
        " and workdays_left > params.limits[student.level] and until < issued_on + params.days",
        CHANGES,
    )
    assert [f"{ref.alias}.{ref.field}" for ref in refs(expr)] == [
        "change.kind", "change.issued_on", "change.has_record", "change.kind", "change.workdays_left",
        "student.level", "change.until", "change.issued_on",
    ]  # fmt: skip
    assert list(parameters_of(expr)) == ["kinds", "limits", "days"]
