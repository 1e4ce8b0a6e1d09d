"""Where a database is, from a SQLAlchemy URL: its driver chosen, its secrets put in; they are never shown again."""

import logging
import os
import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from facts.model.refusal import DataError
from facts.model.regular import content
from facts.sources.database.dialects import DIALECTS, WAITS

_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# What SQLAlchemy's pool logs of a connection that broke is a traceback on stderr: here it is said in one sentence.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())


def address(text: str, password_file: Path | None = None, folder: Path | None = None) -> URL:
    """The URL with `${NAME}` taken from the environment, and the password from the file where one is given. The path of
    a SQLite file counts from `folder`, else from the current one.

    Raises DataError: no URL, a kind of database that isn't known, a driver, a variable or a file that is not there.
    """
    try:
        url = make_url(_SECRET.sub(_from_environment, text))
    except (ArgumentError, ValueError):
        raise DataError(
            "数据库地址不是合法的 URL，应如 postgresql://用户:${PGPASSWORD}@主机/库 或 sqlite:///文件。"
        ) from None
    dialect = DIALECTS.get(url.get_backend_name())
    if dialect is None:
        raise DataError(f"不认得“{url.get_backend_name()}”这种数据库，可用的有：{'、'.join(DIALECTS)}。")
    if url.drivername == url.get_backend_name() and dialect.drivers:
        driver = next((name for module, name in dialect.drivers.items() if find_spec(module)), None)
        if driver is None:
            raise no_driver(url)
        url = url.set(drivername=f"{url.drivername}+{driver}")
    if folder and url.database and url.get_backend_name() == "sqlite":
        url = url.set(database=str(folder / url.database))
    url = url.update_query_dict(dialect.query)
    if password_file is None:
        return url
    try:
        return url.set(password=content(password_file).decode("utf-8-sig").rstrip("\r\n"))
    except (OSError, UnicodeDecodeError):
        raise DataError(f"password_file 指的文件“{password_file.name}”读不了，请检查路径和权限。") from None


def waits(url: URL) -> dict[str, int]:
    """What the driver is told of waiting, but for what the URL says itself."""
    return {name: seconds for name, seconds in WAITS.get(url.get_driver_name(), {}).items() if name not in url.query}


def no_driver(url: URL) -> DataError:
    """What is said where the driver is not installed that the URL names, or that its kind of database needs."""
    kind = url.get_backend_name()
    other = f"，地址以 {kind}:// 开头" if url.drivername != kind else ""
    return DataError(f"连接 {url.drivername} 需要驱动，请安装：pip install 'xuejian[{DIALECTS[kind].extra}]'{other}。")


def name_of(url: URL) -> str:
    """What messages and reports call the database: its name alone, no host, no user."""
    name = url.database or url.query.get("service_name") or url.get_backend_name()
    return Path(str(name)).name


def _from_environment(found: re.Match[str]) -> str:
    value = os.environ.get(found[1])
    if value is None:
        raise DataError(f"数据库地址里的 ${{{found[1]}}} 没有值，请先设好环境变量 {found[1]}。")
    return quote(value, safe="")
