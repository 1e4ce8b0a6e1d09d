"""One student number as the two platforms have it, side by side: in what status, in what major."""

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing
from facts.model.computed import Enrolment
from facts.model.tables import ACTIVE_RECORD


def enrolment(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a distinct pair of a student row and a record row of one student_no, the other side missing where only one
    platform has the number; ordered by it. Of rows that say the same of one number one is enough."""
    students, records = inputs.rows("student"), inputs.rows("record")
    if students is None or records is None:
        return nothing(Enrolment), 0
    school, record = _distinct(students, "school"), _distinct(records, "record")
    pairs = school.merge(record, on="student_no", how="outer", sort=True)
    active = pd.arrays.BooleanArray(
        pairs["record_status"].isin(ACTIVE_RECORD).to_numpy(dtype=bool), pairs["record_status"].isna().to_numpy()
    )
    return frame(Enrolment, **columns_of(pairs), active=active), 0


def _distinct(rows: pd.DataFrame, platform: str) -> pd.DataFrame:
    """student_no, and status and major with the platform's name before them, as text; each combination once."""
    named = rows[["student_no", "status", "major"]].drop_duplicates().dropna(subset=["student_no"]).astype("str")
    return named.rename(columns={"status": f"{platform}_status", "major": f"{platform}_major"})
