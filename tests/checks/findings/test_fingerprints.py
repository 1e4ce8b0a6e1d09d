"""The key of fingerprints: made once, read by its owner only, never silently replaced."""

import multiprocessing
import os
from pathlib import Path

import pytest

from checks.findings.fingerprints import NAME, KeyFileError, fingerprint, load_key


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    key = load_key(home)
    assert len(key) == 32
    assert (home / NAME).stat().st_mode & 0o777 == 0o600
    assert load_key(home) == key
    assert names(home) == [NAME]


def test_two_folders_have_two_keys(tmp_path: Path) -> None:
    assert load_key(tmp_path / "a") != load_key(tmp_path / "b")


def _load(home: Path) -> bytes:
    return load_key(home)


@pytest.mark.slow
def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert len({*pool.map(_load, [tmp_path / "home"] * 8), load_key(tmp_path / "home")}) == 1
    assert names(tmp_path / "home") == [NAME]


def test_whoever_comes_second_keeps_the_firsts_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def beaten(made: Path, path: Path) -> None:
        path.write_text("ab" * 32, encoding="ascii")
        link(made, path)

    monkeypatch.setattr(os, "link", beaten)
    assert load_key(tmp_path) == bytes.fromhex("ab" * 32)
    assert names(tmp_path) == [NAME]


def test_what_a_stopped_run_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.{os.getpid()}").write_text("half", encoding="ascii")
    (tmp_path / f"{NAME}.0").write_text("", encoding="ascii")
    assert len(load_key(tmp_path)) == 32


@pytest.mark.parametrize("text", ["", "\n", "ab", "没有密钥", "z" * 64, "abc"])
def test_a_damaged_key_is_refused_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyFileError, match=f"{NAME} 已损坏：恢复备份，或删除它以新建"):
        load_key(tmp_path)
    assert path.read_text(encoding="utf-8") == text


def test_a_key_that_cannot_be_read_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(KeyFileError, match="读写不了，请检查该文件，或用环境变量 XUEJIAN_HOME 指定另一个文件夹"):
        load_key(tmp_path)


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(KeyFileError, match="读写不了"):
        load_key(tmp_path / "file")


def test_a_fingerprint_is_of_rule_and_key_and_nothing_else() -> None:
    key = bytes(32)
    one = fingerprint(key, "REG-01", {"student_no": "1", "term": "2026-2027-1"})
    assert one == fingerprint(key, "REG-01", {"term": "2026-2027-1", "student_no": "1"})
    assert len(one) == 32 and int(one, 16) >= 0
    others = [
        fingerprint(key, "REG-02", {"student_no": "1", "term": "2026-2027-1"}),
        fingerprint(key, "REG-01", {"student_no": "2", "term": "2026-2027-1"}),
        fingerprint(bytes([1] * 32), "REG-01", {"student_no": "1", "term": "2026-2027-1"}),
    ]
    assert len({one, *others}) == 4
