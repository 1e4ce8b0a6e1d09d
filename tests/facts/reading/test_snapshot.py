"""A folder of exports, read and accounted for."""

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from facts.model.refusal import DataError
from facts.model.snapshot import SetAside, Snapshot, SourceFile
from facts.reading import set_aside
from facts.reading.load import load_snapshot

AS_OF = date(2026, 11, 25)
ATTENDANCE = "学号,上课日期,考勤结果\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "2026-11"
    path.mkdir()
    return path


def load(folder: Path, **files: str) -> Snapshot:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return load_snapshot(folder, AS_OF)


def workbook(path: Path, **sheets: list[list[object]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


REGISTRATION: list[list[object]] = [["学号", "学期", "注册日期"], ["1", "2026-2027-1", "2026-09-01"]]
CHECKIN: list[list[object]] = [["学号", "学期"], ["1", "2026-2027-1"]]


def test_a_table_is_known_by_its_chinese_or_its_english_name(folder: Path) -> None:
    workbook(folder / "学期注册.xlsx", Sheet1=REGISTRATION)
    snapshot = load(folder, 考勤=ATTENDANCE + "1,2026-09-21,出勤\n", Class_Group="class_no,major,level\n1,土木,本科\n")
    assert list(snapshot.tables) == ["registration", "attendance", "class_group"]
    assert snapshot.tables["registration"].files == (SourceFile("学期注册.xlsx", "Sheet1"),)
    assert snapshot.tables["attendance"].files == (SourceFile("考勤.csv"),)
    assert (snapshot.path, snapshot.as_of) == ("2026-11", AS_OF)


def test_one_workbook_may_hold_several_tables(folder: Path) -> None:
    workbook(folder / "学生处台账.xlsx", 学期注册=REGISTRATION, 说明=[["填表说明"]], checkin=CHECKIN)
    snapshot = load(folder)
    assert {kind: table.files for kind, table in snapshot.tables.items()} == {
        "checkin": (SourceFile("学生处台账.xlsx", "checkin"),),
        "registration": (SourceFile("学生处台账.xlsx", "学期注册"),),
    }
    assert snapshot.ignored == ("学生处台账.xlsx：说明",)


def test_empty_sheets_beside_the_only_filled_one_do_not_matter(folder: Path) -> None:
    workbook(folder / "学期注册.xlsx", Sheet1=REGISTRATION, Sheet2=[], Sheet3=[])
    assert load(folder).tables["registration"].files == (SourceFile("学期注册.xlsx", "Sheet1"),)


def test_of_several_filled_sheets_the_one_with_the_name_is_the_table(folder: Path) -> None:
    workbook(folder / "学期注册.xlsx", 学期注册=REGISTRATION, 说明=[["填表说明"]])
    assert load(folder).tables["registration"].read == 1
    workbook(folder / "学期注册.xlsx", 甲=[["甲"]], 乙=[["乙"]])
    with pytest.raises(DataError, match="有 2 个有内容的工作表，看不出哪一个是“学期注册”"):
        load(folder)


def test_one_table_in_two_files_of_different_headings_is_refused_with_both_names(folder: Path) -> None:
    workbook(folder / "台账.xlsx", 返校报到=CHECKIN)
    with pytest.raises(
        DataError,
        match=r"“台账.xlsx”的工作表“返校报到”都像“返校报到”表，但标题不同（报到日期 .*"
        r"\[sources.checkin\] files = \[\"checkin.csv\", \"台账.xlsx\"\]",
    ):
        load(folder, checkin="学号,学期,报到日期\n1,1,2026-09-01\n")


def test_other_files_are_named_and_left_alone(folder: Path) -> None:
    for name in ("说明.docx", "考勤.pdf", "考勤说明.csv", "snapshot.toml", "planted.json", ".DS_Store", "~$考勤.xlsx"):
        (folder / name).write_text("x", "utf-8")
    assert load(folder, 返校报到="学号,学期\n1,1\n").ignored == ("考勤.pdf", "考勤说明.csv", "说明.docx")


def test_links_out_of_the_folder_are_not_followed(folder: Path) -> None:
    outside = folder.parent / "考勤.csv"
    outside.write_text(ATTENDANCE, "utf-8")
    (folder / "考勤.csv").symlink_to(outside)
    (folder / "缴费.csv").symlink_to(folder / "缴费.csv")
    (folder / "校历.csv").symlink_to("没有.csv")
    os.mkfifo(folder / "毕业.csv")
    (folder / "data.bin").write_text("学号,学期\n1,1\n", "utf-8")
    (folder / "返校报到.csv").symlink_to("data.bin")
    snapshot = load(folder)
    assert list(snapshot.tables) == ["checkin"]
    assert snapshot.ignored == ("data.bin", "校历.csv", "毕业.csv", "缴费.csv", "考勤.csv")


def test_a_folder_that_can_not_be_read_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match="没有一张可识别的表"):
        load(folder)
    with pytest.raises(DataError, match="找不到文件夹“nowhere”"):
        load(folder / "nowhere")
    (folder / "a.txt").write_text("x", "utf-8")
    with pytest.raises(DataError, match=r"“a\.txt”不是文件夹，也不是压缩包"):
        load_snapshot(folder / "a.txt", AS_OF)


def test_a_file_that_may_not_be_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "考勤.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    (folder / "考勤.csv").write_text(ATTENDANCE, "utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=r"读不了“考勤.csv”：没有权限"):
        load_snapshot(folder, AS_OF)


