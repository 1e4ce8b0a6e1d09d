"""The database that the history is kept in: where it is, how it is opened, and how writers take turns."""

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, NullPool, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from checks.history.errors import HistoryError
from facts.model.refusal import DataError, why
from facts.sources.database.address import address as database_address
from facts.sources.database.address import name_of, no_driver, waits
from facts.sources.database.connection import connected
from facts.sources.database.refusals import why_refused

NAME = "history.sqlite3"
"""The file in the folder of the fingerprint key, where no other place is given."""
WAIT = 60
"""Seconds that a writer waits for its turn."""
_WRITES = "xuejian_writes"
_LOCK = 0x7875656A  # any number, the same for all writers
_RAW = (OSError, RuntimeError, UnicodeError, EOFError)
"""What drivers let through from below, where the server is gone."""


def address(place: str | None, home: Path, password_file: Path | None = None) -> URL:
    """The URL of a store, as that of a source of data is written; or the path of a SQLite file; by default the one
    beside the key. The password is that of the file where the URL has none: the file may be the data source's."""
    if place is None or "://" not in place:
        return URL.create("sqlite", database=str(Path(place) if place else home / NAME))
    try:
        url = database_address(place)
        if password_file and url.password is None and url.get_backend_name() != "sqlite":
            url = database_address(place, password_file)
    except DataError as error:
        raise HistoryError(f"历史库：{error}") from None
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
        options = {"connect_args": {"timeout": WAIT} if file else waits(url)}
        # Every transaction ends here, one way or the other: nothing is left for the pool to undo.
        engine = create_engine(url, poolclass=NullPool, pool_reset_on_return=None, hide_parameters=True, **options)
    except (NoSuchModuleError, ImportError):
        raise HistoryError(f"历史库：{no_driver(url)}") from None
    except OSError as error:
        raise HistoryError(f"历史库所在的文件夹 {error.filename} 建不了：{why(error)}") from None
    except (ArgumentError, TypeError, ValueError):
        raise HistoryError(f"历史库 {shown(url)} 的地址不能用，请核对 URL") from None
    event.listen(engine, "handle_error", _unforeseen)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _plain_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_private(url: URL) -> None:
    """A SQLite file that is not there yet is made so that only its owner reads it; one that is there must hold
    something: SQLite would take an empty one for new, and all that is known of earlier months would be lost in silence.
    Raises HistoryError."""
    file = _file(url)
    if file is None:
        return
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        there = file.stat()
        # Another process may be making it just now.
        if stat.S_ISREG(there.st_mode) and there.st_size == 0 and time.time() - there.st_mtime > WAIT:
            raise HistoryError(
                f"历史库 {shown(url)} 是空文件（0 字节），以前的记录不在里面：请用备份恢复；从没有记过的，删去它再运行"
            ) from None
    except OSError as error:
        raise HistoryError(f"历史库 {shown(url)} 建不了：{why(error)}") from None


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """All or nothing. A writer waits for its turn, so that what it read stays true until it has written."""
    inside: Exception | None = None
    try:
        with (
            _connected(engine) as plain,
            plain.execution_options(**{_WRITES: writes}) as connection,
            connection.begin(),
        ):
            if writes and engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT}s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            try:
                yield connection
            except Exception as error:
                inside = error
                raise
    except SQLAlchemyError as error:
        raise HistoryError(_sentence(error, engine.url)) from None
    except _RAW as error:
        if error is inside:  # the caller's own, of a file or anything else
            raise
        raise HistoryError(_sentence(error, engine.url)) from None


def _connected(engine: Engine) -> Connection:
    try:
        return connected(engine)
    except DataError as error:
        raise HistoryError(f"历史库：{str(error).removesuffix('。')}") from None


def refuse_damaged(connection: Connection, url: URL) -> None:
    """Raises HistoryError where a SQLite file is damaged anywhere: what SQLite happens to read may be whole all the
    same, and findings that stood in the rest would be taken for solved, or for new."""
    if url.get_backend_name() == "sqlite" and connection.execute(text("PRAGMA integrity_check(1)")).scalar() != "ok":
        raise HistoryError(_damaged(url))


def _damaged(url: URL) -> str:
    damaged = f"历史库 {shown(url)} 已损坏（磁盘出错，或没有拷贝完整），以前的记录读不全"
    return f"{damaged}：请用备份恢复，或用 --history 另建一个"


def shown(url: URL) -> str:
    """Its name alone: no host, no user, no password."""
    return name_of(url)


def _file(url: URL) -> Path | None:
    plain = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)) if plain and not str(url.database).startswith("file:") else None


def _plain_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the module thinks


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _unforeseen(context: ExceptionContext) -> None:
    """What a driver lets through while it works must not be taken for the caller's own."""
    if isinstance(context.original_exception, _RAW) and context.engine:
        raise HistoryError(_sentence(context.original_exception, context.engine.url))


def _sentence(error: BaseException, url: URL) -> str:
    """Of a server nothing that its driver says: it may hold the address, the user or data."""
    reason = str(error.orig) if isinstance(error, DBAPIError) and error.orig else str(error)
    if "locked" in reason or "lock timeout" in reason:
        return f"历史库 {shown(url)} 正被另一个进程占用（已等{WAIT}秒），请稍后再试"
    if isinstance(error, IntegrityError):
        return f"历史库 {shown(url)} 同时被写入了同一个月的记录，请再运行一次"
    if "malformed" in reason or "not a database" in reason:
        return _damaged(url)
    if url.get_backend_name() != "sqlite":
        if cause := why_refused(error):
            return f"连不上历史库“{shown(url)}”：{cause}"
        return f"连不上历史库“{shown(url)}”，或连接中断、写不进去：请核对地址、端口、帐号、密码、权限和磁盘空间"
    reason = reason.splitlines()[0][:200] if reason else type(error).__name__
    return f"历史库 {shown(url)} 打不开或写不了：{reason}；请检查地址、权限和磁盘空间"
