"""Whom to plant on, and where their rows are: untouched people of every kind, and rows to change, drop and add."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from facts.demo.attendance import EARLY, STUDY
from facts.demo.college import College
from facts.demo.days import CURRENT, Days
from facts.demo.lists import KINDS
from facts.demo.store import Flags, Ints, Sheet
from facts.demo.systems import FIRST_ARCHIVED
from facts.model.refusal import DataError

NOW = "2026-2027-1"
YEAR = "2026-2027"
SPRING = "2025-2026-2"
DEGREE_LEVELS = ("本科", "专科")
MIXABLE = 5
"""A class with fewer students is not mixed: too few might stay."""


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


@dataclass(frozen=True)
class Planted:
    """One finding that a check must report."""

    rule: str
    key: tuple[tuple[str, str], ...]


def planted(rule: str, **key: str) -> Planted:
    return Planted(rule, tuple(key.items()))


def this_term(student_no: str, *rules: str) -> list[Planted]:
    """One finding a rule about a student in the current term."""
    return [planted(rule, student_no=student_no, term=NOW) for rule in rules]


@dataclass
class Picks:
    rng: np.random.Generator
    college: College
    free: Flags
    """A person whom no planter has touched."""
    order: Ints
    """In which order people are picked."""
    spoilt: list[int] = field(default_factory=list)
    """Classes that are mixed already."""
    victims: list[int] = field(default_factory=list)
    """Whom the planter at work has picked."""
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rng: np.random.Generator, college: College) -> Self:
        people = len(college.people.kind)
        return cls(rng, college, np.ones(people, dtype=bool), rng.permutation(people))

    # -- whom ------------------------------------------------------------------------------------------------------

    @property
    def days(self) -> Days:
        return self.college.days

    def sheet(self, table: str) -> Sheet:
        return self.college.sheets[table]

    def take(self, among: Flags) -> int:
        """An untouched person of those; they are touched from now on."""
        found = self.order[(self.free & among)[self.order]]
        if not len(found):
            raise DataError("编造的学生太少，安排不下所有违规样例，请增加学生数。")
        who = int(found[0])
        self.free[who] = False
        self.victims.append(who)
        return who

    def student(
        self,
        levels: Iterable[str] = DEGREE_LEVELS,
        grades: Iterable[int] = range(2022, 2027),
        *,
        movable: bool = False,
        unspoilt: bool = False,
    ) -> int:
        """An ordinary student in school. `movable`: with another major to go to; `unspoilt`: in a class not mixed."""
        people, classes = self.college.people, self.college.classes
        kinds = [i for i, k in enumerate(KINDS) if k.level in set(levels)]
        among = self.college.ordinary & np.isin(people.kind, kinds) & np.isin(people.grade, list(grades))
        if movable:
            among = among & (classes.other[people.class_of] >= 0)
        if unspoilt:
            among = among & ~np.isin(people.class_of, self.spoilt) & (classes.size[people.class_of] >= MIXABLE)
        return self.take(among)

    def returning(self, levels: Iterable[str] = DEGREE_LEVELS) -> int:
        """An ordinary student in at least the second year."""
        return self.student(levels, range(2022, 2026))

    def older(self, levels: Iterable[str] = DEGREE_LEVELS) -> int:
        """An ordinary student in at least the third year."""
        return self.student(levels, range(2022, 2025))

    def freshman(self) -> int:
        return self.student(grades=(2026,))

    def graduate(self, grades: Iterable[int] = range(2015, 2023)) -> int:
        lives, people = self.college.lives, self.college.people
        return self.take(
            (lives.graduated_in >= FIRST_ARCHIVED)
            & lives.quiet
            & (lives.status == "毕业")
            & np.isin(people.grade, list(grades))
        )

    def left_long_ago(self) -> int:
        """Someone of before the regulation, who graduated in a year whose graduates are not in the exports."""
        lives, people = self.college.lives, self.college.people
        there = (lives.graduated_in > 0) & (lives.graduated_in < FIRST_ARCHIVED) & lives.quiet
        return self.take(there & (people.grade < 2020))

    def outsider(self) -> int:
        """Someone who stands in no table."""
        used = np.isin(np.arange(len(self.free)), self.sheet("welcome").who)
        return self.take(~self.college.people.placed & ~used)

    def no(self, who: int) -> str:
        return str(self.college.people.student_no[who])

    def exam(self, who: int) -> str:
        return str(self.college.people.exam_no[who])

    def id(self, who: int) -> str:
        return str(self.college.people.id_number[who])

    def pick(self, first: str, last: str) -> np.datetime64:
        """A working day between two days, both inclusive."""
        days = self.days.working
        return np.datetime64(self.rng.choice(days[(days >= day(first)) & (days <= day(last))]), "D")

    # -- rows ------------------------------------------------------------------------------------------------------

    def rows(self, table: str, who: int, **where: Any) -> Ints:
        """The rows of a person, where columns have the values given."""
        sheet = self.sheet(table)
        found = sheet.rows(who)
        for column, value in where.items():
            found = found[sheet[column][found] == value]
        return found

    def put(self, table: str, who: int, where: dict[str, Any] | None = None, **values: Any) -> None:
        """Write values into a person's rows."""
        self.sheet(table).set(self.rows(table, who, **(where or {})), **values)

    def row(self, table: str, who: int) -> dict[str, Any]:
        """The values of a person's first row."""
        row = int(self.rows(table, who)[0])
        return {name: column[row] for name, column in self.sheet(table).columns.items()}

    def drop(self, table: str, who: int, **where: Any) -> None:
        self.sheet(table).drop(self.rows(table, who, **where))

    def calls(self, who: int, first: Any = None) -> Ints:
        """The roll-call rows of a person, from a day on; without one, of the current term."""
        found = self.sheet("attendance").rows(who)
        first = self.days.starts_on[CURRENT] if first is None else first
        return found[self.called_on(found) >= first]

    def called_on(self, rows: Ints) -> Any:
        return self.days.called[self.sheet("attendance")["day"][rows]]

    def spring_calls(self, who: int) -> Ints:
        """The roll-call rows of a person in the term before."""
        found = self.sheet("attendance").rows(who)
        return found[self.called_on(found) < self.days.starts_on[CURRENT]]

    def late_calls(self, who: int) -> Ints:
        return self.calls(who, self.days.report_by[CURRENT] + 1)

    def first_late(self, who: int) -> np.datetime64:
        """The first day after report_by on which the person attended."""
        sheet, late = self.sheet("attendance"), self.late_calls(who)
        came = late[(sheet["result"][late] <= EARLY) & (sheet["mode"][late] == STUDY)]
        return np.datetime64(self.called_on(came).min(), "D")

    def call(self, who: int, on: Any, result: int, mode: int = STUDY) -> None:
        """One more roll call; `on` is a teaching day."""
        place = int(np.searchsorted(self.days.teaching, on))
        self.sheet("attendance").add(who, day=place, course=who % 7, result=result, mode=mode)
