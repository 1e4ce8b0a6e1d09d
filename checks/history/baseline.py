"""A check against one that is taken as given: only what came since counts."""

from dataclasses import replace

from checks.history.compare import Past, gone, states
from checks.history.errors import HistoryError
from checks.history.notes import notes
from checks.history.remember import run_of
from checks.history.values import Run
from checks.results import CheckResult

_OF_NEW = ("pack", "pack version", "added", "not checked before", "failed before")
"""Notes that bear on what is new; what is gone is not asked here."""


def against(result: CheckResult, baseline: Run) -> CheckResult:
    """The result with each finding open where the baseline has it, else new.

    HistoryError where the two made their fingerprints with different keys: then everything would be new.
    """
    same_key(result.key_check, baseline, "基线")
    run, past = run_of(result), Past((replace(baseline, findings={}),), baseline.findings)
    found = states(run, past)
    findings = tuple(replace(f, state=found[f.fingerprint]) for f in result.findings)
    remarks = tuple(note for note in notes(run, past, gone(run, past)) if note.code in _OF_NEW)
    return replace(result, findings=findings, notes=(*result.notes, *remarks))


def same_key(key_check: str, other: Run, name: str) -> None:
    if key_check and other.key_check and key_check != other.key_check:
        raise HistoryError(
            f"{name}的指纹是用另一把密钥做的，与本次无法对应：请用同一个 fingerprint.key（XUEJIAN_HOME 里）重新做{name}"
        )
