"""Planted cases of procedures (四-4 to 四-6): PRC-01."""

from collections.abc import Iterator
from typing import Any

from facts.demo.changes import STEPS
from facts.demo.days import CURRENT
from facts.demo.picks import SPRING, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_AUTUMN = ("2026-09-14", "2026-10-30")


def issued_change(plot: Plot, kind: str, reason: str = "其他", **values: Any) -> str:
    """A clean issued change of a kind, of a student for whom it makes sense."""
    if kind in {"休学", "保留学籍"}:
        return plot.leave(plot.student(), plot.pick(*_AUTUMN), kind=kind, reason=reason, **values)
    if kind == "转专业":
        return plot.new_major(plot.student(movable=True), plot.pick(*_AUTUMN), **values)
    if kind == "留级":
        return plot.repeat_year(plot.returning(), CURRENT, **values)
    if kind == "转入":
        return plot.change(plot.returning(), kind, plot.pick("2026-08-24", "2026-08-28"), **values)
    if kind == "复学":
        who = plot.older()
        plot.change(who, "休学", day("2025-10-20"), until=day("2026-03-08"), reason=reason)
        plot.put("registration", who, {"term": SPRING}, registered_on=day("2026-03-09"))
        plot.put("checkin", who, {"term": SPRING}, arrived_on=day("2026-03-09"))
        return plot.change(who, kind, day("2026-03-05"), reason=reason, **values)
    return plot.withdraw(plot.student(), plot.pick("2026-09-14", "2026-10-30"), kind=kind, reason=reason, **values)


class Missing:
    """An issued change in which a step of its procedure is missing."""

    def __init__(self, kind: str, step: str, reason: str = "其他") -> None:
        self.kind, self.step, self.reason = kind, step, reason

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        yield planted("PRC-01", change_no=issued_change(plot, self.kind, self.reason, **{self.step: NO_DAY}))


def no_record_no_meeting(plot: Plot) -> Iterator[Planted]:
    """A 预科 student withdrew: 教务处 takes no step."""
    plot.withdraw(plot.student(("预科",)), plot.pick(*_AUTUMN))
    yield from ()


def before_the_regulation(plot: Plot) -> Iterator[Planted]:
    """A leave of a graduate issued the day before the regulation took effect, without steps, marks or handover."""
    who, issued = plot.left_long_ago(), day("2020-05-13")
    steps: dict[str, Any] = dict.fromkeys((*STEPS["休学"], "marked_school_on", "marked_record_on"), NO_DAY)
    plot.change(who, "休学", issued, until=day("2020-09-01"), **steps)
    yield from ()


def all_on_one_day(plot: Plot) -> Iterator[Planted]:
    """Every step on the day of issue: equal dates are in order."""
    issued = plot.pick(*_AUTUMN)
    steps: dict[str, Any] = dict.fromkeys(STEPS["自愿退学"], issued)
    plot.withdraw(plot.student(), issued, **steps)
    yield from ()


SHAPES = {
    "PRC-01": (
        (
            Missing("休学", "infirmary_on", "疾病"), Missing("转专业", "announced_on"),
            Missing("自动退学", "meeting_on", "未到校注册"), Missing("休学", "careers_on", "创业"),
            Missing("复学", "college_on"), Missing("留级", "meeting_on"),
            Missing("开除学籍", "meeting_on"), Missing("复学", "careers_on", "创业"),
            Missing("自愿退学", "affairs_on"), Missing("转出", "academic_on"), Missing("转入", "academic_on"),
        ),
        (no_record_no_meeting, all_on_one_day, before_the_regulation),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
