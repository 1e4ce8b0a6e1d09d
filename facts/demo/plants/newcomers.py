"""Planted cases of intakes that arrive late, or as others than were admitted (四-1, 五-3): ADM-07, ADM-09, DEF-05,
DEF-06, IDN-09."""

from collections.abc import Iterator
from typing import Any

from facts.demo.picks import NOW, Planted, day, planted
from facts.demo.plants.majors import two_majors
from facts.demo.plot import Plot


def _of(plot: Plot, who: int, *rules: str) -> Iterator[Planted]:
    for rule in rules:
        yield planted(rule, exam_no=plot.exam(who))


# -- ADM-07 录取专业或层次与在校信息不符 -----------------------------------------------------------------------------


def admitted_to_another_major(plot: Plot) -> Iterator[Planted]:
    """Admitted to another major than that of the student row."""
    who = plot.student(grades=(2026,), movable=True)
    plot.put("welcome", who, major=two_majors(plot, who)[1])
    yield from _of(plot, who, "ADM-07")


def admitted_to_another_level(plot: Plot) -> Iterator[Planted]:
    """Admitted to 中职 last year, a student of another level now."""
    who = plot.student(grades=(2025,))
    plot.put("welcome", who, level="中职")
    yield from _of(plot, who, "ADM-07")


def changed_major_since(plot: Plot) -> Iterator[Planted]:
    """Admitted to another major, and moved by 转专业."""
    plot.new_major(plot.student(grades=(2025,), movable=True), plot.pick("2026-09-14", "2026-10-23"))
    yield from ()


def admitted_to_a_major_with_a_blank(plot: Plot) -> Iterator[Planted]:
    """The intake writes the major with a blank in it, and lacks the level of another student (ADM-05)."""
    who, other = plot.freshman(), plot.freshman()
    plot.put("welcome", who, major=plot.spaced(plot.row("welcome", who)["major"]))
    plot.put("welcome", other, level=None)
    yield from _of(plot, other, "ADM-05")


# -- ADM-09 未报到新生清理超期 ---------------------------------------------------------------------------------------


def _cleared(plot: Plot, days: int, **values: Any) -> int:
    """A no-show cleared so many days after the new students of this year were to report."""
    who = plot.outsider()
    by = values.get("report_by", plot.newcomers_by)
    plot.apply(who, arrival="未报到", cleared_on=by + days, **values)
    return who


def cleared_after_15_days(plot: Plot) -> Iterator[Planted]:
    """A no-show cleared one day too late."""
    yield from _of(plot, _cleared(plot, 15), "ADM-09")


def cleared_weeks_later(plot: Plot) -> Iterator[Planted]:
    """A no-show of a late batch cleared weeks too late."""
    yield from _of(plot, _cleared(plot, 40, report_by=day("2026-09-11")), "ADM-09")


def cleared_after_14_days(plot: Plot) -> Iterator[Planted]:
    """A no-show cleared on the last day, and one of a late batch on the last day of that."""
    _cleared(plot, 14)
    _cleared(plot, 14, report_by=day("2026-09-18"))
    yield from ()


def cleared_late_last_year(plot: Plot) -> Iterator[Planted]:
    """A no-show of last year cleared weeks too late."""
    plot.apply(plot.outsider(), 2025, arrival="未报到", cleared_on=day("2025-11-20"))
    yield from ()


# -- DEF-05 新生逾期报到而无批准 -------------------------------------------------------------------------------------


def new_and_late(plot: Plot) -> Iterator[Planted]:
    """A new student reported the day after the last day, without a deferral."""
    who = plot.freshman()
    plot.put("welcome", who, arrived_on=plot.newcomers_by + 1)
    yield from _of(plot, who, "DEF-05")


def new_and_later_than_deferred(plot: Plot) -> Iterator[Planted]:
    """A new student reported the day after the deferral ended."""
    who = plot.freshman()
    until = plot.newcomers_by + 6
    plot.defer(who, str(until), student_no=None, exam_no=plot.exam(who), approver="招生办")
    plot.put("welcome", who, arrived_on=until + 1)
    yield from _of(plot, who, "DEF-05")


def new_on_the_last_day_of_the_deferral(plot: Plot) -> Iterator[Planted]:
    """A new student reported on the last day of the deferral."""
    who = plot.freshman()
    until = plot.newcomers_by + 6
    plot.defer(who, str(until), approver="招生办")
    plot.put("welcome", who, arrived_on=until)
    yield from ()


