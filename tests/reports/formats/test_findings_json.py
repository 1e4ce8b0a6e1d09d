import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checks.history.findings_file import as_document
from checks.results import CheckResult, Evidence, Finding
from facts.model.snapshot import SetAside
from reports.formats.findings_json import render_json
from reports.wording.safe_text import plain_texts


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        files("checks.history").joinpath("findings.schema.json").read_text(encoding="utf-8")
    )
    Draft202012Validator.check_schema(loaded)
    return loaded


@pytest.fixture(scope="module")
def document(result: CheckResult) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render_json(result))
    return loaded


def test_the_document_keeps_the_published_schema(
    result: CheckResult, clean: CheckResult, schema: dict[str, Any]
) -> None:
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for one in (result, clean):
        validator.validate(json.loads(render_json(one)))


def test_equal_results_give_equal_bytes(result: CheckResult) -> None:
    again = replace(result, timings={"load": 1.5})
    assert render_json(result) == render_json(again)
    assert render_json(result).endswith("}\n")


@pytest.mark.slow
def test_a_large_document_is_the_one_that_json_writes_at_once(result: CheckResult) -> None:
    large = replace(result, findings=result.findings * 50)
    text = render_json(large)
    assert text == json.dumps(as_document(plain_texts(large)), ensure_ascii=False, indent=2) + "\n"
    assert text.count("\n") > 20_000


def test_keys_stand_in_the_order_of_the_interface(document: dict[str, Any]) -> None:
    assert list(document) == [
        "schema", "as_of", "pack", "packs", "snapshot", "rules", "set_aside", "findings", "summary",
    ]  # fmt: skip
    assert list(document["findings"][0]) == [
        "rule", "pack", "severity", "clause", "owner", "college", "key", "fingerprint", "state", "message", "follows",
        "due_on", "due_provisional", "workdays_late", "evidence",
    ]  # fmt: skip


def test_chinese_stands_as_it_is_and_what_is_missing_is_null(result: CheckResult, document: dict[str, Any]) -> None:
    assert "土木工程学院" in render_json(result)
    first = next(f for f in document["findings"] if f["rule"] == "ADM-05")
    assert (first["college"], first["due_on"], first["workdays_late"]) == (None, None, None)
    assert document["rules"][0]["reason"] is None


def test_a_row_of_a_workbook_is_named_with_its_sheet_and_other_rows_without(
    document: dict[str, Any], result: CheckResult
) -> None:
    marked = next(f for f in document["findings"] if f["rule"] == "MRK-01")
    assert list(marked["evidence"][0]) == ["fact", "file", "sheet", "rows", "fields"]
    assert list(document["findings"][0]["evidence"][0]) == ["fact", "file", "rows", "fields"]
    row = SetAside("fee", "全部.xlsx", "缴费", 3, "应缴金额", "x", "不是金额")
    aside = json.loads(render_json(replace(result, set_aside=(row,))))["set_aside"]
    assert aside[0]["sheet"] == "缴费"


def test_the_summary_counts_what_is_not_waived(document: dict[str, Any], result: CheckResult) -> None:
    summary = document["summary"]
    assert summary["error"] + summary["warning"] + summary["notice"] == len(result.findings) - 1
    assert sum(sum(counts.values()) for counts in summary["by_owner"].values()) == len(result.findings) - 1


def test_offices_and_colleges_without_a_finding_are_named_with_zeros(document: dict[str, Any]) -> None:
    nothing = {"error": 0, "warning": 0, "notice": 0}
    assert document["summary"]["by_owner"]["就业指导中心"] == nothing
    assert document["summary"]["by_college"]["医学院"] == nothing
    assert len(document["summary"]["by_college"]) == 10


def test_an_office_that_only_a_finding_knows_is_counted_too(clean: CheckResult, make: Callable[..., Finding]) -> None:
    found = (make("ADM-01", 0, owner="研究生处", college="新学院"),)
    summary = json.loads(render_json(replace(clean, findings=found)))["summary"]
    assert list(summary["by_owner"])[-1] == "研究生处"
    assert summary["by_college"]["新学院"]["error"] == 1


def test_hostile_text_stays_text(document: dict[str, Any]) -> None:
    message = next(f["message"] for f in document["findings"] if f["rule"] == "ADM-05")
    assert message.startswith("<script>")
    assert message.isprintable()


def test_a_number_that_json_cannot_hold_is_refused(clean: CheckResult, make: Callable[..., Finding]) -> None:
    evidence = Evidence("fee", "缴费.csv", None, (2,), {"owed": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        render_json(replace(clean, findings=(make("ADM-01", 0, evidence=(evidence,)),)))
