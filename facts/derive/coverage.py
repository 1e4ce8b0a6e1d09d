"""Of which time each kind of fact speaks, by what its table's model says (`About.covers`) and by the rows it has."""

from collections.abc import Collection, Mapping

import pandas as pd

from facts.derive.inputs import Inputs
from facts.derive.periods import enough
from facts.derive.teaching import taught_terms
from facts.derive.terms import current_term, first_terms
from facts.model.computed import COMPUTED
from facts.model.coverage import Cover, Marked, Periods, Since
from facts.model.schema import From, Named, Shown
from facts.model.tables import TABLES

_HALF = 2
"""A list of who came back is one of all students where at least one in so many stands in it."""


def coverage(inputs: Inputs, kinds: Collection[str] | None = None) -> Mapping[str, Cover]:
    """Kind → of which time it speaks; only kinds that are asked for and the tables that they are computed from, whose
    table is given, and that do not speak of all time. A computed fact speaks of the time of the one table that names
    its period, or shows its days."""
    if kinds is not None:
        sources = (source for kind in kinds if kind in COMPUTED for source in COMPUTED[kind].about.sources)
        kinds = {*kinds, *(source.table for source in sources if not source.earlier)}
    result: dict[str, Cover] = {}
    for kind in (*TABLES, *COMPUTED):
        table = kind if kind in TABLES else _table_of(kind)
        if table is not None and (kinds is None or kind in kinds) and inputs.exported(table) is not None:
            cover = _cover(inputs, kind, table)
            if cover is not None:
                result[kind] = cover
    return result


def _table_of(kind: str) -> str | None:
    """The table whose time a computed fact shares: one source covers a time, and the fact is of no several parts."""
    sources = [source for source in COMPUTED[kind].about.sources if not source.part]
    covering = [source.table for source in sources if isinstance(TABLES[source.table].about.covers, Named | Shown)]
    return covering[0] if len(covering) == 1 else None


def _cover(inputs: Inputs, kind: str, table: str) -> Cover | None:
    covers = TABLES[table].about.covers
    if kind == "dues":
        return Marked(table, "uncovered_year")
    match covers:
        case Named(field):
            named = Periods(field, enough(inputs, table, field))
            return Periods(field, named.covered & _listed(inputs)) if kind == "roster" else named
        case Shown():
            taught = taught_terms(inputs)
            return Periods("term", taught & _now(inputs) if kind == "silence" else taught, needed=True)
        case From(day, of, later_than):
            first = inputs.rows(table)[day].min()  # type: ignore[index]  # the table is given
            if first is pd.NaT:
                return Since(of, None)
            days = 0 if later_than is None else (inputs.parameter(later_than, 30) or 0) + 1
            return Since(of, (first + pd.Timedelta(days=days)).date())
    return None


def _now(inputs: Inputs) -> frozenset[str]:
    now = current_term(inputs)
    return frozenset() if now is None else frozenset(now["term"].astype("str"))


def _listed(inputs: Inputs) -> frozenset[str]:
    """The current term, where at least half of the students who are 在读 and come back to it have a row of it in
    checkin: else the export lists exceptions. Who entered in the year that begins with it is new."""
    now, students, checkins = current_term(inputs), inputs.rows("student"), inputs.rows("checkin")
    if now is None or students is None or checkins is None:
        return frozenset()
    before = (students["entered_on"] < now["starts_on"].to_numpy()[0]) & (students["status"] == "在读")
    years = first_terms(inputs).set_index("term")["year"]
    if str(now["term"].iloc[0]) in years:
        before &= students["entered_on"].dt.year < years[str(now["term"].iloc[0])]
    expected = pd.Index(students.loc[before, "student_no"].astype("str").unique())
    here = checkins.loc[(checkins["term"] == now["term"].iloc[0]).to_numpy(), "student_no"].astype("str")
    return _now(inputs) if len(expected) and expected.isin(here).sum() * _HALF >= len(expected) else frozenset()
