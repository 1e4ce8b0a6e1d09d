"""What happens to people: leaves and returns, repeated years, new majors, withdrawals, graduations."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from facts.demo.changes import IMPLIED, TEXT_COLUMNS, clean
from facts.demo.days import CURRENT, FIRST_EXPORTED, Days, term_of_grade
from facts.demo.lists import KINDS
from facts.demo.people import Classes, People
from facts.demo.store import NO_DAY, Dates, Flags, Ints, Objects, Sheet

SERVICE = 730
"""Days for which a place is kept for a soldier at first."""


@dataclass
class Lives:
    """One element a person."""

    status: Objects
    record_status: Objects
    joined_on: Dates
    left_on: Dates
    """The last day; missing for those still in school."""
    away_from: Dates
    away_to: Dates
    """The day of return; missing while away."""
    served: Flags
    """Left for the army (入伍)."""
    quiet: Flags
    """Nothing but being in school has happened."""
    graduated_in: Ints
    """The calendar year of graduation; 0: not graduated."""


@dataclass
class Event:
    """Changes of one kind, one element a change."""

    who: Ints
    kind: str
    reason: Objects
    issued_on: Dates
    until: Dates | None = None
    from_major: Objects | None = None
    to_major: Objects | None = None


def live(rng: np.random.Generator, days: Days, classes: Classes, people: People) -> tuple[Lives, Sheet]:
    """Everyone's life up to as_of, and the table of changes; moves people to their present class."""
    n = len(people.kind)
    years = np.array([k.years for k in KINDS])
    entry = term_of_grade(people.grade)
    last = entry + 2 * years[people.kind] - 1
    entered_on = entered(people.grade)
    lives = Lives(
        np.full(n, "在读", dtype=object), np.full(n, "在籍", dtype=object), entered_on.copy(), np.full(n, NO_DAY),
        np.full(n, NO_DAY), np.full(n, NO_DAY), np.zeros(n, dtype=bool), people.placed.copy(), np.zeros(n, dtype=np.int64),
    )  # fmt: skip
    fate, lot = rng.random(n), rng.random(n)
    spread = rng.random(n)
    here = people.placed & (last >= CURRENT)
    below = [classes.below[d][people.admitted] for d in (0, 1, 2)]
    stays = [(b >= 0) & (classes.last_term[b] >= CURRENT) & people.placed for b in below]
    has_record = np.array([k.has_record for k in KINDS])[people.kind]
    undergraduate = np.isin(people.kind, [i for i, k in enumerate(KINDS) if k.level in {"本科", "专科"}])
    events: list[Event] = []

    def chosen(low: float, high: float, among: Flags, first: Any, final: Any) -> tuple[Ints, Ints]:
        """Whose fate lies in [low, high), and a term for each from `first` to `final`, both inclusive."""
        first, final = np.broadcast_to(first, n), np.broadcast_to(final, n)
        fit = among & lives.quiet & (first <= final)
        who = np.flatnonzero((fate >= low) & (fate < high) & fit)
        if not len(who) and fit.any():  # of everything there is somebody, however small the college
            who = np.flatnonzero(fit)[[np.argmin(np.abs(fate[fit] - high))]]
        lives.quiet[who] = False
        return who, first[who] + (lot[who] * (final[who] - first[who] + 1)).astype(np.int64)

    def midterm(who: Ints, term: Ints, latest: Any = days.as_of) -> Dates:
        start = days.report_by[term] + 12
        end = np.minimum(days.ends_on[term] - 5, np.datetime64(latest, "D"))
        length = (end - start).astype(np.int64)
        return np.asarray(days.floor(start + (spread[who] * length).astype(np.int64)))

    def reasons(who: Ints, *options: str) -> Objects:
        picked: Objects = np.array(options, dtype=object)[(rng.random(len(who)) * len(options)).astype(int)]
        return picked

    def go_away(who: Ints, term: Ints, kind: str, terms: int) -> None:
        issued = midterm(who, term)
        back = np.minimum(term + terms, len(days.terms) - 1)
        later = (days.starts_on[back] + 20) + ((term + terms - back) * 182)
        serves = kind == "保留学籍"
        reason = reasons(who, "入伍") if serves else reasons(who, "疾病", "疾病", "其他", "创业")
        if serves:
            later = issued + SERVICE - 1
            lives.served[who] = True
        events.append(Event(who, kind, reason, issued, until=later))
        lives.away_from[who] = issued

    def come_back(who: Ints, term: Ints, leave: Event, set_back: int) -> None:
        issued = days.floor(days.starts_on[term] + (spread[who] * 4).astype(np.int64))
        events.append(Event(who, "复学", leave.reason, issued))
        lives.away_to[who] = issued
        people.class_of[who] = below[set_back][who]

    first = np.maximum(entry, FIRST_EXPORTED)
    for low, high, kind, terms, set_back in ((0.00, 0.022, "休学", 2, 1), (0.022, 0.03, "保留学籍", 4, 2)):
        who, term = chosen(low, high, stays[set_back], first, np.minimum(CURRENT - terms, last - 1))
        go_away(who, term, kind, terms)
        come_back(who, term + terms, events[-1], set_back)
    who, term = chosen(0.03, 0.042, here & (last > entry + 1), np.maximum(CURRENT - 1, entry), CURRENT)
    go_away(who, term, "休学", 2)
    who, term = chosen(0.042, 0.052, here & (last > entry + 1), np.maximum(CURRENT - 3, entry), CURRENT)
    go_away(who, term, "保留学籍", 4)

    # Out of the army for months, and not back yet: the place is kept for two years more.
    who, term = chosen(
        0.052, 0.058, people.placed & has_record & (last > entry + 1), np.maximum(CURRENT - 7, entry),
        np.minimum(CURRENT - 5, last - 1),
    )  # fmt: skip
    go_away(who, term, "保留学籍", 4)

    who, term = chosen(
        0.06, 0.074, stays[1] & undergraduate, np.maximum(first, entry + 1), np.minimum(last - 1, CURRENT)
    )
    issued = days.working[days.place(days.starts_on[term] + 3) + 10 + (spread[who] * 6).astype(np.int64)]
    events.append(Event(who, "留级", reasons(who, "其他"), issued))
    people.class_of[who] = below[1][who]

    other = classes.other[people.admitted]
    moving = people.placed & undergraduate & (other >= 0)
    who, term = chosen(0.08, 0.108, moving, first, np.minimum(entry + 2, np.minimum(last - 1, CURRENT)))
    old, new = people.class_of[who], other[who]
    moved = Event(who, "转专业", reasons(who, "其他"), midterm(who, term), None, classes.major[old], classes.major[new])
    events.append(moved)
    people.class_of[who] = new

    who, term = chosen(0.11, 0.112, here & undergraduate, np.maximum(first, entry + 1), np.minimum(last - 1, CURRENT))
    events.append(
        Event(
            who,
            "转入",
            reasons(who, "其他"),
            days.floor(days.starts_on[term] - 2 - (spread[who] * 12).astype(np.int64)),
        )
    )
    lives.joined_on[who] = events[-1].issued_on

    leaving: tuple[tuple[float, float, str, tuple[str, ...], Any], ...] = (
        (0.12, 0.142, "自愿退学", ("其他", "其他", "疾病", "创业"), days.as_of),
        (0.142, 0.152, "自动退学", ("未到校注册", "未参加教学活动"), "2026-11-10"),
        (0.152, 0.156, "转出", ("其他",), days.as_of),
        (0.156, 0.158, "开除学籍", ("其他",), days.as_of),
        (0.158, 0.159, "死亡", ("其他",), days.as_of),
    )
    for low, high, kind, options, latest in leaving:
        who, term = chosen(low, high, people.placed & has_record, np.maximum(first, entry), np.minimum(last, CURRENT))
        issued = midterm(who, term, latest)
        events.append(Event(who, kind, reasons(who, *options), issued))
        lives.left_on[who] = issued
    who, term = chosen(0.16, 0.2, here & ~has_record, CURRENT, CURRENT)
    events.append(Event(who, "自愿退学", reasons(who, "其他"), midterm(who, term)))
    lives.left_on[who] = events[-1].issued_on

    changes = _sheet(rng, days, people, has_record, events)
    _statuses(changes, lives)
    _graduate(rng, days, classes, people, lives)
    return lives, changes


