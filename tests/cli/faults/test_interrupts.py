"""Ctrl-C, a closed terminal and a polite end stop a command whenever they come: nothing temporary stays, nothing is
half written, and what is said of it is true. What a killed process leaves, the next one removes."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from facts.model.interruption import Interruption, committing, heard
from facts.model.workroom import workroom
from reports.papers.files import write_file
from reports.papers.output import output

Run = Callable[..., Result]
ROOT = Path(__file__).parents[3]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
STUDENTS = "学号,身份证号,姓名\n1,110101200001010015,王小明\n"
SLOW = """
import sys, time
sys.path.insert(0, {root!r})
from facts.reading import load
def slow(there, kind):
    print("reading", flush=True)
    while True:
        time.sleep(0.01)
load._part = slow
load.ThreadPoolExecutor = type("Here", (), {{
    "__init__": lambda self, number: None, "__enter__": lambda self: self, "__exit__": lambda self, *error: None,
    "submit": lambda self, work, *arguments: work(*arguments) if work is slow else None,
    "shutdown": lambda self, **how: None,
}})
from cli import main
main(["data", "validate", "导出.zip", "--as-of", "2026-11-25"])
"""


@pytest.fixture
def temporary(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = here.parent / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@contextmanager
def reading(here: Path) -> Iterator["subprocess.Popen[str]"]:
    """A command that has unpacked an archive and reads it until somebody ends it, at the latest the test."""
    with zipfile.ZipFile(here / "导出.zip", "w") as archive:
        archive.writestr("在校生.csv", STUDENTS)
    command = [sys.executable, "-c", SLOW.format(root=str(ROOT))]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "reading\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", SIGNALS)
def test_an_end_that_is_asked_for_takes_the_unpacked_numbers_with_it(
    here: Path, temporary: Path, number: signal.Signals
) -> None:
    with reading(here) as process:
        assert [path.name for path in temporary.rglob("*.csv")] == ["0000.csv"]
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert said == "xuejian: 已中断，没有写出结果\n"
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_swept_by_the_next_one_and_what_is_in_use_stays(
    here: Path, temporary: Path, xuejian: Run
) -> None:
    with reading(here) as killed, workroom() as used:
        killed.kill()
        killed.wait()
        (left,) = (each for each in temporary.iterdir() if each != used)
        assert list(left.rglob("*.csv"))
        (temporary / "xuejian-room-of-somebody").write_text("no folder", encoding="utf-8")
        (temporary / "xuejian-room-link").symlink_to(here)
        assert xuejian("data", "validate", here / "导出.zip", "--as-of", "2026-11-25").exit_code == 1  # columns lack
        assert {each.name for each in temporary.iterdir()} == {
            used.name,
            "xuejian-room-of-somebody",
            "xuejian-room-link",
        }
    assert not used.exists()


@pytest.mark.parametrize(("hours", "stays"), [(0.5, True), (2, False)])
def test_a_folder_without_a_lock_may_be_just_being_made_but_not_for_hours(
    temporary: Path, hours: float, stays: bool
) -> None:
    left = temporary / "xuejian-room-left"
    left.mkdir()
    os.utime(left, (time.time() - hours * 3600,) * 2)
    with workroom() as room:
        assert oct(room.stat().st_mode & 0o777) == "0o700"
        assert left.exists() is stays


def test_a_folder_of_somebody_s_that_is_called_alike_is_never_removed(temporary: Path) -> None:
    for name in ("xuejian-exports", "xuejian-room-mine"):
        (temporary / name).mkdir()
        (temporary / name / "在校生.csv").write_text(STUDENTS, encoding="utf-8")
        os.utime(temporary / name, (time.time() - 48 * 3600,) * 2)
    with workroom():
        pass
    assert {each.name for each in temporary.iterdir()} == {"xuejian-exports", "xuejian-room-mine"}


OLD, NEW = {"a": "old a", "c": "old c"}, {"a": "new a", "分表/b": "new b", "c": "new c"}
STEPS = [
    (Path, "mkdir"), (Path, "replace"), (Path, "rename"), (Path, "unlink"), (os, "link"), (os, "fsync"),
    (shutil, "rmtree"),
]  # fmt: skip
"""What writing a report does to the disk."""


@contextmanager
def interrupted_at(step: int, monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> Iterator[list[str]]:
    """Before so many-th step a signal comes. Gives the names of the steps made."""
    made: list[str] = []

    def before(name: str, do: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            made.append(name)
            if len(made) == step:
                signal.raise_signal(number)
            return do(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        for place, name in STEPS:
            patched.setattr(place, name, before(name, getattr(place, name)))
        yield made


def files(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("number", SIGNALS)
def test_a_report_that_is_interrupted_at_any_step_is_there_or_not_as_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, there: bool
) -> None:
    seen: set[bool] = set()
    for step in range(1, 200):
        folder = tmp_path / str(step) / "r"
        if there:
            folder.mkdir(parents=True)
            for name, text in OLD.items():
                (folder / name).write_text(text, encoding="utf-8")
        before = files(tmp_path / str(step)) if there else {}
        with heard() as signals, interrupted_at(step, monkeypatch, number) as made:
            try:
                with output(folder) as write:
                    write([(name, lambda text=text: text) for name, text in NEW.items()])  # type: ignore[misc]
                whole = True
            except KeyboardInterrupt:
                whole = False
        now = {name.removeprefix("r/"): text for name, text in files(tmp_path / str(step)).items()}
        assert signals.done is whole
        if whole:
            assert now == NEW | {name: text for name, text in OLD.items() if there and name not in NEW}
        else:
            assert now == {name.removeprefix("r/"): text for name, text in before.items()}
        assert not list(tmp_path.rglob(".r.*.tmp")), (step, made)
        seen.add(whole)
        if len(made) < step:
            break
    else:
        raise AssertionError("it never ends")
    assert seen == {True, False}


def test_the_store_that_fails_after_an_interrupt_was_put_off_takes_the_files_back(tmp_path: Path) -> None:
    with heard() as signals, pytest.raises(RuntimeError, match="full"), output(tmp_path / "r") as write:
        write([("a", lambda: "new a")])
        signal.raise_signal(signal.SIGINT)
        raise RuntimeError("the history is full")
    assert not signals.done
    assert list(tmp_path.iterdir()) == []


def test_who_asks_twice_is_not_kept_waiting(tmp_path: Path) -> None:
    with heard(), pytest.raises(KeyboardInterrupt), committing():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)


def test_a_single_file_that_is_in_its_place_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def late(path: Path, target: Path) -> Path:
        replace(path, target)
        signal.raise_signal(signal.SIGINT)
        return target

    monkeypatch.setattr(Path, "replace", late)
    with heard() as signals:
        write_file(tmp_path / "a", "new")
    assert signals.done
    assert files(tmp_path) == {"a": "new"}


def test_the_sentence_after_the_results_are_there_says_so(
    xuejian: Run, snapshot: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = snapshot({"在校生.csv": STUDENTS})

    def impatient(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("click.echo", impatient)
    monkeypatch.setattr("reports.console.doors.remark", said := [].append)
    folder = exports.parent / "填报表"
    assert xuejian("data", "template", folder).exit_code == 130
    assert list(folder.iterdir())
    assert said.__self__ == ["已中断，结果已经写出"]  # type: ignore[attr-defined]


def test_who_is_told_to_ignore_a_signal_ignores_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with heard() as signals:
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGINT) is signals
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signals.number == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not isinstance(signal.getsignal(signal.SIGINT), Interruption)


def test_a_report_folder_left_without_a_lock_is_swept_in_time(tmp_path: Path) -> None:
    left = tmp_path / "r" / ".r.0000.tmp"
    left.mkdir(parents=True)
    (left / "new").mkdir()
    os.utime(left, (time.time() - 7200,) * 2)
    with output(tmp_path / "r") as write:
        write([("a", lambda: "new a")])
    assert files(tmp_path) == {"r/a": "new a"}
    assert not left.exists()
