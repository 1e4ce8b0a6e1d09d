"""Of which matches a condition on their facts holds, in columns: what is over, whose it is, what a rule looks at."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from checks.engine.atoms import AllOf, Alone, AnyOf, Lower, Node, Pair
from checks.engine.columns import MISSING, Bools, Columns, Ints, compared
from checks.engine.flat import Shifted, single
from rules.condition import TEXTS, Expr


def holding(
    condition: Expr,
    kinds: Mapping[str, str],
    rows: Mapping[str, Ints],
    columns: Mapping[str, Columns],
    as_of: date,
    parameters: Mapping[str, Any],
) -> Bools:
    """For each match, whether the condition holds. `kinds`: alias → kind; `rows`: alias → the row of its fact in each
    match; `columns`: by kind."""
    lower = Lower(kinds, as_of, parameters)
    size = len(next(iter(rows.values())))

    def holds(node: Node) -> Bools:
        match node:
            case AllOf(items):
                return np.asarray(np.logical_and.reduce([np.ones(size, np.bool_), *map(holds, items)]))
            case AnyOf(items):
                return np.asarray(np.logical_or.reduce([np.zeros(size, np.bool_), *map(holds, items)]))
            case Alone(ref):
                return columns[kinds[ref.alias]].holds(single(node))[rows[ref.alias]]
            case Pair(left, op, right, offset):
                a, b = columns[kinds[left.alias]], columns[kinds[right.alias]]
                if lower.column(left).type in TEXTS and op not in ("==", "!="):
                    return _by_order(
                        a.values(left.field, rows[left.alias]), op, b.values(right.field, rows[right.alias])
                    )
                mine = Shifted(left.field, -offset) if offset else left.field
                return compared(a, rows[left.alias], mine, op, b, rows[right.alias], right.field)

    return holds(lower.node(condition))


def _by_order(left: list[Any], op: str, right: list[Any]) -> Bools:
    """Texts, row by row; false where one is missing."""
    signs = [MISSING if a is None or b is None else (a > b) - (a < b) for a, b in zip(left, right, strict=True)]
    order = np.array(signs, np.int64)
    holds = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op]
    return np.asarray(holds & (order != MISSING))
