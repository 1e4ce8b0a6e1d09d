"""总览: the first sheet of the whole report's workbook, with its tables and charts."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from checks.results import SEVERITIES
from reports.month.model import MonthlyReport
from reports.month.registrations import PARTS, ThreeRegistrations, said_of
from reports.papers.xlsx_book import UNKNOWN, Book, text
from reports.wording.dates import chinese_month
from reports.wording.places import by_file, located
from reports.wording.words import DUE, HAVING, SEVERITY

OVERVIEW = "总览"
_COLOURS = {"error": "#801650", "warning": "#F46A25", "notice": "#12436D"}
_BLUE = "#12436D"
_WIDTHS = (26, 9, 9, 9, 9, 9, 9, 9, 9, 16, 3)
_CHART_AT = 11
"""The column right of the tables."""
_MOST_CHART_ROWS = 28
_BLOCKERS = 8
"""Rules that stand in the way, as many as the first screen holds beside the figures."""


def overview_sheet(book: Book, sheet: Any, report: MonthlyReport, names: dict[tuple[str, str], str]) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    row = book.title(sheet, f"{report.college_name}学籍核查 {chinese_month(report.month)}")
    verdict = report.verdict
    reserve = "（有保留，见下）" if verdict.ready and verdict.reserves else ""
    sheet.write_string(
        row, 0, f"结论：{verdict.answer}{reserve}", book.look["good"] if verdict.ready else book.look["bad"]
    )
    sheet.write_string(row + 1, 0, f"规则共{verdict.rules}条，已核查{verdict.checked}条；未核查不等于没有问题")
    row += 2
    blockers = (f"{b.rule} {b.title}（{b.reason or f'{b.findings}项'}）" for b in verdict.blockers)
    left = [f"……另有{len(verdict.blockers) - _BLOCKERS}条，见各单位的表"] if len(verdict.blockers) > _BLOCKERS else []
    for line in (
        *verdict.shortfalls,
        *islice(blockers, _BLOCKERS),
        *left,
        *(f"注意：{reserve.text}" for reserve in verdict.reserves),
        *report.notes,
    ):
        sheet.write_string(row, 0, text(line))
        row += 1
    row = book.table(sheet, row + 1, ("数字", "本月", report.compared_with or "上次", "说明"), (
        (figure.label, figure.value, figure.before, figure.note) for figure in report.figures
    ))  # fmt: skip
    row = book.table(sheet, row + 1, ("请会议定的事", "规则", "项数", "涉及人数", "建议"), (
        (item.title, item.rule, item.findings, item.people or None, item.proposal) for item in report.agenda
    ))  # fmt: skip
    by_severity = [sum(getattr(s.counts, severity) for s in report.offices) for severity in SEVERITIES]
    first = row + 2
    words = [f"{SEVERITY[severity].sign} {SEVERITY[severity].word}" for severity in SEVERITIES]
    row = book.table(sheet, row + 1, ("级别", "项数"), zip(words, by_severity, strict=True))
    charts = [(_severities(book, first), 10)] if any(by_severity) else []
    row = book.table(sheet, row + 1, ("期限", "项数"), ((DUE[b.name], b.counts.total) for b in report.deadlines))
    for kind, title, shares in (("单位", "责任单位", report.offices), ("学院", "学院", report.colleges)):
        heads = (title, *words, "合计", "新", "再现", "已解决", "已逾期", "按期标注率")
        first = row + 2
        row = book.table(sheet, row + 1, heads, (
            (
                s.name, s.counts.error, s.counts.warning, s.counts.notice, s.counts.total,
                *((s.new, s.back, s.solved) if report.compared_with else (None,) * 3), s.overdue,
                None if s.marks.percent is None else f"{s.marks.percent}（{s.marks.on_time}/{s.marks.due}）",
            )
            for s in shares
        ))  # fmt: skip
        for at, share in enumerate(shares):
            if name := names.get((kind, share.name)):
                sheet.write_url(first + at, 0, f"internal:'{name}'!A1", book.look["link"], text(share.name))
        if shares:
            chart = _bars(book, f"各{title}待处理问题", first, first + len(shares) - 1, words)
            charts.append((chart, min(len(shares) * 3 // 2 + 6, _MOST_CHART_ROWS)))
    row = _registrations(book, sheet, row, report.registrations)
    if months := _trend(report):
        first = row + 2
        row = book.table(sheet, row + 1, ("月份", "待处理", "违规", "新问题"), months)
        charts.append((_lines(book, first, first + len(months) - 1), 14))
    row = book.table(sheet, row + 1, ("数据（读入等于采用加搁置）", "读入", "采用", "搁置", "重复"), _rows(report))
    at = 0
    for chart, rows in charts:  # together no higher than a page: none is parted
        chart.set_size({"width": 620, "height": rows * 20 - 20})
        sheet.insert_chart(at, _CHART_AT, chart)
        at += rows
    sheet.print_area(0, 0, max(row, at), _CHART_AT + 9)


def _rows(report: MonthlyReport) -> Iterator[tuple[str | int, ...]]:
    """What became of the rows of each table, and of each file where a table stands in several."""
    for each in report.result.tables.values():
        yield each.heading, each.read, each.accepted, each.set_aside, each.duplicates
        for count in by_file(each):
            name = f"　{located(count.file.path, count.file.sheet)}"
            yield name, count.read, count.accepted, count.set_aside, count.duplicates


def _registrations(book: Book, sheet: Any, row: int, three: ThreeRegistrations) -> int:
    for sentence in said_of(three):
        sheet.write_string(row + 1, 0, text(sentence))
        row += 1
    if three.term is None:
        return row + 1
    row = book.table(sheet, row + 1, (*PARTS, "人数"), (
        (*(f"{HAVING[state].sign} {HAVING[state].word}" for state in each.states), each.students)
        for each in three.combinations
    ))  # fmt: skip
    heads = ("学院", "在读", "三项齐全", *(f"缺{part}" for part in PARTS), "不明")
    return book.table(sheet, row + 1, heads, (
        (each.name, each.students, each.complete, *each.lacks, each.unknown) for each in three.colleges
    ))  # fmt: skip


def _trend(report: MonthlyReport) -> list[tuple[str | int, ...]]:
    """A row a month; empty cells where no report was kept."""
    lines = [dict(figure.line) for figure in report.figures[:3]]
    values = ((month, [line.get(month) for line in lines]) for month, _ in report.figures[0].line)
    return [(month, *(UNKNOWN if value is None else value for value in some)) for month, some in values]


def _severities(book: Book, first: int) -> Any:
    chart = book.made.add_chart({"type": "bar"})
    chart.add_series({
        "name": "按级别", "categories": [OVERVIEW, first, 0, first + 2, 0],
        "values": [OVERVIEW, first, 1, first + 2, 1],
        "points": [{"fill": {"color": _COLOURS[severity]}} for severity in SEVERITIES], "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_title({"name": "待处理问题（按级别）", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    return chart


def _bars(book: Book, title: str, first: int, last: int, words: Sequence[str]) -> Any:
    chart = book.made.add_chart({"type": "bar", "subtype": "stacked"})
    for column, (severity, word) in enumerate(zip(SEVERITIES, words, strict=True), 1):
        chart.add_series({
            "name": word, "categories": [OVERVIEW, first, 0, last, 0],
            "values": [OVERVIEW, first, column, last, column],
            "fill": {"color": _COLOURS[severity]}, "gap": 50,
        })  # fmt: skip
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}, "num_format": "0"})
    return chart


def _lines(book: Book, first: int, last: int) -> Any:
    chart = book.made.add_chart({"type": "line"})
    looks = (("待处理", _BLUE, "circle"), ("违规", "#801650", "square"), ("新问题", "#F46A25", "triangle"))
    for column, (name, colour, marker) in enumerate(looks, 1):
        chart.add_series({
            "name": name, "categories": [OVERVIEW, first, 0, last, 0],
            "values": [OVERVIEW, first, column, last, column],
            "line": {"color": colour, "width": 2}, "marker": {"type": marker, "fill": {"color": colour}},
        })  # fmt: skip
    chart.set_title({"name": "十二个月的变化", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"min": 0, "num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}})
    chart.show_blanks_as("gap")
    return chart
