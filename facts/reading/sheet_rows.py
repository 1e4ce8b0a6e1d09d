"""The rows of a sheet, each cell with its meaning, before it is settled which of them are accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from facts.model import values
from facts.model.schema import Fact
from facts.model.vocabulary import readable
from facts.reading.codes import prepared
from facts.reading.headings import Match
from facts.reading.mapping import SourceMapping
from facts.reading.parse import Meaning, frame_of, meaning
from facts.sources.cells import Cells, Flags, RowNumbers, Sheet, Texts


@dataclass(frozen=True)
class SheetRows:
    """The rows below the headings. Wholly empty ones are left out, but of a database's table; so are those that
    `without` was told of."""

    model: type[Fact]
    sheet: Sheet
    headings: Mapping[str, str]
    """Of every field, as it stands in the file."""
    shown: Mapping[str, Texts]
    """By field: as it stands in the file."""
    texts: Mapping[str, Texts]
    """By field: after code lists and date forms (`facts.reading.codes`)."""
    meanings: Mapping[str, Meaning]
    numbers: RowNumbers
    """As a person counts them in a spreadsheet."""
    misshapen: Mapping[int, str]
    settings: str
    """What the file is called in which the school may say what a word means."""
    records: bool = False
    """Every row is one of the table, as in a database: none is a sum or a signature."""
    footers: int = 0
    """How many rows were left out as none of the table's."""

    def bad(self, field: str) -> Flags:
        """By row: the field's cell can't be read, or is empty and must not be."""
        what = self.meanings[field]
        flags: Flags = (what.bad | what.blank if what.column.required else what.bad)[self.texts[field].codes]
        return flags

    def without(self, flags: Flags, footers: int = 0) -> "SheetRows":
        """Only the rows that are not flagged."""
        shown = {name: Texts(column.codes[~flags], column.distinct) for name, column in self.shown.items()}
        texts = {name: Texts(shown[name].codes, column.distinct) for name, column in self.texts.items()}
        return replace(self, shown=shown, texts=texts, numbers=self.numbers[~flags], footers=footers)

    def frame(self, select: Flags) -> pd.DataFrame:
        if select.all():
            return frame_of(
                self.model, {n: (what, self.texts[n].codes) for n, what in self.meanings.items()}, self.numbers
            )
        cells = {name: (what, self.texts[name].codes[select]) for name, what in self.meanings.items()}
        return frame_of(self.model, cells, self.numbers[select])


def rows_of(model: type[Fact], sheet: Sheet, found: Match, mapping: SourceMapping) -> SheetRows:
    """All rows of the sheet, read as rows of the table of `model`. Raises DataError (see the sheet's own `read`)."""
    fields, extra = found.fields, found.extra
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
    rows = SheetRows(
        model, sheet, headings, shown, texts, meanings, cells.rows, cells.misshapen, mapping.file, cells.records
    )
    return rows.without(nothing) if nothing.any() else rows


def _nothing_in(cells: Cells, looked_at: Flags) -> Flags:
    """By row: nothing stands in any of these columns. Only these rows are looked at."""
    nothing = looked_at.copy()
    for texts in cells.columns.values():
        here = np.unique(texts.codes[looked_at & (texts.codes >= 0)])
        filled = [code for code in here.tolist() if not values.is_blank(texts.distinct[code].as_py())]
        nothing &= ~np.isin(texts.codes, filled)
    return nothing
