"""The earlier snapshot: given, or named in snapshot.toml; earlier, or refused."""

import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest

from facts.model.refusal import DataError
from facts.model.snapshot import Snapshot
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources
from facts.reading.previous import with_previous

STUDENTS = "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n1,某甲,本科,机电,车辆,2024-09-01,在读\n"


def export(folder: Path, as_of: str, more: str = "", **tables: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in (tables or {"student": STUDENTS}).items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    (folder / "snapshot.toml").write_text(f"as_of = {as_of}\n{more}", "utf-8")
    return folder


def read(folder: Path, given: Path | None = None, as_of: date | None = None) -> Snapshot:
    return with_previous(load_snapshot(folder, as_of), folder, given)


def earlier(snapshot: Snapshot) -> tuple[str, date]:
    assert snapshot.previous is not None
    return snapshot.previous.path, snapshot.previous.as_of


def test_none_is_given_and_none_is_named(tmp_path: Path) -> None:
    assert read(export(tmp_path / "now", "2026-11-25")).previous is None


def test_the_one_given_is_read_but_for_the_tables_that_nobody_looks_at(tmp_path: Path) -> None:
    before = export(tmp_path / "old", "2026-10-28", student=STUDENTS, term="学期\n")
    found = read(export(tmp_path / "now", "2026-11-25"), before)
    assert earlier(found) == ("old", date(2026, 10, 28))
    assert found.previous is not None
    assert list(found.previous.tables) == ["student"]


@pytest.mark.parametrize(("place", "name"), [("now/2026-10", "2026-10"), ("2026-10", "../2026-10")])
def test_the_one_that_snapshot_toml_names_lies_inside_or_beside(tmp_path: Path, place: str, name: str) -> None:
    now = export(tmp_path / "now", "2026-11-25", f'previous = "{name}"\n')
    export(tmp_path / place, "2026-10-28")
    found = read(now)
    assert earlier(found) == ("2026-10", date(2026, 10, 28))
    assert found.ignored == (), "the folder inside is no file that was overlooked"


def test_the_one_given_goes_before_the_one_named(tmp_path: Path) -> None:
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n')
    export(now / "2026-10", "2026-10-28")
    assert earlier(read(now, export(tmp_path / "september", "2026-09-30"))) == ("september", date(2026, 9, 30))


@pytest.mark.parametrize("as_of", ["2026-11-25", "2026-11-26"])
def test_one_given_that_is_not_earlier_is_refused(tmp_path: Path, as_of: str) -> None:
    with pytest.raises(DataError, match=r"old”截至 2026-11-2\d，不早于本次的 2026-11-25"):
        read(export(tmp_path / "now", "2026-11-25"), export(tmp_path / "old", as_of))


def test_an_old_month_run_again_is_compared_with_nothing_where_the_one_named_came_later(tmp_path: Path) -> None:
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n')
    export(now / "2026-10", "2026-10-28")
    found = read(now, as_of=date(2026, 10, 28))
    assert (found.previous, found.ignored) == (None, ())
    assert read(now, as_of=date(2026, 10, 29)).previous is not None


@pytest.mark.parametrize("name", ["../../elsewhere", "/", ".", "..", "../now"])
def test_one_named_elsewhere_on_the_machine_is_refused(tmp_path: Path, name: str) -> None:
    export(tmp_path / "elsewhere", "2026-10-28")
    now = export(tmp_path / "deep" / "now", "2026-11-25", f'previous = "{name}"\n')
    with pytest.raises(DataError, match="只能指本文件夹里面或旁边的文件夹"):
        read(now)


@pytest.mark.parametrize("written", ["previous = 202610", 'previous = ""', "previous = []"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(DataError, match="previous 应写上次快照的文件夹名"):
        read(export(tmp_path / "now", "2026-11-25", f"{written}\n"))


def test_one_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    now = export(tmp_path / "now", "2026-11-25")
    with pytest.raises(DataError, match=f"找不到上次快照“{tmp_path / 'gone'}”"):
        read(now, tmp_path / "gone")
    other = export(tmp_path / "other", "2026-10-28", term="学期\n2026-2027-1\n")
    with pytest.raises(DataError, match="other”读不了：文件夹“other”里没有“在校生”表"):
        read(now, other)


@pytest.mark.parametrize("around", ["", "2026-10/"])
def test_one_that_is_an_archive_says_its_own_day(tmp_path: Path, around: str) -> None:
    before = export(tmp_path / "old", "2026-10-28")
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in before.iterdir():
            archive.write(file, around + file.name)
    assert earlier(read(export(tmp_path / "now", "2026-11-25"), path)) == ("old.zip", date(2026, 10, 28))


def packed(folder: Path, around: str = "") -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*.*"):
            archive.write(file, around + str(file.relative_to(folder)))
    return path


@pytest.mark.parametrize("around", ["", "11月/"])
def test_an_archive_holds_its_earlier_one_as_a_folder_does(tmp_path: Path, around: str) -> None:
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n')
    export(now / "2026-10", "2026-10-28", student=STUDENTS.replace("某甲", "某乙"))
    folder, archive = read(now), read(packed(now, around))
    assert earlier(archive) == earlier(folder) == ("2026-10", date(2026, 10, 28))
    assert archive.tables["student"].read == 1, "the earlier rows are no rows of today"
    assert (archive.ignored, archive.sha256) == (folder.ignored, folder.sha256)
    assert archive.previous is not None
    assert archive.previous.tables["student"].frame["name"].tolist() == ["某乙"]


def test_one_inside_may_be_an_archive_whose_rows_are_none_of_today(tmp_path: Path) -> None:
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10.zip"\n')
    packed(export(tmp_path / "2026-10", "2026-10-28")).rename(now / "2026-10.zip")
    found = read(now)
    assert earlier(found) == ("2026-10.zip", date(2026, 10, 28))
    assert (found.tables["student"].read, found.ignored) == (1, ())


def test_an_archive_may_name_one_beside_it_and_none_that_is_not_there(tmp_path: Path) -> None:
    export(tmp_path / "2026-10", "2026-10-28")
    beside = packed(export(tmp_path / "now", "2026-11-25", 'previous = "../2026-10"\n'))
    assert earlier(read(beside)) == ("2026-10", date(2026, 10, 28))
    gone = packed(export(tmp_path / "later", "2026-11-25", 'previous = "2026-10"\n'))
    with pytest.raises(DataError, match=r"上次快照“2026-10”读不了：压缩包“later\.zip”里没有这个文件夹"):
        read(gone)


def test_what_is_said_of_other_tables_is_not_asked_of_the_earlier_one(tmp_path: Path) -> None:
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n', student=STUDENTS, 校历="学期\n")
    export(now / "2026-10", "2026-10-28")
    sources = read_sources({"term": {"files": "校历.csv"}})
    assert earlier(with_previous(load_snapshot(now, sources=sources), now, sources=sources))[0] == "2026-10"


RENAMED = STUDENTS.replace("培养层次", "层次").replace("学号", "学生编号")


@pytest.mark.parametrize(
    "said",
    [
        'columns = { level = "层次", student_no = "学生编号" }',
        'files = ["xs.csv"]\ncolumns = { level = "层次" }',
        'heading_row = 3\ncolumns = { level = "层次" }\ncodes = { status = { "在册" = "在读" } }',
        'constants = { level = "专科" }',
    ],
)
def test_what_is_said_of_todays_export_is_a_preference_in_the_earlier_one(tmp_path: Path, said: str) -> None:
    heading = "标题\n\n" if "heading_row" in said else ""
    name = "xs" if "files" in said else "在校生"
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n', **{name: heading + RENAMED})
    export(now / "2026-10", "2026-10-28", student=STUDENTS.replace("在读", "在册" if "codes" in said else "在读"))
    sources = read_sources({"student": tomllib.loads(said)})
    before = with_previous(load_snapshot(now, sources=sources), now, sources=sources).previous
    assert before is not None
    table = before.tables["student"]
    assert (table.accepted, table.set_aside_count) == (1, 0)
    assert table.frame[["student_no", "level", "status"]].to_numpy().tolist() == [["1", "本科", "在读"]]


def test_what_is_said_holds_in_the_earlier_one_where_it_is_there(tmp_path: Path) -> None:
    text = "编号," + STUDENTS.replace("\n1,", "\n7,1,", 1)
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n', student=text)
    export(now / "2026-10", "2026-10-28", student=text)
    sources = read_sources({"student": {"columns": {"student_no": "编号"}}})
    before = with_previous(load_snapshot(now, sources=sources), now, sources=sources).previous
    assert before is not None
    assert before.tables["student"].frame["student_no"].tolist() == ["7"]


def test_where_the_earlier_one_cannot_be_read_a_way_on_is_said(tmp_path: Path) -> None:
    now = export(tmp_path / "now", "2026-11-25", 'previous = "2026-10"\n')
    export(now / "2026-10", "2026-10-28", student="甲,乙\n1,2\n")
    with pytest.raises(DataError, match=r"2026-10”读不了：.*不与它比较的话，请删去 snapshot\.toml 里的 previous。"):
        read(now)
    with pytest.raises(DataError, match="请去掉 --previous。"):
        read(now, now / "2026-10")
