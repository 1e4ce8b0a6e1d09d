"""welcome.blank_fields: what was not entered of what must be."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from facts.derive import derive
from facts.model.snapshot import Snapshot
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
FIELDS = ["ticket_no", "sex", "score"]
WHOLE = {"exam_no": "E1", "ticket_no": "T1", "sex": "女", "score": "432"}


def blank(snapshot: Snapshot, fields: list[str] | None = FIELDS) -> list[Any]:
    base = derive(snapshot, [], {"admission_fields": fields}, ["welcome"])
    found: list[Any] = base.frames["welcome"]["blank_fields"].astype(object).tolist()
    return found


def rows(*welcome: dict[str, Any]) -> Snapshot:
    return snapshot_from_rows({"welcome": welcome}, AS_OF)


def test_blank_fields_are_named_in_the_order_in_which_they_are_asked_for() -> None:
    assert blank(rows({**WHOLE, "score": None, "ticket_no": None})) == ["准考证号、入学成绩"]


def test_nothing_is_named_where_nothing_is_missing() -> None:
    assert pd.isna(blank(rows(WHOLE))).tolist() == [True]


def test_fields_that_are_not_asked_for_may_be_empty() -> None:
    assert pd.isna(blank(rows({**WHOLE, "score": None}), ["sex"])).tolist() == [True]
    assert pd.isna(blank(rows({"exam_no": "E1"}), [])).tolist() == [True]


def test_a_column_that_the_export_lacks_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "迎新.csv").write_text("考生号,入学年份,报到状态,性别\nE1,2026,已报到,\nE2,2026,已报到,女\n", "utf-8")
    first, second = blank(load_snapshot(tmp_path, AS_OF))
    assert first == "性别"
    assert pd.isna(second)


def test_unset_nobody_knows_what_to_ask_for() -> None:
    assert pd.isna(blank(rows({"exam_no": "E1"}), None)).tolist() == [True]
