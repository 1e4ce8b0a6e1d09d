"""Columns made of columns: filled down, joined, summed, dated. Each distinct text is looked at once."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from facts.model import values
from facts.model.schema import Column, ColumnType, Loose
from facts.reading.loose import tightened
from facts.sources.cells import Cells, Flags, Texts

NUMBERS = (ColumnType.INT, ColumnType.MONEY)
"""Types whose columns are summed where several are one field."""


def filled(texts: Texts) -> Flags:
    """By row: something stands there."""
    there = [not values.is_blank(text) for text in texts.distinct.to_pylist()]
    flags: Flags = np.array([*there, False])[texts.codes]
    return flags


def nothing_in(cells: Cells, rows: int) -> Flags:
    """By row: nothing stands in any column."""
    nothing = np.ones(rows, np.bool_)
    for texts in cells.columns.values():
        nothing &= ~filled(texts)
    return nothing


def filled_down(texts: Texts, nothing: Flags) -> Texts:
    """An empty cell has what stands above it, but in rows that are wholly empty."""
    there = filled(texts)
    above = np.maximum.accumulate(np.where(there, np.arange(len(there)), -1))
    codes = np.where(above >= 0, texts.codes[above], -1)
    return Texts(np.where(nothing, -1, codes), texts.distinct)


def together(columns: Sequence[Texts], column: Column, text: str, rows: int) -> Texts:
    """Several columns as one; without any, the text in every row (an empty one: empty cells)."""
    if not columns:
        codes = np.full(rows, 0 if text else -1, np.int8)
        return Texts(codes, pa.array([text], pa.string()))
    result = columns[0]
    for other in columns[1:]:
        result = _pair(result, other, _sum(column) if column.type in NUMBERS else _text(column))
    return result


def dated(years: Texts, day: str) -> Texts:
    """The day of each year; what is no year stays as it stands, and sets the row aside."""
    texts = [tightened(text, Loose.YEAR) for text in years.distinct.to_pylist()]
    dated = [text + day if re.fullmatch(r"\d{4}", text) else text for text in texts]
    return each_once(years.codes.astype(np.int64), pa.array(dated, pa.string()))


def _pair(left: Texts, right: Texts, join: Callable[[str, str], str]) -> Texts:
    """Each two texts that stand in one row are joined once."""
    width = len(right.distinct) + 1
    both = (left.codes.astype(np.int64) + 1) * width + right.codes + 1
    pairs, codes = np.unique(both, return_inverse=True)
    first, second = ["", *left.distinct.to_pylist()], ["", *right.distinct.to_pylist()]
    texts = [join(first[pair // width], second[pair % width]) for pair in pairs.tolist()]
    return each_once(codes, pa.array(texts, pa.string()))


def each_once(codes: npt.NDArray[np.int64], texts: pa.StringArray) -> Texts:
    """The column, each text of it once."""
    once = texts.dictionary_encode()
    numbers = np.append(once.indices.to_numpy(zero_copy_only=False).astype(np.int64), -1)
    return Texts(numbers[codes], once.dictionary)


def _sum(column: Column) -> Callable[[str, str], str]:
    """The sum of two cells, of which an empty one counts nothing. What can't be read stays as it stands, and sets the
    row aside."""

    def join(left: str, right: str) -> str:
        there = [text for text in (left, right) if not values.is_blank(text)]
        if len(there) < 2:
            return "".join(there)
        try:
            read = values.parse_money if column.type is ColumnType.MONEY else values.parse_int
            return str(sum((Decimal(read(values.refuse_error(text))) for text in there), Decimal(0)))
        except ValueError:
            return "＋".join(there)

    return join


def _text(column: Column) -> Callable[[str, str], str]:
    """One text after the other; years and a term with a hyphen between them (2026-2027-一)."""
    sign = "-" if column.form else ""

    def join(left: str, right: str) -> str:
        return sign.join(_bare(text) if column.form else text.strip() for text in (left, right) if text.strip())

    return join


def _bare(text: str) -> str:
    """Without the decimals that a number is exported with (1.0)."""
    try:
        return values.parse_identifier(text)
    except values.LostDigits:
        return text
