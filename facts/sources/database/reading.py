"""Reads tables of a database, read only and all as of one moment: every value as the text that a person would type.

Rows come in the order of the table's primary key, or, where it has none, of all its columns that can be ordered by;
those of a query in the order that it gives itself. The first row is row 2, as in a spreadsheet, of `数据库:表`.
Columns that are no field are named, but not read where a table stands in one place: there may be many, and photographs
among them.
"""

import hashlib
import json
import re
import sqlite3
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    URL,
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    Inspector,
    MetaData,
    NullPool,
    Select,
    Text,
    TextClause,
    case,
    cast,
    create_engine,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy import Table as Stored
from sqlalchemy.dialects.postgresql.base import PGInspector
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, NoSuchTableError, SAWarning, SQLAlchemyError
from sqlalchemy.exc import DataError as OddValue
from sqlalchemy.types import NULLTYPE

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.model.tables import TABLES
from facts.model.vocabulary import normal, table_names
from facts.reading.headings import match
from facts.reading.mapping import SourceMapping, Sources
from facts.sources.cells import Cells, Heading, Limits, Texts, Top, narrowest, trim
from facts.sources.database.address import name_of, no_driver, waits
from facts.sources.database.dialects import DIALECTS, Dialect
from facts.sources.database.refusals import why_refused
from facts.sources.texts import text_of

_AT_ONCE = 10_000
"""Rows that are in memory as Python values at one time."""
_MOMENTS = (
    "数据库“{name}”没有允许快照隔离，各表不是同一时刻的数据，读取期间的改动可能只看到一半；"
    "请管理员执行 ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON"
)
_SELECT = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"""'[^']*'|"[^"]*"|`[^`]*`|\[[^]]*\]|\b(insert|update|delete|merge|into|exec|execute|call|commit|truncate|drop|alter|create)\b""",
    re.IGNORECASE,
)
"""What changes something, outside of quotes: SQL Server has no transaction that forbids it."""
_DAYS = (1082, 1114, 1184)
"""PostgreSQL's own numbers of DATE, TIMESTAMP and TIMESTAMPTZ."""
_COLON = re.compile(r"(?<![:\w\\]):(?!as_of\b)(?=\w)")


@dataclass(frozen=True)
class DatabaseSheet:
    """The rows of a table or of a query. Made by `read_tables`."""

    file: SourceFile
    headings: tuple[str, ...]
    columns: Mapping[int, Texts]
    """By position in the headings; those that were read."""
    rows: int
    digest: bytes
    """SHA-256 of the headings and of the rows in their order, of the columns that were read."""

    def top(self) -> Top:
        return Top((self.headings,), certain=True)

    def below(self, heading: Heading) -> "DatabaseSheet":  # noqa: ARG002 (there is one heading only)
        return self

    def read(self, positions: Collection[int]) -> Cells:
        numbers = np.arange(2, self.rows + 2, dtype=np.int32)
        return Cells({position: self.columns[position] for position in positions}, numbers, {}, records=True)


@dataclass(frozen=True)
class Read:
    """One table of the contract as the database holds it, and what a person said of it."""

    kind: str
    sheet: DatabaseSheet
    said: SourceMapping


def read_tables(
    url: URL, as_of: date, sources: Sources, only: Collection[str] | None = None, limits: Limits | None = None
) -> tuple[tuple[Read, ...], tuple[str, ...]]:
    """The tables that a query or a name in xuejian.toml says, and those that are called as the contract calls them;
    and what must be said of them.

    Raises DataError: no driver, no connection, no such table, two for one, a query that fails or is no SELECT.
    """
    name, most = name_of(url), (limits or Limits()).rows
    with _reading(url, name) as (connection, remarks):
        tables = []
        for kind, called, statement, said in _wanted(connection, name, sources, only):
            file = SourceFile(f"{name}:{called}")
            read = partial(_sheet, connection, file, as_of=as_of, kind=kind, most=most)
            # A query says what it reads; and of what stands in several places whole rows are
            # compared (facts.reading.merge).
            if isinstance(statement, Select) and len(sources.get(kind, ())) < 2:
                tables.append(Read(kind, _fields(kind, file, statement, said, read), said))
            else:
                tables.append(Read(kind, read(statement), said))
    return tuple(tables), remarks


