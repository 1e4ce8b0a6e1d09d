"""A demo never stands among anybody's exports: only in an empty folder, or in place of an earlier demo."""

import errno
import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from facts.demo import write_demo, write_demo_months
from facts.demo.place import placed
from facts.model.refusal import DataError


def demo(*given: object) -> Result:
    return CliRunner().invoke(main, ["demo", *map(str, given), "--students", "600"])


def contents(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def real(folder: Path) -> dict[str, str]:
    """Somebody's exports."""
    folder.mkdir(parents=True)
    (folder / "在校生.csv").write_text("学号,姓名\n1,张三\n", encoding="utf-8")
    (folder / "snapshot.toml").write_text("as_of = 2026-11-25\n", encoding="utf-8")
    return contents(folder)


@pytest.mark.parametrize("months", [(), ("--months", 2)])
def test_a_folder_of_real_exports_is_refused_and_stays_as_it_is(tmp_path: Path, months: tuple[object, ...]) -> None:
    before = real(tmp_path / "real")
    result = demo(tmp_path / "real", *months)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"xuejian: {tmp_path / 'real'} 里已有别的文件（snapshot.toml），不是演示数据，没有改动；请换一个空文件夹\n"
    )
    assert contents(tmp_path / "real") == before


@pytest.mark.parametrize(
    ("name", "said"), [("planted.json", "{}"), ("planted.json", "不是"), ("ledger.json", '{"months": 1}')]
)
def test_a_file_that_only_bears_a_ledger_s_name_is_no_mark(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_text(said, encoding="utf-8")
    for write in (write_demo, write_demo_months):
        with pytest.raises(DataError, match=name):
            write(tmp_path, students=600)


def test_a_ledger_names_no_folder_outside_its_own(tmp_path: Path) -> None:
    before = real(tmp_path / "2026-09")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "ledger.json").write_text('{"months": [{"month": "../2026-09"}, 1]}', encoding="utf-8")
    write_demo(tmp_path / "d", 600)
    assert contents(tmp_path / "2026-09") == before


def test_the_system_s_hidden_files_are_nobody_s_exports(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"x")
    assert demo(tmp_path).exit_code == 0
    assert (tmp_path / ".DS_Store").read_bytes() == b"x"


def test_a_demo_is_replaced_by_the_next_one_and_what_people_put_beside_it_stays(tmp_path: Path) -> None:
    assert demo(tmp_path / "d").exit_code == 0
    first = contents(tmp_path / "d")
    (tmp_path / "d" / "report").mkdir()
    (tmp_path / "d" / "report" / "report.html").write_text("kept", encoding="utf-8")
    assert demo(tmp_path / "d", "--seed", 2).exit_code == 0
    assert contents(tmp_path / "d")["在校生.csv"] != first["在校生.csv"]
    assert demo(tmp_path / "d").exit_code == 0
    again = contents(tmp_path / "d")
    assert again.pop("report/report.html")
    assert again == first


def test_tables_of_an_earlier_demo_do_not_stay_among_those_of_another_kind(tmp_path: Path) -> None:
    write_demo(tmp_path / "single", 600)
    write_demo_months(tmp_path / "months", 2, 600)
    (single, months) = (contents(tmp_path / name) for name in ("single", "months"))
    write_demo_months(tmp_path / "d", 3, 600)
    for write, expected in ((write_demo_months, months), (write_demo, single), (write_demo_months, months)):
        given = {"months": 2} if write is write_demo_months else {}
        write(tmp_path / "d", students=600, **given)  # type: ignore[operator]
        assert contents(tmp_path / "d") == expected


def test_a_month_that_no_demo_wrote_is_not_replaced(tmp_path: Path) -> None:
    write_demo(tmp_path / "d", 600)
    real(tmp_path / "d" / "2026-11")
    before = contents(tmp_path / "d")
    result = demo(tmp_path / "d", "--months", 1)
    assert result.exit_code == 2
    assert f"{tmp_path / 'd' / '2026-11' / 'snapshot.toml'} 不是演示数据" in result.stderr
    assert contents(tmp_path / "d") == before


def test_a_demo_that_fails_leaves_the_earlier_one_whole_and_nothing_where_there_was_none(tmp_path: Path) -> None:
    write_demo(tmp_path / "d", 600)
    before = contents(tmp_path)
    for folder in (tmp_path / "d", tmp_path / "new" / "d"):
        with pytest.raises(OSError, match="No space"), placed(folder) as work:
            (work / "在校生.csv").write_text("half", encoding="utf-8")
            raise OSError(errno.ENOSPC, "No space left on device")
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["d"]
