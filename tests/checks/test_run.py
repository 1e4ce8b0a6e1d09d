"""The check, whole: what is chosen, what is told, and that nothing but the data decides what is found."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import small

from checks.examples import run_examples
from checks.outcome import exit_code
from checks.results import CheckResult
from checks.rule_results import definition
from checks.run import Options, UnknownCollege, check
from facts.model.refusal import DataError
from reports.console.examples import examples_text
from rules.errors import RuleError
from rules.pack import Pack, find_rule, load_pack

READING = small.rule("STU-01", ["student.student_no"], {"student": 'status == "在读"'}, severity="error")
AWAY = small.rule("STU-02", ["student.student_no"], {"student": 'status == "休学"'}, severity="warning")
GONE = small.rule("STU-03", ["student.student_no"], {"student": 'status == "退学"'}, severity="notice")
UNCHECKED = small.rule("FEE-01", ["fee.student_no"], {"fee": ""})


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return small.pack(tmp_path / "pack", READING, AWAY, GONE)


def students(*statuses: str, **more: Any) -> Any:
    rows = [{"student_no": str(n), "status": s, "college": f"学院{n % 2}"} for n, s in enumerate(statuses)]
    return small.rows(student=rows, **more)


def test_only_what_is_selected_and_not_ignored_is_judged(pack: Pack) -> None:
    def ids(**options: Any) -> list[str]:
        return [rule.id for rule in small.judged(students("在读"), pack, **options).rules]

    assert ids() == ["STU-01", "STU-02", "STU-03"]
    assert ids(select=["STU-03", "STU-01"]) == ["STU-01", "STU-03"]
    assert ids(ignore=["STU-02"]) == ["STU-01", "STU-03"]
    assert ids(select=["STU-02", "STU-03"], ignore=["STU-02"]) == ["STU-03"]


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_a_rule_that_there_is_not_is_refused_with_the_one_that_was_meant(pack: Pack, option: str) -> None:
    with pytest.raises(RuleError, match=r"没有规则 STU-10"):
        small.judged(students("在读"), pack, **{option: ["STU-10"]})


def test_one_college_has_its_own_findings_and_counts(pack: Pack) -> None:
    result = small.judged(students("在读", "在读", "在读", "休学"), pack, college="学院0")
    assert [key["student_no"] for key in small.keys(result)] == ["0", "2"]
    assert small.outcome(result, "STU-01").findings == 2
    assert small.outcome(result, "STU-02").status == "clean"
    assert result.colleges == ("学院0", "学院1")


def test_a_college_that_the_data_does_not_know_is_refused(pack: Pack) -> None:
    with pytest.raises(UnknownCollege, match="数据里没有学院「学院3」"):
        small.judged(students("在读", "在读"), pack, college="学院3")


def test_each_rule_says_how_many_facts_it_considered(pack: Pack) -> None:
    found = small.outcome(small.judged(students("在读", "休学", "毕业"), pack), "STU-01")
    assert (found.considered, found.findings, found.status) == (3, 1, "violated")


@pytest.mark.parametrize("options", [{"jobs": 0}, {"jobs": 3}, {"cohort": 1}, {"cohort": 2, "jobs": 2}])
def test_jobs_and_cohorts_change_nothing_that_is_found(pack: Pack, options: dict[str, int]) -> None:
    snapshot = students(*(("在读", "休学", "退学", "毕业")[n % 4] for n in range(23)))
    assert small.judged(snapshot, pack, **options) == small.judged(snapshot, pack)


def test_it_tells_of_its_stages_and_of_everybody_judged(pack: Pack) -> None:
    told: list[tuple[str, int]] = []
    snapshot = students("在读", "休学", "毕业")
    result = check(snapshot, pack, small.SECRET, Options(jobs=1, cohort=1), lambda *said: told.append(said))
    stages = [(stage, 0) for stage in ("derive", "narrow", "narrow", "engine")]
    assert told == [*stages, ("engine", 1), ("engine", 1), ("gather", 0)]  # whom narrowing left
    assert set(result.timings) == {"derive", "narrow", "engine", "gather"}


def test_a_result_names_the_tables_that_are_given_and_those_that_are_not(pack: Pack) -> None:
    result = small.judged(students("在读", fee=[]), pack)
    assert {name: (t.heading, t.read, t.accepted, t.set_aside) for name, t in result.tables.items()} == {
        "student": ("在校生", 1, 1, 0),
        "fee": ("缴费", 0, 0, 0),
    }
    assert "学籍" in result.tables_absent and "在校生" not in result.tables_absent
    assert (result.headings["change"], result.headings["change.issued_on"]) == ("学籍异动", "发文日期")
    (clause,) = result.pack.clauses
    assert (clause.id, clause.rules) == ("四-2", ("STU-01", "STU-02", "STU-03"))


def test_a_day_later_it_is_the_same_byte_for_byte(pack: Pack) -> None:
    snapshot = students("在读", "休学")
    assert repr(replace(small.judged(snapshot, pack), timings={})) == repr(
        replace(small.judged(snapshot, pack, jobs=2), timings={})
    )


def test_nothing_is_found_in_nothing(pack: Pack) -> None:
    result = small.judged(small.rows(student=[]), pack)
    assert result.findings == ()
    assert {rule.status for rule in result.rules} == {"clean"}


@pytest.mark.parametrize(
    ("statuses", "codes"),
    [
        (("在读",), {"error": 1, "warning": 1, "notice": 1, "never": 0}),
        (("休学",), {"error": 0, "warning": 1, "notice": 1, "never": 0}),
        (("退学",), {"error": 0, "warning": 0, "notice": 1, "never": 0}),
        (("毕业",), {"error": 0, "warning": 0, "notice": 0, "never": 0}),
    ],
)
def test_the_exit_code_counts_findings_at_or_above_what_is_asked(
    pack: Pack, statuses: tuple[str, ...], codes: dict[str, int]
) -> None:
    result = small.judged(students(*statuses), pack)
    for fail_on, code in codes.items():
        assert exit_code(result, fail_on, strict=False) == code


def test_a_waived_finding_is_not_counted(pack: Pack) -> None:
    result = small.judged(students("在读", "在读"), pack)
    waived = tuple(replace(finding, state="waived") for finding in result.findings)
    assert exit_code(replace(result, findings=waived), "notice", strict=False) == 0
    assert exit_code(replace(result, findings=(*waived[:1], *result.findings[1:])), "error", strict=False) == 1


def status_of(result: CheckResult, status: str) -> CheckResult:
    return replace(result, rules=tuple(replace(rule, status=status) for rule in result.rules))


def test_a_rule_that_failed_is_never_success(pack: Pack) -> None:
    result = status_of(small.judged(students("在读"), pack), "failed")
    assert [exit_code(result, fail_on, strict=False) for fail_on in ("error", "never")] == [3, 3]


def test_strict_trusts_no_run_in_which_something_was_not_checked_or_not_read(tmp_path: Path) -> None:
    unchecked = small.judged(students("毕业"), small.pack(tmp_path / "a", READING, UNCHECKED))
    assert [exit_code(unchecked, "error", strict=strict) for strict in (False, True)] == [0, 3]
    unread = small.exported(tmp_path / "exports", fee="学号,学年,应缴金额,实缴金额\n1,2026-2027,五千,0\n")
    aside = small.judged(unread, small.pack(tmp_path / "b", UNCHECKED))
    assert [exit_code(aside, "error", strict=strict) for strict in (False, True)] == [0, 3]


def with_examples(rule: dict[str, Any], *examples: dict[str, Any]) -> dict[str, Any]:
    return rule | {"examples": list(examples)}


def test_an_example_passes_when_exactly_its_keys_are_found(tmp_path: Path) -> None:
    two = [{"student_no": "1", "status": "在读"}, {"student_no": "2", "status": "在读"}]
    first = {"name": "两人在读", "as_of": small.AS_OF, "facts": {"student": two}}
    rule = with_examples(
        READING,
        {**first, "finds": [{"student_no": "2"}, {"student_no": "1"}]},
        {"name": "少一个", "like": 1, "facts": {}, "finds": [{"student_no": "1"}]},
        {"name": "一个也没有", "like": 1, "facts": {"student": []}, "finds": []},
    )
    results = list(run_examples(small.pack(tmp_path / "pack", rule), small.pack(tmp_path / "pack", rule).rules))
    assert [(r.number, r.name, r.passed) for r in results] == [
        (1, "两人在读", True),
        (2, "少一个", False),
        (3, "一个也没有", True),
    ]
    assert results[1].found == ({"student_no": "1"}, {"student_no": "2"})


def test_an_example_that_states_a_severity_passes_only_with_that_one(tmp_path: Path) -> None:
    one = {"as_of": small.AS_OF, "facts": {"student": [{"student_no": "1", "status": "在读", "class_no": "K1"}]}}
    rule = with_examples(
        READING | {"severity": "error", "over": 'student.class_no == "K1"'},
        {"name": "已经过去", **one, "finds": [{"student_no": "1"}], "severity": "warning"},
        {"name": "写成没有过去", "like": 1, "facts": {}, "finds": [{"student_no": "1"}], "severity": "error"},
        {"name": "一个也没有", "like": 1, "facts": {"student": []}, "finds": [], "severity": "error"},
    )
    pack = small.pack(tmp_path / "pack", rule)
    results = list(run_examples(pack, pack.rules))
    assert [(r.passed, r.otherwise) for r in results] == [
        (True, ()), (False, ({"student_no": "1"},)), (True, ()),
    ]  # fmt: skip
    told = examples_text(1, results).splitlines()[0]
    assert told.endswith("应查出 student_no=1，实际查出 student_no=1；级别与例子所写不同：student_no=1")


def test_an_example_that_is_not_judged_fails_and_says_why(tmp_path: Path) -> None:
    rule = with_examples(
        READING | {"effective": {"from": small.AS_OF, "to": None}},
        {"name": "此前", "as_of": "2026-11-24", "facts": {}, "finds": []},
        {"name": "当天", "as_of": small.AS_OF, "facts": {"student": [{"student_no": "1", "status": "在读"}]},
         "finds": [{"student_no": "1"}]},
    )  # fmt: skip
    pack = small.pack(tmp_path / "pack", rule)
    before, on = run_examples(pack, pack.rules)
    assert (before.passed, before.reason) == (False, "不在规则的有效期内")
    assert (on.passed, on.reason) == (True, None)


def test_an_example_may_set_parameters_and_give_computed_facts_in_yuan(tmp_path: Path) -> None:
    owing = small.rule("FEE-01", ["fee_account.student_no"], {"fee_account": "owed > 0.29 and not settled"})
    account = {"student_no": "1", "academic_year": "2026-2027", "owed": 0.3, "settled": False}
    rule = with_examples(
        owing,
        {"name": "三角", "as_of": small.AS_OF, "facts": {"fee_account": [account]}, "finds": [{"student_no": "1"}]},
        {"name": "两角九", "like": 1, "facts": {"fee_account": [account | {"owed": 0.29}]}, "finds": []},
    )
    repeated = small.rule("RPT-01", ["repeat.student_no"], {"repeat": "count > params.most"})
    twice = {"repeat": [{"student_no": "1", "count": 2}]}
    limited = with_examples(
        repeated,
        {"name": "超过", "as_of": small.AS_OF, "facts": twice, "finds": [{"student_no": "1"}]},
        {"name": "放宽", "like": 1, "parameters": {"most": 2}, "facts": {}, "finds": []},
    )
    pack = small.pack(
        tmp_path / "pack", rule, limited, parameters={"most": {"title": "上限", "type": "int", "value": 1}}
    )
    assert [r.passed for r in run_examples(pack, pack.rules)] == [True] * 4


def test_an_example_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    bad = {"student": [{"student_no": "1", "status": "在校"}]}
    rule = with_examples(
        READING,
        {"name": "坏", "as_of": small.AS_OF, "facts": bad, "finds": []},
        {"name": "好", "as_of": small.AS_OF, "facts": {}, "finds": [{"student_no": "1"}]},
    )
    pack = small.pack(tmp_path / "pack", rule)
    with pytest.raises(DataError, match="在校"):
        list(run_examples(pack, pack.rules))


@pytest.mark.slow
def test_every_example_of_the_shipped_pack_passes() -> None:
    pack = load_pack()
    failed = [(r.rule, r.number, r.name, r.found, r.reason) for r in run_examples(pack, pack.rules) if not r.passed]
    assert failed == []


def test_a_rule_that_nobody_changed_is_the_same_rule_in_the_next_version() -> None:
    """Else the history would call its condition changed. Who changes it, or a procedure, writes the new value here."""
    rules = load_pack()
    assert definition(find_rule([rules], "PRC-01")[1], rules) == "be1ed3599c6384bd"
