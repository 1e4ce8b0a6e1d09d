"""The findings, or the rows that could not be read, one a line: JSON Lines for programs, CSV for spreadsheets."""

import json
from collections.abc import Iterable

from checks.history.findings_file import as_record, set_aside_record
from checks.overview.accounts import Accounts
from checks.results import CheckResult
from reports.formats.spreadsheet import csv_text
from reports.month.entries import entries
from reports.month.entry import Entry
from reports.wording.places import place
from reports.wording.safe_text import plain_texts
from reports.wording.words import NO_COLLEGE, SEVERITY, STATE

_FINDING = (
    "规则", "级别", "状态", "问题", "对象", "情况", "责任单位", "学院", "期限", "逾期工作日", "处理办法", "条款",
    "出处", "指纹",
)  # fmt: skip
_ROW = ("数据表", "文件", "工作表", "行", "列", "内容", "原因")


def findings_jsonl(result: CheckResult) -> str:
    """Each line is an entry of `findings` in findings.json."""
    return _jsonl(as_record(finding) for finding in plain_texts(result, personal=result.personal_shown).findings)


def findings_csv(result: CheckResult) -> str:
    """In the order of findings.json."""
    personal = result.personal_shown
    result = plain_texts(result, personal=personal)
    by_fingerprint = {entry.fingerprint: entry for entry in entries(result)}
    rows = []
    for finding in result.findings:
        entry = by_fingerprint[finding.fingerprint]
        places = (place(each.file, each.sheet, each.rows) for each in finding.evidence if each.file)
        rows.append((*_cells(entry), "；".join(places), entry.fingerprint))
    return csv_text((_FINDING, *rows), personal=personal)


def _cells(entry: Entry) -> tuple[str, ...]:
    due = entry.due
    return (
        entry.rule, SEVERITY[entry.severity].word, STATE[entry.state].word, entry.title, entry.subject, entry.message,
        entry.owner, entry.college or NO_COLLEGE, due.on.isoformat() if due else "",
        str(due.workdays_late) if due and due.workdays_late is not None else "", entry.remedy,
        "、".join(clause.id for clause in entry.clauses),
    )  # fmt: skip


def rows_jsonl(found: Accounts) -> str:
    """Each line is an entry of `set_aside`."""
    return _jsonl(set_aside_record(row) for row in plain_texts(found, personal=found.personal_shown).set_aside)


def rows_csv(found: Accounts) -> str:
    headings = {table.name: table.heading for table in found.tables}
    rows = (
        (headings[row.table], row.file, row.sheet or "", str(row.row), row.column, row.value, row.reason)
        for row in found.set_aside
    )
    return csv_text((_ROW, *rows), personal=found.personal_shown)


def _jsonl(records: Iterable[dict[str, object]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n" for record in records)
