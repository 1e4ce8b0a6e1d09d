"""How one cell's text becomes a value: one function a type, used on the distinct texts of a whole column at once.

Each takes the text as exported and returns the value, or raises ValueError with the reason, in Chinese, for the clerk.
Beside the reader of dates stands how a Chinese document writes one.
"""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from facts.model.refusal import CONFIG

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
)
_TIME = re.compile(r"[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:\+08(?::?00)?)?$")
_ZONED = re.compile(r"\d[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_LOST_DIGITS = re.compile(r"\d+(?:[.,]\d*)?[eE]\+\d{1,3}|\d[.,]\d+[eE]\d{1,3}|\d{16,}\.0*")
_NUMBER = re.compile(r"(\d{1,15})\.0*")
_WHOLE = re.compile(r"([+-]?\d+)(?:\.0*)?")
_AMOUNT = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_YEARS = r"(\d{4})年?-?(\d{4})年?(?:学年度?|度)?"
_ACADEMIC_YEAR = re.compile(_YEARS)
_TERM = re.compile(
    _YEARS + r"-?\(?(?:第?0?([123一二三])(?:学期)?|([上下])(?:学期|半年)?|([秋春])季?(?:学期)?)\)?(?:学期)?"
)
_SEASON = re.compile(r"(\d{4})年?-?([秋春])季?(?:学期)?")
_BETWEEN = re.compile("[-‐‑‒–—―−~〜/_至到]+")
_TERMS = {**dict.fromkeys("1一上秋", 1), **dict.fromkeys("2二下春", 2), **dict.fromkeys("3三", 3)}
_EXCEL_EPOCH = date(1899, 12, 30)
_LARGEST_INT = 10**9
_LARGEST_YUAN = Decimal(10) ** 11


class LostDigits(ValueError):
    """The cell is a number, and a number in a cell keeps 15 digits."""


class UnknownWord(ValueError):
    """What the cell says is known to nobody but the school, which may write down what it means: `codes` in its
    settings, whose file is called `settings`."""

    def __init__(self, reason: str, settings: str = CONFIG) -> None:
        self.reason = reason
        super().__init__(f"{reason}，或在 {settings} 用 codes 写明它的意思")


def plain(text: str) -> str:
    """The text without control characters, in half-width form where it has one, and without outer blanks."""
    text = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    text = text if text.isprintable() else "".join(c for c in text if c.isprintable())
    return text.strip().removeprefix("'")


def is_blank(text: str) -> bool:
    """Nothing that a person could see stands in the cell."""
    return not plain(text)


def parse_identifier(text: str) -> str:
    """学号, 身份证号, 考生号, 班级号, 文号: text always.

    Blanks are dropped, full-width characters made half-width, an `x` at the end of 18 made `X`, and what a number is
    written with (`2026010101.0`) left out. Raises LostDigits for a number of more digits than a number keeps.
    """
    value = "".join(plain(text).split())
    if _LOST_DIGITS.fullmatch(value):
        raise LostDigits("这一列是数值型单元格，号码末几位已丢失，请以文本格式导出")
    if found := _NUMBER.fullmatch(value):
        return found[1]
    return value[:-1] + "X" if len(value) == 18 and value[-1] == "x" and value[:-1].isdigit() else value


def parse_text(text: str) -> str:
    """Free text: control characters and outer blanks dropped, nothing else changed (· and rare characters survive)."""
    return "".join(c for c in text if c.isprintable()).strip()


def parse_date(text: str) -> date:
    """ISO, 2026/9/1, 2026.9.1, 20260901, 2026年9月1日, an Excel serial (1900 system); a time of that day may follow."""
    value = _TIME.sub("", plain(text))
    if found := _DATE.fullmatch(value):
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return date(year, month, day)
        except ValueError:
            raise ValueError("没有这一天，请核对日期") from None
    if found := _SERIAL.fullmatch(value):
        return _EXCEL_EPOCH + timedelta(days=int(found[1]))
    if found := _ZONED.search(value):
        raise ValueError(f"时间带有时区（{found[1]}），看不出是北京时间的哪一天，请按北京时间导出")
    raise ValueError("不是日期，请写成 2026-09-01 的形式")


def chinese_date(day: date) -> str:
    """2026年11月25日."""
    return f"{day.year}年{day.month}月{day.day}日"


def parse_academic_year(text: str) -> str:
    """`2026-2027`, however its two years are written: 2026—2027, 2026/2027, 20262027, 2026-2027学年. One year alone may
    be the one in which it begins or the one in which it ends."""
    if (found := _ACADEMIC_YEAR.fullmatch(_joined(text))) and int(found[2]) == int(found[1]) + 1:
        return f"{found[1]}-{found[2]}"
    raise UnknownWord("看不出是哪个学年，请写成 2026-2027 的形式")


def parse_term(text: str) -> str:
    """`2026-2027-1`, however it is written: 2026-2027学年第一学期, 2026—2027-01, 2026-2027(1), 2026年秋季学期. A term's
    number without both years (1, 2026-1) may be a term of several years."""
    value = _joined(text)
    if (found := _TERM.fullmatch(value)) and int(found[2]) == int(found[1]) + 1:
        return f"{found[1]}-{found[2]}-{_TERMS[found[3] or found[4] or found[5]]}"
    if found := _SEASON.fullmatch(value):
        term = _TERMS[found[2]]
        begins = int(found[1]) - (term == 2)  # the spring of a year belongs to the academic year before
        return f"{begins:04d}-{begins + 1:04d}-{term}"
    raise UnknownWord("看不出是哪个学期，请写成 2026-2027-1 的形式")


def _joined(text: str) -> str:
    """Half-width, without blanks, every sign that stands between two years a hyphen; a number without its decimals."""
    value = _BETWEEN.sub("-", "".join(plain(text).split()))
    return found[1] if (found := _NUMBER.fullmatch(value)) else value


def parse_int(text: str, within: tuple[int, int] | None = None) -> int:
    """A whole number, between these two where they are given; `2026.0` is one, `2026级` and `2026.5` are not."""
    value = plain(text).replace(",", "")
    found = _WHOLE.fullmatch(value)
    if not found or abs(number := int(found[1][:20])) > _LARGEST_INT:
        raise ValueError("不是整数，请只填数字")
    if within and not within[0] <= number <= within[1]:
        raise ValueError(not_within(within))
    return number


def parse_money(text: str) -> Decimal:
    """Yuan, exact to the fen; `5,800` and `¥5800.00` are read."""
    value = plain(text).removeprefix("¥").removesuffix("元").replace(",", "").strip()
    amount = Decimal(value) if _AMOUNT.fullmatch(value) else Decimal("NaN")
    if not amount.is_finite() or abs(amount) > _LARGEST_YUAN:
        raise ValueError("不是金额，请写成 5800.00 的形式")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("金额精确到分，小数不超过两位")
    return amount


def parse_code_text(text: str) -> str:
    """The text of a code in the form that code lists use: half-width, no blanks."""
    return "".join(plain(text).split())


def parse_code(text: str, codes: tuple[str, ...]) -> str:
    """One of a closed list."""
    value = parse_code_text(text)
    if value not in codes:
        raise not_in_list(codes)
    return value


def not_within(bounds: tuple[int, int]) -> str:
    return f"应在 {bounds[0]} 到 {bounds[1]} 之间，请核对"


def not_in_list(codes: tuple[str, ...]) -> UnknownWord:
    return UnknownWord(f"不在代码表中，请改为其中之一：{'、'.join(codes)}")
