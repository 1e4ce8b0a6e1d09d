"""xuejian.toml and snapshot.toml are read once a command, and messages call the settings by their own name."""

import io
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
SETTINGS = """
college = "示例学院"
[meeting]
place = "行政楼"
[sources.student]
date_form = "%Y-%m-%d"
[packs.xjtei-2020.parameters]
[report.fonts]
title = "宋体"
"""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Counter[Path]:
    """How often each file was opened to be read."""
    counts: Counter[Path] = Counter()
    really = io.open

    def counting(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if isinstance(file, str | Path) and "r" in mode:
            counts[Path(file).resolve()] += 1
        return really(file, mode, *arguments, **named)

    low = os.open

    def counting_low(file: Any, flags: int, *arguments: Any, **named: Any) -> int:
        if isinstance(file, str | Path) and flags & os.O_ACCMODE == os.O_RDONLY:
            counts[Path(file).resolve()] += 1
        return low(file, flags, *arguments, **named)

    monkeypatch.setattr("os.open", counting_low)
    monkeypatch.setattr("io.open", counting)
    monkeypatch.setattr("builtins.open", counting)
    return counts


@pytest.fixture
def exports(college: Path, tmp_path: Path) -> Path:
    """A folder of exports with settings beside it, in the current folder."""
    return Path(shutil.copytree(college, tmp_path / "exports"))


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("report", "--split"),
        ("notice", "-o", "letters"),
        ("data", "inspect"),
        ("data", "inspect", "--write"),
        ("data", "validate"),
        ("rules", "chart", "-o", "chart.svg", "--snapshot"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("named", [(), ("--config", "own.toml")], ids=["usual", "own"])
def test_each_file_is_read_once(
    command: tuple[str, ...], named: tuple[str, ...], exports: Path, here: Path, xuejian: Run, opened: Counter[Path]
) -> None:
    settings = here / (named[-1] if named else "xuejian.toml")
    settings.write_text(SETTINGS, "utf-8")
    opened.clear()
    assert xuejian(*command, exports, *named).exit_code in (0, 1)
    assert (opened[settings], opened[exports / "snapshot.toml"]) == (1, 1)


def test_the_notes_inside_an_archive_are_read_once(
    exports: Path, here: Path, xuejian: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = shutil.make_archive(str(here / "exports"), "zip", exports)
    (here / "xuejian.toml").write_text(SETTINGS, "utf-8")
    read: list[str] = []
    monkeypatch.setattr("facts.reading.notes.values_of", lambda text: read.append(text) or {"as_of": "2026-11-25"})
    assert xuejian("report", archive).exit_code == 0
    assert len(read) == 1


def test_a_command_that_asks_for_no_settings_does_not_read_them(here: Path, xuejian: Run) -> None:
    (here / "xuejian.toml").write_text("这不是 TOML", "utf-8")
    assert xuejian("rules", "schema").exit_code == 0
    assert xuejian("check", here).exit_code == 2


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("学号,姓名\n", "的 [sources.student] 里用 heading_row、columns 写明"),
        ("学号,学号\n", "请删去或改名其中一列"),
    ],
)
def test_a_message_calls_the_settings_by_the_name_that_was_given(
    student: str, said: str, here: Path, xuejian: Run
) -> None:
    folder = here / "exports"
    folder.mkdir()
    (folder / "在校生.csv").write_text("甲,乙\n1,2\n" if "写明" in said else student, "utf-8")
    (here / "own.toml").write_text("", "utf-8")
    for given, name in (((), "xuejian.toml"), (("--config", "own.toml"), "own.toml")):
        refused = xuejian("check", folder, "--as-of", "2026-11-25", *given)
        assert refused.exit_code == 2
        assert said in refused.stderr
        assert (f"{name} 的 [sources" in refused.stderr) == ("写明" in said)


def test_a_reason_calls_the_settings_by_the_name_that_was_given(here: Path, xuejian: Run) -> None:
    folder = here / "exports"
    folder.mkdir()
    text = "学号,学期,注册状态,注册日期\n2026010101,第一学期,已注册,2026-09-01\n"
    (folder / "学期注册.csv").write_text(text, "utf-8")
    (here / "own.toml").write_text("", "utf-8")
    for given, name in (((), "xuejian.toml"), (("--config", "own.toml"), "own.toml")):
        for command in (("data", "inspect"), ("data", "validate")):
            assert f"或在 {name} 用 codes" in xuejian(*command, folder, "--as-of", "2026-11-25", *given).stdout
