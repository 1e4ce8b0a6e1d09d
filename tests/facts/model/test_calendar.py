"""Working days: the State Council's calendar, the school's exceptions, and years that nobody knows yet."""

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.model.calendar import WorkCalendar

STATE = WorkCalendar.of(None)


def school(*exceptions: tuple[date, str]) -> WorkCalendar:
    """The calendar of a school whose table workday has these rows."""
    days = pd.Series([pd.Timestamp(day) for day, _ in exceptions], dtype="datetime64[s]")
    return WorkCalendar.of(pd.DataFrame({"date": days, "working": pd.Categorical([what for _, what in exceptions])}))


def test_the_day_after_is_the_first_working_day() -> None:
    assert STATE.after(date(2026, 11, 24), 1) == (date(2026, 11, 25), False)


def test_a_weekend_is_stepped_over() -> None:
    assert STATE.after(date(2026, 11, 27), 1) == (date(2026, 11, 30), False)


def test_national_day_is_stepped_over_and_its_made_up_saturday_works() -> None:
    # 2026: holiday 1 to 7 October, made up for on Sunday 20 September and Saturday 10 October.
    assert STATE.after(date(2026, 9, 30), 1) == (date(2026, 10, 8), False)
    assert STATE.after(date(2026, 10, 9), 1) == (date(2026, 10, 10), False)
    assert STATE.after(date(2026, 9, 19), 1) == (date(2026, 9, 20), False)


def test_fifteen_working_days_over_mid_autumn_and_national_day() -> None:
    # 20 to 24, 28 to 30 September (the 25th is 中秋节), 8 to 10, 12 to 15 October.
    assert STATE.after(date(2026, 9, 18), 15)[0] == date(2026, 10, 15)


def test_working_days_between_leave_out_the_first_day_and_count_the_last() -> None:
    assert STATE.between(date(2026, 11, 23), date(2026, 11, 25)) == 2
    assert STATE.between(date(2026, 11, 25), date(2026, 11, 25)) == 0
    assert STATE.between(date(2026, 11, 27), date(2026, 11, 29)) == 0


def test_there_are_never_less_than_none_between() -> None:
    assert STATE.between(date(2026, 11, 25), date(2026, 11, 2)) == 0


def test_a_deadline_in_a_year_that_is_not_known_is_provisional_and_counts_monday_to_friday() -> None:
    assert STATE.after(date(2026, 12, 30), 1) == (date(2026, 12, 31), False)
    assert STATE.after(date(2026, 12, 31), 1) == (date(2027, 1, 1), True)


def test_before_the_first_known_year_monday_to_friday_count_too() -> None:
    assert STATE.after(date(2003, 9, 30), 1) == (date(2003, 10, 1), True)


def test_a_deadline_that_passes_through_an_unknown_year_is_provisional() -> None:
    knows_2028 = school((date(2028, 5, 1), "否"))
    assert knows_2028.after(date(2026, 12, 30), 300)[1]
    assert not knows_2028.after(date(2027, 12, 31), 5)[1]


def test_one_row_of_the_school_makes_its_year_known() -> None:
    assert school((date(2027, 1, 1), "否")).after(date(2026, 12, 31), 1) == (date(2027, 1, 4), False)


def test_the_school_may_work_on_a_holiday_and_rest_on_a_working_day() -> None:
    own = school(
        (date(2026, 10, 7), "是"), (date(2026, 10, 10), "否"), (date(2026, 11, 28), "是"), (date(2026, 11, 25), "否")
    )
    assert own.after(date(2026, 9, 30), 1)[0] == date(2026, 10, 7)
    assert own.after(date(2026, 10, 9), 1)[0] == date(2026, 10, 12)
    assert own.after(date(2026, 11, 27), 1)[0] == date(2026, 11, 28)
    assert own.after(date(2026, 11, 24), 1)[0] == date(2026, 11, 26)


def test_of_two_rows_for_one_date_the_last_holds() -> None:
    assert school((date(2026, 11, 25), "否"), (date(2026, 11, 25), "是")).after(date(2026, 11, 24), 1)[0] == date(
        2026, 11, 25
    )


