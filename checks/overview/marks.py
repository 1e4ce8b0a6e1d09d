"""How many marks of changes (五-5, 五-6) stood in time, by the office that marks and the student's college."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from checks.results import MarkCount
from facts.model.snapshot import Snapshot

_MARKS: tuple[tuple[str, str, Callable[[pd.DataFrame], pd.Series]], ...] = (
    # office, its mark, and which changes need it (as MRK-01 and MRK-02 say)
    ("学生处", "marked_school_on", lambda changes: changes["kind"] != "转入"),
    ("教务处", "marked_record_on", lambda changes: changes["has_record"].fillna(False).astype(bool)),
)
_MONTHS = 12


def marks(changes: pd.DataFrame, snapshot: Snapshot, colleges: Mapping[str, str]) -> tuple[MarkCount, ...]:
    """Marks whose deadline fell in as_of's month or the eleven before it, and not after as_of; counted by office,
    college and month of the deadline, in that order. An office whose mark the export has no column for is left out, and
    so is the record mark where no record is given. `changes` has the computed columns; `colleges`: student_no →
    college."""
    table = snapshot.tables.get("change")
    if table is None:
        return ()
    today = pd.Timestamp(snapshot.as_of)
    since = (today.to_period("M") - (_MONTHS - 1)).to_timestamp()
    due = changes["mark_due_on"].between(since, today)
    return tuple(
        count
        for office, mark, needed in _MARKS
        if mark in table.fields
        for count in _counted(office, mark, changes[(due & needed(changes)).astype(bool)], colleges)
    )


def _counted(office: str, mark: str, changes: pd.DataFrame, colleges: Mapping[str, str]) -> Iterator[MarkCount]:
    due_on = changes["mark_due_on"]
    each = pd.DataFrame(
        {
            "college": changes["student_no"].astype("str").map(colleges).astype("str").fillna(""),
            "month": due_on.dt.strftime("%Y-%m"),
            "due": 1,
            "on_time": (changes[mark] <= due_on).astype("int64"),
        }
    )
    summed = each.groupby(["college", "month"], as_index=False, sort=True).sum()
    for college, month, due, on_time in summed.itertuples(index=False):
        yield MarkCount(office, str(college) or None, str(month), int(due), int(on_time))
