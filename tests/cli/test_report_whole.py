"""`xuejian report` either writes the whole report and remembers it, or neither."""

import errno
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from answers import filled
from click.testing import Result

from tests.cli.test_commands import names_and_numbers

Run = Callable[..., Result]
CHEAP = ("--select", "REG-09,MRK-01", "--jobs", 1)
MORE = ("--select", "REG-09,MRK-01,MRK-03")
"""Another result, that would take the place of the first."""


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def remembered(xuejian: Run) -> list[dict[str, Any]]:
    said = xuejian("history", "--format", "json")
    runs: list[dict[str, Any]] = json.loads(said.stdout)["runs"]
    return runs


def full(*_: object, **__: object) -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "renderer",
    ["render_html", "render_docx", "render_xlsx", "render_split", "render_json"],
)
def test_a_disk_that_is_full_leaves_the_last_good_report_and_the_history(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch, renderer: str
) -> None:
    assert xuejian("report", college, *CHEAP, "-o", "r", "--split").exit_code == 0
    report, runs = bytes_of(here), remembered(xuejian)
    monkeypatch.setattr(f"reports.papers.month_folder.{renderer}", full)
    for month in ("2026-11", "2026-12"):
        failed = xuejian("report", college, *CHEAP, *MORE, "-o", "r", "--split", "--month", month)
        assert (failed.exit_code, failed.stdout) == (2, "")
        assert failed.stderr == "xuejian: r 写不了：磁盘已满，请检查路径、权限和磁盘空间\n"
        assert bytes_of(here) == report
        assert remembered(xuejian) == runs


