"""Small colleges made at random, in which nothing is as it should be: days at every limit, numbers of nobody, the same
person under two numbers, cells that can't be read.

What a table may hold is taken from its model."""

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from facts.model.identity import complete
from facts.model.schema import Column, ColumnType, columns
from facts.model.tables import TABLES

AS_OF = date(2026, 11, 25)
EARLIER = date(2026, 10, 28)
TERMS = (
    ("2024-2025-1", "2024-2025", "2024-09-02", "2024-09-06", "2025-01-19"),
    ("2024-2025-2", "2024-2025", "2025-03-03", "2025-03-07", "2025-07-13"),
    ("2025-2026-1", "2025-2026", "2025-09-01", "2025-09-05", "2026-01-18"),
    ("2025-2026-2", "2025-2026", "2026-03-02", "2026-03-06", "2026-07-12"),
    ("2026-2027-1", "2026-2027", "2026-08-31", "2026-09-04", "2027-01-17"),
)
NUMBERS = [f"24010{n:02}" for n in range(1, 25)]
EXAMS = [f"2461{n:04}" for n in range(1, 25)]
CHANGES = [f"YD{n:03}" for n in range(1, 41)]
CLASSES = ["24010", "24011", "24012"]
NAMES = ["张三", "李四", "阿依·古丽", "阿依 • 古丽", "王５", "王5"]
MAJORS = ["会计学", "空中乘务（校企合作）", "空中乘务(校企合作)"]
CODING = """student_no_pattern = '2401.*'
class_no_pattern = '2401[01]'
"""
SPANS = (-3, -1, -1, 0, 0, 1, 1, 2)
BACK = (0, 5, 7, 14, 15, 21, 30, 60, 90, 120, 180, 365, 730, 731, 1461, 2191)
"""Days before as_of at which some limit of the catalogue lies."""
HABITS = {"在读": 6, "在籍": 6, "修读": 4, "出勤": 2, "缺勤": 4, "本科": 3, "专科": 3, "学信网": 3, "居民身份证": 4}
"""Codes that stand more often than others."""
ROWS = {
    "student": 22, "record": 20, "fee": 30, "welcome": 20, "checkin": 24, "registration": 30, "deferral": 10,
    "change": 40, "attendance": 160, "graduation": 10, "handover": 20, "class_group": 3, "placement": 2, "workday": 0,
    "term": 0, "renumbering": 0,
}  # fmt: skip
USUAL = frozenset(
    ("student.length_years", "student.class_no", "student.id_number", "student.exam_no", "change.effective_on")
)
"""Fields that are seldom empty."""


