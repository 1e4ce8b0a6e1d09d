"""The store itself: SQLite and a real PostgreSQL, writers at once, keys, versions, and what it never holds."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import postgresql
import pytest
from months import INSTITUTION, SECRET, checked, codes, found, outcomes, remember, state_of, with_rule
from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateIndex, CreateTable

from checks.findings import fingerprints
from checks.history.database import address, connect, transaction
from checks.history.errors import HistoryError
from checks.history.schema import STEPS, TABLES
from checks.history.store import Store, existing_store, open_store
from checks.history.values import Figures
from checks.results import Answer, MarkCount

PERSON = found("REG-01", "2023010101")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'history.sqlite3'}"
    server: str = request.getfixturevalue("server")
    with transaction(connect(address(server, tmp_path)), writes=False) as connection:
        TABLES.drop_all(connection)
    return server


@pytest.fixture
def store(url: str, tmp_path: Path) -> Store:
    return open_store(url, tmp_path)


def test_a_run_is_read_back_as_it_was_kept(store: Store) -> None:
    due = replace(PERSON, due_on=date(2026, 10, 9))
    nowhere = replace(found("REG-01", "2023010102"), college=None)
    marks = (MarkCount("学生处", None, "2026-10", 3, 2), MarkCount("学生处", "医学院", "2026-10", 5, 5))
    unread = {"change": frozenset({PERSON.person})}
    remember(store, "2026-10", checked("2026-10-28", [due, nowhere], marks=marks, unread=unread))
    run = store.run("2026-10")
    assert (run.institution, run.as_of, run.packs) == (INSTITUTION, date(2026, 10, 28), (("xjtei-2020", "2020.1"),))
    assert run.snapshot_sha256 == checked("2026-10-28").snapshot_sha256
    assert run.findings[due.fingerprint].due_on == date(2026, 10, 9)
    assert run.findings[nowhere.fingerprint].college is None
    assert (run.marks, run.unread) == (marks, unread)
    assert run.rules["REG-01"].parameters == {"mark_workdays": "15"}
    assert run.rules["REG-01"].tables == ("change", "registration")
    assert run.figures == Figures(open=2, error=2, people=2, waived=0)
    assert store.run(str(run.id)) == run


def test_the_second_month_knows_the_first(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [PERSON]))
    second = remember(store, "2026-10", checked("2026-10-28", [PERSON]))
    assert (state_of(second, PERSON), second.first_seen[PERSON.fingerprint]) == ("open", date(2026, 9, 30))
    assert outcomes(remember(store, "2026-11", checked("2026-11-25"))) == {PERSON.fingerprint: "solved"}


def test_no_number_and_no_message_is_kept(store: Store) -> None:
    remember(store, "2026-10", checked("2026-10-28", [replace(PERSON, message="张三 610102200501011234 未注册")]))
    with transaction(store.engine, writes=False) as connection:
        kept = [
            str(tuple(row)) for name in TABLES.tables for row in connection.execute(text(f"SELECT * FROM {name}")).all()
        ]
    assert any(PERSON.fingerprint in row for row in kept)
    assert not any(number in row for row in kept for number in ("2023010101", "610102200501011234", "张三"))


WRITER = """
import sys
from months import checked, found, remember
from checks.history.store import open_store
from pathlib import Path

url, home, month = sys.argv[1:]
input()  # all begin at once
for number in range(5):
    remember(open_store(url, Path(home)), month, checked(f"{month}-20", [found("REG-01", f"{month}{number}")]))
