"""Planted cases of changes that wait for their issue (五-1, 五-6, 四-6): PRC-03, RPT-03."""

from collections.abc import Iterator
from typing import Any

from facts.demo.changes import STEPS
from facts.demo.days import CURRENT
from facts.demo.picks import Planted, day, planted
from facts.demo.plants.absence import absent
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_OLD = day("2026-09-25")
"""The last day on which a step is more than 60 days old."""


def _of(rule: str, number: str) -> Iterator[Planted]:
    yield planted(rule, change_no=number)


# -- PRC-03 异动久拖未办 ---------------------------------------------------------------------------------------------


def waits_for_a_step(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 of spring that 教务处 never looked at."""
    who, applied = plot.student(), plot.pick("2026-03-23", "2026-06-12")
    steps: dict[str, Any] = {"applied_on": applied, "college_on": applied + 3, "affairs_on": applied + 7}
    yield from _of("PRC-03", plot.change(who, "自愿退学", applied + 9, pending=True, academic_on=NO_DAY, **steps))


def waits_for_issue(plot: Plot) -> Iterator[Planted]:
    """A 转专业 that passed its last step 61 days ago, and is not issued."""
    yield from _of("PRC-03", plot.change(plot.student(), "转专业", _OLD, pending=True, announced_on=_OLD))


def waits_since_years(plot: Plot) -> Iterator[Planted]:
    """A 休学 applied for in 2024, never issued, and no excuse for weeks of absence from lessons (WDR-04)."""
    who = plot.older()
    absent(plot, who, 20)
    yield from _of("PRC-03", plot.change(who, "休学", day("2024-11-14"), pending=True))
    yield planted("WDR-04", student_no=plot.no(who))


def waits_for_60_days(plot: Plot) -> Iterator[Planted]:
    """A 转专业 that passed its last step 60 days ago, and is not issued."""
    plot.change(plot.student(), "转专业", _OLD, pending=True, announced_on=_OLD + 1)
    yield from ()


def never_began(plot: Plot) -> Iterator[Planted]:
    """A 休学 of spring was entered without any date."""
    steps: dict[str, Any] = dict.fromkeys(STEPS["休学"], NO_DAY)
    plot.change(plot.student(), "休学", day("2026-04-15"), pending=True, **steps)
    yield from ()


# -- RPT-03 在办留级将超限 -------------------------------------------------------------------------------------------


def third_repeat_pending(plot: Plot) -> Iterator[Planted]:
    """本科: repeated twice, the limit; a third is applied for."""
    who = plot.student(("本科",), (2023, 2024))
    plot.repeat_year(who, CURRENT - 4)
    plot.repeat_year(who, CURRENT - 2)
    yield from _of("RPT-03", _applied(plot, who))


def second_repeat_pending(plot: Plot) -> Iterator[Planted]:
    """专科: repeated once, the limit; a second is applied for."""
    who = plot.student(("专科",), (2024,))
    plot.repeat_year(who, CURRENT - 2)
    yield from _of("RPT-03", _applied(plot, who))


def _applied(plot: Plot, who: int) -> str:
    """A 留级 applied for in time, and still before 校长办公会."""
    values: dict[str, Any] = {"applied_on": day("2026-09-25"), "college_on": day("2026-10-09"), "meeting_on": NO_DAY}
    return plot.change(who, "留级", day("2026-10-30"), pending=True, academic_on=day("2026-10-12"), **values)


def second_repeat_of_three(plot: Plot) -> Iterator[Planted]:
    """本科: repeated once; a second is applied for."""
    who = plot.student(("本科",), (2023, 2024))
    plot.repeat_year(who, CURRENT - 2)
    _applied(plot, who)
    yield from ()


def repeat_at_a_level_without_limit(plot: Plot) -> Iterator[Planted]:
    """中职: the regulation sets no limit."""
    who = plot.student(("中职",), (2024,))
    plot.repeat_year(who, CURRENT - 2)
    _applied(plot, who)
    yield from ()


SHAPES = {
    "PRC-03": ((waits_for_a_step, waits_for_issue, waits_since_years), (waits_for_60_days, never_began)),
    "RPT-03": (
        (third_repeat_pending, second_repeat_pending), (second_repeat_of_three, repeat_at_a_level_without_limit),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
