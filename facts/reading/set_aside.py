"""Which rows of a sheet are set aside, and why: each with a reason, the first one by one, all of them counted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from facts.model import values
from facts.model.frames import FILE, ROW
from facts.model.schema import columns
from facts.model.snapshot import SET_ASIDE_KEPT, Reason, SetAside, Unknown
from facts.model.vocabulary import readable
from facts.reading.parse import frame_of, parser
from facts.reading.sheet_rows import SheetRows
from facts.sources.cells import Flags, Texts

_FEW, _SHORT, _OFTEN, _DIGITS = 20, 12, 3, 3  # of the unknown texts of a column: when they are plainly codes
_SHOWN = 80  # characters of a value that a message repeats


def rows_aside(
    rows: SheetRows, bad: Flags, by_field: Mapping[str, Flags], nobody: Flags
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`Table.aside` and `Table.unreadable`: the rows set aside, in row order."""
    lost = np.array(sorted(rows.misshapen), np.int32)
    numbers = np.concatenate([rows.numbers[bad], lost])
    order = np.argsort(numbers, kind="stable")
    empty = np.full(len(lost), -1, np.int8)
    cells = {
        name: (what, np.concatenate([rows.texts[name].codes[bad], empty])[order])
        for name, what in rows.meanings.items()
    }
    aside = frame_of(rows.model, cells, numbers[order])
    whole = np.ones(len(lost), np.bool_)
    one_of = rows.model.about.one_of
    unreadable: dict[str, Flags] = {}
    for name in columns(rows.model):
        cell = by_field[name][bad] if name in by_field else np.zeros(int(bad.sum()), np.bool_)
        if name in one_of:
            cell = cell | nobody[bad]
        unreadable[name] = np.concatenate([cell, whole])[order]
    for name in (FILE, ROW):
        unreadable[name] = np.zeros(len(numbers), np.bool_)
    return aside, pd.DataFrame(unreadable)


def first_aside(rows: SheetRows, bad: Flags, by_field: Mapping[str, Flags]) -> tuple[SetAside, ...]:
    """The first rows set aside, each with the reason why its first bad cell can't be read."""
    at = {int(rows.numbers[index]): index for index in np.flatnonzero(bad)[:SET_ASIDE_KEPT].tolist()}
    first = sorted([*at, *sorted(rows.misshapen)[:SET_ASIDE_KEPT]])[:SET_ASIDE_KEPT]
    kept = []
    for row in first:
        if row not in at:
            kept.append(_set_aside(rows, row, "", "", rows.misshapen[row]))
            continue
        field = next((name for name, flags in by_field.items() if flags[at[row]]), "")
        heading, why = _why(rows, field, _cell(rows.texts[field], at[row]) if field else "")
        kept.append(_set_aside(rows, row, heading, _cell(rows.shown[field], at[row]) if field else "", why, field))
    return tuple(kept)


def reasons(rows: SheetRows, bad: Flags, by_field: Mapping[str, Flags]) -> tuple[Reason, ...]:
    """How many rows were set aside for what, the most frequent reason first: every row that is bad or misshapen counts
    once, for its first bad cell. `by_field`: which cells of a field are bad."""
    found: dict[tuple[str, str], Reason] = {}

    def add(why: tuple[str, str], count: int, first: int) -> None:
        known = found.get(why, Reason(rows.sheet.file, *why, 0, first))
        found[why] = Reason(rows.sheet.file, *why, known.rows + count, min(known.first_row, first))

    left = bad.copy()
    for field, flags in by_field.items():
        here = np.flatnonzero(flags & left)
        left &= ~flags
        codes, first, counts = np.unique(rows.texts[field].codes[here], return_index=True, return_counts=True)
        for code, at, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True):
            text = "" if code < 0 else str(rows.texts[field].distinct[code].as_py())
            add(_why(rows, field, text), count, int(rows.numbers[here[at]]))
    if left.any():
        add(_why(rows, "", ""), int(left.sum()), int(rows.numbers[np.flatnonzero(left)[0]]))
    for row, reason in rows.misshapen.items():
        add(("", reason), 1, row)
    return tuple(sorted(found.values(), key=lambda each: (-each.rows, each.first_row)))


def _why(rows: SheetRows, field: str, text: str) -> tuple[str, str]:
    """The heading of the cell that keeps a row from being accepted, and why; no field: none of those is there of which
    one must be."""
    if not field:
        headings = [readable(rows.model)[name].heading for name in rows.model.about.one_of]
        return "、".join(headings), f"{'与'.join(headings)}至少要填一项"
    column = readable(rows.model)[field]
    why = "必填而为空，请补上"
    if not values.is_blank(text):
        try:
            parser(column)(values.refuse_error(text))
        except values.UnknownWord as error:
            why = str(values.UnknownWord(error.reason, rows.settings))
        except values.LostDigits:
            why = f"这一列是数值型单元格，{column.heading}末几位已丢失，请以文本格式导出"
        except ValueError as error:
            why = str(error)
    return rows.headings[field], why


def _cell(texts: Texts, index: int) -> str:
    code = int(texts.codes[index])
    return "" if code < 0 else str(texts.distinct[code].as_py())


def unknown_words(rows: SheetRows, field: str) -> list[Unknown]:
    """The texts of a code, a term or an academic year that nobody knows, where they are plainly such: short, few, and
    each in several rows or a number of three digits. In a column that has shifted stand many names, each in one row."""
    what, texts = rows.meanings[field], rows.texts[field]
    if what.column.secret or not (what.column.codes or what.column.form):
        return []
    counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.distinct))
    there = np.flatnonzero(what.bad[:-1] & (counts > 0))
    if len(there) > _FEW:
        return []
    found = [Unknown(field, values.parse_code_text(texts.distinct[at].as_py()), int(counts[at])) for at in there]
    plain = [
        each
        for each in found
        if len(each.text) <= _SHORT and (each.rows >= _OFTEN or (each.text.isdecimal() and len(each.text) <= _DIGITS))
    ]
    return sorted(plain, key=lambda each: (-each.rows, each.text))


def _set_aside(rows: SheetRows, row: int, heading: str, value: str, why: str, field: str = "") -> SetAside:
    file = rows.sheet.file
    shown = "".join(c for c in value if c.isprintable())
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return SetAside(rows.model.about.kind, file.path, file.sheet, row, heading, shown, why, field)
