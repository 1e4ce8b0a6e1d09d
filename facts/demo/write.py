"""The made-up college as exports: one CSV a table, with Chinese names and headings, as the systems would write them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from facts.demo.attendance import MODES, RESULTS
from facts.demo.college import College
from facts.demo.days import Days
from facts.demo.earlier import EARLIER_AS_OF, FOLDER, students_before
from facts.demo.lists import COLLEGE_NAME, COURSES, NEWCOMERS, TERMS, WORKDAYS
from facts.demo.numbers import STUDENTS_ON
from facts.demo.store import NO_DAY, Sheet
from facts.model.schema import ColumnType, columns
from facts.model.tables import TABLES

BOM = b"\xef\xbb\xbf"
CODING = """student_no_pattern = '[0-9]{10}'
class_no_pattern = '[0-9]{8}'
"""
"""The college's 学号编码规则 and 班级号编码规则 (五-4)."""


def write(folder: Path, college: College, progress: Callable[[str], None]) -> dict[str, int]:
    """Write every table and snapshot.toml into `folder`, and into a folder inside it the earlier snapshot that the
    latter names; rows a table, by English name, the earlier ones apart."""
    rows = write_exports(folder, college, f'previous = "{FOLDER}"\n\n', progress)
    (folder / FOLDER).mkdir(exist_ok=True)
    _write_table(folder / FOLDER, "student", students_before(college).columns)
    _write_toml(folder / FOLDER, EARLIER_AS_OF)
    return rows


def write_exports(folder: Path, college: College, more: str, progress: Callable[[str], None]) -> dict[str, int]:
    """Write every table and snapshot.toml as of the college's day into `folder`; rows a table, by English name.

    `more`: lines of snapshot.toml besides the day, the college and its coding rules."""
    tables = {name: _exported(name, sheet, college) for name, sheet in college.sheets.items()}
    tables["term"] = {
        "term": [t[0] for t in TERMS], "academic_year": [t[0][:9] for t in TERMS],
        "starts_on": [t[1] for t in TERMS], "report_by": [t[2] for t in TERMS], "ends_on": [t[3] for t in TERMS],
        "newcomer_report_by": pa.array([NEWCOMERS.get(t[0]) for t in TERMS], type=pa.string()),
    }  # fmt: skip
    tables["workday"] = {"date": [d for d, _ in WORKDAYS], "working": [w for _, w in WORKDAYS]}
    rows: dict[str, int] = {}
    for name in (name for name in TABLES if name in tables):
        progress(TABLES[name].about.heading)
        rows[name] = _write_table(folder, name, tables[name])
    as_of = date.fromisoformat(str(college.days.as_of))
    _write_toml(folder, as_of, f"{more}[packs.xjtei-2020.parameters]\n{CODING}")
    return rows


def _write_table(folder: Path, name: str, values: dict[str, Any]) -> int:
    """The number of rows written."""
    model = TABLES[name]
    given = [c for c in columns(model).values() if not c.computed and c.name in values]
    table = pa.table({c.heading: _array(c.type, values[c.name]) for c in given})
    with (folder / f"{model.about.heading}.csv").open("wb") as file:
        file.write(BOM + ",".join(c.heading for c in given).encode() + b"\n")
        csv.write_csv(table, file, csv.WriteOptions(include_header=False, quoting_style="none", batch_size=65536))
    return int(table.num_rows)


def _write_toml(folder: Path, as_of: date, more: str = "") -> None:
    text = f'as_of = {as_of}\ncollege = "{COLLEGE_NAME}"\n{more}'
    (folder / "snapshot.toml").write_text(text, encoding="utf-8", newline="\n")


def _exported(name: str, sheet: Sheet, college: College) -> dict[str, Any]:
    sheet.finish()
    _cut(name, sheet, college.days)
    _order(name, sheet, college.days)
    return _calls(sheet, college) if name == "attendance" else sheet.columns


def _cut(name: str, sheet: Sheet, days: Days) -> None:
    """Nothing of after the day of the export but plans: rows of a later day go, other later dates are missing."""
    if name == "attendance":
        sheet.drop(days.called[sheet["day"]] > days.as_of)
    else:
        for column in columns(TABLES[name]).values():
            if column.type is not ColumnType.DATE or column.plan or column.computed:
                continue
            late = sheet[column.name] > days.as_of
            if column.own_date:
                sheet.drop(late)
            else:
                sheet.set(late, **{column.name: NO_DAY})
    sheet.finish()


def _order(name: str, sheet: Sheet, days: Days) -> None:
    """Put rows where a system would list them, so that what was planted does not stand at the end."""
    if name in {"student", "record", "fee", "attendance", "graduation"}:
        sheet.sort(sheet.who, days.called[sheet["day"]] if name == "attendance" else np.zeros(len(sheet.who)))
    elif name in {"checkin", "registration", "deferral"}:
        sheet.sort(sheet["term"].astype("U11"), sheet.who)
    elif name in {"change", "handover"}:
        sheet.sort(sheet["change_no"].astype("U12"))
    elif name == "welcome":
        sheet.sort(sheet["entry_year"], sheet["exam_no"].astype("U14"))
    elif name == "renumbering":
        sheet.sort(sheet["old_no"].astype("U10"))
    else:
        sheet.sort(sheet["class_no"].astype("U10"), sheet.who)


def _calls(sheet: Sheet, college: College) -> dict[str, Any]:
    """Attendance as dictionary-encoded columns: millions of cells, few different texts."""
    days: Days = college.days
    held_on = days.called[sheet["day"]]
    people = college.people.student_no
    former = np.full(len(people) + 1, -1)  # the last stands for nobody
    old = [number.old for number in college.numbers.students]
    former[[number.who for number in college.numbers.students]] = len(people) + np.arange(len(old))
    was = former[sheet.who]
    number = np.where((was >= 0) & (held_on < STUDENTS_ON), was, sheet.who)
    return {
        "student_no": _coded(number, np.concatenate([people, np.array(old, dtype=object)])),
        "held_on": _coded(sheet["day"], np.datetime_as_string(days.called, "D").astype(object)),
        "course": _coded(sheet["course"], np.array(COURSES, dtype=object)),
        "result": _coded(sheet["result"], np.array(RESULTS, dtype=object)),
        "mode": _coded(sheet["mode"], np.array(MODES, dtype=object)),
    }


def _coded(codes: Any, texts: Any) -> pa.Array:
    texts = pa.array(texts, type=pa.string())
    return texts.take(pa.array(codes.astype(np.int32)))


def _array(kind: ColumnType, values: Any) -> Any:
    if isinstance(values, pa.Array | list):
        return values
    if kind is ColumnType.DATE:
        return pa.array(values.astype("datetime64[D]"))
    if kind is ColumnType.MONEY:
        different, place = np.unique(values, return_inverse=True)
        return _coded(place, [f"{fen // 100}.{fen % 100:02d}" for fen in different.tolist()])
    if values.dtype.kind == "i":
        return pa.array(values)
    return pa.array(values, type=pa.string())
