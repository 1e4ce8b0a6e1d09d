"""Working days: the State Council's calendar (PyPI chinesecalendar) with the school's own exceptions on top of it.

A day works when it is Monday to Friday, apart from a few hundred exceptions: public holidays on weekdays, and Saturdays
and Sundays made up for. So the working days up to any day are those of plain weeks, which is arithmetic, plus a
cumulative correction at each exception, which is one sorted array: all deadlines together are one binary search.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, cast, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.int64]
"""Days since 1970-01-01."""
_EPOCH = date(1970, 1, 1)
_MONDAY = -3
"""1969-12-29."""


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Which days work. Built with `of`; days, Series and arrays of days go in, missing days come out missing."""

    exceptions: Days
    """The days that differ from Monday to Friday, ascending."""
    corrections: Days
    """One longer: working days more than plain weeks have, up to and with each of the exceptions; the first is 0."""
    known_years: frozenset[int]
    """Years whose calendar is published, or of which the school's table says something."""

    @staticmethod
    def of(workday: pd.DataFrame | None = None) -> "WorkCalendar":
        """The calendar with the rows of the table `workday` (None or no rows: the State Council's alone). Of several
        rows for one date the last holds."""
        working, years = _published()
        if workday is not None and len(workday):
            rows = workday.loc[workday["date"].notna() & workday["working"].notna(), ["date", "working"]]
            own = dict(zip((d.date() for d in rows["date"]), rows["working"].eq("是").tolist(), strict=True))
            working, years = {**working, **own}, years | {day.year for day in own}
        different = sorted(day for day, works in working.items() if works != (day.weekday() < 5))
        return WorkCalendar(
            np.array([_number(day) for day in different], dtype=np.int64),
            np.cumsum([0, *(1 if working[day] else -1 for day in different)]),
            years,
        )

    @overload
    def after(self, days: date, n: int) -> tuple[date, bool]: ...
    @overload
    def after(self, days: "pd.Series[Any]", n: int) -> tuple["pd.Series[Any]", "pd.Series[Any]"]: ...
    @overload
    def after(self, days: npt.NDArray[np.datetime64], n: int) -> tuple[npt.NDArray[np.datetime64], Any]: ...
    def after(self, days: Any, n: int) -> tuple[Any, Any]:
        """The n-th working day (n ≥ 1) after each day, the day after being the first that may count; and whether it is
        provisional: some day between, or itself, lies in a year not known, where Monday to Friday was counted.

        A date gives a date and a bool; a Series gives Series (datetime64[s], boolean) with its index; an array gives
        arrays of the same dtypes."""
        if n < 1:
            raise ValueError("n must be at least 1")
        start, missing = _numbers(days)
        due = self._nth(self._count(start) + n)
        due[missing] = start[missing]
        provisional = self._reaches_unknown(start + 1, due)
        if isinstance(days, date):
            return _EPOCH + timedelta(days=int(due[0])), bool(provisional[0])
        dates = due.astype("datetime64[D]").astype("datetime64[s]")
        dates[missing] = np.datetime64("NaT")
        flags = pd.arrays.BooleanArray(provisional, missing)
        if isinstance(days, pd.Series):
            return pd.Series(dates, index=days.index), pd.Series(flags, index=days.index)
        return dates, flags

    @overload
    def between(self, start: date, end: date) -> int: ...
    @overload
    def between(self, start: "pd.Series[Any]", end: "date | pd.Series[Any]") -> "pd.Series[Any]": ...
    @overload
    def between(self, start: date, end: "pd.Series[Any]") -> "pd.Series[Any]": ...
    @overload
    def between(self, start: Any, end: Any) -> Any: ...
    def between(self, start: Any, end: Any) -> Any:
        """How many working days d there are with start < d ≤ end; 0 where end is not after start.

        Two dates give an int; otherwise Int64, a Series where one is given (two Series must have one index)."""
        first, no_first = _numbers(start)
        last, no_last = _numbers(end)
        count = np.maximum(self._count(last) - self._count(first), 0)
        if isinstance(start, date) and isinstance(end, date):
            return int(count[0])
        counts = pd.arrays.IntegerArray(count, np.broadcast_to(no_first | no_last, count.shape).copy())
        index = next((days.index for days in (start, end) if isinstance(days, pd.Series)), None)
        return counts if index is None else pd.Series(counts, index=index)

    def _count(self, days: Days) -> Days:
        """Working days up to and with each day, from a fixed Monday on (negative before it)."""
        return _weekdays(days) + self.corrections[np.searchsorted(self.exceptions, days, side="right")]

    def _nth(self, number: Days) -> Days:
        """The first day up to and with which there are so many working days."""
        passed = np.searchsorted(self._count(self.exceptions), number, side="left")
        weeks, rest = np.divmod(number - self.corrections[passed] - 1, 5)
        day = weeks * 7 + rest + _MONDAY
        # Either a plain weekday before the next exception, or that exception itself, a day made up for.
        following = np.append(self.exceptions, np.iinfo(np.int64).max)[passed]
        found: Days = np.minimum(day, following)
        return found

    def _reaches_unknown(self, first: Days, last: Days) -> npt.NDArray[np.bool_]:
        if not len(first):
            return np.zeros(0, dtype=bool)
        from_year, to_year = (
            days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) for days in (first, last)
        )
        begin = int(from_year.min())
        years = range(begin + 1970, max(int(to_year.max()), begin) + 1971)
        unknown = np.cumsum([0, *(year not in self.known_years for year in years)])
        reaches: npt.NDArray[np.bool_] = (
            unknown[np.maximum(to_year, from_year) - begin + 1] > unknown[from_year - begin]
        )
        return reaches


@cache
def _published() -> tuple[Mapping[date, bool], frozenset[int]]:
    """The days on which the State Council's calendar says something, whether they work; and the years it knows."""
    from chinese_calendar import constants

    off, on = constants.holidays, constants.workdays
    years = frozenset(range(min(off).year, max(off).year + 1))
    working = dict.fromkeys(off, False) | dict.fromkeys(on, True)
    return {day: works for day, works in working.items() if day.year in years}, years


def _weekdays(days: Days) -> Days:
    """Mondays to Fridays up to and with each day, from a fixed Monday on."""
    weeks, rest = np.divmod(days - _MONDAY, 7)
    return cast(Days, weeks * 5 + np.minimum(rest + 1, 5))


def _number(day: date) -> int:
    return day.toordinal() - _EPOCH.toordinal()


def _numbers(days: Any) -> tuple[Days, npt.NDArray[np.bool_]]:
    """Day numbers (0 where missing), and which are missing; one of each for a single date."""
    if isinstance(days, date):
        return np.array([_number(days)]), np.zeros(1, dtype=bool)
    values = np.asarray(days).astype("datetime64[D]")
    missing = np.isnat(values)
    numbers = values.astype(np.int64)
    numbers[missing] = 0
    return numbers, missing
