"""The list of findings: each with what a reader needs beside it, consequences right after their cause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from checks.findings.person import PERSON_FIELDS, concerned, number
from checks.followup.answer_sheet import ANSWER_WORDS
from checks.results import CheckResult, Clause, Evidence, Finding, Scalar
from reports.month.entry import Cause, Due, Entry, Labelled, Proof
from reports.wording.dates import chinese_month, parse_month, with_chinese_dates
from reports.wording.words import DUE_DAYS


def entries(result: CheckResult, last_month: str = "") -> tuple[Entry, ...]:
    """Every finding as an entry, in the result's order, but consequences after their cause and waived ones last.

    `last_month`: the calendar's month before the report's; an answer of any other month is told by its name.
    """
    headings = Headings(result.headings)
    rules = {rule.id: rule for rule in result.rules}
    packs = {pack.id: pack.clauses for pack in result.packs}
    clauses = {rule.id: _clauses_of(rule.id, packs.get(rule.pack, result.pack.clauses)) for rule in result.rules}
    return _folded(
        result.findings,
        [
            Entry(
                anchor=f"f-{finding.fingerprint}",
                rule=finding.rule,
                title=rules[finding.rule].title,
                severity=finding.severity,
                state=finding.state,
                owner=finding.owner,
                college=finding.college,
                key=tuple(headings.key(name, value, finding) for name, value in finding.key.items()),
                short=_short(finding),
                number=headings.key(*found, finding) if (found := number(finding)) else None,
                person=concerned(finding),
                message=with_chinese_dates(finding.message),
                remedy=rules[finding.rule].remedy,
                clauses=clauses[finding.rule]
                or _clauses_named(finding.clause, packs.get(finding.pack, result.pack.clauses)),
                proofs=tuple(headings.proof(evidence) for evidence in finding.evidence),
                due=_due(finding, result.as_of),
                first_seen=finding.first_seen,
                waiver=finding.waiver,
                answered=_answered(finding, last_month),
            )
            for finding in result.findings
        ],
    )


def _folded(findings: Sequence[Finding], made: Sequence[Entry]) -> tuple[Entry, ...]:
    """Open findings first; of these, each cause followed by all that follows from it, directly or not."""
    places = {finding.fingerprint: place for place, finding in enumerate(findings) if finding.open}
    beneath: dict[int, list[int]] = {}
    heads = []
    for place, finding in enumerate(findings):
        cause = _first_cause(finding, findings, places)
        if cause is None:
            heads.append(place)
        else:
            beneath.setdefault(cause, []).append(place)
    folded = []
    for place in heads:
        consequences = beneath.get(place, [])
        head = replace(made[place], consequences=len(consequences))
        link = Cause(head.anchor, head.rule, head.subject)
        folded += [head, *(replace(made[consequence], cause=link) for consequence in consequences)]
    return tuple(sorted(folded, key=lambda entry: not entry.open))


def _first_cause(finding: Finding, findings: Sequence[Finding], places: Mapping[str, int]) -> int | None:
    """Where the end of the chain of open causes stands; none where there is no such cause, or they go in a ring."""
    if not finding.open:
        return None
    visited = {finding.fingerprint}
    current, end = finding, None
    while cause := next((name for name in current.follows if name in places), None):
        if cause in visited:
            return None
        visited.add(cause)
        end = places[cause]
        current = findings[end]
    return end


def due_bucket(due_on: date, as_of: date) -> str:
    if due_on < as_of:
        return "overdue"
    return next((name for name, days in DUE_DAYS.items() if due_on <= as_of + timedelta(days=days)), "later")


def _due(finding: Finding, as_of: date) -> Due | None:
    if finding.due_on is None:
        return None
    bucket = due_bucket(finding.due_on, as_of)
    return Due(finding.due_on, bucket, finding.due_provisional, finding.workdays_late)


def _answered(finding: Finding, last_month: str) -> str:
    """上月称已改仍在: who says that something is put right is taken at their word until the next check."""
    if finding.answer is None:
        return ""
    when = "上月" if finding.answer.month == last_month else chinese_month(parse_month(finding.answer.month))
    if finding.answer.code != "fixed":
        return f"{when}答复：{ANSWER_WORDS[finding.answer.code]}"
    return f"{when}称已改，现又出现" if finding.state == "back" else f"{when}称已改仍在"


def _short(finding: Finding) -> str:
    named = next((finding.key[name] for name in PERSON_FIELDS if name in finding.key), None)
    return named or "，".join(finding.key.values())


def _clauses_of(rule: str, clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    return tuple(clause for clause in clauses if rule in clause.rules)


def _clauses_named(names: str, clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses that a finding names, where the pack's table gives none for its rule; one it lacks has no text."""
    known = {clause.id: clause for clause in clauses}
    return tuple(known.get(name, Clause(name, "")) for name in (part.strip() for part in names.split(",")) if name)


class Headings:
    """Chinese names of facts and fields; a name that is not known is shown as it is."""

    def __init__(self, headings: Mapping[str, str]) -> None:
        self._headings = headings
        self._fields: dict[str, str] = {}
        for name, heading in headings.items():
            self._fields.setdefault(name.rpartition(".")[2], heading)

    def key(self, name: str, value: str, finding: Finding) -> Labelled:
        if name == "table":
            return Labelled("数据表", self._headings.get(value, value))
        facts = (f"{evidence.fact}.{name}" for evidence in finding.evidence)
        known = next((self._headings[fact] for fact in facts if fact in self._headings), None)
        return Labelled(known or self._fields.get(name, name), value or "（空）")

    def proof(self, evidence: Evidence) -> Proof:
        file = f"{evidence.file}［{evidence.sheet}］" if evidence.file and evidence.sheet else evidence.file
        values = tuple(
            Labelled(self._headings.get(f"{evidence.fact}.{name}", name), _shown(value))
            for name, value in evidence.fields.items()
            if name != "table" or "heading" not in evidence.fields  # the English name, which says the same
        )
        return Proof(self._headings.get(evidence.fact, evidence.fact), file, evidence.rows, values)


def _shown(value: Scalar) -> str:
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return with_chinese_dates(str(value))
