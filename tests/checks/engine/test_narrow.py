"""Narrowing changes what the engine is sent, never what is found."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import small

from checks import run as whole_run
from checks.results import CheckResult
from rules.pack import load_pack

pytestmark = pytest.mark.slow

TERM = {"term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": date(2026, 8, 31)}
TERM |= {"report_by": date(2026, 9, 4), "ends_on": date(2027, 1, 17)}
LEAVE = {"kind": "休学", "issued_on": date(2026, 3, 1), "effective_on": date(2026, 3, 1)}
SAME = "student_no == a.student_no"
RULES = {
    "two of a kind": small.rule("AA-01", ["a.student_no"], {"record as a": ""}, {"record as b": SAME}),
    "itself is no partner": small.rule(
        "AA-02", ["a.id_number"], {"record as a": "active"}, {"record as b": "active and id_number == a.id_number"}
    ),
    "three sides": small.rule(
        "AA-03",
        ["a.student_no"],
        {"student as a": 'status == "在读"'},
        {"record as b": SAME},
        {"registration as c": f"{SAME} and registered_on > b.registered_on"},
    ),
    "the current term": small.rule(
        "AA-04",
        ["a.student_no"],
        {"term": "current"},
        {"student as a": 'status == "在读"'},
        {"no registration": f"{SAME} and term == term.term"},
    ),
    "a later one": small.rule(
        "AA-05",
        ["a.change_no"],
        {"change as a": 'kind == "休学"'},
        {"no change": f"{SAME} and effective_on > a.effective_on"},
    ),
    "unequal": small.rule(
        "AA-06", ["a.student_no"], {"student as a": ""}, {"record as b": f"{SAME} and id_number != a.id_number"}
    ),
    "a table for everybody": small.rule(
        "AA-07", ["a.student_no"], {"student as a": ""}, {"no class_group": "class_no == a.class_no"}
    ),
    "nobody at all": small.rule("AA-08", ["term.term"], {"term": "current"}, {"no class_group": 'level == "中职"'}),
}  # fmt: skip


def college(placeholders: int = 300) -> dict[str, list[dict[str, Any]]]:
    """Thirty students with every mixture of what the rules ask, and many more with a placeholder for a number."""
    people = range(30)
    students = [
        {
            "student_no": str(n), "id_number": f"I{n}" if n % 5 else None, "status": ("在读", "休学")[n % 2],
            "class_no": f"B{n % 4}", "level": "本科", "entered_on": date(2025, 9, 1),
        }
        for n in people
    ]  # fmt: skip
    placeholder = [{"student_no": f"9{n}", "id_number": "0", "status": "毕业"} for n in range(placeholders)]
    records = [
        {
            "student_no": str(n), "id_number": f"I{n - n % 3}", "platform": ("学信网", "中职学籍系统")[n % 2],
            "status": ("在籍", "退学", "休学")[n % 3], "registered_on": date(2026, 9, 1 + n % 4),
        }
        for n in (*people, 4, 5)
    ]  # fmt: skip
    registrations = [
        {"student_no": str(n), "term": "2026-2027-1" if n % 4 else "2025-2026-2", "registered_on": date(2026, 9, 3)}
        for n in people
        if n % 3
    ]
    changes = [
        {"change_no": f"C{n}-{m}", "student_no": str(n)} | LEAVE | {"effective_on": date(2026, 3, 1 + m * (n % 2))}
        for n in people
        for m in range(n % 3)
    ]
    groups = [{"class_no": f"B{n}", "level": "本科", "major": "土木"} for n in range(3)]
    return {
        "student": students + placeholder, "record": records, "registration": registrations, "change": changes,
        "class_group": groups, "term": [TERM],
    }  # fmt: skip


def both(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tables: dict[str, Any], *rules: dict[str, Any]
) -> tuple[CheckResult, list[int]]:
    """The result with narrowing, which is the one without, and how many rows the engine was sent with and without."""
    sent: list[int] = []
    judge = whole_run.judge

    def counted(ruleset: Any, rows: Any, *rest: Any) -> Any:
        sent[-1] += sum(map(len, rows.values()))
        return judge(ruleset, rows, *rest)

    monkeypatch.setattr(whole_run, "judge", counted)
    snapshot, pack = small.rows(**tables), small.pack(folder / "pack", *rules)
    results = []
    for narrowing in (True, False):
        sent.append(0)
        results.append(small.judged(snapshot, pack, narrowing=narrowing))
    assert results[0] == results[1]
    assert {each.status for each in results[0].rules} <= {"violated", "clean"}
    return results[0], sent


@pytest.fixture
def registered() -> dict[str, list[dict[str, Any]]]:
    """A hundred students, each with a registration; number 7 has none in the term."""
    terms = ["2025-2026-2" if n == 7 else "2026-2027-1" for n in range(100)]
    return {
        "student": [{"student_no": str(n), "status": "在读"} for n in range(100)],
        "registration": [{"student_no": str(n), "term": term} for n, term in enumerate(terms)],
        "term": [TERM],
    }


def test_of_a_negated_table_only_rows_that_could_speak_for_a_suspect_are_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registered: dict[str, Any]
) -> None:
    late = {"no registration": "student_no == a.student_no and registered_on <= term.report_by"}
    rule = small.rule("AA-01", ["a.student_no"], {"term": "current"}, {"student as a": "grade == 2026"}, late)
    registered["student"][3]["grade"] = 2026
    result, (narrowed, everything) = both(tmp_path, monkeypatch, registered, rule)
    assert small.keys(result) == [{"student_no": "3"}]
    assert (narrowed, everything) == (3, 201)


def test_a_row_sent_for_one_rules_negation_brings_what_another_rule_negates_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, registered: dict[str, Any]
) -> None:
    """AA-02 would match the registration that is sent for AA-01's sake alone, were the record not sent too."""
    late = {"no registration": "student_no == a.student_no and registered_on <= term.report_by"}
    one = small.rule("AA-01", ["a.student_no"], {"term": "current"}, {"student as a": "grade == 2026"}, late)
    other = small.rule("AA-02", ["a.student_no"], {"registration as a": ""}, {"no record": SAME})
    registered["student"][3]["grade"] = 2026
    registered["record"] = [{"student_no": str(n), "platform": "学信网"} for n in range(100)]
    result, (narrowed, _) = both(tmp_path, monkeypatch, registered, one, other)
    assert small.keys(result) == [{"student_no": "3"}]
    assert narrowed == 4


