"""Gives a sheet the shape of the contract, as a person has said it in xuejian.toml: rows that are no fact are put
aside, several columns become one field, a column an item becomes a row an item, merged cells are filled down.

What is made this way stands in columns to the right of the file's own, so that every position, and every row number,
still means what it means in the file.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from facts.model import values
from facts.model.refusal import DataError
from facts.model.schema import Fact
from facts.model.snapshot import PutAside, SourceFile
from facts.model.vocabulary import normal, readable, word
from facts.reading.headings import position_of
from facts.reading.made_columns import NUMBERS, dated, each_once, filled, filled_down, nothing_in, together
from facts.reading.mapping import SourceMapping
from facts.reading.parse import reads
from facts.sources.cells import Cells, Flags, Heading, Sheet, Source, Texts, place

_SHORT = 12  # characters of a text that is named; a longer one may be anything
_ITSELF = "*"
"""In `unpivot`: the field is what stands in the column whose heading the pattern fits."""

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Shaped:
    """A sheet as its table is read from it."""

    sheet: Sheet
    mapping: SourceMapping
    """What is left to be done by headings: a field that is made of several columns has one heading of its own."""
    means: Mapping[int, str]
    """Position of a column that takes part in making others → the field that is made with it; "": it tells which rows
    are facts."""
    put_aside: tuple[PutAside, ...] = ()
    """Rows that a person said are no fact, by what stands in them."""


def with_names(model: type[Fact], source: Source, heading: Heading, mapping: SourceMapping) -> SourceMapping:
    """The mapping with what the sheet's title and names say of every row among its constants. Raises DataError."""
    if not (mapping.title or mapping.file_column):
        return mapping
    file, top, found = source.file, source.top(), dict(mapping.constants)
    above = [text for row in top.rows[: max(heading.row - top.first, 0)] for text in row]
    stem = PurePosixPath(file.path).stem
    for name, named in mapping.file_column.items():
        found[name] = file.sheet or stem if named == "sheet" else stem
    for name, pattern in mapping.title.items():
        hit = next((hit for text in (*above, file.sheet or "", stem) if (hit := re.search(pattern, text))), None)
        if hit is None and mapping.demanded:
            raise DataError(
                f"文件{place(file)}的标题上方和名称里没有合 {mapping.file} 的 [sources.{model.about.kind}] 的 title 里"
                f" {name} 的写法“{pattern}”的文字，请改正。"
            )
        if hit is not None:
            found[name] = hit[1] if hit.re.groups else hit[0]
    return mapping.model_copy(update={"constants": found, "title": {}, "file_column": {}})


def shaped(model: type[Fact], sheet: Sheet, mapping: SourceMapping) -> Shaped:
    """The sheet in the shape of the table of `model`. Raises DataError where a heading that was said is not there."""
    if not mapping.shapes:
        return Shaped(sheet, mapping, {})
    return _Shaping(model, sheet, mapping).shaped()


@dataclass(frozen=True)
class _Part:
    """What one field is in one of the facts that a row gives: these columns together, or a text."""

    positions: tuple[int, ...]
    text: str = ""


@dataclass(frozen=True)
class _Made:
    """A column that stands in no file: what it is in each of the facts that a row gives."""

    field: str
    heading: str
    parts: tuple[_Part, ...]
    day: str = ""
    """What follows the year that stands there: -09-01."""


@dataclass(frozen=True)
class _ShapedSheet:
    """`facts.sources.cells.Sheet`, made of another one."""

    under: Sheet
    model: type[Fact]
    made: tuple[_Made, ...]
    filled: frozenset[int]
    """Positions of columns whose cells are merged downwards."""
    row: Indices
    """For each fact: which row of the sheet gives it, from 0."""
    part: Indices
    """For each fact: the how manieth of that row's it is, from 0."""
    nothing: Flags
    """For each row of the sheet: it is wholly empty. Only known where something is filled down."""

    @property
    def file(self) -> SourceFile:
        return self.under.file

    @property
    def headings(self) -> tuple[str, ...]:
        return (*self.under.headings, *(made.heading for made in self.made))

    def read(self, positions: Collection[int]) -> Cells:
        """See `Sheet.read`. A row that gives several facts has its number several times."""
        own = len(self.under.headings)
        wanted = {at: self.made[at - own] for at in positions if at >= own}
        needed = {at for at in positions if at < own}
        needed |= {at for made in wanted.values() for part in made.parts for at in part.positions}
        cells = self.under.read(tuple(sorted(needed)))
        columns = {
            at: filled_down(texts, self.nothing) if at in self.filled else texts for at, texts in cells.columns.items()
        }
        result = {at: Texts(columns[at].codes[self.row], columns[at].distinct) for at in positions if at < own}
        for at, made in wanted.items():
            result[at] = self._made(made, columns, len(cells.rows))
        return Cells(result, cells.rows[self.row], cells.misshapen, cells.records)

    def _made(self, made: _Made, columns: Mapping[int, Texts], rows: int) -> Texts:
        column = readable(self.model)[made.field]
        parts = [together([columns[at] for at in each.positions], column, each.text, rows) for each in made.parts]
        if made.day:
            parts = [dated(parts[0], made.day)]
        if len(parts) == 1:
            return Texts(parts[0].codes[self.row], parts[0].distinct)
        first = np.cumsum([0, *(len(each.distinct) for each in parts[:-1])])
        codes = np.full(len(self.row), -1, np.int64)
        for number, each in enumerate(parts):
            here = self.part == number
            of_part = each.codes[self.row[here]].astype(np.int64)
            codes[here] = np.where(of_part >= 0, of_part + first[number], -1)
        return each_once(codes, pa.concat_arrays([each.distinct.cast(pa.string()) for each in parts]))


