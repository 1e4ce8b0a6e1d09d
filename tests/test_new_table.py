"""Adding a table touches its model and nothing else: a made-up one, 宿舍, is read, judged and reported."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
MODEL = """
class Dormitory(Fact):
    about: ClassVar = About("dormitory", "住宿", "学生处", "宿舍管理平台", key=("student_no",))

    student_no: Identifier = column("学号", shared=True)
    left_on: Day | None = optional("退宿日期")


"""
RULE = """\
id: DRM-01
title: 已退学仍住宿
title_en: Withdrawn but still in the dormitory
clause: 五-6
severity: error
owner: 学生处
per: [dormitory.student_no]
when:
  - dormitory: left_on is None
  - student: student_no == dormitory.student_no and status == "退学"
message: 学生已退学，住宿信息中没有退宿日期
remedy: 办理退宿
examples:
  - name: 已退学，没有退宿日期
    as_of: 2026-11-25
    facts:
      student: [{student_no: "01", status: 退学}]
      dormitory: [{student_no: "01"}]
    finds: [{student_no: "01"}]
  - name: 已退宿
    like: 1
    facts: {dormitory: [{student_no: "01", left_on: 2026-11-25}]}
    finds: []
"""
STUDENTS = """\
学号,姓名,培养层次,学院,专业,入学日期,在校状态
01,甲,本科,土木工程学院,土木工程,2024-09-01,退学
02,乙,本科,土木工程学院,土木工程,2024-09-01,退学
03,丙,本科,土木工程学院,土木工程,2024-09-01,在读
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product in which one file has another table: its model, in the list of tables."""
    there = tmp_path_factory.mktemp("house")
    for room in ("facts", "rules", "checks", "reports"):
        shutil.copytree(ROOT / room, there / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "cli.py", there)
    tables = there / "facts" / "model" / "tables.py"
    text = tables.read_text(encoding="utf-8")
    before, listed, after = text.partition("TABLES: dict[str, type[Fact]] = {")
    assert listed and after.count("Workday,") == 1
    tables.write_text(before + MODEL.lstrip() + listed + after.replace("Workday,", "Workday, Dormitory,"), "utf-8")
    (there / "own").mkdir()
    (there / "own" / "DRM-01.yaml").write_text(RULE, encoding="utf-8")
    return there


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "2026-11"
    folder.mkdir()
    (folder / "snapshot.toml").write_text("as_of = 2026-11-25\n", encoding="utf-8")
    (folder / "在校生.csv").write_text(STUDENTS, encoding="utf-8")
    (folder / "住宿.csv").write_text("学号,退宿日期\n01,\n01,\n02,2026-11-20\n03,\n04,昨天\n", encoding="utf-8")
    return folder


def run(house: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    env = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "XUEJIAN_HOME": str(house / "home"), "HOME": str(house)}
    return subprocess.run(
        command, cwd=house, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


def test_its_rows_are_read_set_aside_and_judged_end_to_end(house: Path, exports: Path) -> None:
    done = run(house, "check", exports, "--rules", "own", "--select", "DRM-01", "--format", "json", "--jobs", "1")
    assert done.returncode == 1, done.stderr
    result = json.loads(done.stdout)
    assert [(each["rule"], each["key"], len(each["evidence"])) for each in result["findings"]] == [
        ("DRM-01", {"student_no": "01"}, 2)
    ]
    table = result["snapshot"]["tables"]["dormitory"]
    assert (table["file"], table["read"], table["accepted"], table["set_aside"]) == ("住宿.csv", 5, 4, 1)
    assert table["duplicates"] == 1  # its key says that one row a student is enough


def test_numbers_that_lost_their_zeros_in_it_are_refused(house: Path, exports: Path) -> None:
    (exports / "住宿.csv").write_text("学号,退宿日期\n1,\n2,2026-11-20\n", encoding="utf-8")
    done = run(house, "check", exports, "--rules", "own", "--select", "DRM-01")
    assert done.returncode == 2
    assert "住宿.csv" in done.stderr and "前面的 0 已丢失" in done.stderr


def test_the_examples_of_a_rule_on_it_are_judged(house: Path) -> None:
    done = run(house, "rules", "test", "--rules", "own", "DRM-01")
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_template_is_made(house: Path, tmp_path: Path) -> None:
    done = run(house, "data", "template", tmp_path / "templates")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "templates" / "学生处.xlsx").exists()
