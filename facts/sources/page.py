"""Reads a table of a web page with lxml: what many systems save under the name of .xls."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree, html

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.cells import Limits, place
from facts.sources.encoding import ENCODINGS, NAMES, UTF_16, undecodable
from facts.sources.excel import ExcelSource

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{3,20})""", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")  # which a browser shows as one
_LOOKED_AT = 4096  # bytes in which a page says its encoding
_MOST_SPANNED = 16_384  # columns of a spreadsheet


def open_page(path: Path, file: SourceFile, limits: Limits, encoding: str | None = None) -> ExcelSource:
    """The largest table of the page, its text cell by cell; a cell over several columns or rows stands in the first.

    Raises DataError.
    """
    if path.stat().st_size > limits.page:
        raise DataError(f"网页{place(file)}超过 {limits.page >> 20} MB，没有打开；请改为导出 CSV 或 .xlsx。")
    raw = path.read_bytes()
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(_text(raw, path, file, encoding).encode(), parser=parser)
    except (etree.ParserError, etree.LxmlError, ValueError):
        raise _no_table(file) from None
    if parser.error_log.filter_from_fatals():  # it went no further, and says so nowhere else
        raise DataError(f"网页{place(file)}嵌套太深或已损坏，后面的行读不出来；请改为导出 CSV 或 .xlsx。")
    largest: list[list[str]] = []
    most = 0
    for table in root.iter("table"):
        rows, left = [], limits.grid
        for row in _rows(table):
            left -= len(row)
            if left < 0:
                raise DataError(f"网页{place(file)}的表超过 {limits.grid} 格，大得不像一份导出，没有打开。")
            rows.append(row)
        if limits.grid - left > most:
            largest, most = rows, limits.grid - left
    width = max(map(len, largest), default=0)
    if not width:
        raise _no_table(file)
    if width * len(largest) > limits.grid:
        raise DataError(f"网页{place(file)}的表有 {len(largest)} 行、{width} 列，大得不像一份导出，没有打开。")
    return ExcelSource(file, [[*row, *[""] * (width - len(row))] for row in largest], 1)


def _text(raw: bytes, path: Path, file: SourceFile, encoding: str | None) -> str:
    """The page, decoded strictly: by what is given, else its mark, else what it says of itself, else as a text file."""
    if raw.startswith(UTF_16):
        encoding = "utf-16"
    charset = _CHARSET.search(raw[:_LOOKED_AT])
    named = NAMES.get(charset[1].decode().lower()) if charset else None
    for each in (encoding,) if encoding else dict.fromkeys([*([named] if named else []), *ENCODINGS]):
        try:
            return raw.decode(each).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise undecodable(path, file, (encoding,) if encoding else ENCODINGS)


def _rows(table: html.HtmlElement) -> Iterator[list[str]]:
    """The rows of a table, not those of a table inside it. Raises nothing."""
    below: dict[int, int] = {}  # column → rows further down that a cell of an earlier row covers
    for row in table.iterfind(".//tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while below.get(len(cells), 0) > 0:
                below[len(cells)] -= 1
                cells.append("")
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for covered in range(across):
                if down > 1:
                    below[len(cells)] = down - 1
                cells.append("" if covered else _cell(cell))
            if len(cells) > _MOST_SPANNED:
                break
        while below.get(len(cells), 0) > 0:
            below[len(cells)] -= 1
            cells.append("")
        yield cells


def _cell(cell: html.HtmlElement) -> str:
    return _BLANKS.sub(" ", str(cell.text_content())).strip()


def _span(cell: html.HtmlElement, name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return min(max(int(text), 1), _MOST_SPANNED) if text.isdecimal() and len(text) < 9 else 1


def _no_table(file: SourceFile) -> DataError:
    return DataError(f"文件{place(file)}其实是网页（HTML），里面没有表格，请在原系统中重新导出为 .xlsx 或 CSV。")
