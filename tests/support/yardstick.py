"""The catalogue judged a second time: whole tables in duckdb, by the SQL of tests/yardstick.

It shares no code with facts, rules and checks. A college comes as a folder of CSV with the contract's Chinese headings
(`Yardstick.folder`), or as rows under its English names (`college`); a column that is not there reads as missing.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar
import duckdb
import pandas as pd

HERE = Path(__file__).parents[1] / "yardstick"
GROUPS = ("ADM", "DEF", "REG", "IDN", "CLS", "PRC", "MRK", "GRD")
KEYS = {"student_no": "sno", "id_number": "pid", "exam_no": "eno"}
"""Columns that name persons, and what those columns are called that persons are joined by."""
NAMED = {"student": "name", "student_before": "name", "record": "name", "welcome": "name"}
MAJORS = {"student": "major", "record": "major", "welcome": "major", "change": "to_major", "class_group": "major"}
NUMBERS = {"student_no": "学号", "class_no": "班级号"}
"""Columns that 编号对照 maps."""
ONE_OF = {"deferral": (("student_no", "exam_no"),), "placement": (("student_no", "class_no"),)}
ERRORS = "('#N/A', '#REF!', '#VALUE!', '#DIV/0!', '#NAME?', '#NULL!', '#NUM!')"
TYPES = {"int": "INTEGER", "money": "DECIMAL(18, 2)", "date": "DATE", "plan": "DATE", "own": "DATE"}
PATTERNS = {"term": r"\d{4}-\d{4}-\d", "year": r"\d{4}-\d{4}"}
PROVINCES = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83,
)  # fmt: skip

Key = tuple[str, ...]
Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Verdict:
    """What one rule finds."""

    found: Mapping[Key, str]
    """Key, in the order of `per`, → severity: error, warning or notice."""
    checked: bool
    """False where the rule has something to look at and no table covers its time, or where no pattern is set."""


@dataclass(frozen=True)
class Column:
    name: str
    heading: str
    required: bool
    type: str
    codes: tuple[str, ...]


@cache
def contract() -> Mapping[str, tuple[str, tuple[Column, ...]]]:
    """English name of a table → its Chinese name and its columns."""
    tables: dict[str, tuple[str, tuple[Column, ...]]] = {}
    name = heading = ""
    for line in (HERE / "contract.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            field, head, *kind = line.split()
            codes = tuple(kind[0][1:-1].split(",")) if kind and kind[0].startswith("{") else ()
            column = Column(field, head.rstrip("*"), head.endswith("*"), "code" if codes else (*kind, "text")[0], codes)
            tables[name] = (heading, (*tables[name][1], column))
        elif not line.startswith("#"):
            name, heading, _ = line.split()
            tables[name] = (heading, ())
    return tables


@cache
def definitions() -> Mapping[str, str]:
    """Rule → its query: the columns of its key, severity and, where a table's cover decides, covered and violated."""
    found: dict[str, str] = {}
    for group in GROUPS:
        parts = re.split(r"^-- ([A-Z]{3}-\d\d)\b.*\n", (HERE / f"{group}.sql").read_text(encoding="utf-8"), flags=re.M)
        found |= dict(zip(parts[1::2], parts[2::2], strict=True))
    return found


def _cell(column: Column) -> str:
    """A lower-case x of an identity number counts as X."""
    return f'upper("{column.heading}")' if column.name == "id_number" else f'"{column.heading}"'


