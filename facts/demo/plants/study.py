"""Planted cases of the length of study (附表4, 四-7): STY-01, STY-02, GRD-05."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.days import CURRENT
from facts.demo.lists import KINDS
from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot

EXTRA_YEARS = 2
"""Years beyond the length of study."""
_SPRING = ("2026-03-23", "2026-06-12")
_AUTUMN = ("2026-09-14", "2026-10-30")


def _of(plot: Plot, who: int, *rules: str) -> Iterator[Planted]:
    for rule in rules:
        yield planted(rule, student_no=plot.no(who))


def _ends(plot: Plot, who: int, on: np.datetime64, extra: int = EXTRA_YEARS) -> None:
    """The length of study and `extra` years end on that day."""
    years = KINDS[int(plot.college.people.kind[who])].years + extra
    plot.entered(who, day(f"{int(str(on)[:4]) - years}{str(on)[4:]}"))


# -- STY-01 超过最长学习年限 -----------------------------------------------------------------------------------------


def too_long(plot: Plot) -> Iterator[Planted]:
    """In school for more years than the longest allowed."""
    who = plot.older()
    plot.entered(who, day("2018-09-01"))
    yield from _of(plot, who, "STY-01")


def too_long_by_a_day(plot: Plot) -> Iterator[Planted]:
    """The longest study allowed ended the day before as_of."""
    who = plot.older()
    _ends(plot, who, plot.days.as_of - 1)
    yield from _of(plot, who, "STY-01")


def too_long_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave beyond the longest study allowed."""
    who = plot.older()
    plot.leave(who, plot.pick(*_AUTUMN))
    plot.entered(who, day("2018-09-01"))
    yield from _of(plot, who, "STY-01")


def too_long_while_kept(plot: Plot) -> Iterator[Planted]:
    """保留学籍, not for 入伍, beyond the longest study allowed."""
    who = plot.older()
    plot.leave(who, plot.pick(*_SPRING), kind="保留学籍", reason="创业", until="2028-03-20")
    _ends(plot, who, plot.days.as_of - 1)
    yield from _of(plot, who, "STY-01")


def study_ends_today(plot: Plot) -> Iterator[Planted]:
    """The longest study allowed ends on as_of itself (STY-02); a 留级 explains why (no GRD-05)."""
    who = plot.older()
    _ends(plot, who, plot.days.as_of)
    plot.repeat_year(who, CURRENT)
    yield from _of(plot, who, "STY-02")


def longer_for_service(plot: Plot) -> Iterator[Planted]:
    """保留学籍 for 入伍 since spring, which adds its days to the longest study allowed."""
    who = plot.older()
    plot.leave(who, plot.pick("2026-03-23", "2026-04-10"), kind="保留学籍", until="2028-03-20")
    _ends(plot, who, plot.days.as_of - 30)
    yield from ()


def left_in_time(plot: Plot) -> Iterator[Planted]:
    """Long beyond it, but withdrawn."""
    who = plot.older()
    plot.withdraw(who, plot.pick(*_SPRING))
    plot.entered(who, day("2018-09-01"))
    yield from ()


# -- STY-02 最长学习年限将到 -----------------------------------------------------------------------------------------


def ends_in_180_days(plot: Plot) -> Iterator[Planted]:
    """The longest study allowed ends on the 180th day after as_of; nobody decided on graduation (GRD-05)."""
    who = plot.older()
    _ends(plot, who, plot.days.as_of + 180)
    yield from _of(plot, who, "STY-02", "GRD-05")


def ends_soon_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave, and the longest study allowed ends in a month."""
    who = plot.older()
    plot.leave(who, plot.pick(*_AUTUMN))
    _ends(plot, who, plot.days.as_of + 30)
    yield from _of(plot, who, "STY-02")


def ends_in_181_days(plot: Plot) -> Iterator[Planted]:
    """On leave; the longest study allowed ends on the 181st day after as_of."""
    who = plot.older()
    plot.leave(who, plot.pick(*_AUTUMN))
    _ends(plot, who, plot.days.as_of + 181)
    yield from ()


def ends_soon_but_left(plot: Plot) -> Iterator[Planted]:
    """Withdrew; the longest study allowed would have ended in a month."""
    who = plot.older()
    plot.withdraw(who, plot.pick(*_AUTUMN))
    _ends(plot, who, plot.days.as_of + 30)
    yield from ()


# -- GRD-05 应毕业未作结论 -------------------------------------------------------------------------------------------


def not_concluded_for_91_days(plot: Plot) -> Iterator[Planted]:
    """The length of study ended 91 days ago; in school, and nobody decided on graduation."""
    who = plot.older()
    _ends(plot, who, plot.days.as_of - 91, 0)
    yield from _of(plot, who, "GRD-05")


def not_concluded_for_a_year(plot: Plot) -> Iterator[Planted]:
    """The length of study ended last autumn; there was a 转专业, which does not explain it."""
    who = plot.student(grades=range(2022, 2025), movable=True)
    plot.new_major(who, plot.pick(*_AUTUMN))
    _ends(plot, who, day("2025-09-01"), 0)
    yield from _of(plot, who, "GRD-05")


def not_concluded_for_90_days(plot: Plot) -> Iterator[Planted]:
    """The length of study ended 90 days ago, and nobody decided on graduation yet."""
    _ends(plot, plot.older(), plot.days.as_of - 90, 0)
    yield from ()


def late_after_repeating(plot: Plot) -> Iterator[Planted]:
    """The length of study ended a year ago; a 留级 was issued."""
    who = plot.older()
    plot.repeat_year(who, CURRENT - 2)
    _ends(plot, who, day("2025-09-01"), 0)
    yield from ()


def under_review(plot: Plot) -> Iterator[Planted]:
    """The length of study ended last autumn; 二级学院 has reviewed the graduation."""
    who = plot.older()
    _ends(plot, who, day("2025-09-01"), 0)
    row: dict[str, Any] = {"conclusion": "毕业", "college_on": day("2026-11-10")}
    plot.sheet("graduation").add(who, student_no=plot.no(who), **row)
    yield from ()


SHAPES = {
    "STY-01": (
        (too_long, too_long_by_a_day, too_long_on_leave, too_long_while_kept),
        (study_ends_today, longer_for_service, left_in_time),
    ),
    "STY-02": ((ends_in_180_days, ends_soon_on_leave), (ends_in_181_days, ends_soon_but_left)),
    "GRD-05": (
        (not_concluded_for_91_days, not_concluded_for_a_year),
        (not_concluded_for_90_days, late_after_repeating, under_review),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
