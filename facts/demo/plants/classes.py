"""Planted cases of classes (五-4, 三-教务处-2): CLS-*."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.days import CURRENT
from facts.demo.lists import KINDS
from facts.demo.picks import MIXABLE, Planted, planted
from facts.demo.plot import Plot

# -- CLS-01 班级混编 -------------------------------------------------------------------------------------------------


def _class_no(plot: Plot, klass: int) -> str:
    return str(plot.college.classes.class_no[klass])


def another_category(plot: Plot) -> Iterator[Planted]:
    """One student of the class is of another category (CLS-04)."""
    who = plot.student(unspoilt=True)
    klass = int(plot.college.people.class_of[who])
    plot.spoilt.append(klass)
    category = "综合评价" if KINDS[plot.college.people.kind[who]].category != "综合评价" else "高职扩招"
    plot.put("student", who, category=category)
    yield planted("CLS-01", class_no=_class_no(plot, klass))
    yield planted("CLS-04", student_no=plot.no(who))


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


# -- CLS-02 学号或班级号不合编码规则, CLS-03 班级未设置 --------------------------------------------------------------


def class_no_misspelt(plot: Plot) -> Iterator[Planted]:
    """A letter among the digits of the class number, and so no such class."""
    who = plot.student()
    number = _class_no(plot, int(plot.college.people.class_of[who]))
    plot.put("student", who, class_no=f"{number[:-2]}O{number[-1]}")
    yield planted("CLS-02", student_no=plot.no(who))
    yield planted("CLS-03", student_no=plot.no(who))


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


def away_without_class(plot: Plot) -> Iterator[Planted]:
    """On leave, and without a class."""
    who = plot.student()
    plot.leave(who, plot.pick("2026-09-14", "2026-10-30"))
    plot.put("student", who, class_no=None)
    yield from ()


def leaver_of_a_class_not_set_up(plot: Plot) -> Iterator[Planted]:
    """A graduate whose class stands in no class row any more."""
    who = plot.graduate()
    plot.put("student", who, class_no=_new_class_no(plot, who))
    yield from ()


# -- CLS-04 学生与班级的专业、层次或类别不符 ---------------------------------------------------------------------------


def class_of_another_major(plot: Plot) -> Iterator[Planted]:
    """A class of one, set up for another major."""
    who = plot.student(movable=True)
    classes, own = plot.college.classes, int(plot.college.people.class_of[who])
    _own_class(plot, who, major=classes.major[classes.other[own]])
    yield planted("CLS-04", student_no=plot.no(who))


def class_of_another_level(plot: Plot) -> Iterator[Planted]:
    """A class of one, set up as a class of 中职."""
    who = plot.student()
    _own_class(plot, who, level="中职")
    yield planted("CLS-04", student_no=plot.no(who))


def class_of_another_category(plot: Plot) -> Iterator[Planted]:
    """A class of one, set up for another category."""
    who = plot.student(("本科",))
    _own_class(plot, who, category="成教")
    yield planted("CLS-04", student_no=plot.no(who))


def class_of_no_category(plot: Plot) -> Iterator[Planted]:
    """A class of one, of which nobody entered the category."""
    _own_class(plot, plot.student(), category=None)
    yield from ()


def class_of_a_major_with_a_blank(plot: Plot) -> Iterator[Planted]:
    """A class of one, whose major is written with a blank in it."""
    who = plot.student()
    _own_class(plot, who, major=plot.spaced(plot.row("student", who)["major"]))
    yield from ()


def away_from_another_major(plot: Plot) -> Iterator[Planted]:
    """On leave; the class is of another major."""
    who = plot.student(movable=True)
    plot.leave(who, plot.pick("2026-09-14", "2026-10-30"))
    classes, own = plot.college.classes, int(plot.college.people.class_of[who])
    _own_class(plot, who, major=classes.major[classes.other[own]])
    yield from ()


def _own_class(plot: Plot, who: int, **values: Any) -> None:
    """A class of one for a person, set up with these values, else as their own."""
    classes, own, number = plot.college.classes, int(plot.college.people.class_of[who]), _new_class_no(plot, who)
    kind = KINDS[int(classes.kind[own])]
    row = {
        "class_no": number, "college": classes.college[own], "major": classes.major[own], "level": kind.level,
        "category": kind.category, "grade": classes.grade[own],
    }  # fmt: skip
    plot.sheet("class_group").add(-1, **row | values)
    plot.put("student", who, class_no=number)


SHAPES = {
    "CLS-01": ((another_category, another_major, another_level), (leaver_of_another_kind, away_of_another_category)),
    "CLS-02": ((class_no_misspelt,), (class_not_set_up,)),
    "CLS-03": ((class_no_missing, class_not_set_up), (away_without_class, leaver_of_a_class_not_set_up)),
    "CLS-04": (
        (class_of_another_major, class_of_another_level, class_of_another_category),
        (class_of_no_category, class_of_a_major_with_a_blank, away_from_another_major),
    ),
}
"""By rule: shapes of violations, shapes of near misses."""
