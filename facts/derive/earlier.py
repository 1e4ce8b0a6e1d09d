"""What an earlier snapshot says otherwise: student and class numbers that must not change (五-4)."""

import numpy as np
import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.placeholders import placeholders
from facts.derive.shape import columns_of, frame, nothing
from facts.model.number_facts import Renumbered
from facts.model.snapshot import Table

_PERSON = ["id_number", "entered_on"]
_NUMBERS = ["student_no", "class_no"]
_ROW = [*_PERSON, *_NUMBERS]


def renumbered(inputs: Inputs) -> tuple[pd.DataFrame, int]:
    """One a student row of the earlier snapshot whose person (same id_number and entered_on) bears another student_no,
    or another class_no, now: the former number stands in no row of the person any more, and the other one stood in
    none. A number that is missing on one side doesn't differ. since: as_of of the earlier snapshot.

    Where a row set aside, now or then, bears the person's id_number or former_no, nothing is said; the changes so
    withheld are counted."""
    earlier, now = inputs.snapshot.previous, inputs.snapshot.tables.get("student")
    then = None if earlier is None else earlier.tables.get("student")
    if earlier is None or then is None or now is None:
        return nothing(Renumbered), 0
    nobodys = inputs.placeholders.numbers["id_number"] | placeholders(earlier).numbers["id_number"]
    all_before, all_after = _rows(then, nobodys), _rows(now, nobodys)
    before, after = _without(all_before, all_after), _without(all_after, all_before)
    same_number = before.merge(after, on=[*_PERSON, "student_no"], suffixes=("_before", ""))
    same_number = same_number.assign(former_no=same_number["student_no"])
    before, after = (_without(rows, same_number, [*_PERSON, "student_no"]) for rows in (before, after))
    # Person by person the first with the first: a placeholder that thousands share must not pair each with each.
    other_number = _ranked(before).merge(_ranked(after), on=[*_PERSON, "place"], suffixes=("_before", ""))
    other_number = other_number.rename(columns={"student_no_before": "former_no"})
    changed = pd.concat([same_number, other_number]).rename(columns={"class_no_before": "former_class_no"})
    both_known = changed[["class_no", "former_class_no"]].notna().all(axis=1)
    moved = both_known & _gone_and_new(changed, "class_no", "former_class_no", all_before, all_after)
    changed = changed[moved | _gone_and_new(changed, "student_no", "former_no", all_before, all_after)]
    unsure = _unsure(changed, then) | _unsure(changed, now)
    told = changed[~unsure].sort_values([*_PERSON, "former_no"])
    values = {**columns_of(told[[*_ROW, "former_no", "former_class_no"]]), "since": _days(earlier.as_of, len(told))}
    return frame(Renumbered, **values), int(unsure.sum())


def _rows(table: Table, nobodys: frozenset[str]) -> pd.DataFrame:
    """The distinct numbers of the people in a table of students, those without an identity number, or with one that is
    nobody's, left out."""
    rows = table.frame[_ROW].dropna(subset=_PERSON)
    rows = rows[~rows["id_number"].isin(nobodys)]
    return rows.astype({"id_number": "str", "student_no": "str", "class_no": "str"}).drop_duplicates()


def _without(rows: pd.DataFrame, others: pd.DataFrame, by: list[str] = _ROW) -> pd.DataFrame:
    """The rows whose columns `by` stand in no row of the others."""
    return rows[~pd.MultiIndex.from_frame(rows[by]).isin(pd.MultiIndex.from_frame(others[by]))]


def _gone_and_new(
    changed: pd.DataFrame, number: str, former: str, before: pd.DataFrame, after: pd.DataFrame
) -> pd.Series:
    """Whether the former number stands in none of the person's rows now, and the number in none of the rows then."""

    def known(column: str, rows: pd.DataFrame) -> pd.Series:
        theirs = pd.MultiIndex.from_frame(rows[[*_PERSON, number]])
        return pd.Series(pd.MultiIndex.from_frame(changed[[*_PERSON, column]]).isin(theirs), index=changed.index)

    return ~known(former, after) & ~known(number, before)


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """With `place`: which of its person's rows it is, by student number."""
    rows = rows.sort_values([*_PERSON, "student_no"])
    return rows.assign(place=rows.groupby(_PERSON).cumcount())


def _unsure(changed: pd.DataFrame, table: Table) -> pd.Series:
    """Whether a row of the table that was set aside may be the one in which nothing changed."""
    aside = table.aside[["id_number", "student_no"]].mask(table.unreadable[["id_number", "student_no"]])
    numbers, people = (aside[name].dropna().astype("str") for name in ("student_no", "id_number"))
    return changed["former_no"].isin(numbers) | changed["id_number"].isin(people)


def _days(day: object, count: int) -> np.ndarray:
    return np.full(count, np.datetime64(str(day), "s"))
