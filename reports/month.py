"""The monthly meeting's report (六-1), from the result of a check: what it says, not how it looks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from checks.results import OFFICES, CheckResult, RuleResult
from reports.agenda import agenda
from reports.dates import meeting_day, parse_month
from reports.entries import entries
from reports.model import ClauseLine, Entry, Figure, Method, MonthlyReport, RuleLine
from reports.plain import plain_result, plain_text
from reports.tally import counts, deadlines, people, shares
from reports.verdict import verdict
from reports.words import CONCLUDED, NO_COLLEGE, RULE_ORDER, RULE_STATUS

__all__ = ["MonthlyReport", "monthly_report"]


def monthly_report(
    result: CheckResult, month: str, college_name: str, *, tool_version: str = "", meeting_on: date | None = None
) -> MonthlyReport:
    """The report of `month` (`2026-11`; ValueError where it is none) for the institution `college_name`.

    `meeting_on` moves the meeting from the month's last Wednesday.
    """
    first_day = parse_month(month)
    result = plain_result(result)
    every = entries(result)
    open_entries = [entry for entry in every if entry.open]
    items, left = agenda(result, open_entries)
    numbers = Counter(entry.rule for entry in open_entries)
    lines = tuple(_rule_line(rule, numbers[rule.id]) for rule in result.rules)
    return MonthlyReport(
        college_name=plain_text(college_name),
        month=first_day,
        meeting_on=meeting_on or meeting_day(first_day),
        as_of=result.as_of,
        verdict=verdict(result, open_entries, first_day),
        agenda=items,
        agenda_left=left,
        figures=_figures(open_entries, len(every) - len(open_entries)),
        deadlines=deadlines(open_entries),
        without_deadline=sum(1 for entry in open_entries if entry.due is None),
        offices=shares(open_entries, OFFICES, lambda entry: entry.owner),
        colleges=shares(open_entries, result.colleges, lambda entry: entry.college, NO_COLLEGE),
        entries=every,
        tables=tuple(result.tables.values()),
        tables_absent=result.tables_absent,
        ignored=result.ignored,
        set_aside=result.set_aside,
        rules=tuple(sorted(lines, key=lambda line: RULE_ORDER.index(line.status))),
        clauses=tuple(_clause_lines(result, lines)),
        method=Method(
            snapshot=result.snapshot_path,
            sha256=result.snapshot_sha256,
            pack=result.pack.id,
            pack_title=result.pack.title,
            pack_version=result.pack.version,
            tool_version=tool_version,
            personal_shown=result.personal_shown,
        ),
        packs=result.packs,
    )


def _rule_line(rule: RuleResult, open_findings: int) -> RuleLine:
    clause = rule.clause.replace(", ", "、")
    return RuleLine(
        rule.id, rule.title, clause, rule.severity, rule.status, rule.considered, open_findings, rule.reason
    )


def _figures(open_entries: Sequence[Entry], waived: int) -> tuple[Figure, ...]:
    by_severity = counts(open_entries)
    folded = sum(1 for entry in open_entries if entry.cause)
    notes = [f"其中{folded}项由其他问题引起"] if folded else []
    notes += [f"另有{waived}项已豁免，不计入"] if waived else []
    return (
        Figure("待处理问题", by_severity.total, "，".join(notes)),
        Figure("违规", by_severity.error, "违反规定，尚待处理"),
        Figure(
            "警示与提示",
            by_severity.warning + by_severity.notice,
            f"警示{by_severity.warning}项，提示{by_severity.notice}项",
        ),
        Figure("涉及学生", people(open_entries), "按学号或考生号计，同一人只计一次"),
    )


def _clause_lines(result: CheckResult, lines: Iterable[RuleLine]) -> Iterable[ClauseLine]:
    by_id = {line.id: line for line in lines}
    for pack, clause in ((each.id, clause) for each in result.packs for clause in each.clauses):
        # A rule that was not selected has no result; the clause table still names it, so it is said to be not checked.
        rules = tuple(by_id.get(name) or _not_selected(name, clause.id) for name in clause.rules)
        status = min((line.status for line in rules), key=list(RULE_STATUS).index, default=None)
        partly = len({line.status in CONCLUDED for line in rules}) == 2
        yield ClauseLine(clause.id, clause.text, rules, status, partly, clause.uncovered, pack)


def _not_selected(rule: str, clause: str) -> RuleLine:
    return RuleLine(rule, "", clause, "notice", "not checked", 0, 0, "本次未选用")
