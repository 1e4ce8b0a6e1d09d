"""What of a check is worth remembering: no name, no number, no key, no message."""

import json
from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256

from checks.findings.person import concerned
from checks.history.values import Figures, Gone, KeptFinding, Run
from checks.results import CheckResult, Finding

_KEPT = tuple(field.name for field in fields(KeptFinding))


def run_of(result: CheckResult, month: str = "", institution: str = "") -> Run:
    """The check as the store keeps it, not yet compared with anything."""
    return Run(
        institution=institution,
        month=month,
        as_of=result.as_of,
        snapshot_sha256=result.snapshot_sha256,
        packs=tuple((pack.id, pack.version) for pack in result.packs),
        key_check=result.key_check,
        rules={rule.id: rule for rule in result.rules},
        findings={f.fingerprint: _kept(f) for f in result.findings},
        unread=result.unread,
        marks=result.marks,
    )


def _kept(finding: Finding) -> KeptFinding:
    return KeptFinding(**{name: getattr(finding, name) for name in _KEPT})


def figures(result: CheckResult, gone: Iterable[Gone], compared: bool) -> Figures:
    """The figures of a result whose findings have their states."""
    open_ones = result.open_findings
    states = [finding.state for finding in open_ones]
    return Figures(
        open=len(open_ones),
        error=sum(finding.severity == "error" for finding in open_ones),
        people=len({concerned(finding) for finding in open_ones}),
        waived=len(result.findings) - len(open_ones),
        new=states.count("new") if compared else None,
        back=states.count("back") if compared else None,
        solved=sum(each.outcome == "solved" for each in gone) if compared else None,
    )


def digest(run: Run) -> str:
    """The same for two runs of a month that found the same by the same rules on the same data."""
    content = [
        run.as_of.isoformat(),
        run.snapshot_sha256,
        run.packs,
        run.key_check,
        [[r.id, r.status, r.definition, sorted(r.parameters.items()), r.gaps] for r in run.rules.values()],
        sorted((finding.fingerprint, not finding.open) for finding in run.findings.values()),
    ]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