def test_a_file_that_is_not_what_it_is_called_is_refused(folder: Path) -> None:
    (folder / "学期注册.xls").write_bytes(b"%PDF")
    with pytest.raises(DataError, match=r"“学期注册.xls”其实是PDF 文件"):
        load(folder)


def test_as_of_is_given_or_stands_in_the_folder(folder: Path) -> None:
    (folder / "返校报到.csv").write_text("学号,学期,报到日期\n1,1,2026-09-02\n", "utf-8")
    with pytest.raises(DataError, match="--as-of"):
        load_snapshot(folder)
    (folder / "snapshot.toml").write_text("as_of = 2026-09-01", "utf-8")
    assert load_snapshot(folder).as_of == date(2026, 9, 1)
    assert load_snapshot(folder).tables["checkin"].frame["arrived_on"].isna().all()
    assert load_snapshot(folder, AS_OF).as_of == AS_OF


def test_headings_may_be_in_any_order_and_either_language_and_untidy(folder: Path) -> None:
    table = load(folder, 考勤="\ufeff 备注 ,考勤 结果, HELD_ON,学号*,备注 ,,\n好,出勤,2026-09-21,0012,,,\n").tables[
        "attendance"
    ]
    assert table.fields == {"student_no", "held_on", "result"}
    assert table.extra == ("备注",)
    assert table.frame[["student_no", "result", "mode"]].to_numpy().tolist() == [["0012", "出勤", "修读"]]


def test_an_extra_column_may_lack_a_heading(folder: Path) -> None:
    assert load(folder, 返校报到="学号,,学期\n1,2,3\n").tables["checkin"].extra == ("第 2 列（无标题）",)


def test_a_computed_fact_is_never_read_from_an_export(folder: Path) -> None:
    record = "平台,学号,身份证号,姓名,培养层次,学籍状态,学籍有效\n学信网,1,2,甲,本科,退学,是\n"
    table = load(folder, 学籍=record).tables["record"]
    assert table.extra == ("学籍有效",)
    assert table.frame["active"].isna().all()


def test_a_column_that_is_there_twice_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match=r"“返校报到\.csv”的第 1 列和第 3 列（学号、student_no）都是“学号”"):
        load(folder, 返校报到="学号,学期,student_no\n1,2,1\n")


