"""What the commands do when all is well, and what their exit codes promise (README, `design/interface.md`)."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result

from cli import main
from facts.reading.load import load_snapshot

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
ALWAYS_BROKEN = """
id: OWN-01
title: 每个在读学生
title_en: Everybody in school
clause: 四-2
severity: notice
owner: 学生处
per: [student.student_no]
when:
  - student: status == "在读"
message: "{{ student.student_no }} 在读"
remedy: 无
examples:
  - {name: 在读, as_of: 2026-11-25, facts: {student: [{student_no: "1", status: 在读}]}, finds: [{student_no: "1"}]}
  - {name: 休学, like: 1, facts: {student: [{student_no: "1", status: 休学}]}, finds: []}
"""
SCHEMA = json.loads(files("checks.history").joinpath("findings.schema.json").read_text(encoding="utf-8"))


def found(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document


def names_and_numbers(college: Path) -> set[str]:
    """Every name and identity number that the exports hold."""
    tables = load_snapshot(college).tables
    return {
        str(text)
        for kind in ("student", "record", "welcome")
        for field in ("name", "id_number")
        for text in tables[kind].frame[field].cat.categories
        if len(text) > 2  # 李娜 may stand in 李娜娜's college or course; three characters don't happen by chance
    }


# -- check -------------------------------------------------------------------------------------------------------------


def test_findings_at_or_above_fail_on_exit_with_1(xuejian: Run, college: Path) -> None:
    assert xuejian("check", college).exit_code == 1
    assert xuejian("check", college, "--fail-on", "never").exit_code == 0
    warnings = ("check", college, "--select", "REG-09")
    assert xuejian(*warnings).exit_code == 0
    assert xuejian(*warnings, "--fail-on", "warning").exit_code == 1
    notices = ("check", college, "--select", "MRK-05")
    assert xuejian(*notices, "--fail-on", "warning").exit_code == 0
    assert xuejian(*notices, "--fail-on", "notice").exit_code == 1


def test_a_rule_that_failed_exits_with_3_even_where_nothing_fails_the_check(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "checks.engine.flat.refuse_endless", lambda packs: None
    )  # it would be refused before it could fail
    cases = " and ".join(f'(student_no == "{n}" or class_no == "{n}")' for n in range(7))
    (here / "own").mkdir()
    (here / "own" / "OWN-01.yaml").write_text(ALWAYS_BROKEN.replace('status == "在读"', cases), encoding="utf-8")
    result = xuejian("check", college, "--rules", "own", "--select", "OWN-01", "--fail-on", "never")
    assert result.exit_code == 3
    assert "拆成几条规则" in result.stdout
    assert "未发现问题" not in result.stdout


def test_strict_exits_with_3_where_something_was_not_checked(xuejian: Run, college: Path, here: Path) -> None:
    (here / "exports").mkdir()
    (here / "exports" / "在校生.csv").write_bytes((college / "在校生.csv").read_bytes())
    check = ("check", "exports", "--as-of", "2026-11-25", "--select", "CLS-01,REG-01", "--fail-on", "never")
    loose = xuejian(*check)
    assert loose.exit_code == 0
    assert "REG-01  未注册学生参加教学活动：缺少表" in loose.stdout
    assert xuejian(*check, "--strict").exit_code == 3


def test_json_keeps_to_its_schema_and_is_the_same_twice_whatever_the_workers(
    xuejian: Run, college: Path, here: Path
) -> None:
    ways = ((), ("--jobs", 1), ("--jobs", 2), ("--no-narrow",), ("-o", "findings.json"))
    texts = {xuejian("check", college, "--format", "json", *way).stdout for way in ways[:-1]}
    assert xuejian("check", college, "--format", "json", *ways[-1]).stdout == ""
    texts.add((here / "findings.json").read_text(encoding="utf-8"))
    (text,) = texts
    jsonschema.validate(found(text), SCHEMA)


def test_nobody_is_named_unless_asked_for(xuejian: Run, college: Path, here: Path) -> None:
    secret = names_and_numbers(college)
    for way in ((), ("--format", "json")):
        text = xuejian("check", college, *way).stdout
        assert not [name for name in secret if name in text]
    xuejian("report", college, "-o", "report")
    for path in (here / "report").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in secret if name in text]
    shown = xuejian("check", college, "--format", "json", "--show-personal").stdout
    assert [name for name in secret if name in shown]


@pytest.mark.parametrize("way", [(), ("--show-personal",)])
def test_why_somebody_is_on_leave_is_told_by_no_step_either(xuejian: Run, college: Path, way: tuple[str, ...]) -> None:
    # Only who is ill has a step at the infirmary: a finding that named it would tell of the illness.
    said = found(xuejian("check", college, "--format", "json", "--select", "PRC-01,PRC-02", *way).stdout)
    assert said["findings"]
    text = json.dumps(said["findings"], ensure_ascii=False)
    assert not [word for word in ("校医务室", "infirmary", "疾病", "因病") if word in text]
    assert "学生处审核" in text


def test_select_ignore_and_college_narrow_what_is_found_and_change_nothing_else(xuejian: Run, college: Path) -> None:
    def findings(*options: str) -> list[dict[str, Any]]:
        return list(found(xuejian("check", college, "--format", "json", *options).stdout)["findings"])

    every = findings()
    chosen = findings("--select", "REG-01,CLS-01")
    assert chosen == [f | {"follows": []} for f in every if f["rule"] in ("REG-01", "CLS-01")] or chosen == [
        f for f in every if f["rule"] in ("REG-01", "CLS-01")
    ]
    assert {f["rule"] for f in findings("--ignore", "REG-01")} == {f["rule"] for f in every} - {"REG-01"}
    name = every[0]["college"]
    assert findings("--college", name) == [f for f in every if f["college"] == name]


def test_the_schools_own_rule_stands_beside_the_packs(xuejian: Run, college: Path, here: Path) -> None:
    (here / "own").mkdir()
    (here / "own" / "OWN-01.yaml").write_text(ALWAYS_BROKEN, encoding="utf-8")
    result = xuejian("check", college, "--rules", "own", "--select", "OWN-01", "--format", "json")
    assert found(result.stdout)["summary"]["notice"] > 100
    assert "OWN-01" in xuejian("rules", "list", "--rules", "own").stdout


def test_the_schools_own_figures_are_in_force(xuejian: Run, college: Path, here: Path) -> None:
    before = found(xuejian("check", college, "--select", "RPT-01", "--format", "json").stdout)
    (here / "xuejian.toml").write_text('[parameters]\nrepeat_limit = {"本科" = 9, "专科" = 9}\n', encoding="utf-8")
    after = found(xuejian("check", college, "--select", "RPT-01", "--format", "json").stdout)
    assert (len(before["findings"]) > 0, len(after["findings"])) == (True, 0)
    assert "本科 9，专科 9" in xuejian("explain", "RPT-01").stdout


# -- report, rules, explain --------------------------------------------------------------------------------------------


def test_report_writes_the_months_page_and_says_where_in_one_screen(xuejian: Run, college: Path, here: Path) -> None:
    result = xuejian("report", college, "--month", "2026-11", "-o", "out")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "报告：out/report.html"
    assert len(result.stdout.splitlines()) <= 40
    page = (here / "out" / "report.html").read_text(encoding="utf-8")
    assert "学籍管理工作例会报告" in page and "2026年11月" in page
    document = found((here / "out" / "findings.json").read_text(encoding="utf-8"))
    assert (document["as_of"], document["use"]) == ("2026-11-25", "供2026年11月25日学籍管理工作例会参会人员使用")
    jsonschema.validate(document, SCHEMA)


def test_rules_list_holds_every_id_of_the_catalogue(xuejian: Run) -> None:
    listed = json.loads(xuejian("rules", "list", "--format", "json").stdout)
    counts = {
        "ADM": 10, "DEF": 7, "REG": 12, "IDN": 11, "CLS": 4, "PRC": 3, "TRF": 2, "LEV": 5, "MRK": 9, "RPT": 3, "WDR": 5,
        "STY": 2, "GRD": 8, "HND": 2, "SYS": 1,
    }  # fmt: skip
    assert {rule["id"] for rule in listed} == {
        f"{p}-{n:02d}" for p, count in counts.items() for n in range(1, count + 1)
    }
    table = xuejian("rules", "list").stdout
    assert all(rule["id"] in table and rule["title"] in table for rule in listed)


def test_rules_test_says_how_many_examples_ran(xuejian: Run) -> None:
    result = xuejian("rules", "test", "RPT-01", "CLS-01")
    assert result.exit_code == 0
    assert result.stdout.startswith("2 条规则，")
    assert "0 个不通过" in result.stdout


def test_rules_test_fails_where_an_example_does(xuejian: Run, here: Path) -> None:
    (here / "own").mkdir()
    wrong = ALWAYS_BROKEN.replace("status: 休学}]}, finds: []", "status: 在读}]}, finds: []")
    (here / "own" / "OWN-01.yaml").write_text(wrong, encoding="utf-8")
    result = xuejian("rules", "test", "OWN-01", "--rules", "own")
    assert result.exit_code == 1
    assert "OWN-01 例2「休学」：应查出 无，实际查出 student_no=1" in result.stdout


def test_explain_shows_the_clause_in_the_regulations_words(xuejian: Run) -> None:
    text = xuejian("explain", "REG-01").stdout
    assert "不经注册的学生不允许参加学校各项教育教学活动" in text
    assert "没有学期注册" in text


# -- how it starts and ends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("--help",), ("check", "--help"), ("report", "--help"), ("rules", "--help"), ("data", "--help")]
)
def test_help_imports_nothing_heavy(process: Process, words: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom cli import main\ntry:\n    main()\nfinally:\n"
        "    heavy = {'pandas', 'numpy', 'pyarrow', 'pydantic', 'jinja2', 'sqlalchemy', 'durable_rules_engine'}\n"
        "    print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    said = subprocess.run([*process().args[:1], "-c", code, *words], capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "[]\n")


def test_a_pipe_gets_no_progress(process: Process, college: Path) -> None:
    said = process("check", college, "--select", "CLS-01")
    assert (said.returncode, said.stderr) == (1, "")


def test_what_nobody_foresaw_is_one_sentence_and_never_looks_like_findings(
    xuejian: Run, college: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XUEJIAN_DEBUG")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("秘密")

    monkeypatch.setattr("checks.session.Session.load", broken)
    result = xuejian("check", college)
    assert result.exit_code == 2
    assert result.stderr.startswith("xuejian: 程序内部出错（RuntimeError）")
    assert "秘密" not in result.stderr and len(result.stderr.splitlines()) == 1


def test_ctrl_c_is_no_finding(xuejian: Run, college: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("checks.session.Session.load", interrupted)
    result = xuejian("check", college)
    assert (result.exit_code, result.stderr) == (130, "xuejian: 已中断，没有写出结果\n")
    assert main.name == "main"


def test_an_archive_is_checked_as_its_folder_is(xuejian: Run, college: Path, here: Path) -> None:
    shutil.make_archive(str(here / "college"), "zip", college)
    folder, archive = (json.loads(xuejian("check", at, "--format", "json").stdout) for at in (college, "college.zip"))
    assert folder["snapshot"].pop("path") != archive["snapshot"].pop("path")
    assert archive == folder


def test_what_an_archive_says_of_itself_stands_on_the_report(xuejian: Run, college: Path, here: Path) -> None:
    shutil.make_archive(str(here / "college"), "zip", college)
    assert xuejian("report", "college.zip", "-o", "out").exit_code == 0
    assert "西安秦岭应用技术学院" in (here / "out" / "report.html").read_text("utf-8")


def test_a_report_says_on_one_screen_how_the_month_stands(xuejian: Run, college: Path) -> None:
    lines = xuejian("report", college, "-o", "report").stdout.splitlines()
    assert lines[0].startswith("数据截至2026年11月25日")
    assert lines[1].startswith("暂不宜上报")
    assert lines[2].startswith("规则共84条")
    assert any(line.startswith("学生处 ") for line in lines), "each office on a line of its own"
    assert lines[-1] == "报告：report/report.html"