every = [found("REG-01", f"{month}{n}") for n in range(40)]
remember(open_store(url, Path(home)), month, checked(f"{month}-25", every))
"""


@pytest.mark.slow
def test_processes_that_write_at_once_lose_nothing(url: str, tmp_path: Path) -> None:
    # The store does not exist yet: making it is part of the race.
    months = ["2026-08", "2026-09", "2026-10", "2026-10"]
    path = [str(Path(__file__).parents[3]), str(Path(__file__).parents[2] / "support")]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{WRITER}", url, str(tmp_path), month],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for month in months
    ]
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("\n")
        writer.stdin.flush()
    errors = [writer.communicate()[1] for writer in writers]
    assert errors == [""] * len(writers)
    store = open_store(url, tmp_path)
    assert [run.month for run in store.runs()] == ["2026-08", "2026-09", "2026-10"]
    for run in store.runs():
        assert set(store.run(run.month).findings) == {found("REG-01", f"{run.month}{n}").fingerprint for n in range(40)}


def test_a_writer_that_fails_leaves_what_was_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(store, "2026-10", checked("2026-10-28", [PERSON]))
    before = store.run("2026-10")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("checks.history.rows._insert", broken)
    with pytest.raises(OSError, match="No space"):
        remember(store, "2026-10", checked("2026-10-29"))
    assert store.run("2026-10") == before


def test_another_key_is_noticed_and_nothing_is_called_new_by_it(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [PERSON]))
    other = fingerprints.check_value(b"another key of the same length!!")
    with pytest.raises(HistoryError, match=r"fingerprint\.key.*xuejian history reset-key"):
        store.verify(other)
    with pytest.raises(HistoryError, match="指纹密钥"):
        remember(store, "2026-10", checked("2026-10-28", [PERSON], key_check=other))
    assert [run.month for run in store.runs()] == ["2026-09"]
    store.verify(fingerprints.check_value(SECRET))


def test_after_a_key_was_given_up_the_past_is_kept_and_not_compared_with(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [PERSON]))
    other = fingerprints.check_value(b"another key of the same length!!")
    store.reset_key(other)
    changed = replace(PERSON, fingerprint="f" * 32)
    second = remember(store, "2026-10", checked("2026-10-28", [changed], key_check=other))
    assert (state_of(second, changed), second.previous, second.gone) == ("new", None, ())
    assert codes(second) == {"key"}
    assert second.figures is not None
    assert second.figures.new is None
    assert [point.figures.open for point in second.trend if point.figures] == [1, 1]
    third = remember(store, "2026-11", checked("2026-11-25", [changed], key_check=other))
    assert (state_of(third, changed), codes(third)) == ("open", set())


def add_a_column(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE xuejian_run ADD COLUMN meeting_on VARCHAR(10)"))


def test_a_store_of_an_earlier_version_is_brought_up_to_date_with_all_it_holds(url: str, tmp_path: Path) -> None:
    remember(open_store(url, tmp_path), "2026-09", checked("2026-09-30", [PERSON]))
    later = open_store(url, tmp_path, (*STEPS, add_a_column))
    assert "meeting_on" in {column["name"] for column in inspect(later.engine).get_columns("xuejian_run")}
    assert set(later.run("2026-09").findings) == {PERSON.fingerprint}
    open_store(url, tmp_path, (*STEPS, add_a_column))  # once
    with pytest.raises(HistoryError, match="请升级学鉴"):
        open_store(url, tmp_path)


def test_a_step_that_fails_leaves_the_store_at_its_version(url: str, tmp_path: Path) -> None:
    remember(open_store(url, tmp_path), "2026-09", checked("2026-09-30", [PERSON]))

    def fails(connection: Connection) -> None:
        add_a_column(connection)
        connection.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises(HistoryError, match="历史库"):
        open_store(url, tmp_path, (*STEPS, fails))
    kept = open_store(url, tmp_path)
    assert "meeting_on" not in {column["name"] for column in inspect(kept.engine).get_columns("xuejian_run")}
    assert [run.month for run in kept.runs()] == ["2026-09"]


def test_two_institutions_with_one_month_are_told_apart_by_number_or_name(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30", [PERSON]))
    remember(store, "2026-09", checked("2026-09-29"), "渭水学院")
    assert store.run("2026-09", "渭水学院").findings == {}
    with pytest.raises(HistoryError, match="有2条 2026-09 的记录，请用编号指明"):
        store.run("2026-09")
    with pytest.raises(HistoryError, match="没有 2026-08 的记录"):
        store.run("2026-08")


def test_the_store_stands_beside_the_key_unless_said_otherwise(tmp_path: Path) -> None:
    assert existing_store(None, tmp_path / "home") is None
    assert not (tmp_path / "home").exists()
    open_store(None, tmp_path / "home")
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["history.sqlite3"]
    open_store(str(tmp_path / "other" / "h.db"), tmp_path / "home")
    assert (tmp_path / "other" / "h.db").is_file()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("://x", "不是合法的 URL"),
        ("nosuch://host/db", "不认得“nosuch”这种数据库"),
        ("postgresql+nosuch://user:secret@127.0.0.1:1/db", "需要驱动"),
        ("postgresql+pg8000://user:secret@127.0.0.1:1/db", "连不上历史库“db”：主机没有在这个端口上应答"),
        ("postgresql+pg8000://user:secret@${XUEJIAN_NO_SUCH}/db", "请先设好环境变量 XUEJIAN_NO_SUCH"),
    ],
)
def test_an_address_that_can_not_be_used_is_one_sentence_without_the_password(
    given: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(HistoryError, match=said) as error:
        open_store(given, tmp_path)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_password_stands_in_the_environment_or_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEJIAN_SECRET", "p@ss/wort")
    file = tmp_path / "secret"
    file.write_text("other\n", encoding="utf-8")
    given = address("postgresql://u:${XUEJIAN_SECRET}@h/d", tmp_path, file)
    assert given.password == "p@ss/wort", "the file may be that of the source of the data"
    assert address("postgresql://u@h/d", tmp_path, file).password == "other"
    assert address(f"sqlite:///{tmp_path / 'h.db'}", tmp_path, file).password is None
    with pytest.raises(HistoryError, match=r"^历史库：password_file 指的文件“none”读不了"):
        address("postgresql://u@h/d", tmp_path, tmp_path / "none")


SAID = "连不上历史库“postgres”：连接中断，请重试"


@pytest.mark.postgresql
@pytest.mark.parametrize("driver", ["psycopg", "pg8000"])
def test_a_server_that_ends_in_the_middle_is_one_sentence(server: str, tmp_path: Path, driver: str) -> None:
    pytest.importorskip(driver)
    store = open_store(server.replace("postgresql", f"postgresql+{driver}", 1), tmp_path)

    def end() -> None:
        """As the server's end, for everybody who is connected."""
        with transaction(connect(address(server, tmp_path)), writes=False) as other:
            everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            other.execute(text(everybody))

    with pytest.raises(HistoryError) as error, store.remembering(checked("2026-10-28"), "2026-10", "", "0"):
        end()
    assert str(error.value) == SAID
    with pytest.raises(HistoryError) as error, transaction(store.engine, writes=False) as connection:
        end()
        connection.execute(text("SELECT 1"))
    assert str(error.value) == SAID
    assert logging.getLogger("sqlalchemy").handlers, "else Python prints what the pool logs, a traceback, on stderr"


