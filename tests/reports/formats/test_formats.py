"""The forms that CI systems and other programs read: each is read back by somebody else's reader."""

import csv
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from junitparser import Error, Failure, JUnitXml, Skipped

from checks.outcome import counts
from checks.overview.accounts import Accounts
from checks.results import CheckResult, Evidence, Finding, TableInfo, Waived
from facts.model.snapshot import FileCount, SetAside, SourceFile
from reports.formats import checked, read
from reports.formats.findings_json import render_json
from tests.reports.conftest import AS_OF, HOSTILE

ROOT = PurePosixPath("导出/2026-11")
SARIF = Path(__file__).parents[2] / "data" / "sarif" / "sarif-2.1.0-rtm.5.json"
NAMED = {"name": "王小明", "id_number": "610102200001011234"}


def written(form: str, result: CheckResult, fail_on: str = "error", *, compared: bool = False) -> str:
    def counted(finding: Finding) -> bool:
        return counts(finding, fail_on, compared)

    return checked(form, result, counted, ROOT, compared=compared)


@pytest.fixture(scope="module")
def aside() -> Accounts:
    rows = (
        SetAside("student", "在校生.csv", None, 17, "入学日期", "2026-13-01", "没有这一天，请核对日期"),
        SetAside("fee", "全部.xlsx", "缴费", 3, "应缴金额", HOSTILE, "不是金额"),
    )
    tables = (
        TableInfo(
            "student", "在校生", ("在校生.csv",), 9, 7, 2, counts=(FileCount(SourceFile("在校生.csv"), 9, 7, 2),)
        ),
        TableInfo(
            "fee", "缴费", ("全部.xlsx#缴费",), 5, 4, 1, counts=(FileCount(SourceFile("全部.xlsx", "缴费"), 5, 4, 1),)
        ),
        TableInfo("term", "校历", ("校历.csv",), 3, 3, 0, counts=(FileCount(SourceFile("校历.csv"), 3, 3, 0),)),
    )
    return Accounts("2026-11", AS_OF, "0" * 64, tables, rows, ())


def cases(text: str) -> dict[str, Any]:
    return {case.name.split()[0]: case for suite in JUnitXml.fromstring(text.encode()) for case in suite}


def outcome(case: Any) -> type | None:
    return type(case.result[0]) if case.result else None


def test_a_line_of_jsonl_is_an_entry_of_findings_json(result: CheckResult) -> None:
    lines = [json.loads(line) for line in written("jsonl", result).splitlines()]
    assert lines == json.loads(render_json(result))["findings"]


def test_csv_holds_every_finding_and_nothing_that_a_spreadsheet_calculates(
    result: CheckResult, make: Callable[..., Finding]
) -> None:
    evil = make("REG-03", 900, message='=HYPERLINK("http://x")', college="+1")
    text = written("csv", replace(result, findings=(*result.findings, evil)))
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff规则,")
    assert len(rows) == len(result.findings) + 1
    assert (rows[-1]["情况"], rows[-1]["学院"]) == ('\'=HYPERLINK("http://x")', "'+1")
    assert {row["状态"] for row in rows} == {"新", "已豁免"}
    assert not [cell for row in rows for cell in row.values() if cell[:1] in {"=", "+", "-", "@"}]


def test_a_rule_is_a_test_case_that_fails_passes_is_skipped_or_is_an_error(result: CheckResult) -> None:
    found = cases(written("junit", result))
    assert len(found) == len(result.rules)
    kinds = {"REG-01": Failure, "CLS-01": None, "CLS-02": Skipped, "STY-01": Error, "REG-09": None, "MRK-05": None}
    assert {rule: outcome(found[rule]) for rule in kinds} == kinds
    assert found["REG-01"].result[0].message == "48项"
    assert "考勤.csv:812,845" in found["REG-01"].result[0].text
    assert found["STY-01"].result[0].message == "引擎在第3组数据上出错"


