"""Exports as the systems really make them: any format, any heading, several files a table, with nothing lost."""

import os
import shutil
import stat
import zipfile
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from facts.model.refusal import DataError
from facts.model.snapshot import Snapshot, SourceFile
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources
from facts.sources.cells import Limits

AS_OF = date(2026, 11, 25)
DATA = Path(__file__).parents[2] / "data"
FEE = "学号,学年,应缴金额,实缴金额\n"
ATTENDANCE = "学号,上课日期,考勤结果\n"


def load(folder: Path, sources: dict[str, object] | None = None) -> Snapshot:
    return load_snapshot(folder, AS_OF, sources=read_sources(sources or {}))


def workbook(path: Path, *rows: list[object], merge: dict[str, str] | None = None) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for cells, text in (merge or {}).items():
            sheet.merge_range(cells, text)


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_a_workbook_that_libreoffice_wrote_is_read_with_the_codes_of_the_standard(tmp_path: Path, suffix: str) -> None:
    shutil.copy(DATA / f"student-libreoffice.{suffix}", tmp_path / f"在校生.{suffix}")
    table = load(tmp_path).tables["student"]
    assert (table.read, table.accepted, table.set_aside) == (2, 2, ())
    columns = ["student_no", "name", "sex", "level", "status"]
    assert table.frame[columns].astype(str).to_numpy().tolist() == [
        ["0012", "买买提·吐尔逊", "男", "本科", "在读"],
        ["0013", "䶮𠮷", "女", "专科", "在读"],
    ]
    assert table.frame["entered_on"].dt.strftime("%F").tolist() == ["2026-09-01", "2026-09-02"]


def test_a_dbase_file_is_read_in_the_encoding_that_a_person_says(tmp_path: Path) -> None:
    shutil.copy(DATA / "record-libreoffice.dbf", tmp_path / "学籍.dbf")
    said = {"record": {"encoding": "utf-8", "constants": {"平台": "学信网"}}}
    table = load(tmp_path, said).tables["record"]
    assert (table.accepted, table.set_aside) == (2, ())
    assert table.frame["student_no"].tolist() == ["0012", "0013"]
    assert table.frame["platform"].tolist() == ["学信网", "学信网"]
    assert table.frame["status"].tolist() == ["在籍", "在籍"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_in_every_encoding_and_with_every_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "学号,学年,收费项目,应缴金额,实缴金额\n001,2026-2027,䶮·吐,5800,58.5\n".replace(",", delimiter)
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "缴费.xls").write_bytes((mark + text).encode(encoding))
    frame = load(tmp_path).tables["fee"].frame
    assert frame[["student_no", "item", "payable", "paid"]].to_numpy().tolist() == [["001", "䶮·吐", 580000, 5850]]


def test_a_web_page_that_is_called_xls_is_read(tmp_path: Path) -> None:
    page = (
        "<html><meta charset=gb2312><table><tr><td colspan=3>考勤表</td></tr>"
        "<tr><th>学号</th><th>上课日期</th><th>考勤结果</th></tr>"
        "<tr><td>0012</td><td>2026-09-21</td><td>出勤</td></tr></table></html>"
    )
    (tmp_path / "考勤.xls").write_bytes(page.encode("gb18030"))
    table = load(tmp_path).tables["attendance"]
    assert table.frame[["student_no", "row_"]].to_numpy().tolist() == [["0012", 3]]


def test_a_file_of_columns_keeps_whole_numbers_and_says_which_have_lost_digits(tmp_path: Path) -> None:
    columns = pa.table(
        {
            "student_no": [2023010117, 2023010118],
            "held_on": [date(2026, 9, 21), date(2026, 9, 22)],
            "result": pa.array(["出勤", "缺勤"]).dictionary_encode(),
        }
    )
    parquet.write_table(columns, tmp_path / "考勤.parquet")
    frame = load(tmp_path).tables["attendance"].frame
    assert frame["student_no"].tolist() == ["2023010117", "2023010118"]
    assert frame["held_on"].dt.strftime("%F").tolist() == ["2026-09-21", "2026-09-22"]
    lost = columns.set_column(0, "student_no", pa.array([1.1010520050101002e17, 1.0]))
    parquet.write_table(lost, tmp_path / "考勤.parquet")
    aside = load(tmp_path).tables["attendance"].set_aside
    assert [(row.row, row.reason) for row in aside] == [(2, "这一列是数值型单元格，学号末几位已丢失，请以文本格式导出")]


