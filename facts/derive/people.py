"""Students and records: years, how long one may study, and rows whose student number nobody has."""

from typing import Any

import numpy as np
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import add_years, columns_of, frame, nothing, starting_year
from facts.model.computed import Orphan
from facts.model.tables import ACTIVE_RECORD, TABLES

_ONE_DOT = str.maketrans(dict.fromkeys("•‧・･．.∙⋅", "·") | dict.fromkeys(" \u3000\xa0", ""))


def student(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """entered_year; name_key; study_ends_by: entered_on and so many years later as length_years and extra_years say
    together (29 February: the 28th where the year has no other); final_year_from: one year before length_years are
    over."""
    final = add_years(rows["entered_on"], rows["length_years"] - 1)
    computed: dict[str, Any] = {"entered_year": _year(rows), "name_key": _name_key(rows), "final_year_from": final}
    extra = inputs.parameter("extra_years", 2)
    if extra is not None:
        computed["study_ends_by"] = add_years(rows["entered_on"], rows["length_years"] + extra)
    return computed, 0


def record(_: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """active: 在籍, 休学 or 保留学籍; entered_year; name_key; annual_year: in which the academic year last registered
    begins."""
    active = pd.arrays.BooleanArray(rows["status"].isin(ACTIVE_RECORD).to_numpy(), rows["status"].isna().to_numpy())
    annual_year = starting_year(rows["annual_registration"])
    computed = {"active": active, "entered_year": _year(rows), "name_key": _name_key(rows), "annual_year": annual_year}
    return computed, 0


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


def _name_key(rows: pd.DataFrame) -> pd.Categorical:
    """The name as names are compared: the dots of minority names made one, blanks dropped. The few distinct ones are
    turned, and the codes kept."""
    names = rows["name"].cat
    turned = pd.Categorical(pd.Series([str(name).translate(_ONE_DOT) for name in names.categories], dtype="str"))
    codes = np.append(turned.codes, -1)[names.codes.to_numpy()]
    return pd.Categorical.from_codes(codes, categories=turned.categories)


def _year(rows: pd.DataFrame) -> pd.Series:
    year: pd.Series = rows["entered_on"].dt.year.astype("Int64")
    return year
