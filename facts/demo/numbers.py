"""Students and a class that got another number (编号对照): what was written before still bears the old one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from facts.demo.lists import KINDS
from facts.demo.lives import Lives
from facts.demo.people import NEWEST, Classes, People
from facts.demo.store import Flags, Sheet

STUDENTS_ON = np.datetime64("2026-11-09")
"""When students were given other numbers: from that day on systems write them."""
TWICE_ON = np.datetime64("2026-11-16")
"""When one of them was given yet another."""
CLASS_ON = np.datetime64("2026-11-02")
_SHARE = 0.002
"""Of the students in school."""
_CATEGORY = "综合评价"
"""Of the class that is renumbered."""


@dataclass(frozen=True)
class Number:
    who: int
    """Index into `People`; -1: a class."""
    old: str
    new: str


@dataclass(frozen=True)
class Numbers:
    students: tuple[Number, ...]
    twice: Number
    """The student whose number was changed twice; `old` is the one between."""
    group: Number

    def touched(self, people: People, classes: Classes) -> Flags:
        """Who was renumbered, or is in the class that was."""
        flags: Flags = classes.class_no[people.class_of] == self.group.new
        flags[[each.who for each in self.students]] = True
        return flags


def renumber(people: People, lives: Lives, classes: Classes, changes: Sheet) -> Numbers:
    """Gives some students, those after a 转专业 first, free numbers of their present class, and one class another
    number, in place. The table of changes keeps the old numbers."""
    here = people.placed & (lives.status == "在读") & (people.grade < NEWEST)
    wanted = max(3, round(_SHARE * int(here.sum())))
    moved = np.unique(changes.who[changes["kind"] == "转专业"])
    who = np.concatenate([moved[here[moved]], np.flatnonzero(here & lives.quiet)])[:wanted]
    students, between = [], ""
    for place, each in enumerate(who.tolist()):
        klass = str(classes.class_no[people.class_of[each]])
        old, new = str(people.student_no[each]), f"{klass}{99 - place % 30}"
        between = between or f"{klass}69"
        students.append(Number(each, old, new))
        people.student_no[each] = new
    kind = next(i for i, k in enumerate(KINDS) if k.category == _CATEGORY)
    group = int(np.flatnonzero((classes.kind == kind) & (classes.grade == NEWEST - 1))[0])
    number = Number(-1, str(classes.class_no[group]), f"{classes.class_no[group][:6]}81")
    classes.class_no[group] = number.new
    lives.quiet[who] = False
    return Numbers(tuple(students), Number(students[0].who, between, students[0].new), number)


def table(numbers: Numbers) -> Sheet:
    """编号对照, with a chain of two for whoever was renumbered twice."""
    first, *others = numbers.students
    rows = [
        ("学号", first.old, numbers.twice.old, STUDENTS_ON, "学号更正"),
        ("学号", numbers.twice.old, first.new, TWICE_ON, "学号再次更正"),
        *(("学号", each.old, each.new, STUDENTS_ON, "转专业后重新编号") for each in others),
        ("班级号", numbers.group.old, numbers.group.new, CLASS_ON, "班级重新编号"),
    ]
    who = np.array([each.who for each in (first, first, *others, numbers.group)], dtype=np.int64)
    columns = list(zip(*rows, strict=True))
    texts = [np.array(columns[i], dtype=object) for i in (0, 1, 2, 4)]
    return Sheet(
        who, kind=texts[0], old_no=texts[1], new_no=texts[2], changed_on=np.array(columns[3], dtype="datetime64[D]"),
        basis=texts[3],
    )  # fmt: skip


def under_old_number(sheet: Sheet, rows: Flags, numbers: Numbers) -> None:
    """Puts the old numbers of students into those rows that bear their new ones, in place."""
    for each in numbers.students:
        sheet.set(rows & (sheet.who == each.who) & (sheet["student_no"] == each.new), student_no=each.old)


def under_old_numbers(sheets: Mapping[str, Sheet], numbers: Numbers, as_of: np.datetime64) -> None:
    """Puts back the old numbers that held on a day, and drops what 编号对照 says of later, in place."""
    for name, sheet in sheets.items():
        if "student_no" in sheet.columns and as_of < STUDENTS_ON:
            under_old_number(sheet, np.ones(len(sheet.who), dtype=bool), numbers)
        if "class_no" in sheet.columns and as_of < CLASS_ON:
            sheet.set(sheet["class_no"] == numbers.group.new, class_no=numbers.group.old)
        if name == "renumbering":
            sheet.drop(sheet["changed_on"] > as_of)