def test_a_column_of_parquet_that_is_no_field_is_named_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "班级.parquet"
    classes = {
        "班级号": ["A", "B"],
        "照片": ["x" * 99, "y" * 99],
        "专业": ["英语", "数学"],
        "培养层次": ["专科", "本科"],
    }
    parquet.write_table(pa.table(classes), path)
    photographs = parquet.ParquetFile(path).metadata.row_group(0).column(1)
    content = bytearray(path.read_bytes())
    at = photographs.dictionary_page_offset
    content[at : at + photographs.total_compressed_size] = bytes(photographs.total_compressed_size)
    path.write_bytes(content)
    with pytest.raises((pa.ArrowException, OSError)):
        parquet.read_table(path)
    table = load(tmp_path).tables["class_group"]
    assert (table.accepted, table.extra) == (2, ("照片",))


def test_titles_groups_sums_and_signatures_around_a_table_are_no_rows_of_it(tmp_path: Path) -> None:
    workbook(
        tmp_path / "学籍异动.xlsx",
        ["2026 年秋季学籍异动表"],
        ["异动编号", "学号", "异动类型", "审核日期", "", "发文日期"],
        ["", "", "", "学院", "学生处", ""],
        ["1", "0012", "休学", "2026-09-01", "2026-09-02", "2026-09-03"],
        ["2", "0013", "留级", "2026-09-01", "", "2026-09-03"],
        ["合  计", "2 人"],
        ["填表人：甲", "", "", "审核人：乙"],
        merge={"A1:F1": "2026 年秋季学籍异动表", "D2:E2": "审核日期"},
    )
    table = load(tmp_path).tables["change"]
    assert {"college_on", "affairs_on", "issued_on", "kind"} <= table.fields
    assert (table.read, table.accepted, table.set_aside_count) == (2, 2, 0)
    assert table.counts[0].other_rows == 2
    assert table.frame["row_"].tolist() == [4, 5]
    assert table.frame["college_on"].dt.strftime("%F").tolist() == ["2026-09-01", "2026-09-01"]


@pytest.mark.parametrize("signed", ["2026年11月25日", "教务处  2026年11月25日", "2026-11-25"])
def test_a_date_that_stands_alone_below_a_table_is_its_signature(tmp_path: Path, signed: str) -> None:
    (tmp_path / "缴费.csv").write_text(f"{FEE}1,2026-2027,5800,5800\n,,,{signed}\n", "utf-8")
    table = load(tmp_path).tables["fee"]
    assert (table.read, table.set_aside_count, table.counts[0].other_rows) == (1, 0, 1)


def test_a_date_of_the_table_that_stands_alone_is_a_row_that_lacks_the_rest(tmp_path: Path) -> None:
    (tmp_path / "考勤.csv").write_text(f"{ATTENDANCE}1,2026-09-21,出勤\n,2026-09-22,\n", "utf-8")
    table = load(tmp_path).tables["attendance"]
    assert (table.read, table.set_aside_count, table.counts[0].other_rows) == (2, 1, 0)


@pytest.mark.parametrize("kept", ["0101190101", "00101190101"])
def test_a_file_whose_numbers_lost_the_zeros_in_front_is_refused(tmp_path: Path, kept: str) -> None:
    (tmp_path / "缴费.csv").write_text(f"{FEE}{kept},2026-2027,5800,5800\n", "utf-8")
    workbook(tmp_path / "考勤.xlsx", ATTENDANCE.strip().split(","), [101190101, "2026-09-21", "出勤"])
    with pytest.raises(DataError) as refused:
        load(tmp_path)
    assert str(refused.value) == (
        f"文件“考勤.xlsx”的工作表“Sheet1”的学号“101190101”在“缴费.csv”里是“{kept}”："
        "这一列是数值型单元格，前面的 0 已丢失，请以文本格式导出。"
    )


