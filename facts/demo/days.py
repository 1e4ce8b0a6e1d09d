"""When things happen in the made-up college: its terms, its working days, its teaching days."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from facts.demo.lists import TAUGHT_AS, TERMS, WORKDAYS
from facts.demo.store import Dates, Flags, Ints
from facts.model.calendar import WorkCalendar

AS_OF = date(2026, 11, 25)
CURRENT = 14
"""The current term, as an index into TERMS."""
FIRST_EXPORTED = 6
"""The first term of which the exports hold registrations, fees and changes."""
SPRING_CALLS = "2026-06-22"
"""The first day of which the exports hold roll calls of the term before."""


def term_of_grade(grade: Any) -> Any:
    """The index of the first term of those who entered in the year `grade`; negative before the terms of the table."""
    return (grade - 2019) * 2


@dataclass(frozen=True)
class Days:
    as_of: np.datetime64
    terms: tuple[str, ...]
    starts_on: Dates
    report_by: Dates
    ends_on: Dates
    working: Dates
    """Every working day of the years the calendar knows, ascending."""
    teaching: Dates
    """The days with lessons in the current term, up to and with as_of."""
    called: Dates
    """The days of which the exports hold roll calls: those of `teaching`, then those of the last weeks of spring."""
    taught_as: Ints
    """For each teaching day, the weekday (Monday 0) whose timetable holds."""

    @staticmethod
    def build() -> "Days":
        exceptions = pd.DataFrame(
            {"date": pd.to_datetime([d for d, _ in WORKDAYS]), "working": [w for _, w in WORKDAYS]}
        )
        calendar = WorkCalendar.of(exceptions)
        every = np.arange(np.datetime64("2018-01-01"), np.datetime64("2027-01-01"))
        working = every[np.asarray(calendar.between(every - 1, every), dtype=np.int64) == 1]
        starts, report, ends = (np.array([t[i] for t in TERMS], dtype="datetime64[D]") for i in (1, 2, 3))
        as_of = np.datetime64(AS_OF)
        teaching = working[(working >= starts[CURRENT]) & (working <= as_of)]
        weekday = (teaching.astype(np.int64) + 3) % 7
        for day, other in TAUGHT_AS.items():
            weekday[teaching == np.datetime64(day)] = other
        spring = working[(working >= np.datetime64(SPRING_CALLS)) & (working <= ends[CURRENT - 1])]
        called = np.concatenate([teaching, spring])
        return Days(as_of, tuple(t[0] for t in TERMS), starts, report, ends, working, teaching, called, weekday)

    def place(self, days: Any) -> Any:
        """The place in `working` of each day, or of the last working day before it."""
        return np.searchsorted(self.working, days, side="right") - 1

    def floor(self, days: Any) -> Any:
        """The day itself where it works, else the last working day before."""
        return self.working[self.place(days)]

    def after(self, days: Any, n: Any) -> Any:
        """The n-th working day after each day (n ≥ 1)."""
        return self.working[self.place(days) + n]

    def due(self, issued_on: Any, kind: Any) -> Any:
        """By when a change is to be marked: 15 working days, for 自动退学 7 calendar days."""
        return np.where(np.asarray(kind) == "自动退学", issued_on + 7, self.after(issued_on, 15))

    def past(self, days: Any) -> Flags:
        return np.asarray(days <= self.as_of)

    def year(self, term: int) -> str:
        """The academic year of a term."""
        return self.terms[term][:9]
