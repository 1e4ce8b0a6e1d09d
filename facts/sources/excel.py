"""Reads workbooks (.xlsx, .xlsb, .xls, .ods) with calamine: every cell as the text that a person would type for it."""

import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import python_calamine as calamine

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.archive import is_too_large, whole
from facts.sources.cells import TOP_ROWS, Cells, Heading, Limits, Texts, Top, trim
from facts.sources.kind import Kind
from facts.sources.legacy import read_apart
from facts.sources.opendocument import spans
from facts.sources.openxml import span
from facts.sources.texts import LOST_DIGITS, text_of, texts

Grid = Sequence[Sequence[object]]

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
        self.sheets: tuple[str, ...]
        """Names of the sheets that hold cells, in workbook order."""
        self.hidden: frozenset[str]
        """Of these: those that Excel does not show."""
        if kind is Kind.XLS:
            self._read = read_apart(path)
            if self._read is None:
                raise _damaged(name)
            self.sheets = tuple(self._read)
            self.hidden = frozenset(name for name, sheet in self._read.items() if sheet.hidden)
            return
        self._read = None
        _check_size(path, name, limits)
        with _undamaged(name), path.open("rb") as stream:  # calamine would believe the suffix of a path
            self._book = calamine.CalamineWorkbook.from_filelike(stream)
        sheets = self._book.sheets_metadata
        sheets = [sheet for sheet in sheets if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
        self.sheets = tuple(sheet.name for sheet in sheets)
        self.hidden = frozenset(each.name for each in sheets if each.visible != calamine.SheetVisibleEnum.Visible)
        if len(set(self.sheets)) < len(self.sheets):  # only one of two could be reached
            raise _damaged(name)

    def sheet(self, name: str) -> ExcelSource:
        """The sheet of this name. Raises DataError."""
        file = SourceFile(self._name, name)
        if self._read is not None:
            read = self._read[name]
            return ExcelSource(file, read.rows, read.first)
        with _undamaged(self._name):
            with self._lock:
                sheet = self._book.get_sheet_by_name(name)
            grid = sheet.to_python()
        return ExcelSource(file, grid, (sheet.start or (0, 0))[0] + 1)

    def is_empty(self, name: str) -> bool:
        """Nothing stands in the sheet."""
        return not self.sheet(name).grid


@contextmanager
def _undamaged(name: str) -> Iterator[None]:
    """What calamine raises on a damaged workbook becomes a DataError, its panic included, which is no Exception."""
    try:
        yield
    except calamine.CalamineError:
        raise _damaged(name) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3 has it in no module
            raise
        raise _damaged(name) from None


def _damaged(name: str) -> DataError:
    return DataError(f"工作簿“{name}”已损坏或加了密码，无法读取，请用 Excel 打开后另存为没有密码的 .xlsx。")


def _check_size(path: Path, name: str, limits: Limits) -> None:
    """Refuses what would fill the memory: calamine unpacks all of a sheet, and all of the rectangle that it spans."""
    with whole(_damaged(name)), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if is_too_large(parts, limits.parts, limits):
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


def _grids(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[int, int]]:
    """(rows, columns) that each sheet of an .xlsx or an .ods spans; in an .xlsx any part may be said to be a sheet."""
    for part in parts:
        if part.filename == "content.xml":
            with archive.open(part) as content:
                yield from spans(content)
        elif not part.is_dir():
            with archive.open(part) as content:
                yield span(content)


def _text(cell: object) -> str:
    """A workbook has no whole numbers of more than 15 digits, whatever a reader makes of them."""
    return text_of(float(cell) if type(cell) is int and abs(cell) >= LOST_DIGITS else cell)
