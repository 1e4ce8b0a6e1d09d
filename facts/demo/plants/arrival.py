"""Planted cases of 入学报到, 返校报到 and 暂缓报到 (四-1, 五-3): ADM-*, DEF-*."""

from collections.abc import Iterator
from typing import Any

from facts.demo.picks import NOW, SPRING, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- ADM-01 未报到新生超期未清理 -------------------------------------------------------------------------------------


def no_show_kept(plot: Plot) -> Iterator[Planted]:
    """Did not report this year, never cleared."""
    yield from _no_show(plot, 2026)


def old_no_show_kept(plot: Plot) -> Iterator[Planted]:
    """Did not report last year, never cleared."""
    yield from _no_show(plot, 2025)


def _no_show(plot: Plot, year: int) -> Iterator[Planted]:
    who = plot.outsider()
    plot.apply(who, year, arrival="未报到")
    yield planted("ADM-01", exam_no=plot.exam(who))


def no_show_cleared_today(plot: Plot) -> Iterator[Planted]:
    """Did not report; cleared on as_of, late but done."""
    plot.apply(plot.outsider(), arrival="未报到", cleared_on=plot.days.as_of)
    yield from ()


def no_show_deferred(plot: Plot) -> Iterator[Planted]:
    """Not there yet, 暂缓报到, not cleared."""
    plot.apply(plot.outsider(), arrival="暂缓报到")
    yield from ()


# -- ADM-06 返校未报到超期未标注 -------------------------------------------------------------------------------------


def spring_arrival_blank(plot: Plot) -> Iterator[Planted]:
    """No arrival and no mark in the term before."""
    who = plot.returning()
    plot.put("checkin", who, {"term": SPRING}, arrived_on=NO_DAY)
    yield planted("ADM-06", student_no=plot.no(who), term=SPRING)


def arrival_blank(plot: Plot) -> Iterator[Planted]:
    """Registered and in lessons, but the arrival was not entered."""
    yield from _not_arrived(plot, plot.returning())


def never_came_expelled(plot: Plot) -> Iterator[Planted]:
    """Never came back, 自动退学 in October, and not marked as 未报到."""
    who, issued = plot.returning(), plot.pick("2026-10-12", "2026-10-30")
    _away(plot, who)
    plot.withdraw(who, issued, kind="自动退学", reason="未到校注册")
    yield from _not_arrived(plot, who)


def never_came_unpaid(plot: Plot) -> Iterator[Planted]:
    """Never came back, not paid, not registered, not marked."""
    who = plot.returning()
    _away(plot, who)
    plot.unpaid(who)
    yield planted("REG-07", student_no=plot.no(who), term=NOW)
    yield from _not_arrived(plot, who)


def _away(plot: Plot, who: int) -> None:
    plot.never_registers(who)
    plot.sheet("attendance").drop(plot.calls(who))


def _not_arrived(plot: Plot, who: int) -> Iterator[Planted]:
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY)
    yield planted("ADM-06", student_no=plot.no(who), term=NOW)


def never_came_marked(plot: Plot) -> Iterator[Planted]:
    """Never came back, marked so on the last day for it; not paid, not registered (REG-07)."""
    who = plot.returning()
    _away(plot, who)
    plot.unpaid(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY, marked_on=day("2026-09-18"))
    yield planted("REG-07", student_no=plot.no(who), term=NOW)


def deferred_to_the_day(plot: Plot) -> Iterator[Planted]:
    """Not there, and a deferral runs until as_of (too long, DEF-01)."""
    yield from _deferred(plot)


def deferred_by_exam_no(plot: Plot) -> Iterator[Planted]:
    """Not there; the deferral that runs names the 考生号 only (too long, DEF-01)."""
    yield from _deferred(plot, by_exam_no=True)


def _deferred(plot: Plot, *, by_exam_no: bool = False) -> Iterator[Planted]:
    who = plot.returning()
    _away(plot, who)
    plot.unpaid(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY)
    named: dict[str, Any] = {"student_no": None, "exam_no": plot.exam(who)} if by_exam_no else {}
    plot.defer(who, "2026-11-25", **named)
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


