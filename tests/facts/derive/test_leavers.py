"""reappearance: the first sign in school of someone who has left."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.derive import derive
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
LEFT = {
    "change_no": "X1",
    "student_no": "1",
    "kind": "自愿退学",
    "issued_on": "2026-10-09",
    "effective_on": "2026-10-12",
}


def attended(day: Any, result: str = "出勤", student_no: str = "1", **more: Any) -> dict[str, Any]:
    return {"student_no": student_no, "held_on": day, "result": result, **more}


def registered(day: Any, student_no: str = "1") -> dict[str, Any]:
    return {"student_no": student_no, "term": "2026-2027-1", "registered_on": day}


def seen(changes: Any = (LEFT,), attendance: Any = (), registration: Any = ()) -> list[tuple[str, str, str]]:
    """(change_no, first day, how) of each."""
    tables = {"change": changes, "attendance": attendance, "registration": registration}
    found = derive(snapshot_from_rows(tables, AS_OF), [], {}, ["reappearance"]).frames["reappearance"]
    days = found["seen_on"].dt.strftime("%Y-%m-%d")
    return list(zip(found["change_no"], days, found["how"], strict=True))


def test_the_day_after_leaving_counts_and_the_day_of_leaving_does_not() -> None:
    assert seen(attendance=[attended("2026-10-13")]) == [("X1", "2026-10-13", "上课")]
    assert seen(attendance=[attended("2026-10-12")]) == []
    assert seen(registration=[registered("2026-10-13")]) == [("X1", "2026-10-13", "学期注册")]
    assert seen(registration=[registered("2026-10-12")]) == []


def test_the_first_sign_of_each_kind_is_told() -> None:
    days = [attended("2026-11-02"), attended("2026-10-20"), attended("2026-10-01")]
    in_class = ("X1", "2026-10-20", "上课")
    assert seen(attendance=days) == [in_class]
    assert seen(attendance=days, registration=[registered("2026-10-19")]) == [
        in_class, ("X1", "2026-10-19", "学期注册"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row", [attended("2026-10-13", "缺勤"), attended("2026-10-13", "请假"), attended("2026-10-13", mode="旁听"),
            attended("2026-10-13", student_no="2"), attended("2026-11-26")]
)  # fmt: skip
def test_being_away_sitting_in_another_student_or_tomorrow_is_no_sign(row: dict[str, Any]) -> None:
    assert seen(attendance=[row]) == []


@pytest.mark.parametrize(
    "change", [{**LEFT, "kind": "休学"}, {**LEFT, "issued_on": None}, {**LEFT, "effective_on": None},
               {**LEFT, "student_no": "3"}]
)  # fmt: skip
def test_only_an_issued_departure_in_effect_asks_for_it(change: dict[str, Any]) -> None:
    assert seen([change], [attended("2026-10-13")], [registered("2026-10-13", "2")]) == []


@pytest.mark.parametrize("kind", ["自愿退学", "自动退学", "转出", "开除学籍"])
def test_every_way_to_leave_asks_for_it(kind: str) -> None:
    assert seen([{**LEFT, "kind": kind}], [attended("2026-10-13")]) == [("X1", "2026-10-13", "上课")]


def test_a_day_before_1970_is_a_day_like_any_other() -> None:
    assert seen([{**LEFT, "effective_on": "1969-12-30"}], [attended("1969-12-31")]) == [("X1", "1969-12-31", "上课")]


def test_a_table_that_is_not_given_shows_no_signs_and_the_other_does() -> None:
    tables = {"change": [LEFT], "attendance": [attended("2026-10-13")], "registration": [registered("2026-10-13")]}
    left = {"change": [], "attendance": ["学期注册"], "registration": ["上课"]}
    for table, signs in left.items():
        given = snapshot_from_rows({name: rows for name, rows in tables.items() if name != table}, AS_OF)
        assert derive(given, [], {}, ["reappearance"]).frames["reappearance"]["how"].tolist() == signs


DAYS = st.integers(0, 8).map(lambda n: date(2026, 10, 1) + timedelta(days=n))
WHO = st.sampled_from(["1", "2", "3"])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(WHO, DAYS), max_size=4),
    st.lists(st.tuples(WHO, DAYS), max_size=6),
    st.lists(st.tuples(WHO, DAYS), max_size=3),
)
def test_it_is_what_looking_at_every_day_gives(left: Any, lessons: Any, registrations: Any) -> None:
    changes = [
        {**LEFT, "change_no": f"X{i}", "student_no": who, "effective_on": day} for i, (who, day) in enumerate(left)
    ]
    expected = []
    for i, (who, day) in enumerate(left):
        later = {how: min((d for w, d in days if w == who and d > day), default=None)
                 for how, days in (("上课", lessons), ("学期注册", registrations))}  # fmt: skip
        expected += [(f"X{i}", day.isoformat(), how) for how, day in later.items() if day]
    found = seen(changes, [attended(d, student_no=w) for w, d in lessons], [registered(d, w) for w, d in registrations])
    assert found == expected


def test_dates_and_texts_have_the_form_of_the_frames() -> None:
    tables = {"change": [LEFT], "attendance": [attended("2026-10-13")], "registration": []}
    found = derive(snapshot_from_rows(tables, AS_OF), [], {}, ["reappearance"]).frames["reappearance"]
    assert found["seen_on"].dtype == "datetime64[s]"
    assert isinstance(found["how"].dtype, pd.CategoricalDtype)
