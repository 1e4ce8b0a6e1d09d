"""Markdown for a job's summary or a comment: how it stands, which rules are broken, and the first findings."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from checks.overview.accounts import Accounts
from checks.results import UNSETTLED, CheckResult, RuleResult, TableInfo, gravest
from facts.model.snapshot import FileCount
from facts.model.values import chinese_date
from reports.console.inspection import lacking
from reports.formats.text import standing
from reports.wording.dates import with_chinese_dates
from reports.wording.places import by_file, located, place
from reports.wording.safe_text import plain_texts
from reports.wording.words import RULE_STATUS, SEVERITY

_SHOWN = 100
"""Findings, or rows, that are listed; GitHub takes a summary of 1 MB and a comment of 65,536 characters."""
_MEANT = re.compile(r"[\\`*_\[\]|~#@]|(?<=:)//")


def findings_markdown(result: CheckResult) -> str:
    result = plain_texts(result, personal=result.personal_shown)
    return _joined(
        ["## 学鉴：学籍核查"],
        [f"{_text(line)}  " for line in standing(result)],
        _broken(result),
        _unsettled(result.rules),
        _aside(result),
        _findings(result),
    )


def rows_markdown(found: Accounts) -> str:
    found = plain_texts(found, personal=found.personal_shown)
    rows = []
    for each in found.tables:
        rows.append((each.heading, "全部", *_counts(each)))
        rows += [("", located(count.file.path, count.file.sheet), *_counts(count)) for count in by_file(each)]
    reasons = [
        (located(why.file.path, why.file.sheet), why.column or "（整行）", why.reason, f"{why.rows:,}",
         f"{why.first_row:,}")
        for table in found.tables
        for why in table.reasons
    ]  # fmt: skip
    return _joined(
        ["## 学鉴：数据读取"],
        [f"数据截至{chinese_date(found.as_of)}，搁置{found.count:,}行。"],
        [f"- {_text(sentence)}" for sentence in lacking(found)],
        _table(("数据表", "文件", "读入", "采用", "搁置", "重复"), rows, numbers=(2, 3, 4, 5)),
        _table(("文件", "列", "原因", "行数", "最早在第几行"), reasons, numbers=(3, 4)) if reasons else [],
    )


def _counts(of: TableInfo | FileCount) -> tuple[str, ...]:
    return tuple(f"{number:,}" for number in (of.read, of.accepted, of.set_aside, of.duplicates))


def _broken(result: CheckResult) -> Iterable[str]:
    open_findings = result.open_findings
    numbers = Counter((f.pack, f.rule) for f in open_findings)
    graves: dict[tuple[str, str], str] = {}
    for f in open_findings:
        graves[f.pack, f.rule] = gravest((f.severity, graves.get((f.pack, f.rule), f.severity)))
    broken = [rule for rule in result.rules if numbers[rule.pack, rule.id]]
    if not broken:
        return []
    rows = [
        (f"{SEVERITY[graves[r.pack, r.id]].sign} {SEVERITY[graves[r.pack, r.id]].word}", r.id, r.title, r.owner,
         f"{numbers[r.pack, r.id]:,}")
        for r in broken
    ]  # fmt: skip
    return _table(("级别", "规则", "名称", "责任单位", "项数"), rows, numbers=(4,))


def _unsettled(rules: Iterable[RuleResult]) -> Iterable[str]:
    rows = [
        (
            r.id,
            r.title,
            RULE_STATUS[r.status].word if r.status in UNSETTLED else "部分核查",
            r.reason or "",
        )
        for r in rules
        if r.status in UNSETTLED or r.reason
    ]
    return ["没有结论，或只及于一部分的规则：", "", *_table(("规则", "名称", "状态", "原因"), rows)] if rows else []


def _aside(result: CheckResult) -> Iterable[str]:
    if empty := [t.heading for t in result.tables.values() if not t.read]:
        yield from (f"没有一行数据的表（按没有记录核查，请确认不是漏导）：{_text('、'.join(empty))}", "")
    rows = [(t.heading, f"{t.read:,}", f"{t.set_aside:,}") for t in result.tables.values() if t.set_aside]
    if rows:
        yield from ("搁置的行（无法读取，未参加核查）：", "", *_table(("数据表", "读入", "搁置"), rows, numbers=(1, 2)))


def _findings(result: CheckResult) -> Iterator[str]:
    listed = result.open_findings
    if not listed:
        return
    rows = [
        (f.rule, with_chinese_dates(f.message), f.owner,
         "；".join(place(e.file, e.sheet, e.rows) for e in f.evidence if e.file))
        for f in listed[:_SHOWN]
    ]  # fmt: skip
    yield "<details>"
    left = len(listed) - len(rows)
    yield f"<summary>问题（{len(listed):,}项{f'，列出前{len(rows)}项' if left else ''}）</summary>"
    yield ""
    yield from _table(("规则", "情况", "责任单位", "出处"), rows)
    yield ""
    yield "</details>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---:' if at in numbers else '---' for at in range(len(heads)))} |"
    for row in rows:
        yield f"| {' | '.join(map(_text, row))} |"


def _text(text: str) -> str:
    """Nothing that Markdown or HTML would obey, and nobody and no issue that GitHub would call."""
    return _MEANT.sub(lambda found: "".join(f"&#{ord(c)};" for c in found[0]), html.escape(text, quote=False))


def _joined(*sections: Iterable[str]) -> str:
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines) + "\n"
