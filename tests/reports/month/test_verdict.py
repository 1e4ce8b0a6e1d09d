from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from checks.results import CheckResult, Finding
from reports.month.model import Verdict
from reports.month.month import monthly_report
from reports.month.verdict import reporting, verdict

Make = Callable[..., Finding]


def verdict_of(result: CheckResult, month: str = "2026-11") -> Verdict:
    return monthly_report(result, month, "某学院").verdict


def texts(verdict: Verdict) -> Sequence[str]:
    return [reserve.text for reserve in verdict.reserves]


def test_a_month_without_findings_and_reserves_can_be_reported(clean: CheckResult) -> None:
    assert verdict_of(clean) == Verdict(True, (), 21, 21, (), ())


def test_an_open_error_stands_in_the_way_with_its_rule(clean: CheckResult, make: Make) -> None:
    verdict = verdict_of(replace(clean, findings=(make("ADM-01", 0), make("ADM-01", 1))))
    assert not verdict.ready
    assert [(blocker.rule, blocker.findings) for blocker in verdict.blockers] == [("ADM-01", 2)]


def test_warnings_notices_and_waived_errors_do_not(clean: CheckResult, make: Make) -> None:
    found = (make("REG-09", 0), make("MRK-05", 0), make("ADM-01", 0, state="waived"))
    assert verdict_of(replace(clean, findings=found)).ready


def test_a_failed_rule_stands_in_the_way_with_its_reason(clean: CheckResult) -> None:
    rules = (replace(clean.rules[0], status="failed", reason=None), *clean.rules[1:])
    verdict = verdict_of(replace(clean, rules=rules))
    assert not verdict.ready
    assert verdict.blockers[0].reason == "核查中出错"


def test_a_rule_not_checked_leaves_the_month_ready_but_is_named(clean: CheckResult) -> None:
    rules = (replace(clean.rules[0], status="not checked", reason="缺少校历"), *clean.rules[1:])
    verdict = verdict_of(replace(clean, rules=rules))
    assert verdict.ready
    assert verdict.checked == 20
    assert texts(verdict) == ["1条规则未核查，不等于没有问题"]
    assert verdict.reserves[0].items[0].value == "未报到新生超期未清理：缺少校历"


def test_where_no_rule_came_to_a_conclusion_the_month_is_not_ready(clean: CheckResult) -> None:
    rules = tuple(replace(rule, status="not checked", reason="缺少校历") for rule in clean.rules)
    assert not verdict_of(replace(clean, rules=rules)).ready
    assert not verdict_of(replace(clean, rules=())).ready


def test_too_little_data_is_said_first_and_the_month_can_not_be_reported(clean: CheckResult, make: Make) -> None:
    tables = {name: each for name, each in clean.tables.items() if name != "student"}
    short = verdict_of(replace(clean, tables=tables))
    assert not short.ready
    assert short.answer == "数据不足，不能判断"
    assert reporting(short) == (
        "本月数据不足（没有可用的在校生数据），不能判断能否上报，暂缓上报，待补齐数据、复核后再报，是否同意？"
    )
    broken = verdict_of(replace(clean, tables=tables, findings=(make("ADM-01", 0),)))
    assert broken.answer == "数据不足，不能判断；另有影响上报的问题，暂不宜上报"
    assert "待补齐数据、1类违规（1项）整改、复核后再报" in reporting(broken)


def test_everything_that_limits_trust_is_said(result: CheckResult) -> None:
    assert texts(verdict_of(result, "2026-12")) == [
        "2条规则未核查，不等于没有问题",
        "1条规则只核查了一部分",
        "1条规则本次未选用",
        "缺少2张数据表",
        "3行数据无法读取，已搁置，与之相关的情况不下结论",
        "1项期限为暂定：所在年份的工作日安排尚未公布",
        "数据截至2026年11月25日，不在2026年12月之内",
    ]


def test_a_month_of_another_year_is_another_month(clean: CheckResult) -> None:
    assert len(verdict_of(replace(clean, as_of=date(2025, 11, 26))).reserves) == 1


def test_a_table_without_a_row_is_a_reserve_and_never_looks_like_clean(clean: CheckResult) -> None:
    name, table = next(iter(clean.tables.items()))
    emptied = replace(clean, tables={**clean.tables, name: replace(table, read=0, accepted=0)})
    (reserve,) = [r for r in verdict(emptied).reserves if "没有一行数据" in r.text]
    assert [item.label for item in reserve.items] == [table.heading]
