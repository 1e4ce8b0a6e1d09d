"""Planted cases of withdrawals (四-2, 四-6, 五-6): WDR-01 to WDR-03."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.attendance import ABSENT, AUDIT, PRESENT
from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_AUTUMN = ("2026-09-14", "2026-10-16")
_SPRING = ("2026-03-23", "2026-06-12")


def _expelled(plot: Plot, issued: np.datetime64, **values: Any) -> str:
    """An 自动退学, marked, filed and served in time."""
    done: dict[str, Any] = {"marked_school_on": issued + 2, "marked_record_on": issued + 2, "notified_on": issued + 3}
    return plot.withdraw(plot.student(), issued, kind="自动退学", reason="未参加教学活动", **done | values)


# -- WDR-01 退学未备案 -----------------------------------------------------------------------------------------------


def not_filed(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 of spring was never filed."""
    yield planted("WDR-01", change_no=plot.withdraw(plot.returning(), plot.pick(*_SPRING), filed_on=NO_DAY))


def expelled_not_filed(plot: Plot) -> Iterator[Planted]:
    """An 自动退学 of autumn was never filed."""
    yield planted("WDR-01", change_no=_expelled(plot, plot.pick(*_AUTUMN), filed_on=NO_DAY))


def not_filed_for_31_days(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 not filed, issued 31 days ago."""
    yield planted("WDR-01", change_no=plot.withdraw(plot.student(), plot.days.as_of - 31, filed_on=NO_DAY))


def not_filed_yet(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 not filed, within the 30 days."""
    plot.withdraw(plot.student(), plot.days.as_of - 30, filed_on=NO_DAY)
    yield from ()


def filed_today(plot: Plot) -> Iterator[Planted]:
    """A 自愿退学 of spring, filed on as_of."""
    plot.withdraw(plot.returning(), plot.pick(*_SPRING), filed_on=plot.days.as_of)
    yield from ()


def transfer_not_filed(plot: Plot) -> Iterator[Planted]:
    """A 转出 is no withdrawal to be filed."""
    plot.withdraw(plot.student(), plot.pick(*_AUTUMN), kind="转出", filed_on=NO_DAY)
    yield from ()


def no_record_to_file(plot: Plot) -> Iterator[Planted]:
    """A 预科 student withdrew: there is no record, and nothing to file."""
    plot.withdraw(plot.student(("预科",)), plot.pick(*_AUTUMN), filed_on=NO_DAY)
    yield from ()


# -- WDR-02 退学通知书未送达 -----------------------------------------------------------------------------------------


def notice_not_served(plot: Plot) -> Iterator[Planted]:
    """The notice of an 自动退学 of autumn was never served."""
    yield planted("WDR-02", change_no=_expelled(plot, plot.pick(*_AUTUMN), notified_on=NO_DAY))


def notice_not_served_for_8_days(plot: Plot) -> Iterator[Planted]:
    """An 自动退学 issued 8 days ago, the notice not served."""
    yield planted("WDR-02", change_no=_expelled(plot, plot.days.as_of - 8, notified_on=NO_DAY))


def notice_not_served_yet(plot: Plot) -> Iterator[Planted]:
    """An 自动退学 issued 7 days ago, the notice not served."""
    _expelled(plot, plot.days.as_of - 7, notified_on=NO_DAY)
    yield from ()


def notice_served_today(plot: Plot) -> Iterator[Planted]:
    """An 自动退学 of autumn, the notice served on as_of."""
    _expelled(plot, plot.pick(*_AUTUMN), notified_on=plot.days.as_of)
    yield from ()


# -- WDR-03 退学后仍有在校活动 ---------------------------------------------------------------------------------------


def attends_after_withdrawal(plot: Plot) -> Iterator[Planted]:
    """In lessons days after the withdrawal took effect."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    number = plot.withdraw(who, issued)
    plot.call(who, plot.days.after(issued, 3), PRESENT)
    yield planted("WDR-03", change_no=number)


def attends_the_day_after(plot: Plot) -> Iterator[Planted]:
    """In lessons on the day after a 转出 took effect, not any more later."""
    who = plot.student()
    number = plot.withdraw(who, day("2026-10-14"), kind="转出")
    plot.call(who, day("2026-10-15"), PRESENT)
    yield planted("WDR-03", change_no=number)


def attends_after_expulsion(plot: Plot) -> Iterator[Planted]:
    """In lessons days after 开除学籍 took effect."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    number = plot.withdraw(who, issued, kind="开除学籍")
    plot.call(who, plot.days.after(issued, 3), PRESENT)
    yield planted("WDR-03", change_no=number)


def registers_after_withdrawal(plot: Plot) -> Iterator[Planted]:
    """自动退学 of late August; registered and paid for autumn all the same."""
    who, issued = plot.returning(), day("2026-08-27")
    plot.sheet("attendance").drop(plot.calls(who))
    plot.status(who, "退学")
    yield planted("WDR-03", change_no=plot.change(who, "自动退学", issued, reason="未到校注册"))


def attends_before_return(plot: Plot) -> Iterator[Planted]:
    """Withdrew in spring; in lessons from the first day of term on, and 复学 a week later."""
    who = plot.returning()
    number = plot.change(who, "自愿退学", plot.pick("2026-04-08", "2026-05-29"))
    plot.call(who, day("2026-09-04"), PRESENT)
    plot.change(who, "复学", day("2026-09-09"), marked_school_on=day("2026-09-10"), marked_record_on=day("2026-09-10"))
    yield planted("WDR-03", change_no=number)


def attends_on_the_last_day(plot: Plot) -> Iterator[Planted]:
    """In lessons on the very day on which the withdrawal takes effect."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    plot.withdraw(who, issued)
    plot.call(who, issued, PRESENT)
    yield from ()


def attends_from_return_on(plot: Plot) -> Iterator[Planted]:
    """Withdrew in spring; 复学 on the Friday of the first week, registered and in lessons from that day on."""
    who, back = plot.returning(), day("2026-09-04")
    rows = plot.calls(who)
    plot.sheet("attendance").drop(rows[plot.called_on(rows) < back])
    plot.put("registration", who, {"term": "2026-2027-1"}, registered_on=back)
    plot.call(who, back, PRESENT)
    plot.change(who, "自愿退学", plot.pick("2026-04-08", "2026-05-29"))
    plot.change(who, "复学", back, marked_school_on=back + 3, marked_record_on=back + 3)
    yield from ()


def audits_after_withdrawal(plot: Plot) -> Iterator[Planted]:
    """Only sits in on lessons (旁听) after the withdrawal, and is called absent."""
    who, issued = plot.student(), day("2026-10-14")
    plot.withdraw(who, issued)
    plot.call(who, day("2026-10-15"), PRESENT, AUDIT)
    plot.call(who, day("2026-10-16"), ABSENT)
    yield from ()


SHAPES = {
    "WDR-01": (
        (not_filed, expelled_not_filed, not_filed_for_31_days),
        (not_filed_yet, filed_today, transfer_not_filed, no_record_to_file),
    ),
    "WDR-02": ((notice_not_served, notice_not_served_for_8_days), (notice_not_served_yet, notice_served_today)),
    "WDR-03": (
        (attends_after_withdrawal, attends_the_day_after, registers_after_withdrawal, attends_before_return,
         attends_after_expulsion),
        (attends_on_the_last_day, attends_from_return_on, audits_after_withdrawal),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