def test_an_error_of_the_caller_is_not_taken_for_the_stores(store: Store) -> None:
    with pytest.raises(OSError, match="No space"), transaction(store.engine, writes=True):
        raise OSError(28, "No space left on device")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite3").write_text(json.dumps({"not": "a database"}) * 99)
    with pytest.raises(HistoryError, match=r"history\.sqlite3 已损坏"):
        open_store(None, tmp_path)


def test_answers_are_kept_by_month_and_known_in_the_next(store: Store) -> None:
    remember(store, "2026-10", checked("2026-10-28", [PERSON]))
    run = store.run("2026-10")
    store.keep_answers(run, {PERSON.fingerprint: Answer("pending", "2026-10")})
    store.keep_answers(run, {PERSON.fingerprint: Answer("fixed", "2026-10")})
    again = remember(store, "2026-10", checked("2026-10-28", [PERSON]))  # the report made once more
    assert again.answers == {}
    following = remember(store, "2026-11", checked("2026-11-25", [PERSON]))
    assert following.answers == {PERSON.fingerprint: Answer("fixed", "2026-10")}


@pytest.mark.parametrize(("version", "gaps"), [(1, False), (1, True), (2, False), (2, True)])
def test_a_store_of_every_earlier_form_opens_with_its_runs(url: str, tmp_path: Path, version: int, gaps: bool) -> None:
    # Gaps came while the version stayed: what calls itself 1 or 2 has them or has not.
    store = open_store(url, tmp_path)
    for month, day in (("2026-09", "2026-09-30"), ("2026-10", "2026-10-28")):
        remember(store, month, checked(day, [PERSON]))
    with transaction(store.engine, writes=True) as connection:
        for name in ("turn", "since"):
            connection.execute(text(f"ALTER TABLE xuejian_run DROP COLUMN {name}"))
        if version == 1:
            connection.execute(text("DROP TABLE xuejian_feedback"))
        if not gaps:
            connection.execute(text("ALTER TABLE xuejian_rule DROP COLUMN gaps"))
        connection.execute(text(f"UPDATE xuejian_meta SET value = '{version}' WHERE name = 'schema'"))
    store = open_store(url, tmp_path)
    assert [run.month for run in store.runs()] == ["2026-09", "2026-10"]
    assert store.run("2026-09").rules["REG-01"].gaps == (() if gaps else None)
    assert codes(remember(store, "2026-09", checked("2026-09-30", [PERSON]))) == {"first"}
    partly = with_rule(checked("2026-11-25", [PERSON]), "REG-01", gaps=("没有暂缓报到",))
    third = remember(store, "2026-11", partly)
    assert codes(third) == ({"coverage"} if gaps else set()), "what was not kept is not taken for a difference"
    assert state_of(third, PERSON) == "open"
    store.keep_answers(store.run("2026-11"), {PERSON.fingerprint: Answer("fixed", "2026-11")})


