"""The meeting of 六-1: when it is, the invitation to it and the minutes that are filled in there."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from icalendar import Calendar, Component

from checks.results import CheckResult
from facts.model.refusal import Refusal
from reports.month.meeting import ATTENDS, Wishes, meeting_of, when, wishes
from reports.month.model import Meeting, MonthlyReport
from reports.month.month import monthly_report
from reports.papers.docx import render_docx
from reports.papers.docx_minutes import render_minutes
from reports.papers.html import render_html
from reports.papers.invitation import render_invitation

FILE = Path("own.toml")
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(scope="module")
def report(result: CheckResult) -> MonthlyReport:
    return monthly_report(result, "2026-11", "西安交通工程学院", tool_version="0.1.0")


@pytest.fixture(scope="module")
def moved(result: CheckResult) -> MonthlyReport:
    meeting = meeting_of(NOVEMBER, wishes({"date": "2026-11-27", "time": "15:00", "place": "行政楼，3层;会议室"}, FILE))
    return monthly_report(result, "2026-11", "西安交通工程学院", tool_version="0.1.0", meeting=meeting)


def event(data: bytes) -> Component:
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    return found


# -- when ------------------------------------------------------------------------------------------------------------


def test_it_is_on_the_last_wednesday_at_half_past_nine() -> None:
    assert meeting_of(NOVEMBER) == Meeting(date(2026, 11, 25), "9:30")
    assert meeting_of(date(2026, 9, 1)).on == date(2026, 9, 30), "a month that ends on one"
    assert meeting_of(date(2026, 12, 1)).on == date(2026, 12, 30)


def test_it_is_moved_in_the_month_of_the_date_given_and_in_no_other() -> None:
    wished = wishes({"date": "2026-11-27", "time": "15:00", "place": "行政楼"}, FILE)
    assert meeting_of(NOVEMBER, wished) == Meeting(date(2026, 11, 27), "15:00", "行政楼", moved=True)
    assert meeting_of(date(2026, 12, 1), wished) == Meeting(date(2026, 12, 30), "15:00", "行政楼", moved=True)
    assert meeting_of(date(2027, 11, 1), wished).on == date(2027, 11, 24), "the same month of another year"


def test_another_place_alone_does_not_move_it() -> None:
    assert not meeting_of(NOVEMBER, wishes({"place": "行政楼"}, FILE)).moved
    assert not meeting_of(NOVEMBER, wishes({"date": "2026-11-25", "time": "09:30"}, FILE)).moved


def test_dates_and_times_of_toml_itself_are_taken() -> None:
    assert wishes({"date": date(2026, 11, 27), "time": time(15)}, FILE) == Wishes(date(2026, 11, 27), "15:00")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"date": "2026-11-31"}, "date “2026-11-31”不是日期"),
        ({"date": 20261127}, "date “20261127”不是日期"),
        ({"time": "24:00"}, "time “24:00”不是时间"),
        ({"time": "下午三点"}, "time “下午三点”不是时间"),
        ({"time": 15}, "time “15”不是时间"),
        ({"place": "楼" * 101}, "不超过100个字"),
        ({"place": 3}, "不超过100个字"),
        ({"day": "2026-11-27"}, "day 不认得，可用的有：date、time、place"),
    ],
)
def test_what_is_no_day_time_or_place_is_said(given: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=f"^配置文件 own.toml：meeting 里的 .*{said}"):
        wishes(given, FILE)


@pytest.mark.slow
def test_every_output_says_the_same_day_time_and_place(moved: MonthlyReport) -> None:
    said = "2026年11月27日（星期五）15:00，行政楼，3层;会议室"
    assert when(moved.meeting) == said
    assert said in render_html(moved)
    for data in (render_docx(moved), render_minutes(moved)):
        assert any(said in paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    assert said in event(render_invitation(moved))["description"]


# -- the invitation --------------------------------------------------------------------------------------------------


def test_the_invitation_has_the_form_that_calendars_read(moved: MonthlyReport) -> None:
    data = render_invitation(moved)
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    assert all(line.decode("utf-8") is not None for line in lines), "no character is torn by a fold"
    whole = data.replace(b"\r\n ", b"").decode("utf-8")
    assert "LOCATION:行政楼，3层\\;会议室\r\n" in whole
    assert "\\n二、议定：\\n1. " in whole


def test_it_stands_in_the_calendar_at_the_time_of_the_meeting_in_china(report: MonthlyReport) -> None:
    starts = event(render_invitation(report))["dtstart"].dt
    assert starts.isoformat() == "2026-11-25T09:30:00+08:00"
    (zone,) = Calendar.from_ical(render_invitation(report)).walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Shanghai"
    assert b"TZOFFSETTO:+0800\r\n" in render_invitation(report)


def test_the_same_report_gives_the_same_bytes_and_no_clock_is_read(report: MonthlyReport) -> None:
    assert render_invitation(report) == render_invitation(report)
    assert event(render_invitation(report))["dtstamp"].dt.isoformat() == "2026-11-25T00:00:00+00:00"
    earlier = replace(report, result=replace(report.result, as_of=date(2026, 10, 28)))
    assert b"20261028T000000Z" in render_invitation(earlier)


def test_a_meeting_that_is_moved_stays_the_same_in_calendars_and_another_is_another(
    report: MonthlyReport, moved: MonthlyReport
) -> None:
    first, second = event(render_invitation(report)), event(render_invitation(moved))
    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (0, 1)
    others = (replace(report, month=date(2026, 12, 1)), replace(report, college_name="秦岭学院"))
    assert len({first["uid"], *(event(render_invitation(other))["uid"] for other in others)}) == 3


def test_the_agenda_stands_in_it_and_no_student(report: MonthlyReport) -> None:
    said = str(event(render_invitation(report))["description"])
    first, *others = [line for line in said.splitlines() if line[:2] in {f"{n}." for n in range(1, 7)}]
    assert first.startswith("1. 本月数据是否上报：本月数据暂缓上报，待14类违规")
    assert others == [f"{n}. {item.title}（{item.count}）：{item.question}" for n, item in enumerate(report.agenda, 2)]
    assert "结论：暂不宜上报" in said
    assert said.endswith("数据截至2026年11月25日。供2026年11月25日学籍管理工作例会参会人员使用")
    assert not any(entry.short in said for entry in report.entries)


def test_hostile_text_stays_inside_its_line(report: MonthlyReport) -> None:
    item = replace(report.agenda[0], title="甲\r\nEND:VEVENT\nATTACH:x,y;z\\")
    data = render_invitation(replace(report, agenda=(item,)))
    assert data.count(b"\r\nEND:VEVENT\r\n") == 1
    assert b"\r\nATTACH" not in data
    assert "ATTACH:x,y;z\\" in event(data)["description"]


def test_without_a_decision_it_says_so(clean: CheckResult) -> None:
    said = str(event(render_invitation(monthly_report(clean, "2026-11", "秦岭学院")))["description"])
    assert "除是否上报外，没有需要会议议定的事。" in said
    assert "1. 本月数据是否上报：本月数据可以上报，是否同意？" in said
    assert "结论：可以上报" in said


# -- the minutes -----------------------------------------------------------------------------------------------------


def test_the_minutes_have_a_line_for_every_decision_asked_for(report: MonthlyReport) -> None:
    texts = [paragraph.text for paragraph in Document(io.BytesIO(render_minutes(report))).paragraphs]
    heads = [text for text in texts if text.startswith(tuple(f"（{digit}）" for digit in "一二三四五六"))]
    titles = [item.title for item in report.agenda]
    assert [head.split("）")[1].split("（")[0] for head in heads] == ["本月数据是否上报", *titles]
    assert texts.count("会议意见：□同意　□不同意　□另定：\t") == len(report.agenda) + 1
    assert texts.count("完成期限：□2026年12月30日前　□另定：\t") == len(report.agenda)
    assert sum(text.startswith("牵头：") for text in texts) == len(report.agenda)
    assert report.agenda[0].question in texts


@pytest.mark.slow
def test_the_minutes_name_by_number_those_whom_the_meeting_decides_on_and_nobody_else(report: MonthlyReport) -> None:
    document = Document(io.BytesIO(render_minutes(report)))
    assert not any(entry.short in paragraph.text for entry in report.entries for paragraph in document.paragraphs)
    for item, table in zip(report.agenda, document.tables[1:], strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert rows[0] == ["学号", "学院", "情况", "会议意见"]
        assert [row[0] for row in rows[1:]] == [subject.number for subject in item.subjects]
        assert {row[3] for row in rows[1:]} == {""}


def test_a_month_held_back_asks_for_the_day_of_the_new_check_and_a_clean_one_does_not(
    report: MonthlyReport, clean: CheckResult
) -> None:
    def asks(of: MonthlyReport) -> bool:
        return "复核日期：\t" in [each.text for each in Document(io.BytesIO(render_minutes(of))).paragraphs]

    assert asks(report)
    assert not asks(monthly_report(clean, "2026-11", "秦岭学院"))


def test_the_minutes_say_figures_with_their_units(report: MonthlyReport) -> None:
    texts = [paragraph.text for paragraph in Document(io.BytesIO(render_minutes(report))).paragraphs]
    said = next(text for text in texts if text.startswith("教务处通报了"))
    assert "待处理问题259项；违规164项；涉及学生" in said
    assert said.endswith("人。")


def test_the_head_and_every_unit_of_the_regulation_have_a_row_to_sign(report: MonthlyReport) -> None:
    units = Document(io.BytesIO(render_minutes(report))).tables[0]
    rows = [[cell.text for cell in row.cells] for row in units.rows[1:]]
    assert rows[:6] == [["分管校领导", ""], *([unit, ""] for unit in ATTENDS[:-1])]
    assert rows[6:] == [["二级学院（部）：", ""]] * 3


def test_the_minutes_have_the_same_bytes_every_time(report: MonthlyReport) -> None:
    assert render_minutes(report) == render_minutes(report)


def test_a_place_that_is_not_known_is_a_line_to_fill_in(report: MonthlyReport, moved: MonthlyReport) -> None:
    def places(of: MonthlyReport) -> int:
        texts = [paragraph.text for paragraph in Document(io.BytesIO(render_minutes(of))).paragraphs]
        return sum(text.startswith("地点：\t") for text in texts)

    assert (places(report), places(moved)) == (1, 0)


def test_minutes_without_a_decision_say_so(clean: CheckResult) -> None:
    data = render_minutes(monthly_report(clean, "2026-11", "秦岭学院"))
    said = [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]
    assert "除是否上报外，没有需要会议议定的事。" in said


@pytest.mark.office
def test_the_minutes_open_in_libreoffice(report: MonthlyReport, pages: Callable[[bytes], int]) -> None:
    assert 5 <= pages(render_minutes(report)) <= 9
