"""Dates as an official Chinese document writes them, and the day of the monthly meeting."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from facts.model.refusal import Refusal
from facts.model.values import chinese_date

_ISO_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_WEDNESDAY = 2
MEETING_TIME = "9:30"
"""When the meeting begins (六-1)."""


def short_date(day: date) -> str:
    """2026.11.25, for a narrow column of a printed table."""
    return f"{day.year}.{day.month}.{day.day}"


def chinese_weekday(day: date) -> str:
    """星期三."""
    return "星期" + "一二三四五六日"[day.weekday()]


def chinese_month(month: date) -> str:
    """2026年11月."""
    return f"{month.year}年{month.month}月"


def with_chinese_dates(text: str) -> str:
    """The text with each date such as 2026-11-25 written as 2026年11月25日.

    What only looks like a date (2026-2027-1, 2026-13-01) stays as it is.
    """
    return _ISO_DAY.sub(lambda found: _chinese(found[0]), text)


@lru_cache(4096)
def _chinese(day: str) -> str:
    try:
        return chinese_date(date.fromisoformat(day))
    except ValueError:
        return day


def parse_month(text: str) -> date:
    """The first day of a month that is written as `2026-11`. Raises Refusal if the text is no month."""
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or not 2 <= int(found[1]) <= 9998:  # months before and after it exist
        raise Refusal(f"“{text}”不是月份，请写成 2026-11 的形式")
    return date(int(found[1]), int(found[2]), 1)


def month_of(named: str | None, as_of: date) -> str:
    """The meeting's month as `2026-11`: the `chosen` one, or else the month of `as_of`, the day of the data.

    Raises Refusal if the data are later than the month, or older than the month before it: either is a mistake, and
    the report would take the place of that month's record. Data of the month before are allowed, since a meeting early
    in the month looks at them.
    """
    month = named or f"{as_of:%Y-%m}"
    first = parse_month(month)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if as_of > last:
        raise Refusal(
            f"数据截至{chinese_date(as_of)}，晚于{chinese_month(first)}，不是那个月的报告所能用的；"
            f"请改 --month，要用后来的导出补作那个月的，请加 --as-of {last}"
        )
    if (between := (first.year - as_of.year) * 12 + first.month - as_of.month) > 1:
        raise Refusal(
            f"数据截至{chinese_date(as_of)}，比{chinese_month(first)}早{between}个月，不会是那个月例会要看的；"
            "请改 --month，数据其实较新的，请用 --as-of 写明是哪一天的"
        )
    return month


def meeting_day(month: date) -> date:
    """The last Wednesday of the month, the regulation's day for the meeting (六-1). `month` is any day of it."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return last - timedelta(days=(last.weekday() - _WEDNESDAY) % 7)
