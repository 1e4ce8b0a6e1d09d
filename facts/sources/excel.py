"""Reads workbooks (.xlsx, .xlsb, .xls, .ods) with calamine: every cell as the text that a person would type for it."""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
import python_calamine as calamine

from facts.errors import DataError
from facts.snapshot import SourceFile
from facts.sources.cells import TOP_ROWS, Cells, Heading, Limits, Texts, Top, trim
from facts.sources.kind import Kind
from facts.sources.opendocument import Unreadable, spans
from facts.sources.texts import LOST_DIGITS, text_of, texts

Grid = Sequence[Sequence[object]]

_CHUNK = 4 << 20
_LONGEST_TAG = 200  # bytes kept from one part of the XML to the next, so that no cell reference is cut in two
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_TOO_SMALL_TO_CARE = 10 << 20
_OVERLONG = "这一行在标题行以外的列还有内容，请检查是否错列"


@dataclass(frozen=True)
class ExcelSheet:
    """One sheet below its headings, in memory. Made by `ExcelSource.below`."""

    file: SourceFile
    headings: tuple[str, ...]
    grid: Grid
    """Rows below the heading, all of the same length."""
    first: int
    """Row number of the first of them."""

    def read(self, positions: Collection[int]) -> Cells:
        """The columns at these positions; a row with something beyond the headings is misshapen."""
        columns = list(zip(*self.grid, strict=True))
        rows = np.arange(self.first, self.first + len(self.grid), dtype=np.int32)
        hit = np.zeros(len(rows), np.bool_)
        for surplus in columns[len(self.headings) :]:
            hit |= np.array([cell != "" and str(cell).strip() != "" for cell in surplus], np.bool_)
        taken = {position: texts(columns[position] if columns else (), _text) for position in positions}
        if hit.any():
            taken = {position: Texts(column.codes[~hit], column.distinct) for position, column in taken.items()}
        return Cells(taken, rows[~hit], dict.fromkeys(rows[hit].tolist(), _OVERLONG))


@dataclass(frozen=True)
class ExcelSource:
    """One sheet, in memory. Made by `Workbook.sheet`."""

    file: SourceFile
    grid: Grid
    first: int
    """Row number of its first row that is not empty."""

    def top(self) -> Top:
        return Top(tuple(tuple(_text(cell) for cell in row) for row in self.grid[:TOP_ROWS]), self.first)

    def below(self, heading: Heading) -> ExcelSheet:
        grid = self.grid[max(heading.row - self.first + 1, 0) :]
        return ExcelSheet(self.file, trim(heading.texts), grid, heading.row + 1)


class Workbook:
    """A workbook that is safe to open. Raises DataError when it is too large, damaged or protected."""

    def __init__(self, path: Path, name: str, limits: Limits, kind: Kind = Kind.XLSX) -> None:
        self._name = name
        self._lock = Lock()
        if kind is not Kind.XLS:
            _check_size(path, name, limits)
        try:
            with path.open("rb") as stream:  # calamine would believe the suffix of a path
                self._book = calamine.CalamineWorkbook.from_filelike(stream)
        except calamine.CalamineError:
            raise _damaged(name) from None
        self.sheets: tuple[str, ...] = tuple(
            sheet.name for sheet in self._book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        )
        """Names of the sheets that hold cells, in workbook order."""

    def sheet(self, name: str) -> ExcelSource:
        """The sheet of this name. Raises DataError."""
        try:
            with self._lock:
                sheet = self._book.get_sheet_by_name(name)
            grid: Grid = sheet.to_python()
        except calamine.CalamineError:
            raise _damaged(self._name) from None
        return ExcelSource(SourceFile(self._name, name), grid, (sheet.start or (0, 0))[0] + 1)

    def is_empty(self, name: str) -> bool:
        """Nothing stands in the sheet."""
        return not self.sheet(name).grid


def _damaged(name: str) -> DataError:
    return DataError(f"工作簿“{name}”已损坏或加了密码，无法读取，请用 Excel 打开后另存为没有密码的 .xlsx。")


def _check_size(path: Path, name: str, limits: Limits) -> None:
    """Refuses what would fill the memory: calamine unpacks all of a sheet, and all of the rectangle that it spans."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = max(sum(part.compress_size for part in parts), 1)
            bomb = unpacked > _TOO_SMALL_TO_CARE and unpacked > limits.ratio * packed
            if len(parts) > limits.parts or unpacked > limits.unpacked or bomb:
                raise DataError(
                    f"工作簿“{name}”解压后有 {unpacked >> 20} MB、{len(parts)} 个部分，大得不像一份导出，没有打开；"
                    "请拆分后另存，或改为导出 CSV。"
                )
            for height, width in _grids(archive, parts):
                if width * height > limits.grid:
                    raise DataError(
                        f"工作簿“{name}”里有一张工作表占了 {height} 行、{width} 列，大得不像一份导出，没有打开；"
                        "请删除数据以外的行和列，或改为导出 CSV。"
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, Unreadable):
        raise _damaged(name) from None


def _grids(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[int, int]]:
    """(rows, columns) that each sheet of an .xlsx or an .ods spans."""
    for part in parts:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            width, height = _span(archive, part)
            yield height, width
        elif part.filename == "content.xml":
            with archive.open(part) as content:
                yield from spans(content)


def _span(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """How many columns and rows the cells of a sheet span, from A1 on."""
    columns, rows, rest = {b"A"}, {b"1"}, b""
    with archive.open(part) as stream:
        for chunk in iter(partial(stream.read, _CHUNK), b""):
            found = _REFERENCE.findall(rest + chunk)
            columns.update(column for column, _ in found)
            rows.update(row for _, row in found)
            rest = chunk[-_LONGEST_TAG:]
    return max(_column_number(column) for column in columns), max(int(row) for row in rows)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    """A workbook has no whole numbers of more than 15 digits, whatever a reader makes of them."""
    return text_of(float(cell) if type(cell) is int and abs(cell) >= LOST_DIGITS else cell)
