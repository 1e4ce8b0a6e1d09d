"""What rules may be judged on: the tables of a snapshot with their computed columns, and the computed facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from facts.model.calendar import WorkCalendar
from facts.model.coverage import Cover
from facts.model.snapshot import Snapshot


@dataclass(frozen=True)
class FactBase:
    snapshot: Snapshot
    calendar: WorkCalendar
    frames: Mapping[str, pd.DataFrame]
    """By kind, in the form of `facts.model.frames`; a kind that is not given is an empty frame."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    """Computed kind → how many of its facts, `table.field` → how many values of a computed column, were not computed
    because a row they rest on was set aside."""
    asides: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Table → its rows that could not be read, as `facts.derive.asides` makes them; only tables that have some."""
    coverage: Mapping[str, Cover] = field(default_factory=dict)
    """Kind → of which time it speaks (`facts.derive.coverage`); a kind that is not listed speaks of all time, or its
    table is not given."""
    placeholders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Field (student_no, exam_no, id_number) → its numbers that are nobody's: they join no persons and no tables."""
