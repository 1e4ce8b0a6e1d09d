"""Rows of a sheet that are no rows of its table: sums, signatures and remarks below it, headings said once more."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from operator import eq

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facts.model.values import plain
from facts.model.vocabulary import below, totals
from facts.sources.cells import Codes, Flags, Texts

_DATED = re.compile(r"\d{4}(?:年\d{1,2}月(?:\d{1,2}日)?|([-/.])\d{1,2}\1\d{1,2})$")


def footer_rows(
    columns: Mapping[int, Texts], headings: Mapping[int, str], days: Collection[int], bad: Flags, after: Flags
) -> Flags:
    """By row: it is none of the table's.

    `columns`: by position, of the rows that are looked at; `headings` of those that are fields; `days`: the positions
    of dates; `bad`: the row can't be read as one of the table; `after`: it stands below every row that is not looked
    at. A row that sums up begins with 合计 or the like; below the last row that can be read, a row that can't be is a
    signature or a remark when it begins with such a word or ends with 盖章, or when all that stands in it ends with a
    date and is no date of the table.
    """
    size = len(bad)
    sums, notes, decided, dated = (np.zeros(size, np.bool_) for _ in range(4))
    filled = np.zeros(size, np.int16)
    total, note = _total(), _note()
    for position in sorted(columns):
        cells = _cells(columns[position])
        something = cells.where(bool)
        filled += something
        if position not in days:
            dated |= cells.where(_DATED.search)
        first = something & ~decided
        if first.any():
            sums |= first & cells.where(total.match)
            notes |= first & cells.where(note.search)
            decided |= first
    readable = np.flatnonzero(~bad & ~sums)
    after = after & (np.arange(size) > (int(readable[-1]) if len(readable) else -1))
    notes |= dated & (filled == 1)
    return sums | (notes & bad & after) | (_repeats(columns, headings, size) & bad)


def begins_with_total(texts: Texts) -> Flags:
    """By row: the cell says that the row sums up. Only the distinct texts are looked at."""
    last = "".join({word[-1] for word in totals()})
    likely = np.flatnonzero(pc.match_substring_regex(texts.distinct, f"[{last}]").to_numpy(zero_copy_only=False))
    total = _total()
    texts_there = zip(likely.tolist(), texts.distinct.take(pa.array(likely)).to_pylist(), strict=True)
    flags: Flags = np.isin(texts.codes, [code for code, text in texts_there if total.match(_dense(text))])
    return flags


def _total() -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(totals())})[:：（(]*[0-9,.]*[人条行元名个项次）)]*$")


def _note() -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(below())})|[（(]?(?:盖章|签章|公章|签字|签名)[）)]?$")


@dataclass(frozen=True)
class _Cells:
    """A column, and by code its texts without blanks: only those that stand in it."""

    codes: Codes
    texts: Mapping[int, str]

    def where(self, test: Callable[[str], object]) -> Flags:
        """By row: the cell's text passes the test; an empty cell never does."""
        found: Flags = np.isin(self.codes, [code for code, text in self.texts.items() if test(text)])
        return found


def _cells(texts: Texts) -> _Cells:
    codes = np.unique(texts.codes[texts.codes >= 0])
    taken: list[str] = texts.distinct.take(pa.array(codes)).to_pylist()
    return _Cells(texts.codes, {code: _dense(text) for code, text in zip(codes.tolist(), taken, strict=True)})


def _dense(text: str) -> str:
    return "".join(plain(text).split())


def _repeats(columns: Mapping[int, Texts], headings: Mapping[int, str], size: int) -> Flags:
    """By row: at least two fields stand there, and each says just what its heading says."""
    same, count = np.ones(size, np.bool_), np.zeros(size, np.int16)
    for position, heading in headings.items():
        cells, text = _cells(columns[position]), _dense(heading)
        equal = cells.where(partial(eq, text))
        same &= equal | ~cells.where(bool)
        count += equal
    return same & (count >= 2)
