"""Students and records: years, how long one may study, and rows whose student number nobody has."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from facts.derive.changes import repeat
from facts.derive.inputs import Inputs
from facts.derive.placeholders import identity_key
from facts.derive.placements import away
from facts.derive.shape import add_years, columns_of, frame, nothing, starting_year
from facts.derive.terms import current_term
from facts.derive.texts import name_key, title_key
from facts.model.computed import Orphan
from facts.model.tables import ACTIVE_RECORD, TABLES


def student(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """entered_year; name_key; major_key; identity; normal_end: length_years after entered_on; final_year_from: one year
    before it; study_ends_by (`_study_ends_by`); repeats: how often the student repeated, 0 where never; away_at_start:
    a placement of the student or his class overlaps the days from starts_on to report_by of the current term, or one
    was set aside.

    Withheld: study_ends_by of students of whom a change was set aside, and away_at_start that nobody knows."""
    ends = add_years(rows["entered_on"], rows["length_years"])
    computed: dict[str, Any] = {
        "entered_year": _year(rows),
        "name_key": name_key(rows["name"]),
        "major_key": title_key(rows["major"]),
        "identity": identity_key(rows, inputs.placeholders),
        "normal_end": ends,
        "final_year_from": add_years(rows["entered_on"], rows["length_years"] - 1),
    }
    counts, _ = repeat(inputs)
    if inputs.rows("change") is not None:
        times = counts.astype({"student_no": "str"}).set_index("student_no")["count"]
        computed["repeats"] = rows["student_no"].astype("str").map(times).astype("Int64").fillna(0)
    computed["study_ends_by"], withheld = _study_ends_by(inputs, rows)
    computed["away_at_start"], unknown = _away_at_start(inputs, rows)
    return computed, {"study_ends_by": withheld, "away_at_start": unknown}


def _study_ends_by(inputs: Inputs, rows: pd.DataFrame) -> tuple[pd.Series, int]:
    """entered_on, later by length_years and extra_years (29 February: the 28th where the year has no other), and later
    by the days of the student's issued 保留学籍 for 入伍: from effective_on to until, or to as_of where that is earlier
    or until is missing, both included. extra_years is one number for all levels, or one a level; a level without one is
    not judged. Missing for a student of whom a change was set aside; so many are withheld."""
    extra = inputs.parameters.get("extra_years", 2)
    if isinstance(extra, Mapping):
        years = rows["level"].astype("str").map({str(level): int(each) for level, each in extra.items()})
        more = years.astype("Int64")
    else:
        more = pd.Series(extra if extra is None else int(extra), index=rows.index, dtype="Int64")
    ends = pd.Series(add_years(rows["entered_on"], rows["length_years"] + more), index=rows.index)
    numbers = rows["student_no"].astype("str")
    ends = ends + numbers.map(_service_days(inputs)).fillna(0).astype("int64").astype("timedelta64[D]")
    unclear = numbers.isin(inputs.concerned("change")) & ends.notna()
    return ends.mask(unclear), int(unclear.sum())


def _service_days(inputs: Inputs) -> pd.Series:
    """Student_no → days on which the 学籍 was kept for army service up to as_of; of several such changes together."""
    changes = inputs.rows("change")
    if changes is None:
        return pd.Series([], index=pd.Index([], dtype="str"), dtype="float64")
    served = changes[
        (changes["kind"] == "保留学籍") & (changes["reason"] == "入伍") & changes["issued_on"].notna()
    ].dropna(subset=["effective_on"])
    last = served["until"].where(served["until"] < inputs.today, inputs.today)
    days = np.maximum((last - served["effective_on"]).dt.days.to_numpy() + 1, 0)
    numbers = served["student_no"].astype("str")
    return pd.Series(days, index=numbers.index).groupby(numbers).sum()


def _away_at_start(inputs: Inputs, rows: pd.DataFrame) -> tuple[Any, int]:
    now = current_term(inputs)
    if now is None:
        return pd.Series(pd.NA, index=rows.index, dtype="boolean"), 0
    begin, end = (pd.Series(now[name].to_numpy()[0], index=rows.index) for name in ("starts_on", "report_by"))
    found, unknown = away(inputs.placed, rows["student_no"], begin, end)
    return found | unknown, int(unknown.sum())


def record(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """active: 在籍, 休学 or 保留学籍; entered_year; name_key; major_key; identity; annual_year: in which the
    academic year last registered begins."""
    active = pd.arrays.BooleanArray(rows["status"].isin(ACTIVE_RECORD).to_numpy(), rows["status"].isna().to_numpy())
    annual_year = starting_year(rows["annual_registration"])
    computed = {
        "active": active,
        "entered_year": _year(rows),
        "name_key": name_key(rows["name"]),
        "major_key": title_key(rows["major"]),
        "identity": identity_key(rows, inputs.placeholders),
        "annual_year": annual_year,
    }
    return computed, {}


def orphan(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a table and student_no that stands in no student and no record row; a number that can be read on a row set
    aside stands there. Tables not given are passed over; without student or record nothing is known."""
    students, records = inputs.standing("student"), inputs.standing("record")
    if students is None or records is None:
        return nothing(Orphan), 0
    known = students.append(records).unique()
    parts = []
    for table in (source.table for source in Orphan.about.sources if source.part):
        rows = inputs.rows(table)
        if rows is None:
            continue
        codes, names = rows["student_no"].cat.codes.to_numpy(), rows["student_no"].cat.categories
        count = np.bincount(codes[codes >= 0], minlength=len(names))
        lost = np.flatnonzero((count > 0) & (known.get_indexer(names) < 0))
        about = TABLES[table].about
        whose = {"table": table, "heading": about.heading, "owner": about.owner}
        parts.append(pd.DataFrame({**whose, "student_no": names[lost], "rows": count[lost]}))
    return (frame(Orphan, **columns_of(pd.concat(parts))) if parts else nothing(Orphan)), 0


def _year(rows: pd.DataFrame) -> pd.Series:
    year: pd.Series = rows["entered_on"].dt.year.astype("Int64")
    return year
