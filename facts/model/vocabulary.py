"""What exports call the tables and their fields: the contract's words, and the others that `aliases.yaml` lists."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from facts.model.schema import Column, ColumnType, Fact, Form, columns
from facts.model.tables import TABLES

_FILE = Path(__file__).with_name("aliases.yaml")
_NOTE = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]$")
_LONGEST = 100
_CLOSING = (")", "]", "】")
_PART = re.compile(r"[-_ .(（\[【—–+、~]|\d")  # what stands between a table's name and what says which part it is
_YEAR = re.compile(r"^(?:19|20)\d\d(?:[-_. 年]?(?:0?[1-9]|1[0-2])(?!\d)[月]?)?[-_. 学年度级秋春季]*")


class KnownBy(StrEnum):
    """By what it is known which field a column is."""

    MAPPING = "given"
    """A person wrote it in xuejian.toml."""
    EXACT = "exact"
    """The contract's Chinese heading or English name."""
    ALIAS = "alias"


@dataclass(frozen=True)
class Word:
    """What a heading means: a field, and how that is known."""

    field: str
    known_by: KnownBy


def normal(name: str) -> str:
    """A heading or a table name in the form in which it is compared: half-width, lower case, without blanks."""
    name = (name if name.isascii() else unicodedata.normalize("NFKC", name)).casefold()
    return "".join(c for c in name if c.isprintable() and not c.isspace()).strip("*")


def readable(model: type[Fact]) -> Mapping[str, Column]:
    """The fields of a table that an export may have: all but the computed ones."""
    return {name: column for name, column in columns(model).items() if not column.computed}


@cache
def words(model: type[Fact]) -> Mapping[str, Word]:
    """The headings by which the fields of a table are known, in normal form."""
    listed = _listed()
    special = listed["tables"].get(model.about.kind, {}).get("fields", {})
    known: dict[str, Word] = {}
    for name, column in readable(model).items():
        for word in (name, column.heading):
            known[normal(word)] = Word(name, KnownBy.EXACT)
    # What a table says of its own headings goes before what holds for all tables.
    for source in (special, listed["fields"]):
        for name in readable(model):
            for word in source.get(name, ()):
                known.setdefault(normal(word), Word(name, KnownBy.ALIAS))
    return known


def word(model: type[Fact], heading: str) -> Word | None:
    """What a heading means in this table; a note in brackets at its end may be left out, and so may the other name of a
    number (学号/工号)."""
    if heading[:1].isdigit() or len(heading) > _LONGEST:  # most cells that are none are seen at once
        return None
    known, text = words(model), normal(heading)
    found = known.get(text)
    if found is None and text[-1:] in _CLOSING and (short := _NOTE.sub("", text).strip("*")) != text:
        found = known.get(short)
        return Word(found.field, KnownBy.ALIAS) if found else None
    if found is None and "/" in text:
        found = known.get(text.partition("/")[0])
        number = found is not None and columns(model)[found.field].type is ColumnType.IDENTIFIER
        return Word(found.field, KnownBy.ALIAS) if found and number else None
    return found


def perhaps(model: type[Fact]) -> Mapping[str, str]:
    """Headings that may be a field of the table and may be something else, in normal form → the field."""
    known = words(model)
    return {
        normal(text): name
        for name, texts in _listed()["perhaps"].items()
        if name in readable(model)
        for text in texts
        if normal(text) not in known
    }


@cache
def table_names() -> Mapping[str, str]:
    """By what names tables are known, in normal form → table."""
    names = {normal(word): kind for kind, model in TABLES.items() for word in (kind, model.about.heading)}
    for kind, listed in _listed()["tables"].items():
        for name in listed.get("names", ()):
            names.setdefault(normal(name), kind)
    return names


def table_of(name: str) -> str | None:
    """The table that a file or a sheet of this name holds.

    Its name is one of the table's names; what says which part of the table it is may follow (考勤-1, 考勤_2026秋,
    在校生（土木工程学院）), and a year may stand before (2026年秋季考勤).
    """
    names, whole = table_names(), normal(name)
    for text in (whole, _YEAR.sub("", whole)):
        if found := names.get(text):
            return found
        beginnings = [known for known in names if text.startswith(known) and _PART.match(text[len(known) :])]
        if beginnings:
            longest = max(beginnings, key=len)
            rest = text[len(longest) :]
            return None if any(word in rest for word in _listed()["not_parts"]) else names[longest]
    return None


def totals() -> tuple[str, ...]:
    """What stands in a row that sums others up."""
    return tuple(_listed()["totals"])


def below() -> tuple[str, ...]:
    """What a signature or a remark below a table begins with."""
    return tuple(_listed()["below"])


def is_running_number(heading: str) -> bool:
    """A column of this heading only counts the rows of its file."""
    return normal(heading) in {normal(name) for name in _listed()["running"]}


@cache
def _listed() -> Mapping[str, Any]:
    import yaml

    with _FILE.open(encoding="utf-8") as stream:
        listed: Mapping[str, Any] = yaml.load(stream, yaml.CSafeLoader)
    return listed


def meanings(kind: str, field: str) -> str:
    """What a word in this column can mean."""
    column = readable(TABLES[kind])[field]
    if column.form:
        return "哪个学期，如 2026-2027-1" if column.form is Form.TERM else "哪个学年，如 2026-2027"
    return f"其中哪一个：{'、'.join(column.codes)}"
