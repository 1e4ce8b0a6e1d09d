"""Planted cases of 学期注册 against lessons and fees (四-2): REG-01, REG-02, REG-09."""

from collections.abc import Iterator

from facts.demo.attendance import ABSENT, AUDIT, PRESENT
from facts.demo.days import CURRENT
from facts.demo.picks import NOW, SPRING, YEAR, Planted, day, planted, this_term
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- REG-01 未注册学生参加教学活动 -----------------------------------------------------------------------------------


def attends_then_withdraws(plot: Plot) -> Iterator[Planted]:
    """Attended for weeks without ever registering, then withdrew."""
    who = plot.returning()
    plot.never_registers(who)
    plot.withdraw(who, plot.pick("2026-10-09", "2026-11-06"))
    yield from this_term(plot.no(who), "REG-01")


def attends_paid(plot: Plot) -> Iterator[Planted]:
    """Paid and attends, and nobody registered them."""
    who = plot.student()
    plot.never_registers(who)
    yield from this_term(plot.no(who), "REG-01", "REG-02")


def attended_in_spring(plot: Plot) -> Iterator[Planted]:
    """In lessons in the term before without ever registering for it."""
    who = plot.returning()
    plot.drop("registration", who, term=SPRING)
    yield planted("REG-01", student_no=plot.no(who), term=SPRING)


def attends_finished(plot: Plot) -> Iterator[Planted]:
    """A 结业 student comes back to lessons."""
    who = plot.graduate()
    plot.status(who, "结业")
    plot.put("graduation", who, conclusion="结业")
    for place in (20, 25, 30):
        plot.call(who, plot.days.teaching[place], PRESENT)
    yield from this_term(plot.no(who), "REG-01")


def attends_once(plot: Plot) -> Iterator[Planted]:
    """One lesson in all the term, then withdrew."""
    who = plot.returning()
    plot.never_registers(who)
    plot.excuse(who, plot.days.starts_on[CURRENT])
    plot.sheet("attendance").set(plot.calls(who, day("2026-09-28"))[0], result=PRESENT)
    plot.withdraw(who, plot.pick("2026-10-15", "2026-11-06"))
    yield from this_term(plot.no(who), "REG-01")


def attends_only_in_time(plot: Plot) -> Iterator[Planted]:
    """Not registered; last attended on the day of report_by itself, then withdrew."""
    who = plot.returning()
    plot.never_registers(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=plot.days.starts_on[CURRENT])
    plot.withdraw(who, day("2026-09-09"))
    plot.sheet("attendance").drop(plot.late_calls(who))
    plot.call(who, plot.days.report_by[CURRENT], PRESENT)
    yield from ()


def audits_finished(plot: Plot) -> Iterator[Planted]:
    """A graduate who only sits in on lessons (旁听)."""
    who = plot.graduate()
    for place in (20, 25, 30):
        plot.call(who, plot.days.teaching[place], PRESENT, AUDIT)
    yield from ()


def absent_then_withdraws(plot: Plot) -> Iterator[Planted]:
    """Not registered, and absent from every lesson after report_by."""
    who = plot.returning()
    plot.never_registers(who)
    plot.withdraw(who, plot.pick("2026-10-09", "2026-11-06"))
    plot.excuse(who, plot.days.report_by[CURRENT] + 1, ABSENT)
    yield from ()


# -- REG-09 先上课后注册 ---------------------------------------------------------------------------------------------


def registers_weeks_later(plot: Plot) -> Iterator[Planted]:
    """Attended for weeks, then registered."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=plot.pick("2026-09-16", "2026-11-20"))
    yield from this_term(plot.no(who), "REG-09")


def registers_next_day(plot: Plot) -> Iterator[Planted]:
    """Registered the day after the first late lesson."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=plot.first_late(who) + 1)
    yield from this_term(plot.no(who), "REG-09")


