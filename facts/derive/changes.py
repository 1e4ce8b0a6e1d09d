"""Status changes: by when they must be marked, how far they have got, and how often a student repeated a year."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import frame, nothing
from facts.derive.steps import ISSUED, next_steps, step_fields
from facts.derive.texts import title_key
from facts.model.computed import Repeat

SERVICE = "入伍"
PROMPT = "自动退学"
"""五-5 excepts it from its working days; 五-6 wants it done promptly."""


def change(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """mark_due_on: the mark_workdays-th working day after issued_on (五-5; the day after issue is the first), and
    whether it is provisional; for 自动退学 prompt_days calendar days after it (五-6), never provisional. workdays_left:
    working days after as_of up to and with mark_due_on, 0 when past.

    has_record: the student_no stands in a record row, whatever its status; missing where record is not given, and where
    a record row of that student was set aside; so many are withheld.
    last_step: the latest date of its steps (`facts.derive.steps.step_fields`). pending: not issued, and last_step not
    before as_of − pending_days. return_by: until, of those who serve (入伍) service_days later.
    next_step, next_office: of a change that is not issued, the first step that is missing and who owns it; the issue
    where no other is. to_major_key: to_major as majors are compared."""
    computed: dict[str, Any] = {"to_major_key": title_key(rows["to_major"])}
    serves = rows["reason"] == SERVICE
    if (service_days := inputs.parameter("service_days", 730)) is not None:
        computed["return_by"] = rows["until"].mask(serves, rows["until"] + np.timedelta64(service_days, "D"))
    workdays, prompt_days = inputs.parameter("mark_workdays", 15), inputs.parameter("prompt_days", 7)
    if workdays is not None and prompt_days is not None:
        due, provisional = inputs.calendar.after(rows["issued_on"], workdays)
        prompt = rows["kind"] == PROMPT
        due = due.mask(prompt, rows["issued_on"] + np.timedelta64(prompt_days, "D")).where(rows["kind"].notna())
        provisional = provisional.mask(prompt, False).mask(due.isna())
        left = inputs.calendar.between(inputs.as_of, due)
        computed |= {"mark_due_on": due, "mark_due_provisional": provisional, "workdays_left": left}
    recorded = inputs.rows("record")
    withheld = 0
    has_record = pd.Series(pd.NA, index=rows.index, dtype="boolean")
    if recorded is not None:
        unclear = rows["student_no"].isin(inputs.concerned("record"))
        has_record = rows["student_no"].isin(recorded["student_no"].astype("str")).astype("boolean").mask(unclear)
        computed["has_record"], withheld = has_record, int(unclear.sum())

    latest = _last_step(inputs, rows)
    computed["last_step"] = latest
    computed["next_step"], computed["next_office"] = next_steps(inputs, rows, has_record)
    days = inputs.parameter("pending_days", 60)
    if days is not None:
        computed["pending"] = (rows[ISSUED].isna() & (latest >= inputs.today - np.timedelta64(days, "D"))).astype(
            "boolean"
        )
    return computed, {"has_record": withheld}


def _last_step(inputs: Inputs, rows: pd.DataFrame) -> pd.Series:
    latest = pd.Series(np.datetime64("NaT", "s"), index=rows.index)
    for kind in rows["kind"].cat.categories:
        some, fields = rows[rows["kind"] == kind], list(step_fields(inputs.procedures, str(kind)))
        if len(some) and fields:
            latest[some.index] = some[fields].max(axis=1)
    return latest


def repeat(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student with at least one 留级 that is issued and has an effective_on not after as_of; how many."""
    rows = inputs.rows("change")
    if rows is None:
        return nothing(Repeat), 0
    in_effect = rows["issued_on"].notna() & (rows["effective_on"] <= inputs.today)
    counted = rows.loc[(rows["kind"] == "留级") & in_effect, "student_no"].astype("str").value_counts().sort_index()
    return frame(Repeat, student_no=counted.index.to_series(), count=counted), 0
