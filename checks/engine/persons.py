"""Who is one person: connected components of 学号, 身份证号, 考生号 and 异动编号 over all tables.

One human may have several of each, and two may share one by mistake, so a join on any of them must stay in one cohort.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from checks.engine.columns import Columns, Ints, ranked
from facts.model.schema import JOIN_KEYS, spaces

NOBODY = -1


def persons(kinds: Mapping[str, Columns]) -> dict[str, Ints]:
    """Kind → the person of each of its rows, a number from 0; NOBODY for facts that concern no one person."""
    keys = {kind: _keys(columns) for kind, columns in kinds.items()}
    nodes = _Nodes(kinds, keys)
    of_row: dict[str, list[Ints]] = {
        kind: [
            ranked(kinds[kind].codes(key)[0], nodes.of(kind, key, space)) for key in keys[kind] for space in spaces(key)
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
        self.count = 0
        self._node: dict[tuple[str, str, str], Ints] = {}
        standing: dict[str, list[tuple[str, str]]] = {}
        for kind in kinds:
            for key in keys[kind]:
                for space in spaces(key):
                    standing.setdefault(space, []).append((kind, key))
        for space, columns in standing.items():
            parts = [kinds[kind].texts(key) for kind, key in columns]
            numbered = pa.concat_arrays(parts).dictionary_encode()
            nodes = numbered.indices.to_numpy().astype(np.int64) + self.count
            ends = np.cumsum([len(part) for part in parts])[:-1]
            for (kind, key), own in zip(columns, np.split(nodes, ends), strict=True):
                self._node[kind, key, space] = own
            self.count += len(numbered.dictionary)

    def of(self, kind: str, key: str, space: str) -> Ints:
        """By code of a text column, the node of its number in a name space."""
        return self._node[kind, key, space]


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
