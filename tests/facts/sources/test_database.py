"""Tables of a database say what the same tables say as files: on a real PostgreSQL and MariaDB, and in SQLite."""

import csv
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import mariadb
import postgresql
import pytest
import xlsxwriter
from alike import found
from small import AS_OF
from sqlalchemy import URL, Engine, create_engine, event, text

from checks.history.findings_file import as_document
from checks.run import Options, check
from facts.model.refusal import DataError
from facts.model.snapshot import Snapshot
from facts.reading import stored_tables
from facts.reading.load import load_snapshot
from facts.reading.mapping import read_sources
from facts.reading.previous import with_previous
from facts.sources.database.address import address
from rules.pack import load_packs

pytestmark = pytest.mark.slow

KEY = bytes(range(32))


POSTGRESQL = pytest.param(postgresql, marks=pytest.mark.postgresql, id="postgresql")
MYSQL = pytest.param(mariadb, marks=pytest.mark.mysql, id="mysql")


@pytest.fixture(scope="module", params=[POSTGRESQL, MYSQL])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    with request.param.server() as url:
        yield url


def contents(folder: Path) -> dict[str, list[list[str]]]:
    result = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            result[path.stem] = list(csv.reader(stream))
    return result


def store(url: URL, tables: dict[str, list[list[str]]]) -> None:
    """Puts tables of texts into a database; `nr` keeps the order of the rows."""
    engine = create_engine(url)
    quoted = engine.dialect.identifier_preparer.quote_identifier
    with engine.begin() as connection:
        for name, (heads, *rows) in tables.items():
            columns = ", ".join(f"{quoted(head)} TEXT" for head in heads)
            connection.execute(text(f"CREATE TABLE {quoted(name)} (nr INTEGER PRIMARY KEY, {columns})"))
            marks = ", ".join(f":c{i}" for i in range(len(heads)))
            given = [{"nr": n, **{f"c{i}": v or None for i, v in enumerate(row)}} for n, row in enumerate(rows)]
            for start in range(0, len(given), 500):
                connection.execute(
                    text(f"INSERT INTO {quoted(name)} VALUES (:nr, {marks})"), given[start : start + 500]
                )
    engine.dispose()


def findings(snapshot: Snapshot, folder: Path) -> bytes:
    """As they stand in findings.json, without the files and rows."""
    result = check(with_previous(snapshot, folder), load_packs(()), KEY, Options(jobs=1, personal=True))
    return found(as_document(result))


def lite(path: Path, *statements: str) -> URL:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return address(f"sqlite:///{path}")


