"""Planted cases of classes, lengths of study, graduations and orphans (五-4, 附表4, 四-7, 三): CLS-*, STY-*, GRD-*,
SYS-*."""

from collections.abc import Iterator

import numpy as np

from facts.demo.attendance import ABSENT
from facts.demo.days import CURRENT
from facts.demo.lists import KINDS
from facts.demo.picks import MIXABLE, SPRING, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- CLS-01 班级混编 -------------------------------------------------------------------------------------------------


def _class_no(plot: Plot, klass: int) -> str:
    return str(plot.college.classes.class_no[klass])


def another_category(plot: Plot) -> Iterator[Planted]:
    """One student of the class is of another category."""
    who = plot.student(unspoilt=True)
    klass = int(plot.college.people.class_of[who])
    plot.spoilt.append(klass)
    category = "综合评价" if KINDS[plot.college.people.kind[who]].category != "综合评价" else "高职扩招"
    plot.put("student", who, category=category)
    yield planted("CLS-01", class_no=_class_no(plot, klass))


def another_major(plot: Plot) -> Iterator[Planted]:
    """One student sits in a class of another major (CLS-04)."""
    yield from _moves(plot, plot.student(("本科",)), "本科")


def another_level(plot: Plot) -> Iterator[Planted]:
    """One 专科 student sits in a class of 本科 (CLS-04)."""
    yield from _moves(plot, plot.student(("专科",)), "本科")


def _moves(plot: Plot, who: int, level: str) -> Iterator[Planted]:
    """Into some class in school of a level and another major."""
    classes = plot.college.classes
    fit = np.array([k.level == level for k in KINDS])[classes.kind] & (classes.last_term >= CURRENT)
    fit &= (classes.major != classes.major[plot.college.people.class_of[who]]) & (classes.size >= MIXABLE)
    fit[plot.spoilt] = False
    klass = int(plot.rng.choice(np.flatnonzero(fit)))
    plot.spoilt.append(klass)
    plot.put("student", who, class_no=_class_no(plot, klass))
    yield planted("CLS-01", class_no=_class_no(plot, klass))
    yield planted("CLS-04", student_no=plot.no(who))


def _new_class_no(plot: Plot, who: int) -> str:
    """A class number of the pattern that no class bears; every call gives another."""
    own = int(plot.college.people.class_of[who])
    plot.spoilt.append(own)
    return f"{_class_no(plot, own)[:6]}{99 - len(plot.spoilt) % 40}"


def leaver_of_another_kind(plot: Plot) -> Iterator[Planted]:
    """A graduate of another major and level is still in the list of the class."""
    plot.put("student", plot.graduate(), class_no=_some_class(plot))
    yield from ()


def away_of_another_category(plot: Plot) -> Iterator[Planted]:
    """A student on leave is of another category than the class."""
    who = plot.student()
    plot.leave(who, plot.pick("2026-09-14", "2026-10-30"))
    plot.put("student", who, category="高职扩招")
    yield from ()


def _some_class(plot: Plot) -> str:
    classes = plot.college.classes
    return _class_no(plot, int(plot.rng.choice(np.flatnonzero((classes.grade == 2025) & (classes.kind == 0)))))


# -- rules of the next round -----------------------------------------------------------------------------------------


def class_no_missing(plot: Plot) -> Iterator[Planted]:
    """A student in school without a class."""
    who = plot.student()
    plot.put("student", who, class_no=None)
    yield planted("CLS-03", student_no=plot.no(who))


def class_not_set_up(plot: Plot) -> Iterator[Planted]:
    """A student's class stands in no class row."""
    who = plot.student()
    plot.put("student", who, class_no=_new_class_no(plot, who))
    yield planted("CLS-03", student_no=plot.no(who))


def class_of_another_major(plot: Plot) -> Iterator[Planted]:
    """A class of one, set up for another major."""
    who = plot.student(movable=True)
    classes, own, number = plot.college.classes, int(plot.college.people.class_of[who]), _new_class_no(plot, who)
    kind = KINDS[int(classes.kind[own])]
    plot.sheet("class_group").add(
        -1, class_no=number, college=classes.college[own], major=classes.major[classes.other[own]], level=kind.level,
        category=kind.category, grade=classes.grade[own],
    )  # fmt: skip
    plot.put("student", who, class_no=number)
    yield planted("CLS-04", student_no=plot.no(who))


