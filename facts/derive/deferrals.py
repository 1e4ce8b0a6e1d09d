"""Deferrals of reporting: whom one is for, whether of a new student, and by when he was to report."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from facts.derive import admissions
from facts.derive.inputs import Inputs
from facts.derive.shape import looked_up
from facts.derive.terms import first_terms


def deferral(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """person_no: student_no, else the smallest student_no of the students with that exam_no (those set aside too, where
    both can be read), else the exam_no.

    candidate_no: exam_no, else the smallest exam_no of the students with that student_no; so a welcome row is found.
    first_year: the year in which the term's academic year begins, where the term is the first of it.
    newcomer: the term is the first one of the year in which he entered: entry_year of the welcome row with the
    candidate_no, else the student's entered_on; also where there is a 考生号 only and neither knows it. Missing where
    term or student is not given.
    due_by: of a newcomer due_by of that welcome row, else the term's day for newcomers; of others the term's report_by;
    the earlier of two. Missing where a welcome row of that 考生号, or a student row of that number or 考生号, was set
    aside; so many are withheld."""
    numbers, exam = rows["student_no"].astype("str"), rows["exam_no"].astype("str")
    first = first_terms(inputs)
    first_year = rows["term"].astype("str").map(first.drop_duplicates("term").set_index("term")["year"]).astype("Int64")
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
    students, terms = inputs.rows("student"), inputs.rows("term")
    if students is None or terms is None:
        return computed, {}
    entered = students[["student_no", "entered_on"]].dropna().astype({"student_no": "str"})
    years = entered.sort_values("entered_on").drop_duplicates("student_no").set_index("student_no")["entered_on"]
    by_student = student.map(years.dt.year).astype("Int64")
    admitted = _admitted(inputs)
    entry = candidate.map(admitted["entry_year"]).astype("Int64")
    only_exam = (student.isna() & entry.isna()).astype("boolean")
    newcomer = (entry.fillna(by_student) == first_year).fillna(False) | only_exam
    computed["newcomer"] = newcomer.astype("boolean")

    reports = terms[["term", "report_by"]].dropna().astype({"term": "str"}).groupby("term")["report_by"].min()
    of_newcomers = first.groupby("term")["newcomers_by"].min()
    terms_named = rows["term"].astype("str")
    mine = looked_up(candidate, admitted["due_by"])
    mine = mine.where(mine.notna() & entry.notna(), looked_up(terms_named, of_newcomers))
    due = mine.where(newcomer.to_numpy(dtype=bool), looked_up(terms_named, reports))
    unclear = (
        candidate.isin(inputs.concerned("welcome", "exam_no"))
        | student.isin(inputs.concerned("student"))
        | candidate.isin(inputs.concerned("student", "exam_no"))
    ) & due.notna()
    computed["due_by"] = due.mask(unclear)
    return computed, {"due_by": int(unclear.sum())}


def _admitted(inputs: Inputs) -> pd.DataFrame:
    """By exam_no: entry_year and due_by of its welcome rows, the earlier of two."""
    rows = inputs.rows("welcome")
    if rows is None:
        return pd.DataFrame({"entry_year": pd.array([], "Int64"), "due_by": pd.array([], "datetime64[s]")}, index=[])
    named = pd.DataFrame(
        {
            "exam_no": rows["exam_no"].astype("str"),
            "entry_year": rows["entry_year"],
            "due_by": admissions.due_by(inputs, rows),
        }
    )
    named = named[~named["exam_no"].isin(inputs.placeholders.numbers["exam_no"])]
    return named.groupby("exam_no")[["entry_year", "due_by"]].min()


def _smallest(known: pd.DataFrame, by: str, field: str) -> pd.Series:
    """For each value of one column the smallest of the other beside it."""
    return known.sort_values(field).drop_duplicates(by).set_index(by)[field]
