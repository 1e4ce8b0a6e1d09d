"""A table on a terminal; text that is too wide for a column goes on in the next line."""

import sys
from collections.abc import Iterable, Sequence


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bool:
    """Whether it is shown: not in a pipe, where each command has a form of its own."""
    if not sys.stdout.isatty():
        return False
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, header_style="bold", show_lines=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    return True
