"""Reads whole columns at once: parses their few distinct texts, and spreads the values over the rows by number.

A cell is bad when its text can't be parsed. A row is not accepted when a cell is bad, or empty although the model
requires a value: that agrees with what pydantic says of the row, field by field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from facts.model import values
from facts.model.frames import FILE, ROW, empty_frame, missing_values
from facts.model.schema import Column, ColumnType, Fact, Form, columns
from facts.sources.cells import Codes, Flags, RowNumbers, narrowest

_TEXTUAL = (ColumnType.IDENTIFIER, ColumnType.TEXT, ColumnType.CODE)
# Texts that their parser leaves as they are, so that it need not see them: no blanks, no quote in front, no last x.
_CLEAN = {
    ColumnType.IDENTIFIER: "^[0-9A-Za-z_-]*[0-9A-Za-wyzX_-]$",
    ColumnType.TEXT: '^[!"$-&(-~一-龥·][!-~一-龥·]*$',
}


_TEXTS: Mapping[Form | None, Callable[[str], str]] = {
    None: values.parse_text, Form.TERM: values.parse_term, Form.ACADEMIC_YEAR: values.parse_academic_year,
}  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """The values of one column's distinct texts. Every array has one more, the last: an empty cell (code -1)."""

    column: Column
    values: Any
    """Parsed: text types codes of `categories`; dates datetime64[s]; int and money int64, money in fen."""
    empty: Flags
    """There is no value: blank (and the column has no default), or bad."""
    blank: Flags
    bad: Flags
    changed: Flags
    """The value is not the text as it stands."""
    categories: "pd.Index[Any] | None" = None

    def series(self, codes: Codes) -> Any:
        """The column, in the form of `facts.model.frames`, for rows with these codes."""
        if self.categories is not None:
            return pd.Categorical.from_codes(self.values[codes], categories=self.categories, validate=False)
        if self.column.type is ColumnType.DATE:
            return self.values[codes]
        return pd.arrays.IntegerArray(self.values[codes], self.empty[codes])


def parser(column: Column) -> Callable[[str], Any]:
    """The function of `facts.model.values` that reads the cells of this column; money comes in fen."""
    match column.type:
        case ColumnType.IDENTIFIER:
            return values.parse_identifier
        case ColumnType.TEXT:
            return _TEXTS[column.form]
        case ColumnType.CODE:
            return partial(values.parse_code, codes=column.codes)
        case ColumnType.DATE:
            return values.parse_date
        case ColumnType.INT:
            return partial(values.parse_int, within=column.within)
        case ColumnType.MONEY:
            return lambda text: int(values.parse_money(text) * 100)
    raise AssertionError(f"{column.type} is never read from a file")


def reads(column: Column, text: str) -> bool:
    """Whether the text can be read as a cell of this column."""
    try:
        parser(column)(text)
    except ValueError:
        return False
    return True


def meaning(column: Column, distinct: pa.StringArray) -> Meaning:
    """Parses the distinct texts of one column."""
    size = len(distinct)
    blank, bad, changed = (np.zeros(size + 1, np.bool_) for _ in range(3))
    blank[size] = True
    parse = parser(column)
    unclean = _to_be_parsed(column, distinct)
    parsed: list[Any] = []
    for index, text in zip(unclean.tolist(), distinct.take(pa.array(unclean)).to_pylist(), strict=True):
        value = None
        try:
            value = None if values.is_blank(text) else parse(values.refuse_error(text))
        except ValueError:
            bad[index] = True
        else:
            blank[index] = value in (None, "")
            changed[index] = value is not None and value != text
        parsed.append(value)
    default = column.default
    if default is not None:
        parsed = [default if blank[index] else value for index, value in zip(unclean.tolist(), parsed, strict=True)]
    empty = bad | blank if default is None else bad
    if column.type not in _TEXTUAL:
        return Meaning(column, _numbers(column.type, [*parsed, default], empty), empty, blank, bad, changed)
    filled = pa.array(
        [None if empty[index] else value for index, value in zip(unclean.tolist(), parsed, strict=True)], pa.string()
    )
    texts = pc.replace_with_mask(distinct, pa.array(np.isin(np.arange(size), unclean)), filled)
    encoded = pa.concat_arrays([texts, pa.array([default], pa.string())]).dictionary_encode()
    categories = pd.Index(pd.array(encoded.dictionary, dtype="str"))
    spread = pc.fill_null(encoded.indices, -1).to_numpy().astype(narrowest(len(categories)))
    return Meaning(column, spread, empty, blank, bad, changed, categories)


def _to_be_parsed(column: Column, distinct: pa.StringArray) -> npt.NDArray[np.int64]:
    """Positions of the texts that are not known to be clean."""
    if column.type not in _CLEAN or column.form:
        return np.arange(len(distinct))
    clean = pc.match_substring_regex(distinct, _CLEAN[column.type])
    return np.flatnonzero(~clean.to_numpy(zero_copy_only=False))


def _numbers(kind: ColumnType, parsed: list[Any], empty: Flags) -> Any:
    if kind is ColumnType.DATE:
        return np.array(parsed, "datetime64[s]")
    return np.array([0 if none else value for value, none in zip(parsed, empty.tolist(), strict=True)], np.int64)


def absent(column: Column, rows: int) -> Any:
    """The column, in the form of `facts.model.frames`, for a table whose export lacks it: the default, or missing."""
    if column.default is None:
        return missing_values(column, rows)
    return meaning(column, pa.array([], pa.string())).series(np.full(rows, -1, np.int8))


def frame_of(model: type[Fact], cells: Mapping[str, tuple[Meaning, Codes]], rows: RowNumbers) -> pd.DataFrame:
    """The frame of a table of one file, in the form of `facts.model.frames`.

    `cells`: by field, what its texts mean and the code of each row; `rows`: the row numbers.
    """
    if not len(rows):
        return no_rows(model)
    data: dict[str, Any] = {}
    for name, column in columns(model).items():
        data[name] = cells[name][0].series(cells[name][1]) if name in cells else absent(column, len(rows))
    data[FILE] = np.zeros(len(rows), np.int16)
    data[ROW] = rows
    return pd.DataFrame(data, copy=False)


def no_rows(model: type[Fact]) -> pd.DataFrame:
    """The frame of a table without a row."""
    return _template(model).copy(deep=False)  # whoever writes to it writes to a copy


@cache
def _template(model: type[Fact]) -> pd.DataFrame:
    frame = empty_frame(model)
    frame[FILE], frame[ROW] = np.zeros(0, np.int16), np.zeros(0, np.int32)
    return frame


def no_flags(model: type[Fact]) -> pd.DataFrame:
    """`Table.unreadable` of a table of which no row is set aside."""
    return _flag_template(model).copy(deep=False)


@cache
def _flag_template(model: type[Fact]) -> pd.DataFrame:
    return pd.DataFrame({name: np.zeros(0, np.bool_) for name in (*columns(model), FILE, ROW)})
