"""A source that changes while it is read is refused: nobody could say of which bytes the findings and the hash are."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from facts.reading import load
from facts.reading.survey import Place

Run = Callable[..., Result]
Change = Callable[[Path], None]

STUDENTS = (
    "学号,身份证号,姓名,培养层次,学生类别,学院,专业,入学日期,在校状态\n1,,王,本科,普招,土木,土木,2024-09-01,在读\n"
)


def rewrite(path: Path) -> None:
    """Other bytes of the same number, and the old date put back, as a copying program does."""
    then = path.stat()
    with path.open("r+b") as file:
        file.write(path.read_bytes().replace("王".encode(), "李".encode()))
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write("2,,赵,本科,普招,土木,土木,2024-09-01,在读\n".encode())


def replace(path: Path) -> None:
    """The same bytes in another file under its name."""
    other = path.with_name("other.part")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def truncate(path: Path) -> None:
    os.truncate(path, 20)


@pytest.fixture
def changing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Change, str], None]:
    """Has a file changed before or after it is read."""

    def at(path: Path, change: Change, when: str) -> None:
        read = load._part

        def part(there: Place, kind: str) -> object:
            if when == "before it is read":
                change(path)
            found = read(there, kind)
            if when == "after it is read":
                change(path)
            return found

        monkeypatch.setattr(load, "_part", part)

    return at


@pytest.mark.parametrize("when", ["before it is read", "after it is read"])
@pytest.mark.parametrize("change", [rewrite, grow, replace, truncate])
def test_a_file_that_changes_is_refused_by_its_name(
    refused: Callable[..., str], snapshot: Callable[..., Path], changing: Callable[..., None], change: Change, when: str
) -> None:
    folder = snapshot({"在校生.csv": STUDENTS})
    changing(folder / "在校生.csv", change, when)
    sentence = refused("data", "validate", folder)
    assert sentence.startswith("“在校生.csv”在读取时被改动过")
    assert "请等导出、拷贝完成后再运行" in sentence


def test_a_file_that_goes_is_refused_as_changed(
    xuejian: Run, snapshot: Callable[..., Path], changing: Callable[..., None]
) -> None:
    folder = snapshot({"在校生.csv": STUDENTS})
    changing(folder / "在校生.csv", Path.unlink, "after it is read")
    done = xuejian("data", "validate", folder)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("xuejian: “在校生.csv”在读取时被改动过")


@pytest.mark.parametrize("change", [grow, replace, truncate])
def test_an_archive_that_changes_is_refused_too(
    refused: Callable[..., str], here: Path, changing: Callable[..., None], change: Change
) -> None:
    path = here / "导出.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("在校生.csv", STUDENTS)
    changing(path, change, "after it is read")
    assert refused("data", "validate", path, "--as-of", "2026-11-25").startswith("“导出.zip”在读取时被改动过")


def test_a_file_that_is_still_written_while_the_check_starts_is_not_called_damaged(
    refused: Callable[..., str], snapshot: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = snapshot({"在校生.csv": STUDENTS + '2,,"赵'})
    path, read = folder / "在校生.csv", load._part

    def part(there: Place, kind: str) -> object:
        grow(path)
        return read(there, kind)

    monkeypatch.setattr(load, "_part", part)
    assert refused("data", "validate", folder).startswith("“在校生.csv”在读取时被改动过")


def test_what_stays_as_it_is_is_read_and_what_is_none_of_ours_may_change(
    xuejian: Run, snapshot: Callable[..., Path], changing: Callable[..., None]
) -> None:
    folder = snapshot({"在校生.csv": STUDENTS, "说明.md": "x"})
    changing(folder / "说明.md", grow, "after it is read")
    assert xuejian("data", "validate", folder).exit_code == 0
