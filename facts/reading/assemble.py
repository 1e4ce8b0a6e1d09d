"""Makes a table of a sheet: which rows are accepted, which are set aside, which are none of the table's."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from facts.model.schema import ColumnType, Fact
from facts.model.snapshot import FileCount, Table
from facts.reading.codes import GUARD
from facts.reading.footers import begins_with_total, footer_rows
from facts.reading.headings import Match, extra_names, match
from facts.reading.mapping import UNSAID, SourceMapping
from facts.reading.set_aside import first_aside, reasons, rows_aside, unknown_words
from facts.reading.shape import shaped
from facts.reading.sheet_rows import SheetRows, rows_of
from facts.reading.suggest import refuse_half_said
from facts.sources.cells import Flags, RowNumbers, Sheet, Texts


@dataclass(frozen=True)
class Part:
    """The rows of one sheet as a table, not masked by as_of yet; and the columns that are no field of it."""

    table: Table
    sheet: Sheet
    extra: tuple[int, ...]


def part(model: type[Fact], sheet: Sheet, mapping: SourceMapping = UNSAID) -> Part:
    """Reads a sheet as the table of `model`. Raises DataError (see `headings.match` and the sheet's own)."""
    shape = shaped(model, sheet, mapping)
    sheet, mapping = shape.sheet, shape.mapping
    found = match(model, sheet, mapping, shape.means)
    if mapping.demanded:
        refuse_half_said(model, sheet, found, mapping)
    rows = rows_of(model, sheet, found, mapping)
    by_field = {name: bad for name in rows.meanings if (bad := rows.bad(name)).any()}
    nobody = _nobody(rows)
    bad = np.zeros(len(rows.numbers), np.bool_)
    for flags in (*by_field.values(), nobody):
        bad |= flags
    footers = None if rows.records else _footers(rows, found, bad)
    if footers is not None:
        rows = rows.without(footers, _rows(rows.numbers[footers]))
        by_field = {name: flags[~footers] for name, flags in by_field.items()}
        nobody, bad = nobody[~footers], bad[~footers]
    aside, unreadable = rows_aside(rows, bad, by_field, nobody)
    set_aside = _rows(rows.numbers[bad]) + len(rows.misshapen)
    accepted = _rows(rows.numbers) + len(rows.misshapen) - set_aside
    left_out = sum(each.rows for each in shape.put_aside)
    read = accepted + set_aside + left_out
    count = FileCount(sheet.file, read, accepted, set_aside, other_rows=rows.footers, put_aside=left_out)
    table = Table(
        name=model.about.kind,
        frame=rows.frame(~bad),
        fields=frozenset(rows.meanings),
        files=(sheet.file,),
        read=count.read,
        accepted=accepted,
        set_aside_count=count.set_aside,
        set_aside=first_aside(rows, bad, by_field),
        reasons=reasons(rows, bad, by_field),
        aside=aside,
        unreadable=unreadable,
        extra=extra_names(sheet.headings, found.extra),
        normalised=sum(_normalised(rows, name) for name in rows.meanings),
        counts=(count,),
        put_aside=shape.put_aside,
        unknown=tuple(each for name in by_field for each in unknown_words(rows, name)),
    )
    return Part(table, sheet, found.extra)


def _rows(numbers: RowNumbers) -> int:
    """How many rows these are; one that gives several facts has its number several times, one after the other."""
    return int((np.diff(numbers) != 0).sum()) + 1 if len(numbers) else 0


def _footers(rows: SheetRows, found: Match, bad: Flags) -> Flags | None:
    """By row: it is none of the table's (`facts.reading.footers`); none where there is no such row."""
    likely = bad.copy()
    for name in found.fields:
        if rows.meanings[name].column.type is ColumnType.IDENTIFIER or rows.meanings[name].column.required:
            likely |= begins_with_total(rows.shown[name])
    if not likely.any():
        return None
    columns = {position: rows.shown[name] for name, position in found.fields.items()}
    required = [name for name in found.fields if rows.meanings[name].column.required]
    incomplete = np.zeros(len(bad), np.bool_)
    for name in required:
        incomplete |= rows.meanings[name].blank[rows.texts[name].codes]
    if found.extra and (incomplete & likely).any():  # its first cell may stand in a column that is no field
        cells = rows.sheet.read(found.extra)
        at = np.searchsorted(cells.rows, rows.numbers)
        columns |= {position: Texts(texts.codes[at], texts.distinct) for position, texts in cells.columns.items()}
    # Only the likely rows are looked at, but which of them is below the last readable one depends on all.
    looked_at = np.flatnonzero(likely)
    some = {position: Texts(texts.codes[looked_at], texts.distinct) for position, texts in columns.items()}
    headings = {position: rows.headings[name] for name, position in found.fields.items()}
    good = np.flatnonzero(~likely)
    days = [at for name, at in found.fields.items() if rows.meanings[name].column.type is ColumnType.DATE]
    flags = footer_rows(some, headings, days, bad[looked_at], looked_at > (int(good[-1]) if len(good) else -1))
    if not flags.any():
        return None
    result = np.zeros(len(bad), np.bool_)
    result[looked_at[flags]] = True
    return result


def _nobody(rows: SheetRows) -> Flags:
    """By row: none of the fields of which one must be there is there."""
    fields = rows.model.about.one_of
    nobody = np.full(len(rows.numbers), bool(fields), np.bool_)
    for name in fields:
        if name in rows.meanings:
            nobody &= rows.meanings[name].blank[rows.texts[name].codes]
    return nobody


def _normalised(rows: SheetRows, field: str) -> int:
    """Cells that were put right: of identifiers, terms and academic years, those that were guarded, and those that were
    written in another way (`facts.reading.loose`)."""
    what = rows.meanings[field]
    shown, read = rows.shown[field], rows.texts[field]
    guarded = pc.starts_with(shown.distinct, GUARD)
    if what.column.loose:
        guarded = pc.or_(guarded, pc.not_equal(shown.distinct, read.distinct))
    if pc.any(guarded).as_py():
        flags = np.append(guarded.to_numpy(zero_copy_only=False), values=False)  # an empty cell
        return int(flags[shown.codes].sum())
    if not (what.column.type is ColumnType.IDENTIFIER or what.column.form) or not what.changed.any():
        return 0
    return int(what.changed[rows.texts[field].codes].sum())
