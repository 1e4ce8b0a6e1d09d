"""change.mark_due_on, workdays_left and has_record; repeat."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
LEAVE = {"change_no": "X1", "student_no": "1", "kind": "休学", "issued_on": "2026-11-10"}
DROPPED = {**LEAVE, "kind": "自动退学"}
REPEAT = {**LEAVE, "kind": "留级", "effective_on": "2026-11-25"}


def changes(*rows: dict[str, Any], parameters: dict[str, Any] | None = None, **tables: Any) -> pd.DataFrame:
    return derive(snapshot_from_rows({"change": rows, **tables}, AS_OF), [], parameters or {}, ["change"]).frames[
        "change"
    ]


def one(change: dict[str, Any], parameters: dict[str, Any] | None = None, **tables: Any) -> dict[str, Any]:
    return dict(changes(change, parameters=parameters, **tables).iloc[0])


def test_it_must_be_marked_by_the_fifteenth_working_day_after_issue() -> None:
    found = one(LEAVE)
    assert found["mark_due_on"] == pd.Timestamp("2026-12-01")
    assert not found["mark_due_provisional"]


def test_the_number_of_working_days_is_a_parameter() -> None:
    assert one(LEAVE, {"mark_workdays": 1})["mark_due_on"] == pd.Timestamp("2026-11-11")


def test_the_school_s_own_days_off_move_the_deadline() -> None:
    rest = [{"date": "2026-12-01", "working": "否"}]
    assert one(LEAVE, workday=rest)["mark_due_on"] == pd.Timestamp("2026-12-02")


def test_a_withdrawal_of_a_student_who_stayed_away_must_be_marked_promptly() -> None:
    found = one(DROPPED)
    assert found["mark_due_on"] == pd.Timestamp("2026-11-17")
    assert one(DROPPED, {"prompt_days": 3})["mark_due_on"] == pd.Timestamp("2026-11-13")


def test_a_deadline_in_a_year_not_known_is_provisional_but_not_one_in_calendar_days() -> None:
    late = date(2027, 1, 5)
    tables = {"change": [{**LEAVE, "issued_on": "2026-12-31"}, {**DROPPED, "issued_on": "2026-12-31"}]}
    found = derive(snapshot_from_rows(tables, late), [], {}).frames["change"]
    assert found["mark_due_provisional"].tolist() == [True, False]
    assert found["mark_due_on"].dt.date.tolist() == [date(2027, 1, 21), date(2027, 1, 7)]


@pytest.mark.parametrize(
    ("issued_on", "left"), [("2026-11-04", 0), ("2026-11-05", 1), ("2026-11-10", 4), ("2026-11-03", 0)]
)
def test_working_days_left_are_those_after_as_of_up_to_and_with_the_deadline(issued_on: str, left: int) -> None:
    assert one({**LEAVE, "issued_on": issued_on})["workdays_left"] == left


@pytest.mark.parametrize("issued_on", [None, "2026-11-26"])
def test_nothing_is_due_before_it_is_issued(issued_on: str | None) -> None:
    found = changes({**LEAVE, "issued_on": issued_on}, {**DROPPED, "issued_on": issued_on})
    for field in ("mark_due_on", "mark_due_provisional", "workdays_left"):
        assert found[field].isna().all()


def test_nothing_is_due_where_the_kind_is_not_known() -> None:
    found = one({"change_no": "X1", "student_no": "1", "issued_on": "2026-11-10"})
    assert pd.isna(found["mark_due_on"])
    assert pd.isna(found["workdays_left"])


@pytest.mark.parametrize("parameter", ["mark_workdays", "prompt_days"])
def test_nothing_is_due_where_a_parameter_is_unset(parameter: str) -> None:
    assert pd.isna(one(LEAVE, {parameter: None})["mark_due_on"])


def test_a_student_has_a_record_whatever_its_status() -> None:
    records = [{"student_no": "1", "status": "取消学籍"}]
    assert changes(LEAVE, {**LEAVE, "student_no": "2"}, record=records)["has_record"].tolist() == [True, False]


def test_without_the_record_table_nobody_knows_who_has_a_record() -> None:
    assert changes(LEAVE)["has_record"].isna().tolist() == [True]
    assert changes(LEAVE, record=[])["has_record"].tolist() == [False]


def test_of_a_student_with_a_record_set_aside_nobody_knows_whether_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "学籍.csv").write_text(
        "平台,学号,身份证号,姓名,培养层次,学籍状态\n学信网,1,11010519491231002X,某甲,本科,不明\n学信网,,11010519491231002X,某乙,本科,在籍\n",
        "utf-8",
    )
    (tmp_path / "学籍异动.csv").write_text(
        "异动编号,学号,异动类别,发文日期\nX1,1,休学,2026-11-10\nX2,2,休学,2026-11-10\n", "utf-8"
    )
    base = derive(load_snapshot(tmp_path, AS_OF), [], {})
    found = base.frames["change"]["has_record"]
    assert (found.isna().tolist(), found.fillna(False).tolist()) == ([True, False], [False, False])
    assert base.withheld["change.has_record"] == 1


def repeats(*rows: dict[str, Any]) -> list[tuple[str, int]]:
    found = derive(snapshot_from_rows({"change": rows}, AS_OF), [], {}, ["repeat"]).frames["repeat"]
    return list(zip(found["student_no"], found["count"], strict=True))


def test_repeats_are_counted_by_student() -> None:
    assert repeats(REPEAT, REPEAT, {**REPEAT, "student_no": "2"}, {**LEAVE, "student_no": "3"}) == [("1", 2), ("2", 1)]


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (REPEAT, True),
        ({**REPEAT, "effective_on": "2026-11-26"}, False),
        ({**REPEAT, "effective_on": None}, False),
        ({**REPEAT, "issued_on": None}, False),
        ({**REPEAT, "issued_on": "2026-11-26"}, False),
    ],
)
def test_a_repeat_counts_once_it_is_issued_and_in_effect(change: dict[str, Any], counts: bool) -> None:
    assert bool(repeats(change)) == counts


def test_without_changes_nobody_repeated() -> None:
    assert derive(snapshot_from_rows({}, AS_OF), [], {}).frames["repeat"].empty
