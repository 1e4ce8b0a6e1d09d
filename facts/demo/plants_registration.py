"""Planted cases of 注册 and 缴费 (四-2): REG-*."""

from collections.abc import Iterator

import numpy as np

from facts.demo.attendance import ABSENT, AUDIT, PRESENT
from facts.demo.days import CURRENT
from facts.demo.plot import NOW, SPRING, YEAR, Planted, Plot, day, planted
from facts.demo.store import NO_DAY


def _of(plot: Plot, who: int, *rules: str) -> Iterator[Planted]:
    for rule in rules:
        yield planted(rule, student_no=plot.no(who), term=NOW)


# -- REG-01 未注册学生参加教学活动 -----------------------------------------------------------------------------------


def attends_then_withdraws(plot: Plot) -> Iterator[Planted]:
    """Attended for weeks without ever registering, then withdrew."""
    who = plot.returning()
    plot.never_registers(who)
    plot.withdraw(who, plot.pick("2026-10-09", "2026-11-06"))
    yield from _of(plot, who, "REG-01")


def attends_paid(plot: Plot) -> Iterator[Planted]:
    """Paid and attends, and nobody registered them."""
    who = plot.student()
    plot.never_registers(who)
    yield from _of(plot, who, "REG-01", "REG-02")


def attends_finished(plot: Plot) -> Iterator[Planted]:
    """A 结业 student comes back to lessons."""
    who = plot.graduate()
    plot.status(who, "结业")
    plot.put("graduation", who, conclusion="结业")
    for place in (20, 25, 30):
        plot.call(who, plot.days.teaching[place], PRESENT)
    yield from _of(plot, who, "REG-01")


def attends_once(plot: Plot) -> Iterator[Planted]:
    """One lesson in all the term, then withdrew."""
    who = plot.returning()
    plot.never_registers(who)
    plot.excuse(who, plot.days.starts_on[CURRENT])
    plot.sheet("attendance").set(plot.calls(who, day("2026-09-28"))[0], result=PRESENT)
    plot.withdraw(who, plot.pick("2026-10-15", "2026-11-06"))
    yield from _of(plot, who, "REG-01")


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
    yield from _of(plot, who, "REG-09")


def registers_next_day(plot: Plot) -> Iterator[Planted]:
    """Registered the day after the first late lesson."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=plot.first_late(who) + 1)
    yield from _of(plot, who, "REG-09")


def registers_late_twice(plot: Plot) -> Iterator[Planted]:
    """Two registrations, both after the first late lesson."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=day("2026-09-21"))
    plot.sheet("registration").add(who, student_no=plot.no(who), term=NOW, registered_on=day("2026-10-12"))
    yield from _of(plot, who, "REG-09")


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
    yield from _of(plot, who, "REG-02")


def paid_and_not_called(plot: Plot) -> Iterator[Planted]:
    """Paid, not registered, in no roll call any more."""
    who = plot.student()
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.late_calls(who))
    yield from _of(plot, who, "REG-02")


def deferred_fee_not_registered(plot: Plot) -> Iterator[Planted]:
    """The fee is deferred and so settled; not registered."""
    who = plot.student()
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.late_calls(who))
    plot.put("fee", who, {"academic_year": YEAR, "item": "学费"}, paid=0, relief=0, deferred_until=day("2026-12-31"))
    yield from _of(plot, who, "REG-02")


def paid_registered_yesterday(plot: Plot) -> Iterator[Planted]:
    """Paid, and registered on the day before as_of; excused until then."""
    who = plot.student()
    plot.put("registration", who, {"term": NOW}, registered_on=plot.days.as_of - 1)
    plot.excuse(who, plot.days.report_by[CURRENT] + 1)
    yield from ()


def paid_and_away(plot: Plot) -> Iterator[Planted]:
    """Paid in advance, but 休学 since spring."""
    who = plot.returning()
    plot.leave(who, plot.pick("2026-05-06", "2026-06-05"), until="2027-03-20")
    plot.sheet("fee").add(who, student_no=plot.no(who), academic_year=YEAR, item="学费", payable=500000, paid=500000,
                          relief=0, deferred_until=NO_DAY, registered_on=day("2026-08-30"))  # fmt: skip
    yield from ()


