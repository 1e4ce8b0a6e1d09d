"""Which column of a file is which field: by its Chinese heading or its English name."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from facts.errors import DataError
from facts.schema import Column, Fact, columns
from facts.sources.cells import Sheet, place


@dataclass(frozen=True)
class Match:
    """`fields`: field → position in the headings; `extra`: positions of the other columns."""

    fields: Mapping[str, int]
    extra: tuple[int, ...]


def normal(name: str) -> str:
    """A heading or a table name in the form in which it is compared: half-width, lower case, without blanks."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in name if c.isprintable() and not c.isspace()).rstrip("*")


def readable(model: type[Fact]) -> Mapping[str, Column]:
    """The fields of a table that an export may have: all but the computed ones."""
    return {name: column for name, column in columns(model).items() if not column.computed}


def match(model: type[Fact], sheet: Sheet) -> Match:
    """Finds the fields of a table among the headings of a sheet.

    Raises DataError when two columns are the same field, and when no required field is there: then the first row is
    something else than the headings of this table.
    """
    known: dict[str, str] = {}
    for name, column in readable(model).items():
        known[normal(name)] = known[normal(column.heading)] = name
    fields: dict[str, int] = {}
    extra: list[int] = []
    for position, heading in enumerate(sheet.headings):
        field = known.get(normal(heading))
        if field is None:
            extra.append(position)
        elif field in fields:
            raise DataError(
                f"文件{place(sheet.file)}的第 {fields[field] + 1} 列和第 {position + 1} 列都是“{heading}”，"
                "请删去或改名其中一列。"
            )
        else:
            fields[field] = position
    required = [column.heading for name, column in readable(model).items() if column.required]
    if not any(name in fields for name, column in readable(model).items() if column.required):
        raise DataError(_no_headings(model, sheet, required))
    return Match(fields, tuple(extra))


def extra_names(headings: Sequence[str], extra: Sequence[int]) -> tuple[str, ...]:
    """How the columns that are no field are called, each once."""
    return tuple(dict.fromkeys(headings[position] or f"第 {position + 1} 列（无标题）" for position in extra))


def _no_headings(model: type[Fact], sheet: Sheet, required: Sequence[str]) -> str:
    # What stands in the row is not said: it may be the first student's.
    filled = sum(1 for heading in sheet.headings if heading)
    found = f"第一行的 {filled} 个单元格里没有一个是它的必填标题" if filled else "第一行是空的"
    return (
        f"文件{place(sheet.file)}应是“{model.about.heading}”表，但{found}"
        f"（应有{'、'.join(required)}），请让标题成为第一行并改成这些名称。"
    )
