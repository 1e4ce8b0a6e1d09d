"""`xuejian report --pdf`: the PDF comes with the other files, or the user hears why it didn't."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
CHEAP = ("--select", "REG-09", "--jobs", 1)
NONE = (
    "xuejian: 没有写出 report.pdf（报告的其他文件已写出）：没有找到 Chrome、Chromium 或 Edge 浏览器，"
    "请安装一个，或用环境变量 XUEJIAN_BROWSER 指定它的位置\n"
)


@pytest.mark.browser
def test_the_pdf_stands_beside_the_page_and_is_the_same_twice(xuejian: Run, college: Path, here: Path) -> None:
    assert xuejian("report", college, *CHEAP, "-o", "r", "--pdf").exit_code == 0
    printed = (here / "r" / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert xuejian("report", college, *CHEAP, "-o", "r", "--pdf").exit_code == 0
    assert (here / "r" / "report.pdf").read_bytes() == printed


def test_without_a_browser_the_rest_is_written_and_the_user_is_told(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("XUEJIAN_BROWSER", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    done = xuejian("report", college, *CHEAP, "-o", "r", "--pdf")
    assert (done.exit_code, done.stderr) == (2, NONE)
    assert sorted(p.name for p in (here / "r").iterdir()) == [
        "findings.json", "report.docx", "report.html", "report.xlsx", "会议纪要.docx", "会议邀请.ics",
    ]  # fmt: skip
    assert "r/report.html" in done.stdout
    assert len(json.loads(xuejian("history", "--format", "json").stdout)["runs"]) == 1


def test_an_older_pdf_in_the_folder_is_called_old(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "r").mkdir()
    (here / "r" / "report.pdf").write_bytes(b"%PDF-old")
    monkeypatch.setenv("XUEJIAN_BROWSER", "没有的")
    done = xuejian("report", college, *CHEAP, "-o", "r", "--pdf")
    assert done.stderr == (
        "xuejian: r 里还有以前写的文件，不属于这次报告：report.pdf\n"
        "xuejian: 没有写出 report.pdf（报告的其他文件已写出）："
        "环境变量 XUEJIAN_BROWSER 指定的浏览器 没有的 不存在或不能运行\n"
    )
    assert (here / "r" / "report.pdf").read_bytes() == b"%PDF-old"


def test_no_pdf_is_made_unless_asked_for(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUEJIAN_BROWSER", "/nothing")
    assert xuejian("report", college, *CHEAP, "-o", "r").exit_code == 0
    assert not (here / "r" / "report.pdf").exists()


def test_a_disk_that_fills_up_takes_the_pdf_with_the_rest(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.papers.month_folder.find_browser", lambda: Path("browser"))
    monkeypatch.setattr("reports.papers.month_folder.render_pdf", lambda *_: b"%PDF-1")
    assert xuejian("report", college, *CHEAP, "-o", "r", "--pdf").exit_code == 0
    monkeypatch.setattr("reports.papers.month_folder.render_pdf", lambda *_: b"%PDF-2")

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.papers.month_folder.render_json", full)
    assert xuejian("report", college, *CHEAP, "-o", "r", "--pdf").exit_code == 2
    assert (here / "r" / "report.pdf").read_bytes() == b"%PDF-1"
