"""Citizens' identity numbers by GB 11643-1999: whether one is valid, and the sex and birth date that it states.

The 18 places are area (6), birth date (8), sequence (3, odd for men) and a check character (ISO 7064 MOD 11-2).
Everything works on whole arrays of distinct texts, because a table has tens of thousands of them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

LENGTH = 18
CHECK_CHARACTERS = "10X98765432"
"""By the weighted sum of the 17 digits, modulo 11."""
PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
"""The first two digits of GB/T 2260; 81, 82 and 83 are also the residence permits of 港澳台 residents (2018)."""

FLAWS = (
    "",
    "不是 18 位",
    "前 17 位应为数字，末位应为数字或 X",
    "前两位不是省级代码",
    "出生日期不存在或晚于数据截至日期",
    "校验码不对",
)
"""What may be wrong with a number, in the order in which it is looked for."""

_WRITTEN = r"\d{6}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}[\dXxＸｘ]"
_SOMEWHERE, _ANYWHERE = re.compile(_WRITTEN), re.compile(f"(?=({_WRITTEN}))")
"""18 places in a text, in groups or not; the second finds those that overlap as well."""
_HASH = re.compile(r"(?:[0-9a-f]{16}){1,4}")

Texts = Sequence[str] | npt.NDArray[np.str_]


@dataclass(frozen=True)
class Identities:
    """What numbers say, in the order in which they were given; birth and male mean nothing where not valid."""

    valid: npt.NDArray[np.bool_]
    flaw: npt.NDArray[np.int64]
    """The first thing that is wrong, a place in FLAWS; 0 where the number is valid."""
    birth: npt.NDArray[np.datetime64]
    """datetime64[D]; NaT where the number is not valid."""
    male: npt.NDArray[np.bool_]

    def take(self, places: npt.NDArray[np.integer]) -> "Identities":
        """What the numbers at these places say."""
        return Identities(self.valid[places], self.flaw[places], self.birth[places], self.male[places])


def read(numbers: Texts, not_after: date) -> Identities:
    """Judge identity numbers; each is valid when it has 17 digits and a check character (an upper-case X), a province
    code, a real birth date not after the day given, and the right check digit. `numbers` are texts; none raises."""
    codes = _characters(numbers, LENGTH + 1)
    digits = codes[:, :17].astype(np.int64) - ord("0")
    long = (codes[:, LENGTH] == 0) & (codes[:, LENGTH - 1] != 0)
    last = np.isin(codes[:, LENGTH - 1], [ord(character) for character in CHECK_CHARACTERS])
    plain = ((digits >= 0) & (digits <= 9)).all(axis=1) & last
    digits[~(long & plain)] = 0

    provinces = np.zeros(100, dtype=bool)
    provinces[list(PROVINCES)] = True
    known = provinces[digits[:, 0] * 10 + digits[:, 1]]
    right = codes[:, LENGTH - 1] == _check_codes(digits)

    year, month, day = (digits[:, a:b] @ 10 ** np.arange(b - a - 1, -1, -1) for a, b in ((6, 10), (10, 12), (12, 14)))
    real = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = ((year - 1970) * 12 + np.where(real, month, 1) - 1).astype("datetime64[M]")
    birth = months.astype("datetime64[D]") + (day - 1)
    real &= (birth < (months + 1).astype("datetime64[D]")) & (birth <= np.datetime64(not_after, "D"))
    flaw = np.select([~long, ~plain, ~known, ~real, ~right], range(1, len(FLAWS)), 0)
    valid = flaw == 0
    return Identities(valid, flaw, np.where(valid, birth, np.datetime64("NaT", "D")), digits[:, 16] % 2 == 1)


def hidden(text: str) -> str:
    """The text with each valid number in it masked but for its last four places, whatever stands before or behind it:
    full-width digits, a lower-case x, and blanks or hyphens between its groups count too."""
    if len(text) < LENGTH or not _SOMEWHERE.search(text) or _HASH.fullmatch(text):
        return text
    shown, end = "", 0
    for found in _ANYWHERE.finditer(text):
        if found.start() >= end and _is_valid(found[1]):
            shown += f"{text[end : found.start()]}***{found[1][-4:]}"
            end = found.end(1)
    return shown + text[end:]


def _is_valid(written: str) -> bool:
    """As `read` has it, of one number as it stands in a text; whoever bears it may be born on any day."""
    number = unicodedata.normalize("NFKC", written).replace(" ", "").replace("-", "").upper()
    digits = [int(place) for place in number[:17]]
    if digits[0] * 10 + digits[1] not in PROVINCES:
        return False
    if sum(digit * 2 ** (17 - at) for at, digit in enumerate(digits)) % 11 != CHECK_CHARACTERS.index(number[17]):
        return False
    try:
        return bool(date(int(number[6:10]), int(number[10:12]), int(number[12:14])))
    except ValueError:
        return False


def complete(first17: Texts) -> npt.NDArray[np.str_]:
    """The numbers of 18 characters whose first 17 digits are given; ValueError where one isn't 17 digits."""
    codes = _characters(first17, LENGTH)
    digits = codes[:, :17].astype(np.int64) - ord("0")
    if (codes[:, 17] != 0).any() or (digits < 0).any() or (digits > 9).any():
        raise ValueError("身份证号前 17 位必须全是数字")
    codes[:, 17] = _check_codes(digits)
    return codes.reshape(-1).view(f"<U{LENGTH}")


def check_character(first17: str) -> str:
    """The 18th character of the number whose first 17 digits are given; ValueError where they aren't 17 digits."""
    return str(complete([first17])[0][-1])


def make_identity(area: str, birth: date, sequence: int) -> str:
    """A number made up: `area` is 6 digits, or a province's 2, taken as its first county; `sequence` is 0 to 999, odd
    for men. Impossible area and sequence raise ValueError."""
    place = f"{area}0101" if len(area) == 2 else area
    return str(complete([f"{place}{birth:%Y%m%d}{sequence:03d}"])[0])


def _check_codes(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """The code points of the check characters of rows of 17 digits."""
    weights = np.array([pow(2, 17 - place, 11) for place in range(17)])
    characters: npt.NDArray[np.uint32] = np.array([ord(character) for character in CHECK_CHARACTERS], dtype=np.uint32)
    found: npt.NDArray[np.uint32] = characters[(digits @ weights) % 11]
    return found


def _characters(texts: Texts, width: int) -> npt.NDArray[np.uint32]:
    """Code points, a row a text, cut or filled with 0 to `width`."""
    array = np.ascontiguousarray(np.asarray(texts, dtype=f"<U{width}").reshape(-1))
    return array.view("<u4").reshape(-1, width).copy()
