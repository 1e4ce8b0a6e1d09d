"""How a place in an export is written on one line: `考勤.xlsx[9月]:812,845 等33行`."""

from collections.abc import Sequence

from checks.results import TableInfo
from facts.model.snapshot import FileCount

ROWS_SHOWN = 5


def by_file(table: TableInfo) -> tuple[FileCount, ...]:
    """The counts of each file's rows if the table comes from several files; empty if it comes from one."""
    return table.counts if len(table.counts) > 1 else ()


def located(file: str, sheet: str | None) -> str:
    """`考勤.xlsx[9月]`, or the file alone if it has no sheets."""
    return f"{file}[{sheet}]" if sheet else file


def place(file: str, sheet: str | None, rows: Sequence[int]) -> str:
    """The file, the sheet and the first ROWS_SHOWN row numbers, with the count of all rows if there are more."""
    shown = ",".join(map(str, rows[:ROWS_SHOWN])) + (f" 等{len(rows)}行" if len(rows) > ROWS_SHOWN else "")
    return located(file, sheet) + (f":{shown}" if rows else "")
