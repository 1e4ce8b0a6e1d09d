"""Waivers hide nothing: what is waived stays on the list, and comes back on the day after, or when it grows."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from months import SECRET, checked, found

from checks.findings import fingerprints
from checks.findings.waivers import load_waivers, waived
from checks.outcome import exit_code
from checks.results import CheckResult, Finding
from rules.errors import RuleError

ANNA, BELA, CARL = (found("REG-01", f"202301010{n}") for n in (1, 2, 3))
KEY = ("student_no", "term", "id_number")
RULES = {"MRK-01": KEY, "MRK-05": KEY, "REG-01": KEY}
ONE = """
waivers:
  - rule: REG-01
    key: {student_no: "2023010101"}
    reason: 校长办公会已同意缓注册
    approver: 教务处负责人
    until: 2026-11-25
"""


def applied(tmp_path: Path, text: str, result: CheckResult, name: str = "waivers.yaml") -> CheckResult:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return waived(result, load_waivers(tmp_path / name, RULES), SECRET)


def states(result: CheckResult) -> dict[str, str]:
    return {finding.key["student_no"][-1]: finding.state for finding in result.findings}


def said(result: CheckResult) -> list[tuple[str, str]]:
    return [(note.code, note.text) for note in result.notes]


def test_a_waived_finding_stays_on_the_list_with_who_answers_for_it_and_until_when(tmp_path: Path) -> None:
    result = applied(tmp_path, ONE, checked("2026-11-24", [ANNA, BELA]))
    assert states(result) == {"1": "waived", "2": "new"}
    waiver = result.findings[0].waiver
    assert waiver is not None
    assert (waiver.reason, waiver.approver, waiver.until) == (
        "校长办公会已同意缓注册", "教务处负责人", date(2026, 11, 25),
    )  # fmt: skip
    assert result.notes == ()
    assert result.rules == checked("2026-11-24", [ANNA, BELA]).rules


def test_it_holds_on_its_last_day_and_not_on_the_day_after(tmp_path: Path) -> None:
    assert states(applied(tmp_path, ONE, checked("2026-11-25", [ANNA]))) == {"1": "waived"}
    after = applied(tmp_path, ONE, checked("2026-11-26", [ANNA]))
    assert states(after) == {"1": "new"}
    assert said(after) == [
        ("waiver expired", "豁免 REG-01（student_no=2023010101） 已于2026-11-25到期，不再适用，1项重新计入")
    ]


def test_waived_findings_do_not_fail_a_check_and_expired_waivers_do(tmp_path: Path) -> None:
    assert exit_code(applied(tmp_path, ONE, checked("2026-11-25", [ANNA])), "error", strict=False) == 0
    assert exit_code(applied(tmp_path, ONE, checked("2026-11-26", [ANNA])), "error", strict=False) == 1


def test_a_waiver_that_matches_nothing_is_told(tmp_path: Path) -> None:
    assert said(applied(tmp_path, ONE, checked("2026-11-25", [BELA])))[0][0] == "waiver unused"


def test_whether_a_waiver_is_used_is_not_known_where_its_rule_was_not_checked(tmp_path: Path) -> None:
    assert said(applied(tmp_path, ONE, checked("2026-11-25", states={"REG-01": "not checked"}))) == []


COUNTED = """
[[waivers]]
rule = "REG-01"
reason = "系统原因，已报修"
approver = "分管校领导"
until = 2026-12-31
count = 2
"""


def test_an_accepted_head_count_comes_back_whole_when_it_grows(tmp_path: Path) -> None:
    two = applied(tmp_path, COUNTED, checked("2026-11-25", [ANNA, BELA]), "waivers.toml")
    assert states(two) == {"1": "waived", "2": "waived"}
    three = applied(tmp_path, COUNTED, checked("2026-11-25", [ANNA, BELA, CARL]), "waivers.toml")
    assert states(three) == {"1": "new", "2": "new", "3": "new"}
    assert said(three) == [("waiver outgrown", "豁免 REG-01 认可2项，现有3项，已超出，全部重新计入")]


def by_id(number: str) -> Finding:
    """IDN-01 as it is shown: its identity number masked, its fingerprint made of the whole one."""
    shown = fingerprints.fingerprint(SECRET, "REG-01", {"id_number": number})
    return replace(ANNA, key={"id_number": f"***{number[-4:]}"}, fingerprint=shown)


@pytest.mark.parametrize(
    ("key", "state"), [("11010119900307001X", "waived"), ("***001X", "new"), ("22020219900307001X", "new")]
)
def test_a_masked_number_is_matched_whole_and_never_by_its_last_four(tmp_path: Path, key: str, state: str) -> None:
    text = ONE.replace('student_no: "2023010101"', f'id_number: "{key}"')
    assert applied(tmp_path, text, checked("2026-11-25", [by_id("11010119900307001X")])).findings[0].state == state


def test_a_finding_is_named_by_its_fingerprint_too(tmp_path: Path) -> None:
    text = ONE.replace('key: {student_no: "2023010101"}', f"fingerprint: {BELA.fingerprint}")
    assert states(applied(tmp_path, text, checked("2026-11-25", [ANNA, BELA]))) == {"1": "new", "2": "waived"}


def test_a_part_of_the_key_covers_all_that_bear_it(tmp_path: Path) -> None:
    both = [
        replace(found("REG-01", n), key={"student_no": n, "term": term})
        for n, term in (("2023010101", "2026-2027-1"), ("2023010102", "2025-2026-2"))
    ]
    text = ONE.replace('student_no: "2023010101"', "term: 2025-2026-2")
    assert states(applied(tmp_path, text, checked("2026-11-25", both))) == {"1": "new", "2": "waived"}


def test_a_term_is_known_however_the_waiver_writes_it(tmp_path: Path) -> None:
    one = replace(found("REG-01", "2023010101"), key={"student_no": "2023010101", "term": "2025-2026-2"})
    text = ONE.replace('student_no: "2023010101"', "term: 2025-2026学年第二学期")
    assert states(applied(tmp_path, text, checked("2026-11-25", [one]))) == {"1": "waived"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("    reason: 校长办公会已同意缓注册\n", ""), r"waivers\.yaml 第 3 行：第 1 项豁免缺少 reason"),
        (("until: 2026-11-25", "until: 以后"), r"第 7 行：第 1 项豁免的 until 写法不对"),
        (("REG-01", "REG-1"), "没有规则 REG-1，是不是 REG-01？"),
        (("approver", "approved"), "approve"),
        (("student_no:", "student:"), r"第 4 行：第 1 项豁免：REG-01 的 key 没有 student，是不是 student_no？"),
        (('    key: {student_no: "2023010101"}\n', ""), "要写 count"),
        (("until: 2026-11-25", f"until: 2026-11-25\n    fingerprint: {'a' * 32}"), "只写一个"),
        (("waivers:", "waiver:"), "只有一项 waivers"),
    ],
)
def test_a_waiver_that_is_not_clear_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(RuleError, match=sentence):
        applied(tmp_path, ONE.replace(*change), checked("2026-11-25"))


def test_toml_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"waivers\.toml：不是合法的 TOML"):
        applied(tmp_path, "[[waivers]", checked("2026-11-25"), "waivers.toml")
