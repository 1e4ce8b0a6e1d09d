"""The month's report as a .docx, read back."""

import io
import re
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
from reports.month.month import monthly_report
from reports.papers.docx import render_docx
from reports.papers.docx_minutes import render_minutes

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
        "七、结论的保留", "八、问题所涉条款", "九、方法与签署",
    ]  # fmt: skip


def test_every_rule_that_stands_in_the_way_is_named_two_in_a_row(data: bytes, result: CheckResult) -> None:
    assert "影响上报的规则（15条，共164项）" in texts(data)
    blockers = tables(data)[0][1:]
    assert len(blockers) == 8
    cells = [cell for row in blockers for cell in (row[0], row[2]) if cell]
    errors = {f.rule for f in result.findings if f.severity == "error"} | {"STY-01"}
    assert {cell.split(" ")[0] for cell in cells} == errors
    assert ["STY-01 超过最长学习年限", "核查失败"] in [row[at : at + 2] for row in blockers for at in (0, 2)]


def test_whether_to_report_is_asked_first_and_then_at_most_five_decisions(data: bytes) -> None:
    asked = [text for text in texts(data) if text.startswith(tuple(f"（{digit}）" for digit in "一二三四五六七"))]
    assert len(asked) == 6
    assert asked[:2] == ["（一）本月数据是否上报", "（二）疑似自动流失未上报（WDR-04，9人，9项）"]
    place = texts(data).index("（一）本月数据是否上报")
    assert texts(data)[place + 1] == (
        "本月数据暂缓上报，待14类违规（164项）整改、1条核查失败的规则查明原因、复核后再报，是否同意？"
    )


def test_those_whom_an_item_concerns_stand_in_a_table_with_room_for_the_decision(data: bytes) -> None:
    people = tables(data)[1]
    assert people[0] == ["学号", "学院", "情况", "会议意见"]
    assert len(people) == 10
    assert people[1] == ["2023001000", "土木工程学院", "疑似自动流失未上报，自2026年9月14日起至今未处理。", ""]
    assert "另有38人，见问题清单（REG-01）。" in texts(data)


def test_the_four_figures_and_each_office_and_college_have_a_row(data: bytes, result: CheckResult) -> None:
    figures, deadlines, offices, colleges, _, clauses, signatures = tables(data)[6:]
    assert [row[0] for row in figures[1:]] == ["待处理问题", "违规", "本月新问题", "涉及学生"]
    assert [row[0] for row in deadlines[1:]] == ["已逾期", "7天内到期", "8至30天到期", "31天及以后到期（暂定1项）"]
    names = ["合计", "学生处", "财务处", "招生办", "就业指导中心", "教务处", "二级学院"]
    assert [row[0] for row in offices[1:]] == names
    assert [row[0] for row in colleges[1:]] == ["合计", *result.colleges, "学院不明"]
    assert offices[2][8:] == ["2026.10.16\nADM-06", "2026.11.25\nMRK-05"]
    assert signatures == [["编制人", "教务处负责人", "分管校领导", "日期"], [""] * 4]
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
    offices = tables(render_docx(report))[4]
    assert offices[0][1:8] == ["上次", "解决", "新", "再现", "本月", "逾期", "按期率"]
    for row in offices[1], next(row for row in offices if row[0] == "教务处"):
        assert row[1:8] == ["2", "1", "1", "0", "2", "0", "75.0%\n3/4"]
    assert tables(render_docx(report))[2][1][:4] == ["待处理问题", "2", "2", "持平"]
    assert "2026年10月2项 − 已解决1 ＋ 新1 ＝ 2026年11月2项。" in texts(render_docx(report))


def test_a_rule_without_a_conclusion_is_told_as_a_reserve(data: bytes) -> None:
    assert any("条规则未核查，不等于没有问题" in text and "HND-01" in text for text in texts(data))


def test_the_rows_read_are_accounted_for_under_the_method(data: bytes) -> None:
    assert any("读入数据　在校生30,000行（搁置2）；迎新8,120行（搁置1）" in text for text in texts(data))


