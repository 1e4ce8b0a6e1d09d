"""A check against what was found before: which findings are new, which are gone, and what must not be taken for either.

A finding that is not there any more has been solved only where its rule came to a conclusion both times, by the same
condition and parameters, and every row of the person could be read. Everything else is said in a note.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from checks.history.values import Gone, KeptFinding, Run, Sighting
from checks.results import SEVERITIES, RuleOutcome


@dataclass(frozen=True)
class Past:
    """What is known from before: runs of the same institution and pack with the same key."""

    runs: tuple[Run, ...] = ()
    """Oldest first, without their findings; the last one is what is compared with."""
    findings: Mapping[str, KeptFinding] = field(default_factory=dict)
    """Those of the last run."""
    sightings: Mapping[str, Sighting] = field(default_factory=dict)
    """Of findings in any of the runs, by fingerprint."""

    @property
    def previous(self) -> Run | None:
        return self.runs[-1] if self.runs else None


def states(run: Run, past: Past) -> dict[str, str]:
    """Fingerprint → new (never found), open (found last time, or never seen absent since it was found), back (found,
    absent, found again) or waived."""
    return {name: _state(finding, run, past) for name, finding in run.findings.items()}


def _state(finding: KeptFinding, run: Run, past: Past) -> str:
    if finding.state == "waived":
        return "waived"
    if finding.fingerprint in past.findings:
        return "open"
    sighting = past.sightings.get(finding.fingerprint)
    if sighting is None:
        return "new"
    rule = run.rules[finding.rule]
    later = (each.rules.get(finding.rule) for each in past.runs if each.month > sighting.last_month)
    return "back" if any(then and not difference(then, rule) for then in later) else "open"


def first_seen(run: Run, past: Past) -> dict[str, date]:
    """Fingerprint → as_of of the first run that found it, this one included."""
    return {name: sighting.first_seen if (sighting := past.sightings.get(name)) else run.as_of for name in run.findings}


def gone(run: Run, past: Past) -> tuple[Gone, ...]:
    """What the last run found and this one doesn't, by rule, owner, college and fingerprint."""
    graver: dict[str, int] = {}
    for finding in run.findings.values():
        if finding.subject and finding.fingerprint not in past.findings:
            rank = SEVERITIES.index(finding.severity)
            graver[finding.subject] = min(rank, graver.get(finding.subject, rank))
    left = (finding for name, finding in past.findings.items() if name not in run.findings)
    result = (
        Gone(
            finding,
            past.runs[-1].rules[finding.rule].title if finding.rule in past.runs[-1].rules else "",
            _outcome(finding, run, past.runs[-1], graver),
            sighting.first_seen if (sighting := past.sightings.get(finding.fingerprint)) else None,
        )
        for finding in left
    )
    return tuple(
        sorted(result, key=lambda g: (g.finding.rule, g.finding.owner, g.finding.college or "", g.finding.fingerprint))
    )


def _outcome(finding: KeptFinding, run: Run, before: Run, graver: Mapping[str, int]) -> str:
    now = run.rules.get(finding.rule)
    if difference(before.rules.get(finding.rule), now):
        return "unknown"
    assert now is not None
    if any(finding.person in run.unread.get(table, ()) for table in now.tables):
        return "unknown"
    if finding.state == "waived":
        return "waived"
    return "worse" if graver.get(finding.subject, len(SEVERITIES)) < SEVERITIES.index(finding.severity) else "solved"


def difference(before: RuleOutcome | None, now: RuleOutcome | None) -> str | None:
    """Why a rule's findings of two runs can't be compared; none where they can."""
    if now is None or not now.concluded:
        return "gone" if now is None else f"{now.status} now"
    if before is None or not before.concluded:
        return "added" if before is None else f"{before.status} before"
    if before.definition and now.definition and before.definition != now.definition:
        return "changed"
    if before.parameters and now.parameters and before.parameters != now.parameters:
        return "parameter"
    known = before.gaps is not None and now.gaps is not None
    return "coverage" if known and before.gaps != now.gaps else None


def unsure(run: Run, past: Past, found: Mapping[str, str]) -> int:
    """New findings that may have been there before: their rule can't be compared with last time."""
    before = past.runs[-1].rules if past.runs else {}
    return sum(
        found[name] == "new" and difference(before.get(finding.rule), run.rules[finding.rule]) is not None
        for name, finding in run.findings.items()
    )


def differences(run: Run, before: Run) -> Iterator[tuple[str, RuleOutcome]]:
    """(why, rule) of every rule of the two runs that can't be compared, in the order of ids; a rule without a
    conclusion either time is left out."""
    for name in sorted(run.rules.keys() | before.rules.keys()):
        then, now = before.rules.get(name), run.rules.get(name)
        if why := difference(then, now):
            shown = now or then
            if shown and ((then and then.concluded) or (now and now.concluded)):
                yield why, shown
