"""What is in an export, before anything is checked: which table each file and sheet is, which field each heading is.

What is known for sure is told from what is only likely, which is for a person to settle.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory

from facts.as_of import day_of
from facts.errors import DataError
from facts.folder import EXPORTS, Found, Item, Listing, Place, how, listing, look_into
from facts.heading_row import fields_in, heading_of
from facts.headings import Match, match, near
from facts.mapping import SourceMapping, Sources
from facts.schema import Fact
from facts.snapshot import SourceFile
from facts.sources.cells import Heading, Limits, Sheet, Source
from facts.sources.parts import Part, parts_of
from facts.tables import TABLES
from facts.vocabulary import How, normal, readable, table_of, words

_FIRST = 3  # values shown of a column
_LOOKED_AT = 1000  # characters of a cell that are looked at


@dataclass(frozen=True)
class ColumnSeen:
    """A column of a sheet. `first`: the first values that stand in it, as they are: masked by whoever shows them."""

    position: int
    heading: str
    field: str | None = None
    how: How | None = None
    likely: str | None = None
    """The field whose names the heading is near to: never taken, only suggested."""
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetSeen:
    """A file, or a sheet of a workbook."""

    file: SourceFile
    form: str = ""
    """What its bytes say it is; empty where they could not be read."""
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
    block: int | None = None
    """Which of the blocks for its table in xuejian.toml speaks of it."""
    trouble: str = ""
    """Why it can't be read, one sentence."""


@dataclass(frozen=True)
class Inspection:
    sheets: tuple[SheetSeen, ...]
    """In the order of the files' names."""
    ignored: tuple[str, ...]
    """Files that can hold no table."""
    as_of: date | None
    trouble: str = ""
    """Why the whole can't be read as a snapshot, one sentence."""

    @property
    def given(self) -> Mapping[str, frozenset[str]]:
        """Table → fields that the export has in every sheet of that table."""
        found: dict[str, frozenset[str]] = {}
        for sheet in self.sheets:
            if sheet.table and not sheet.trouble:
                fields = frozenset(c.field for c in sheet.columns if c.field) | frozenset(sheet.constants)
                found[sheet.table] = found.get(sheet.table, fields) & fields
        return found


def inspect(
    path: Path, as_of: date | None = None, sources: Sources | None = None, limits: Limits | None = None
) -> Inspection:
    """Looks at every file of the folder or the archive `path`; what can't be read is said and stops nothing.

    Raises DataError only where the folder is not there or an archive can't be opened.
    """
    path, limits, sources = Path(path), limits or Limits(), sources or {}
    try:
        with TemporaryDirectory(prefix="xuejian-", ignore_cleanup_errors=True) as folder:
            room = Path(folder)
            listed = listing(path, room, limits)
            places, trouble = _places(listed, path.name, room, limits, sources)
            sheets: list[SheetSeen] = []
            for item in listed.items:
                if item.suffix in EXPORTS:
                    sheets += _seen(item, places, sources, room, limits)
            day = as_of
            if day is None:
                try:
                    day = day_of(listed.notes)
                except DataError as error:
                    trouble = trouble or str(error)
            return Inspection(tuple(sheets), listed.ignored, day, trouble)
    except OSError as error:
        what = Path(error.filename or path).name
        raise DataError(f"读不了“{what}”：没有权限，或者磁盘、网络出错，请检查后重试。") from None


def _places(
    listed: Listing, name: str, room: Path, limits: Limits, sources: Sources
) -> tuple[Mapping[SourceFile, tuple[str, Place]], str]:
    """What each file or sheet is that is a table; and why the whole can't be read, else nothing."""
    try:
        return _by_file(look_into(listed, name, room, limits, sources)), ""
    except DataError as error:
        trouble = str(error)
    places: dict[SourceFile, tuple[str, Place]] = {}
    for item in listed.items:  # one by one: what is wrong with one file does not hide the others
        of_it = {
            kind: tuple(block for block in blocks if all(fnmatchcase(item.name, each) for each in block.files))
            for kind, blocks in sources.items()
        }
        with suppress(DataError):
            places |= _by_file(look_into(replace(listed, items=(item,)), name, room, limits, of_it))
    return places, trouble


def _by_file(found: Found) -> dict[SourceFile, tuple[str, Place]]:
    return {each.file: (kind, each) for kind, there in found.places.items() for each in there}


def _seen(
    item: Item, places: Mapping[SourceFile, tuple[str, Place]], sources: Sources, room: Path, limits: Limits
) -> list[SheetSeen]:
    try:
        parts = parts_of(item.path, item.name, room, limits)
    except DataError as error:
        return [SheetSeen(SourceFile(item.name), trouble=str(error))]
    return [_sheet(part, item, places.get(part.file), sources) for part in parts]


