"""The numbers of people and classes: valid, unique, by the coding rules, true to sex and birth date?"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.placeholders import RESIDENT
from facts.derive.shape import columns_of, frame, nothing
from facts.model import identity
from facts.model.computed import KINDS
from facts.model.number_facts import (
    CertificateNumber,
    DoubleRecord,
    ExamNumber,
    IdentityClaim,
    IdentityNumber,
    Misnumbered,
    StudentNumber,
)
from facts.model.patterns import matching
from facts.model.schema import Fact, Source
from facts.model.tables import ACTIVE_RECORD, TABLES


def identity_number(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a row of student, record and welcome that has an id_number; flaw: the first thing that is wrong with it,
    missing where it is valid on as_of, and where id_type names another document than 居民身份证, which is trusted."""
    parts = []
    for source, rows, read in _identities(inputs, IdentityNumber):
        flaws = np.where(_resident(rows), read.flaw, 0) - 1
        flaw = pd.Categorical.from_codes(flaws, categories=pd.Index(identity.FLAWS[1:]))
        parts.append(_whose(source, rows).assign(flaw=pd.Series(flaw).astype("str")))
    return _together(IdentityNumber, parts), 0


def identity_claim(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a row of student and welcome with a valid id_number: sex and birth_on as the row has them, and as the number
    states them."""
    parts = []
    for source, rows, read in _identities(inputs, IdentityClaim):
        claimed = _whose(source, rows).assign(sex=rows["sex"].astype("str"), birth_on=rows["birth_on"])
        stated = {"stated_sex": np.where(read.male, "男", "女"), "stated_birth_on": read.birth.astype("datetime64[s]")}
        parts.append(claimed.assign(**stated)[read.valid & _resident(rows)])
    return _together(IdentityClaim, parts), 0


def double_record(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One an active record whose id_number, as it stands, another one bears that differs in student_no or platform.
    records: how many bear it; places: the platform, student_no and status of all of them, in that order."""
    rows = inputs.exported("record")
    if rows is None:
        return nothing(DoubleRecord), 0
    active = rows.loc[rows["status"].isin(ACTIVE_RECORD), ["id_number", "platform", "student_no", "status"]]
    active = active.dropna(subset=["id_number"]).astype("str").drop_duplicates(["id_number", "platform", "student_no"])
    twice = active[active.duplicated("id_number", keep=False)].sort_values(["id_number", "platform", "student_no"])
    told = twice["platform"] + "学号 " + twice["student_no"] + "（" + twice["status"] + "）"
    grouped = told.groupby(twice["id_number"])
    records, places = twice["id_number"].map(grouped.size()), twice["id_number"].map(grouped.agg("、".join))
    return frame(DoubleRecord, **columns_of(twice), records=records, places=places), 0


def certificate_number(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a certificate_no: of how many students it is, and their student_no, in order."""
    rows = inputs.rows("graduation")
    if rows is None:
        return nothing(CertificateNumber), 0
    pairs = rows[["certificate_no", "student_no"]].dropna().astype("str").drop_duplicates().sort_values("student_no")
    once = ~pairs.duplicated("certificate_no", keep=False)
    grouped = pairs[~once].groupby("certificate_no")["student_no"]
    alone = pairs[once].set_index("certificate_no")["student_no"]
    numbers = pd.concat([alone, grouped.agg("、".join)]).sort_index()
    counts = grouped.size().reindex(numbers.index, fill_value=1)
    return frame(CertificateNumber, certificate_no=counts.index.to_series(), students=counts, student_nos=numbers), 0


def _resident(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """By row: its number is, or should be, that of a 居民身份证."""
    found: npt.NDArray[np.bool_] = (rows["id_type"].isna() | (rows["id_type"] == RESIDENT)).to_numpy(dtype=bool)
    return found


def student_number(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student_no: on how many student rows it stands, with how many different identity numbers."""
    rows = inputs.exported("student")
    return (nothing(StudentNumber), 0) if rows is None else (frame(StudentNumber, **_uses(rows, "student_no")), 0)


def exam_number(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a table (welcome, student) and exam_no: on how many of its rows it stands, with how many different identity
    numbers."""
    parts = []
    for source in ExamNumber.about.sources:
        rows = inputs.exported(source.table)
        if rows is not None:
            table = {"table": source.table, "heading": TABLES[source.table].about.heading}
            parts.append(pd.DataFrame(_uses(rows, "exam_no")).assign(**table))
    return _together(ExamNumber, parts), 0


def misnumbered(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student and number (学号, 班级号) that its pattern does not match from beginning to end; a number without a
    pattern, and a missing one, are not looked at."""
    rows = inputs.rows("student")
    parts = []
    for source in Misnumbered.about.sources if rows is not None else ():
        assert rows is not None and source.part is not None and source.parameter is not None
        field, pattern = source.part[1], inputs.parameters.get(source.parameter)
        if pattern is None:
            continue
        known = [str(number) for number in rows[field].cat.categories]
        bad = np.append(~matching(pattern, known), False)[rows[field].cat.codes.to_numpy()]
        heading = KINDS["student"].model_fields[field].title
        numbers = {"student_no": rows["student_no"].astype("str")[bad], "number": rows[field].astype("str")[bad]}
        parts.append(pd.DataFrame({**numbers, "field": field, "heading": heading}).drop_duplicates())
    return _together(Misnumbered, parts), 0


def _identities(inputs: Inputs, model: type[Fact]) -> Iterator[tuple[Source, pd.DataFrame, identity.Identities]]:
    """Each source of the kind that is given, its rows with an id_number, and what these numbers say."""
    for source in model.about.sources:
        rows = inputs.exported(source.table)
        if rows is None:
            continue
        rows = rows[rows["id_number"].notna()].reset_index(drop=True)
        numbers = rows["id_number"].cat
        read = identity.read(numbers.categories.to_list(), inputs.as_of)
        places = numbers.codes.to_numpy()
        yield source, rows, read.take(places)


def _whose(source: Source, rows: pd.DataFrame) -> pd.DataFrame:
    """Which row of which table it is, and who answers for it."""
    about = TABLES[source.table].about
    numbers = {field: rows[name].astype("str") for field, name in source.keys.items()}
    return pd.DataFrame({**numbers, "table": source.table, "heading": about.heading, "owner": about.owner})


def _uses(rows: pd.DataFrame, field: str) -> dict[str, Any]:
    """The distinct numbers of a column, in order, with their rows and the different identity numbers on them."""
    used = rows.loc[rows[field].notna(), [field, "id_number"]].astype("str")
    grouped = used.groupby(field, sort=True)["id_number"]
    count = grouped.size()
    return {field: count.index.to_series(), "rows": count, "identities": grouped.nunique()}


def _together(model: type[Fact], parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    whole = [part for part in parts if len(part)]
    return frame(model, **columns_of(pd.concat(whole))) if whole else nothing(model)
