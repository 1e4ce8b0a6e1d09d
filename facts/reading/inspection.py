"""What is in an export, before anything is checked: which table each file, sheet and table of a database is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile, Unknown
from facts.model.vocabulary import table_of
from facts.reading.folder import EXPORTS, Found, Item, Listing, Place, how, listing, look_into
from facts.reading.mapping import SourceMapping, Sources
from facts.reading.notes import SnapshotNotes, read_notes
from facts.reading.seen import DATABASE, SheetSeen, called, known_sheet, unknown_sheet
from facts.sources.cells import Limits
from facts.sources.parts import Part, parts_of

if TYPE_CHECKING:
    from sqlalchemy import URL

    from facts.reading.stored_tables import StoredTable

_ROWS = 100  # of a table in a database, in which the first values are looked for


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
    def given(self) -> Mapping[str, frozenset[str]]:
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
        return (self.claimed | {sheet.table for sheet in self.sheets if sheet.table}) - frozenset(self.given)


def inspect(
    path: Path | None,
    as_of: date | None = None,
    sources: Sources | None = None,
    limits: Limits | None = None,
    database: "URL | None" = None,
    notes: SnapshotNotes | None = None,
) -> Inspection:
    """Looks at every file of the folder or the archive `path`, and at the tables of the database; what can't be read is
    said and stops nothing. `notes`: what its snapshot.toml says, where it has been read already.

    Raises DataError only where the folder is not there or an archive can't be opened.
    """
    limits, sources = limits or Limits(), sources if sources is not None else Sources()
    found = Inspection((), (), as_of)
    if path is not None:
        found = _in_folder(path, as_of, notes or read_notes(path), sources, limits, beside=database is not None)
    return found if database is None else _with_database(found, database, sources)


def _in_folder(
    path: Path, as_of: date | None, notes: SnapshotNotes, sources: Sources, limits: Limits, *, beside: bool
) -> Inspection:
    try:
        with TemporaryDirectory(prefix="xuejian-", ignore_cleanup_errors=True) as folder:
            room = Path(folder)
            listed = listing(path, room, limits)
            places, trouble = _places(listed, path.name, room, limits, sources, beside)
            named = [table_of(item.stem) for item in listed.items if item.suffix in EXPORTS] if trouble else []
            sheets: list[SheetSeen] = []
            for item in listed.items:
                if item.suffix in EXPORTS:
                    sheets += _seen(item, places, sources, room, limits)
            day = as_of
            if day is None:
                try:
                    day = notes.day()
                except DataError as error:
                    trouble = trouble or str(error)
            claimed = frozenset(kind for kind in named if kind)
            return Inspection(tuple(sheets), listed.ignored, day, trouble, claimed=claimed)
    except OSError as error:
        what = Path(error.filename or path).name
        raise DataError(f"读不了“{what}”：没有权限，或者磁盘、网络出错，请检查后重试。") from None


def _with_database(found: Inspection, database: "URL", sources: Sources) -> Inspection:
    """With the tables of the database that are the contract's, and those that look like one that is nowhere else."""
    from facts.reading.stored_tables import look_at_tables  # SQLAlchemy is heavy

    try:
        # Without a day nothing is left out: it is only looked at.
        reads, others = look_at_tables(database, found.as_of or date.max, sources, _ROWS)
        sheets = [
            known_sheet(read.sheet, DATABASE, read.kind, _stored(read), read.mapping, sources.get(read.kind, ()))
            for read in reads
        ]
        given = {sheet.table for sheet in (*found.sheets, *sheets)}
        unknown = (unknown_sheet(each, DATABASE) for each in others)
        sheets += [sheet for sheet in unknown if sheet.likely and sheet.likely not in given]
    except DataError as error:
        return replace(found, trouble=found.trouble or str(error), whole=False)
    return replace(found, sheets=(*found.sheets, *sheets))


def _stored(read: "StoredTable") -> str:
    if read.mapping.query:
        return f"{read.mapping.file} 写明了查询"
    if read.mapping.table:
        return f"{read.mapping.file} 写明了表"
    return f"表名是“{called(read.sheet.file)}”"


def _places(
    listed: Listing, name: str, room: Path, limits: Limits, sources: Sources, beside: bool
) -> tuple[Mapping[SourceFile, tuple[str, Place]], str]:
    """What each file or sheet is that is a table; and why the whole can't be read, else nothing."""
    try:
        return _by_file(look_into(listed, name, room, limits, sources, beside=beside)), ""
    except DataError as error:
        trouble = str(error)
    places: dict[SourceFile, tuple[str, Place]] = {}
    for item in listed.items:  # one by one: what is wrong with one file does not hide the others
        blocks_of_it = {
            kind: tuple(block for block in blocks if all(fnmatchcase(item.name, each) for each in block.files))
            for kind, blocks in sources.items()
        }
        of_it = replace(sources, blocks=blocks_of_it)
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
        return [SheetSeen(SourceFile(item.name), table=table_of(item.stem), trouble=str(error))]
    return [_sheet(part, item, places.get(part.file), sources) for part in parts]


def _sheet(part: Part, item: Item, known: tuple[str, Place] | None, sources: Sources) -> SheetSeen:
    form = str(part.kind)
    try:
        if known is None:
            return unknown_sheet(part.open(how(sources.unsaid)), form)
        kind, place = known
        why = _why(part.file, item, place.said)
        return known_sheet(place.open(), form, kind, why, place.said, sources.get(kind, ()))
    except DataError as error:
        return SheetSeen(part.file, form, known[0] if known else None, trouble=str(error))


def _why(file: SourceFile, item: Item, said: SourceMapping) -> str:
    if said.files:
        return f"{said.file} 写明了文件"
    if file.sheet and table_of(file.sheet) is not None:
        return f"工作表名是“{file.sheet}”"
    named = f"文件名是“{item.stem}”"
    return f"{named}，{said.file} 写明了工作表" if said.sheet and file.sheet else named