@pytest.mark.parametrize(
    ("day", "finds"), [("2026-03-02", 0), ("2026-03-03", 0), ("2026-03-04", 1)], ids=["before", "the day", "after"]
)
def test_what_a_negation_with_an_order_surely_finds_is_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, finds: int
) -> None:
    back = {"no record": f"{SAME} and registered_on >= a.effective_on"}
    rule = small.rule("AA-01", ["a.change_no"], {"change as a": 'kind == "休学"'}, back)
    tables = {
        "change": [{"change_no": "1", "student_no": "1", **LEAVE, "effective_on": date.fromisoformat(day)}],
        "record": [{"student_no": "1", "platform": "学信网", "registered_on": date(2026, 3, 3)}],
    }
    result, (narrowed, _) = both(tmp_path, monkeypatch, tables, rule)
    assert (len(result.findings), narrowed) == (finds, 2 * finds)


def test_a_negation_of_the_same_kind_speaks_of_other_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is not a later one than itself on the same day; another one of that day is."""
    later = {"no change": f"{SAME} and effective_on >= a.effective_on"}
    rule = small.rule("AA-01", ["a.change_no"], {"change as a": 'kind == "休学"'}, later)
    changes = [{"change_no": str(n), "student_no": str(min(n, 2)), **LEAVE} for n in (1, 2, 3)]
    result, (narrowed, _) = both(tmp_path, monkeypatch, {"change": changes}, rule)
    assert (small.keys(result), narrowed) == ([{"change_no": "1"}], 1)


@pytest.mark.parametrize("about", RULES)
def test_a_rule_finds_the_same_and_the_engine_sees_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, about: str
) -> None:
    result, (narrowed, everything) = both(tmp_path, monkeypatch, college(), RULES[about])
    assert result.findings
    assert narrowed <= everything


def test_all_rules_together_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, (narrowed, everything) = both(tmp_path, monkeypatch, college(), *RULES.values())
    assert {f.rule for f in result.findings} == {rule["id"] for rule in RULES.values()}
    assert narrowed <= everything


def test_a_placeholder_number_shared_by_thousands_still_runs_and_hides_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = small.rule(
        "IDN-06",
        ["a.student_no"],
        {"student as a": 'status == "在读"'},
        {"student as b": 'id_number == a.id_number and status == "毕业"'},
    )
    tables = college(placeholders=3000)
    tables["student"][2]["id_number"] = "0"
    result, (narrowed, everything) = both(tmp_path, monkeypatch, tables, shared)
    assert small.keys(result) == [{"student_no": "2"}]
    assert len(result.findings[0].evidence) == 3001
    assert (narrowed, everything) == (3001, 3030)


def test_one_number_on_very_many_records_makes_a_fact_a_record_not_one_a_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IDN-01 of twelve hundred records that bear one valid number."""
    own = {"platform": "学信网", "status": "在籍", "id_number": "610101200603150013"}
    sent: list[int] = []
    judge = whole_run.judge

    def counted(ruleset: Any, rows: Any, *rest: Any) -> Any:
        sent.append(sum(map(len, rows.values())))
        return judge(ruleset, rows, *rest)

    monkeypatch.setattr(whole_run, "judge", counted)
    result = small.judged(
        small.rows(record=[{"student_no": f"24{n:05}", **own} for n in range(1200)]), load_pack(), select=("IDN-01",)
    )
    assert [len(finding.evidence) for finding in result.findings] == [1200]
    assert sent == [1200]


def test_the_shipped_pack_finds_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, pack = small.rows(**college()), load_pack()
    narrowed, everything = (small.judged(snapshot, pack, narrowing=on) for on in (True, False))
    assert narrowed == everything
    assert narrowed.findings
