"""Planted cases of numbers that are wrong, contradicted, borne twice, different elsewhere or changed (三-招生办-2,
五-4): IDN-03 to IDN-08."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from facts.demo.days import AS_OF
from facts.demo.earlier import EARLIER_AS_OF
from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.model.identity import check_character, make_identity

_CLEARED: dict[str, Any] = {"arrival": "未报到", "cleared_on": day("2026-09-14")}

# -- IDN-03 身份证号不合规 -------------------------------------------------------------------------------------------


def wrong_check_digit(plot: Plot) -> Iterator[Planted]:
    """A graduate's check digit is wrong on both platforms."""
    yield from _everywhere(plot, plot.graduate(), ("student", "record"), lambda n: n[:17] + _other_digit(n[17]))


def unknown_province(plot: Plot) -> Iterator[Planted]:
    """A new student's number begins with no province, in all three systems."""
    yield from _everywhere(plot, plot.freshman(), ("student", "record", "welcome"), lambda n: _checked("16" + n[2:17]))


def fifteen_digits(plot: Plot) -> Iterator[Planted]:
    """A no-show gave an old number of 15 digits."""
    who = plot.outsider()
    number = plot.id(who)
    plot.apply(who, **_CLEARED, id_number=number[:6] + number[8:17])
    yield planted("IDN-03", table="welcome", exam_no=plot.exam(who))


def born_tomorrow(plot: Plot) -> Iterator[Planted]:
    """A no-show whose number says born the day after as_of."""
    who = plot.outsider()
    tomorrow = AS_OF.replace(day=AS_OF.day + 1)
    plot.apply(who, **_CLEARED, id_number=make_identity("61", tomorrow, 11), sex="男", birth_on=day(str(tomorrow)))
    yield planted("IDN-03", table="welcome", exam_no=plot.exam(who))


def born_today(plot: Plot) -> Iterator[Planted]:
    """A no-show whose number says born on as_of itself, which is possible."""
    plot.apply(
        plot.outsider(), **_CLEARED, id_number=make_identity("61", AS_OF, 11), sex="男", birth_on=plot.days.as_of
    )
    yield from ()


def passport(plot: Plot) -> Iterator[Planted]:
    """A student from abroad has a passport, in all three systems."""
    who = plot.freshman()
    for table in ("student", "record", "welcome"):
        plot.put(table, who, id_number=f"N{who:07d}", id_type="护照")
    yield from ()


def lower_case_x(plot: Plot) -> Iterator[Planted]:
    """A no-show whose number ends in a lower-case x."""
    born = AS_OF.replace(year=2008)
    number = next(n for odd in range(1, 999, 2) if (n := make_identity("61", born, odd)).endswith("X"))
    plot.apply(plot.outsider(), **_CLEARED, id_number=number.lower(), sex="男", birth_on=day(str(born)))
    yield from ()


def _everywhere(plot: Plot, who: int, tables: tuple[str, ...], turn: Any) -> Iterator[Planted]:
    """The person's identity number is another in these tables."""
    for table in tables:
        plot.put(table, who, id_number=turn(plot.id(who)))
        key = {"exam_no": plot.exam(who)} if table == "welcome" else {"student_no": plot.no(who)}
        yield planted("IDN-03", table=table, **key)


def _other_digit(digit: str) -> str:
    return "0" if digit != "0" else "1"


def _checked(first17: str) -> str:
    return first17 + check_character(first17)


# -- IDN-04 身份证与性别或出生日期不符 -------------------------------------------------------------------------------


def other_birthday(plot: Plot) -> Iterator[Planted]:
    """The birth date is a month off the identity number."""
    yield from _born(plot, 31)


def birthday_off_by_a_day(plot: Plot) -> Iterator[Planted]:
    """The birth date is the day before that of the identity number."""
    yield from _born(plot, -1)


def _born(plot: Plot, later: int) -> Iterator[Planted]:
    who = plot.student()
    plot.put("student", who, birth_on=plot.college.people.birth_on[who] + later)
    yield planted("IDN-04", table="student", student_no=plot.no(who))


def other_sex(plot: Plot) -> Iterator[Planted]:
    """The sex given at admission is not that of the identity number."""
    who = plot.freshman()
    plot.put("welcome", who, sex=_other_sex(plot, who))
    yield planted("IDN-04", table="welcome", exam_no=plot.exam(who))


def other_sex_and_birthday(plot: Plot) -> Iterator[Planted]:
    """Neither sex nor birth date is that of the identity number."""
    who = plot.student()
    plot.put("student", who, sex=_other_sex(plot, who), birth_on=plot.college.people.birth_on[who] + 365)
    yield planted("IDN-04", table="student", student_no=plot.no(who))


