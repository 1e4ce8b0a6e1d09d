"""Who is away by arrangement (实习安排): an absence that overlaps such days is none."""

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]


def away(
    placements: tuple[pd.DataFrame, pd.Index], students: pd.Series, from_on: pd.Series, until: pd.Series
) -> tuple[Bools, Bools]:
    """For each student_no and span of days (both ends inclusive): whether a placement of the student, or of his class,
    overlaps it; and whether nobody knows, because such a row was set aside: it excuses whatever its days.

    `placements`: as `placed` makes them, and the students of whom one was set aside."""
    known, unknown = placements
    if not len(known) and not len(unknown):
        return np.zeros(len(students), dtype=bool), np.zeros(len(students), dtype=bool)
    who = students.astype("str").reset_index(drop=True)
    spans = pd.DataFrame(
        {"student_no": who, "from_on": from_on.to_numpy(), "until": until.to_numpy(), "place": np.arange(len(who))}
    )
    pairs = spans.merge(known, on="student_no", suffixes=("", "_placed"))
    over = pairs[(pairs["from_on_placed"] <= pairs["until"]) & (pairs["until_placed"] >= pairs["from_on"])]
    found = np.zeros(len(who), dtype=bool)
    found[over["place"].to_numpy()] = True
    return found, who.isin(unknown).to_numpy() & ~found


def placed(placements: pd.DataFrame, students: pd.DataFrame | None) -> pd.DataFrame:
    """student_no, from_on, until: a row a student and placement. A placement with a student_no is that student's alone;
    one with a class_no only is that of every student of the class."""
    rows = placements.astype({"student_no": "str", "class_no": "str"})
    parts = [rows.loc[rows["student_no"].notna(), ["student_no", "from_on", "until"]]]
    if students is not None:
        members = students[["student_no", "class_no"]].dropna().astype("str").drop_duplicates()
        whole = rows.loc[rows["student_no"].isna() & rows["class_no"].notna(), ["class_no", "from_on", "until"]]
        parts.append(whole.merge(members, on="class_no")[["student_no", "from_on", "until"]])
    return pd.concat(parts, ignore_index=True)
