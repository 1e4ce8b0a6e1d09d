"""Makes one table of the sheets that hold it: the same row in two files is one row, and every file stays accounted for.

Which rows say a thing twice is settled a table:
- Where the contract gives the table a key (`About.key`), an equal row says nothing new: it is kept once, from the file
  that is named first. In student and welcome only one of another file is: within a file, a number that stands on two
  rows is what IDN-05 and IDN-06 find, and stays.
- Where it has none, equal rows are two payments of one amount, or two lessons on one day: both count. Only where one
  file is a copy of another, so that all its rows stand there, was it exported twice. Equal rows of two files that both
  count are counted (`Table.twice`), and said.
- Rows of one key that differ are all kept: which of them is right is for the rules, and for people.

Duplicates are counted among the rows accepted, so that read = accepted + set aside holds, and said beside it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from facts.model.frames import DTYPES, FILE, ROW
from facts.model.refusal import CONFIG, DataError
from facts.model.schema import Fact, columns
from facts.model.snapshot import SET_ASIDE_KEPT, Table, Unknown
from facts.model.vocabulary import is_running_number, normal, readable
from facts.reading.as_of import mask
from facts.reading.assemble import Part
from facts.reading.parse import no_flags, no_rows
from facts.reading.survey import date_in
from facts.sources.cells import Flags, place

Hashes = npt.NDArray[np.uint64]


def merged(
    model: type[Fact], parts: Sequence[Part], as_of: date, together: bool = False, settings: str = CONFIG
) -> Table:
    """The table that these sheets hold, in this order, as it stood on `as_of`.

    `together`: a person said that they belong together; then the table has the columns that all of them have. Raises
    DataError when they have different columns and nobody said so, which may be done in the file called `settings`.
    """
    if not together:
        _refuse_different(model, [part.table for part in parts], settings)
        _refuse_dated_copies(model, [part.table for part in parts], settings)
    table = parts[0].table if len(parts) == 1 else _one(model, [part.table for part in parts])
    again, twice = _repeated(model, table.frame, parts)
    table = replace(table, twice=twice)
    if again is not None:
        files = table.frame[FILE].to_numpy()
        counts = tuple(
            replace(count, duplicates=int((again & (files == number)).sum()))
            for number, count in enumerate(table.counts)
        )
        frame = table.frame[~again].reset_index(drop=True)
        table = replace(table, frame=frame, duplicates=int(again.sum()), counts=counts)
    return replace(table, frame=mask(table.frame, model, as_of))


def _refuse_different(model: type[Fact], tables: Sequence[Table], settings: str) -> None:
    first = tables[0]
    for other in tables[1:]:
        if other.fields == first.fields:
            continue
        fields = readable(model)
        lacking = "、".join(fields[name].heading for name in fields if name in first.fields ^ other.fields)
        files = ", ".join(f'"{table.files[0].path}"' for table in (first, other))
        raise DataError(
            f"{place(first.files[0])}和{place(other.files[0])}都像“{model.about.heading}”表，但标题不同（{lacking} 只在"
            f"其中一份里有）；请只留一份，或在 {settings} 写明：[sources.{model.about.kind}] files = [{files}]。"
        )


def _refuse_dated_copies(model: type[Fact], tables: Sequence[Table], settings: str) -> None:
    """Raises DataError where two files of one name but for the date in it have most of their rows in common: the same
    list, exported twice."""
    key = list(model.about.key)
    for earlier, later in pairwise(tables):
        names = [table.files[0].path for table in (earlier, later)]
        if not key or len({date_in(name) for name in names}) == 1 or len({_undated(name) for name in names}) > 1:
            continue
        first, second = (table.frame[key].drop_duplicates() for table in (earlier, later))
        shared = len(first.astype(object).merge(second.astype(object), on=key))
        if 2 * shared > min(len(first), len(second)):
            raise DataError(
                f"{place(earlier.files[0])}和{place(later.files[0])}里有 {shared} 行是同样的人或事，像同一份"
                f"“{model.about.heading}”先后导出的两份；请只留一份，或在 {settings} 的 [sources.{model.about.kind}] 里"
                f'写 latest = "文件名中的日期"；确是各管一部分的，用 files 写明。'
            )


def _undated(name: str) -> str:
    return "".join(c for c in name if not (c.isdigit() or c in "-_.年月日 ()（）"))


def _one(model: type[Fact], tables: Sequence[Table]) -> Table:
    first = tables[0]
    fields = frozenset.intersection(*(table.fields for table in tables))
    return replace(
        first,
        frame=_concatenated(model, [table.frame for table in tables]),
        fields=fields,
        files=tuple(file for table in tables for file in table.files),
        read=sum(table.read for table in tables),
        accepted=sum(table.accepted for table in tables),
        set_aside_count=sum(table.set_aside_count for table in tables),
        set_aside=tuple(row for table in tables for row in table.set_aside)[:SET_ASIDE_KEPT],
        reasons=tuple(reason for table in tables for reason in table.reasons),
        aside=_concatenated(model, [table.aside for table in tables]),
        unreadable=_flags(model, [table.unreadable for table in tables]),
        extra=tuple(dict.fromkeys(name for table in tables for name in table.extra)),
        normalised=sum(table.normalised for table in tables),
        counts=tuple(count for table in tables for count in table.counts),
        put_aside=tuple(each for table in tables for each in table.put_aside),
        unknown=_together([each for table in tables for each in table.unknown]),
    )


def _together(unknown: Sequence[Unknown]) -> tuple[Unknown, ...]:
    rows: dict[tuple[str, str], int] = {}
    for each in unknown:
        rows[each.field, each.text] = rows.get((each.field, each.text), 0) + each.rows
    return tuple(Unknown(*what, count) for what, count in rows.items())


def _concatenated(model: type[Fact], frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of one file after those of another, with the file's number."""
    filled = [(number, frame) for number, frame in enumerate(frames) if len(frame)]
    if not filled:
        return no_rows(model)
    data: dict[str, Any] = {}
    for name, column in columns(model).items():
        series = [frame[name] for _, frame in filled]
        if DTYPES[column.type] == "category":
            data[name] = union_categoricals([each.array for each in series])
        else:
            data[name] = pd.concat(series, ignore_index=True)
    data[FILE] = np.concatenate([np.full(len(frame), number, np.int16) for number, frame in filled])
    data[ROW] = np.concatenate([frame[ROW].to_numpy() for _, frame in filled])
    return pd.DataFrame(data, copy=False)


