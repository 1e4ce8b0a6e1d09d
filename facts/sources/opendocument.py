"""How much of a grid the sheets of an .ods workbook span: a cell or a row may claim to stand there a million times."""

from collections.abc import Mapping
from functools import partial
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 20
_CELLS = ("table:table-cell", "table:covered-table-cell")
_VALUES = ("office:", "calcext:", "table:formula")
"""What the attributes of a cell that holds something begin with; the others say how it looks and how often it is."""
_LONGEST_NUMBER = 12


class Unreadable(ValueError):
    """It is not well-formed, or it brings definitions of its own, which no office program writes."""


def spans(content: IO[bytes]) -> list[tuple[int, int]]:
    """(rows, columns) of each sheet of a content.xml, up to its last cell that holds something.

    Read as a stream: nothing is repeated and nothing is kept. Names are compared with their prefix as calamine compares
    them, so that no other prefix hides a cell from one of the two. Raises Unreadable.
    """
    sheets = _Sheets()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = sheets.start
    parser.EndElementHandler = sheets.end
    parser.CharacterDataHandler = sheets.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in iter(partial(content.read, _CHUNK), b""):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Unreadable from None
    return sheets.found


def _refuse(*_: object) -> None:
    raise Unreadable


class _Sheets:
    """Counts as the elements go by."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int]] = []
        self._depth = 0  # of tables: one may stand in a cell of another
        self._rows = self._width = self._height = 0
        self._row = self._cell = 1  # how often the present ones stand there
        self._columns = self._filled = 0  # of the present row: all, and up to the last that holds something
        self._in_cell = self._holds = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table:table":
            self._depth += 1
            if self._depth == 1:
                self._rows = self._width = self._height = 0
        elif name == "table:table-row":
            self._row = _times(attributes.get("table:number-rows-repeated"))
            self._columns = self._filled = 0
        elif name in _CELLS:
            self._cell = _times(attributes.get("table:number-columns-repeated"))
            self._in_cell, self._holds = True, any(each.startswith(_VALUES) for each in attributes)

    def text(self, text: str) -> None:
        if self._in_cell and not self._holds:
            self._holds = not text.isspace()

    def end(self, name: str) -> None:
        if name in _CELLS:
            self._columns += self._cell
            if self._holds:
                self._filled = self._columns
            self._in_cell = self._holds = False
        elif name == "table:table-row":
            self._rows += self._row
            if self._filled:
                self._width, self._height = max(self._width, self._filled), self._rows
        elif name == "table:table":
            self._depth -= 1
            if self._depth == 0:
                self.found.append((self._height, self._width))


def _times(attribute: str | None) -> int:
    if attribute is None:
        return 1
    if not attribute.isascii() or not attribute.isdigit() or len(attribute) > _LONGEST_NUMBER:
        raise Unreadable
    return max(int(attribute), 1)