def sex_and_birthday_missing(plot: Plot) -> Iterator[Planted]:
    """Neither sex nor birth date was entered."""
    plot.put("student", plot.student(), sex=None, birth_on=np.datetime64("NaT", "D"))
    yield from ()


def wrong_number_and_sex(plot: Plot) -> Iterator[Planted]:
    """The identity number is wrong (IDN-03), so that the sex can't be compared with it."""
    who = plot.graduate()
    yield from _everywhere(plot, who, ("student", "record"), lambda n: n[:17] + _other_digit(n[17]))
    plot.put("student", who, sex=_other_sex(plot, who))


def _other_sex(plot: Plot, who: int) -> str:
    return "女" if plot.college.people.sex[who] == "男" else "男"


# -- IDN-05 学号重复, IDN-06 考生号重复 ------------------------------------------------------------------------------


def two_student_rows(plot: Plot) -> Iterator[Planted]:
    """The row of a student stands there twice, once without the 考生号."""
    who = plot.student()
    plot.sheet("student").add(who, **plot.row("student", who) | {"exam_no": None})
    yield planted("IDN-05", student_no=plot.no(who))


def whole_row_twice(plot: Plot) -> Iterator[Planted]:
    """The row of a student stands there twice, with the same 考生号 (IDN-06)."""
    who = plot.graduate()
    plot.sheet("student").add(who, **plot.row("student", who))
    yield planted("IDN-05", student_no=plot.no(who))
    yield planted("IDN-06", exam_no=plot.exam(who))


def two_people_one_number(plot: Plot) -> Iterator[Planted]:
    """Two new students under one number, of whom the record knows one (IDN-07, IDN-10)."""
    who, other, people = plot.freshman(), plot.outsider(), plot.college.people
    named = {
        name: getattr(people, name)[other] for name in ("id_number", "name", "sex", "birth_on", "ethnicity", "exam_no")
    }
    plot.sheet("student").add(who, **plot.row("student", who) | named)
    yield planted("IDN-05", student_no=plot.no(who))
    yield planted("IDN-07", student_no=plot.no(who))
    yield planted("IDN-10", student_no=plot.no(who))


def record_twice(plot: Plot) -> Iterator[Planted]:
    """The record of a student was exported twice; the student row stands there once."""
    who = plot.student()
    plot.sheet("record").add(who, **plot.row("record", who))
    yield from ()


def two_students_one_exam_no(plot: Plot) -> Iterator[Planted]:
    """A student row bears another's 考生号."""
    who, other = plot.returning(), plot.returning()
    plot.drop("welcome", who)
    for table in ("student", "record"):
        plot.put(table, other, exam_no=plot.exam(who))
    yield planted("IDN-06", exam_no=plot.exam(who))


def two_applicants_one_exam_no(plot: Plot) -> Iterator[Planted]:
    """Two no-shows under one 考生号."""
    who, other = plot.outsider(), plot.outsider()
    for one in (who, other):
        plot.apply(one, **_CLEARED, exam_no=plot.exam(who))
    yield planted("IDN-06", exam_no=plot.exam(who))


def two_students_without_exam_no(plot: Plot) -> Iterator[Planted]:
    """Two students whose 考生号 nobody entered."""
    for who in (plot.returning(), plot.returning()):
        plot.put("student", who, exam_no=None)
    yield from ()


# -- IDN-07 两平台身份信息不一致 -------------------------------------------------------------------------------------


def other_name(plot: Plot) -> Iterator[Planted]:
    """The name on 学籍管理平台 has another last character."""
    who = plot.student()
    plot.put("record", who, name=str(plot.college.people.name[who])[:-1] + "讷")
    yield planted("IDN-07", student_no=plot.no(who))


def other_number(plot: Plot) -> Iterator[Planted]:
    """A graduate's record bears another valid identity number."""
    who, other = plot.graduate(), plot.outsider()
    plot.put("record", who, id_number=plot.id(other))
    yield planted("IDN-07", student_no=plot.no(who))


def dot_became_a_bracket(plot: Plot) -> Iterator[Planted]:
    """The dot in a name became a bracket on its way into the record."""
    who = plot.student()
    _named(plot, who, "古丽娜（哈力")
    yield planted("IDN-07", student_no=plot.no(who))


def dot_of_another_shape(plot: Plot) -> Iterator[Planted]:
    """The dot in a name has another shape on each platform, and one has a blank beside it."""
    for shape in (" • ", "‧", "・", "．"):
        _named(plot, plot.student(), f"古丽娜{shape}哈力")
    yield from ()


def number_on_one_platform(plot: Plot) -> Iterator[Planted]:
    """A graduate's identity number was never entered in school."""
    plot.put("student", plot.graduate(), id_number=None)
    yield from ()


