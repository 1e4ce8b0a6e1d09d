"""Planted cases of long absence (四-6, 附表4): WDR-04."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.attendance import ABSENT, AUDIT, EXCUSED, PRESENT
from facts.demo.picks import Planted, day, planted
from facts.demo.plants.leave import short_leave
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- WDR-04 疑似自动流失未上报 ---------------------------------------------------------------------------------------


def absent(plot: Plot, who: int, days: int, last: np.datetime64 | None = None) -> None:
    """Absent for so many calendar days up to the last lesson (as_of by default; no roll call after it)."""
    sheet = plot.sheet("attendance")
    last = plot.days.as_of if last is None else last
    first = last - np.timedelta64(days - 1, "D")
    sheet.drop(plot.calls(who, last + 1))
    before = plot.calls(who)
    before = before[plot.called_on(before) < first]
    sheet.set(before[-3:], result=PRESENT)
    sheet.set(plot.calls(who, first), result=ABSENT)
    for edge in (first, last):
        plot.call(who, edge, ABSENT)


def _gone(plot: Plot, who: int) -> Iterator[Planted]:
    yield planted("WDR-04", student_no=plot.no(who))


def absent_14_days(plot: Plot) -> Iterator[Planted]:
    """Absent for exactly 14 days."""
    who = plot.student()
    absent(plot, who, 14)
    yield from _gone(plot, who)


def absent_for_weeks(plot: Plot) -> Iterator[Planted]:
    """Absent for 31 days; another change (转专业) is pending, which does not explain it."""
    who = plot.student()
    absent(plot, who, 31)
    plot.change(who, "转专业", day("2026-11-02"), pending=True)
    yield from _gone(plot, who)


def absent_then_not_called(plot: Plot) -> Iterator[Planted]:
    """Absent for 22 days in October, and not called any more since (WDR-05)."""
    who = plot.student()
    absent(plot, who, 22, day("2026-10-30"))
    yield from _gone(plot, who)
    yield planted("WDR-05", student_no=plot.no(who))


def absent_but_audits(plot: Plot) -> Iterator[Planted]:
    """Absent for 16 days, and sitting in on another class (旁听) meanwhile."""
    who = plot.student()
    absent(plot, who, 17)
    plot.call(who, plot.days.as_of - 6, PRESENT, AUDIT)
    yield from _gone(plot, who)


def absent_after_leave(plot: Plot) -> Iterator[Planted]:
    """Back from a leave that ended before; absent for 20 days now."""
    who = plot.student()
    short_leave(plot, who, until="2026-10-20", back="2026-10-21")
    absent(plot, who, 20)
    yield from _gone(plot, who)


def absent_13_days(plot: Plot) -> Iterator[Planted]:
    """Absent for 13 days."""
    absent(plot, plot.student(), 13)
    yield from ()


def absent_and_back(plot: Plot) -> Iterator[Planted]:
    """Absent for weeks, and there again on the last day."""
    who = plot.student()
    absent(plot, who, 20)
    plot.call(who, plot.days.as_of, PRESENT)
    yield from ()


def absent_with_an_excuse(plot: Plot) -> Iterator[Planted]:
    """Absent for weeks, but for one lesson excused (请假) a week ago."""
    who = plot.student()
    absent(plot, who, 20)
    plot.call(who, plot.days.as_of - 7, EXCUSED)
    yield from ()


def absent_and_reported(plot: Plot) -> Iterator[Planted]:
    """Absent for 14 days; 自动退学 is pending."""
    who = plot.student()
    absent(plot, who, 14)
    plot.change(who, "自动退学", day("2026-11-24"), reason="未参加教学活动", pending=True)
    yield from ()


def absent_by_arrangement(plot: Plot) -> Iterator[Planted]:
    """Absent for 20 days; the first of them was the last of a placement."""
    who = plot.student()
    absent(plot, who, 20)
    plot.away(who, day("2026-10-12"), plot.days.as_of - 19)
    yield from ()


def absent_from_four_lessons(plot: Plot) -> Iterator[Planted]:
    """Absent for 16 days, on four of which there was a lesson."""
    who = plot.student()
    absent(plot, who, 16)
    calls = plot.calls(who, plot.days.as_of - 14)
    held = plot.called_on(calls)
    plot.sheet("attendance").drop(calls[~np.isin(held, np.unique(held)[:2]) & (held < plot.days.as_of)])
    yield from ()


def absent_and_withdrawn(plot: Plot) -> Iterator[Planted]:
    """Absent for 16 days; 自愿退学 was issued in them and is not marked yet."""
    who = plot.student()
    absent(plot, who, 16)
    values: dict[str, Any] = {"effective_on": day("2026-11-30"), "marked_school_on": NO_DAY, "marked_record_on": NO_DAY}
    plot.change(who, "自愿退学", day("2026-11-19"), **values)
    yield from ()


SHAPES = {
    "WDR-04": (
        (absent_14_days, absent_for_weeks, absent_then_not_called, absent_but_audits, absent_after_leave),
        (absent_13_days, absent_and_back, absent_with_an_excuse, absent_and_reported, absent_and_withdrawn,
         absent_by_arrangement, absent_from_four_lessons),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
