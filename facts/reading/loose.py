"""What exports write in other ways than the contract, where each of them can mean one thing only."""

import re

from facts.model.schema import Loose
from facts.model.values import plain

_YEAR = re.compile(r"(?:(\d{4})|(\d{2}))级(?:学生)?")
_YEARS = re.compile(r"([一二三四五六七八九]|\d)年(?:制)?")
_MONTH = re.compile(r"(\d{4})(?:[-/年]|(?=\d\d$))(0?[1-9]|1[0-2])月?|(\d{4})\.(0[1-9]|1[0-2]|[2-9])")
_DIGITS = {text: str(number) for number, text in enumerate("一二三四五六七八九", 1)}


def tightened(text: str, loose: Loose) -> str:
    """The text in the form of the contract, where it is written in one of the ways of `loose`; any other as it stands.

    2024.1 stays: it may be January, or the October of a number that lost its zero.
    """
    value = "".join(plain(text).split())
    match loose:
        case Loose.YEAR if found := _YEAR.fullmatch(value):
            return found[1] or f"20{found[2]}"
        case Loose.YEARS if found := _YEARS.fullmatch(value):
            return _DIGITS.get(found[1], found[1])
        case Loose.MONTH if found := _MONTH.fullmatch(value):
            return f"{found[1] or found[3]}-{int(found[2] or found[4]):02d}-01"
    return text
