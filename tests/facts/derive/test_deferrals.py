"""Computed columns of deferral: whom it is for, and whether of a new student."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
AUTUMN = {"term": "2026-2027-1", "academic_year": "2026-2027", "starts_on": "2026-08-31"}
SPRING = {"term": "2026-2027-2", "academic_year": "2026-2027", "starts_on": "2027-03-01"}


def derived(*rows: dict[str, Any], **tables: Any) -> pd.DataFrame:
    snapshot = snapshot_from_rows({"deferral": rows, **tables}, AS_OF)
    return derive(snapshot, [], {}, ["deferral"]).frames["deferral"]


class TestPerson:
    STUDENTS = ({"student_no": "20", "exam_no": "E1"}, {"student_no": "10", "exam_no": "E1"}, {"student_no": "30"})

    def person(self, deferral: dict[str, Any], **tables: Any) -> str:
        found: str = derived(deferral, **tables)["person_no"].iloc[0]
        return found

    def test_it_is_for_the_student_it_names(self) -> None:
        assert self.person({"student_no": "7", "exam_no": "E1"}, student=self.STUDENTS) == "7"

    def test_else_for_the_student_with_its_exam_number_the_smaller_of_two(self) -> None:
        assert self.person({"exam_no": "E1"}, student=self.STUDENTS) == "10"

    def test_else_for_the_exam_number_itself(self) -> None:
        assert self.person({"exam_no": "E2"}, student=self.STUDENTS) == "E2"
        assert self.person({"exam_no": "E1"}) == "E1"

    def test_a_student_who_was_set_aside_is_still_the_one_meant(self, tmp_path: Path) -> None:
        (tmp_path / "在校生.csv").write_text(
            "学号,姓名,考生号,培养层次,学院,专业,入学日期,在校状态\n7,某甲,E1,本科,机电,车辆,坏,在读\n", "utf-8"
        )
        (tmp_path / "暂缓报到.csv").write_text("考生号,学期,暂缓至\nE1,2026-2027-1,2026-09-18\n", "utf-8")
        base = derive(load_snapshot(tmp_path, AS_OF), [], {}, ["deferral"])
        assert base.frames["deferral"]["person_no"].tolist() == ["7"]


class TestCandidate:
    STUDENTS = ({"student_no": "7", "exam_no": "E2"}, {"student_no": "7", "exam_no": "E1"}, {"student_no": "8"})

    def candidate(self, deferral: dict[str, Any], **tables: Any) -> Any:
        return derived(deferral, **tables)["candidate_no"].iloc[0]

    def test_it_is_the_exam_number_that_is_given(self) -> None:
        assert self.candidate({"student_no": "7", "exam_no": "E9"}, student=self.STUDENTS) == "E9"

    def test_else_that_of_the_student_the_smaller_of_two(self) -> None:
        assert self.candidate({"student_no": "7"}, student=self.STUDENTS) == "E1"

    def test_else_nobody_knows(self) -> None:
        assert pd.isna(self.candidate({"student_no": "8"}, student=self.STUDENTS))
        assert pd.isna(self.candidate({"student_no": "7"}, student=[]))
        assert pd.isna(self.candidate({"student_no": "7"}))


class TestFirstYear:
    def test_the_first_term_of_an_academic_year_is_that_of_its_new_students(self) -> None:
        found = derived(
            {"term": "2026-2027-1"}, {"term": "2026-2027-2"}, {"term": "2020-2021-1"}, {}, term=[SPRING, AUTUMN]
        )
        assert found["first_year"].tolist() == [2026, pd.NA, pd.NA, pd.NA]

    def test_without_a_calendar_nobody_knows(self) -> None:
        assert derived({"term": "2026-2027-1"})["first_year"].isna().tolist() == [True]


class TestNewcomer:
    def newcomer(self, deferral: dict[str, Any], *students: dict[str, Any]) -> Any:
        return derived(deferral, student=students, term=[AUTUMN, SPRING])["newcomer"].iloc[0]

    @pytest.mark.parametrize(
        ("entered_on", "new"), [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), (None, False)]
    )
    def test_who_entered_in_the_year_of_a_first_term_is_new_in_it(self, entered_on: str | None, new: bool) -> None:
        student = {"student_no": "1", "entered_on": entered_on}
        assert self.newcomer({"student_no": "1", "term": "2026-2027-1"}, student) == new

    def test_nobody_is_new_in_a_second_term(self) -> None:
        student = {"student_no": "1", "entered_on": "2026-09-01"}
        assert not self.newcomer({"student_no": "1", "term": "2026-2027-2"}, student)

    def test_a_student_who_comes_back_is_known_by_the_exam_number_too(self) -> None:
        student = {"student_no": "1", "exam_no": "E1", "entered_on": "2024-09-01"}
        assert not self.newcomer({"exam_no": "E1", "term": "2026-2027-1"}, student)

    def test_who_has_no_student_number_yet_is_new(self) -> None:
        assert self.newcomer({"exam_no": "E1", "term": "2026-2027-1"})

    def test_who_has_a_number_that_no_student_bears_is_not_taken_for_new(self) -> None:
        assert not self.newcomer({"student_no": "9", "term": "2026-2027-1"})

    def test_without_students_or_a_calendar_nobody_knows(self) -> None:
        assert derived({"student_no": "1"}, term=[AUTUMN])["newcomer"].isna().all()
        assert derived({"student_no": "1"}, student=[])["newcomer"].isna().all()
