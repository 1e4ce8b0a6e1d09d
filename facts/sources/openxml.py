"""How much of a grid a sheet of an .xlsx spans: a cell may claim to stand anywhere, or not say where it stands."""

import re
from collections.abc import Iterator
from functools import cache
from typing import IO

from facts.sources.opendocument import Unreadable

_CHUNK = 4 << 20
_LONGEST_TEXT = 64 << 20  # bytes between two tags
_PLACE = rb"""\sr\s*=\s*["']\s*([A-Za-z]{0,20})(\d{0,20})"""
_PLACES = re.compile(_PLACE)
_TAGS = re.compile(rb"<(?:[\w.-]+:)?(c|row)(?=[\s/>])(?:[^<>]*?" + _PLACE + rb")?")
_ROWS = re.compile(rb"""<(?:[\w.-]+:)?row\s(?:[^<>]*?\s)?r\s*=\s*["']\s*(\d{1,20})""")
_MAY_BE_TAGS = (b"<c", b"<row", b":c", b":row")


def span(content: IO[bytes]) -> tuple[int, int]:
    """(rows, columns) from A1 on to the last cell, whether it holds something or not. Raises Unreadable, also where a
    row has the number of an earlier one, or a smaller one: of two such rows readers keep one."""
    width = height = 1
    last = 0
    column = row = 0  # of the last cell
    for xml in _whole_tags(content):
        for digits in _ROWS.findall(xml):
            if int(digits) <= last:
                raise Unreadable
            last = int(digits)
        places = _PLACES.findall(xml)
        rows = {digits for _, digits in places}
        if rows and b"" not in rows and len(places) == sum(map(xml.count, _MAY_BE_TAGS)):
            width = max(width, *map(_column_number, {letters for letters, _ in places}))
            height = max(height, *map(int, rows))
            column, row = _column_number(places[-1][0]), int(places[-1][1])
            continue
        for tag, letters, digits in _TAGS.findall(xml):  # what doesn't say where it stands is next to the last one
            if tag == b"row":
                column, row = 0, int(digits or row + 1)
            else:
                column, row = _column_number(letters) or column + 1, int(digits or row)
            width, height = max(width, column), max(height, row)
    return height, width


def _whole_tags(stream: IO[bytes]) -> Iterator[bytes]:
    """The XML in parts that each end before a tag begins."""
    rest, chunk = b"", b"-"
    while chunk:
        chunk = stream.read(_CHUNK)
        rest += chunk
        cut = max(rest.rfind(b"<"), 0) if chunk else len(rest)
        if len(rest) - cut > _LONGEST_TEXT:
            raise Unreadable
        if cut:
            yield rest[:cut]
        rest = rest[cut:]


@cache
def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