def _named(plot: Plot, who: int, in_record: str) -> None:
    for table, name in (("student", "古丽娜·哈力"), ("record", in_record), ("welcome", "古丽娜·哈力")):
        plot.put(table, who, name=name)


# -- IDN-08 学号或班级变更 -------------------------------------------------------------------------------------------


def class_changed(plot: Plot) -> Iterator[Planted]:
    """In another class of the same major than in the earlier snapshot."""
    yield from _changed(plot, plot.student())


def number_changed(plot: Plot) -> Iterator[Planted]:
    """Under another student number than in the earlier snapshot."""
    who = plot.student()
    plot.before(who, student_no=plot.no(plot.outsider()))
    yield planted("IDN-08", id_number=plot.id(who))


def class_changed_on_leave(plot: Plot) -> Iterator[Planted]:
    """Another class, and a 休学 issued between the two, which is no reason for it."""
    who = plot.student()
    plot.leave(who, plot.pick("2026-10-29", "2026-11-10"))
    yield from _changed(plot, who)


def class_changed_after_an_old_document(plot: Plot) -> Iterator[Planted]:
    """Another class; the 转专业 was issued the day before the earlier snapshot."""
    who = plot.student(movable=True)
    plot.new_major(who, day(str(EARLIER_AS_OF)) - 1)
    plot.before(who, **_old_class(plot, who))
    yield planted("IDN-08", id_number=plot.id(who))


def class_changed_by_new_major(plot: Plot) -> Iterator[Planted]:
    """Another class; the 转专业 was issued on the day of the earlier snapshot."""
    who = plot.student(movable=True)
    plot.new_major(who, day(str(EARLIER_AS_OF)))
    plot.before(who, **_old_class(plot, who))
    yield from ()


def number_changed_by_repeating(plot: Plot) -> Iterator[Planted]:
    """Another number; the 留级, applied for in September, was issued between the two snapshots."""
    who = plot.returning()
    steps: dict[str, Any] = {
        "applied_on": day("2026-09-25"),
        "college_on": day("2026-10-09"),
        "academic_on": day("2026-10-12"),
        "meeting_on": day("2026-11-04"),
    }
    plot.change(who, "留级", day("2026-11-05"), **steps)
    plot.before(who, student_no=plot.no(plot.outsider()))
    yield from ()


def second_number(plot: Plot) -> Iterator[Planted]:
    """A second number beside the first, which still stands (IDN-01)."""
    who, again = plot.student(("本科",), (2025,)), plot.student(("专科",), (2025,))
    plot.become(again, who)
    plot.before(again)
    yield planted("IDN-01", id_number=plot.id(who))


def number_in_the_list(plot: Plot) -> Iterator[Planted]:
    """Another number, and 编号对照 says which it was."""
    who, old = plot.student(), plot.no(plot.outsider())
    plot.before(who, student_no=old)
    plot.renumbered("学号", old, plot.no(who))
    yield from ()


def class_entered_since(plot: Plot) -> Iterator[Planted]:
    """In no class in the earlier snapshot, in one now."""
    plot.before(plot.freshman(), class_no=None)
    yield from ()


def _changed(plot: Plot, who: int) -> Iterator[Planted]:
    classes, own = plot.college.classes, int(plot.college.people.class_of[who])
    alike = (
        (classes.kind == classes.kind[own])
        & (classes.major == classes.major[own])
        & (classes.class_no != classes.class_no[own])
    )
    plot.before(who, class_no=str(classes.class_no[int(np.flatnonzero(alike)[-1])]))
    yield planted("IDN-08", id_number=plot.id(who))


def _old_class(plot: Plot, who: int) -> dict[str, Any]:
    classes, own = plot.college.classes, int(plot.college.people.class_of[who])
    return {name: getattr(classes, name)[own] for name in ("class_no", "major", "college")}


SHAPES = {
    "IDN-03": (
        (wrong_check_digit, fifteen_digits, unknown_province, born_tomorrow), (born_today, lower_case_x, passport),
    ),
    "IDN-04": (
        (other_birthday, other_sex, birthday_off_by_a_day, other_sex_and_birthday),
        (sex_and_birthday_missing, wrong_number_and_sex),
    ),
    "IDN-05": ((two_student_rows, two_people_one_number, whole_row_twice), (record_twice,)),
    "IDN-06": ((two_students_one_exam_no, two_applicants_one_exam_no), (two_students_without_exam_no,)),
    "IDN-07": ((other_name, other_number, dot_became_a_bracket), (dot_of_another_shape, number_on_one_platform)),
    "IDN-08": (
        (class_changed, number_changed, class_changed_on_leave, class_changed_after_an_old_document),
        (class_changed_by_new_major, number_changed_by_repeating, second_number, class_entered_since,
         number_in_the_list),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
