"""Reads a folder of exports into a snapshot."""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from functools import partial
from pathlib import Path

from facts.as_of import day_of, mask
from facts.assemble import assemble
from facts.errors import DataError
from facts.folder import Place, look_into
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
    progress: Callable[[str], None] | None = None,
    limits: Limits | None = None,
) -> Snapshot:
    """The exports in the folder `path` as they stood on `as_of` (inclusive), else on the day in its snapshot.toml.

    With `only`, of the tables only those; one of them must be there. `progress` is told, in Chinese, what has been
    read. Rows that can't be read are set aside (`Table.set_aside`); what keeps a whole file or the
    folder from being read raises DataError.
    """
    path = Path(path)
    try:
        found = look_into(path, limits or Limits())
        day = as_of or day_of(path)
        places = {kind: there for kind, there in found.places.items() if only is None or kind in only}
        if not places:
            raise DataError(f"文件夹“{path.name}”里没有“{TABLES[min(only or TABLES)].about.heading}”表。")
        digest, tables = _read_all(places, day, progress or (lambda _: None))
    except OSError as error:
        what = Path(error.filename or path).name
        raise DataError(f"读不了“{what}”：没有权限，或者磁盘、网络出错，请检查后重试。") from None
    return Snapshot(path.resolve().name, day, digest, {kind: tables[kind] for kind in places}, found.ignored)


def _read_all(
    places: Mapping[str, Place], as_of: date, progress: Callable[[str], None]
) -> tuple[str, Mapping[str, Table]]:
    # The largest first, so that no thread is left with it at the end.
    order = sorted(places, key=lambda kind: places[kind].path.stat().st_size, reverse=True)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        digest = pool.submit(_sha256, {there.path for there in places.values()})
        running = {pool.submit(_table, places[kind], kind, as_of): kind for kind in order}
        try:
            for done in as_completed(running):
                table = done.result()
                progress(f"已读{place(table.files[0])}：{TABLES[table.name].about.heading} {table.read} 行")
        except DataError:
            pool.shutdown(cancel_futures=True)
            raise
        return digest.result(), {kind: done.result() for done, kind in running.items()}


def _table(there: Place, kind: str, as_of: date) -> Table:
    return assemble(TABLES[kind], there.open(), as_of)


def _sha256(files: Iterable[Path]) -> str:
    """Over the files in the order of their names: name, NUL, length, NUL, SHA-256 of the bytes."""
    whole = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.name):
        one, size = hashlib.sha256(), 0
        with path.open("rb") as stream:
            for chunk in iter(partial(stream.read, _CHUNK), b""):
                one.update(chunk)
                size += len(chunk)
        whole.update(os.fsencode(path.name) + b"\0" + str(size).encode() + b"\0" + one.digest())
    return whole.hexdigest()
