"""Reads rows of a database: every value as the text that a person would type.

Rows come in the order of the table's primary key, or, where it has none, of all its columns that can be ordered by;
those of a query in the order that it gives itself. The first row is row 2, as in a spreadsheet, of `数据库:表`.
Of a table only the columns that are wanted are read: there may be many, and photographs among them.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Select, TextClause, text
from sqlalchemy.exc import DataError as OddValue
from sqlalchemy.exc import SQLAlchemyError

from facts.model.refusal import DataError
from facts.model.snapshot import SourceFile
from facts.sources.cells import Cells, Heading, Texts, Top, trim
from facts.sources.database.connection import Database
from facts.sources.database.refusals import why_refused
from facts.sources.texts import codes_of, no_texts, text_of

_AT_ONCE = 10_000
"""Rows that are in memory as Python values at one time."""
_DAYS = (1082, 1114, 1184)
"""PostgreSQL's own numbers of DATE, TIMESTAMP and TIMESTAMPTZ."""


@dataclass(frozen=True)
class DatabaseSheet:
    """The rows of a table or of a query. Made by `read_table`."""

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


def read_table(
    database: Database,
    called: str,
    statement: Select[Any] | TextClause,
    *,
    as_of: date,
    most: int,
    heading: str,
    wanted: Callable[[DatabaseSheet], Collection[int]] | None = None,
) -> DatabaseSheet:
    """The rows that the statement gives, at most `most`, as a sheet of the file `database:called`.

    `heading`: the table that they stand for, as messages call it. `wanted`: of a SELECT, told from a sheet with its
    headings and no rows, the positions of the columns that are read; without it all are. Raises DataError.
    """
    file = SourceFile(f"{database.name}:{called}")
    if wanted is None or isinstance(statement, TextClause):
        return _sheet(database.connection, file, statement, as_of, heading, most)
    columns = [*statement.selected_columns]
    named = no_rows(database, called, statement.selected_columns.keys())
    positions = [*wanted(named)]
    chosen = statement.with_only_columns(*(columns[position] for position in positions))
    sheet = _sheet(database.connection, file, chosen, as_of, heading, most)
    return replace(sheet, headings=named.headings, columns=dict(zip(positions, sheet.columns.values(), strict=True)))


def no_rows(database: Database, called: str, headings: Sequence[str]) -> DatabaseSheet:
    """A table of which no row has been read."""
    columns = {position: no_texts() for position in range(len(headings))}
    return DatabaseSheet(SourceFile(f"{database.name}:{called}"), tuple(headings), columns, 0, b"")


def _sheet(
    connection: Connection, file: SourceFile, statement: Select[Any] | TextClause, as_of: date, heading: str, most: int
) -> DatabaseSheet:
    parameters = {"as_of": as_of} if isinstance(statement, TextClause) and ":as_of" in statement.text else {}
    chosen = statement.bindparams(**parameters) if isinstance(statement, TextClause) else statement
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
        days = _days(connection, statement.text, parameters) if isinstance(statement, TextClause) else []
        which = f"日期列（{'、'.join(days)}）" if days else "这一列"
        raise DataError(
            f"“{file.path}”里有读不出的值（如日期 infinity 或公元前的日期），没有读；"
            f"请改正，或在 query 里把{which}转成文字。"
        ) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        if cause := why_refused(error):
            raise DataError(f"读不完“{file.path}”：{cause}。") from None
        raise DataError(f"从“{file.path}”读不出“{heading}”：查询有错、没有读的权限，或它要改动数据；请核对。") from None
    return DatabaseSheet(file, headings, dict(enumerate(map(_column, parts))), rows, digest.digest())


def _days(connection: Connection, query: str, parameters: Mapping[str, date]) -> list[str]:
    """The columns of a query that PostgreSQL says are days or moments; of none of its rows."""
    none = text(f"SELECT * FROM ({query}\n) AS q LIMIT 0")  # noqa: S608 (it has just been run as it is)
    with suppress(SQLAlchemyError), connection.execute(none, parameters) as found:
        return [str(each[0]) for each in (found.cursor and found.cursor.description) or () if each[1] in _DAYS]
    return []


def _column(parts: Sequence[pa.DictionaryArray]) -> Texts:
    return Texts(*codes_of(pa.chunked_array(parts))) if parts else no_texts()


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
    """A lone surrogate is no text: it stands for a byte of SQLite's (`connection.opened`), or for nothing."""
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