def test_one_number_without_its_zero_beside_others_that_have_theirs_is_a_slip(tmp_path: Path) -> None:
    (tmp_path / "缴费.csv").write_text(f"{FEE}0101,2026-2027,5800,5800\n", "utf-8")
    (tmp_path / "考勤.csv").write_text(f"{ATTENDANCE}101,2026-09-21,出勤\n0102,2026-09-21,出勤\n", "utf-8")
    assert load(tmp_path).tables["attendance"].accepted == 2


def test_numbers_that_never_had_a_zero_in_front_are_no_lost_ones(tmp_path: Path) -> None:
    (tmp_path / "缴费.csv").write_text(f"{FEE}0101,2026-2027,5800,5800\n", "utf-8")
    (tmp_path / "考勤.csv").write_text(f"{ATTENDANCE}1010,2026-09-21,出勤\n", "utf-8")
    assert load(tmp_path).tables["attendance"].accepted == 1


def test_equal_lessons_of_two_files_both_count_where_neither_is_a_copy_and_each_file_is_accounted_for(
    tmp_path: Path,
) -> None:
    twice = "1,2026-09-21,出勤\n"
    (tmp_path / "考勤-1.csv").write_text(ATTENDANCE + twice * 2 + "2,2026-09-21,x\n", "utf-8")
    (tmp_path / "考勤_2026秋.csv").write_text(ATTENDANCE + twice + "3,2026-09-21,缺勤\n", "utf-8")
    table = load(tmp_path).tables["attendance"]
    assert table.files == (SourceFile("考勤-1.csv"), SourceFile("考勤_2026秋.csv"))
    assert (table.read, table.accepted, table.set_aside_count, table.duplicates, table.twice) == (5, 4, 1, 0, 1)
    assert [(c.read, c.accepted, c.set_aside, c.duplicates) for c in table.counts] == [(3, 2, 1, 0), (2, 2, 0, 0)]
    assert table.frame[["student_no", "file_", "row_"]].to_numpy().tolist() == [
        ["1", 0, 2], ["1", 0, 3], ["1", 1, 2], ["3", 1, 3],
    ]  # fmt: skip
    assert [(row.file, row.row) for row in table.set_aside] == [("考勤-1.csv", 4)]


def test_rows_that_differ_in_a_column_that_is_no_field_are_not_the_same(tmp_path: Path) -> None:
    for part, lesson in (("1", "上午"), ("2", "下午")):
        text = f"序号,学号,上课日期,考勤结果,节次\n{part},1,2026-09-21,出勤,{lesson}\n"
        (tmp_path / f"考勤-{part}.csv").write_text(text, "utf-8")
    assert load(tmp_path).tables["attendance"].duplicates == 0
    (tmp_path / "考勤-2.csv").write_text("序号,学号,上课日期,考勤结果,节次\n9,1,2026-09-21,出勤,上午\n", "utf-8")
    assert load(tmp_path).tables["attendance"].duplicates == 1


def test_equal_rows_of_one_file_are_one_where_the_table_has_a_key_and_payments_stay_two(tmp_path: Path) -> None:
    (tmp_path / "学期注册.csv").write_text(
        "学号,学期,注册日期\n" + "1,2026-2027-1,2026-09-01\n" * 2 + "1,2026-2027-1,2026-09-02\n", "utf-8"
    )
    (tmp_path / "缴费.csv").write_text(FEE + "1,2026-2027,5800,100\n" * 2, "utf-8")
    tables = load(tmp_path).tables
    assert (tables["registration"].duplicates, len(tables["registration"].frame)) == (1, 2)
    assert (tables["fee"].duplicates, len(tables["fee"].frame)) == (0, 2)


