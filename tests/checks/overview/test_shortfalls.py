"""When is there too little data for an answer? (data-contract.md, source-mapping.md "Verdict and coverage")"""

from collections.abc import Collection
from datetime import date

import pytest

from checks.outcome import exit_code
from checks.overview.shortfalls import shortfalls
from checks.results import CheckResult, PackInfo, RuleResult, TableInfo

EVERY = ("student", "term", "fee", "registration", "record")


def table(name: str, accepted: int = 10) -> TableInfo:
    return TableInfo(name, name, (f"{name}.csv",), accepted, accepted, 0)


def rule(number: int, status: str = "clean", *, excused: bool = False) -> RuleResult:
    return RuleResult(
        id=f"TST-{number:02}", title="某事", severity="error", status=status, considered=10, findings=0, clause="四-2",
        owner="教务处", remedy="核实。", reason=None, excused=excused,
    )  # fmt: skip


def result(
    tables: Collection[TableInfo] = tuple(map(table, EVERY)),
    rules: Collection[RuleResult] = (rule(1),),
    least_checked: int = 80,
) -> CheckResult:
    return CheckResult(
        date(2026, 11, 25), PackInfo("tst", "某规则", "1"), "exports", "", {each.name: each for each in tables},
        tuple(rules), (), (), least_checked=least_checked,
    )  # fmt: skip


def rules(checked: int, not_checked: int, excused: int = 0) -> list[RuleResult]:
    return [
        *(rule(n) for n in range(checked)),
        *(rule(20 + n, "not checked") for n in range(not_checked)),
        *(rule(40 + n, "not checked", excused=True) for n in range(excused)),
    ]


def test_with_the_tables_that_all_rests_on_and_every_rule_checked_nothing_is_short() -> None:
    assert shortfalls(result()) == ()


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({"student"}, ["没有可用的在校生数据"]),
        ({"term"}, ["没有可用的校历数据"]),
        ({"fee", "registration", "record"}, ["缴费、学期注册、学籍的数据一项也没有"]),
        ({"fee", "registration"}, []),
        ({"record"}, []),
    ],
)
@pytest.mark.parametrize("empty", [False, True], ids=["missing", "no row accepted"])
def test_the_tables_that_all_rests_on(without: set[str], said: list[str], empty: bool) -> None:
    given = [table(name, 0 if name in without else 10) for name in EVERY if empty or name not in without]
    assert [each.text for each in shortfalls(result(given))] == said


def test_four_rules_of_five_are_enough_and_one_less_is_not() -> None:
    assert shortfalls(result(rules=rules(16, 4))) == ()
    (short,) = shortfalls(result(rules=rules(15, 5)))
    assert (short.code, short.text) == ("few_rules", "应核查的20条规则只核查了15条（75%），不到80%")


def test_a_share_just_below_the_limit_is_not_rounded_up() -> None:
    (short,) = shortfalls(result(rules=rules(799, 201)))
    assert short.text == "应核查的1000条规则只核查了799条（79%），不到80%"


def test_a_school_may_ask_for_more_or_for_less() -> None:
    assert shortfalls(result(rules=rules(15, 5), least_checked=75)) == ()
    assert shortfalls(result(rules=rules(19, 1), least_checked=95)) == ()
    assert shortfalls(result(rules=rules(19, 1), least_checked=96))


def test_a_rule_that_lacks_an_optional_table_alone_does_not_count() -> None:
    assert shortfalls(result(rules=rules(16, 4, excused=30))) == ()
    assert shortfalls(result(rules=rules(15, 5, excused=30)))


def test_where_no_rule_was_checked_there_is_no_answer_whatever_the_school_asks_for() -> None:
    for given in ((), rules(0, 3), rules(0, 0, excused=3)):
        assert [each.code for each in shortfalls(result(rules=given, least_checked=0))] == ["no_rules"]


def test_a_failed_rule_is_none_that_was_checked() -> None:
    assert shortfalls(result(rules=[*rules(15, 4), rule(60, "failed")]))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (result(), 0),
        (result(rules=rules(16, 0, excused=4)), 0),
        (result(rules=rules(19, 1)), 3),
        (result([table("student"), table("term")]), 3),
        (result(map(table, EVERY[1:])), 3),
        (result(rules=[rule(1, "partial")]), 3),
    ],
    ids=["all", "optional tables alone are missing", "one not checked", "no registrations", "no students", "partial"],
)  # fmt: skip
def test_strict_wants_an_answer_that_rests_on_all(given: CheckResult, code: int) -> None:
    assert exit_code(given, "error", strict=True) == code
    assert exit_code(given, "error", strict=False) == 0
