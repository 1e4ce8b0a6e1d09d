"""附表4 (退学通知书, with its counterfoil), 附表2 and 附表3 as .docx, one person a page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from checks.followup.letters import REASONS, LateArrival, NewRecord, Notice
from facts.model.values import chinese_date
from reports.papers.docx_styles import Look, cell, filled, grid, lines, new_paper
from reports.wording.safe_text import plain_text

_LOOKS = (
    Look("公文标题", "title", 18, 28, "CENTER"),
    Look("公文首页题", "title", 18, 28, "CENTER"),
    Look("公文字号", "body", 14, 24, "RIGHT"),
    Look("公文正文", "body", 14, 24, indent=2),
    Look("公文称呼", "body", 14, 24),
    Look("公文落款", "body", 14, 24, "RIGHT"),
    Look("公文小字", "body", 9, 12, "CENTER"),
    Look("公文表头", "heading", 12, 19, "CENTER"),
    Look("公文表文", "body", 12, 19, "LEFT"),
    Look("公文草稿", "heading", 16, 22, "CENTER"),
)
_MARGINS = (26, 26, 22, 28)
_NO_DATE = "    年  月  日"
_BODY = (
    "您的孩子自{{ one.from_on }}至{{ one.to_on }}因   {{ one.ticks }}，依据《{{ college }}学籍管理实施细则》的规定，"
    "已符合退学条件，学校将其作自动退学处理，并注销学籍。"
)
_SEAL = "（盖章）　　　　年　　月　　日"
Texts = Mapping[str, str]


def notices_docx(
    notices: Sequence[Notice], college: str, as_of: date, *, draft: bool, personal: bool, fonts: Mapping[str, str] = {}
) -> bytes:
    """附表4 in the regulation's words, the counterfoil above and the notice below; a draft says so on every page."""
    paper = _paper(fonts, draft)
    lines(paper, ("正文", "{%p for one in notices %}"), ("首页题", "{{ college }}"), ("标题", "学生退学通知书（存根）"))
    lines(paper, ("字号", "20    年第  号"), ("称呼", "{{ one.name }}同学的家长："), ("正文", _BODY))
    lines(paper, ("称呼", "通讯地址："), ("称呼", "联系电话："), ("落款", "{{ college }}"), ("落款", "20   年  月  日"))
    lines(paper, ("小字", "{{ one.note }}"))
    _cut_here(paper.paragraphs[-1])
    lines(paper, ("标题", "{{ college }}"), ("标题", "学生退学通知书"))
    lines(paper, ("字号", "20    年第  号"), ("称呼", "{{ one.name }}同学的家长："), ("正文", _BODY))
    lines(paper, ("正文", "特此通知。"), ("落款", "{{ college }}"), ("落款", "20    年  月  日"))
    lines(paper, ("称呼", "抄送:校领导。"), ("正文", "{%p endfor %}"))
    values = {"notices": [_notice(each, draft or not personal) for each in notices]}
    return _filled(paper, values, college, as_of, "学生退学通知书（附表4）", "送达学生的家长，由学生处办理", personal)


def new_records_docx(
    forms: Sequence[NewRecord], college: str, as_of: date, *, personal: bool, fonts: Mapping[str, str] = {}
) -> bytes:
    """附表2, prefilled with the new admission and the record held so far."""
    rows = (
        ("姓名", "now.name", "性别", "now.sex"),
        ("身份证号", "now.id_number", "考生号", "now.exam_no"),
        ("原学号", "former.student_no", "原入学日期", "former.entered_on"),
        ("原培养层次", "former.level", "原专业", "former.major"),
        ("原学籍平台", "former.platform", "原学籍状态", "former.status"),
        ("新录取年份", "now.entry_year", "新录取学院", "now.college"),
        ("新培养层次", "now.level", "新录取专业", "now.major"),
    )
    parts = (
        ("申请理由", "本人申请取消原学历教育学籍，注册新学历教育学籍。", "学生签字：　　　　　　　　年　　月　　日"),
        ("财务处意见\n（学费差额）", "", _SEAL),
        ("教务处审核意见", "", _SEAL),
        ("校长办公会意见", "", _SEAL),
    )
    paper = _form(fonts, "学生学籍注册申请（审批）表", rows, parts)
    values = {"forms": [{"now": _plain(each.now), "former": _plain(each.former)} for each in forms]}
    use = "供学生本人填写，教务处审核、提交校长办公会"
    return _filled(paper, values, college, as_of, "学生学籍注册申请（审批）表（附表2）", use, personal)


