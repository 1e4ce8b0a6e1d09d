"""Who came back: the students whom checkin lists for a term."""

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing
from facts.model.computed import Roster


def roster(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student_no and term of checkin. Whether it lists everybody is a matter of `facts.derive.coverage`."""
    rows = inputs.rows("checkin")
    if rows is None:
        return nothing(Roster), 0
    return frame(Roster, **columns_of(rows[["student_no", "term"]].dropna().drop_duplicates())), 0
