"""Text in columns for a terminal, where a Chinese character is two wide."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> Iterator[str]:
    """One line for each row, its cells padded so that columns line up with two blanks between them.

    `right` has the places of the columns that are aligned to the right. There must be at least one row.
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (_padded(cell, widths[at], at in right) for at, cell in enumerate(row))
        yield "  ".join(cells).rstrip()


def _padded(cell: str, columns: int, right: bool) -> str:
    blanks = " " * (columns - width(cell))
    return blanks + cell if right else cell + blanks
