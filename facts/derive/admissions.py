"""Admissions: what was not entered, by when newcomers report, and the admitted person beside the student."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.placeholders import identity_key
from facts.derive.shape import columns_of, frame, looked_up, nothing, starting_year, texts
from facts.derive.terms import current_term, first_terms
from facts.derive.texts import name_key, title_key
from facts.model.computed import Admission
from facts.model.schema import columns
from facts.model.tables import Welcome

ARRIVED = "已报到"


def welcome(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """blank_fields: headings of the columns in admission_fields that are empty, in the order of the parameter; missing
    where none is. Columns that the export lacks are left out.

    due_by: report_by of the row, else the day until which newcomers report in the first term of entry_year, the earlier
    of two; missing where the calendar does not know that term. current: the academic year of the current term begins in
    entry_year. reviewed_year: some row of that entry_year has a review. name_key; identity."""
    reviewed = set(rows.loc[rows["review"].notna(), "entry_year"].dropna())
    computed: dict[str, Any] = {
        "due_by": due_by(inputs, rows),
        "current": _of_this_year(inputs, rows),
        "reviewed_year": rows["entry_year"].isin(reviewed).astype("boolean"),
        "name_key": name_key(rows["name"]),
        "identity": identity_key(rows, inputs.placeholders),
    }
    listed = inputs.parameters.get("admission_fields")
    if listed is None:
        return computed, {}
    looked_at = [name for name in listed if name in inputs.snapshot.tables["welcome"].fields]
    blank = np.zeros(len(rows), dtype=np.int64)
    for place, name in enumerate(looked_at):
        blank |= rows[name].isna().to_numpy().astype(np.int64) << place
    headings = columns(Welcome)
    computed["blank_fields"] = texts(blank, [headings[name].heading for name in looked_at], rows.index)
    return computed, {}


def due_by(inputs: Inputs, rows: pd.DataFrame) -> pd.Series:
    """By when each row of welcome was to report (see `welcome`)."""
    by_year = first_terms(inputs).groupby("year")["newcomers_by"].min()
    of_year = looked_up(rows["entry_year"], by_year)
    return rows["report_by"].where(rows["report_by"].notna(), of_year)


def _of_this_year(inputs: Inputs, rows: pd.DataFrame) -> pd.Series:
    now = current_term(inputs)
    year = pd.NA if now is None else pd.Series(starting_year(now["academic_year"])).iloc[0]
    return (rows["entry_year"].astype("Int64") == year).astype("boolean")


def admission(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a distinct pair of a row of welcome that is 已报到 and a student row of the same exam_no. differs: whether
    id_number, or name, differ, both present; names and majors as they are compared (`facts.derive.texts`)."""
    admitted, students = inputs.rows("welcome"), inputs.rows("student")
    if admitted is None or students is None:
        return nothing(Admission), 0
    if found := inputs.placeholders.numbers["exam_no"]:
        admitted = admitted[~admitted["exam_no"].isin(found)]
    left = _side(admitted[admitted["arrival"] == ARRIVED], "admitted").assign(
        entry_year=admitted.loc[admitted["arrival"] == ARRIVED, "entry_year"]
    )
    right = _side(students, "school").assign(student_no=students["student_no"].astype("str"))
    pairs = (
        left.dropna(subset=["exam_no"])
        .drop_duplicates()
        .merge(right.dropna(subset=["exam_no"]).drop_duplicates(), on="exam_no")
    )
    pairs = pairs.sort_values(["exam_no", "student_no"], kind="stable")
    for what in ("id_number", "name_key", "level", "major_key"):
        ours, theirs = pairs[f"admitted_{what}"], pairs[f"school_{what}"]
        pairs[f"{what.removesuffix('_key')}_differs"] = (ours != theirs) & ours.notna() & theirs.notna()
    shown = [name for name in columns(Admission) if name in pairs]
    return frame(Admission, **columns_of(pairs[shown])), 0


def _side(rows: pd.DataFrame, whose: str) -> pd.DataFrame:
    """exam_no, and id_number, name, level and major with `whose` before them, as text; beside them what is compared."""
    named = rows[["id_number", "name", "level", "major"]].astype("str")
    named = named.assign(
        name_key=pd.Series(name_key(rows["name"]), index=rows.index).astype("str"),
        major_key=pd.Series(title_key(rows["major"]), index=rows.index).astype("str"),
    )
    return named.add_prefix(f"{whose}_").assign(exam_no=rows["exam_no"].astype("str"))
