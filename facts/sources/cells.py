"""What every kind of file is read into: headings, and columns of texts, before anything is made of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from facts.model.snapshot import SourceFile

Codes = npt.NDArray[np.signedinteger]
"""Integers of the narrowest type that holds them (`narrowest`): there are millions."""
RowNumbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Limits:
    """How much of a file is believed, in bytes unless said otherwise; what lies beyond is damage or malice."""

    line: int = 32 << 20
    """Longest line of a text file."""
    block: int = 4 << 20
    """Part of a text file that is held in memory at once."""
    head: int = 1 << 20
    """Longest heading line."""
    unpacked: int = 2 << 30
    """Size of a workbook when unpacked."""
    ratio: int = 200
    """Unpacked to packed size of a workbook of more than 10 MB unpacked."""
    parts: int = 5000
    """Number of parts in a workbook."""
    grid: int = 60_000_000
    """Number of cells in the rectangle that a sheet spans, empty ones too: all of it comes into memory."""
    rows: int = 200_000_000
    """Number of rows that a file of columns may claim to hold."""
    page: int = 256 << 20
    """Size of a web page that holds a table."""
    members: int = 500
    """Number of files in an archive."""


@dataclass(frozen=True)
class Texts:
    """One column: its distinct texts, and for each row which of them stands there (-1: an empty cell)."""

    codes: Codes
    distinct: pa.StringArray


@dataclass(frozen=True)
class Cells:
    """Some columns of a sheet, below the heading. Wholly empty rows are still in here."""

    columns: Mapping[int, Texts]
    """By position in the headings; all of the same length."""
    rows: RowNumbers
    """Row number as a person counts in a spreadsheet (the heading of a text file is row 1), ascending."""
    misshapen: Mapping[int, str]
    """Row number → why the row can't be taken apart into cells; such a row is not in `columns`."""
    records: bool = False
    """Every row is one of the table, an empty one too: nobody signs a table of a database, or writes sums below it."""


@dataclass(frozen=True)
class Top:
    """The first rows of a sheet, as texts: among them the headings stand."""

    rows: tuple[tuple[str, ...], ...]
    first: int = 1
    """Row number of the first of them."""
    certain: bool = False
    """The format itself says what its columns are called: they stand in the first row."""


@dataclass(frozen=True)
class Heading:
    """Where the headings of a sheet end, and what they are: a text a column."""

    row: int
    texts: tuple[str, ...]


class Source(Protocol):
    """A sheet of a workbook, a text file, a table of a database: it is not settled yet where its headings stand."""

    @property
    def file(self) -> SourceFile: ...

    def top(self) -> Top:
        """Its first rows, at most `TOP_ROWS`. Raises DataError."""
        ...

    def below(self, heading: Heading) -> "Sheet":
        """What stands below this heading."""
        ...


TOP_ROWS = 30


class Sheet(Protocol):
    """A sheet of a workbook, or a text file: anything whose headings are known."""

    @property
    def file(self) -> SourceFile: ...

    @property
    def headings(self) -> tuple[str, ...]:
        """As they stand in the file, without the empty ones at the end."""
        ...

    def read(self, positions: Collection[int]) -> Cells:
        """The columns at these positions of `headings`. Raises DataError."""
        ...


def narrowest(count: int) -> type[np.signedinteger]:
    """The type for codes of `count` distinct texts."""
    return next((kind for kind in (np.int8, np.int16) if count <= np.iinfo(kind).max), np.int32)


def place(file: SourceFile) -> str:
    """How a message names a file or a sheet."""
    return f"“{file.path}”" if file.sheet is None else f"“{file.path}”的工作表“{file.sheet}”"


def trim(headings: Collection[str]) -> tuple[str, ...]:
    """Headings without the empty ones at the end and without blanks around them."""
    kept = [heading.strip("\ufeff \t\r\n\u3000\xa0") for heading in headings]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)
