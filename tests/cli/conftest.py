"""The command line as a user meets it: in an empty folder, with a fingerprint key of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: an empty one."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XUEJIAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XUEJIAN_DEBUG", "1")
    return folder


@pytest.fixture
def xuejian(here: Path) -> Run:
    """Runs a command in this process; an error that is no refusal fails the test with its own traceback."""

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in arguments], prog_name="xuejian")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def process(here: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command in a process of its own."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cli", *(str(a) for a in arguments)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)

    return run


@pytest.fixture
def snapshot(here: Path) -> Callable[..., Path]:
    """Writes exports to a folder: file name → text; with snapshot.toml unless told otherwise."""

    def write(files: dict[str, str | bytes], *, dated: bool = True) -> Path:
        folder = here / "exports"
        folder.mkdir(exist_ok=True)
        for name, content in (files | ({"snapshot.toml": "as_of = 2026-11-25\n"} if dated else {})).items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def refused(xuejian: Run, here: Path) -> Callable[..., str]:
    """The sentence with which a command is refused: one line on stderr, exit code 2, nothing written anywhere."""

    def refusal(*arguments: object) -> str:
        before = sorted(here.rglob("*"))
        output = here / "findings.out"
        result = xuejian(*arguments, "-o", output)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert sorted(here.rglob("*")) == before
        (line,) = result.stderr.splitlines()
        assert line.startswith("xuejian: ")
        assert "Traceback" not in line
        return line.removeprefix("xuejian: ")

    return refusal
