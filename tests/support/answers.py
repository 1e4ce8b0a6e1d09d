"""A list that was handed out comes back filled in."""

from collections.abc import Callable
from pathlib import Path

import python_calamine as calamine
import xlsxwriter

Grid = list[list[object]]
Edit = Callable[[Grid, int], None]


def filled(book: bytes, path: Path, answers: dict[str, tuple[str, str]], edit: Edit | None = None) -> Path:
    """The list as somebody saves it again after filling it in: cells only. `edit` gets the cells and the heading's
    place."""
    source = path.with_suffix(".out.xlsx")
    source.write_bytes(book)
    grid: Grid = calamine.load_workbook(source).get_sheet_by_name("问题清单").to_python(skip_empty_area=False)
    at = next(place for place, row in enumerate(grid) if "指纹" in row)
    heads = grid[at]
    for row in grid[at + 1 :]:
        answer = answers.get(str(row[heads.index("指纹")]), ("", ""))
        row[heads.index("处理结果")], row[heads.index("说明")] = answer
    if edit:
        edit(grid, at)
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("问题清单")
        for number, row in enumerate(grid):
            for column, value in enumerate(row):
                sheet.write_string(number, column, str(value))
    return path
