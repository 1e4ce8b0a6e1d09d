"""Which column of a file is which field: as a person said, by the contract's heading, or by another known one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from facts.model.refusal import DataError
from facts.model.schema import Fact
from facts.model.vocabulary import KnownBy, normal, readable, word
from facts.reading.mapping import UNSAID, SourceMapping
from facts.sources.cells import Sheet, place

_MANY, _LONG = 12, 16  # headings that a message names, and characters of each
_NEAR = 70  # of 100, by rapidfuzz: enough to suggest a heading; none is ever taken for it


@dataclass(frozen=True)
class Match:
    """`fields`: field → position in the headings, `known_by`: by what that is known; `extra`: the other positions."""

    fields: Mapping[str, int]
    extra: tuple[int, ...]
    known_by: Mapping[str, KnownBy] = field(default_factory=dict)


def match(model: type[Fact], sheet: Sheet, mapping: SourceMapping = UNSAID, used: Collection[int] = ()) -> Match:
    """Finds the fields of a table among the headings of a sheet.

    What a person said goes before the contract's own heading, and that before the others that are known; of those, only
    one column may be the same field. A heading that is merely near is never taken. Raises DataError when two columns
    are the same field, when a heading that was said is not there, and when no required field is there: then the row is
    something else than the headings of this table. `used`: columns of which others were made (`facts.reading.shape`).
    """
    written = {name: text for name, text in mapping.columns.items() if isinstance(text, str)}
    if not mapping.demanded:  # a heading that an earlier export has not was another one then
        there = {"", *map(normal, sheet.headings)}
        written = {name: text for name, text in written.items() if normal(text) in there}
    at = f"{mapping.file} 的 [sources.{model.about.kind}] 里写的"
    taken = {name: position_of(model, sheet, text, f"{at} {name} = “{text}”") for name, text in written.items() if text}
    settled = {*written, *mapping.constants}
    found: dict[str, list[tuple[int, KnownBy]]] = {}
    for position, heading in enumerate(sheet.headings):
        meant = word(model, heading)
        free = position not in used and position not in taken.values()
        if meant and meant.field not in settled and free:
            found.setdefault(meant.field, []).append((position, meant.known_by))
    fields, known_by = dict(taken), dict.fromkeys(taken, KnownBy.MAPPING)
    for name, columns in found.items():
        exact = [position for position, sort in columns if sort is KnownBy.EXACT]
        positions = exact or [position for position, _ in columns]
        if len(positions) > 1:
            raise _twice(model, sheet, name, positions, mapping.file)
        fields[name], known_by[name] = positions[0], KnownBy.EXACT if exact else KnownBy.ALIAS
    if not any(name in fields for name, column in readable(model).items() if column.required):
        raise DataError(_no_headings(model, sheet, mapping.file))
    known = {*fields.values(), *used}
    extra = tuple(position for position in range(len(sheet.headings)) if position not in known)
    return Match(dict(sorted(fields.items(), key=lambda item: item[1])), extra, known_by)


def near(name: str, headings: Sequence[str]) -> tuple[str, ...]:
    """The headings that are like this one, the nearest first: to suggest, never to use."""
    from rapidfuzz import fuzz, process

    likely = process.extract(normal(name), {h: normal(h) for h in headings if h}, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return tuple(heading for _, _, heading in likely)


def extra_names(headings: Sequence[str], extra: Sequence[int]) -> tuple[str, ...]:
    """How the columns that are no field are called, each once."""
    return tuple(dict.fromkeys(headings[position] or f"第 {position + 1} 列（无标题）" for position in extra))


def position_of(model: type[Fact], sheet: Sheet, heading: str, said: str) -> int:
    """Where a heading stands that a person named; `said`: how messages call the place where it is named, and the
    heading. Raises DataError."""
    positions = [position for position, text in enumerate(sheet.headings) if normal(text) == normal(heading)]
    if len(positions) > 1:
        columns = "、".join(str(position + 1) for position in positions)
        raise DataError(f"文件{place(sheet.file)}的第 {columns} 列都是{said}，请在文件里改名其中一列。")
    if not positions:
        close = near(heading, sheet.headings)
        meant = f"，相近的标题有“{close[0]}”" if close else ""
        raise DataError(f"文件{place(sheet.file)}的标题里没有 {said}{meant}，请改正{_there(model, sheet)}。")
    return positions[0]


def _there(model: type[Fact], sheet: Sheet) -> str:
    """The first headings, where they are plainly such: what stands in the row may be the first student."""
    if sum(word(model, text) is not None for text in sheet.headings) < 2:
        return ""
    texts = ["".join(c for c in text if c.isprintable())[:_LONG] for text in sheet.headings if text]
    return f"；它的标题是：{'、'.join(texts[:_MANY])}{'……' if len(texts) > _MANY else ''}"


def _twice(model: type[Fact], sheet: Sheet, name: str, positions: Sequence[int], settings: str) -> DataError:
    texts = ["".join(c for c in sheet.headings[position] if c.isprintable()) for position in positions]
    field = readable(model)[name].heading
    what = f"文件{place(sheet.file)}的第 {' 列和第 '.join(str(position + 1) for position in positions)} 列"
    if len(set(texts)) == 1:
        return DataError(f"{what}都是“{texts[0]}”，请删去或改名其中一列。")
    return DataError(
        f"{what}（{'、'.join(texts)}）都是“{field}”，请删去或改名其中一列，或在 {settings} 写明用哪一列："
        f'[sources.{model.about.kind}] columns = {{ {name} = "{texts[0]}" }}。'
    )


def _no_headings(model: type[Fact], sheet: Sheet, settings: str) -> str:
    # What stands in the row is not said: it may be the first student's.
    required = "、".join(column.heading for column in readable(model).values() if column.required)
    filled = sum(1 for heading in sheet.headings if heading)
    found = f"前几行里没有一行是它的标题（第一行有 {filled} 个单元格）" if filled else "前几行是空的"
    return (
        f"文件{place(sheet.file)}应是“{model.about.heading}”表，但{found}；必填的标题有{required}，"
        f"请改成这些名称，或在 {settings} 的 [sources.{model.about.kind}] 里用 heading_row、columns 写明。"
    )
