"""Columns of texts (`Texts`): how a typed value reads as text, and a whole column as codes and distinct texts."""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facts.sources.cells import Codes, Texts, narrowest

LOST_DIGITS = 1e15  # a float keeps 15 digits of a number for sure, and Excel no more


def text_of(value: object) -> str:
    """The text that a person would type for the value; none is empty.

    A floating-point number that has lost digits comes in the scientific form, which says so.
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float() if math.isnan(value):
            return ""
        case float() if abs(value) >= LOST_DIGITS:
            return f"{value:.14E}"
        case float():
            return format(value, ".15g")  # as Excel shows it: 0.1 + 0.2 is 0.3
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case bytes():
            return value.decode()
    return str(value)


def texts(values: Sequence[object], text: Callable[[object], str] = text_of) -> Texts:
    """A column of values; an empty text is an empty cell."""
    column = pa.array([value if type(value) is str else text(value) for value in values], pa.string())
    encoded = pc.if_else(pc.equal(column, ""), None, column).dictionary_encode()
    return Texts(pc.fill_null(encoded.indices, -1).to_numpy(), encoded.dictionary)


def no_texts() -> Texts:
    """A column without rows."""
    return Texts(np.zeros(0, np.int8), pa.array([], pa.string()))


def codes_of(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Of a dictionary-encoded column: for each row which of the distinct values stands there (-1: none), and those."""
    chunks = column.unify_dictionaries().chunks
    distinct = chunks[0].dictionary if chunks else pa.array([], column.type.value_type)
    small = narrowest(len(distinct))
    codes = [pc.fill_null(chunk.indices, -1).to_numpy().astype(small) for chunk in chunks]
    return np.concatenate([np.zeros(0, small), *codes]), distinct
