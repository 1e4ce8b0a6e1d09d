"""The sheets of a workbook that list findings, to be filled in, and the clauses that they link to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any, Protocol

from checks.followup.answer_sheet import (
    ANSWER,
    ANSWERS,
    CHECK,
    FINGERPRINT,
    LEVEL,
    REMARK,
    RULE,
    RUN_LABEL,
    SAID,
    SEALED,
    SHEET_LABEL,
    SUBJECT,
)  # fmt: skip
from checks.results import Clause
from reports.month.entry import Entry
from reports.month.recipients import Part
from reports.papers.xlsx_book import Book, text
from reports.wording.text_table import width
from reports.wording.words import DUE, NO_COLLEGE, SEVERITY, STATE

CLAUSES = "条款"
_MOST_LINKS = 60_000
"""Links of a sheet; Excel takes 65,530."""
_ROWS_SHOWN = 5
_A3 = 8
_OTHER = "学院或单位"
"""An office's sheet names the colleges, and a college's the offices."""
_HEADS = (
    (LEVEL, 8), ("状态", 8), (RULE, 9), ("问题", 20), (SUBJECT, 22), (SAID, 34), (_OTHER, 15), ("期限", 12),
    ("期限情况", 12), ("逾期工作日", 8), ("处理办法", 24), ("条款", 10), ("依据", 20), ("上次答复", 14), (ANSWER, 11),
    (REMARK, 22), (FINGERPRINT, 12), (CHECK, 12),
)  # fmt: skip
_AT = {head: column for column, (head, _) in enumerate(_HEADS)}
_WIDE = {head: max(columns - 1, 1) for head, columns in _HEADS}
_LINE, _MOST_LINES = 14, 12
"""Height of a line of text, and how many of them a row is high at most."""
_PRINTED = _AT[REMARK]
"""The last column that is printed; what tells rows apart stands right of it."""


class Seals(Protocol):
    """The check values of a run's rows and sheets."""

    def row(self, run: str, *texts: str) -> str: ...
    def sheet(self, run: str, fingerprints: Iterable[str]) -> str: ...


def clause_places(entries: Iterable[Entry]) -> dict[Clause, int]:
    """Every clause that the findings rest on, with its row on the sheet of clauses."""
    return {clause: row for row, clause in enumerate(dict.fromkeys(c for e in entries for c in e.clauses), 1)}


