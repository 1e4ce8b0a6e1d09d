"""Which students' platform the export of 学籍 does not show: whether they have a record there is unknown."""

import pandas as pd

from facts.model.frames import FILE, ROW
from facts.model.snapshot import Snapshot

_KEPT_ON = {"本科": "学信网", "专科": "学信网", "中职": "中职学籍系统"}
"""Level → the platform that keeps its records. 预科 have none."""


def unseen_platforms(snapshot: Snapshot) -> dict[str, list[str]]:
    """Platform of which record has no row, accepted or set aside → the levels whose records it keeps. None where record
    or student is not given, where record has no row at all, and where a row doesn't say its platform."""
    record, students = snapshot.tables.get("record"), snapshot.tables.get("student")
    if record is None or students is None or not len(record.frame):
        return {}
    if record.frame["platform"].isna().any():
        return {}
    there = {str(platform) for rows in (record.frame, record.aside) for platform in rows["platform"].dropna().unique()}
    found: dict[str, list[str]] = {}
    levels = {str(level) for level in students.frame["level"].dropna().unique()}
    for level, platform in _KEPT_ON.items():
        if level in levels and platform not in there:
            found.setdefault(platform, []).append(level)
    return found


def unseen_records(snapshot: Snapshot) -> pd.DataFrame | None:
    """Rows in the form of `Table.aside` of record, one a student whose platform it does not show and who has no row in
    it: student_no and id_number are his, nothing else is known. None where there is none."""
    levels = [level for each in unseen_platforms(snapshot).values() for level in each]
    if not levels:
        return None
    record, students = snapshot.tables["record"].frame, snapshot.tables["student"].frame
    recorded = students["student_no"].isin(record["student_no"].cat.categories)
    some = students[students["level"].isin(levels) & ~recorded].reset_index(drop=True)
    rows = record.iloc[:0].reindex(some.index)
    rows[["student_no", "id_number"]] = some[["student_no", "id_number"]]
    return rows.assign(**{name: some[name].to_numpy() for name in (FILE, ROW)}) if len(rows) else None
