"""Planted cases of steps out of order (五-1): PRC-02."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.changes import STEPS
from facts.demo.picks import Planted, day, planted
from facts.demo.plants.procedure import issued_change
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_AUTUMN = ("2026-09-14", "2026-10-30")


class Early:
    """An issued change in which a step is dated long before what must precede it."""

    def __init__(self, kind: str, step: str, reason: str = "其他") -> None:
        self.kind, self.step, self.reason = kind, step, reason

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        number = issued_change(plot, self.kind, self.reason, **{self.step: day("2026-02-02")})
        yield planted("PRC-02", change_no=number)


def _steps(issued: np.datetime64) -> dict[str, Any]:
    """The steps of 自愿退学, in order, some days apart."""
    return {"applied_on": issued - 6, "college_on": issued - 4, "affairs_on": issued - 3, "academic_on": issued - 1}


def one_day_early(plot: Plot) -> Iterator[Planted]:
    """学生处 took its step the day before 二级学院 did."""
    issued = plot.pick(*_AUTUMN)
    number = plot.withdraw(plot.student(), issued, **_steps(issued) | {"affairs_on": issued - 5})
    yield planted("PRC-02", change_no=number)


def issued_before_the_meeting(plot: Plot) -> Iterator[Planted]:
    """An 自动退学 issued the day before 校长办公会 met."""
    issued = plot.pick(*_AUTUMN)
    values: dict[str, Any] = {"reason": "未参加教学活动", "meeting_on": issued + 1}
    yield planted("PRC-02", change_no=plot.withdraw(plot.student(), issued, kind="自动退学", **values))


def early_across_a_gap(plot: Plot) -> Iterator[Planted]:
    """学生处 took its step before the student applied; that of 二级学院 between them is missing (PRC-01)."""
    issued = plot.pick(*_AUTUMN)
    values = _steps(issued) | {"college_on": NO_DAY, "affairs_on": issued - 7}
    number = plot.withdraw(plot.student(), issued, **values)
    yield planted("PRC-01", change_no=number)
    yield planted("PRC-02", change_no=number)


def all_in_one_day(plot: Plot) -> Iterator[Planted]:
    """Every step on the day of issue: equal dates are in order."""
    issued = plot.pick(*_AUTUMN)
    steps: dict[str, Any] = dict.fromkeys(STEPS["自愿退学"], issued)
    plot.withdraw(plot.student(), issued, **steps)
    yield from ()


def early_where_nothing_is_asked(plot: Plot) -> Iterator[Planted]:
    """教务处 noted an early day for a 预科 student, of whom it takes no step."""
    plot.withdraw(plot.student(("预科",)), plot.pick(*_AUTUMN), academic_on=day("2026-09-01"))
    yield from ()


def early_and_pending(plot: Plot) -> Iterator[Planted]:
    """The steps of a 转专业 are out of order, but it is not issued."""
    plot.change(plot.student(), "转专业", day("2026-11-12"), pending=True, exam_on=day("2026-09-02"))
    yield from ()


SHAPES = {
    "PRC-02": (
        (
            Early("休学", "affairs_on"), one_day_early, Early("转专业", "announced_on"), issued_before_the_meeting,
            Early("自动退学", "meeting_on", "未参加教学活动"), early_across_a_gap, Early("留级", "college_on"),
        ),
        (all_in_one_day, early_where_nothing_is_asked, early_and_pending),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
