"""A check, or the reading of an export, as CI systems know work: cases that pass, fail or could not be run, and what is
wrong where.

CI keeps what it is shown, so neither names nor identity numbers get this far, masked or not, nor what somebody wrote
in a waiver: what is wrong is said by rule, key and place.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from checks.findings.person import PERSONAL
from checks.overview.accounts import CALENDAR, Accounts
from checks.results import CheckResult, Finding, RuleResult
from facts.model.snapshot import SetAside, SourceFile
from reports.month.entries import Headings
from reports.wording.places import located, place
from reports.wording.safe_text import plain_text
from reports.wording.words import STATE


@dataclass(frozen=True)
class Place:
    file: str
    """As the snapshot names it, with `/` between folders."""
    sheet: str | None
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Problem:
    text: str
    severity: str
    places: tuple[Place, ...]
    counts: bool
    """Whether it is one of those that the exit code speaks of."""
    state: str = "new"
    fingerprint: str = ""
    """Empty for a row that could not be read."""


@dataclass(frozen=True)
class Case:
    """A rule, or a file that was read."""

    id: str
    group: str
    """The pack; `data` for files."""
    title: str
    severity: str
    status: str
    """violated, clean, not checked or failed."""
    reason: str | None
    """Why there is no conclusion, or a partial one."""
    help: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Cases:
    title: str
    as_of: date
    cases: tuple[Case, ...]
    root: PurePosixPath
    """The snapshot's folder as the repository knows it."""
    tool_version: str
    compared: bool = False
    """The states of problems are those since a baseline."""


def of_check(
    result: CheckResult,
    counts: Callable[[Finding], bool],
    root: PurePosixPath,
    tool_version: str,
    *,
    compared: bool = False,
) -> Cases:
    """Every rule as a case. `counts` says which findings decide the exit code."""
    headings = Headings(result.headings)
    calendar = {count.file for name in CALENDAR if name in result.tables for count in result.tables[name].counts}
    by_rule: dict[tuple[str, str], list[Problem]] = {}
    titles = {(rule.pack, rule.id): rule.title for rule in result.rules}
    for finding in result.findings:
        at = (finding.pack, finding.rule)
        by_rule.setdefault(at, []).append(_problem(finding, titles[at], headings, calendar, counts(finding)))
    cases = tuple(_case(rule, tuple(by_rule.get((rule.pack, rule.id), ()))) for rule in result.rules)
    title = "、".join(pack.title for pack in result.packs)
    return Cases(title, result.as_of, cases, root, tool_version, compared)


def of_accounts(found: Accounts, root: PurePosixPath, tool_version: str) -> Cases:
    """Every file, or sheet of one, as a case; each row that could not be read is a problem."""
    cases = []
    for table in found.tables:
        for count in table.counts:
            file, sheet = count.file.path, count.file.sheet
            rows = [_row(r) for r in found.set_aside if (r.table, r.file, r.sheet) == (table.name, file, sheet)]
            left = count.set_aside - len(rows)
            if table.lacking:
                text = f"缺少必填列：{'、'.join(table.lacking)}；用到它们的规则不能核查"
                rows.insert(0, Problem(text, "error", (Place(file, sheet, ()),), True))
            cases.append(
                Case(
                    table.name, "data", f"{table.heading}：{located(file, sheet)}", "error",
                    "violated" if rows or left else "clean",
                    f"另有{left}行没有逐一列出原因" if left else None,
                    "按原因更正导出数据后重新核对。", tuple(rows),
                )
            )  # fmt: skip
    return Cases("数据读取", found.as_of, tuple(map(_plain, cases)), root, tool_version)


def _case(rule: RuleResult, problems: tuple[Problem, ...]) -> Case:
    return _plain(Case(rule.id, rule.pack, rule.title, rule.severity, rule.status, rule.reason, rule.remedy, problems))


def _problem(
    finding: Finding, title: str, headings: Headings, calendar: Container[SourceFile], counts: bool
) -> Problem:
    """Its first place is what is to be put right: the calendar comes last."""
    labels = [
        f"{label.label} {label.value}"
        for name, value in finding.key.items()
        if name not in PERSONAL and (label := headings.key(name, value, finding))
    ]
    about = "，".join(labels) or f"指纹 {finding.fingerprint}"
    due = f"，期限 {finding.due_on.isoformat()}" if finding.due_on else ""
    state = f"（{STATE[finding.state].word}）" if finding.state == "waived" else ""
    found = (Place(each.file, each.sheet, each.rows) for each in finding.evidence if each.file)
    places = tuple(sorted(found, key=lambda place: SourceFile(place.file, place.sheet) in calendar))
    text = f"{title}：{about}{due}{state}"
    return Problem(text, finding.severity, places, counts, finding.state, finding.fingerprint)


def _row(row: SetAside) -> Problem:
    what = f"{row.column}：{row.reason}" if row.column else row.reason
    return Problem(f"第{row.row}行未读入，{what}", "error", (Place(row.file, row.sheet, (row.row,)),), True)


def _plain(case: Case) -> Case:
    problems = tuple(
        replace(problem, text=plain_text(problem.text), places=tuple(map(_plain_place, problem.places)))
        for problem in case.problems
    )
    return replace(
        case, title=plain_text(case.title), reason=plain_text(case.reason) if case.reason else None,
        help=plain_text(case.help), problems=problems,
    )  # fmt: skip


def _plain_place(place: Place) -> Place:
    return replace(place, file=plain_text(place.file), sheet=plain_text(place.sheet) if place.sheet else None)


def lines(case: Case, *, counted: bool) -> Iterator[str]:
    """The problems that count, or those that don't, a line each with its place."""
    for problem in case.problems:
        if problem.counts == counted:
            places = "；".join(place(each.file, each.sheet, each.rows) for each in problem.places)
            yield f"{problem.text}  {places}" if places else problem.text
