"""The month's findings as workbooks: one of the whole, to look at, and one an office and a college, to fill in."""

from collections.abc import Iterator, Sequence
from typing import Any

from checks.results import SEVERITIES
from reports.month.entry import Entry
from reports.month.model import MonthlyReport
from reports.month.recipients import Part, parts, sheet_name
from reports.papers.xlsx_book import Book
from reports.papers.xlsx_list import CLAUSES, Rows, Seals, clause_places, clauses_sheet, entries_sheet
from reports.papers.xlsx_overview import OVERVIEW, overview_sheet
from reports.wording.dates import chinese_month
from reports.wording.words import SEVERITY

_SIGNED = ("填表人（签名）", "负责人（签名）", "单位（盖章）", "日期")


def render_xlsx(report: MonthlyReport, seals: Seals) -> bytes:
    """总览 with figures and charts, a sheet an office and a college, and the clauses; the same bytes for the same
    report."""
    book = Book(report, "学籍例会（六-1）研究与整改", "学籍例会成员单位，会后按单位分发时请用分表，不得转给学生或校外")
    overview = book.sheet(OVERVIEW)
    every = parts(report)
    taken = {OVERVIEW, CLAUSES}
    names = [sheet_name(part.name, taken) for part in every]
    sheets = [book.sheet(name) for name in names]
    places, rows = clause_places(report.entries), Rows(report.run, seals)
    for part, sheet in zip(every, sheets, strict=True):
        entries_sheet(book, sheet, part, places, rows)
    clauses_sheet(book, places)
    overview_sheet(book, overview, report, {(p.kind, p.name): name for p, name in zip(every, names, strict=True)})
    return book.content()


def render_split(report: MonthlyReport, seals: Seals) -> dict[str, bytes]:
    """File name → workbook, one a college and one an office.

    None for 二级学院 as an office: it would show every college the others' students; each has its own.
    """
    taken: set[str] = set()
    rows = Rows(report.run, seals)
    return {
        f"{sheet_name(f'{part.kind}-{part.name}', taken, 80)}.xlsx": _part(report, part, rows)
        for part in parts(report)
        if (part.kind, part.name) != ("单位", "二级学院")
    }


def _part(report: MonthlyReport, part: Part, rows: Rows) -> bytes:
    """The workbook of one office or college: a page to print and sign, the list to fill in, its clauses; nothing of
    anybody else."""
    book = Book(report, "本单位核对、整改与答复", f"仅限{part.name}学籍管理人员，不得转给其他单位或学院")
    page, sheet = book.sheet("汇总"), book.sheet("问题清单")
    places = clause_places(part.entries)
    _page(book, page, part)
    entries_sheet(book, sheet, part, places, rows)
    clauses_sheet(book, places)
    return book.content()


def _page(book: Book, sheet: Any, part: Part) -> None:
    """The page to print: how many are new, open, back and solved, which rules, and who signs."""
    report = book.report
    for column, width in enumerate((14, 34, 10, 10, 10, 10)):
        sheet.set_column(column, column, width)
    sheet.fit_to_pages(1, 0)
    row = book.title(sheet, f"{part.name}学籍核查 {chinese_month(report.month)}")
    open_entries = [entry for entry in part.entries if entry.open]
    known = report.compared_with is not None
    row = book.table(sheet, row, ("级别", "", "新", "未结", "再现", "已解决"), (
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
    row = book.table(
        sheet, row + 1, ("规则", "待处理的问题", "级别", "项数", "已逾期", "最早期限"), _by_rule(open_entries)
    )
    if part.solved:
        row = book.table(sheet, row + 1, ("规则", "已解决的问题（上次有，这次没有）", "级别"), (
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
        sheet.write_blank(row, 1, None, book.look["line"])
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