class Yardstick:
    """One college on one day."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database = database

    @classmethod
    def folder(cls, path: Path, as_of: date | None = None) -> "Yardstick":
        """The snapshot in a folder, with the earlier one and the parameters that its snapshot.toml names."""
        notes = tomllib.loads((path / "snapshot.toml").read_text(encoding="utf-8"))
        before = path / notes["previous"] if "previous" in notes else None
        earlier = tomllib.loads((before / "snapshot.toml").read_text(encoding="utf-8"))["as_of"] if before else None
        new = cls(duckdb.connect())
        new._run((HERE / "params.sql").read_text(encoding="utf-8"))
        new._set(as_of or notes["as_of"], earlier, notes.get("packs", {}).get("xjtei-2020", {}).get("parameters", {}))
        for name, (heading, columns) in _tables().items():
            within = path if name != "student_before" else before
            new._from_csv(name, within / f"{heading}.csv" if within else None, columns)
        new._derive(whole_rows=True)
        return new

    def judge(self, rule: str) -> Verdict:
        """What a rule finds."""
        result = self._run(definitions()[rule])
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        keys = [name for name in names if name not in ("severity", "covered", "violated")]
        found: dict[Key, str] = {}
        for row in rows:
            if row.get("covered", True) and row.get("violated", True):
                key = tuple(str(row[name]) for name in keys)
                found[key] = min(found.get(key, row["severity"]), row["severity"])
        none = bool(rows) and not any(row.get("covered", True) for row in rows)
        checked = not none and (rule,) not in self._run("SELECT rule FROM not_checked").fetchall()
        return Verdict(found if checked else {}, checked)

    def _run(self, sql: str) -> Any:
        return self.database.execute(sql)

    def _set(self, as_of: date, earlier: date | None, parameters: Mapping[str, object]) -> None:
        """The days of the snapshots, and the parameters that differ from the catalogue's."""
        self._run(f"UPDATE p SET as_of = DATE '{as_of}', earlier = {_literal(earlier)}")
        for name, value in parameters.items():
            if name in ("repeat_limit", "extra_years"):
                for (level,) in self._run("SELECT level FROM by_level").fetchall():
                    number = value.get(level) if isinstance(value, Mapping) else value
                    self.database.execute(f"UPDATE by_level SET {name} = ? WHERE level = ?", [number, level])
            else:
                self.database.execute(f"UPDATE p SET {name} = ?", [value])

    def _from_csv(self, name: str, path: Path | None, columns: Sequence[Column]) -> None:
        given: set[str] = set()
        if path and path.exists():
            self.database.read_csv(str(path), all_varchar=True, header=True).create_view("sheet")
            given = {row[0] for row in self._run("DESCRIBE sheet").fetchall()}
            self._given(name, [c.name for c in columns if c.heading in given])
        cells = ", ".join(
            f"{_cell(c)} AS {c.name}" if c.heading in given else f"NULL::VARCHAR AS {c.name}" for c in columns
        )
        rows = "FROM sheet" if given else "LIMIT 0"
        self._run(f"CREATE TABLE raw_{name} AS SELECT row_number() OVER () AS row, {cells} {rows}")
        self._run("DROP VIEW IF EXISTS sheet")

    def _given(self, table: str, columns: Sequence[str]) -> None:
        self._run("INSERT INTO given_column VALUES " + ", ".join(f"('{table}', '{name}')" for name in columns))

    def _derive(self, whole_rows: bool) -> None:
        """Read cells, follow new numbers, forget the days to come, and lay the views on top.

        `whole_rows`: a row that lacks a required value is set aside, as it is in an export."""
        self._run("CREATE TABLE renumbered (kind VARCHAR, old_no VARCHAR, new_no VARCHAR)")
        self.database.register("published", _calendar())
        self._run("CREATE TABLE calendar AS SELECT day::DATE AS day, working FROM published")
        tables = _tables()
        for name in ("renumbering", *(name for name in tables if name != "renumbering")):
            _, columns = tables[name]
            follow = bool(self._run("FROM renumbered").fetchall())
            self._run(
                f"CREATE TABLE read_{name} AS {_reading(name, columns, whole_rows, follow)}; DROP TABLE raw_{name}"
            )
            if name == "renumbering":
                self._follow_numbers()
        self._compare_texts()
        self._run(f"CREATE TABLE identity AS {_identity()}; CREATE TABLE nobody AS {_nobody()}")
        for name, (_, columns) in tables.items():
            accepted, aside = _finished(name, columns)
            self._run(
                f"CREATE TABLE {name} AS {accepted}; CREATE TABLE aside_{name} AS {aside}; DROP TABLE read_{name}"
            )
        self._run((HERE / "views.sql").read_text(encoding="utf-8"))

    def _follow_numbers(self) -> None:
        """Old and final numbers, from 编号对照; none where it is refused."""
        rows = self._run("SELECT DISTINCT kind, old_no, new_no FROM read_renumbering WHERE NOT aside").fetchall()
        final: list[tuple[str, str, str]] = []
        for kind in ("学号", "班级号"):
            steps = {old: new for k, old, new in rows if k == kind}
            if len(steps) < sum(k == kind for k, _, _ in rows):
                return
            for old, new in steps.items():
                number, seen = new, {old}
                while number in steps and number not in seen:
                    seen.add(number)
                    number = steps[number]
                if number in seen:
                    return
                final.append((kind, old, number))
        if final:
            self.database.executemany("INSERT INTO renumbered VALUES (?, ?, ?)", final)

    def _compare_texts(self) -> None:
        """What names and majors are compared as."""
        for table, columns, key in (("name_keys", NAMED, _person), ("major_keys", MAJORS, _major)):
            union = " UNION ".join(f"SELECT {column} FROM read_{name}" for name, column in columns.items())
            texts = [row[0] for row in self._run(union).fetchall() if row[0] is not None]
            keys = pd.DataFrame(
                {"text": pd.Series(texts, dtype="str"), "key": pd.Series([*map(key, texts)], dtype="str")}
            )
            self.database.register("keys", keys)
            self._run(f"CREATE TABLE {table} AS FROM keys")


