"""The month's HTML page printed as a PDF by an installed browser, without network and without the time of day."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import gettempdir

from facts.model.refusal import Refusal
from facts.model.workroom import workroom

CHOSEN = "XUEJIAN_BROWSER"
"""The environment variable that names the browser: a path, or a command on the PATH."""
PATIENCE = 600
"""Seconds that a browser may take."""
_COMMANDS = (
    "google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "microsoft-edge-stable",
    "chrome", "msedge",
)  # fmt: skip
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)  # fmt: skip
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe",
)  # fmt: skip
_QUIET = (
    "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
    "--disable-extensions", "--disable-sync", "--disable-background-networking", "--disable-component-update",
    "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND",  # no name leads anywhere: offline
    "--lang=zh-CN", "--no-pdf-header-footer",
)  # fmt: skip
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")
_ELEMENT = re.compile(rb"\(node\d{8}\)")


class PdfError(Refusal):
    """Why no PDF could be made, in one sentence."""


def find_browser(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Path:
    """Chrome, Chromium or Edge: the one that $XUEJIAN_BROWSER names, else from the PATH, else from where `system`
    (as sys.platform) keeps programs. PdfError where there is none."""
    path = environment.get("PATH", "")
    if chosen := environment.get(CHOSEN):
        found = shutil.which(chosen, path=path)
        if found is None:
            raise PdfError(f"环境变量 {CHOSEN} 指定的浏览器 {chosen} 不存在或不能运行")
        return Path(found)
    for place in _places(environment, system, path):
        if place.is_file():
            return place
    raise PdfError(f"没有找到 Chrome、Chromium 或 Edge 浏览器，请安装一个，或用环境变量 {CHOSEN} 指定它的位置")


def _places(environment: Mapping[str, str], system: str, path: str) -> Iterator[Path]:
    yield from (Path(found) for name in _COMMANDS if (found := shutil.which(name, path=path)))
    if system == "darwin":
        homes = (Path("/Applications"), Path(environment.get("HOME", "/")) / "Applications")
        yield from (home / name for name in _MAC for home in homes)
    if system == "win32":
        roots = [environment.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        yield from (Path(root) / name for name in _WINDOWS for root in roots if root)


def render_pdf(html: str, as_of: date, browser: Path, patience: float = PATIENCE) -> bytes:
    """The page printed, dated by its data: the same bytes for the same page, as long as browser and fonts are the same.

    PdfError where the browser makes none within `patience` seconds. Nothing of it stays behind.
    """
    try:
        with workroom() as folder:
            page, made = folder / "report.html", folder / "report.pdf"
            page.write_bytes(html.encode())
            _run([str(browser), *_flags(folder / "profile"), f"--print-to-pdf={made}", page.as_uri()], patience)
            printed = made.read_bytes() if made.is_file() else b""
    except OSError:
        raise PdfError(f"临时文件夹 {gettempdir()} 写不了，请检查权限和磁盘空间") from None
    if not (printed.startswith(b"%PDF-") and printed.rstrip().endswith(b"%%EOF")):
        raise PdfError(f"浏览器 {browser} 没有打印出 PDF，可用环境变量 {CHOSEN} 换一个浏览器再试")
    return _settled(printed, as_of)


def _flags(profile: Path) -> Iterator[str]:
    yield from _QUIET
    yield f"--user-data-dir={profile}"
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield "--no-sandbox"  # as root Chrome doesn't start with it


def _run(command: list[str], patience: float) -> None:
    try:
        process = subprocess.Popen(  # noqa: S603 (the browser and what we tell it; the page is a file of ours)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        raise PdfError(f"浏览器 {command[0]} 启动不了，可用环境变量 {CHOSEN} 换一个浏览器再试") from None
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        raise PdfError(f"浏览器 {command[0]} 打印了 {patience:.0f} 秒还没有完成，已停止") from None
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """With everything that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _settled(printed: bytes, day: date) -> bytes:
    """Without what comes from the clock and from the browser's own counting: dates, and names of elements, which are
    numbered anew in their order. Everything keeps its length, so that every offset in the file holds."""
    places = {name: place for place, name in enumerate(sorted(set(_ELEMENT.findall(printed))), 1)}
    numbered = _ELEMENT.sub(lambda found: b"(node%08d)" % places[found[0]], printed)
    return _DATE.sub(rb"\g<1>" + f"{day:%Y%m%d}000000".encode(), numbered)
