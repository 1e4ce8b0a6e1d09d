"""What a real check hands to the history: marks in time, people of whom something is unread, a rule's definition."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checks.findings import fingerprints
from checks.results import CheckResult, MarkCount
from checks.run import Options, check
from facts.reading.load import load_snapshot, snapshot_from_rows
from rules.pack import Pack, load_pack, with_parameters

SECRET = bytes(range(32))
STUDENT = {"name": "甲", "level": "本科", "college": "土木工程学院", "major": "土木工程", "entered_on": "2023-09-01"}
RECORD = {"platform": "学信网", "id_number": "", "name": "甲", "level": "本科", "status": "在籍"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack()


def run(pack: Pack, tables: dict[str, list[dict[str, Any]]], as_of: date, *select: str) -> CheckResult:
    return check(snapshot_from_rows(tables, as_of), pack, SECRET, Options(select, jobs=1))


def change(number: str, issued_on: str, school: str | None, record: str | None, **more: Any) -> dict[str, Any]:
    marks = {"marked_school_on": school, "marked_record_on": record}
    return {"change_no": number, "student_no": "1", "kind": "休学", "issued_on": issued_on, **marks, **more}


def student(number: str = "1", **more: Any) -> dict[str, Any]:
    return {"student_no": number, "status": "在读", **STUDENT, **more}


def test_a_mark_on_its_last_day_stands_in_time_and_one_the_day_after_does_not(pack: Pack) -> None:
    # Issued on Friday 9 October 2026; 10 October is a make-up working day: the fifteenth working day is 29 October.
    tables = {
        "student": [student()],
        "record": [{"student_no": "1", **RECORD, "id_number": "110101200001010015"}],
        "change": [
            change("A", "2026-10-09", "2026-10-29", "2026-10-30"),
            change("B", "2026-10-09", "2026-10-30", None),
        ],
    }
    result = run(pack, tables, date(2026, 11, 25), "MRK-01")
    assert result.marks == (
        MarkCount("学生处", "土木工程学院", "2026-10", 2, 1),
        MarkCount("教务处", "土木工程学院", "2026-10", 2, 0),
    )


def test_a_deadline_that_is_not_over_is_not_counted_yet(pack: Pack) -> None:
    tables = {"student": [student()], "change": [change("A", "2026-10-09", "2026-10-12", None)]}
    assert run(pack, tables, date(2026, 10, 28), "MRK-01").marks == ()
    assert [count.due for count in run(pack, tables, date(2026, 10, 29), "MRK-01").marks] == [1]


def test_a_transfer_in_needs_no_school_mark_and_nobody_without_a_record_a_record_mark(pack: Pack) -> None:
    tables = {
        "student": [student()],
        "record": [{"student_no": "2", **RECORD, "id_number": "110101200001010015"}],
        "change": [
            change("A", "2026-10-09", None, None, kind="转入"),
            change("B", "2026-10-09", None, None, student_no="2"),
            change("C", "2026-10-09", None, None, student_no="9"),
        ],
    }
    counts = {
        (count.office, count.college): count.due for count in run(pack, tables, date(2026, 11, 25), "MRK-01").marks
    }
    assert counts == {("学生处", None): 2, ("教务处", None): 1}


def test_only_the_last_twelve_months_are_counted(pack: Pack) -> None:
    tables = {
        "student": [student()],
        "change": [change("A", "2025-11-03", None, None), change("B", "2025-12-01", None, None)],
    }
    assert [c.month for c in run(pack, tables, date(2026, 11, 25), "MRK-01").marks] == ["2025-12"]


STUDENTS = """学号,身份证号,姓名,培养层次,学院,专业,入学日期,在校状态
1,110101200001010015,甲,本科,土木工程学院,土木工程,2023-09-01,在读
2,,乙,本科,土木工程学院,土木工程,不知道,在读
"""


def exported(folder: Path, pack: Pack, **tables: str) -> CheckResult:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return check(load_snapshot(folder, date(2026, 11, 25)), pack, SECRET, Options(("MRK-01",), jobs=1))


def test_marks_that_the_export_has_no_column_for_are_not_called_missing(pack: Pack, tmp_path: Path) -> None:
    record = "平台,学号,身份证号,姓名,培养层次,学籍状态\n学信网,1,110101200001010015,甲,本科,在籍\n"
    change = "异动编号,学号,异动类别,发文日期,学籍平台标注日期\nA,1,休学,2026-10-09,\n"
    result = exported(tmp_path, pack, student=STUDENTS, record=record, change=change)
    assert [(count.office, count.due, count.on_time) for count in result.marks] == [("教务处", 1, 0)]


def test_people_with_a_row_set_aside_are_known_by_all_their_numbers(pack: Pack, tmp_path: Path) -> None:
    change = "异动编号,学号,异动类别,发文日期,在校生平台标注日期\nA,1,休学,2026-13-09,\nB,1,休学,2026-10-09,\n"
    result = exported(tmp_path, pack, student=STUDENTS, change=change)
    assert [(row.table, row.column) for row in result.set_aside] == [("student", "入学日期"), ("change", "发文日期")]
    assert {
        fingerprints.person(SECRET, "student_no", "1"),
        fingerprints.person(SECRET, "id_number", "110101200001010015"),
    } <= set(result.unread["change"])
    assert fingerprints.person(SECRET, "student_no", "2") in result.unread["student"]
    assert fingerprints.person(SECRET, "student_no", "2") not in result.unread["change"]
    assert [f.person for f in result.findings] == [fingerprints.person(SECRET, "student_no", "1")]
    assert result.findings[0].person in result.unread["change"]


def test_findings_of_two_rules_on_one_change_have_one_subject(pack: Pack) -> None:
    tables = {
        "student": [student()],
        "record": [{"student_no": "1", **RECORD, "id_number": "110101200001010015"}],
        "change": [change("A", "2026-10-09", None, None)],
    }
    late = run(pack, tables, date(2026, 10, 30), "MRK-01", "MRK-02").findings
    soon = run(pack, tables, date(2026, 10, 29), "MRK-05").findings
    assert len({f.fingerprint for f in (*late, *soon)}) == 3
    assert len({f.subject for f in (*late, *soon)}) == 1


def test_a_rule_hands_over_the_parameters_that_decide_it_and_what_it_is_defined_by(pack: Pack) -> None:
    tables = {"student": [student()], "change": [change("A", "2026-10-09", None, None)]}
    before = run(pack, tables, date(2026, 11, 25), "MRK-01").rules[0]
    other = with_parameters(pack, {"mark_workdays": 20})
    after = run(other, tables, date(2026, 11, 25), "MRK-01").rules[0]
    assert (before.parameters["mark_workdays"], after.parameters["mark_workdays"]) == ("15", "20")
    assert before.definition == after.definition
    assert {"change"} <= set(before.tables)
    reworded = replace(pack, rules=tuple(_with(r, message="改了说法") for r in pack.rules))
    assert run(reworded, tables, date(2026, 11, 25), "MRK-01").rules[0].definition == before.definition
    graver = replace(pack, rules=tuple(_with(r, severity="notice") for r in pack.rules))
    assert run(graver, tables, date(2026, 11, 25), "MRK-01").rules[0].definition != before.definition


def _with(rule: Any, **changes: Any) -> Any:
    return replace(rule, file=rule.file.model_copy(update=changes))
