"""`check` on a database: the URL given or configured, the folder left out, no address in what is written."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


def groups(path: Path) -> Path:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE 班级 (班级号 TEXT, 专业 TEXT, 培养层次 TEXT)")
    connection.execute("INSERT INTO 班级 VALUES ('B', '数学', '本科')")
    connection.commit()
    connection.close()
    return path


def test_a_database_is_checked_without_a_folder_and_its_place_is_not_told(xuejian: Run, here: Path) -> None:
    file = groups(here / "college.db")
    result = xuejian("check", "--source", f"sqlite:///{file}", "--as-of", "2026-11-25", "--format", "json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)["snapshot"]
    assert told["path"] == "college.db"
    assert told["tables"]["class_group"]["read"] == 1
    assert str(here) not in result.stdout


def test_the_configuration_may_name_the_database(xuejian: Run, here: Path) -> None:
    groups(here / "college.db")
    (here / "xuejian.toml").write_text('source = "sqlite:///college.db"\n', "utf-8")
    assert xuejian("check", "--as-of", "2026-11-25").exit_code == 0


def test_the_file_it_names_counts_from_the_configuration(xuejian: Run, here: Path) -> None:
    (here / "set").mkdir()
    groups(here / "set" / "college.db")
    (here / "set" / "xuejian.toml").write_text('source = "sqlite:///college.db"\n', "utf-8")
    assert xuejian("check", "--as-of", "2026-11-25", "--config", "set/xuejian.toml").exit_code == 0
    groups(here / "here.db")
    given = ("--source", "sqlite:///here.db", "--config", "set/xuejian.toml")
    assert xuejian("check", "--as-of", "2026-11-25", *given).exit_code == 0


def test_a_report_is_written_from_a_database_and_holds_no_secret(xuejian: Run, here: Path) -> None:
    url = f"sqlite:///{groups(here / 'college.db')}"
    result = xuejian("report", "--source", url, "--as-of", "2026-11-25", "-o", "out")
    assert result.exit_code == 0, result.stderr
    written = "".join((here / "out" / name).read_text("utf-8") for name in ("report.html", "findings.json"))
    assert "college.db:班级" in written
    assert str(here) not in written


def test_without_folder_database_or_day_it_is_refused(refused: Callable[..., str], here: Path) -> None:
    assert "--source" in refused("check")
    assert "--as-of" in refused("check", "--source", f"sqlite:///{groups(here / 'college.db')}")
    said = refused("check", "--source", "postgresql://u:geheim@127.0.0.1:1/college", "--as-of", "2026-11-25")
    assert "“college”" in said
    assert "geheim" not in said
