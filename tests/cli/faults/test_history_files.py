"""A history or key that is not as it was is said: never is a finding called solved or new because of it."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from months import checked, found, remember

from checks.findings.fingerprints import NAME as KEY
from checks.history.database import NAME
from checks.history.errors import HistoryError
from checks.history.store import Store, open_store

Run = Callable[..., Result]
FINDINGS = [found("REG-01", str(2023010000 + number)) for number in range(400)]
STUDENTS = (
    "学号,身份证号,姓名,培养层次,学生类别,学院,专业,入学日期,在校状态\n1,,王,本科,普招,土木,土木,2024-09-01,在读\n"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history of two months with 400 findings each."""
    folder = tmp_path_factory.mktemp("kept")
    store = open_store(None, folder)
    for month in ("2026-09", "2026-10"):
        remember(store, month, checked(f"{month}-28", FINDINGS))
    return (folder / NAME).read_bytes()


def opened(folder: Path, content: bytes) -> Store:
    (folder / NAME).write_bytes(content)
    return open_store(None, folder)


def test_what_is_whole_is_opened_and_knows_all(tmp_path: Path, kept: bytes) -> None:
    next_month = remember(opened(tmp_path, kept), "2026-11", checked("2026-11-25", FINDINGS))
    assert set(next_month.states.values()) == {"open"}
    assert not next_month.gone


def test_an_empty_file_is_no_new_history(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    os.utime(tmp_path / NAME, (0, 0))
    with pytest.raises(HistoryError, match="是空文件（0 字节）"):
        open_store(None, tmp_path)
    assert (tmp_path / NAME).stat().st_size == 0, "nothing was made of it"


@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_not_copied_to_its_end_is_said(tmp_path: Path, kept: bytes, part: float) -> None:
    with pytest.raises(HistoryError, match="已损坏"):
        opened(tmp_path, kept[: int(len(kept) * part)])


@pytest.mark.parametrize("page", range(1, 60, 3))
def test_a_page_in_the_middle_that_is_gone_is_said(tmp_path: Path, kept: bytes, page: int) -> None:
    at = page * 4096
    assert at < len(kept)
    with pytest.raises(HistoryError, match="已损坏"):
        opened(tmp_path, kept[:at] + random.Random(page).randbytes(4096) + kept[at + 4096 :])


@pytest.mark.parametrize("digit", range(0, 400, 40))
def test_a_single_bit_of_a_fingerprint_is_seen(tmp_path: Path, kept: bytes, digit: int) -> None:
    fingerprint = FINDINGS[digit].fingerprint.encode()
    at = kept.index(fingerprint)
    with pytest.raises(HistoryError, match="已损坏"):
        opened(tmp_path, kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])


def test_a_history_of_a_later_version_is_left_alone(tmp_path: Path, kept: bytes) -> None:
    store = opened(tmp_path, kept)
    with store.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE xuejian_meta SET value = '99' WHERE name = 'schema'")
    before = (tmp_path / NAME).read_bytes()
    with pytest.raises(HistoryError, match=r"由更新版本的学鉴写成（第99版"):
        open_store(None, tmp_path)
    assert (tmp_path / NAME).read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\0" * 64, b"abc", b"0" * 30, "密".encode() * 20])
def test_a_key_that_is_none_is_not_used_and_not_replaced(
    xuejian: Run, snapshot: Callable[..., Path], content: bytes
) -> None:
    exports = snapshot({"在校生.csv": STUDENTS})
    home = Path(os.environ["XUEJIAN_HOME"])
    home.mkdir()
    (home / KEY).write_bytes(content)
    done = xuejian("report", exports, "--select", "IDN-11", "-o", "r")
    assert done.exit_code == 2
    assert "已损坏：恢复备份，或删除它以新建" in done.stderr
    assert (home / KEY).read_bytes() == content
    assert not Path("r").exists()


def test_a_key_that_was_lost_is_noticed_before_anything_is_written(xuejian: Run, snapshot: Callable[..., Path]) -> None:
    exports = snapshot({"在校生.csv": STUDENTS})
    assert xuejian("report", exports, "--select", "IDN-11", "-o", "r").exit_code == 0
    (Path(os.environ["XUEJIAN_HOME"]) / KEY).unlink()
    done = xuejian("report", exports, "--select", "IDN-11", "-o", "again")
    assert done.exit_code == 2
    assert "指纹密钥与历史库" in done.stderr
    assert not Path("again").exists()
