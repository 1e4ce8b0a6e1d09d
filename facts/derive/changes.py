"""Status changes: by when they must be marked, and how often a student repeated a year."""

from typing import Any

import numpy as np
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import frame, nothing
from facts.model.computed import Repeat


def change(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """mark_due_on: the mark_workdays-th working day after issued_on (五-5; the day after issue is the first), and
    whether it is provisional; for 自动退学 prompt_days calendar days after it (五-6), never provisional. workdays_left:
    working days after as_of up to and with mark_due_on, 0 when past. has_record: the student_no stands in a record row,
    whatever its status, set aside or not; missing where record is not given."""
    computed: dict[str, Any] = {}
    workdays, prompt_days = inputs.parameter("mark_workdays", 15), inputs.parameter("prompt_days", 7)
    if workdays is not None and prompt_days is not None:
        due, provisional = inputs.calendar.after(rows["issued_on"], workdays)
        prompt = rows["kind"] == "自动退学"
        due = due.mask(prompt, rows["issued_on"] + np.timedelta64(prompt_days, "D")).where(rows["kind"].notna())
        provisional = provisional.mask(prompt, False).mask(due.isna())
        left = inputs.calendar.between(inputs.as_of, due)
        computed |= {"mark_due_on": due, "mark_due_provisional": provisional, "workdays_left": left}
    standing = inputs.standing("record")
    if standing is not None:
        computed["has_record"] = rows["student_no"].isin(standing).astype("boolean")
    return computed, 0


def repeat(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student with at least one 留级 that is issued and has an effective_on not after as_of; how many."""
    rows = inputs.rows("change")
    if rows is None:
        return nothing(Repeat), 0
    in_effect = rows["issued_on"].notna() & (rows["effective_on"] <= inputs.today)
    counted = rows.loc[(rows["kind"] == "留级") & in_effect, "student_no"].astype("str").value_counts().sort_index()
    return frame(Repeat, student_no=counted.index.to_series(), count=counted), 0
