"""Text that is safe to put into any format: the one place where control characters are dropped."""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from checks.results import CheckResult

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


def plain_result(result: CheckResult) -> CheckResult:
    """The same result with every text in it, keys of mappings included, made plain."""
    plain: CheckResult = _plain(result)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: _plain(getattr(value, field.name)) for field in fields(value)})
    return value
