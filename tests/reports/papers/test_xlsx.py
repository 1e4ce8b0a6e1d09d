"""The workbooks, read back as the office's own programs would read them."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
import python_calamine as calamine

from checks.findings.fingerprints import Seals
from checks.followup.answer_sheet import ANSWERS
from checks.history.values import Comparison, Figures, Point
from checks.results import Answer, CheckResult
from facts.model.snapshot import FileCount, SourceFile
from reports.month.model import MonthlyReport
from reports.month.month import monthly_report
from reports.month.recipients import sheet_name
from reports.papers.xlsx import render_split, render_xlsx

SEALS = Seals(bytes(range(32)))


@pytest.fixture(scope="module")
def view(result: CheckResult) -> MonthlyReport:
    return monthly_report(result, "2026-11", "秦岭学院")


def sheet(book: bytes, name: str) -> list[list[object]]:
    return calamine.load_workbook(BytesIO(book)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def rows(book: bytes, name: str) -> list[dict[object, object]]:
    cells = sheet(book, name)
    at = next(place for place, row in enumerate(cells) if "指纹" in row)
    return [dict(zip(cells[at], row, strict=True)) for row in cells[at + 1 :]]


def unzipped(book: bytes) -> str:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_every_office_and_college_has_its_sheet_and_all_its_findings(view: MonthlyReport) -> None:
    book = render_xlsx(view, SEALS)
    names = calamine.load_workbook(BytesIO(book)).sheet_names
    assert names[0] == "总览"
    assert names[-1] == "条款"
    for share in view.offices:
        owned = [entry.fingerprint for entry in view.entries if entry.owner == share.name]
        assert [row["指纹"] for row in rows(book, share.name) if row["指纹"]] == owned
    assert {share.name for share in view.colleges} <= set(names)


def test_the_overview_says_the_verdict_and_has_native_charts(view: MonthlyReport) -> None:
    book = render_xlsx(view, SEALS)
    said = [str(cell) for row in sheet(book, "总览") for cell in row]
    assert "结论：暂不宜上报" in said
    with zipfile.ZipFile(BytesIO(book)) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 3


def test_the_overview_accounts_for_the_rows_of_each_table_and_of_each_of_its_files(result: CheckResult) -> None:
    files = tuple(
        FileCount(SourceFile(name), 15000, 15000 - aside, aside) for name, aside in (("甲.csv", 2), ("乙.csv", 0))
    )
    tables = {**result.tables, "student": replace(result.tables["student"], counts=files)}
    cells = sheet(render_xlsx(monthly_report(replace(result, tables=tables), "2026-11", "秦岭学院"), SEALS), "总览")
    said = [tuple(row[:5]) for row in cells]
    at = said.index(("数据（读入等于采用加搁置）", "读入", "采用", "搁置", "重复"))
    assert said[at + 1 : at + 5] == [
        ("在校生", 30000, 29998, 2, 0),
        ("\u3000甲.csv", 15000, 14998, 2, 0),
        ("\u3000乙.csv", 15000, 15000, 0, 0),
        ("迎新", 8120, 8119, 1, 0),
    ]


def test_twelve_months_make_a_chart_and_a_month_without_a_report_is_no_nought(result: CheckResult) -> None:
    counted = Figures(open=5, error=2, people=4, waived=0)
    months = (Point("2026-09", counted), Point("2026-10", None), Point("2026-11", counted))
    comparison = Comparison(None, {}, {}, (), (), trend=months)
    book = render_xlsx(monthly_report(result, "2026-11", "秦岭学院", comparison), SEALS)
    assert ["2026-10", "", "", ""] in [row[:4] for row in sheet(book, "总览")]
    with zipfile.ZipFile(BytesIO(book)) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 4


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes(view: MonthlyReport) -> None:
    assert render_xlsx(view, SEALS) == render_xlsx(view, SEALS)
    assert render_split(view, SEALS) == render_split(view, SEALS)


def test_no_text_becomes_a_formula_and_the_choices_stand_in_a_list(view: MonthlyReport) -> None:
    text = unzipped(render_xlsx(view, SEALS))
    assert "<f>=" not in text
    assert not re.search(r"<c [^>]*><f>", text)
    assert "<script>" not in text
    assert "属实已改,待改,不属实,系统原因" in text
    assert "<autoFilter" in text
    assert 'state="frozen"' in text
    assert "<conditionalFormatting" in text


def test_a_number_keeps_its_noughts(result: CheckResult) -> None:
    numbered = replace(result.findings[0], key={"student_no": "007"}, college="医学院")
    book = render_xlsx(monthly_report(replace(result, findings=(numbered,)), "2026-11", ""), SEALS)
    (row,) = rows(book, "医学院")
    assert str(row["对象"]).endswith(" 007")


def test_a_college_gets_nothing_of_any_other(result: CheckResult) -> None:
    own = [replace(f, key={"student_no": f"S{n:04}X"}, message=f"情况{n:04}X", follows=())
           for n, f in enumerate(result.findings)]  # fmt: skip
    view = monthly_report(replace(result, findings=tuple(own)), "2026-11", "秦岭学院")
    books = render_split(view, SEALS)
    assert "学院-土木工程学院.xlsx" in books
    assert "单位-学生处.xlsx" in books
    assert "单位-二级学院.xlsx" not in books
    colleges = {f.college for f in own if f.college}
    for name, book in books.items():
        kind, _, who = name.removesuffix(".xlsx").partition("-")
        text = unzipped(book)
        for number, finding in enumerate(own):
            mine = (finding.owner if kind == "单位" else finding.college or "学院不明") == who
            assert (f"S{number:04}X" in text, f"情况{number:04}X" in text) == (mine, mine)
        if kind == "学院":
            assert not [other for other in colleges - {who} if other in text]


def test_every_file_says_what_for_of_which_day_and_for_whom(view: MonthlyReport) -> None:
    for name, book in render_split(view, SEALS).items():
        who = name.removesuffix(".xlsx").partition("-")[2]
        said = "\n".join(str(cell) for row in sheet(book, "汇总") for cell in row)
        assert f"仅限{who}学籍管理人员" in said
        assert "用途：本单位核对、整改与答复　数据截至2026年11月25日" in said
        assert "姓名、证件号已遮盖" in said
        assert "单位（盖章）" in said
    shown = replace(view, result=replace(view.result, personal_shown=True))
    assert "含未遮盖的姓名、证件号，须按个人信息保管" in unzipped(render_split(shown, SEALS)["单位-学生处.xlsx"])


def test_what_was_called_put_right_and_is_still_there_is_said(result: CheckResult) -> None:
    answered = replace(result.findings[0], answer=Answer("fixed", "2026-09"), state="open")
    pending = replace(result.findings[1], answer=Answer("system", "2026-09"))
    view = monthly_report(replace(result, findings=(answered, pending)), "2026-11", "")
    said = [row["上次答复"] for row in rows(render_xlsx(view, SEALS), "招生办")]
    assert said == ["2026年9月称已改仍在", "2026年9月答复：系统原因"]
    assert view.notes[-1] == "各单位、各学院对以前清单的答复：2026年9月称已改仍在的1项、2026年9月答复为系统原因的1项"


@pytest.mark.parametrize(
    ("name", "made"),
    [("土木/建筑:[学院]", "土木 建筑  学院"), ("'引号'", "引号"), ("History", "History（2）"), ("院" * 40, "院" * 31)],
)
def test_a_sheet_has_a_name_that_excel_takes(name: str, made: str) -> None:
    assert sheet_name(name, set()) == made


def test_two_names_that_become_one_stay_two() -> None:
    taken: set[str] = set()
    assert [sheet_name(name, taken) for name in ("A/B", "a:b", "A?B")] == ["A B", "a b（2）", "A B（3）"]


def test_the_choices_are_those_of_the_office() -> None:
    assert list(ANSWERS) == ["属实已改", "待改", "不属实", "系统原因"]
