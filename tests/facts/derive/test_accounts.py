"""fee_account: what a student owes for an academic year."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from facts.derive import derive
from facts.reading.load import load_snapshot
from facts.reading.written_rows import snapshot_from_rows

AS_OF = date(2026, 11, 25)
FEE = {"student_no": "1", "academic_year": "2026-2027", "payable": 5800, "paid": 5800}


def accounts(*fees: dict[str, Any]) -> pd.DataFrame:
    return derive(snapshot_from_rows({"fee": fees}, AS_OF), [], {}, ["fee_account"]).frames["fee_account"]


def only(frame: pd.DataFrame) -> dict[str, Any]:
    assert len(frame) == 1
    return dict(frame.iloc[0])


def test_all_items_of_a_year_are_added_up_in_fen() -> None:
    account = only(
        accounts(
            {**FEE, "payable": "5800.50", "paid": "5,000", "relief": "100.5"}, {**FEE, "payable": 30, "paid": 0.01}
        )
    )
    assert (account["payable"], account["paid"], account["relief"]) == (583050, 500001, 10050)
    assert account["owed"] == 583050 - 500001 - 10050
    assert not account["settled"]


@pytest.mark.parametrize(
    ("paid", "settled"), [("5799.00", False), ("5799.01", True), ("5800", True), ("5800.01", True)]
)
def test_it_is_settled_when_less_is_owed_than_anybody_chases(paid: str, settled: bool) -> None:
    assert only(accounts({**FEE, "paid": paid}))["settled"] == settled


@pytest.mark.parametrize(("until", "settled"), [("2026-11-24", False), ("2026-11-25", True), ("2026-11-26", True)])
def test_it_is_settled_while_payment_is_deferred_the_last_day_included(until: str, settled: bool) -> None:
    assert only(accounts({**FEE, "paid": 0, "deferred_until": until}))["settled"] == settled


def test_the_latest_deferral_and_registration_hold() -> None:
    account = only(
        accounts(
            {**FEE, "deferred_until": "2026-12-31", "registered_on": "2026-09-01"},
            {**FEE, "deferred_until": "2026-10-31", "registered_on": "2026-09-03"},
            FEE,
        )
    )
    assert account["deferred_until"] == pd.Timestamp("2026-12-31")
    assert account["registered_on"] == pd.Timestamp("2026-09-03")


def test_each_year_and_each_student_has_an_account_of_their_own() -> None:
    found = accounts(FEE, {**FEE, "academic_year": "2025-2026"}, {**FEE, "student_no": "2"})
    assert sorted(zip(found["student_no"], found["academic_year"], strict=True)) == [
        ("1", "2025-2026"),
        ("1", "2026-2027"),
        ("2", "2026-2027"),
    ]


def test_without_fees_there_are_no_accounts() -> None:
    assert derive(snapshot_from_rows({}, AS_OF), [], {}).frames["fee_account"].empty
    assert accounts().empty


def from_file(folder: Path, *lines: str) -> tuple[list[tuple[str, str]], int]:
    """Accounts left, and how many are withheld, of a fee export with these lines."""
    (folder / "缴费.csv").write_text("\n".join(["学号,学年,应缴金额,实缴金额", *lines]), "utf-8")
    base = derive(load_snapshot(folder, AS_OF), [], {}, ["fee_account"])
    found = base.frames["fee_account"]
    return list(zip(found["student_no"], found["academic_year"], strict=True)), base.withheld.get("fee_account", 0)


def test_an_account_with_a_row_set_aside_is_not_computed(tmp_path: Path) -> None:
    left, withheld = from_file(
        tmp_path, "1,2026-2027,100,100", "1,2026-2027,坏,0", "1,2025-2026,100,100", "2,2026-2027,1,1"
    )
    assert left == [("1", "2025-2026"), ("2", "2026-2027")]
    assert withheld == 1


def test_an_account_of_which_every_row_is_set_aside_is_withheld_too(tmp_path: Path) -> None:
    assert from_file(tmp_path, "1,2026-2027,坏,0", "2,2026-2027,1,1") == ([("2", "2026-2027")], 1)


def test_where_the_year_cannot_be_read_none_of_that_student_s_accounts_is_computed(tmp_path: Path) -> None:
    left, withheld = from_file(tmp_path, "1,2026-2027,100,100", "1,2025-2026,100,100", "1,,100,0", "2,2026-2027,1,1")
    assert left == [("2", "2026-2027")]
    assert withheld == 2


def test_where_the_student_cannot_be_read_nobody_is_concerned(tmp_path: Path) -> None:
    assert from_file(tmp_path, "1,2026-2027,100,100", ",2026-2027,100,0") == ([("1", "2026-2027")], 0)
