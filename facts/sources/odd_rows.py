"""Rows of a text file that have another number of cells than the usual row: which can be read all the same."""

import csv
import io
from collections.abc import Sequence
from typing import Literal, Protocol

DELIMITERS = {",": "逗号", ";": "分号", "\t": "制表符"}
"""What may stand between cells, the usual one first; and how it is called."""


class InvalidRow(Protocol):
    """What pyarrow tells of such a row."""

    @property
    def number(self) -> int: ...
    @property
    def actual_columns(self) -> int: ...
    @property
    def text(self) -> str: ...


class OddRows:
    """pyarrow's handler of such rows: takes them out of its way and keeps them."""

    def __init__(self, delimiter: str = ",") -> None:
        self._delimiter = delimiter
        self.rows: list[tuple[int, int, str]] = []
        """Row number, number of cells, text."""

    def __call__(self, row: InvalidRow) -> Literal["skip"]:
        self.rows.append((row.number, row.actual_columns, row.text))
        return "skip"

    def swallowing(self, width: int) -> int | None:
        """Number of the first row in which an unclosed quote has swallowed whole rows; none where there is none."""
        return next((n for n, _, text in self.rows if _swallows(text, self._delimiter, width)), None)

    def sorted_out(self, headings: int, width: int) -> tuple[dict[int, list[str]], dict[int, str]]:
        """By row number: rows whose surplus cells are empty, `width` cells each; and why another one can't be read.

        Rows in which nothing stands are in neither.
        """
        good: dict[int, list[str]] = {}
        bad: dict[int, str] = {}
        for number, count, text in self.rows:
            cells = _cells(text, self._delimiter)
            if not any(cell.strip() for cell in cells) and cells:
                continue
            if len(cells) < headings or any(cell.strip() for cell in cells[headings:]):
                bad[number] = _reason(count, headings, self._delimiter)
            else:
                good[number] = [*cells, *[""] * width][:width]
        return good, bad


def _cells(text: str, delimiter: str) -> Sequence[str]:
    """The cells of one row; none when one is too long to be a cell."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [""])
    except csv.Error:
        return []


def whole_row(width: int) -> int:
    """Delimiters in one cell, beside line ends, from which on it holds rows rather than lines of text."""
    return max(width - 1, 2)


def _swallows(text: str, delimiter: str, width: int) -> bool:
    if "\n" not in text:
        return False
    cells = _cells(text, delimiter)
    return not cells or any("\n" in cell and cell.count(delimiter) >= whole_row(width) for cell in cells)


def _reason(count: int, headings: int, delimiter: str) -> str:
    return f"这一行有 {count} 个单元格，标题行有 {headings} 个，请检查是否有多余或缺少的{DELIMITERS[delimiter]}"
