"""procedure: an issued change against the steps that it must take."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.derive import derive
from facts.model.procedures import Procedure, Step
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
LEAVE = Procedure(
    kinds=("休学", "保留学籍"),
    steps=(
        Step(field="applied_on", title="申请", by="学生", office="二级学院"),
        Step(field="college_on", title="学院审核", by="二级学院", office="二级学院"),
        Step(field="infirmary_on", title="校医务室审核", by="校医务室", office="学生处", reason="疾病"),
        Step(field="affairs_on", title="学生处审核", by="学生处", office="学生处"),
        Step(field="academic_on", title="教务处审核", by="教务处", office="教务处", record_only=True),
    ),
)
TRANSFER_IN = Procedure(
    kinds=("转入",), steps=(Step(field="academic_on", title="教务处审核", by="教务处", office="教务处"),)
)
PROCEDURES = (TRANSFER_IN, LEAVE)
DONE = {
    "change_no": "X1",
    "student_no": "1",
    "kind": "休学",
    "applied_on": "2026-09-01",
    "college_on": "2026-09-02",
    "affairs_on": "2026-09-03",
    "academic_on": "2026-09-04",
    "issued_on": "2026-09-05",
}
RECORDS = ({"student_no": "1", "status": "在籍"},)


def judged(
    *changes: dict[str, Any], procedures: tuple[Procedure, ...] = PROCEDURES, records: Any = RECORDS
) -> pd.DataFrame:
    tables = {"change": changes, "record": records}
    return derive(snapshot_from_rows(tables, AS_OF), procedures, {}, ["procedure"]).frames["procedure"]


def verdict(change: dict[str, Any], **more: Any) -> tuple[Any, ...]:
    """missing, missing_office, early, early_office of one change; None where missing."""
    found = judged(change, **more)
    assert len(found) == 1
    fields = ("missing", "missing_office", "early", "early_office")
    return tuple(None if pd.isna(found[field].iloc[0]) else found[field].iloc[0] for field in fields)


NOTHING_WRONG = (None, None, None, None)


def test_a_change_that_took_every_step_in_order_has_nothing_wrong() -> None:
    assert verdict(DONE) == NOTHING_WRONG


def test_all_steps_on_one_day_are_in_order() -> None:
    assert (
        verdict({name: "2026-09-01" if name.endswith("_on") else value for name, value in DONE.items()})
        == NOTHING_WRONG
    )


def test_missing_steps_are_named_in_order_with_the_office_of_the_first() -> None:
    assert verdict({**DONE, "academic_on": None, "college_on": None}) == (
        "学院审核、教务处审核",
        "二级学院",
        None,
        None,
    )


def test_a_step_that_is_dated_after_as_of_is_missing() -> None:
    assert verdict({**DONE, "affairs_on": "2026-11-26"}) == ("学生处审核", "学生处", None, None)


def test_a_step_before_the_one_that_must_precede_it_came_too_early() -> None:
    assert verdict({**DONE, "college_on": "2026-08-31"}) == (None, None, "学院审核", "二级学院")


def test_an_inversion_shows_across_a_missing_step() -> None:
    change = {**DONE, "college_on": None, "applied_on": "2026-09-04"}
    assert verdict(change) == ("学院审核", "二级学院", "学生处审核", "学生处")


def test_every_step_that_came_before_some_earlier_one_is_named() -> None:
    change = {**DONE, "applied_on": "2026-09-05"}
    assert verdict(change) == (None, None, "学院审核、学生处审核、教务处审核", "二级学院")


def test_issuing_may_not_precede_any_step() -> None:
    assert verdict({**DONE, "issued_on": "2026-09-03"}) == (None, None, "发文", "教务处")


def test_without_a_record_the_steps_of_the_record_fall_away_and_the_student_office_issues() -> None:
    change = {**DONE, "academic_on": None, "issued_on": "2026-09-02"}
    assert verdict(change, records=()) == (None, None, "发文", "学生处")
    assert verdict({**change, "academic_on": "2026-08-01"}, records=()) == (None, None, "发文", "学生处")


def test_where_no_step_falls_away_without_a_record_the_academic_office_issues() -> None:
    change = {**DONE, "kind": "转入", "issued_on": "2026-09-01"}
    assert verdict(change, records=()) == (None, None, "发文", "教务处")


def test_a_procedure_may_name_who_issues() -> None:
    named = Procedure(
        kinds=("转出",), steps=(*TRANSFER_IN.steps, Step(field="issued_on", title="行文", by="教务处", office="教务处"))
    )
    change = {**DONE, "kind": "转出", "issued_on": "2026-09-01"}
    assert verdict(change, procedures=(named,)) == (None, None, "行文", "教务处")


def test_a_step_for_a_reason_counts_only_with_that_reason() -> None:
    assert verdict({**DONE, "reason": "疾病"}) == ("校医务室审核", "学生处", None, None)
    assert verdict({**DONE, "reason": "创业"}) == NOTHING_WRONG
    assert verdict({**DONE, "infirmary_on": "2026-12-01", "reason": "创业"}) == NOTHING_WRONG


@pytest.mark.parametrize(
    "change", [{**DONE, "issued_on": None}, {**DONE, "kind": "留级"}, {**DONE, "issued_on": "2026-11-26"}]
)
def test_only_issued_changes_with_a_procedure_are_judged(change: dict[str, Any]) -> None:
    assert judged(change).empty


def test_changes_stay_in_the_order_of_the_table() -> None:
    found = judged(DONE, {**DONE, "change_no": "X2", "kind": "转入"}, {**DONE, "change_no": "X3", "kind": "保留学籍"})
    assert found["change_no"].tolist() == ["X1", "X2", "X3"]
    assert found["kind"].tolist() == ["休学", "转入", "保留学籍"]


def test_without_changes_records_or_procedures_there_is_none() -> None:
    assert judged().empty
    assert judged(DONE, procedures=()).empty
    for tables in ({"change": [DONE]}, {"record": RECORDS}):
        assert derive(snapshot_from_rows(tables, AS_OF), PROCEDURES, {}).frames["procedure"].empty


FIELDS = ("applied_on", "college_on", "infirmary_on", "affairs_on", "academic_on")
DAY = st.integers(0, 4).map(lambda day: date(2026, 9, 1) + timedelta(days=day))


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                **dict.fromkeys(FIELDS, st.none() | DAY),
                "issued_on": DAY,
                "student_no": st.sampled_from(["1", "2"]),
                "reason": st.sampled_from(["疾病", "创业", None]),
                "kind": st.just("休学"),
                "change_no": st.just("X1"),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_verdict_is_that_of_comparing_every_pair_of_steps(changes: list[dict[str, Any]]) -> None:
    found = judged(*changes)
    for place, change in enumerate(changes):
        recorded = change["student_no"] == "1"
        steps = [
            (step.title, step.office, change[step.field])
            for step in LEAVE.steps
            if (not step.reason or step.reason == change["reason"]) and (recorded or not step.record_only)
        ]
        missing = [(title, office) for title, office, day in steps if day is None]
        taken = [
            *(step for step in steps if step[2]),
            ("发文", "教务处" if recorded else "学生处", change["issued_on"]),
        ]
        early = [
            (title, office)
            for n, (title, office, day) in enumerate(taken)
            if any(before > day for *_, before in taken[:n])
        ]
        for wrong, titles, office in ((missing, "missing", "missing_office"), (early, "early", "early_office")):
            told = found[[titles, office]].iloc[place].tolist()
            assert [None if pd.isna(text) else text for text in told] == (
                ["、".join(title for title, _ in wrong), wrong[0][1]] if wrong else [None, None]
            )
