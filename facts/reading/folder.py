"""Which files of a folder, of an archive, and of the archives in a folder may hold tables; links lead nowhere else."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from facts.model.refusal import CONFIG, NOTES, DataError
from facts.sources.archive import around, is_clutter, unpack
from facts.sources.cells import Limits
from facts.sources.kind import Kind, kind_of
from facts.sources.unchanged import Watch

BOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
MEMOS = (".fpt", ".dbt")
"""What a .dbf keeps its long texts in, beside it."""
_EXPORTS = (*BOOKS, ".csv", ".txt", ".tsv", ".dbf", ".parquet", ".pq", ".htm", ".html")
_APART = "/（另一次快照或报告，没有读）"
_REPORT = {"findings.json", "report.html"}
"""What stands in every report of ours, beside workbooks that look like exports."""
_OURS = (NOTES, "planted.json", CONFIG)


@dataclass(frozen=True)
class Item:
    """A file of the folder, or of an archive in it."""

    name: str
    """As messages call it: 考勤.csv, 导出.zip/考勤.csv."""
    path: Path

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True)
class Listing:
    """The files that may hold tables, by name; and those that can't."""

    items: tuple[Item, ...]
    ignored: tuple[str, ...]


def listing(folder: Path, room: Path, limits: Limits, watch: Watch) -> Listing:
    """The files of a folder or of an archive, and of the archives in it; archives are unpacked into `room`. `watch` is
    told of every file that may be read.

    Raises DataError: nothing is there, or an archive can't be opened safely.
    """
    if not folder.exists():
        raise DataError(f"找不到文件夹“{folder.name}”，请核对路径。")
    if folder.is_dir():
        files, ignored = _inside(folder, limits)
        for name, path in files.items():
            if PurePosixPath(name).suffix.lower() in (*_EXPORTS, *MEMOS, ".zip"):
                watch.add(name, path)
        items, others = _may_hold(files)
        unpacked = [item for item in items if item.suffix == ".zip"]
        items = [item for item in items if item.suffix != ".zip"]
        for archive in unpacked:
            members, clutter = _members(archive.path, archive.name, room, limits)
            if NOTES in members and NOTES in files:
                others.append(f"{archive.name}{_APART}")
                continue
            found, unknown = _may_hold(members, f"{archive.name}/")
            items, others = items + found, [*others, *unknown, *(f"{archive.name}/{name}" for name in clutter)]
        return Listing(tuple(items), (*ignored, *others))
    if not folder.is_file() or kind_of(folder, folder.name) is not Kind.ARCHIVE:
        raise DataError(f"“{folder.name}”不是文件夹，也不是压缩包（.zip），请给出存放导出文件的文件夹。")
    watch.add(folder.name, folder)
    files, ignored = _members(folder, folder.name, room, limits)
    items, others = _may_hold(files)
    return Listing(tuple(items), (*ignored, *others))


def _inside(folder: Path, limits: Limits) -> tuple[dict[str, Path], list[str]]:
    """The files of a folder and of those in it, by the name that an archive of it would give them; and what is not
    looked into. Raises DataError where there are more than an archive may hold."""
    root = folder.resolve()
    files: dict[str, Path] = {}
    ignored: list[str] = []

    def unreadable(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise error
        ignored.append(f"{Path(error.filename).relative_to(folder).as_posix()}/（没有权限，没有读）")

    for path, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(path)
        if here != folder and _is_apart(names):
            ignored.append(f"{here.relative_to(folder).as_posix()}{_APART}")
            folders.clear()
            continue
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = [name for name in folders if name not in linked and not is_clutter(name)]
        for name in (*linked, *names):
            inside = here / name
            if is_clutter(name):
                continue
            # Of links only those to a file that lies in the folder as well.
            if inside.is_file() and inside.resolve().is_relative_to(root):
                files[inside.relative_to(folder).as_posix()] = inside
            else:
                ignored.append(inside.relative_to(folder).as_posix())
        if len(files) > limits.members:
            raise DataError(
                f"文件夹“{folder.name}”连同子文件夹有 {limits.members} 个以上的文件，多得不像一份导出，没有读；"
                "请只留下导出文件。"
            )
    return dict(sorted(files.items())), ignored


def _is_apart(names: Collection[str]) -> bool:
    """A folder that holds these is no part of the snapshot around it: it is another one, or a report of ours."""
    return NOTES in names or {*names} >= _REPORT


def _members(path: Path, name: str, room: Path, limits: Limits) -> tuple[dict[str, Path], list[str]]:
    """The files of an archive by name, and the folders in it that are no part of the snapshot; one folder around all is
    left out."""
    members = unpack(path, name, room, limits)
    top = around([member.name for member in members])
    files = {"/".join(PurePosixPath(each.name.removeprefix(top)).parts): each.path for each in members}
    held: dict[str, list[str]] = {}
    for file in files:
        held.setdefault(str(PurePosixPath(file).parent), []).append(PurePosixPath(file).name)
    apart = sorted(folder for folder, names in held.items() if folder != "." and _is_apart(names))
    ours = {file: at for file, at in files.items() if not any(file.startswith(f"{folder}/") for folder in apart)}
    if inner := next((file for file in ours if file.lower().endswith(".zip")), None):
        raise DataError(f"压缩包“{name}”里还有压缩包“{inner}”，没有打开；请解压后把其中的文件放进文件夹。")
    return ours, [f"{folder}{_APART}" for folder in apart]


def _may_hold(files: Mapping[str, Path], before: str = "") -> tuple[list[Item], list[str]]:
    """The files that may hold tables, or are an archive; and the names of the others, but for our own."""
    items: list[Item] = []
    others: list[str] = []
    tables = {name[: -len(".dbf")] for name in files if name.lower().endswith(".dbf")}
    for name, path in files.items():
        item = Item(before + name, path)
        if PurePosixPath(name).name in _OURS:
            continue
        if item.suffix in MEMOS and name[: -len(item.suffix)] in tables:
            continue  # it is read with its table
        if item.suffix in (*_EXPORTS, ".zip"):
            items.append(item)
        else:
            others.append(item.name)
    return items, others