def test_a_missing_heading_row_is_said_without_showing_what_stands_there(folder: Path) -> None:
    with pytest.raises(DataError, match="没有一行是它的标题（第一行有 3 个单元格）；必填的标题有学号、上课") as raised:
        load(folder, 考勤="2023010117,2026-09-21,出勤\n")
    assert "2023010117" not in str(raised.value)
    with pytest.raises(DataError, match="前几行是空的"):
        load(folder, 考勤="\n\n")


def test_a_required_column_that_is_not_there_stops_nothing(folder: Path) -> None:
    table = load(folder, 考勤="学号,上课日期\n1,2026-09-21\n").tables["attendance"]
    assert "result" not in table.fields
    assert (table.read, table.accepted) == (1, 1)
    assert table.frame["result"].isna().all()


def test_every_row_is_accepted_or_set_aside_with_its_place_and_reason(folder: Path) -> None:
    table = load(
        folder,
        考勤="学号,上课日期,考勤结果,修读方式\n"
        "1,2026-09-21,出勤,\n"  # 2
        "\n"
        ",,,\n"
        " ,2026-13-01,出勤,修读\n"  # 5
        "2,2026-02-30,出勤,修读\n"  # 6
        '2,"2026-09-21",旷课,"自\nx"\n'  # 7
        "2,2026-09-21\n"  # 8
        "6.2E+17,2026-09-21,出勤,修读\n"  # 9
        "３,2026-09-21,缺勤,旁听\n",  # 10
    ).tables["attendance"]
    assert (table.read, table.accepted, table.set_aside_count) == (7, 2, 5)
    assert table.frame["row_"].tolist() == [2, 10]
    assert table.normalised == 1
    where = ("attendance", "考勤.csv", None)
    assert table.set_aside == (
        SetAside(*where, 5, "学号", " ", "必填而为空，请补上", "student_no"),
        SetAside(*where, 6, "上课日期", "2026-02-30", "没有这一天，请核对日期", "held_on"),
        SetAside(
            *where,
            7,
            "考勤结果",
            "旷课",
            "不在代码表中，请改为其中之一：出勤、迟到、早退、请假、缺勤，或在 xuejian.toml 用 codes 写明它的意思",
            "result",
        ),
        SetAside(*where, 8, "", "", "这一行有 2 个单元格，标题行有 4 个，请检查是否有多余或缺少的逗号"),
        SetAside(
            *where, 9, "学号", "6.2E+17", "这一列是数值型单元格，学号末几位已丢失，请以文本格式导出", "student_no"
        ),
    )
    assert table.aside["row_"].tolist() == [5, 6, 7, 8, 9]
    assert table.aside["student_no"].astype(object).fillna("").tolist() == ["", "2", "2", "", ""]
    assert table.aside["held_on"].tolist()[2] == pd.Timestamp(2026, 9, 21)
    fields = ["student_no", "held_on", "course", "result", "mode"]
    assert table.unreadable[fields].astype(int).to_numpy().tolist() == [
        [1, 1, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0, 0, 1, 1],
        [1, 1, 1, 1, 1],
        [1, 0, 0, 0, 0],
    ]
    assert list(table.aside) == list(table.unreadable) == list(table.frame)
    assert table.aside.dtypes.to_dict().keys() == table.frame.dtypes.to_dict().keys()


def test_years_that_cannot_be_set_their_row_aside_and_a_refund_does_not(folder: Path) -> None:
    heads = "学号,姓名,培养层次,学院,专业,入学日期,在校状态,学制\n"
    rows = "".join(
        f"{n},某甲,本科,机电,车辆,2024-09-01,在读,{years}\n" for n, years in enumerate(("4", "0", "-4", "2024"))
    )
    snapshot = load(
        folder,
        在校生=heads + rows,
        迎新="考生号,姓名,入学年份,报到状态\n1,某甲,2026,已报到\n2,某乙,26,已报到\n",
        缴费="学号,学年,应缴金额,实缴金额\n1,2026-2027,0,-5800\n",
    )
    aside = snapshot.tables["student"].set_aside
    assert [(row.row, row.value) for row in aside] == [(3, "0"), (4, "-4"), (5, "2024")]
    assert {row.reason for row in aside} == {"应在 1 到 9 之间，请核对"}
    assert [row.reason for row in snapshot.tables["welcome"].set_aside] == ["应在 1000 到 9999 之间，请核对"]
    assert snapshot.tables["fee"].frame["paid"].tolist() == [-580000]


