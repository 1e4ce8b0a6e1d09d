"""The meeting itself (六-1): the last Wednesday of the month at 9:30, unless the school has moved it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from facts.model.refusal import Refusal
from facts.model.values import chinese_date
from reports.month.model import Meeting, MonthlyReport
from reports.wording.dates import MEETING_TIME, chinese_weekday, meeting_day
from reports.wording.safe_text import plain_text

LEADS = "教务处"
ATTENDS = ("教务处", "财务处", "学生处", "招生办", "就业指导中心", "各二级学院（部）")
"""Who leads it and who comes to it (六-1)."""
MOST_PLACE = 100
_KNOWN = ("date", "time", "place")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Wishes:
    """What the school has arranged otherwise: `on` moves the meeting of the month in which it lies, and no other one;
    `time` and `place` hold for every month."""

    on: date | None = None
    time: str = MEETING_TIME
    place: str = ""


def wishes(table: Mapping[str, Any], file: Path) -> Wishes:
    """[meeting] of the settings, which stand in `file`; Refusal where it says what can't be."""
    try:
        for name in table:
            if name not in _KNOWN:
                raise ValueError(f"{name} 不认得，可用的有：{'、'.join(_KNOWN)}")
        return Wishes(_day(table.get("date")), _time(table.get("time", MEETING_TIME)), _place(table.get("place", "")))
    except ValueError as error:
        raise Refusal(f"配置文件 {file}：meeting 里的 {error}") from None


def meeting_of(month: date, wished: Wishes | None = None) -> Meeting:
    """The meeting of a month (its first day)."""
    wished = wished or Wishes()
    regular, on = meeting_day(month), wished.on
    if on is None or (on.year, on.month) != (month.year, month.month):
        on = regular
    return Meeting(on, wished.time, wished.place, (on, wished.time) != (regular, MEETING_TIME))


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def when(meeting: Meeting) -> str:
    """2026年11月25日（星期三）9:30，行政楼."""
    place = f"，{meeting.place}" if meeting.place else ""
    return f"{chinese_date(meeting.on)}（{chinese_weekday(meeting.on)}）{meeting.time}{place}"


def purpose(report: MonthlyReport) -> str:
    """What a file of the report is for, and who may have it."""
    shown = "；姓名和身份证号未遮盖，须按个人信息保管" if report.result.personal_shown else ""
    return f"供{chinese_date(report.meeting_on)}学籍管理工作例会参会人员使用{shown}"


def _day(value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"date “{value}”不是日期，请写成 2026-11-27 的形式") from None


def _time(value: Any) -> str:
    text = f"{value:%H:%M}" if type(value) is time else value
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"time “{value}”不是时间，请写成 15:00 的形式")
    return f"{int(found[1])}:{found[2]}"


def _place(value: Any) -> str:
    place = plain_text(value).strip() if isinstance(value, str) else None
    if place is None or len(place) > MOST_PLACE:
        raise ValueError(f"place 应是不超过{MOST_PLACE}个字的地点")
    return place