def test_a_store_that_lacks_what_its_version_has_is_said_to_lack_it(url: str, tmp_path: Path) -> None:
    store = open_store(url, tmp_path)
    with transaction(store.engine, writes=True) as connection:
        connection.execute(text("ALTER TABLE xuejian_rule DROP COLUMN tables"))
        connection.execute(text("DROP TABLE xuejian_mark"))
    with pytest.raises(HistoryError, match="缺少表 xuejian_mark、表 xuejian_rule 的 tables 列，与它所记的第3版不符"):
        open_store(url, tmp_path)


@pytest.mark.parametrize("change", ["DELETE FROM xuejian_meta", "UPDATE xuejian_meta SET value = 'x'"])
def test_a_store_that_does_not_say_its_version_is_said(url: str, tmp_path: Path, change: str) -> None:
    with transaction(open_store(url, tmp_path).engine, writes=True) as connection:
        connection.execute(text(change))
    with pytest.raises(HistoryError, match="没有记下自己是第几版"):
        open_store(url, tmp_path)


FORMS = {3: "d6cd116094e2dfcc"}
"""Version of the tables → a digest of them. A line that is here is never changed: other tables are another version,
with a step in checks.history.schema that makes it of the one before, and a line of their own."""


def test_the_tables_do_not_change_without_a_new_version() -> None:
    made = [*map(CreateTable, TABLES.sorted_tables), *(CreateIndex(i) for t in TABLES.sorted_tables for i in t.indexes)]
    said = "\n".join(" ".join(str(each).split()) for each in made)
    assert FORMS[len(STEPS) + 1] == sha256(said.encode()).hexdigest()[:16], "see FORMS"


def test_a_run_that_was_kept_by_mistake_is_forgotten_with_its_answers(store: Store) -> None:
    remember(store, "2026-09", checked("2026-09-30"))
    remember(store, "2026-10", checked("2026-10-28", [PERSON]))
    store.keep_answers(store.run("2026-10"), {PERSON.fingerprint: Answer("fixed", "2026-10")})
    store.forget(store.run("2026-10"))
    assert [run.month for run in store.runs()] == ["2026-09"]
    after = remember(store, "2026-11", checked("2026-11-25", [PERSON]))
    assert (state_of(after, PERSON), after.answers, codes(after)) == ("new", {}, {"gap"})


def test_a_place_whose_name_can_be_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(HistoryError):
        existing_store("x" * 5000, tmp_path)