def test_a_first_report_that_fails_is_not_remembered(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.papers.month_folder.render_html", full)
    assert xuejian("report", college, *CHEAP, "-o", "r").exit_code == 2
    assert list(here.iterdir()) == []
    assert remembered(xuejian) == []
    monkeypatch.undo()


def test_a_history_that_cannot_be_written_takes_the_report_back(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite as Dialect

    assert xuejian("report", college, *CHEAP, "-o", "r").exit_code == 0
    report, runs = bytes_of(here), remembered(xuejian)
    commit, placed = Dialect.do_commit, []

    def refuse(dialect: Dialect, connection: Any) -> None:
        if bytes_of(here)["r/report.html"] != report["r/report.html"]:
            placed.append(True)
            raise sqlite3.OperationalError("disk I/O error")
        commit(dialect, connection)

    monkeypatch.setattr(Dialect, "do_commit", refuse)
    failed = xuejian("report", college, *CHEAP, *MORE, "-o", "r")
    assert placed == [True], "the files were in place when the history was written"
    assert failed.exit_code == 2
    assert "历史库" in failed.stderr
    assert bytes_of(here) == report
    assert remembered(xuejian) == runs


def test_the_invitation_and_the_minutes_stand_beside_the_report_on_the_day_configured(
    xuejian: Run, college: Path, here: Path
) -> None:
    (here / "xuejian.toml").write_text(
        '[meeting]\ndate = "2026-11-27"\ntime = "15:00"\nplace = "行政楼"\n', encoding="utf-8"
    )
    assert xuejian("report", college, *CHEAP, "-o", "r").exit_code == 0
    assert sorted(p.name for p in (here / "r").iterdir()) == [
        "findings.json", "report.docx", "report.html", "report.xlsx", "会议纪要.docx", "会议邀请.ics",
    ]  # fmt: skip
    assert b"\r\nDTSTART;TZID=Asia/Shanghai:20261127T150000\r\n" in (here / "r" / "会议邀请.ics").read_bytes()
    assert "2026年11月27日（星期五）15:00，行政楼" in (here / "r" / "report.html").read_text(encoding="utf-8")
    kept = bytes_of(here / "r")
    assert xuejian("report", college, *CHEAP, "-o", "r").exit_code == 0
    assert bytes_of(here / "r") == kept


def test_a_meeting_that_cannot_be_is_said_before_anything_is_read(xuejian: Run, college: Path, here: Path) -> None:
    (here / "xuejian.toml").write_text('[meeting]\ntime = "25:00"\n', encoding="utf-8")
    failed = xuejian("report", college, *CHEAP, "-o", "r")
    assert failed.exit_code == 2
    assert failed.stderr == ("xuejian: 配置文件 xuejian.toml：meeting 里的 time “25:00”不是时间，请写成 15:00 的形式\n")
    assert not (here / "r").exists()


def text_of(path: Path) -> str:
    if path.suffix not in (".docx", ".xlsx"):
        return path.read_text(encoding="utf-8")
    with ZipFile(path) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_names_stand_in_what_goes_to_its_owner_and_in_no_material_of_the_meeting(
    xuejian: Run, college: Path, here: Path
) -> None:
    secret = names_and_numbers(college)
    assert xuejian("report", college, "--select", "IDN-01,IDN-07,ADM-02", "--show-personal", "--split").exit_code == 0
    named = {
        path.relative_to(here / "report-2026-11").parts[0]
        for path in (here / "report-2026-11").rglob("*.*")
        if path.is_file() and (said := text_of(path)) and [name for name in secret if name in said]
    }
    assert named == {"分表"}


def test_without_anything_for_owners_names_are_not_shown(xuejian: Run, college: Path, here: Path) -> None:
    refused = xuejian("report", college, "--show-personal")
    assert refused.exit_code == 2
    assert refused.stderr == (
        "xuejian: 会议材料不写姓名和身份证号；--show-personal 只用于分送各单位的分表，请同时加 --split\n"
    )
    assert not list(here.iterdir())


def test_what_is_waived_is_waived_in_the_owners_files_too(xuejian: Run, college: Path, here: Path) -> None:
    checked = json.loads(xuejian("check", college, "--select", "IDN-07", "--format", "json").stdout)
    key = checked["findings"][0]["key"]
    waiver = {"rule": "IDN-07", "key": key, "reason": "户籍改名", "approver": "教务处", "until": "2027-01-01"}
    (here / "waivers.yaml").write_text(json.dumps({"waivers": [waiver]}, ensure_ascii=False), encoding="utf-8")
    asked = ("--select", "IDN-07", "--split", "--show-personal", "--waivers", "waivers.yaml", "-o", "r")
    result = xuejian("report", college, *asked)
    assert result.exit_code == 0, result.stderr
    assert "户籍改名" in (here / "r" / "report.html").read_text(encoding="utf-8")
    assert "已豁免" in text_of(here / "r" / "分表" / "单位-教务处.xlsx")


def test_a_workbook_for_an_owner_who_has_nothing_left_is_said_to_be_an_old_one(
    xuejian: Run, college: Path, here: Path
) -> None:
    (here / "r" / "分表").mkdir(parents=True)
    (here / "r" / "分表" / "学院-信息学院.xlsx").write_bytes(b"last week's")
    again = xuejian("report", college, "--select", "IDN-07", "--split", "-o", "r")
    assert again.exit_code == 0
    assert again.stderr == "xuejian: r 里还有以前写的文件，不属于这次报告：学院-信息学院.xlsx\n"
    assert (here / "r" / "分表" / "学院-信息学院.xlsx").read_bytes() == b"last week's"


def test_a_workbook_that_somebody_has_filled_in_is_never_overwritten(xuejian: Run, college: Path, here: Path) -> None:
    asked = ("report", college, "--select", "IDN-07", "--split", "-o", "r")
    assert xuejian(*asked).exit_code == 0
    assert xuejian(*asked).exit_code == 0
    path = here / "r" / "分表" / "单位-教务处.xlsx"
    findings = json.loads((here / "r" / "findings.json").read_text(encoding="utf-8"))["findings"]
    answers = {each["fingerprint"]: ("待改", "") for each in findings if each["owner"] == "教务处"}
    shutil.copy(filled(path.read_bytes(), here / "filled.xlsx", answers), path)
    kept = bytes_of(here / "r")
    refused = xuejian(*asked)
    assert (refused.exit_code, bytes_of(here / "r")) == (2, kept)
    assert refused.stderr == (
        "xuejian: r/分表/单位-教务处.xlsx 里有填好的内容（或者打不开），不会覆盖；"
        "请先用 xuejian feedback 收回并移走，或用 -o 另写\n"
    )
