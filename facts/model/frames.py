"""The one form in which a table's values are held in memory: a pandas frame with a dtype a column type.

| column type              | dtype           | missing |
|--------------------------|-----------------|---------|
| identifier, text, code   | category of str | NaN     |
| date                     | datetime64[s]   | NaT     |
| int                      | Int64           | NA      |
| money                    | Int64, whole fen| NA      |
| bool                     | boolean         | NA      |

Text is dictionary-encoded because exports repeat themselves: a million cells are then parsed and compared by their few
distinct texts. A frame has every field of its model as a column, all missing where the export lacks it. Frames of
tables have two more columns that say where a row came from: `file_` (int16, index into `Table.files`) and `row_`
(int32, as a person counts in a spreadsheet: the heading is row 1).
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from facts.model.schema import Column, ColumnType, Fact, columns

FILE, ROW = "file_", "row_"

DTYPES: dict[ColumnType, str] = {
    ColumnType.IDENTIFIER: "category",
    ColumnType.TEXT: "category",
    ColumnType.CODE: "category",
    ColumnType.DATE: "datetime64[s]",
    ColumnType.INT: "Int64",
    ColumnType.MONEY: "Int64",
    ColumnType.BOOL: "boolean",
}


def missing_values(column: Column, rows: int) -> Any:
    """`rows` missing values as an array of the column's dtype."""
    if DTYPES[column.type] == "category":
        return pd.Categorical.from_codes(np.full(rows, -1, np.int8), dtype=_no_categories(), validate=False)
    if column.type is ColumnType.DATE:
        return np.full(rows, np.datetime64("NaT", "s"))
    nothing = np.ones(rows, np.bool_)
    if column.type is ColumnType.BOOL:
        return pd.arrays.BooleanArray(np.zeros(rows, np.bool_), nothing)
    return pd.arrays.IntegerArray(np.zeros(rows, np.int64), nothing)


def missing(column: Column, rows: int) -> pd.Series:
    """A column of `rows` missing values, in the column's dtype."""
    return pd.Series(missing_values(column, rows), name=column.name)


def distinct_texts(column: pd.Series) -> pa.LargeStringArray:
    """The categories of a text column, for what Arrow does with many texts at once."""
    texts = pa.array(column.cat.categories, pa.large_string())
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


@cache
def _no_categories() -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index([], dtype="str"))


def empty_frame(model: type[Fact]) -> pd.DataFrame:
    """The frame of a kind of which no row is given."""
    return pd.DataFrame({name: missing_values(column, 0) for name, column in columns(model).items()}, copy=False)
