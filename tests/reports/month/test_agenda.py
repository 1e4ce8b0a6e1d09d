"""What the meeting is asked: how grave, by whom, until when, and whom it concerns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checks.history.values import Comparison, Figures, Run
from checks.results import Answer, CheckResult, Evidence, Finding
from reports.month.agenda import choice, opening
from reports.month.agenda_items import AgendaItem
from reports.month.model import MonthlyReport
from reports.month.month import monthly_report
from reports.month.verdict import reporting

Make = Callable[..., Finding]
LATE = date(2026, 10, 16)


def report_of(clean: CheckResult, *findings: Finding, compared: bool = True, **changes: Any) -> MonthlyReport:
    """A report on these findings; compared: there was one in October."""
    figures = Figures(open=0, error=0, people=0, waived=0)
    before = Run("某学院", "2026-10", date(2026, 10, 28), "", (("xjtei-2020", ""),), "", {}, figures=figures)
    states = {each.fingerprint: each.state for each in findings}
    comparison = Comparison(before, states, {}, (), ()) if compared else None
    return monthly_report(replace(clean, findings=findings), "2026-11", "某学院", comparison, **changes)


def item_of(clean: CheckResult, *findings: Finding, compared: bool = True, **changes: Any) -> AgendaItem:
    (item,) = report_of(clean, *findings, compared=compared, **changes).agenda
    return item


# -- how grave -------------------------------------------------------------------------------------------------------


def test_it_says_how_many_are_overdue_and_since_when(clean: CheckResult, make: Make) -> None:
    late = [make("ADM-01", number, due_on=LATE) for number in range(2)]
    assert item_of(clean, *late, compared=False).facts == "2人均已逾期，最早的2026年10月16日到期"
    some = (*late, make("ADM-01", 5, due_on=None))
    assert item_of(clean, *some, compared=False).facts == "其中2人已逾期，最早的2026年10月16日到期"
    assert item_of(clean, late[0], compared=False).facts == "已逾期，2026年10月16日到期"
    coming = make("ADM-01", 0, due_on=date(2026, 12, 2))
    assert item_of(clean, coming, compared=False).facts == "最早的2026年12月2日到期"


def test_it_says_how_many_are_new_and_back_and_since_when_the_oldest_is_known(clean: CheckResult, make: Make) -> None:
    found = [make("REG-01", number, state=state) for number, state in enumerate(["new", "new", "back", "open"])]
    found[3] = replace(found[3], first_seen=date(2026, 9, 30))
    assert item_of(clean, *found).facts == "其中新2人，解决后又出现1人；最早的2026年9月30日已查出"
    assert item_of(clean, *found[:2]).facts == "均为本月新出现"
    assert item_of(clean, found[3]).facts == "最早的2026年9月30日已查出"


def test_it_says_what_was_answered_of_them_before(clean: CheckResult, make: Make) -> None:
    found = [make("REG-01", number, state="open") for number in range(3)]
    fixed, disputed = Answer("fixed", "2026-10"), Answer("disputed", "2026-09")
    said = [replace(found[0], answer=fixed), replace(found[1], answer=fixed), replace(found[2], answer=disputed)]
    assert item_of(clean, *said).facts == "上月称已改仍在的2人、2026年9月答复为不属实的1人"


def test_without_an_earlier_report_nothing_is_called_new(clean: CheckResult, make: Make) -> None:
    assert item_of(clean, make("REG-01", 0), compared=False).facts == ""


# -- who, until when -------------------------------------------------------------------------------------------------


def test_the_office_leads_and_the_colleges_of_the_findings_take_part(clean: CheckResult, make: Make) -> None:
    item = item_of(clean, make("REG-01", 0), make("REG-01", 1, owner="学生处"), make("REG-01", 8))
    assert (item.lead, item.support) == ("教务处", "学生处、土木工程学院、机械与电气工程学院")


def test_where_the_colleges_answer_for_it_they_are_named_and_lead(clean: CheckResult, make: Make) -> None:
    item = item_of(clean, make("WDR-04", 0), make("WDR-04", 1))
    assert (item.lead, item.support) == ("土木工程学院、机械与电气工程学院", "")
    assert item_of(clean, make("WDR-04", 0, college=None)).lead == "二级学院"


def test_it_is_to_be_done_before_the_next_meeting(clean: CheckResult, make: Make) -> None:
    assert item_of(clean, make("REG-01", 0)).until == "2026年12月30日（下次例会）前"
    assert item_of(clean, make("ADM-01", 0, due_on=LATE)).until == "2026年12月30日（下次例会）前"
    moved = item_of(clean, make("REG-01", 0), following=date(2026, 12, 23))
    assert moved.until == "2026年12月23日（下次例会）前"


def test_december_s_next_meeting_is_in_january(clean: CheckResult, make: Make) -> None:
    report = monthly_report(replace(clean, findings=(make("REG-01", 0),)), "2026-12", "某学院")
    assert report.agenda[0].by == date(2027, 1, 27)


def test_a_deadline_of_the_regulation_that_is_still_ahead_goes_before_the_meeting(
    clean: CheckResult, make: Make
) -> None:
    soon, later = date(2026, 12, 2), date(2027, 1, 4)
    late = make("WDR-01", 0, due_on=LATE)
    assert item_of(clean, late, make("WDR-01", 1, due_on=soon)).until == "2026年12月2日（规定的期限）前"
    assert item_of(clean, make("WDR-01", 1, due_on=later)).until == "2027年1月4日（规定的期限）前"
    assert item_of(clean, late, make("WDR-01", 1, due_on=later)).by_what == "下次例会"


# -- the question ----------------------------------------------------------------------------------------------------


def test_every_item_ends_in_a_question(clean: CheckResult, make: Make) -> None:
    report = report_of(clean, make("WDR-04", 0), make("REG-01", 0))
    assert [item.question for item in report.agenda] == [
        "提请校长办公会研究：确属自动流失的，按退学程序办理？是否同意：核实去向，确属流失的上报学生处？",
        "是否同意：补办注册，或停止其参加教学活动？",
    ]


def test_the_opening_counts_each_person_once_and_says_what_is_left(clean: CheckResult, make: Make) -> None:
    report = report_of(clean, make("WDR-04", 0), make("REG-01", 0), make("REG-01", 1), make("MRK-05", 0))
    assert opening(report) == "除是否上报外，共2件，涉及3项、2人。"
    assert choice(report) == (
        "先列处理办法须由会议决定的，再依次列违规和警示中项数多的，至多5件。"
        "另有1类问题（含提示1类），由责任单位按清单处理，不提请会议议定。"
    )


def test_with_nothing_open_there_is_nothing_to_choose(clean: CheckResult) -> None:
    assert choice(report_of(clean)) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "本月数据可以上报，是否同意？"),
        ({"tables_absent": ("毕业",)}, "本月数据可以上报（有保留：缺少1张数据表），是否同意？"),
    ],
)
def test_a_month_that_is_ready_is_reported_with_its_reserves(
    clean: CheckResult, changes: dict[str, Any], said: str
) -> None:
    assert reporting(monthly_report(replace(clean, **changes), "2026-11", "某学院").verdict) == said


def test_a_month_that_is_not_is_held_back_until_what_is_named_is_done(clean: CheckResult, make: Make) -> None:
    broken = report_of(clean, make("ADM-01", 0), make("ADM-01", 1), make("REG-01", 0))
    assert reporting(broken.verdict) == "本月数据暂缓上报，待2类违规（3项）整改、复核后再报，是否同意？"
    failed = replace(clean, rules=(replace(clean.rules[0], status="failed"), *clean.rules[1:]))
    assert reporting(report_of(failed).verdict) == (
        "本月数据暂缓上报，待1条核查失败的规则查明原因、复核后再报，是否同意？"
    )
    nothing = replace(clean, rules=())
    assert reporting(report_of(nothing).verdict) == (
        "本月数据不足（没有一条规则得到核查），不能判断能否上报，暂缓上报，待补齐数据、复核后再报，是否同意？"
    )


# -- whom it concerns ------------------------------------------------------------------------------------------------


def test_a_person_with_two_findings_stands_there_once_with_both(clean: CheckResult, make: Make) -> None:
    one = make("IDN-03", 0, message="2023001000 的号码不合规")
    other = make("IDN-03", 1, key=one.key, evidence=(), message="学籍表的号码不合规")
    item = item_of(clean, one, other)
    assert item.count == "1人，2项"
    assert [(each.number, each.case) for each in item.subjects] == [("2023001000", "号码不合规；学籍表的号码不合规")]
    third = make("IDN-03", 2, key=one.key, evidence=(), message="迎新表的号码不合规")
    assert item_of(clean, one, other, third).subjects[0].case.endswith("；等3项")


def test_a_masked_number_gives_way_to_the_student_number_of_the_evidence(clean: CheckResult, make: Make) -> None:
    item = item_of(clean, make("IDN-01", 0))
    assert (item.subjects[0].label, item.subjects[0].number) == ("学号", "2023001000")
    assert item.heads == ("学号", "学院", "情况")


def test_a_masked_number_is_shown_where_there_is_no_other(clean: CheckResult, make: Make) -> None:
    item = item_of(clean, make("IDN-01", 0, evidence=()), make("IDN-01", 1, evidence=()))
    assert [(each.label, each.number) for each in item.subjects] == [("身份证号", "***000X"), ("身份证号", "***001X")]


def test_what_concerns_nobody_is_not_counted_as_people(clean: CheckResult, make: Make) -> None:
    evidence = (Evidence("class", "班级.csv", None, (2,), {"class_no": "B1"}),)
    item = item_of(clean, make("CLS-01", 0, key={"class_no": "B1"}, evidence=evidence))
    assert (item.count, item.heads[0], item.subjects[0].number) == ("1项", "对象", "B1")


def test_those_longest_overdue_come_first(clean: CheckResult, make: Make) -> None:
    dates = (None, date(2026, 11, 1), LATE)
    item = item_of(clean, *(make("ADM-01", number, due_on=day) for number, day in enumerate(dates)))
    assert [each.number[-3:] for each in item.subjects] == ["002", "001", "000"]
