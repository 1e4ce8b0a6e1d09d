"""Planted cases of identity and numbers (五-2, 五-4, 三): IDN-*."""

from collections.abc import Iterator
from typing import Any

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot


def _id(plot: Plot, who: int) -> str:
    return str(plot.college.people.id_number[who])


def _copy(plot: Plot, table: str, who: int) -> dict[str, Any]:
    """The values of a person's first row."""
    row = int(plot.rows(table, who)[0])
    return {name: column[row] for name, column in plot.sheet(table).columns.items()}


# -- IDN-01 同一人两个在籍学籍 ---------------------------------------------------------------------------------------


def two_platforms(plot: Plot) -> Iterator[Planted]:
    """One student number on both platforms."""
    who = plot.returning(("专科",))
    plot.sheet("record").add(who, **_copy(plot, "record", who) | {"platform": "中职学籍系统"})
    yield planted("IDN-01", id_number=_id(plot, who))


def two_numbers(plot: Plot) -> Iterator[Planted]:
    """Two student numbers on one platform, both of one intake."""
    who, again = plot.student(("本科",), (2025,)), plot.student(("专科",), (2025,))
    plot.become(again, who)
    yield planted("IDN-01", id_number=_id(plot, who))


def admitted_again_with_both(plot: Plot) -> Iterator[Planted]:
    """Admitted again this year: the new record was made, the old one never cancelled."""
    who, again = plot.older(("专科",)), plot.freshman()
    plot.become(again, who)
    yield planted("IDN-01", id_number=_id(plot, who))
    yield planted("IDN-02", id_number=_id(plot, who))


def three_records(plot: Plot) -> Iterator[Planted]:
    """Three records of one person."""
    who, second, third = (
        plot.student(("本科",), (2024,)),
        plot.student(("专科",), (2024,)),
        plot.student(("专科",), (2024,)),
    )
    plot.become(second, who)
    plot.become(third, who)
    yield planted("IDN-01", id_number=_id(plot, who))


def graduate_again(plot: Plot) -> Iterator[Planted]:
    """A graduate of an earlier course is a new student."""
    who, again = plot.graduate(), plot.freshman()
    plot.become(again, who)
    yield from ()


# -- IDN-02 重新录取而原学籍未取消 -----------------------------------------------------------------------------------


def admitted_again(plot: Plot) -> Iterator[Planted]:
    """Admitted again this year; the old record still active, the new one not made yet."""
    who, again = plot.returning(("专科",)), plot.freshman()
    plot.become(again, who)
    plot.drop("record", again)
    yield planted("IDN-02", id_number=_id(plot, who))


def admitted_again_on_leave(plot: Plot) -> Iterator[Planted]:
    """Admitted again while 休学 in the old course."""
    who, again = plot.returning(("本科",)), plot.freshman()
    plot.leave(who, plot.pick("2026-04-08", "2026-05-29"), until="2027-03-20")
    plot.become(again, who)
    plot.drop("record", again)
    yield planted("IDN-02", id_number=_id(plot, who))


def reported_under_old_number(plot: Plot) -> Iterator[Planted]:
    """Reported as a new student; only the old student row is there."""
    who, again = plot.returning(), plot.outsider()
    plot.apply(again, arrival="已报到", arrived_on=day("2026-09-02"), **plot.identity(who))
    yield planted("IDN-02", id_number=_id(plot, who))


def admitted_again_and_cancelled(plot: Plot) -> Iterator[Planted]:
    """Admitted again, and the old record cancelled as it must be."""
    who, again = plot.returning(), plot.freshman()
    plot.stops_coming(who, day("2026-08-25"))
    plot.change(who, "取消学籍", day("2026-08-25"))
    plot.status(who, "退学", "取消学籍")
    plot.become(again, who)
    yield from ()


def admitted_again_and_stayed(plot: Plot) -> Iterator[Planted]:
    """Admitted elsewhere in the college, did not report, was cleared: stays with the old record."""
    who, again = plot.returning(), plot.outsider()
    plot.apply(again, arrival="未报到", cleared_on=day("2026-09-14"), **plot.identity(who))
    yield from ()


