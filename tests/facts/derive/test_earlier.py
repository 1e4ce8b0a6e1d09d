"""renumbered: whose student or class number is another than in the earlier snapshot."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.model.snapshot import Snapshot
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF, BEFORE = date(2026, 11, 25), date(2026, 10, 28)
ONE = {"id_number": "A", "entered_on": "2024-09-01", "student_no": "1", "class_no": "B1"}


def told(now: Snapshot, before: Snapshot) -> tuple[list[tuple[Any, ...]], int]:
    base = derive(replace(now, previous=before), [], {}, ["renumbered"])
    fields = ["id_number", "former_no", "former_class_no", "student_no", "class_no"]
    rows = base.frames["renumbered"][fields].to_numpy(object)
    found = [tuple(None if pd.isna(cell) else cell for cell in row) for row in rows]
    return found, base.withheld.get("renumbered", 0)


def changed(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return told(snapshot_from_rows({"student": now}, AS_OF), snapshot_from_rows({"student": before}, BEFORE))[0]


def test_another_class_is_a_change() -> None:
    assert changed([ONE], [ONE | {"class_no": "B2"}]) == [("A", "1", "B1", "1", "B2")]


def test_another_student_number_is_a_change() -> None:
    assert changed([ONE], [ONE | {"student_no": "2"}]) == [("A", "1", "B1", "2", "B1")]


def test_who_bears_the_same_numbers_has_not_changed() -> None:
    assert changed([ONE], [ONE | {"major": "会计", "status": "休学"}]) == []


def test_since_is_the_day_of_the_earlier_snapshot() -> None:
    before = snapshot_from_rows({"student": [ONE]}, BEFORE)
    now = replace(snapshot_from_rows({"student": [ONE | {"class_no": "B2"}]}, AS_OF), previous=before)
    found = derive(now, [], {}, ["renumbered"]).frames["renumbered"]
    assert found["since"].tolist() == [pd.Timestamp(BEFORE)]


@pytest.mark.parametrize("missing", [None, ""])
def test_a_class_that_is_missing_on_one_side_does_not_differ(missing: str | None) -> None:
    assert changed([ONE | {"class_no": missing}], [ONE]) == []
    assert changed([ONE], [ONE | {"class_no": missing}]) == []


def test_another_day_of_entry_is_another_study() -> None:
    assert changed([ONE], [ONE | {"entered_on": "2026-09-01", "student_no": "2"}]) == []


def test_without_an_identity_number_nobody_is_known_again() -> None:
    assert changed([ONE | {"id_number": None}], [ONE | {"id_number": None, "student_no": "2"}]) == []


def test_a_second_number_beside_the_first_is_no_change_and_neither_is_one_that_went() -> None:
    both = [ONE, ONE | {"student_no": "2", "class_no": "B2"}]
    assert changed([ONE], both) == []
    assert changed(both, both) == []
    assert changed(both, [ONE]) == []


def test_of_two_numbers_the_one_that_changed_is_told() -> None:
    before = [ONE, ONE | {"student_no": "2", "class_no": "B2"}]
    assert changed(before, [ONE, ONE | {"student_no": "3", "class_no": "B2"}]) == [("A", "2", "B2", "3", "B2")]


def test_a_placeholder_that_thousands_share_is_paired_once_each() -> None:
    before = [ONE | {"id_number": "0", "student_no": f"{n:04d}"} for n in range(2000)]
    now = [ONE | {"id_number": "0", "student_no": f"{n + 5000:04d}"} for n in range(2000)]
    assert len(changed(before, now)) == 2000


def test_without_an_earlier_snapshot_nothing_is_known() -> None:
    assert derive(snapshot_from_rows({"student": [ONE]}, AS_OF), [], {}, ["renumbered"]).frames["renumbered"].empty


HEADING = "身份证号,学号,班级号,姓名,培养层次,学院,专业,入学日期,在校状态\n"


def exported(folder: Path, as_of: date, *rows: str) -> Snapshot:
    folder.mkdir()
    lines = [f"{row[:-1] if row.endswith('!') else row},某甲,本科,机电,车辆,2024-09-01," for row in rows]
    status = ["坏" if row.endswith("!") else "在读" for row in rows]
    text = HEADING + "".join(f"{line}{word}\n" for line, word in zip(lines, status, strict=True))
    (folder / "在校生.csv").write_text(text, "utf-8")
    return load_snapshot(folder, as_of)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (["A,1,B1"], ["A,2,B1", "A,1,B1!"]),  # the old number still stands there, on a row that can't be read
        (["A,1,B1"], ["A,2,B1", ",1,B1!"]),  # the same, and its identity number is missing
        (["A,1,B1", "A,2,B1!"], ["A,2,B1"]),  # the new number stood there already
    ],
)
def test_where_a_row_set_aside_may_say_that_nothing_changed_nothing_is_said(
    tmp_path: Path, before: list[str], now: list[str]
) -> None:
    found = told(exported(tmp_path / "now", AS_OF, *now), exported(tmp_path / "before", BEFORE, *before))
    assert found == ([], 1)


def test_a_row_set_aside_about_somebody_else_changes_nothing(tmp_path: Path) -> None:
    before, now = exported(tmp_path / "b", BEFORE, "A,1,B1"), exported(tmp_path / "n", AS_OF, "A,2,B1", "C,9,B1!")
    assert told(now, before) == ([("A", "1", "B1", "2", "B1")], 0)
