"""Makes a table of a sheet: which rows are accepted, which are set aside, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
from pydantic import ValidationError

from facts.model import values
from facts.model.frames import FILE, ROW
from facts.model.refusal import CONFIG
from facts.model.schema import Column, ColumnType, Fact, columns
from facts.model.snapshot import SET_ASIDE_KEPT, FileCount, SetAside, SourceFile, Table, Unknown
from facts.model.vocabulary import readable
from facts.reading.codes import prepared
from facts.reading.footers import begins_with_total, beside
from facts.reading.headings import Match, extra_names, match
from facts.reading.mapping import UNSAID, SourceMapping
from facts.reading.parse import Meaning, frame_of, meaning
from facts.reading.reasons import counted
from facts.sources.cells import Cells, Flags, RowNumbers, Sheet, Texts

_FEW, _SHORT, _OFTEN, _DIGITS = 20, 12, 3, 3  # of the unknown texts of a column: when they are plainly codes
_SHOWN = 80  # characters of a value that a message repeats


@dataclass(frozen=True)
class _Read:
    """The rows of a sheet, wholly empty ones and those beside the table left out where it is no database's, with the
    meaning of their cells."""

    model: type[Fact]
    sheet: Sheet
    headings: Mapping[str, str]
    """Of every field, as it stands in the file."""
    shown: Mapping[str, Texts]
    """By field: as it stands in the file."""
    texts: Mapping[str, Texts]
    """By field: after code lists and date forms (`facts.reading.codes`)."""
    meanings: Mapping[str, Meaning]
    rows: RowNumbers
    misshapen: Mapping[int, str]
    settings: str
    """What the file is called in which the school may say what a word means."""
    records: bool = False
    """None of the rows is anything else than one of the table."""
    beside: int = 0

    def bad(self, field: str) -> Flags:
        """By row: the field's cell can't be read, or is empty and must not be."""
        what = self.meanings[field]
        flags: Flags = (what.bad | what.blank if what.column.required else what.bad)[self.texts[field].codes]
        return flags

    def without(self, flags: Flags, beside: int = 0) -> "_Read":
        """Only the rows that are not flagged."""
        shown = {name: Texts(column.codes[~flags], column.distinct) for name, column in self.shown.items()}
        texts = {name: Texts(shown[name].codes, column.distinct) for name, column in self.texts.items()}
        return replace(self, shown=shown, texts=texts, rows=self.rows[~flags], beside=beside)

    def frame(self, select: Flags) -> pd.DataFrame:
        if select.all():
            return frame_of(
                self.model, {n: (what, self.texts[n].codes) for n, what in self.meanings.items()}, self.rows
            )
        given = {name: (what, self.texts[name].codes[select]) for name, what in self.meanings.items()}
        return frame_of(self.model, given, self.rows[select])


@dataclass(frozen=True)
class Part:
    """The rows of one sheet as a table, not masked by as_of yet; and the columns that are no field of it."""

    table: Table
    sheet: Sheet
    extra: tuple[int, ...]


def part(model: type[Fact], sheet: Sheet, mapping: SourceMapping = UNSAID) -> Part:
    """Reads a sheet as the table of `model`. Raises DataError (see `headings.match` and the sheet's own)."""
    found = match(model, sheet, mapping)
    read = _read(model, sheet, found.fields, found.extra, mapping)
    by_field = {name: bad for name in read.meanings if (bad := read.bad(name)).any()}
    nobody = _nobody(read)
    bad = np.zeros(len(read.rows), np.bool_)
    for flags in (*by_field.values(), nobody):
        bad |= flags
    others = None if read.records else _others(read, found, bad)
    if others is not None:
        read = read.without(others, int(others.sum()))
        by_field = {name: flags[~others] for name, flags in by_field.items()}
        nobody, bad = nobody[~others], bad[~others]
    accepted = len(bad) - int(bad.sum())
    aside, unreadable = _aside(read, bad, by_field, nobody)
    count = FileCount(sheet.file, len(bad) + len(read.misshapen), accepted, len(aside), beside=read.beside)
    table = Table(
        name=model.about.kind,
        frame=read.frame(~bad),
        fields=frozenset(read.meanings),
        files=(sheet.file,),
        read=count.read,
        accepted=accepted,
        set_aside_count=len(aside),
        set_aside=_first_aside(read, bad, by_field),
        reasons=counted(sheet.file, read.rows, bad, by_field, read.texts, partial(_why, read), read.misshapen),
        aside=aside,
        unreadable=unreadable,
        extra=extra_names(sheet.headings, found.extra),
        normalised=sum(_normalised(read, name) for name in read.meanings),
        counts=(count,),
        unknown=tuple(each for name in by_field for each in _unknown(read, name)),
    )
    return Part(table, sheet, found.extra)


def _read(
    model: type[Fact], sheet: Sheet, fields: Mapping[str, int], extra: Sequence[int], mapping: SourceMapping
) -> _Read:
    cells = sheet.read(tuple(fields.values()))
    shown = {name: cells.columns[position] for name, position in fields.items()}
    texts = {name: prepared(model, readable(model)[name], column, mapping) for name, column in shown.items()}
    meanings = {name: meaning(readable(model)[name], column.distinct) for name, column in texts.items()}
    nothing = np.full(len(cells.rows), not cells.records, np.bool_)
    for name, what in meanings.items():
        nothing &= what.blank[texts[name].codes]
        if not nothing.any():
            break
    else:
        if extra:
            nothing &= _nothing_in(sheet.read(extra), nothing)
    headings = {name: sheet.headings[position] for name, position in fields.items()}
    for name, value in mapping.constants.items():
        # A column in which the same text stands everywhere.
        shown[name] = texts[name] = Texts(np.zeros(len(cells.rows), np.int8), pa.array([value], pa.string()))
        meanings[name] = meaning(readable(model)[name], texts[name].distinct)
        headings[name] = readable(model)[name].heading
    read = _Read(
        model, sheet, headings, shown, texts, meanings, cells.rows, cells.misshapen, mapping.file, cells.records
    )
    return read.without(nothing) if nothing.any() else read


def _others(read: _Read, found: Match, bad: Flags) -> Flags | None:
    """By row: it is none of the table's (`facts.reading.footers`); none where there is no such row."""
    likely = bad.copy()
    for name in found.fields:
        if read.meanings[name].column.type is ColumnType.IDENTIFIER or read.meanings[name].column.required:
            likely |= begins_with_total(read.shown[name])
    if not likely.any():
        return None
    columns = {position: read.shown[name] for name, position in found.fields.items()}
    required = [name for name in found.fields if read.meanings[name].column.required]
    incomplete = np.zeros(len(bad), np.bool_)
    for name in required:
        incomplete |= read.meanings[name].blank[read.texts[name].codes]
    if found.extra and (incomplete & likely).any():  # its first cell may stand in a column that is no field
        cells = read.sheet.read(found.extra)
        at = np.searchsorted(cells.rows, read.rows)
        columns |= {position: Texts(texts.codes[at], texts.distinct) for position, texts in cells.columns.items()}
    # Only the likely rows are looked at, but which of them is below the last readable one depends on all.
    looked_at = np.flatnonzero(likely)
    some = {position: Texts(texts.codes[looked_at], texts.distinct) for position, texts in columns.items()}
    headings = {position: read.headings[name] for name, position in found.fields.items()}
    good = np.flatnonzero(~likely)
    days = [at for name, at in found.fields.items() if read.meanings[name].column.type is ColumnType.DATE]
    flags = beside(some, headings, days, bad[looked_at], looked_at > (int(good[-1]) if len(good) else -1))
    if not flags.any():
        return None
    result = np.zeros(len(bad), np.bool_)
    result[looked_at[flags]] = True
    return result


def _nothing_in(cells: Cells, asked: Flags) -> Flags:
    """By row: nothing stands in any of these columns. Only rows that are asked for are looked at."""
    nothing = asked.copy()
    for texts in cells.columns.values():
        here = np.unique(texts.codes[asked & (texts.codes >= 0)])
        filled = [code for code in here.tolist() if not values.is_blank(texts.distinct[code].as_py())]
        nothing &= ~np.isin(texts.codes, filled)
    return nothing


def _nobody(read: _Read) -> Flags:
    """By row: none of the fields of which one must be there is there."""
    fields = read.model.about.one_of
    nobody = np.full(len(read.rows), bool(fields), np.bool_)
    for name in fields:
        if name in read.meanings:
            nobody &= read.meanings[name].blank[read.texts[name].codes]
    return nobody


def _aside(read: _Read, bad: Flags, by_field: Mapping[str, Flags], nobody: Flags) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`Table.aside` and `Table.unreadable`: the rows set aside, in row order."""
    lost = np.array(sorted(read.misshapen), np.int32)
    rows = np.concatenate([read.rows[bad], lost])
    order = np.argsort(rows, kind="stable")
    empty = np.full(len(lost), -1, np.int8)
    given = {
        name: (what, np.concatenate([read.texts[name].codes[bad], empty])[order])
        for name, what in read.meanings.items()
    }
    aside = frame_of(read.model, given, rows[order])
    whole = np.ones(len(lost), np.bool_)
    one_of = read.model.about.one_of
    unreadable: dict[str, Flags] = {}
    for name in columns(read.model):
        cell = by_field[name][bad] if name in by_field else np.zeros(int(bad.sum()), np.bool_)
        if name in one_of:
            cell = cell | nobody[bad]
        unreadable[name] = np.concatenate([cell, whole])[order]
    for name in (FILE, ROW):
        unreadable[name] = np.zeros(len(rows), np.bool_)
    return aside, pd.DataFrame(unreadable)


def _first_aside(read: _Read, bad: Flags, by_field: Mapping[str, Flags]) -> tuple[SetAside, ...]:
    """The first rows set aside, each with the reason that its model gives for its first bad cell."""
    at = {int(read.rows[index]): index for index in np.flatnonzero(bad)[:SET_ASIDE_KEPT].tolist()}
    first = sorted([*at, *sorted(read.misshapen)[:SET_ASIDE_KEPT]])[:SET_ASIDE_KEPT]
    kept = []
    for row in first:
        if row not in at:
            kept.append(_set_aside(read, row, "", "", read.misshapen[row]))
            continue
        field = next((name for name, flags in by_field.items() if flags[at[row]]), "")
        heading, why = _why(read, field, _cell(read.texts[field], at[row]) if field else "")
        kept.append(_set_aside(read, row, heading, _cell(read.shown[field], at[row]) if field else "", why, field))
    return tuple(kept)


def _why(read: _Read, field: str, text: str) -> tuple[str, str]:
    """The heading of the cell that keeps a row from being accepted, and why; no field: none of those is there of which
    one must be."""
    if field:
        return read.headings[field], reason(read.model, {field: text}, read.settings)[field]
    headings = [readable(read.model)[name].heading for name in read.model.about.one_of]
    return "、".join(headings), f"{'与'.join(headings)}至少要填一项"


def reason(model: type[Fact], cells: Mapping[str, str], settings: str = CONFIG) -> dict[str, str]:
    """What the model says against a row: field → one Chinese clause; empty when it accepts the row.

    `cells`: field → text as it stands in the file. A field that the file lacks counts as empty here.
    """
    filled = {name: text for name, text in cells.items() if not values.is_blank(text)}
    try:
        model.model_validate(filled)
    except ValidationError as error:
        return {
            field: _clause(readable(model)[field], fault["type"], fault.get("ctx", {}), settings)
            for fault in error.errors(include_url=False, include_input=False)
            for field in (str(fault["loc"][0]),)
        }
    return {}


def _clause(column: Column, kind: str, context: Mapping[str, object], settings: str) -> str:
    if kind == "missing":
        return "必填而为空，请补上"
    if kind == "literal_error":
        return str(values.UnknownWord(values.not_in_list(column.codes).reason, settings))
    if kind in ("greater_than_equal", "less_than_equal") and column.within:
        return values.not_within(column.within)
    error = context.get("error", "读不出来")
    if isinstance(error, values.UnknownWord):
        return str(values.UnknownWord(error.reason, settings))
    if isinstance(error, values.LostDigits):
        return f"这一列是数值型单元格，{column.heading}末几位已丢失，请以文本格式导出"
    return str(error)


def _cell(texts: Texts, index: int) -> str:
    code = int(texts.codes[index])
    return "" if code < 0 else str(texts.distinct[code].as_py())


def _unknown(read: _Read, field: str) -> list[Unknown]:
    """The texts of a code, a term or an academic year that nobody knows, where they are plainly such: short, few, and
    each in several rows or a number of three digits. In a column that has shifted stand many names, each in one row."""
    what, texts = read.meanings[field], read.texts[field]
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


def _set_aside(read: _Read, row: int, heading: str, value: str, why: str, field: str = "") -> SetAside:
    file: SourceFile = read.sheet.file
    shown = "".join(c for c in value if c.isprintable())
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return SetAside(read.model.about.kind, file.path, file.sheet, row, heading, shown, why, field)


def _normalised(read: _Read, field: str) -> int:
    """Cells of identifiers, terms and academic years that were put right."""
    what = read.meanings[field]
    if not (what.column.type is ColumnType.IDENTIFIER or what.column.form) or not what.changed.any():
        return 0
    return int(what.changed[read.texts[field].codes].sum())
