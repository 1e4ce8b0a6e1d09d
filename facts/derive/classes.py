"""Classes: what kinds of students sit together in one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import frame, nothing
from facts.derive.texts import title_key
from facts.model.computed import ClassMix

_MIXED = {"level": "levels", "category": "categories", "major": "majors"}
_COMPARED = {"major": "major_key"}
_LISTED = 10
"""So many student numbers are listed at most."""


def class_group(_: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """major_key: the major as majors are compared."""
    return {"major_key": title_key(rows["major"])}, {}


def class_mix(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a class_no with 在读 students: how many (each student_no once), and how many different levels, categories and
    majors they have and which, each with its number of students, the most frequent first, equal ones by their text;
    missing ones aside. minority: the student_no of those who differ in one of these from most of the class."""
    rows = inputs.rows("student")
    if rows is None:
        return nothing(ClassMix), 0
    studying = rows.loc[rows["status"] == "在读", ["class_no", "student_no", *_MIXED]].dropna(subset=["class_no"])
    studying = studying.assign(major_key=title_key(studying["major"])).astype("str")
    by_class = studying.groupby("class_no")
    found: dict[str, Any] = {"students": by_class["student_no"].nunique()}
    classes = found["students"].index
    few = []
    for field, plural in _MIXED.items():
        pairs = studying[["class_no", "student_no", field]].assign(key=studying[_COMPARED.get(field, field)]).dropna()
        counted = pairs.groupby(["class_no", "key"]).agg(rows=("student_no", "nunique"), text=(field, "min"))
        counted = counted.reset_index().sort_values(["class_no", "rows", "text"], ascending=[True, False, True])
        told = counted.assign(text=counted["text"] + " " + counted["rows"].astype("str") + " 人").groupby("class_no")
        found[plural] = told.size().reindex(classes, fill_value=0)
        found[f"{field}_names"] = told["text"].agg("、".join).reindex(classes)
        most = counted.drop_duplicates("class_no").set_index("class_no")["key"]
        few.append(pairs.loc[pairs["key"] != pairs["class_no"].map(most), ["class_no", "student_no"]])
    differing = pd.concat(few).drop_duplicates().sort_values(["class_no", "student_no"])
    found["minority"] = differing.groupby("class_no")["student_no"].agg(_some).reindex(classes)
    return frame(ClassMix, class_no=classes.to_series(), **found), 0


def _some(numbers: pd.Series) -> str:
    more = len(numbers) - _LISTED
    return "、".join(numbers[:_LISTED]) + (f" 等 {len(numbers)} 人" if more > 0 else "")
