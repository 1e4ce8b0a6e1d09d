"""A folder of exports that a test edits as an office would: rows are read, changed and written back."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

Row = dict[str, str]


class Exports:
    """The CSV exports of one folder, by the Chinese name of their table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, table: str) -> list[Row]:
        with (self.folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    def write(self, table: str, rows: Iterable[Row]) -> None:
        """Replace the table. Every row has the columns of the first."""
        rows = list(rows)
        with (self.folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def keep(self, table: str, wanted: Callable[[Row], bool]) -> None:
        """Cut out every row that is not wanted."""
        self.write(table, filter(wanted, self.rows(table)))

    def add(self, table: str, *rows: Row) -> None:
        """Add rows; a column that they don't name is empty in them."""
        known = self.rows(table)
        self.write(table, [*known, *(dict.fromkeys(known[0], "") | row for row in rows)])

    def put(self, table: str, where: Callable[[Row], bool], **cells: str) -> int:
        """Set these cells in the rows `where` holds; a column that the table has not is added, empty elsewhere.
        How many rows those are: at least one."""
        rows = [dict.fromkeys(cells, "") | row for row in self.rows(table)]
        chosen = [row for row in rows if where(row)]
        assert chosen, table
        for row in chosen:
            row.update(cells)
        self.write(table, rows)
        return len(chosen)