def college(
    tables: Mapping[str, Rows], as_of: date, parameters: Mapping[str, object] = {}, earlier: date | None = None
) -> Yardstick:
    """The college in which the tables hold just these rows, of as many columns as a statement needs.

    All other tables and columns are given and empty. `student_before`: the students of the earlier snapshot, whose day
    is `earlier`."""
    new = Yardstick(duckdb.connect(config={"threads": 1}))
    new._run((HERE / "params.sql").read_text(encoding="utf-8"))
    new._set(as_of, earlier, parameters)
    for name, (_, columns) in _tables().items():
        new._given(name, [c.name for c in columns])
        new._run(f"CREATE TABLE raw_{name} (row BIGINT, {', '.join(f'{c.name} VARCHAR' for c in columns)})")
        cells = [[at, *(_text(row.get(c.name)) for c in columns)] for at, row in enumerate(tables.get(name, ()))]
        if cells:
            marks = ", ".join("?" for _ in range(len(columns) + 1))
            new.database.executemany(f"INSERT INTO raw_{name} VALUES ({marks})", cells)
    new._derive(whole_rows=False)
    return new


def _tables() -> Mapping[str, tuple[str, tuple[Column, ...]]]:
    return {**contract(), "student_before": contract()["student"]}


def _reading(name: str, columns: Sequence[Column], whole_rows: bool, follow: bool) -> str:
    """Cells as what they mean; `aside`: whether one of them can't be read, or a required one is missing."""
    bad, cells = ["false"], []
    for c in columns:
        raw = f"nullif(trim({c.name}), '')"
        value = _typed(raw, c)
        bad.append(f"coalesce({value} IS NULL AND ({raw} IS NOT NULL OR {whole_rows and c.required}), false)")
        if follow and c.name in NUMBERS:
            old = f"n.kind = '{NUMBERS[c.name]}' AND n.old_no = nullif(trim(r.{c.name}), '')"
            value = f"coalesce((SELECT new_no FROM renumbered n WHERE {old}), {value})"
        cells.append(f"{value} AS {c.name}")
    for one, other in ONE_OF.get(name, ()) if whole_rows else ():
        bad.append(f"coalesce(trim({one}), '') = '' AND coalesce(trim({other}), '') = ''")
    return f"SELECT row, {', '.join(cells)}, {' OR '.join(bad)} AS aside FROM raw_{name} r"


def _identity() -> str:
    """Each identity number by GB 11643-1999: whether it is valid, and the birth date and sex that it states."""
    union = " UNION ".join(f"SELECT id_number AS number FROM read_{name}" for name in ("student", "record", "welcome"))
    total = " + ".join(f"(ascii(number[{at}]) - 48) * {pow(2, 18 - at, 11)}" for at in range(1, 18))
    return f"""
        WITH stated AS (
            SELECT number, regexp_full_match(number, '[0-9]{{17}}[0-9X]') AS formed,
                   try_strptime(substr(number, 7, 8), '%Y%m%d')::DATE AS birth_on
            FROM ({union}) WHERE number IS NOT NULL
        )
        SELECT number, birth_on, CASE WHEN number[17] IN ('1', '3', '5', '7', '9') THEN '男' ELSE '女' END AS sex,
               formed AND try_cast(left(number, 2) AS INT) IN {PROVINCES} AND coalesce(birth_on <= p.as_of, false)
               AND substr('10X98765432', ((CASE WHEN formed THEN {total} ELSE 0 END) % 11 + 1)::INT, 1) = number[18]
               AS valid
        FROM stated, p"""