def new_of_a_late_batch(plot: Plot) -> Iterator[Planted]:
    """A new student reported on the last day of a batch that was to come a week later."""
    plot.put("welcome", plot.freshman(), report_by=day("2026-09-11"), arrived_on=day("2026-09-11"))
    yield from ()


def late_last_year(plot: Plot) -> Iterator[Planted]:
    """Reported late a year ago, without a deferral."""
    plot.put("welcome", plot.student(grades=(2025,)), arrived_on=day("2025-09-30"))
    yield from ()


# -- DEF-06 暂缓报到期满未处理 ---------------------------------------------------------------------------------------


def still_to_come(plot: Plot) -> Iterator[Planted]:
    """暂缓报到 since September, without a deferral."""
    yield from _to_come(plot, 2026)


def still_to_come_since_last_year(plot: Plot) -> Iterator[Planted]:
    """暂缓报到 since the year before."""
    yield from _to_come(plot, 2025)


def _to_come(plot: Plot, year: int) -> Iterator[Planted]:
    who = plot.outsider()
    plot.apply(who, year, arrival="暂缓报到")
    yield from _of(plot, who, "DEF-06")


def to_come_by_today(plot: Plot) -> Iterator[Planted]:
    """暂缓报到, and a deferral runs until as_of itself (too long, DEF-01)."""
    who = plot.outsider()
    plot.apply(who, arrival="暂缓报到")
    plot.defer(who, str(plot.days.as_of), student_no=None, exam_no=plot.exam(who), approver="招生办")
    yield planted("DEF-01", person_no=plot.exam(who), term=NOW)


def to_come_with_a_late_batch(plot: Plot) -> Iterator[Planted]:
    """暂缓报到; the batch was to report until two weeks before as_of."""
    plot.apply(plot.outsider(), arrival="暂缓报到", report_by=plot.days.as_of - 14)
    yield from ()


# -- IDN-09 录取与在校身份不一致 -------------------------------------------------------------------------------------


def another_person_came(plot: Plot) -> Iterator[Planted]:
    """Behind the 考生号 of a new student stands another person, who has no student row (ADM-03)."""
    who, other = plot.freshman(), plot.outsider()
    plot.put("welcome", who, **plot.identity(other))
    yield from _of(plot, who, "IDN-09", "ADM-03")


def admitted_under_another_name(plot: Plot) -> Iterator[Planted]:
    """Admitted last year under another name."""
    who = plot.student(grades=(2025,))
    plot.put("welcome", who, name=str(plot.college.people.name[who])[:-1] + "讷")
    yield from _of(plot, who, "IDN-09")


def dot_of_another_shape(plot: Plot) -> Iterator[Planted]:
    """The dot in a name has another shape at admission."""
    who = plot.freshman()
    for table, name in (("student", "古丽娜·哈力"), ("record", "古丽娜·哈力"), ("welcome", "古丽娜 • 哈力")):
        plot.put(table, who, name=name)
    yield from ()


def another_number_of_a_no_show(plot: Plot) -> Iterator[Planted]:
    """A no-show, cleared, whose 考生号 a student row of last year bears."""
    who, other = plot.outsider(), plot.student(grades=(2025,))
    plot.apply(who, arrival="未报到", cleared_on=day("2026-09-14"))
    plot.drop("welcome", other)
    for table in ("student", "record"):
        plot.put(table, other, exam_no=plot.exam(who))
    yield from ()


SHAPES = {
    "ADM-07": (
        (admitted_to_another_major, admitted_to_another_level),
        (changed_major_since, admitted_to_a_major_with_a_blank),
    ),
    "ADM-09": ((cleared_after_15_days, cleared_weeks_later), (cleared_after_14_days, cleared_late_last_year)),
    "DEF-05": (
        (new_and_late, new_and_later_than_deferred),
        (new_on_the_last_day_of_the_deferral, new_of_a_late_batch, late_last_year),
    ),
    "DEF-06": ((still_to_come, still_to_come_since_last_year), (to_come_by_today, to_come_with_a_late_batch)),
    "IDN-09": (
        (another_person_came, admitted_under_another_name), (dot_of_another_shape, another_number_of_a_no_show),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
