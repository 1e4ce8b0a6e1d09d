"""How the number of open findings of the report before became this one's: a sum that holds, or nothing."""

from collections import Counter

from checks.history.values import Comparison
from reports.wording.dates import chinese_month, parse_month
from reports.wording.words import OUTCOME, STATE

_WAIVED, _LAPSED, _EARLIER = "已豁免", "豁免到期", "更早查出"
_LESS = (*(each.word for each in OUTCOME.values()), _WAIVED)
_MORE = (*(each.word for each in STATE.values()), _LAPSED, _EARLIER)


def bridge(comparison: Comparison | None, month: str, open_findings: int) -> str:
    """2026年10月80项 − 已解决39 − 已转重1 ＋ 新26 ＋ 再现17 ＝ 2026年11月83项; empty where there is nothing to compare
    with, or where it does not come out, as what is printed must add up."""
    before = comparison.previous if comparison else None
    if comparison is None or before is None or before.figures is None:
        return ""
    stood = {name for name, finding in comparison.past.items() if finding.open}
    less = Counter(OUTCOME[gone.outcome].word for gone in comparison.gone if gone.finding.fingerprint in stood)
    more: Counter[str] = Counter()
    for name, state in comparison.states.items():
        if state == "waived":
            less[_WAIVED] += name in stood
        elif name not in stood:
            more[_came(state, was_waived=name in comparison.past)] += 1
    if before.figures.open - less.total() + more.total() != open_findings:
        return ""
    terms = [f"{chinese_month(parse_month(before.month))}{before.figures.open:,}项"]
    terms += [f"− {word}{less[word]:,}" for word in _LESS if less[word]]
    terms += [f"＋ {word}{more[word]:,}" for word in _MORE if more[word]]
    return f"{' '.join(terms)} ＝ {chinese_month(parse_month(month))}{open_findings:,}项"


def _came(state: str, *, was_waived: bool) -> str:
    if was_waived:
        return _LAPSED
    # Open, but not found last time, when its rule came to no conclusion.
    return _EARLIER if state == "open" else STATE[state].word
