"""Planted cases of registering on leave and of repeating a year too late (四-5, 四-6): LEV-03, RPT-02."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.picks import NOW, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_SPRING = ("2026-04-08", "2026-05-29")
_FIRST_WEEK = day("2026-09-04")
"""The Friday by which everyone registers."""

# -- LEV-03 休学期间学期注册 -----------------------------------------------------------------------------------------


def _registered(plot: Plot, who: int, on: np.datetime64) -> None:
    plot.put("registration", who, {"term": NOW}, registered_on=on)


def registers_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave since spring, registered for autumn all the same."""
    yield from _away_and_registered(plot, "休学", day("2027-03-20"))


def registers_in_open_leave(plot: Plot) -> Iterator[Planted]:
    """保留学籍 since spring, whose end nobody entered; registered for autumn."""
    yield from _away_and_registered(plot, "保留学籍", NO_DAY)


def _away_and_registered(plot: Plot, kind: str, until: np.datetime64) -> Iterator[Planted]:
    who, issued = plot.returning(), plot.pick(*_SPRING)
    plot.sheet("attendance").drop(plot.calls(who))
    plot.status(who, kind)
    reason = "入伍" if kind == "保留学籍" else "其他"
    yield planted("LEV-03", change_no=plot.change(who, kind, issued, reason=reason, until=until))


def registers_on_first_day(plot: Plot) -> Iterator[Planted]:
    """Registered on the very day on which the leave takes effect."""
    who = plot.returning()
    number = plot.leave(who, _FIRST_WEEK)
    _registered(plot, who, _FIRST_WEEK)
    yield planted("LEV-03", change_no=number)


def registers_on_last_day(plot: Plot) -> Iterator[Planted]:
    """Registered on the last day of the leave; 复学 came after the weekend."""
    who = plot.returning()
    number = _returns(plot, who, until=_FIRST_WEEK, back=day("2026-09-07"))
    yield planted("LEV-03", change_no=number)


def _returns(plot: Plot, who: int, until: np.datetime64, back: np.datetime64) -> str:
    """A leave since spring and a 复学 in the first days of autumn; registered on the Friday of the first week."""
    rows = plot.calls(who)
    plot.sheet("attendance").drop(rows[plot.called_on(rows) < back])
    _registered(plot, who, _FIRST_WEEK)
    number = plot.change(who, "休学", plot.pick(*_SPRING), until=until)
    plot.change(who, "复学", back, marked_school_on=back + 1, marked_record_on=back + 1)
    return number


def registers_on_return(plot: Plot) -> Iterator[Planted]:
    """Back before the end of the leave, and registered on the day of 复学."""
    _returns(plot, plot.returning(), until=day("2026-09-20"), back=_FIRST_WEEK)
    yield from ()


def registers_before_leave(plot: Plot) -> Iterator[Planted]:
    """Registered on the day before the leave takes effect."""
    who = plot.returning()
    plot.leave(who, _FIRST_WEEK)
    _registered(plot, who, _FIRST_WEEK - 1)
    yield from ()


# -- RPT-02 留级受理超期 ---------------------------------------------------------------------------------------------


def _repeats(plot: Plot, applied: str, *, pending: bool = False) -> str:
    """A 留级 applied for on a day, whose other steps follow a week apart."""
    first = day(applied)
    steps: dict[str, Any] = {"applied_on": first, "college_on": first + 7, "academic_on": first + 9}
    issued = plot.days.after(first + 14, 1)
    values = steps | {"meeting_on": first + 14}
    return plot.change(plot.returning(), "留级", issued, pending=pending, **values)


def repeat_applied_late(plot: Plot) -> Iterator[Planted]:
    """A 留级 applied for in late October."""
    yield planted("RPT-02", change_no=_repeats(plot, "2026-10-26"))


def repeat_a_day_late(plot: Plot) -> Iterator[Planted]:
    """The term began on 31 August; applied for on 1 October."""
    yield planted("RPT-02", change_no=_repeats(plot, "2026-10-01"))


def spring_repeat_a_day_late(plot: Plot) -> Iterator[Planted]:
    """The term began on 2 March; applied for on 3 April."""
    yield planted("RPT-02", change_no=_repeats(plot, "2026-04-03"))


def pending_repeat_late(plot: Plot) -> Iterator[Planted]:
    """Applied for in October, and not issued."""
    yield planted("RPT-02", change_no=_repeats(plot, "2026-10-12", pending=True))


def repeat_applied_in_time(plot: Plot) -> Iterator[Planted]:
    """A 留级 applied for on the last day of the month."""
    _repeats(plot, "2026-09-30")
    yield from ()


def spring_repeat_in_time(plot: Plot) -> Iterator[Planted]:
    """A 留级 applied for on 2 April."""
    _repeats(plot, "2026-04-02")
    yield from ()


def repeat_applied_between_terms(plot: Plot) -> Iterator[Planted]:
    """A 留级 applied for in the holidays."""
    _repeats(plot, "2026-08-20")
    yield from ()


SHAPES = {
    "LEV-03": (
        (registers_on_leave, registers_on_first_day, registers_on_last_day, registers_in_open_leave),
        (registers_on_return, registers_before_leave),
    ),
    "RPT-02": (
        (repeat_applied_late, repeat_a_day_late, spring_repeat_a_day_late, pending_repeat_late),
        (repeat_applied_in_time, spring_repeat_in_time, repeat_applied_between_terms),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
