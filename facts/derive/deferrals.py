"""Deferrals of reporting: whom one is for, and whether of a new student or of one who comes back."""

from typing import Any

import pandas as pd

from facts.derive import terms
from facts.derive.inputs import Inputs


def deferral(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """person_no: student_no, else the smallest student_no of the students with that exam_no (those set aside too, where
    both can be read), else the exam_no.

    candidate_no: exam_no, else the smallest exam_no of the students with that student_no; so a welcome row is found.
    first_year: the year in which the term's academic year begins, where the term is the first of it.
    newcomer: the term is the first of the year in which the student entered, or there is a 考生号 only and no student
    yet; missing where term or student is not given."""
    numbers, exam = rows["student_no"].astype("str"), rows["exam_no"].astype("str")
    first_year = _first_years(inputs, rows)
    parts = [part.dropna().astype("str") for part in inputs.everywhere("student", "exam_no", "student_no")]
    known = pd.concat(parts) if parts else pd.DataFrame({"exam_no": [], "student_no": []}, dtype="str")
    by_exam = _smallest(known, "exam_no", "student_no")
    student = numbers.fillna(exam.map(by_exam).astype("str"))
    candidate = exam.fillna(numbers.map(_smallest(known, "student_no", "exam_no")).astype("str"))
    computed: dict[str, Any] = {
        "person_no": pd.Categorical(student.fillna(exam)),
        "candidate_no": pd.Categorical(candidate),
        "first_year": first_year,
    }
    students = inputs.rows("student")
    if students is not None and inputs.rows("term") is not None:
        entered = students[["student_no", "entered_on"]].dropna().astype({"student_no": "str"})
        years = entered.sort_values("entered_on").drop_duplicates("student_no").set_index("student_no")["entered_on"]
        same = (student.map(years.dt.year).astype("Int64") == first_year).fillna(False)
        computed["newcomer"] = (same | student.isna()).astype("boolean")
    return computed, 0


def _smallest(known: pd.DataFrame, by: str, field: str) -> pd.Series:
    """For each value of one column the smallest of the other beside it."""
    return known.sort_values(field).drop_duplicates(by).set_index(by)[field]


def _first_years(inputs: Inputs, rows: pd.DataFrame) -> pd.Series:
    """For each row's term the year of which it is the first term; missing where it is none, or is not known."""
    calendar = inputs.rows("term")
    if calendar is None:
        return pd.Series(pd.NA, index=rows.index, dtype="Int64")
    found = calendar.assign(**terms.term(inputs, calendar)[0])
    found = found[found["first_of_year"].fillna(False)].dropna(subset=["term"]).astype({"term": "str"})
    years = found.drop_duplicates("term").set_index("term")["year"]
    return rows["term"].astype("str").map(years).astype("Int64")
