"""What is seen in an export before it is checked: sure things are taken, likely ones only suggested."""

import shutil
import sqlite3
import tomllib
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from facts.model.inspection import Inspection, SheetSeen
from facts.model.refusal import DataError
from facts.model.vocabulary import KnownBy
from facts.reading.inspection import inspect
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources
from facts.reading.mapping_file import merged_text
from facts.sources.database.address import address

AS_OF = date(2026, 11, 25)
STUDENT = "学生学号,姓名,培养层次,学院,专业,入学日期,在校状况,手机\n"
ROW = "001,某甲乙,本科,机电,车辆,2024-09-01,在读,13800001111\n"


def seen(folder: Path, text: str = "") -> Inspection:
    return inspect(folder, AS_OF, read_sources(tomllib.loads(text).get("sources", {})))


def only(folder: Path, text: str = "") -> SheetSeen:
    (sheet,) = seen(folder, text).sheets
    return sheet


def fields(sheet: SheetSeen) -> dict[str, tuple[str | None, KnownBy | None, str | None]]:
    return {column.heading: (column.field, column.known_by, column.likely) for column in sheet.columns}


def test_each_heading_is_known_exactly_by_another_name_or_only_suggested(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    sheet = only(tmp_path)
    assert (sheet.table, sheet.form, sheet.why, sheet.heading_row) == ("student", "delimited", "文件名是“在校生”", 1)
    found = fields(sheet)
    assert found["学生学号"] == ("student_no", KnownBy.ALIAS, None)
    assert found["姓名"] == ("name", KnownBy.EXACT, None)
    assert found["在校状况"] == (None, None, "status")
    assert found["手机"] == (None, None, None)
    assert "status" in sheet.lacking


def test_a_near_heading_is_never_taken_for_the_field(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    table = load_snapshot(tmp_path, AS_OF).tables["student"]
    assert "status" not in table.fields
    assert "在校状况" in table.extra


def test_what_a_person_said_is_told_from_what_was_known(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    sheet = only(tmp_path, '[sources.student]\ncolumns = { status = "在校状况" }\nconstants = { grade = "2024" }')
    assert fields(sheet)["在校状况"] == ("status", KnownBy.MAPPING, None)
    assert sheet.constants == ("grade",)
    assert not {"status", "grade"} & set(sheet.lacking)


def test_a_file_that_nothing_names_is_not_read_but_its_likely_table_is_said(tmp_path: Path) -> None:
    (tmp_path / "导出1.csv").write_text("学号,学年,应缴金额,实缴金额\n001,2026-2027,1,1\n", "utf-8")
    (tmp_path / "通讯录.csv").write_text("部门,电话\n教务处,1\n", "utf-8")
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    found = {sheet.file.path: (sheet.table, sheet.likely) for sheet in seen(tmp_path).sheets}
    assert found == {"在校生.csv": ("student", None), "导出1.csv": (None, "fee"), "通讯录.csv": (None, None)}


def test_every_sheet_of_a_workbook_is_looked_at_with_the_row_of_its_headings(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "教务.xlsx") as book:
        sheet = book.add_worksheet("考勤")
        sheet.write(0, 0, "2026 年秋季考勤")
        for at, row in enumerate((["学号", "上课日期", "考勤结果"], ["0012", "2026-09-21", "出勤"])):
            sheet.write_row(at + 2, 0, row)
        book.add_worksheet("说明").write(0, 0, "由系统导出")
    attendance, note = seen(tmp_path).sheets
    assert (attendance.table, attendance.why, attendance.heading_row) == ("attendance", "工作表名是“考勤”", 3)
    assert attendance.columns[0].first == ("0012",)
    assert (note.file.sheet, note.table, note.likely) == ("说明", None, None)


def test_one_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "缴费.xlsx").write_bytes(b"%PDF-1.7")
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    found = seen(tmp_path)
    broken, student = sorted(found.sheets, key=lambda sheet: bool(sheet.columns))
    assert "其实是PDF 文件" in broken.trouble
    assert "其实是PDF 文件" in found.trouble
    assert (student.file.path, student.table) == ("在校生.csv", "student")
    assert student.columns[1].first == ("某甲乙",)


def test_every_file_has_its_own_trouble_and_loading_stops_at_the_first(tmp_path: Path) -> None:
    (tmp_path / "缴费.xlsx").write_bytes(b"%PDF-1.7")
    (tmp_path / "考勤.csv").write_bytes(b"")
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    mapping = '[sources.student]\nfiles = ["在校生.csv", "不在.csv"]\n'
    found = seen(tmp_path, mapping)
    troubles = {sheet.file.path: sheet.trouble for sheet in found.sheets}
    assert "其实是PDF 文件" in troubles["缴费.xlsx"]
    assert "是空的" in troubles["考勤.csv"]
    assert troubles["在校生.csv"] == ""
    with pytest.raises(DataError) as stopped:
        load_snapshot(tmp_path, AS_OF, sources=read_sources(tomllib.loads(mapping)["sources"]))
    assert str(stopped.value) == found.trouble
    assert "不在.csv" in found.trouble


def test_a_day_that_nobody_said_is_not_taken_for_today(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    found = inspect(tmp_path)
    assert found.as_of is None
    assert "不知道数据截至哪一天" in found.trouble


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="找不到文件夹"):
        seen(tmp_path / "none")


def test_the_first_values_of_a_file_of_records_are_shown(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "data" / "record-libreoffice.dbf", tmp_path / "学籍.dbf")
    sheet = only(tmp_path, '[sources.record]\nencoding = "utf-8"')
    assert next(column for column in sheet.columns if column.field == "student_no").first == ("0012", "0013")


def test_a_mapping_keeps_what_is_there_and_suggests_in_comments(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    (tmp_path / "导出1.csv").write_text("学号,学年,应缴金额,实缴金额\n001,2026-2027,1,1\n", "utf-8")
    before = '# 学校自己的设置\ncollege = "某学院"\n\n[parameters]  # 以下\nprompt_days = 5\n'
    text = merged_text(before, seen(tmp_path))
    assert text.startswith(before)
    assert tomllib.loads(text)["sources"] == {"student": {"columns": {"student_no": "学生学号"}}}
    assert '# status = "在校状况"' in text
    assert "# [sources.fee]" in text
    assert merged_text(text, seen(tmp_path, text)) == text


def test_suggestions_hold_once_their_marks_are_taken_away(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    (tmp_path / "导出1.csv").write_text("学号,学年,应缴金额,实缴金额\n001,2026-2027,1,1\n", "utf-8")
    lines = merged_text("", seen(tmp_path)).splitlines()
    text = "\n".join(line if "请核对；" in line else line.removeprefix("# ") for line in lines)
    tables = load_snapshot(tmp_path, AS_OF, sources=read_sources(tomllib.loads(text)["sources"])).tables
    assert tables["student"].frame["status"].tolist() == ["在读"]
    assert tables["fee"].accepted == 1


@pytest.mark.parametrize(
    "block",
    [
        '[sources."在校生"]\ncolumns = { "姓名" = "姓名" }\n',
        '[sources]\nstudent = { columns = { name = "姓名" } }\n',
        '[sources.student]\nfiles = "在校生.csv"\n\n[sources.student.columns]\nname = "姓名"  # 我写的\n\n[packs]\n',
        '[[sources.student]]\nfiles = ["在*.csv"]\n',
    ],
)
def test_a_block_of_any_form_is_added_to(tmp_path: Path, block: str) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    text = merged_text(block, seen(tmp_path, block))
    ((said,),) = read_sources(tomllib.loads(text)["sources"]).values()
    assert said.columns["student_no"] == "学生学号"
    assert said.columns.get("name", "姓名") == "姓名"
    assert "我写的" in text or "我写的" not in block
    assert merged_text(text, seen(tmp_path, text)) == text


def test_a_heading_that_not_all_files_of_a_table_have_is_not_written_for_all(tmp_path: Path) -> None:
    (tmp_path / "考勤-1.csv").write_text("学生学号,上课日期,考勤结果\n1,2026-09-21,出勤\n", "utf-8")
    (tmp_path / "考勤-2.csv").write_text("XH,上课日期,考勤结果\n1,2026-09-22,出勤\n", "utf-8")
    assert merged_text("", seen(tmp_path)) == ""


def test_a_configuration_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    with pytest.raises(DataError, match="不是合法的 TOML"):
        merged_text("college = ", seen(tmp_path))


def test_a_heading_cannot_write_into_the_configuration(tmp_path: Path) -> None:
    heading = '在校状态"]\n[parameters]\nprompt_days = 99\n#'
    cell = '"' + heading.replace('"', '""') + '"'
    (tmp_path / "在校生.csv").write_text(f"学生学号,姓名,{cell}\n001,某甲乙,在读\n", "utf-8")
    text = merged_text("", seen(tmp_path))
    assert tomllib.loads(text) == {"sources": {"student": {"columns": {"student_no": "学生学号"}}}}


@pytest.mark.parametrize("heading", ["行政班级", "班级"])
def test_a_heading_that_means_two_things_is_asked_about_and_not_taken(tmp_path: Path, heading: str) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT.replace("手机", heading) + ROW, "utf-8")
    assert fields(only(tmp_path))[heading] == (None, None, "class_no")
    assert "class_no" not in load_snapshot(tmp_path, AS_OF).tables["student"].fields
    assert f'# class_no = "{heading}"' in merged_text("", seen(tmp_path))


def test_it_is_not_asked_about_where_the_field_has_its_own_heading(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT.replace("手机", "班级号,行政班级") + ROW.replace("手机", ""), "utf-8")
    assert fields(only(tmp_path))["行政班级"] == (None, None, None)


RECORD = "学号,身份证号,姓名,培养层次,学籍状态\n1,11010519491231002X,某甲乙,本科,在籍\n"


def test_what_the_name_of_a_file_says_of_all_its_rows_holds_once_it_is_written(tmp_path: Path) -> None:
    for name, text in (
        ("学信网", RECORD),
        ("中职学籍系统", RECORD.replace("本科", "中职")),
        ("学籍", RECORD.replace("学号", "平台,学号").replace("\n1,", "\n学信网,2,")),
    ):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    offered = {sheet.file.path: dict(sheet.offered) for sheet in seen(tmp_path).sheets}
    assert offered == {
        "学信网.csv": {"platform": "学信网"}, "中职学籍系统.csv": {"platform": "中职学籍系统"}, "学籍.csv": {},
    }  # fmt: skip
    with pytest.raises(DataError, match="平台 只在其中一份里有"):
        load_snapshot(tmp_path, AS_OF)
    text = merged_text("", seen(tmp_path))
    table = load_snapshot(tmp_path, AS_OF, sources=read_sources(tomllib.loads(text)["sources"])).tables["record"]
    assert sorted(table.frame["platform"].tolist()) == ["中职学籍系统", "学信网", "学信网"]
    assert merged_text(text, seen(tmp_path, text)) == text


def test_the_name_of_a_file_says_nothing_where_it_may_mean_either(tmp_path: Path) -> None:
    (tmp_path / "学籍（学信网与中职学籍系统）.csv").write_text(RECORD, "utf-8")
    assert only(tmp_path).offered == {}
    assert "platform" in only(tmp_path).lacking


def test_the_tables_of_a_database_are_looked_at_and_others_only_suggested(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("CREATE TABLE XS_ZCXX (XH TEXT, XNXQ TEXT, ZCRQ TEXT, BZ TEXT)")
    connection.execute("INSERT INTO XS_ZCXX VALUES ('001', '2026-2027-1', '2026-09-01', NULL)")
    connection.execute("CREATE TABLE sf (学号 TEXT, 学年 TEXT, 应缴金额 TEXT, 实缴金额 TEXT)")
    connection.execute("CREATE TABLE kq (学号 TEXT, 上课日期 TEXT, 考勤结果 TEXT)")
    connection.execute("CREATE TABLE dz (n INTEGER)")
    connection.commit()
    connection.close()
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "考勤.csv").write_text("学号,上课日期,考勤结果\n1,2026-09-21,出勤\n", "utf-8")
    found = inspect(folder, AS_OF, database=address(f"sqlite:///{tmp_path / 'a.db'}"))
    assert [(sheet.file.path, sheet.table, sheet.likely) for sheet in found.sheets] == [
        ("考勤.csv", "attendance", None), ("a.db:XS_ZCXX", "registration", None), ("a.db:sf", None, "fee"),
    ]  # fmt: skip
    assert found.sheets[1].columns[0].first == ("001",)
    assert found.sheets[1].why == "表名是“XS_ZCXX”"
    text = merged_text("", found)
    assert tomllib.loads(text)["sources"]["registration"]["columns"]["registered_on"] == "ZCRQ"
    assert '# [sources.fee]\n# table = "sf"' in text


def test_a_database_that_cannot_be_reached_hides_no_file(tmp_path: Path) -> None:
    (tmp_path / "在校生.csv").write_text(STUDENT + ROW, "utf-8")
    found = inspect(tmp_path, AS_OF, database=address("postgresql://u@127.0.0.1:1/college"))
    assert [sheet.table for sheet in found.sheets] == ["student"]
    assert "连不上数据库“college”" in found.trouble


def test_a_second_column_of_one_field_is_shown_as_such(tmp_path: Path) -> None:
    (tmp_path / "缴费.csv").write_text("学号,学生学号,学年,应缴金额,实缴金额\n1,2,2026-2027,1,1\n", "utf-8")
    columns = {column.heading: column for column in seen(tmp_path).sheets[0].columns}
    assert (columns["学号"].field, columns["学号"].also) == ("student_no", None)
    assert (columns["学生学号"].field, columns["学生学号"].also) == (None, "student_no")


def test_of_two_columns_with_one_heading_none_is_suggested_and_the_others_are_known(tmp_path: Path) -> None:
    (tmp_path / "缴费.csv").write_text("学号,学号,学年,应缴金额,实缴金额\n1,2,2026-2027,1,1\n", "utf-8")
    sheet = seen(tmp_path).sheets[0]
    assert "第 1 列和第 2 列都是“学号”" in sheet.trouble
    assert [(column.field, column.likely) for column in sheet.columns[:3]] == [
        (None, None), (None, None), ("academic_year", None),
    ]  # fmt: skip
