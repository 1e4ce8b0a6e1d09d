"""As of a day: what is dated later has not happened yet."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from facts.model.refusal import DataError
from facts.model.schema import columns
from facts.model.tables import TABLES
from facts.reading.load import load_snapshot, mask, snapshot_from_rows
from facts.reading.notes import read_notes

AS_OF = date(2026, 11, 25)
FAR = date(9999, 12, 31)
LATE = {
    name: "2026-12-01"
    for model in TABLES.values()
    for name, column in columns(model).items()
    if column.type == "date" and not column.computed
}


@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind not in ("attendance", "registration", "handover")])
def test_a_later_date_reads_as_missing_unless_it_is_a_plan(kind: str) -> None:
    fields = {name: c for name, c in columns(TABLES[kind]).items() if c.type == "date" and not c.computed}
    frame = snapshot_from_rows({kind: [{name: LATE[name] for name in fields}]}, AS_OF).tables[kind].frame
    stays = {
        "until",
        "effective_on",
        "deferred_until",
        "entered_on",
        "birth_on",
        "starts_on",
        "report_by",
        "newcomer_report_by",
        "from_on",
        "changed_on",
        "ends_on",
        "date",
    }
    assert {name for name in fields if pd.notna(frame[name].iloc[0])} == set(fields) & stays


@pytest.mark.parametrize(
    ("kind", "own"), [("attendance", "held_on"), ("registration", "registered_on"), ("handover", "handed_on")]
)
def test_a_row_that_happened_later_is_out_of_sight_but_accepted(kind: str, own: str) -> None:
    rows = [{own: "2026-11-26"}, {own: "2026-11-25"}, {}]
    table = snapshot_from_rows({kind: rows}, AS_OF).tables[kind]
    assert table.frame["row_"].tolist() == [3, 4]
    assert table.frame.index.tolist() == [0, 1]
    assert (table.read, table.accepted) == (3, 3)


def test_a_date_on_the_day_itself_has_happened() -> None:
    rows = {"checkin": [{"arrived_on": "2026-11-25", "marked_on": "2026-11-26"}]}
    frame = snapshot_from_rows(rows, AS_OF).tables["checkin"].frame
    assert frame["arrived_on"].tolist() == [pd.Timestamp(AS_OF)]
    assert frame["marked_on"].isna().all()


def test_masking_leaves_the_frame_that_it_is_given_alone() -> None:
    frame = snapshot_from_rows({"checkin": [{"marked_on": "2026-12-01"}]}, FAR).tables["checkin"].frame
    masked = mask(frame, TABLES["checkin"], AS_OF)
    assert masked["marked_on"].isna().all()
    assert frame["marked_on"].notna().all()
    assert masked["marked_on"].dtype == "datetime64[s]"


@pytest.mark.parametrize(
    "text",
    ["as_of = 2026-11-25", 'as_of = "2026-11-25"', "\ufeffas_of = 2026-11-25\r\n", "as_of = 2026-11-25T08:00:00"],
)
def test_the_folder_says_as_of_when(tmp_path: Path, text: str) -> None:
    (tmp_path / "snapshot.toml").write_text(text, "utf-8")
    assert read_notes(tmp_path).day() == AS_OF


@pytest.mark.parametrize("text", ["", "as_of = 20", "as_of = '今天'", "as_of", "[as_of]", "as_of = 2026-13-01"])
def test_a_folder_that_does_not_say_so_is_asked_for_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "snapshot.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match="--as-of"):
        read_notes(tmp_path).day()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("as_off = 2026-11-25", "as_off 不认得，是不是 as_of"),
        ("remark = 1", "remark 不认得，可用的有：as_of、college、packs、previous"),
    ],
)
def test_what_the_folder_says_and_nobody_knows_is_refused_with_the_nearest(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "checkin.csv").write_text("学号,学期\n1,2026-2027-1\n", "utf-8")
    (tmp_path / "snapshot.toml").write_text(f"as_of = 2026-11-25\n{text}", "utf-8")
    for day in (None, AS_OF):
        with pytest.raises(DataError, match=f"snapshot.toml 里的 {said}"):
            load_snapshot(tmp_path, day)


def test_without_a_day_it_is_never_today(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"请用 --as-of .*snapshot\.toml"):
        read_notes(tmp_path).day()
