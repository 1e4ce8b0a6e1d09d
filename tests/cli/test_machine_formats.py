"""`check --format` and `data validate --format`, as a CI job uses them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import Result
from junitparser import JUnitXml

from tests.cli.test_commands import names_and_numbers

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
CI = ("junit", "sarif", "github")


@pytest.mark.parametrize("form", [*CI, "markdown", "csv", "jsonl"])
def test_every_form_tells_the_same_and_names_nobody(xuejian: Run, college: Path, form: str) -> None:
    result = xuejian("check", college, "--select", "IDN-01,IDN-07,REG-01", "--format", form)
    assert result.exit_code == 1
    assert all(rule in result.stdout for rule in ("IDN-01", "IDN-07", "REG-01"))
    assert not [name for name in names_and_numbers(college) if name in unquote(result.stdout)]


@pytest.mark.parametrize("form", CI)
def test_what_stays_in_a_ci_s_records_is_not_written_with_names(xuejian: Run, college: Path, form: str) -> None:
    for command in ("check", "data validate"):
        result = xuejian(*command.split(), college, "--format", form, "--show-personal")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert f"{form} 会留在 CI 的记录里" in result.stderr


def test_files_are_named_as_the_repository_knows_them(xuejian: Run, college: Path, here: Path) -> None:
    shutil.copytree(college, here / "exports" / "2026-11")
    only = ("--select", "REG-03", "--format", "github")
    assert "::error file=exports/2026-11/学期注册.csv,line=" in xuejian("check", "exports/2026-11", *only).stdout
    assert "::error file=exports/2026-11/学期注册.csv,line=" in xuejian("check", here / "exports/2026-11", *only).stdout
    assert f"::error file={college.name}/学期注册.csv,line=" in xuejian("check", college, *only).stdout


def test_only_what_a_baseline_had_not_fails_a_case(xuejian: Run, college: Path, here: Path) -> None:
    only = ("--select", "REG-03", "--format")
    xuejian("check", college, *only, "json", "-o", "before.json")
    before = json.loads((here / "before.json").read_text(encoding="utf-8"))
    fresh = before["findings"].pop()
    (here / "before.json").write_text(json.dumps(before), encoding="utf-8")
    result = xuejian("check", college, *only, "junit", "--baseline", "before.json")
    assert result.exit_code == 1
    (case,) = (case for suite in JUnitXml.fromstring(result.stdout.encode()) for case in suite)
    assert case.result[0].message == "1项"
    assert fresh["key"]["student_no"] in case.result[0].text
    said = xuejian("check", college, *only, "sarif", "--baseline", "before.json").stdout
    states = [each["baselineState"] for each in json.loads(said)["runs"][0]["results"]]
    assert states.count("new") == 1
    assert set(states) == {"new", "unchanged"}


def test_a_form_without_room_for_rules_without_a_conclusion_tells_of_them_beside(
    xuejian: Run, college: Path, here: Path
) -> None:
    part = here / "part"
    shutil.copytree(college, part)
    (part / "工作交接.csv").unlink()
    for form in ("jsonl", "csv"):
        result = xuejian("check", part, "--select", "HND-01", "--format", form)
        assert result.stderr == (
            "xuejian: 这些规则没有结论，不等于没有问题：HND-01\n"
            "xuejian: 数据不足，不能判断：没有一条规则得到核查。check 加 --strict 时因此以退出码3结束\n"
        )
    skipped = xuejian("check", part, "--select", "HND-01", "--format", "junit").stdout
    assert "<skipped" in skipped


def test_a_row_that_cannot_be_read_fails_the_case_of_its_file(xuejian: Run, college: Path, here: Path) -> None:
    part = here / "part"
    shutil.copytree(college, part)
    with (part / "缴费.csv").open("a", encoding="utf-8") as file:
        file.write("1,2\n")
    result = xuejian("data", "validate", part, "--format", "junit")
    assert result.exit_code == 1
    failed = [c.name for suite in JUnitXml.fromstring(result.stdout.encode()) for c in suite if c.result]
    assert failed == ["fee 缴费：缴费.csv"]