def test_what_is_below_fail_on_stands_beside_a_case_that_passed(result: CheckResult) -> None:
    assert "先上课后注册" in cases(written("junit", result))["REG-09"].system_out
    assert outcome(cases(written("junit", result, "warning"))["REG-09"]) is Failure
    assert outcome(cases(written("junit", result, "never"))["REG-01"]) is None


def test_the_counts_of_the_suites_are_those_of_their_cases(result: CheckResult) -> None:
    whole = JUnitXml.fromstring(written("junit", result).encode())
    assert (whole.tests, whole.errors, whole.skipped) == (len(result.rules), 1, 2)
    assert whole.failures == sum(outcome(case) is Failure for case in cases(written("junit", result)).values())


def test_a_case_with_thousands_of_findings_lists_the_first_and_counts_the_rest(
    result: CheckResult, make: Callable[..., Finding]
) -> None:
    many = replace(result, findings=tuple(make("IDN-03", number) for number in range(1000)))
    said = cases(written("junit", many))["IDN-03"].result[0].text
    assert "……另有800项" in said
    assert len(said.splitlines()) == 202


@pytest.mark.slow
def test_sarif_keeps_the_standard_s_schema(result: CheckResult, clean: CheckResult, aside: Accounts) -> None:
    validator = Draft4Validator(json.loads(SARIF.read_text(encoding="utf-8")))
    for text in (written("sarif", result), written("sarif", clean), read("sarif", aside, ROOT)):
        validator.validate(json.loads(text))


def test_a_sarif_result_points_at_its_rule_and_at_the_rows_that_prove_it(result: CheckResult) -> None:
    (run,) = json.loads(written("sarif", result))["runs"]
    found = next(each for each in run["results"] if each["ruleId"] == "REG-01")
    assert run["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == "REG-01"
    place = found["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]) == "导出/2026-11/考勤.csv"
    assert place["region"]["startLine"] == 812
    assert found["partialFingerprints"] == {
        "xuejian/v1": next(f.fingerprint for f in result.findings if f.rule == "REG-01")
    }
    assert len(run["results"]) == len(result.findings)


def test_sarif_says_which_rules_have_no_conclusion(result: CheckResult) -> None:
    (run,) = json.loads(written("sarif", result))["runs"]
    (invocation,) = run["invocations"]
    assert not invocation["executionSuccessful"]
    notes = {note["associatedRule"]["id"]: note["level"] for note in invocation["toolExecutionNotifications"]}
    assert notes == {"STY-01": "error", "CLS-02": "warning", "HND-01": "warning", "ADM-05": "note"}


def test_sarif_marks_what_is_waived_and_what_a_baseline_had(result: CheckResult) -> None:
    (waived,) = [each for each in json.loads(written("sarif", result))["runs"][0]["results"] if "suppressions" in each]
    assert waived["ruleId"] == "REG-09"
    first, *rest = result.findings
    known = replace(result, findings=(replace(first, state="open"), *rest))
    states = [
        each["baselineState"] for each in json.loads(written("sarif", known, compared=True))["runs"][0]["results"]
    ]
    assert states[:2] == ["unchanged", "new"]


def test_an_annotation_stands_at_the_first_row_that_proves_it(result: CheckResult) -> None:
    lines = written("github", result).splitlines()
    assert any(
        line.startswith("::error file=导出/2026-11/考勤.csv,line=812,title=REG-01::未注册学生参加教学活动：学号 ")
        for line in lines
    )
    assert "::error title=STY-01 核查失败::超过最长学习年限：引擎在第3组数据上出错" in lines
    assert "::warning title=HND-01 未核查::跨部门业务无交接记录：缺少数据表：工作交接" in lines
    assert len(lines) == len(result.findings) - 1 + 3  # but for the waived one; and the rules without a conclusion


def test_no_value_can_begin_a_workflow_command_of_its_own(result: CheckResult, make: Callable[..., Finding]) -> None:
    proof = (Evidence("student", "a,b:c\n::set-env name=X::1.csv", None, (2,), {}),)
    evil = make("IDN-03", 0, key={"student_no": "1%0A\n::error::x"}, evidence=proof)
    (line,) = [
        each for each in written("github", replace(result, findings=(evil,))).splitlines() if "title=IDN-03" in each
    ]
    assert line.count("::error") == 1 + "1%250A ::error::x".count("::error")
    assert "file=导出/2026-11/a%2Cb%3Ac %3A%3Aset-env" in line


@pytest.mark.parametrize("form", ["junit", "sarif", "github"])
def test_neither_names_nor_identity_numbers_are_left_in_a_ci_s_records(
    form: str, result: CheckResult, make: Callable[..., Finding]
) -> None:
    known = (
        make("IDN-01", 0, key={"id_number": NAMED["id_number"]}, message="王小明（610102200001011234）有两个学籍"),
        make("IDN-01", 1, key={"id_number": "***1234"}, message="王*"),
        make("REG-01", 0, evidence=(Evidence("student", "在校生.csv", None, (2,), NAMED),), state="waived",
             waiver=Waived("王小明本人来过", "李主任", AS_OF)),
    )  # fmt: skip
    text = written(form, replace(result, findings=known, personal_shown=True))
    for hidden in ("王小明", "王*", "610102200001011234", "***1234", "李主任"):
        assert hidden not in unquote(html.unescape(text))
    assert "指纹 " in text


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "junit", "sarif", "github", "markdown"])
def test_hostile_text_reaches_no_reader(form: str, result: CheckResult, aside: Accounts) -> None:
    for text in (written(form, result), read(form, aside, ROOT)):
        assert not set(text) & set("\x00\x1b\u202e\u2028")


