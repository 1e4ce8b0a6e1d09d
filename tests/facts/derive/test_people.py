"""Computed columns of student and record; orphan."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)


def derived(kind: str, parameters: dict[str, Any] | None = None, **tables: Any) -> pd.DataFrame:
    return derive(snapshot_from_rows(tables, AS_OF), [], parameters or {}, [kind]).frames[kind]


def ends_by(entered_on: str | None, length_years: int | None, **parameters: Any) -> Any:
    found = derived(
        "student", parameters, student=[{"student_no": "1", "entered_on": entered_on, "length_years": length_years}]
    )
    return found["study_ends_by"].iloc[0]


def test_study_ends_after_its_length_and_two_more_years() -> None:
    assert ends_by("2024-09-01", 3) == pd.Timestamp("2029-09-01")


def test_how_many_more_years_is_a_parameter() -> None:
    assert ends_by("2024-09-01", 3, extra_years=0) == pd.Timestamp("2027-09-01")
    assert ends_by("2024-09-01", 3, extra_years=None) is pd.NaT


@pytest.mark.parametrize(("length", "end"), [(3, "2029-02-28"), (2, "2028-02-29")])
def test_29_february_becomes_the_28th_where_the_year_has_no_other(length: int, end: str) -> None:
    assert ends_by("2024-02-29", length) == pd.Timestamp(end)


def test_the_day_after_29_february_stays_what_it_is() -> None:
    assert ends_by("2024-03-01", 3) == pd.Timestamp("2029-03-01")


@pytest.mark.parametrize(("entered_on", "length"), [(None, 3), ("2024-09-01", None), ("9998-09-01", 3)])
def test_nobody_knows_when_study_ends_without_a_plausible_begin_and_length(
    entered_on: str | None, length: int | None
) -> None:
    assert ends_by(entered_on, length) is pd.NaT


def test_the_year_of_entry_is_a_calendar_year() -> None:
    rows = [{"student_no": "1", "entered_on": "2024-12-31"}, {"student_no": "2"}]
    assert derived("student", student=rows)["entered_year"].tolist() == [2024, pd.NA]
    assert derived("record", record=rows)["entered_year"].tolist() == [2024, pd.NA]


@pytest.mark.parametrize(
    ("status", "active"),
    [("在籍", True), ("休学", True), ("保留学籍", True), ("退学", False), ("毕业", False), ("取消学籍", False)],
)
def test_a_record_is_active_in_three_states(status: str, active: bool) -> None:
    assert derived("record", record=[{"student_no": "1", "status": status}])["active"].tolist() == [active]


def test_a_record_without_a_status_is_neither_active_nor_not() -> None:
    assert derived("record", record=[{"student_no": "1"}])["active"].isna().tolist() == [True]


@pytest.mark.parametrize(
    ("last", "year"), [("2026-2027", 2026), ("2026", 2026), ("2025-2026学年", 2025), ("已注册", pd.NA), (None, pd.NA)]
)
def test_the_year_last_registered_for_is_the_first_of_the_two(last: str | None, year: Any) -> None:
    rows = [{"student_no": "1", "annual_registration": last}]
    assert derived("record", record=rows)["annual_year"].tolist() == [year]


class TestOrphan:
    FEES = ({"student_no": "1"}, {"student_no": "1"}, {"student_no": "2"}, {"student_no": "3"}, {"student_no": "9"})

    def orphans(self, **tables: Any) -> list[tuple[Any, ...]]:
        found = derived("orphan", **tables)
        return list(zip(found["table"], found["student_no"], found["rows"], found["owner"], strict=True))

    def test_rows_stand_alone_when_neither_student_nor_record_knows_the_number(self) -> None:
        known = {"student": [{"student_no": "2"}], "record": [{"student_no": "3", "status": "退学"}]}
        assert self.orphans(fee=self.FEES, **known) == [("fee", "1", 2, "财务处"), ("fee", "9", 1, "财务处")]

    def test_the_table_is_named_as_its_office_names_it(self) -> None:
        found = derived("orphan", fee=self.FEES[:1], checkin=self.FEES[:1], student=[], record=[])
        assert found["heading"].tolist() == ["缴费", "返校报到"]

    def test_each_table_answers_for_its_own(self) -> None:
        row = [{"student_no": "1"}]
        tables = dict.fromkeys(("fee", "registration", "checkin", "attendance", "change"), row)
        assert self.orphans(**tables, student=[], record=[]) == [
            ("fee", "1", 1, "财务处"),
            ("registration", "1", 1, "学生处"),
            ("checkin", "1", 1, "学生处"),
            ("attendance", "1", 1, "教务处"),
            ("change", "1", 1, "教务处"),
        ]

    def test_what_lies_after_as_of_is_out_of_sight(self) -> None:
        rows = [{"student_no": "1", "held_on": "2026-11-26"}, {"student_no": "2", "held_on": "2026-11-25"}]
        assert self.orphans(attendance=rows, student=[], record=[]) == [("attendance", "2", 1, "教务处")]

    def test_without_student_or_record_nobody_knows(self) -> None:
        assert self.orphans(fee=self.FEES, student=[]) == []
        assert self.orphans(fee=self.FEES, record=[]) == []

    def test_there_is_none_where_no_such_table_is_given(self) -> None:
        assert self.orphans(student=[], record=[]) == []

    def test_a_row_set_aside_whose_number_can_be_read_stands_there(self, tmp_path: Path) -> None:
        (tmp_path / "在校生.csv").write_text(
            "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n1,某甲,本科,机电,车辆,坏,在读\n", "utf-8"
        )
        (tmp_path / "学籍.csv").write_text(
            "平台,学号,身份证号,姓名,培养层次,学籍状态\n学信网,2,1,某乙,本科,不明\n", "utf-8"
        )
        (tmp_path / "学期注册.csv").write_text(
            "学号,学期,注册日期\n1,2026-2027-1,2026-09-01\n2,2026-2027-1,2026-09-01\n3,2026-2027-1,2026-09-01\n",
            "utf-8",
        )
        found = derive(load_snapshot(tmp_path, AS_OF), [], {}, ["orphan"]).frames["orphan"]
        assert found["student_no"].tolist() == ["3"]