# -- REG-03 欠费而学期注册 -------------------------------------------------------------------------------------------


def owes_tuition(plot: Plot) -> Iterator[Planted]:
    """Registered, tuition not paid at all."""
    who = plot.student()
    plot.unpaid(who)
    yield from _of(plot, who, "REG-03")


def owes_one_fen(plot: Plot) -> Iterator[Planted]:
    """Registered, one fen short."""
    who = plot.student()
    sheet = plot.sheet("fee")
    plot.unpaid(who, paid=int(sheet["payable"][plot.rows("fee", who, academic_year=YEAR, item="学费")][0]) - 1)
    yield from _of(plot, who, "REG-03")


def fee_deferral_over(plot: Plot) -> Iterator[Planted]:
    """Registered, the fee deferred until the day before as_of."""
    who = plot.student()
    plot.unpaid(who, deferred_until=plot.days.as_of - 1)
    yield from _of(plot, who, "REG-03")


def fee_deferred_to_the_day(plot: Plot) -> Iterator[Planted]:
    """Nothing paid, deferred until as_of itself."""
    who = plot.student()
    plot.unpaid(who, deferred_until=plot.days.as_of)
    yield from ()


def fee_relieved(plot: Plot) -> Iterator[Planted]:
    """Nothing paid, all of it relieved."""
    who = plot.student()
    rows = plot.rows("fee", who, academic_year=YEAR, item="学费")
    plot.unpaid(who, relief=int(plot.sheet("fee")["payable"][rows][0]))
    yield from ()


def fee_paid_under_another_item(plot: Plot) -> Iterator[Planted]:
    """One item is overpaid by what is missing in the other."""
    who = plot.student()
    sheet, rows = plot.sheet("fee"), plot.rows("fee", who, academic_year=YEAR, item="学费")
    sheet.set(rows, paid=sheet["paid"][rows] - 50000)
    sheet.add(who, student_no=plot.no(who), academic_year=YEAR, item="代收费", payable=0, paid=50000, relief=0,
              deferred_until=NO_DAY, registered_on=day("2026-09-01"))  # fmt: skip
    yield from ()


# -- REG-07 逾期未注册 -----------------------------------------------------------------------------------------------


def unpaid_unregistered(plot: Plot) -> Iterator[Planted]:
    """Not paid, not registered, not seen since."""
    who = plot.student()
    plot.unpaid(who)
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.late_calls(who))
    yield from _of(plot, who, "REG-07")


def no_fee_row(plot: Plot) -> Iterator[Planted]:
    """Not registered, and no fee row of the year at all."""
    who = plot.student()
    plot.drop("fee", who, academic_year=YEAR)
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.late_calls(who))
    yield from _of(plot, who, "REG-07")


def deferral_over_unregistered(plot: Plot) -> Iterator[Planted]:
    """Arrived at the end of a deferral, and never paid nor registered."""
    who = plot.returning()
    plot.defer(who, "2026-09-15")
    plot.put("checkin", who, {"term": NOW}, arrived_on=day("2026-09-15"))
    plot.unpaid(who)
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.calls(who))
    yield from _of(plot, who, "REG-07")


def deferral_to_the_day(plot: Plot) -> Iterator[Planted]:
    """Not paid, not registered, but a deferral runs until as_of itself (too long, DEF-01)."""
    who = plot.returning()
    plot.defer(who, "2026-11-25")
    plot.unpaid(who)
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.late_calls(who))
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


def unpaid_and_away(plot: Plot) -> Iterator[Planted]:
    """Not paid, not registered: 保留学籍 since spring."""
    who = plot.returning()
    plot.leave(who, plot.pick("2026-05-06", "2026-06-05"), kind="保留学籍", until="2028-03-20")
    yield from ()


