"""Planted cases of 学籍注册 and 学年注册 (四-2): REG-04, REG-05, REG-06."""

from collections.abc import Iterator

from facts.demo.picks import YEAR, Planted, day, planted
from facts.demo.plot import Plot


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
        who, platform="学信网", student_no=plot.no(who), id_number=people.id_number[who], name=people.name[who],
        level="专科", major="会计", entered_on=day("2024-09-01"), status=status, registered_on=day("2024-10-20"),
        annual_registration=YEAR,
    )  # fmt: skip
    return plot.no(who)


SHAPES = {
    "REG-04": ((no_record, record_cancelled), (no_record_yet,)),
    "REG-05": ((annual_registration_old, annual_registration_missing), (first_registration_counts,)),
    "REG-06": ((record_without_student,), (finished_record_without_student,)),
}
"""By rule: shapes of violations, shapes of near misses."""