def too_long(plot: Plot) -> Iterator[Planted]:
    """In school for more years than the longest allowed."""
    who = plot.older()
    plot.put("student", who, entered_on=day("2018-09-01"))
    yield planted("STY-01", student_no=plot.no(who))


def too_long_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave beyond the longest study allowed."""
    who = plot.older()
    plot.leave(who, plot.pick("2026-09-14", "2026-10-30"))
    plot.put("student", who, entered_on=day("2018-09-01"))
    yield planted("STY-01", student_no=plot.no(who))


def certificate_before_review(plot: Plot) -> Iterator[Planted]:
    """The certificate was handed out, 教务处 never reviewed."""
    who = plot.graduate()
    _delivered(plot, who)
    plot.put("graduation", who, academic_on=NO_DAY)
    yield planted("GRD-01", student_no=plot.no(who))


def certificate_before_registration(plot: Plot) -> Iterator[Planted]:
    """The certificate was handed out the day before it was registered."""
    who = plot.graduate()
    rows = _delivered(plot, who)
    plot.sheet("graduation").set(rows, registered_on=plot.sheet("graduation")["delivered_on"][rows] + 1)
    yield planted("GRD-02", student_no=plot.no(who))


def _delivered(plot: Plot, who: int) -> np.ndarray:
    """The certificate is handed out on the day of registration, if it was not yet; the row."""
    sheet, rows = plot.sheet("graduation"), plot.rows("graduation", who)
    sheet.set(rows, delivered_on=sheet["registered_on"][rows], recovered_on=NO_DAY, archived_on=NO_DAY)
    return rows


def certificate_not_archived(plot: Plot) -> Iterator[Planted]:
    """Not handed out, taken back, never given to the archive."""
    who = plot.graduate()
    sheet, rows = plot.sheet("graduation"), plot.rows("graduation", who)
    sheet.set(rows, delivered_on=NO_DAY, recovered_on=sheet["registered_on"][rows] + 30, archived_on=NO_DAY)
    yield planted("GRD-03", student_no=plot.no(who))


def certificate_waits(plot: Plot) -> Iterator[Planted]:
    """Registered 90 days ago, not handed out, not taken back."""
    who = plot.graduate()
    plot.put(
        "graduation",
        who,
        registered_on=plot.days.as_of - 90,
        delivered_on=NO_DAY,
        recovered_on=NO_DAY,
        archived_on=NO_DAY,
    )
    yield from ()


def graduated_in_school(plot: Plot) -> Iterator[Planted]:
    """Passed the final review, and still in school."""
    who = plot.older()
    reviews = {"college_on": day("2026-10-20"), "academic_on": day("2026-11-10")}
    plot.sheet("graduation").add(who, student_no=plot.no(who), conclusion="毕业", **reviews)
    yield planted("GRD-04", student_no=plot.no(who))


def orphan(plot: Plot) -> Iterator[Planted]:
    """Rows of every kind of a number that no one bears."""
    who = plot.outsider()
    number = plot.no(who)
    plot.sheet("fee").add(
        who, student_no=number, academic_year=SPRING[:9], item="学费", payable=500000, paid=500000, relief=0,
        deferred_until=NO_DAY, registered_on=day("2025-09-01"),
    )  # fmt: skip
    plot.sheet("registration").add(who, student_no=number, term=SPRING, registered_on=day("2026-03-03"))
    plot.sheet("checkin").add(who, student_no=number, term=SPRING, arrived_on=day("2026-03-03"), marked_on=NO_DAY)
    plot.call(who, plot.days.teaching[12], ABSENT)
    plot.change(who, "自愿退学", day("2026-04-15"), academic_on=NO_DAY, filed_on=NO_DAY, marked_record_on=NO_DAY)
    for table in ("attendance", "change", "checkin", "fee", "registration"):
        yield planted("SYS-01", table=table, student_no=number)


SHAPES = {
    "CLS-01": ((another_category, another_major, another_level), (leaver_of_another_kind, away_of_another_category)),
    "CLS-03": ((class_no_missing, class_not_set_up), ()),
    "CLS-04": ((class_of_another_major,), ()),
    "STY-01": ((too_long, too_long_on_leave), ()),
    "GRD-01": ((certificate_before_review,), ()),
    "GRD-02": ((certificate_before_registration,), ()),
    "GRD-03": ((certificate_not_archived,), (certificate_waits,)),
    "GRD-04": ((graduated_in_school,), ()),
    "SYS-01": ((orphan,), ()),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
