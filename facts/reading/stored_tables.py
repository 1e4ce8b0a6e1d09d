"""Which table of a database stands for which table: one that a person named or asked for, or one that is called so.

Imports SQLAlchemy, which is heavy: it is imported only where there is a database.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import URL, Select, TextClause

from facts.model.refusal import DataError
from facts.model.tables import TABLES
from facts.model.vocabulary import normal, table_names
from facts.reading.headings import match
from facts.reading.mapping import SourceMapping, Sources
from facts.sources.cells import Limits, Sheet
from facts.sources.database.connection import Database, opened
from facts.sources.database.reading import DatabaseSheet, no_rows, read_table
from facts.sources.database.statements import all_rows, columns_of, names_in, one_select


@dataclass(frozen=True)
class StoredTable:
    """One table of the contract as the database holds it, and what a person said of it."""

    kind: str
    sheet: DatabaseSheet
    mapping: SourceMapping


@dataclass(frozen=True)
class _Wanted:
    """What is to be read for a table of the contract, and what the place of its rows is called."""

    kind: str
    called: str
    statement: Select[Any] | TextClause
    mapping: SourceMapping

    def read(self, database: Database, as_of: date, most: int, *, fields_only: bool) -> StoredTable:
        """`fields_only`: of a whole table only the columns that are fields."""
        model = TABLES[self.kind]

        def fields(sheet: Sheet) -> Collection[int]:
            return match(model, sheet, self.mapping).fields.values()

        wanted = fields if fields_only else None
        sheet = read_table(
            database, self.called, self.statement, as_of=as_of, most=most, heading=model.about.heading, wanted=wanted
        )
        return StoredTable(self.kind, sheet, self.mapping)


def read_tables(
    url: URL, as_of: date, sources: Sources, only: Collection[str] | None = None, limits: Limits | None = None
) -> tuple[tuple[StoredTable, ...], tuple[str, ...]]:
    """The tables that a query or a name in the settings says, and those that are called as the contract calls them;
    and what must be said of them.

    Raises DataError: no driver, no connection, no such table, two for one, a query that fails or is no SELECT.
    """
    most = (limits or Limits()).rows
    with opened(url) as database:
        # Of what stands in several places whole rows are compared (facts.reading.merge).
        tables = [
            each.read(database, as_of, most, fields_only=len(sources.get(each.kind, ())) < 2)
            for each in _wanted(database, sources, only)
        ]
        return tuple(tables), database.remarks


def look_at_tables(
    url: URL, as_of: date, sources: Sources, rows: int
) -> tuple[tuple[StoredTable, ...], tuple[DatabaseSheet, ...]]:
    """The same tables, of whole ones the first `rows` only; and of the database's other tables the columns alone.

    Raises DataError as `read_tables` does.
    """
    with opened(url) as database:
        wanted, tables = _wanted(database, sources), []
        for each in wanted:
            some = each.statement.limit(rows) if isinstance(each.statement, Select) else each.statement
            first = _Wanted(each.kind, each.called, some, each.mapping)
            tables.append(first.read(database, as_of, Limits().rows, fields_only=False))
        others = [name for name in names_in(database) if name not in {each.called for each in wanted}]
        return tuple(tables), tuple(no_rows(database, name, columns_of(database, name)) for name in others)


def _wanted(database: Database, sources: Sources, only: Collection[str] | None = None) -> list[_Wanted]:
    """In the order of the contract. Raises DataError."""
    named: dict[str, list[str]] = {}
    for name in names_in(database):
        if kind := table_names().get(normal(name)):
            named.setdefault(kind, []).append(name)
    result: list[_Wanted] = []
    for kind in (kind for kind in TABLES if only is None or kind in only):
        blocks = sources.get(kind, ())
        for block in blocks:
            if block.query:
                result.append(_Wanted(kind, TABLES[kind].about.heading, _query(kind, block.query, block.file), block))
            elif block.table:
                result.append(_Wanted(kind, block.table, _table(database, block.table, kind, block.file), block))
        if any(block.query or block.table or block.files for block in blocks):
            continue
        if len(found := named.get(kind, [])) > 1:
            raise DataError(
                f"数据库“{database.name}”里有 {len(found)} 张表都像“{TABLES[kind].about.heading}”"
                f"（{'、'.join(found)}），请在 {sources.file} 的 [sources.{kind}] 里用 table 写明是哪一张。"
            )
        mapping = blocks[0] if blocks else sources.unsaid
        result += [_Wanted(kind, name, _table(database, name, kind, mapping.file), mapping) for name in found]
    return result


def _query(kind: str, query: str, settings: str) -> TextClause:
    statement = one_select(query)
    if statement is None:
        raise DataError(f"{settings} 的 [sources.{kind}] 里 query 只能是一条 SELECT，请改正。")
    return statement


def _table(database: Database, called: str, kind: str, settings: str) -> Select[Any]:
    statement = all_rows(database, called)
    if statement is None:
        raise DataError(f"{settings} 的 [sources.{kind}] 里 table 写的“{called}”，数据库“{database.name}”里没有。")
    return statement
