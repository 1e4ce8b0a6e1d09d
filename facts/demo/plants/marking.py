"""Planted cases of marking on the platforms (五-5, 五-6): MRK-01 to MRK-05."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_PAST = ("2026-09-14", "2026-10-30")
"""Issued then, a change was due for marking well before as_of."""


def _of(rule: str, number: str) -> Iterator[Planted]:
    yield planted(rule, change_no=number)


# -- MRK-01, MRK-02: not marked; MRK-03, MRK-04: marked too late -----------------------------------------------------


def leave_unmarked(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """A 休学 of autumn, still not marked."""
    yield from _of(rule, plot.leave(plot.student(), plot.pick(*_PAST), **{field: NO_DAY}))


def new_major_unmarked(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """A 转专业 that was due the day before as_of."""
    who = plot.student(movable=True)
    yield from _of(rule, plot.new_major(who, plot.issued_for(plot.days.as_of - 1), **{field: NO_DAY}))


def repeat_unmarked(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """A 留级 issued before the autumn holidays, due after them."""
    yield from _of(rule, plot.repeat_year(plot.returning(), 14, **{field: NO_DAY}))


def expelled_unmarked(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """A 自动退学 eight calendar days ago: 15 working days do not apply."""
    who = plot.student()
    number = plot.withdraw(
        who,
        plot.days.as_of - 8,
        kind="自动退学",
        reason="未参加教学活动",
        **_prompt(plot.days.as_of - 8, field, NO_DAY),
    )
    yield from _of(rule, number)


def leave_marked_late(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """Marked on the 16th working day, across the autumn holidays."""
    issued = plot.pick("2026-09-14", "2026-09-29")
    yield from _of(rule, plot.leave(plot.student(), issued, **{field: plot.days.after(issued, 16)}))


def old_change_marked_late(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """A 转专业 of an earlier year, marked weeks late."""
    issued = plot.pick("2025-10-09", "2025-11-28")
    who = plot.student(grades=(2024, 2025), movable=True)
    yield from _of(rule, plot.new_major(who, issued, **{field: plot.days.after(issued, 25)}))


def expelled_marked_late(plot: Plot, field: str, rule: str) -> Iterator[Planted]:
    """A 自动退学 marked on the eighth calendar day."""
    issued = plot.pick("2026-10-12", "2026-11-10")
    values = _prompt(issued, field, issued + 8)
    yield from _of(rule, plot.withdraw(plot.student(), issued, kind="自动退学", reason="未到校注册", **values))


def _prompt(issued: np.datetime64, field: str, value: np.datetime64) -> dict[str, Any]:
    """Both marks and the notice in time, but for one field."""
    return {"marked_school_on": issued + 2, "marked_record_on": issued + 2, "notified_on": issued + 3} | {field: value}


def marked_on_the_day(plot: Plot, field: str, _rule: str) -> Iterator[Planted]:
    """Marked on the 15th working day itself."""
    issued = plot.pick("2026-09-14", "2026-09-29")
    plot.leave(plot.student(), issued, **{field: plot.days.after(issued, 15)})
    yield from ()


def transfer_in_unmarked(plot: Plot) -> Iterator[Planted]:
    """A 转入 without a mark in school, long past."""
    plot.change(plot.returning(), "转入", day("2026-08-27"), marked_school_on=NO_DAY)
    yield from ()


def not_issued(plot: Plot) -> Iterator[Planted]:
    """A 休学 applied for in October and not issued."""
    plot.change(plot.student(), "休学", day("2026-10-26"), pending=True)
    yield from ()


def no_record_to_mark(plot: Plot) -> Iterator[Planted]:
    """A 预科 student withdrew: no record, no mark there, no 教务处 in the procedure."""
    plot.withdraw(plot.student(("预科",)), plot.pick(*_PAST))
    yield from ()


def transfer_in_marked_late(plot: Plot) -> Iterator[Planted]:
    """A 转入 marked late in school, where it need not be."""
    plot.change(plot.returning(), "转入", day("2026-08-27"), marked_school_on=day("2026-10-30"))
    yield from ()


# -- MRK-05 标注即将到期 ---------------------------------------------------------------------------------------------


def due_today(plot: Plot) -> Iterator[Planted]:
    """Neither mark is there, and as_of is the last day."""
    who = plot.student(movable=True)
    yield from _of("MRK-05", _unmarked(plot, who, plot.days.as_of))


def due_in_five(plot: Plot) -> Iterator[Planted]:
    """Due on the fifth working day after as_of; the record alone is not marked."""
    who = plot.student(movable=True)
    issued = plot.issued_for(plot.days.after(plot.days.as_of, 5))
    yield from _of("MRK-05", plot.new_major(who, issued, marked_school_on=issued + 4, marked_record_on=NO_DAY))


def expelled_due_soon(plot: Plot) -> Iterator[Planted]:
    """A 自动退学 of five days ago, due in two."""
    who, issued = plot.student(), plot.days.as_of - 5
    plot.stops_coming(who, issued)
    values: dict[str, Any] = {"marked_school_on": NO_DAY, "marked_record_on": NO_DAY, "notified_on": issued + 1}
    yield from _of("MRK-05", plot.change(who, "自动退学", issued, reason="未参加教学活动", **values))


def leave_due_soon(plot: Plot) -> Iterator[Planted]:
    """A 休学 due in three working days, not marked in school."""
    who = plot.student()
    issued = plot.issued_for(plot.days.after(plot.days.as_of, 3))
    number = plot.leave(who, issued, marked_school_on=NO_DAY, marked_record_on=issued + 4)
    plot.status(who, "在读", "休学")
    yield from _of("MRK-05", number)


def due_in_six(plot: Plot) -> Iterator[Planted]:
    """Due on the sixth working day after as_of, not marked."""
    _unmarked(plot, plot.student(movable=True), plot.days.after(plot.days.as_of, 6))
    yield from ()


def marked_and_due_today(plot: Plot) -> Iterator[Planted]:
    """Due on as_of, and marked on both platforms on that day."""
    today = plot.days.as_of
    plot.new_major(plot.student(movable=True), plot.issued_for(today), marked_school_on=today, marked_record_on=today)
    yield from ()


def _unmarked(plot: Plot, who: int, due_on: np.datetime64) -> str:
    return plot.new_major(who, plot.issued_for(due_on), marked_school_on=NO_DAY, marked_record_on=NO_DAY)


def _with(field: str, rule: str, *shapes: Callable[[Plot, str, str], Iterator[Planted]]) -> tuple["_Field", ...]:
    return tuple(_Field(shape, field, rule) for shape in shapes)


class _Field:
    """A shape about one of the two marks."""

    def __init__(self, shape: Callable[[Plot, str, str], Iterator[Planted]], field: str, rule: str) -> None:
        self.shape, self.field, self.rule, self.__doc__ = shape, field, rule, shape.__doc__

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        return self.shape(plot, self.field, self.rule)


SCHOOL, RECORD = "marked_school_on", "marked_record_on"
UNMARKED = (leave_unmarked, new_major_unmarked, repeat_unmarked, expelled_unmarked)
MARKED_LATE = (leave_marked_late, old_change_marked_late, expelled_marked_late)

SHAPES = {
    "MRK-01": (_with(SCHOOL, "MRK-01", *UNMARKED), (transfer_in_unmarked, not_issued)),
    "MRK-02": (_with(RECORD, "MRK-02", *UNMARKED), (no_record_to_mark,)),
    "MRK-03": (_with(SCHOOL, "MRK-03", *MARKED_LATE), (*_with(SCHOOL, "", marked_on_the_day), transfer_in_marked_late)),
    "MRK-04": (_with(RECORD, "MRK-04", *MARKED_LATE), _with(RECORD, "", marked_on_the_day)),
    "MRK-05": ((due_today, due_in_five, expelled_due_soon, leave_due_soon), (due_in_six, marked_and_due_today)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
