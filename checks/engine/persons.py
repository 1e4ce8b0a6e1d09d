"""Who is one person: connected components of 学号, 身份证号, 考生号 and 异动编号 over all tables.

One human may have several of each, and two may share one by mistake, so a join on any of them must stay in one cohort.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from checks.engine.columns import Columns, Ints, ranked
from facts.model.schema import JOIN_KEYS, spaces

NOBODY = -1


def persons(kinds: Mapping[str, Columns]) -> dict[str, Ints]:
    """Kind → the person of each of its rows, a number from 0; NOBODY for facts that concern no one person."""
    keys = {kind: _keys(columns) for kind, columns in kinds.items()}
    nodes = _Nodes(kinds, keys)
    of_row: dict[str, list[Ints]] = {
        kind: [
            ranked(codes, nodes[space].get_indexer(texts) + offset)
            for key in keys[kind]
            for codes, texts in (kinds[kind].codes(key),)
            for space, offset in ((s, nodes.offset(s)) for s in spaces(key))
        ]
        for kind in kinds
    }
    label = _components(nodes.count, [edge for columns in of_row.values() for edge in _edges(columns)])
    result = {}
    for kind, columns in of_row.items():
        person = np.full(len(kinds[kind]), NOBODY, np.int64)
        for column in reversed(columns):
            person = np.where(column >= 0, column, person)
        result[kind] = ranked(person, label, missing=NOBODY) if columns else person
    return result


def _keys(columns: Columns) -> list[str]:
    """The fields by which people are known; an id_number that is nobody's joins no persons (`identity`)."""
    return [
        key for key in JOIN_KEYS if key in columns.frame and not (key == "id_number" and "identity" in columns.frame)
    ]


class _Nodes:
    """Every distinct number of each name space, numbered through."""

    def __init__(self, kinds: Mapping[str, Columns], keys: Mapping[str, list[str]]) -> None:
        texts: dict[str, list[pd.Index]] = {}
        for kind, columns in kinds.items():
            for key in keys[kind]:
                for space in spaces(key):
                    texts.setdefault(space, []).append(columns.codes(key)[1])
        self._index: dict[str, pd.Index] = {}
        self._offset: dict[str, int] = {}
        self.count = 0
        for space, parts in texts.items():
            self._index[space] = parts[0].append(parts[1:]).unique()
            self._offset[space] = self.count
            self.count += len(self._index[space])

    def __getitem__(self, space: str) -> pd.Index:
        return self._index[space]

    def offset(self, space: str) -> int:
        return self._offset[space]


def _edges(columns: list[Ints]) -> list[tuple[Ints, Ints]]:
    """Pairs of nodes that stand in one row: each column with every later one (a row may lack any of them)."""
    result = []
    for i, a in enumerate(columns):
        for b in columns[i + 1 :]:
            both = (a >= 0) & (b >= 0)
            result.append((a[both], b[both]))
    return result


def _components(count: int, edges: list[tuple[Ints, Ints]]) -> Ints:
    """The smallest node of each node's component, by label propagation with pointer jumping."""
    label = np.arange(count, dtype=np.int64)
    if not edges:
        return label
    a, b = (np.concatenate(side) for side in zip(*edges, strict=True))
    while True:
        least = np.minimum(label[a], label[b])
        if not ((label[a] != least).any() or (label[b] != least).any()):
            return label
        # The roots are hooked too, so that long chains of numbers close in a few rounds.
        for node in (a, b, label[a], label[b]):
            np.minimum.at(label, node, least)
        while (label != (jumped := label[label])).any():
            label = jumped
