"""What is sent to an SQL Server and to an Oracle: no such server runs here, so a driver that only listens takes it."""

from functools import partial
from typing import Any
from unittest.mock import MagicMock

import pytest
from small import AS_OF
from sqlalchemy import BLOB, CLOB, Column, MetaData, String, Table, create_engine, make_url
from sqlalchemy.dialects import mssql, oracle

from facts.model.refusal import DataError
from facts.model.snapshot import Snapshot
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources
from facts.sources.database import address as addresses
from facts.sources.database import connection
from facts.sources.database.address import address
from facts.sources.database.dialects import DIALECTS
from facts.sources.database.statements import whole

QUERY = "SELECT BJH AS 班级号, ZY AS 专业, CC AS 培养层次 FROM BJ WHERE RQ <= :as_of"


class Listener:
    """A DB-API module, `driver`, and what it was told. One class stands in its table BJ."""

    def __init__(self, paramstyle: str, allowed: int | None = None) -> None:
        self.told: list[str] = []
        self.driver = MagicMock(paramstyle=paramstyle, version="26.1.0", Error=RuntimeError)
        self.rows: dict[str, list[tuple[Any, ...]]] = {
            "FROM BJ": [("A", "英语", "专科")],
            "snapshot_isolation_state": [(allowed,)],
            "@@version": [("Microsoft SQL Server 2019 - 15.0.2000.5 (X64)",)],
            "transaction_isolation_level": [("READ COMMITTED",)],
            "1.1 FROM DUAL": [("1.1",)],
        }
        connection = self.driver.connect.return_value
        connection.max_identifier_length = 128
        connection.commit.side_effect = lambda: self.told.append("COMMIT")
        connection.rollback.side_effect = lambda: self.told.append("ROLLBACK")
        self.cursor = connection.cursor.return_value
        self.cursor.__enter__.return_value = self.cursor
        self.cursor.execute.side_effect = self.execute

    def execute(self, statement: str, *_: Any) -> None:
        self.told.append(statement)
        rows = next((rows for part, rows in self.rows.items() if part in statement), [("dbo",)])
        heads = ["班级号", "专业", "培养层次"] if len(rows[0]) == 3 else ["answer"]
        self.cursor.description = [(head, None, None, None, None, None, None) for head in heads]
        self.cursor.fetchone.side_effect = [*rows, None]
        self.cursor.fetchmany.side_effect = [rows, []]
        self.cursor.fetchall.return_value = rows

    def read(self, url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Snapshot, list[str]]:
        """What it gives by QUERY, and what it was told from the end of SQLAlchemy's own questions on."""
        monkeypatch.setattr(connection, "create_engine", partial(create_engine, module=self.driver))
        sources = read_sources({"班级": {"query": QUERY}})
        loaded = load_snapshot(None, AS_OF, database=address(url), sources=sources, only=("class_group",))
        return loaded, self.told[self.told.index("ROLLBACK") + 1 :]


def test_oracle_is_told_to_read_only_before_anything_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, told = Listener("named").read("oracle+oracledb://u:p@h/?service_name=SIS", monkeypatch)
    assert loaded.tables["class_group"].frame["class_no"].tolist() == ["A"]
    assert loaded.remarks == ()
    assert told[0] == "SET TRANSACTION READ ONLY"
    assert told[-3:-1] == [QUERY, "ROLLBACK"]
    assert "COMMIT" not in told


def test_sql_server_is_read_by_snapshot_where_it_allows_that(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = Listener("pyformat", allowed=1)
    loaded, told = listener.read("mssql+pymssql://u:p@h/SIS", monkeypatch)
    assert loaded.remarks == ()
    # The level holds from the next transaction on, so SQLAlchemy ends the one in which it is set.
    assert told[1:4] == ["ROLLBACK", "SET TRANSACTION ISOLATION LEVEL SNAPSHOT", "COMMIT"]
    query = told.index(QUERY.replace(":as_of", "%(as_of)s"))
    assert told[query + 1] == "ROLLBACK"
    assert "COMMIT" not in told[4:]


def test_sql_server_without_snapshots_is_read_without_a_lock_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, told = Listener("pyformat", allowed=0).read("mssql+pymssql://u:p@h/SIS", monkeypatch)
    (remark,) = loaded.remarks
    assert "“SIS”" in remark
    assert "不是同一时刻" in remark
    assert not [statement for statement in told if statement.startswith("SET") or statement == "COMMIT"]


@pytest.mark.parametrize(("kind", "dialect"), [("oracle", oracle), ("mssql", mssql)])
def test_rows_without_a_key_are_ordered_by_what_the_server_can_order_by(kind: str, dialect: Any) -> None:
    table = Table("BJ", MetaData(), Column("n", String(9)), Column("note", CLOB()), Column("photo", BLOB()))
    statement = whole(table, DIALECTS[kind]).compile(dialect=dialect.dialect())
    assert str(statement).split("ORDER BY ")[1].split(".")[-1].strip('"[]') == "n"


@pytest.mark.parametrize(
    ("kind", "extra"), [("mysql", "mysql"), ("mariadb", "mysql"), ("mssql", "sqlserver"), ("oracle", "oracle")]
)
def test_a_driver_that_is_missing_is_named_by_the_extra_to_install(
    kind: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "find_spec", lambda module: None)
    with pytest.raises(DataError, match=rf"连接 {kind} 需要驱动，请安装：pip install 'xuejian\[{extra}\]'"):
        address(f"{kind}://u:geheim@h/SIS")
    monkeypatch.setattr(connection, "create_engine", MagicMock(side_effect=ModuleNotFoundError))
    with pytest.raises(DataError, match=rf"请安装：pip install 'xuejian\[{extra}\]'") as said:
        load_snapshot(None, AS_OF, database=make_url(f"{kind}+x://u:geheim@h/SIS"))
    assert "geheim" not in str(said.value)
