"""会议纪要: the minutes as a .docx to be filled in at the meeting: who came, and what was decided on each question."""

from collections.abc import Mapping

from docx.shared import Mm

from facts.model.values import chinese_date
from reports.month.meeting import ATTENDS, LEADS, purpose, when
from reports.month.model import Figure, MonthlyReport
from reports.papers.docx import answer
from reports.papers.docx_agenda import agenda_section
from reports.papers.docx_parts import page_numbers, saved, table, write
from reports.papers.docx_styles import new_paper
from reports.wording.dates import chinese_month

_COLLEGE = "二级学院（部）："
_UNITS = ("分管校领导", *ATTENDS[:-1], _COLLEGE, _COLLEGE, _COLLEGE)
"""A row each to sign; of 二级学院 there are several, and who comes is not known before."""
_ROW_TO_SIGN = Mm(9)


def render_minutes(report: MonthlyReport, fonts: Mapping[str, str] = {}) -> bytes:
    """The skeleton. It names those whom the meeting decides on by their numbers, and nobody else."""
    paper, month, use = new_paper(fonts), chinese_month(report.month), purpose(report)
    page_numbers(paper)
    write(paper, "小字", f"空白处由记录人在会上填写，会后由主持人审签。{use}。")
    write(paper, "标题", report.college_name, "学籍管理工作例会纪要")
    write(paper, "副题", f"（{month}）")
    write(paper, "正文", f"时间：{when(report.meeting)}")
    if not report.meeting.place:
        write(paper, "填写", "地点：\t")
    write(paper, "填写", "主持人：\t")
    write(paper, "正文", f"召集单位：{LEADS}")
    write(paper, "表题", "参加单位")
    table(paper, (("单位", 56), ("参加人（签字）", 100)), [(unit, "") for unit in _UNITS], height=_ROW_TO_SIGN)
    write(paper, "一级标题", "一、通报")
    write(paper, "正文", _announced(report))
    write(paper, "一级标题", "二、议定事项")
    agenda_section(paper, report, minutes=True)
    write(paper, "一级标题", "三、其他事项")
    write(paper, "填写", "\t", "\t")
    write(paper, "签署", "记录人（签字）：\t", "主持人（签字）：\t")
    write(paper, "落款", "年　　月　　日")
    return saved(
        paper, title=f"{report.college_name}学籍管理工作例会纪要（{month}）", use=use, as_of=report.result.as_of
    )


def _announced(report: MonthlyReport) -> str:
    figures = "；".join(_figure(figure) for figure in report.figures if figure.value is not None)
    return (
        f"{LEADS}通报了截至{chinese_date(report.result.as_of)}的学籍数据核查情况，"
        f"结论为：{answer(report, '会议材料')}。{figures}。"
    )


def _figure(figure: Figure) -> str:
    before = f"（上次{figure.before:,}{figure.unit}）" if figure.before is not None else ""
    return f"{figure.label}{figure.value:,}{figure.unit}{before}"
