"""term.current, term.year and term.first_of_year."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.model.factbase import FactBase
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows


def term(name: str, starts_on: str, ends_on: str, **more: Any) -> dict[str, Any]:
    return {
        "term": name,
        "academic_year": name[:9],
        "starts_on": starts_on,
        "report_by": starts_on,
        "ends_on": ends_on,
        **more,
    }


SPRING = term("2025-2026-2", "2026-02-23", "2026-07-10")
AUTUMN = term("2026-2027-1", "2026-08-31", "2027-01-17")
NEXT_SPRING = term("2026-2027-2", "2027-02-22", "2027-07-09")


def terms(as_of: str, *rows: dict[str, Any]) -> pd.DataFrame:
    return derive(snapshot_from_rows({"term": rows}, date.fromisoformat(as_of)), [], {}).frames["term"]


@pytest.mark.parametrize(
    ("as_of", "current"),
    [
        ("2026-02-22", []),
        ("2026-02-23", ["2025-2026-2"]),
        ("2026-07-10", ["2025-2026-2"]),
        ("2026-07-11", ["2025-2026-2"]),
        ("2026-08-30", ["2025-2026-2"]),
        ("2026-08-31", ["2026-2027-1"]),
        ("2027-02-21", ["2026-2027-1"]),
        ("2030-01-01", ["2026-2027-2"]),
    ],
)
def test_the_current_term_holds_as_of_or_is_the_last_that_started(as_of: str, current: list[str]) -> None:
    found = terms(as_of, NEXT_SPRING, SPRING, AUTUMN)
    assert found.loc[found["current"], "term"].tolist() == current


def test_a_term_that_holds_as_of_goes_before_one_that_started_later_and_is_over() -> None:
    course = term("2026-2027-3", "2026-10-01", "2026-10-31")
    found = terms("2026-11-25", AUTUMN, course)
    assert found["current"].tolist() == [True, False]


def test_of_two_equal_rows_one_is_current_and_one_is_the_first_of_its_year() -> None:
    found = terms("2026-11-25", AUTUMN, AUTUMN)
    assert (found["current"].sum(), found["first_of_year"].sum()) == (1, 1)


def test_the_year_is_the_first_of_the_two_and_missing_where_there_is_none() -> None:
    found = terms("2026-11-25", SPRING, {**AUTUMN, "academic_year": None}, {**AUTUMN, "academic_year": "2026-2027学年"})
    assert found["year"].tolist() == [2025, pd.NA, 2026]


def test_the_first_of_a_year_is_the_one_that_starts_earliest() -> None:
    assert terms("2026-11-25", NEXT_SPRING, SPRING, AUTUMN)["first_of_year"].tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("starts_on", "repeat_by"),
    [
        ("2026-03-02", "2026-04-02"),
        ("2026-08-31", "2026-09-30"),
        ("2027-01-31", "2027-02-28"),
        ("2028-01-30", "2028-02-29"),
        ("2026-12-15", "2027-01-15"),
    ],
)
def test_repeating_a_year_is_dealt_with_within_a_month_whose_end_may_come_sooner(
    starts_on: str, repeat_by: str
) -> None:
    found = terms("2026-11-25", {**AUTUMN, "starts_on": starts_on})
    assert found["repeat_by"].tolist() == [pd.Timestamp(repeat_by)]


def test_a_term_without_a_start_is_neither_current_nor_first() -> None:
    found = terms("2026-11-25", {"term": "2026-2027-1", "academic_year": "2026-2027"})
    assert (found["current"].tolist(), found["first_of_year"].tolist()) == ([False], [False])


def test_each_term_knows_the_dates_of_the_first_of_its_year() -> None:
    found = terms("2026-11-25", NEXT_SPRING, SPRING, {**AUTUMN, "report_by": "2026-09-04"})
    assert found["year_starts_on"].dt.strftime("%m-%d").tolist() == ["08-31", "02-23", "08-31"]
    assert found["year_report_by"].dt.strftime("%m-%d").tolist() == ["09-04", "02-23", "09-04"]
    nameless = terms(
        "2026-11-25", {**AUTUMN, "academic_year": None}, {"term": "2027-2028-1", "academic_year": "2027-2028"}
    )
    assert nameless[["year_starts_on", "year_report_by"]].isna().all(axis=None)


def from_file(folder: Path, as_of: str, *lines: str) -> FactBase:
    (folder / "校历.csv").write_text("\n".join(["学期,学年,开学日期,报到截止日期,学期结束日期", *lines]), "utf-8")
    return derive(load_snapshot(folder, date.fromisoformat(as_of)), [], {})


SPRING_LINE = "2025-2026-2,2025-2026,2026-02-23,2026-02-27,2026-07-10"
AUTUMN_LINE = "2026-2027-1,2026-2027,2026-08-31,2026-09-04,2027-01-17"


def test_no_term_is_current_where_one_set_aside_might_be(tmp_path: Path) -> None:
    base = from_file(tmp_path, "2026-11-25", SPRING_LINE, AUTUMN_LINE.replace("2026-09-04", "坏"))
    assert base.frames["term"]["current"].isna().tolist() == [True]
    assert base.withheld == {"term.current": 1}


def test_where_nothing_else_has_started_a_term_set_aside_might_be_the_current_one(tmp_path: Path) -> None:
    base = from_file(tmp_path, "2026-08-31", AUTUMN_LINE.replace("2026-08-31", "2026-09-01"), "坏,,坏,坏,坏")
    assert base.frames["term"]["current"].isna().tolist() == [True]


@pytest.mark.parametrize(
    "line",
    [
        AUTUMN_LINE.replace("2026-09-04", "坏"),  # starts after as_of
        "2024-2025-2,2024-2025,2025-02-24,坏,2025-07-11",  # started before the last that started
        "2024-2025-2,2024-2025,坏,2025-02-28,2025-07-11",  # ended before it
    ],
)
def test_a_term_set_aside_that_cannot_be_the_current_one_changes_nothing(tmp_path: Path, line: str) -> None:
    base = from_file(tmp_path, "2026-08-01", SPRING_LINE, line)
    assert base.frames["term"]["current"].tolist() == [True]


def test_where_a_term_holds_as_of_it_is_current_whatever_was_set_aside(tmp_path: Path) -> None:
    base = from_file(tmp_path, "2026-11-25", AUTUMN_LINE, SPRING_LINE.replace("2026-02-23", "坏"))
    assert base.frames["term"]["current"].tolist() == [True]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("2026-2027-0,2026-2027,坏,2026-07-15,2026-08-01", [True, pd.NA]),  # nobody knows when it starts
        ("2026-2027-0,2026-2027,2026-07-12,坏,2026-08-01", [True, pd.NA]),  # it starts earlier
        ("2026-2027-2,2026-2027,2027-02-22,坏,2027-07-09", [True, True]),  # it starts later
        ("2026-2027-0,,坏,2026-07-15,2026-08-01", [pd.NA, pd.NA]),  # nobody knows of which year it is
    ],
)
def test_the_first_of_a_year_is_not_known_where_one_set_aside_might_be(
    tmp_path: Path, line: str, first: list[Any]
) -> None:
    found = from_file(tmp_path, "2026-11-25", SPRING_LINE, AUTUMN_LINE, line).frames["term"]
    assert found["first_of_year"].tolist() == first
    assert found["year_starts_on"].notna().tolist() == [each is True for each in first]
