"""What attendance shows: what a student attended in a term, runs of absent days, and since when no row is there."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.inputs import Inputs, distinct
from facts.derive.placements import away
from facts.derive.roll import attended, starts
from facts.derive.shape import frame, nothing
from facts.derive.terms import current_term
from facts.model.computed import Absence, Activity, Silence

_DAYS = "datetime64[D]"
_NEVER, _UNSEEN = np.iinfo(np.int32).max, np.iinfo(np.int32).min


def attendance(_: Inputs, rows: pd.DataFrame) -> tuple[dict[str, Any], Mapping[str, int]]:
    """attended: 出勤, 迟到 or 早退, and 修读."""
    return {"attended": attended(rows)}, {}


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
    """One a student and run of absent days (every 修读 row 缺勤) within one term that attendance covers. A day with
    another 修读 row ends the run, a day without any does not; days in no such term belong to no run. lessons: how many
    absent days it has. A run is current when it ends on the last day of which attendance says anything of the student.
    away: a placement of the student or his class overlaps it, or one was set aside.

    None for a student with an attendance row set aside: any day of theirs may have been another one; so many students
    are withheld, and so many runs of which nobody knows whether the student was away."""
    roll, terms = inputs.roll, inputs.rows("term")
    if roll is None or terms is None:
        return nothing(Absence), 0
    terms = _usable(terms).sort_values("starts_on", kind="stable")
    terms = terms[terms["term"].isin(taught_terms(inputs))]
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
        lessons=last - run + 1,
        current=day[last] == last_row[student[run]],
    )
    gone, unknown = away(inputs.placed, found["student_no"], found["from_on"], found["to_on"])
    return found.assign(away=pd.array(gone | unknown, "boolean")), int(withheld.sum()) + int(unknown.sum())


def silence(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a 在读 student with a class_no and a 修读 row in the current term, where attendance covers it: last_on, the
    day of the last such row; class_last_on, that of the last one of the 在读 students of the class; days from the one
    to the other. away: a placement overlaps the days after last_on up to class_last_on, or one was set aside.

    None for a student with an attendance row set aside; so many are withheld, as with `absence`."""
    roll, now, students = inputs.roll, current_term(inputs), inputs.rows("student")
    if roll is None or now is None or students is None or not now["term"].isin(taught_terms(inputs)).any():
        return nothing(Silence), 0
    ((begin, end),) = _numbers(now, "starts_on", "ends_on")
    within = np.flatnonzero((roll.day >= begin) & (roll.day <= end))
    last_row = np.full(len(roll.numbers), _UNSEEN)
    last_row[roll.student[within]] = roll.day[within]
    studying = students.loc[students["status"] == "在读", ["student_no", "class_no"]].dropna().astype("str")
    studying = studying.drop_duplicates("student_no")
    place = roll.numbers.get_indexer(pd.Index(studying["student_no"]))
    seen_on = np.append(last_row, _UNSEEN)[place]
    studying, seen_on = studying[seen_on > _UNSEEN], seen_on[seen_on > _UNSEEN]
    withheld = studying["student_no"].isin(_unclear(inputs)).to_numpy()
    class_last = pd.Series(seen_on, index=studying.index).groupby(studying["class_no"]).transform("max").to_numpy()
    keep = ~withheld
    found = frame(
        Silence,
        student_no=studying["student_no"][keep],
        class_no=studying["class_no"][keep],
        last_on=seen_on[keep].astype(_DAYS),
        class_last_on=class_last[keep].astype(_DAYS),
        days=(class_last - seen_on)[keep],
    )
    gone, unknown = away(
        inputs.placed, found["student_no"], found["last_on"] + np.timedelta64(1, "D"), found["class_last_on"]
    )
    return found.assign(away=pd.array(gone | unknown, "boolean")), int(withheld.sum()) + int(unknown.sum())


def taught_terms(inputs: Inputs) -> frozenset[str]:
    """The terms that attendance covers: on one of their days at least (both ends included) somebody was
    present (出勤). A list of exceptions alone (缺勤, 迟到, 早退, 请假) covers none."""
    terms, days = inputs.rows("term"), inputs.taught_days
    if terms is None:
        return frozenset()
    terms = _usable(terms)
    spans = list(_numbers(terms, "starts_on", "ends_on"))
    there = [bool(((days >= begin) & (days <= end)).any()) for begin, end in spans]
    return frozenset(str(term) for term, taught in zip(terms["term"], there, strict=True) if taught)


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