# -- rules of the next round -----------------------------------------------------------------------------------------


def registered_without_account(plot: Plot) -> Iterator[Planted]:
    """Registered; the year has no fee row."""
    who = plot.student()
    plot.drop("fee", who, academic_year=YEAR)
    yield from _of(plot, who, "REG-10")


def no_record(plot: Plot) -> Iterator[Planted]:
    """In school for more than a year, without a record."""
    who = plot.returning()
    plot.drop("record", who)
    yield planted("REG-04", student_no=plot.no(who))


def record_cancelled(plot: Plot) -> Iterator[Planted]:
    """In school; the only record is cancelled."""
    who = plot.returning()
    plot.put("record", who, status="取消学籍")
    yield planted("REG-04", student_no=plot.no(who))


def no_record_yet(plot: Plot) -> Iterator[Planted]:
    """A new student without a record, within the 90 days."""
    plot.drop("record", plot.freshman())
    yield from ()


def annual_registration_old(plot: Plot) -> Iterator[Planted]:
    """Registered last academic year only."""
    who = plot.returning()
    plot.put("record", who, annual_registration="2025-2026")
    yield planted("REG-05", student_no=plot.no(who))


def annual_registration_missing(plot: Plot) -> Iterator[Planted]:
    """Never registered for an academic year."""
    who = plot.returning()
    plot.put("record", who, annual_registration=None)
    yield planted("REG-05", student_no=plot.no(who))


def first_registration_counts(plot: Plot) -> Iterator[Planted]:
    """No annual registration, but the record itself was registered this term."""
    plot.put("record", plot.freshman(), annual_registration=None)
    yield from ()


def record_without_student(plot: Plot) -> Iterator[Planted]:
    """An active record whose student number stands in no student row."""
    yield planted("REG-06", student_no=_lone_record(plot, "在籍"))


def finished_record_without_student(plot: Plot) -> Iterator[Planted]:
    """A record of someone long gone, who stands in no student row."""
    _lone_record(plot, "毕业")
    yield from ()


def _lone_record(plot: Plot, status: str) -> str:
    who, people = plot.outsider(), plot.college.people
    plot.sheet("record").add(
        who, platform="学信网", student_no=plot.no(who), id_number=people.id_number[who], name=people.name[who], level="专科",
        major="会计", entered_on=day("2024-09-01"), status=status, registered_on=day("2024-10-20"), annual_registration=YEAR,
    )  # fmt: skip
    return plot.no(who)


def owed_but_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """An earlier year is registered as paid though part of it is owed."""
    who = plot.returning()
    rows = plot.rows("fee", who, academic_year=SPRING[:9], item="学费")
    plot.sheet("fee").set(rows, paid=np.int64(100000), relief=0)
    yield planted("REG-08", student_no=plot.no(who), academic_year=SPRING[:9])


SHAPES = {
    "REG-01": (
        (attends_then_withdraws, attends_paid, attends_finished, attends_once),
        (attends_only_in_time, audits_finished, absent_then_withdraws),
    ),
    "REG-02": ((paid_and_excused, paid_and_not_called, deferred_fee_not_registered), (paid_registered_yesterday, paid_and_away)),
    "REG-03": ((owes_tuition, owes_one_fen, fee_deferral_over), (fee_deferred_to_the_day, fee_relieved, fee_paid_under_another_item)),
    "REG-04": ((no_record, record_cancelled), (no_record_yet,)),
    "REG-05": ((annual_registration_old, annual_registration_missing), (first_registration_counts,)),
    "REG-06": ((record_without_student,), (finished_record_without_student,)),
    "REG-07": ((unpaid_unregistered, no_fee_row, deferral_over_unregistered), (deferral_to_the_day, unpaid_and_away)),
    "REG-08": ((owed_but_registered_as_paid,), ()),
    "REG-09": (
        (registers_weeks_later, registers_next_day, registers_late_twice),
        (registers_same_day, registers_again, registers_before_return),
    ),
    "REG-10": ((registered_without_account,), ()),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
