"""The rows set aside, in a form that keeps rules from resting on them: they are unknown, not absent."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from facts.derive.inputs import Inputs
from facts.model.schema import PERSON_KEYS, columns
from facts.model.tables import TABLES

UNREADABLE = "unreadable "
"""Before a field's name: the column that says whether its cell could not be read."""


def asides(
    inputs: Inputs, computed: Mapping[str, Callable[[Inputs, pd.DataFrame], tuple[dict[str, Any], int]]]
) -> Mapping[str, pd.DataFrame]:
    """Table → its rows set aside: the cells that can be read, the others missing; for each field a bool column
    `UNREADABLE + field`. Only tables that have such rows.

    `computed`: table → what computes its columns. Where one of these says whom a row concerns, it is computed of the
    rows set aside as well."""
    result = {}
    for name, table in inputs.snapshot.tables.items():
        if not len(table.aside):
            continue
        rows = table.aside.mask(table.unreadable.reindex(columns=table.aside.columns, fill_value=False).astype(bool))
        rows = rows.astype(table.aside.dtypes.to_dict())
        fields = columns(TABLES[name])
        if name in computed and any(key in fields and fields[key].computed for key in PERSON_KEYS):
            rows = rows.assign(**computed[name](inputs, rows)[0])
        flags = table.unreadable.add_prefix(UNREADABLE)
        result[name] = pd.concat([rows, flags.set_axis(rows.index)], axis=1)
    return result
