"""Who has which of the three registrations (四-2) in the current term: fee, term, academic; as the REG rules judge."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from checks.availability import lacking, tables_first
from checks.engine.columns import Bools, Ints
from checks.reasons import Missing, NotCovered
from checks.results import RegistrationCount, Registrations
from facts.derive.asides import UNREADABLE
from facts.model.coverage import Periods
from facts.model.factbase import FactBase

KINDS = ("term", "student", "fee_account", "registration", "record", "deferral", "change")
"""What it is counted from, with its computed columns."""
_BASIS = (("student", "status"), ("term", "current"))
_NEEDED = {
    "fee": (("fee_account", "settled"),),
    "term": (("registration", "term"),),
    "record": (("record", "active"), ("record", "annual_year"), ("record", "registered_on")),
}
_RETURNS = ("复学", "转入")
"""Whose changes take effect after the last day of reporting was not to report for the term."""
HAS, LACKS, EXCUSED, UNKNOWN = "has", "lacks", "excused", "unknown"
NONE, _UNCLEAR, _FRESH = -1, 1, 2
"""Of several academic records the best counts: 0 not registered for the year, unclear in which, registered for it."""
_States = npt.NDArray[np.str_]


def registrations(base: FactBase, parameters: Mapping[str, Any]) -> Registrations:
    """The students in school (在读, entered no later than the term ends; each student_no once), counted by college and
    by what they have: `has`, `lacks`, `excused` where the regulation doesn't want it, `unknown` where a table or column
    is not there, the table doesn't cover the term or year, or a row about the student could not be read.

    Fee: the academic year's account is settled, or deferred (缓缴) until as_of or later; excused are the `free_levels`,
    where they have no account. Term: registered for the term; excused is an approved deferral of reporting (五-3) that
    still holds, and a return after the last day of reporting. Academic: an active record, registered for the academic
    year or new in it, of the student's number, else of the identity number; excused are the categories
    `without_record`, where they have none.
    """
    if missing := _missing(base, _BASIS):
        return Registrations(gaps=tuple(map(str, missing)))
    terms = base.frames["term"]
    current = terms[terms["current"].fillna(False).to_numpy(dtype=bool)]
    if current.empty or current[["year", "year_starts_on"]].isna().any(axis=None):
        return Registrations(gaps=("由校历看不出本学期",))
    term = current.iloc[0]
    students = base.frames["student"]
    here = (students["status"] == "在读") & ~(students["entered_on"] > term["ends_on"])
    students = students[here.to_numpy()].drop_duplicates("student_no")
    gaps = {part: _missing(base, needed) for part, needed in _NEEDED.items()}
    unknown = np.full(len(students), UNKNOWN)
    free, exempt = (parameters.get(name) or () for name in ("free_levels", "without_record"))
    each = pd.DataFrame(
        {
            "college": students["college"].to_numpy(),
            "fee": unknown if gaps["fee"] else _fee(base, students, term, free),
            "term": unknown if gaps["term"] else _term(base, students, term),
            "record": unknown if gaps["record"] else _record(base, students, term, exempt),
        },
        dtype="category",
    )
    unseen = [
        NotCovered(table, (str(term[field]),))
        for table, part, field in (("fee", "fee", "academic_year"), ("registration", "term", "term"))
        if not gaps[part] and not _covered(base, table, term[field])
    ]
    distinct = dict.fromkeys([*(missing for some in gaps.values() for missing in some), *unseen])
    return Registrations(str(term["term"]), tuple(_counted(each)), tuple(map(str, distinct)))


def _counted(each: pd.DataFrame) -> Iterator[RegistrationCount]:
    names = [*each.columns]
    counted = each.value_counts(sort=False).reset_index().astype(dict.fromkeys(names, "str"))
    counted = counted[counted["count"] > 0].sort_values(names)
    for college, fee, term, record, students in counted.itertuples(index=False):
        yield RegistrationCount(str(college), str(fee), str(term), str(record), int(students))


def _missing(base: FactBase, needed: tuple[tuple[str, str], ...]) -> list[Missing]:
    """The tables and columns that are not there; where tables are missing, these alone."""
    return tables_first(missing for kind, field in needed for missing in lacking(kind, field, base.snapshot))


def _covered(base: FactBase, table: str, period: str) -> bool:
    """Whether the table speaks of the term or year: else nobody is known to have nothing in it."""
    cover = base.coverage.get(table)
    return not isinstance(cover, Periods) or period in cover.covered


def _fee(base: FactBase, students: pd.DataFrame, term: pd.Series, free: Sequence[str]) -> _States:
    accounts = base.frames["fee_account"]
    accounts = accounts[(accounts["academic_year"] == term["academic_year"]).to_numpy()]
    settled = accounts["settled"].to_numpy(dtype=bool, na_value=False)
    aside = _aside(base, "fee", students, academic_year=term["academic_year"])
    # As REG-07: of whom it isn't known whether he pays, no account says nothing.
    unsure = students["level"].isna().to_numpy() | (not _covered(base, "fee", term["academic_year"]))
    excused = students["level"].isin(free).to_numpy()
    cases = [_in(students, accounts[settled]), aside, _in(students, accounts), excused, unsure]
    return np.select(cases, [HAS, UNKNOWN, LACKS, EXCUSED, UNKNOWN], LACKS)


def _term(base: FactBase, students: pd.DataFrame, term: pd.Series) -> _States:
    rows, deferrals = base.frames["registration"], base.frames["deferral"]
    here = rows[(rows["term"] == term["term"]).to_numpy()]
    holds = deferrals["approved_on"].notna() & (deferrals["until"] >= pd.Timestamp(base.snapshot.as_of))
    deferred = deferrals[((deferrals["term"] == term["term"]) & holds).to_numpy()]
    aside = _aside(base, "registration", students, term=term["term"])
    maybe = (
        aside | _aside(base, "deferral", students, "person_no", term=term["term"]) | _aside(base, "change", students)
    )
    maybe |= not _covered(base, "registration", term["term"])
    changes = base.frames["change"]
    late = (changes["issued_on"].notna() & (changes["effective_on"] > term["report_by"])).to_numpy(dtype=bool)
    returned = changes[changes["kind"].isin(_RETURNS).to_numpy() & late]
    found = [_in(students, here), _in(students, deferred, "person_no") | _in(students, returned), maybe]
    return np.select(found, [HAS, EXCUSED, UNKNOWN], LACKS)


def _record(base: FactBase, students: pd.DataFrame, term: pd.Series, exempt: Sequence[str]) -> _States:
    records = base.frames["record"]
    records = records[records["active"].to_numpy(dtype=bool, na_value=False)]
    fresh = (records["annual_year"] >= term["year"]) | (records["registered_on"] >= term["year_starts_on"])
    unclear = records["annual_registration"].notna() & records["annual_year"].isna()
    rank = np.select([fresh.to_numpy(dtype=bool, na_value=False), unclear.to_numpy(dtype=bool)], [_FRESH, _UNCLEAR], 0)
    best = _best(students, records, "student_no", rank)
    best = np.where(best == NONE, _best(students, records, "id_number", rank), best)
    aside = _aside(base, "record", students) | _aside(base, "record", students, "id_number")
    # As REG-04: of whom it isn't known whether a record is due, or under which number it would stand.
    unsure = aside | students[["category", "id_number"]].isna().any(axis=1).to_numpy()
    stale = best == 0
    excused = students["category"].isin(exempt).to_numpy()
    cases = [best == _FRESH, (best == _UNCLEAR) | (stale & aside), stale, excused, unsure]
    return np.select(cases, [HAS, UNKNOWN, LACKS, EXCUSED, UNKNOWN], LACKS)


def _best(students: pd.DataFrame, rows: pd.DataFrame, key: str, rank: Ints | int = 0) -> Ints:
    """For each student the best rank, from 0, of the rows with their number; NONE where there is no row."""
    own, theirs = students["student_no" if key == "person_no" else key].cat, rows[key].cat
    place = np.append(own.categories.get_indexer(theirs.categories), NONE)[theirs.codes]
    best = np.full(len(own.categories) + 1, NONE)
    np.maximum.at(best, place, rank)
    best[-1] = NONE  # where the rows of nobody here and those without a number went
    found: Ints = best[own.codes]
    return found


def _in(students: pd.DataFrame, rows: pd.DataFrame, key: str = "student_no") -> Bools:
    """Which students' number stands in a column of these rows."""
    found: Bools = _best(students, rows, key) != NONE
    return found


def _aside(base: FactBase, table: str, students: pd.DataFrame, key: str = "student_no", /, **same: str) -> Bools:
    """Which students a row set aside may be about: by their number, and by what else must be the same and is, or could
    not be read."""
    rows = base.asides.get(table)
    if rows is None:
        return np.zeros(len(students), dtype=bool)
    for field, value in same.items():
        rows = rows[((rows[field] == value) | rows[UNREADABLE + field].astype(bool)).to_numpy()]
    return _in(students, rows, key)
