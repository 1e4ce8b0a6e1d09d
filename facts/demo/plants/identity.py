"""Planted cases of two records of one person (五-2): IDN-01, IDN-02."""

from collections.abc import Iterator

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot

# -- IDN-01 同一人两个在籍学籍 ---------------------------------------------------------------------------------------


def two_platforms(plot: Plot) -> Iterator[Planted]:
    """One student number on both platforms."""
    who = plot.returning(("专科",))
    plot.sheet("record").add(who, **plot.row("record", who) | {"platform": "中职学籍系统"})
    yield planted("IDN-01", id_number=plot.id(who))


def two_numbers(plot: Plot) -> Iterator[Planted]:
    """Two student numbers on one platform, both of one intake."""
    who, again = plot.student(("本科",), (2025,)), plot.student(("专科",), (2025,))
    plot.become(again, who)
    yield planted("IDN-01", id_number=plot.id(who))


def admitted_again_with_both(plot: Plot) -> Iterator[Planted]:
    """Admitted again this year: the new record was made, the old one never cancelled."""
    who, again = plot.older(("专科",)), plot.freshman()
    plot.become(again, who)
    yield planted("IDN-01", id_number=plot.id(who))
    yield planted("IDN-02", id_number=plot.id(who))


def three_records(plot: Plot) -> Iterator[Planted]:
    """Three records of one person."""
    who, second, third = (
        plot.student(("本科",), (2024,)),
        plot.student(("专科",), (2024,)),
        plot.student(("专科",), (2024,)),
    )
    plot.become(second, who)
    plot.become(third, who)
    yield planted("IDN-01", id_number=plot.id(who))


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
    yield planted("IDN-02", id_number=plot.id(who))


def admitted_again_on_leave(plot: Plot) -> Iterator[Planted]:
    """Admitted again while 休学 in the old course."""
    who, again = plot.returning(("本科",)), plot.freshman()
    plot.leave(who, plot.pick("2026-04-08", "2026-05-29"), until="2027-03-20")
    plot.become(again, who)
    plot.drop("record", again)
    yield planted("IDN-02", id_number=plot.id(who))


def reported_under_old_number(plot: Plot) -> Iterator[Planted]:
    """Reported as a new student; only the old student row is there (ADM-03)."""
    who, again = plot.returning(), plot.outsider()
    plot.apply(again, arrival="已报到", arrived_on=day("2026-09-02"), **plot.identity(who))
    yield planted("IDN-02", id_number=plot.id(who))
    yield planted("ADM-03", exam_no=plot.exam(again))


def admitted_again_and_cancelled(plot: Plot) -> Iterator[Planted]:
    """Admitted again, and the old record cancelled as it must be."""
    who, again = plot.returning(), plot.freshman()
    plot.stops_coming(who, day("2026-08-25"))
    plot.change(who, "取消学籍", day("2026-08-25"), reason="重新录取")
    plot.status(who, "退学", "取消学籍")
    plot.become(again, who)
    yield from ()


def admitted_again_and_stayed(plot: Plot) -> Iterator[Planted]:
    """Admitted elsewhere in the college, did not report, was cleared: stays with the old record."""
    who, again = plot.returning(), plot.outsider()
    plot.apply(again, arrival="未报到", cleared_on=day("2026-09-14"), **plot.identity(who))
    yield from ()


SHAPES = {
    "IDN-01": ((two_platforms, two_numbers, admitted_again_with_both, three_records), (graduate_again,)),
    "IDN-02": (
        (admitted_again, reported_under_old_number, admitted_again_on_leave),
        (admitted_again_and_cancelled, admitted_again_and_stayed),
    ),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
