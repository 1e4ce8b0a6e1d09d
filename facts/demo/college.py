"""The made-up college as a whole, clean: every system's table about the same people, agreeing with each other."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from facts.demo import systems
from facts.demo.attendance import attendance
from facts.demo.days import CURRENT, FIRST_EXPORTED, Days
from facts.demo.lists import BATCHES
from facts.demo.lives import Lives, live
from facts.demo.numbers import Numbers, renumber, table, under_old_number
from facts.demo.people import NEWEST, Classes, People, admit, found_classes
from facts.demo.store import Flags, Sheet
from facts.demo.systems import Presence
from facts.demo.variety import go_on, papers, place
from facts.demo.welcome import in_second_batch, no_shows_needed, welcome

SPARE = 400
"""People without a place, for planting."""


@dataclass
class College:
    days: Days
    classes: Classes
    people: People
    lives: Lives
    sheets: dict[str, Sheet]
    """By English table name; without 校历 and 工作日调整, which are data."""
    ordinary: Flags
    """A person: in school now, here on time, all fees paid, nothing ever happened to them."""
    numbers: Numbers
    earlier: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    """Person → what their student row had otherwise in the earlier snapshot; None: there was no row yet."""


def found(rng: np.random.Generator, students: int) -> College:
    """A college with about `students` in school, in which no rule finds anything."""
    days = Days.build()
    classes = found_classes(students)
    people = admit(rng, classes, no_shows_needed(classes) + SPARE)
    lives, changes = live(rng, days, classes, people)
    go_on(people, lives)
    papers(people, lives)
    numbers = renumber(people, lives, classes, changes)
    presence = Presence.build(rng, days, people, lives)
    _second_batch(rng, people, lives, presence)
    calls, audits = attendance(rng, days, people, lives, classes, presence)
    sheets = {
        "student": systems.students(people, lives, classes),
        "record": systems.records(rng, days, people, lives, classes),
        "fee": systems.fees(rng, days, people, lives, presence),
        "welcome": welcome(rng, days, people, lives, classes, presence),
        "checkin": systems.checkins(days, people, lives, presence),
        "registration": systems.registrations(days, people, presence),
        "deferral": systems.deferrals(rng, days, people, presence),
        "change": changes,
        "attendance": calls,
        "graduation": systems.graduations(rng, people, lives),
        "handover": systems.handovers(changes),
        "class_group": systems.class_groups(classes),
        "renumbering": table(numbers),
    }
    for name, column, now in (
        ("fee", "academic_year", days.year(CURRENT)), ("registration", "term", days.terms[CURRENT]),
        ("checkin", "term", days.terms[CURRENT]), ("deferral", "term", days.terms[CURRENT]),
    ):  # fmt: skip
        under_old_number(sheets[name], sheets[name][column] != now, numbers)
    sheets["placement"], away = place(days, people, lives, classes, calls, sheets["checkin"])
    ordinary = lives.quiet & presence.inside[:, CURRENT - FIRST_EXPORTED] & ~presence.deferred.any(axis=1) & ~audits
    ordinary &= ~away & ~numbers.touched(people, classes)
    ordinary[(people.grade == NEWEST) & in_second_batch(people.kind)] = False
    fees = sheets["fee"]
    ordinary[fees.who[~np.isnat(fees["deferred_until"])]] = False
    ordinary[fees.who[(fees["aid"] != None) & (fees["aid"] != "免学费")]] = False  # noqa: E711 - elementwise
    return College(days, classes, people, lives, sheets, ordinary, numbers)


def _second_batch(rng: np.random.Generator, people: People, lives: Lives, presence: Presence) -> None:
    """Newcomers of the second batch arrive in its last days, in place."""
    now = CURRENT - FIRST_EXPORTED
    stays = lives.quiet & presence.inside[:, now]  # others may have left by then
    who = np.flatnonzero((people.grade == NEWEST) & in_second_batch(people.kind) & stays)
    presence.deferred[who, now] = False
    presence.arrived_on[who, now] = np.datetime64(BATCHES[1]) - rng.integers(0, 5, len(who))
