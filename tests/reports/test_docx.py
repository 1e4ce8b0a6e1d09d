"""The month's report as a .docx, read back."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from months import checked, found, remember, store_in

from checks.history.store import compared
from checks.results import CheckResult, Finding, MarkCount, PreviousInfo
from reports.docx import render_docx
from reports.month import monthly_report

AS_OF = date(2026, 11, 25)
Make = Callable[..., Finding]


def document_of(result: CheckResult, **fonts: str) -> bytes:
    return render_docx(monthly_report(result, "2026-11", "西安交通工程学院", tool_version="0.1.0"), fonts)


def texts(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def tables(data: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(io.BytesIO(data)).tables]


@pytest.fixture(scope="module")
def data(result: CheckResult) -> bytes:
    return document_of(result)


def test_the_meeting_reads_the_answer_and_what_it_has_to_decide_first(data: bytes) -> None:
    heads = [text for text in texts(data) if text[:2] in {f"{digit}、" for digit in "一二三四五六七八九"}]
    assert heads == [
        "一、结论：暂不宜上报", "二、请会议定的事", "三、本月数字", "四、期限", "五、部门与学院", "六、三项注册",
        "七、结论的保留", "八、被违反的条款", "九、方法与签署",
    ]  # fmt: skip


def test_a_long_list_of_obstacles_leaves_the_decisions_on_the_first_pages(data: bytes) -> None:
    said = next(text for text in texts(data) if text.startswith("影响上报的规则共15条："))
    assert said.count("（") == 6
    assert said.endswith("；其余见第八部分。")


def test_at_most_five_decisions_are_asked_for(data: bytes) -> None:
    asked = [text for text in texts(data) if text.startswith(tuple(f"（{digit}）" for digit in "一二三四五六"))]
    assert len(asked) == 5
    assert asked[0] == "（一）疑似自动流失未上报（9人，9项）"


def test_the_four_figures_and_each_office_and_college_have_a_row(data: bytes, result: CheckResult) -> None:
    figures, deadlines, offices, colleges, _, clauses = tables(data)
    assert [row[0] for row in figures[1:]] == ["待处理问题", "违规", "本月新问题", "涉及学生"]
    assert [row[0] for row in deadlines[1:]] == ["已逾期", "7天内到期", "30天内到期", "30天以后到期（暂定1项）"]
    assert [row[0] for row in offices[1:]] == ["学生处", "财务处", "招生办", "就业指导中心", "教务处", "二级学院"]
    assert [row[0] for row in colleges[1:]] == [*result.colleges, "未归学院"]
    assert offices[1][7:] == ["2026.10.16 ADM-06", "2026.11.25 MRK-05"]
    assert "五-1" not in [row[0] for row in clauses]
    assert [
        *clauses[[row[0] for row in clauses].index("五-2")][:2],
        clauses[[row[0] for row in clauses].index("五-2")][2][:7],
    ] == ["五-2", "每个学生在校最长学习年限内只允许注册一个学历学籍信息。", "IDN-01 "]


def test_new_back_and_solved_are_those_of_the_history(tmp_path: object) -> None:
    store = store_in(tmp_path)  # type: ignore[arg-type]
    gone, stays, fresh = found("REG-01", "1"), found("REG-01", "2"), found("REG-01", "3")
    marks = (MarkCount("教务处", "医学院", "2026-10", 4, 3),)
    remember(store, "2026-10", checked("2026-10-28", [gone, stays]))
    result = checked("2026-11-25", [stays, fresh], marks=marks, colleges=("医学院",))
    comparison = remember(store, "2026-11", result)
    report = monthly_report(compared(result, comparison), "2026-11", "秦岭学院", comparison)
    office = next(row for row in tables(render_docx(report))[2] if row[0] == "教务处")
    assert office[1:6] == ["1", "0", "1", "2", "75% 3/4"]


def test_a_rule_without_a_conclusion_is_told_as_a_reserve(data: bytes) -> None:
    assert any("条规则未核查，不等于没有问题" in text and "HND-01" in text for text in texts(data))


def test_the_earlier_data_compared_with_are_named(clean: CheckResult) -> None:
    earlier = PreviousInfo("2026-10", date(2026, 10, 28), "a1" * 32)
    said = "对照的更早数据：2026-10，截至2026年10月28日，校验值前十六位a1a1a1a1a1a1a1a1。"
    assert said in texts(document_of(replace(clean, previous=earlier)))
    assert said not in texts(document_of(clean))


def test_a_clean_college_may_report_and_nothing_is_asked(clean: CheckResult) -> None:
    said = texts(document_of(clean))
    assert "一、结论：可以上报" in said
    assert "已核查的规则没有需要会议议定的事。" in said
    assert "已核查的规则没有发现问题。" in said


def test_the_same_report_is_the_same_bytes_dated_by_its_data(data: bytes, result: CheckResult) -> None:
    assert document_of(result) == data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2026, 11, 25, 0, 0, 0)}
    about = Document(io.BytesIO(data)).core_properties
    assert about.created is not None
    assert about.created.date() == AS_OF
    assert about.subject == "供2026年11月25日学籍管理工作例会参会人员使用"


def test_hostile_text_is_text(clean: CheckResult, make: Make) -> None:
    hostile = "<w:p>&{{ 1 + 1 }}{% if %}\x00\x1b学院"
    said = tables(document_of(replace(clean, findings=(make("ADM-01", 0, college=hostile),))))[3]
    assert said[-1][0] == "<w:p>&{{ 1 + 1 }}{% if %}学院"


def test_the_page_is_that_of_an_official_document(data: bytes) -> None:
    document = Document(io.BytesIO(data))
    section = document.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges if edge is not None] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert document.styles["公文正文"].paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert "PAGE" in section.footer._element.xml


def test_fonts_are_those_chosen_and_never_the_theme_s(result: CheckResult) -> None:
    document = Document(io.BytesIO(document_of(result, body="思源宋体")))
    fonts = {style.name: style.element.rPr.rFonts for style in document.styles if style.name.startswith("公文")}
    assert fonts["公文正文"].get(qn("w:eastAsia")) == "思源宋体"
    assert fonts["公文一级标题"].get(qn("w:eastAsia")) == "黑体"
    assert "Theme=" not in document.styles.element.xml


def test_tables_keep_to_the_width_of_the_text(data: bytes) -> None:
    for table in Document(io.BytesIO(data)).tables:
        assert sum(column.width.mm for column in table.columns) <= 156.5
        assert not table.autofit


def test_nothing_of_the_clock_is_in_it(clean: CheckResult) -> None:
    other = document_of(replace(clean, as_of=date(2026, 11, 24)))
    assert Document(io.BytesIO(other)).core_properties.created is not None
    assert other != document_of(clean)


@pytest.mark.office
def test_a_writing_program_opens_it(data: bytes, pages: Callable[[bytes], int]) -> None:
    assert 5 <= pages(data) <= 9
