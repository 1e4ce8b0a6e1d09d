"""How a value of a fact is shown, in messages (Chinese dates) and in evidence (ISO dates). The one place that masks."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from checks.results import Finding, Scalar
from facts.model.hidden import LENGTH
from facts.model.identity import Texts, read
from facts.model.schema import Column, ColumnType
from facts.model.values import chinese_date

GIVEN = "（已填）"
_TELLING = 8
"""Characters of an identity number that is none (a passport's, 15 digits of old) by which it is told in other words."""
_NUMBER = re.compile(
    r"[0-9０-９]{15,}|(?<![0-9A-Za-z])[A-Za-z]{1,2}[0-9]{7,10}(?![0-9A-Za-z])"
)  # an identity card, a passport
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,4}|[\u3400-\u9fff·•‧・．.]{3,}")


def mask(column: Column, text: str) -> str:
    """张* for a name, ***1234 for a number (its last four), * for anything else about the person."""
    if column.type is ColumnType.IDENTIFIER:
        return f"***{text[-4:]}" if len(text) > 4 else "***"
    return f"{text[:1]}*" if column.type is ColumnType.TEXT else "*"


def stranger(text: str, *, named: bool) -> str:
    """A cell that could not be read, as shown: in a row whose columns have shifted it may be somebody's number or, in a
    table that holds names (`named`), somebody's name. Those are masked, whatever column they stand in."""
    if _NUMBER.search(text):
        return f"***{text[-4:]}"
    return f"{text[:1]}*" if named and _NAME.fullmatch(text.strip()) else text


def plain(column: Column, value: Any, *, personal: bool) -> Scalar:
    """A value for evidence and keys: `value` as the engine has it (day numbers, fen, 1 and 0)."""
    if value is None:
        return None
    if column.secret:
        return GIVEN
    match column.type:
        case ColumnType.DATE:
            shown: Scalar = date.fromordinal(value).isoformat()
        case ColumnType.MONEY:
            shown = yuan(value)
        case ColumnType.BOOL:
            shown = bool(value)
        case _:
            shown = value
    return mask(column, str(shown)) if column.personal and not personal else shown


class Masked(str):
    """A masked value in a message: two are equal where what they hide is, so that a message can say which differ."""

    hidden: Any

    def __new__(cls, text: str, hidden: Any) -> "Masked":
        made = super().__new__(cls, text)
        made.hidden = hidden
        return made

    def __eq__(self, other: object) -> bool:
        return self.hidden == other.hidden if isinstance(other, Masked) else str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def spoken(column: Column, value: Any, *, personal: bool) -> Scalar:
    """A value for a message."""
    if value is not None and column.personal and not personal and not column.secret:
        return Masked(str(plain(column, value, personal=False)), value)
    if value is not None and column.type is ColumnType.DATE and not column.secret:
        return chinese_date(date.fromordinal(value))
    return plain(column, value, personal=personal)


def is_odd_number(numbers: Texts) -> np.ndarray:
    """By place: an identity number that is none by its look, and long enough to be known again in other words."""
    texts = np.asarray(numbers, np.str_)
    lengths = np.char.str_len(texts)
    odd = lengths >= _TELLING
    usual = lengths == LENGTH
    odd[usual] = ~read(texts[usual], date.max).valid
    return odd


def without(finding: Finding, numbers: Collection[str]) -> Finding:
    """The finding with each of these numbers masked wherever it stands, also where it is part of a longer text."""
    ordered = sorted(numbers, key=len, reverse=True)

    def shown(text: str) -> str:
        for number in ordered:
            text = text.replace(number, f"***{number[-4:]}")
        return text

    def fields(values: Mapping[str, Scalar]) -> dict[str, Scalar]:
        return {name: shown(value) if isinstance(value, str) else value for name, value in values.items()}

    return replace(
        finding,
        key={name: shown(text) for name, text in finding.key.items()},
        message=shown(finding.message),
        college=finding.college and shown(finding.college),
        evidence=tuple(replace(each, fields=fields(each.fields)) for each in finding.evidence),
    )


def yuan(fen: int) -> str:
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{amount // 100}.{amount % 100:02d}"