def test_csv_workbook_server_and_sqlite_give_the_same_findings(server: str, college: Path, tmp_path: Path) -> None:
    tables = contents(college)
    plain = load_snapshot(college)
    expected = findings(plain, college)
    assert expected.count(b'"rule"') > 50

    book = tmp_path / "book"
    book.mkdir()
    with xlsxwriter.Workbook(book / "导出.xlsx", {"strings_to_numbers": False}) as workbook:
        for name, rows in tables.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    assert findings(load_snapshot(book, plain.as_of), college) == expected

    for url in (address(server), address(f"sqlite:///{tmp_path / 'college.db'}")):
        store(url, tables)
        stored = load_snapshot(None, plain.as_of, database=url)
        assert findings(stored, college) == expected
        assert stored.sha256 == load_snapshot(None, plain.as_of, database=url).sha256
        for kind, table in plain.tables.items():
            assert (stored.tables[kind].read, stored.tables[kind].set_aside_count) == (
                table.read, table.set_aside_count,
            )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_rows_changes_nothing_that_is_found(college: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(college, tmp_path / "shuffled")
    for path in (tmp_path / "shuffled").rglob("*.csv"):
        heads, *rows = path.read_bytes().splitlines(keepends=True)
        Random(seed).shuffle(rows)
        path.write_bytes(b"".join([heads, *rows]))
    shuffled = load_snapshot(tmp_path / "shuffled")
    assert findings(shuffled, tmp_path / "shuffled") == findings(load_snapshot(college), college)


@pytest.mark.parametrize("server", [POSTGRESQL], indirect=True)
def test_typed_values_read_as_a_person_would_type_them(server: str) -> None:
    engine = create_engine(address(server))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA typed"))
        connection.execute(
            text("CREATE TABLE typed.sf (no TEXT, y TEXT, due NUMERIC(12,2), got NUMERIC(12,2), on_day TIMESTAMP)")
        )
        row = {"due": Decimal("5800.10"), "on_day": datetime(2026, 9, 1)}  # noqa: DTZ001
        connection.execute(text("INSERT INTO typed.sf VALUES ('0012', '2026-2027', :due, 0, :on_day)"), row)
        connection.execute(text("CREATE TABLE typed.gz (d DATE, w BOOLEAN)"))
        connection.execute(text("INSERT INTO typed.gz VALUES ('2026-10-10', true), ('2026-10-12', false)"))
    engine.dispose()
    columns = {"student_no": "no", "academic_year": "y", "payable": "due", "paid": "got", "registered_on": "on_day"}
    sources = read_sources({
        "fee": {"table": "typed.sf", "columns": columns},
        "workday": {"query": 'SELECT d AS "日期", w AS "是否工作" FROM typed.gz WHERE d <= :as_of ORDER BY d::date;'},
    })  # fmt: skip
    url = address(server)
    tables = load_snapshot(None, date(2026, 11, 25), database=url, sources=sources, only=("fee", "workday")).tables
    fee = tables["fee"].frame
    assert (fee["student_no"].tolist(), fee["payable"].tolist()) == (["0012"], [580010])
    assert fee["registered_on"].dt.strftime("%F").tolist() == ["2026-09-01"]
    assert tables["workday"].frame["working"].tolist() == ["是", "否"]
    early = load_snapshot(None, date(2026, 10, 11), database=url, sources=sources, only=("workday",)).tables
    assert early["workday"].frame["working"].tolist() == ["是"]


def test_all_tables_are_read_as_of_one_moment(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_engine(address(server))
    with engine.begin() as connection:
        for name in ("first_read", "then_read"):
            connection.execute(text(f"CREATE TABLE {name} (class_no CHAR(9), major CHAR(9), level CHAR(9))"))
            connection.execute(text(f"INSERT INTO {name} VALUES ('A', '英语', '专科')"))
    read = stored_tables.read_table

    def read_and_change(*given: Any, **named: Any) -> Any:
        sheet = read(*given, **named)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO then_read VALUES ('B', '数学', '本科')"))
        return sheet

    monkeypatch.setattr(stored_tables, "read_table", read_and_change)
    sources = read_sources({"class_group": [{"table": "first_read"}, {"table": "then_read"}]})
    loaded = load_snapshot(None, AS_OF, database=address(server), sources=sources, only=("class_group",))
    assert [count.read for count in loaded.tables["class_group"].counts] == [1, 1]
    assert loaded.remarks == ()
    engine.dispose()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 DELETE FROM victim COMMIT",
        "SELECT * INTO copy FROM victim",
        "DELETE FROM victim",
        "SELECT 1; DELETE FROM victim",
        "WITH gone AS (DELETE FROM victim RETURNING n) SELECT * FROM gone",
    ],
)
def test_a_query_can_change_nothing(server: str, tmp_path: Path, query: str) -> None:
    engine = create_engine(address(server))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS victim"))
        connection.execute(text("CREATE TABLE victim AS SELECT 1 AS n"))
    sources = read_sources({"class_group": {"query": query}})
    file = lite(tmp_path / "a.db", "CREATE TABLE victim (n)", "INSERT INTO victim VALUES (1)")
    for url in (address(server), file):
        with pytest.raises(DataError, match=r"只能是一条 SELECT|要改动数据"):
            load_snapshot(None, AS_OF, database=url, sources=sources, only=("class_group",))
        checked = create_engine(url)
        with checked.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM victim")).scalar() == 1
        checked.dispose()
    engine.dispose()


def test_control_characters_reach_the_parser_and_the_row_is_set_aside_with_its_number(tmp_path: Path) -> None:
    url = lite(
        tmp_path / "a.db",
        "CREATE TABLE 学期注册 (学号 TEXT, 学期 TEXT, 注册日期 TEXT)",
        "INSERT INTO 学期注册 VALUES ('1', '2026-2027-1', '2026-09-01'), ('2', '2026-2027-1', '2026-09-0' || char(0))",
    )
    table = load_snapshot(None, AS_OF, database=url).tables["registration"]
    assert (table.read, table.accepted) == (2, 1)
    (aside,) = table.set_aside
    assert (aside.file, aside.row, aside.column) == ("a.db:学期注册", 3, "注册日期")


def test_a_table_in_the_folder_and_in_the_database_is_asked_about(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "snapshot.toml").write_text("as_of = 2026-11-25", "utf-8")
    (folder / "班级.csv").write_text("班级号,专业,培养层次\nA,英语,专科\n", "utf-8")
    create = "CREATE TABLE {} (班级号 TEXT, 专业 TEXT, 培养层次 TEXT)"
    insert = "INSERT INTO {} VALUES ('B', '数学', '本科'), ('C', '语文', '本科')"
    url = lite(tmp_path / "a.db", create.format("班级"), insert.format("班级"))
    with pytest.raises(DataError, match=r"“班级”在文件夹（班级.csv）和数据库“a.db”里都有"):
        load_snapshot(folder, database=url)
    for said, rows in (({"table": "班级"}, 2), ({"files": "班级.csv"}, 1)):
        table = load_snapshot(folder, database=url, sources=read_sources({"班级": said})).tables["class_group"]
        assert table.read == rows
    both = lite(tmp_path / "a.db", create.format("class_group"))
    with pytest.raises(DataError, match=r"2 张表都像“班级”（class_group、班级）"):
        load_snapshot(None, AS_OF, database=both)


