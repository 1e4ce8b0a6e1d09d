"""Text that is safe to put into any format: without control characters, and without anybody's identity number where
names are not asked for. No other module removes control characters."""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from facts.model.hidden import hidden

_T = TypeVar("_T")
_DROPPED = ("Cc", "Cf", "Cs", "Cn")
"""Unicode categories that are removed: control characters, format characters (invisible, or turning the direction of
writing), halves of surrogate pairs, and code points without a character. Private use stays: exports in GB18030 write
rare characters of names with it."""
_LONGEST = 600
"""Characters that a sentence for a person may have."""
_FIRST, _LAST = 400, 150
"""Characters of a longer one that are kept, at its beginning and at its end."""
_BREAKS = "\t\n\v\f\r\u0085\u2028\u2029"


def plain_text(text: str, *, personal: bool = False) -> str:
    """The text on one line, without characters that a terminal, a browser or an XML parser would obey or refuse.

    Unless `personal`, a valid identity number in it is masked, whatever it stands for: offices use one as 学号, and
    people type them into remarks.
    """
    text = text if text.isprintable() else _printable(text)
    return text if personal else hidden(text)


def _printable(text: str) -> str:
    return "".join(" " if c in _BREAKS else c for c in text if c in _BREAKS or unicodedata.category(c) not in _DROPPED)


def shortened(sentence: str) -> str:
    """The sentence; a very long one without its middle, since it begins with the problem and ends with what to do."""
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_FIRST]}……{sentence[-_LAST:]}"


def plain_texts(value: _T, *, personal: bool = False) -> _T:
    """A copy of the value with `plain_text` applied to every text in it, keys of mappings included.

    The value may consist of mappings, tuples and dataclasses. If no text has to change, which is usual, the value
    itself is returned, because to copy a large result takes time.
    """
    made: _T = _plain(value, personal)
    return made


def _plain(value: Any, personal: bool) -> Any:
    if isinstance(value, str):
        return plain_text(value, personal=personal)
    if isinstance(value, tuple):
        items = tuple([_plain(item, personal) for item in value])
        return value if items == value else items
    if isinstance(value, Mapping):
        mapping = {_plain(key, personal): _plain(item, personal) for key, item in value.items()}
        return value if mapping == value else mapping
    if names := _fields(value.__class__):
        values = {name: getattr(value, name) for name in names}
        plain = {name: _plain(field, personal) for name, field in values.items()}
        return value if plain == values else value.__class__(**plain)
    return value


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The names of a dataclass's fields; empty for any other class."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
