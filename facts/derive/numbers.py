"""Numbers of people and classes: valid, in agreement with what else is said, on one row only, by the coding rules."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from facts.derive.given import Given
from facts.derive.shape import columns_of, frame, nothing
from facts.model import identity
from facts.model.computed import KINDS
from facts.model.number_facts import ExamNumber, IdentityClaim, IdentityNumber, Misnumbered, StudentNumber
from facts.model.patterns import matching
from facts.model.schema import Fact
from facts.model.tables import TABLES

_OTHER_KEY = {"welcome": "exam_no"}
"""By what a row is known where it is not by its student_no."""


def identity_number(given: Given) -> tuple[pd.DataFrame, int]:
    """One a row of student, record and welcome that has an id_number; flaw: the first thing that is wrong with it,
    missing where it is valid on as_of."""
    parts = []
    for table, rows, read in _identities(given, IdentityNumber):
        flaw = pd.Categorical.from_codes(read.flaw - 1, categories=pd.Index(identity.FLAWS[1:]))
        parts.append(_said(table, rows).assign(flaw=pd.Series(flaw).astype("str")))
    return _together(IdentityNumber, parts), 0


def identity_claim(given: Given) -> tuple[pd.DataFrame, int]:
    """One a row of student and welcome with a valid id_number: sex and birth_on as the row has them, and as the number
    states them."""
    parts = []
    for table, rows, read in _identities(given, IdentityClaim):
        said = _said(table, rows).assign(sex=rows["sex"].astype("str"), birth_on=rows["birth_on"])
        stated = {"stated_sex": np.where(read.male, "男", "女"), "stated_birth_on": read.birth.astype("datetime64[s]")}
        parts.append(said.assign(**stated)[read.valid])
    return _together(IdentityClaim, parts), 0


def student_number(given: Given) -> tuple[pd.DataFrame, int]:
    """One a student_no: on how many student rows it stands, with how many different identity numbers."""
    rows = given.rows("student")
    return (nothing(StudentNumber), 0) if rows is None else (frame(StudentNumber, **_uses(rows, "student_no")), 0)


def exam_number(given: Given) -> tuple[pd.DataFrame, int]:
    """One a table (welcome, student) and exam_no: on how many of its rows it stands, with how many different identity
    numbers."""
    parts = []
    for source in ExamNumber.about.sources:
        rows = given.rows(source.table)
        if rows is not None:
            said = {"table": source.table, "heading": TABLES[source.table].about.heading}
            parts.append(pd.DataFrame(_uses(rows, "exam_no")).assign(**said))
    return _together(ExamNumber, parts), 0


def misnumbered(given: Given) -> tuple[pd.DataFrame, int]:
    """One a student and number (学号, 班级号) that its pattern does not match from beginning to end; a number without a
    pattern, and a missing one, are not looked at."""
    rows = given.rows("student")
    parts = []
    for source in Misnumbered.about.sources if rows is not None else ():
        assert rows is not None and source.part is not None and source.parameter is not None
        field, pattern = source.part[1], given.parameters.get(source.parameter)
        if pattern is None:
            continue
        known = [str(number) for number in rows[field].cat.categories]
        bad = np.append(~matching(pattern, known), False)[rows[field].cat.codes.to_numpy()]
        heading = KINDS["student"].model_fields[field].title
        numbers = {"student_no": rows["student_no"].astype("str")[bad], "number": rows[field].astype("str")[bad]}
        parts.append(pd.DataFrame({**numbers, "field": field, "heading": heading}).drop_duplicates())
    return _together(Misnumbered, parts), 0


def _identities(given: Given, model: type[Fact]) -> Iterator[tuple[str, pd.DataFrame, identity.Identities]]:
    """Each table that the kind is made from, its rows with an id_number, and what these numbers say."""
    for source in model.about.sources:
        rows = given.rows(source.table)
        if rows is None:
            continue
        rows = rows[rows["id_number"].notna()].reset_index(drop=True)
        numbers = rows["id_number"].cat
        read = identity.read([str(number) for number in numbers.categories], given.as_of)
        places = numbers.codes.to_numpy()
        yield source.table, rows, read.take(places)


def _said(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Which row of which table it is, and who answers for it."""
    about, key = TABLES[table].about, _OTHER_KEY.get(table, "student_no")
    numbers = {name: rows[name].astype("str") for name in (key, "id_number")}
    return pd.DataFrame({**numbers, "table": table, "heading": about.heading, "owner": about.owner})


def _uses(rows: pd.DataFrame, field: str) -> dict[str, Any]:
    """The distinct numbers of a column, in order, with their rows and the different identity numbers on them."""
    used = rows.loc[rows[field].notna(), [field, "id_number"]].astype("str")
    grouped = used.groupby(field, sort=True)["id_number"]
    count = grouped.size()
    return {field: count.index.to_series(), "rows": count, "identities": grouped.nunique()}


def _together(model: type[Fact], parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    whole = [part for part in parts if len(part)]
    return frame(model, **columns_of(pd.concat(whole))) if whole else nothing(model)
