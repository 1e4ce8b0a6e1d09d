"""A spreadsheet's error is no empty cell; equal rows of two files are one row, or two."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from facts.model.snapshot import Snapshot
from facts.model.values import SPREADSHEET_ERRORS
from facts.reading.load import load_snapshot

AS_OF = date(2026, 11, 25)
BOTH = '[sources.{}]\nfiles = ["1.csv", "2.csv"]\n'


@pytest.mark.parametrize("error", SPREADSHEET_ERRORS)
def test_an_error_as_text_sets_its_row_aside_in_a_column_of_any_type(tmp_path: Path, error: str) -> None:
    heading = "学号,姓名,培养层次,学院,专业,民族,入学日期,学制,在校状态,班级号"
    good = ["01", "甲", "本科", "土木", "土木", "汉族", "2024-09-01", "4", "在读", "K1"]
    rows = [good, *([*good[:n], error, *good[n + 1 :]] for n in range(len(good)))]
    (tmp_path / "在校生.csv").write_text("\n".join([heading, *map(",".join, rows)]) + "\n", "utf-8")
    table = load_snapshot(tmp_path, AS_OF).tables["student"]
    assert (table.read, table.accepted, table.set_aside_count) == (11, 1, 10)
    assert "公式的错误值" in table.set_aside[0].reason


def test_an_error_in_a_column_that_is_not_read_sets_nothing_aside(tmp_path: Path) -> None:
    (tmp_path / "学期注册.csv").write_text("学号,学期,注册日期,备注\n01,2026-2027-1,2026-09-01,#N/A\n", "utf-8")
    assert load_snapshot(tmp_path, AS_OF).tables["registration"].accepted == 1


def test_an_error_in_a_cell_of_a_workbook_sets_its_row_aside(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "学期注册.xlsx") as book:
        sheet = book.add_worksheet("学期注册")
        sheet.write_row(0, 0, ["学号", "学期", "注册日期"])
        sheet.write_row(1, 0, ["01", "2026-2027-1", "2026-09-01"])
        sheet.write_row(2, 0, ["02", "2026-2027-1"])
        sheet.write_formula(2, 2, "=NA()", value="#N/A")
    table = load_snapshot(tmp_path, AS_OF).tables["registration"]
    assert (table.accepted, table.set_aside_count) == (1, 1)


def two(folder: Path, kind: str, first: str, second: str) -> Snapshot:
    import tomllib

    from facts.reading.mapping import read_sources

    for name, text in (("1.csv", first), ("2.csv", second)):
        (folder / name).write_text(text, "utf-8")
    sources = read_sources(tomllib.loads(BOTH.format(kind))["sources"], "xuejian.toml")
    return load_snapshot(folder, AS_OF, sources=sources)


FEE = "学号,学年,应缴金额,实缴金额\n"


def test_two_equal_instalments_in_two_files_are_two_payments_and_that_is_counted(tmp_path: Path) -> None:
    table = two(
        tmp_path, "fee", FEE + "01,2026-2027,0,100\n02,2026-2027,0,5\n", FEE + "01,2026-2027,0,100\n03,2026-2027,0,7\n"
    )
    fee = table.tables["fee"]
    assert (len(fee.frame), fee.duplicates, fee.twice) == (4, 0, 1)


@pytest.mark.parametrize("copy_first", [False, True])
def test_a_file_that_stands_in_another_in_the_whole_is_a_copy_of_it(tmp_path: Path, copy_first: bool) -> None:
    whole, part = FEE + "01,2026-2027,0,100\n01,2026-2027,0,100\n02,2026-2027,0,5\n", FEE + "01,2026-2027,0,100\n"
    files = (part, whole) if copy_first else (whole, part)
    fee = two(tmp_path, "fee", *files).tables["fee"]
    assert (len(fee.frame), fee.duplicates, fee.twice) == (3, 1, 0)


def test_where_one_row_a_key_is_enough_equal_rows_of_two_files_are_one(tmp_path: Path) -> None:
    heading = "学号,姓名,培养层次,学院,专业,入学日期,在校状态\n"
    line = "{},甲,本科,土木,土木,2024-09-01,在读\n"
    first, second = heading + line.format("01") * 2 + line.format("02"), heading + line.format("01") + line.format("03")
    student = two(tmp_path, "student", first, second).tables["student"]
    assert student.frame["student_no"].tolist() == ["01", "01", "02", "03"]  # twice in one file: IDN-05 finds it
    assert (student.duplicates, student.twice) == (1, 0)
