"""What a reader must know of a snapshot before trusting what was found in it."""

from collections.abc import Iterator

from checks.results import Note
from facts.model.snapshot import Snapshot


def remarks(snapshot: Snapshot) -> Iterator[Note]:
    """What was learnt when it was read; and that its day lies before or after every term, which rules count from."""
    for remark in snapshot.remarks:
        yield Note("snapshot", remark)
    terms = snapshot.tables.get("term")
    known = None if terms is None else terms.frame[["starts_on", "ends_on"]].dropna()  # an example may leave them out
    if known is None or known.empty:
        return
    first, last = known["starts_on"].min().date(), known["ends_on"].max().date()
    if snapshot.as_of < first:
        yield Note("calendar", f"数据截至{snapshot.as_of}，早于校历中最早的学期（{first}开学）：请核对截至日期和校历")
    elif snapshot.as_of > last:
        yield Note(
            "calendar",
            f"数据截至{snapshot.as_of}，晚于校历中最后的学期（{last}结束），按该学期核查：请核对截至日期，或补上以后的校历",
        )
