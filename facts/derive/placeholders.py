"""Numbers that are nobody's: what was typed where a number was not known (000000), and stands beside several names.

Such a number joins no persons and no tables. A student row keeps its student_no, and a welcome row its exam_no: by them
the row is known. In every other table a row with it says nothing of anybody, and whether the bearers have a
row there is unknown, as if one had been set aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from facts.derive.texts import name_key
from facts.model import identity
from facts.model.frames import distinct_texts
from facts.model.snapshot import Snapshot, Table

_NAMED = ("student", "record", "welcome")
"""The tables that show names beside numbers."""
_HOME = {"student_no": "student", "exam_no": "welcome"}
"""Number → the table whose rows are known by it."""
RESIDENT = "居民身份证"
_ONE_DIGIT = "^(?:" + "|".join(f"{digit}+" for digit in range(10)) + ")$"


@dataclass(frozen=True)
class Placeholders:
    """Field (student_no, exam_no, id_number) → its numbers that are nobody's."""

    numbers: Mapping[str, frozenset[str]]

    def __bool__(self) -> bool:
        return any(self.numbers.values())

    def of(self, values: pd.Series, field: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """By row of a category column: it holds such a number."""
        bad = np.append(values.cat.categories.isin(self.numbers[field]), False)
        return bad[values.cat.codes.to_numpy()]

    def cleared(self, table: str, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table without such a student_no or exam_no: the row goes where it is known by nothing else,
        else the cell becomes missing. id_number stays as exported; `identity` is what people are joined by."""
        for field in (name for name in _HOME if self.numbers[name] and name in rows and table != _HOME[name]):
            bad = self.of(rows[field], field)
            if not bad.any():
                continue
            other = "exam_no" if field == "student_no" else "student_no"
            known = bad & rows[other].notna().to_numpy() if other in rows and table != "record" else bad & False
            if table == "student" or (table == "record" and field == "exam_no"):
                known = bad
            rows = rows.assign(**{field: rows[field].where(~bad)})[~bad | known].reset_index(drop=True)
        return rows

    def asides(self, table: Table) -> pd.DataFrame | None:
        """Rows in the form of `Table.aside`, one a number that is nobody's and a field of the table; what else stands
        in them is not known. None where there is none."""
        pairs = [
            (field, number)
            for field, home in _HOME.items()
            if field in table.frame and table.name != home
            for number in sorted(self.numbers[field])
        ]
        if not pairs:
            return None
        empty = table.frame.iloc[:0].reindex(range(len(pairs)))
        for field in {field for field, _ in pairs}:
            values = [number if name == field else None for name, number in pairs]
            empty[field] = pd.Categorical(pd.Series(values, dtype="str"))
        return empty


def identity_key(rows: pd.DataFrame, found: Placeholders) -> pd.Series:
    """The id_number by which a person is known: missing where it is nobody's."""
    numbers: pd.Series = rows["id_number"]
    return numbers.where(~found.of(numbers, "id_number")) if found.numbers["id_number"] else numbers


def unsound(rows: pd.DataFrame, snapshot: Snapshot) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """By row: its id_number should be a resident's (id_type 居民身份证, or not given) and is not valid by GB 11643."""
    numbers = rows["id_number"].cat
    valid = np.append(identity.read(numbers.categories.to_list(), snapshot.as_of).valid, True)
    resident = (rows["id_type"].isna() | (rows["id_type"] == RESIDENT)).to_numpy()
    return ~valid[numbers.codes.to_numpy()] & resident


def placeholders(snapshot: Snapshot) -> Placeholders:
    """The numbers that rows of different person names bear in one of student, record and welcome: an id_number that is
    not valid (`unsound`), a student_no or an exam_no all of one digit."""
    found: dict[str, set[str]] = {"student_no": set(), "exam_no": set(), "id_number": set()}
    for rows in (snapshot.tables[name].frame for name in _NAMED if name in snapshot.tables):
        for field in (name for name in found if name in rows):
            column = rows[field].cat
            if field == "id_number":
                suspect = unsound(rows, snapshot)
            else:
                suspect = np.append(_alike(rows[field]), False)[column.codes.to_numpy()]
            if suspect.any():
                some = rows[suspect]
                pairs = pd.DataFrame({"number": some[field].astype("str"), "name": name_key(some["name"])})
                names = pairs.dropna().groupby("number", observed=True)["name"].nunique()
                found[field] |= set(names.index[names > 1].astype("str"))
    return Placeholders({field: frozenset(numbers) for field, numbers in found.items()})


def _alike(numbers: pd.Series) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """By distinct number of a category column: it is one digit again and again."""
    found = pc.match_substring_regex(distinct_texts(numbers), _ONE_DIGIT)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)