def test_markdown_obeys_nothing_that_stands_in_the_data(result: CheckResult, make: Callable[..., Finding]) -> None:
    evil = make("IDN-03", 0, message="<img src=x> | [a](http://b) @all #1 **c** `d`")
    text = written("markdown", replace(result, findings=(evil,)))
    (line,) = [each for each in text.splitlines() if each.startswith("| IDN-03 | ") and "img" in each]
    assert line.count("|") == 5
    assert not re.search(r"<img|\]\(|://|@all|(?<!&)#|\*\*|`", line)
    assert html.unescape(line).split(" | ")[1].startswith("<img src=x>")


def test_markdown_names_the_rules_without_a_conclusion_and_the_rows_left_out(result: CheckResult) -> None:
    text = written("markdown", result)
    assert "| STY-01 | 超过最长学习年限 | 核查失败 | 引擎在第3组数据上出错 |" in text
    assert "| ADM-05 | 录取信息缺项 | 部分核查 |" in text
    assert "| 在校生 | 30,000 | 2 |" in text
    assert "列出前100项" in text


def test_a_file_with_rows_set_aside_is_a_case_that_failed(aside: Accounts) -> None:
    found = cases(read("junit", aside, ROOT))
    assert {name: outcome(case) for name, case in found.items()} == {"student": Failure, "fee": Failure, "term": None}
    assert found["student"].result[0].text.startswith("第17行未读入，入学日期：没有这一天，请核对日期  在校生.csv:17")
    assert "另有1行没有逐一列出原因" in found["student"].system_out


def test_rows_set_aside_are_annotated_where_they_stand(aside: Accounts) -> None:
    first, second = read("github", aside, ROOT).splitlines()
    assert (
        first
        == "::error file=导出/2026-11/在校生.csv,line=17,title=student::第17行未读入，入学日期：没有这一天，请核对日期"
    )
    assert second.startswith("::error file=导出/2026-11/全部.xlsx,line=3,title=fee::")


def test_the_value_of_a_row_set_aside_is_in_the_files_and_not_in_a_ci_s_records(aside: Accounts) -> None:
    assert json.loads(read("jsonl", aside, ROOT).splitlines()[0])["value"] == "2026-13-01"
    assert "2026-13-01" in read("csv", aside, ROOT)
    for form in ("junit", "sarif", "github"):
        assert "2026-13-01" not in read(form, aside, ROOT)
