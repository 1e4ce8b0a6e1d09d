"""The procedures of a pack (附表1) as they are drawn: their steps in order, and how the issued changes took them."""

import numpy as np
import pandas as pd

from checks.results import Flow, FlowStep
from facts.derive.inputs import Inputs
from facts.derive.placeholders import Placeholders
from facts.derive.steps import ISSUED, issuing, step_applies
from facts.model.procedures import Procedure
from facts.model.snapshot import Snapshot
from rules.pack import Pack


def flows(pack: Pack, snapshot: Snapshot | None = None, nobodys: Placeholders | None = None) -> tuple[Flow, ...]:
    """One a procedure of the pack. Counted where the snapshot gives 学籍异动 and 学籍, the latter because it says which
    steps fall away; a step that only some 异动原因 takes is never counted: few are on leave for one reason. `nobodys`:
    the snapshot's numbers that are nobody's, where they are known already."""
    changes, recorded = _issued(snapshot, nobodys) if snapshot else (None, None)
    return tuple(_flow(one, changes, recorded) for one in pack.file.procedures)


def _issued(snapshot: Snapshot, nobodys: Placeholders | None) -> tuple[pd.DataFrame | None, pd.Series | None]:
    inputs = Inputs(snapshot, (), {}, nobodys)
    changes, standing = inputs.rows("change"), inputs.standing("record")
    if changes is None or standing is None:
        return None, None
    issued = changes[changes[ISSUED].notna()].reset_index(drop=True)
    return issued, issued["student_no"].isin(standing)


def _flow(procedure: Procedure, changes: pd.DataFrame | None, recorded: pd.Series | None) -> Flow:
    steps = [step for step in procedure.steps if step.field != ISSUED]
    offices = "、".join(dict.fromkeys(office for _, office in issuing(procedure)))
    last = FlowStep(issuing(procedure)[0][0], offices, issuing(procedure)[0][1])
    made = [FlowStep(s.title, s.by, s.office, s.reason, s.record_only) for s in steps]
    if changes is None or recorded is None:
        return Flow(procedure.kinds, (*made, last))
    of_kind = changes["kind"].isin(procedure.kinds).to_numpy()
    rows, known = changes[of_kind], recorded.to_numpy()[of_kind]
    counted = []
    for step, plain in zip(steps, made, strict=True):
        applies = step_applies(step, rows, known)
        lacking = int((applies & rows[step.field].isna().to_numpy()).sum())
        number = None if step.reason else int(np.count_nonzero(applies))
        counted.append(FlowStep(plain.title, plain.by, plain.office, plain.reason, plain.record_only,
                                number, None if step.reason else lacking))  # fmt: skip
    final = FlowStep(last.title, last.by, last.office, changes=len(rows), missing=0)
    return Flow(procedure.kinds, (*counted, final), len(rows))
