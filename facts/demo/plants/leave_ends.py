"""Planted cases of how leaves end (四-5): LEV-01, LEV-04, LEV-05."""

from collections.abc import Iterator

import numpy as np

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_AUTUMN_BEFORE = ("2025-10-09", "2025-12-05")
_SPRING = ("2026-03-23", "2026-06-12")
_OLD = day("2026-09-25")
"""The last day on which a step is more than 60 days old."""


def _of(rule: str, number: str) -> Iterator[Planted]:
    yield planted(rule, change_no=number)


# -- LEV-01 休学或保留学籍期满未复学 ---------------------------------------------------------------------------------


def leave_over(plot: Plot) -> Iterator[Planted]:
    """休学 of last autumn, over since September."""
    yield from _of("LEV-01", plot.leave(plot.older(), plot.pick(*_AUTUMN_BEFORE), until="2026-09-20", reason="疾病"))


def place_kept_too_long(plot: Plot) -> Iterator[Planted]:
    """保留学籍 of last autumn, not for 入伍, over since the day before as_of."""
    who, issued = plot.older(), plot.pick(*_AUTUMN_BEFORE)
    yield from _of("LEV-01", plot.leave(who, issued, kind="保留学籍", until="2026-11-24", reason="疾病"))


def soldier_not_back(plot: Plot) -> Iterator[Planted]:
    """保留学籍 for 入伍, over for two years and a day."""
    yield from _of("LEV-01", _served(plot, "2024-11-24"))


def leave_over_return_waits(plot: Plot) -> Iterator[Planted]:
    """休学 is over; 复学 was applied for in summer and waits since (PRC-03)."""
    who = plot.older()
    yield from _of("LEV-01", plot.leave(who, plot.pick(*_AUTUMN_BEFORE), until="2026-09-20"))
    yield from _of("PRC-03", plot.change(who, "复学", _OLD, pending=True, academic_on=_OLD))


def _served(plot: Plot, until: str) -> str:
    """A student of 2023 whose 保留学籍 for 入伍 is over, and the place still kept."""
    return plot.leave(
        plot.student(("本科",), (2023,)), plot.pick("2023-10-09", "2023-12-01"), kind="保留学籍", until=until
    )


def leave_ends_today(plot: Plot) -> Iterator[Planted]:
    """The last day of the leave is as_of."""
    plot.leave(plot.older(), plot.pick(*_AUTUMN_BEFORE), until="2026-11-25")
    yield from ()


def leave_extended(plot: Plot) -> Iterator[Planted]:
    """The leave is over, and a second one followed it."""
    who = plot.older()
    plot.leave(who, plot.pick(*_AUTUMN_BEFORE), until="2026-09-06")
    plot.change(who, "休学", day("2026-09-07"), until=day("2027-09-06"))
    yield from ()


def soldier_has_a_day(plot: Plot) -> Iterator[Planted]:
    """保留学籍 for 入伍, over for two years on as_of."""
    _served(plot, "2024-11-25")
    yield from ()


def soldier_just_back(plot: Plot) -> Iterator[Planted]:
    """保留学籍 for 入伍, over since September."""
    plot.leave(plot.older(), plot.pick(*_AUTUMN_BEFORE), kind="保留学籍", until="2026-09-20")
    yield from ()


# -- LEV-04 休学期满、复学在办 ---------------------------------------------------------------------------------------


def return_pending(plot: Plot) -> Iterator[Planted]:
    """休学 is over; 复学 is applied for and not issued."""
    yield from _of("LEV-04", _returning(plot, "2026-10-10", day("2026-11-16")))


def return_pending_for_60_days(plot: Plot) -> Iterator[Planted]:
    """休学 is over; the last step of 复学 was 60 days ago."""
    yield from _of("LEV-04", _returning(plot, "2026-09-20", _OLD + 1, academic_on=_OLD + 1))


def _returning(plot: Plot, until: str, on: np.datetime64, **values: np.datetime64) -> str:
    who = plot.older()
    number = plot.leave(who, plot.pick(*_AUTUMN_BEFORE), until=until)
    plot.change(who, "复学", on, pending=True, **values)
    return number


def return_pending_in_time(plot: Plot) -> Iterator[Planted]:
    """The last day of the leave is as_of, and 复学 is applied for."""
    _returning(plot, "2026-11-25", day("2026-11-16"))
    yield from ()


def soldier_returns_in_time(plot: Plot) -> Iterator[Planted]:
    """保留学籍 for 入伍, over for two years on as_of; 复学 is applied for."""
    _served(plot, "2024-11-25")
    plot.change(plot.victims[-1], "复学", day("2026-11-16"), pending=True)
    yield from ()


# -- LEV-05 休学无截止日期或超长 -------------------------------------------------------------------------------------


def leave_without_end(plot: Plot) -> Iterator[Planted]:
    """A 休学 of spring whose end nobody entered."""
    yield from _of("LEV-05", plot.leave(plot.older(), plot.pick(*_SPRING), until="NaT"))


def leave_a_day_too_long(plot: Plot) -> Iterator[Planted]:
    """A 保留学籍, not for 入伍, of two years and a day."""
    yield from _of("LEV-05", _of_length(plot, 732, kind="保留学籍", reason="创业"))


def leave_ends_before_it_begins(plot: Plot) -> Iterator[Planted]:
    """A 休学 whose end lies before its beginning, and so before as_of (LEV-01)."""
    number = _of_length(plot, -1)
    yield from _of("LEV-01", number)
    yield from _of("LEV-05", number)


def _of_length(plot: Plot, days: int, **values: str) -> str:
    issued = plot.pick(*_SPRING)
    return plot.leave(plot.older(), issued, until=str(issued + days), **values)


def leave_of_two_years(plot: Plot) -> Iterator[Planted]:
    """A 休学 of exactly two years."""
    _of_length(plot, 731)
    yield from ()


def service_without_end(plot: Plot) -> Iterator[Planted]:
    """A 保留学籍 for 入伍 of spring whose end nobody knows."""
    plot.leave(plot.older(), plot.pick(*_SPRING), kind="保留学籍", until="NaT")
    yield from ()


def leave_without_end_is_over(plot: Plot) -> Iterator[Planted]:
    """Nobody entered the end of a leave of last autumn; 复学 came in spring."""
    who = plot.older()
    plot.change(who, "休学", plot.pick("2025-10-09", "2025-12-05"), until=NO_DAY)
    rows = plot.rows("registration", who, term="2025-2026-2")
    plot.sheet("registration").set(rows, registered_on=day("2026-03-09"))
    plot.put("checkin", who, {"term": "2025-2026-2"}, arrived_on=day("2026-03-09"))
    plot.change(who, "复学", day("2026-03-05"))
    yield from ()


SHAPES = {
    "LEV-01": (
        (leave_over, soldier_not_back, place_kept_too_long, leave_over_return_waits),
        (leave_ends_today, leave_extended, soldier_has_a_day, soldier_just_back),
    ),
    "LEV-04": ((return_pending, return_pending_for_60_days), (return_pending_in_time, soldier_returns_in_time)),
    "LEV-05": (
        (leave_without_end, leave_a_day_too_long, leave_ends_before_it_begins),
        (leave_of_two_years, service_without_end, leave_without_end_is_over),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