def test_an_archive_is_read_like_the_folder_and_has_the_same_digest(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "考勤.csv").write_text(ATTENDANCE + "1,2026-09-21,出勤\n", "utf-8")
    (folder / "snapshot.toml").write_text("as_of = 2026-11-25", "utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"2026-11/{path.name}")
    packed, plain = load_snapshot(tmp_path / "a.zip"), load_snapshot(folder)
    assert packed.sha256 == plain.sha256
    assert packed.tables["attendance"].files == plain.tables["attendance"].files


@pytest.mark.parametrize("name", ["../考勤.csv", "/考勤.csv", "a\\..\\..\\考勤.csv", "C:/考勤.csv", "内.zip"])
def test_an_archive_that_leads_out_of_itself_or_holds_another_is_not_opened(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    with zipfile.ZipFile(folder / "导出.zip", "w") as archive:
        archive.writestr(name, ATTENDANCE)
    with pytest.raises(DataError, match=r"没有打开"):
        load(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "导出.zip"]


def test_an_archive_with_links_or_a_bomb_is_not_opened(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("考勤.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "导出.zip", "w") as archive:
        archive.writestr(link, "/etc/hostname")
    with pytest.raises(DataError, match="有链接"):
        load(tmp_path)
    with zipfile.ZipFile(tmp_path / "导出.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("考勤.csv", b" " * (20 << 20))
    with pytest.raises(DataError, match="大得不像一份导出"):
        load(tmp_path)


def test_what_a_person_says_in_the_configuration_is_used_and_a_wrong_word_is_refused(tmp_path: Path) -> None:
    (tmp_path / "导出.csv").write_text("编码;哪天;情况\n1;21/09/2026;到\n2;22/09/2026;旷课\n", "utf-8")
    said = {
        "files": "导出*.csv",
        "columns": {"student_no": "编码", "held_on": "哪天", "考勤结果": "情况"},
        "codes": {"result": {"到": "出勤", "旷课": "缺勤"}},
        "date_form": "%d/%m/%Y",
    }
    frame = load(tmp_path, {"考勤": said}).tables["attendance"].frame
    assert frame["held_on"].dt.strftime("%F").tolist() == ["2026-09-21", "2026-09-22"]
    assert frame["result"].tolist() == ["出勤", "缺勤"]
    for change, message in (
        ({"columns": {"student": "编码"}}, "没有这个字段，是不是 student_no"),
        ({"columns": {"student_no": "编马"}}, "标题里没有.*相近的标题有“编码”|标题里没有"),
        ({"codes": {"result": {"到": "到课"}}}, "“到课”不在代码表中"),
        ({"delimeter": ";"}, "delimeter 不认得，是不是 delimiter"),
        ({"encoding": "big6"}, "没有“big6”这种编码"),
        ({"date_form": "%Y"}, "日期格式要写明年、月、日"),
        ({"files": "没有.csv"}, "“没有.csv”，文件夹里没有"),
    ):
        with pytest.raises(DataError, match=message):
            load(tmp_path, {"attendance": {**said, **change}})


def test_two_columns_for_one_field_are_asked_about_and_the_contracts_own_heading_goes_first(tmp_path: Path) -> None:
    (tmp_path / "考勤.csv").write_text("学生学号,XH,上课日期,考勤结果\n1,2,2026-09-21,出勤\n", "utf-8")
    with pytest.raises(DataError, match=r"\[sources.attendance\] columns = \{ student_no = \"学生学号\" \}"):
        load(tmp_path)
    (tmp_path / "考勤.csv").write_text("学生学号,学号,上课日期,考勤结果\n1,2,2026-09-21,出勤\n", "utf-8")
    table = load(tmp_path).tables["attendance"]
    assert (table.frame["student_no"].tolist(), table.extra) == (["2"], ("学生学号",))


def test_zero_and_one_for_the_sexes_are_not_guessed(tmp_path: Path) -> None:
    head = "考生号,入学年份,报到状态,性别\n"
    (tmp_path / "迎新.csv").write_text(head + "1,2026,已报到,0\n2,2026,已报到,1\n", "utf-8")
    assert load(tmp_path).tables["welcome"].set_aside_count == 2
    (tmp_path / "迎新.csv").write_text(head + "1,2026,已报到,0.0\n2,2026,已报到,01\n", "utf-8")
    assert load(tmp_path).tables["welcome"].set_aside_count == 2, "however the code is written"
    (tmp_path / "迎新.csv").write_text(head + "1,2026,已报到,2\n2,2026,已报到,1\n3,2026,已报到,0\n", "utf-8")
    frame = load(tmp_path).tables["welcome"].frame
    assert frame["sex"].astype(object).fillna("").tolist() == ["女", "男", ""]


def test_a_code_is_known_in_lower_case_with_decimals_and_with_or_without_its_zero(tmp_path: Path) -> None:
    head = "考生号,入学年份,报到状态,性别,培养层次\n"
    rows = (("male", "03"), ("FEMALE", "3.0"), ("1.0", "04"), ("02", "4"))
    (tmp_path / "迎新.csv").write_text(head + "".join(f"{a},2026,已报到,{a},{b}\n" for a, b in rows), "utf-8")
    frame = load(tmp_path).tables["welcome"].frame
    assert frame["sex"].tolist() == ["男", "女", "男", "女"]
    assert frame["level"].tolist() == ["本科", "本科", "专科", "专科"]


def test_terms_and_academic_years_are_compared_by_what_they_say(tmp_path: Path) -> None:
    (tmp_path / "学期注册.csv").write_text(
        "学号,学期,注册日期\n1,2026-2027学年第一学期,2026-09-01\n2,2026-2027-1,2026-09-01\n3,1,2026-09-01\n", "utf-8"
    )
    (tmp_path / "缴费.csv").write_text(FEE + "1,2026—2027,5800,100\n2,2026,5800,100\n", "utf-8")
    (tmp_path / "校历.csv").write_text(
        "学期,学年,开学日期,报到截止日期,学期结束日期\n2026年秋季,2026-2027学年,2026-08-31,2026-09-04,2027-01-17\n",
        "utf-8",
    )
    tables = load(tmp_path).tables
    assert tables["registration"].frame["term"].tolist() == ["2026-2027-1"] * 2
    assert [(row.value, row.field) for row in tables["registration"].set_aside] == [("1", "term")]
    assert tables["fee"].frame["academic_year"].tolist() == ["2026-2027"]
    assert [(row.value, row.field) for row in tables["fee"].set_aside] == [("2026", "academic_year")]
    assert tables["term"].frame[["term", "academic_year"]].to_numpy().tolist() == [["2026-2027-1", "2026-2027"]]
    assert [tables[name].normalised for name in ("registration", "fee", "term")] == [1, 1, 2]


def test_what_only_the_school_knows_of_a_term_is_said_in_codes(tmp_path: Path) -> None:
    (tmp_path / "学期注册.csv").write_text("学号,学期,注册日期\n1,1,2026-09-01\n", "utf-8")
    said = {"registration": {"codes": {"term": {"1": "2026-2027-1"}}}}
    table = load_snapshot(tmp_path, AS_OF, sources=read_sources(said)).tables["registration"]
    assert table.frame["term"].tolist() == ["2026-2027-1"]
    with pytest.raises(DataError, match="term 的“秋”应写成 2026-2027-1 的形式"):
        read_sources({"registration": {"codes": {"term": {"1": "秋"}}}})


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"columns": {"student_no": "XH", "name": "XH"}}, "student_no、name 写的都是“XH”，一列只能是一个字段"),
        ({"constants": {"length_years": 4.5}}, "constants.length_years 应是引号里的文字"),
        ({"columns": {"student_no": "XH", "学号": "XS"}}, "columns 里“学号”（student_no）写了两次"),
    ],
)
def test_a_mapping_that_says_two_things_at_once_is_refused(said: dict[str, object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence.replace("（", r"\（")):
        read_sources({"student": said})


def test_a_constant_may_be_a_number_or_a_day() -> None:
    (block,) = read_sources({"student": {"constants": {"length_years": 4, "entered_on": date(2026, 9, 1)}}})["student"]
    assert block.constants == {"length_years": "4", "entered_on": "2026-09-01"}


def test_one_file_in_two_blocks_is_refused_and_so_is_a_sheet_of_what_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(FEE + "1,2026-2027,5800,100\n", "utf-8")
    with pytest.raises(DataError, match=r"有两段都写了“a\.csv”，请只留一段"):
        load(tmp_path, {"fee": [{"files": "a.csv"}, {"files": "*.csv"}]})
    with pytest.raises(DataError, match=r"文件“a\.csv”却没有工作表，请删去 sheet"):
        load(tmp_path, {"fee": {"files": "a.csv", "sheet": "Sheet9"}})


def test_a_heading_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "缴费.csv").write_text(FEE + "1,2026-2027,5800,100\n", "utf-8")
    with pytest.raises(DataError, match="请改正；它的标题是：学号、学年、应缴金额、实缴金额"):
        load(tmp_path, {"fee": {"columns": {"paid": "交了多少"}}})
    (tmp_path / "缴费.csv").write_text("1,某甲乙,5800,100\n2,某丙丁,5800,100\n", "utf-8")
    with pytest.raises(DataError) as refused:
        load(tmp_path, {"fee": {"columns": {"paid": "交了多少"}}})
    assert "某甲乙" not in str(refused.value), "what was taken for headings may be somebody"


@pytest.mark.parametrize("name", ["导出.rar", "财务处/导出.7z"])
def test_what_is_not_looked_into_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(FEE, "utf-8")
    with pytest.raises(DataError, match=r"；\.rar、\.7z 压缩包不读，请先解压。"):
        load(tmp_path)
    (tmp_path / "考勤.csv").write_text(ATTENDANCE, "utf-8")
    assert load(tmp_path).ignored == (name,)


def test_a_folder_is_read_with_its_subfolders_as_the_archive_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    for name, text in {
        "snapshot.toml": "as_of = 2026-11-25",
        "教务处/考勤.csv": ATTENDANCE + "1,2026-09-21,出勤\n",
        "财务处/本部/缴费.csv": FEE + "1,2026-2027,5800,100\n",
        "财务处/说明.txt": "见缴费",
        "2026-10/snapshot.toml": "as_of = 2026-10-25",
        "2026-10/缴费.csv": FEE + "2,2026-2027,5800,100\n",
        "report-2026-10/findings.json": "{}",
        "report-2026-10/report.html": "<table><tr><td>缴费</table>",
        "report-2026-10/分表/缴费.csv": FEE + "3,2026-2027,5800,100\n",
        ".git/缴费.csv": FEE + "4,2026-2027,5800,100\n",
        "__MACOSX/缴费.csv": "x",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(folder).as_posix())
    plain, packed = load_snapshot(folder), load_snapshot(tmp_path / "a.zip")
    assert plain.tables["fee"].frame["student_no"].tolist() == ["1"]
    assert plain.tables["fee"].files[0].path == "财务处/本部/缴费.csv"
    assert plain.ignored == (
        "2026-10/（另一次快照或报告，没有读）", "report-2026-10/（另一次快照或报告，没有读）", "财务处/说明.txt",
    )  # fmt: skip
    assert (packed.sha256, packed.ignored) == (plain.sha256, plain.ignored)
    said = read_sources({"fee": {"files": "财务处/*/缴费.csv"}, "attendance": {"files": "教务处/考勤.csv"}})
    assert load_snapshot(folder, sources=said).sha256 == plain.sha256


def test_links_to_other_folders_are_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "a", tmp_path / "outside"
    for place in (folder / "教务处", outside):
        place.mkdir(parents=True)
    (folder / "教务处" / "考勤.csv").write_text(ATTENDANCE + "1,2026-09-21,出勤\n", "utf-8")
    (outside / "缴费.csv").write_text(FEE, "utf-8")
    (folder / "财务处").symlink_to(outside)
    (folder / "教务处" / "又").symlink_to(folder)
    (folder / "教务处" / "缴费.csv").symlink_to(outside / "缴费.csv")
    snapshot = load(folder)
    assert list(snapshot.tables) == ["attendance"]
    assert snapshot.ignored == ("教务处/又", "教务处/缴费.csv", "财务处")


def test_a_folder_of_more_files_than_an_archive_may_hold_is_not_read(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "考勤.csv").write_text(ATTENDANCE, "utf-8")
    with pytest.raises(DataError, match="连同子文件夹有 3 个以上的文件，多得不像一份导出"):
        load_snapshot(tmp_path, AS_OF, limits=Limits(members=3))


@pytest.mark.skipif(not os.getuid(), reason="root may read everything")
def test_a_subfolder_that_can_not_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "考勤.csv").write_text(ATTENDANCE, "utf-8")
    (tmp_path / "lost+found").mkdir(mode=0)
    assert load(tmp_path).ignored == ("lost+found/（没有权限，没有读）",)