def test_a_row_that_holds_only_what_is_no_fact_is_still_a_row(folder: Path) -> None:
    table = load(folder, 返校报到="学号,学期,备注,甲\n1,2026-2027-1,,\n,,转来,\n, ,\u3000,\n,,,\n").tables["checkin"]
    assert (table.read, [kept.row for kept in table.set_aside]) == (2, [3])


def test_a_deferral_must_say_whom_it_concerns(folder: Path) -> None:
    rows = "".join(f"{who},2026-2027-1,2026-10-01\n" for who in ("1,", ",2", ","))
    table = load(folder, 暂缓报到=f"学号,考生号,学期,暂缓至\n{rows}").tables["deferral"]
    assert table.frame["row_"].tolist() == [2, 3]
    assert [(kept.row, kept.column, kept.reason) for kept in table.set_aside] == [
        (4, "学号、考生号", "学号与考生号至少要填一项")
    ]
    assert table.unreadable[["student_no", "exam_no", "term"]].to_numpy().tolist() == [[True, True, False]]


def test_dates_after_as_of_are_masked_in_the_frame_only(folder: Path) -> None:
    table = load(folder, 考勤=ATTENDANCE + "1,2026-12-01,出勤\n1,2026-12-01,旷课\n").tables["attendance"]
    assert (table.read, table.accepted, len(table.frame)) == (2, 1, 0)
    assert table.aside["held_on"].tolist() == [pd.Timestamp(2026, 12, 1)]


def test_only_the_first_rows_set_aside_are_kept_but_all_are_counted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(set_aside, "SET_ASIDE_KEPT", 3)
    table = load(folder, 考勤=ATTENDANCE + "1,x,出勤\n1,2\n" * 4).tables["attendance"]
    assert [kept.row for kept in table.set_aside] == [2, 3, 4]
    assert (table.set_aside_count, len(table.aside)) == (8, 8)
    assert [(each.column, each.rows, each.first_row) for each in table.reasons] == [("上课日期", 4, 2), ("", 4, 3)]


def test_a_value_is_shown_short_and_without_control_characters(folder: Path) -> None:
    table = load(folder, 考勤=ATTENDANCE + "1,\x1b[31m" + "长" * 300 + ",出勤\n").tables["attendance"]
    assert table.set_aside[0].value == "[31m" + "长" * 76 + "…"


def test_rows_of_a_workbook_are_set_aside_with_their_sheet(folder: Path) -> None:
    workbook(folder / "台账.xlsx", 学期注册=[*REGISTRATION, [], [110105200501010020, "2026-2027-1", "2026-09-01"]])
    kept = load(folder).tables["registration"].set_aside[0]
    assert (kept.file, kept.sheet, kept.row, kept.column) == ("台账.xlsx", "学期注册", 4, "学号")
    assert "数值型单元格" in kept.reason


def test_the_digest_is_over_the_names_and_bytes_of_the_files_read(folder: Path) -> None:
    text = "学号,学期\n1,1\n"
    first = load(folder, 返校报到=text).sha256
    inner = hashlib.sha256(text.encode()).digest()
    whole = "返校报到.csv".encode() + b"\0" + str(len(text.encode())).encode() + b"\0" + inner
    assert first == hashlib.sha256(whole).hexdigest()
    (folder / "别的.txt").write_text("x", "utf-8")
    assert load(folder).sha256 == first
    assert load(folder, 返校报到=text + "2,1\n").sha256 != first


def test_what_is_read_is_told(folder: Path) -> None:
    (folder / "返校报到.csv").write_text("学号,学期\n1,1\n", "utf-8")
    told: list[str] = []
    load_snapshot(folder, AS_OF, progress=told.append)
    assert told == ["已读“返校报到.csv”：返校报到 1 行"]
