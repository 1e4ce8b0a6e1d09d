"""The database that the history is kept in: where it is, how it is opened, and how writers take turns."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from checks.history.errors import HistoryError
from rules.errors import why

NAME = "history.sqlite3"
"""The file in the folder of the fingerprint key, where no other place is given."""
WAIT = 60
"""Seconds that a writer waits for its turn."""
_POSTGRESQL = (("psycopg2", "postgresql+psycopg2"), ("psycopg", "postgresql+psycopg"), ("pg8000", "postgresql+pg8000"))
_WRITES = "xuejian_writes"
_LOCK = 0x7875656A  # any number, the same for all writers


def address(given: str | None, home: Path) -> URL:
    """The URL of a store: a SQLAlchemy URL, or the path of a SQLite file; by default the one beside the key."""
    if given is None or "://" not in given:
        return URL.create("sqlite", database=str(Path(given) if given else home / NAME))
    try:
        url = make_url(given)
    except ArgumentError:
        raise HistoryError(
            "历史库地址不是合法的 URL，应如 sqlite:///history.sqlite3 或 postgresql://用户@主机/库"
        ) from None
    if url.drivername == "postgresql":
        found = next((driver for module, driver in _POSTGRESQL if find_spec(module)), None)
        if found is None:
            raise HistoryError("连接 PostgreSQL 需要驱动，请安装：pip install 'xuejian[postgresql]'")
        url = url.set(drivername=found)
    return url


def is_there(url: URL) -> bool:
    """False where the store is a SQLite file that does not exist yet."""
    file = _file(url)
    try:
        return file is None or file.exists()
    except OSError:  # a name that can't be one: opening it says so
        return True


def connect(url: URL) -> Engine:
    """An engine whose writers take turns; nothing is opened yet."""
    file = _file(url)
    try:
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT} if file else {})
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise HistoryError(f"历史库 {shown(url)} 的数据库驱动没有安装：{error}") from None
    except OSError as error:
        raise HistoryError(f"历史库所在的文件夹 {error.filename} 建不了：{why(error)}") from None
    except ArgumentError as error:
        raise HistoryError(f"历史库地址 {shown(url)} 不能用：{error}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _plain_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """All or nothing. A writer waits for its turn, so that what it read stays true until it has written."""
    try:
        with engine.connect() as plain, plain.execution_options(**{_WRITES: writes}) as connection, connection.begin():
            if writes and engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection
    except SQLAlchemyError as error:
        raise HistoryError(_said(error, engine)) from None


def shown(url: URL) -> str:
    """Without its password."""
    return _file(url).name if _file(url) else url.render_as_string(hide_password=True)  # type: ignore[union-attr]


def _file(url: URL) -> Path | None:
    plain = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)) if plain and not str(url.database).startswith("file:") else None


def _plain_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the module thinks


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _said(error: SQLAlchemyError, engine: Engine) -> str:
    reason = str(error.orig) if isinstance(error, DBAPIError) and error.orig else str(error)
    reason = reason.splitlines()[0][:200] if reason else type(error).__name__
    if "locked" in reason or "lock timeout" in reason:
        return f"历史库 {shown(engine.url)} 正被另一个进程占用（已等{WAIT}秒），请稍后再试"
    if isinstance(error, IntegrityError):
        return f"历史库 {shown(engine.url)} 同时被写入了同一个月的记录，请再运行一次：{reason}"
    return f"历史库 {shown(engine.url)} 打不开或写不了：{reason}；请检查地址、权限和磁盘空间"
