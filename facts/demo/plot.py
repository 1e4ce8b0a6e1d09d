"""What planting needs: untouched people to pick from, and clean events that a planter may then spoil in one place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from facts.demo.attendance import ABSENT, EARLY, EXCUSED, STUDY
from facts.demo.changes import clean
from facts.demo.college import College
from facts.demo.days import CURRENT, Days
from facts.demo.lists import KINDS
from facts.demo.store import NO_DAY, Flags, Ints, Sheet
from facts.demo.systems import UNITS
from facts.demo.welcome import rows as welcome_rows

NOW = "2026-2027-1"
YEAR = "2026-2027"
SPRING = "2025-2026-2"
DEGREE_LEVELS = ("本科", "专科")


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


@dataclass(frozen=True)
class Planted:
    """One finding that a check must report."""

    rule: str
    key: tuple[tuple[str, str], ...]


def planted(rule: str, **key: str) -> Planted:
    return Planted(rule, tuple(key.items()))


@dataclass
class Plot:
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

    @staticmethod
    def of(rng: np.random.Generator, college: College) -> "Plot":
        people = len(college.people.kind)
        return Plot(rng, college, np.ones(people, dtype=bool), rng.permutation(people))

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
            raise ValueError("编造的学生太少，安排不下所有违规样例，请增加学生数。")
        who = int(found[0])
        self.free[who] = False
        self.victims.append(who)
        return who

    def student(
        self, levels: Iterable[str] = DEGREE_LEVELS, grades: Iterable[int] = range(2022, 2027), *, movable: bool = False
    ) -> int:
        """An ordinary student in school. `movable`: with another major to go to."""
        people, classes = self.college.people, self.college.classes
        kinds = [i for i, k in enumerate(KINDS) if k.level in set(levels)]
        among = self.college.ordinary & np.isin(people.kind, kinds) & np.isin(people.grade, list(grades))
        if movable:
            among = among & (classes.other[people.class_of] >= 0)
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
        return self.take((lives.graduated_in > 0) & lives.quiet & (lives.status == "毕业") & np.isin(people.grade, list(grades)))

    def outsider(self) -> int:
        """Someone who stands in no table."""
        used = np.isin(np.arange(len(self.free)), self.sheet("welcome").who)
        return self.take(~self.college.people.placed & ~used)

    def no(self, who: int) -> str:
        return str(self.college.people.student_no[who])

    def exam(self, who: int) -> str:
        return str(self.college.people.exam_no[who])

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

    def drop(self, table: str, who: int, **where: Any) -> None:
        self.sheet(table).drop(self.rows(table, who, **where))

    def calls(self, who: int, first: Any = None) -> Ints:
        """The roll-call rows of a person, from a day on."""
        found = self.sheet("attendance").rows(who)
        return found if first is None else found[self.called_on(found) >= first]

    def called_on(self, rows: Ints) -> Any:
        return self.days.teaching[self.sheet("attendance")["day"][rows]]

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

    def excuse(self, who: int, first: Any, result: int = EXCUSED) -> None:
        """From a day on every call is 请假 (or another result)."""
        self.sheet("attendance").set(self.calls(who, first), result=result)

    def attend_all(self, who: int, first: Any, last: Any) -> None:
        """No absence between two days, both inclusive."""
        sheet, rows = self.sheet("attendance"), self.calls(who, first)
        rows = rows[self.called_on(rows) <= last]
        sheet.set(rows[sheet["result"][rows] == ABSENT], result=EXCUSED)

    def never_registers(self, who: int) -> None:
        self.drop("registration", who, term=NOW)

    def stops_coming(self, who: int, first: Any) -> None:
        """No calls from a day on; no registrations, check-ins and fees of terms and years that start after it."""
        self.sheet("attendance").drop(self.calls(who, first))
        later = {t for t, start in zip(self.days.terms, self.days.starts_on, strict=True) if start > first}
        for table in ("registration", "checkin"):
            rows = self.rows(table, who)
            self.sheet(table).drop(rows[np.isin(self.sheet(table)["term"][rows].astype("U"), sorted(later))])
        rows = self.rows("fee", who)
        years = [t[:9] for t in sorted(later) if t.endswith("-1")]
        self.sheet("fee").drop(rows[np.isin(self.sheet("fee")["academic_year"][rows].astype("U"), years)])

    def status(self, who: int, school: str, record: str | None = None) -> None:
        """The status on both platforms; on 学籍管理平台 the same unless given."""
        self.put("student", who, status=school)
        self.put("record", who, status=record or ("在籍" if school == "在读" else school))

    def unpaid(self, who: int, **values: Any) -> None:
        """Fees of the year in arrears, not registered as paid."""
        self.put("fee", who, {"academic_year": YEAR}, registered_on=NO_DAY)
        self.put("fee", who, {"academic_year": YEAR, "item": "学费"}, **{"paid": 0, "relief": 0} | values)

    def defer(self, who: int, until: str, term: str = NOW, **values: Any) -> None:
        """An approved deferral of a student."""
        by = self.days.report_by[self.days.terms.index(term)]
        row = {"student_no": self.no(who), "term": term, "applied_on": by - 4, "until": day(until), "approved_on": by - 2,
               "approver": "学生处"}  # fmt: skip
        self.sheet("deferral").add(who, **row | values)

    def apply(self, who: int, year: int = 2026, **values: Any) -> None:
        """A complete row of the intake of a year for someone who has none."""
        klass = int(self.rng.choice(np.flatnonzero(self.college.classes.grade == 2026)))
        made = welcome_rows(self.rng, self.college.people, self.college.classes, np.array([who]), np.array([year]), np.array([klass]))
        row = {name: column[0] for name, column in made.columns.items()}
        self.sheet("welcome").add(who, **row | {"ticket_no": f"{year % 100:02d}9{who:08d}"} | values)

    def become(self, who: int, other: int) -> None:
        """One person stands in the rows of another's name: same identity, another student number."""
        people = self.college.people
        named = {"id_number": people.id_number[other], "name": people.name[other]}
        more = {"sex": people.sex[other], "birth_on": people.birth_on[other], "ethnicity": people.ethnicity[other]}
        self.put("record", who, **named)
        self.put("student", who, **named, **more)
        self.put("welcome", who, **named, **more)

    # -- events ----------------------------------------------------------------------------------------------------

    def change(self, who: int, kind: str, issued_on: Any, *, reason: str = "其他", **values: Any) -> str:
        """A clean change, with its handover, in which `values` are put; its number. Nothing else about the person
        changes. Without `issued_on` in `values` it is issued; `issued_on=NO_DAY` there makes it pending."""
        has_record = np.array([KINDS[self.college.people.kind[who]].has_record])
        issued = np.array([issued_on], dtype="datetime64[D]")
        columns = clean(self.rng, self.days, np.array([kind], dtype=object), np.array([reason], dtype=object), issued, has_record)
        year = str(issued[0])[:4]
        if year not in self.numbers:
            known = self.sheet("change")["change_no"].astype("U11")
            self.numbers[year] = int(np.strings.startswith(known, f"YD{year}").sum())
        self.numbers[year] += 1
        number = f"YD{year}{self.numbers[year]:05d}"
        row = {name: column[0] for name, column in columns.items()}
        row |= {"change_no": number, "student_no": self.no(who)} | values
        if np.isnat(row["issued_on"]):
            pending = ("document_no", "marked_school_on", "marked_record_on", "filed_on", "notified_on")
            row |= {name: None if name == "document_no" else NO_DAY for name in pending}
        else:
            units = UNITS[kind]
            self.sheet("handover").add(
                who, change_no=number, from_unit=units[0], to_unit=units[1], handed_on=issued[0], received_on=issued[0]
            )
        self.sheet("change").add(who, **row)
        return number

    def leave(self, who: int, issued_on: Any, *, kind: str = "休学", until: str = "2027-09-20", reason: str = "其他", **values: Any) -> str:
        """A leave that has begun: the status, and nothing attended, registered or paid after it."""
        self.stops_coming(who, np.datetime64(issued_on, "D"))
        self.status(who, kind)
        return self.change(who, kind, issued_on, reason="入伍" if kind == "保留学籍" else reason, **{"until": day(until)} | values)

    def withdraw(self, who: int, issued_on: Any, *, kind: str = "自愿退学", reason: str = "其他", **values: Any) -> str:
        """A 退学 or 转出 that is done."""
        self.stops_coming(who, np.datetime64(issued_on, "D"))
        self.status(who, "转出" if kind == "转出" else "退学")
        return self.change(who, kind, issued_on, reason=reason, **values)

    def new_major(self, who: int, issued_on: Any, **values: Any) -> str:
        """A 转专业 that is done on both platforms; `who` is movable."""
        classes, people = self.college.classes, self.college.people
        old = int(people.class_of[who])
        new = int(classes.other[old])
        self.put("student", who, major=classes.major[new], class_no=classes.class_no[new], college=classes.college[new])
        self.put("record", who, major=classes.major[new])
        majors = {"from_major": classes.major[old], "to_major": classes.major[new]}
        return self.change(who, "转专业", issued_on, **majors | values)

    def repeat_year(self, who: int, term: int, **values: Any) -> str:
        """A 留级 applied for in time in a term (index); the class stays."""
        place = int(self.days.place(self.days.starts_on[term] + 3)) + 10 + int(self.rng.integers(0, 6))
        return self.change(who, "留级", self.days.working[place], **values)

    def issued_for(self, due_on: Any) -> np.datetime64:
        """The day on which a change must be issued to be due for marking on a working day."""
        return np.datetime64(self.days.working[int(self.days.place(due_on)) - 15], "D")
