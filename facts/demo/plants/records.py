"""Planted cases of 学籍注册 and 学年注册 (四-2): REG-04, REG-05, REG-06."""

from collections.abc import Iterator

from facts.demo.picks import NOW, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- REG-04 在校注册而无学籍 -----------------------------------------------------------------------------------------


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


def no_record_for_91_days(plot: Plot) -> Iterator[Planted]:
    """A new student without a record, entered 91 days ago."""
    who = plot.freshman()
    plot.drop("record", who)
    _entered(plot, who, 91)
    yield planted("REG-04", student_no=plot.no(who))


def no_record_yet(plot: Plot) -> Iterator[Planted]:
    """A new student without a record, entered exactly 90 days ago."""
    who = plot.freshman()
    plot.drop("record", who)
    _entered(plot, who, 90)
    yield from ()


def _entered(plot: Plot, who: int, days: int) -> None:
    """Entered so many days ago, before the term began, and so in the list of who is back."""
    plot.put("student", who, entered_on=plot.days.as_of - days)
    plot.sheet("checkin").add(who, student_no=plot.no(who), term=NOW, arrived_on=day("2026-09-01"), marked_on=NO_DAY)


def record_under_another_number(plot: Plot) -> Iterator[Planted]:
    """The record bears the right identity and a student number that no one has (REG-06)."""
    who, number = plot.returning(), plot.no(plot.outsider())
    plot.put("record", who, student_no=number)
    yield planted("REG-06", student_no=number)


# -- REG-05 未学年注册 -----------------------------------------------------------------------------------------------


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


def registered_before_the_year(plot: Plot) -> Iterator[Planted]:
    """No annual registration; the record was registered on the day before the year began."""
    who = plot.returning()
    plot.put("record", who, annual_registration=None, registered_on=day("2026-08-30"))
    yield planted("REG-05", student_no=plot.no(who))


def registration_date_missing(plot: Plot) -> Iterator[Planted]:
    """Registered last academic year only, and nobody knows when the record was."""
    who = plot.returning()
    plot.put("record", who, annual_registration="2025-2026", registered_on=NO_DAY)
    yield planted("REG-05", student_no=plot.no(who))


def registered_as_the_year_begins(plot: Plot) -> Iterator[Planted]:
    """No annual registration; the record was registered on the first day of the year."""
    plot.put("record", plot.returning(), annual_registration=None, registered_on=day("2026-08-31"))
    yield from ()


# -- REG-06 学籍平台在籍而在校平台无此人 -----------------------------------------------------------------------------


def record_without_student(plot: Plot) -> Iterator[Planted]:
    """An active record whose student number stands in no student row."""
    yield from _alone(plot, "在籍")


def record_on_leave_without_student(plot: Plot) -> Iterator[Planted]:
    """A record that is 休学, and so active, whose student number stands in no student row."""
    yield from _alone(plot, "休学")


def _alone(plot: Plot, status: str) -> Iterator[Planted]:
    who = plot.outsider()
    plot.lone_record(who, status=status)
    yield planted("REG-06", student_no=plot.no(who))


def finished_record_without_student(plot: Plot) -> Iterator[Planted]:
    """A record of someone long gone, who stands in no student row."""
    plot.lone_record(plot.outsider(), status="毕业")
    yield from ()


SHAPES = {
    "REG-04": ((no_record, record_cancelled, no_record_for_91_days), (no_record_yet, record_under_another_number)),
    "REG-05": (
        (annual_registration_old, annual_registration_missing, registered_before_the_year, registration_date_missing),
        (first_registration_counts, registered_as_the_year_begins),
    ),
    "REG-06": ((record_without_student, record_on_leave_without_student), (finished_record_without_student,)),
}
"""By rule: shapes of violations, shapes of near misses."""
