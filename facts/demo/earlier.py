"""The earlier snapshot that the made-up college is compared with: its students as they stood at the last meeting."""

from datetime import date
from typing import Any

import numpy as np

from facts.demo.changes import LEAVING
from facts.demo.college import College
from facts.demo.numbers import under_old_numbers
from facts.demo.store import Objects, Sheet

EARLIER_AS_OF = date(2026, 10, 28)
FOLDER = "2026-10"
"""Inside the snapshot's own folder; its snapshot.toml names it."""
_STATUS = {"休学": "在读", "保留学籍": "在读", "复学": "休学"} | dict.fromkeys(LEAVING, "在读")
"""The status in school before a change of the kind."""
_MOVES = ("转专业", "留级", "复学")
"""Changes with which a class may change."""


def students_before(college: College) -> Sheet:
    """The student table of the earlier snapshot; call it when everything is planted and the sheets are finished."""
    now, changes = college.sheets["student"], college.sheets["change"]
    before = Sheet(now.who.copy(), **{name: column.copy() for name, column in now.columns.items()})
    since = changes["issued_on"] > np.datetime64(EARLIER_AS_OF)
    _undo_status(before, changes.who[since], changes["kind"][since])
    _undo_move(before, changes.who[since & np.isin(changes["kind"].astype("U"), _MOVES)], college)
    for who, values in college.earlier.items():
        if values is None:
            before.drop(before.rows(who))
        else:
            before.set(before.rows(who), **values)
    before.finish()
    under_old_numbers({"student": before}, college.numbers, np.datetime64(EARLIER_AS_OF))
    return before


def _undo_status(sheet: Sheet, who: Any, kinds: Objects) -> None:
    former = {
        int(person): _STATUS[kind] for person, kind in zip(who[::-1], kinds[::-1], strict=True) if kind in _STATUS
    }
    rows = np.flatnonzero(np.isin(sheet.who, list(former)) & (sheet["status"] != "在读"))
    sheet.set(rows, status=np.array([former[int(person)] for person in sheet.who[rows]], dtype=object))


def _undo_move(sheet: Sheet, who: Any, college: College) -> None:
    rows = np.flatnonzero(np.isin(sheet.who, who))
    old = college.people.admitted[sheet.who[rows]]
    for name in ("class_no", "major", "college"):
        sheet.set(rows, **{name: getattr(college.classes, name)[old]})
