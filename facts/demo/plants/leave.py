"""Planted cases of lessons on leave and of repeated years (四-5, 四-6): LEV-02, RPT-01."""

from collections.abc import Iterator

import numpy as np

from facts.demo.attendance import ABSENT, AUDIT, PRESENT
from facts.demo.days import CURRENT
from facts.demo.picks import NOW, Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- LEV-02 休学期间参加教学活动 -------------------------------------------------------------------------------------


def attends_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave in October, still in lessons for two weeks."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    yield from _attends(plot, who, issued, issued + 14, until=day("2027-09-20"))


def attends_on_first_day(plot: Plot) -> Iterator[Planted]:
    """In lessons on the day that the leave takes effect, not after it."""
    who, issued = plot.student(), plot.pick("2026-10-12", "2026-10-30")
    yield from _attends(plot, who, issued, issued + 1, until=day("2027-09-20"))


def attends_open_leave(plot: Plot) -> Iterator[Planted]:
    """A leave whose end nobody entered (LEV-05); still in lessons."""
    who, issued = plot.student(), plot.pick("2026-09-21", "2026-09-24")
    for each in _attends(plot, who, issued, issued + 40, until=NO_DAY):
        yield each
        yield planted("LEV-05", change_no=each.key[0][1])


def _attends(
    plot: Plot, who: int, issued: np.datetime64, stop: np.datetime64, until: np.datetime64
) -> Iterator[Planted]:
    rows = plot.calls(who, issued)
    plot.sheet("attendance").set(rows[plot.called_on(rows) == issued], result=PRESENT)
    plot.sheet("attendance").drop(plot.calls(who, stop))
    plot.status(who, "休学")
    yield planted("LEV-02", change_no=plot.change(who, "休学", issued, until=until))


def attends_on_last_day(plot: Plot) -> Iterator[Planted]:
    """A short leave: in lessons on its last day, 复学 two days later."""
    who = plot.student()
    number = short_leave(plot, who, until="2026-11-10", back="2026-11-12")
    plot.call(who, day("2026-11-10"), PRESENT)
    yield planted("LEV-02", change_no=number)


def attends_on_leave_unregistered(plot: Plot) -> Iterator[Planted]:
    """On leave since spring, not registered, in lessons."""
    who = plot.returning()
    number = plot.leave(who, plot.pick("2026-04-08", "2026-05-29"), until="2027-03-20")
    for place in (10, 20, 30):
        plot.call(who, plot.days.teaching[place], PRESENT)
    yield planted("LEV-02", change_no=number)
    yield planted("REG-01", student_no=plot.no(who), term=NOW)


def short_leave(plot: Plot, who: int, until: str, back: str) -> str:
    """A leave from mid-September to a return in November, with no roll call between."""
    issued = day("2026-09-16")
    rows = plot.calls(who, issued)
    plot.sheet("attendance").drop(rows[plot.called_on(rows) < day(back)])
    number = plot.change(who, "休学", issued, until=day(until))
    plot.change(who, "复学", day(back), marked_school_on=day(back) + 1, marked_record_on=day(back) + 1)
    return number


def attends_after_return(plot: Plot) -> Iterator[Planted]:
    """Came back before the end of the leave; in lessons from the day of 复学 on."""
    who = plot.student()
    short_leave(plot, who, until="2026-11-20", back="2026-11-05")
    plot.call(who, day("2026-11-05"), PRESENT)
    yield from ()


def attends_until_leave(plot: Plot) -> Iterator[Planted]:
    """In lessons until the day before the leave takes effect, and audits (旁听) in it."""
    who, issued = plot.student(), day("2026-10-21")
    plot.leave(who, issued)
    plot.call(who, issued - 1, PRESENT)
    for place in (40, 45):
        plot.call(who, plot.days.teaching[place], PRESENT, AUDIT)
        plot.call(who, plot.days.teaching[place + 1], ABSENT)
    yield from ()


# -- RPT-01 留级次数超限 ---------------------------------------------------------------------------------------------


def third_repeat(plot: Plot) -> Iterator[Planted]:
    """本科: three times."""
    yield from _repeats(plot, plot.student(("本科",), (2023, 2024)), (CURRENT - 4, CURRENT - 2, CURRENT))


def second_repeat(plot: Plot) -> Iterator[Planted]:
    """专科: twice."""
    yield from _repeats(plot, plot.student(("专科",), (2024,)), (CURRENT - 2, CURRENT))


def _repeats(plot: Plot, who: int, terms: tuple[int, ...]) -> Iterator[Planted]:
    for term in terms:
        plot.repeat_year(who, term)
    yield planted("RPT-01", student_no=plot.no(who))


def two_repeats(plot: Plot) -> Iterator[Planted]:
    """本科: twice, the limit."""
    who = plot.student(("本科",), (2023, 2024))
    plot.repeat_year(who, CURRENT - 4)
    plot.repeat_year(who, CURRENT - 2)
    yield from ()


def one_repeat(plot: Plot) -> Iterator[Planted]:
    """专科: once, the limit; and a second that takes effect next term."""
    who = plot.student(("专科",), (2024,))
    plot.repeat_year(who, CURRENT - 2)
    plot.repeat_year(who, CURRENT, effective_on=day("2027-03-01"))
    yield from ()


def no_limit(plot: Plot) -> Iterator[Planted]:
    """中职: three times; the regulation sets no limit."""
    who = plot.student(("中职",), (2024,))
    for term in (CURRENT - 3, CURRENT - 2, CURRENT):
        plot.repeat_year(who, term)
    yield from ()


SHAPES = {
    "LEV-02": (
        (
            attends_on_leave, attends_on_first_day, attends_on_last_day, attends_open_leave,
            attends_on_leave_unregistered,
        ),
        (attends_after_return, attends_until_leave),
    ),
    "RPT-01": ((third_repeat, second_repeat), (two_repeats, one_repeat, no_limit)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
