"""The invitation to the meeting, with its agenda, as a calendar file (.ics, RFC 5545)."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDatetime

from facts.model.values import chinese_date
from reports.month.agenda import choice, opening
from reports.month.meeting import ATTENDS, LEADS, purpose, when
from reports.month.model import MonthlyReport
from reports.month.verdict import reporting
from reports.wording.dates import chinese_month

_ZONE = "Asia/Shanghai"
_OFFSET = timedelta(hours=8)
_SINCE = datetime(1991, 9, 15, 2)  # noqa: DTZ001 (local, as a VTIMEZONE has it): the end of China's last summer time


def render_invitation(report: MonthlyReport) -> bytes:
    """The calendar with this one meeting. No clock and no machine's time zones go into it; nobody is named.

    The meeting ends when it ends, so there is no DTEND. It keeps its UID when it is moved, so that calendars move it.
    """
    hour, minute = (int(part) for part in report.meeting.time.split(":"))
    starts = datetime.combine(report.meeting.on, time(hour, minute))
    event = Event()
    event.add("uid", _uid(report))
    event.add("dtstamp", datetime.combine(report.result.as_of, time(), tzinfo=UTC))
    event.add("dtstart", vDatetime(starts), parameters={"TZID": _ZONE})
    event.add("sequence", int(report.meeting.moved))
    event.add("summary", f"{report.college_name}学籍管理工作例会（{chinese_month(report.month)}）")
    if report.meeting.place:
        event.add("location", report.meeting.place)
    event.add("description", "\n".join(_agenda(report)))
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//xuejian//meeting//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_zone())
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(report: MonthlyReport) -> str:
    named = f"{report.college_name}\n{report.month:%Y-%m}"
    return f"{sha256(named.encode()).hexdigest()[:32]}@xuejian.invalid"


def _zone() -> Timezone:
    standard = TimezoneStandard()
    standard.add("dtstart", _SINCE)
    standard.add("tzoffsetfrom", _OFFSET + timedelta(hours=1))
    standard.add("tzoffsetto", _OFFSET)
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", _ZONE)
    zone.add_component(standard)
    return zone


def _agenda(report: MonthlyReport) -> Iterator[str]:
    yield f"时间：{when(report.meeting)}"
    yield f"召集：{LEADS}。参加：{'、'.join(ATTENDS)}"
    yield f"一、通报核查结论：{report.verdict.answer}"
    yield "二、议定："
    yield f"1. 本月数据是否上报：{reporting(report.verdict)}"
    for number, item in enumerate(report.agenda, 2):
        yield f"{number}. {item.title}（{item.count}）：{item.question}"
    yield f"{opening(report)}{choice(report)}"
    yield f"数据截至{chinese_date(report.result.as_of)}。{purpose(report)}"