def registers_late_twice(plot: Plot) -> Iterator[Planted]:
    """Two registrations, both after the first late lesson."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=day("2026-09-21"))
    plot.sheet("registration").add(who, student_no=plot.no(who), term=NOW, registered_on=day("2026-10-12"))
    yield from this_term(plot.no(who), "REG-09")


def registers_same_day(plot: Plot) -> Iterator[Planted]:
    """Registered on the very day of the first late lesson."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=plot.first_late(who))
    yield from ()


def registers_again(plot: Plot) -> Iterator[Planted]:
    """A second registration long after the first, which was in time."""
    who = plot.student()
    plot.sheet("registration").add(who, student_no=plot.no(who), term=NOW, registered_on=day("2026-10-12"))
    yield from ()


def registers_before_return(plot: Plot) -> Iterator[Planted]:
    """Registered in October, and on leave from lessons (请假) until that day."""
    who = plot.student()
    plot.sheet("attendance").drop(plot.late_calls(who)[plot.called_on(plot.late_calls(who)) < day("2026-10-14")])
    plot.put("registration", who, {"term": NOW}, registered_on=day("2026-10-14"))
    yield from ()


# -- REG-02 已缴费未学期注册 -----------------------------------------------------------------------------------------


def paid_and_excused(plot: Plot) -> Iterator[Planted]:
    """Paid, not registered, excused from every lesson."""
    who = plot.student()
    plot.never_registers(who)
    plot.excuse(who, plot.days.report_by[CURRENT] + 1)
    yield from this_term(plot.no(who), "REG-02")


def paid_and_not_called(plot: Plot) -> Iterator[Planted]:
    """Paid, not registered, in no roll call."""
    who = plot.student()
    plot.never_comes(who)
    yield from this_term(plot.no(who), "REG-02")


def deferred_fee_not_registered(plot: Plot) -> Iterator[Planted]:
    """The fee is deferred and so settled; not registered."""
    who = plot.student()
    plot.never_comes(who)
    plot.put("fee", who, {"academic_year": YEAR, "item": "学费"}, paid=0, relief=0, deferred_until=day("2026-12-31"))
    yield from this_term(plot.no(who), "REG-02")


def paid_registered_yesterday(plot: Plot) -> Iterator[Planted]:
    """Paid, and registered on the day before as_of; excused until then."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=plot.days.as_of - 1)
    plot.excuse(who, plot.days.report_by[CURRENT] + 1)
    yield from ()


def paid_and_marked(plot: Plot) -> Iterator[Planted]:
    """Paid, and never came back: marked as 未报到 in time, and so not to be registered."""
    who = plot.returning()
    plot.never_comes(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY, marked_on=day("2026-09-18"))
    yield from ()


def paid_and_back_later(plot: Plot) -> Iterator[Planted]:
    """Paid, not registered; 复学 was issued in October, after the term's 报到."""
    who = plot.returning()
    plot.comes_back(who, day("2026-10-12"))
    plot.never_comes(who)
    yield from ()


def paid_and_away(plot: Plot) -> Iterator[Planted]:
    """Paid in advance, but 休学 since spring."""
    who = plot.returning()
    plot.leave(who, plot.pick("2026-05-06", "2026-06-05"), until="2027-03-20")
    plot.sheet("fee").add(who, student_no=plot.no(who), academic_year=YEAR, item="学费", payable=500000, paid=500000,
                          relief=0, deferred_until=NO_DAY, registered_on=day("2026-08-30"))  # fmt: skip
    yield from ()


SHAPES = {
    "REG-01": (
        (attends_then_withdraws, attended_in_spring, attends_paid, attends_finished, attends_once),
        (attends_only_in_time, audits_finished, absent_then_withdraws),
    ),
    "REG-02": (
        (paid_and_excused, paid_and_not_called, deferred_fee_not_registered),
        (paid_registered_yesterday, paid_and_away, paid_and_marked, paid_and_back_later),
    ),
    "REG-09": (
        (registers_weeks_later, registers_next_day, registers_late_twice),
        (registers_same_day, registers_again, registers_before_return),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
