"""The systems as they stood on one day: what was read, from where, and what had to be set aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SetAside:
    """A row that could not be read, and why. `row` counts as in a spreadsheet (the heading is row 1)."""

    table: str
    file: str
    sheet: str | None
    row: int
    column: str
    """The heading as it stands in the file."""
    value: str
    reason: str
    field: str = ""
    """The field that the column is; none where it is the row as a whole that can't be read."""


@dataclass(frozen=True)
class SourceFile:
    """A file, or a sheet of one, that holds rows of a table. `path` is relative to the snapshot."""

    path: str
    sheet: str | None = None


@dataclass(frozen=True)
class Reason:
    """Rows of one file that were set aside for one reason. An empty column: the row as a whole."""

    file: SourceFile
    column: str
    """The heading as it stands in the file."""
    reason: str
    rows: int
    first_row: int


@dataclass(frozen=True)
class PutAside:
    """Rows of one file that a person said are no fact (`rows` in xuejian.toml): all with one text in one column."""

    file: SourceFile
    column: str
    """The heading as it stands in the file."""
    text: str
    rows: int


@dataclass(frozen=True)
class Unknown:
    """What stands again and again in a column and means nothing to anybody but the school: a code, or a term. Only what
    can't be a person's name or number, so that it may be shown."""

    field: str
    text: str
    rows: int


@dataclass(frozen=True)
class FileCount:
    """What became of the rows of one file or sheet: read = accepted + set_aside + put_aside, always."""

    file: SourceFile
    read: int
    accepted: int
    set_aside: int
    duplicates: int = 0
    """Of those accepted: rows that say once more what another row says; each fact is kept once."""
    other_rows: int = 0
    """Rows below the headings that are none of the table: sums, signatures, headings said again. They are not read."""
    put_aside: int = 0
    """Rows that a person said are no fact."""


@dataclass(frozen=True)
class Table:
    """One export, of one file or of several: read = accepted + set_aside_count + those put aside, always, and so for
    every file. A row that gives several facts is set aside where one of them can't be read; the others count.

    `frame` has the rows accepted without the duplicates and without what lies after as_of.
    """

    name: str
    frame: "pd.DataFrame"
    """Rows accepted and in sight at as_of, in the form of `facts.model.frames`, masked by the as-of rule."""
    fields: frozenset[str]
    """Fields that the export has a column for."""
    files: tuple[SourceFile, ...]
    read: int
    accepted: int
    set_aside_count: int
    set_aside: tuple[SetAside, ...]
    """The first rows set aside (at most SET_ASIDE_KEPT), in file and row order."""
    reasons: tuple[Reason, ...]
    """Every row set aside counts in one of them, file by file."""
    aside: "pd.DataFrame"
    """Every row set aside, parsed where its cells can be read, in the same form as `frame`."""
    unreadable: "pd.DataFrame"
    """Same shape as `aside`, bool: this cell could not be read; an empty required cell counts, an optional one not."""
    extra: tuple[str, ...] = ()
    """Headings that are no field of the contract: kept out, named once."""
    duplicates: int = 0
    """Of the rows accepted: those that say once more what another row says (`facts.reading.merge`)."""
    counts: tuple[FileCount, ...] = ()
    """By file, in the order of `files`."""
    normalised: int = 0
    """Cells put right: of identifiers blanks, full-width digits, a lower-case x; terms and academic years."""
    twice: int = 0
    """Rows that stand in two of its files in the same words, and count in both (two payments of one amount)."""
    renumbered: int = 0
    """Rows, set aside or not, that were read under another number than stands in them (编号对照)."""
    exported: Mapping[str, "pd.Series"] = field(default_factory=dict)
    """Field → its values as they stand in the export, row by row of `frame`, where some were read under another."""
    put_aside: tuple[PutAside, ...] = ()
    """The rows that a person said are no fact."""
    unknown: tuple[Unknown, ...] = ()
    """Of the rows set aside: the words that `codes` in xuejian.toml can explain, field by field."""


@dataclass(frozen=True)
class Snapshot:
    path: str
    """The folder's name, not its place on this machine."""
    as_of: date
    sha256: str
    """Over the bytes of every file that was read, with its path, in path order; of an archive over the files in it."""
    tables: Mapping[str, Table]
    """Only the tables that are given."""
    ignored: tuple[str, ...] = ()
    """Files and sheets in the folder that are no table of the contract."""
    previous: "Snapshot | None" = None
    """The systems as they stood earlier, for what must not change between the two; only the tables of
    `facts.model.computed.EARLIER`."""
    remarks: tuple[str, ...] = ()
    """What a reader must know before trusting it: a sentence each, without its full stop."""


SET_ASIDE_KEPT = 1000
