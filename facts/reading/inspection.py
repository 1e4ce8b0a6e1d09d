"""What is in an export, before anything is checked: which table each file, sheet and table of a database is."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from facts.model.inspection import DATABASE, Inspection, SheetSeen, called
from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.model.vocabulary import table_of
from facts.reading.folder import Item
from facts.reading.mapping import SourceMapping, Sources
from facts.reading.notes import SnapshotNotes, read_notes
from facts.reading.sheets import known_sheet, unknown_sheet
from facts.reading.survey import Place, Survey, reading_room, survey, text_form
from facts.sources.cells import Limits
from facts.sources.unchanged import unchanged

if TYPE_CHECKING:
    from sqlalchemy import URL

    from facts.reading.stored_tables import StoredTable

_ROWS = 100  # of a table in a database, in which the first values are looked for


def inspect(
    path: Path | None,
    as_of: date | None = None,
    sources: Sources | None = None,
    limits: Limits | None = None,
    database: "URL | None" = None,
    notes: SnapshotNotes | None = None,
) -> Inspection:
    """Looks at every file of the folder or the archive `path`, and at the tables of the database; a sheet that can't be
    read has its trouble and stops nothing. `notes`: what its snapshot.toml says, where it has been read already.

    Raises DataError only where the folder is not there or an archive can't be opened.
    """
    limits, sources = limits or Limits(), sources if sources is not None else Sources()
    found = Inspection((), (), as_of)
    if path is not None:
        found = _in_folder(path, as_of, notes or read_notes(path), sources, limits, with_database=database is not None)
    return found if database is None else _with_database(found, database, sources)


def _in_folder(
    path: Path, as_of: date | None, notes: SnapshotNotes, sources: Sources, limits: Limits, *, with_database: bool
) -> Inspection:
    with reading_room(path.name) as room, unchanged() as watch:
        found = survey(path, room, limits, sources, watch, with_database=with_database)
        places = {place.file: (kind, place) for kind, there in found.places.items() for place in there}
        sheets = tuple(sheet for item in found.items for sheet in _sheets(item, found, places, sources))
        claimed = {table_of(item.stem) for item in found.items} if found.troubles else set()
        trouble = str(found.troubles[0]) if found.troubles else ""
        if as_of is None:
            try:
                as_of = notes.day()
            except DataError as error:
                trouble = trouble or str(error)
        named = frozenset(kind for kind in claimed if kind)
        return Inspection(sheets, found.others, as_of, trouble, claimed=named)


def _sheets(
    item: Item, found: Survey, places: Mapping[SourceFile, tuple[str, Place]], sources: Sources
) -> Iterator[SheetSeen]:
    """The sheets of one file; where it can't be taken apart, the file with its trouble."""
    try:
        parts = found.parts(item)
    except DataError as error:
        yield SheetSeen(SourceFile(item.name), table=table_of(item.stem), trouble=str(error))
        return
    for part in parts:
        kind, place = places.get(part.file, (None, None))
        try:
            if kind is None or place is None:
                yield unknown_sheet(part.open(text_form(sources.unsaid)), str(part.kind))
            else:
                why = _why(part.file, item, place.mapping)
                yield known_sheet(place.open(), str(part.kind), kind, why, place.mapping, sources.get(kind, ()))
        except DataError as error:
            yield SheetSeen(part.file, str(part.kind), kind, trouble=str(error))


def _why(file: SourceFile, item: Item, mapping: SourceMapping) -> str:
    if mapping.files:
        return f"{mapping.file} 写明了文件"
    if file.sheet and table_of(file.sheet) is not None:
        return f"工作表名是“{file.sheet}”"
    named = f"文件名是“{item.stem}”"
    return f"{named}，{mapping.file} 写明了工作表" if mapping.sheet and file.sheet else named


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
        there = {sheet.table for sheet in (*found.sheets, *sheets)}
        unknown = (unknown_sheet(each, DATABASE) for each in others)
        sheets += [sheet for sheet in unknown if sheet.likely and sheet.likely not in there]
    except DataError as error:
        return replace(found, trouble=found.trouble or str(error), whole=False)
    return replace(found, sheets=(*found.sheets, *sheets))


def _stored(read: "StoredTable") -> str:
    if read.mapping.query:
        return f"{read.mapping.file} 写明了查询"
    if read.mapping.table:
        return f"{read.mapping.file} 写明了表"
    return f"表名是“{called(read.sheet.file)}”"
