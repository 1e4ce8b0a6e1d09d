"""Students and records: years, how long one may study, who a deferral is for, and rows that nobody stands behind."""

from typing import Any

import numpy as np
import pandas as pd

from facts.computed import Orphan
from facts.derive.given import Given
from facts.derive.shape import add_years, columns_of, frame, nothing
from facts.tables import ACTIVE_RECORD, TABLES

_BELONGING = ("fee", "registration", "checkin", "attendance", "change")
"""Tables whose rows must be about someone who stands in student or record."""


def student(given: Given, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """entered_year; study_ends_by: entered_on and so many years later as length_years and extra_years say together
    (29 February: the 28th where the year has no other); final_year_from: one year before length_years are over."""
    final = add_years(rows["entered_on"], rows["length_years"] - 1)
    computed: dict[str, Any] = {"entered_year": _year(rows), "final_year_from": final}
    extra = given.parameter("extra_years", 2)
    if extra is not None:
        computed["study_ends_by"] = add_years(rows["entered_on"], rows["length_years"] + extra)
    return computed, 0


def record(_: Given, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """active: 在籍, 休学 or 保留学籍; entered_year."""
    active = pd.arrays.BooleanArray(rows["status"].isin(ACTIVE_RECORD).to_numpy(), rows["status"].isna().to_numpy())
    return {"active": active, "entered_year": _year(rows)}, 0


def deferral(given: Given, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """person_no: student_no, else the smallest student_no of the students with that exam_no (those set aside too, where
    both can be read), else the exam_no."""
    numbers, exam = rows["student_no"].astype("str"), rows["exam_no"].astype("str")
    students = [part.dropna().astype("str") for part in given.everywhere("student", "exam_no", "student_no")]
    if not students:
        return {"person_no": pd.Categorical(numbers.fillna(exam))}, 0
    known = pd.concat(students)
    by_exam = known.sort_values("student_no").drop_duplicates("exam_no").set_index("exam_no")["student_no"]
    return {"person_no": pd.Categorical(numbers.fillna(exam.map(by_exam).astype("str")).fillna(exam))}, 0


def orphan(given: Given) -> tuple[pd.DataFrame, int]:
    """One a table and student_no that stands in no student and no record row; a number that can be read on a row set
    aside stands there. Tables not given are passed over; without student or record nothing is known."""
    students, records = given.standing("student"), given.standing("record")
    if students is None or records is None:
        return nothing(Orphan), 0
    known = students.append(records).unique()
    parts = []
    for table in _BELONGING:
        rows = given.rows(table)
        if rows is None:
            continue
        codes, names = rows["student_no"].cat.codes.to_numpy(), rows["student_no"].cat.categories
        count = np.bincount(codes[codes >= 0], minlength=len(names))
        lost = np.flatnonzero((count > 0) & (known.get_indexer(names) < 0))
        owner = TABLES[table].about.owner
        parts.append(pd.DataFrame({"table": table, "student_no": names[lost], "rows": count[lost], "owner": owner}))
    return (frame(Orphan, **columns_of(pd.concat(parts))) if parts else nothing(Orphan)), 0


def _year(rows: pd.DataFrame) -> pd.Series:
    year: pd.Series = rows["entered_on"].dt.year.astype("Int64")
    return year
