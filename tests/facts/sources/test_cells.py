"""Cells as each format really holds them: encodings and memos of DBF, the point in a name, days, numbers as text."""

import shutil
import struct
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from facts.derive import derive
from facts.model.refusal import DataError
from facts.model.snapshot import Table
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources

AS_OF = date(2026, 11, 25)
DATA = Path(__file__).parents[2] / "data"
POINTS = "·•‧・．"
STUDENT = "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n"
FEE = (("学号", "C", 8), ("学年", "C", 9), ("收费项目", "M", 10), ("应缴金额", "N", 9), ("实缴金额", "N", 9))
ROWS = (("0012", "2026-2027", 1, "5800", "58.50"), ("0013", "2026-2027", 0, "5800", "0"))
MEMO = "学费（䶮𠮷·甲）\r\n第二行"


def dbase(path: Path, version: int, fields: Sequence[tuple[str, str, int]], rows: Sequence[Sequence[object]]) -> None:
    """A .dbf in GB18030 whose language byte says nothing."""
    width, size = 1 + sum(length for *_, length in fields), 32 + 32 * len(fields) + 1
    content = struct.pack("<4BIHH20x", version, 126, 11, 25, len(rows), size, width)
    for name, kind, length in fields:
        content += struct.pack("<11sc4xB15x", name.encode("gb18030"), kind.encode(), length)
    content += b"\r"
    for row in rows:
        content += b" "
        for value, (_, kind, length) in zip(row, fields, strict=True):
            text = ("" if value == 0 else str(value)) if kind == "M" else str(value)
            cell = text.encode("gb18030")
            content += cell.rjust(length) if kind in "MN" else cell.ljust(length)
    path.write_bytes(content + b"\x1a")


def dbt(path: Path) -> None:
    """The memo file of dBase III: blocks of 512 bytes, each text up to two marks of its end."""
    path.write_bytes(struct.pack("<I508x", 2) + (MEMO.encode("gb18030") + b"\x1a\x1a").ljust(512, b"\0"))


def fpt(path: Path) -> None:
    """The memo file of FoxPro: each text with its kind and its length."""
    text = MEMO.encode("gb18030")
    head = struct.pack(">IHH504x", 2, 0, 512)
    path.write_bytes(head + (struct.pack(">II", 1, len(text)) + text).ljust(512, b"\0"))


def table(folder: Path, kind: str, sources: dict[str, object] | None = None) -> Table:
    return load_snapshot(folder, AS_OF, sources=read_sources(sources or {})).tables[kind]


@pytest.mark.parametrize("language", [0x01, 0x02, 0x03, 0x4D, 0x7A])
def test_chinese_is_read_though_the_language_byte_was_left_at_a_western_one(tmp_path: Path, language: int) -> None:
    fields = (("学号", "C", 8), ("上课日期", "C", 10), ("考勤结果", "C", 6))
    dbase(tmp_path / "考勤.dbf", 0x03, fields, [("0012", "2026-09-21", "缺勤")])
    content = bytearray((tmp_path / "考勤.dbf").read_bytes())
    content[29] = language
    (tmp_path / "考勤.dbf").write_bytes(content)
    assert table(tmp_path, "attendance").frame["result"].tolist() == ["缺勤"]


@pytest.mark.parametrize(("version", "suffix", "write"), [(0x83, "dbt", dbt), (0xF5, "fpt", fpt)])
def test_a_memo_field_is_read_from_the_file_beside_it(
    tmp_path: Path, version: int, suffix: str, write: Callable[[Path], None]
) -> None:
    dbase(tmp_path / "缴费.dbf", version, FEE, ROWS)
    write(tmp_path / f"缴费.{suffix}")
    read = table(tmp_path, "fee")
    assert (read.read, read.set_aside) == (2, ())
    frame = read.frame
    assert frame["item"].astype(object).where(frame["item"].notna(), None).tolist() == ["学费（䶮𠮷·甲）第二行", None]
    assert frame[["student_no", "payable", "paid"]].to_numpy().tolist() == [["0012", 580000, 5850], ["0013", 580000, 0]]


def test_a_memo_field_whose_file_is_not_there_is_refused(tmp_path: Path) -> None:
    dbase(tmp_path / "缴费.dbf", 0x83, FEE, ROWS)
    with pytest.raises(DataError, match=r"缺少放备注文字的 \.dbt、\.fpt 文件"):
        table(tmp_path, "fee")


