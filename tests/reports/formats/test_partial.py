"""A rule that found nothing, but could not judge all, is never shown as one that is kept."""

import json
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from checks.outcome import exit_code
from checks.results import CheckResult, gravest, milder
from reports.formats import checked
from reports.month.verdict import verdict

REASON = "3 个候选因有读不出的行未能判定"


@pytest.fixture
def partial(clean: CheckResult) -> CheckResult:
    first, *rest = clean.rules
    tables = {name: replace(table, set_aside=0) for name, table in clean.tables.items()}
    kept = tuple(replace(rule, status="clean", reason=None) for rule in rest)
    return replace(clean, rules=(replace(first, status="partial", reason=REASON), *kept), findings=(), tables=tables)


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "github", "markdown"])
def test_every_format_of_rules_says_so(partial: CheckResult, form: str) -> None:
    text = checked(form, partial, lambda _: True, PurePosixPath("导出"), compared=False)
    if form == "json":
        assert json.loads(text)["rules"][0]["status"] == "partial"
    else:
        assert "部分未判定" in text or "\\u90e8\\u5206\\u672a\\u5224\\u5b9a" in text
    assert REASON in text or REASON in json.dumps(text)


def test_a_reader_of_junit_does_not_take_it_for_passed(partial: CheckResult) -> None:
    text = checked("junit", partial, lambda _: True, PurePosixPath("导出"), compared=False)
    assert text.count("<skipped") == 1


def test_it_is_a_reserve_of_the_verdict_and_fails_a_strict_check(partial: CheckResult) -> None:
    found = verdict(partial)
    assert "1条规则有数据读不出的情况未能判定，不等于没有问题" in [reserve.text for reserve in found.reserves]
    assert found.checked == found.rules
    assert (exit_code(partial, "error", strict=False), exit_code(partial, "error", strict=True)) == (0, 3)


def test_severities_go_from_the_gravest_to_the_mildest() -> None:
    assert gravest(["notice", "error", "warning"]) == "error"
    assert [milder(each) for each in ("error", "warning", "notice")] == ["warning", "notice", "notice"]
