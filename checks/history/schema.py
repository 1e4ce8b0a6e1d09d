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
    Column("gaps", Text, nullable=False),
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
_FIRST = (META, RUN, *PARTS)
STEPS: tuple[Step, ...] = (
    lambda connection: TABLES.create_all(connection, tables=_FIRST, checkfirst=False),
    lambda connection: TABLES.create_all(connection, tables=(FEEDBACK,), checkfirst=False),
)
"""Step n makes version n + 1 of version n. A step, once released, is never changed: a change of the tables is a new
one."""
_VERSION = "schema"


def migrate(connection: Connection, steps: Sequence[Step] = STEPS) -> None:
    """Brings the store to today's version, within the caller's transaction."""
    version = 0
    if inspect(connection).has_table(META.name):
        found = connection.execute(select(META.c.value).where(META.c.name == _VERSION)).scalar()
        version = int(found or 0)
    if version > len(steps):
        raise HistoryError(f"历史库由更新版本的学鉴写成（第{version}版，本程序只认到第{len(steps)}版），请升级学鉴")
    for step in steps[version:]:
        step(connection)
    if version < len(steps):
        connection.execute(META.delete().where(META.c.name == _VERSION))
        connection.execute(META.insert().values(name=_VERSION, value=str(len(steps))))
