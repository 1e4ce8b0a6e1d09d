"""送达登记 keeps what people have written in it, in whatever way it was saved, or is refused as it stands."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.followup.deliveries import HEADS, read_register, updated
from checks.followup.letters import REASONS, Notice
from facts.model.refusal import DataError
from reports.formats.spreadsheet import csv_text

AS_OF = date(2026, 11, 25)
ONE = Notice("0123010101", "张*", "土木工程学院", (REASONS[1],), None, None, "YD1", date(2026, 10, 16))
TWO = replace(ONE, student_no="0123010102", change_no="YD2")
USE = "学生退学通知书（附表4）送达登记，由学生处填写通知书送达日期，不得外传"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "送达登记.csv"


def again(path: Path, *notices: Notice, as_of: date = AS_OF) -> list[list[str]]:
    """The register written once more, as it is then read by a spreadsheet program, without the headings."""
    text = csv_text(updated(read_register(path), notices, as_of)[0])
    path.write_text(text, encoding="utf-8", newline="")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]


def saved(path: Path, text: str, encoding: str = "utf-8-sig") -> None:
    path.write_bytes(text.encode(encoding))


def refusal(path: Path, *notices: Notice) -> str:
    before = path.read_bytes()
    with pytest.raises(DataError) as refused:
        updated(read_register(path), notices, AS_OF)
    assert path.read_bytes() == before
    assert str(path) in str(refused.value)
    return str(refused.value).removeprefix(str(path))


def test_a_new_register_leaves_the_day_empty_and_says_what_it_is_for_and_calculates_nothing(path: Path) -> None:
    assert again(path, ONE, replace(TWO, change_no="=1+1")) == [
        ["YD1", "0123010101", "2026-10-16", "", "2026-11-25", USE],
        ["'=1+1", "0123010102", "2026-10-16", "", "2026-11-25", USE],
    ]


def test_a_day_that_is_filled_in_stays_with_its_case_even_where_the_number_looks_like_a_formula(path: Path) -> None:
    odd = replace(TWO, change_no="=1+1")
    again(path, ONE, odd)
    saved(path, path.read_text(encoding="utf-8-sig").replace("2026-10-16,,", "2026-10-16,2026-11-20,"))
    assert [line[3] for line in again(path, odd, ONE)] == ["2026-11-20", "2026-11-20"]
    assert [line[3] for line in again(path, ONE, odd)] == ["2026-11-20", "2026-11-20"], "and the next time too"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_is_read_as_excel_or_an_editor_saves_it(path: Path, encoding: str, end: str, delimiter: str) -> None:
    lines = [HEADS, ("YD2", "123010102", "2026/10/16", "2026/11/20", "2026/11/25", USE), ("",) * 6]
    saved(path, end.join(delimiter.join(cells) for cells in lines) + end, encoding)
    assert [line[:4] for line in again(path, ONE, TWO)] == [
        ["YD1", "0123010101", "2026-10-16", ""],
        ["YD2", "0123010102", "2026-10-16", "2026/11/20"],
    ]


def test_a_number_that_excel_shortened_is_known_by_the_number_of_the_change(path: Path) -> None:
    saved(path, "异动编号,学号,通知书送达日期\n7,1.23E+11,2026-11-20\n")
    long = replace(ONE, student_no="012301010199", change_no="007")
    assert again(path, long)[0][:4] == ["007", "012301010199", "2026-10-16", "2026-11-20"]


def test_columns_and_lines_of_people_s_own_stay(path: Path) -> None:
    saved(
        path,
        "签收人,异动编号,学号,通知书送达日期,使用范围,\n李母,YD2,0123010102,,x,邮寄\n,手写,9,,,\n,,,,,以上由张老师送达\n",
    )
    rows, kept = updated(read_register(path), [ONE, TWO], AS_OF)
    assert rows[0] == (*HEADS, "签收人", "")
    assert [row[-2:] for row in rows[1:3]] == [("", ""), ("李母", "邮寄")]
    assert [(row[0], *row[-2:]) for row in rows[3:]] == [("手写", "", ""), ("", "", "以上由张老师送达")]
    assert kept == 2


def test_a_filled_line_outlives_its_case_and_an_empty_one_does_not(path: Path) -> None:
    again(path, ONE, TWO, replace(ONE, change_no="YD3"))
    saved(path, path.read_text(encoding="utf-8-sig").replace("YD2,0123010102,2026-10-16,", "YD2,0123010102,x,昨天"))
    kept = ["YD2", "0123010102", "x", "昨天", "2026-11-25", USE]
    assert again(path, ONE, as_of=date(2026, 12, 25))[1:] == [kept]
    assert again(path, ONE)[1:] == [kept]
    assert again(path, ONE, TWO)[1] == ["YD2", "0123010102", "2026-10-16", "昨天", "2026-11-25", USE], "listed again"


def test_two_students_whose_changes_bear_one_number_keep_their_own_days(path: Path) -> None:
    both = (ONE, replace(TWO, change_no="YD1"))
    again(path, *both)
    saved(path, path.read_text(encoding="utf-8-sig").replace("0102,2026-10-16,", "0102,2026-10-16,2026-11-20"))
    assert [line[3] for line in again(path, *both)] == ["", "2026-11-20"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有（或不止一个）“异动编号、学号、通知书送达日期”列"),
        ("学号,通知书送达日期\n1,2026-11-20\n", "没有（或不止一个）“异动编号”列"),
        ("异动编号,学号,通知书送达日期,学号\n", "没有（或不止一个）“学号”列"),
        ('异动编号,学号,通知书送达日期\nYD1,0123010101,"2026-11-20\n', "引号不成对"),
        ("异动编号,学号,通知书送达日期\nYD1,0123010102,2026-11-20\n", " 第 2 行的学号不是异动编号 YD1 的学生"),
        ("异动编号,学号,通知书送达日期\nYD1,123010101,甲\nYD1,0123010101,乙\n", " 第 2、3 行是同一异动而填写不同"),
        ("异动编号,学号,通知书送达日期\n2.03E+11,0123010101,甲\n", " 第 2 行的异动编号“2.03E+11”末几位已丢失"),
    ],
)
def test_what_can_not_be_told_apart_is_refused(path: Path, text: str, said: str) -> None:
    saved(path, text)
    assert said in refusal(path, ONE)


def test_what_is_no_text_or_no_file_is_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00\x00\xff")
    with pytest.raises(DataError, match="既不是 UTF-8 也不是 GB18030"):
        read_register(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(DataError, match="读不了：这是文件夹，不是文件，没有改动"):
        read_register(path)


WRITTEN = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(WRITTEN, min_size=3, max_size=3), listed=st.sets(st.integers(0, 2)), quoted=st.booleans())
def test_whatever_people_write_is_still_there(path: Path, days: list[str], listed: set[int], quoted: bool) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows([HEADS, *((f"YD{at}", str(at), "", day, "", USE) for at, day in enumerate(days))])
    saved(path, stream.getvalue())
    lines = again(path, *(replace(ONE, change_no=f"YD{at}", student_no=str(at)) for at in sorted(listed)))
    there = {line[0]: line[3].removeprefix("'") for line in lines}
    for at, day in enumerate(days):
        assert there.get(f"YD{at}", "").strip() == day.removeprefix("'").strip()
