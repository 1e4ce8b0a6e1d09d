"""CSV as spreadsheet programs open it: with a byte order mark, and nothing in it that they would calculate."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from reports.wording.safe_text import plain_text

_FORMULA = ("=", "+", "-", "@")


def csv_text(rows: Iterable[Sequence[str]], *, personal: bool = False) -> str:
    """`personal`: identity numbers are shown."""
    stream = StringIO()
    csv.writer(stream).writerows([_guarded(plain_text(cell, personal=personal)) for cell in row] for row in rows)
    return "\ufeff" + stream.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
