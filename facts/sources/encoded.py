"""Columns of bytes become columns of texts: only their distinct values are decoded, strictly; nothing is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facts.sources.cells import Codes, Texts, narrowest


@dataclass(frozen=True)
class Encoded:
    """One column, its distinct texts not decoded yet."""

    codes: Codes
    distinct: pa.BinaryArray


def encoded_columns(table: pa.Table) -> dict[int, Encoded]:
    """The columns of a table, by position."""
    columns: dict[int, Encoded] = {}
    while table.num_columns:
        name = table.column_names[0]
        chunks = table.column(0).unify_dictionaries().chunks
        table = table.remove_column(0)
        distinct = chunks[0].dictionary if chunks else pa.array([], pa.binary())
        small = narrowest(len(distinct))
        codes = [pc.fill_null(chunk.indices, -1).to_numpy().astype(small) for chunk in chunks]
        columns[int(name)] = Encoded(np.concatenate([np.zeros(0, small), *codes]), distinct)
    pa.default_memory_pool().release_unused()
    return columns


def decoded(columns: Mapping[int, Encoded], encoding: str) -> dict[int, Texts] | None:
    """The columns as texts; none when a cell is not in this encoding."""
    try:
        return {position: Texts(raw.codes, _text(raw.distinct, encoding)) for position, raw in columns.items()}
    except (pa.ArrowInvalid, UnicodeError):
        return None


def _text(distinct: pa.BinaryArray, encoding: str) -> pa.StringArray:
    if encoding == "utf-8" or _is_ascii(distinct):
        return distinct.cast(pa.string())  # checks that it is
    return pa.array([text.decode(encoding) for text in distinct.to_pylist()], pa.string())


def _is_ascii(distinct: pa.BinaryArray) -> bool:
    """No byte of them is beyond ASCII, as in a column of numbers or dates, which has the most distinct texts."""
    return int(np.frombuffer(distinct.buffers()[2] or b"", np.int8).min(initial=0)) >= 0