def _nobody() -> str:
    """Placeholders: numbers that nobody can have, and rows of different persons bear in one table."""
    tests = {
        "id_number": "id_number IN (SELECT number FROM identity WHERE NOT valid) "
        "AND coalesce(id_type, '居民身份证') = '居民身份证'",
        "student_no": _one_digit("student_no"),
        "exam_no": _one_digit("exam_no"),
    }
    return " UNION ".join(
        f"SELECT '{field}' AS field, {field} AS number FROM read_{name} JOIN name_keys ON text = name "
        f"WHERE NOT aside AND {test} GROUP BY {field} HAVING count(DISTINCT key) > 1"
        for name in ("student", "record", "welcome")
        for field, test in tests.items()
        if any(c.name == field for c in contract()[name][1])
    )


def _finished(name: str, columns: Sequence[Column]) -> tuple[str, str]:
    """The accepted rows as of the day, and those set aside."""
    cells = ["row"]
    for c in columns:
        cells.append(f"CASE WHEN {c.name} <= p.as_of THEN {c.name} END AS {c.name}" if c.type == "date" else c.name)
        if c.name in KEYS:
            nobody = f"{c.name} IN (SELECT number FROM nobody WHERE field = '{c.name}')"
            cells.append(f"CASE WHEN NOT {nobody} THEN {c.name} END AS {KEYS[c.name]}")
    joins = ""
    if name in NAMED:
        cells.append("k.key AS name_key")
        joins += f" LEFT JOIN name_keys k ON k.text = {NAMED[name]}"
    if name in MAJORS:
        cells.append(f"m.key AS {MAJORS[name]}_key")
        joins += f" LEFT JOIN major_keys m ON m.text = {MAJORS[name]}"
    own = "".join(f" AND {c.name} <= p.as_of" for c in columns if c.type == "own")
    select = f"SELECT {', '.join(cells)} FROM read_{name}{joins}, p WHERE"
    return f"{select} NOT aside{own}", f"{select} aside"


def _typed(raw: str, column: Column) -> str:
    """A cell as its type; NULL where it is none."""
    if column.type in TYPES:
        return f"try_cast({raw} AS {TYPES[column.type]})"
    if column.type in PATTERNS:
        return f"CASE WHEN regexp_full_match({raw}, '{PATTERNS[column.type]}') THEN {raw} END"
    if column.codes:
        codes = ", ".join(f"'{code}'" for code in column.codes)
        return f"CASE WHEN {raw} IN ({codes}) THEN {raw} END"
    return f"CASE WHEN {raw} NOT IN {ERRORS} THEN {raw} END"


def _one_digit(field: str) -> str:
    """A number all of one digit."""
    return f"regexp_full_match({field}, '[0-9]+') AND {field} = repeat({field}[1], length({field})::INT)"


def _literal(day: date | None) -> str:
    return f"DATE '{day}'" if day else "NULL::DATE"


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _person(name: str) -> str:
    return re.sub(r"\s", "", re.sub("[·•‧・．.･∙⋅]", "·", unicodedata.normalize("NFKC", name)))


def _major(name: str) -> str:
    return re.sub(r"\s", "", name).translate(str.maketrans("（）［］【】", "()[][]"))


@cache
def _calendar() -> pd.DataFrame:
    """The days of seventy years, and whether they work: by the State Council's calendar, else Monday to Friday."""
    first, last = date(1989, 12, 31), date(2060, 1, 1)
    days = [first + timedelta(n) for n in range((last - first).days)]
    known = {day.year for day in chinese_calendar.constants.holidays}
    working = [chinese_calendar.is_workday(day) if day.year in known else day.weekday() < 5 for day in days]
    return pd.DataFrame({"day": pd.Series(days, dtype="datetime64[s]"), "working": working})
