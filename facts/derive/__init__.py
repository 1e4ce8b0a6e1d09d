"""What do the exports imply? Computed columns and computed facts: one function a kind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from facts.derive.accounts import dues, fee_account
from facts.derive.admissions import admission, welcome
from facts.derive.asides import asides
from facts.derive.changes import change, repeat
from facts.derive.classes import class_group, class_mix
from facts.derive.coverage import coverage
from facts.derive.deferrals import deferral
from facts.derive.earlier import renumbered
from facts.derive.enrolment import enrolment
from facts.derive.inputs import Inputs
from facts.derive.leavers import reappearance
from facts.derive.numbers import (
    certificate_number,
    double_record,
    exam_number,
    identity_claim,
    identity_number,
    misnumbered,
    student_number,
)
from facts.derive.people import orphan, record, student
from facts.derive.placeholders import identity_key
from facts.derive.rosters import roster
from facts.derive.shape import completed, nothing
from facts.derive.steps import procedure
from facts.derive.teaching import absence, activity, attendance, silence
from facts.derive.terms import of_current, term
from facts.model.computed import KINDS
from facts.model.factbase import FactBase
from facts.model.procedures import Procedure
from facts.model.snapshot import Snapshot

_COLUMNS: Mapping[str, Callable[[Inputs, pd.DataFrame], tuple[dict[str, Any], Mapping[str, int]]]] = {
    "student": student,
    "record": record,
    "welcome": welcome,
    "checkin": of_current,
    "registration": of_current,
    "deferral": deferral,
    "change": change,
    "attendance": attendance,
    "term": term,
    "class_group": class_group,
}
"""Table → its computed columns, and by field of how many rows they are withheld."""

_FACTS: Mapping[str, Callable[[Inputs], tuple[pd.DataFrame, int]]] = {
    "fee_account": fee_account,
    "dues": dues,
    "activity": activity,
    "absence": absence,
    "silence": silence,
    "repeat": repeat,
    "class_mix": class_mix,
    "procedure": procedure,
    "enrolment": enrolment,
    "admission": admission,
    "roster": roster,
    "reappearance": reappearance,
    "orphan": orphan,
    "identity_number": identity_number,
    "identity_claim": identity_claim,
    "double_record": double_record,
    "certificate_number": certificate_number,
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
    is not given. With `kinds`, only those are computed; of others, tables stand as they were read, but for
    `identity`, and facts are empty.
    Parameters: extra_years, prompt_days, mark_workdays, pending_days, owed_least, cover_least, handover_days,
    admission_fields and the coding rules student_no_pattern and class_no_pattern; one that is None leaves the columns,
    or the facts, that it decides missing, where it has no plain reading.
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
            computed, unknown = _COLUMNS[kind](inputs, rows)
            frames[kind] = completed(model, rows, computed)
            withheld |= {f"{kind}.{field}": count for field, count in unknown.items() if count}
        elif "identity" in rows:  # who is who must be known, whatever is asked for
            frames[kind] = completed(model, rows, {"identity": identity_key(rows, inputs.placeholders)})
        else:
            frames[kind] = rows
        if count:
            withheld[kind] = count
    return FactBase(
        snapshot,
        inputs.calendar,
        frames,
        withheld,
        asides(inputs, _COLUMNS),
        coverage(inputs, kinds),
        inputs.placeholders.numbers,
    )
