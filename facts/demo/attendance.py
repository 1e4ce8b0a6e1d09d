"""The roll calls of the current term, every class by its timetable, every student from arrival to leave; and of the
last weeks of the term before, one a day."""

import numpy as np

from facts.demo.days import CURRENT, FIRST_EXPORTED, Days
from facts.demo.lists import COURSES
from facts.demo.lives import Lives
from facts.demo.people import Classes, People
from facts.demo.store import Flags, Ints, Sheet
from facts.demo.systems import Presence

RESULTS = ("出勤", "迟到", "早退", "请假", "缺勤")
PRESENT, LATE, EARLY, EXCUSED, ABSENT = range(5)
MODES = ("修读", "旁听")
STUDY, AUDIT = range(2)
_SHARES = (0.955, 0.970, 0.975, 0.988)
"""Of all calls, up to and with 出勤, 迟到, 早退, 请假; the rest is 缺勤."""
_EXTRA = 4
"""Weekdays a week with a second call."""
AUDITORS = 0.012


def attendance(
    rng: np.random.Generator, days: Days, people: People, lives: Lives, classes: Classes, presence: Presence
) -> tuple[Sheet, Flags]:
    """(rows with `day` an index into days.called, course, result and mode indices; who audits another class)."""
    calls, first = _timetables(rng, days, len(classes.class_no))
    now = CURRENT - FIRST_EXPORTED
    here = np.flatnonzero(presence.inside[:, now])
    count = np.diff(first)[people.class_of[here]]
    who = np.repeat(here, count)
    start = np.cumsum(count) - count
    call = np.arange(len(who)) - np.repeat(start - first[people.class_of[here]], count)
    day = calls[call, 0]
    begin = np.searchsorted(days.teaching, presence.arrived_on[:, now])
    end = np.full(len(people.kind), len(days.teaching))
    for leaves in (lives.left_on, lives.away_from):
        gone = ~np.isnat(leaves) & (leaves >= days.starts_on[CURRENT])
        end[gone] = np.minimum(end[gone], np.searchsorted(days.teaching, leaves[gone]))
    kept = (day >= begin[who]) & (day < end[who])
    who, day, course = who[kept], day[kept], calls[call[kept], 1]
    result = np.searchsorted(_SHARES, rng.random(len(who)), side="right")
    _break_runs(who, result)

    guests = here[(rng.random(len(here)) < AUDITORS) & lives.quiet[here] & ~presence.deferred[here, now]]
    audits = np.zeros(len(people.kind), dtype=bool)
    audits[guests] = True
    each = 10
    more_day = np.tile(np.arange(8, 8 + 5 * each, 5), len(guests))
    more = np.repeat(guests, each)
    kept = more_day < len(days.teaching)
    more, more_day = more[kept], more_day[kept]
    before = np.flatnonzero(presence.inside[:, now - 1] & lives.quiet)
    spring = np.arange(len(days.teaching), len(days.called))
    past, past_day = np.repeat(before, len(spring)), np.tile(spring, len(before))
    past_result = np.searchsorted(_SHARES, rng.random(len(past)), side="right")
    _break_runs(past, past_result)
    sheet = Sheet(
        np.concatenate([who, more, past]),
        day=np.concatenate([day, more_day, past_day]).astype(np.int64),
        course=np.concatenate([course, (more + 3) % len(COURSES), (past + past_day) % len(COURSES)]).astype(np.int64),
        result=np.concatenate([result, np.where(more_day % 4 == 0, ABSENT, PRESENT), past_result]).astype(np.int64),
        mode=np.concatenate([np.zeros(len(who)), np.ones(len(more)), np.zeros(len(past))]).astype(np.int64),
    )
    sheet.sort(sheet.who, sheet["day"])
    return sheet, audits


def _timetables(rng: np.random.Generator, days: Days, classes: int) -> tuple[Ints, Ints]:
    """((day, course) of every call of every class, class by class; where each class starts, and the end)."""
    weekly = np.concatenate([np.tile(np.arange(5), (classes, 1)), rng.integers(0, 5, (classes, _EXTRA))], axis=1)
    courses = rng.integers(0, len(COURSES), weekly.shape)
    held = (weekly[:, :, None] == days.taught_as[None, None, :]).transpose(0, 2, 1)
    klass, day, slot = np.nonzero(held)
    calls = np.stack([day, courses[klass, slot]], axis=1)
    return calls, np.searchsorted(klass, np.arange(classes + 1))


def _break_runs(who: Ints, result: Ints) -> None:
    """No one misses three calls running, in place: long absence is planted, never chance."""
    absent = (result == ABSENT) & (np.roll(result, 1) == ABSENT) & (np.roll(who, 1) == who)
    result[absent] = EXCUSED
