"""What became of the rows of a table, as reports know it: counts, and the rows set aside with what they hide hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from checks.findings import masking
from checks.results import TableInfo
from facts.model.schema import columns
from facts.model.snapshot import SetAside, Snapshot, Table
from facts.model.tables import TABLES
from facts.model.values import parse_code_text
from facts.model.vocabulary import readable

CALENDAR = tuple(kind for kind, model in TABLES.items() if model.about.calendar)
"""The tables with which deadlines are counted."""


@dataclass(frozen=True)
class Accounts:
    """What became of every row of a snapshot, and nothing else: no rule was judged."""

    path: str
    as_of: date
    sha256: str
    tables: tuple[TableInfo, ...]
    set_aside: tuple[SetAside, ...]
    """The first rows of each table."""
    ignored: tuple[str, ...]
    personal_shown: bool = False

    @property
    def count(self) -> int:
        """Rows set aside."""
        return sum(table.set_aside for table in self.tables)

    @property
    def complete(self) -> bool:
        """Every row was read, and no table lacks a column that it must have."""
        return not self.count and not any(table.lacking for table in self.tables)

    @property
    def unlisted(self) -> int:
        """Of those: rows that are not listed one by one, because there are too many."""
        return self.count - len(self.set_aside)


def accounts(snapshot: Snapshot, *, personal: bool = False) -> Accounts:
    return Accounts(
        snapshot.path,
        snapshot.as_of,
        snapshot.sha256,
        tuple(table_info(table) for table in snapshot.tables.values()),
        tuple(row for table in snapshot.tables.values() for row in set_aside_rows(table, personal)),
        snapshot.ignored,
        personal,
    )


def table_info(table: Table) -> TableInfo:
    files = tuple(f"{f.path}#{f.sheet}" if f.sheet else f.path for f in table.files)
    model = TABLES[table.name]
    lacking = (c.heading for name, c in readable(model).items() if c.required and name not in table.fields)
    return TableInfo(
        table.name,
        model.about.heading,
        files,
        table.read,
        table.accepted,
        table.set_aside_count,
        table.extra,
        table.normalised,
        table.duplicates,
        table.counts,
        tuple(lacking),
        tuple(sorted(table.reasons, key=lambda reason: -reason.rows)),
        tuple(replace(each, text=masking.stranger(each.text, named=False)) for each in table.put_aside),
    )


def set_aside_rows(table: Table, personal: bool) -> Iterator[SetAside]:
    """The rows set aside (the first ones), whatever the file calls the column; `personal`: names and numbers shown."""
    fields = columns(TABLES[table.name])
    named = any(column.personal for column in fields.values())
    codes = {(each.field, each.text) for each in table.unknown}
    for row in table.set_aside:
        column, value = fields.get(row.field), row.value
        if column and value and (column.secret or (column.personal and not personal)):
            value = masking.GIVEN if column.secret else masking.mask(column, value)
        elif value and not personal and (row.field, parse_code_text(value)) not in codes:
            value = masking.stranger(value, named=named)
        yield replace(row, value=value)