def look_at_tables(
    url: URL, as_of: date, sources: Sources, rows: int
) -> tuple[tuple[Read, ...], tuple[DatabaseSheet, ...]]:
    """The same tables, of whole ones the first `rows` only; and of the database's other tables the columns alone.

    Raises DataError as `read_tables` does.
    """
    name, most = name_of(url), Limits().rows
    with _reading(url, name) as (connection, _):
        wanted, reads = _wanted(connection, name, sources, None), []
        for kind, called, statement, said in wanted:
            some = statement.limit(rows) if isinstance(statement, Select) else statement
            sheet = _sheet(connection, SourceFile(f"{name}:{called}"), some, as_of, kind, most)
            reads.append(Read(kind, sheet, said))
        seen, taken = inspect(connection), {called for _, called, _, _ in wanted}
        others = []
        for table in sorted(_names(seen) - taken):
            columns = tuple(column["name"] for column in seen.get_columns(table))
            none = {position: _column([]) for position in range(len(columns))}
            others.append(DatabaseSheet(SourceFile(f"{name}:{table}"), columns, none, 0, b""))
        return tuple(reads), tuple(others)


@contextmanager
def _reading(url: URL, name: str) -> Iterator[tuple[Connection, tuple[str, ...]]]:
    """A transaction that reads only, and what must be said of it; whatever happens, it is rolled back."""
    try:
        options = _sqlite(url, name) or {"connect_args": waits(url)}
        # How a SQLite file is opened is settled, whatever its URL says.
        plain = url.set(query={}) if "creator" in options else url
        engine = create_engine(plain, poolclass=NullPool, hide_parameters=True, **options)
    except (NoSuchModuleError, ImportError):
        raise no_driver(url) from None
    except (ArgumentError, TypeError):
        raise DataError(f"数据库“{name}”的地址不能用，请核对 URL。") from None
    dialect = DIALECTS[url.get_backend_name()]
    try:
        with _connection(engine) as connection:
            one_moment = _has_moments(connection, dialect)
            if one_moment:
                connection.execution_options(**dialect.options)
            if dialect.first:
                connection.exec_driver_sql(dialect.first)
            try:
                yield connection, () if one_moment else (_MOMENTS.format(name=name),)
            finally:
                connection.rollback()
    except (SQLAlchemyError, sqlite3.Error, OSError, RuntimeError, UnicodeError) as error:
        if cause := why_refused(error):
            raise DataError(f"连不上数据库“{name}”：{cause}。") from None
        raise DataError(f"连不上数据库“{name}”，或连接中断：请核对地址、端口、帐号、密码和权限。") from None