@dataclass(frozen=True)
class _Shaping:
    model: type[Fact]
    sheet: Sheet
    mapping: SourceMapping

    def shaped(self) -> Shaped:
        mapping = self.mapping
        made = [*self._joined(), *self._unpivoted(), *self._derived()]
        picks = {at: words for heading, words in mapping.rows.items() if (at := self._at("rows", heading)) is not None}
        fill = (self._at("fill_down", heading) for heading in mapping.fill_down)
        filled = frozenset(at for at in fill if at is not None)
        means = {at: each.field for each in made for part in each.parts for at in part.positions} | dict.fromkeys(
            picks, ""
        )
        judged = {at for each in made if len(each.parts) > 1 for part in each.parts for at in part.positions}
        every = range(len(self.sheet.headings)) if filled or picks else ()
        cells = self.sheet.read(tuple(sorted({*judged, *every})))
        nothing = nothing_in(cells, len(cells.rows)) if every else np.zeros(len(cells.rows), np.bool_)
        columns = {at: filled_down(texts, nothing) if at in filled else texts for at, texts in cells.columns.items()}
        kept, put_aside = self._picked(picks, columns, nothing)
        row, part = _facts(made, columns, kept)
        headings = {each.field: each.heading for each in made}
        columns_left = {
            name: text for name, text in mapping.columns.items() if isinstance(text, str) and name not in headings
        }
        rest = mapping.model_copy(
            update={"columns": {**columns_left, **headings}, "rows": {}, "unpivot": {}, "derive": {}}
        )
        sheet = _ShapedSheet(self.sheet, self.model, tuple(made), filled, row, part, nothing)
        own = {normal(text) for text in columns_left.values()}
        means = {at: name for at, name in means.items() if self._is_free(at, own, headings)}
        return Shaped(sheet, rest, means, put_aside)

    def _is_free(self, at: int, own: Collection[str], made: Collection[str]) -> bool:
        """Whether a column that others are made of is no field of its own (学年 beside 学期 may be)."""
        heading = self.sheet.headings[at]
        known = word(self.model, heading)
        return normal(heading) not in own and (known is None or known.field in made)

    def _joined(self) -> Iterator[_Made]:
        """The fields that are several columns together."""
        for name, headings in self.mapping.columns.items():
            if isinstance(headings, str):
                continue
            positions = [self._at(f"columns 的 {name}", heading) for heading in headings]
            there = tuple(at for at in positions if at is not None)
            if len(there) == len(headings):
                yield _Made(name, "＋".join(headings), (_Part(there),))

    def _derived(self) -> Iterator[_Made]:
        """The days that are made of a year."""
        for name, derived in self.mapping.derive.items():
            heading = self.mapping.columns.get(derived.of)
            positions = [at for at, text in enumerate(self.sheet.headings) if self._is(derived.of, text, heading)]
            if len(positions) == 1:
                yield _Made(name, f"{name}：{derived.of}", (_Part((positions[0],)),), f"-{derived.month_day}")
            elif self.mapping.demanded:
                called = readable(self.model)[derived.of].heading
                raise DataError(
                    f"文件{place(self.sheet.file)}没有“{called}”列，{self._where} 的 derive 里"
                    f" {name} 无从推定，请改正。"
                )

    def _is(self, field: str, text: str, heading: object) -> bool:
        """Whether a heading is that of the field, which a person may have called otherwise."""
        if isinstance(heading, str):
            return normal(text) == normal(heading)
        known = word(self.model, text)
        return known is not None and known.field == field

    def _unpivoted(self) -> Iterator[_Made]:
        """The fields of which a row has several."""
        listed = {name: each for name, each in self.mapping.unpivot.items() if not isinstance(each, str)}
        patterns = {name: each for name, each in self.mapping.unpivot.items() if isinstance(each, str)}
        for name, texts in listed.items():
            others = {normal(text) for other, each in listed.items() if other != name for text in each}
            parts = tuple(self._part(name, text, others) for text in texts)
            if not self.mapping.demanded and any(
                text and not p.positions for text, p in zip(texts, parts, strict=True)
            ):
                return  # an earlier export was otherwise
            yield _Made(name, "、".join(text for text in texts if text), parts)
        if patterns:
            yield from self._by_pattern(patterns)

    def _part(self, name: str, text: str, others: Collection[str]) -> _Part:
        """A heading that no other list names; else a value of the field itself: 学费."""
        column = readable(self.model)[name]
        is_heading = normal(text) in map(normal, self.sheet.headings)
        free = normal(text) not in others and (is_heading or not reads(column, text))
        if text and (column.type in NUMBERS or free):
            at = self._at(f"unpivot 的 {name}", text)
            return _Part(() if at is None else (at,))
        return _Part((), text)

    def _by_pattern(self, patterns: Mapping[str, str]) -> Iterator[_Made]:
        """A column a lesson or a day, the heading of which says which."""
        for name, pattern in patterns.items():
            if pattern == _ITSELF:
                continue
            found = {at: hit for at, text in enumerate(self.sheet.headings) if (hit := re.search(pattern, text))}
            if not found and self.mapping.demanded:
                raise DataError(
                    f"文件{place(self.sheet.file)}没有一个标题合 {self._where} 的 unpivot 里"
                    f" {name} 的写法“{pattern}”，请改正。"
                )
            said = tuple(_Part((), hit[1] if hit.re.groups else hit[0]) for hit in found.values())
            yield _Made(name, f"{name}：{pattern}", said)
            itself = tuple(_Part((at,)) for at in found)
            yield from (_Made(other, f"{other}：{pattern}", itself) for other, p in patterns.items() if p == _ITSELF)

    def _at(self, where: str, heading: str) -> int | None:
        """Where a heading stands; None in an earlier export that has it not. Raises DataError."""
        if not self.mapping.demanded and normal(heading) not in map(normal, self.sheet.headings):
            return None
        return position_of(self.model, self.sheet, heading, f"{self._where} 的 {where} 里写的“{heading}”")

    @property
    def _where(self) -> str:
        return f"{self.mapping.file} 的 [sources.{self.model.about.kind}]"

    def _picked(
        self, picks: Mapping[int, Collection[str]], columns: Mapping[int, Texts], nothing: Flags
    ) -> tuple[Flags, tuple[PutAside, ...]]:
        """By row: it is a fact as far as `rows` says; and what the others have in that column. A row that is wholly
        empty is no row."""
        kept, put_aside = np.ones(len(nothing), np.bool_), []
        for at, wanted in picks.items():
            texts = columns[at]
            words = {values.parse_code_text(word) for word in wanted}
            said = [values.parse_code_text(text) for text in texts.distinct.to_pylist()]
            fits = np.array([*(text in words for text in said), False])[texts.codes] | nothing
            left = np.bincount(texts.codes[kept & ~fits] + 1, minlength=len(said) + 1)
            counts: dict[str, int] = {}
            for text, count in zip(["", *said], left.tolist(), strict=True):
                named = text if len(text) <= _SHORT else "其他"
                counts[named] = counts.get(named, 0) + count
            heading = self.sheet.headings[at]
            put_aside += [PutAside(self.sheet.file, heading, text, count) for text, count in counts.items() if count]
            kept &= fits
        return kept, tuple(put_aside)


def _facts(made: Sequence[_Made], columns: Mapping[int, Texts], kept: Flags) -> tuple[Indices, Indices]:
    """Which rows give which facts. Of a row that gives several, those are left out of which no column says anything;
    one stays, so that no row is lost."""
    rows = np.flatnonzero(kept)
    count = max((len(each.parts) for each in made), default=1)
    if count == 1:
        return rows, np.zeros(len(rows), np.intp)
    says = np.zeros((len(kept), count), np.bool_)
    for each in (each for each in made if len(each.parts) == count):
        for number, part in enumerate(each.parts):
            for at in part.positions:
                says[:, number] |= filled(columns[at])
    says[~says.any(axis=1), 0] = True
    row, part_of = np.nonzero(says & kept[:, None])
    return row, part_of
