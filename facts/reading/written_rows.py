"""A snapshot of a few rows written out by hand: what the examples of a rule are judged on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa

from facts.model.refusal import DataError
from facts.model.schema import Column, Fact
from facts.model.snapshot import Snapshot, SourceFile, Table
from facts.model.tables import TABLES
from facts.model.vocabulary import readable
from facts.reading.as_of import mask
from facts.reading.parse import frame_of, meaning, no_flags, no_rows, parser
from facts.reading.renumber import renumbered
from facts.sources.cells import Codes, Texts

Row = Mapping[str, object]


def snapshot_from_rows(
    rows: Mapping[str, Sequence[Row]], as_of: date, *, empty: Collection[str] | None = None
) -> Snapshot:
    """The snapshot in which the tables hold just these rows, as they stood on `as_of` (inclusive).

    `rows`: table → rows of {field: value}, both by English name; fields left out are missing, required ones too, and no
    row is set aside. `empty`: further tables, which are there without a row. A table counts as exported with every
    column. Rows are numbered 2, 3, … in a file named after the table. Raises DataError for an unknown table or field,
    and for a value that can't be read.
    """
    every = dict.fromkeys([*rows, *(empty or ())])
    for kind in every:
        if kind not in TABLES:
            raise DataError(f"没有“{kind}”这张表，可用的有：{'、'.join(TABLES)}。")
    tables = {kind: _table(TABLES[kind], rows.get(kind, ()), as_of) for kind in TABLES if kind in every}
    return renumbered(Snapshot("", as_of, "", tables))


def _table(model: type[Fact], rows: Sequence[Row], as_of: date) -> Table:
    kind, fields = model.about.kind, readable(model)
    named = dict.fromkeys(name for row in rows for name in row)
    for name in named:
        if name not in fields:
            raise DataError(f"“{kind}”表没有“{name}”这个字段，可用的有：{'、'.join(fields)}。")
    numbers = np.arange(2, len(rows) + 2, dtype=np.int32)
    cells = {}
    for name in named:
        texts = _texts([row.get(name) for row in rows])
        what = meaning(fields[name], texts.distinct)
        if what.bad.any():
            _refuse(kind, fields[name], texts, int(np.flatnonzero(what.bad)[0]))
        cells[name] = (what, texts.codes)
    frame = mask(frame_of(model, cells, numbers), model, as_of)
    return Table(
        name=kind,
        frame=frame,
        fields=frozenset(fields),
        files=(SourceFile(kind),),
        read=len(rows),
        accepted=len(rows),
        set_aside_count=0,
        set_aside=(),
        reasons=(),
        aside=no_rows(model),
        unreadable=no_flags(model),
    )


def _texts(row_values: Sequence[object]) -> Texts:
    """One column, as if its values had been read from a file."""
    numbers: dict[str, int] = {}
    codes: Codes = np.array(
        [-1 if value is None else numbers.setdefault(_text(value), len(numbers)) for value in row_values], np.int32
    )
    return Texts(codes, pa.array(numbers, pa.string()))


def _text(value: object) -> str:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()  # half a surrogate pair is no character
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.isoformat(" ")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case float():
            return format(value, ".15g")
    return str(value)


def _refuse(kind: str, column: Column, texts: Texts, code: int) -> None:
    """Raises DataError for the value of this code."""
    text = texts.distinct[code].as_py()
    row = int(np.flatnonzero(texts.codes == code)[0]) + 1
    try:
        parser(column)(text)
    except ValueError as error:
        raise DataError(f"“{kind}”表第 {row} 行的“{column.name}”写的是“{text}”，{error}。") from None
