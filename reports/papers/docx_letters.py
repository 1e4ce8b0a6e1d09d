"""附表4 (退学通知书, with its counterfoil), 附表2 and 附表3 as .docx, one person a page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table

from checks.followup.letters import REASONS, LateArrival, NewRecord, Notice
from facts.model.values import chinese_date
from reports.papers.docx_parts import copied, grid, saved, write, write_cell
from reports.papers.docx_styles import Look, element, new_paper
from reports.wording.safe_text import plain_text, plain_texts

_LOOKS = (
    Look("公文标题", "title", 18, 28, "CENTER"),
    Look("公文首页题", "title", 18, 28, "CENTER"),
    Look("公文字号", "body", 14, 24, "RIGHT"),
    Look("公文正文", "body", 14, 24, indent=2),
    Look("公文称呼", "body", 14, 24),
    Look("公文落款", "body", 14, 24, "RIGHT"),
    Look("公文小字", "body", 9, 12, "CENTER"),
    Look("公文裁线", "body", 9, 12, "CENTER"),
    Look("公文表头", "heading", 12, 19, "CENTER"),
    Look("公文表文", "body", 12, 19, "LEFT"),
    Look("公文草稿", "heading", 16, 22, "CENTER"),
)
_MARGINS = (26, 26, 22, 28)
_NO_DATE = "    年  月  日"
_NO_NAME = "        "
_SEAL = "（盖章）　　　　年　　月　　日"
_BY_STUDENT = "学生签字：　　　　　　　　年　　月　　日"
_OFFICE = {True: "招生办", False: "学生处", None: "招生办（新生）或学生处（在校生）"}
"""Who approves a late arrival: of somebody new or not, or where that isn't known."""
_Rows = tuple[tuple[str, str, str, str], ...]
"""Label, value, label, value."""
_Boxes = tuple[tuple[str, str, str], ...]
"""Label, statement, and who signs it."""
_Form = tuple[_Rows, _Boxes]
"""What one person's form says."""


def notices_docx(
    notices: Sequence[Notice], college: str, as_of: date, *, draft: bool, personal: bool, fonts: Mapping[str, str] = {}
) -> bytes:
    """附表4 in the regulation's words, the counterfoil above and the notice below; a draft says so on every page."""
    title, college = "学生退学通知书（附表4）", plain_text(college)
    foot = _foot(title, "送达学生的家长，由学生处办理", as_of, personal)
    paper = _paper(foot, fonts, draft)
    for notice in plain_texts(tuple(notices), personal=personal):
        _add_notice(paper, notice, college, with_note=draft or not personal)
    return saved(paper, title=title, use=foot, as_of=as_of)


def new_records_docx(
    forms: Sequence[NewRecord], college: str, as_of: date, *, personal: bool, fonts: Mapping[str, str] = {}
) -> bytes:
    """附表2, prefilled with the new admission and the record held so far."""
    filled = [_new_record(form.now, form.former) for form in plain_texts(tuple(forms), personal=personal)]
    use = "供学生本人填写，教务处审核、提交校长办公会"
    return _forms_docx("学生学籍注册申请（审批）表", "附表2", use, filled, college, as_of, personal, fonts)


def late_arrivals_docx(
    forms: Sequence[LateArrival], college: str, as_of: date, *, personal: bool, fonts: Mapping[str, str] = {}
) -> bytes:
    """附表3, prefilled with the person and the days asked for."""
    filled = [_late_arrival(form, form.student) for form in plain_texts(tuple(forms), personal=personal)]
    use = "供学生本人填写，新生由招生办、在校生由学生处审核"
    return _forms_docx("学生暂缓报到申请（审批）表", "附表3", use, filled, college, as_of, personal, fonts)


def _foot(title: str, use: str, as_of: date, personal: bool) -> str:
    masked = "内含个人信息，不得外传" if personal else "姓名和身份证号已遮盖"
    return f"{title}　{use}　数据截至{chinese_date(as_of)}　{masked}"


def _paper(foot: str, fonts: Mapping[str, str], draft: bool = False) -> Document:
    paper = new_paper(fonts, _LOOKS, _MARGINS)
    paper.styles["公文首页题"].paragraph_format.page_break_before = True
    _line_below(paper.styles["公文裁线"])
    section = paper.sections[0]
    section.header_distance, section.footer_distance = Mm(12), Mm(10)
    if draft:
        mark = section.header.paragraphs[0]
        mark.text, mark.style = "草稿　DRAFT　仅供核对，不得送达", "公文草稿"
    line = section.footer.paragraphs[0]
    line.text, line.style = foot, "公文小字"
    return paper


def _line_below(style: Any) -> None:
    """A dashed line, at which the counterfoil is cut off."""
    borders = element("pBdr")
    borders.append(element("bottom", val="dashed", sz="8", space="6", color="auto"))
    style.element.pPr.find(qn("w:snapToGrid")).addprevious(borders)
    style.paragraph_format.space_after = Mm(6)