class _Writer:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.ids = [str(n) for n in complete([f"6101012006{m:02}1500{m % 10}" for m in range(1, 13)])]
        self.ids += [str(complete([f"610101{year}0315{n:03}"])[0]) for n, year in enumerate(range(2001, 2009), 101)]
        self.ids += ["610101200603150000", "无"]

    def rows(self, table: str, given: Sequence[Column]) -> list[list[str]]:
        count = round(ROWS[table] * self.rng.uniform(0.7, 1.2))
        return [[self.cell(table, column, at) for column in given] for at in range(count)]

    def cell(self, table: str, column: Column, at: int) -> str:
        rng, name = self.rng, column.name
        if rng.random() < 0.004 and column.type in (ColumnType.DATE, ColumnType.CODE, ColumnType.MONEY):
            return "不详"
        if not column.required and rng.random() < (0.05 if f"{table}.{name}" in USUAL else 0.3):
            return ""
        match name:
            case "student_no":
                own = table in ("student", "record") and rng.random() < 0.9
                return NUMBERS[at % len(NUMBERS)] if own else rng.choice([*NUMBERS, "0000000"])
            case "exam_no":
                own = table in ("student", "welcome") and rng.random() < 0.9
                return EXAMS[at % len(EXAMS)] if own else rng.choice([*EXAMS, "1111111"])
            case "id_number":
                return self.ids[at % len(self.ids)] if rng.random() < 0.85 else rng.choice(self.ids)
            case "change_no":
                return CHANGES[at % len(CHANGES)] if table == "change" else rng.choice(CHANGES)
            case "class_no":
                return CLASSES[at % len(CLASSES)] if table == "class_group" else rng.choice(CLASSES)
            case "term":
                return rng.choice([TERMS[-1][0]] * 5 + [t[0] for t in TERMS] + ["2030-2031-1"])
            case "academic_year" | "annual_registration":
                return rng.choice(["2026-2027", "2026-2027", "2025-2026", "2024-2025"])
            case "entry_year":
                return rng.choice(["2026", "2026", "2025", "2024"])
            case "length_years":
                return rng.choice(["3", "4"])
            case "certificate_no":
                return f"证{rng.randrange(4)}"
            case "name":
                return rng.choice(NAMES[:1] * 6 + NAMES)
            case "major" | "to_major" | "from_major":
                return rng.choice(MAJORS)
            case "payable":
                return "5000"
            case "paid":
                return rng.choice(["5000", "5000", "4999.01", "4999", "0"])
            case "relief":
                return rng.choice(["0", "1000"])
            case "approver" | "to_unit" | "from_unit":
                return rng.choice(["招生办", "招办", "学生处", "教务处", "档案室"])
        if column.type is ColumnType.DATE:
            return self.day(table, name)
        if column.codes:
            return rng.choices(column.codes, [HABITS.get(code, 1) for code in column.codes])[0]
        return "2024" if column.type is ColumnType.INT else "甲"

    def day(self, table: str, name: str) -> str:
        rng = self.rng
        if table == "attendance" and rng.random() < 0.8:
            return str(AS_OF - timedelta(rng.choice((1, 2, 3, 5, 8, 13, 14, 15, 16, 20, 40, 81, 82))))
        if name == "entered_on":
            return rng.choice(["2026-09-01", "2025-09-01", "2024-09-01", "2022-08-26", "2020-11-24", "2020-11-25"])
        if name == "birth_on":
            return rng.choice(["2006-01-15", "2006-02-15", "2001-03-15"])
        base = rng.choice([AS_OF] * 3 + [date.fromisoformat(t[3]) for t in TERMS[-2:]])
        if base == AS_OF:
            base -= timedelta(rng.choice(BACK))
        return str(base + timedelta(rng.choice(SPANS)))


def write_college(folder: Path, seed: int) -> None:
    """Every table and snapshot.toml, and an earlier snapshot of the students in 2026-10."""
    writer = _Writer(seed)
    folder.mkdir(exist_ok=True)
    before = folder / "2026-10"
    before.mkdir(exist_ok=True)
    given = {name: [c for c in columns(model).values() if not c.computed] for name, model in TABLES.items()}
    tables: Mapping[str, list[list[str]]] = {name: writer.rows(name, given[name]) for name in TABLES}
    for row in TERMS:
        known = dict(zip(("term", "academic_year", "starts_on", "report_by", "ends_on"), row, strict=True))
        tables["term"].append([known.get(c.name, "") for c in given["term"]])
    for name, rows in tables.items():
        _write(folder / f"{TABLES[name].about.heading}.csv", given[name], rows)
    place = [c.name for c in given["student"]].index("class_no")
    earlier = [[*row[:place], writer.rng.choice(CLASSES), *row[place + 1 :]] for row in tables["student"]]
    _write(before / "在校生.csv", given["student"], earlier)
    (before / "snapshot.toml").write_text(f"as_of = {EARLIER}\n", encoding="utf-8")
    text = f'as_of = {AS_OF}\nprevious = "2026-10"\n[packs.xjtei-2020.parameters]\n{CODING}'
    (folder / "snapshot.toml").write_text(text, encoding="utf-8")


def _write(path: Path, given: Sequence[Column], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[column.heading for column in given], *rows])
