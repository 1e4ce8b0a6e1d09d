"""What is known of an export before anything is checked, sheet by sheet: plain values.

What is known for sure is told from what is only likely, which is for a person to settle.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from facts.model.snapshot import SourceFile, Unknown
from facts.model.vocabulary import KnownBy

DATABASE = "database"
"""The form of what is no file."""
_SHOWN = 6  # headings that a sentence names


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


Section = tuple[str, tuple[str, ...]]
"""A part of a block of xuejian.toml, and its lines as TOML writes them; no part: they stand in the block itself."""


@dataclass(frozen=True)
class _OfField:
    """What is suggested of one field."""

    field: str
    called: str
    """Its Chinese heading."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What it would settle."""
        return (self.field,)


@dataclass(frozen=True)
class JoinedColumns(_OfField):
    """Several columns that seem to be one field together."""

    headings: tuple[str, ...]

    @property
    def why(self) -> str:
        return f"的“{self.called}”要由{'和'.join(f'“{_plain(text)}”' for text in self.headings)}两列合起来才看得出"

    @property
    def section(self) -> Section:
        return "columns", (f"{self.field} = {_list(self.headings)}",)


@dataclass(frozen=True)
class RowsOfOneKind:
    """A column that says of some rows that they are no fact."""

    heading: str
    facts: tuple[str, ...]
    """What stands in it where the row is one."""
    others: Mapping[str, int]
    """What stands in it where the row seems to be none → in how many rows."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What it would settle: no field."""
        return ()

    @property
    def why(self) -> str:
        counts = "、".join(f"“{_plain(text)}”{rows}行" for text, rows in self.others.items())
        return f"的“{_plain(self.heading)}”里有{counts}，这些行不应当作已办理"

    @property
    def section(self) -> Section:
        return "rows", (f"{_text(self.heading)} = {_list(self.facts)}",)


@dataclass(frozen=True)
class Unpivoted:
    """A row that seems to give several facts, each in columns of its own."""

    lists: Mapping[str, str | tuple[str, ...]]
    """Field → its headings or values, one a fact; or a pattern of headings."""
    headings: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """What it would settle."""
        return tuple(self.lists)

    @property
    def why(self) -> str:
        shown = "、".join(map(_plain, self.headings[:_SHOWN]))
        return f"一行有几项，分在各列里（{shown}{'……' if len(self.headings) > _SHOWN else ''}）"

    @property
    def section(self) -> Section:
        texts = {name: _pattern(each) if isinstance(each, str) else _list(each) for name, each in self.lists.items()}
        return "unpivot", tuple(f"{name} = {text}" for name, text in texts.items())


@dataclass(frozen=True)
class FromTitle(_OfField):
    """A field that no column is, and that the title or the file's name seems to say for every row."""

    pattern: str
    value: str

    @property
    def why(self) -> str:
        return f"没有“{self.called}”列，从标题或名称看全部是“{_plain(self.value)}”"

    @property
    def section(self) -> Section:
        return "title", (f"{self.field} = {_pattern(self.pattern)}",)


@dataclass(frozen=True)
class DayOfYear(_OfField):
    """A day that no column is, and that may be one day of the year that another column says."""

    of: str
    """The field that says the year."""
    heading: str
    """Its Chinese heading."""

    @property
    def why(self) -> str:
        return f"没有“{self.called}”列，可按“{self.heading}”推定为当年9月1日（不是这一天的请改）"

    @property
    def section(self) -> Section:
        return "derive", (f'{self.field} = {{ from = {_text(self.of)}, month_day = "09-01" }}',)


@dataclass(frozen=True)
class FilledDown:
    """Columns whose cells seem to be merged downwards: what stands in one holds for the rows below it."""

    headings: tuple[str, ...]
    rows: int
    """In which nothing stands in the first of them."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What it would settle: no field."""
        return ()

    @property
    def why(self) -> str:
        named = "、".join(f"“{_plain(text)}”" for text in self.headings)
        return f"的{named}有{self.rows}行是空的，像是单元格竖向合并过"

    @property
    def section(self) -> Section:
        return "", (f"fill_down = {_list(self.headings)}",)


Suggestion = DayOfYear | FilledDown | FromTitle | JoinedColumns | RowsOfOneKind | Unpivoted
"""A shape that a sheet seems to have: never taken, only asked. `why`: the rest of a sentence that names the file;
`section`: what a person writes who agrees."""


def written(suggestion: Suggestion) -> str:
    """What a person writes who agrees, in one line."""
    part, lines = suggestion.section
    return f"{part} = {{ {', '.join(lines)} }}" if part else lines[0]


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _text(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)  # as TOML writes it too


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _pattern(text: str) -> str:
    return f"'{text}'" if "\\" in text else _text(text)


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
    suggestions: tuple[Suggestion, ...] = ()
    """Shapes that it seems to have."""
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
