"""请会议定的事: at most five things for the meeting to decide, from the rules that are broken."""

from collections.abc import Mapping, Sequence

from checks.results import SEVERITIES, CheckResult
from reports.model import AgendaItem, Entry
from reports.tally import offices, people

MOST_ITEMS = 5
MOST_SUBJECTS = 10
_DECIDED = ("error", "warning")


def agenda(result: CheckResult, open_entries: Sequence[Entry]) -> tuple[tuple[AgendaItem, ...], int]:
    """The items, and how many broken rules are left for the list alone.

    Rules for which the pack words a decision come first; then by severity, then the one with most findings. What is
    only a consequence of something else is settled with it, and a notice needs no decision.
    """
    causes: dict[str, list[Entry]] = {}
    for entry in open_entries:
        if entry.cause is None and entry.severity in _DECIDED:
            causes.setdefault(entry.rule, []).append(entry)
    decisions = {rule.id: rule.decision for rule in result.rules if rule.decision}
    items = sorted((_item(entries, decisions) for entries in causes.values()), key=lambda item: _order(item, decisions))
    return tuple(items[:MOST_ITEMS]), len(items[MOST_ITEMS:])


def _order(item: AgendaItem, decisions: Mapping[str, str]) -> tuple[bool, int, int, str]:
    return item.rule not in decisions, SEVERITIES.index(item.severity), -item.findings, item.rule


def _item(entries: Sequence[Entry], decisions: Mapping[str, str]) -> AgendaItem:
    first = entries[0]
    return AgendaItem(
        rule=first.rule,
        title=first.title,
        severity=min((entry.severity for entry in entries), key=SEVERITIES.index),
        proposal=decisions.get(first.rule) or first.remedy,
        findings=len(entries),
        people=people(entries),
        offices=offices(entries),
        subjects=tuple((entry.anchor, _named(entry)) for entry in entries[:MOST_SUBJECTS]),
    )


def _named(entry: Entry) -> str:
    return f"{entry.short}（{entry.college}）" if entry.college else entry.short
