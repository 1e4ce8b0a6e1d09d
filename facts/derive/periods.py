"""Of which terms and academic years a table has enough rows to speak of them."""

import numpy as np

from facts.derive.inputs import Inputs


def enough(inputs: Inputs, table: str, field: str) -> frozenset[str]:
    """The periods (values of `field`) of which a table that is given has at least one row, and no fewer than
    cover_least percent of the rows of its fullest one: a mistyped term covers nothing."""
    rows = inputs.rows(table)
    assert rows is not None
    codes = rows[field].cat.codes.to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=len(rows[field].cat.categories))
    least = inputs.parameter("cover_least", 5) or 0
    there = (counts > 0) & (counts * 100 >= least * (counts.max() if len(counts) else 0))
    return frozenset(str(name) for name in rows[field].cat.categories[there])