def test_a_dbase_file_that_says_no_encoding_is_gb18030_with_its_four_byte_names(tmp_path: Path) -> None:
    texts = ("学号", "姓名", "层次", "学院", "专业", "在校状态")
    fields = [*((name, "C", 20) for name in texts), ("入学日期", "D", 8)]
    dbase(tmp_path / "在校生.dbf", 3, fields, [("0012", "䶮𠮷", "本科", "机电", "车辆", "在读", "20260901")])
    frame = table(tmp_path, "student").frame
    assert frame[["student_no", "name"]].to_numpy().tolist() == [["0012", "䶮𠮷"]]
    assert frame["entered_on"].dt.strftime("%F").tolist() == ["2026-09-01"]


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_point_in_a_name_survives_in_each_of_its_shapes(tmp_path: Path, point: str, encoding: str) -> None:
    row = f"0012,某某{point}甲乙,本科,机电,车辆,2026-09-01,在读\n"
    (tmp_path / "在校生.csv").write_text(STUDENT + row, encoding)
    assert table(tmp_path, "student").frame["name"].tolist() == [f"某某{point}甲乙"]


def test_names_that_differ_in_the_shape_of_their_point_only_are_the_same(tmp_path: Path) -> None:
    rows = [f"{at},某某{point}甲乙,本科,机电,车辆,2026-09-01,在读\n" for at, point in enumerate(POINTS)]
    (tmp_path / "在校生.csv").write_text(STUDENT + "".join(rows), "utf-8")
    base = derive(load_snapshot(tmp_path, AS_OF), (), {}, {"student"})
    assert base.frames["student"]["name_key"].nunique() == 1


def test_a_day_is_read_in_each_of_its_five_forms_and_one_that_is_none_sets_the_row_aside(tmp_path: Path) -> None:
    forms = ["2026-09-01", "2026/9/1", "20260901", "2026年9月1日", "46266", "9月1日"]
    rows = [f"{at},某甲,本科,机电,车辆,{form},在读\n" for at, form in enumerate(forms)]
    (tmp_path / "在校生.csv").write_text(STUDENT + "".join(rows), "utf-8")
    read = table(tmp_path, "student")
    assert read.frame["entered_on"].dt.strftime("%F").tolist() == ["2026-09-01"] * 5
    assert [(row.row, row.value) for row in read.set_aside] == [(7, "9月1日")]


def book(path: Path) -> None:
    """What tests/data/identity-libreoffice.xls holds: numbers where texts belong, and days of every sort."""
    rest = ["本科", "机电", "车辆"]
    with xlsxwriter.Workbook(path) as written:
        sheet, day = written.add_worksheet("在校生"), written.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["学号", "身份证号", *STUDENT.strip().split(",")[1:]])
        for at, (number, identity, name, entered) in enumerate(
            [
                ("0012", "11010519491231002x", "某甲", date(2026, 9, 1)),
                (2026010117, "11010519491231002X", "某乙", 46266),
                ("0014", 110105194912310028, "某丙", "2026年9月1日"),
                (20260101170000123, "", "某丁", "20260901"),
            ],
            1,
        ):
            sheet.write_row(at, 0, [number, identity, name, *rest])
            sheet.write(at, 6, entered, day if isinstance(entered, date) else None)
            sheet.write(at, 7, "在读")


@pytest.mark.parametrize("suffix", ["xls", "xlsx"])
def test_a_number_that_has_lost_digits_is_said_to_be_a_number_and_texts_keep_their_zeros(
    tmp_path: Path, suffix: str
) -> None:
    if suffix == "xls":
        shutil.copy(DATA / "identity-libreoffice.xls", tmp_path / "在校生.xls")
    else:
        book(tmp_path / "在校生.xlsx")
    read = table(tmp_path, "student")
    assert read.frame["student_no"].tolist() == ["0012", "2026010117"]
    assert read.frame["id_number"].tolist() == ["11010519491231002X", "11010519491231002X"]
    assert read.frame["entered_on"].dt.strftime("%F").tolist() == ["2026-09-01", "2026-09-01"]
    assert [(row.row, row.column) for row in read.set_aside] == [(4, "身份证号"), (5, "学号")]
    for row in read.set_aside:
        assert "数值型单元格" in row.reason
        assert "以文本格式导出" in row.reason


@pytest.mark.parametrize("heading", ["在校状况", "在校状态码", "在校生状态"])
def test_a_heading_that_is_only_near_is_no_column_of_the_table(tmp_path: Path, heading: str) -> None:
    text = STUDENT.replace("在校状态", heading) + "0012,某甲,本科,机电,车辆,2026-09-01,在读\n"
    (tmp_path / "在校生.csv").write_text(text, "utf-8")
    read = table(tmp_path, "student")
    assert heading in read.extra
    assert "status" not in read.fields
