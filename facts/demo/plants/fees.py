"""Planted cases of 缴费注册 (四-2): REG-03, REG-07, REG-08, REG-10."""

from collections.abc import Iterator

from facts.demo.picks import NOW, SPRING, YEAR, Planted, day, planted, this_term
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

LAST_YEAR = SPRING[:9]

# -- REG-03 欠费而学期注册 -------------------------------------------------------------------------------------------


def owes_tuition(plot: Plot) -> Iterator[Planted]:
    """Registered, tuition not paid at all."""
    who = plot.student()
    plot.unpaid(who)
    yield from this_term(plot.no(who), "REG-03")


def owes_one_fen(plot: Plot) -> Iterator[Planted]:
    """Registered, one fen short."""
    who = plot.student()
    sheet = plot.sheet("fee")
    plot.unpaid(who, paid=int(sheet["payable"][plot.rows("fee", who, academic_year=YEAR, item="学费")][0]) - 1)
    yield from this_term(plot.no(who), "REG-03")


def fee_deferral_over(plot: Plot) -> Iterator[Planted]:
    """Registered, the fee deferred until the day before as_of."""
    who = plot.student()
    plot.unpaid(who, deferred_until=plot.days.as_of - 1)
    yield from this_term(plot.no(who), "REG-03")


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
    yield from this_term(plot.no(who), "REG-07")


def no_fee_row(plot: Plot) -> Iterator[Planted]:
    """Not registered, and no fee row of the year at all."""
    who = plot.student()
    plot.drop("fee", who, academic_year=YEAR)
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.late_calls(who))
    yield from this_term(plot.no(who), "REG-07")


def deferral_over_unregistered(plot: Plot) -> Iterator[Planted]:
    """Arrived at the end of a deferral, and never paid nor registered."""
    who = plot.returning()
    plot.defer(who, "2026-09-15")
    plot.put("checkin", who, {"term": NOW}, arrived_on=day("2026-09-15"))
    plot.unpaid(who)
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.calls(who))
    yield from this_term(plot.no(who), "REG-07")


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


# -- REG-08 欠费而缴费注册 -------------------------------------------------------------------------------------------


def owed_but_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """An earlier year is registered as paid though part of it is owed."""
    who = plot.returning()
    plot.put("fee", who, {"academic_year": LAST_YEAR, "item": "学费"}, paid=100000, relief=0)
    yield planted("REG-08", student_no=plot.no(who), academic_year=LAST_YEAR)


def one_fen_owed_but_registered(plot: Plot) -> Iterator[Planted]:
    """The year is registered as paid with one fen owed; registered for the term too (REG-03)."""
    who = plot.student()
    rows = plot.rows("fee", who, academic_year=YEAR, item="学费")
    sheet = plot.sheet("fee")
    sheet.set(rows, paid=sheet["payable"][rows] - sheet["relief"][rows] - 1)
    yield from this_term(plot.no(who), "REG-03")
    yield planted("REG-08", student_no=plot.no(who), academic_year=YEAR)


def another_item_owed(plot: Plot) -> Iterator[Planted]:
    """Tuition of an earlier year is paid and registered, another item of it is neither."""
    who = plot.returning()
    plot.sheet("fee").add(who, student_no=plot.no(who), academic_year=LAST_YEAR, item="代收费", payable=60000, paid=0,
                          relief=0, deferred_until=NO_DAY, registered_on=NO_DAY)  # fmt: skip
    yield planted("REG-08", student_no=plot.no(who), academic_year=LAST_YEAR)


def owed_and_not_registered(plot: Plot) -> Iterator[Planted]:
    """An earlier year is owed, and not registered as paid."""
    who = plot.returning()
    plot.put("fee", who, {"academic_year": LAST_YEAR}, registered_on=NO_DAY)
    plot.put("fee", who, {"academic_year": LAST_YEAR, "item": "学费"}, paid=0, relief=0)
    yield from ()


def registered_and_deferred_to_the_day(plot: Plot) -> Iterator[Planted]:
    """Registered as paid with nothing paid, deferred until as_of itself."""
    plot.put("fee", plot.student(), {"academic_year": YEAR, "item": "学费"}, paid=0, deferred_until=plot.days.as_of)
    yield from ()


# -- REG-10 学期注册而无缴费记录 -------------------------------------------------------------------------------------


def registered_without_account(plot: Plot) -> Iterator[Planted]:
    """Registered; the year has no fee row."""
    who = plot.student()
    plot.drop("fee", who, academic_year=YEAR)
    yield from this_term(plot.no(who), "REG-10")


def registered_without_any_fee(plot: Plot) -> Iterator[Planted]:
    """Registered twice this term; there is no fee row of any year."""
    who = plot.returning()
    plot.drop("fee", who)
    plot.sheet("registration").add(who, student_no=plot.no(who), term=NOW, registered_on=day("2026-10-12"))
    yield from this_term(plot.no(who), "REG-10")


def registered_last_year_without_account(plot: Plot) -> Iterator[Planted]:
    """Registered in the year before without a fee row; this year has one."""
    plot.drop("fee", plot.returning(), academic_year=LAST_YEAR)
    yield from ()


def nothing_to_pay(plot: Plot) -> Iterator[Planted]:
    """Registered; the fees of the year are nil."""
    plot.put("fee", plot.student(), {"academic_year": YEAR}, payable=0, paid=0, relief=0)
    yield from ()


SHAPES = {
    "REG-03": (
        (owes_tuition, owes_one_fen, fee_deferral_over),
        (fee_deferred_to_the_day, fee_relieved, fee_paid_under_another_item),
    ),
    "REG-07": (
        (unpaid_unregistered, no_fee_row, deferral_over_unregistered),
        (deferral_to_the_day, unpaid_and_away),
    ),
    "REG-08": (
        (owed_but_registered_as_paid, one_fen_owed_but_registered, another_item_owed),
        (owed_and_not_registered, registered_and_deferred_to_the_day),
    ),
    "REG-10": (
        (registered_without_account, registered_without_any_fee),
        (registered_last_year_without_account, nothing_to_pay),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
