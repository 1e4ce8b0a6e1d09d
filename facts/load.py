"""Reads a folder of exports into a snapshot."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from facts.as_of import day_of, mask
from facts.assemble import Part, part
from facts.errors import DataError
from facts.folder import Item, Place, listing, look_into
from facts.heading_row import heading_of
from facts.mapping import Sources
from facts.merge import merged
from facts.rows import snapshot_from_rows
from facts.snapshot import Snapshot, Table
from facts.sources.cells import Limits, place
from facts.tables import TABLES

__all__ = ["load_snapshot", "mask", "snapshot_from_rows"]

_CHUNK = 1 << 20


def load_snapshot(
    path: Path,
    as_of: date | None = None,
    *,
    only: Collection[str] | None = None,
    sources: Sources | None = None,
    progress: Callable[[str], None] | None = None,
    limits: Limits | None = None,
) -> Snapshot:
    """The exports in the folder or the archive `path` as they stood on `as_of` (inclusive), else on the day in its
    snapshot.toml.

    With `only`, of the tables only those; one of them must be there. `sources`: what a person has said of them
    (`facts.mapping`). `progress` is told, in Chinese, what has been read. Rows that can't be read are set aside
    (`Table.set_aside`); what keeps a whole file or the folder from being read raises DataError.
    """
    path, limits = Path(path), limits or Limits()
    try:
        with TemporaryDirectory(prefix="xuejian-", ignore_cleanup_errors=True) as folder:
            room = Path(folder)
            found = look_into(listing(path, room, limits), path.name, room, limits, sources)
            day = as_of or day_of(found.notes)
            places = {kind: there for kind, there in found.places.items() if only is None or kind in only}
            if not places:
                raise DataError(f"文件夹“{path.name}”里没有“{TABLES[min(only or TABLES)].about.heading}”表。")
            digest, tables = _read_all(places, day, progress or (lambda _: None))
    except OSError as error:
        what = Path(error.filename or path).name
        raise DataError(f"读不了“{what}”：没有权限，或者磁盘、网络出错，请检查后重试。") from None
    return Snapshot(path.resolve().name, day, digest, {kind: tables[kind] for kind in places}, found.ignored)


def _read_all(
    places: Mapping[str, tuple[Place, ...]], as_of: date, progress: Callable[[str], None]
) -> tuple[str, Mapping[str, Table]]:
    # The largest first, so that no thread is left with it at the end.
    order = sorted(((kind, there) for kind in places for there in places[kind]), key=lambda each: -_size(each[1]))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        digest = pool.submit(_sha256, {item for _, there in order for item in there.items})
        running: dict[Future[Part], tuple[str, Place]] = {
            pool.submit(_part, there, kind): (kind, there) for kind, there in order
        }
        parts: dict[Place, Part] = {}
        tables: dict[str, Table] = {}
        try:
            for done in as_completed(running):
                kind, there = running.pop(done)
                parts[there] = done.result()
                read = parts[there].table.read
                del done
                progress(f"已读{place(there.file)}：{TABLES[kind].about.heading} {read} 行")
                if all(each in parts for each in places[kind]):
                    tables[kind] = _table(kind, places[kind], [parts.pop(each) for each in places[kind]], as_of)
        except DataError:
            pool.shutdown(cancel_futures=True)
            raise
        return digest.result(), tables


def _part(there: Place, kind: str) -> Part:
    model = TABLES[kind]
    source = there.open()
    return part(model, source.below(heading_of(source, model, there.said)), there.said)


def _table(kind: str, places: tuple[Place, ...], parts: list[Part], as_of: date) -> Table:
    together = all(there.said is not None and there.said.files for there in places)
    return merged(TABLES[kind], parts, as_of, together)


def _size(there: Place) -> int:
    return sum(item.path.stat().st_size for item in there.items)


def _sha256(items: Iterable[Item]) -> str:
    """Over the files in the order of their names: name, NUL, length, NUL, SHA-256 of the bytes."""
    whole = hashlib.sha256()
    for item in sorted(items, key=lambda item: item.name):
        one, size = hashlib.sha256(), 0
        with item.path.open("rb") as stream:
            for chunk in iter(partial(stream.read, _CHUNK), b""):
                one.update(chunk)
                size += len(chunk)
        whole.update(os.fsencode(item.name) + b"\0" + str(size).encode() + b"\0" + one.digest())
    return whole.hexdigest()
