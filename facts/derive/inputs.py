"""What facts are computed from: a snapshot's tables and rows set aside, a pack's procedures and parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from facts.derive.roll import Roll, roll
from facts.model.calendar import WorkCalendar
from facts.model.procedures import Procedure
from facts.model.snapshot import Snapshot


@dataclass(frozen=True)
class Inputs:
    """One snapshot and one pack; what several computations share is made once."""

    snapshot: Snapshot
    procedures: Sequence[Procedure]
    parameters: Mapping[str, Any]

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

    def rows(self, table: str) -> pd.DataFrame | None:
        """The accepted rows of a table; None where it is not given."""
        found = self.snapshot.tables.get(table)
        return None if found is None else found.frame

    def aside(self, table: str, *fields: str) -> pd.DataFrame | None:
        """These fields of the rows set aside, missing where the cell could not be read; None where there are none."""
        found = self.snapshot.tables.get(table)
        if found is None or not len(found.aside):
            return None
        names = list(fields)
        return found.aside[names].mask(found.unreadable[names])

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


def distinct(values: pd.Series) -> pd.Index:
    """The distinct values of a category column, without missing ones and without categories that no row uses."""
    used = np.unique(values.cat.codes.to_numpy())
    return values.cat.categories[used[used >= 0]]
