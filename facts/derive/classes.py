"""Classes: what kinds of students sit together in one."""

from typing import Any

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import frame, nothing
from facts.model.computed import ClassMix

_MIXED = {"level": "levels", "category": "categories", "major": "majors"}


def class_mix(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a class_no with 在读 students: how many (each student_no once), and how many different levels, categories and
    majors they have and which, in the order of their text; missing ones aside."""
    rows = inputs.rows("student")
    if rows is None:
        return nothing(ClassMix), 0
    studying = rows.loc[rows["status"] == "在读", ["class_no", "student_no", *_MIXED]].dropna(subset=["class_no"])
    studying = studying.astype("str")
    by_class = studying.groupby("class_no")
    found: dict[str, Any] = {"students": by_class["student_no"].nunique()}
    for field, plural in _MIXED.items():
        pairs = studying[["class_no", field]].dropna().drop_duplicates().sort_values(["class_no", field])
        names = pairs.groupby("class_no")[field]
        found[plural] = names.size().reindex(found["students"].index, fill_value=0)
        found[f"{field}_names"] = names.agg("、".join).reindex(found["students"].index)
    return frame(ClassMix, class_no=found["students"].index.to_series(), **found), 0
