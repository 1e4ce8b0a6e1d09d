"""Text that is safe to put into any format: the one place where control characters are dropped."""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")
_DROPPED = ("Cc", "Cf", "Cs", "Cn")
"""Controls, marks that turn the direction of writing or can't be seen, halves of a character, no characters at all.
Private use stays: exports in GB18030 write rare characters of names with it."""
_FIRST, _LAST = 400, 150
_LONGEST = 600
"""Characters of a sentence for a person."""
_BREAKS = "\t\n\v\f\r\u0085\u2028\u2029"


def plain_text(text: str) -> str:
    """The text on one line, with nothing in it that a terminal, a browser or an XML parser would obey or refuse."""
    if text.isprintable():
        return text
    return "".join(" " if c in _BREAKS else c for c in text if c in _BREAKS or unicodedata.category(c) not in _DROPPED)


def shortened(sentence: str) -> str:
    """Without the middle, where it is longer than anybody reads: what it is about comes first, what to do last."""
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_FIRST]}……{sentence[-_LAST:]}"


def plain_texts(value: _T) -> _T:
    """The same result, or whatever else is made of mappings, tuples and dataclasses, with every text in it, keys of
    mappings included, made plain. The value itself where nothing has to change, as is usual: a copy of a large result
    takes its time."""
    made: _T = _plain(value)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, tuple):
        items = tuple(map(_plain, value))
        return value if items == value else items
    if isinstance(value, Mapping):
        mapping = {_plain(key): _plain(item) for key, item in value.items()}
        return value if mapping == value else mapping
    if names := _fields(value.__class__):
        values = {name: getattr(value, name) for name in names}
        plain = {name: _plain(field) for name, field in values.items()}
        return value if plain == values else value.__class__(**plain)
    return value


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """None where it is no dataclass."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
