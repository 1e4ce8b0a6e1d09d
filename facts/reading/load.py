"""Reads a folder of exports into a snapshot."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from facts.model.refusal import DataError
from facts.model.schema import ColumnType
from facts.model.snapshot import Snapshot, Table
from facts.model.tables import TABLES
from facts.model.vocabulary import readable
from facts.reading.as_of import mask
from facts.reading.assemble import Part, part
from facts.reading.heading_row import heading_of
from facts.reading.lost_zeros import Numbers, numbers_of, refuse_lost_zeros
from facts.reading.mapping import Sources
from facts.reading.merge import merged
from facts.reading.notes import SnapshotNotes, read_notes
from facts.reading.renumber import renumbered
from facts.reading.shape import with_names
from facts.reading.survey import Place, reading_room, survey
from facts.reading.written_rows import snapshot_from_rows
from facts.sources.cells import Limits, Source, place
from facts.sources.unchanged import unchanged

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["load_snapshot", "mask", "snapshot_from_rows"]

_CHUNK = 1 << 20


def load_snapshot(
    path: Path | None,
    as_of: date | None = None,
    *,
    notes: SnapshotNotes | None = None,
    only: Collection[str] | None = None,
    sources: Sources | None = None,
    progress: Callable[[str], None] | None = None,
    limits: Limits | None = None,
    database: "URL | None" = None,
    earlier: bool = False,
) -> Snapshot:
    """The exports in the folder or the archive `path` as they stood on `as_of` (inclusive), else on the day in its
    snapshot.toml.

    `notes`: what that snapshot.toml says, where it has been read already. `database`: it holds the tables, or those
    that the folder has not; then `path` may be None. With `only`, of the tables only those; one of them must be there.
    `sources`: what a person has said of them (`facts.reading.mapping`); of an `earlier` export what isn't there is
    passed over, since a system may have changed its headings since. A file that changes while it is read is refused.
    `progress` is told, in Chinese, what has been read. Rows that can't be read are set aside (`Table.set_aside`); what
    keeps a whole file, the folder or the database from being read raises DataError.
    """
    limits, name = limits or Limits(), path.name if path else ""
    sources = (sources if sources is not None else Sources()).of(only)
    if database is None and (kind := sources.in_database()):
        raise DataError(f"[sources.{kind}] 写了 query 或 table，却没有数据库，请写 source 或给出 --source。")
    with reading_room(name) as room, unchanged() as watch:
        places: Mapping[str, tuple[Place, ...]] = {}
        ignored: tuple[str, ...] = ()
        remarks: tuple[str, ...] = ()
        if path is not None:
            with_database = database is not None
            found = survey(path, room, limits, sources, watch, with_database=with_database, earlier=earlier)
            if found.troubles:
                raise found.troubles[0]
            places, ignored, remarks = found.places, found.ignored, found.remarks
        notes = notes or read_notes(path)
        day = _in_reason(as_of or notes.day())
        notes.refuse_unknown()
        places = {kind: there for kind, there in places.items() if only is None or kind in only}
        if database is not None:
            from facts.sources.database.address import name_of

            name = name or name_of(database)
            stored, more = _in_database(database, day, sources, only, limits)
            remarks += more
            places = _with_database(places, stored, name_of(database), sources.file)
        if not places:
            where = f"文件夹“{name}”" if path else f"数据库“{name}”"
            wanted = f"“{TABLES[min(only)].about.heading}”表" if only else "一张可识别的表，请用 query 或 table 写明"
            raise DataError(f"{where}里没有{wanted}。")
        remarks += tuple(_taken_for_granted(places))
        digest, tables = _read_all(places, day, progress or (lambda _: None))
    shown = path.resolve().name if path else name
    read = {kind: tables[kind] for kind in TABLES if kind in places}
    return renumbered(Snapshot(shown, day, digest, read, ignored, remarks=remarks))


def _taken_for_granted(places: Mapping[str, tuple[Place, ...]]) -> Iterable[str]:
    """Days that stand in no row of an export, but in the settings: a sentence each."""
    said: dict[str, None] = {}
    for kind, mapping in ((kind, there.mapping) for kind, every in places.items() for there in every):
        fields, table = readable(TABLES[kind]), TABLES[kind].about.heading
        for name, value in mapping.constants.items():
            if fields[name].type is ColumnType.DATE:
                said[f"“{table}”的{fields[name].heading}按配置一律作 {value}"] = None
        for name, derived in mapping.derive.items():
            day, year = fields[name].heading, fields[derived.of].heading
            said[f"“{table}”的{day}按配置由{year}推定，一律作当年 {derived.month_day}"] = None
    return said


def _in_reason(day: date) -> date:
    """Years before and after these are slips, and files inside .docx and .xlsx can't be dated so."""
    if not 1980 <= day.year < 2100:
        raise DataError(f"数据截至日期 {day.isoformat()} 不在 1980 年到 2099 年之间，请改正。")
    return day


