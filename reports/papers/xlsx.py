"""The month's findings as workbooks: one of the whole, to look at, and one an office and a college, to fill in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter

from checks.results import SEVERITIES
from reports.month.model import Entry, MonthlyReport
from reports.month.recipients import Part, parts, sheet_name
from reports.month.registrations import PARTS, ThreeRegistrations, said_of
from reports.papers.xlsx_list import Book, Rows, Seals, clause_places, clauses_sheet, entries_sheet, text
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
_UNKNOWN = ""
"""A cell left empty: a chart has a gap there, where a dash would be drawn as a nought."""
_SIGNED = ("填表人（签名）", "负责人（签名）", "单位（盖章）", "日期")


def render_xlsx(report: MonthlyReport, seals: Seals) -> bytes:
    """总览 with figures and charts, a sheet an office and a college, and the clauses; the same bytes for the same
    report."""
    holders = "学籍例会成员单位，会后按单位分发时请用分表，不得转给学生或校外"
    with _workbook(report, "学籍例会（六-1）研究与整改", holders) as (book, done):
        overview = book.sheet(OVERVIEW)
        every = parts(report)
        taken = {OVERVIEW, "条款"}
        names = [sheet_name(part.name, taken) for part in every]
        sheets = [book.sheet(name) for name in names]
        places, rows = clause_places(report.entries), Rows(report.method.run, seals)
        for part, sheet in zip(every, sheets, strict=True):
            entries_sheet(book, sheet, part, places, rows)
        clauses_sheet(book, places)
        _overview(book, overview, report, dict(zip([(p.kind, p.name) for p in every], names, strict=True)))
    return done()


def _part(report: MonthlyReport, part: Part, rows: Rows) -> bytes:
    """The workbook of one office or college: a page to print and sign, the list to fill in, its clauses; nothing of
    anybody else."""
    holders = f"仅限{part.name}学籍管理人员，不得转给其他单位或学院"
    with _workbook(report, "本单位核对、整改与答复", holders) as (book, done):
        page, sheet = book.sheet("汇总"), book.sheet("问题清单")
        places = clause_places(part.entries)
        _page(book, page, part)
        entries_sheet(book, sheet, part, places, rows)
        clauses_sheet(book, places)
    return done()


class _workbook:  # noqa: N801 (used as a function)
    """A workbook in memory; what it gives: the book, and how to get the bytes once it is closed."""

    def __init__(self, report: MonthlyReport, purpose: str, holders: str) -> None:
        self._bytes = BytesIO()
        made = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,  # only then are the dates inside the zip fixed
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # Not the clock: the same report gives the same bytes.
        made.set_properties(
            {
                "title": f"学籍核查{chinese_month(report.month)}",
                "author": "学鉴",
                "created": datetime.combine(report.as_of, time()),
                "comments": f"用途：{purpose}。{holders}。",
            }
        )
        self._book = Book(made, report, purpose, holders)

    def __enter__(self) -> tuple[Book, Callable[[], bytes]]:
        return self._book, self._bytes.getvalue

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._book.made.close()


def _overview(book: Book, sheet: Any, report: MonthlyReport, names: dict[tuple[str, str], str]) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    row = book.title(sheet, f"{report.college_name}学籍核查 {chinese_month(report.month)}")
    verdict = report.verdict
    said = "可以上报" if verdict.ready else "暂不宜上报"
    reserve = "（有保留，见下）" if verdict.ready and verdict.reserves else ""
    sheet.write_string(row, 0, f"结论：{said}{reserve}", book.good if verdict.ready else book.bad)
    sheet.write_string(row + 1, 0, f"规则共{verdict.rules}条，已核查{verdict.checked}条；未核查不等于没有问题")
    row += 2
    blockers = (f"{b.rule} {b.title}（{b.reason or f'{b.findings}项'}）" for b in verdict.blockers)
    left = [f"……另有{len(verdict.blockers) - _BLOCKERS}条，见各单位的表"] if len(verdict.blockers) > _BLOCKERS else []
    for line in (
        *islice(blockers, _BLOCKERS),
        *left,
        *(f"注意：{reserve.text}" for reserve in verdict.reserves),
        *report.notes,
    ):
        sheet.write_string(row, 0, text(line))
        row += 1
    row = _table(book, sheet, row + 1, ("数字", "本月", report.compared_with or "上次", "说明"), (
        (figure.label, figure.value, figure.before, figure.note) for figure in report.figures
    ))  # fmt: skip
    row = _table(book, sheet, row + 1, ("请会议定的事", "规则", "项数", "涉及人数", "建议"), (
        (item.title, item.rule, item.findings, item.people or None, item.proposal) for item in report.agenda
    ))  # fmt: skip
    by_severity = [sum(getattr(s.counts, severity) for s in report.offices) for severity in SEVERITIES]
    first = row + 2
    words = [f"{SEVERITY[severity].sign} {SEVERITY[severity].word}" for severity in SEVERITIES]
    row = _table(book, sheet, row + 1, ("级别", "项数"), zip(words, by_severity, strict=True))
    charts = [(_severities(book, first), 10)] if any(by_severity) else []
    row = _table(book, sheet, row + 1, ("期限", "项数"), ((DUE[b.name], b.counts.total) for b in report.deadlines))
    for kind, title, shares in (("单位", "责任单位", report.offices), ("学院", "学院", report.colleges)):
        heads = (title, *words, "合计", "新", "再现", "已解决", "已逾期", "按期标注率")
        first = row + 2
        row = _table(book, sheet, row + 1, heads, (
            (
                s.name, s.counts.error, s.counts.warning, s.counts.notice, s.counts.total,
                *((s.new, s.back, s.solved) if report.compared_with else (None,) * 3), s.overdue,
                None if s.marks.percent is None else f"{s.marks.percent}（{s.marks.on_time}/{s.marks.due}）",
            )
            for s in shares
        ))  # fmt: skip
        for at, share in enumerate(shares):
            if name := names.get((kind, share.name)):
                sheet.write_url(first + at, 0, f"internal:'{name}'!A1", book.link, text(share.name))
        if shares:
            chart = _bars(book, f"各{title}待处理问题", first, first + len(shares) - 1, words)
            charts.append((chart, min(len(shares) * 3 // 2 + 6, _MOST_CHART_ROWS)))
    row = _registrations(book, sheet, row, report.registrations)
    if months := _trend(report):
        first = row + 2
        row = _table(book, sheet, row + 1, ("月份", "待处理", "违规", "新问题"), months)
        charts.append((_lines(book, first, first + len(months) - 1), 14))
    row = _table(book, sheet, row + 1, ("数据（读入等于采用加搁置）", "读入", "采用", "搁置", "重复"), _rows(report))
    at = 0
    for chart, rows in charts:  # together no higher than a page: none is parted
        chart.set_size({"width": 620, "height": rows * 20 - 20})
        sheet.insert_chart(at, _CHART_AT, chart)
        at += rows
    sheet.print_area(0, 0, max(row, at), _CHART_AT + 9)


def _rows(report: MonthlyReport) -> Iterator[tuple[str | int, ...]]:
    """What became of the rows of each table, and of each file where a table stands in several."""
    for each in report.tables:
        yield each.heading, each.read, each.accepted, each.set_aside, each.duplicates
        for count in by_file(each):
            name = f"　{located(count.file.path, count.file.sheet)}"
            yield name, count.read, count.accepted, count.set_aside, count.duplicates


def _registrations(book: Book, sheet: Any, row: int, three: ThreeRegistrations) -> int:
    for said in said_of(three):
        sheet.write_string(row + 1, 0, text(said))
        row += 1
    if three.term is None:
        return row + 1
    row = _table(book, sheet, row + 1, (*PARTS, "人数"), (
        (*(f"{HAVING[state].sign} {HAVING[state].word}" for state in each.states), each.students)
        for each in three.combinations
    ))  # fmt: skip
    heads = ("学院", "在读", "三项齐全", *(f"缺{part}" for part in PARTS), "不明")
    return _table(book, sheet, row + 1, heads, (
        (each.name, each.students, each.complete, *each.lacks, each.unknown) for each in three.colleges
    ))  # fmt: skip


def _trend(report: MonthlyReport) -> list[tuple[str | int, ...]]:
    """A row a month; empty cells where no report was kept."""
    lines = [dict(figure.line) for figure in report.figures[:3]]
    values = ((month, [line.get(month) for line in lines]) for month, _ in report.figures[0].line)
    return [(month, *(_UNKNOWN if value is None else value for value in some)) for month, some in values]


def _table(book: Book, sheet: Any, row: int, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    """Writes a table; the first row below it. What is not known is a dash, never a nought."""
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head, book.head)
    for line in lines:
        row += 1
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(row, column, value, book.number)
            elif value == _UNKNOWN:
                sheet.write_blank(row, column, None, book.cell)
            elif value is None:
                sheet.write_string(row, column, "—", book.none)
            else:
                sheet.write_string(row, column, text(value), book.cell)
    return row + 1


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


def _page(book: Book, sheet: Any, part: Part) -> None:
    """The page to print: how many are new, open, back and solved, which rules, and who signs."""
    report = book.report
    for column, width in enumerate((14, 34, 10, 10, 10, 10)):
        sheet.set_column(column, column, width)
    sheet.fit_to_pages(1, 0)
    row = book.title(sheet, f"{part.name}学籍核查 {chinese_month(report.month)}")
    open_entries = [entry for entry in part.entries if entry.open]
    known = report.compared_with is not None
    row = _table(book, sheet, row, ("级别", "", "新", "未结", "再现", "已解决"), (
        (
            f"{SEVERITY[severity].sign} {SEVERITY[severity].word}", SEVERITY[severity].meaning,
            *_states(open_entries, severity, known),
            sum(gone.finding.severity == severity for gone in part.solved) if known else None,
        )
        for severity in SEVERITIES
    ))  # fmt: skip
    if not known:
        sheet.write_string(row, 0, "没有更早的记录，未作比较：所列问题不等于本月新发生")
        row += 1
    row = _table(
        book, sheet, row + 1, ("规则", "待处理的问题", "级别", "项数", "已逾期", "最早期限"), _by_rule(open_entries)
    )
    if part.solved:
        row = _table(book, sheet, row + 1, ("规则", "已解决的问题（上次有，这次没有）", "级别"), (
            (gone.finding.rule, gone.title, SEVERITY[gone.finding.severity].word) for gone in part.solved[:40]
        ))  # fmt: skip
        if len(part.solved) > 40:
            sheet.write_string(row, 0, f"……另有{len(part.solved) - 40}项")
            row += 1
    sheet.write_string(row + 1, 0, "请在“问题清单”逐项选择处理结果，签名盖章后与电子版一并交回教务处。")
    row += 3
    for label in _SIGNED:
        sheet.set_row(row, 26)
        sheet.write_string(row, 0, label)
        sheet.write_blank(row, 1, None, book.line)
        row += 1


def _states(entries: Sequence[Entry], severity: str, known: bool) -> tuple[int | None, ...]:
    states = [entry.state for entry in entries if entry.severity == severity]
    return (states.count("new"), states.count("open"), states.count("back")) if known else (None, len(states), None)


def _by_rule(entries: Sequence[Entry]) -> Iterator[tuple[Any, ...]]:
    of: dict[str, list[Entry]] = {}
    for entry in entries:
        of.setdefault(entry.rule, []).append(entry)
    for rule, some in sorted(of.items(), key=lambda item: (SEVERITIES.index(item[1][0].severity), -len(item[1]))):
        dues = [entry.due for entry in some if entry.due]
        late = sum(due.bucket == "overdue" for due in dues)
        first = min((due.on for due in dues), default=None)
        yield rule, some[0].title, SEVERITY[some[0].severity].word, len(some), late, first and f"{first:%Y-%m-%d}"


def render_split(report: MonthlyReport, seals: Seals) -> dict[str, bytes]:
    """File name → workbook, one a college and one an office.

    None for 二级学院 as an office: it would show every college the others' students; each has its own.
    """
    taken: set[str] = set()
    rows = Rows(report.method.run, seals)
    return {
        f"{sheet_name(f'{part.kind}-{part.name}', taken, 80)}.xlsx": _part(report, part, rows)
        for part in parts(report)
        if (part.kind, part.name) != ("单位", "二级学院")
    }
