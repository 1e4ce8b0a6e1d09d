"""The tables of the store, and how one written by an earlier version becomes today's."""

from collections.abc import Callable, Sequence

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
    text,
)

from checks.history.errors import HistoryError

TABLES = MetaData()
META = Table(
    "xuejian_meta", TABLES, Column("name", String(40), primary_key=True), Column("value", Text, nullable=False)
)
RUN = Table(
    "xuejian_run",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("institution", String(200), nullable=False),
    Column("pack", String(200), nullable=False),
    Column("month", String(7), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("ran_at", String(20), nullable=False),
    Column("tool_version", String(40), nullable=False),
    Column("snapshot_sha256", String(64), nullable=False),
    Column("key_check", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("error", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("waived", Integer, nullable=False),
    Column("new", Integer),
    Column("back", Integer),
    Column("solved", Integer),
    Column("turn", Integer),
    Column("since", Integer),
    UniqueConstraint("institution", "pack", "month"),
)


def _part(name: str, *columns: Column[object], key: Sequence[str]) -> Table:
    run = Column("run", Integer, ForeignKey(RUN.c.id), nullable=False)
    return Table(f"xuejian_{name}", TABLES, run, *columns, PrimaryKeyConstraint("run", *key))


PACK = _part("pack", Column("id", String(100)), Column("version", String(40), nullable=False), key=["id"])
RULE = _part(
    "rule",
    Column("id", String(40)),
    Column("title", Text, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("status", String(20), nullable=False),
    Column("considered", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("definition", String(16), nullable=False),
    Column("parameters", Text, nullable=False),
    Column("tables", Text, nullable=False),
    Column("gaps", Text),
    key=["id"],
)
FINDING = _part(
    "finding",
    Column("fingerprint", String(32)),
    Column("rule", String(40), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("owner", String(100), nullable=False),
    Column("college", String(200)),
    Column("due_on", Date),
    Column("state", String(10), nullable=False),
    Column("subject", String(16), nullable=False),
    Column("person", String(16), nullable=False),
    key=["fingerprint"],
)
Index("xuejian_finding_seen", FINDING.c.fingerprint)
UNREAD = _part("unread", Column("tab", String(40)), Column("person", String(16)), key=["tab", "person"])
MARK = _part(
    "mark",
    Column("office", String(100)),
    Column("college", String(200)),
    Column("month", String(7)),
    Column("due", Integer, nullable=False),
    Column("on_time", Integer, nullable=False),
    key=["office", "college", "month"],
)
PARTS = (PACK, RULE, FINDING, UNREAD, MARK)
FEEDBACK = Table(
    "xuejian_feedback",
    TABLES,
    Column("institution", String(200)),
    Column("pack", String(200)),
    Column("month", String(7)),
    Column("fingerprint", String(32)),
    Column("answer", String(10), nullable=False),
    PrimaryKeyConstraint("institution", "pack", "month", "fingerprint"),
)
"""By month, not by run: a report that is made once more keeps what was answered on it."""

Step = Callable[[Connection], None]


def _answers(connection: Connection) -> None:
    """2: a place for what was answered on the sheets."""
    connection.execute(
        text(
            "CREATE TABLE xuejian_feedback (institution VARCHAR(200) NOT NULL, pack VARCHAR(200) NOT NULL,"
            " month VARCHAR(7) NOT NULL, fingerprint VARCHAR(32) NOT NULL, answer VARCHAR(10) NOT NULL,"
            " PRIMARY KEY (institution, pack, month, fingerprint))"
        )
    )


def _gaps_and_turns(connection: Connection) -> None:
    """3: when a run was written. And the gaps of a rule: they came while the number stayed, so that stores of 1 and 2
    have them or have not; what they were is not known where they were not kept."""
    if "gaps" not in {column["name"] for column in inspect(connection).get_columns("xuejian_rule")}:
        connection.execute(text(f"ALTER TABLE xuejian_rule ADD gaps {Text().compile(dialect=connection.dialect)}"))
    for name in ("turn", "since"):
        connection.execute(text(f"ALTER TABLE xuejian_run ADD {name} INTEGER"))
    connection.execute(text("UPDATE xuejian_run SET turn = id, since = id"))


STEPS: tuple[Step, ...] = (_answers, _gaps_and_turns)
"""The first makes version 2 of version 1, and so on; an empty store is made as TABLES are today. A step, once released,
is never changed and says in its own words what it makes: any change of TABLES is a new step (a test holds to it)."""
_VERSION = "schema"


def migrate(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """Brings the store to today's version, within the caller's transaction. HistoryError where a later version of
    the tool wrote it, or where it lacks what its version has."""
    newest = len(steps) + 1
    version = _version(connection)
    if version > newest:
        raise HistoryError(f"历史库由更新版本的学鉴写成（第{version}版，本程序只认到第{newest}版），请升级学鉴")
    if version == 0:
        TABLES.create_all(connection)
    for step in steps[version - 1 :] if version else ():
        step(connection)
    if version < newest:
        connection.execute(META.delete().where(META.c.name == _VERSION))
        connection.execute(META.insert().values(name=_VERSION, value=str(newest)))
    if lacking := _lacking(connection):
        raise HistoryError(
            f"历史库缺少{'、'.join(lacking)}，与它所记的第{newest}版不符（被改动过，或没有恢复完整）；"
            "请用备份恢复，或用 --history 另建一个"
        )


def _version(connection: Connection) -> int:
    """0 where there is no store yet."""
    if not inspect(connection).has_table(META.name):
        return 0
    found = connection.execute(select(META.c.value).where(META.c.name == _VERSION)).scalar()
    if found is None or not str(found).isdecimal():
        raise HistoryError("历史库没有记下自己是第几版，不是学鉴写成的样子；请用备份恢复，或用 --history 另建一个")
    return int(found)


def _lacking(connection: Connection) -> list[str]:
    inspector, lacking = inspect(connection), []
    for table in TABLES.sorted_tables:
        if not inspector.has_table(table.name):
            lacking.append(f"表 {table.name}")
            continue
        there = {column["name"] for column in inspector.get_columns(table.name)}
        lacking += [f"表 {table.name} 的 {column.name} 列" for column in table.columns if column.name not in there]
    return lacking
