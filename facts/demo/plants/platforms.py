"""Planted cases of people who stand otherwise, or not at all, on a platform (三, 五-5, 五-6): IDN-10, IDN-11, MRK-08,
MRK-09."""

from collections.abc import Iterator
from typing import Any

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_PAST = ("2026-09-14", "2026-10-23")


def _of(plot: Plot, who: int, rule: str) -> Iterator[Planted]:
    yield planted(rule, student_no=plot.no(who))


# -- IDN-10 两平台层次、考生号或入学年份不一致 -----------------------------------------------------------------------


def record_of_another_level(plot: Plot) -> Iterator[Planted]:
    """本科 in school, 专科 on 学籍管理平台."""
    who = plot.student(("本科",))
    plot.put("record", who, level="专科")
    yield from _of(plot, who, "IDN-10")


def record_of_another_exam_no(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 has a 考生号 that nobody bears."""
    who = plot.student()
    plot.put("record", who, exam_no=plot.exam(plot.outsider()))
    yield from _of(plot, who, "IDN-10")


def record_of_another_year(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 has the first day of the next year as the day of entry."""
    who = plot.student(grades=(2024,))
    plot.put("record", who, entered_on=day("2025-01-01"))
    yield from _of(plot, who, "IDN-10")


def record_of_another_day(plot: Plot) -> Iterator[Planted]:
    """学籍管理平台 has another day of the same year as the day of entry, and no 考生号."""
    plot.put("record", plot.student(grades=(2024,)), entered_on=day("2024-12-31"), exam_no=None)
    yield from ()


def cancelled_record_of_another_level(plot: Plot) -> Iterator[Planted]:
    """Withdrawn; the record, of another level, is cancelled."""
    who = plot.student(("本科",))
    plot.withdraw(who, plot.pick(*_PAST))
    plot.put("record", who, status="取消学籍", level="专科")
    yield from ()


# -- IDN-11 在读学生无身份证号 ---------------------------------------------------------------------------------------


def _without_number(plot: Plot, who: int, **values: Any) -> int:
    """The identity number was never entered in school; the intake is not in the exports."""
    plot.drop("welcome", who)
    plot.put("student", who, id_number=None, **values)
    return who


def no_number(plot: Plot) -> Iterator[Planted]:
    """A student without an identity number."""
    yield from _of(plot, _without_number(plot, plot.student()), "IDN-11")


def no_number_of_a_resident(plot: Plot) -> Iterator[Planted]:
    """The type says 居民身份证, and the number is missing."""
    yield from _of(plot, _without_number(plot, plot.student(), id_type="居民身份证"), "IDN-11")


def no_number_of_a_passport(plot: Plot) -> Iterator[Planted]:
    """A student from abroad whose passport number was not entered."""
    _without_number(plot, plot.student(), id_type="护照")
    yield from ()


def no_number_of_a_leaver(plot: Plot) -> Iterator[Planted]:
    """A graduate without an identity number."""
    _without_number(plot, plot.graduate())
    yield from ()


# -- MRK-08 转入学生在校平台无此人 -----------------------------------------------------------------------------------


def came_from_elsewhere(plot: Plot) -> Iterator[Planted]:
    """A 转入 of August; the student stands on neither platform (SYS-01)."""
    who = plot.outsider()
    yield planted("MRK-08", change_no=_comes(plot, who, day("2026-08-27")))
    yield planted("SYS-01", table="change", student_no=plot.no(who))


def came_from_elsewhere_with_record(plot: Plot) -> Iterator[Planted]:
    """A 转入 that was to be carried out by the day before as_of; there is a record, and no student row (REG-06)."""
    who = plot.outsider()
    plot.lone_record(who)
    number = _comes(plot, who, plot.issued_for(plot.days.as_of - 1), marked_record_on=plot.days.as_of - 5)
    yield planted("MRK-08", change_no=number)
    yield from _of(plot, who, "REG-06")


def _comes(plot: Plot, who: int, issued: Any, **values: Any) -> str:
    return plot.change(who, "转入", issued, **{"marked_school_on": NO_DAY} | values)


def comes_by_today(plot: Plot) -> Iterator[Planted]:
    """A 转入 that is to be carried out by as_of; there is a record, and no student row yet (REG-06)."""
    who = plot.outsider()
    plot.lone_record(who)
    _comes(plot, who, plot.issued_for(plot.days.as_of), marked_record_on=plot.days.as_of - 5)
    yield from _of(plot, who, "REG-06")


def came_and_stands_in_school(plot: Plot) -> Iterator[Planted]:
    """A 转入 of August; the student row is there."""
    plot.change(plot.returning(), "转入", day("2026-08-27"))
    yield from ()


# -- MRK-09 在校状态无异动文件 ---------------------------------------------------------------------------------------


def on_leave_without_document(plot: Plot) -> Iterator[Planted]:
    """休学 on both platforms since October; the change is applied for and not issued."""
    who = plot.student()
    plot.change(who, "休学", day("2026-11-16"), pending=True)
    yield from _gone(plot, who, "休学")


def withdrawn_without_document(plot: Plot) -> Iterator[Planted]:
    """退学 on both platforms, and no change says so."""
    yield from _gone(plot, plot.student(), "退学")


def expelled_without_document(plot: Plot) -> Iterator[Planted]:
    """开除学籍 on both platforms; the document that there is is one of 转专业."""
    who = plot.student(movable=True)
    plot.new_major(who, plot.pick(*_PAST))
    yield from _gone(plot, who, "开除学籍")


def _gone(plot: Plot, who: int, status: str) -> Iterator[Planted]:
    plot.stops_coming(who, day("2026-10-12"))
    plot.status(who, status)
    yield from _of(plot, who, "MRK-09")


def left_before_the_regulation(plot: Plot) -> Iterator[Planted]:
    """Withdrew, and entered the year before the regulation took effect; the document is not in the exports."""
    plot.status(plot.left_long_ago(), "退学")
    yield from ()


def died(plot: Plot) -> Iterator[Planted]:
    """死亡 on both platforms, for which no document is asked."""
    list(_gone(plot, plot.student(), "死亡"))
    yield from ()


SHAPES = {
    "IDN-10": (
        (record_of_another_level, record_of_another_exam_no, record_of_another_year),
        (record_of_another_day, cancelled_record_of_another_level),
    ),
    "IDN-11": ((no_number, no_number_of_a_resident), (no_number_of_a_passport, no_number_of_a_leaver)),
    "MRK-08": (
        (came_from_elsewhere, came_from_elsewhere_with_record), (comes_by_today, came_and_stands_in_school),
    ),
    "MRK-09": (
        (on_leave_without_document, withdrawn_without_document, expelled_without_document),
        (left_before_the_regulation, died),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
