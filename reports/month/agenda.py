"""请会议定的事: at most five things for the meeting to decide, from the rules that are broken."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from checks.results import OFFICES, SEVERITIES, CheckResult
from facts.model.values import chinese_date
from reports.month.agenda_items import AgendaItem, AgendaLeft, Subject
from reports.month.entry import Entry, Labelled
from reports.month.model import MonthlyReport
from reports.month.tally import answers, offices

MOST_ITEMS = 5
MOST_SUBJECTS = 10
_MOST_SAID = 2
_MOST_COLLEGES = 4
_DECIDED = ("error", "warning")
_COLLEGES = OFFICES[-1]
CRITERION = "先列处理办法须由会议决定的，再依次列违规和警示中项数多的，至多5件。"


def agenda(
    result: CheckResult, open_entries: Sequence[Entry], following: date, compared: bool
) -> tuple[tuple[AgendaItem, ...], int, AgendaLeft]:
    """The items, how many people they concern together, and what is left for the list alone.

    Rules for which the pack words a decision come first; then by severity, then the one with most findings. What is
    only a consequence of something else is settled with it, and a notice needs no decision. `following`: the day of
    the next meeting. `compared`: there is an earlier report, so that the entries' states tell something.
    """
    decisions = {rule.id: rule.decision for rule in result.rules if rule.decision}
    causes: dict[str, list[Entry]] = {}
    for entry in open_entries:
        if entry.cause is None and entry.severity in _DECIDED:
            causes.setdefault(entry.rule, []).append(entry)
    chosen = sorted(causes.values(), key=lambda entries: _order(entries, decisions))[:MOST_ITEMS]
    items = tuple(_item(entries, decisions.get(entries[0].rule) or "", following, compared) for entries in chosen)
    together = {entry.person for entries in chosen for entry in entries if entry.number}
    return items, len(together), _left(open_entries, {item.rule for item in items}, set(causes))


def opening(report: MonthlyReport) -> str:
    """How much there is to decide: the same in every paper, like `choice`."""
    if not report.agenda:
        return "除是否上报外，没有需要会议议定的事。"
    people = f"、{report.agenda_people:,}人" if report.agenda_people else ""
    findings = sum(item.findings for item in report.agenda)
    return f"除是否上报外，共{len(report.agenda)}件，涉及{findings:,}项{people}。"


def choice(report: MonthlyReport) -> str:
    """By what it was chosen, and what becomes of the rest; empty where nothing is open."""
    return (CRITERION if report.agenda else "") + rest(report.agenda_left)


def rest(left: AgendaLeft) -> str:
    if not left.kinds:
        return ""
    counted = (("提示", left.notices), ("由其他问题引起的", left.consequences))
    among = "、".join(f"{name}{number}类" for name, number in counted if number)
    return f"另有{left.kinds}类问题{f'（含{among}）' if among else ''}，由责任单位按清单处理，不提请会议议定。"


def _left(open_entries: Sequence[Entry], chosen: set[str], causes: set[str]) -> AgendaLeft:
    found: dict[str, list[Entry]] = {}
    for entry in open_entries:
        if entry.rule not in chosen:
            found.setdefault(entry.rule, []).append(entry)
    notices = sum(all(entry.severity not in _DECIDED for entry in entries) for entries in found.values())
    return AgendaLeft(len(found), notices, len(found.keys() - causes) - notices)


def _order(entries: Sequence[Entry], decisions: Mapping[str, str]) -> tuple[bool, int, int, str]:
    rule = entries[0].rule
    return rule not in decisions, SEVERITIES.index(_severity(entries)), -len(entries), rule


def _severity(entries: Sequence[Entry]) -> str:
    return min((entry.severity for entry in entries), key=SEVERITIES.index)


def _item(entries: Sequence[Entry], decision: str, following: date, compared: bool) -> AgendaItem:
    first = entries[0]
    subjects = _subjects(sorted(entries, key=lambda entry: entry.due.on if entry.due else date.max))
    people = len({entry.person for entry in entries if entry.number})
    # Where each has one finding, findings are people, and people are what the meeting thinks of.
    unit = "人" if people == len(entries) else "项"
    facts = (_lateness(entries, unit), _states(entries, unit) if compared else "", answers(entries, unit))
    lead, support = _units(entries)
    by, by_what = _by(entries, following)
    return AgendaItem(
        rule=first.rule,
        title=first.title,
        severity=_severity(entries),
        decision=decision,
        proposal=first.remedy,
        facts="；".join(filter(None, facts)),
        findings=len(entries),
        people=people,
        lead=lead,
        support=support,
        by=by,
        by_what=by_what,
        subjects=tuple(subjects[:MOST_SUBJECTS]),
        subjects_left=len(subjects[MOST_SUBJECTS:]),
    )


def _subjects(entries: Sequence[Entry]) -> list[Subject]:
    of: dict[str, list[Entry]] = {}
    for entry in entries:
        of.setdefault(entry.person, []).append(entry)
    return [_subject(own) for own in of.values()]


def _subject(entries: Sequence[Entry]) -> Subject:
    first = entries[0]
    number = first.number or Labelled("对象", first.short)
    # Most messages begin with the number, which stands beside them here.
    parts = list(dict.fromkeys(entry.message.removeprefix(f"{number.value} ").removeprefix("的") for entry in entries))
    more = f"；等{len(parts)}项" if len(parts) > _MOST_SAID else ""
    return Subject(first.anchor, number.label, number.value, first.college, "；".join(parts[:_MOST_SAID]) + more)


def _lateness(entries: Sequence[Entry], unit: str) -> str:
    overdue = [entry.due.on for entry in entries if entry.due and entry.due.bucket == "overdue"]
    coming = [entry.due.on for entry in entries if entry.due]
    if not overdue:
        return f"最早的{chinese_date(min(coming))}到期" if coming else ""
    oldest = chinese_date(min(overdue))
    if len(entries) == 1:
        return f"已逾期，{oldest}到期"
    many = f"{len(entries):,}{unit}均" if len(overdue) == len(entries) else f"其中{len(overdue):,}{unit}"
    return f"{many}已逾期，最早的{oldest}到期"


def _states(entries: Sequence[Entry], unit: str) -> str:
    states = Counter(entry.state for entry in entries)
    dated = any(entry.due for entry in entries)
    if len(entries) == states["new"]:
        return "本月新出现" if len(entries) == 1 else "均为本月新出现"
    parts = [(f"新{states['new']:,}{unit}", states["new"]), (f"解决后又出现{states['back']:,}{unit}", states["back"])]
    counted = "，".join(text for text, number in parts if number)
    since = min((entry.first_seen for entry in entries if entry.first_seen and not dated), default=None)
    since_when = f"最早的{chinese_date(since)}已查出" if since else ""
    return "；".join(each for each in (counted and f"其中{counted}", since_when) if each)


def _units(entries: Sequence[Entry]) -> tuple[str, str]:
    """Who leads and who takes part. 二级学院 are named, as each knows its own students."""
    named = [name for name, _ in Counter(entry.college for entry in entries if entry.college).most_common()]
    few = named if len(named) <= _MOST_COLLEGES else named[: _MOST_COLLEGES - 1]
    colleges = "、".join(few) + (f"等{len(named)}个学院" if len(named) > len(few) else "")
    lead, *others = (office for office, _ in offices(entries))
    others = [office for office in others if office != _COLLEGES]
    if lead == _COLLEGES:
        return colleges or lead, "、".join(others)
    return lead, "、".join([*others, *([colleges] if colleges else [])])


def _by(entries: Sequence[Entry], following: date) -> tuple[date, str]:
    """The regulation's deadline where one is still ahead, else the next meeting."""
    ahead = [entry.due.on for entry in entries if entry.due and entry.due.bucket != "overdue"]
    if ahead and (len(ahead) == len(entries) or min(ahead) < following):
        return min(ahead), "规定的期限"
    return following, "下次例会"
