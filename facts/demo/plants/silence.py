"""Planted cases of students in no roll call any more (四-6): WDR-05."""

from collections.abc import Iterator

from facts.demo.attendance import EXCUSED, PRESENT
from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot

# -- WDR-05 考勤中断疑似流失 -----------------------------------------------------------------------------------------


def _silent(plot: Plot, days: int) -> int:
    """Someone whose last roll call was so many days before that of the class, on as_of."""
    who, last = plot.student(unspoilt=True), plot.days.as_of - days
    plot.sheet("attendance").drop(plot.calls(who, last))
    plot.call(who, plot.days.floor(last), PRESENT)
    return who


def _of(plot: Plot, who: int) -> Iterator[Planted]:
    yield planted("WDR-05", student_no=plot.no(who))


def silent_for_14_days(plot: Plot) -> Iterator[Planted]:
    """In no roll call for 14 days, while the class had lessons."""
    yield from _of(plot, _silent(plot, 14))


def silent_for_weeks(plot: Plot) -> Iterator[Planted]:
    """In no roll call for weeks; a placement ended on the last day in one."""
    who = _silent(plot, 35)
    plot.away(who, day("2026-10-10"), plot.days.as_of - 35)
    yield from _of(plot, who)


def silent_for_13_days(plot: Plot) -> Iterator[Planted]:
    """In no roll call for 13 days."""
    _silent(plot, 13)
    yield from ()


def excused_for_weeks(plot: Plot) -> Iterator[Planted]:
    """In no lesson for weeks, and every roll call says 请假."""
    plot.excuse(plot.student(), day("2026-10-20"), EXCUSED)
    yield from ()


def silent_on_placement(plot: Plot) -> Iterator[Planted]:
    """In no roll call for weeks; a placement lasted to the next day."""
    who = _silent(plot, 21)
    plot.away(who, day("2026-10-10"), plot.days.as_of - 20)
    yield from ()


def silent_and_reported(plot: Plot) -> Iterator[Planted]:
    """In no roll call for weeks; 自动退学 is pending."""
    who = _silent(plot, 21)
    plot.change(who, "自动退学", day("2026-11-24"), reason="未参加教学活动", pending=True)
    yield from ()


SHAPES = {
    "WDR-05": (
        (silent_for_14_days, silent_for_weeks),
        (silent_for_13_days, excused_for_weeks, silent_on_placement, silent_and_reported),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
