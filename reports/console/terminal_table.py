"""A table on a terminal, which folds what is too wide for it."""

from collections.abc import Iterable, Sequence


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, header_style="bold", show_lines=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
