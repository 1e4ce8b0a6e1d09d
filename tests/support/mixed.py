"""A college's clean exports as its systems would really hand them over: each table in another form, nothing lost."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import office
import pyarrow as pa
import xlsxwriter
from pyarrow import parquet
from sqlalchemy import URL, create_engine, text
from xlsxwriter.worksheet import Worksheet

Rows = list[dict[str, str]]
COLLEGE = "西安秦岭应用技术学院"
STUDENT = {
    "院(系)/部": "学院", "专业": "专业", "行政班级": "班级号", "学号": "学号", "姓名": "姓名", "性别": "性别",
    "身份证件号": "身份证号", "出生日期": "出生日期", "民族": "民族", "考生号": "考生号", "培养层次": "培养层次",
    "学生类别": "学生类别", "入学年级": "年级", "学制": "学制", "入学时间": "入学日期", "在校状态": "在校状态",
    "证件类型": "证件类型",
}  # fmt: skip
"""What the teaching-affairs system calls them → the contract's heading; 行政班级 holds a number at this college."""
RECORD = {
    "XH": "学号", "XM": "姓名", "SFZH": "身份证号", "KSH": "考生号", "CC": "培养层次", "ZYMC": "专业",
    "RXRQ": "入学日期", "XJZT": "学籍状态", "ZCRQ": "学籍注册日期", "XNZC": "学年注册", "ZJLX": "证件类型",
}  # fmt: skip
FEE = {
    "学号": "学号", "学年": "学年", "收费项目名称": "收费项目", "应收金额": "应缴金额", "实收金额": "实缴金额",
    "减免额": "减免金额", "缓缴截止日期": "缓缴至", "缴费注册时间": "缴费注册日期", "资助方式": "资助方式",
}  # fmt: skip
CHANGE: Sequence[tuple[str, str]] = (
    ("异动单号", ""), ("学号", ""), ("异动类别", ""), ("异动原因", ""), ("申请日期", ""), ("审核日期", "学院"),
    ("审核日期", "学生处"), ("审核日期", "校医务室"), ("审核日期", "就业指导中心"), ("审核日期", "教务处"),
    ("校长办公会日期", ""), ("考试日期", ""), ("拟录取日期", ""), ("公示日期", ""), ("发文", "文号"),
    ("发文", "发文日期"), ("生效日期", ""), ("截止日期", ""), ("标注日期", "在校生平台"),
    ("标注日期", "学籍平台"), ("备案日期", ""), ("通知书送达日期", ""), ("专业", "原"), ("专业", "新"),
)  # fmt: skip
"""Two rows of headings, in the contract's order: the upper one is merged over its group, or down where it has none."""
STORED = {
    "迎新": "新生信息", "返校报到": "返校情况", "学期注册": "XS_ZCXX", "暂缓报到": "暂缓报到申请", "毕业": "毕业信息",
    "工作交接": "交接记录", "实习安排": "实习安排", "编号对照": "编号对照", "校历": "校历", "班级": "BJXX",
    "工作日调整": "放假安排",
}  # fmt: skip
"""Table → what the database calls it."""
COPIED = 50
"""So many rows of attendance were exported twice."""


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def export(clean: Path, folder: Path, database: URL) -> None:
    """The exports in `clean`, and the earlier ones in it, as real ones in `folder` and in the database."""
    earlier = folder / "2026-10"
    earlier.mkdir(parents=True)
    for there, here in ((clean, folder), (clean / "2026-10", earlier)):
        (here / "snapshot.toml").write_bytes((there / "snapshot.toml").read_bytes())
        students(read(there / "在校生.csv"), here)
    records(read(clean / "学籍.csv"), folder)
    fees(read(clean / "缴费.csv"), folder / "缴费明细.csv")
    attendance(read(clean / "考勤.csv"), folder)
    changes(read(clean / "学籍异动.csv"), folder / "学籍异动信息.xlsx")
    store(database, {STORED[name]: read(clean / f"{name}.csv") for name in STORED})


