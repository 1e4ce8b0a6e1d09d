"""Planted cases of 缴费注册 (四-2): REG-03, REG-07, REG-08, REG-10 to REG-12."""

from collections.abc import Iterator
from typing import Any

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


def owes_one_yuan(plot: Plot) -> Iterator[Planted]:
    """Registered, one yuan short."""
    who = plot.student()
    _short(plot, who, 100)
    plot.put("fee", who, {"academic_year": YEAR}, registered_on=NO_DAY)
    yield from this_term(plot.no(who), "REG-03")


def _short(plot: Plot, who: int, fen: int) -> None:
    """So many fen of this year's tuition are not paid."""
    sheet, rows = plot.sheet("fee"), plot.rows("fee", who, academic_year=YEAR, item="学费")
    sheet.set(rows, paid=sheet["payable"][rows] - sheet["relief"][rows] - fen)


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
    rows = plot.rows("fee", plot.student(), academic_year=YEAR, item="学费")
    sheet = plot.sheet("fee")
    sheet.set(rows, paid=0, relief=sheet["payable"][rows])
    yield from ()


def owes_99_fen(plot: Plot) -> Iterator[Planted]:
    """Registered, 99 fen short: what nobody chases."""
    _short(plot, plot.student(), 99)
    yield from ()


def loan_on_its_way(plot: Plot) -> Iterator[Planted]:
    """Registered, nothing paid: a student loan is granted, and the academic year runs."""
    plot.unpaid(plot.student(), aid="助学贷款")
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
    """Not paid, not registered, in no lesson."""
    who = plot.student()
    plot.unpaid(who)
    plot.never_comes(who)
    yield from this_term(plot.no(who), "REG-07")


def no_fee_row(plot: Plot) -> Iterator[Planted]:
    """Not registered, and no fee row of the year at all."""
    who = plot.student()
    plot.drop("fee", who, academic_year=YEAR)
    plot.never_comes(who)
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
    plot.never_comes(who)
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


def unpaid_and_away(plot: Plot) -> Iterator[Planted]:
    """Not paid, not registered: 保留学籍 since spring."""
    who = plot.returning()
    plot.leave(who, plot.pick("2026-05-06", "2026-06-05"), kind="保留学籍", until="2028-03-20")
    yield from ()


def free_level_without_account(plot: Plot) -> Iterator[Planted]:
    """中职, for which nothing is to be paid: not registered, and no fee row of the year."""
    who = plot.returning(("中职",))
    plot.drop("fee", who, academic_year=YEAR)
    plot.never_comes(who)
    yield from ()


def unpaid_and_back_later(plot: Plot) -> Iterator[Planted]:
    """Not paid, not registered; 复学 was issued in October, after the term's 报到."""
    who = plot.returning()
    plot.comes_back(who, day("2026-10-12"))
    plot.unpaid(who)
    plot.never_comes(who)
    yield from ()


# -- REG-08 欠费而缴费注册 -------------------------------------------------------------------------------------------


def owed_but_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """The year is registered as paid though part of it is owed; registered for the term too (REG-03)."""
    who = plot.student()
    plot.put("fee", who, {"academic_year": YEAR, "item": "学费"}, paid=100000, relief=0)
    yield from _owes_though_registered(plot, who)


def one_yuan_owed_but_registered(plot: Plot) -> Iterator[Planted]:
    """The year is registered as paid with one yuan owed; registered for the term too (REG-03)."""
    who = plot.student()
    _short(plot, who, 100)
    yield from _owes_though_registered(plot, who)


def another_item_owed(plot: Plot) -> Iterator[Planted]:
    """Tuition is paid and registered, another item is neither; registered for the term too (REG-03)."""
    who = plot.student()
    _charge(plot, who, YEAR)
    yield from _owes_though_registered(plot, who)


def owed_on_leave_but_registered(plot: Plot) -> Iterator[Planted]:
    """On leave since spring; the year is registered as paid, and nothing of it is."""
    who = plot.returning()
    plot.leave(who, plot.pick("2026-05-06", "2026-06-05"), until="2027-03-20")
    _charge(plot, who, YEAR, registered_on=day("2026-09-01"))
    yield planted("REG-08", student_no=plot.no(who), academic_year=YEAR)


def _charge(plot: Plot, who: int, year: str, **values: Any) -> None:
    row = {
        "item": "代收费",
        "payable": 60000,
        "paid": 0,
        "relief": 0,
        "deferred_until": NO_DAY,
        "registered_on": NO_DAY,
    }
    plot.sheet("fee").add(who, student_no=plot.no(who), academic_year=year, **row | values)


def _owes_though_registered(plot: Plot, who: int) -> Iterator[Planted]:
    yield from this_term(plot.no(who), "REG-03")
    yield planted("REG-08", student_no=plot.no(who), academic_year=YEAR)


