"""A report is there whole or not at all, and the last good one outlives whatever happens to the next."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports.papers.output import output

ROOT = Path(__file__).parents[3]
KILLED = """
import os, signal, sys
from pathlib import Path
from reports.papers.output import output

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

moves = []
replace = Path.replace

def move(path, target):
    if len(moves) == int(sys.argv[2]):
        die()
    moves.append(target)
    return replace(path, target)

Path.replace = move
with output(Path(sys.argv[1])) as write:
    write([("a", lambda: "new a"), ("分表/b", lambda: "new b"), ("c", die if sys.argv[2] == "-1" else lambda: "new c")])
"""


def files(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file()}


def full() -> str:
    raise OSError(errno.ENOSPC, "No space left on device")


def good(folder: Path) -> None:
    with output(folder) as write:
        write([("a", lambda: "old a"), ("c", lambda: b"old c")])
    (folder / "笔记.txt").write_text("mine", encoding="utf-8")


OLD = {"a": "old a", "c": "old c", "笔记.txt": "mine"}


def test_a_new_folder_holds_every_file_and_nothing_stands_beside_it(tmp_path: Path) -> None:
    with output(tmp_path / "报告" / "11") as write:
        write([("a", lambda: "甲"), ("分表/b", lambda: b"b")])
        assert (tmp_path / "报告" / "11").exists()
    assert files(tmp_path) == {"报告/11/a": "甲", "报告/11/分表/b": "b"}


def test_the_next_report_replaces_its_own_files_and_no_others(tmp_path: Path) -> None:
    good(tmp_path / "r")
    with output(tmp_path / "r") as write:
        write([("a", lambda: "new a"), ("分表/b", lambda: "new b")])
    assert files(tmp_path / "r") == OLD | {"a": "new a", "分表/b": "new b"}
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_a_full_disk_leaves_the_last_good_report(tmp_path: Path) -> None:
    good(tmp_path / "r")
    with pytest.raises(OSError, match="No space"), output(tmp_path / "r") as write:
        write([("a", lambda: "new a"), ("分表/b", lambda: "new b"), ("c", full)])
    assert files(tmp_path) == {f"r/{name}": text for name, text in OLD.items()}
    assert not (tmp_path / "r" / "分表").exists()


def test_a_full_disk_leaves_no_trace_where_there_was_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"), output(tmp_path / "new" / "r") as write:
        write([("a", lambda: "new a"), ("c", full)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", [True, False])
def test_what_fails_after_the_files_are_in_place_takes_them_back(tmp_path: Path, there: bool) -> None:
    if there:
        good(tmp_path / "r")
    before = files(tmp_path)
    with pytest.raises(RuntimeError, match="history"), output(tmp_path / "r") as write:
        write([("a", lambda: "new a"), ("分表/b", lambda: "new b"), ("c", lambda: "new c")])
        assert files(tmp_path / "r")["a"] == "new a"
        raise RuntimeError("the history could not be written")
    assert files(tmp_path) == before
    assert not (tmp_path / "r" / "分表").exists()


def test_a_move_that_fails_halfway_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(tmp_path / "r")
    replace = Path.replace

    def move(path: Path, target: Path) -> Path:
        if target.name == "c" and path.parent.name == "new":
            raise OSError(errno.EACCES, "in use", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(OSError, match="in use"), output(tmp_path / "r") as write:
        write([("a", lambda: "new a"), ("c", lambda: "new c")])
    assert files(tmp_path) == {f"r/{name}": text for name, text in OLD.items()}


def test_a_folder_where_a_file_belongs_is_an_error_before_anything_moves(tmp_path: Path) -> None:
    good(tmp_path / "r")
    (tmp_path / "r" / "d").mkdir()
    with pytest.raises(IsADirectoryError), output(tmp_path / "r") as write:
        write([("a", lambda: "new a"), ("d", lambda: "d")])
    assert files(tmp_path / "r") == OLD


def killed(folder: Path, moves: int) -> None:
    command = [sys.executable, "-c", KILLED, str(folder), str(moves)]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("moves", [-1, 0])
def test_a_kill_while_it_renders_leaves_the_last_good_report(tmp_path: Path, moves: int) -> None:
    good(tmp_path / "r")
    killed(tmp_path / "r", moves)
    there = {name: text for name, text in files(tmp_path / "r").items() if not name.startswith(".")}
    assert there == OLD


@pytest.mark.parametrize("moves", [-1, 0, 1, 2])
def test_after_a_kill_the_next_run_finds_the_last_good_report_even_if_it_fails_too(tmp_path: Path, moves: int) -> None:
    good(tmp_path / "r")
    killed(tmp_path / "r", moves)
    with pytest.raises(OSError, match="No space"), output(tmp_path / "r") as write:
        assert files(tmp_path / "r").keys() >= OLD.keys()
        write([("a", full)])
    assert files(tmp_path) == {f"r/{name}": text for name, text in OLD.items()}
    assert not (tmp_path / "r" / "分表").exists()


def test_a_kill_before_there_was_a_report_is_swept_up(tmp_path: Path) -> None:
    killed(tmp_path / "r", -1)
    assert not (tmp_path / "r").exists()
    good(tmp_path / "r")
    assert files(tmp_path) == {f"r/{name}": text for name, text in OLD.items()}


def test_a_report_that_is_being_written_by_another_is_left_alone(tmp_path: Path) -> None:
    good(tmp_path / "r")
    with output(tmp_path / "r") as slow:
        with output(tmp_path / "r") as fast:
            fast([("a", lambda: "fast")])
        slow([("a", lambda: "slow")])
    assert files(tmp_path / "r") == OLD | {"a": "slow"}


def test_names_of_a_stranger_do_not_reach_beyond_the_folder(tmp_path: Path) -> None:
    good(tmp_path / "r")
    (tmp_path / "victim").write_text("safe", encoding="utf-8")
    left = tmp_path / "r" / ".r.0000.tmp"
    left.mkdir()
    (left / "lock").touch()
    (left / "moving").write_text(f'["../victim", "{tmp_path}/victim"]', encoding="utf-8")
    with output(tmp_path / "r") as write:
        write([("a", lambda: "new a")])
    assert (tmp_path / "victim").read_text(encoding="utf-8") == "safe"
    assert not left.exists()
