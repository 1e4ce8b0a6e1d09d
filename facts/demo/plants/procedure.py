"""Planted cases of procedures, new majors and withdrawals (四-4, 四-6, 五-6): PRC-*, TRF-*,
RPT-02, WDR-01 to WDR-03."""

from collections.abc import Iterator
from typing import Any

from facts.demo.attendance import PRESENT
from facts.demo.changes import STEPS
from facts.demo.days import CURRENT
from facts.demo.picks import SPRING, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_AUTUMN = ("2026-09-14", "2026-10-30")
_SPRING = ("2026-03-23", "2026-06-12")


def _issued(plot: Plot, kind: str, reason: str = "其他", **values: Any) -> str:
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
        yield planted("PRC-01", change_no=_issued(plot, self.kind, self.reason, **{self.step: NO_DAY}))


class Early:
    """An issued change in which a step is dated long before what must precede it."""

    def __init__(self, kind: str, step: str, reason: str = "其他") -> None:
        self.kind, self.step, self.reason = kind, step, reason

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        yield planted("PRC-02", change_no=_issued(plot, self.kind, self.reason, **{self.step: day("2026-02-02")}))


def no_record_no_meeting(plot: Plot) -> Iterator[Planted]:
    """A 预科 student withdrew: 教务处 takes no step."""
    plot.withdraw(plot.student(("预科",)), plot.pick(*_AUTUMN))
    yield from ()


def all_on_one_day(plot: Plot) -> Iterator[Planted]:
    """Every step on the day of issue: equal dates are in order."""
    issued = plot.pick(*_AUTUMN)
    steps: dict[str, Any] = dict.fromkeys(STEPS["自愿退学"], issued)
    plot.withdraw(plot.student(), issued, **steps)
    yield from ()


def major_not_changed(plot: Plot) -> Iterator[Planted]:
    """A 转专业 was issued and marked, and both platforms keep the old major."""
    who = plot.student(movable=True)
    classes, people = plot.college.classes, plot.college.people
    old = int(people.class_of[who])
    values = {"from_major": classes.major[old], "to_major": classes.major[classes.other[old]]}
    yield planted("TRF-01", change_no=plot.change(who, "转专业", plot.pick(*_AUTUMN), **values))


def record_major_differs(plot: Plot) -> Iterator[Planted]:
    """The two platforms have different majors, and there was no 转专业."""
    who = plot.student(movable=True)
    classes, people = plot.college.classes, plot.college.people
    plot.put("record", who, major=classes.major[classes.other[int(people.class_of[who])]])
    yield planted("TRF-02", student_no=plot.no(who))


def repeat_applied_late(plot: Plot) -> Iterator[Planted]:
    """A 留级 applied for in late October."""
    who = plot.returning()
    values: dict[str, Any] = {
        "applied_on": day("2026-10-26"),
        "college_on": day("2026-10-27"),
        "academic_on": day("2026-10-29"),
        "meeting_on": day("2026-11-04"),
    }
    yield planted("RPT-02", change_no=plot.change(who, "留级", day("2026-11-05"), **values))


def repeat_applied_in_time(plot: Plot) -> Iterator[Planted]:
    """A 留级 applied for on the last day of the month."""
    who = plot.returning()
    values: dict[str, Any] = {
        "applied_on": day("2026-09-30"),
        "college_on": day("2026-10-09"),
        "academic_on": day("2026-10-12"),
        "meeting_on": day("2026-10-14"),
    }
    plot.change(who, "留级", day("2026-10-15"), **values)
    yield from ()


def not_filed(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 of spring was never filed."""
    number = plot.withdraw(plot.returning(), plot.pick(*_SPRING), filed_on=NO_DAY)
    yield planted("WDR-01", change_no=number)


def not_filed_yet(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 not filed, within the 30 days."""
    plot.withdraw(plot.student(), plot.days.as_of - 30, filed_on=NO_DAY)
    yield from ()


def notice_not_served(plot: Plot) -> Iterator[Planted]:
    """The notice of an 自动退学 was never served."""
    number = plot.withdraw(
        plot.student(), plot.pick(*_AUTUMN), kind="自动退学", reason="未参加教学活动", notified_on=NO_DAY
    )
    yield planted("WDR-02", change_no=number)


def attends_after_withdrawal(plot: Plot) -> Iterator[Planted]:
    """In lessons days after the withdrawal took effect."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    number = plot.withdraw(who, issued)
    plot.call(who, plot.days.after(issued, 3), PRESENT)
    yield planted("WDR-03", change_no=number)


def attends_on_the_last_day(plot: Plot) -> Iterator[Planted]:
    """In lessons on the very day on which the withdrawal takes effect."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    plot.withdraw(who, issued)
    plot.call(who, issued, PRESENT)
    yield from ()


SHAPES = {
    "PRC-01": (
        (
            Missing("休学", "infirmary_on", "疾病"), Missing("转专业", "announced_on"),
            Missing("自动退学", "meeting_on", "未到校注册"), Missing("休学", "careers_on", "创业"),
            Missing("复学", "college_on"), Missing("留级", "meeting_on"),
            Missing("自愿退学", "affairs_on"), Missing("转出", "academic_on"), Missing("转入", "academic_on"),
        ),
        (no_record_no_meeting, all_on_one_day),
    ),
    "PRC-02": (
        (
            Early("休学", "affairs_on"), Early("转专业", "announced_on"),
            Early("自动退学", "meeting_on", "未参加教学活动"),
        ),
        (),
    ),
    "TRF-01": ((major_not_changed,), ()),
    "TRF-02": ((record_major_differs,), ()),
    "RPT-02": ((repeat_applied_late,), (repeat_applied_in_time,)),
    "WDR-01": ((not_filed,), (not_filed_yet,)),
    "WDR-02": ((notice_not_served,), ()),
    "WDR-03": ((attends_after_withdrawal,), (attends_on_the_last_day,)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
