"""derive as a whole: every kind has a frame in the one form, whatever is given and whatever is asked for."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.model.computed import COMPUTED, KINDS
from facts.model.factbase import FactBase
from facts.model.frames import DTYPES
from facts.model.procedures import Procedure, Step
from facts.model.schema import columns
from facts.model.tables import TABLES
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
LEAVE = Procedure(kinds=("休学",), steps=(Step(field="applied_on", title="申请", by="学生", office="二级学院"),))
ROWS: dict[str, Any] = {
    "student": [
        {
            "student_no": "1",
            "class_no": "A",
            "status": "在读",
            "level": "本科",
            "entered_on": "2026-09-01",
            "id_number": "610101200503010115",
            "exam_no": "E1",
        }
    ],
    "record": [
        {"student_no": "1", "status": "在籍", "id_number": "610101200503010115", "platform": "学信网"},
        {"student_no": "1", "status": "在籍", "id_number": "610101200503010115", "platform": "中职学籍系统"},
    ],
    "welcome": [{"exam_no": "E1", "entry_year": 2026, "arrival": "已报到"}],
    "checkin": [{"student_no": "1", "term": "2026-2027-1"}],
    "graduation": [{"student_no": "1", "conclusion": "毕业", "certificate_no": "Z1"}],
    "fee": [{"student_no": "1", "academic_year": "2026-2027", "payable": 1, "paid": 1}],
    "deferral": [{"student_no": "1", "term": "2026-2027-1"}],
    "change": [
        {"change_no": "X1", "student_no": "1", "kind": "休学", "issued_on": "2026-10-09"},
        {
            "change_no": "X3",
            "student_no": "1",
            "kind": "自愿退学",
            "issued_on": "2026-09-04",
            "effective_on": "2026-09-04",
        },
        {"change_no": "X2", "student_no": "9", "kind": "留级", "issued_on": "2026-10-09", "effective_on": "2026-10-09"},
    ],
    "attendance": [
        {"student_no": "1", "held_on": "2026-09-07", "result": "出勤"},
        {"student_no": "1", "held_on": "2026-09-08", "result": "缺勤"},
    ],
    "registration": [{"student_no": "1", "term": "2026-2027-1", "registered_on": "2026-09-01"}],
    "term": [
        {
            "term": "2026-2027-1",
            "academic_year": "2026-2027",
            "starts_on": "2026-08-31",
            "report_by": "2026-09-04",
            "ends_on": "2027-01-17",
        }
    ],
}


def in_form(base: FactBase) -> bool:
    """Every kind has a frame with every field of its model, each in the dtype of its type."""
    assert set(base.frames) == set(KINDS)
    for kind, model in KINDS.items():
        found = base.frames[kind]
        fields = {name: DTYPES[column.type] for name, column in columns(model).items()}
        assert {name: str(found[name].dtype) for name in fields if name in found} == {
            name: dtype for name, dtype in fields.items() if name in found
        }, kind
        texts = [name for name, dtype in fields.items() if dtype == "category" and name in found]
        assert all(found[name].cat.categories.dtype == "str" for name in texts), kind
        assert not found.index.has_duplicates
    return True


def test_every_kind_has_a_frame_with_all_its_fields() -> None:
    before = {"student": [ROWS["student"][0] | {"class_no": "B"}]}
    snapshot = replace(snapshot_from_rows(ROWS, AS_OF), previous=snapshot_from_rows(before, date(2026, 10, 28)))
    base = derive(snapshot, [LEAVE], {"class_no_pattern": "[0-9]+"})
    assert in_form(base)
    for kind, model in KINDS.items():
        assert set(columns(model)) <= set(base.frames[kind].columns), kind
    assert all(len(base.frames[kind]) for kind in COMPUTED)
    assert base.withheld == {}


@pytest.mark.parametrize("given", [(), tuple(TABLES)])
def test_nothing_given_and_everything_given_empty_are_no_trouble(given: tuple[str, ...]) -> None:
    base = derive(snapshot_from_rows({}, AS_OF, empty=given), [LEAVE], {})
    assert in_form(base)
    assert all(frame.empty for frame in base.frames.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_asked_for_alone_is_what_it_is_among_all(kind: str) -> None:
    snapshot = snapshot_from_rows(ROWS, AS_OF)
    alone, among = (derive(snapshot, [LEAVE], {}, kinds) for kinds in ([kind], None))
    assert in_form(alone)
    pd.testing.assert_frame_equal(alone.frames[kind], among.frames[kind])
    assert all(alone.frames[other].empty for other in COMPUTED if other != kind)


@pytest.mark.parametrize("kind", ROWS)
def test_a_table_of_rows_that_say_nothing_is_no_trouble(kind: str) -> None:
    base = derive(snapshot_from_rows({**ROWS, kind: [{}, {}]}, AS_OF), [LEAVE], {})
    assert in_form(base)


def test_what_a_caller_does_to_an_empty_frame_stays_with_the_caller() -> None:
    mine = derive(snapshot_from_rows({}, AS_OF), [], {}).frames["fee_account"]
    mine["mine"] = []
    assert "mine" not in derive(snapshot_from_rows({}, AS_OF), [], {}).frames["fee_account"]


def test_the_snapshot_is_left_as_it_was() -> None:
    snapshot = snapshot_from_rows(ROWS, AS_OF)
    before = {kind: table.frame.copy() for kind, table in snapshot.tables.items()}
    derive(snapshot, [LEAVE], {})
    for kind, frame in before.items():
        pd.testing.assert_frame_equal(snapshot.tables[kind].frame, frame)


def test_the_calendar_is_that_of_the_school() -> None:
    rest = {"workday": [{"date": "2026-11-26", "working": "否"}]}
    assert derive(snapshot_from_rows(rest, AS_OF), [], {}).calendar.after(AS_OF, 1) == (date(2026, 11, 27), False)
