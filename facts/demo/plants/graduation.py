"""Planted cases of the length of study, and of graduations and certificates (附表4, 四-7): STY-01, GRD-*."""

from collections.abc import Callable, Iterator

from facts.demo.days import AS_OF
from facts.demo.lists import KINDS
from facts.demo.picks import Planted, day, planted
from facts.demo.plot import Plot
from facts.demo.store import NO_DAY

# -- STY-01 超过最长学习年限 -----------------------------------------------------------------------------------------


def too_long(plot: Plot) -> Iterator[Planted]:
    """In school for more years than the longest allowed."""
    who = plot.older()
    plot.put("student", who, entered_on=day("2018-09-01"))
    yield planted("STY-01", student_no=plot.no(who))


def too_long_by_a_day(plot: Plot) -> Iterator[Planted]:
    """The longest study allowed ended the day before as_of."""
    who = plot.older()
    _ends(plot, who, AS_OF.day - 1)
    yield planted("STY-01", student_no=plot.no(who))


def too_long_on_leave(plot: Plot) -> Iterator[Planted]:
    """On leave beyond the longest study allowed."""
    who = plot.older()
    plot.leave(who, plot.pick("2026-09-14", "2026-10-30"))
    plot.put("student", who, entered_on=day("2018-09-01"))
    yield planted("STY-01", student_no=plot.no(who))


def too_long_in_service(plot: Plot) -> Iterator[Planted]:
    """保留学籍 beyond the longest study allowed."""
    who = plot.older()
    plot.leave(who, plot.pick("2026-03-23", "2026-06-12"), kind="保留学籍", until="2028-03-20")
    _ends(plot, who, AS_OF.day - 1)
    yield planted("STY-01", student_no=plot.no(who))


def study_ends_today(plot: Plot) -> Iterator[Planted]:
    """The longest study allowed ends on as_of itself."""
    _ends(plot, plot.older(), AS_OF.day)
    yield from ()


def left_in_time(plot: Plot) -> Iterator[Planted]:
    """Long beyond it, but withdrawn."""
    who = plot.older()
    plot.withdraw(who, plot.pick("2026-03-23", "2026-06-12"))
    plot.put("student", who, entered_on=day("2018-09-01"))
    yield from ()


def _ends(plot: Plot, who: int, of_month: int) -> None:
    """The longest study allowed, two years beyond its length, ends on that day of the month of as_of."""
    years = KINDS[int(plot.college.people.kind[who])].years
    plot.put("student", who, entered_on=day(f"{AS_OF.year - years - 2}-{AS_OF.month}-{of_month}"))


# -- GRD-01 未经初审或终审而发证, GRD-02 未电子注册而发证 ------------------------------------------------------------


class Handed:
    """A certificate handed out on the day of registration; dates of the row are put so many days from it, or away."""

    def __init__(self, rule: str, what: str, **dates: int | None) -> None:
        self.rule, self.dates, self.__doc__ = rule, dates, what

    def __call__(self, plot: Plot) -> Iterator[Planted]:
        who = plot.graduate()
        sheet, rows = plot.sheet("graduation"), plot.rows("graduation", who)
        on = sheet["registered_on"][rows].copy()
        moved = {name: NO_DAY if later is None else on + later for name, later in self.dates.items()}
        sheet.set(rows, **{"delivered_on": on, "recovered_on": NO_DAY, "archived_on": NO_DAY} | moved)
        if self.rule:
            yield planted(self.rule, student_no=plot.no(who))


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


Shapes = tuple[Callable[[Plot], Iterator[Planted]], ...]
SHAPES: dict[str, tuple[Shapes, Shapes]] = {
    "STY-01": ((too_long, too_long_by_a_day, too_long_on_leave, too_long_in_service), (study_ends_today, left_in_time)),
    "GRD-01": (
        (
            Handed("GRD-01", "Handed out, 教务处 never reviewed.", academic_on=None),
            Handed("GRD-01", "Handed out, the college never reviewed.", college_on=None),
            Handed("GRD-01", "教务处 reviewed the day after it was handed out.", academic_on=1),
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
}
"""By rule: shapes of violations, shapes of near misses."""
