"""Where the headings of a sheet stand: below titles, and in two rows where the upper one names groups of columns."""

from collections.abc import Sequence

from facts.model.refusal import DataError
from facts.model.schema import Fact
from facts.model.vocabulary import word
from facts.reading.mapping import UNSAID, SourceMapping
from facts.sources.cells import Heading, Source, Top, place

_MOST_ROWS = 2


def heading_of(source: Source, model: type[Fact], mapping: SourceMapping = UNSAID) -> Heading:
    """The headings of a sheet that holds the table of `model`: where a person has written, else where most of the first
    rows' cells are headings of that table; two rows together where that gives more of them than one.

    Where no row has any, the first. Raises DataError when the row that was written is beyond the sheet.
    """
    top = source.top()
    if mapping.heading_row is not None and not top.certain and (mapping.demanded or _there(top, mapping, model)):
        return _written(top, mapping, model, source)
    if top.certain or not top.rows:
        return Heading(top.first, top.rows[0] if top.rows else ())
    words = {*mapping.headings}
    best, most = Heading(top.first, top.rows[0]), 0
    alone = [fields_in(row, model, words) for row in top.rows]
    for rows in range(1, _MOST_ROWS + 1):
        for at in range(len(top.rows) - rows + 1):
            if not any(alone[at : at + rows]):
                continue
            texts = joined(top.rows[at : at + rows], model)
            found = alone[at] if rows == 1 else fields_in(texts, model, words)
            if found > most:
                best, most = Heading(top.first + at + rows - 1, texts), found
    return best


def fields_in(texts: Sequence[str], model: type[Fact], words: set[str] | None = None) -> int:
    """How many different fields of the table these headings name; `words` are headings that count as well."""
    parts = (part for text in texts for part in (text, text.rpartition("/")[2]))  # of a group: 学费/应收
    known = {found.field for part in parts if (found := word(model, part)) is not None}
    return len(known) + len({text for text in texts if text.strip() in (words or ())})


def joined(rows: Sequence[Sequence[str]], model: type[Fact]) -> tuple[str, ...]:
    """The headings that stand in one row, or in a row of groups and a row below it.

    A group reaches over the empty cells to its right (they are merged). Of group and cell together, the two in either
    order, and the cell alone, that is taken which is a heading of the table. Cells that are called the same in several
    groups are told apart by them: 学费/应收, 住宿费/应收.
    """
    if len(rows) == 1:
        return tuple(rows[0])
    width = max(map(len, rows))
    upper, lower = ([*row, *[""] * (width - len(row))] for row in rows[-2:])
    result, groups, group = list[str](), list[str](), ""
    for over, under in zip(upper, lower, strict=True):
        group = over.strip() or (group if under.strip() else "")
        choices = [text for text in (group + under.strip(), under.strip() + group, under.strip(), over.strip()) if text]
        if not under.strip():
            choices = [over.strip()]
        result.append(next((text for text in choices if word(model, text)), under.strip() or over.strip()))
        groups.append(group if under.strip() and group != under.strip() else "")
    several = {text for text in result if result.count(text) > 1}
    return tuple(
        f"{group}/{text}" if group and text in several else text for group, text in zip(groups, result, strict=True)
    )


def _there(top: Top, mapping: SourceMapping, model: type[Fact]) -> bool:
    """The row that a person wrote has headings of the table."""
    at = (mapping.heading_row or 0) - top.first
    return 0 <= at < len(top.rows) and fields_in(top.rows[at], model, {*mapping.headings}) > 0


def _written(top: Top, mapping: SourceMapping, model: type[Fact], source: Source) -> Heading:
    assert mapping.heading_row is not None
    last = mapping.heading_row - top.first
    if not 0 <= last < len(top.rows):
        raise DataError(
            f"文件{place(source.file)}的第 {mapping.heading_row} 行没有标题"
            f"（前 {top.first + len(top.rows) - 1} 行里找），"
            f"请改正 {mapping.file} 的 [sources.{model.about.kind}] 里的 heading_row。"
        )
    rows = top.rows[max(last - mapping.heading_rows + 1, 0) : last + 1]
    return Heading(mapping.heading_row, joined(rows, model))
