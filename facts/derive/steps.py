"""Issued changes against their procedures (附表1): which steps are missing, and which came before what must precede."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing, texts
from facts.model import computed
from facts.model.procedures import Procedure, Step

ISSUED = "issued_on"


def procedure(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One an issued change whose kind has a procedure. missing: titles of its steps without a date, in order; early:
    titles of the steps (issuing is the last) dated before some step that must precede them, also across a missing one;
    equal dates are in order. With each, the office of the first such step; all missing where nothing is wrong."""
    changes, standing = inputs.rows("change"), inputs.standing("record")
    if changes is None or standing is None:
        return nothing(computed.Procedure), 0
    issued = changes[changes["issued_on"].notna()].reset_index(drop=True)
    recorded = issued["student_no"].isin(standing).to_numpy()
    parts = []
    for one in inputs.procedures:
        rows = np.flatnonzero(issued["kind"].isin(one.kinds))
        if len(rows):
            parts.append(_compared(one, issued.iloc[rows], recorded[rows]))
    if not parts:
        return nothing(computed.Procedure), 0
    found = pd.concat(parts).sort_index(kind="stable")
    return frame(computed.Procedure, **columns_of(found)), 0


def _compared(procedure: Procedure, rows: pd.DataFrame, recorded: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The columns of the fact for changes of a procedure's kinds; `recorded`: the student has a record row."""
    steps = [step for step in procedure.steps if step.field != ISSUED]
    issued = rows["issued_on"].to_numpy()
    latest = np.full(len(rows), np.iinfo(np.int64).min)
    missing, early = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for place, step in enumerate(steps):
        applies = step_applies(step, rows, recorded)
        dates = rows[step.field].to_numpy()
        taken = applies & ~np.isnat(dates)
        days = np.where(taken, dates.view("i8"), latest)
        missing |= (applies & ~taken).astype(np.int64) << place
        early |= (days < latest).astype(np.int64) << place
        latest = np.maximum(latest, days)
    # Two last places, because who issues differs: with a record row, and without one.
    early |= (issued.view("i8") < latest).astype(np.int64) << np.where(recorded, len(steps), len(steps) + 1)
    titles, offices = [step.called or step.title for step in steps], [step.office for step in steps]
    last = issuing(procedure)
    titles, offices = [*titles, *(title for title, _ in last)], [*offices, *(office for _, office in last)]
    return pd.DataFrame(
        {
            **{name: rows[name].astype("str") for name in ("change_no", "student_no", "kind")},
            "issued_on": issued,
            "missing": texts(missing, titles, rows.index),
            "missing_office": texts(missing & -missing, offices, rows.index),
            "early": texts(early, titles, rows.index),
            "early_office": texts(early & -early, offices, rows.index),
        },
        index=rows.index,
    )


def step_applies(step: Step, changes: pd.DataFrame, recorded: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which changes must take the step; `recorded`: the student has a record row."""
    applies = np.ones(len(changes), dtype=bool)
    if step.reason is not None:
        applies &= (changes["reason"] == step.reason).to_numpy()
    return applies & recorded if step.record_only else applies


def issuing(procedure: Procedure) -> list[tuple[str, str]]:
    """Title and office of issuing, for a student with a record row and for one without: as the procedure has it, if it
    names the step; else 教务处, and 学生处 where steps of 教务处 fall away without a record (四-6, 五-5)."""
    for step in procedure.steps:
        if step.field == ISSUED:
            return [(step.title, step.office)] * 2
    falls_away = any(step.record_only for step in procedure.steps)
    return [("发文", "教务处"), ("发文", "学生处" if falls_away else "教务处")]
