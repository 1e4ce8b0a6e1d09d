"""A connection to a database for reading: one transaction that changes nothing, all of it as of one moment."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from facts.model.refusal import DataError
from facts.sources.database.address import name_of, no_driver, waits
from facts.sources.database.dialects import DIALECTS, Dialect
from facts.sources.database.refusals import why_refused

_MOMENTS = (
    "数据库“{name}”没有允许快照隔离，各表不是同一时刻的数据，读取期间的改动可能只看到一半；"
    "请管理员执行 ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON"
)


@dataclass(frozen=True)
class Database:
    """A database, as long as its transaction lasts (`opened`)."""

    name: str
    """As messages call it."""
    connection: Connection
    dialect: Dialect
    remarks: tuple[str, ...] = ()
    """What must be said of all that is read from it: a sentence each, without its full stop."""


@contextmanager
def opened(url: URL) -> Iterator[Database]:
    """The database in a transaction that reads only; whatever happens, it is rolled back. Raises DataError: no driver,
    no connection."""
    name = name_of(url)
    try:
        options = _sqlite(url, name) or {"connect_args": waits(url)}
        # How a SQLite file is opened is settled, whatever its URL says.
        plain = url.set(query={}) if "creator" in options else url
        engine = create_engine(plain, poolclass=NullPool, hide_parameters=True, **options)
    except (NoSuchModuleError, ImportError):
        raise no_driver(url) from None
    except (ArgumentError, TypeError, ValueError):
        raise DataError(f"数据库“{name}”的地址不能用，请核对 URL。") from None
    dialect = DIALECTS[url.get_backend_name()]
    try:
        with connected(engine) as connection:
            one_moment = _has_moments(connection, dialect)
            if one_moment:
                connection.execution_options(**dialect.options)
            if dialect.first:
                connection.exec_driver_sql(dialect.first)
            try:
                yield Database(name, connection, dialect, () if one_moment else (_MOMENTS.format(name=name),))
            finally:
                connection.rollback()
    except (SQLAlchemyError, sqlite3.Error, OSError, RuntimeError, UnicodeError) as error:
        if cause := why_refused(error):
            raise DataError(f"连不上数据库“{name}”：{cause}。") from None
        raise DataError(f"连不上数据库“{name}”，或连接中断：请核对地址、端口、帐号、密码和权限。") from None


def connected(engine: Engine) -> Connection:
    """Raises what SQLAlchemy raises and OSError; DataError where it is the URL that the driver can't work with."""
    try:
        return engine.connect()
    except AttributeError:  # pg8000's, where the server asks for a password and the URL has none
        raise OSError("no password supplied") from None
    except (SQLAlchemyError, OSError, RuntimeError, UnicodeError, EOFError):
        raise
    except Exception:  # each driver has its own errors for what it is told: an option, a file that an option names
        raise DataError(
            f"数据库“{name_of(engine.url)}”的地址驱动用不了：缺少用户名（应如 postgresql://用户:${{PGPASSWORD}}@主机/库），"
            "或有它不认得的选项、选项的值不对，请核对 URL。"
        ) from None


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
    # A text that is none stops only the row that it stands in (`facts.sources.database.reading`).
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    return connection
