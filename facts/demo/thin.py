"""The exports that offices really have: absences alone, a past term without registrations, handovers of late."""

from collections.abc import Iterable

import numpy as np

from facts.demo.attendance import ABSENT
from facts.demo.college import College
from facts.demo.picks import SPRING, Planted
from facts.demo.store import Sheet

HANDOVERS_SINCE = np.datetime64("2026-10-01")
"""Since the month before."""
HANDOVER_DAYS = 30
"""Handovers are complete for what was issued later than so many days after the earliest of them."""
_ON_ATTENDANCE = ("REG-01", "REG-09", "LEV-02", "WDR-04", "WDR-05")
"""Not checked where attendance holds absences alone."""
_ON_REGISTRATION = ("LEV-03", "WDR-03")
"""Found by a registration, where no attended lesson shows it."""


def thinned(college: College, planted: Iterable[Planted]) -> tuple[Planted, ...]:
    """Leaves out of the college, in place, what such exports lack; what of the planted findings is still found."""
    for sheet in college.sheets.values():
        sheet.finish()
    calls, registered, handed = (college.sheets[name] for name in ("attendance", "registration", "handover"))
    calls.drop(calls["result"] != ABSENT)
    registered.drop(registered["term"] == SPRING)
    handed.drop(handed["handed_on"] < HANDOVERS_SINCE)
    for sheet in (calls, registered, handed):
        sheet.finish()
    return tuple(each for each in planted if _still(each, college))


def _still(each: Planted, college: College) -> bool:
    key = dict(each.key)
    if each.rule in _ON_ATTENDANCE:
        return False
    changes, handed = college.sheets["change"], college.sheets["handover"]
    if each.rule in _ON_REGISTRATION:
        return _registered_after(changes, key["change_no"], college.sheets["registration"])
    if each.rule == "HND-01":
        issued = changes["issued_on"][changes["change_no"] == key["change_no"]]
        return bool((issued > handed["handed_on"].min() + HANDOVER_DAYS).any())
    if each.rule == "HND-02":
        return bool((handed["change_no"] == key["change_no"]).any())
    if each.rule == "SYS-01" and key["table"] in ("attendance", "registration"):
        sheet = college.sheets[key["table"]]
        numbers = college.people.student_no[sheet.who] if key["table"] == "attendance" else sheet["student_no"]
        return bool((numbers == key["student_no"]).any())
    return True


def _registered_after(changes: Sheet, change_no: str, registered: Sheet) -> bool:
    """Whether the student of a change is registered from the day on which it takes effect, until it ends."""
    row = int(np.flatnonzero(changes["change_no"] == change_no)[0])
    own = registered["registered_on"][registered["student_no"] == changes["student_no"][row]]
    since, until = changes["effective_on"][row], changes["until"][row]
    leaves = changes["kind"][row] in ("休学", "保留学籍")
    within = (own >= since) & (np.isnat(until) | (own <= until)) if leaves else own > since
    return bool(within.any())
