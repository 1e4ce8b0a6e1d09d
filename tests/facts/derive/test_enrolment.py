"""enrolment: one student number as the two platforms have it."""

from datetime import date
from typing import Any

import pandas as pd

from facts.derive import derive
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
IN_SCHOOL = {"student_no": "1", "status": "在读", "major": "土木工程"}
ON_RECORD = {"student_no": "1", "status": "在籍", "major": "工程造价"}


def enrolled(students: list[dict[str, Any]], records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    snapshot = snapshot_from_rows({"student": students, "record": records}, AS_OF)
    found = derive(snapshot, [], {}, ["enrolment"]).frames["enrolment"]
    fields = ["student_no", "school_status", "school_major", "record_status", "record_major", "active"]
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in found[fields].itertuples(index=False)]


def test_both_platforms_stand_side_by_side() -> None:
    assert enrolled([IN_SCHOOL], [ON_RECORD]) == [("1", "在读", "土木工程", "在籍", "工程造价", True)]


def test_one_platform_alone_stands_with_the_other_side_missing() -> None:
    assert enrolled([IN_SCHOOL], [{**ON_RECORD, "student_no": "2"}]) == [
        ("1", "在读", "土木工程", None, None, None),
        ("2", None, None, "在籍", "工程造价", True),
    ]


def test_a_record_is_active_on_leave_too_but_not_once_it_is_over() -> None:
    for status, active in (("休学", True), ("保留学籍", True), ("毕业", False), ("取消学籍", False)):
        assert enrolled([], [{**ON_RECORD, "status": status}])[0][-1] == active


def test_every_pair_of_different_rows_is_one_and_rows_that_say_the_same_are_not_two() -> None:
    records = [ON_RECORD, ON_RECORD, {**ON_RECORD, "status": "休学"}]
    assert [row[3] for row in enrolled([IN_SCHOOL, IN_SCHOOL], records)] == ["在籍", "休学"]


def test_a_missing_major_stays_missing() -> None:
    assert enrolled([IN_SCHOOL], [{**ON_RECORD, "major": None}]) == [("1", "在读", "土木工程", "在籍", None, True)]


def test_without_one_of_the_tables_nothing_is_compared() -> None:
    for table, row in (("student", IN_SCHOOL), ("record", ON_RECORD)):
        assert derive(snapshot_from_rows({table: [row]}, AS_OF), [], {}, ["enrolment"]).frames["enrolment"].empty