def _in_database(
    url: "URL", as_of: date, sources: Sources, only: Collection[str] | None, limits: Limits
) -> tuple[Mapping[str, tuple[Place, ...]], tuple[str, ...]]:
    """Where its tables are, and what must be said of them."""
    from facts.reading.stored_tables import read_tables  # SQLAlchemy is heavy

    places: dict[str, tuple[Place, ...]] = {}
    tables, remarks = read_tables(url, as_of, sources, only, limits)
    for table in tables:
        place = Place(table.sheet.file, (), partial(_same, table.sheet), table.mapping, table.sheet.digest)
        places[table.kind] = (*places.get(table.kind, ()), place)
    return places, remarks


def _same(source: Source) -> Source:
    return source


def _with_database(
    files: Mapping[str, tuple[Place, ...]], stored: Mapping[str, tuple[Place, ...]], name: str, settings: str
) -> dict[str, tuple[Place, ...]]:
    """The tables of both. Raises DataError for one that is in both, unless a person said so."""
    for kind in files.keys() & stored.keys():
        if not all(there.mapping.placed for there in (*files[kind], *stored[kind])):
            raise DataError(
                f"“{TABLES[kind].about.heading}”在文件夹（{files[kind][0].file.path}）和数据库“{name}”里都有，"
                f"请在 {settings} 的 [sources.{kind}] 里用 files 或 table 写明用哪一个。"
            )
    return {kind: (*files.get(kind, ()), *stored.get(kind, ())) for kind in TABLES if kind in files or kind in stored}


def _read_all(
    places: Mapping[str, tuple[Place, ...]], as_of: date, progress: Callable[[str], None]
) -> tuple[str, Mapping[str, Table]]:
    # The largest first, so that no thread is left with it at the end.
    order = sorted(((kind, there) for kind in places for there in places[kind]), key=lambda each: -_size(each[1]))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        digest = pool.submit(_sha256, [there for _, there in order])
        running: dict[Future[Part], tuple[str, Place]] = {
            pool.submit(_part, there, kind): (kind, there) for kind, there in order
        }
        parts: dict[Place, Part] = {}
        tables: dict[str, Table] = {}
        numbers: list[Numbers] = []
        try:
            for done in as_completed(running):
                kind, there = running.pop(done)
                parts[there] = done.result()
                read = parts[there].table.read
                numbers += numbers_of(parts[there].table)
                del done
                progress(f"已读{place(there.file)}：{TABLES[kind].about.heading} {read} 行")
                if all(each in parts for each in places[kind]):
                    tables[kind] = _table(kind, places[kind], [parts.pop(each) for each in places[kind]], as_of)
        except BaseException:  # an interrupt, too, waits for no file that was not begun
            pool.shutdown(cancel_futures=True)
            raise
        refuse_lost_zeros(numbers)
        return digest.result(), tables


def _part(there: Place, kind: str) -> Part:
    model = TABLES[kind]
    source = there.open()
    heading = heading_of(source, model, there.mapping)
    return part(model, source.below(heading), with_names(model, source, heading, there.mapping))


def _table(kind: str, places: tuple[Place, ...], parts: list[Part], as_of: date) -> Table:
    together = all(there.mapping.placed for there in places)
    return merged(TABLES[kind], parts, as_of, together, places[0].mapping.file)


def _size(there: Place) -> int:
    return sum(item.path.stat().st_size for item in there.items)


def _sha256(places: Iterable[Place]) -> str:
    """Over the files in the order of their names: name, NUL, length, NUL, SHA-256 of the bytes; then over what was
    read from a database: its place, NUL, SHA-256 of the rows."""
    whole, places = hashlib.sha256(), list(places)
    for item in sorted({item for there in places for item in there.items}, key=lambda item: item.name):
        one, size = hashlib.sha256(), 0
        with item.path.open("rb") as stream:
            for chunk in iter(partial(stream.read, _CHUNK), b""):
                one.update(chunk)
                size += len(chunk)
        whole.update(os.fsencode(item.name) + b"\0" + str(size).encode() + b"\0" + one.digest())
    for name, rows in sorted((there.file.path, there.digest) for there in places if there.digest is not None):
        whole.update(name.encode() + b"\0" + rows)
    return whole.hexdigest()
