"""What it costs to read large exports of every kind into a snapshot.

    python tests/bench/read.py [csv | xlsx | attendance | parquet | sqlite | postgresql]…

Every one is read twice, each time by a new process, and the better time is shown: other programs disturb.
"""

import codecs
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from measuring import alone, cpu, peak

AS_OF = date(2026, 11, 25)
TIMES = 2
CHUNK = 1 << 20


def students(rows: int) -> Any:
    """A table of 在校生: its sixteen fields, and four columns that are none, in some order."""
    import numpy as np
    import pyarrow as pa

    chance, numbers = np.random.default_rng(1), np.arange(rows)

    def one_of(*texts: object) -> Any:
        return pa.array([str(text) for text in texts]).take(pa.array(chance.integers(0, len(texts), rows)))

    def numbered(first: int) -> Any:
        return pa.array(first + numbers).cast(pa.string())

    given = [f"{a}{b}" for a in "王李张刘陈杨黄赵周吴" for b in "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"]
    days = [date.fromordinal(date(2003, 1, 1).toordinal() + day).isoformat() for day in range(1500)]
    columns = {
        "学号": numbered(202300000000), "身份证号": numbered(610102200501010000), "姓名": one_of(*given),
        "手机号": numbered(13000000000), "性别": one_of("男", "女"), "出生日期": one_of(*days),
        "民族": one_of("汉族", "回族", "满族", "藏族"), "考生号": numbered(23610000000000),
        "培养层次": one_of("本科", "专科"), "学生类别": one_of("普招", "综合评价", "高职扩招"),
        "学院": one_of(*(f"第{number}学院" for number in range(12))),
        "专业": one_of(*(f"第{number}专业" for number in range(50))), "班级号": one_of(*range(20230000, 20230400)),
        "年级": one_of(2023, 2024, 2025, 2026), "学制": one_of(3, 4, 5), "入学日期": one_of("2023-09-01", "2024-09-01"),
        "在校状态": one_of("在读", "休学", "退学"), "家庭住址": pa.compute.binary_join_element_wise(
            "陕西省西安市未央区某路", pa.array(numbers).cast(pa.string()), "号", ""),
        "班主任": one_of(*given), "备注": one_of("", "已核对", "资料不全"),
    }  # fmt: skip
    return pa.table(columns)


def attendance(rows: int, first: int) -> Any:
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(first)
    days = [date.fromordinal(date(2026, 9, 7).toordinal() + day).isoformat() for day in range(80)]
    listed: Mapping[str, list[str]] = {
        "学号": [str(202300000000 + number) for number in range(60_000)], "上课日期": days,
        "课程": [f"第{number}门课程" for number in range(800)],
        "考勤结果": ["出勤"] * 16 + ["迟到", "早退", "请假", "缺勤"], "修读方式": ["修读"] * 19 + ["旁听"],
    }  # fmt: skip
    return pa.table({
        name: pa.array(texts).take(pa.array(chance.integers(0, len(texts), rows))) for name, texts in listed.items()
    })  # fmt: skip


def write_csv(folder: Path) -> None:
    """1,000,000 rows × 20 columns in GB18030."""
    from pyarrow import csv

    csv.write_csv(students(1_000_000), folder / "utf-8", csv.WriteOptions(quoting_style="none"))
    read, write = (codecs.getincrementaldecoder("utf-8")(), codecs.getincrementalencoder("gb18030")())
    with (folder / "utf-8").open("rb") as text, (folder / "在校生.csv").open("wb") as out:
        for chunk in iter(partial(text.read, CHUNK), b""):
            out.write(write.encode(read.decode(chunk)))
    (folder / "utf-8").unlink()


def write_xlsx(folder: Path) -> None:
    """100,000 rows × 20 columns."""
    import xlsxwriter

    book = xlsxwriter.Workbook(folder / "在校生.xlsx")
    sheet = book.add_worksheet()
    for at, (name, column) in enumerate(students(100_000).to_pydict().items()):
        sheet.write_column(0, at, [name, *column])
    book.close()


def write_attendance(folder: Path) -> None:
    """10,000,000 rows of 60,000 students."""
    from pyarrow import csv

    first = attendance(1_000_000, 0)
    with csv.CSVWriter(folder / "考勤.csv", first.schema, write_options=csv.WriteOptions(quoting_style="none")) as out:
        out.write(first)
        for number in range(1, 10):
            out.write(attendance(1_000_000, number))


def write_parquet(folder: Path) -> None:
    """1,000,000 rows × 20 columns."""
    from pyarrow import parquet

    parquet.write_table(students(1_000_000), folder / "在校生.parquet")


