"""Planted cases of 入学报到 and 返校报到 (四-1, 三-招生办-2): ADM-*."""

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
    """Did not report; cleared on as_of, late (ADM-09) but done."""
    who = plot.outsider()
    plot.apply(who, arrival="未报到", cleared_on=plot.days.as_of)
    yield planted("ADM-09", exam_no=plot.exam(who))


def no_show_deferred(plot: Plot) -> Iterator[Planted]:
    """Not there yet, 暂缓报到 without a deferral (DEF-06), not cleared."""
    who = plot.outsider()
    plot.apply(who, arrival="暂缓报到")
    yield planted("DEF-06", exam_no=plot.exam(who))


def no_show_of_a_late_batch(plot: Plot) -> Iterator[Planted]:
    """Did not report, not cleared; the batch was to report until two weeks before as_of."""
    plot.apply(plot.outsider(), arrival="未报到", report_by=plot.days.as_of - 14)
    yield from ()


def place_kept(plot: Plot) -> Iterator[Planted]:
    """Called up before reporting: 保留入学资格, nothing to clear."""
    plot.apply(plot.outsider(), arrival="保留入学资格")
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
    """Never came back, not marked as 未报到; 自动退学 in October."""
    who, issued = plot.returning(), plot.pick("2026-10-12", "2026-10-30")
    plot.never_comes(who)
    plot.withdraw(who, issued, kind="自动退学", reason="未到校注册")
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY)
    yield from ()


def never_came_unpaid(plot: Plot) -> Iterator[Planted]:
    """Never came back, not paid, not registered, not marked."""
    who = plot.returning()
    plot.never_comes(who)
    plot.unpaid(who)
    yield planted("REG-07", student_no=plot.no(who), term=NOW)
    yield from _not_arrived(plot, who)


def _not_arrived(plot: Plot, who: int) -> Iterator[Planted]:
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY)
    yield planted("ADM-06", student_no=plot.no(who), term=NOW)


def never_came_marked(plot: Plot) -> Iterator[Planted]:
    """Never came back, marked so on the last day for it; not paid, not registered (REG-07)."""
    who = plot.returning()
    plot.never_comes(who)
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
    plot.never_comes(who)
    plot.unpaid(who)
    plot.put("checkin", who, {"term": NOW}, arrived_on=NO_DAY)
    named: dict[str, Any] = {"student_no": None, "exam_no": plot.exam(who)} if by_exam_no else {}
    plot.defer(who, "2026-11-25", **named)
    yield planted("DEF-01", person_no=plot.no(who), term=NOW)


# -- ADM-02 未报到新生仍为在读 ---------------------------------------------------------------------------------------


def no_show_in_school(plot: Plot) -> Iterator[Planted]:
    """未报到 and cleared, but in school."""
    who = plot.freshman()
    plot.put("welcome", who, arrival="未报到", arrived_on=NO_DAY, cleared_on=day("2026-09-15"))
    yield planted("ADM-02", exam_no=plot.exam(who))


def no_show_kept_in_school(plot: Plot) -> Iterator[Planted]:
    """未报到 and never cleared, in school since the last day of the year of entry that counts (ADM-01 follows)."""
    who = plot.student(grades=(2025,))
    plot.put("welcome", who, arrival="未报到", arrived_on=NO_DAY)
    plot.put("student", who, entered_on=day("2025-12-31"))
    yield planted("ADM-01", exam_no=plot.exam(who))
    yield planted("ADM-02", exam_no=plot.exam(who))


def no_show_of_an_older_student(plot: Plot) -> Iterator[Planted]:
    """Admitted again and did not report; in school since the last day of the year before."""
    who, again = plot.student(grades=(2025,)), plot.outsider()
    plot.put("student", who, entered_on=day("2025-12-31"))
    plot.apply(again, arrival="未报到", cleared_on=day("2026-09-14"), **plot.identity(who))
    yield from ()


def no_show_withdrawn(plot: Plot) -> Iterator[Planted]:
    """未报到 and cleared; who was entered as a student by mistake has withdrawn."""
    who = plot.freshman()
    plot.put("welcome", who, arrival="未报到", arrived_on=NO_DAY, cleared_on=day("2026-09-15"))
    plot.withdraw(who, plot.pick("2026-09-21", "2026-10-16"))
    yield from ()


# -- ADM-03 已报到新生未建在校信息 -----------------------------------------------------------------------------------


