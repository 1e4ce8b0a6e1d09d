"""Planted cases of 暂缓报到 (五-3): DEF-*."""

from collections.abc import Iterator

from facts.demo.picks import NOW, SPRING, Planted, day, planted, this_term
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

NEXT = "2026-2027-2"

# -- DEF-01 暂缓报到超过两周 -----------------------------------------------------------------------------------------


def deferred_15_days(plot: Plot) -> Iterator[Planted]:
    """Deferred one day too long, and arrived in it."""
    who = plot.returning()
    plot.defer(who, "2026-09-19")
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


def deferred_15_days_in_spring(plot: Plot) -> Iterator[Planted]:
    """Deferred one day too long in the term before, and arrived in it."""
    who = plot.returning()
    plot.defer(who, "2026-03-21", SPRING)
    yield planted("DEF-01", person_no=plot.no(who), term=SPRING)


def new_deferred_for_weeks(plot: Plot) -> Iterator[Planted]:
    """A new student, by 考生号, deferred for almost four weeks, and arrived in it; nobody entered who approved."""
    who = plot.freshman()
    plot.defer(who, "2026-09-30", student_no=None, exam_no=plot.exam(who), approver=None)
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


def deferred_14_days(plot: Plot) -> Iterator[Planted]:
    """Deferred for exactly 14 days."""
    plot.defer(plot.returning(), "2026-09-18")
    yield from ()


def deferred_14_days_in_spring(plot: Plot) -> Iterator[Planted]:
    """Deferred for exactly 14 days in the term before."""
    plot.defer(plot.returning(), "2026-03-20", SPRING)
    yield from ()


def new_deferred_14_days_after_a_late_batch(plot: Plot) -> Iterator[Planted]:
    """A new student whose batch was to report a week later, deferred for exactly 14 days from then."""
    who = plot.freshman()
    plot.put("welcome", who, report_by=day("2026-09-11"))
    plot.defer(who, "2026-09-25", student_no=None, exam_no=plot.exam(who), approver="招生办")
    yield from ()


# -- DEF-02 暂缓期满仍未报到 -----------------------------------------------------------------------------------------


def deferral_over(plot: Plot) -> Iterator[Planted]:
    """The deferral is over and no one came; marked, and not paid (REG-07)."""
    who = plot.returning()
    _not_there(plot, who, marked="2026-09-18")
    plot.defer(who, "2026-09-16")
    yield planted("DEF-02", person_no=plot.no(who), term=NOW)
    yield planted("REG-07", student_no=plot.no(who), term=NOW)


def deferral_over_yesterday(plot: Plot) -> Iterator[Planted]:
    """A deferral that was too long ended yesterday, no one came; not marked, and not paid."""
    who = plot.returning()
    _not_there(plot, who)
    plot.defer(who, "2026-11-24")
    yield planted("ADM-06", student_no=plot.no(who), term=NOW)
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)
    yield planted("DEF-02", person_no=plot.no(who), term=NOW)
    yield planted("REG-07", student_no=plot.no(who), term=NOW)


def new_deferral_over(plot: Plot) -> Iterator[Planted]:
    """A new student deferred reporting, and never came (DEF-06)."""
    who = plot.outsider()
    plot.apply(who, arrival="暂缓报到")
    plot.defer(who, "2026-09-16", student_no=None, exam_no=plot.exam(who), approver="招生办")
    yield planted("DEF-02", person_no=plot.exam(who), term=NOW)
    yield planted("DEF-06", exam_no=plot.exam(who))


def _not_there(plot: Plot, who: int, marked: str = "NaT") -> None:
    plot.never_comes(who)
    plot.unpaid(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY, marked_on=day(marked))


def deferral_ends_today(plot: Plot) -> Iterator[Planted]:
    """Nobody came, and the deferral runs until as_of itself (too long, DEF-01)."""
    who = plot.returning()
    _not_there(plot, who)
    plot.defer(who, "2026-11-25")
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


def came_after_the_deferral(plot: Plot) -> Iterator[Planted]:
    """Arrived some days after the deferral was over (DEF-04)."""
    who = plot.returning()
    plot.defer(who, "2026-09-09")
    plot.put("checkin", who, {"term": NOW}, arrived_on=day("2026-09-14"))
    yield from this_term(plot.no(who), "DEF-04")


def new_student_came(plot: Plot) -> Iterator[Planted]:
    """A new student's deferral names the 学号; the arrival stands in 迎新, under the 考生号."""
    who = plot.freshman()
    plot.defer(who, "2026-09-11", approver="招生办")
    plot.put("welcome", who, arrived_on=day("2026-09-10"))
    yield from ()


# -- DEF-03 暂缓报到未经审核 -----------------------------------------------------------------------------------------


def deferral_unapproved(plot: Plot) -> Iterator[Planted]:
    """Nobody approved the deferral; arrived in it."""
    who = plot.returning()
    plot.defer(who, "2026-09-14", approved_on=NO_DAY, approver=None)
    yield planted("DEF-03", person_no=plot.no(who), term=NOW)


def new_deferral_unapproved(plot: Plot) -> Iterator[Planted]:
    """A new student's deferral was never approved; not there yet (DEF-06)."""
    who = plot.outsider()
    plot.apply(who, arrival="暂缓报到")
    plot.defer(who, "2026-09-18", student_no=None, exam_no=plot.exam(who), approved_on=NO_DAY, approver="招生办")
    yield planted("DEF-03", person_no=plot.exam(who), term=NOW)
    yield planted("DEF-06", exam_no=plot.exam(who))


def spring_deferral_unapproved(plot: Plot) -> Iterator[Planted]:
    """Nobody approved the deferral of the term before; arrived in it."""
    who = plot.returning()
    plot.defer(who, "2026-03-13", SPRING, approved_on=NO_DAY, approver=None)
    yield planted("DEF-03", person_no=plot.no(who), term=SPRING)


def approved_today(plot: Plot) -> Iterator[Planted]:
    """Approved on as_of, late but done."""
    plot.defer(plot.returning(), "2026-09-14", approved_on=plot.days.as_of)
    yield from ()


def next_term_unapproved(plot: Plot) -> Iterator[Planted]:
    """Applied for the term to come; there is time to approve it."""
    plot.defer(plot.returning(), "2027-03-15", NEXT, applied_on=day("2026-11-20"), approved_on=NO_DAY, approver=None)
    yield from ()


SHAPES = {
    "DEF-01": (
        (deferred_15_days, deferred_15_days_in_spring, new_deferred_for_weeks),
        (deferred_14_days, deferred_14_days_in_spring, new_deferred_14_days_after_a_late_batch),
    ),
    "DEF-02": (
        (deferral_over, new_deferral_over, deferral_over_yesterday),
        (deferral_ends_today, came_after_the_deferral, new_student_came),
    ),
    "DEF-03": (
        (deferral_unapproved, new_deferral_unapproved, spring_deferral_unapproved),
        (approved_today, next_term_unapproved),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