def test_an_archive_beside_the_notes_that_has_notes_of_its_own_is_another_snapshot(tmp_path: Path) -> None:
    (tmp_path / "snapshot.toml").write_text("as_of = 2026-11-25", "utf-8")
    (tmp_path / "考勤.csv").write_text(ATTENDANCE + "1,2026-09-21,出勤\n", "utf-8")
    with zipfile.ZipFile(tmp_path / "2026-10.zip", "w") as archive:
        archive.writestr("10月/考勤.csv", ATTENDANCE + "2,2026-09-21,出勤\n")
        archive.writestr("10月/snapshot.toml", "as_of = 2026-10-25")
    snapshot = load_snapshot(tmp_path)
    assert snapshot.tables["attendance"].frame["student_no"].tolist() == ["1"]
    assert snapshot.ignored == ("2026-10.zip/（另一次快照或报告，没有读）",)


@pytest.mark.parametrize("names", [["a/考勤.csv", "a//考勤.csv"], ["考勤.csv", "./考勤.csv"]])
def test_two_names_for_one_place_in_an_archive_are_refused(tmp_path: Path, names: list[str]) -> None:
    with zipfile.ZipFile(tmp_path / "导出.zip", "w") as archive:
        for name in names:
            archive.writestr(name, ATTENDANCE)
    with pytest.raises(DataError, match="有同名的文件"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", None), ("gb18030", None), ("shift_jis", "既不是 UTF-8 也不是 GB18030")]
)
def test_names_in_an_archive_that_says_nothing_of_them(tmp_path: Path, encoding: str, said: str | None) -> None:
    name = "考勤.csv" if said is None else "ｱ.csv"
    raw = name.encode(encoding)
    standing = "X" * (len(raw) - 4) + ".csv"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(standing, ATTENDANCE + "1,2026-09-21,出勤\n")
    packed = (tmp_path / "a.zip").read_bytes().replace(standing.encode(), raw)  # as `zip` does: no mark
    (tmp_path / "a.zip").write_bytes(packed)
    if said:
        with pytest.raises(DataError, match=said):
            load_snapshot(tmp_path / "a.zip", AS_OF)
    else:
        assert load_snapshot(tmp_path / "a.zip", AS_OF).tables["attendance"].accepted == 1


def test_a_table_that_stands_in_a_folder_and_in_one_inside_it_is_asked_about(tmp_path: Path) -> None:
    for name in ("缴费.csv", "上月/缴费.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(FEE + "1,2026-2027,5800,100\n", "utf-8")
    with pytest.raises(DataError, match=r"“缴费\.csv”和“上月/缴费\.csv”都是“缴费”表"):
        load(tmp_path)
    assert load(tmp_path, {"fee": {"files": ["缴费.csv"]}}).tables["fee"].read == 1
    (tmp_path / "本部").mkdir()
    (tmp_path / "缴费.csv").rename(tmp_path / "本部" / "缴费.csv")
    assert load(tmp_path).tables["fee"].read == 2
