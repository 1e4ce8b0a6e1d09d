"""A folder and a database as a college really has them, after one `data inspect --write` and one correction by hand."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mixed
import postgresql
import pytest
from alike import found
from click.testing import CliRunner, Result

from cli import main
from facts.demo import write_demo
from facts.sources.database.address import address
from rules.pack import load_pack

pytestmark = [pytest.mark.postgresql, pytest.mark.calc]
Run = Callable[..., Result]
GUESS = '# class_no = "行政班级"  # 可能是“班级号”，请核对'


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_demo(tmp_path_factory.mktemp("clean"), 600, 1).path


@pytest.fixture(scope="module")
def exports(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder of the same college's real exports, and the URL of the database that holds the rest."""
    folder = tmp_path_factory.mktemp("mixed") / "导出"
    with postgresql.server() as url:
        mixed.export(clean, folder, address(url))
        yield folder, url


@pytest.fixture
def xuejian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XUEJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XUEJIAN_DEBUG", "1")
    return lambda *arguments: CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


def checked(xuejian: Run, *where: object) -> dict[str, Any]:
    result = xuejian("check", *where, "--format", "json", "--show-personal")
    assert result.exit_code == 1, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_after_one_inspect_and_one_correction_the_findings_are_those_of_the_clean_export(
    clean: Path, exports: tuple[Path, str], xuejian: Run
) -> None:
    (folder, url), plain = exports, checked(xuejian, clean)
    inspected = xuejian("data", "inspect", folder, "--source", url, "--write")
    assert inspected.exit_code == 0
    config = Path("xuejian.toml")
    text = config.read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith("#")] == [GUESS]
    config.write_text(text.replace("# class_no", "class_no"), "utf-8")

    real = checked(xuejian, folder, "--source", url)
    assert found(real) == found(plain)
    assert {rule["id"] for rule in real["rules"] if rule["status"] == "violated"} == {r.id for r in load_pack().rules}
    assert real["rules"] == plain["rules"]
    for name, table in real["snapshot"]["tables"].items():
        for part in (table, *table["files"]):
            assert part["read"] == part["accepted"] + part["set_aside"]
        for column in ("read", "accepted", "set_aside", "duplicates"):
            assert table[column] == sum(part[column] for part in table["files"])
        there = plain["snapshot"]["tables"][name]
        assert table["read"] - table["duplicates"] == there["read"] - there["duplicates"]
        assert table["set_aside"] == there["set_aside"] == 0
    assert real["snapshot"]["tables"]["attendance"]["duplicates"] == mixed.COPIED


def test_the_report_of_inspect_names_every_file_and_table_and_asks_only_what_is_open(
    exports: tuple[Path, str], xuejian: Run
) -> None:
    folder, url = exports
    said = xuejian("data", "inspect", folder, "--source", url, "--write").stdout
    for line in (
        "学生基本信息.xls：Sheet1　工作簿（.xls）　是“在校生”（文件名是“学生基本信息”）\n  标题在第 3 行",
        "学籍异动信息.xlsx：异动　工作簿（.xlsx）　是“学籍异动”（工作表名是“异动”）\n  标题在第 3 行",
        "学信网.dbf　DBF　是“学籍”（文件名是“学信网”）",
        "缴费明细.csv　文本（CSV）　是“缴费”（文件名是“缴费明细”）",
        "考勤明细-2.parquet　Parquet　是“考勤”（文件名是“考勤明细-2”）\n  各列与“考勤明细-1.parquet”相同",
        "postgres:BJXX　数据库　是“班级”（表名是“BJXX”）",
    ):
        assert line in said
    assert "未识别的文件" not in said
    assert "没有的表" not in said
    assert "请核对 3 处" in said
    assert "“学信网.dbf”没有“平台”列，从名称看全部是“学信网”，对不对？" in said
    assert '“在校生”的“行政班级”列是不是“班级号”？是的话在 [sources.student.columns] 写 class_no = "行政班级"' in said

    config = Path("xuejian.toml")
    config.write_text(config.read_text("utf-8").replace("# class_no", "class_no"), "utf-8")
    again = xuejian("data", "inspect", folder, "--source", url, "--write").stdout
    assert "请核对" not in again
    assert "规则共 84 条，能核查 84 条\n" in again
    assert again.endswith("xuejian.toml 不用改\n")


def test_the_letters_are_those_of_the_clean_export(clean: Path, exports: tuple[Path, str], xuejian: Run) -> None:
    folder, url = exports
    assert xuejian("notice", clean, "-o", "clean").exit_code == 0
    xuejian("data", "inspect", folder, "--source", url, "--write")
    result = xuejian("notice", folder, "--source", url, "-o", "real")
    assert result.exit_code == 0
    written = sorted(path.name for path in Path("clean").iterdir())
    assert written == ["送达登记.csv", "附表4-退学通知书.docx"]
    for name in written:
        assert Path("real", name).read_bytes() == Path("clean", name).read_bytes()


def test_the_written_mapping_says_of_each_file_which_platform_it_is(exports: tuple[Path, str], xuejian: Run) -> None:
    folder, url = exports
    xuejian("data", "inspect", folder, "--source", url, "--write")
    blocks = tomllib.loads(Path("xuejian.toml").read_text("utf-8"))["sources"]["record"]
    assert {(*block["files"], block["constants"]["platform"]) for block in blocks} == {
        ("学信网.dbf", "学信网"), ("中职学籍系统.dbf", "中职学籍系统"),
    }  # fmt: skip


def test_nothing_is_taken_before_a_person_has_agreed(exports: tuple[Path, str], xuejian: Run) -> None:
    folder, url = exports
    unsaid = checked(xuejian, folder, "--source", url)
    reasons = {rule["id"]: rule["reason"] for rule in unsaid["rules"] if rule["status"] == "not checked"}
    assert reasons["IDN-01"] == "缺少列 学籍.平台"
    assert "缺少列 在校生.班级号" in reasons["CLS-01"]


def test_a_source_in_the_configuration_serves_inspect_and_validate_too(exports: tuple[Path, str], xuejian: Run) -> None:
    folder, url = exports
    Path("xuejian.toml").write_text(f'source = "{url}"\n', "utf-8")
    assert "postgres:校历" in xuejian("data", "inspect", folder).stdout
    result = xuejian("data", "validate", folder)
    assert "校历" in result.stdout
    # Nobody has said yet which platform the two .dbf files come from.
    assert (result.exit_code, "缺少必填列：平台" in result.stdout) == (1, True)