def clauses_sheet(book: Book, places: Mapping[Clause, int]) -> None:
    sheet = book.sheet(CLAUSES)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 110)
    sheet.freeze_panes(1, 0)
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()
    for column, head in enumerate(("条款", "规定原文")):
        sheet.write_string(0, column, head, book.look["head"])
    for clause, row in places.items():
        lines = -(-width(clause.text) // 108)
        sheet.set_row(row, _LINE * min(max(lines, 1), _MOST_LINES) + 3)
        sheet.write_string(row, 0, text(clause.id), book.look["wrap"])
        sheet.write_string(row, 1, text(clause.text or "（条款原文未收入规则包）"), book.look["wrap"])


@dataclass(frozen=True, slots=True)
class _Row:
    """What a finding's row says on every sheet."""

    texts: Mapping[str, str]
    """Head → text; nothing under 学院或单位, which is not the same on both sheets."""
    lines: int
    """How high these texts make it."""
    clauses: str
    check: str


class Rows:
    """The rows of a report's findings, each made once: it stands on its office's sheet and on its college's."""

    def __init__(self, run: str, seals: Seals) -> None:
        self.run, self._seals = run, seals
        self._made: dict[str, _Row] = {}

    def of(self, entry: Entry) -> _Row:
        if (made := self._made.get(entry.anchor)) is None:
            made = self._made[entry.anchor] = self._row(entry)
        return made

    def check(self, entries: Iterable[Entry]) -> str:
        return self._seals.sheet(self.run, (entry.fingerprint for entry in entries))

    def _row(self, entry: Entry) -> _Row:
        full = {
            LEVEL: f"{SEVERITY[entry.severity].sign} {SEVERITY[entry.severity].word}",
            "状态": STATE[entry.state].word,
            RULE: entry.rule,
            "问题": entry.title,
            SUBJECT: entry.subject,
            SAID: entry.message,
            _OTHER: "",
            "期限情况": DUE[entry.due.bucket] if entry.due else "",
            "处理办法": entry.remedy,
            "依据": "；".join(_place(proof.file, proof.rows) for proof in entry.proofs if proof.file),
            "上次答复": entry.answered,
        }
        texts = {head: text(value) for head, value in full.items()}
        return _Row(
            texts=texts,
            lines=max(_lines(head, value) for head, value in full.items()),
            clauses=text("、".join(clause.id for clause in entry.clauses)),
            check=self._seals.row(self.run, entry.fingerprint, *(texts[head] for head in SEALED)),
        )


@lru_cache(1024)  # nearly all of these texts are the rules'
def _lines(head: str, value: str) -> int:
    return -(-width(value) // _WIDE[head])


def _place(file: str | None, rows: Sequence[int]) -> str:
    shown = "、".join(map(str, rows[:_ROWS_SHOWN])) + (f"等{len(rows)}行" if len(rows) > _ROWS_SHOWN else "行")
    return f"{file} 第{shown}" if rows else f"{file}"


def entries_sheet(book: Book, sheet: Any, part: Part, places: Mapping[Clause, int], rows: Rows) -> None:
    """The list of a part: heading frozen, filter on, 处理结果 to choose, check values of every row and of the whole."""
    row = book.title(sheet, part.name)
    for at, (label, value) in enumerate(((RUN_LABEL, rows.run), (SHEET_LABEL, rows.check(part.entries)))):
        sheet.write_string(3, at * 4, label, book.look["small"])
        sheet.write_string(3, at * 4 + 1, value, book.look["small"])
    for column, (head, wide) in enumerate(_HEADS):
        sheet.set_column(column, column, wide)
        sheet.write_string(row, column, _head(head, part), book.look["head"])
    sheet.set_row(row, 30)
    for at, entry in enumerate(part.entries, row + 1):
        _write(book, sheet, at, entry, part, places, rows)
    last = max(row + len(part.entries), row + 1)
    sheet.freeze_panes(row + 1, _AT[RULE] + 1)
    sheet.autofilter(row, 0, last, len(_HEADS) - 1)
    for word, look in (("overdue", book.look["overdue"]), ("week", book.look["soon"])):
        rule = {"type": "cell", "criteria": "==", "value": f'"{DUE[word]}"', "format": look}
        sheet.conditional_format(row + 1, _AT["期限情况"], last, _AT["期限情况"], rule)
    choose = "请选择：" + "、".join(ANSWERS)
    sheet.data_validation(row + 1, _AT[ANSWER], last, _AT[ANSWER], {
        "validate": "list", "source": list(ANSWERS), "error_title": ANSWER, "error_message": choose,
        "input_title": ANSWER, "input_message": "不属实的，请在说明里写明原因",
    })  # fmt: skip
    sheet.set_landscape()
    sheet.set_paper(_A3)  # on A4 nobody could read so many columns
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(row)
    sheet.print_area(0, 0, last, _PRINTED)
    if not part.entries:
        sheet.write_string(row + 1, 0, "没有发现问题（以已核查的规则为限）", book.look["small"])


def _head(head: str, part: Part) -> str:
    if head == _OTHER:
        return "责任单位" if part.kind == "学院" else "学院"
    return head


def _write(book: Book, sheet: Any, at: int, entry: Entry, part: Part, places: Mapping[Clause, int], rows: Rows) -> None:
    row, due = rows.of(entry), entry.due
    other = entry.owner if part.kind == "学院" else entry.college or NO_COLLEGE
    # Not every program makes a row as high as its text by itself.
    lines = max(row.lines, _lines(_OTHER, other), 1)
    sheet.set_row(at, _LINE * min(lines, _MOST_LINES) + 3)
    for head, value in {**row.texts, _OTHER: text(other)}.items():
        sheet.write_string(at, _AT[head], value, book.look["wrap"])
    if due:
        sheet.write_datetime(at, _AT["期限"], datetime.combine(due.on, time()), book.look["date"])
    else:
        sheet.write_blank(at, _AT["期限"], None, book.look["wrap"])
    if due and due.workdays_late is not None:
        sheet.write_number(at, _AT["逾期工作日"], due.workdays_late, book.look["number"])
    else:
        sheet.write_blank(at, _AT["逾期工作日"], None, book.look["wrap"])
    if entry.clauses and at < _MOST_LINKS:
        target = f"internal:'{CLAUSES}'!A{places[entry.clauses[0]] + 1}"
        sheet.write_url(at, _AT["条款"], target, book.look["link"], row.clauses)
    else:
        sheet.write_string(at, _AT["条款"], row.clauses, book.look["wrap"])
    sheet.write_blank(at, _AT[ANSWER], None, book.look["fill"])
    sheet.write_blank(at, _AT[REMARK], None, book.look["fill"])
    sheet.write_string(at, _AT[FINGERPRINT], entry.fingerprint, book.look["mark"])
    sheet.write_string(at, _AT[CHECK], row.check, book.look["mark"])
