"""What a session makes of the options, of xuejian.toml and of snapshot.toml."""

from datetime import date
from pathlib import Path
from typing import Never

import pytest
import small

from checks.run import Options
from checks.session import Exports, RuleFolders, Session, run_of
from checks.settings import PackSettings, Settings
from facts.model.refusal import Refusal
from facts.reading.notes import SnapshotNotes

PACK = "xjtei-2020"
DAY = date(2026, 11, 25)
READING = small.rule("STU-01", ["student.student_no"], {"student": 'status == "在读"'})
WAIVER = "waivers:\n- {rule: STU-01, key: {student_no: '1'}, reason: 已核实, approver: 教务处, until: 2026-12-31}\n"


def quiet(what: str, people: int = 0, /) -> None:
    pass


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    (tmp_path / "在校生.csv").write_text("学号,在校状态\n1,在读\n2,在读\n", "utf-8")
    return Exports(tmp_path, as_of=DAY)


@pytest.fixture
def folders(tmp_path: Path) -> RuleFolders:
    small.pack(tmp_path / "pack", READING)
    return RuleFolders((str(tmp_path / "pack"),))


def session(tmp_path: Path, settings: Settings | None = None, notes: SnapshotNotes | None = None) -> Session:
    return Session(settings or Settings(), notes or SnapshotNotes(), tmp_path / "home")


def test_a_parameter_is_as_the_settings_say_for_the_pack_then_the_snapshot_then_the_settings_for_all(
    tmp_path: Path,
) -> None:
    for_all = dict.fromkeys(("review_days", "notice_days", "annual_days"), 9)
    settings = Settings(parameters=for_all, packs={PACK: PackSettings(parameters={"review_days": 3})})
    notes = SnapshotNotes(packs={PACK: {"parameters": {"review_days": 4, "notice_days": 5}}})
    (pack,) = session(tmp_path, settings, notes).packs(RuleFolders())
    shipped = pack.file.parameters["deferral_days"].value
    names = ("review_days", "notice_days", "annual_days", "deferral_days")
    assert [pack.parameters[name] for name in names] == [3, 5, 9, shipped]


def test_the_institution_is_called_as_the_settings_say_else_as_the_snapshot_says(tmp_path: Path) -> None:
    notes = SnapshotNotes(college="秦岭学院")
    assert session(tmp_path, Settings(college="示例学院"), notes).college == "示例学院"
    assert session(tmp_path, notes=notes).college == "秦岭学院"
    assert session(tmp_path).college == ""


def test_where_neither_folder_nor_database_is_named_nothing_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="请给出存放导出文件的文件夹，或用 --source 给出数据库的地址"):
        session(tmp_path).load(Exports(None, as_of=DAY), quiet)


def test_waivers_hold_for_every_reader(tmp_path: Path, exports: Exports, folders: RuleFolders) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(WAIVER, "utf-8")
    one = session(tmp_path)
    masked, named = one.check(exports, one.packs(folders), Options(jobs=1), waivers, (False, True), quiet)
    assert [finding.state for finding in masked.findings] == [finding.state for finding in named.findings]
    assert {finding.key["student_no"]: finding.state for finding in named.findings}["1"] == "waived"
    assert sum(finding.state == "waived" for finding in named.findings) == 1


def test_a_findings_file_is_read_without_asking_for_settings_or_store(tmp_path: Path) -> None:
    def nobody() -> Never:
        raise AssertionError("asked for")

    with pytest.raises(Refusal, match=r"none\.json"):
        run_of(str(tmp_path / "none.json"), None, nobody)


def test_a_month_is_looked_up_only_where_runs_are_kept(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="还没有历史库，找不到 2026-11"):
        run_of("2026-11", None, lambda: session(tmp_path))
    assert not (tmp_path / "home").exists()
