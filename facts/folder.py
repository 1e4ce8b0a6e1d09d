"""Which files of a folder, and which sheets of a workbook, hold which table: their names say so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facts.errors import DataError
from facts.headings import normal
from facts.snapshot import SourceFile
from facts.sources.cells import Limits, Sheet, place
from facts.sources.kind import Kind, kind_of
from facts.tables import TABLES

_EXPORTS = (".csv", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".txt", ".tsv")
_OURS = ("snapshot.toml", "planted.json")
_NAMES = "、".join(model.about.heading for model in TABLES.values())


@dataclass(frozen=True)
class Place:
    """Where a table is, and how it is opened."""

    file: SourceFile
    path: Path
    open: Callable[[], Sheet]
    """Reads the headings, of a workbook the whole sheet. Raises DataError."""


@dataclass(frozen=True)
class Found:
    """`places`: table → where it is, in the order of the contract; `ignored`: files and sheets that are no table."""

    places: Mapping[str, Place]
    ignored: tuple[str, ...]


def table_of(name: str) -> str | None:
    """The table that a file or a sheet of this name holds: by its Chinese or its English name."""
    names = {normal(model.about.heading): kind for kind, model in TABLES.items()}
    return names.get(normal(name)) or next((kind for kind in TABLES if normal(kind) == normal(name)), None)


def look_into(folder: Path, limits: Limits) -> Found:
    """Looks for every file of the folder that is named after a table, and into every workbook.

    Raises DataError: no folder, nothing in it that is a table, one table twice, a file that isn't what its name says.
    """
    places: dict[str, Place] = {}
    ignored: list[str] = []
    for path in _files(folder, ignored):
        for kind, found in _places(path, limits, ignored):
            if kind in places:
                both = f"{place(places[kind].file)}和{place(found.file)}"
                raise DataError(f"“{TABLES[kind].about.heading}”表有两份：{both}，请只留一份。")
            places[kind] = found
    if not places:
        raise DataError(
            f"文件夹“{folder.name}”里没有一张可识别的表，文件请以表名命名（{_NAMES}），扩展名为 .csv 或 .xlsx。"
        )
    return Found({kind: places[kind] for kind in TABLES if kind in places}, tuple(sorted(ignored)))


def _files(folder: Path, ignored: list[str]) -> list[Path]:
    """The files that may hold tables, by name."""
    if not folder.exists():
        raise DataError(f"找不到文件夹“{folder.name}”，请核对路径。")
    if not folder.is_dir():
        raise DataError(f"“{folder.name}”不是文件夹，请给出存放导出文件的文件夹。")
    inside = folder.resolve()
    files = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.name in _OURS:
            continue
        if _is_file_inside(path, inside) and _may_hold_tables(path):
            files.append(path)
        else:
            ignored.append(path.name)
    return files


def _is_file_inside(path: Path, folder: Path) -> bool:
    """A regular file; of links only those that stay in the folder."""
    return path.is_file() and path.resolve().is_relative_to(folder)


def _may_hold_tables(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in (".xlsx", ".xlsm") or (suffix in _EXPORTS and table_of(path.stem) is not None)


def _places(path: Path, limits: Limits, ignored: list[str]) -> list[tuple[str, Place]]:
    """The tables that one file holds."""
    name, table = path.name, table_of(path.stem)
    if kind_of(path, name) is Kind.DELIMITED:
        from facts.sources.delimited import open_delimited

        file = SourceFile(name)
        return [(str(table), Place(file, path, lambda: open_delimited(path, file, limits)))]
    from facts.sources.excel import Workbook

    book = Workbook(path, name, limits)
    by_table = [(kind, sheet) for sheet in book.sheets if (kind := table_of(sheet)) is not None]
    if table is not None and (len(book.sheets) == 1 or not by_table):
        by_table = [(table, sheet) for sheet in book.sheets if not book.is_empty(sheet)]
        if len(by_table) != 1:
            raise DataError(
                f"工作簿“{name}”里有 {len(by_table)} 个有内容的工作表，看不出哪一个是“{TABLES[table].about.heading}”，"
                "请把工作表改成表名，其余的移到别处。"
            )
    taken = {sheet for _, sheet in by_table}
    ignored.extend(f"{name}：{sheet}" for sheet in book.sheets if sheet not in taken)
    return [(kind, Place(SourceFile(name, sheet), path, partial(book.sheet, sheet))) for kind, sheet in by_table]
