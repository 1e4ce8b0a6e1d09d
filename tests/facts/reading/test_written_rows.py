"""Snapshots written out by hand, for the examples of rules."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pandas as pd
import pytest

from facts.model.refusal import DataError
from facts.model.schema import columns
from facts.model.snapshot import SourceFile
from facts.model.tables import TABLES
from facts.reading.load import snapshot_from_rows

AS_OF = date(2026, 11, 25)


def test_rows_are_read_as_if_they_had_been_exported() -> None:
    snapshot = snapshot_from_rows(
        {
            "fee": [
                {"student_no": "0012", "academic_year": "2026-2027", "payable": 5800, "paid": Decimal("3.50")},
                {"student_no": 12, "payable": "5,800", "paid": 3.5, "registered_on": date(2026, 9, 1)},
            ]
        },
        AS_OF,
    )
    table = snapshot.tables["fee"]
    assert (table.read, table.accepted, table.set_aside_count, len(table.aside), len(table.unreadable)) == (
        2,
        2,
        0,
        0,
        0,
    )
    assert table.files == (SourceFile("fee"),)
    frame = table.frame
    assert frame["student_no"].tolist() == ["0012", "12"]
    assert frame["payable"].tolist() == [580000, 580000]
    assert frame["paid"].tolist() == [350, 350]
    assert frame["relief"].tolist() == [0, 0]
    assert frame["registered_on"].tolist() == [pd.NaT, pd.Timestamp(2026, 9, 1)]
    assert frame["row_"].tolist() == [2, 3]


def test_every_column_of_a_table_counts_as_exported_and_what_is_left_out_is_missing() -> None:
    table = snapshot_from_rows({"student": [{"student_no": "1"}, {"name": None}]}, AS_OF).tables["student"]
    assert table.fields == {name for name, column in columns(TABLES["student"]).items() if not column.computed}
    assert table.accepted == 2
    assert table.frame["name"].isna().all()


def test_a_table_is_given_only_when_it_is_named() -> None:
    snapshot = snapshot_from_rows({"term": []}, AS_OF, empty=["registration", "term"])
    assert list(snapshot.tables) == ["registration", "term"]
    assert all(table.frame.empty for table in snapshot.tables.values())


def test_true_and_false_are_yes_and_no() -> None:
    rows = [{"date": date(2026, 10, 1), "working": False}, {"date": "2026-10-10", "working": True}]
    assert snapshot_from_rows({"workday": rows}, AS_OF).tables["workday"].frame["working"].tolist() == ["否", "是"]


def test_what_lies_after_as_of_has_not_happened() -> None:
    rows = [{"student_no": "1", "held_on": "2026-11-25"}, {"student_no": "1", "held_on": "2026-11-26"}]
    assert snapshot_from_rows({"attendance": rows}, AS_OF).tables["attendance"].frame["row_"].tolist() == [2]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"students": []}, "没有“students”这张表"),
        ({"student": [{"number": 1}]}, "没有“number”这个字段"),
        ({"record": [{"active": True}]}, "没有“active”这个字段"),
        ({"student": [{"student_no": 1}, {"entered_on": "开学"}]}, "第 2 行的“entered_on”写的是“开学”，不是日期"),
        ({"student": [{"entered_on": datetime.combine(AS_OF, time(8), UTC)}]}, "时间带有时区"),
        ({"student": [{"status": "在校"}]}, "不在代码表中"),
        ({"student": [{"status": "\ud800"}]}, "不在代码表中"),
    ],
)
def test_what_can_not_be_read_is_refused(rows: dict[str, list[dict[str, object]]], said: str) -> None:
    with pytest.raises(DataError, match=said):
        snapshot_from_rows(rows, AS_OF)
    with pytest.raises(DataError, match="没有“x”这张表"):
        snapshot_from_rows({}, AS_OF, empty=["x"])
