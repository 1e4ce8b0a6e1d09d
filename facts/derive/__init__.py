"""What do the exports imply? Computed columns and computed facts: one function a kind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from facts.derive.accounts import fee_account
from facts.derive.admissions import welcome
from facts.derive.asides import asides
from facts.derive.changes import change, repeat
from facts.derive.classes import class_mix
from facts.derive.deferrals import deferral
from facts.derive.earlier import renumbered
from facts.derive.enrolment import enrolment
from facts.derive.inputs import Inputs
from facts.derive.leavers import reappearance
from facts.derive.numbers import exam_number, identity_claim, identity_number, misnumbered, student_number
from facts.derive.people import orphan, record, student
from facts.derive.shape import completed, nothing
from facts.derive.steps import procedure
from facts.derive.teaching import absence, activity, attendance
from facts.derive.terms import term
from facts.model.computed import KINDS
from facts.model.factbase import FactBase
from facts.model.procedures import Procedure
from facts.model.snapshot import Snapshot

_COLUMNS: Mapping[str, Callable[[Inputs, pd.DataFrame], tuple[dict[str, Any], int]]] = {
    "student": student,
    "record": record,
    "welcome": welcome,
    "deferral": deferral,
    "change": change,
    "attendance": attendance,
    "term": term,
}
"""Table → its computed columns, and of how many rows they are withheld."""

_FACTS: Mapping[str, Callable[[Inputs], tuple[pd.DataFrame, int]]] = {
    "fee_account": fee_account,
    "activity": activity,
    "absence": absence,
    "repeat": repeat,
    "class_mix": class_mix,
    "procedure": procedure,
    "enrolment": enrolment,
    "reappearance": reappearance,
    "orphan": orphan,
    "identity_number": identity_number,
    "identity_claim": identity_claim,
    "student_number": student_number,
    "exam_number": exam_number,
    "misnumbered": misnumbered,
    "renumbered": renumbered,
}
"""Kind → its facts, and how many are withheld because a row they rest on was set aside."""


def derive(
    snapshot: Snapshot,
    procedures: Sequence[Procedure],
    parameters: Mapping[str, Any],
    kinds: Collection[str] | None = None,
) -> FactBase:
    """The tables of a snapshot with their computed columns, and the facts that are computed from several rows.

    Every kind of KINDS has a frame in the form of `facts.model.frames`: an empty one where a table that it is made of
    is not given. With `kinds`, only those are computed; of others, tables stand as they were read and facts are empty.
    Parameters: extra_years, prompt_days, mark_workdays, admission_fields and the coding rules student_no_pattern and
    class_no_pattern; one that is None leaves the columns, or the facts, that it decides missing.
    """
    inputs = Inputs(snapshot, procedures, parameters)
    frames: dict[str, pd.DataFrame] = {}
    withheld: dict[str, int] = {}
    for kind, model in KINDS.items():
        rows, count = inputs.rows(kind), 0
        wanted = kinds is None or kind in kinds
        if wanted and kind in _FACTS:
            frames[kind], count = _FACTS[kind](inputs)
        elif rows is None:
            frames[kind] = nothing(model)
        elif wanted and kind in _COLUMNS:
            computed, count = _COLUMNS[kind](inputs, rows)
            frames[kind] = completed(model, rows, computed)
        else:
            frames[kind] = rows
        if count:
            withheld[kind] = count
    return FactBase(snapshot, inputs.calendar, frames, withheld, asides(inputs, _COLUMNS))
