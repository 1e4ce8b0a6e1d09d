"""What conditions mean, judged by the real engine: missing values, dates, money, text, lists and tables."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.examples import run_example
from rules.pack import load_pack

PARAMETERS = """\
parameters:
  grace: {title: 宽限, type: int, unit: 天, value: 14}
  limits: {title: 上限, type: int, shape: table, value: {休学: 2}}
  leaves: {title: 休假, type: text, shape: list, value: [休学, 保留学籍]}
"""
USES = "until > issued_on + params.grace or workdays_left > params.limits[kind] or kind in params.leaves or not "
"""Every parameter must be used; each is missing in an empty change."""

Judge = Callable[..., bool]


@pytest.fixture
def holds(school: Callable[..., Path]) -> Judge:
    """Whether a condition holds on one change, issued at as_of minus nothing: the fields given, the others missing."""

    def judged(condition: str, change: Mapping[str, Any] = {}, kind: str = "change", key: str = "change_no") -> bool:
        fact = {key: "C1", **change}
        example = {"name": "这一例", "as_of": "2026-11-25", "facts": {kind: [fact]}, "finds": []}
        other = {"name": "另一例", "as_of": "2026-11-25", "facts": {kind: []}, "finds": [{key: "C1"}]}
        data = {
            "id": "TST-02", "title": "例", "title_en": "Case", "clause": "四-5", "severity": "error", "owner": "教务处",
            "per": [f"{kind}.{key}"], "when": [{kind: condition}], "message": "有", "remedy": "无",
            "examples": [yaml.safe_load(yaml.safe_dump(e, allow_unicode=True)) for e in (example, other)],
        }  # fmt: skip
        for each in data["examples"]:
            each["as_of"] = yaml.safe_load("2026-11-25")
        folder = school(
            {"parameters: {}\n": PARAMETERS},
            {'kind == "休学" and until < as_of': USES + "(kind is None)"},
            {"4/TST-02.yaml": yaml.safe_dump(data, allow_unicode=True, sort_keys=False)},
        )
        pack = load_pack(folder)
        result = run_example(pack, pack.rule("TST-02"), 0)
        assert result.reason is None
        return bool(result.found)

    return judged


@pytest.mark.parametrize(
    ("condition", "change", "expected"),
    [
        # a comparison with a missing value is false, whatever the comparison
        ('kind == "休学"', {}, False),
        ('kind != "休学"', {}, False),
        ('kind == "休学" or kind != "休学"', {}, False),
        ("until < as_of", {}, False),
        ("until == issued_on", {}, False),
        ('kind in ["休学"]', {}, False),
        ('kind not in ["休学"]', {}, False),
        ("has_record", {}, False),
        # … so that its negation holds
        ('not (kind == "休学")', {}, True),
        ('not (kind in ["休学"])', {}, True),
        # and missing is asked for by name
        ("until is None", {}, True),
        ("until is not None", {}, False),
        ("until is None", {"until": "2026-11-24"}, False),
        # dates compare as calendar dates, the boundary day and the day after
        ("until < as_of", {"until": "2026-11-24"}, True),
        ("until < as_of", {"until": "2026-11-25"}, False),
        ("until <= as_of", {"until": "2026-11-25"}, True),
        ('until > "2026-11-24"', {"until": "2026-11-25"}, True),
        ("as_of > until + 14", {"until": "2026-11-11"}, False),
        ("as_of > until + 14", {"until": "2026-11-10"}, True),
        ("as_of > until + params.grace", {"until": "2026-11-10"}, True),
        ("as_of - 14 > until", {"until": "2026-11-10"}, True),
        ("as_of - 14 > until", {"until": "2026-11-11"}, False),
        ('"2026-11-01" <= until < "2026-12-01"', {"until": "2026-11-30"}, True),
        ('"2026-11-01" <= until < "2026-12-01"', {"until": "2026-12-01"}, False),
        # text and lists
        ('document_no == "007"', {"document_no": "007"}, True),
        ('document_no == "7"', {"document_no": "007"}, False),
        ('kind not in ["休学"]', {"kind": "复学"}, True),
        ("kind in params.leaves", {"kind": "保留学籍"}, True),
        ("kind in params.leaves", {"kind": "复学"}, False),
        ("from_major != to_major", {"from_major": "机械", "to_major": "机械"}, False),
        ("from_major != to_major", {"from_major": "机械", "to_major": "土木"}, True),
        ("from_major < to_major", {"from_major": "a", "to_major": "b"}, True),
        # and, or, not
        ('kind == "休学" and until is None', {"kind": "休学"}, True),
        ('kind == "复学" or kind == "休学"', {"kind": "休学"}, True),
        ('not (kind == "休学" and until is not None)', {"kind": "休学"}, True),
        ("until is None and (issued_on is None or kind is None)", {"kind": "休学"}, True),
        # of constants alone
        ("1 < 2", {}, True),
        ("2 < 1", {}, False),
        ('as_of >= "2026-11-25"', {}, True),
        ('as_of > "2026-11-25"', {}, False),
    ],
)  # fmt: skip
def test_what_a_condition_means(holds: Judge, condition: str, change: Mapping[str, Any], expected: bool) -> None:
    assert holds(condition, change) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("owed > 5800", False), ("owed >= 5800", True), ("owed > 5799.99", True), ("owed == 5800.00", True),
        ("owed in [5800]", True), ("settled", False), ("not settled", True), ("paid < 0.01", True),
    ],
)  # fmt: skip
def test_money_is_compared_to_the_fen(holds: Judge, condition: str, expected: bool) -> None:
    fees = {"academic_year": "2026-2027", "payable": 5800, "paid": 0, "relief": 0, "owed": 5800, "settled": False}
    assert holds(condition, fees, "fee_account", "student_no") is expected


@pytest.mark.parametrize(("kind", "count", "expected"), [("休学", 3, True), ("休学", 2, False), ("复学", 99, False)])
def test_a_table_without_the_key_says_nothing(holds: Judge, kind: str, count: int, expected: bool) -> None:
    fact = {"change_no": "C1", "kind": kind, "issued_on": "2026-11-24"}
    condition = f"{count} > params.limits[kind]"
    assert holds(condition, fact) is expected
