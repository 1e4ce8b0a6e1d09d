"""What the meeting is asked, on paper: the same in the report and, with lines to fill in, in the minutes."""

from collections.abc import Iterator

from docx.document import Document

from facts.model.values import chinese_date
from reports.month.agenda import choice, opening, rest
from reports.month.agenda_items import AgendaItem
from reports.month.model import MonthlyReport
from reports.month.verdict import reporting
from reports.papers.docx_parts import table, write
from reports.wording.words import NO_COLLEGE

_DIGITS = "一二三四五六七八九十"
_WIDTHS = (26, 29, 81, 20)
_VOTE = "会议意见：□同意　□不同意　□另定：\t"


def agenda_section(paper: Document, report: MonthlyReport, *, minutes: bool) -> None:
    """The questions, the first of them whether to report the month.

    In the minutes each has lines for what is decided and until when; what only the report tells is left out: why these
    were chosen, how grave each one is, and until when it should be done.
    """
    write(paper, "正文", opening(report) + (rest(report.agenda_left) if minutes else choice(report)))
    write(paper, "二级标题", "（一）本月数据是否上报")
    write(paper, "事项" if minutes else "正文", reporting(report.verdict))
    if minutes:
        write(paper, "填写", _VOTE)
        if not report.verdict.ready:
            write(paper, "填写", "复核日期：\t")
    for number, item in enumerate(report.agenda, 1):
        write(paper, "二级标题", f"（{_DIGITS[number]}）{item.title}（{item.rule}，{item.count}）")
        write(paper, "事项", *_question(item, minutes))
        if minutes:
            write(paper, "填写", _VOTE, f"完成期限：□{chinese_date(item.by)}前　□另定：\t")
        _subjects(paper, item)


def _question(item: AgendaItem, minutes: bool) -> Iterator[str]:
    if item.facts and not minutes:
        yield f"{item.facts}。"
    yield item.question
    support = f"　配合：{item.support}" if item.support else ""
    until = "" if minutes else f"　建议完成期限：{item.until}"
    yield f"牵头：{item.lead}{support}{until}"


def _subjects(paper: Document, item: AgendaItem) -> None:
    """Whom the question concerns, with room for the decision on each of them."""
    heads = (*item.heads, "会议意见")
    rows = [(subject.number, subject.college or NO_COLLEGE, subject.case, "") for subject in item.subjects]
    table(paper, list(zip(heads, _WIDTHS, strict=True)), rows, dense=True)
    if item.subjects_left:
        unit = "人" if item.people else "项"
        write(paper, "小字", f"另有{item.subjects_left:,}{unit}，见问题清单（{item.rule}）。")