def _add_notice(paper: Document, notice: Notice, college: str, *, with_note: bool) -> None:
    """A page; `with_note`: of whom it is and why, for checking."""
    parents = f"{notice.name or _NO_NAME}同学的家长："
    from_on, to_on = (chinese_date(day) if day else _NO_DATE for day in (notice.from_on, notice.to_on))
    marks = [f"{'☑' if reason in notice.reasons else '□'}{reason}" for reason in REASONS]
    ticks = f"{marks[0]}； {marks[1]}；     {marks[2]}； {marks[3]}                "
    body = (
        f"您的孩子自{from_on}至{to_on}因   {ticks}，依据《{college}学籍管理实施细则》的规定，"
        "已符合退学条件，学校将其作自动退学处理，并注销学籍。"
    )
    write(paper, "首页题", college)
    write(paper, "标题", "学生退学通知书（存根）")
    write(paper, "字号", "20    年第  号")
    write(paper, "称呼", parents)
    write(paper, "正文", body)
    write(paper, "称呼", "通讯地址：", "联系电话：")
    write(paper, "落款", college, "20   年  月  日")
    write(paper, "裁线", _note(notice) if with_note else "")
    write(paper, "标题", college, "学生退学通知书")
    write(paper, "字号", "20    年第  号")
    write(paper, "称呼", parents)
    write(paper, "正文", body, "特此通知。")
    write(paper, "落款", college, "20    年  月  日")
    write(paper, "称呼", "抄送:校领导。")


def _note(notice: Notice) -> str:
    why = f"依据{'、'.join(notice.rules)}" if notice.rules else f"异动编号{notice.change_no}"
    return f"核对用，送达前去掉：学号{notice.student_no}，{notice.college}，{why}"


def _new_record(now: Mapping[str, str], former: Mapping[str, str]) -> _Form:
    return (
        ("姓名", now["name"], "性别", now["sex"]),
        ("身份证号", now["id_number"], "考生号", now["exam_no"]),
        ("原学号", former["student_no"], "原入学日期", former["entered_on"]),
        ("原培养层次", former["level"], "原专业", former["major"]),
        ("原学籍平台", former["platform"], "原学籍状态", former["status"]),
        ("新录取年份", now["entry_year"], "新录取学院", now["college"]),
        ("新培养层次", now["level"], "新录取专业", now["major"]),
    ), (
        ("申请理由", "本人申请取消原学历教育学籍，注册新学历教育学籍。", _BY_STUDENT),
        ("财务处意见\n（学费差额）", "", _SEAL),
        ("教务处审核意见", "", _SEAL),
        ("校长办公会意见", "", _SEAL),
    )


def _late_arrival(form: LateArrival, who: Mapping[str, str]) -> _Form:
    office = _OFFICE[form.newcomer]
    applied_on = chinese_date(form.applied_on) if form.applied_on else ""
    return (
        ("姓名", who.get("name", ""), "性别", who.get("sex", "")),
        ("学号或考生号", form.number, "学院", who.get("college", "")),
        ("专业", who.get("major", ""), "班级号", who.get("class_no", "")),
        ("学期", form.term, "申请日期", applied_on),
        ("暂缓报到至", chinese_date(form.until), "审核单位", office),
    ), (
        ("申请理由", "（暂缓报到时间不得超过2周）", _BY_STUDENT),
        ("二级学院意见", "", _SEAL),
        (f"{office}审核意见", "", _SEAL),
    )


def _forms_docx(
    title: str,
    number: str,
    use: str,
    forms: Iterable[_Form],
    college: str,
    as_of: date,
    personal: bool,
    fonts: Mapping[str, str],
) -> bytes:
    foot = _foot(f"{title}（{number}）", use, as_of, personal)
    paper, blank = _paper(foot, fonts), None
    for rows, boxes in forms:
        blank = blank or _blank_form(paper, len(rows), len(boxes))
        write(paper, "首页题", plain_text(college))
        write(paper, "标题", title)
        _fill_in(copied(blank, paper), rows, boxes)
    return saved(paper, title=f"{title}（{number}）", use=foot, as_of=as_of)


def _blank_form(paper: Document, rows: int, boxes: int) -> Table:
    """The table of a form, with nothing in it and not on the paper: everybody's is a copy of it."""
    blank = grid(paper, rows + boxes, [Mm(width) for width in (30, 48, 30, 48)])
    for place, line in enumerate(blank.rows):
        line.height = Mm(11) if place < rows else Mm(32)
        if place >= rows:
            _, second, _, last = line.cells
            second.merge(last)
    paper.element.body.remove(blank._tbl)
    return blank


def _fill_in(form: Table, rows: _Rows, boxes: _Boxes) -> None:
    lines = iter(form.rows)
    for texts, line in zip(rows, lines, strict=False):
        for place, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
            write_cell(cell, "表文" if place % 2 else "表头", text)
    for (label, text, signed), line in zip(boxes, lines, strict=True):
        first, box, *_ = line.cells
        write_cell(first, "表头", label)
        write_cell(box, "表文", text)
        write(box, "表文", "")
        write(box, "落款", signed)