# -- rules of the next round -----------------------------------------------------------------------------------------


def wrong_check_digit(plot: Plot) -> Iterator[Planted]:
    """A graduate's check digit is wrong on both platforms."""
    who = plot.graduate()
    number = _id(plot, who)
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    for table in ("student", "record"):
        plot.put(table, who, id_number=wrong)
        yield planted("IDN-03", table=table, student_no=plot.no(who))


def fifteen_digits(plot: Plot) -> Iterator[Planted]:
    """A no-show gave an old number of 15 digits."""
    who = plot.outsider()
    number = _id(plot, who)
    plot.apply(who, arrival="未报到", cleared_on=day("2026-09-14"), id_number=number[:6] + number[8:17])
    yield planted("IDN-03", table="welcome", exam_no=plot.exam(who))


def other_birthday(plot: Plot) -> Iterator[Planted]:
    """The birth date is a month off the identity number."""
    who = plot.student()
    plot.put("student", who, birth_on=plot.college.people.birth_on[who] + 31)
    yield planted("IDN-04", table="student", student_no=plot.no(who))


def other_sex(plot: Plot) -> Iterator[Planted]:
    """The sex given at admission is not that of the identity number."""
    who = plot.freshman()
    plot.put("welcome", who, sex="女" if plot.college.people.sex[who] == "男" else "男")
    yield planted("IDN-04", table="welcome", exam_no=plot.exam(who))


def two_student_rows(plot: Plot) -> Iterator[Planted]:
    """The row of a student stands there twice."""
    who = plot.student()
    plot.sheet("student").add(who, **_copy(plot, "student", who) | {"exam_no": None})
    yield planted("IDN-05", student_no=plot.no(who))


def two_students_one_exam_no(plot: Plot) -> Iterator[Planted]:
    """A student row bears another's 考生号."""
    who, other = plot.returning(), plot.returning()
    plot.put("student", other, exam_no=plot.exam(who))
    yield planted("IDN-06", exam_no=plot.exam(who))


def two_applicants_one_exam_no(plot: Plot) -> Iterator[Planted]:
    """Two no-shows under one 考生号."""
    who, other = plot.outsider(), plot.outsider()
    for one in (who, other):
        plot.apply(one, arrival="未报到", cleared_on=day("2026-09-14"), exam_no=plot.exam(who))
    yield planted("IDN-06", exam_no=plot.exam(who))


def other_name(plot: Plot) -> Iterator[Planted]:
    """The name on 学籍管理平台 has another last character."""
    who = plot.student()
    plot.put("record", who, name=str(plot.college.people.name[who])[:-1] + "讷")
    yield planted("IDN-07", student_no=plot.no(who))


def other_number(plot: Plot) -> Iterator[Planted]:
    """A graduate's record bears another valid identity number."""
    who, other = plot.graduate(), plot.outsider()
    plot.put("record", who, id_number=_id(plot, other))
    yield planted("IDN-07", student_no=plot.no(who))


def dot_of_another_shape(plot: Plot) -> Iterator[Planted]:
    """The dot in a name has another shape on each platform, and one has a blank beside it."""
    who = plot.student()
    for table, name in (("student", "古丽娜·哈力"), ("record", "古丽娜 • 哈力"), ("welcome", "古丽娜·哈力")):
        plot.put(table, who, name=name)
    yield from ()


SHAPES = {
    "IDN-01": ((two_platforms, two_numbers, admitted_again_with_both, three_records), (graduate_again,)),
    "IDN-02": (
        (admitted_again, reported_under_old_number, admitted_again_on_leave),
        (admitted_again_and_cancelled, admitted_again_and_stayed),
    ),
    "IDN-03": ((wrong_check_digit, fifteen_digits), ()),
    "IDN-04": ((other_birthday, other_sex), ()),
    "IDN-05": ((two_student_rows,), ()),
    "IDN-06": ((two_students_one_exam_no, two_applicants_one_exam_no), ()),
    "IDN-07": ((other_name, other_number), (dot_of_another_shape,)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
