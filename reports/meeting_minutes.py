"""会议纪要: the minutes as a .docx to be filled in at the meeting: who came, and what was decided on each question."""

from collections.abc import Mapping
from typing import Any

from docx.shared import Mm

from reports.dates import chinese_date, chinese_month
from reports.docx import answer
from reports.meeting import ATTENDS, LEADS, purpose, when
from reports.model import AgendaItem, MonthlyReport
from reports.paper import each, filled, lines, new_paper, page_numbers, table

_DIGITS = "一二三四五六七八九十"
_BLANK = "＿" * 22


def render_minutes(report: MonthlyReport, fonts: Mapping[str, str] = {}) -> bytes:
    """The skeleton. It names no student: minutes go further than the list does."""
    title = f"{report.college_name}学籍管理工作例会纪要（{chinese_month(report.month)}）"
    return filled(_template(fonts), _values(report), title=title, use=purpose(report), as_of=report.as_of)


def _template(fonts: Mapping[str, str]) -> Any:
    paper = new_paper(fonts)
    page_numbers(paper)
    lines(paper, ("小字", "会后填写　{{ use }}"), ("标题", "{{ college }}"), ("标题", "学籍管理工作例会纪要"))
    lines(paper, ("副题", "（{{ month }}）"))
    each(paper, "正文", "facts")
    lines(paper, ("表题", "参加单位"))
    table(paper, (("单位", 40), ("参加人（签字）", 116)), "units")
    paper.tables[0].rows[2].height = Mm(10)  # room for a hand to sign
    lines(paper, ("一级标题", "一、通报"))
    each(paper, "正文", "report")
    lines(paper, ("一级标题", "二、议定事项"), ("正文", "{%p for item in agenda %}"))
    lines(paper, ("二级标题", "{{ item.head }}"))
    each(paper, "正文", "item.texts")
    lines(paper, ("正文", "{%p endfor %}"))
    each(paper, "正文", "notes")
    lines(paper, ("一级标题", "三、其他事项"), ("正文", "{{ blank }}"), ("正文", "{{ blank }}"))
    lines(paper, ("正文", ""), ("签署", "记录人（签字）：　　　　　　　　　　"))
    lines(paper, ("签署", "主持人（签字）：　　　　　　　　　　"), ("落款", "年　　月　　日"))
    return paper


def _values(report: MonthlyReport) -> dict[str, Any]:
    figures = "；".join(f"{each.label}{each.value:,}" for each in report.figures if each.value is not None)
    left = f"另有{report.agenda_left}条规则的问题，由责任单位按清单处理，不提请会议议定。"
    return {
        "use": purpose(report),
        "college": report.college_name,
        "month": chinese_month(report.month),
        "blank": _BLANK,
        "facts": [
            f"时间：{when(report.meeting)}",
            *(() if report.meeting.place else (f"地点：{_BLANK}",)),
            f"召集单位：{LEADS}",
            f"主持人：{_BLANK}",
        ],
        "units": [(unit, "") for unit in ATTENDS],
        "report": [
            f"{LEADS}通报了截至{chinese_date(report.as_of)}的学籍数据核查情况，结论为：{answer(report, '会议材料')}。",
            f"{figures}。",
        ],
        "agenda": [_item(number, item) for number, item in enumerate(report.agenda)],
        "notes": [
            *(() if report.agenda else ("没有提请会议议定的事。",)),
            *((left,) if report.agenda_left else ()),
        ],
    }


def _item(number: int, item: AgendaItem) -> dict[str, Any]:
    return {
        "head": f"（{_DIGITS[number]}）{item.title}（{item.people:,}人，{item.findings:,}项）",
        "texts": [
            f"请议定：{item.proposal.rstrip('。')}。名单见会议材料（规则{item.rule}）。",
            f"议定：{_BLANK}",
            f"责任单位：{'、'.join(office for office, _ in item.offices)}　□ 同意　□ 另定：＿＿＿＿＿＿",
            "完成期限：＿＿＿＿年＿＿月＿＿日",
        ],
    }
