"""How a value of a fact is shown, in messages (Chinese dates) and in evidence (ISO dates). The one place that masks."""

import re
from datetime import date
from typing import Any

from checks.results import Scalar
from facts.model.schema import Column, ColumnType
from facts.model.values import chinese_date

GIVEN = "（已填）"
_NUMBER = re.compile(r"[0-9０-９]{15,}")
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


def yuan(fen: int) -> str:
    sign, amount = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{amount // 100}.{amount % 100:02d}"
