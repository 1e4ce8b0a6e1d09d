"""Why a database can't be read is told apart, in a sentence that shows nothing of what the driver says."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import mariadb
import postgresql
import pytest
from small import AS_OF
from sqlalchemy import create_engine, text

from facts.model.refusal import DataError
from facts.reading.load import load_snapshot
from facts.sources.database.address import address, waits
from facts.sources.database.refusals import why_refused

WHO, WHICH = "帐号或密码不对", "服务器上没有这个库"
HOST, PORT = "找不到这台主机", "主机没有在这个端口上应答"


def refused(url: str, folder: Path | None = None) -> str:
    with pytest.raises(DataError) as error:
        load_snapshot(None, AS_OF, database=address(url, folder=folder))
    said = str(error.value)
    assert said.count("。") == 1
    assert not any(word in said for word in ("clerk", "s3cret", "127.0.0.1", "no.such", "Error", "/tmp")), said
    return said


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgresql.server() as url:
        engine = create_engine(address(url))
        with engine.begin() as connection:
            connection.execute(text("CREATE ROLE clerk LOGIN PASSWORD 'x'"))
            rules = Path(connection.execute(text("SHOW hba_file")).scalar_one())
            rules.write_text("host all clerk 127.0.0.1/32 scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield url.partition("@")[2].partition("/")[0]


@pytest.fixture(scope="module")
def mysql() -> Iterator[str]:
    with mariadb.server() as url:
        engine = create_engine(address(url))
        with engine.begin() as connection:
            connection.execute(text("CREATE USER clerk@'%' IDENTIFIED BY 'x'"))
        engine.dispose()
        yield url.partition("@")[2].partition("/")[0]


@pytest.mark.postgresql
@pytest.mark.parametrize("driver", ["psycopg", "pg8000"])
def test_what_a_postgresql_refuses(postgres: str, driver: str) -> None:
    pytest.importorskip(driver)
    for where, said in (
        (f"clerk:s3cret@{postgres}/postgres", WHO),
        (f"clerk@{postgres}/postgres", WHO),
        (f"nobody@{postgres}/postgres", WHO),
        (f"xuejian@{postgres}/refused", WHICH),
        ("clerk:s3cret@127.0.0.1:1/postgres", PORT),
        ("clerk:s3cret@no.such.host.invalid/postgres", HOST),
    ):
        assert said in refused(f"postgresql+{driver}://{where}"), where


@pytest.mark.mysql
def test_what_a_mysql_refuses(mysql: str) -> None:
    for where, said in (
        (f"clerk:s3cret@{mysql}/xuejian", WHO),
        (f"clerk:x@{mysql}/xuejian", WHICH),
        (f"root@{mysql}/refused", WHICH),
        ("clerk:s3cret@127.0.0.1:1/xuejian", PORT),
        ("clerk:s3cret@no.such.host.invalid/xuejian", HOST),
    ):
        assert said in refused(f"mysql://{where}"), where


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://clerk:s3cret@127.0.0.1:{}/x?connect_timeout=2",
        "mysql+pymysql://clerk:s3cret@127.0.0.1:{}/x?read_timeout=1",
    ],
)
def test_a_server_that_never_answers_is_not_waited_for(url: str) -> None:
    if "psycopg" in url:
        pytest.importorskip("psycopg")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "没有应答" in refused(url.format(silent.getsockname()[1]))


def test_a_driver_is_told_how_long_to_wait_where_the_url_does_not_say_it() -> None:
    assert waits(address("postgresql+psycopg://h/d")) == {"connect_timeout": 15}
    assert waits(address("postgresql+psycopg://h/d?connect_timeout=60")) == {}
    assert waits(address("sqlite:///a.db")) == {}


def test_what_keeps_a_sqlite_file_from_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.db").write_text("学号,姓名\n" * 1000, "utf-8")
    assert "不是 SQLite 数据库" in refused("sqlite:///a.db", tmp_path)
    other = sqlite3.connect(tmp_path / "b.db")
    other.execute("CREATE TABLE 班级 (班级号 TEXT)")
    other.commit()
    other.execute("BEGIN EXCLUSIVE")
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **named, timeout=0))
    assert "被另一个程序占用" in refused("sqlite:///b.db", tmp_path)
    other.close()


@pytest.mark.filterwarnings("error")
def test_how_a_sqlite_file_is_opened_is_not_for_the_url_to_say(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "a.db").execute("CREATE TABLE 班级 (班级号 TEXT, 专业 TEXT, 培养层次 TEXT)").close()
    url = address("sqlite:///a.db?mode=rwc", folder=tmp_path)
    assert load_snapshot(None, AS_OF, database=url).tables["class_group"].read == 0
    assert "找不到 SQLite 数据库“b.db”" in refused("sqlite:///b.db?mode=rwc", tmp_path)
    assert not (tmp_path / "b.db").exists()


def test_a_name_that_reads_like_a_cause_is_none() -> None:
    assert why_refused(OSError('something happened to "timed out"')) is None
