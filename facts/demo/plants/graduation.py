"""Planted cases of graduations and certificates (四-7): GRD-01 to GRD-04, GRD-06 to GRD-08."""

from collections.abc import Callable, Iterator
from typing import Any

from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- GRD-01 未经初审或终审而发证, GRD-02 未电子注册而发证 ------------------------------------------------------------


class Handed:
    """A certificate handed out on the day of registration; dates of the row are put so many days from it, or away."""

    def __init__(self, rules: str, what: str, **dates: int | None) -> None:
        self.rules, self.dates, self.__doc__ = rules.split(), dates, what

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        who = plot.graduate()
        sheet, rows = plot.sheet("graduation"), plot.rows("graduation", who)
        on = sheet["registered_on"][rows].copy()
        moved = {name: NO_DAY if later is None else on + later for name, later in self.dates.items()}
        sheet.set(rows, **{"delivered_on": on, "recovered_on": NO_DAY, "archived_on": NO_DAY} | moved)
        for rule in self.rules:
            yield planted(rule, student_no=plot.no(who))


# -- GRD-03 未发放证书未回收移交 -------------------------------------------------------------------------------------


class Kept:
    """A certificate that was not handed out: registered so many days before as_of; recovered and archived, or not."""

    def __init__(self, rule: str, what: str, registered: int, recovered: int | None, archived: int | None) -> None:
        self.rule, self.ago, self.__doc__ = rule, (registered, recovered, archived), what

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        who = plot.graduate()
        registered, recovered, archived = (NO_DAY if ago is None else plot.days.as_of - ago for ago in self.ago)
        plot.put(
            "graduation",
            who,
            registered_on=registered,
            delivered_on=NO_DAY,
            recovered_on=recovered,
            archived_on=archived,
        )
        if self.rule:
            yield planted(self.rule, student_no=plot.no(who))


# -- GRD-04 已毕业仍为在读 -------------------------------------------------------------------------------------------


def graduated_in_school(plot: Plot) -> Iterator[Planted]:
    """Passed the final review, and still in school."""
    yield from _reviewed(plot, "2026-11-10", "毕业")


def graduated_today(plot: Plot) -> Iterator[Planted]:
    """Passed the final review on as_of (结业), and still in school."""
    yield from _reviewed(plot, str(plot.days.as_of), "结业")


def _reviewed(plot: Plot, academic_on: str, conclusion: str) -> Iterator[Planted]:
    who = plot.older()
    reviews = {"college_on": day("2026-10-20"), "academic_on": day(academic_on)}
    plot.sheet("graduation").add(who, student_no=plot.no(who), conclusion=conclusion, **reviews)
    yield planted("GRD-04", student_no=plot.no(who))


def reviewed_by_the_college(plot: Plot) -> Iterator[Planted]:
    """Passed the first review only, and still in school."""
    who = plot.older()
    plot.sheet("graduation").add(who, student_no=plot.no(who), conclusion="毕业", college_on=day("2026-11-10"))
    yield from ()


# -- GRD-07 无学籍而发证, GRD-08 证书编号重复 ------------------------------------------------------------------------


def handed_out_without_record(plot: Plot) -> Iterator[Planted]:
    """A certificate was handed out to a graduate who has no record."""
    who = plot.graduate()
    plot.drop("record", who)
    plot.put("graduation", who, **_HANDED_OUT)
    yield planted("GRD-07", student_no=plot.no(who))


def handed_out_with_a_cancelled_record(plot: Plot) -> Iterator[Planted]:
    """A certificate was handed out to a graduate whose record is cancelled."""
    who = plot.graduate()
    plot.put("record", who, status="取消学籍")
    plot.put("graduation", who, **_HANDED_OUT)
    yield from ()


def not_handed_out_without_record(plot: Plot) -> Iterator[Planted]:
    """A graduate has no record; the certificate was recovered and given to the archive."""
    who = plot.graduate()
    plot.drop("record", who)
    plot.put("graduation", who, **_HANDED_OUT | {"delivered_on": NO_DAY, "recovered_on": day("2026-07-20")})
    plot.put("graduation", who, archived_on=day("2026-07-21"))
    yield from ()


_HANDED_OUT: dict[str, Any] = {"registered_on": day("2026-07-01"), "delivered_on": day("2026-07-10")}
_HANDED_OUT |= {"recovered_on": NO_DAY, "archived_on": NO_DAY}


def one_number_twice(plot: Plot) -> Iterator[Planted]:
    """The certificates of two graduates bear one number."""
    who, other = plot.graduate(), plot.graduate()
    number = plot.row("graduation", who)["certificate_no"]
    plot.put("graduation", other, certificate_no=number)
    yield planted("GRD-08", certificate_no=str(number))


def one_row_twice(plot: Plot) -> Iterator[Planted]:
    """The row of a graduate stands there twice."""
    who = plot.graduate()
    plot.sheet("graduation").add(who, **plot.row("graduation", who))
    yield from ()


Shapes = tuple[Callable[[Plot], Iterator[Planted]], ...]
SHAPES: dict[str, tuple[Shapes, Shapes]] = {
    "GRD-01": (
        (
            Handed("GRD-01 GRD-06", "Handed out and registered, 教务处 never reviewed.", academic_on=None),
            Handed("GRD-01", "Handed out, the college never reviewed.", college_on=None),
            Handed("GRD-01 GRD-06", "教务处 reviewed the day after it was handed out.", academic_on=1),
            Handed("GRD-01", "The college reviewed the day after it was handed out.", college_on=1),
        ),
        (Handed("", "Both reviews on the day on which it was handed out.", academic_on=0, college_on=0),),
    ),
    "GRD-02": (
        (
            Handed("GRD-02", "Registered the day after it was handed out.", registered_on=1),
            Handed("GRD-02", "Handed out, never registered.", registered_on=None),
        ),
        (Handed("", "Registered on the day on which it was handed out."),),
    ),
    "GRD-03": (
        (
            Kept("GRD-03", "Registered 91 days ago, neither recovered nor archived.", 91, None, None),
            Kept("GRD-03", "Recovered, never given to the archive.", 150, 120, None),
            Kept("GRD-03", "In the archive, nobody entered the recovery.", 155, None, 100),
        ),
        (
            Kept("", "Registered 90 days ago, not handed out, not recovered.", 90, None, None),
            Kept("", "Given to the archive on as_of.", 160, 130, 0),
        ),
    ),
    "GRD-04": ((graduated_in_school, graduated_today), (reviewed_by_the_college,)),
    "GRD-06": (
        (
            Handed("GRD-06", "Registered the day before 教务处 reviewed.", academic_on=1, delivered_on=5),
            Handed("GRD-06", "Registered, recovered and archived; 教务处 never reviewed.", academic_on=None,
                   delivered_on=None, recovered_on=20, archived_on=21),
        ),
        (Handed("", "Registered on the day on which 教务处 reviewed.", academic_on=0),),
    ),
    "GRD-07": (
        (handed_out_without_record,), (handed_out_with_a_cancelled_record, not_handed_out_without_record),
    ),
    "GRD-08": ((one_number_twice,), (one_row_twice,)),
}  # fmt: skip
"""By rule: shapes of violations, shapes of near misses."""
