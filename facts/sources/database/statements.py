"""What a database is asked: the names of what it holds, all rows of a table, or a query that a person wrote."""

import re
import warnings
from contextlib import suppress
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    MetaData,
    Select,
    Table,
    Text,
    TextClause,
    case,
    cast,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.exc import NoSuchTableError, SAWarning
from sqlalchemy.types import NULLTYPE

from facts.sources.database.connection import Database
from facts.sources.database.dialects import Dialect

_SELECT = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^]]*\]|\b(insert|update|delete|merge|into|exec|execute|call|commit|truncate|drop|alter|create)\b""",
    re.IGNORECASE,
)
"""What changes something, outside of quotes: SQL Server has no transaction that forbids it."""
_COLON = re.compile(r"(?<![:\w\\]):(?!as_of\b)(?=\w)")


def names_in(database: Database) -> list[str]:
    """The names of everything in it that has rows, in order."""
    inspector = inspect(database.connection)
    names = {*inspector.get_table_names(), *inspector.get_view_names()}
    with suppress(NotImplementedError):
        names |= {*inspector.get_materialized_view_names()}
    if isinstance(inspector, PGInspector):
        names |= {*inspector.get_foreign_table_names()}
    return sorted(names)


def columns_of(database: Database, table: str) -> tuple[str, ...]:
    """The names of a table's columns."""
    return tuple(column["name"] for column in inspect(database.connection).get_columns(table))


def one_select(query: str) -> TextClause | None:
    """The query, of which only :as_of is a parameter; none where it is anything else than one SELECT."""
    query = query.strip().removesuffix(";")
    if ";" in query or not _SELECT.match(query) or any(found[1] for found in _CHANGES.finditer(query)):
        return None
    return text(_COLON.sub(r"\\:", query))


def all_rows(database: Database, called: str) -> Select[Any] | None:
    """A whole table by its name, or by that of its schema and its own; none where there is no such table."""
    schema, _, name = called.rpartition(".")
    try:
        with warnings.catch_warnings(action="ignore", category=SAWarning):  # of types that it doesn't know
            table = Table(name, MetaData(), schema=schema or None, autoload_with=database.connection, resolve_fks=False)
    except NoSuchTableError:
        return None
    return whole(table, database.dialect)


def whole(table: Table, dialect: Dialect) -> Select[Any]:
    """All rows of a table, in an order that is the same the next time."""
    order = [*table.primary_key.columns] or [c for c in table.columns if not isinstance(c.type, dialect.unordered)]
    return select(*(_raw(column, dialect) for column in table.columns)).order_by(*order)


def _raw(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """As the driver gives it: SQLAlchemy's types refuse what the column may hold all the same."""
    if dialect.flags and isinstance(column.type, Boolean):
        return case((column == 1, "是"), (column == 0, "否"), else_=type_coerce(column, NULLTYPE)).label(column.key)
    if dialect.endless and isinstance(column.type, Date | DateTime):
        zone = isinstance(column.type, DateTime) and column.type.timezone
        return cast(column if zone else cast(column, Date), Text).label(column.key)  # in no zone it is the day: _text
    return type_coerce(column, NULLTYPE)
