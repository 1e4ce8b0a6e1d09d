"""What may happen to someone who is planted on: clean events, which a planter then spoils in one place."""

from typing import Any

import numpy as np

from facts.demo.attendance import EXCUSED
from facts.demo.changes import IMPLIED, LEAVING, clean
from facts.demo.days import CURRENT
from facts.demo.lists import KINDS
from facts.demo.picks import NOW, YEAR, Picks, day
from facts.demo.store import NO_DAY
from facts.demo.systems import FIRST_HANDOVER, UNITS
from facts.demo.welcome import rows as welcome_rows

AWAY = ("休学", "保留学籍", *LEAVING)


class Plot(Picks):
    """The college, as planters see it."""

    def excuse(self, who: int, first: Any, result: int = EXCUSED) -> None:
        """From a day on every call is 请假 (or another result)."""
        self.sheet("attendance").set(self.calls(who, first), result=result)

    def never_registers(self, who: int) -> None:
        self.drop("registration", who, term=NOW)

    def never_comes(self, who: int) -> None:
        """Neither registered nor in lessons in the current term."""
        self.never_registers(who)
        self.sheet("attendance").drop(self.calls(who))

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
        self.put("fee", who, {"academic_year": YEAR, "item": "学费"}, **{"paid": 0, "relief": 0, "aid": None} | values)

    def defer(self, who: int, until: str, term: str = NOW, **values: Any) -> None:
        """An approved deferral of a student."""
        by = self.days.report_by[self.days.terms.index(term)]
        row: dict[str, Any] = {"student_no": self.no(who), "term": term, "until": day(until), "approver": "学生处"}
        row |= {"applied_on": by - 4, "approved_on": by - 2}
        self.sheet("deferral").add(who, **row | values)

    def apply(self, who: int, year: int = 2026, **values: Any) -> None:
        """A complete row of the intake of a year for someone who has none."""
        klass = int(self.rng.choice(np.flatnonzero(self.college.classes.grade == 2026)))
        made = welcome_rows(
            self.rng, self.college.people, self.college.classes, np.array([who]), np.array([year]), np.array([klass])
        )
        row = {name: column[0] for name, column in made.columns.items()}
        self.sheet("welcome").add(who, **row | {"ticket_no": f"{year % 100:02d}9{who:08d}"} | values)

    def identity(self, who: int) -> dict[str, Any]:
        """What says who a person is, for rows under another number."""
        people = self.college.people
        return {name: getattr(people, name)[who] for name in ("id_number", "name", "sex", "birth_on", "ethnicity")}

    def lone_record(self, who: int, **values: Any) -> None:
        """A record of someone who stands in no other table."""
        people = self.college.people
        row: dict[str, Any] = {"platform": "学信网", "student_no": self.no(who), "id_number": people.id_number[who]}
        row |= {"name": people.name[who], "level": "专科", "major": "会计", "entered_on": day("2024-09-01")}
        row |= {"status": "在籍", "registered_on": day("2024-10-20"), "annual_registration": YEAR}
        self.sheet("record").add(who, **row | values)

    def become(self, who: int, other: int) -> None:
        """One person stands in the rows of another's name: same identity, another student number."""
        people = self.college.people
        named = {"id_number": people.id_number[other], "name": people.name[other]}
        more = {"sex": people.sex[other], "birth_on": people.birth_on[other], "ethnicity": people.ethnicity[other]}
        self.put("record", who, **named)
        self.put("student", who, **named, **more)
        self.put("welcome", who, **named, **more)

    def entered(self, who: int, on: Any) -> None:
        """Entered on that day, by both platforms; too long ago for the intakes of the exports."""
        self.put("student", who, entered_on=on)
        self.put("record", who, entered_on=on)
        self.drop("welcome", who)

    def comes_back(self, who: int, on: Any) -> None:
        """From spring to the day before `on`, which is after report_by, 休学; back, registered and in lessons since."""
        self.change(who, "休学", self.pick("2026-04-08", "2026-05-29"), until=on - 1)
        self.change(who, "复学", on, marked_school_on=on + 1, marked_record_on=on + 1)
        self.drop("checkin", who, term=NOW)
        rows = self.calls(who)
        self.sheet("attendance").drop(rows[self.called_on(rows) < on])
        self.put("registration", who, {"term": NOW}, registered_on=on)

    def away(self, who: int, first: Any, last: Any, *, whole_class: bool = False) -> None:
        """An arrangement (实习安排) of the student, or of the class."""
        row = {"class_no": self.row("student", who)["class_no"], "student_no": None if whole_class else self.no(who)}
        self.sheet("placement").add(-1, **row, from_on=first, until=last, kind="顶岗实习")

    def renumbered(self, kind: str, old_no: str, new_no: str) -> None:
        """编号对照 says that a number (学号 or 班级号) became another."""
        row = {"kind": kind, "old_no": old_no, "new_no": new_no}
        self.sheet("renumbering").add(-1, **row, changed_on=day("2026-11-02"), basis="学籍异动")

    def spaced(self, text: str) -> str:
        """A major written with a blank in it, which is the same major."""
        return f"{text[:2]} {text[2:]}"

    def before(self, who: int, **values: Any) -> None:
        """In the earlier snapshot the person's student row had these values; without any it was not there yet."""
        self.college.earlier[who] = values or None

    @property
    def newcomers_by(self) -> np.datetime64:
        """The day by which this year's new students report, where their batch has no day of its own."""
        return np.datetime64(self.days.report_by[CURRENT], "D")

    # -- events ----------------------------------------------------------------------------------------------------

    def change(
        self, who: int, kind: str, issued_on: Any, *, reason: str = "其他", pending: bool = False, **values: Any
    ) -> str:
        """A clean change, with its handover, in which `values` are put; its number. Nothing else about the person
        changes. `pending`: every step is done but the issue, which would have been on that day."""
        has_record = np.array([KINDS[self.college.people.kind[who]].has_record])
        issued = np.array([issued_on], dtype="datetime64[D]")
        columns = clean(
            self.rng, self.days, np.array([kind], dtype=object), np.array([reason], dtype=object), issued, has_record
        )
        year = str(issued[0])[:4]
        if year not in self.numbers:
            known = self.sheet("change")["change_no"].astype("U11")
            self.numbers[year] = int(np.strings.startswith(known, f"YD{year}").sum())
        self.numbers[year] += 1
        number = f"YD{year}{self.numbers[year]:05d}"
        row = {name: column[0] for name, column in columns.items()}
        row |= {"change_no": number, "student_no": self.no(who)} | values
        if not pending and kind in AWAY:
            since = self.calls(who, issued[0])
            self.sheet("attendance").drop(since[self.called_on(since) < self.days.starts_on[CURRENT]])
        if pending:
            later = ("issued_on", "effective_on", "marked_school_on", "marked_record_on", "filed_on", "notified_on")
            row |= dict.fromkeys(later, NO_DAY) | {"document_no": None}
        else:
            gives, takes = UNITS[kind]
            if issued[0] >= FIRST_HANDOVER:
                units = {"from_unit": gives, "to_unit": takes, "handed_on": issued[0], "received_on": issued[0]}
                self.sheet("handover").add(who, change_no=number, **units)
        self.sheet("change").add(who, **row)
        return number

    def leave(
        self,
        who: int,
        issued_on: Any,
        *,
        kind: str = "休学",
        until: str = "2027-09-20",
        reason: str = "",
        **values: Any,
    ) -> str:
        """A leave that has begun: the status, and nothing attended, registered or paid after it. 保留学籍 is for 入伍
        unless another reason is given."""
        self.stops_coming(who, np.datetime64(issued_on, "D"))
        self.status(who, kind)
        reason = reason or ("入伍" if kind == "保留学籍" else "其他")
        return self.change(who, kind, issued_on, reason=reason, **{"until": day(until)} | values)

    def withdraw(self, who: int, issued_on: Any, *, kind: str = "自愿退学", reason: str = "其他", **values: Any) -> str:
        """A 退学, 转出, 开除学籍 or 死亡 that is done."""
        self.stops_coming(who, np.datetime64(issued_on, "D"))
        self.status(who, IMPLIED[kind])
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
