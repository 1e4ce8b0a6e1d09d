"""The one place that decides the exit code of a check."""

from checks.overview.shortfalls import shortfalls
from checks.results import SEVERITIES, CheckResult, Finding

CLEAN, FOUND, UNTRUSTED = 0, 1, 3


def exit_code(result: CheckResult, fail_on: str, strict: bool, only_new: bool = False) -> int:
    """0 nothing at or above `fail_on` (error, warning, notice or never), 1 findings at or above it, 3 a rule failed;
    with `strict` 3 also where a row was set aside, where a rule could not be checked, or not on all that it looks at
    (unless it lacks optional tables alone, or is out of effect), and where there is too little data for an answer.
    Waived findings don't count; with `only_new`, what a baseline already had doesn't either.
    """
    if any(rule.status == "failed" for rule in result.rules):
        return UNTRUSTED
    if strict and (
        any(table.set_aside for table in result.tables.values())
        or any(rule.status in ("not checked", "partial") and not rule.excused for rule in result.rules)
        or shortfalls(result)
    ):
        return UNTRUSTED
    return FOUND if any(counts(finding, fail_on, only_new) for finding in result.findings) else CLEAN


def counts(finding: Finding, fail_on: str, only_new: bool = False) -> bool:
    """Whether the exit code speaks of it."""
    counted = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    passed_over = ("waived", "open") if only_new else ("waived",)
    return finding.severity in counted and finding.state not in passed_over
