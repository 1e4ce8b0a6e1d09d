"""Changes against their procedures (附表1): which steps are missing, and which came before what must precede them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import columns_of, frame, nothing, texts
from facts.model import computed
from facts.model.procedures import Procedure, Step

ISSUED = "issued_on"
AFFAIRS = "affairs_on"
Bools = npt.NDArray[np.bool_]


STEP_COLUMNS = (
    "applied_on", "college_on", "affairs_on", "infirmary_on", "careers_on", "academic_on", "meeting_on", "exam_on",
    "proposed_on", "announced_on",
)  # fmt: skip


def procedure(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One an issued change whose kind has a procedure. missing: titles of its steps without a date, in order; early:
    titles of the steps (issuing is the last) dated before some step that must precede them, also across a missing one;
    equal dates are in order. With each, the office of the first such step; all missing where nothing is wrong.

    None for a student of whom a record row was set aside, since nobody knows which steps fall away, and for a change
    whose reason is that of another one where a change of the student was; so many are withheld."""
    changes, records = inputs.rows("change"), inputs.rows("record")
    if changes is None or records is None:
        return nothing(computed.Procedure), 0
    issued = changes[changes[ISSUED].notna() & changes["kind"].isin([k for p in inputs.procedures for k in p.kinds])]
    reasons, unclear = reasons_of(inputs, issued)
    unclear |= issued["student_no"].isin(inputs.concerned("record")).to_numpy()
    issued = issued.assign(reason=reasons)[~unclear].reset_index(drop=True)
    recorded = issued["student_no"].isin(records["student_no"].astype("str")).to_numpy()
    parts = []
    for one in inputs.procedures:
        rows = np.flatnonzero(issued["kind"].isin(one.kinds))
        if len(rows):
            parts.append(_compared(one, issued.iloc[rows], recorded[rows]))
    if not parts:
        return nothing(computed.Procedure), int(unclear.sum())
    found = pd.concat(parts).sort_index(kind="stable")
    return frame(computed.Procedure, **columns_of(found)), int(unclear.sum())


def reasons_of(inputs: Inputs, rows: pd.DataFrame) -> tuple[pd.Series, Bools]:
    """The reason of each change: its own, else, where its procedure says so (`reason_of`), that of the student's latest
    issued change of those kinds that took effect before; and whether nobody knows it, because a change of the student
    was set aside."""
    reasons, unclear = rows["reason"].astype("str"), np.zeros(len(rows), dtype=bool)
    changes = inputs.rows("change")
    concerned = inputs.concerned("change")
    for one in inputs.procedures:
        asking = (rows["kind"].isin(one.kinds) & rows["reason"].isna()).to_numpy() if one.reason_of else unclear & False
        if changes is None or not asking.any():
            continue
        unclear |= asking & rows["student_no"].isin(concerned).to_numpy()
        causes = changes[changes["kind"].isin(one.reason_of) & changes[ISSUED].notna()].dropna(subset=["effective_on"])
        causes = causes[["student_no", "effective_on", "change_no", "reason"]].astype(
            {"student_no": "str", "change_no": "str", "reason": "str"}
        )
        wanted = pd.DataFrame(
            {
                "student_no": rows["student_no"].astype("str").to_numpy()[asking],
                "on": rows["effective_on"].to_numpy()[asking],
                "place": np.flatnonzero(asking),
            }
        )
        pairs = wanted.merge(causes, on="student_no")
        pairs = pairs[pairs["effective_on"] < pairs["on"]].sort_values(["effective_on", "change_no"])
        latest = pairs.drop_duplicates("place", keep="last")
        named = pd.Series(latest["reason"].to_numpy(), index=rows.index[latest["place"].to_numpy()])
        reasons = reasons.fillna(named)
    return reasons, unclear


def step_fields(procedures: Sequence[Procedure], kind: str) -> tuple[str, ...]:
    """The date fields that show how far a change of this kind has got, whether or not a step's condition holds: those
    of its procedure, and affairs_on, by which 学生处 takes the last step of who has no record, where it may be so.
    None of a kind without a procedure (死亡). Of a pack that leaves all procedures to the school: every step column."""
    if not procedures:
        return STEP_COLUMNS
    own = [one for one in procedures if kind in one.kinds]
    if not own:
        return ()
    fields = [step.field for one in own for step in one.steps if step.field != ISSUED]
    return tuple(dict.fromkeys([*fields, *([] if kind == "转入" else [AFFAIRS])]))


def next_steps(inputs: Inputs, rows: pd.DataFrame, recorded: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Of each change that is not issued: the first step of its procedure that is missing, and its office; the issue
    where no other is. Where nobody knows whether the student has a record, he counts as one who has. Missing for
    issued changes, and for kinds without a procedure."""
    step, office = (pd.Series(None, index=rows.index, dtype="str") for _ in range(2))
    reasons, _ = reasons_of(inputs, rows)
    rows = rows.assign(reason=reasons)
    known = recorded.fillna(True).to_numpy(dtype=bool)
    for one in inputs.procedures:
        places = np.flatnonzero((rows["kind"].isin(one.kinds) & rows[ISSUED].isna()).to_numpy())
        some, has = rows.iloc[places], known[places]
        last = issuing(one)
        titles = np.where(has, last[0][0], last[1][0]).astype(object)
        offices = np.where(has, last[0][1], last[1][1]).astype(object)
        for each in reversed([each for each in one.steps if each.field != ISSUED]):
            lacking = step_applies(each, some, has) & some[each.field].isna().to_numpy()
            titles[lacking], offices[lacking] = each.called or each.title, each.office
        step.iloc[places], office.iloc[places] = titles, offices
    return step, office


def _compared(procedure: Procedure, rows: pd.DataFrame, recorded: Bools) -> pd.DataFrame:
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


def step_applies(step: Step, changes: pd.DataFrame, recorded: Bools) -> Bools:
    """Which changes must take the step; `recorded`: the student has a record row."""
    applies = np.ones(len(changes), dtype=bool)
    if step.reason is not None:
        applies &= (changes["reason"] == step.reason).to_numpy(dtype=bool, na_value=False)
    if step.record_only:
        applies &= recorded
    return applies & ~recorded if step.without_record else applies


def issuing(procedure: Procedure) -> list[tuple[str, str]]:
    """Title and office of issuing, for a student with a record row and for one without: as the procedure has it, if it
    names the step; else 教务处, and 学生处 where steps of 教务处 fall away without a record (四-6, 五-5)."""
    for step in procedure.steps:
        if step.field == ISSUED:
            return [(step.title, step.office)] * 2
    falls_away = any(step.record_only for step in procedure.steps)
    return [("发文", "教务处"), ("发文", "学生处" if falls_away else "教务处")]
