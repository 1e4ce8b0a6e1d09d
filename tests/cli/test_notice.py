"""`xuejian notice`: the letters and the register are written whole or not at all, and nothing of people's is lost."""

import csv
import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
NOTICE, REGISTER = "附表4-退学通知书.docx", "送达登记.csv"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def register(folder: Path) -> list[list[str]]:
    return list(csv.reader((folder / REGISTER).read_text(encoding="utf-8-sig").splitlines()))[1:]


def fill(folder: Path, day: str = "2026-11-20") -> None:
    """Somebody opens the register, writes a day into its first line, and saves it as a Chinese Excel does."""
    text = (folder / REGISTER).read_text(encoding="utf-8-sig")
    filled = re.sub(r"(\d{4}-\d\d-\d\d),,", rf"\1,{day},", text, count=1)
    (folder / REGISTER).write_bytes(filled.encode("gb18030"))


def test_the_register_written_again_keeps_the_days_that_are_filled_in(xuejian: Run, college: Path, here: Path) -> None:
    assert xuejian("notice", college, "-o", "n").exit_code == 0
    first = register(here / "n")
    assert len(first) > 1
    fill(here / "n")
    again = xuejian("notice", college, "-o", "n")
    assert (again.exit_code, again.stderr) == (0, "")
    assert [line[3] for line in register(here / "n")] == ["2026-11-20"] + [""] * (len(first) - 1)
    one = xuejian("notice", college, "-o", "n", "--student", first[1][1])
    assert one.exit_code == 0
    assert one.stderr == f"xuejian: n/{REGISTER} 里有 1 行填写过而不属于这次结果，已照原样留下\n"
    assert [line[0] for line in register(here / "n")] == [first[1][0], first[0][0]]


def test_a_register_that_can_not_be_understood_stops_everything(xuejian: Run, college: Path, here: Path) -> None:
    assert xuejian("notice", college, "-o", "n").exit_code == 0
    (here / "n" / REGISTER).write_text("张三已送达\n", encoding="utf-8")
    before = bytes_of(here)
    refused = xuejian("notice", college, "-o", "n", "--show-personal")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"xuejian: n/{REGISTER} 里可能有填好的送达日期，没有改动；"
        "它没有（或不止一个）“异动编号、学号、通知书送达日期”列，请恢复标题行，或把它移到别处再运行\n"
    )
    assert bytes_of(here) == before


@pytest.mark.parametrize("there", [True, False])
def test_a_disk_that_is_full_leaves_the_letters_and_the_register_as_they_were(
    xuejian: Run, college: Path, here: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    if there:
        assert xuejian("notice", college, "-o", "n", "--as-of", "2026-11-17").exit_code == 0
        fill(here / "n")
    before = bytes_of(here)

    def full(*_: object, **__: object) -> bytes:
        raise OSError(errno.EFBIG, "File too large")

    monkeypatch.setattr("reports.papers.letters_folder.notices_docx", full)
    failed = xuejian("notice", college, "-o", "n")
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert failed.stderr == "xuejian: n 写不了：文件超过了允许的大小，请检查路径、权限和磁盘空间\n"
    assert bytes_of(here) == before
    assert (here / "n").exists() == there


def test_several_students_are_asked_for_in_either_way(xuejian: Run, college: Path, here: Path) -> None:
    assert xuejian("notice", college, "-o", "all").exit_code == 0
    first, second, *_ = (line[1] for line in register(here / "all"))
    assert xuejian("notice", college, "-o", "a", "--student", first, "--student", second).exit_code == 0
    assert xuejian("notice", college, "-o", "b", "--student", f"{first},{second}").exit_code == 0
    assert [line[1] for line in register(here / "a")] == [first, second]
    assert bytes_of(here / "a") == bytes_of(here / "b")


def test_a_rule_selected_a_second_time_does_not_replace_the_first(xuejian: Run, college: Path) -> None:
    once, twice = (
        xuejian("check", college, *which, "--format", "jsonl", "--fail-on", "never").stdout
        for which in (("--select", "CLS-01,IDN-07"), ("--select", "CLS-01", "--select", "IDN-07"))
    )
    assert once == twice
    assert once.count("IDN-07") and once.count("CLS-01")


def test_old_letters_are_named_where_nobody_gets_one(xuejian: Run, college: Path, here: Path) -> None:
    early = ("notice", college, "-o", "n", "--as-of", "2026-01-01")
    none = xuejian(*early)
    assert (none.exit_code, none.stdout, none.stderr) == (0, "没有符合条件的学生，没有写文件\n", "")
    assert not (here / "n").exists()
    assert xuejian("notice", college, "-o", "n").exit_code == 0
    before = bytes_of(here)
    none = xuejian(*early)
    assert none.exit_code == 0
    assert none.stderr == f"xuejian: n 里以前写的文件不属于这次结果，没有改动：{REGISTER}、{NOTICE}\n"
    assert bytes_of(here) == before


def test_the_pack_that_the_forms_rest_on_is_taken_wherever_it_stands(xuejian: Run, college: Path, here: Path) -> None:
    for name, packs in (("a", ()), ("b", ("--pack", "moe-41", "--pack", "xjtei-2020"))):
        assert xuejian("notice", college, "--draft", *packs, "-o", name).exit_code == 0
    assert bytes_of(here / "a") == bytes_of(here / "b")


@pytest.mark.parametrize(("form", "rules"), [("--draft", "REG-07、WDR-04、STY-01"), ("--form=2", "IDN-02")])
def test_a_pack_without_the_rules_of_a_form_is_refused(
    xuejian: Run, college: Path, here: Path, form: str, rules: str
) -> None:
    refused = xuejian("notice", college, form, "--pack", "moe-41", "-o", "n")
    assert refused.exit_code == 2
    said = f"xuejian: 规则包 moe-41 里没有这张表依据的规则（{rules}），请加 --pack xjtei-2020\n"
    assert refused.stderr == said
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("command", ["notice", "report"])
@pytest.mark.parametrize("dated", [True, False])
def test_papers_are_not_written_among_exports(
    xuejian: Run, snapshot: Callable[..., Path], here: Path, command: str, dated: bool
) -> None:
    exports = snapshot({"在校生.csv": "学号,姓名\n1,张三\n"}, dated=dated)
    earlier = here / "earlier"
    earlier.mkdir()
    (earlier / "snapshot.toml").write_text("as_of = 2026-10-25\n", encoding="utf-8")
    before = bytes_of(here)
    for folder in (exports, here / "." / "earlier"):
        refused = xuejian(command, exports, "--as-of", "2026-11-25", "-o", folder)
        assert refused.exit_code == 2
        said = f"xuejian: {folder} 是存放导出数据的文件夹，没有写文件；请用 -o 另给一个文件夹\n"
        assert refused.stderr == said
    assert bytes_of(here) == before


def test_the_earlier_snapshot_is_no_place_for_a_report(xuejian: Run, college: Path, here: Path) -> None:
    (here / "earlier").mkdir()
    refused = xuejian("report", college, "--previous", "earlier", "-o", "earlier")
    assert (refused.exit_code, "earlier 是存放导出数据的文件夹" in refused.stderr) == (2, True)
