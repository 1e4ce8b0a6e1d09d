from collections.abc import Callable
from datetime import date

import pytest

from checks.results import CheckResult, Finding
from reports.month.agenda_items import AgendaLeft
from reports.month.model import Counts, Meeting, MonthlyReport
from reports.month.month import monthly_report

Make = Callable[..., Finding]


@pytest.fixture(scope="module")
def report(result: CheckResult) -> MonthlyReport:
    return monthly_report(result, "2026-11", "西安交通工程学院", tool_version="0.1.0")


def test_the_meeting_is_on_the_month_s_last_wednesday_unless_it_is_moved(clean: CheckResult) -> None:
    assert monthly_report(clean, "2026-11", "某学院").meeting_on == date(2026, 11, 25)
    moved = monthly_report(clean, "2026-11", "某学院", meeting=Meeting(date(2026, 11, 27), "15:00"))
    assert moved.meeting_on == date(2026, 11, 27)


def test_the_four_figures_count_what_is_open(report: MonthlyReport, result: CheckResult) -> None:
    figures = {figure.label: figure for figure in report.figures}
    assert figures["待处理问题"].value == len(result.findings) - 1
    assert figures["待处理问题"].note == "其中5项由其他问题引起，另有1项已豁免，不计入"
    assert figures["违规"].value == sum(share.counts.error for share in report.offices)
    assert figures["违规"].note == "另有警示87项，提示8项"
    assert (figures["本月新问题"].value, figures["本月新问题"].note) == (None, "没有更早的记录，无从比较")
    concerned = figures["涉及学生"].value
    assert concerned is not None
    assert 0 < concerned < len(result.findings) - 1


def test_the_agenda_has_at_most_five_things_and_says_how_many_are_left(report: MonthlyReport) -> None:
    assert len(report.agenda) == 5
    # Of seventeen broken rules MRK-06 is settled with its cause, and MRK-05 is a notice.
    # Both are on the list all the same, so both are counted as left.
    assert report.agenda_left == AgendaLeft(12, 1, 1)
    assert report.kinds == 17


def test_what_the_pack_asks_the_meeting_to_decide_comes_first(report: MonthlyReport) -> None:
    assert report.agenda[0].rule == "WDR-04"
    assert report.agenda[0].decision.startswith("提请校长办公会研究")
    assert [item.rule for item in report.agenda[1:]] == ["REG-01", "REG-03", "ADM-06", "ADM-01"]
    assert report.agenda[1].proposal == "补办注册，或停止其参加教学活动。"


def test_an_item_names_whom_it_concerns_and_who_answers_for_it(report: MonthlyReport) -> None:
    item = report.agenda[1]
    assert (item.lead, item.support) == ("教务处", "土木工程学院、机械与电气工程学院、交通运输学院等8个学院")
    assert (item.people, item.count) == (48, "48人，48项")
    assert (len(item.subjects), item.subjects_left) == (10, 38)
    assert (item.subjects[0].label, item.subjects[0].number) == ("学号", "2023001000")
    assert item.subjects[0].college == "土木工程学院"


def test_deadlines_fall_into_four_stretches_of_time(report: MonthlyReport) -> None:
    totals = {bucket.name: bucket.counts.total for bucket in report.deadlines}
    assert totals == {"overdue": 54, "week": 8, "month": 0, "later": 4}
    assert sum(totals.values()) + report.without_deadline == report.figures[0].value
    later = report.deadlines[3]
    assert later.provisional == 1
    assert later.earliest is not None
    assert later.earliest.due is not None
    assert later.earliest.due.on == date(2027, 1, 2)


def test_all_six_offices_are_shown_with_their_oldest_case(report: MonthlyReport) -> None:
    assert [share.name for share in report.offices] == [
        "学生处", "财务处", "招生办", "就业指导中心", "教务处", "二级学院",
    ]  # fmt: skip
    assert report.offices[3].counts == Counts()
    assert report.offices[3].oldest is None
    oldest = report.offices[0].oldest
    assert oldest is not None
    assert oldest.rule == "ADM-06"
    assert sum(share.counts.total for share in report.offices) == report.figures[0].value


def test_every_college_is_shown_and_what_concerns_none_comes_last(report: MonthlyReport) -> None:
    assert len(report.colleges) == 11
    assert report.colleges[8].counts.total == 0
    assert report.colleges[-1].name == "学院不明"
    assert sum(share.counts.total for share in report.colleges) == report.figures[0].value


def test_rules_without_a_conclusion_are_read_first(report: MonthlyReport) -> None:
    assert [rule.id for rule in report.rules[:3]] == ["STY-01", "CLS-02", "HND-01"]
    assert report.rules[-1].status == "clean"


def test_a_rule_counts_what_is_open_like_every_other_figure(report: MonthlyReport) -> None:
    assert sum(rule.findings for rule in report.rules) == report.figures[0].value


def test_each_clause_says_how_its_rules_stand(report: MonthlyReport) -> None:
    clauses = {clause.id: clause for clause in report.clauses}
    assert clauses["四-1"].status == "violated"
    assert clauses["附表4"].status == "failed"
    assert clauses["五-1"].status == "not checked"
    assert (clauses["五-4"].status, clauses["五-4"].partly) == ("not checked", True)
    assert clauses["六-2"].status is None
    assert clauses["六-2"].uncovered == "激励措施没有可核查的数据。"


def test_a_rule_that_was_not_selected_is_not_checked_and_says_so(report: MonthlyReport) -> None:
    clause = next(clause for clause in report.clauses if clause.id == "四-2")
    assert [(rule.id, rule.reason) for rule in clause.rules if rule.status == "not checked"] == [
        ("REG-02", "本次未选用")
    ]


def test_the_method_names_data_pack_and_tool(report: MonthlyReport, result: CheckResult) -> None:
    assert report.result.snapshot_sha256 == result.snapshot_sha256
    assert (report.result.pack.id, report.result.pack.version) == ("xjtei-2020", "2026.1")
    assert report.tool_version == "0.1.0"


def test_no_text_of_the_report_holds_a_control_character(report: MonthlyReport) -> None:
    assert all(entry.message.isprintable() for entry in report.entries)
    assert all(row.value.isprintable() for row in report.result.set_aside)
