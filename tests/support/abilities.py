"""What the marked tests need of this machine is tried before they run: `python tests/support/abilities.py`.

Standard output gets pytest's options that leave out the tests of what can't be done here; standard error says what is
left out and why. On CI (CI is set) nothing may be left out: there the exit code is 1.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import mariadb
import office
import postgresql
import pytest
import xlsxwriter
from docx import Document

from reports.papers.pdf import find_browser, render_pdf


def print_page() -> None:
    render_pdf("<!doctype html><meta charset=utf-8><title>学鉴</title><p>学籍", date(2026, 11, 25), find_browser())


def paginate() -> None:
    with TemporaryDirectory() as folder:
        document = Document()
        document.add_paragraph("学籍")
        path = Path(folder) / "document.docx"
        document.save(str(path))
        office.convert(path, "pdf")


def save_workbooks() -> None:
    for form in ("xls", "dbf:dBase:85"):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "workbook.xlsx"
            with xlsxwriter.Workbook(path) as book:
                book.add_worksheet().write_row(0, 0, ["XH", "XM"])
            office.convert(path, form)


def start_postgresql() -> None:
    with postgresql.server():
        pass


def start_mariadb() -> None:
    with mariadb.server():
        pass


ABILITIES: dict[str, tuple[str, Callable[[], None]]] = {
    "browser": ("print a page with Chromium, Chrome or Edge", print_page),
    "office": ("make a PDF of a .docx with LibreOffice Writer", paginate),
    "calc": ("save .xls and .dbf with LibreOffice Calc", save_workbooks),
    "postgresql": ("start a PostgreSQL of the tests' own", start_postgresql),
    "mysql": ("start a MariaDB of the tests' own", start_mariadb),
}
"""Marker of tests → what they need, and what does it once."""


def trouble(attempt: Callable[[], None]) -> str | None:
    """In one line, what went wrong; None where it went well."""
    try:
        attempt()
    except (Exception, pytest.fail.Exception) as error:
        return " ".join(str(error).split()) or type(error).__name__
    return None


def main() -> int:
    with ThreadPoolExecutor() as pool:
        troubles = pool.map(trouble, (attempt for _, attempt in ABILITIES.values()))
        lacking = {marker: why for marker, why in zip(ABILITIES, troubles, strict=True) if why is not None}
    outcome = "CI must run these tests, and can't" if os.environ.get("CI") else "These tests are left out here"
    for marker, why in lacking.items():
        print(f"{outcome}: {marker} ({ABILITIES[marker][0]}): {why}", file=sys.stderr)
    print(*(f"--without {marker}" for marker in lacking))
    return int(bool(lacking and os.environ.get("CI")))


if __name__ == "__main__":
    sys.exit(main())
