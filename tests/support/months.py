"""Months of a made-up college, as the history gets them: which rule finds whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from checks.findings import fingerprints
from checks.history.store import Store, open_store
from checks.history.values import Comparison
from checks.results import CheckResult, Clause, Finding, PackInfo, RuleResult

SECRET = bytes(range(32))
INSTITUTION = "秦岭学院"
RULES = {"MRK-01": ("error", "学生处"), "MRK-05": ("notice", "学生处"), "REG-01": ("error", "教务处")}


def found(rule: str, who: str, **changes: Any) -> Finding:
    """A finding on one change or student, with the fingerprints of a real one."""
    severity, owner = RULES[rule]
    key = {"change_no" if rule.startswith("MRK") else "student_no": who}
    made = Finding(
        rule=rule, severity=severity, clause="五-5", owner=owner, college="土木工程学院", key=key, message="未处理",
        fingerprint=fingerprints.fingerprint(SECRET, rule, key), subject=fingerprints.subject(SECRET, key),
        person=fingerprints.person(SECRET, "student_no", who), evidence=(),
    )  # fmt: skip
    return replace(made, **changes)


def checked(
    as_of: str,
    findings: Sequence[Finding] = (),
    states: Mapping[str, str] = {},
    *,
    rules: Sequence[str] = ("MRK-01", "MRK-05", "REG-01"),
    known: Sequence[str] | None = None,
    **changes: Any,
) -> CheckResult:
    """A check at as_of, on data of its own day. `states`: of rules that are not violated or clean; `known`: the rules
    that the pack has, where not all were selected."""
    numbers = {rule: sum(f.rule == rule for f in findings) for rule in rules}
    made = CheckResult(
        as_of=date.fromisoformat(as_of),
        pack=PackInfo("xjtei-2020", "实施方案", "2020.1", (Clause("五-5", "标注", tuple(known or rules)),)),
        snapshot_path=as_of,
        snapshot_sha256=fingerprints.fingerprint(SECRET, as_of, {}) * 2,
        tables={},
        rules=tuple(rule_result(rule, numbers[rule], states.get(rule)) for rule in rules),
        set_aside=(),
        findings=tuple(sorted(findings, key=lambda f: (f.rule, sorted(f.key.items())))),
        key_check=fingerprints.check_value(SECRET),
    )
    return replace(made, **changes)


def rule_result(rule: str, number: int, status: str | None = None, **changes: Any) -> RuleResult:
    severity, owner = RULES[rule]
    status = status or ("violated" if number else "clean")
    made = RuleResult(
        id=rule, title="标题", clause="五-5", severity=severity, owner=owner, remedy="处理", status=status, reason=None,
        considered=100, findings=number, definition="0" * 16,
        parameters={"mark_workdays": "15"}, tables=("change", "registration"),
    )  # fmt: skip
    return replace(made, **changes)


def with_rule(result: CheckResult, rule: str, **changes: Any) -> CheckResult:
    return replace(result, rules=tuple(replace(r, **changes) if r.id == rule else r for r in result.rules))


def store_in(folder: Path) -> Store:
    return open_store(None, folder)


Remember = Callable[..., Comparison]


def remember(store: Store, month: str, result: CheckResult, institution: str = INSTITUTION) -> Comparison:
    with store.remembering(result, month, institution, "0.1.0") as comparison:
        return comparison


def state_of(comparison: Comparison, finding: Finding) -> str:
    return comparison.states[finding.fingerprint]


def outcomes(comparison: Comparison) -> dict[str, str]:
    """Fingerprint → what became of it."""
    return {gone.finding.fingerprint: gone.outcome for gone in comparison.gone}


def codes(comparison: Comparison) -> set[str]:
    return {note.code for note in comparison.notes}


def text_of(comparison: Comparison, code: str) -> str:
    return next(note.text for note in comparison.notes if note.code == code)