def test_what_is_missing_is_said_in_one_sentence_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = lite(tmp_path / "a.db", "CREATE TABLE other (n)")
    with pytest.raises(DataError, match=r"数据库“a.db”里没有一张可识别的表"):
        load_snapshot(None, AS_OF, database=url)
    with pytest.raises(DataError, match=r"table 写的“kq”，数据库“a.db”里没有"):
        load_snapshot(None, AS_OF, database=url, sources=read_sources({"考勤": {"table": "kq"}}))
    with pytest.raises(DataError, match=r"--as-of"):
        load_snapshot(None, database=url)
    with pytest.raises(DataError, match=r"找不到 SQLite 数据库“没有.db”"):
        load_snapshot(None, AS_OF, database=address(f"sqlite:///{tmp_path / '没有.db'}"))
    assert not (tmp_path / "没有.db").exists()
    with pytest.raises(DataError, match=r"不认得“db2”"):
        address("db2://h/d")
    with pytest.raises(DataError, match=r"\$\{XUEJIAN_NO_SUCH\} 没有值"):
        address("postgresql://u:${XUEJIAN_NO_SUCH}@h/d")
    monkeypatch.setenv("XUEJIAN_SECRET", "p@:/ss")
    refused = address("postgresql://u:${XUEJIAN_SECRET}@127.0.0.1:1/college")
    assert refused.password == "p@:/ss"
    with pytest.raises(DataError, match=r"连不上数据库“college”") as said:
        load_snapshot(None, AS_OF, database=refused)
    assert "ss" not in str(said.value)
    (tmp_path / "secret").write_text("p/w\n", "utf-8")
    assert address("postgresql://u@h/d", tmp_path / "secret").password == "p/w"


CLASSES = "CREATE TABLE 班级 (nr INTEGER PRIMARY KEY, 班级号 TEXT, 照片 BLOB, 专业 TEXT, 培养层次 TEXT)"


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The statements that reach a database."""
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield statements
    event.remove(Engine, "before_cursor_execute", hear)


def test_a_column_that_is_no_field_is_named_and_not_read(tmp_path: Path, asked: list[str]) -> None:
    url = lite(tmp_path / "a.db", CLASSES, "INSERT INTO 班级 VALUES (2, 'B', x'FF', '数学', '本科')",
               "INSERT INTO 班级 VALUES (1, 'A', x'FF', '英语', '专科')")  # fmt: skip
    table = load_snapshot(None, AS_OF, database=url).tables["class_group"]
    assert table.extra == ("nr", "照片")
    assert table.frame["class_no"].tolist() == ["A", "B"]
    assert not any("照片" in statement for statement in asked if statement.startswith("SELECT"))


def test_every_row_of_a_database_is_read_whatever_stands_in_it(tmp_path: Path) -> None:
    url = lite(
        tmp_path / "a.db",
        "CREATE TABLE 班级 (附注 TEXT, 班级号 TEXT, 专业 TEXT, 培养层次 TEXT)",
        "INSERT INTO 班级 VALUES (NULL, 'A', '英语', '专科'), ('合计', NULL, NULL, NULL), (NULL, NULL, NULL, NULL), "
        "(NULL, '制表人', '王某', NULL), (NULL, '班级号', '专业', '培养层次')",
    )
    table = load_snapshot(None, AS_OF, database=url).tables["class_group"]
    assert (table.read, table.accepted, table.set_aside_count, table.counts[0].other_rows) == (5, 1, 4, 0)
    assert {aside.column for aside in table.set_aside} == {"班级号", "培养层次"}


def test_a_table_in_two_places_is_read_with_all_its_columns(tmp_path: Path) -> None:
    create = "CREATE TABLE {} (学号 TEXT, 学年 TEXT, 应缴金额 TEXT, 实缴金额 TEXT, 票据号 TEXT)"
    insert = "INSERT INTO {} VALUES ('1', '2026-2027', '100', '50', '{}')"
    url = lite(tmp_path / "a.db", create.format("a"), create.format("b"), insert.format("a", 1), insert.format("b", 2))
    said = read_sources({"fee": [{"table": "a"}, {"table": "b"}]})
    table = load_snapshot(None, AS_OF, database=url, sources=said).tables["fee"]
    assert (len(table.frame), table.duplicates) == (2, 0)
