"""The rows set aside, in a form that keeps rules from resting on them: they are unknown, not absent."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.shape import together
from facts.model.frames import FILE, ROW
from facts.model.schema import JOIN_KEYS, columns
from facts.model.tables import TABLES

UNREADABLE = "unreadable "
"""Before a field's name: the column that says whether its cell could not be read."""


def asides(
    inputs: Inputs, computed: Mapping[str, Callable[[Inputs, pd.DataFrame], tuple[dict[str, Any], Mapping[str, int]]]]
) -> Mapping[str, pd.DataFrame]:
    """Table → its rows set aside: the cells that can be read, the others missing; for each field a bool column
    `UNREADABLE + field`. Only tables that have such rows.

    `computed`: table → what computes its columns. Where one of these says whom a row concerns, it is computed of the
    rows set aside as well."""
    result = {}
    for name, table in inputs.snapshot.tables.items():
        aside, unreadable = table.aside, table.unreadable
        for more in (inputs.placeholders.asides(table), inputs.unseen_records if name == "record" else None):
            if more is not None:
                flags = more.isna() & ~more.columns.isin([FILE, ROW])
                aside, unreadable = together(aside, more), pd.concat([unreadable, flags], ignore_index=True)
        if not len(aside):
            continue
        rows = aside.mask(unreadable.reindex(columns=aside.columns, fill_value=False).astype(bool))
        rows = rows.astype(aside.dtypes.to_dict())
        fields = columns(TABLES[name])
        if name in computed and any(key in fields and fields[key].computed for key in JOIN_KEYS):
            rows = rows.assign(**computed[name](inputs, rows)[0])
        flags = unreadable.add_prefix(UNREADABLE)
        result[name] = pd.concat([rows, flags.set_axis(rows.index)], axis=1)
    return result
