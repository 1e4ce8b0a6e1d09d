"""Citizens' identity numbers by GB 11643-1999: whether one is valid, and the sex and birth date that it states.

The 18 places are area (6), birth date (8), sequence (3, odd for men) and a check character (ISO 7064 MOD 11-2).
Everything works on whole arrays of distinct texts, because a table has tens of thousands of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from facts.model.hidden import CHECK_CHARACTERS, LENGTH, PROVINCES

FLAWS = (
    "",
    "不是 18 位",
    "前 17 位应为数字，末位应为数字或 X",
    "前两位不是省级代码",
    "出生日期不存在或晚于数据截至日期",
    "校验码不对",
)
"""What may be wrong with a number, in the order in which it is looked for."""

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
