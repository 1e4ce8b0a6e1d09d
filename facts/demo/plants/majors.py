"""Planted cases of majors on the two platforms (四-4): TRF-01, TRF-02."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_PAST = ("2026-09-14", "2026-10-23")


def two_majors(plot: Plot, who: int) -> tuple[str, str]:
    """The major of a movable student, and the one there is to move to."""
    classes, own = plot.college.classes, int(plot.college.people.class_of[who])
    return str(classes.major[own]), str(classes.major[classes.other[own]])


def _approved(plot: Plot, who: int, issued: np.datetime64, **values: Any) -> str:
    """A 转专业 that is issued and marked, and carried out on neither platform."""
    old, new = two_majors(plot, who)
    return plot.change(who, "转专业", issued, **{"from_major": old, "to_major": new} | values)


# -- TRF-01 转专业已发文学籍未变更 -----------------------------------------------------------------------------------


def major_not_changed(plot: Plot) -> Iterator[Planted]:
    """Both platforms keep the old major."""
    yield planted("TRF-01", change_no=_approved(plot, plot.student(movable=True), plot.pick(*_PAST)))


def major_due_yesterday(plot: Plot) -> Iterator[Planted]:
    """Both platforms keep the old major; it was to be changed by the day before as_of."""
    issued = plot.issued_for(plot.days.as_of - 1)
    yield planted("TRF-01", change_no=_approved(plot, plot.student(movable=True), issued))


def record_major_kept(plot: Plot) -> Iterator[Planted]:
    """The school has the new major, 学籍管理平台 the old one."""
    who = plot.student(movable=True)
    number = plot.new_major(who, plot.pick(*_PAST))
    plot.put("record", who, major=two_majors(plot, who)[0])
    yield planted("TRF-01", change_no=number)


def school_major_kept(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 has the new major, the school the old one."""
    who = plot.student(movable=True)
    plot.put("record", who, major=two_majors(plot, who)[1])
    yield planted("TRF-01", change_no=_approved(plot, who, plot.pick(*_PAST)))


def major_due_today(plot: Plot) -> Iterator[Planted]:
    """Both platforms keep the old major, and as_of is the last day to change it."""
    _approved(plot, plot.student(movable=True), plot.issued_for(plot.days.as_of))
    yield from ()


def major_with_a_blank(plot: Plot) -> Iterator[Planted]:
    """The document writes the new major with a blank in it."""
    who = plot.student(movable=True)
    plot.new_major(who, plot.pick(*_PAST), to_major=plot.spaced(two_majors(plot, who)[1]))
    yield from ()


def moved_and_moved_back(plot: Plot) -> Iterator[Planted]:
    """A 转专业 last year, and another back to the old major in spring."""
    who = plot.student(grades=(2023, 2024), movable=True)
    old, new = two_majors(plot, who)
    _approved(plot, who, plot.pick("2025-10-09", "2025-11-28"))
    _approved(plot, who, plot.pick("2026-03-23", "2026-05-29"), from_major=new, to_major=old)
    yield from ()


# -- TRF-02 两平台专业不一致且无转专业批准 ---------------------------------------------------------------------------


def record_major_differs(plot: Plot) -> Iterator[Planted]:
    """The two platforms have different majors, and there was no 转专业."""
    who = plot.student(movable=True)
    plot.put("record", who, major=two_majors(plot, who)[1])
    yield planted("TRF-02", student_no=plot.no(who))


def changed_before_issue(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 has the new major of a 转专业 that is applied for and not issued."""
    who = plot.student(movable=True)
    old, new = two_majors(plot, who)
    plot.put("record", who, major=new)
    plot.change(who, "转专业", day("2026-11-20"), pending=True, from_major=old, to_major=new)
    yield planted("TRF-02", student_no=plot.no(who))


def differs_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave: the record is still active, and its major another."""
    who = plot.student(movable=True)
    plot.leave(who, plot.pick(*_PAST))
    plot.put("record", who, major=two_majors(plot, who)[1])
    yield planted("TRF-02", student_no=plot.no(who))


def differs_and_issued_today(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 has the new major already; the 转专业 was issued on as_of, and the school has yet to follow."""
    who = plot.student(movable=True)
    plot.put("record", who, major=two_majors(plot, who)[1])
    _approved(plot, who, plot.days.as_of, marked_school_on=NO_DAY, marked_record_on=NO_DAY)
    yield from ()


def differs_by_a_blank(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 writes the major with a blank in it."""
    who = plot.student()
    plot.put("record", who, major=plot.spaced(plot.row("student", who)["major"]))
    yield from ()


def graduated_in_another_major(plot: Plot) -> Iterator[Planted]:
    """A graduate whose record, no longer active, has another major."""
    who, classes = plot.graduate(), plot.college.classes
    own = classes.major[plot.college.people.class_of[who]]
    plot.put("record", who, major=next(m for m in classes.major if m != own))
    yield from ()


SHAPES = {
    "TRF-01": (
        (major_not_changed, major_due_yesterday, record_major_kept, school_major_kept),
        (major_due_today, moved_and_moved_back, major_with_a_blank),
    ),
    "TRF-02": (
        (record_major_differs, changed_before_issue, differs_on_leave),
        (differs_and_issued_today, graduated_in_another_major, differs_by_a_blank),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