def _connection(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except AttributeError:  # pg8000's, where the server asks for a password and the URL has none
        raise OSError("no password supplied") from None


def _has_moments(connection: Connection, dialect: Dialect) -> bool:
    """Whether what is read in one transaction is as of one moment."""
    if dialect.snapshots is None:
        return True
    allowed = connection.exec_driver_sql(dialect.snapshots).scalar()
    connection.rollback()  # the options hold from a transaction's beginning
    return allowed == 1


def _sqlite(url: URL, name: str) -> dict[str, Any]:
    """How a SQLite file is opened: it is never made, never written."""
    if url.get_backend_name() != "sqlite":
        return {}
    path = Path(url.database or "")
    if not path.is_file():
        raise DataError(f"找不到 SQLite 数据库“{name}”，请核对路径。")
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    # Its transactions begin where we say, not where the module thinks; one connection, one thread.
    return {"creator": partial(_connected, address)}


def _connected(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    # A text that is none stops only the row that it stands in (_text).
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    return connection


def _names(seen: Inspector) -> set[str]:
    """Everything in it that has rows."""
    names = {*seen.get_table_names(), *seen.get_view_names()}
    with suppress(NotImplementedError):
        names |= {*seen.get_materialized_view_names()}
    if isinstance(seen, PGInspector):
        names |= {*seen.get_foreign_table_names()}
    return names


_Wanted = tuple[str, str, "Select[Any] | TextClause", SourceMapping]


def _wanted(connection: Connection, name: str, sources: Sources, only: Collection[str] | None) -> list[_Wanted]:
    """Table of the contract, what its rows' place is called, how they are read, what a person said of them."""
    seen = inspect(connection)
    result: list[_Wanted] = []
    named: dict[str, list[str]] = {}
    for table in sorted(_names(seen)):
        if kind := table_names().get(normal(table)):
            named.setdefault(kind, []).append(table)
    for kind in (kind for kind in TABLES if only is None or kind in only):
        blocks = sources.get(kind, ())
        for block in blocks:
            if block.query:
                result.append((kind, TABLES[kind].about.heading, _query(kind, block.query, block.file), block))
            elif block.table:
                result.append((kind, block.table, _named(connection, block.table, kind, name, block.file), block))
        if any(block.query or block.table or block.files for block in blocks):
            continue
        if len(found := named.get(kind, [])) > 1:
            raise DataError(
                f"数据库“{name}”里有 {len(found)} 张表都像“{TABLES[kind].about.heading}”（{'、'.join(found)}），"
                f"请在 {sources.file} 的 [sources.{kind}] 里用 table 写明是哪一张。"
            )
        said = blocks[0] if blocks else sources.unsaid
        result += [(kind, table, _named(connection, table, kind, name, said.file), said) for table in found]
    return result


def _query(kind: str, query: str, settings: str) -> TextClause:
    """One SELECT; of what stands behind a colon only :as_of is a parameter."""
    query = query.strip().removesuffix(";")
    if ";" in query or not _SELECT.match(query) or any(found[1] for found in _CHANGES.finditer(query)):
        raise DataError(f"{settings} 的 [sources.{kind}] 里 query 只能是一条 SELECT，请改正。")
    return text(_COLON.sub(r"\\:", query))


def _named(connection: Connection, called: str, kind: str, name: str, settings: str) -> "Select[Any]":
    """A whole table by its name, or by that of its schema and its own."""
    schema, _, table = called.rpartition(".")
    try:
        with warnings.catch_warnings(action="ignore", category=SAWarning):  # of types that it doesn't know
            stored = Stored(table, MetaData(), schema=schema or None, autoload_with=connection, resolve_fks=False)
    except NoSuchTableError:
        raise DataError(f"{settings} 的 [sources.{kind}] 里 table 写的“{called}”，数据库“{name}”里没有。") from None
    return whole(stored, DIALECTS[connection.engine.url.get_backend_name()])


def whole(stored: Stored, dialect: Dialect) -> "Select[Any]":
    """All rows of a table, in an order that is the same the next time."""
    order = [*stored.primary_key.columns] or [c for c in stored.columns if not isinstance(c.type, dialect.unordered)]
    return select(*(_raw(column, dialect) for column in stored.columns)).order_by(*order)


def _raw(column: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """As the driver gives it: SQLAlchemy's types refuse what the column may hold all the same."""
    if dialect.flags and isinstance(column.type, Boolean):
        return case((column == 1, "是"), (column == 0, "否"), else_=type_coerce(column, NULLTYPE)).label(column.key)
    if dialect.endless and isinstance(column.type, Date | DateTime):
        zone = isinstance(column.type, DateTime) and column.type.timezone
        return cast(column if zone else cast(column, Date), Text).label(column.key)  # in no zone it is the day: _text
    return type_coerce(column, NULLTYPE)


def _fields(
    kind: str,
    file: SourceFile,
    statement: "Select[Any]",
    said: SourceMapping,
    read: "Callable[[Select[Any]], DatabaseSheet]",
) -> DatabaseSheet:
    """A table, of which only the columns are read that are fields."""
    columns = [*statement.selected_columns]
    named = DatabaseSheet(file, tuple(statement.selected_columns.keys()), {}, 0, b"")
    positions = [*match(TABLES[kind], named, said).fields.values()]
    sheet = read(statement.with_only_columns(*(columns[position] for position in positions)))
    return replace(sheet, headings=named.headings, columns=dict(zip(positions, sheet.columns.values(), strict=True)))


def _sheet(
    connection: Connection, file: SourceFile, statement: "Select[Any] | TextClause", as_of: date, kind: str, most: int
) -> DatabaseSheet:
    given = {"as_of": as_of} if isinstance(statement, TextClause) and ":as_of" in statement.text else {}
    chosen = statement.bindparams(**given) if isinstance(statement, TextClause) else statement
    digest, rows = hashlib.sha256(), 0
    try:
        with connection.execute(chosen, execution_options={"stream_results": True, "yield_per": _AT_ONCE}) as found:
            headings = tuple(found.keys())
            if len(set(trim(headings))) < len(headings):
                raise DataError(f"“{file.path}”读出了同名的列，请在 query 里用 AS 改名。")
            digest.update(json.dumps(headings, ensure_ascii=False).encode())
            parts: list[list[pa.DictionaryArray]] = [[] for _ in headings]
            for chunk in found.partitions(_AT_ONCE):
                rows += len(chunk)
                if rows > most:
                    raise DataError(f"“{file.path}”超过 {most} 行，大得不像一份导出，没有读完；请在 query 里限定范围。")
                for part, values in zip(parts, zip(*chunk, strict=True), strict=True):
                    texts = [value if type(value) is str and value.isascii() else _text(value) for value in values]
                    digest.update(json.dumps(texts).encode())
                    column = pa.array(texts, pa.string())
                    part.append(pc.if_else(pc.equal(column, ""), None, column).dictionary_encode())
    except (ValueError, OverflowError, OddValue):
        days = _days(connection, statement.text, given) if isinstance(statement, TextClause) else []
        which = f"日期列（{'、'.join(days)}）" if days else "这一列"
        raise DataError(
            f"“{file.path}”里有读不出的值（如日期 infinity 或公元前的日期），没有读；"
            f"请改正，或在 query 里把{which}转成文字。"
        ) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        if cause := why_refused(error):
            raise DataError(f"读不完“{file.path}”：{cause}。") from None
        raise DataError(
            f"从“{file.path}”读不出“{TABLES[kind].about.heading}”：查询有错、没有读的权限，或它要改动数据；请核对。"
        ) from None
    return DatabaseSheet(file, headings, dict(enumerate(map(_column, parts))), rows, digest.digest())


def _days(connection: Connection, query: str, given: Mapping[str, date]) -> list[str]:
    """The columns of a query that PostgreSQL says are days or moments; of none of its rows."""
    none = text(f"SELECT * FROM ({query}\n) AS q LIMIT 0")  # noqa: S608 (it has just been run as it is)
    with suppress(SQLAlchemyError), connection.execute(none, given) as found:
        return [str(each[0]) for each in (found.cursor and found.cursor.description) or () if each[1] in _DAYS]
    return []


def _column(parts: Sequence[pa.DictionaryArray]) -> Texts:
    if not parts:
        return Texts(np.zeros(0, np.int8), pa.array([], pa.string()))
    chunks = pa.chunked_array(parts).unify_dictionaries().chunks
    small = narrowest(len(chunks[0].dictionary))
    codes = [pc.fill_null(chunk.indices, -1).to_numpy().astype(small) for chunk in chunks]
    return Texts(np.concatenate(codes), chunks[0].dictionary)


def _text(value: object) -> str:
    """As a person would type it. Of a moment in no zone it is the day: Oracle has no date without a time. Of bytes that
    are no text the beginning tells what they are, so that a column of photographs stops nothing."""
    match value:
        case bool():
            return "是" if value else "否"
        case datetime() if value.tzinfo is None:
            return value.date().isoformat()
        case b"\0" | b"\1":
            return str(value[0])  # MySQL's BIT(1)
        case bytes() | bytearray() | memoryview():
            return _text_of_bytes(bytes(value))
        case str():
            return value if value.isprintable() else _text_of_escaped(value)
    return text_of(value)


def _text_of_escaped(value: str) -> str:
    """A lone surrogate is no text: it stands for a byte of SQLite's (`_connected`), or for nothing."""
    try:
        raw = value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = value.encode("utf-8", "replace")
    if raw.decode("utf-8", "replace") == value:
        return value  # control characters are for the parser
    return _text_of_bytes(raw)


def _text_of_bytes(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = "\0"
    return text if text.isprintable() else f"0x{value[:16].hex()}"
