"""Of which time a kind of fact speaks. Outside of it nothing is known to be absent: a `no …` there is unknown."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Periods:
    """It speaks of whole terms, or of whole academic years."""

    field: str
    """The field of the fact that names its period: `term`, or `academic_year`."""
    covered: frozenset[str]
    """The names of the periods it speaks of; empty where it speaks of none."""
    needed: bool = False
    """Such facts can only be found in a period that is covered (attendance, and what is computed from it): where none
    is, a rule that looks for one is not checked. Of other kinds only `no …` rests on what is covered."""


@dataclass(frozen=True)
class Since:
    """It speaks of what happened on `from_on` (inclusive) or later."""

    of: str
    """`kind.field`: the day of the fact that it is looked for beside (`change.issued_on`): it must lie in the time."""
    from_on: date | None
    """None where it speaks of no day at all."""


@dataclass(frozen=True)
class Marked:
    """Each fact says itself whether it rests on the absence of rows in a time that a table does not speak of."""

    table: str
    field: str
    """The field of the fact that names that term or year; missing where the fact rests on no absence, or on one in
    covered time."""


Cover = Periods | Since | Marked
