"""What a database may hold that a file can't, or holds otherwise: on a real MariaDB and PostgreSQL, and in SQLite."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import mariadb
import postgresql
import pytest
from small import AS_OF
from sqlalchemy import create_engine, text

from facts.model.refusal import DataError
from facts.model.snapshot import Table
from facts.reading.load import load_snapshot
from facts.reading.mapping import Sources, read_sources
from facts.sources.database.address import address


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with mariadb.server() as url:
        yield url


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


def read(url: str, kind: str, *statements: str, said: dict[str, object] | None = None) -> Table:
    """The table after these statements. `said`: what stands in its [sources] block."""
    engine = create_engine(address(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
    sources: Sources = read_sources({kind: said} if said else {})
    return load_snapshot(None, AS_OF, database=address(url), sources=sources, only=(kind,)).tables[kind]


@pytest.mark.mysql
def test_rare_characters_survive_whatever_charset_the_url_asks_for(server: str) -> None:
    table = read(
        f"{server}?charset=utf8mb3",
        "class_group",
        "CREATE TABLE `班级` (`班级号` CHAR(20), `专业` VARCHAR(20), `培养层次` CHAR(8)) CHARACTER SET utf8mb4",
        "INSERT INTO `班级` VALUES ('2026A', '𠮷䶮', '专科')",
    )
    assert table.frame["major"].tolist() == ["𠮷䶮"]


@pytest.mark.mysql
def test_padding_blanks_of_a_column_of_fixed_width_are_none_of_the_value(server: str) -> None:
    engine = create_engine(address(server))
    with engine.begin() as connection:
        connection.execute(text("SET GLOBAL sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'"))
    engine.dispose()
    table = read(
        server,
        "checkin",
        "CREATE TABLE checkin (student_no CHAR(20), term CHAR(20), arrived_on CHAR(20))",
        "INSERT INTO checkin VALUES ('0012', '2026-2027-1', '2026-09-01')",
    )
    assert (table.read, table.accepted) == (1, 1)
    (row,) = table.frame.itertuples()
    assert (row.student_no, row.term, f"{row.arrived_on:%F}") == ("0012", "2026-2027-1", "2026-09-01")


@pytest.mark.mysql
def test_a_zero_date_is_set_aside_until_a_person_says_that_it_means_none(server: str) -> None:
    made = (
        "SET SESSION sql_mode = ''",
        "DROP TABLE IF EXISTS registration",
        "CREATE TABLE registration (student_no CHAR(20), term CHAR(11), registered_on DATETIME NOT NULL)",
        "INSERT INTO registration VALUES ('1', '2026-2027-1', '2026-09-01 08:31:12'), "
        "('2', '2026-2027-1', '0000-00-00'), ('3', '2026-2027-1', '2026-09-00')",
    )
    table = read(server, "registration", *made)
    assert [(row.row, row.value, row.reason) for row in table.set_aside] == [
        (3, "0000-00-00 00:00:00", "没有这一天，请核对日期"),
        (4, "2026-09-00 00:00:00", "没有这一天，请核对日期"),
    ]
    assert table.frame["registered_on"].dt.strftime("%F").tolist() == ["2026-09-01"]

    changes = (
        "CREATE TABLE checkin_zero (student_no CHAR(20), term CHAR(11), arrived_on DATE NOT NULL)",
        "SET SESSION sql_mode = ''",
        "INSERT INTO checkin_zero VALUES ('1', '2026-2027-1', '0000-00-00')",
    )
    said = {"table": "checkin_zero", "codes": {"arrived_on": {"0000-00-00": ""}}}
    table = read(server, "checkin", *changes, said=said)
    assert (table.accepted, table.frame["arrived_on"].isna().tolist()) == (1, [True])


@pytest.mark.mysql
@pytest.mark.parametrize(("kind", "given"), [("TINYINT(1)", "1), (0"), ("BIT(1)", "b'1'), (b'0'")])
def test_a_flag_is_a_number_that_a_person_gives_its_meaning(server: str, kind: str, given: str) -> None:
    yes, no = given.split("), (")
    table = read(
        server,
        "workday",
        "DROP TABLE IF EXISTS gzr",
        f"CREATE TABLE gzr (d DATE, w {kind}, photo BLOB, place POINT)",
        f"INSERT INTO gzr VALUES ('2026-10-10', {yes}, x'89504E470D0A', POINT(1, 2)), ('2026-10-12', {no}, NULL, NULL)",
        said={"table": "gzr", "columns": {"date": "d", "working": "w"}, "codes": {"working": {"1": "是", "0": "否"}}},
    )
    assert table.frame["working"].tolist() == ["是", "否"]


@pytest.mark.mysql
def test_a_query_may_hold_a_percent_sign_a_colon_and_the_day(server: str) -> None:
    said = {
        "query": "SELECT no AS 学号, '2026-2027-1' AS 学期, TIMESTAMP('2026-09-01 10:30') AS 注册日期 FROM xs "
        "WHERE name LIKE '王%' AND since <= :as_of AND note <> '8:30'"
    }
    table = read(
        server,
        "registration",
        "CREATE TABLE xs (no CHAR(20), name CHAR(20), since DATE, note CHAR(20))",
        "INSERT INTO xs VALUES ('1', '王某', '2026-09-01', ''), ('2', '李某', '2026-09-01', ''), "
        "('3', '王某', '2027-09-01', ''), ('4', '王某', '2026-09-01', '8:30')",
        said=said,
    )
    assert table.frame["student_no"].tolist() == ["1"]


def test_a_column_of_dates_that_holds_texts_is_read_as_it_stands(tmp_path: Path) -> None:
    table = read(
        f"sqlite:///{_file(tmp_path)}",
        "registration",
        "CREATE TABLE registration (student_no TEXT, term TEXT, registered_on DATE, score NUMERIC, photo BLOB)",
        "INSERT INTO registration VALUES ('1', '2026-2027-1', '2026/9/1', 'none', x'ffd8')",
    )
    assert table.frame["registered_on"].dt.strftime("%F").tolist() == ["2026-09-01"]


def test_columns_without_a_type_give_their_rows_an_order(tmp_path: Path) -> None:
    table = read(
        f"sqlite:///{_file(tmp_path)}",
        "class_group",
        "CREATE TABLE class_group (class_no, major, level)",
        "INSERT INTO class_group VALUES ('B', '英语', '本科'), ('A', '英语', '本科')",
    )
    assert table.frame["class_no"].tolist() == ["A", "B"]


def test_names_of_tables_and_columns_may_be_in_either_case(tmp_path: Path) -> None:
    table = read(
        f"sqlite:///{_file(tmp_path)}",
        "registration",
        "CREATE TABLE REGISTRATION (XH TEXT, TERM TEXT, REGISTERED_ON TEXT)",
        "INSERT INTO REGISTRATION VALUES ('1', '2026-2027-1', '2026-09-01')",
        said={"columns": {"student_no": "xh"}},
    )
    assert table.frame["student_no"].tolist() == ["1"]


def _file(folder: Path) -> Path:
    path = folder / "a.db"
    path.touch()
    return path


def test_a_text_that_is_none_stops_only_its_row(tmp_path: Path) -> None:
    table = read(
        f"sqlite:///{_file(tmp_path)}",
        "registration",
        "CREATE TABLE registration (student_no TEXT, term TEXT, registered_on TEXT)",
        "INSERT INTO registration VALUES ('1', '2026-2027-1', '2026-09-01')",
        "INSERT INTO registration VALUES ('2', '2026-2027-1', CAST(x'ffd8' AS TEXT))",
    )
    assert (table.read, table.accepted, table.set_aside[0].column) == (2, 1, "registered_on")


@pytest.mark.parametrize(
    ("yes", "no"), [("1", "0"), ("TRUE", "FALSE"), ("true", "false"), ("Y", "N"), ("√", "×"), ("是", "否")]
)
def test_a_working_day_is_said_in_any_spelling_of_yes_and_no(tmp_path: Path, yes: str, no: str) -> None:
    (tmp_path / "工作日调整.csv").write_text(f"日期,是否工作\n2026-10-10,{yes}\n2026-10-12,{no}\n", "utf-8")
    table = load_snapshot(tmp_path, date(2026, 11, 25)).tables["workday"]
    assert table.frame["working"].tolist() == ["是", "否"]


@pytest.mark.postgresql
def test_a_materialized_view_is_a_table(postgres: str) -> None:
    table = read(
        postgres,
        "registration",
        "CREATE MATERIALIZED VIEW registration AS SELECT '1' AS student_no, '2026-2027-1' AS term, "
        "date '2026-09-01' AS registered_on",
    )
    assert table.accepted == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP", "TIMESTAMPTZ"])
@pytest.mark.parametrize("day", ["infinity", "0044-03-15 BC", "10000-01-01"])
def test_a_day_that_no_calendar_has_sets_its_row_aside(postgres: str, kind: str, day: str) -> None:
    said: dict[str, object] = {"table": "odd"}
    changes = (
        "DROP TABLE IF EXISTS odd",
        "ALTER ROLE xuejian SET DateStyle TO 'German'",
        "ALTER ROLE xuejian SET TimeZone TO 'Asia/Shanghai'",
        f"CREATE TABLE odd (student_no TEXT, term TEXT, registered_on {kind}, PRIMARY KEY (student_no))",
        f"INSERT INTO odd VALUES ('1', '2026-2027-1', '{day}'), ('2', '2026-2027-1', '2026-09-01 08:31:12')",
    )
    table = read(postgres, "registration", *changes, said=said)
    assert (table.read, table.accepted, table.set_aside_count) == (2, 1, 1)
    assert (table.set_aside[0].row, table.set_aside[0].column) == (2, "registered_on")
    assert table.set_aside[0].value.startswith(day.partition(" ")[0])
    assert table.frame["registered_on"].dt.strftime("%F").tolist() == ["2026-09-01"]
    if address(postgres).get_driver_name() == "pg8000":  # it makes something of nearly every day
        return
    query: dict[str, object] = {"query": "SELECT * FROM odd ORDER BY student_no"}
    with pytest.raises(DataError, match=r"postgres:学期注册”里有读不出的值.*把日期列（registered_on）转成文字"):
        read(postgres, "registration", said=query)