def owed_and_registered_last_year(plot: Plot) -> Iterator[Planted]:
    """The year before is registered as paid though part of it is owed."""
    _charge(plot, plot.returning(), LAST_YEAR)
    yield from ()


def loan_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """Registered as paid with nothing paid, through the 绿色通道, while the academic year runs."""
    plot.put("fee", plot.student(), {"academic_year": YEAR, "item": "学费"}, paid=0, aid="绿色通道")
    yield from ()


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


def registered_at_a_free_level(plot: Plot) -> Iterator[Planted]:
    """中职, for which nothing is to be paid: registered, and the year has no fee row."""
    plot.drop("fee", plot.student(("中职",)), academic_year=YEAR)
    yield from ()


# -- REG-11 已缴清而未缴费注册 ---------------------------------------------------------------------------------------


def paid_not_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """All is paid, and nobody registered it."""
    who = plot.student()
    plot.put("fee", who, {"academic_year": YEAR}, registered_on=NO_DAY)
    yield planted("REG-11", student_no=plot.no(who), academic_year=YEAR)


def nearly_paid_not_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """99 fen are owed, which count as nothing; nobody registered the payment."""
    who = plot.student()
    _short(plot, who, 99)
    plot.put("fee", who, {"academic_year": YEAR}, registered_on=NO_DAY)
    yield planted("REG-11", student_no=plot.no(who), academic_year=YEAR)


def loan_not_registered_as_paid(plot: Plot) -> Iterator[Planted]:
    """A loan is on its way, and the year is not registered as paid."""
    plot.unpaid(plot.student(), aid="助学贷款")
    yield from ()


def paid_last_year_not_registered(plot: Plot) -> Iterator[Planted]:
    """The year before is paid, and was never registered as paid."""
    plot.put("fee", plot.returning(), {"academic_year": LAST_YEAR}, registered_on=NO_DAY)
    yield from ()


# -- REG-12 资助款跨年未到账 -----------------------------------------------------------------------------------------


def loan_never_came(plot: Plot) -> Iterator[Planted]:
    """The loan of the year before has not come."""
    who = plot.returning()
    plot.put("fee", who, {"academic_year": LAST_YEAR, "item": "学费"}, paid=0, relief=0, aid="助学贷款")
    yield planted("REG-12", student_no=plot.no(who), academic_year=LAST_YEAR)


def aid_one_yuan_short(plot: Plot) -> Iterator[Planted]:
    """On leave; the aid of the year before came but for one yuan."""
    who = plot.returning()
    plot.leave(who, plot.pick("2026-09-14", "2026-10-30"))
    sheet, rows = plot.sheet("fee"), plot.rows("fee", who, academic_year=LAST_YEAR, item="学费")
    sheet.set(rows, paid=sheet["payable"][rows] - sheet["relief"][rows] - 100, aid="服兵役资助")
    yield planted("REG-12", student_no=plot.no(who), academic_year=LAST_YEAR)


def loan_came(plot: Plot) -> Iterator[Planted]:
    """The loan of the year before came."""
    plot.put("fee", plot.returning(), {"academic_year": LAST_YEAR, "item": "学费"}, aid="助学贷款")
    yield from ()


def loan_of_a_leaver(plot: Plot) -> Iterator[Planted]:
    """Withdrew in spring; the loan of that year has not come."""
    who = plot.returning()
    plot.withdraw(who, plot.pick("2026-04-08", "2026-05-29"))
    plot.put("fee", who, {"academic_year": LAST_YEAR, "item": "学费"}, paid=0, relief=0, aid="助学贷款")
    yield from ()


SHAPES = {
    "REG-03": (
        (owes_tuition, owes_one_yuan, fee_deferral_over),
        (fee_deferred_to_the_day, fee_relieved, fee_paid_under_another_item, owes_99_fen, loan_on_its_way),
    ),
    "REG-07": (
        (unpaid_unregistered, no_fee_row, deferral_over_unregistered),
        (deferral_to_the_day, unpaid_and_away, free_level_without_account, unpaid_and_back_later),
    ),
    "REG-08": (
        (
            owed_but_registered_as_paid, owed_on_leave_but_registered, one_yuan_owed_but_registered, another_item_owed,
        ),
        (
            owed_and_not_registered, registered_and_deferred_to_the_day, owed_and_registered_last_year,
            loan_registered_as_paid,
        ),
    ),
    "REG-10": (
        (registered_without_account, registered_without_any_fee),
        (registered_last_year_without_account, nothing_to_pay, registered_at_a_free_level),
    ),
    "REG-11": (
        (paid_not_registered_as_paid, nearly_paid_not_registered_as_paid),
        (loan_not_registered_as_paid, paid_last_year_not_registered),
    ),
    "REG-12": ((loan_never_came, aid_one_yuan_short), (loan_came, loan_of_a_leaver)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
