"""report.pdf: printed by a real browser where a test says so, else by a script in its place."""

import os
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checks.history.values import Gone, KeptFinding
from checks.results import CheckResult
from reports.month.month import monthly_report
from reports.papers.html import render_html
from reports.papers.pdf import CHOSEN, PdfError, find_browser, render_pdf

AS_OF = date(2026, 11, 25)
posix = pytest.mark.skipif(sys.platform == "win32", reason="the browser's place is taken by a shell script")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, which a test may look into."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def script(folder: Path, *lines: str) -> Path:
    """A program in the browser's place. `$made`: where the PDF is to be; `$page`: the page's address."""
    path = folder / "browser"
    start = [
        "#!/bin/sh",
        'for each in "$@"; do page=$each; case $each in --print-to-pdf=*) made=${each#*=};; esac; done',
    ]
    path.write_text("\n".join([*start, *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


def tags(pdf: bytes) -> Counter[str]:
    """What a PDF is made of, as it tells programs that read it out: H2, Table, TR, TD, …"""
    return Counter(each.decode() for each in re.findall(rb"/S /(\w+)", pdf))


@pytest.mark.browser
def test_the_page_becomes_sheets_with_every_section_and_every_finding(result: CheckResult, temporary: Path) -> None:
    html = render_html(monthly_report(result, "2026-11", "西安交通工程学院"))
    pdf = render_pdf(html, AS_OF, find_browser())
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf)) > 10
    assert tags(pdf)["H2"] == html.count("<h2")
    assert tags(pdf)["TR"] > len(result.findings)
    assert re.findall(rb"/(?:CreationDate|ModDate) \(D:(\d+)", pdf) == [b"20261125000000"] * 2
    assert list(temporary.iterdir()) == []
    assert render_pdf(html, AS_OF, find_browser()) == pdf


@pytest.mark.browser
def test_what_a_page_draws_before_printing_is_printed(temporary: Path) -> None:
    draw = "addEventListener('beforeprint', () => { document.querySelector('p').hidden = false; })"
    html = f"<!doctype html><meta charset=utf-8><title>甲</title><h1>报告</h1><p hidden>全部</p><script>{draw}</script>"
    assert tags(render_pdf(html, AS_OF, find_browser()))["P"] == 1


@pytest.mark.browser
def test_paper_shows_what_the_page_folds_away_of_the_months_before(clean: CheckResult, temporary: Path) -> None:
    report = monthly_report(clean, "2026-11", "西安交通工程学院")
    seen = KeptFinding("f" * 16, "REG-01", "error", "教务处", None, None, "open", "", "")
    gone = Gone(seen, "未注册", "solved")
    without = tags(render_pdf(render_html(report), AS_OF, find_browser()))
    shown = tags(render_pdf(render_html(replace(report, gone=(gone, gone))), AS_OF, find_browser()))
    assert (shown["Table"] - without["Table"], shown["TR"] - without["TR"]) == (1, 3)


@posix
def test_the_browser_gets_the_page_as_a_file_and_no_way_to_the_network(tmp_path: Path, temporary: Path) -> None:
    heard = tmp_path / "heard"
    browser = script(
        tmp_path,
        f'printf "%s\\n" "$@" > {heard}',
        'cat "${page#file://}" > "$made"',
    )
    page = "%PDF-1.4\n/CreationDate (D:20200101120000+00'00')\n甲\n%%EOF\n"
    assert render_pdf(page, AS_OF, browser) == page.replace("20200101120000", "20261125000000").encode()
    flags = heard.read_text(encoding="utf-8").splitlines()
    assert {"--headless=new", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"} <= set(flags)
    assert any(flag.startswith(f"--user-data-dir={temporary}") for flag in flags)
    assert list(temporary.iterdir()) == []


@posix
def test_how_a_browser_happened_to_number_elements_does_not_show(tmp_path: Path) -> None:
    browser = script(tmp_path, 'cat "${page#file://}" > "$made"')
    once = "%PDF-1.4\n/ID (node00000007) /ID (node00000012) [(node00000007) (node00000012)]\n%%EOF\n"
    again = once.replace("07", "09").replace("12", "40")
    assert render_pdf(once, AS_OF, browser) == render_pdf(again, AS_OF, browser)
    assert b"[(node00000001) (node00000002)]" in render_pdf(once, AS_OF, browser)


@posix
@pytest.mark.parametrize(("user", "open_"), [(0, True), (1000, False)])
def test_only_for_root_the_sandbox_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, user: int, open_: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    browser = script(tmp_path, 'echo "%PDF-1.4 $*" > "$made"; echo "%%EOF" >> "$made"')
    assert (b"--no-sandbox" in render_pdf("", AS_OF, browser)) is open_


@posix
@pytest.mark.parametrize("line", ["exit 1", 'echo "%PDF-1.4 half" > "$made"', 'echo "<html>%%EOF" > "$made"'])
def test_no_pdf_or_half_a_pdf_is_refused(tmp_path: Path, temporary: Path, line: str) -> None:
    browser = script(tmp_path, line)
    with pytest.raises(PdfError, match=f"^浏览器 {browser} 没有打印出 PDF，可用环境变量 XUEJIAN_BROWSER 换一个"):
        render_pdf("", AS_OF, browser)
    assert list(temporary.iterdir()) == []


@posix
def test_a_browser_that_does_not_end_is_stopped_with_what_it_started(tmp_path: Path, temporary: Path) -> None:
    started = tmp_path / "started"
    browser = script(tmp_path, "sleep 600 &", f"echo $! > {started}", "wait")
    with pytest.raises(PdfError, match=r"打印了 2 秒还没有完成，已停止$"):
        render_pdf("", AS_OF, browser, patience=2)
    assert gone(int(started.read_text(encoding="utf-8")))
    assert list(temporary.iterdir()) == []


def gone(process: int) -> bool:
    """Within some seconds: a signal takes its time, and whoever adopts a dead process takes theirs."""
    for _ in range(200):
        try:
            os.kill(process, 0)
            if Path("/proc").is_dir() and Path(f"/proc/{process}/stat").read_text(encoding="utf-8").split()[2] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_a_program_that_cannot_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="启动不了"):
        render_pdf("", AS_OF, tmp_path / "nothing")


def test_temporary_files_that_cannot_be_written_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(PdfError, match=r"^临时文件夹 .*nowhere 写不了，请检查权限和磁盘空间$"):
        render_pdf("", AS_OF, tmp_path / "browser")


def test_without_a_browser_the_reader_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PdfError, match=r"请安装一个，或用环境变量 XUEJIAN_BROWSER 指定它的位置$"):
        find_browser({"PATH": "", "HOME": str(tmp_path)}, "linux")


@posix
def test_a_browser_that_is_named_goes_before_all_others_and_must_be_there(tmp_path: Path) -> None:
    own = script(tmp_path)
    own.rename(tmp_path / "chromium")
    named = script(tmp_path)
    assert find_browser({"PATH": str(tmp_path)}, "linux") == tmp_path / "chromium"
    assert find_browser({"PATH": str(tmp_path), CHOSEN: str(named)}, "linux") == named
    assert find_browser({"PATH": str(tmp_path), CHOSEN: "browser"}, "linux") == named
    with pytest.raises(PdfError, match=r"^环境变量 XUEJIAN_BROWSER 指定的浏览器 没有的 不存在或不能运行$"):
        find_browser({"PATH": str(tmp_path), CHOSEN: "没有的"}, "linux")


@pytest.mark.parametrize(
    ("system", "variable", "place"),
    [
        ("win32", "PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("win32", "PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("win32", "LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
        ("darwin", "HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    ],
)
def test_browsers_are_found_where_systems_keep_them(tmp_path: Path, system: str, variable: str, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.touch()
    assert find_browser({"PATH": "", variable: str(tmp_path)}, system) == path
