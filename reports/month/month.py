"""The monthly meeting's report (六-1), from the result of a check: what it says, not how it looks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from checks.history.values import Comparison
from checks.results import OFFICES, CheckResult, RuleResult
from reports.month.agenda import agenda
from reports.month.bridge import bridge
from reports.month.entries import entries
from reports.month.entry import Entry
from reports.month.figures import figures
from reports.month.meeting import meeting_of, next_month
from reports.month.model import ClauseLine, Meeting, MonthlyReport
from reports.month.registrations import three_registrations
from reports.month.tally import answers, deadlines, marked, shares, total
from reports.month.verdict import verdict
from reports.wording.dates import parse_month, with_chinese_dates
from reports.wording.safe_text import plain_text, plain_texts
from reports.wording.words import NO_COLLEGE, RULE_ORDER, RULE_STATUS


def monthly_report(
    result: CheckResult,
    month: str,
    college_name: str,
    comparison: Comparison | None = None,
    *,
    tool_version: str = "",
    meeting: Meeting | None = None,
    following: date | None = None,
) -> MonthlyReport:
    """The report of `month` (`2026-11`; ValueError where it is none) for the institution `college_name`.

    `comparison` is what the history says of the result, whose findings have their states from it already; without one
    there is nothing to compare with. `meeting` is the one of the month, `following` the day of
    the next one, where they are not the regulation's.
    """
    first_day = parse_month(month)
    result = plain_texts(result, personal=result.personal_shown)
    every = entries(result, f"{first_day - timedelta(days=1):%Y-%m}")
    open_entries = [entry for entry in every if entry.open]
    before = comparison.previous if comparison else None
    following = following or meeting_of(next_month(first_day)).on
    items, concerned, left = agenda(result, open_entries, following, before is not None)
    numbers = Counter(entry.rule for entry in open_entries)
    past = plain_texts(comparison.past) if comparison and before else None
    stood = None if past is None else [finding for finding in past.values() if finding.open]
    gone = plain_texts(comparison.gone) if comparison else ()
    solved = [each.finding for each in gone if each.outcome == "solved"]
    lines = [replace(r, clause=r.clause.replace(", ", "、"), findings=numbers[r.id]) for r in result.rules]
    return MonthlyReport(
        college_name=plain_text(college_name),
        month=first_day,
        meeting=meeting or meeting_of(first_day),
        result=result,
        verdict=verdict(result, first_day),
        agenda=items,
        agenda_people=concerned,
        agenda_left=left,
        compared_with=before.month if before else None,
        compared_as_of=before.as_of if before else None,
        notes=(*(with_chinese_dates(note.text) for note in result.notes), *_answered(open_entries)),
        figures=figures(open_entries, len(every) - len(open_entries), comparison),
        bridge=bridge(comparison, month, len(open_entries)),
        deadlines=deadlines(open_entries),
        without_deadline=sum(1 for entry in open_entries if entry.due is None),
        offices=shares(
            open_entries,
            OFFICES,
            lambda entry: entry.owner,
            solved=solved,
            marks=marked(result.marks, lambda mark: mark.office),
            before=stood,
        ),
        colleges=shares(
            open_entries,
            result.colleges,
            lambda entry: entry.college,
            NO_COLLEGE,
            solved=solved,
            marks=marked(result.marks, lambda mark: mark.college),
            before=stood,
        ),
        total=total(open_entries, solved, result.marks, stood),
        registrations=three_registrations(result.registrations, result.colleges),
        entries=every,
        gone=gone,
        rules=tuple(sorted(lines, key=lambda line: RULE_ORDER.index(line.status))),
        clauses=tuple(_clause_lines(result, lines)),
        run=comparison.run if comparison else "",
        tool_version=tool_version,
    )


def _answered(open_entries: Sequence[Entry]) -> Iterator[str]:
    if counted := answers(open_entries, "项"):
        yield f"各单位、各学院对以前清单的答复：{counted}"


def _clause_lines(result: CheckResult, lines: Iterable[RuleResult]) -> Iterable[ClauseLine]:
    by_id = {line.id: line for line in lines}
    for pack, clause in ((each.id, clause) for each in result.packs for clause in each.clauses):
        # A rule that was not selected has no result; the clause table still names it, so it is said to be not checked.
        rules = tuple(by_id.get(name) or _not_selected(name, clause.id) for name in clause.rules)
        status = min((line.status for line in rules), key=list(RULE_STATUS).index, default=None)
        partly = len({line.concluded for line in rules}) == 2
        yield ClauseLine(clause.id, clause.text, rules, status, partly, clause.uncovered, pack)


def _not_selected(rule: str, clause: str) -> RuleResult:
    return RuleResult(
        id=rule, title="", clause=clause, severity="notice", owner="", remedy="", status="not checked",
        reason="本次未选用", considered=0, findings=0,
    )  # fmt: skip