def write_sqlite(folder: Path) -> None:
    """200,000 rows × 20 columns."""
    table = students(200_000)
    with sqlite3.connect(folder / "data.db") as made:
        made.execute(f"CREATE TABLE 在校生 ({', '.join(table.column_names)}, PRIMARY KEY (学号))")
        made.executemany(
            f"INSERT INTO 在校生 VALUES ({', '.join('?' * table.num_columns)})",
            zip(*table.to_pydict().values(), strict=True),
        )
    made.close()


def write_postgresql(folder: Path) -> None:
    """200,000 rows × 20 columns."""
    from pyarrow import csv

    csv.write_csv(students(200_000), folder / "rows")


def read_files(folder: Path) -> dict[str, Any]:
    return timed(partial(load, folder))


def read_parquet(folder: Path) -> dict[str, Any]:
    """Beside the whole of it: what reading the columns alone costs, those that are fields and all that there are."""
    from facts.model.snapshot import SourceFile
    from facts.model.tables import TABLES
    from facts.reading.headings import match
    from facts.sources.cells import Limits
    from facts.sources.parquet import open_parquet

    path = folder / "在校生.parquet"
    sheet = open_parquet(path, SourceFile(path.name), Limits())
    spent = {}
    for what, positions in (
        ("the fields", [*match(TABLES["student"], sheet).fields.values()]),
        ("all columns", [*range(len(sheet.headings))]),
    ):
        began = cpu()
        sheet.read(positions)
        spent[f"CPU for {what} alone"] = cpu() - began
    return timed(partial(load, folder)) | {"more": spent}


def read_sqlite(folder: Path) -> dict[str, Any]:
    return timed(partial(load, None, f"sqlite:///{folder / 'data.db'}"))


def read_postgresql(folder: Path) -> dict[str, Any] | None:
    import postgresql
    import pytest
    from sqlalchemy import create_engine

    try:
        with postgresql.server() as url:
            engine = create_engine(url.replace("postgresql:", "postgresql+pg8000:"))
            raw = engine.raw_connection()
            with (folder / "rows").open("rb") as rows:
                names = rows.readline().decode().replace('"', "").strip().split(",")
                declared = ", ".join(f'"{name}" text' for name in names)
                raw.cursor().execute(f'CREATE TABLE "在校生" ({declared}, PRIMARY KEY ("学号"))')
                raw.cursor().execute('COPY "在校生" FROM STDIN WITH (FORMAT csv)', stream=rows)
            raw.commit()
            raw.close()
            engine.dispose()
            return timed(partial(load, None, url))
    except pytest.fail.Exception:
        return None


def load(folder: Path | None, url: str | None = None) -> int:
    from facts.reading.load import load_snapshot

    if url is None:
        snapshot = load_snapshot(folder, AS_OF)
    else:
        from facts.sources.database.address import address

        snapshot = load_snapshot(None, AS_OF, database=address(url))
    return sum(table.accepted for table in snapshot.tables.values())


def timed(read: Callable[[], int]) -> dict[str, Any]:
    began, used = perf_counter(), cpu()
    rows = read()
    return {"rows": rows, "seconds": perf_counter() - began, "cpu": cpu() - used, "peak": peak()}


KINDS: Mapping[str, tuple[Callable[[Path], None], Callable[[Path], dict[str, Any] | None], str]] = {
    "csv": (write_csv, read_files, "under 4 s"),
    "xlsx": (write_xlsx, read_files, "under 6 s"),
    "attendance": (write_attendance, read_files, "under 1500 MB"),
    "parquet": (write_parquet, read_parquet, "only the columns that are fields"),
    "sqlite": (write_sqlite, read_sqlite, "-"),
    "postgresql": (write_postgresql, read_postgresql, "-"),
}


def main(*names: str) -> None:
    print(f"\nread:\n{'':<12}{'rows':>11}{'seconds':>9}{'CPU':>8}{'peak MB':>9}  aim")
    for name in names or KINDS:
        with tempfile.TemporaryDirectory() as folder:
            alone(__file__, "--write", name, folder)
            found = [alone(__file__, "--read", name, folder) for _ in range(TIMES)]
        if None in found:
            print(f"{name:<12}not installed here")
            continue
        rows, seconds, used, most = (min(each[of] for each in found) for of in ("rows", "seconds", "cpu", "peak"))
        print(f"{name:<12}{rows:>11,}{seconds:>9.2f}{used:>8.2f}{most:>9.0f}  {KINDS[name][2]}")
        for what, value in found[0].get("more", {}).items():
            print(f"{'':<12}{what}: {value:.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] in (["--write"], ["--read"]):
        act = KINDS[sys.argv[2]][sys.argv[1] == "--read"]
        json.dump(act(Path(sys.argv[3])), sys.stdout)
    else:
        main(*sys.argv[1:])
