"""Which shapes a sheet seems to have, so that a person can be asked; and which half-said shapes would hide something.

A term that stands in two columns, rows that say of themselves that they are no fact (是否注册: 否), and a column an
item: each of them, read column by column, looks like a clean export.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import numpy as np

from facts.model.inspection import (
    DayOfYear,
    FilledDown,
    FromTitle,
    JoinedColumns,
    RowsOfOneKind,
    Suggestion,
    Unpivoted,
    written,
)
from facts.model.refusal import DataError
from facts.model.schema import Column, Fact, Form
from facts.model.values import is_blank, parse_academic_year, parse_code_text
from facts.model.vocabulary import normal, readable
from facts.reading.headings import Match
from facts.reading.made_columns import filled
from facts.reading.mapping import SourceMapping
from facts.reading.parse import reads
from facts.sources.cells import Heading, Sheet, Source, Texts, place

_ACTS: Mapping[str, tuple[str, ...]] = {"registration": ("注册",), "checkin": ("报到", "到校", "返校")}
"""Tables of which a row says that something was done → how a column that may say the contrary speaks of it."""
_FLAG = re.compile(r"^是否|否$|状态$|标志$|标识$|情况$")
_NOT = re.compile(r"^(?:否|未|不|没|无|0$|n$|no$|false$|f$|×$|✗$|x$)")
_PAID = ("已交", "已缴", "实交", "实缴", "实收", "已收")
_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "payable": ("应交金额", "应缴金额", "应收金额", "应交费", "应缴费", "应交", "应缴", "应收"),
    "paid": ("已交金额", "已缴金额", "实缴金额", "实交金额", "实收金额", "已收金额", *_PAID),
    "relief": ("减免金额", "减免"),
}
_TITLES: Mapping[Form, tuple[str, ...]] = {
    Form.TERM: (
        r"(\d{4}[-—~至]\d{4}学年度?第?[一二三123]学期)",
        r"(\d{4}-\d{4}-[123])(?!\d)",
        r"(\d{4}年?[秋春]季?学期)",
    ),
    Form.ACADEMIC_YEAR: (r"(\d{4}[-—~至]\d{4})学年", r"(\d{4}-\d{4})(?![-\d])"),
}
_MERGED = ("college", "class_no", "major", "level")
"""What many rows have in common, so that somebody merges its cells."""
_YEAR = re.compile("年|year|^xn")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_LESSON = r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})"


def suggestions(
    model: type[Fact], source: Source, heading: Heading, found: Match, mapping: SourceMapping
) -> tuple[Suggestion, ...]:
    """What a person should be asked of the shape of what stands below this heading; nothing that is said already.
    Raises DataError (see the sheet's own `read`)."""
    sheet = source.below(heading)
    left = _left(sheet, found, mapping)
    beside = (*_joined(model, sheet, found, left, found.fields), *_beside(model, sheet, left, mapping))
    settled = {*found.fields, *mapping.constants, *mapping.unpivot, *(name for each in beside for name in each.fields)}
    merged = () if mapping.fill_down else _filled_down(sheet, found)
    return (*beside, *_from_title(model, source, heading, settled), *_day_of_year(model, found, settled), *merged)


def _left(sheet: Sheet, found: Match, mapping: SourceMapping) -> Mapping[int, str]:
    """Position → heading of the columns that are no field, and that nobody left out on purpose."""
    unused = {*map(normal, mapping.unused)}
    left = {at: sheet.headings[at] for at in found.extra}
    return {at: text for at, text in left.items() if text and normal(text) not in unused}


def _beside(
    model: type[Fact], sheet: Sheet, left: Mapping[int, str], mapping: SourceMapping
) -> Iterator[RowsOfOneKind | Unpivoted]:
    """What columns say beside those that are read as fields."""
    yield from _one_kind(model, sheet, left)
    if not mapping.unpivot:
        yield from _unpivoted(model, left)


def refuse_half_said(model: type[Fact], sheet: Sheet, found: Match, mapping: SourceMapping) -> None:
    """Raises DataError where what is said of the sheet takes for a fact what another column of it may deny."""
    left = _left(sheet, found, mapping)
    coded = [name for name in mapping.codes if name in found.fields]  # without codes such a term is read by nobody
    for each in (*_joined(model, sheet, found, left, coded), *_beside(model, sheet, left, mapping)):
        if not isinstance(each, Unpivoted) or any(name in found.fields for name in each.lists):
            raise DataError(
                f"文件{place(sheet.file)}{each.why}，不写明会漏掉问题；请在 {mapping.file} 的"
                f' [sources.{model.about.kind}] 里写 {written(each)}（核对后确实无关的列，写 unused = ["列名"]）。'
            )


def _from_title(model: type[Fact], source: Source, heading: Heading, settled: Collection[str]) -> Iterator[FromTitle]:
    """A term or an academic year that no column is, and that stands above the headings or in the file's name."""
    top = source.top()
    texts = [text for row in top.rows[: max(heading.row - top.first, 0)] for text in row]
    texts += [source.file.sheet or "", PurePosixPath(source.file.path).stem]
    for name, column in readable(model).items():
        if column.form is None or not column.required or name in settled:
            continue
        for text, pattern in ((text, pattern) for pattern in _TITLES[column.form] for text in texts):
            if (hit := re.search(pattern, text)) and reads(column, hit[1]):
                yield FromTitle(name, column.heading, pattern, hit[1])
                break


def _day_of_year(model: type[Fact], found: Match, settled: Collection[str]) -> Iterator[DayOfYear]:
    """The day of entry where the export has only the year (年级)."""
    fields = readable(model)
    if "entered_on" in fields and fields["entered_on"].required and "entered_on" not in settled:
        for name in ("grade", "entry_year"):
            if name in found.fields:
                yield DayOfYear("entered_on", fields["entered_on"].heading, name, fields[name].heading)


def _filled_down(sheet: Sheet, found: Match) -> Iterator[FilledDown]:
    """Columns of classes and colleges that are mostly empty below a cell that is not, in rows that have a number."""
    shared = [name for name, at in found.fields.items() if name in _MERGED and at < len(sheet.headings)]
    key = next((name for name in ("student_no", "exam_no") if name in found.fields), None)
    if key is None or not shared:
        return
    cells = sheet.read((found.fields[key], *(found.fields[name] for name in shared))).columns
    there = filled(cells[found.fields[key]])
    empty: dict[str, int] = {}
    for name in shared:
        stands = filled(cells[found.fields[name]])[there]
        gaps = int((~stands).sum())
        if len(stands) and stands[0] and 2 * gaps >= len(stands):
            empty[sheet.headings[found.fields[name]]] = gaps
    if empty:
        yield FilledDown(tuple(empty), next(iter(empty.values())))


def _joined(
    model: type[Fact], sheet: Sheet, found: Match, left: Mapping[int, str], of: Collection[str]
) -> Iterator[JoinedColumns]:
    """A term, among the fields `of`, whose year stands in a column of its own."""
    for name, column in readable(model).items():
        at = found.fields.get(name)
        if name not in of or column.form is not Form.TERM or at is None or at >= len(sheet.headings):
            continue
        if _all_read(sheet.read((at,)).columns[at], column):
            continue
        years = (found.fields[n] for n in found.fields if readable(model)[n].form is Form.ACADEMIC_YEAR)
        for other in (*(at for at, text in left.items() if _YEAR.search(normal(text))), *years):
            if _are_years(sheet.read((other,)).columns[other]):
                yield JoinedColumns(name, column.heading, (sheet.headings[other], sheet.headings[at]))
                break


def _all_read(texts: Texts, column: Column) -> bool:
    return all(reads(column, text) for text in _standing(texts))


def _are_years(texts: Texts) -> bool:
    standing = _standing(texts)
    try:
        return bool([parse_academic_year(text) for text in standing])
    except ValueError:
        return False


def _standing(texts: Texts) -> list[str]:
    codes = np.unique(texts.codes)
    return [text for code in codes[codes >= 0].tolist() if not is_blank(text := texts.distinct[code].as_py())]


def _one_kind(model: type[Fact], sheet: Sheet, left: Mapping[int, str]) -> Iterator[RowsOfOneKind]:
    """A column that says of some rows that what the table records was not done."""
    acts = _ACTS.get(model.about.kind, ())
    for at, heading in left.items():
        called = normal(heading)
        if not (_FLAG.search(called) and any(act in called for act in acts)):
            continue
        texts = sheet.read((at,)).columns[at]
        counts = np.bincount(texts.codes[texts.codes >= 0], minlength=len(texts.distinct)).tolist()
        words: dict[str, int] = {}
        for text, count in zip(texts.distinct.to_pylist(), counts, strict=True):
            if count and (word := parse_code_text(text)):
                words[word] = words.get(word, 0) + count
        denied = {word: count for word, count in words.items() if _NOT.search(word.casefold())}
        if denied:
            yield RowsOfOneKind(heading, tuple(word for word in words if word not in denied), denied)


def _unpivoted(model: type[Fact], left: Mapping[int, str]) -> Iterator[Unpivoted]:
    """A column an item, or a column a lesson."""
    fields = readable(model)
    if {"payable", "paid", "item"} <= fields.keys():
        yield from _fees(list(left.values()))
    if {"held_on", "result"} <= fields.keys():
        lessons = [text for text in left.values() if _DATE.search(text)]
        if len(lessons) > 1:
            yield Unpivoted({"held_on": _LESSON, "result": "*"}, tuple(lessons))


def _fees(headings: Sequence[str]) -> Iterator[Unpivoted]:
    items: dict[str, dict[str, str]] = {}
    for heading in headings:
        if meant := _amount(heading):
            field, item = meant
            items.setdefault(item, {}).setdefault(field, heading)
    whole = {item: parts for item, parts in items.items() if {"payable", "paid"} <= parts.keys()}
    if whole:
        lists = {"item": tuple(whole)} | {
            field: tuple(parts.get(field, "") for parts in whole.values())
            for field in _AMOUNTS
            if any(field in parts for parts in whole.values())
        }
        yield Unpivoted(lists, tuple(text for parts in whole.values() for text in parts.values()))


def _amount(heading: str) -> tuple[str, str] | None:
    """(field, item) that a heading means: 应交学费, 学费应交, 学费/应收. None where it means no amount of an item."""
    called = normal(heading)
    for field, words in _AMOUNTS.items():
        for word in words:
            for item in (called.removeprefix(word), called.removesuffix(word)):
                if item != called and (item := item.strip("/-_:：()（）")):
                    return field, item
    return None
