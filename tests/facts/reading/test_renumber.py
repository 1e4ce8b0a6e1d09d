"""编号对照: everything is read under the new numbers, and what the export has is not forgotten."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from facts.model.snapshot import Snapshot
from facts.reading.load import load_snapshot
from facts.reading.previous import with_previous
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
STUDENTS = "学号,姓名,培养层次,学院,专业,班级号,入学日期,在校状态\n{},甲,本科,土木,土木,{},2024-09-01,在读\n"


def number(old: str, new: str, kind: str = "学号") -> dict[str, Any]:
    return {"kind": kind, "old_no": old, "new_no": new}


def read(*numbers: dict[str, Any], **tables: Any) -> Snapshot:
    return snapshot_from_rows({"renumbering": numbers, **tables}, AS_OF)


def column(snapshot: Snapshot, table: str, field: str = "student_no") -> list[str]:
    return snapshot.tables[table].frame[field].astype("str").tolist()


def test_every_table_is_read_under_the_new_number_and_what_the_export_has_is_kept() -> None:
    rows = [{"student_no": n, "term": "2026-2027-1", "registered_on": "2026-09-01"} for n in ("A", "B")]
    found = read(number("A", "A2"), registration=rows, student=[{"student_no": "A2"}])
    table = found.tables["registration"]
    assert column(found, "registration") == ["A2", "B"]
    assert table.exported["student_no"].tolist() == ["A", "B"]
    assert (table.renumbered, found.tables["student"].renumbered) == (1, 0)


def test_a_chain_is_followed_to_its_end() -> None:
    found = read(number("A", "B"), number("B", "C"), student=[{"student_no": n} for n in "ABC"])
    assert column(found, "student") == ["C", "C", "C"]


def test_students_and_classes_are_numbered_apart() -> None:
    found = read(number("A", "B", "班级号"), student=[{"student_no": "A", "class_no": "A"}])
    assert (column(found, "student"), column(found, "student", "class_no")) == (["A"], ["B"])


@pytest.mark.parametrize(
    "numbers",
    [[number("A", "A")], [number("A", "B"), number("B", "A")], [number("A", "B"), number("B", "C"), number("C", "B")],
     [number("A", "B"), number("A", "C")]],
)  # fmt: skip
def test_a_cycle_or_two_new_numbers_refuse_the_table_and_that_is_said(numbers: list[dict[str, Any]]) -> None:
    found = read(*numbers, student=[{"student_no": "A"}])
    assert "renumbering" not in found.tables
    assert column(found, "student") == ["A"]
    assert "编号对照" in found.remarks[0] and "没有采用" in found.remarks[0]


def test_the_same_row_twice_is_no_second_number() -> None:
    assert column(read(number("A", "B"), number("A", "B"), student=[{"student_no": "A"}]), "student") == ["B"]


def test_rows_set_aside_are_read_under_it_and_its_own_rows_set_aside_map_nothing(tmp_path: Path) -> None:
    (tmp_path / "编号对照.csv").write_text("编号类别,原编号,新编号\n学号,A,B\n学院,C,D\n", "utf-8")
    (tmp_path / "学期注册.csv").write_text(
        "学号,学期,注册日期\nA,2026-2027-1,昨天\nC,2026-2027-1,2026-09-01\n", "utf-8"
    )
    found = load_snapshot(tmp_path, AS_OF)
    assert found.tables["registration"].aside["student_no"].tolist() == ["B"]
    assert column(found, "registration") == ["C"]
    assert found.tables["registration"].renumbered == 1


def test_the_earlier_snapshot_is_read_under_it_too(tmp_path: Path) -> None:
    now, then = tmp_path / "now", tmp_path / "then"
    for folder, student, group in ((now, "B", "K2"), (then, "A", "K1")):
        folder.mkdir()
        (folder / "在校生.csv").write_text(STUDENTS.format(student, group), "utf-8")
    (now / "编号对照.csv").write_text("编号类别,原编号,新编号\n学号,A,B\n班级号,K1,K2\n", "utf-8")
    (then / "snapshot.toml").write_text("as_of = 2026-10-28\n", "utf-8")
    found = with_previous(load_snapshot(now, AS_OF), now, then)
    assert found.previous is not None
    earlier = replace(found.previous)
    assert (column(earlier, "student"), column(earlier, "student", "class_no")) == (["B"], ["K2"])
