"""What attendance shows: what a student attended in a term, and runs of days on which a student stayed away."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs, distinct
from facts.derive.roll import attended, starts
from facts.derive.shape import frame, nothing
from facts.model.computed import Absence, Activity

_DAYS = "datetime64[D]"
_NEVER, _UNSEEN = np.iinfo(np.int32).max, np.iinfo(np.int32).min


def attendance(_: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], int]:
    """attended: 出勤, 迟到 or 早退, and 修读."""
    return {"attended": attended(rows)}, 0


def activity(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student and term in which something was attended, first and last day of the term included; first_late_on is
    the first day attended strictly after report_by. A term that is listed twice is taken as it stands first."""
    roll, terms = inputs.roll, inputs.rows("term")
    if roll is None or terms is None:
        return nothing(Activity), 0
    there = np.flatnonzero(roll.sessions)
    student, day, sessions = roll.student[there], roll.day[there], roll.sessions[there]
    terms = _usable(terms)
    parts: list[tuple[npt.NDArray[Any], ...]] = [(np.zeros(0, np.int64),) * 6]
    for place, (begin, end, report_by) in enumerate(_numbers(terms, "starts_on", "ends_on", "report_by")):
        within = np.flatnonzero((day >= begin) & (day <= end))
        who, when = student[within], day[within]
        first = np.flatnonzero(starts(who))
        last = np.append(first[1:], len(who))[: len(first)] - 1
        late = np.flatnonzero(when > report_by)
        late = late[starts(who[late])]
        first_late = np.full(len(first), _NEVER)
        first_late[np.searchsorted(who[first], who[late])] = when[late]
        attended_in = np.add.reduceat(np.append(sessions[within], 0), first)
        parts.append((who[first], np.full(len(first), place), when[first], when[last], attended_in, first_late))
    who, which, first, last, attended_in, first_late = (np.concatenate(column) for column in zip(*parts, strict=True))
    found = frame(
        Activity,
        student_no=pd.Categorical.from_codes(who, categories=roll.numbers),
        term=terms["term"].array.take(which),
        first_on=first.astype(_DAYS),
        last_on=last.astype(_DAYS),
        sessions=attended_in,
        first_late_on=np.where(first_late == _NEVER, np.datetime64("NaT", "D"), first_late.astype(_DAYS)),
    )
    return found, 0


def absence(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student and run of absent days (every 修读 row 缺勤) within one term. A day with another 修读 row ends the
    run, a day without any does not; days in no term belong to no run. A run is current when it ends on the last day of
    which attendance says anything of the student. None for a student with an attendance row set aside: any day of
    theirs may have been another one; so many students are withheld."""
    roll, terms = inputs.roll, inputs.rows("term")
    if roll is None or terms is None:
        return nothing(Absence), 0
    terms = _usable(terms).sort_values("starts_on", kind="stable")
    last_row = np.full(len(roll.numbers), _UNSEEN)
    last_row[roll.student] = roll.day  # ascending: the last one written stays
    withheld = roll.numbers.isin(_unclear(inputs)) & (last_row > _UNSEEN)

    # Which term each day lies in; should terms overlap, the one that started last.
    term = np.full(len(roll.day), -1, dtype=np.int16)
    for place, (begin, end) in enumerate(_numbers(terms, "starts_on", "ends_on")):
        term[(roll.day >= begin) & (roll.day <= end)] = place
    kept = np.flatnonzero((term >= 0) & ~withheld[roll.student])
    student, day, absent, term = roll.student[kept], roll.day[kept], roll.absent[kept], term[kept]

    group = np.flatnonzero(starts(student, term, absent))
    last = np.append(group[1:], len(day))[: len(group)] - 1
    run, last = group[absent[group]], last[absent[group]]
    found = frame(
        Absence,
        student_no=pd.Categorical.from_codes(student[run], categories=roll.numbers),
        from_on=day[run].astype(_DAYS),
        to_on=day[last].astype(_DAYS),
        days=day[last] - day[run] + 1,
        current=day[last] == last_row[student[run]],
    )
    return found, int(withheld.sum())


def _usable(terms: pd.DataFrame) -> pd.DataFrame:
    """Terms with both their ends, each once."""
    return terms.dropna(subset=["term", "starts_on", "ends_on"]).drop_duplicates("term")


def _numbers(terms: pd.DataFrame, *fields: str) -> Iterator[tuple[int, ...]]:
    """Dates of the terms, a tuple a term, as days since 1970-01-01; never, where missing."""
    dates = terms[list(fields)].to_numpy().astype(_DAYS)
    yield from map(tuple, np.where(np.isnat(dates), _NEVER, dates.astype(np.int64)).tolist())


def _unclear(inputs: Inputs) -> pd.Index:
    """Students of whom an attendance row was set aside, unless it is known to lie after as_of."""
    aside = inputs.aside("attendance", "student_no", "held_on")
    return pd.Index([]) if aside is None else distinct(aside["student_no"][~(aside["held_on"] > inputs.today)])
