"""The earlier snapshot that a snapshot is compared with: one that a person chose, or one that snapshot.toml names."""

from collections.abc import Callable
from dataclasses import replace
from os.path import normpath
from pathlib import Path

from facts.model.computed import EARLIER
from facts.model.refusal import NOTES, DataError
from facts.model.snapshot import Snapshot
from facts.model.workroom import workroom
from facts.reading.load import load_snapshot
from facts.reading.mapping import Sources, of_files
from facts.reading.notes import SnapshotNotes, read_notes, take_out
from facts.reading.renumber import TABLE, numbers_of, renumbered


def with_previous(
    snapshot: Snapshot,
    folder: Path | None,
    chosen: Path | None = None,
    *,
    notes: SnapshotNotes | None = None,
    sources: Sources | None = None,
    progress: Callable[[str], None] | None = None,
) -> Snapshot:
    """The snapshot read from `folder` with the earlier one beside it, of which only the tables of EARLIER are read.

    Without `chosen` it is the one that the folder's snapshot.toml names: `previous = "2026-10"`, a folder inside it, or
    `previous = "../2026-10"`, one beside it; nothing changes where none is named, or where the one named is not earlier
    (an old month is run again from a later export). `notes`: what that snapshot.toml says, where it has been read
    already. Raises DataError where the earlier one can't be read, and where the
    one chosen is not earlier.
    """
    path = chosen or (_named(folder, notes or read_notes(folder)) if folder else None)
    if path is None:
        return snapshot
    shown = path if chosen else path.name
    if not path.exists() and not _inside(path, folder):
        raise DataError(f"找不到上次快照“{shown}”，请核对路径。")
    try:
        with workroom() as room:
            there = _taken_out(path, folder, room) if folder and _inside(path, folder) else path
            mapped = of_files(sources if sources is not None else Sources())
            earlier = load_snapshot(there, only=EARLIER, sources=mapped, progress=progress, earlier=True)
    except DataError as error:
        without = "去掉 --previous" if chosen else f"删去 {NOTES} 里的 previous"
        raise DataError(f"上次快照“{shown}”读不了：{error}不与它比较的话，请{without}。") from None
    ignored = tuple(name for name in snapshot.ignored if folder is None or folder / name.partition("/")[0] != path)
    if earlier.as_of < snapshot.as_of:
        if TABLE in snapshot.tables:
            earlier = renumbered(earlier, numbers_of(snapshot.tables[TABLE]))
        return replace(snapshot, previous=earlier, ignored=ignored)
    if chosen is None:
        return replace(snapshot, ignored=ignored)
    raise DataError(
        f"上次快照“{shown}”截至 {earlier.as_of}，不早于本次的 {snapshot.as_of}，请用 --previous 给出更早的一次。"
    )


def _inside(path: Path, folder: Path | None) -> bool:
    """Whether the earlier snapshot lies in the archive that the present one is."""
    return folder is not None and folder.is_file() and path.parent == folder


def _taken_out(path: Path, archive: Path, room: Path) -> Path:
    """What lies inside an archive is read from `room`."""
    try:
        take_out(archive, path.name, room / path.name)
    except (FileNotFoundError, ValueError):
        raise DataError(f"压缩包“{archive.name}”里没有这个文件夹。") from None
    return room / path.name


def _named(folder: Path, notes: SnapshotNotes) -> Path | None:
    """The folder that snapshot.toml names: inside this folder or archive or beside it, nowhere else on the machine."""
    name = notes.earlier()
    if name is None:
        return None
    path = Path(normpath(folder / name)) if folder.is_file() else folder / name
    around = folder.resolve().parent
    if not path.resolve().is_relative_to(around) or path.resolve() in (around, folder.resolve()):
        raise DataError(f"{NOTES} 里的 previous 只能指本文件夹里面或旁边的文件夹，其他位置请用 --previous 给出。")
    return path