# -- rules of the next round -----------------------------------------------------------------------------------------


def no_show_in_school(plot: Plot) -> Iterator[Planted]:
    """未报到 and cleared, but in school."""
    who = plot.freshman()
    plot.put("welcome", who, arrival="未报到", arrived_on=NO_DAY, cleared_on=day("2026-09-15"))
    yield planted("ADM-02", exam_no=plot.exam(who))


def reported_without_student(plot: Plot) -> Iterator[Planted]:
    """Reported, and no student row was made."""
    who = plot.outsider()
    plot.apply(who, arrival="已报到", arrived_on=day("2026-09-02"))
    yield planted("ADM-03", exam_no=plot.exam(who))


def reported_unreviewed(plot: Plot) -> Iterator[Planted]:
    """Reported without a review of the admission."""
    who = plot.freshman()
    plot.put("welcome", who, review=None)
    yield planted("ADM-04", exam_no=plot.exam(who))


def reported_though_rejected(plot: Plot) -> Iterator[Planted]:
    """Reported though the review said 不通过."""
    who = plot.freshman()
    plot.put("welcome", who, review="不通过")
    yield planted("ADM-04", exam_no=plot.exam(who))


def admission_incomplete(plot: Plot) -> Iterator[Planted]:
    """准考证号 and 外语语种 are missing."""
    who = plot.freshman()
    plot.put("welcome", who, ticket_no=None, language=None)
    yield planted("ADM-05", exam_no=plot.exam(who))


def admission_without_identity(plot: Plot) -> Iterator[Planted]:
    """A no-show without an identity number."""
    who = plot.outsider()
    plot.apply(who, arrival="未报到", cleared_on=day("2026-09-14"), id_number=None)
    yield planted("ADM-05", exam_no=plot.exam(who))


def deferred_15_days(plot: Plot) -> Iterator[Planted]:
    """Deferred one day too long, and arrived in it."""
    who = plot.returning()
    plot.defer(who, "2026-09-19")
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


def deferred_14_days(plot: Plot) -> Iterator[Planted]:
    """Deferred for exactly 14 days."""
    plot.defer(plot.returning(), "2026-09-18")
    yield from ()


def deferral_over(plot: Plot) -> Iterator[Planted]:
    """The deferral is over and no one came; marked, and not paid (REG-07)."""
    who = plot.returning()
    _away(plot, who)
    plot.unpaid(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY, marked_on=day("2026-09-18"))
    plot.defer(who, "2026-09-16")
    yield planted("DEF-02", person_no=plot.no(who), term=NOW)
    yield planted("REG-07", student_no=plot.no(who), term=NOW)


def new_deferral_over(plot: Plot) -> Iterator[Planted]:
    """A new student deferred reporting, and never came."""
    who = plot.outsider()
    plot.apply(who, arrival="暂缓报到")
    plot.defer(who, "2026-09-16", student_no=None, exam_no=plot.exam(who), approver="招生办")
    yield planted("DEF-02", person_no=plot.exam(who), term=NOW)


def deferral_unapproved(plot: Plot) -> Iterator[Planted]:
    """Nobody approved the deferral; arrived in it."""
    who = plot.returning()
    plot.defer(who, "2026-09-14", approved_on=NO_DAY, approver=None)
    yield planted("DEF-03", person_no=plot.no(who), term=NOW)


SHAPES = {
    "ADM-01": ((no_show_kept, old_no_show_kept), (no_show_cleared_today, no_show_deferred)),
    "ADM-02": ((no_show_in_school,), ()),
    "ADM-03": ((reported_without_student,), ()),
    "ADM-04": ((reported_unreviewed, reported_though_rejected), ()),
    "ADM-05": ((admission_incomplete, admission_without_identity), ()),
    "ADM-06": (
        (spring_arrival_blank, arrival_blank, never_came_expelled, never_came_unpaid),
        (never_came_marked, deferred_to_the_day, deferred_by_exam_no),
    ),
    "DEF-01": ((deferred_15_days,), (deferred_14_days,)),
    "DEF-02": ((deferral_over, new_deferral_over), ()),
    "DEF-03": ((deferral_unapproved,), ()),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
