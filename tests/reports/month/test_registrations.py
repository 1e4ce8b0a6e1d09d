"""The three registrations in the report: who has which, and what is not known, in every format."""

import io
import re
from dataclasses import replace
from itertools import product

import pytest
import python_calamine as calamine
from docx import Document

from checks.findings.fingerprints import Seals
from checks.results import CheckResult, RegistrationCount, Registrations
from reports.month.model import MonthlyReport
from reports.month.month import monthly_report
from reports.month.registrations import Combination, three_registrations
from reports.papers.docx import render_docx
from reports.papers.html import render_html
from reports.papers.xlsx import render_xlsx

COUNTED = Registrations(
    "2026-2027-1",
    (
        RegistrationCount("医学院", "has", "has", "excused", 40),
        RegistrationCount("医学院", "has", "has", "has", 1200),
        RegistrationCount("医学院", "lacks", "has", "has", 5),
        RegistrationCount("外国语学院", "has", "has", "has", 96),
        RegistrationCount("外国语学院", "has", "lacks", "unknown", 1),
        RegistrationCount("外国语学院", "lacks", "lacks", "has", 10),
    ),
)


@pytest.fixture(scope="module")
def view(result: CheckResult) -> MonthlyReport:
    return monthly_report(replace(result, registrations=COUNTED), "2026-11", "秦岭学院")


@pytest.fixture(scope="module")
def html(view: MonthlyReport) -> str:
    return section(view)


def section(view: MonthlyReport) -> str:
    found = re.search('<section id="registrations".*?</section>', render_html(view), re.DOTALL)
    assert found
    return found[0]


def test_every_combination_of_having_and_lacking_is_shown_and_others_only_where_somebody_has_them() -> None:
    shown = [each.states for each in three_registrations(COUNTED).combinations]
    assert set(product(("has", "lacks"), repeat=3)) < set(shown)
    assert set(shown) - set(product(("has", "lacks"), repeat=3)) == {
        ("has", "has", "excused"),
        ("has", "lacks", "unknown"),
    }
    assert shown[0] == ("has", "has", "has")


def test_what_was_not_checked_is_neither_had_nor_lacked_in_any_row() -> None:
    unchecked = Registrations(
        "2026-2027-1", (RegistrationCount("医学院", "unknown", "has", "has", 3),), ("缺少表 缴费",)
    )
    three = three_registrations(unchecked)
    assert {each.states[0] for each in three.combinations} == {"unknown"}
    assert (three.whole.complete, three.whole.percent, three.whole.unknown) == (0, 0, 3)


def test_bars_compare_those_who_lack_something() -> None:
    shares = {each.states: each.share for each in three_registrations(COUNTED).combinations if each.students}
    assert shares == {
        ("has", "has", "has"): 0,
        ("has", "has", "excused"): 0,
        ("has", "lacks", "unknown"): 0.1,
        ("lacks", "has", "has"): 0.5,
        ("lacks", "lacks", "has"): 1,
    }


def test_all_is_said_only_of_all() -> None:
    nearly = Registrations("2026-2027-1", (
        RegistrationCount("医学院", "has", "has", "has", 999), RegistrationCount("医学院", "lacks", "has", "has", 1),
    ))  # fmt: skip
    assert three_registrations(nearly).whole.percent == 99
    assert Combination(("has", "excused", "has"), 1).complete
    assert not Combination(("has", "unknown", "has"), 1).complete


def test_the_page_says_the_numbers_and_draws_them_beside_a_table_of_the_same(html: str) -> None:
    assert (
        "2026-2027-1学期，在读学生1,352人，三项齐全1,336人（98%）；缺缴费15人，缺学期注册11人，缺学籍注册0人，不明1人。"
        in html
    )
    assert "<title id=" in html
    drawn = re.findall(r'<text class="number"[^>]*>([\d,]+)', html)
    table = html[html.index("与图同样的数字") : html.index("各学院的三项注册")]
    assert drawn == re.findall(r'<td class="n">([\d,]+)</td></tr>', table)
    assert len(drawn) == 10


def test_every_college_has_a_row_also_one_where_nobody_is_in_school(html: str, result: CheckResult) -> None:
    table = html[html.index("<caption>各学院的三项注册") :]
    assert len(re.findall('<th scope="row">', table)) == len(result.colleges)
    row = re.search('<tr><th scope="row">外国语学院</th>(.*?)</tr>', table)
    assert row
    assert re.findall(">([^<]+)</td>", row[1]) == ["107", "96", "89%", "10", "11", "0", "1"]
    assert re.search(
        '<tr><th scope="row">土木工程学院</th><td class="n">0</td><td class="n">0</td><td class="n">—</td>', table
    )


@pytest.mark.slow
def test_where_nothing_could_be_counted_every_format_says_so_and_shows_no_number(result: CheckResult) -> None:
    view = monthly_report(replace(result, registrations=Registrations(gaps=("缺少表 校历",))), "2026-11", "秦岭学院")
    said = "本学期的三项注册没有核查：缺少表 校历。没有核查不等于没有问题。"
    assert said in section(view)
    assert "<table" not in section(view)
    assert said in [paragraph.text for paragraph in Document(io.BytesIO(render_docx(view))).paragraphs]
    assert said in overview(view)


def test_what_is_missing_is_named(result: CheckResult) -> None:
    counted = replace(COUNTED, gaps=("缺少列 学籍.学年注册",))
    view = monthly_report(replace(result, registrations=counted), "2026-11", "秦岭学院")
    assert "<p>没有核查：缺少列 学籍.学年注册。</p>" in section(view)


def test_the_document_has_the_rows_that_concern_somebody(view: MonthlyReport) -> None:
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(
        io.BytesIO(render_docx(view))).tables]  # fmt: skip
    (table,) = [rows for rows in tables if rows[0] == ["缴费", "学期注册", "学籍注册", "人数"]]
    assert table[1:] == [
        ["有", "有", "有", "1,296"], ["有", "有", "暂不要求", "40"], ["有", "缺", "不明", "1"],
        ["缺", "有", "有", "5"], ["缺", "缺", "有", "10"],
    ]  # fmt: skip


def test_the_workbook_s_overview_has_them_by_college_as_numbers(view: MonthlyReport) -> None:
    cells = (
        calamine.load_workbook(io.BytesIO(render_xlsx(view, Seals(bytes(32))))).get_sheet_by_name("总览").to_python()
    )
    row = next(cells[place + 1 :] for place, each in enumerate(cells) if each[:3] == ["学院", "在读", "三项齐全"])
    assert next(each[:7] for each in row if each[0] == "外国语学院") == ["外国语学院", 107, 96, 10, 11, 0, 1]


def overview(view: MonthlyReport) -> list[object]:
    book = calamine.load_workbook(io.BytesIO(render_xlsx(view, Seals(bytes(32)))))
    return [cell for row in book.get_sheet_by_name("总览").to_python() for cell in row]