def _sheet(part: Part, item: Item, known: tuple[str, Place] | None, sources: Sources) -> SheetSeen:
    form = str(part.kind)
    try:
        if known is None:
            return _unknown(part, form)
        kind, place = known
        source = place.open()
        heading = heading_of(source, TABLES[kind], place.said)
        sheet = source.below(heading)
        why = _why(part.file, item, place.said)
        block = next((at for at, each in enumerate(sources.get(kind, ())) if each is place.said), None)
        try:
            found = match(TABLES[kind], sheet, place.said)
        except DataError as error:
            found, trouble = Match({}, tuple(range(len(sheet.headings)))), str(error)
        else:
            trouble = ""
        constants = tuple(place.said.constants) if place.said else ()
        columns, lacking = _columns(TABLES[kind], sheet, found, place.said, _first(source, sheet, heading))
        return SheetSeen(
            part.file, form, kind, why, None, heading.row, columns, lacking, constants, block, trouble
        )  # fmt: skip
    except DataError as error:
        return SheetSeen(part.file, form, known[0] if known else None, trouble=str(error))


def _why(file: SourceFile, item: Item, said: SourceMapping | None) -> str:
    if said and said.files:
        return "xuejian.toml 写明了文件"
    if file.sheet and table_of(file.sheet) is not None:
        return f"工作表名是“{file.sheet}”"
    named = f"文件名是“{item.stem}”"
    return f"{named}，xuejian.toml 写明了工作表" if said and said.sheet and file.sheet else named


def _unknown(part: Part, form: str) -> SheetSeen:
    """A sheet that nothing names: the table whose headings it has most of, as a suggestion."""
    source = part.open(how(None))
    best, most = None, 1
    for kind, model in TABLES.items():
        texts = heading_of(source, model).texts
        required = [name for name, column in readable(model).items() if column.required]
        found = {word.field for text in texts if (word := words(model).get(normal(text))) is not None}
        if 2 * sum(name in found for name in required) >= len(required) and (score := fields_in(texts, model)) > most:
            best, most = kind, score
    if best is None:
        return SheetSeen(part.file, form, why="名称不是表名，标题也不像哪张表")
    heading = heading_of(source, TABLES[best])
    sheet = source.below(heading)
    try:
        found_columns = match(TABLES[best], sheet)
    except DataError:
        found_columns = Match({}, tuple(range(len(sheet.headings))))
    columns, lacking = _columns(TABLES[best], sheet, found_columns, None, _first(source, sheet, heading))
    why = f"名称不是表名；标题里有 {most} 个是“{TABLES[best].about.heading}”的"
    return SheetSeen(part.file, form, None, why, best, heading.row, columns, lacking)


def _first(source: Source, sheet: Sheet, heading: Heading) -> Mapping[int, tuple[str, ...]]:
    """By position: the first values that stand below the headings."""
    top = source.top()
    if not top.certain:
        rows = top.rows[max(heading.row - top.first + 1, 0) :]
        columns = [[row[at] for row in rows if at < len(row)] for at in range(len(sheet.headings))]
    else:
        read = sheet.read(tuple(range(len(sheet.headings)))).columns
        columns = [read[at].distinct[:_FIRST].to_pylist() for at in range(len(sheet.headings))]
    texts = ((text[:_LOOKED_AT].strip() for text in column if text and text.strip()) for column in columns)
    return {at: tuple(dict.fromkeys(column))[:_FIRST] for at, column in enumerate(texts)}


def _columns(
    model: type[Fact], sheet: Sheet, found: Match, said: SourceMapping | None, first: Mapping[int, tuple[str, ...]]
) -> tuple[tuple[ColumnSeen, ...], tuple[str, ...]]:
    by_position = {position: name for name, position in found.fields.items()}
    settled = {*found.fields, *(said.columns if said else ()), *(said.constants if said else ())}
    lacking = tuple(name for name in readable(model) if name not in found.fields)
    likely = _likely(model, [name for name in lacking if name not in settled], sheet.headings, found.extra)
    columns = tuple(
        ColumnSeen(at, text, name, found.how.get(name or ""), likely.get(at), first.get(at, ()))
        for at, text in enumerate(sheet.headings)
        for name in (by_position.get(at),)
    )
    return columns, tuple(name for name in lacking if not (said and name in said.constants))


def _likely(
    model: type[Fact], lacking: Sequence[str], headings: Sequence[str], extra: Sequence[int]
) -> Mapping[int, str]:
    """Position → the field that is lacking and whose names its heading is near to; a field and a column once each."""
    free = {headings[at]: at for at in reversed(extra) if headings[at]}
    found: dict[int, str] = {}
    names = [(name, readable(model)[name].heading) for name in lacking]
    names += [(word.field, text) for text, word in words(model).items() if word.field in lacking and not text.isascii()]
    for name, text in names:
        if name in found.values():
            continue
        close = next((heading for heading in near(text, list(free)) if free[heading] not in found), None)
        if close is not None:
            found[free[close]] = name
    return found