def late_arrivals_docx(
    forms: Sequence[LateArrival], college: str, as_of: date, *, personal: bool, fonts: Mapping[str, str] = {}
) -> bytes:
    """附表3, prefilled with the person and the days asked for."""
    rows = (
        ("姓名", "who.name", "性别", "who.sex"),
        ("学号或考生号", "one.number", "学院", "who.college"),
        ("专业", "who.major", "班级号", "one.class_no"),
        ("学期", "one.term", "申请日期", "one.applied_on"),
        ("暂缓报到至", "one.until", "审核单位", "one.office"),
    )
    parts = (
        ("申请理由", "（暂缓报到时间不得超过2周）", "学生签字：　　　　　　　　年　　月　　日"),
        ("二级学院意见", "", _SEAL),
        ("{{ one.office }}审核意见", "", _SEAL),
    )
    paper = _form(fonts, "学生暂缓报到申请（审批）表", rows, parts)
    values = {"forms": [_late(each) for each in forms]}
    use = "供学生本人填写，新生由招生办、在校生由学生处审核"
    return _filled(paper, values, college, as_of, "学生暂缓报到申请（审批）表（附表3）", use, personal)


def _paper(fonts: Mapping[str, str], draft: bool) -> Any:
    paper = new_paper(fonts, _LOOKS, _MARGINS)
    paper.styles["公文首页题"].paragraph_format.page_break_before = True
    section = paper.sections[0]
    section.header_distance, section.footer_distance = Mm(12), Mm(10)
    if draft:
        mark = section.header.paragraphs[0]
        mark.text, mark.style = "草稿　DRAFT　仅供核对，不得送达", "公文草稿"
    foot = section.footer.paragraphs[0]
    foot.text, foot.style = "{{ foot }}", "公文小字"
    return paper


def _form(
    fonts: Mapping[str, str], title: str, rows: Sequence[tuple[str, ...]], parts: Sequence[tuple[str, str, str]]
) -> Any:
    """A form's template: two labelled values a row, then a box for every statement, with its signature line."""
    paper = _paper(fonts, draft=False)
    lines(paper, ("正文", "{%p for one in forms %}"), ("首页题", "{{ college }}"), ("标题", title))
    made = grid(paper, len(rows) + len(parts), [Mm(width) for width in (30, 48, 30, 48)])
    for place, (left, value, right, other) in enumerate(rows):
        made.rows[place].height = Mm(11)
        for column, text in enumerate((left, _value(value), right, _value(other))):
            cell(made, place, column, text, "表文" if column % 2 else "表头")
    for place, (head, said, signed) in enumerate(parts, len(rows)):
        made.rows[place].height = Mm(32)
        box = made.cell(place, 1).merge(made.cell(place, 3))
        cell(made, place, 0, head, "表头")
        cell(made, place, 1, said, "表文")
        box.add_paragraph("", style="公文表文")
        box.add_paragraph(signed, style="公文落款")
    lines(paper, ("正文", "{%p endfor %}"))
    return paper


def _value(name: str) -> str:
    return f"{{{{ {name if name.startswith('one.') else f'one.{name}'} }}}}"


def _cut_here(paragraph: Any) -> None:
    """A dashed line below the counterfoil."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "dashed"), ("sz", "8"), ("space", "6"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.space_after = Mm(6)


def _notice(one: Notice, noted: bool) -> dict[str, str]:
    marks = [f"{'☑' if reason in one.reasons else '□'}{reason}" for reason in REASONS]
    why = f"，依据{'、'.join(one.rules)}" if one.rules else f"，异动编号{one.change_no}"
    note = f"核对用，送达前去掉：学号{one.student_no}，{one.college}{why}" if noted else ""
    return {
        "name": plain_text(one.name) or "        ",
        "from_on": chinese_date(one.from_on) if one.from_on else _NO_DATE,
        "to_on": chinese_date(one.to_on) if one.to_on else _NO_DATE,
        "ticks": f"{marks[0]}； {marks[1]}；     {marks[2]}； {marks[3]}                ",
        "note": plain_text(note),
    }


def _late(one: LateArrival) -> dict[str, Any]:
    office = {True: "招生办", False: "学生处"}.get(one.newcomer, "招生办（新生）或学生处（在校生）")  # type: ignore[arg-type]
    return {
        "who": {"name": "", "sex": "", "college": "", "major": "", **_plain(one.student)},
        "number": plain_text(one.number),
        "class_no": plain_text(one.student.get("class_no", "")),
        "term": plain_text(one.term),
        "applied_on": chinese_date(one.applied_on) if one.applied_on else "",
        "until": chinese_date(one.until),
        "office": office,
    }


def _plain(texts: Texts) -> dict[str, str]:
    return {name: plain_text(text) for name, text in texts.items()}


def _filled(
    paper: Any, values: Mapping[str, Any], college: str, as_of: date, title: str, use: str, personal: bool
) -> bytes:
    masked = "内含个人信息，不得外传" if personal else "姓名和身份证号已遮盖"
    foot = f"{title}　{use}　数据截至{chinese_date(as_of)}　{masked}"
    college = plain_text(college)
    return filled(paper, {**values, "college": college, "foot": foot}, title=title, use=foot, as_of=as_of)