def reported_without_student(plot: Plot) -> Iterator[Planted]:
    """Reported, and no student row was made."""
    who = plot.outsider()
    plot.apply(who, arrival="已报到", arrived_on=day("2026-09-02"))
    yield planted("ADM-03", exam_no=plot.exam(who))


def reported_last_year_without_student(plot: Plot) -> Iterator[Planted]:
    """Reported a year ago, and no student row was made."""
    who = plot.outsider()
    plot.apply(who, 2025, arrival="已报到", arrived_on=day("2025-09-05"))
    yield planted("ADM-03", exam_no=plot.exam(who))


def reported_with_record_only(plot: Plot) -> Iterator[Planted]:
    """Reported, has a record, and no student row was made (REG-06 follows)."""
    who = plot.outsider()
    plot.apply(who, arrival="已报到", arrived_on=day("2026-09-02"))
    plot.lone_record(who, entered_on=day("2026-09-01"), registered_on=day("2026-10-20"), exam_no=plot.exam(who))
    yield planted("ADM-03", exam_no=plot.exam(who))
    yield planted("REG-06", student_no=plot.no(who))


def reported_without_identity(plot: Plot) -> Iterator[Planted]:
    """Reported without an identity number (ADM-05): nobody can tell whether there is a student."""
    who = plot.outsider()
    plot.apply(who, arrival="已报到", arrived_on=day("2026-09-02"), id_number=None)
    yield planted("ADM-05", exam_no=plot.exam(who))


def reported_and_withdrawn(plot: Plot) -> Iterator[Planted]:
    """Reported, was a student, and withdrew since."""
    plot.withdraw(plot.freshman(), plot.pick("2026-09-21", "2026-11-06"))
    yield from ()


def reported_under_no_exam_no(plot: Plot) -> Iterator[Planted]:
    """Reported; the student row lacks the 考生号."""
    plot.put("student", plot.freshman(), exam_no=None)
    yield from ()


# -- ADM-04 未通过资格初审而报到 -------------------------------------------------------------------------------------


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


def rejected_and_cleared(plot: Plot) -> Iterator[Planted]:
    """The review said 不通过; did not report, was cleared."""
    plot.apply(plot.outsider(), arrival="未报到", cleared_on=day("2026-09-10"), review="不通过")
    yield from ()


def deferred_unreviewed(plot: Plot) -> Iterator[Planted]:
    """Not reviewed and not there yet, 暂缓报到 without a deferral (DEF-06)."""
    who = plot.outsider()
    plot.apply(who, arrival="暂缓报到", review=None)
    yield planted("DEF-06", exam_no=plot.exam(who))


def reported_unreviewed_last_year(plot: Plot) -> Iterator[Planted]:
    """Reported a year ago without a review: the cohort is past review."""
    plot.put("welcome", plot.student(grades=(2025,)), review=None)
    yield from ()


# -- ADM-05 录取信息缺项 ---------------------------------------------------------------------------------------------


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


def old_admission_without_score(plot: Plot) -> Iterator[Planted]:
    """入学成绩 of an older intake is missing."""
    who = plot.student(grades=(2024,))
    plot.put("welcome", who, score=None)
    yield planted("ADM-05", exam_no=plot.exam(who))


def admission_without_category(plot: Plot) -> Iterator[Planted]:
    """学生类别 and 学院 are not among the fields that must be entered."""
    plot.put("welcome", plot.freshman(), category=None, college=None)
    yield from ()


SHAPES = {
    "ADM-01": (
        (no_show_kept, old_no_show_kept),
        (no_show_cleared_today, no_show_deferred, no_show_of_a_late_batch, place_kept),
    ),
    "ADM-02": ((no_show_in_school, no_show_kept_in_school), (no_show_of_an_older_student, no_show_withdrawn)),
    "ADM-03": (
        (reported_without_student, reported_last_year_without_student, reported_with_record_only),
        (reported_without_identity, reported_and_withdrawn, reported_under_no_exam_no),
    ),
    "ADM-04": (
        (reported_unreviewed, reported_though_rejected),
        (rejected_and_cleared, deferred_unreviewed, reported_unreviewed_last_year),
    ),
    "ADM-05": (
        (admission_incomplete, admission_without_identity, old_admission_without_score),
        (admission_without_category,),
    ),
    "ADM-06": (
        (spring_arrival_blank, arrival_blank, never_came_unpaid),
        (never_came_marked, deferred_to_the_day, deferred_by_exam_no, never_came_expelled),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
