"""The sum from the report before to this one: it holds whatever becomes of a finding, or it is not printed."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from months import checked, found, remember, store_in

from checks.history.store import compared
from checks.results import CheckResult
from reports.month.bridge import bridge
from reports.month.model import MonthlyReport
from reports.month.month import monthly_report
from reports.papers.html import render_html

A, B, C, D = (found("REG-01", str(number)) for number in range(4))
LATE, SOON = found("MRK-01", "YD1"), found("MRK-05", "YD1")
Month = Callable[[str, CheckResult], MonthlyReport]


@pytest.fixture
def month(tmp_path: Path) -> Month:
    store = store_in(tmp_path)

    def report(name: str, result: CheckResult) -> MonthlyReport:
        comparison = remember(store, name, result)
        return monthly_report(compared(result, comparison), name, "秦岭学院", comparison)

    return report


def holds(said: str) -> bool:
    """The printed sum, worked out."""
    left, right = said.split(" ＝ ")
    first, *terms = re.split(r" (?=[−＋])", left)
    result = int(first.rpartition("月")[2].removesuffix("项"))
    for term in terms:
        result += int(re.sub(r"\D", "", term)) * (1 if term[0] == "＋" else -1)
    return result == int(right.rpartition("月")[2].removesuffix("项"))


def test_what_was_solved_and_what_is_new_and_back_make_the_difference(month: Month) -> None:
    month("2026-09", checked("2026-09-30", [A]))
    month("2026-10", checked("2026-10-28", [B, C]))
    report = month("2026-11", checked("2026-11-25", [A, C, D]))
    assert report.bridge == "2026年10月2项 − 已解决1 ＋ 新1 ＋ 再现1 ＝ 2026年11月3项"
    assert f'<p class="bridge">{report.bridge}</p>' in render_html(report)


def test_what_became_graver_leaves_as_one_and_comes_as_the_other(month: Month) -> None:
    month("2026-10", checked("2026-10-28", [SOON]))
    report = month("2026-11", checked("2026-11-25", [LATE]))
    assert report.bridge == "2026年10月1项 − 已转重1 ＋ 新1 ＝ 2026年11月1项"


def test_what_a_retired_rule_or_one_not_checked_had_found_is_no_progress(month: Month) -> None:
    month("2026-10", checked("2026-10-28", [A, LATE]))
    report = month("2026-11", checked("2026-11-25", states={"REG-01": "not checked"}, rules=("REG-01",)))
    assert report.bridge == "2026年10月2项 − 情况不明2 ＝ 2026年11月0项"


def test_what_was_found_before_a_month_without_a_conclusion_is_counted_in_again(month: Month) -> None:
    month("2026-09", checked("2026-09-30", [A]))
    month("2026-10", checked("2026-10-28", states={"REG-01": "not checked"}))
    report = month("2026-11", checked("2026-11-25", [A]))
    assert report.bridge == "2026年10月0项 ＋ 更早查出1 ＝ 2026年11月1项"


def test_a_waiver_takes_out_what_was_open_and_its_end_brings_it_back(month: Month) -> None:
    excused = replace(A, state="waived")
    month("2026-09", checked("2026-09-30", [A, B]))
    assert month("2026-10", checked("2026-10-28", [excused, B])).bridge == "2026年9月2项 − 已豁免1 ＝ 2026年10月1项"
    assert month("2026-11", checked("2026-11-25", [A, B])).bridge == "2026年10月1项 ＋ 豁免到期1 ＝ 2026年11月2项"


def test_what_was_waived_and_is_gone_changes_nothing(month: Month) -> None:
    month("2026-10", checked("2026-10-28", [replace(A, state="waived"), B]))
    assert month("2026-11", checked("2026-11-25", [B])).bridge == "2026年10月1项 ＝ 2026年11月1项"


@pytest.mark.slow
def test_it_holds_for_everything_that_can_become_of_three_findings(tmp_path: Path) -> None:
    # After a month with A and C, each of A and B is there, waived or gone in two more.
    fates = ("open", "waived", "absent")
    for number, plan in enumerate(product(product(fates, repeat=2), repeat=2)):
        store = store_in(tmp_path / str(number))
        reports = []
        for place, name in enumerate(("2026-09", "2026-10", "2026-11")):
            kept = [(each, fate[place - 1]) for each, fate in zip((A, B), plan, strict=True) if place]
            here = [replace(each, state="new" if fate == "open" else fate) for each, fate in kept if fate != "absent"]
            result = checked(f"{name}-25", [*here, C] if place else [A, C])
            comparison = remember(store, name, result)
            reports.append(monthly_report(compared(result, comparison), name, "秦岭学院", comparison))
        assert not reports[0].bridge
        for report in reports[1:]:
            assert holds(report.bridge), (plan, report.bridge)
            assert report.total.before is not None
            assert report.bridge.split("项")[0].endswith(f"月{report.total.before}")


def test_a_sum_that_does_not_come_out_is_not_printed(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    remember(store, "2026-10", checked("2026-10-28", [A]))
    comparison = remember(store, "2026-11", checked("2026-11-25", [A, B]))
    assert bridge(comparison, "2026-11", 2)
    assert bridge(comparison, "2026-11", 3) == ""
    report = monthly_report(checked("2026-11-25", [A, B, C]), "2026-11", "秦岭学院", comparison)
    assert 'class="bridge"' not in render_html(report)


def test_without_a_report_before_there_is_no_sum() -> None:
    report = monthly_report(checked("2026-11-25", [A]), "2026-11", "秦岭学院")
    assert (report.bridge, report.total.before) == ("", None)


def test_each_office_and_college_stands_beside_its_number_of_last_time(month: Month) -> None:
    month("2026-10", checked("2026-10-28", [A, LATE, replace(B, college="医学院"), replace(C, state="waived")]))
    report = month("2026-11", checked("2026-11-25", [A, D]))
    offices = {share.name: (share.before, share.counts.total) for share in report.offices}
    assert (offices["学生处"], offices["教务处"], offices["财务处"]) == ((1, 0), (2, 2), (0, 0))
    assert {share.name: share.before for share in report.colleges} == {"医学院": 1, "土木工程学院": 2}
    assert (report.total.before, report.total.counts.total, report.total.new) == (3, 2, 1)