def test_the_earlier_data_compared_with_are_named(clean: CheckResult) -> None:
    earlier = PreviousInfo("2026-10", date(2026, 10, 28), "a1" * 32)
    said = "对照的更早数据2026-10，截至2026年10月28日，校验值前十六位a1a1a1a1a1a1a1a1；"
    assert any(said in text for text in texts(document_of(replace(clean, previous=earlier))))
    assert not any("对照的更早数据" in text for text in texts(document_of(clean)))


def test_a_clean_college_may_report_and_nothing_is_asked(clean: CheckResult) -> None:
    said = texts(document_of(clean))
    assert "一、结论：可以上报" in said
    assert "除是否上报外，没有需要会议议定的事。" in said
    assert "本月数据可以上报，是否同意？" in said
    assert said[said.index("七、结论的保留") + 1] == "无"
    assert "各部门、各学院都没有待处理的问题。" in said
    assert "已核查的规则没有发现问题。" in said
    assert not any("不能当作没有问题" in text or "按期率" in text for text in said), "nothing of it is there"


def test_what_is_counted_as_left_is_what_the_clauses_show(data: bytes) -> None:
    assert any("另有12类问题（含提示1类、由其他问题引起的1类）" in text for text in texts(data))
    said = next(text for text in texts(data) if text.startswith("本月待处理的共17类、259项。"))
    assert said.endswith("不在条款表内的：DEF-01 暂缓报到超过两周。")
    rules = {line.split(" ")[0] for row in tables(data)[11][1:] for line in row[2].split("\n")}
    assert len(rules - {"STY-01"}) == 17 - 1


def test_the_regulation_of_another_school_is_followed_and_not_the_basis(result: CheckResult) -> None:
    def said(institution: str, title: str) -> bool:
        pack = replace(result.pack, title=title)
        report = monthly_report(replace(result, pack=pack), "2026-11", institution)
        return f"核查依据　参照：{title}。" in texts(render_docx(report))

    own = "西安交通工程学院学籍管理工作实施方案（试行）"
    assert said("秦岭学院", own)
    assert not said("西安交通工程学院", own)
    assert not said("秦岭学院", "普通高等学校学生管理规定（教育部令第41号）")


def test_codes_are_not_torn_at_their_hyphens(data: bytes) -> None:
    body = Document(io.BytesIO(data)).element.body
    assert not [text.text for text in body.iter(qn("w:t")) if re.search(r"\w-\w", text.text or "")]
    assert any("REG-04" in text or "REG-01" in text for text in texts(data)), "read back as they were written"


def test_a_code_ends_no_line_at_its_hyphen_and_a_break_in_a_cell_is_one(data: bytes) -> None:
    offices = Document(io.BytesIO(data)).tables[8]
    case = offices.rows[2].cells[8]
    assert case.text == "2026.10.16\nADM-06"
    assert [each.tag for each in case._tc.iter(qn("w:br"), qn("w:noBreakHyphen"))] == [
        qn("w:br"), qn("w:noBreakHyphen"),
    ]  # fmt: skip


@pytest.mark.parametrize("render", [render_docx, render_minutes])
def test_every_paragraph_has_a_style_that_the_document_defines(
    result: CheckResult, render: Callable[..., bytes]
) -> None:
    data = render(monthly_report(result, "2026-11", "西安交通工程学院"))
    assert undefined_styles(data) == set()


def undefined_styles(data: bytes) -> set[str]:
    document = Document(io.BytesIO(data))
    used = {style.get(qn("w:val")) for style in document.element.body.iter(qn("w:pStyle"))}
    return used - {style.style_id for style in document.styles}


def test_technical_names_stand_only_at_the_end(data: bytes) -> None:
    technical = [text for text in texts(data) if "xjtei-2020" in text or "report.html" in text]
    assert technical == [texts(data)[-1]]


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
    said = tables(document_of(replace(clean, findings=(make("ADM-01", 0, college=hostile),))))[5]
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
    assert 7 <= pages(data) <= 12
