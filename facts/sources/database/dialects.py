"""How each kind of database is spoken to: its drivers, and what a transaction needs to read only and as of one moment.

PostgreSQL and MySQL (MariaDB) have such transactions; so has SQLite, whose file is opened read only besides. Oracle's
READ ONLY is as of its own beginning. SQL Server has no read-only transaction, and one moment only where its
administrator allows snapshots; else that is said, and rows are not locked to make up for it: the school works on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, LargeBinary, Text
from sqlalchemy.types import NullType, TypeEngine


@dataclass(frozen=True)
class Dialect:
    extra: str = ""
    """The extra of xuejian that installs a driver."""
    drivers: Mapping[str, str] = field(default_factory=dict)
    """Module → what SQLAlchemy calls it; the first that is installed is taken."""
    query: Mapping[str, str] = field(default_factory=dict)
    """What is added to the query of the URL."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the connection."""
    first: str | None = None
    """What the transaction begins with, where no option says it."""
    snapshots: str | None = None
    """A query that gives 1 where the options can be had; where it does not, the database shows several moments."""
    unordered: tuple[type[TypeEngine[Any]], ...] = (LargeBinary, JSON, NullType)
    """Columns that rows can't be ordered by; a NullType is one that SQLAlchemy doesn't know."""

    flags: bool = False
    """A column that is called BOOLEAN holds 1 and 0, or anything else."""
    endless: bool = False
    """A column of days may hold infinity, and days that Python has none for: the server then writes them itself."""


CONNECTING = 15
"""Seconds in which a server must answer."""
_ANSWERING = 600
WAITS: Mapping[str, Mapping[str, int]] = {
    "psycopg2": {"connect_timeout": CONNECTING},
    "psycopg": {"connect_timeout": CONNECTING},
    "pg8000": {"timeout": _ANSWERING},
    "pymysql": {"connect_timeout": CONNECTING, "read_timeout": _ANSWERING},
    "mysqldb": {"connect_timeout": CONNECTING},
    "pymssql": {"login_timeout": CONNECTING},
    "pyodbc": {"timeout": CONNECTING},
    "oracledb": {"tcp_connect_timeout": CONNECTING},
}
"""Driver → how long it waits, in seconds. To pg8000 and pymysql a server's greeting is an answer like any other: that
a query takes long must not be taken for silence."""

_MYSQL = Dialect(
    extra="mysql",
    drivers={"pymysql": "pymysql", "MySQLdb": "mysqldb"},
    query={"charset": "utf8mb4"},  # with MySQL's utf8 the server gives a ? for 𠮷
    options={"isolation_level": "REPEATABLE READ"},
    first="START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
_LOBS = (*_MYSQL.unordered, Text)
DIALECTS: Mapping[str, Dialect] = {
    "sqlite": Dialect(first="BEGIN", flags=True, unordered=(LargeBinary,)),  # a column need not have a type
    "postgresql": Dialect(
        extra="postgresql",
        drivers={"psycopg2": "psycopg2", "psycopg": "psycopg", "pg8000": "pg8000"},
        options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
        first="SET LOCAL DateStyle TO ISO",
        endless=True,
    ),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "mssql": Dialect(
        extra="sqlserver",
        drivers={"pymssql": "pymssql", "pyodbc": "pyodbc"},
        options={"isolation_level": "SNAPSHOT"},
        snapshots="SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()",
        unordered=_LOBS,
    ),
    "oracle": Dialect(
        extra="oracle",
        drivers={"oracledb": "oracledb", "cx_Oracle": "cx_oracle"},
        first="SET TRANSACTION READ ONLY",
        unordered=_LOBS,
    ),
}
"""By the name that stands first in a SQLAlchemy URL."""
