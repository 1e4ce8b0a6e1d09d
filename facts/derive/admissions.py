"""Admissions: what was not entered of what 三-招生办-2 asks for."""

from typing import Any

import numpy as np
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import texts
from facts.model.schema import columns
from facts.model.tables import Welcome


def welcome(inputs: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """blank_fields: headings of the columns in admission_fields that are empty, in the order of the parameter; missing
    where none is. Columns that the export lacks are left out."""
    listed = inputs.parameters.get("admission_fields")
    if listed is None:
        return {}, 0
    looked_at = [name for name in listed if name in inputs.snapshot.tables["welcome"].fields]
    blank = np.zeros(len(rows), dtype=np.int64)
    for place, name in enumerate(looked_at):
        blank |= rows[name].isna().to_numpy().astype(np.int64) << place
    headings = columns(Welcome)
    return {"blank_fields": texts(blank, [headings[name].heading for name in looked_at], rows.index)}, 0
