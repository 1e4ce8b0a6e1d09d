"""Planted cases of handovers and of rows that belong to nobody (五-1, 三): HND-01, HND-02, SYS-01."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.attendance import ABSENT, PRESENT
from facts.demo.picks import NOW, SPRING, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_AUTUMN = ("2026-09-14", "2026-10-30")

# -- HND-01 跨部门业务无交接记录 -------------------------------------------------------------------------------------


def new_major_not_handed_over(plot: Plot) -> Iterator[Planted]:
    """An issued 转专业 without a handover."""
    yield from _unhanded(plot, plot.new_major(plot.student(movable=True), plot.pick(*_AUTUMN)))


def leave_not_handed_over(plot: Plot) -> Iterator[Planted]:
    """A 休学 issued on as_of without a handover."""
    who = plot.student()
    values: dict[str, Any] = {"marked_school_on": NO_DAY, "marked_record_on": NO_DAY}
    number = plot.change(
        who, "休学", plot.days.as_of, effective_on=plot.days.as_of + 5, until=day("2027-09-20"), **values
    )
    yield from _unhanded(plot, number)


def withdrawal_not_handed_over(plot: Plot) -> Iterator[Planted]:
    """A 预科 student's 自愿退学 without a handover."""
    yield from _unhanded(plot, plot.withdraw(plot.student(("预科",), (2026,)), plot.pick(*_AUTUMN)))


def _unhanded(plot: Plot, number: str) -> Iterator[Planted]:
    handovers = plot.sheet("handover")
    handovers.added = [row for row in handovers.added if row["change_no"] != number]
    yield planted("HND-01", change_no=number)


def handed_over_today(plot: Plot) -> Iterator[Planted]:
    """A change of October that was handed over on as_of only."""
    number = plot.new_major(plot.student(movable=True), plot.pick(*_AUTUMN))
    for row in plot.sheet("handover").added:
        if row["change_no"] == number:
            row |= {"handed_on": plot.days.as_of, "received_on": NO_DAY}
    yield from ()


def not_issued(plot: Plot) -> Iterator[Planted]:
    """A 休学 that passed every step and is not issued: nothing to hand over yet."""
    plot.change(plot.student(), "休学", day("2026-11-16"), pending=True)
    yield from ()


# -- HND-02 移交后未接收 ---------------------------------------------------------------------------------------------


def _not_received(plot: Plot, handed_on: np.datetime64) -> Iterator[Planted]:
    number = plot.new_major(plot.student(movable=True), plot.pick(*_AUTUMN))
    row = next(row for row in plot.sheet("handover").added if row["change_no"] == number)
    row |= {"handed_on": handed_on, "received_on": NO_DAY}
    yield planted("HND-02", change_no=number, to_unit=str(row["to_unit"]))


def never_received(plot: Plot) -> Iterator[Planted]:
    """Handed over weeks ago, and never received."""
    yield from _not_received(plot, plot.pick("2026-10-30", "2026-11-06"))


def not_received_for_8_days(plot: Plot) -> Iterator[Planted]:
    """Handed over 8 days ago, and not received."""
    yield from _not_received(plot, plot.days.as_of - 8)


def not_received_yet(plot: Plot) -> Iterator[Planted]:
    """Handed over 7 days ago, and not received."""
    list(_not_received(plot, plot.days.as_of - 7))
    yield from ()


# -- SYS-01 无主记录 -------------------------------------------------------------------------------------------------


def nobody_at_all(plot: Plot) -> Iterator[Planted]:
    """Rows of every kind of a number that no one bears."""
    who = plot.outsider()
    number = plot.no(who)
    _pays(plot, who)
    plot.sheet("registration").add(who, student_no=number, term=SPRING, registered_on=day("2026-03-03"))
    plot.sheet("checkin").add(who, student_no=number, term=SPRING, arrived_on=day("2026-03-03"), marked_on=NO_DAY)
    plot.call(who, plot.days.teaching[12], ABSENT)
    plot.change(who, "自愿退学", day("2026-04-15"), academic_on=NO_DAY, filed_on=NO_DAY, marked_record_on=NO_DAY)
    for table in ("attendance", "change", "checkin", "fee", "registration"):
        yield planted("SYS-01", table=table, student_no=number)


def fee_of_nobody(plot: Plot) -> Iterator[Planted]:
    """A fee paid under a number that no one bears."""
    who = plot.outsider()
    _pays(plot, who)
    yield planted("SYS-01", table="fee", student_no=plot.no(who))


def attends_as_nobody(plot: Plot) -> Iterator[Planted]:
    """In the roll call under a number that no one bears, and so registered under none (REG-01)."""
    who = plot.outsider()
    for place in (20, 25):
        plot.call(who, plot.days.teaching[place], PRESENT)
    yield planted("SYS-01", table="attendance", student_no=plot.no(who))
    yield planted("REG-01", student_no=plot.no(who), term=NOW)


def only_in_the_record(plot: Plot) -> Iterator[Planted]:
    """A fee of someone who stands in 学籍 alone, long gone."""
    who, people = plot.outsider(), plot.college.people
    plot.sheet("record").add(
        who, platform="学信网", student_no=plot.no(who), id_number=people.id_number[who], name=people.name[who],
        level="专科", major="会计", entered_on=day("2021-09-01"), status="毕业", registered_on=day("2021-10-20"),
        annual_registration="2023-2024",
    )  # fmt: skip
    _pays(plot, who)
    yield from ()


def only_in_school(plot: Plot) -> Iterator[Planted]:
    """A 预科 student, who stands in no record, with rows everywhere."""
    plot.student(("预科",), (2026,))
    yield from ()


def _pays(plot: Plot, who: int) -> None:
    plot.sheet("fee").add(
        who, student_no=plot.no(who), academic_year=SPRING[:9], item="学费", payable=500000, paid=500000, relief=0,
        deferred_until=NO_DAY, registered_on=day("2025-09-01"),
    )  # fmt: skip


SHAPES = {
    "HND-01": (
        (new_major_not_handed_over, leave_not_handed_over, withdrawal_not_handed_over), (handed_over_today, not_issued),
    ),
    "HND-02": ((never_received, not_received_for_8_days), (not_received_yet,)),
    "SYS-01": ((nobody_at_all, fee_of_nobody, attends_as_nobody), (only_in_the_record, only_in_school)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
