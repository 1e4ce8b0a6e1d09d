"""A result with as many findings as are wished for, each of its own person, date and rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import islice

from checks.results import CheckResult, Finding


def many(result: CheckResult, count: int) -> CheckResult:
    """`result` with `count` findings, made from its own, in rounds that each keep its order and what follows what."""
    findings = islice(_endless(result.findings), count)
    return replace(result, findings=tuple(sorted(findings, key=lambda finding: finding.rule)))


def _endless(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    turn = 0
    while True:
        yield from (_again(finding, turn) for finding in findings)
        turn += 1


def _again(finding: Finding, turn: int) -> Finding:
    """The finding of another person; the first turn is the finding itself."""
    if turn == 0:
        return finding

    def other(text: str) -> str:
        return sha256(f"{text}{turn}".encode()).hexdigest()[:16]

    key = {name: f"{value}{turn:03}" for name, value in finding.key.items()}
    new = dict(islice(key.items(), 1))
    evidence = tuple(
        replace(each, rows=tuple(row + turn * 40 for row in each.rows), fields={**each.fields, **new})
        for each in finding.evidence
    )
    return replace(
        finding,
        key=key,
        fingerprint=other(finding.fingerprint),
        message=f"{finding.message.rstrip('。')}，至今第{turn + 1}天。",
        evidence=evidence,
        follows=tuple(map(other, finding.follows)),
        due_on=finding.due_on + timedelta(days=turn % 60) if finding.due_on else None,
    )
