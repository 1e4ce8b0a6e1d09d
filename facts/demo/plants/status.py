"""Planted cases of the status on the two platforms (五-5): MRK-06, MRK-07."""

from collections.abc import Iterator
from typing import Any

from facts.demo.picks import Planted, day, planted
from facts.demo.plants.procedure import issued_change
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

_PAST = ("2026-09-14", "2026-10-23")


def _of(plot: Plot, who: int, rule: str) -> Planted:
    return planted(rule, student_no=plot.no(who))


# -- MRK-06 已标注而状态不符 -----------------------------------------------------------------------------------------


def leave_marked_status_kept(plot: Plot) -> Iterator[Planted]:
    """A 休学 is marked, and both platforms say in school."""
    who, issued = plot.student(), plot.pick(*_PAST)
    plot.leave(who, issued, marked_school_on=issued + 6, marked_record_on=issued + 6)
    plot.status(who, "在读")
    yield _of(plot, who, "MRK-06")


def return_marked_status_kept(plot: Plot) -> Iterator[Planted]:
    """复学 of spring is marked, and both platforms say 休学."""
    issued_change(plot, "复学")
    who = plot.victims[-1]
    plot.status(who, "休学")
    yield _of(plot, who, "MRK-06")


def withdrawal_marked_as_transfer(plot: Plot) -> Iterator[Planted]:
    """自愿退学 is marked, and both platforms say 转出, for which there is no document (MRK-09)."""
    yield from _marked_as(plot, "自愿退学", "转出")


def expulsion_marked_as_withdrawal(plot: Plot) -> Iterator[Planted]:
    """开除学籍 is marked, and both platforms say 退学, for which there is no document (MRK-09)."""
    yield from _marked_as(plot, "开除学籍", "退学")


def _marked_as(plot: Plot, kind: str, status: str) -> Iterator[Planted]:
    who, issued = plot.student(), plot.pick(*_PAST)
    plot.withdraw(who, issued, kind=kind, marked_school_on=issued + 6, marked_record_on=issued + 6)
    plot.status(who, status)
    yield _of(plot, who, "MRK-06")
    yield _of(plot, who, "MRK-09")


def _two_in_one_day(plot: Plot, status: str) -> int:
    """休学 and, under the higher number, 保留学籍, in effect from one day on; both marked."""
    who, issued = plot.student(), plot.pick(*_PAST)
    marks: dict[str, Any] = {"marked_school_on": issued + 6, "marked_record_on": issued + 6}
    plot.leave(who, issued, **marks)
    plot.change(who, "保留学籍", issued, reason="入伍", until=day("2028-09-20"), **marks)
    plot.status(who, status)
    return who


def first_of_two_kept(plot: Plot) -> Iterator[Planted]:
    """休学 and then 保留学籍 from one day on: the platforms say 休学."""
    yield _of(plot, _two_in_one_day(plot, "休学"), "MRK-06")


def second_of_two_stands(plot: Plot) -> Iterator[Planted]:
    """休学 and then 保留学籍 from one day on: the platforms say 保留学籍."""
    _two_in_one_day(plot, "保留学籍")
    yield from ()


def leave_from_tomorrow(plot: Plot) -> Iterator[Planted]:
    """A 休学 is marked ahead; it takes effect on the day after as_of."""
    marks: dict[str, Any] = {"marked_school_on": plot.days.as_of - 1, "marked_record_on": plot.days.as_of - 1}
    tomorrow = plot.days.as_of + 1
    plot.change(plot.student(), "休学", plot.days.as_of - 5, effective_on=tomorrow, until=day("2027-09-20"), **marks)
    yield from ()


def graduated_after_leave(plot: Plot) -> Iterator[Planted]:
    """A graduate who was on leave years ago; the return is not in the exports."""
    plot.change(plot.left_long_ago(), "休学", day("2022-03-14"), until=day("2022-07-01"))
    yield from ()


# -- MRK-07 两平台状态不一致 -----------------------------------------------------------------------------------------


def record_status_differs(plot: Plot) -> Iterator[Planted]:
    """In school, but 休学 on 学籍管理平台; no change says so."""
    who = plot.student()
    plot.status(who, "在读", "休学")
    yield _of(plot, who, "MRK-07")


def record_left_behind(plot: Plot) -> Iterator[Planted]:
    """On leave since weeks, 在籍 on 学籍管理平台, where it is not marked (MRK-02)."""
    yield from _behind(plot, plot.student(), plot.pick(*_PAST))


def record_behind_since_yesterday(plot: Plot) -> Iterator[Planted]:
    """The same, and the mark was due on the day before as_of (MRK-02)."""
    yield from _behind(plot, plot.student(), plot.issued_for(plot.days.as_of - 1))


def _behind(plot: Plot, who: int, issued: Any) -> Iterator[Planted]:
    number = plot.leave(who, issued, marked_school_on=issued + 1, marked_record_on=NO_DAY)
    plot.status(who, "休学", "在籍")
    yield _of(plot, who, "MRK-07")
    yield planted("MRK-02", change_no=number)


def withdrawn_record_kept(plot: Plot) -> Iterator[Planted]:
    """退学 and marked on both platforms; the record says 在籍 all the same."""
    who = plot.student()
    plot.withdraw(who, plot.pick(*_PAST))
    plot.status(who, "退学", "在籍")
    yield _of(plot, who, "MRK-07")


def record_follows_today(plot: Plot) -> Iterator[Planted]:
    """The platforms differ, and as_of is the last day to mark the record (MRK-05)."""
    who, issued = plot.student(), plot.issued_for(plot.days.as_of)
    number = plot.leave(who, issued, marked_school_on=issued + 1, marked_record_on=NO_DAY)
    plot.status(who, "休学", "在籍")
    yield planted("MRK-05", change_no=number)


def record_follows_soon(plot: Plot) -> Iterator[Planted]:
    """The two platforms differ while the days for marking run."""
    who, issued = plot.student(), plot.days.as_of - 6
    plot.leave(who, issued, marked_school_on=issued + 1, marked_record_on=NO_DAY)
    plot.status(who, "休学", "在籍")
    yield from ()


def withdrawn_and_cancelled(plot: Plot) -> Iterator[Planted]:
    """退学 in school, and the record is cancelled (取消学籍)."""
    who = plot.student()
    plot.withdraw(who, plot.pick(*_PAST))
    plot.status(who, "退学", "取消学籍")
    yield from ()


SHAPES = {
    "MRK-06": (
        (leave_marked_status_kept, return_marked_status_kept, withdrawal_marked_as_transfer, first_of_two_kept,
         expulsion_marked_as_withdrawal),
        (second_of_two_stands, leave_from_tomorrow, graduated_after_leave),
    ),
    "MRK-07": (
        (record_status_differs, record_left_behind, record_behind_since_yesterday, withdrawn_record_kept),
        (record_follows_today, record_follows_soon, withdrawn_and_cancelled),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