def students(rows: Rows, folder: Path) -> None:
    """An .xls by LibreOffice: two merged titles, a running number, an empty column, a sum and a signature."""
    heads = ["序号", *STUDENT, "", "学籍状态"]
    with xlsxwriter.Workbook(folder / "学生基本信息.xlsx") as book:
        sheet, bold = book.add_worksheet("Sheet1"), book.add_format({"bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, len(heads) - 1, f"{COLLEGE}学生学籍信息表", bold)
        sheet.merge_range(1, 0, 1, len(heads) - 1, "院(系)/部：全部　年级：全部　打印日期：2026-11-25")
        sheet.write_row(2, 0, heads, bold)
        for at, row in enumerate(rows):
            sheet.write_row(at + 3, 0, [str(at + 1), *(row[STUDENT[head]] for head in STUDENT), "", "有"])
        sheet.write_row(len(rows) + 3, 0, ["合计", "", "", "", f"{len(rows)}人"])
        sheet.write_row(len(rows) + 4, 0, ["制表人：", "", "", "审核人："])
    save_as("xls", folder / "学生基本信息.xlsx")


def records(rows: Rows, folder: Path) -> None:
    """A .dbf a platform, in GB18030, by LibreOffice: that it is that platform's, only its name says."""
    for platform in dict.fromkeys(row["平台"] for row in rows):
        path = folder / f"{platform}.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, list(RECORD))
            for at, row in enumerate((row for row in rows if row["平台"] == platform), 1):
                for column, field in enumerate(RECORD.values()):
                    write(sheet, at, column, field, row[field])
        save_as("dbf:dBase:85", path)


def save_as(form: str, path: Path) -> None:
    """The file in another form, by LibreOffice, and no longer as it was."""
    office.convert(path, form)
    path.unlink()


def write(sheet: Worksheet, row: int, column: int, field: str, value: str) -> None:
    """A day as a day, all else as text."""
    if value and field.endswith("日期"):
        sheet.write_datetime(row, column, datetime.fromisoformat(value))
    else:
        sheet.write_string(row, column, value)


def fees(rows: Rows, path: Path) -> None:
    """UTF-16 with its mark, and semicolons."""
    with path.open("w", encoding="utf-16", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(FEE)
        writer.writerows([row[heading] for heading in FEE.values()] for row in rows)


def attendance(rows: Rows, folder: Path) -> None:
    """Three files of columns, and a fourth that is a copy of the last rows of the first: all its rows stand there."""
    third = len(rows) // 3
    spans = (slice(0, third), slice(third, 2 * third), slice(2 * third, None), slice(third - COPIED, third))
    for number, span in enumerate(spans, 1):
        part = rows[span]
        columns: dict[str, Any] = {
            "学号": [row["学号"] for row in part],
            "考勤日期": [day(row["上课日期"]) for row in part],
            "课程名称": pa.array([row["课程"] for row in part]).dictionary_encode(),
            "出勤情况": pa.array([row["考勤结果"] for row in part]).dictionary_encode(),
            "修读方式": pa.array([row["修读方式"] for row in part]).dictionary_encode(),
        }
        parquet.write_table(pa.table(columns), folder / f"考勤明细-{number}.parquet")


def changes(rows: Rows, path: Path) -> None:
    """A title and two rows of headings, merged; days are days, not texts."""
    fields = list(rows[0])
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy/m/d"}) as book:
        sheet, bold = book.add_worksheet("异动"), book.add_format({"bold": True, "align": "center"})
        sheet.merge_range(0, 0, 0, len(CHANGE) - 1, f"{COLLEGE}学籍异动一览表", bold)
        groups = [group for group, _ in CHANGE]
        for at, (group, under) in enumerate(CHANGE):
            if not under:
                sheet.merge_range(1, at, 2, at, group, bold)
                continue
            sheet.write(2, at, under, bold)
            if groups.index(group) == at:
                sheet.merge_range(1, at, 1, at + groups.count(group) - 1, group, bold)
        for at, row in enumerate(rows, 3):
            for column, field in enumerate(fields):
                write(sheet, at, column, field, row[field])
        sheet.write(len(rows) + 3, 0, f"共 {len(rows)} 条")
        sheet.write(len(rows) + 4, 0, "制表人：")


def store(database: URL, tables: Mapping[str, Rows]) -> None:
    """Tables with a running number as their key; days are days, what is empty is null."""
    engine = create_engine(database)
    with engine.begin() as connection:
        for name, rows in tables.items():
            kinds: dict[str, Callable[[str], Any]] = {head: kind_of([row[head] for row in rows]) for head in rows[0]}
            columns = ", ".join(f'"{head}" {"DATE" if kind is day else "TEXT"}' for head, kind in kinds.items())
            connection.execute(text(f'CREATE TABLE "{name}" (id INTEGER PRIMARY KEY, {columns})'))
            marks = ", ".join(f":c{at}" for at in range(len(kinds)))
            given = [
                {"id": number} | {f"c{at}": kind(row[head]) for at, (head, kind) in enumerate(kinds.items())}
                for number, row in enumerate(rows)
            ]
            connection.execute(text(f'INSERT INTO "{name}" VALUES (:id, {marks})'), given)
    engine.dispose()


def kind_of(values: Sequence[str]) -> Callable[[str], Any]:
    filled = [value for value in values if value]
    return day if filled and all(len(value) == 10 and value[4] == value[7] == "-" for value in filled) else none


def none(value: str) -> str | None:
    return value or None


def day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
