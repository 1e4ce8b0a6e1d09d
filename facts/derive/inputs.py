"""What facts are computed from: a snapshot's tables and rows set aside, a pack's procedures and parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from facts.derive.placeholders import Placeholders, placeholders
from facts.derive.placements import placed
from facts.derive.platforms import unseen_records
from facts.derive.roll import Roll, days_present, roll
from facts.derive.shape import together
from facts.model.calendar import WorkCalendar
from facts.model.frames import empty_frame
from facts.model.procedures import Procedure
from facts.model.snapshot import Snapshot
from facts.model.tables import TABLES


@dataclass(frozen=True)
class Inputs:
    """One snapshot and one pack; what several computations share is made once."""

    snapshot: Snapshot
    procedures: Sequence[Procedure]
    parameters: Mapping[str, Any]
    nobodys: Placeholders | None = None
    """The snapshot's numbers that are nobody's, where they are known already."""

    @property
    def as_of(self) -> date:
        return self.snapshot.as_of

    @property
    def today(self) -> np.datetime64:
        """as_of, in the unit of the frames' dates."""
        return np.datetime64(self.snapshot.as_of, "s")

    @cached_property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar.of(self.rows("workday"))

    @cached_property
    def roll(self) -> Roll | None:
        """What attendance shows; None where the table is not given."""
        rows = self.rows("attendance")
        return None if rows is None else roll(rows)

    @cached_property
    def taught_days(self) -> npt.NDArray[np.int64]:
        """The days on which somebody was present (出勤), since 1970-01-01, ascending; none where attendance is not
        given."""
        return np.zeros(0, np.int64) if self.roll is None else days_present(self.roll)

    @cached_property
    def placeholders(self) -> Placeholders:
        """The numbers that are nobody's."""
        return placeholders(self.snapshot) if self.nobodys is None else self.nobodys

    @cached_property
    def unseen_records(self) -> pd.DataFrame | None:
        """Rows for the records of students whose platform the export doesn't show (`facts.derive.platforms`): like rows
        set aside, nothing is known of them."""
        return unseen_records(self.snapshot)

    @cached_property
    def _cleared(self) -> dict[str, pd.DataFrame]:
        return {}

    def exported(self, table: str) -> pd.DataFrame | None:
        """The accepted rows of a table with the numbers as they stand there, nobody's as well; None where it is not
        given."""
        found = self.snapshot.tables.get(table)
        return None if found is None else found.frame

    def rows(self, table: str) -> pd.DataFrame | None:
        """The accepted rows of a table, without numbers that are nobody's; None where it is not given."""
        rows = self.exported(table)
        if rows is None or not self.placeholders:
            return rows
        if table not in self._cleared:
            self._cleared[table] = self.placeholders.cleared(table, rows)
        return self._cleared[table]

    @cached_property
    def placed(self) -> tuple[pd.DataFrame, pd.Index]:
        """Placements, a row a student (`facts.derive.placements.placed`), and the students of whom nobody knows whether
        they are away, because such a row was set aside."""
        rows, aside = self.rows("placement"), self.aside("placement", "student_no", "class_no", "from_on", "until")
        students = self.rows("student")
        empty = TABLES["placement"]
        known = placed(empty_frame(empty) if rows is None else rows, students)
        return known, pd.Index([] if aside is None else placed(aside, students)["student_no"].unique(), dtype="str")

    def aside(self, table: str, *fields: str) -> pd.DataFrame | None:
        """These fields of the rows set aside, missing where the cell could not be read, and of `unseen_records`; None
        where there are none."""
        found = self.snapshot.tables.get(table)
        unseen = self.unseen_records if table == "record" else None
        if found is None or (unseen is None and not len(found.aside)):
            return None
        names = list(fields)
        aside = found.aside[names].mask(found.unreadable[names])
        return aside if unseen is None else together(aside, unseen[names])

    def concerned(self, table: str, field: str = "student_no") -> pd.Index:
        """The values of a field on the rows set aside, where they can be read: of them not all is known."""
        aside = self.aside(table, field)
        return pd.Index([], dtype="str") if aside is None else distinct(aside[field]).astype("str")

    def everywhere(self, table: str, *fields: str) -> list[pd.DataFrame]:
        """These fields of the rows accepted and of those set aside; no frame where the table is not given."""
        rows, aside = self.rows(table), self.aside(table, *fields)
        return [frame for frame in (None if rows is None else rows[list(fields)], aside) if frame is not None]

    def standing(self, table: str) -> pd.Index | None:
        """Every student_no of a table, rows set aside included where it can be read; None where it is not given."""
        parts = [distinct(frame["student_no"]) for frame in self.everywhere(table, "student_no")]
        return parts[0].append(parts[1:]) if parts else None

    def parameter(self, name: str, default: int) -> int | None:
        """A whole-number parameter of the pack: the default where the pack does not speak of it, None where unset."""
        value = self.parameters.get(name, default)
        return None if value is None else int(value)

    def fen(self, name: str, default: str) -> int | None:
        """A parameter in yuan, as whole fen; like `parameter`."""
        value = self.parameters.get(name, default)
        return None if value is None else int(Decimal(str(value)) * 100)


def distinct(values: pd.Series) -> pd.Index:
    """The distinct values of a category column, without missing ones and without categories that no row uses."""
    used = np.unique(values.cat.codes.to_numpy())
    return values.cat.categories[used[used >= 0]]
