"""Progress on a terminal while a command works. If the output of messages is no terminal, nothing is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checks.session import Progress


@contextmanager
def steps() -> Iterator[Progress]:
    """Gives a function that shows the step at work and the number of people judged so far, in one line until the block
    ends."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda what, people=0: None
        return
    from rich.console import Console
    from rich.progress import Progress as Line
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Line(*columns, console=Console(stderr=True), transient=True) as line:
        task, judged = line.add_task("", total=None), 0

        def step(what: str, people: int = 0) -> None:
            nonlocal judged
            judged += people
            line.update(task, description=f"{what}（{judged} 人）" if people else what)

        yield step
