"""`data template` writes workbooks that load, and never over those that somebody may have filled in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


@pytest.mark.slow
def test_workbooks_are_written_once(xuejian: Callable[..., Result], here: Path) -> None:
    assert xuejian("data", "template", "forms").exit_code == 0
    assert "学生处.xlsx" in [path.name for path in (here / "forms").iterdir()]
    assert xuejian("check", "forms", "--as-of", "2026-11-25").exit_code == 0
    (here / "forms" / "学生处.xlsx").write_bytes(b"filled in")
    again = xuejian("data", "template", "forms")
    assert again.exit_code == 2
    assert "已有" in again.stderr
    assert (here / "forms" / "学生处.xlsx").read_bytes() == b"filled in"
