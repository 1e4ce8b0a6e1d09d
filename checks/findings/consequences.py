"""Which finding is a consequence of which: findings on the same person, of a rule that the other's rule follows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checks.engine.persons import NOBODY
from checks.results import Finding
from rules.rule import Rule, cause_of


@dataclass(frozen=True)
class Found:
    """One rule's findings, each with the person it concerns: a number within its pack (NOBODY: none)."""

    rule: Rule
    findings: Sequence[tuple[Finding, int]]


def fold(found: Sequence[Found]) -> list[Finding]:
    """All findings in order, each consequence naming its causes: findings on the same person of a rule it follows, of
    the same term where both have one.

    Where some of them are about the same student number those alone are meant: thousands who share a placeholder by
    mistake are one person here. Who is one person is known within a pack; between packs it is whoever has the same
    student number, else the same number that says whom a finding concerns.
    """
    causes: dict[tuple[str, str, object], list[Finding]] = {}
    for each in found:
        for finding, person in each.findings:
            for whom in _known_by(finding, person):
                causes.setdefault((each.rule.pack, each.rule.id, whom), []).append(finding)
    result = []
    for each in found:
        for finding, person in each.findings:
            follows: dict[str, None] = {}
            for cause in each.rule.file.follows:
                pack, rule = cause_of(cause, each.rule.pack)
                for ways in _whom(finding, person, within=pack == each.rule.pack):
                    same = [f for whom in ways for f in causes.get((pack, rule, whom), ()) if _same_term(f, finding)]
                    if same:
                        follows |= dict.fromkeys(f.fingerprint for f in same)
                        break
            result.append(replace(finding, follows=tuple(follows)) if follows else finding)
    return result


def _known_by(finding: Finding, person: int) -> Iterator[object]:
    """Everything by which a finding is found again as somebody's."""
    for number in _students(finding):
        yield number
        if person != NOBODY:
            yield person, number
    if person != NOBODY:
        yield person
    if finding.person:
        yield "person", finding.person


def _whom(finding: Finding, person: int, *, within: bool) -> Iterator[list[object]]:
    """The ways to look for somebody's other findings, the surest first: within the pack, or in another."""
    if not within:
        yield [*_students(finding)]
        yield [("person", finding.person)]
    elif person != NOBODY:
        yield [(person, number) for number in _students(finding)]
        yield [person]


def _same_term(cause: Finding, finding: Finding) -> bool:
    return "term" not in cause.key or "term" not in finding.key or cause.key["term"] == finding.key["term"]


def _students(finding: Finding) -> tuple[str, ...]:
    """The student numbers that a finding is about."""
    numbers = (str(e.fields["student_no"]) for e in finding.evidence if e.fields.get("student_no") is not None)
    return tuple(dict.fromkeys(numbers))
