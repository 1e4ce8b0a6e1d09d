"""Planted cases of 返校报到 that is late, not entered, or approved by the wrong office (四-1, 五-3): ADM-08, ADM-10,
DEF-04, DEF-07."""

from collections.abc import Iterator
from typing import Any

from facts.demo.picks import NOW, SPRING, Planted, day, planted, this_term
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- ADM-08 在读学生无返校报到记录 -----------------------------------------------------------------------------------


def not_in_the_list(plot: Plot) -> Iterator[Planted]:
    """Registered and in lessons, and not in the list of who came back."""
    who = plot.returning()
    plot.drop("checkin", who, term=NOW)
    yield from this_term(plot.no(who), "ADM-08")


def not_in_the_list_nor_deferred(plot: Plot) -> Iterator[Planted]:
    """Not in the list; a deferral ended in September (DEF-02)."""
    who = plot.returning()
    plot.drop("checkin", who, term=NOW)
    plot.defer(who, "2026-09-11")
    yield from this_term(plot.no(who), "ADM-08")
    yield planted("DEF-02", person_no=plot.no(who), term=NOW)


def back_before_the_term(plot: Plot) -> Iterator[Planted]:
    """Not in the list; the class's placement ended on the day before the term began."""
    who = plot.returning()
    plot.drop("checkin", who, term=NOW)
    plot.away(who, day("2026-07-20"), day("2026-08-30"))
    yield from this_term(plot.no(who), "ADM-08")


def away_until_the_term_began(plot: Plot) -> Iterator[Planted]:
    """Not in the list; a placement ended on the first day of the term."""
    who = plot.returning()
    plot.drop("checkin", who, term=NOW)
    plot.away(who, day("2026-07-20"), day("2026-08-31"))
    yield from ()


def back_in_october(plot: Plot) -> Iterator[Planted]:
    """Not in the list; 复学 was issued in October, after the term's 报到."""
    plot.comes_back(plot.returning(), day("2026-10-12"))
    yield from ()


def deferred_and_not_in_the_list(plot: Plot) -> Iterator[Planted]:
    """Not in the list; a deferral runs until as_of itself (too long, DEF-01)."""
    who = plot.returning()
    plot.drop("checkin", who, term=NOW)
    plot.defer(who, str(plot.days.as_of))
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


# -- ADM-10 返校未报到标注超期 ---------------------------------------------------------------------------------------


def _marked(plot: Plot, on: str) -> int:
    """Paid and never came; marked as 未报到 on a day."""
    who = plot.returning()
    plot.never_comes(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY, marked_on=day(on))
    return who


def marked_a_day_late(plot: Plot) -> Iterator[Planted]:
    """Never came back, and marked so the day after the last day for it."""
    yield from this_term(plot.no(_marked(plot, "2026-09-19")), "ADM-10")


def marked_weeks_late(plot: Plot) -> Iterator[Planted]:
    """Never came back, and marked so in October."""
    yield from this_term(plot.no(_marked(plot, "2026-10-20")), "ADM-10")


def marked_on_the_last_day(plot: Plot) -> Iterator[Planted]:
    """Never came back, and marked so on the last day for it."""
    _marked(plot, "2026-09-18")
    yield from ()


def marked_late_in_spring(plot: Plot) -> Iterator[Planted]:
    """Never came in the term before, and marked so too late."""
    who = plot.returning()
    plot.drop("registration", who, term=SPRING)
    plot.sheet("attendance").drop(plot.spring_calls(who))
    plot.put("checkin", who, {"term": SPRING}, arrived_on=NO_DAY, marked_on=day("2026-04-20"))
    yield from ()


# -- DEF-04 逾期返校而无批准 -----------------------------------------------------------------------------------------


def late_without_deferral(plot: Plot) -> Iterator[Planted]:
    """Came back the day after the last day, without a deferral."""
    who = plot.returning()
    plot.put("checkin", who, {"term": NOW}, arrived_on=day("2026-09-05"))
    yield from this_term(plot.no(who), "DEF-04")


def late_and_unapproved(plot: Plot) -> Iterator[Planted]:
    """Came back within a deferral that nobody approved (DEF-03)."""
    who = plot.returning()
    plot.defer(who, "2026-09-11", approved_on=NO_DAY, approver=None)
    plot.put("checkin", who, {"term": NOW}, arrived_on=day("2026-09-10"))
    yield from this_term(plot.no(who), "DEF-04")
    yield planted("DEF-03", person_no=plot.no(who), term=NOW)


def on_the_last_day_of_the_deferral(plot: Plot) -> Iterator[Planted]:
    """Came back on the last day of the deferral."""
    who = plot.returning()
    plot.defer(who, "2026-09-11")
    plot.put("checkin", who, {"term": NOW}, arrived_on=day("2026-09-11"))
    yield from ()


def on_the_last_day(plot: Plot) -> Iterator[Planted]:
    """Came back on the last day for it."""
    plot.put("checkin", plot.returning(), {"term": NOW}, arrived_on=day("2026-09-04"))
    yield from ()


def late_in_spring(plot: Plot) -> Iterator[Planted]:
    """Came back late in the term before, without a deferral."""
    plot.put("checkin", plot.returning(), {"term": SPRING}, arrived_on=day("2026-03-20"))
    yield from ()


# -- DEF-07 暂缓报到审核单位不符 -------------------------------------------------------------------------------------


def approved_by_the_college(plot: Plot) -> Iterator[Planted]:
    """二级学院 approved the deferral of a student."""
    yield from _approved(plot, plot.returning(), "二级学院")


def new_approved_by_student_affairs(plot: Plot) -> Iterator[Planted]:
    """学生处 approved the deferral of a new student."""
    yield from _approved(plot, plot.freshman(), "学生处")


def _approved(plot: Plot, who: int, approver: str) -> Iterator[Planted]:
    plot.defer(who, "2026-09-11", approver=approver)
    yield planted("DEF-07", person_no=plot.no(who), term=NOW)


def new_approved_by_admissions(plot: Plot) -> Iterator[Planted]:
    """招生办, which is called 招办 here, approved the deferral of a new student."""
    list(_approved(plot, plot.freshman(), "招办"))
    yield from ()


def approver_not_entered(plot: Plot) -> Iterator[Planted]:
    """Nobody entered who approved."""
    values: dict[str, Any] = {"approver": None}
    plot.defer(plot.returning(), "2026-09-11", **values)
    yield from ()


SHAPES = {
    "ADM-08": (
        (not_in_the_list, not_in_the_list_nor_deferred, back_before_the_term),
        (away_until_the_term_began, back_in_october, deferred_and_not_in_the_list),
    ),
    "ADM-10": ((marked_a_day_late, marked_weeks_late), (marked_on_the_last_day, marked_late_in_spring)),
    "DEF-04": (
        (late_without_deferral, late_and_unapproved),
        (on_the_last_day_of_the_deferral, on_the_last_day, late_in_spring),
    ),
    "DEF-07": (
        (approved_by_the_college, new_approved_by_student_affairs), (new_approved_by_admissions, approver_not_entered),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
