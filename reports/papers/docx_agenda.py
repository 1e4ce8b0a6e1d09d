"""What is asked of the meeting, on paper: the same in the report and, with lines to fill in, in the minutes."""

from collections.abc import Sequence
from typing import Any

from facts.model.values import chinese_date
from reports.month.agenda import choice, opening, rest
from reports.month.agenda_items import AgendaItem
from reports.month.model import MonthlyReport
from reports.month.verdict import reporting
from reports.papers.docx_styles import each, lines, table
from reports.wording.words import NO_COLLEGE

_DIGITS = "一二三四五六七八九十"
_HEADS = (("{{ item.heads[0] }}", 26), ("{{ item.heads[1] }}", 29), ("{{ item.heads[2] }}", 81), ("会议意见", 20))


def agenda_section(paper: Any, first: Sequence[tuple[str, str]] = (), every: Sequence[tuple[str, str]] = ()) -> None:
    """The section's text, from `agenda_values`; `first` and `every`: lines to fill in below the first question and the
    others."""
    lines(paper, ("正文", "{{ opening }}{{ choice }}"), ("二级标题", "（一）本月数据是否上报"))
    lines(paper, ("事项" if first else "正文", "{{ reporting }}"), *first)
    lines(paper, ("正文", "{%p for item in agenda %}"), ("二级标题", "{{ item.head }}"))
    each(paper, "事项", "item.texts")
    lines(paper, *every)
    table(paper, _HEADS, "item.subjects", dense=True)
    lines(paper, ("小字", "{%p if item.more %}"), ("小字", "{{ item.more }}"), ("小字", "{%p endif %}"))
    lines(paper, ("正文", "{%p endfor %}"))


def agenda_values(report: MonthlyReport, *, facts: bool = True) -> dict[str, Any]:
    """`facts`: with why these items were chosen, how grave each one is, and until when it should be done."""
    return {
        "opening": opening(report),
        "choice": choice(report) if facts else rest(report.agenda_left),
        "reporting": reporting(report.verdict),
        "agenda": [_item(number, item, facts) for number, item in enumerate(report.agenda, 1)],
    }


def _item(number: int, item: AgendaItem, facts: bool) -> dict[str, Any]:
    support = f"　配合：{item.support}" if item.support else ""
    unit = "人" if item.people else "项"
    return {
        "head": f"（{_DIGITS[number]}）{item.title}（{item.rule}，{item.count}）",
        "texts": [
            *([f"{item.facts}。"] if facts and item.facts else []),
            item.question,
            f"牵头：{item.lead}{support}" + (f"　建议完成期限：{item.until}" if facts else ""),
        ],
        "by": chinese_date(item.by),
        "heads": item.heads,
        "subjects": [(subject.number, subject.college or NO_COLLEGE, subject.case, "") for subject in item.subjects],
        "more": f"另有{item.subjects_left:,}{unit}，见问题清单（{item.rule}）。" if item.subjects_left else "",
    }