def test_a_table_without_rows_changes_nothing() -> None:
    assert school().after(date(2026, 9, 30), 1) == (date(2026, 10, 8), False)


def test_the_zeroth_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        STATE.after(date(2026, 11, 25), 0)


def test_a_column_keeps_its_index_and_what_is_missing_stays_missing() -> None:
    days = pd.Series(pd.to_datetime(["2026-11-27", None, "2026-12-31"]).astype("datetime64[s]"), index=[7, 8, 9])
    due, provisional = STATE.after(days, 1)
    assert due.index.tolist() == provisional.index.tolist() == [7, 8, 9]
    assert (str(due.dtype), str(provisional.dtype)) == ("datetime64[s]", "boolean")
    assert due.isna().tolist() == provisional.isna().tolist() == [False, True, False]
    assert (due[7], bool(provisional[7]), bool(provisional[9])) == (pd.Timestamp("2026-11-30"), False, True)
    left = STATE.between(date(2026, 11, 25), days)
    assert left.index.tolist() == [7, 8, 9]
    assert left.isna().tolist() == [False, True, False]
    assert left[7] == 2
    assert STATE.between(days, days).dropna().tolist() == [0, 0]


def test_arrays_of_days_are_answered_with_arrays() -> None:
    days = np.array(["2026-11-27", "NaT"], dtype="datetime64[D]")
    due, provisional = STATE.after(days, 1)
    assert due.tolist() == [pd.Timestamp("2026-11-30").to_pydatetime(), None]
    assert provisional.isna().tolist() == [False, True]
    assert STATE.between(days, date(2026, 12, 1)).tolist() == [2, pd.NA]


def test_no_days_are_answered_with_none() -> None:
    nothing = pd.Series([], dtype="datetime64[s]")
    due, provisional = STATE.after(nothing, 15)
    assert len(due) == len(provisional) == len(STATE.between(nothing, nothing)) == 0


def test_the_ends_of_all_time_are_no_trouble() -> None:
    assert STATE.after(date(1, 1, 1), 5) == (date(1, 1, 8), True)
    assert STATE.after(date(9999, 12, 1), 5) == (date(9999, 12, 8), True)


def works_in_china(day: date) -> bool:
    return chinese_calendar.is_workday(day) if 2004 <= day.year <= 2026 else day.weekday() < 5


def counted(day: date, n: int, works: Callable[[date], bool]) -> date:
    """The n-th working day after a day, one day at a time."""
    while n:
        day += timedelta(days=1)
        n -= works(day)
    return day


@given(st.dates(date(2003, 6, 1), date(2028, 6, 1)), st.integers(1, 40))
def test_a_deadline_is_where_counting_day_by_day_ends(day: date, n: int) -> None:
    due, provisional = STATE.after(day, n)
    assert due == counted(day, n, works_in_china)
    assert provisional == any(
        not 2004 <= (day + timedelta(days=d)).year <= 2026 for d in range(1, (due - day).days + 1)
    )
    assert STATE.between(day, due) == n


@pytest.mark.slow
@given(
    st.dictionaries(st.dates(date(2026, 9, 1), date(2027, 2, 1)), st.booleans(), max_size=12),
    st.lists(st.dates(date(2026, 8, 1), date(2027, 3, 1)), min_size=1, max_size=6),
    st.integers(1, 20),
)
def test_the_school_s_own_days_are_counted_like_any_other(own: dict[date, bool], days: list[date], n: int) -> None:
    calendar = school(*((day, "是" if works else "否") for day, works in own.items()))

    def works(day: date) -> bool:
        return own.get(day, works_in_china(day))

    due, _ = calendar.after(pd.Series(pd.to_datetime(days)).astype("datetime64[s]"), n)
    assert [day.date() for day in due] == [counted(day, n, works) for day in days]
    ahead = [sum(works(days[0] + timedelta(days=d)) for d in range(1, (day - days[0]).days + 1)) for day in days]
    assert calendar.between(days[0], pd.Series(pd.to_datetime(days))).tolist() == ahead
