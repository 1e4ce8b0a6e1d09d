"""The rows that could not be read, in a form that keeps rules from resting on them: unknown, not absent."""

from collections.abc import Mapping

import pandas as pd

from facts.derive import deferrals
from facts.derive.given import Given

UNREADABLE = "unreadable "
"""Before a field's name: the column that says whether its cell could not be read."""


def asides(given: Given) -> Mapping[str, pd.DataFrame]:
    """Table → its rows set aside: the cells that can be read, the others missing; for each field a bool column
    `UNREADABLE + field`. Only tables that have such rows. Whom a deferral is for is computed as for rows accepted."""
    result = {}
    for name, table in given.snapshot.tables.items():
        if not len(table.aside):
            continue
        rows = table.aside.mask(table.unreadable.reindex(columns=table.aside.columns, fill_value=False).astype(bool))
        rows = rows.astype(table.aside.dtypes.to_dict())
        if name == "deferral":
            rows = rows.assign(**deferrals.deferral(given, rows)[0])
        flags = table.unreadable.add_prefix(UNREADABLE)
        result[name] = pd.concat([rows, flags.set_axis(rows.index)], axis=1)
    return result
