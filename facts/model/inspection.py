"""What is known of an export before anything is checked, sheet by sheet: plain values.

What is known for sure is told from what is only likely, which is for a person to settle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from facts.model.snapshot import SourceFile, Unknown
from facts.model.vocabulary import KnownBy

DATABASE = "database"
"""The form of what is no file."""


@dataclass(frozen=True)
class ColumnSeen:
    """A column of a sheet. `first`: the first values that stand in it, as they are: masked by whoever shows them."""

    position: int
    heading: str
    field: str | None = None
    known_by: KnownBy | None = None
    likely: str | None = None
    """The field that it may be, by a heading that means several things or is near to one: never taken, only asked."""
    first: tuple[str, ...] = ()
    also: str | None = None
    """The field that it would be too, were not another column it by the contract's own heading or a person's word."""


@dataclass(frozen=True)
class SheetSeen:
    """A file, a sheet of a workbook, or a table of a database."""

    file: SourceFile
    form: str = ""
    """What its bytes say it is, or DATABASE; empty where they could not be read."""
    table: str | None = None
    """The table that it is read as."""
    why: str = ""
    """How that is known, or what keeps it from being one, in Chinese."""
    likely: str | None = None
    """Where it is read as none: the table that its headings look like. Only suggested."""
    heading_row: int = 0
    columns: tuple[ColumnSeen, ...] = ()
    lacking: tuple[str, ...] = ()
    """Fields that no column is."""
    constants: tuple[str, ...] = ()
    """Of the table's fields: those for which a person said one value for every row."""
    offered: Mapping[str, str] = field(default_factory=dict)
    """Required field that no column is → the value that the file's own name says. It holds once a person has it in
    xuejian.toml."""
    block: int | None = None
    """Which of the blocks for its table in xuejian.toml speaks of it."""
    trouble: str = ""
    """Why it can't be read, one sentence."""
    instead: str | None = None
    """Where it lacks what its table must have: the table of which its headings have all of that. Only suggested."""


def called(file: SourceFile) -> str:
    """The database's own name of the table that is `database:table`."""
    return file.path.rpartition(":")[2]


@dataclass(frozen=True)
class Inspection:
    sheets: tuple[SheetSeen, ...]
    """In the order of the files' names, then those of the database."""
    ignored: tuple[str, ...]
    """Files that can hold no table."""
    as_of: date | None
    trouble: str = ""
    """Why the whole can't be read as a snapshot, one sentence."""
    whole: bool = True
    """What a database holds is known."""
    claimed: frozenset[str] = frozenset()
    """Tables that files are named after, without telling yet where in them the rows are."""
    unknown: Mapping[str, tuple[Unknown, ...]] = field(default_factory=dict)
    """Table → what stands in its columns and is known to nobody but the school."""

    @property
    def fields(self) -> Mapping[str, frozenset[str]]:
        """Table → fields that the export has in every sheet of that table."""
        found: dict[str, frozenset[str]] = {}
        for sheet in self.sheets:
            if sheet.table and not sheet.trouble:
                fields = frozenset(c.field for c in sheet.columns if c.field) | frozenset(sheet.constants)
                found[sheet.table] = found.get(sheet.table, fields) & fields
        return found

    @property
    def unread(self) -> frozenset[str]:
        """Tables that are there, or seem to be, and can't be read yet."""
        return (self.claimed | {sheet.table for sheet in self.sheets if sheet.table}) - frozenset(self.fields)
