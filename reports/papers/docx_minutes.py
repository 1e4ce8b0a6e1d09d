"""会议纪要: the minutes as a .docx to be filled in at the meeting: who came, and what was decided on each question."""

from collections.abc import Mapping
from typing import Any

from docx.shared import Mm

from facts.model.values import chinese_date
from reports.month.meeting import ATTENDS, LEADS, purpose, when
from reports.month.model import Figure, MonthlyReport
from reports.papers.docx import answer
from reports.papers.docx_agenda import agenda_section, agenda_values
from reports.papers.docx_styles import filled, lines, new_paper, page_numbers, table
from reports.wording.dates import chinese_month

_COLLEGE = "二级学院（部）："
_UNITS = ("分管校领导", *ATTENDS[:-1], _COLLEGE, _COLLEGE, _COLLEGE)
"""A row each to sign; of 二级学院 there are several, and who comes is not known before."""
_VOTE = ("填写", "会议意见：□同意　□不同意　□另定：\t")


def render_minutes(report: MonthlyReport, fonts: Mapping[str, str] = {}) -> bytes:
    """The skeleton. It names those whom the meeting decides on by their numbers, and nobody else."""
    title = f"{report.college_name}学籍管理工作例会纪要（{chinese_month(report.month)}）"
    return filled(_template(fonts), _values(report), title=title, use=purpose(report), as_of=report.as_of)


def _template(fonts: Mapping[str, str]) -> Any:
    paper = new_paper(fonts)
    page_numbers(paper)
    lines(paper, ("小字", "空白处由记录人在会上填写，会后由主持人审签。{{ use }}。"), ("标题", "{{ college }}"))
    lines(paper, ("标题", "学籍管理工作例会纪要"), ("副题", "（{{ month }}）"), ("正文", "时间：{{ when }}"))
    lines(paper, ("正文", "{%p if ask_place %}"), ("填写", "地点：\t"), ("正文", "{%p endif %}"))
    lines(paper, ("填写", "主持人：\t"), ("正文", "召集单位：{{ leads }}"), ("表题", "参加单位"))
    attendance = table(paper, (("单位", 56), ("参加人（签字）", 100)), "units")
    attendance.rows[2].height = Mm(9)  # room for a hand to sign
    lines(paper, ("一级标题", "一、通报"), ("正文", "{{ report }}"))
    lines(paper, ("一级标题", "二、议定事项"))
    agenda_section(
        paper,
        (_VOTE, ("正文", "{%p if not ready %}"), ("填写", "复核日期：\t"), ("正文", "{%p endif %}")),
        (_VOTE, ("填写", "完成期限：□{{ item.by }}前　□另定：\t")),
    )
    lines(paper, ("一级标题", "三、其他事项"), ("填写", "\t"), ("填写", "\t"))
    lines(paper, ("签署", "记录人（签字）：\t"), ("签署", "主持人（签字）：\t"), ("落款", "年　　月　　日"))
    return paper


def _values(report: MonthlyReport) -> dict[str, Any]:
    figures = "；".join(_said(figure) for figure in report.figures if figure.value is not None)
    return {
        "use": purpose(report),
        "college": report.college_name,
        "month": chinese_month(report.month),
        "when": when(report.meeting),
        "ask_place": not report.meeting.place,
        "leads": LEADS,
        "units": [(unit, "") for unit in _UNITS],
        "report": f"{LEADS}通报了截至{chinese_date(report.as_of)}的学籍数据核查情况，"
        f"结论为：{answer(report, '会议材料')}。{figures}。",
        "ready": report.verdict.ready,
        **agenda_values(report, facts=False),
    }


def _said(figure: Figure) -> str:
    before = f"（上次{figure.before:,}{figure.unit}）" if figure.before is not None else ""
    return f"{figure.label}{figure.value:,}{figure.unit}{before}"