def entered(grade: Ints) -> Dates:
    """The day of entry of those of a grade: the 1st of September."""
    return np.asarray(((grade - 1970) * 12 + 8).astype("datetime64[M]").astype("datetime64[D]"))


def _sheet(rng: np.random.Generator, days: Days, people: People, has_record: Flags, events: list[Event]) -> Sheet:
    who = np.concatenate([e.who for e in events])
    kind = np.concatenate([np.full(len(e.who), e.kind, dtype=object) for e in events])
    reason = np.concatenate([e.reason for e in events])
    issued = np.concatenate([e.issued_on for e in events]).astype("datetime64[D]")
    columns = clean(rng, days, kind, reason, issued, has_record[who])
    for name, empty in (("until", NO_DAY), ("from_major", None), ("to_major", None)):
        parts = [getattr(e, name) for e in events]
        columns[name] = np.concatenate(
            [np.full(len(e.who), empty, dtype="datetime64[D]" if name == "until" else object) if part is None else part
             for e, part in zip(events, parts, strict=True)]
        )  # fmt: skip
    order = np.lexsort((who, columns["issued_on"]))
    year = columns["issued_on"].astype("datetime64[Y]").astype(np.int64)[order] + 1970
    number = np.arange(len(order)) - np.searchsorted(year, year) + 1
    columns = {name: column[order] for name, column in columns.items()}
    columns["change_no"] = np.array(
        [f"YD{y}{k:05d}" for y, k in zip(year.tolist(), number.tolist(), strict=True)], dtype=object
    )
    columns["student_no"] = people.student_no[who[order]]
    assert set(TEXT_COLUMNS) <= set(columns)
    return Sheet(who[order], **columns)


def _statuses(changes: Sheet, lives: Lives) -> None:
    """The status on each platform is that of the last change marked there. Changes are ordered by issue."""
    implied = np.array([IMPLIED.get(kind) for kind in changes["kind"]], dtype=object)
    for marked, target, alias in (
        ("marked_school_on", lives.status, {}),
        ("marked_record_on", lives.record_status, {"在读": "在籍"}),
    ):
        rows = np.flatnonzero(~np.isnat(changes[marked]) & (implied != None))  # noqa: E711 - elementwise
        target[changes.who[rows]] = [alias.get(s, s) for s in implied[rows]]


def _graduate(rng: np.random.Generator, days: Days, classes: Classes, people: People, lives: Lives) -> None:
    """Whoever's class has finished and who has not left otherwise has graduated with it."""
    u = rng.random(len(people.kind))
    last = classes.last_term[people.class_of]
    away = ~np.isnat(lives.away_from) & np.isnat(lives.away_to)
    done = people.placed & (last < CURRENT) & np.isnat(lives.left_on) & ~away
    conclusion = np.where(u < 0.97, "毕业", np.where(u < 0.99, "结业", "肄业")).astype(object)
    lives.status[done] = conclusion[done]
    lives.record_status[done] = conclusion[done]
    lives.graduated_in[done] = 2019 + (last[done] + 1) // 2
    lives.left_on[done] = days.ends_on[last[done]]