def _flags(model: type[Fact], frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else no_flags(model)


def _repeated(model: type[Fact], frame: pd.DataFrame, parts: Sequence[Part]) -> tuple[Flags | None, int]:
    """By row: it says once more what an earlier row says; none where no row does. And how many rows that stand in
    another file as well count all the same."""
    key, by_file = model.about.key, model.about.doubles_stay or not model.about.key
    if not len(frame) or (by_file and len(parts) == 1):
        return None, 0
    fields = list(readable(model))
    candidates = _alike(_hashes(frame, key or fields))
    if not len(candidates):
        return None, 0
    rows = frame.iloc[candidates]
    values = rows[fields].astype(object).where(rows[fields].notna(), None)
    files = rows[FILE].to_numpy()
    if by_file:
        if len(np.unique(files)) == 1:
            return None, 0
        values = pd.concat([values, _others(rows, parts).set_index(values.index)], axis=1)
        # The n-th of equal rows in one file is the n-th in another.
        names = list(values)
        values["file"] = files
        values["time"] = values.groupby([*names, "file"], dropna=False).cumcount()
        values = values.drop(columns="file")
    again = values.duplicated(keep="first").to_numpy()
    twice = 0
    if not key:
        alike = int(again.sum())
        said = values.groupby(list(values), dropna=False).ngroup().to_numpy()
        again = again & _in_copies(said, files, frame[FILE].to_numpy())
        twice = alike - int(again.sum())
    if not again.any():
        return None, twice
    flags = np.zeros(len(frame), np.bool_)
    flags[candidates[again]] = True
    return flags, twice


def _in_copies(
    said: npt.NDArray[np.integer[Any]], files: npt.NDArray[np.int16], all_files: npt.NDArray[np.int16]
) -> Flags:
    """By row of the candidates: it stands in an earlier file too, and one of the two files is a copy of the other: all
    its rows stand there. `said`: equal for equal rows; `all_files`: of every row of the table."""
    result = np.zeros(len(said), np.bool_)
    numbers, sizes = np.unique(all_files, return_counts=True)
    size = dict(zip(numbers.tolist(), sizes.tolist(), strict=True))
    for later in numbers.tolist():
        mine = files == later
        for earlier in (number for number in numbers.tolist() if number < later):
            there = np.isin(said, said[files == earlier]) & mine
            if there.sum() in (size[later], size[earlier]):
                result |= there
    return result


def _others(rows: pd.DataFrame, parts: Sequence[Part]) -> pd.DataFrame:
    """What stands in the columns that are no field, but in a running number, for these rows; by heading."""
    result: dict[str, list[str | None]] = {}
    for number, part in enumerate(parts):
        named = {position: normal(part.sheet.headings[position]) for position in part.extra}
        positions = [position for position, name in named.items() if name and not is_running_number(name)]
        here = np.flatnonzero(rows[FILE].to_numpy() == number)
        if not positions or not len(here):
            continue
        cells = part.sheet.read(positions)
        at = np.searchsorted(cells.rows, rows[ROW].to_numpy()[here])
        for position in positions:
            texts = cells.columns[position]
            distinct = [*(text.strip() or None for text in texts.distinct.to_pylist()), None]
            column = result.setdefault("其他：" + named[position], [None] * len(rows))
            for where, code in zip(here.tolist(), texts.codes[at].tolist(), strict=True):
                column[where] = distinct[code]
    return pd.DataFrame(result, index=range(len(rows)))


def _hashes(frame: pd.DataFrame, fields: Sequence[str]) -> Hashes:
    """By row: a number that is equal for equal rows, and seldom for others."""
    result: Hashes = np.zeros(len(frame), np.uint64)
    for name in fields:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            numbers = column.cat.codes.to_numpy().astype(np.int64)
        elif column.dtype.kind == "M":
            numbers = column.to_numpy().astype(np.int64)
        else:
            numbers = column.fillna(-1).to_numpy(np.int64)
        result = (result ^ numbers.view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        result ^= result >> np.uint64(29)
    return result


def _alike(hashes: Hashes) -> npt.NDArray[np.int64]:
    """Positions of the rows whose number another row has as well, ascending."""
    order = np.argsort(hashes, kind="stable")
    equal = hashes[order[1:]] == hashes[order[:-1]]
    hit = np.zeros(len(hashes), np.bool_)
    hit[order[1:][equal]] = True
    hit[order[:-1][equal]] = True
    return np.flatnonzero(hit)
