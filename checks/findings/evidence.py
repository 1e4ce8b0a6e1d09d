"""Where a fact comes from: the rows of the exports that prove it, down to file and row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from checks.engine.columns import Columns, Ints, joined, partners
from checks.engine.flat import Test
from facts.model.computed import KINDS
from facts.model.frames import FILE, ROW
from facts.model.schema import Source
from facts.model.snapshot import SourceFile, Table
from facts.model.tables import TABLES


@dataclass(frozen=True, order=True)
class Proof:
    """Rows of one table in one file, ascending."""

    table: str
    file: str
    sheet: str | None
    rows: tuple[int, ...]


def proofs(kind: str, rows: Ints, kinds: Mapping[str, Columns], tables: Mapping[str, Table]) -> dict[int, list[Proof]]:
    """Row of the kind → the places that prove it, the fact's own table first."""
    places: dict[int, list[tuple[str, int, int]]] = {row: [] for row in rows.tolist()}
    if kind in TABLES:
        found = [(kind, rows, rows)]
    else:
        found = [
            (source.kind, fact, proof)
            for source in KINDS[kind].about.sources
            if source.kind in tables and (source.keys or source.trace)
            for fact, proof in _matching(kinds[kind], _of_part(kinds[kind], rows, source), kinds[source.kind], source)
        ]
    for table, facts, rows_of_table in found:
        if table not in tables:
            continue
        frame = kinds[table].frame
        files, numbers = frame[FILE].to_numpy()[rows_of_table], frame[ROW].to_numpy()[rows_of_table]
        for fact, file, number in zip(facts.tolist(), files.tolist(), numbers.tolist(), strict=True):
            places[fact].append((table, file, number))
    return {row: _gathered(where, tables) for row, where in places.items()}


def _of_part(fact: Columns, rows: Ints, source: Source) -> Ints:
    """The rows of the fact that come from this source alone, where it is one of several parts."""
    return rows if source.part is None else rows[fact.holds(Test(source.part[0], "==", source.part[1]))[rows]]


def _matching(fact: Columns, rows: Ints, table: Columns, source: Source) -> Sequence[tuple[Ints, Ints]]:
    """(rows of the fact, rows of the table) that belong together, pair by pair, for each way to trace."""
    result = []
    candidates = np.arange(len(table))
    if source.where:
        candidates = np.flatnonzero(table.holds(Test(source.where[0], "==", source.where[1])))
    for way in source.trace or ({column: field for field, column in source.keys.items()},):
        pairs = [(field, column) for column, field in way.items()]
        # The first key leaves few rows of millions; only those are looked at for the others.
        mine, theirs = joined(fact, rows, table, candidates, pairs[:1])
        few = candidates[(theirs >= 0) & np.isin(theirs, mine)]
        mine, theirs = joined(fact, rows, table, few, pairs)
        found = partners(mine, theirs, len(few) * len(rows))
        assert found is not None
        result.append((rows[found[0]], few[found[1]]))
    return result


def _gathered(where: list[tuple[str, int, int]], tables: Mapping[str, Table]) -> list[Proof]:
    by_file: dict[tuple[str, int], set[int]] = {}
    for table, file, row in where:
        by_file.setdefault((table, file), set()).add(row)
    result = []
    for (table, file), rows in by_file.items():
        source: SourceFile = tables[table].files[file]
        result.append(Proof(table, source.path, source.sheet, tuple(sorted(rows))))
    return result
