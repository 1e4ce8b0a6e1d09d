"""The made-up college as it stood on an earlier day: what bears no date of its own is put back.

Dates that lie later are left out when the exports are written; these are the values that follow from them: the status
on each platform, the class and the major.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from facts.demo.changes import IMPLIED, LEAVING
from facts.demo.college import College
from facts.demo.numbers import under_old_numbers
from facts.demo.store import Flags, Sheet

_MOVES = ("转专业", "留级", "复学")
"""Changes with which a class may change."""
_PLATFORMS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("student", "marked_school_on", {}), ("record", "marked_record_on", {"在读": "在籍"}),
)  # fmt: skip


def rewound(college: College, as_of: np.datetime64) -> College:
    """A copy as of that day, of a college nothing is planted in; the one given stays as it is."""
    sheets = {name: _copy(sheet) for name, sheet in college.sheets.items()}
    there = replace(college, sheets=sheets, days=replace(college.days, as_of=as_of), earlier={})
    changes = sheets["change"]
    _school_first(changes)
    for table, marked, alias in _PLATFORMS:
        _status(sheets[table], changes, changes[marked], as_of, alias)
    later = (changes["issued_on"] > as_of) & np.isin(changes["kind"].astype("U"), _MOVES)
    _move_back(there, changes.who[later])
    # Whoever waited for the first registration of a record to stand for the year's has the year's own: no day is due.
    record = sheets["record"]
    missing = np.flatnonzero(record["annual_registration"] == None)  # noqa: E711 - elementwise
    record.set(missing, annual_registration="2026-2027")
    under_old_numbers(sheets, there.numbers, as_of)
    return there


def _school_first(changes: Sheet) -> None:
    """Whoever leaves is marked in school first, so that on no day they are there without a record."""
    school, record = changes["marked_school_on"], changes["marked_record_on"]
    early = np.isin(changes["kind"].astype("U"), LEAVING) & (record < school)
    changes.set(early, marked_record_on=school[early])


def _copy(sheet: Sheet) -> Sheet:
    return Sheet(sheet.who.copy(), **{name: column.copy() for name, column in sheet.columns.items()})


def _status(sheet: Sheet, changes: Sheet, marked: Any, as_of: np.datetime64, alias: dict[str, str]) -> None:
    """Of people with a mark after the day, the status of the last change marked until then, or that of any student."""
    implied = np.array([IMPLIED.get(kind) for kind in changes["kind"]], dtype=object)
    counts: Flags = ~np.isnat(marked) & (implied != None)  # noqa: E711 - elementwise
    later = set(changes.who[counts & (marked > as_of)].tolist())
    status = dict.fromkeys(later, "在读")
    for row in np.flatnonzero(counts & (marked <= as_of) & np.isin(changes.who, list(later))):
        status[int(changes.who[row])] = implied[row]
    rows = np.flatnonzero(np.isin(sheet.who, list(later)))
    back = [status[int(who)] for who in sheet.who[rows]]
    sheet.set(rows, status=np.array([alias.get(each, each) for each in back], dtype=object))


def _move_back(college: College, who: Any) -> None:
    classes, people = college.classes, college.people
    for table, names in (("student", ("class_no", "major", "college", "grade")), ("record", ("major",))):
        sheet = college.sheets[table]
        rows = np.flatnonzero(np.isin(sheet.who, who))
        old = people.admitted[sheet.who[rows]]
        sheet.set(rows, **{name: getattr(classes, name)[old] for name in names})
